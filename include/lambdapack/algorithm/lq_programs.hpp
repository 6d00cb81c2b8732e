// LQ of a tiled matrix by flat trees, as programs. Column k of tiles has L when step k is done, and
// the tiles right of it in row k are eliminated one after the other.
//
// A, m x n tiles that are square but for the last ones, becomes L on and below the diagonal and the
// reflections right of it: A = L Q. F, m x n tiles too, gets their triangular factors: its tiles
// have a column for each row of A's, and one row more than the inner block is to have
// (kernel/lq.hpp, whose Q is the adjoint of this one). Sources: ?gelqf; Buttari, Langou, Kurzak,
// Dongarra, "A class of parallel tiled linear algebra algorithms for multicore architectures",
// 2009, whose QR this is for rows.
#pragma once

#include "lambdapack/dsl/dsl.hpp"
#include "lambdapack/dsl/lq_words.hpp"

namespace lambdapack::algorithm {

/// LQ of row k from column l on, on any arrays, and what it makes of the rows below.
template <class Tiles, class Factors>
void lq_step(const Tiles& A, const Factors& F, const Expr& k, const Expr& l) {
  const auto m = A.extent(0), n = A.extent(1);
  tie(A(k, l), F(k, l)) = gelqt(A(k, l));
  for (auto i : range(k + 1, m)) A(i, l) = unmlq_right(A(k, l), F(k, l), A(i, l));
  for (auto j : range(l + 1, n)) {
    tie(A(k, l), A(k, j), F(k, j)) = tslqt(A(k, l), A(k, j));
    for (auto i : range(k + 1, m))
      tie(A(i, l), A(i, j)) = tsmlq_right(A(k, j), F(k, j), A(i, l), A(i, j));
  }
}

/// A = L Q by flat trees.
template <Scalar T>
void lq_flat(InOut<T, 2> A, Out<T, 2> F) {
  F.unwritten(zero);
  const auto m = A.extent(0), n = A.extent(1);
  for (auto k : range(m))
    if (auto inside = when(k < n)) lq_step(A, F, k, k);
}

/// C := Q C with the Q of lq_flat. C has as many tile rows as A has tile columns.
template <Scalar T>
void apply_lq(In<T, 2> A, In<T, 2> F, InOut<T, 2> C) {
  const auto m = A.extent(0), n = A.extent(1);
  for (auto k : range(m))
    if (auto inside = when(k < n))
      for (auto j : range(C.extent(1))) {
        C(k, j) = unmlq_adjoint(A(k, k), F(k, k), C(k, j));
        for (auto i : range(k + 1, n))
          tie(C(k, j), C(i, j)) = tsmlq_adjoint(A(k, i), F(k, i), C(k, j), C(i, j));
      }
}

/// C := Q^H C.
template <Scalar T>
void apply_lq_adjoint(In<T, 2> A, In<T, 2> F, InOut<T, 2> C) {
  const auto m = A.extent(0), n = A.extent(1);
  for (auto k : range(m - 1, -1, -1))
    if (auto inside = when(k < n))
      for (auto j : range(C.extent(1))) {
        for (auto i : range(n - 1, k, -1))
          tie(C(k, j), C(i, j)) = tsmlq(A(k, i), F(k, i), C(k, j), C(i, j));
        C(k, j) = unmlq(A(k, k), F(k, k), C(k, j));
      }
}

/// C := C Q. C has as many tile columns as A. If C is known to be `lower` triangular, as an
/// identity is, step k leaves the rows before k as they are.
template <Scalar T>
void apply_lq_right(In<T, 2> A, In<T, 2> F, InOut<T, 2> C, bool lower) {
  const auto m = A.extent(0), n = A.extent(1);
  for (auto k : range(m - 1, -1, -1))
    if (auto inside = when(k < n))
      for (auto i : range(lower ? Expr(k) : Expr(0), C.extent(0))) {
        for (auto j : range(n - 1, k, -1))
          tie(C(i, k), C(i, j)) = tsmlq_adjoint_right(A(k, j), F(k, j), C(i, k), C(i, j));
        C(i, k) = unmlq_adjoint_right(A(k, k), F(k, k), C(i, k));
      }
}

/// C := C Q^H.
template <Scalar T>
void apply_lq_adjoint_right(In<T, 2> A, In<T, 2> F, InOut<T, 2> C) {
  const auto m = A.extent(0), n = A.extent(1);
  for (auto k : range(m))
    if (auto inside = when(k < n))
      for (auto i : range(C.extent(0))) {
        C(i, k) = unmlq_right(A(k, k), F(k, k), C(i, k));
        for (auto j : range(k + 1, n))
          tie(C(i, k), C(i, j)) = tsmlq_right(A(k, j), F(k, j), C(i, k), C(i, j));
      }
}

}  // namespace lambdapack::algorithm
