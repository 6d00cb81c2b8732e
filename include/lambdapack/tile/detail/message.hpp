// Messages put together from pieces, away from the code that they are about: string
// concatenation at the place of an error is slow to compile, and there are many such places.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "lambdapack/error.hpp"

namespace lambdapack::tile::detail {

/// A piece of a message: a text, which must outlive it, or an integer.
class Piece {
 public:
  Piece(const char* text) : text_(text) {}
  Piece(std::string_view text) : text_(text) {}
  Piece(const std::string& text) : text_(text) {}
  template <std::integral I>
  Piece(I number) : number_(static_cast<std::int64_t>(number)), is_number_(true) {}

  void append_to(std::string& message) const {
    if (is_number_)
      message += std::to_string(number_);
    else
      message += text_;
  }

 private:
  std::string_view text_;
  std::int64_t number_ = 0;
  bool is_number_ = false;
};

/// The pieces, one after the other.
[[gnu::cold, gnu::noinline]] inline std::string message(std::initializer_list<Piece> pieces) {
  std::string message;
  for (const Piece& piece : pieces) piece.append_to(message);
  return message;
}

/// Throws input_error with this message.
[[noreturn, gnu::cold, gnu::noinline]] inline void refuse(std::initializer_list<Piece> pieces) {
  throw input_error(message(pieces));
}

/// Throws internal_error with this message.
[[noreturn, gnu::cold, gnu::noinline]] inline void contradict(std::initializer_list<Piece> pieces) {
  throw internal_error(message(pieces));
}

}  // namespace lambdapack::tile::detail
