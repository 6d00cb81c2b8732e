// Floating-point numbers as text, the same in every locale.
#pragma once

#include <charconv>
#include <string>

namespace lambdapack::ir::detail {

/// The shortest decimal that reads back as `value`, with a point or an exponent; `inf`, `-inf`,
/// `nan`.
inline std::string real_text(double value) {
  if (value != value) return "nan";
  char buffer[32];
  const std::to_chars_result end = std::to_chars(buffer, buffer + sizeof buffer, value);
  std::string text(buffer, end.ptr);
  if (text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
  return text;
}

}  // namespace lambdapack::ir::detail
