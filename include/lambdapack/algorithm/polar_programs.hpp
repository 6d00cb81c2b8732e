// The steps of QDWH, the iteration that makes the polar factor U of A = U H from A: all singular
// values of X go to 1, its singular vectors stay. X is m x n tiles with m >= n, square but for the
// last ones. Sources: Nakatsukasa, Bai and Gygi, "Optimizing Halley's iteration for computing the
// matrix polar decomposition", 2010; Nakatsukasa and Higham, "Stable and efficient spectral divide
// and conquer algorithms for the symmetric eigenvalue decomposition and the SVD", 2013.
#pragma once

#include "lambdapack/algorithm/cholesky.hpp"
#include "lambdapack/algorithm/gemm.hpp"
#include "lambdapack/algorithm/qr_programs.hpp"
#include "lambdapack/algorithm/syrk.hpp"
#include "lambdapack/kernel/qdwh.hpp"
#include "lambdapack/lambdapack.hpp"

namespace lambdapack::algorithm {

/// Step k of a QR of Y on top of an upper triangular E, on any arrays: row i of E takes part from
/// step i on.
template <class Tiles, class Triangle, class Factors>
void stacked_qr_step(const Tiles& Y, const Triangle& E, const Factors& F, const Factors& G,
                     const Expr& k) {
  qr_step(Y, F, k);
  for (auto i : range(k + 1)) {
    tie(Y(k, k), E(i, k), G(i, k)) = tsqrt(Y(k, k), E(i, k));
    for (auto j : range(k + 1, Y.extent(1)))
      tie(Y(k, j), E(i, j)) = tsmqr_adjoint(E(i, k), G(i, k), Y(k, j), E(i, j));
  }
}

/// Step k, the last one first, of making the first columns of its Q: P on top of Q, an identity and
/// zeros at first.
template <class Tiles, class Triangle, class Factors>
void form_stacked_q_step(const Tiles& Y, const Triangle& E, const Factors& F, const Factors& G,
                         const Tiles& P, const Triangle& Q, const Expr& k) {
  const auto m = Y.extent(0), n = Y.extent(1);
  for (auto j : range(k, n))
    if (auto inside = when(j < m)) {
      for (auto i : range(k, -1, -1))
        tie(P(k, j), Q(i, j)) = tsmqr(E(i, k), G(i, k), P(k, j), Q(i, j));
      for (auto i : range(m - 1, k, -1))
        tie(P(k, j), P(i, j)) = tsmqr(Y(i, k), F(i, k), P(k, j), P(i, j));
      P(k, j) = unmqr(Y(k, k), F(k, k), P(k, j));
    }
}

/// A step by QR: with [sqrt(c) X; I] = [P; Q] R, X := b/c X + (a - b/c) / sqrt(c) P Q^H. Q is upper
/// triangular, as R is.
template <Scalar T>
void qdwh_by_qr(InOut<T, 2> X, kernel::Qdwh<T> step) {
  const auto scale = make_kernel("scale", [step](out<T> y, in<T> x) { step.stacked(y, x); });
  const auto unit = make_kernel("laset", kernel::unit_like<T>);
  const auto beside = make_kernel("laset", kernel::unit_between<T>);
  const auto start = make_kernel("gemm", step.of_q(), "", kernel::operations::gemm);
  const auto next = make_kernel("gemm", step.of_q().added(), "", kernel::operations::gemm);
  const auto m = X.extent(0), n = X.extent(1);
  auto Y = temp<T, 2>("Y", extents(m, n)), P = temp<T, 2>("P", extents(m, n));
  auto E = temp<T, 2>("E"), Q = temp<T, 2>("Q"), F = temp<T, 2>("F"), G = temp<T, 2>("G");

  for (auto i : range(m))
    for (auto j : range(n)) {
      Y(i, j) = scale(X(i, j));
      P(i, j) = unit(X(i, j), i, j);
    }
  for (auto k : range(n))
    if (auto inside = when(k < m)) {
      for (auto j : range(k, n)) E(k, j) = beside(X(k, k), X(k, j), k, j);
      stacked_qr_step(Y, E, F, G, k);
    }
  for (auto k : range(n - 1, -1, -1))
    if (auto inside = when(k < m)) {
      for (auto i : range(k + 1)) Q(i, k) = beside(X(i, i), X(i, k), 0, 1);
      form_stacked_q_step(Y, E, F, G, P, Q, k);
    }
  for (auto j : range(n))
    if (auto inside = when(j < m))
      for (auto i : range(m)) {
        X(i, j) = start(X(i, j), P(i, j), Q(j, j));
        for (auto k : range(j + 1, n))
          if (auto there = when(k < m)) X(i, j) += next(P(i, k), Q(j, k));
      }
}

/// A step by Cholesky: with I + c X^H X = L L^H, X := b/c X + (a - b/c) X L^-H L^-1. The lower
/// triangle of Z is an identity at first.
template <Scalar T>
void qdwh_by_cholesky(InOut<T, 2> X, InOut<T, 2> Z, kernel::Qdwh<T> step) {
  const auto combine = make_kernel("combine", [step](inout<T> x, in<T> y) { step.combine(x, y); });
  const auto m = X.extent(0), n = X.extent(1);
  auto Y = temp<T, 2>("Y", extents(m, n));
  syrk<T>(X, Z, step.of_products());
  cholesky<T>(Z);
  for (auto i : range(m))
    for (auto j : range(n)) Y(i, j) = copy(X(i, j));
  trsm<T>(Z, Y, {.side = Side::right, .op = Op::adjoint});
  trsm<T>(Z, Y, {.side = Side::right});
  for (auto i : range(m))
    for (auto j : range(n)) X(i, j) = combine(X(i, j), Y(i, j));
}

}  // namespace lambdapack::algorithm
