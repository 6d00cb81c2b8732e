// What the fronts of the LU factorizations give back, and how they run.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "lambdapack/algorithm/detail/shape.hpp"
#include "lambdapack/algorithm/failure.hpp"
#include "lambdapack/kernel/pivots.hpp"
#include "lambdapack/lambdapack.hpp"

namespace lambdapack {

/// What an LU factorization found, beside the factors in its matrix.
struct Lu {
  /// The exchanges of rows, panel by panel: what lp::lu_solve and programs of your own take.
  TileArray<Pivots> panels;
  /// The same as LAPACK's ipiv: row s was exchanged with row pivots[s - 1], both from 1.
  std::vector<std::int64_t> pivots;
  /// LAPACK's info: 0, or the column, from 1, of the first pivot that is exactly zero. The factors
  /// are complete then, but U is singular.
  std::int64_t info = 0;
  /// What the run was.
  exec::Report report;
};

namespace detail {

/// What run(panels), which factors `a`, has found.
template <class E, class A, class Run>
Lu run_lu(const E& executor, const char* front, A& a, const Run& run) {
  const std::vector<std::int64_t> extents = before_run(executor, [&] {
    algorithm::detail::require_square_tiles(front, algorithm::detail::operand("A", a));
    return bind(a, 2)->extents();
  });
  const std::int64_t steps = std::min(extents[0], extents[1]);
  Lu result{TileArray<Pivots>({steps}), {}, 0, {}};
  result.report = run(result.panels);
  std::int64_t first = 0;
  for (std::int64_t k = 0; k < steps; ++k) {
    const Pivots& panel = result.panels(k);
    if (panel.zero() >= 0 && result.info == 0) result.info = first + panel.zero() + 1;
    for (const std::int64_t row : panel.swaps()) result.pivots.push_back(first + row + 1);
    first += panel.tile_rows();
  }
  return result;
}

/// Throws unless the factors are of the square matrix `a`.
inline void require_factors(const char* front, const Lu& factors,
                            const algorithm::detail::Operand& a) {
  const auto rows = static_cast<std::int64_t>(factors.pivots.size());
  if (a.rows().size() >= 0 && a.rows().size() != rows)
    throw input_error(text({"lambdapack: ", front, ": A is ", a.text, ", but the factors are of ",
                            rows, " rows; pass what lp::lu returned for this matrix"}),
                      codes::shape_mismatch);
}

/// Throws unless they are, and A is not singular; `so` is what follows from that.
inline void require_regular(const char* front, const Lu& factors,
                            const algorithm::detail::Operand& a, const char* so) {
  require_factors(front, factors, a);
  if (factors.info > 0)
    throw factorization_error(text({"lambdapack: ", front,
                                    ": A is exactly singular: U has a zero on its diagonal in row ",
                                    factors.info, ", counted from 1 (info of ?getrf); ", so}),
                              factors.info);
}

}  // namespace detail

}  // namespace lambdapack
