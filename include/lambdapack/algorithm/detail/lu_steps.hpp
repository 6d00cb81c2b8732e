// What the LU factorizations do alike.
#pragma once

#include "lambdapack/kernel/lu.hpp"
#include "lambdapack/lambdapack.hpp"

namespace lambdapack::algorithm::detail {

/// Step k to the right of its panel, column by column of tiles: the panel's exchanges, the rows of
/// U, and what they leave of the rest. Below the diagonal the panel's L is in `L`, on it in A.
template <Scalar T>
void eliminate(const InOut<T, 2>& A, const Temp<T, 2>& L, const Temp<T, 2>& displaced,
               const Out<Pivots, 1>& pivots, Expr k) {
  const auto exchange_solve =
      make_kernel("laswp_trsm", kernel::laswp_trsm<T>, "", kernel::operations::laswp_trsm);
  const auto update =
      make_kernel("laswp_gemm", kernel::laswp_gemm<T>, "", kernel::operations::gemm);
  const auto m = A.extent(0);
  for (auto j : range(k + 1, A.extent(1))) {
    tie(A(k, j), displaced(k, j)) = exchange_solve(A(k, k), pivots(k), A(range(k, m), j));
    for (auto i : range(k + 1, m))
      A(i, j) = update(A(i, j), L(i, k), A(k, j), displaced(k, j), pivots(k), i - k);
  }
}

/// What is left when all panels are known: their exchanges in the columns to their left. Each tile
/// of L takes its place in A once.
template <Scalar T>
void exchange_left(const InOut<T, 2>& A, const Temp<T, 2>& L, const Out<Pivots, 1>& pivots) {
  const auto exchange = make_kernel("laswp", kernel::laswp<T>);
  const auto m = A.extent(0), steps = pivots.extent(0);
  for (auto k : range(steps))
    for (auto i : range(k + 1, m))
      A(i, k) = exchange(L(range(k + 1, m), k), pivots(range(k + 1, steps)), i - k - 1);
}

}  // namespace lambdapack::algorithm::detail
