// Powers of 2 by which a matrix is brought to where squares neither overflow nor underflow.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "lambdapack/error.hpp"
#include "lambdapack/kernel/detail/householder.hpp"
#include "lambdapack/text.hpp"
#include "lambdapack/tile/tile.hpp"

namespace lambdapack::detail::orthogonal {

/// The larger one of the parts of x. NaN if one of them is.
template <Scalar T>
real_t<T> larger_part(T x) {
  const real_t<T> real = std::abs(std::real(x)), imaginary = std::abs(std::imag(x));
  return real >= imaginary || std::isnan(real) ? real : imaginary;
}

/// The exponent of a power of 2 that brings `largest`, the largest part of an element, near 1 where
/// squares could overflow or underflow, or 0.
template <class R>
int exponent_for(R largest) {
  const int exponent = largest > 0 ? std::ilogb(largest) : 0;
  return std::abs(exponent) > std::numeric_limits<R>::max_exponent / 4 ? -exponent : 0;
}

/// That exponent for A. Throws input_error, in the name of `call`, if an element is no number.
template <Scalar T>
int scaling_of(const char* call, const TiledMatrix<T>& a) {
  using R = real_t<T>;
  R largest = 0;
  for (std::int64_t j = 0; j < a.extents()[1]; ++j)
    for (std::int64_t i = 0; i < a.extents()[0]; ++i) {
      const tile::Dense<T>& tile = a.tile(i, j);
      for (std::size_t k = 0; k < tile.size(); ++k) {
        const R part = larger_part(tile.data()[k]);
        if (!(part <= std::numeric_limits<R>::max()))
          throw input_error(text({call, ": tile (", i, ", ", j,
                                  ") of A holds a NaN or an infinity; check the input"}));
        largest = std::max(largest, part);
      }
    }
  return exponent_for(largest);
}

/// Every element times 2^exponent.
template <Scalar T>
void scale(TiledMatrix<T>& a, int exponent) {
  if (exponent == 0) return;
  for (std::int64_t j = 0; j < a.extents()[1]; ++j)
    for (std::int64_t i = 0; i < a.extents()[0]; ++i) {
      tile::Dense<T>& tile = a.tile(i, j);
      for (std::size_t k = 0; k < tile.size(); ++k)
        tile.data()[k] = kernel::detail::scaled(tile.data()[k], exponent);
    }
}

/// Every element by `divisor`, which is above 0 and far from the smallest numbers.
template <Scalar T>
void divide(TiledMatrix<T>& a, real_t<T> divisor) {
  for (std::int64_t j = 0; j < a.extents()[1]; ++j)
    for (std::int64_t i = 0; i < a.extents()[0]; ++i) {
      tile::Dense<T>& tile = a.tile(i, j);
      for (std::size_t k = 0; k < tile.size(); ++k) tile.data()[k] /= divisor;
    }
}

}  // namespace lambdapack::detail::orthogonal
