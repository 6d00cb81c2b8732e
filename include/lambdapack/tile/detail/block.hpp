// Copying rectangular blocks of elements.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace lambdapack::tile::detail {

/// Copies a rows x cols block between column-major matrices with leading dimensions from_ld, to_ld.
template <class T>
void copy_block(std::int64_t rows, std::int64_t cols, const T* from, std::int64_t from_ld, T* to,
                std::int64_t to_ld) {
  for (std::int64_t j = 0; j < cols; ++j)
    std::copy_n(from + j * from_ld, static_cast<std::size_t>(rows), to + j * to_ld);
}

/// to(i, j) = from(j, i), for i < rows and j < cols; both column-major.
template <class T>
void copy_transposed(std::int64_t rows, std::int64_t cols, const T* from, std::int64_t from_ld,
                     T* to, std::int64_t to_ld) {
  constexpr std::int64_t strip = 32;
  for (std::int64_t first = 0; first < cols; first += strip)
    for (std::int64_t i = 0; i < rows; ++i)
      for (std::int64_t j = first; j < std::min(cols, first + strip); ++j)
        to[i + j * to_ld] = from[j + i * from_ld];
}

}  // namespace lambdapack::tile::detail
