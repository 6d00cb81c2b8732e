// What the pictures share: text that is safe in XML, numbers for people, colours.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "lambdapack/text.hpp"

namespace lambdapack::report::detail {

/// Length of the well-formed UTF-8 sequence at the front of `s`, or 0.
inline std::size_t utf8_length(std::string_view s) {
  const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(s[k]); };
  const std::size_t length = byte(0) < 0x80   ? 1
                             : byte(0) < 0xc2 ? 0
                             : byte(0) < 0xe0 ? 2
                             : byte(0) < 0xf0 ? 3
                             : byte(0) < 0xf5 ? 4
                                              : 0;
  if (length == 0 || length > s.size()) return 0;
  for (std::size_t k = 1; k < length; ++k)
    if ((byte(k) & 0xc0) != 0x80) return 0;
  if (length < 3) return length;
  const int lead = byte(0) << 8 | byte(1);
  const bool overlong = lead < 0xe0a0 || (lead >= 0xf000 && lead < 0xf090);
  const bool surrogate = lead >= 0xeda0 && lead < 0xee00;
  const bool beyond = lead >= 0xf490;
  const bool no_character = lead == 0xefbf && byte(2) >= 0xbe;
  return overlong || surrogate || beyond || no_character ? 0 : length;
}

/// `s` as text or as an attribute's value in XML; bytes that XML cannot hold become `?`.
inline std::string escape(std::string_view s) {
  std::string safe;
  while (!s.empty()) {
    const std::size_t length = utf8_length(s);
    const char c = s[0];
    if (c == '&')
      safe += "&amp;";
    else if (c == '<')
      safe += "&lt;";
    else if (c == '>')
      safe += "&gt;";
    else if (c == '"')
      safe += "&quot;";
    else if (c == '\'')
      safe += "&#39;";
    else if (length == 0 || static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      safe += '?';
    else
      safe += s.substr(0, length);
    s.remove_prefix(length == 0 ? 1 : length);
  }
  return safe;
}

/// Number of characters, for guesses at a text's width.
inline std::size_t characters(std::string_view s) {
  std::size_t n = 0;
  for (const char c : s) n += (static_cast<unsigned char>(c) & 0xc0) != 0x80 ? 1 : 0;
  return n;
}

/// `value` with at most `decimals` decimals and no zeros at their end: "12", "0.25".
inline std::string number(double value, int decimals = 2) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%.*f", decimals, value);
  std::string s = buffer;
  if (s.find('.') != std::string::npos) {
    s.erase(s.find_last_not_of('0') + 1);
    if (s.back() == '.') s.pop_back();
  }
  return s == "-0" ? "0" : s;
}

/// "1,234,567".
inline std::string grouped(std::int64_t value) {
  std::string s = std::to_string(value);
  const std::size_t first = value < 0 ? 1 : 0;
  for (std::size_t at = s.size(); at > first + 3;) s.insert(at -= 3, ",");
  return s;
}

/// "1 task", "364 tasks".
inline std::string counted(std::int64_t n, std::string_view thing) {
  return text({grouped(n), " ", thing, n == 1 ? "" : "s"});
}

/// A time in the unit that suits it, to three digits: "12.3 ms", "1.24 s", "3 min 20 s".
inline std::string duration(double seconds) {
  if (seconds >= 99.95) {
    const auto whole = static_cast<std::int64_t>(std::llround(seconds));
    if (whole < 3600) return text({whole / 60, " min ", whole % 60, " s"});
    return text({grouped(whole / 3600), " h ", whole % 3600 / 60, " min"});
  }
  const bool is_s = seconds >= 0.9995, is_ms = seconds >= 0.9995e-3, is_us = seconds >= 0.9995e-6;
  const double value = seconds * (is_s ? 1 : is_ms ? 1e3 : is_us ? 1e6 : 1e9);
  const int decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return text({number(value, decimals), is_s ? " s" : is_ms ? " ms" : is_us ? " µs" : " ns"});
}

/// A hue for one kernel: strong for bars, lines and frames; pale behind dark text.
struct Colour {
  const char* strong;
  const char* pale;
};

/// Okabe and Ito's colours, told apart whatever colours a reader's eyes tell apart. Their yellow is
/// too light for a white page and is darkened here; the ninth kernel begins anew.
inline const Colour& colour(std::size_t k) {
  static constexpr std::array<Colour, 8> palette = {{{"#d55e00", "#fbe3d3"},
                                                     {"#0072b2", "#d3e8f5"},
                                                     {"#009e73", "#d2efe5"},
                                                     {"#cc79a7", "#f7e6ef"},
                                                     {"#e69f00", "#fdf0d0"},
                                                     {"#56b4e9", "#dff1fc"},
                                                     {"#555b66", "#e4e6ea"},
                                                     {"#a89a00", "#f3f0c8"}}};
  return palette[k % palette.size()];
}

/// The opening of a picture with a white card as its ground. `style` is CSS.
inline std::string svg_begin(double width, double height, std::string_view name,
                             std::string_view style) {
  const std::string w = number(std::ceil(width)), h = number(std::ceil(height));
  return text({"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"", w, "\" height=\"", h,
               "\" viewBox=\"0 0 ", w, " ", h,
               "\" role=\"img\" font-family=\"'Helvetica Neue', Helvetica, Arial, 'Liberation "
               "Sans', sans-serif\">\n<title>",
               escape(name),
               "</title>\n<style>\n"
               ".h { font-size: 20px; font-weight: bold; fill: #1d2733; }\n"
               ".s { font-size: 15px; fill: #5a6675; }\n",
               style, "</style>\n<rect width=\"", w, "\" height=\"", h,
               "\" rx=\"8\" fill=\"#ffffff\"/>\n"});
}

/// One line of text at (x, y); `style` is a class of the style sheet.
inline std::string svg_text(double x, double y, std::string_view style, std::string_view content) {
  return text({"<text class=\"", style, "\" x=\"", number(x), "\" y=\"", number(y), "\">",
               escape(content), "</text>\n"});
}

}  // namespace lambdapack::report::detail
