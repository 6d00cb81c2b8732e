// QR of a tiled matrix with column pivoting, as a program.
#pragma once

#include "lambdapack/algorithm/qr_programs.hpp"
#include "lambdapack/kernel/qr_pivoted.hpp"
#include "lambdapack/lambdapack.hpp"

namespace lambdapack::algorithm {

/// A P = Q R by tournaments: as `qr_flat`, but before step k the columns of tiles from k on send
/// their best columns through a tree of matches, and those of the winner become column k of tiles.
/// `columns` is one row, and its elements are exchanged as A's columns are. The C of `apply_q_flat`
/// and the others of qr_flat may follow. Source: Demmel, Grigori, Gu and Xiang, "Communication
/// avoiding rank revealing QR factorization with column pivoting", 2015.
template <Scalar T>
void qr_pivoted(InOut<T, 2> A, Out<T, 2> F, InOut<double, 0> columns) {
  F.unwritten(zero);
  const auto stack =
      make_kernel("stack", kernel::stack_pair<T>, "", kernel::operations::stack_pair);
  const auto stack_one =
      make_kernel("stack", kernel::stack_tile<T>, "", kernel::operations::stack_tile);
  const auto choose =
      make_kernel("choose", kernel::choose_columns<T>, "", kernel::operations::choose_columns);
  const auto exchange = make_kernel("exchange", kernel::exchange_pair<T>);
  const auto exchange_one = make_kernel("exchange", kernel::exchange_columns<T>);
  const auto note = make_kernel("note", kernel::note_exchange);
  const auto m = A.extent(0), n = A.extent(1);
  auto R = temp<T, 3>("R", zero);  // R(k, level, j)
  auto best = temp<Pivots, 3>("best");

  for (auto k : range(n))
    if (auto inside = when(k < m)) {
      for (auto level : range(log2_ceil(n - k)))
        for (auto j : range(k, n - pow2(level), pow2(level + 1))) {
          const auto other = j + pow2(level);
          for (auto i : range(k, m)) R(k, level, j) = stack(R(k, level, j), A(i, j), A(i, other));
          best(k, level, j) = choose(R(k, level, j), A(k, j));
          for (auto i : range(m))
            tie(A(i, j), A(i, other)) = exchange(best(k, level, j), A(i, j), A(i, other));
          columns() = note(columns(), best(k, level, j), j, other);
        }
      if (auto alone = when(k == n - 1)) {
        for (auto i : range(k, m)) R(k, 0, k) = stack_one(R(k, 0, k), A(i, k));
        best(k, 0, k) = choose(R(k, 0, k), A(k, k));
        for (auto i : range(m)) A(i, k) = exchange_one(best(k, 0, k), A(i, k));
        columns() = note(columns(), best(k, 0, k), k, k);
      }
      qr_step(A, F, k);
    }
}

}  // namespace lambdapack::algorithm
