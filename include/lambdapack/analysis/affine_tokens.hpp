// The words and signs of an affine text, and where in it they stand.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "lambdapack/error.hpp"
#include "lambdapack/ir/detail/json_value.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::analysis {

/// The words and signs of a text.
class AffineTokens {
 public:
  enum class Kind { number, name, sign, end };
  struct Token {
    Kind kind = Kind::end;
    std::string_view text;
  };

  /// `place` is what messages call the place of the text.
  AffineTokens(std::string_view text, std::string place) : text_(text), place_(std::move(place)) {
    if (text.size() > longest) refuse(0, text_of({"a text of at most ", longest, " characters"}));
    advance();
  }

  const Token& now() const { return token_; }
  bool is(std::string_view sign) const { return token_.kind == Kind::sign && token_.text == sign; }
  std::size_t position() const {
    return static_cast<std::size_t>(token_.text.data() - text_.data());
  }

  /// Goes past the sign, if it is next.
  bool skip(std::string_view sign) {
    if (!is(sign)) return false;
    advance();
    return true;
  }

  void advance() {
    std::size_t at = end_;
    while (at < text_.size() && (text_[at] == ' ' || text_[at] == '\t')) ++at;
    token_.kind = Kind::end;
    const std::size_t size = at == text_.size() ? 0 : size_at(at);
    token_.text = text_.substr(at, size);
    end_ = at + size;
  }

  std::string found() const {
    return token_.kind == Kind::end ? "the end" : text_of({"\"", token_.text, "\""});
  }

  /// Throws input_error about the character at `position`.
  [[noreturn]] void refuse(std::size_t position, const std::string& expected,
                           const std::string& found = "") const {
    std::size_t column = 1;
    for (std::size_t k = 0; k < position; ++k) column += is_continuation(text_[k]) ? 0 : 1;
    throw input_error(
        text_of({"hand graph: ", place_, ": column ", column, " of \"",
                 text_.size() > 120 ? ir::detail::shortened(text_) : std::string(text_),
                 "\": expected ", expected, found.empty() ? "" : ", found ", found}));
  }

 private:
  static std::string text_of(std::initializer_list<Piece> pieces) { return text(pieces); }
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }
  static bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

  std::size_t size_at(std::size_t at) {
    if (is_digit(text_[at])) {
      token_.kind = Kind::number;
      return number_end(at) - at;
    }
    if (is_letter(text_[at])) {
      token_.kind = Kind::name;
      return name_end(at) - at;
    }
    token_.kind = Kind::sign;
    for (const std::string_view sign : {"<=", ">=", "==", "!=", "&&", "||"})
      if (text_.substr(at, 2) == sign) return 2;
    if (std::string_view("+-*/%()<>!,").find(text_[at]) != std::string_view::npos) return 1;
    std::size_t end = at + 1;
    while (end < text_.size() && is_continuation(text_[end])) ++end;
    const std::string character(text_.substr(at, end - at));
    refuse(at, hint(character), text_of({"\"", character, "\""}));
  }

  static std::string hint(const std::string& character) {
    if (character == "=") return "== for a comparison";
    if (character == "&") return "&& for and";
    if (character == "|") return "|| for or";
    return "a number, a name, or one of + - * / % ( ) < <= == != >= > && || !";
  }

  std::size_t number_end(std::size_t at) const {
    std::size_t end = at;
    while (end < text_.size() && is_digit(text_[end])) ++end;
    if (end < text_.size() && is_letter(text_[end]))
      refuse(end, "an operator (a product is written 2*k)",
             text_of({"\"", text_.substr(end, 1), "\""}));
    return end;
  }

  std::size_t word_end(std::size_t at) const {
    while (at < text_.size() && (is_letter(text_[at]) || is_digit(text_[at]))) ++at;
    return at;
  }

  // `k`, or `A.extent(0)`: parentheses belong to a name that has a point.
  std::size_t name_end(std::size_t at) const {
    std::size_t end = word_end(at);
    if (end + 1 >= text_.size() || text_[end] != '.' || !is_letter(text_[end + 1])) return end;
    end = word_end(end + 1);
    std::size_t close = end + 1;
    while (close < text_.size() && is_digit(text_[close])) ++close;
    const bool called = close < text_.size() && text_[end] == '(' && close > end + 1;
    return called && text_[close] == ')' ? close + 1 : end;
  }

  static constexpr std::size_t longest = 4096;

  std::string_view text_;
  std::string place_;
  Token token_;
  std::size_t end_ = 0;
};

}  // namespace lambdapack::analysis
