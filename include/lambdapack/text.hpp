// Messages and names out of pieces, with one call and one allocation: chains of operator+ on
// std::string are most of what a header full of error messages costs to compile.
#pragma once

#include <concepts>
#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <string>
#include <string_view>

namespace lambdapack {

/// A part of a text: characters, or an integer in decimal.
class Piece {
 public:
  Piece(const char* text) : view_(text) {}         // NOLINT: pieces convert
  Piece(const std::string& text) : view_(text) {}  // NOLINT
  Piece(std::string_view text) : view_(text) {}    // NOLINT
  template <std::integral I>
  Piece(I value) : Piece(static_cast<long long>(value), 0) {}  // NOLINT
  Piece(const Piece&) = delete;
  Piece& operator=(const Piece&) = delete;

  std::string_view view() const { return view_; }

 private:
  Piece(long long value, int);

  char digits_[24];
  std::string_view view_;
};

inline Piece::Piece(long long value, int)
    : view_(digits_,
            static_cast<std::size_t>(std::snprintf(digits_, sizeof digits_, "%lld", value))) {}

/// The pieces, one after the other: `text({"tile (", i, ", ", j, ")"})`.
[[gnu::noinline]] inline std::string text(std::initializer_list<Piece> pieces) {
  std::size_t size = 0;
  for (const Piece& p : pieces) size += p.view().size();
  std::string result;
  result.reserve(size);
  for (const Piece& p : pieces) result.append(p.view());
  return result;
}

/// "p0, p1, p2": n numbered names.
[[gnu::noinline]] inline std::string numbered(std::string_view name, std::size_t n) {
  std::string result;
  for (std::size_t k = 0; k < n; ++k) result += text({k > 0 ? ", " : "", name, k});
  return result;
}

}  // namespace lambdapack
