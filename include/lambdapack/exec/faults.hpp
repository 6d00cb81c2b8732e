// The error that ends a run, from the process where it happened to others: with its text, and with
// what a caller may ask of it.
#pragma once

#include <cstdint>
#include <cstring>
#include <exception>
#include <string>
#include <utility>

#include "lambdapack/error.hpp"
#include "lambdapack/exec/unwritten.hpp"
#include "lambdapack/kernel/cholesky.hpp"
#include "lambdapack/kernel/fault.hpp"

namespace lambdapack::exec::detail {

/// An error as bytes: the fault that is nested deepest in it, if it is one of the library's, and
/// the text.
class Fault {
 public:
  static std::string pack(const std::exception_ptr& error) {
    Fault fault;
    fault.look_into(error);
    std::string bytes(sizeof fault.numbers_, '\0');
    std::memcpy(bytes.data(), &fault.numbers_, sizeof fault.numbers_);
    const std::string words = message(error);
    const auto size = static_cast<std::int64_t>(words.size());
    bytes.append(reinterpret_cast<const char*>(&size), sizeof size);
    return bytes + words + fault.words_;
  }

  /// An E with the packed error's text and `more` behind it, and its fault nested in it. Of bytes
  /// that are no packed error an E that says so.
  template <class E>
  static std::exception_ptr unpack(const std::string& bytes, const std::string& more) {
    Fault fault;
    std::int64_t size = 0;
    constexpr std::size_t begin = sizeof fault.numbers_ + sizeof size;
    if (bytes.size() >= begin) {
      std::memcpy(&fault.numbers_, bytes.data(), sizeof fault.numbers_);
      std::memcpy(&size, bytes.data() + sizeof fault.numbers_, sizeof size);
    }
    if (bytes.size() < begin || size < 0 || static_cast<std::uint64_t>(size) > bytes.size() - begin)
      return std::make_exception_ptr(
          E("lambdapack: the run failed, and what was noted of the reason is damaged" + more));
    const std::string words = bytes.substr(begin, static_cast<std::size_t>(size));
    fault.words_ = bytes.substr(begin + words.size());
    try {
      fault.raise();
    } catch (...) {
      try {
        std::throw_with_nested(E(words + more));
      } catch (...) {
        return std::current_exception();
      }
    }
    return std::make_exception_ptr(E(words + more));
  }

 private:
  enum class Kind : std::int64_t { none, tile, pivot, block_pivot, zero_pivot, singular };
  struct Numbers {
    Kind kind = Kind::none;
    std::int64_t row = 0, block = 0;
    double pivot = 0;
  };

  void look_into(const std::exception_ptr& error) {
    try {
      std::rethrow_exception(error);
    } catch (const std::exception& e) {
      look_at(e);
      try {
        std::rethrow_if_nested(e);
      } catch (...) {
        look_into(std::current_exception());
      }
    } catch (...) {
    }
  }

  void look_at(const std::exception& e) {
    if (const auto* singular = dynamic_cast<const singular_matrix*>(&e))
      numbers_ = {Kind::singular, singular->row(), 0, 0};
    const auto* tile = dynamic_cast<const tile_fault*>(&e);
    if (tile == nullptr) return;
    numbers_ = {Kind::tile, tile->row(), 0, 0};
    words_ = e.what();
    if (const auto* pivot = dynamic_cast<const not_positive_definite*>(&e)) {
      numbers_.kind = Kind::pivot;
      numbers_.pivot = pivot->pivot();
    }
    if (const auto* block = dynamic_cast<const block_not_positive_definite*>(&e)) {
      numbers_.kind = Kind::block_pivot;
      numbers_.block = block->block();
    }
    if (const auto* zero = dynamic_cast<const zero_pivot*>(&e)) {
      numbers_.kind = Kind::zero_pivot;
      numbers_.block = zero->block();
    }
  }

  void raise() const {
    const not_positive_definite pivot(numbers_.row, numbers_.pivot);
    if (numbers_.kind == Kind::block_pivot)
      throw block_not_positive_definite(pivot, numbers_.block);
    if (numbers_.kind == Kind::pivot) throw not_positive_definite(pivot);
    if (numbers_.kind == Kind::zero_pivot) throw zero_pivot(numbers_.row, numbers_.block);
    if (numbers_.kind == Kind::singular) throw singular_matrix(numbers_.row);
    if (numbers_.kind == Kind::tile) throw tile_fault(numbers_.row, words_);
  }

  Numbers numbers_;
  std::string words_;
};

}  // namespace lambdapack::exec::detail
