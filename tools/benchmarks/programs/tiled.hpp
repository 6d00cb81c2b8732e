// A matrix in tiles from a formula for its elements.
#pragma once

#include <cstdint>
#include <lambdapack/lambdapack.hpp>

namespace bench {

/// The n x n matrix with the elements element(i, j).
template <class Element>
lp::TiledMatrix<double> tiled(std::int64_t n, std::int64_t tile, Element element) {
  lp::TiledMatrix<double> A(n, n, tile);
  for (std::int64_t j = 0; j < n; ++j)
    for (std::int64_t i = 0; i < n; ++i) A(i, j) = element(i, j);
  return A;
}

}  // namespace bench
