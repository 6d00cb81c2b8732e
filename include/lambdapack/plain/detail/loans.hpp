// Which tiles of an array the calls under way use, and in which buffers.
//
// A kernel that is called in place gets what an executor would give it: a tile that it reads has
// the value from before the call, at one address however often it is named, even if the kernel
// changes the same tile through another parameter; one that it changes is in a buffer of its own.
// Nearly always that is the tile itself. C++ makes the parameters of a call in any order, so a loan
// learns one by one what they want.
#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "lambdapack/codes.hpp"
#include "lambdapack/plain/detail/holder.hpp"
#include "lambdapack/text.hpp"
#include "lambdapack/tile/store.hpp"

namespace lambdapack::plain {

/// One tile while a call uses it.
template <class P>
struct Loan {
  explicit Loan(const Indices& i) : index(i) {}

  Indices index;
  int users = 1;              // arguments that name the tile
  const P* read = nullptr;    // what they read, if any does
  P* written = nullptr;       // what one of them writes, if any does
  std::unique_ptr<P> before;  // the old value, where the tile itself is written
  std::unique_ptr<P> after;   // the new value, where the tile itself is not written
};

/// All loans of one array. Any number of threads may read.
template <class P>
class Loans {
 public:
  explicit Loans(std::unique_ptr<Holder<P>> holder) : holder_(std::move(holder)) {}

  Holder<P>& holder() { return *holder_; }
  const Holder<P>& holder() const { return *holder_; }

  /// An argument names a tile. Throws input_error if there is none.
  Loan<P>& open(const Indices& index) {
    holder_->require(index);
    const std::lock_guard lock(mutex_);
    for (const auto& loan : loans_)
      if (loan->index == index) return ++loan->users, *loan;
    loans_.push_back(std::make_unique<Loan<P>>(index));
    return *loans_.back();
  }

  /// A parameter reads the tile. Throws program_error if nothing has written it.
  const P* read(Loan<P>& loan) {
    const std::lock_guard lock(mutex_);
    if (loan.read == nullptr && loan.written != nullptr && !loan.after) {
      loan.before = std::make_unique<P>(*loan.written);
      loan.read = loan.before.get();
    }
    if (loan.read == nullptr) loan.read = &holder_->look(loan.index);
    return loan.read;
  }

  /// A parameter writes the tile, with its value or without. Throws program_error if nothing has
  /// written it, or if another parameter writes it too.
  P* write(Loan<P>& loan, tile::Use use) {
    const std::lock_guard lock(mutex_);
    if (loan.written != nullptr) refuse_second(loan);
    if (use == tile::Use::write)
      loan.after = std::make_unique<P>(holder_->blank(loan.index));
    else if (loan.read != nullptr)
      loan.after = std::make_unique<P>(*loan.read);
    loan.written = loan.after ? loan.after.get() : &holder_->update(loan.index);
    return loan.written;
  }

  /// The call of an argument that named the tile has ended, or been left by an exception. Throws
  /// input_error if what it wrote does not fit.
  void close(Loan<P>& loan, bool left_by_exception) {
    const std::lock_guard lock(mutex_);
    if (--loan.users > 0) return;
    const End end{*this, loan};
    if (loan.written == nullptr || left_by_exception) return;
    holder_->fit(loan.index, *loan.written);
    if (loan.after) holder_->put(loan.index, std::move(*loan.after));
  }

 private:
  struct End {
    ~End() {
      all.holder_->unused(loan.index);
      std::erase_if(all.loans_, [&](const auto& one) { return one.get() == &loan; });
    }
    Loans& all;
    Loan<P>& loan;
  };

  [[noreturn, gnu::cold, gnu::noinline]] void refuse_second(const Loan<P>& loan) const {
    throw program_error(
        text({"lambdapack: two parameters of one call write tile ", tile::to_string(loan.index),
              " of ", holder_->describe(), "; give each of them a tile of its own"}),
        codes::outputs_collide);
  }

  std::unique_ptr<Holder<P>> holder_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Loan<P>>> loans_;
};

}  // namespace lambdapack::plain
