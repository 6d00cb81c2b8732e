// How a kernel says what it does: by the types of its parameters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "lambdapack/tile/dense.hpp"
#include "lambdapack/tile/store.hpp"

namespace lambdapack {

namespace detail {

/// Lends a tile to a kernel that is called as an ordinary function (plain/lent_tile.hpp). What the
/// kernel does with the tile shows when its parameter is made.
template <class P>
class Lender {
 public:
  /// The tile's value before the call.
  virtual const P* read() = 0;
  /// A payload to write to, with the tile's value (Use::update) or without (Use::write).
  virtual P* write(tile::Use use) = 0;

 protected:
  ~Lender() = default;
};

/// The members that in, out and inout share; P is the payload, const for a read-only one.
template <class P, tile::Use use>
class Argument {
 public:
  explicit Argument(P* payload) : payload_(payload) {}
  explicit Argument(Lender<std::remove_const_t<P>>& lender) : lender_(&lender) {}

  Argument(const Argument& other) : payload_(other.payload()) {}
  Argument& operator=(const Argument& other) {
    payload_ = other.payload();
    return *this;
  }

  P& operator*() const { return *payload_; }
  P* operator->() const { return payload_; }

  /// Shape of a dense tile, in elements.
  std::int64_t rows() const requires requires(P& p) { p.rows(); } { return payload_->rows(); }
  std::int64_t cols() const requires requires(P& p) { p.cols(); } { return payload_->cols(); }
  /// First element of a dense tile; column-major, leading dimension `rows()`.
  auto data() const requires requires(P& p) { p.data(); } { return payload_->data(); }
  /// Element (i, j) of a dense tile.
  auto& operator()(std::int64_t i, std::int64_t j) const requires requires(P& p) { p(i, j); } {
    return (*payload_)(i, j);
  }

 private:
  P* payload() const {
    if (lender_ == nullptr) return payload_;
    if constexpr (use == tile::Use::read)
      return lender_->read();
    else
      return lender_->write(use);
  }

  P* payload_ = nullptr;
  Lender<std::remove_const_t<P>>* lender_ = nullptr;
};

}  // namespace detail

/// A tile that a kernel reads. `*tile` is the payload; one that nothing has written, of an array
/// whose unwritten tiles are zero, may be a default-constructed one (tile/payload.hpp).
template <Element T>
class in : public detail::Argument<const payload_of_t<T>, tile::Use::read> {
 public:
  using detail::Argument<const payload_of_t<T>, tile::Use::read>::Argument;
};

/// A tile that a kernel makes. A tile of a bound array comes in its array's shape with elements
/// not set; a tile of a temp comes empty, and the kernel assigns the payload or calls `resize`.
template <Element T>
class out : public detail::Argument<payload_of_t<T>, tile::Use::write> {
 public:
  using detail::Argument<payload_of_t<T>, tile::Use::write>::Argument;

  /// Gives a dense tile the shape rows x cols, elements not set.
  void resize(std::int64_t rows, std::int64_t cols) const requires Scalar<T> {
    if ((*this)->rows() != rows || (*this)->cols() != cols) **this = payload_of_t<T>(rows, cols);
  }
};

/// A tile that a kernel changes: it arrives with the old value, in a buffer of the kernel's own.
template <Element T>
class inout : public detail::Argument<payload_of_t<T>, tile::Use::update> {
 public:
  using detail::Argument<payload_of_t<T>, tile::Use::update>::Argument;
};

/// A run of tiles that a kernel reads, in the order of the run.
template <Element T>
class in_list {
 public:
  explicit in_list(std::span<const void* const> payloads) : payloads_(payloads) {}

  std::size_t size() const { return payloads_.size(); }
  bool empty() const { return payloads_.empty(); }
  in<T> operator[](std::size_t k) const {
    return in<T>(static_cast<const payload_of_t<T>*>(payloads_[k]));
  }

 private:
  std::span<const void* const> payloads_;
};

namespace kernel {

/// An argument of a kernel that is called as an ordinary function. As a base it lets C++ find the
/// kernels of this namespace without a prefix.
struct InPlace {};

}  // namespace kernel

}  // namespace lambdapack
