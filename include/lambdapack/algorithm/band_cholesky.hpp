// Cholesky factorization of a matrix whose elements are zero outside of a band, and systems of
// equations with it.
#pragma once

#include <algorithm>
#include <cstdint>

#include "lambdapack/algorithm/cholesky.hpp"

namespace lambdapack {

namespace algorithm {

/// A = L L^H as `cholesky`, where only the first `width` tiles below each on the diagonal are not
/// zero: no other one is touched. Source: ?pbtrf.
template <Scalar T>
void band_cholesky(InOut<T, 2> A, Integer width) {
  const auto potrf = make_kernel("potrf", kernel::potrf_block<T>, "", kernel::operations::potrf);
  const auto n = A.extent(0);
  for (auto k : range(n)) {
    A(k, k) = potrf(A(k, k), k);
    for (auto i : range(k + 1, n))
      if (auto inside = when(i <= k + width)) {
        A(i, k) = trsm(A(k, k), A(i, k));
        for (auto j : range(k + 1, i + 1)) A(i, j) += syrk(A(i, k), A(j, k));
      }
  }
}

/// L L^H X = B for such an L: B is overwritten by X. Source: ?pbtrs.
template <Scalar T>
void band_cholesky_solve(In<T, 2> L, InOut<T, 2> B, Integer width) {
  const auto n = L.extent(0);
  for (auto j : range(B.extent(1))) {
    for (auto k : range(n)) {
      B(k, j) = trsm_left(L(k, k), B(k, j));
      for (auto i : range(k + 1, n))
        if (auto inside = when(i <= k + width)) B(i, j) = gemm_sub(B(i, j), L(i, k), B(k, j));
    }
    for (auto k : range(n - 1, -1, -1)) {
      B(k, j) = trsm_left_adjoint(L(k, k), B(k, j));
      for (auto i : range(k))
        if (auto inside = when(i >= k - width))
          B(i, j) = gemm_sub_adjoint(B(i, j), L(k, i), B(k, j));
    }
  }
}

}  // namespace algorithm

namespace detail {

/// How many tiles below those on the diagonal hold elements of the first `bandwidth` diagonals
/// below the main one; all, if nobody knows the tiles' sizes. Throws input_error if it is negative.
inline std::int64_t tiles_below(const char* front, const algorithm::detail::Operand& a,
                                std::int64_t bandwidth, std::int64_t tiles) {
  if (bandwidth < 0)
    throw input_error(text({"lambdapack: ", front, ": a bandwidth of ", bandwidth,
                            " is negative; pass the number of diagonals below the main one that "
                            "hold elements"}));
  if (a.rows().size() < 0) return tiles;
  std::int64_t width = 0;
  for (std::int64_t k = 0; k < tiles; ++k) {
    const std::int64_t last_column = a.rows().first(k + 1) - 1;
    while (k + width + 1 < tiles && a.rows().first(k + width + 1) - last_column <= bandwidth)
      ++width;
  }
  return width;
}

}  // namespace detail

/// A = L L^H, A Hermitian (or symmetric) and positive definite, and zero but for its diagonal and
/// `bandwidth` more below and above it: as lp::cholesky, but tiles outside of the band are neither
/// read nor written, and of an lp::TileArray may be left empty. What tiles within it hold below the
/// band has to be zero. Throws as lp::cholesky, and input_error if the bandwidth is negative.
/// Source: ?pbtrf.
template <algorithm::detail::Matrix MA, Executor E = threads>
exec::Report band_cholesky(MA&& A, std::int64_t bandwidth, const E& executor = {}) {
  std::int64_t width = 0;
  const auto operand = detail::before_run(executor, [&] {
    auto found = algorithm::detail::square_operand("band_cholesky", "A", A);
    width = detail::tiles_below("band_cholesky", found, bandwidth, bind(A, 2)->extents()[0]);
    return found;
  });
  try {
    return run(executor, algorithm::band_cholesky<element_of_t<MA>>, A, width);
  } catch (const run_error& error) {
    detail::rethrow_with_info(error, A, operand);
  }
}

/// X of A X = B from what lp::band_cholesky has made of A, with the same bandwidth; X overwrites B,
/// which has as many rows as L, cut into the same tiles. Throws input_error if the shapes do not
/// fit, or the bandwidth is negative. Source: ?pbtrs.
template <algorithm::detail::Matrix ML, algorithm::detail::Matrix MB, Executor E = threads>
exec::Report band_cholesky_solve(ML&& L, MB&& B, std::int64_t bandwidth, const E& executor = {}) {
  using namespace algorithm::detail;
  const std::int64_t width = detail::before_run(executor, [&] {
    const Operand l = square_operand("band_cholesky_solve", "L", L), b = operand("B", B);
    require_fit(l.rows().fits(b.rows()), "band_cholesky_solve", l, b,
                "B must have as many rows as L");
    return detail::tiles_below("band_cholesky_solve", l, bandwidth, bind(L, 2)->extents()[0]);
  });
  return run(executor, algorithm::band_cholesky_solve<element_of_t<MB>>, L, B, width);
}

}  // namespace lambdapack
