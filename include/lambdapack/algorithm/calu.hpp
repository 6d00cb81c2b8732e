// LU factorization with tournament pivoting.
#pragma once

#include "lambdapack/algorithm/detail/lu_front.hpp"
#include "lambdapack/algorithm/detail/lu_steps.hpp"
#include "lambdapack/algorithm/lu.hpp"
#include "lambdapack/kernel/calu.hpp"
#include "lambdapack/lambdapack.hpp"

namespace lambdapack {

namespace algorithm {

/// P A = L U by tournament pivoting: as `lu`, but the tiles of a panel send their best rows through
/// a tree of matches, and no task has to see the whole panel's arithmetic. Source: Grigori, Demmel
/// and Xiang, "CALU: a communication optimal LU factorization algorithm", 2011.
template <Scalar T>
void calu(InOut<T, 2> A, Out<Pivots, 1> pivots) {
  const auto start = make_kernel("tournament_start", kernel::tournament_start<T>);
  const auto match = make_kernel("tournament_match", kernel::tournament_match<T>);
  const auto bye = make_kernel("tournament_bye", kernel::tournament_bye<T>);
  const auto getrf =
      make_kernel("getrf_chosen", kernel::getrf_chosen<T>, "", kernel::operations::getrf_chosen);
  const auto solve = make_kernel("laswp_trsm_right", kernel::laswp_trsm_right<T>, "",
                                 kernel::operations::laswp_trsm_right);
  const auto m = A.extent(0);
  auto best = temp<Candidates<T>, 3>("best");  // best(k, level, i)
  auto L = temp<T, 2>("L"), displaced = temp<T, 2>("displaced");

  for (auto k : range(pivots.extent(0))) {
    const auto tiles = m - k;
    for (auto i : range(tiles)) best(k, 0, i) = start(A(k + i, k), i);
    for (auto level : range(log2_ceil(tiles)))
      for (auto i : range(0, tiles, pow2(level + 1))) {
        const auto other = i + pow2(level);
        if (auto pair = when(other < tiles))
          best(k, level + 1, i) = match(best(k, level, i), best(k, level, other));
        if (auto single = when(other >= tiles)) best(k, level + 1, i) = bye(best(k, level, i));
      }
    tie(A(k, k), displaced(k, k), pivots(k)) =
        getrf(best(k, log2_ceil(tiles), 0), A(range(k, m), k));
    for (auto i : range(k + 1, m))
      L(i, k) = solve(A(i, k), A(k, k), displaced(k, k), pivots(k), i - k);
    detail::eliminate<T>(A, L, displaced, pivots, k);
  }
  detail::exchange_left<T>(A, L, pivots);
}

}  // namespace algorithm

/// P A = L U by tournament pivoting; as lp::lu, with other pivots: elements of L may be larger than
/// 1, and the growth of elements is that of partial pivoting in practice. Throws input_error if the
/// tiles are not square.
template <algorithm::detail::Matrix MA, Executor E = threads>
Lu calu(MA&& A, const E& executor = {}) {
  return detail::run_lu(executor, "calu", A, [&](TileArray<Pivots>& panels) {
    return run(executor, algorithm::calu<element_of_t<MA>>, A, panels);
  });
}

}  // namespace lambdapack
