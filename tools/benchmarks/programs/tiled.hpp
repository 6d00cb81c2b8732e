// A matrix in tiles from a formula for its elements.
#pragma once

#include <cstdint>
#include <lambdapack/lambdapack.hpp>

namespace bench {

/// The rows x cols, or n x n, matrix with the elements element(i, j).
template <class Element>
lp::TiledMatrix<double> tiled(std::int64_t rows, std::int64_t cols, std::int64_t tile,
                              Element element) {
  lp::TiledMatrix<double> A(rows, cols, tile);
  for (std::int64_t j = 0; j < cols; ++j)
    for (std::int64_t i = 0; i < rows; ++i) A(i, j) = element(i, j);
  return A;
}
template <class Element>
lp::TiledMatrix<double> tiled(std::int64_t n, std::int64_t tile, Element element) {
  return tiled(n, n, tile, element);
}

}  // namespace bench
