// The error that ends a run, from the process where it happened to others: with its text, and with
// what a caller may ask of it.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/exec/unwritten.hpp"
#include "lambdapack/kernel/cholesky.hpp"
#include "lambdapack/kernel/fault.hpp"

namespace lambdapack::exec::detail {

/// An error as bytes: its text, those of what is nested in it, and the fault that is nested
/// deepest, if it is one of the library's.
class Fault {
 public:
  static std::string pack(const std::exception_ptr& error) {
    Fault fault;
    fault.look_into(error);
    std::string bytes(sizeof fault.numbers_, '\0');
    std::memcpy(bytes.data(), &fault.numbers_, sizeof fault.numbers_);
    add(bytes, message(error));
    for (const std::string& cause : fault.causes_) add(bytes, cause);
    return bytes;
  }

  /// An E with the packed error's text and `more` behind it, and what was nested in it: its fault,
  /// and a std::runtime_error for each other cause. Of bytes that are no packed error an E that
  /// says so.
  template <class E>
  static std::exception_ptr unpack(const std::string& bytes, const std::string& more) {
    Fault fault;
    std::size_t at = sizeof fault.numbers_;
    if (bytes.size() >= at) std::memcpy(&fault.numbers_, bytes.data(), at);
    const std::optional<std::string> words = take(bytes, at);
    if (!words)
      return std::make_exception_ptr(
          E("lambdapack: the run failed, and what was noted of the reason is damaged" + more));
    while (fault.causes_.size() < most_causes) {
      std::optional<std::string> cause = take(bytes, at);
      if (!cause) break;
      fault.causes_.push_back(std::move(*cause));
    }
    const E error(*words + more);
    if (fault.causes_.empty()) return std::make_exception_ptr(error);
    try {
      fault.raise(0);
    } catch (...) {
      try {
        std::throw_with_nested(error);
      } catch (...) {
        return std::current_exception();
      }
    }
  }

 private:
  enum class Kind : std::int64_t { none, tile, pivot, block_pivot, zero_pivot, singular };
  struct Numbers {
    Kind kind = Kind::none;
    std::int64_t row = 0, block = 0;
    double pivot = 0;
    std::int64_t cause = 0;  // which it is of the causes
  };
  // Deeper than any error of sense is.
  static constexpr std::size_t most_causes = 100;

  static void add(std::string& bytes, const std::string& words) {
    const auto size = static_cast<std::int64_t>(words.size());
    bytes.append(reinterpret_cast<const char*>(&size), sizeof size);
    bytes += words;
  }

  static std::optional<std::string> take(const std::string& bytes, std::size_t& at) {
    std::int64_t size = 0;
    if (at > bytes.size() || bytes.size() - at < sizeof size) return std::nullopt;
    std::memcpy(&size, bytes.data() + at, sizeof size);
    if (size < 0 || static_cast<std::uint64_t>(size) > bytes.size() - at - sizeof size)
      return std::nullopt;
    const std::size_t begin = std::exchange(at, at + sizeof size + static_cast<std::size_t>(size));
    return bytes.substr(begin + sizeof size, static_cast<std::size_t>(size));
  }

  void look_into(const std::exception_ptr& error, bool is_nested = false) {
    try {
      std::rethrow_exception(error);
    } catch (const std::exception& e) {
      if (causes_.size() == most_causes) return;
      if (is_nested) causes_.emplace_back(e.what());
      look_at(e);
      try {
        std::rethrow_if_nested(e);
      } catch (...) {
        look_into(std::current_exception(), true);
      }
    } catch (...) {
    }
  }

  void look_at(const std::exception& e) {
    const auto* singular = dynamic_cast<const singular_matrix*>(&e);
    const auto* tile = dynamic_cast<const tile_fault*>(&e);
    if (singular == nullptr && tile == nullptr) return;
    // One that nothing is around is its own cause.
    if (causes_.empty()) causes_.emplace_back(e.what());
    const auto cause = static_cast<std::int64_t>(causes_.size()) - 1;
    if (tile == nullptr) {
      numbers_ = {Kind::singular, singular->row(), 0, 0, cause};
      return;
    }
    numbers_ = {Kind::tile, tile->row(), 0, 0, cause};
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

  // The cause k with those below nested in it.
  [[noreturn]] void raise(std::size_t k) const {
    if (k + 1 == causes_.size()) as_thrown(k, [](const auto& error) { throw error; });
    try {
      raise(k + 1);
    } catch (...) {
      as_thrown(k, [](const auto& error) { std::throw_with_nested(error); });
    }
  }

  template <class Throw>
  [[noreturn]] void as_thrown(std::size_t k, const Throw& raise) const {
    if (static_cast<std::int64_t>(k) == numbers_.cause) {
      const not_positive_definite pivot(numbers_.row, numbers_.pivot);
      if (numbers_.kind == Kind::block_pivot)
        raise(block_not_positive_definite(pivot, numbers_.block));
      if (numbers_.kind == Kind::pivot) raise(pivot);
      if (numbers_.kind == Kind::zero_pivot) raise(zero_pivot(numbers_.row, numbers_.block));
      if (numbers_.kind == Kind::singular) raise(singular_matrix(numbers_.row));
      if (numbers_.kind == Kind::tile) raise(tile_fault(numbers_.row, causes_[k]));
    }
    raise(std::runtime_error(causes_[k]));
    std::abort();
  }

  Numbers numbers_;
  std::vector<std::string> causes_;
};

}  // namespace lambdapack::exec::detail
