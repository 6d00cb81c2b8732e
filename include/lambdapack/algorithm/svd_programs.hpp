// The tiled part of the singular value decomposition: A = Q B P^H with B an upper band as wide as a
// tile. A, m x n tiles with m >= n, square but for the last ones, becomes the band, in the upper
// triangles of A(k, k) and the lower ones of A(k, k + 1), and the reflections beside it; F and G
// get their triangular factors, as in qr_programs.hpp. Source: Ltaief, Luszczek, Dongarra,
// "High-performance bidiagonal reduction using tile algorithms on homogeneous multicore
// architectures", 2013.
#pragma once

#include "lambdapack/algorithm/lq_programs.hpp"
#include "lambdapack/algorithm/qr_programs.hpp"
#include "lambdapack/dsl/chase_words.hpp"
#include "lambdapack/dsl/dsl.hpp"
#include "lambdapack/dsl/lq_words.hpp"
#include "lambdapack/dsl/qr_words.hpp"

namespace lambdapack::algorithm {

/// The steps of the reduction, on any arrays: QR of column k, then LQ of row k right of the
/// diagonal.
template <class Tiles, class Left, class Right>
void reduce_to_band(const Tiles& A, const Left& F, const Right& G) {
  const auto m = A.extent(0), n = A.extent(1);
  for (auto k : range(n)) {
    qr_step(A, F, k);
    if (auto more = when(k + 1 < n)) lq_step(A, G, k, k + 1);
  }
}

/// The band alone: F and G are temporaries.
template <Scalar T>
void band(InOut<T, 2> A) {
  reduce_to_band(A, temp<T, 2>("F"), temp<T, 2>("G"));
}

/// The band, and what Q and P need.
template <Scalar T>
void band_with_factors(InOut<T, 2> A, Out<T, 2> F, Out<T, 2> G) {
  F.unwritten(zero);
  G.unwritten(zero);
  reduce_to_band(A, F, G);
}

/// C := P C with the P of band_with_factors. C has n tile rows.
template <Scalar T>
void apply_p(In<T, 2> A, In<T, 2> G, InOut<T, 2> C) {
  const auto n = A.extent(1);
  for (auto k : range(n - 2, -1, -1))
    for (auto j : range(C.extent(1))) {
      for (auto i : range(n - 1, k + 1, -1))
        tie(C(k + 1, j), C(i, j)) = tsmlq(A(k, i), G(k, i), C(k + 1, j), C(i, j));
      C(k + 1, j) = unmlq(A(k, k + 1), G(k, k + 1), C(k + 1, j));
    }
}

/// A band of `width` becomes bidiagonal, by groups of sweeps that follow each other through the
/// tiles of its columns, B; the first tile, and the last two, are empty. Source: in
/// kernel/detail/bulge_chase.hpp.
template <Scalar T>
void chase(InOut<T, 1> B, Integer groups, Integer order, Integer width) {
  for (auto g : range(groups))
    for (auto c : range(B.extent(0) - 2))
      tie(B(c), B(c + 1), B(c + 2)) =
          lambdapack::chase(B(c), B(c + 1), B(c + 2), g, c, order, width);
}

/// X := Q X, with the reflections V and tau of one side of the chase that made a band of this width
/// bidiagonal. X is one row of tiles.
template <Scalar T>
void apply_chase(In<T, 0> V, In<T, 0> tau, InOut<T, 2> X, Integer width) {
  for (auto j : range(X.extent(1))) X(0, j) = lambdapack::apply_chase(V(), tau(), X(0, j), width);
}

}  // namespace lambdapack::algorithm
