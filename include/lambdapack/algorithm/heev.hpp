// Eigenvalues of Hermitian matrices, and eigenvectors, in one call: `auto w = lp::heev_values(A);`,
// `auto [w, v, reports] = lp::heev(A);`.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "lambdapack/algorithm/detail/heev_stages.hpp"
#include "lambdapack/exec/noting.hpp"

namespace lambdapack {

/// A = V diag(w) V^H: V is n x n and unitary, and w is in ascending order.
template <Scalar T>
struct Heev {
  std::vector<real_t<T>> w;
  TiledMatrix<T> v;
  /// What its runs were, one after the other.
  std::vector<exec::Report> reports;
};

/// Which triangle of A lp::heev looks at.
struct HeevOptions {
  Part part = Part::lower;
};

namespace detail::orthogonal {

/// A matrix of one's own. Throws input_error unless it is square.
template <algorithm::detail::Matrix M>
auto taken_square(const char* call, M&& a) {
  auto matrix = taken(std::forward<M>(a));
  if (matrix.rows() != matrix.cols())
    throw input_error(
        text({call, ": ", described("A", matrix), ", but it must be square; pass a square matrix"}),
        codes::shape_mismatch);
  return matrix;
}

}  // namespace detail::orthogonal

/// The eigenvalues of A, which is Hermitian (or symmetric) and in any tiles, in ascending order:
/// `lp::heev_values(A, {.part = lp::Part::upper})`; without options the lower triangle is read. A
/// is not changed. Throws input_error if A is not square or an element is no number, run_error if
/// LAPACK's ?sterf gives up. Sources: in algorithm/heev_programs.hpp and
/// kernel/detail/hermitian_chase.hpp; ?sterf.
template <algorithm::detail::Matrix M, Executor E = threads>
auto heev_values(M&& a, HeevOptions options = {}, const E& executor = {}) {
  using T = element_of_t<M>;
  namespace ours = detail::orthogonal;
  auto lower = detail::before_run(executor, [&] {
    return ours::LowerTriangle<T>(
        "heev_values", ours::taken_square("heev_values", std::forward<M>(a)), options.part);
  });
  run(executor, algorithm::he2hb<T>, lower.a);
  auto [w, e] = ours::tridiagonal_of(std::as_const(lower.a), executor);
  kernel::detail::tridiagonal_values(w, e);
  for (auto& value : w) value = kernel::detail::scaled(value, -lower.exponent);
  return w;
}

/// The same with the eigenvectors, in tiles as high and wide as A's. Takes 2 n^2 numbers of memory
/// besides for the second stage. Throws as heev_values, with ?stedc for ?sterf, and input_error at
/// once if n is above 46,000.
template <algorithm::detail::Matrix M, Executor E = threads>
auto heev(M&& a, HeevOptions options = {}, const E& given = {}) {
  using T = element_of_t<M>;
  namespace ours = detail::orthogonal;
  std::vector<exec::Report> reports;
  const auto executor = noting(reports, given);
  std::int64_t tile_rows = 0, tile_cols = 0;
  auto lower = detail::before_run(executor, [&] {
    kernel::detail::require_room_for_eigenvectors(ours::smaller_side(a));
    auto matrix = ours::taken_square("heev", std::forward<M>(a));
    tile_rows = matrix.tile_rows();
    tile_cols = matrix.tile_cols();
    return ours::LowerTriangle<T>("heev", std::move(matrix), options.part);
  });
  TiledMatrix<T>& b = lower.a;
  TileArray<T> F({b.extents()[0], b.extents()[1]});
  run(executor, algorithm::he2hb_with_factors<T>, b, F);

  const std::int64_t order = b.cols(), width = ours::band_width(std::as_const(b));
  auto band = ours::hermitian_band_of(std::as_const(b), 0, order, order);
  kernel::detail::Chase<T> chase(order, width);
  kernel::detail::chase(kernel::detail::HermitianBand<T>(order, width, band), chase);
  ours::Tridiagonal<real_t<T>> tridiagonal;
  tridiagonal.take(band, order);
  auto& [w, e] = tridiagonal;
  tile::Dense<real_t<T>> z;
  kernel::detail::tridiagonal_vectors(w, e, z);
  for (auto& value : w) value = kernel::detail::scaled(value, -lower.exponent);

  auto v = ours::in_columns<T>(z, false);
  ours::apply_side(chase, v, executor);
  v = ours::retiled(std::move(v), b.tile_rows(), b.tile_cols());
  run(executor, algorithm::apply_he2hb<T>, b, F, v);
  return Heev<T>{std::move(w), ours::retiled(std::move(v), tile_rows, tile_cols),
                 std::move(reports)};
}

}  // namespace lambdapack
