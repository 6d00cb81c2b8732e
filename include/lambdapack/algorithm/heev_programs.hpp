// The tiled part of the eigenvalue problem of a Hermitian matrix: A = Q B Q^H with B a band as wide
// as a tile. Of A, n x n tiles that are square, the lower triangle is read, and becomes B's, in the
// lower triangles of A(k, k) and the upper ones of A(k + 1, k), and the reflections below it; F
// gets their triangular factors, as in qr_programs.hpp. Sources: Luszczek, Ltaief, Dongarra,
// "Two-stage tridiagonal reduction for dense symmetric matrices using tile algorithms on multicore
// architectures", 2011; PLASMA's pzhe2hb.
#pragma once

#include "lambdapack/dsl/chase_words.hpp"
#include "lambdapack/dsl/dsl.hpp"
#include "lambdapack/dsl/he2hb_words.hpp"
#include "lambdapack/dsl/qr_words.hpp"

namespace lambdapack::algorithm {

/// The steps of the reduction, on any arrays: QR of column k below the diagonal, and its Q from
/// both sides on what is right of it.
template <class Tiles, class Factors>
void reduce_hermitian_to_band(const Tiles& A, const Factors& F) {
  const auto n = A.extent(0);
  for (auto k : range(n - 1)) {
    const auto l = k + 1;
    tie(A(l, k), F(l, k)) = geqrt(A(l, k));
    A(l, l) = herfb(A(l, k), F(l, k), A(l, l));
    for (auto i : range(l + 1, n)) A(i, l) = unmqr_right(A(l, k), F(l, k), A(i, l));
    for (auto i : range(l + 1, n)) {
      tie(A(l, k), A(i, k), F(i, k)) = tsqrt(A(l, k), A(i, k));
      for (auto j : range(l + 1, i))
        tie(A(j, l), A(i, j)) = tsmqr_hetra(A(i, k), F(i, k), A(j, l), A(i, j));
      tie(A(l, l), A(i, l), A(i, i)) = tsmqr_corner(A(i, k), F(i, k), A(l, l), A(i, l), A(i, i));
      for (auto j : range(i + 1, n))
        tie(A(j, l), A(j, i)) = tsmqr_right(A(i, k), F(i, k), A(j, l), A(j, i));
    }
  }
}

/// The band alone: F is a temporary.
template <Scalar T>
void he2hb(InOut<T, 2> A) {
  reduce_hermitian_to_band(A, temp<T, 2>("F"));
}

/// The band, and what Q needs.
template <Scalar T>
void he2hb_with_factors(InOut<T, 2> A, Out<T, 2> F) {
  F.unwritten(zero);
  reduce_hermitian_to_band(A, F);
}

/// X := Q X with the Q of he2hb_with_factors. X has n tile rows.
template <Scalar T>
void apply_he2hb(In<T, 2> A, In<T, 2> F, InOut<T, 2> X) {
  const auto n = A.extent(0);
  for (auto k : range(n - 2, -1, -1))
    for (auto j : range(X.extent(1))) {
      for (auto i : range(n - 1, k + 1, -1))
        tie(X(k + 1, j), X(i, j)) = tsmqr(A(i, k), F(i, k), X(k + 1, j), X(i, j));
      X(k + 1, j) = unmqr(A(k + 1, k), F(k + 1, k), X(k + 1, j));
    }
}

/// A band of `width` becomes tridiagonal, by groups of sweeps that follow each other through the
/// tiles of its columns, B; the first tile, and the last two, are empty. Source: in
/// kernel/detail/hermitian_chase.hpp.
template <Scalar T>
void chase_hermitian(InOut<T, 1> B, Integer groups, Integer order, Integer width) {
  for (auto g : range(groups))
    for (auto c : range(B.extent(0) - 2))
      tie(B(c), B(c + 1), B(c + 2)) =
          lambdapack::chase_hermitian(B(c), B(c + 1), B(c + 2), g, c, order, width);
}

}  // namespace lambdapack::algorithm
