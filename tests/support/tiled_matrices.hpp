// Matrices of numbers for tests of executors, and their comparison.
#pragma once

#include <cstdint>
#include <cstring>
#include <lambdapack/lambdapack.hpp>

namespace tiled_matrices {

/// Numbers from -1 to 1 without a pattern, the same in every process.
inline lp::TiledMatrix<double> numbers(std::int64_t rows, std::int64_t cols, std::int64_t tile_rows,
                                       std::int64_t tile_cols, std::uint64_t seed) {
  lp::TiledMatrix<double> a(rows, cols, tile_rows, tile_cols);
  std::uint64_t x = seed;
  for (std::int64_t j = 0; j < cols; ++j)
    for (std::int64_t i = 0; i < rows; ++i) {
      x = x * 6364136223846793005u + 1442695040888963407u;
      a(i, j) = static_cast<double>(x >> 40) / static_cast<double>(1 << 23) - 1;
    }
  return a;
}

/// The same in square tiles.
inline lp::TiledMatrix<double> numbers(std::int64_t rows, std::int64_t cols, std::int64_t tile,
                                       std::uint64_t seed = 1) {
  return numbers(rows, cols, tile, tile, seed);
}

/// A symmetric matrix that is positive definite.
inline lp::TiledMatrix<double> positive(std::int64_t n, std::int64_t tile, std::uint64_t seed = 1) {
  lp::TiledMatrix<double> a = numbers(n, n, tile, seed);
  for (std::int64_t j = 0; j < n; ++j) {
    for (std::int64_t i = j; i < n; ++i) a(j, i) = a(i, j);
    a(j, j) += static_cast<double>(2 * n);
  }
  return a;
}

/// Whether two matrices have the same shape and the same bits.
template <class T>
bool same_bits(const lp::tile::Dense<T>& a, const lp::tile::Dense<T>& b) {
  return a.rows() == b.rows() && a.cols() == b.cols() &&
         (a.size() == 0 || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0);
}
inline bool same_bits(const lp::TiledMatrix<double>& a, const lp::TiledMatrix<double>& b) {
  return same_bits(a.to_dense(), b.to_dense());
}

}  // namespace tiled_matrices
