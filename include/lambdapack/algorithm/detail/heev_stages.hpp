// The stages of lp::heev between the tiled programs.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "lambdapack/algorithm/detail/svd_stages.hpp"
#include "lambdapack/algorithm/heev_programs.hpp"
#include "lambdapack/kernel/detail/tridiagonal.hpp"

namespace lambdapack::detail::orthogonal {

/// The lower triangle of a Hermitian matrix, in the tiles of the reduction, times 2^exponent.
template <Scalar T>
struct LowerTriangle {
  TiledMatrix<T> a;
  int exponent = 0;

  /// Takes the triangle `part` of a square matrix; the other one is not looked at, nor are the
  /// imaginary parts on the diagonal. Throws input_error, in the name of `call`, if an element is
  /// no number.
  LowerTriangle(const char* call, TiledMatrix<T> matrix, Part part) {
    using R = real_t<T>;
    const std::int64_t tile = band_tile(matrix.cols());
    a = retiled(std::move(matrix), tile, tile);
    if (part == Part::upper) a = adjoint_of(a);
    R largest = 0;
    for (std::int64_t j = 0; j < a.extents()[1]; ++j)
      for (std::int64_t i = 0; i < a.extents()[0]; ++i) {
        tile::Dense<T>& block = a.tile(i, j);
        if (i < j) std::fill_n(block.data(), block.size(), T{});
        for (std::int64_t q = 0; q < block.cols() && i >= j; ++q) {
          const std::int64_t first = i == j ? q : 0;
          std::fill_n(block.data() + q * block.rows(), first, T{});
          if (i == j) block(q, q) = T(std::real(block(q, q)));
          for (std::int64_t p = first; p < block.rows(); ++p)
            largest =
                std::max(largest, finite(call, part, block(p, q), i * tile + p, j * tile + q));
        }
      }
    exponent = exponent_for(largest);
    scale(a, exponent);
  }

 private:
  /// The larger part of an element of the lower triangle, if it is a number.
  static real_t<T> finite(const char* call, Part part, T element, std::int64_t i, std::int64_t j) {
    const real_t<T> size = larger_part(element);
    if (!(size <= std::numeric_limits<real_t<T>>::max()))
      throw input_error(
          text({call, ": element (", part == Part::lower ? i : j, ", ", part == Part::lower ? j : i,
                ") of A is a NaN or an infinity; check the input"}));
    return size;
  }
};

/// Columns `first` to `end` - 1 of the Hermitian band that algorithm::he2hb left in the tiles of A,
/// in `columns` columns of a tile of HermitianBand.
template <Scalar T>
tile::Dense<T> hermitian_band_of(const TiledMatrix<T>& a, std::int64_t first, std::int64_t end,
                                 std::int64_t columns) {
  const std::int64_t width = band_width(a);
  auto tile = tile::Dense<T>::zeros(kernel::detail::HermitianBand<T>::rows(width), columns);
  for (std::int64_t j = first; j < std::min(end, a.cols()); ++j)
    for (std::int64_t i = j; i <= std::min(j + width, a.rows() - 1); ++i)
      tile(i - j, j - first) = a(i, j);
  return tile;
}

/// The diagonals of a symmetric tridiagonal matrix: d, and e beside it with an element more.
template <class R>
struct Tridiagonal {
  std::vector<R> d, e;

  /// Takes the next columns, which a tile of a HermitianBand begins with.
  template <Scalar T>
  void take(const tile::Dense<T>& tile, std::int64_t columns) {
    for (std::int64_t j = 0; j < columns; ++j) {
      d.push_back(std::real(tile(0, j)));
      e.push_back(std::real(tile(1, j)));
    }
  }
};

/// The tridiagonal matrix that the band in A's tiles becomes.
template <Scalar T, Executor E>
Tridiagonal<real_t<T>> tridiagonal_of(const TiledMatrix<T>& a, const E& executor) {
  const std::int64_t n = a.cols(), width = band_width(a);
  const std::int64_t columns = kernel::detail::chase_columns(width);
  const std::int64_t tiles = (n + columns - 1) / columns;
  TileArray<T> band({tiles + 3});
  for (std::int64_t k = 0; k < tiles; ++k)
    band(k + 1) = hermitian_band_of(a, k * columns, (k + 1) * columns, columns);
  const std::int64_t sweeps = kernel::detail::chase_sweeps;
  run(executor, algorithm::chase_hermitian<T>, band,
      std::max<std::int64_t>(0, n + sweeps - 2) / sweeps, n, width);
  Tridiagonal<real_t<T>> tridiagonal;
  for (std::int64_t k = 0; k < tiles; ++k)
    tridiagonal.take(std::as_const(band)(k + 1), std::min(columns, n - k * columns));
  return tridiagonal;
}

}  // namespace lambdapack::detail::orthogonal
