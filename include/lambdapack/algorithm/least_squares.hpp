// Least squares by QR or LQ, as programs and in one call: `auto X = lp::least_squares(A, B);`.
#pragma once

#include <cstdint>
#include <utility>

#include "lambdapack/algorithm/failure.hpp"
#include "lambdapack/algorithm/lq.hpp"
#include "lambdapack/algorithm/qr.hpp"

namespace lambdapack {

namespace algorithm {

/// B := R^-1 B by back substitution. R is upper triangular, n x n tiles, and B has n tile rows.
template <Scalar T>
void solve_r(In<T, 2> R, InOut<T, 2> B) {
  for (auto k : range(R.extent(0) - 1, -1, -1))
    for (auto j : range(B.extent(1))) {
      B(k, j) = lambdapack::solve_r(R(k, k), B(k, j));
      for (auto i : range(k)) B(i, j) = gemm_sub(B(i, j), R(i, k), B(k, j));
    }
}

/// B := R^-H B by forward substitution, with R and B as in solve_r.
template <Scalar T>
void solve_r_adjoint(In<T, 2> R, InOut<T, 2> B) {
  const auto n = R.extent(0);
  for (auto k : range(n))
    for (auto j : range(B.extent(1))) {
      B(k, j) = lambdapack::solve_r_adjoint(R(k, k), B(k, j));
      for (auto i : range(k + 1, n)) B(i, j) = gemm_sub_adjoint(B(i, j), R(k, i), B(k, j));
    }
}

/// B := L^-1 B by forward substitution. L is lower triangular, n x n tiles, and B has n tile rows.
template <Scalar T>
void solve_l(In<T, 2> L, InOut<T, 2> B) {
  const auto n = L.extent(0);
  for (auto k : range(n))
    for (auto j : range(B.extent(1))) {
      B(k, j) = lambdapack::solve_l(L(k, k), B(k, j));
      for (auto i : range(k + 1, n)) B(i, j) = gemm_sub(B(i, j), L(i, k), B(k, j));
    }
}

}  // namespace algorithm

namespace detail {

/// Throws factorization_error at the first zero on the diagonal of the triangle `name`.
template <Scalar T>
void require_full_rank(const char* call, const char* name, const TiledMatrix<T>& triangle) {
  for (std::int64_t i = 0; i < triangle.rows(); ++i)
    if (triangle(i, i) == T{})
      throw factorization_error(
          text({"lambdapack: ", call, ": A has not full rank: ", name,
                " has a zero on its diagonal in row ", i + 1,
                ", counted from 1 (info of ?gels); leave out columns that depend on others (rows, "
                "where A has more columns than rows), or use lp::svd"}),
          i + 1);
}

}  // namespace detail

/// The X that makes ||A X - B|| as small as can be, n x k, for A m x n of full rank and B m x k, by
/// QR; if m < n, the X with A X = B that is smallest itself, by LQ, or by QR of A^H where trees are
/// to factor it. A is in square tiles, and the rows of B are cut as A's; neither is changed. Throws
/// input_error on other shapes, factorization_error with LAPACK's info if an element on the
/// diagonal of R or L is 0. Source: ?gels, without its scaling.
template <algorithm::detail::Matrix M, algorithm::detail::Matrix N, Executor E = threads>
auto least_squares(M&& a, N&& b, QrOptions options = {}, const E& executor = {}) {
  using T = element_of_t<M>;
  static_assert(
      std::same_as<T, element_of_t<N>>,
      "lambdapack: A and B of a least squares problem have one element type; convert one");
  namespace ours = detail::orthogonal;
  auto [matrix, right] = detail::before_run(executor, [&] {
    auto taken = std::pair(ours::taken(std::forward<M>(a)), ours::taken(std::forward<N>(b)));
    ours::check_fit("least_squares", "B", taken.second, Side::left, taken.first);
    return taken;
  });
  const std::int64_t m = matrix.rows(), n = matrix.cols(), tile = matrix.tile_cols();
  if (m < n && !ours::by_trees(matrix.extents()[1], matrix.extents()[0], options)) {
    const Lq<T> f(std::move(matrix), executor);
    const TiledMatrix<T> l = f.l();
    detail::require_full_rank("least_squares", "L", l);
    run(executor, algorithm::solve_l<T>, l, right);
    auto x = ours::extended(right, n, tile, right.tile_cols());
    f.apply_q_adjoint(x, Side::left, executor);
    return x;
  }
  if (m < n) matrix = ours::adjoint_of(matrix);
  const Qr<T> f(std::move(matrix), options, executor);
  const TiledMatrix<T> r = f.r();
  detail::require_full_rank("least_squares", "R", r);
  if (m >= n) {
    f.apply_q_adjoint(right, Side::left, executor);
    auto x = ours::head_of(right, n, right.cols(), tile);
    run(executor, algorithm::solve_r<T>, r, x);
    return x;
  }
  run(executor, algorithm::solve_r_adjoint<T>, r, right);
  auto x = ours::extended(right, n, f.tile(), right.tile_cols());
  f.apply_q(x, Side::left, executor);
  return x;
}

}  // namespace lambdapack
