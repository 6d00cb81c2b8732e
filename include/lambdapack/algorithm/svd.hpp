// Singular values, and the singular value decomposition, in one call: `auto s =
// lp::singular_values(A);`, `auto [u, s, v] = lp::svd(A);`.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "lambdapack/algorithm/detail/svd_stages.hpp"
#include "lambdapack/exec/noting.hpp"

namespace lambdapack {

/// A = U diag(s) V^H: U is m x k, V is n x k, with k = min(m, n) orthonormal columns each, and s is
/// in descending order.
template <Scalar T>
struct Svd {
  TiledMatrix<T> u;
  std::vector<real_t<T>> s;
  TiledMatrix<T> v;
  /// What its runs were, one after the other.
  std::vector<exec::Report> reports;
};

/// The singular values of A, m x n of any shape and in any tiles, in descending order. A is not
/// changed. Throws input_error if an element is no number, run_error if LAPACK's ?bdsqr gives up.
/// Sources: in algorithm/svd_programs.hpp and kernel/detail/bulge_chase.hpp; ?bdsqr.
template <algorithm::detail::Matrix M, Executor E = threads>
auto singular_values(M&& a, const E& executor = {}) {
  using T = element_of_t<M>;
  namespace ours = detail::orthogonal;
  int exponent = 0;
  auto matrix = detail::before_run(executor, [&] {
    auto taken = ours::taken(std::forward<M>(a));
    exponent = ours::scaling_of("svd", taken);
    return taken;
  });
  ours::scale(matrix, exponent);
  ours::Reducible<T> reducible(std::move(matrix), executor);
  run(executor, algorithm::band<T>, reducible.a);
  auto [s, e] = ours::bidiagonal_of(std::as_const(reducible.a), executor);
  kernel::detail::bidiagonal_values(s, e);
  for (auto& value : s) value = kernel::detail::scaled(value, -exponent);
  return s;
}

/// The thin singular value decomposition of A, m x n of any shape and in any tiles; U and V are in
/// tiles as high and wide as A's. A is not changed. Takes 2 n^2 numbers of memory besides for the
/// second stage, n = min(m, n). Throws as singular_values, with ?bdsdc for ?bdsqr, and input_error
/// at once if n is above 32,000.
template <algorithm::detail::Matrix M, Executor E = threads>
auto svd(M&& a, const E& given = {}) {
  using T = element_of_t<M>;
  namespace ours = detail::orthogonal;
  std::vector<exec::Report> reports;
  const auto executor = noting(reports, given);
  detail::before_run(executor,
                     [&] { kernel::detail::require_room_for_vectors(ours::smaller_side(a)); });
  int exponent = 0;
  auto matrix = detail::before_run(executor, [&] {
    auto taken = ours::taken(std::forward<M>(a));
    exponent = ours::scaling_of("svd", taken);
    return taken;
  });
  const std::int64_t tile_rows = matrix.tile_rows(), tile_cols = matrix.tile_cols();
  ours::scale(matrix, exponent);
  ours::Reducible<T> reducible(std::move(matrix), executor);
  TiledMatrix<T>& b = reducible.a;
  const auto [m, n] = b.extents();
  TileArray<T> F({m, n}), G({m, n});
  run(executor, algorithm::band_with_factors<T>, b, F, G);

  const std::int64_t order = b.cols(), width = ours::band_width(std::as_const(b));
  auto band = ours::band_of(std::as_const(b), 0, order, order);
  kernel::detail::Chase<T> left(order, width), right(order, width);
  kernel::detail::chase(kernel::detail::Band<T>(order, width, band), left, right);
  ours::Bidiagonal<T> bidiagonal;
  bidiagonal.take(band, order);
  bidiagonal.e.push_back(0);
  auto& [s, e] = bidiagonal;
  tile::Dense<real_t<T>> bidiagonal_u, bidiagonal_vt;
  kernel::detail::bidiagonal_svd(s, e, bidiagonal_u, bidiagonal_vt);
  for (auto& value : s) value = kernel::detail::scaled(value, -exponent);

  auto u = ours::in_columns<T>(bidiagonal_u, false), v = ours::in_columns<T>(bidiagonal_vt, true);
  ours::apply_side(left, u, executor);
  ours::apply_side(right, v, executor);
  u = ours::extended(u, b.rows(), b.tile_rows(), b.tile_cols());
  v = ours::retiled(std::move(v), b.tile_rows(), b.tile_cols());
  run(executor, algorithm::apply_q_flat<T>, b, F, u, false);
  run(executor, algorithm::apply_p<T>, b, G, v);
  if (reducible.q) {
    u = ours::extended(u, reducible.q->rows(), reducible.q->tile(), u.tile_cols());
    reducible.q->apply_q(u, Side::left, executor);
  }
  if (reducible.is_adjoint) std::swap(u, v);
  return Svd<T>{ours::retiled(std::move(u), tile_rows, tile_cols), std::move(s),
                ours::retiled(std::move(v), tile_cols, tile_cols), std::move(reports)};
}

}  // namespace lambdapack
