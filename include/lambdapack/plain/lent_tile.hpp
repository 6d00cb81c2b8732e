// Tiles of lp::Tiles as arguments of a kernel that is called as an ordinary function.
//
// A lent tile is an lp::in, an lp::out and an lp::inout at once, so that C++ finds the kernel as
// for any other argument: it deduces the element type of a template, prefers a kernel of the user's
// to one of the library, and looks among the library's without a prefix. The parameter that is made
// of it says which of the three it is.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <utility>
#include <vector>

#include "lambdapack/dsl/expr.hpp"
#include "lambdapack/kernel/dense.hpp"
#include "lambdapack/plain/detail/loans.hpp"

namespace lambdapack {

namespace plain {

/// A loan for as long as an argument lives.
template <class P>
class Borrowed {
 public:
  Borrowed(Loans<P>& loans, const Indices& index) : loans_(loans), loan_(loans.open(index)) {}
  Borrowed(const Borrowed&) = delete;
  Borrowed& operator=(const Borrowed&) = delete;
  /// Throws where what a kernel wrote does not fit; there is no later place to say so.
  ~Borrowed() noexcept(false) { loans_.close(loan_, std::uncaught_exceptions() > exceptions_); }

 protected:
  const P* payload_to_read() { return loans_.read(loan_); }
  P* payload_to_write(tile::Use use) { return loans_.write(loan_, use); }

 private:
  Loans<P>& loans_;
  Loan<P>& loan_;
  int exceptions_ = std::uncaught_exceptions();
};

/// A tile that can be read and written.
template <Element T>
class LentTile final : private Borrowed<payload_of_t<T>>,
                       private lambdapack::detail::Lender<payload_of_t<T>>,
                       public in<T>,
                       public out<T>,
                       public inout<T>,
                       public kernel::InPlace {
  using P = payload_of_t<T>;
  using Lender = lambdapack::detail::Lender<P>;

 public:
  LentTile(Loans<P>& loans, const Indices& index)
      : Borrowed<P>(loans, index),
        in<T>(static_cast<Lender&>(*this)),
        out<T>(static_cast<Lender&>(*this)),
        inout<T>(static_cast<Lender&>(*this)) {}
  LentTile(const LentTile&) = delete;

  /// The tile's shape and elements, for a look at them where the function is called as it stands;
  /// lpc refuses them, since a task graph cannot depend on what tiles hold.
  std::int64_t rows() requires requires(const P& p) { p.rows(); } { return read()->rows(); }
  std::int64_t cols() requires requires(const P& p) { p.cols(); } { return read()->cols(); }
  auto operator()(std::int64_t i, std::int64_t j) requires requires(const P& p) { p(i, j); } {
    return (*read())(i, j);
  }

  /// A tile is not assigned to a tile.
  LentTile& operator=(const LentTile&) {
    static_assert(lambdapack::detail::never<T>,
                  "lambdapack: a tile is written by a kernel; write copy(A(i, j), B(i, j))");
    return *this;
  }
  template <class X>
  void operator=(const X&) const {
    static_assert(lambdapack::detail::never<X>,
                  "lambdapack: a tile is written by a kernel; write copy(A(i, j), B(i, j))");
  }

 private:
  const P* read() override { return this->payload_to_read(); }
  P* write(tile::Use use) override { return this->payload_to_write(use); }
};

/// A tile that can be read.
template <Element T>
class ReadTile final : private Borrowed<payload_of_t<T>>, public in<T>, public kernel::InPlace {
  using P = payload_of_t<T>;

 public:
  ReadTile(Loans<P>& loans, const Indices& index)
      : Borrowed<P>(loans, index), in<T>(this->payload_to_read()) {}
  ReadTile(const ReadTile&) = delete;
  ReadTile& operator=(const ReadTile&) = delete;
};

/// The tiles of a run, for a parameter that is an lp::in_list.
template <class P>
class BorrowedRun {
 public:
  BorrowedRun(const BorrowedRun&) = delete;
  BorrowedRun& operator=(const BorrowedRun&) = delete;

 protected:
  BorrowedRun(Loans<P>& loans, const std::vector<Indices>& indices) {
    tiles_.reserve(indices.size());
    addresses_.reserve(indices.size());
    for (const Indices& index : indices) {
      tiles_.push_back(std::make_unique<ReadOne>(loans, index));
      addresses_.push_back(tiles_.back()->address());
    }
  }

  const std::vector<const void*>& addresses() const { return addresses_; }

 private:
  struct ReadOne : Borrowed<P> {
    using Borrowed<P>::Borrowed;
    const void* address() { return this->payload_to_read(); }
  };

  std::vector<std::unique_ptr<ReadOne>> tiles_;
  std::vector<const void*> addresses_;
};

/// A run of tiles.
template <Element T>
class LentRun final : private BorrowedRun<payload_of_t<T>>,
                      public in_list<T>,
                      public kernel::InPlace {
  using P = payload_of_t<T>;

 public:
  LentRun(Loans<P>& loans, const std::vector<Indices>& indices)
      : BorrowedRun<P>(loans, indices), in_list<T>(this->addresses()) {}
};

}  // namespace plain

}  // namespace lambdapack
