// The header of NumPy's .npy files, versions 1.0 and 2.0.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/tile/detail/file.hpp"
#include "lambdapack/tile/detail/message.hpp"

namespace lambdapack::tile::detail {

/// What the header of a .npy file says; the elements begin at `offset`.
struct NpyHeader {
  std::string descr;
  bool fortran_order = false;
  std::vector<std::int64_t> shape;
  std::int64_t offset = 0;
};

/// Reads the header's text, a Python dictionary: {'descr': '<f8', 'fortran_order': True, 'shape':
/// (3, 4), }. Each function says whether it found what it names, and then stands behind it.
class NpyHeaderText {
 public:
  explicit NpyHeaderText(std::string_view text) : rest_(text) {}

  /// Everything up to the end of the text.
  bool header(NpyHeader& header) {
    bool descr = false, order = false, shape = false;
    if (!symbol('{')) return false;
    while (!symbol('}')) {
      std::string key;
      if (!string(key) || !symbol(':')) return false;
      if (key == "descr" && !descr)
        descr = string(header.descr) || structured(header.descr);
      else if (key == "fortran_order" && !order)
        order = boolean(header.fortran_order);
      else if (key == "shape" && !shape)
        shape = integers(header.shape);
      else
        return false;
      if (!symbol(',') && !at('}')) return false;
    }
    skip();
    return descr && order && shape && rest_.empty();
  }

 private:
  void skip() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\n')) rest_.remove_prefix(1);
  }
  bool at(char c) {
    skip();
    return !rest_.empty() && rest_[0] == c;
  }
  bool symbol(char c) {
    if (!at(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool word(std::string_view text) {
    skip();
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  bool boolean(bool& value) {
    value = word("True");
    return value || word("False");
  }

  bool string(std::string& value) {
    if (!at('\'') && !at('"')) return false;
    const std::size_t end = rest_.find(rest_[0], 1);
    if (end == std::string_view::npos) return false;
    value = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return true;
  }

  /// The list of fields of a structured type, which only messages show.
  bool structured(std::string& value) {
    const std::size_t end = rest_.rfind(']');
    if (!at('[') || end == std::string_view::npos) return false;
    value = rest_.substr(0, end + 1);
    rest_.remove_prefix(end + 1);
    return true;
  }

  bool integer(std::int64_t& value) {
    skip();
    std::size_t digits = 0;
    value = 0;
    for (; digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9'; ++digits)
      if (__builtin_mul_overflow(value, 10, &value) ||
          __builtin_add_overflow(value, rest_[digits] - '0', &value))
        return false;
    rest_.remove_prefix(digits);
    word("L");
    return digits > 0;
  }

  bool integers(std::vector<std::int64_t>& values) {
    if (!symbol('(')) return false;
    while (!symbol(')')) {
      std::int64_t value = 0;
      if (!integer(value) || (!symbol(',') && !at(')'))) return false;
      values.push_back(value);
    }
    return true;
  }

  std::string_view rest_;
};

/// The header of an open file. Throws input_error if it is none, or damaged, or of another version.
inline NpyHeader read_npy_header(const File& file) {
  const std::string remedy = "; expected a file made by numpy.save or lp::write_npy";
  const std::int64_t size = file.size();
  unsigned char start[12] = {};
  file.read(std::as_writable_bytes(std::span(start))
                .first(static_cast<std::size_t>(std::min<std::int64_t>(size, sizeof start))),
            0);
  if (size < 10 || std::memcmp(start, "\x93NUMPY", 6) != 0)
    refuse({file.path(), " is not a .npy file", remedy});
  const int version = start[6];
  if (version != 1 && version != 2)
    refuse({file.path(), " is a .npy file of version ", version,
            "; expected 1 or 2: save it again with numpy.save"});
  const std::int64_t text_at = version == 1 ? 10 : 12;
  std::int64_t length = start[8] + 256 * start[9];
  if (version == 2) length += 65536 * (start[10] + std::int64_t{256} * start[11]);
  if (length > size - text_at) refuse({file.path(), " ends within its header", remedy, ", whole"});
  if (length > (1 << 20))
    refuse(
        {file.path(), " has a header of ", length, " bytes, which a matrix does not need", remedy});
  std::string text(static_cast<std::size_t>(length), '\0');
  file.read(std::as_writable_bytes(std::span(text)), text_at);
  NpyHeader header;
  if (!NpyHeaderText(text).header(header))
    refuse({file.path(), " has a damaged header: ", text.substr(0, 120), remedy});
  header.offset = text_at + length;
  return header;
}

/// A header of version 1.0 for a Fortran-ordered array; its length is a multiple of 64.
inline std::string npy_header_text(const std::string& descr,
                                   const std::vector<std::int64_t>& shape) {
  std::string text = "{'descr': '" + descr + "', 'fortran_order': True, 'shape': (";
  for (const std::int64_t side : shape) text += std::to_string(side) + ", ";
  text += "), }";
  text.append((64 - (10 + text.size() + 1) % 64) % 64, ' ');
  text += '\n';
  const char length[2] = {static_cast<char>(text.size() % 256),
                          static_cast<char>(text.size() / 256)};
  return std::string("\x93NUMPY\x01\x00", 8) + std::string(length, 2) + text;
}

}  // namespace lambdapack::tile::detail
