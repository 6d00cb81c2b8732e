// QR of a tiled matrix, as programs. Row k of tiles has R when step k is done, and the tiles below
// are eliminated: one after the other (flat), or in a tree.
//
// A, m x n tiles that are square but for the last ones, becomes R on and above the diagonal and the
// reflections below. F, m x n tiles too, gets their triangular factors: its tiles have A's columns,
// and one row more than the inner block is to have (kernel/qr.hpp). C has as many tile rows as A.
// Sources: Buttari, Langou, Kurzak, Dongarra, "A class of parallel tiled linear algebra algorithms
// for multicore architectures", 2009; Hadri, Ltaief, Agullo, Dongarra, "Tile QR factorization with
// parallel panel processing for multicore architectures", 2010.
#pragma once

#include <cstdint>

#include "lambdapack/dsl/dsl.hpp"
#include "lambdapack/dsl/qr_words.hpp"

namespace lambdapack::algorithm {

/// Step k of a QR by a flat tree, on any arrays: column k of A becomes its R, what is to its right
/// Q^H of it.
template <class Tiles, class Factors>
void qr_step(const Tiles& A, const Factors& F, const Expr& k) {
  const auto m = A.extent(0), n = A.extent(1);
  tie(A(k, k), F(k, k)) = geqrt(A(k, k));
  for (auto j : range(k + 1, n)) A(k, j) = unmqr_adjoint(A(k, k), F(k, k), A(k, j));
  for (auto i : range(k + 1, m)) {
    tie(A(k, k), A(i, k), F(i, k)) = tsqrt(A(k, k), A(i, k));
    for (auto j : range(k + 1, n))
      tie(A(k, j), A(i, j)) = tsmqr_adjoint(A(i, k), F(i, k), A(k, j), A(i, j));
  }
}

/// A = Q R by flat trees: in each column, one tile after the other under the diagonal one.
template <Scalar T>
void qr_flat(InOut<T, 2> A, Out<T, 2> F) {
  F.unwritten(zero);
  const auto m = A.extent(0), n = A.extent(1);
  for (auto k : range(n))
    if (auto inside = when(k < m)) qr_step(A, F, k);
}

/// C := Q^H C with the Q of qr_flat.
template <Scalar T>
void apply_q_adjoint_flat(In<T, 2> A, In<T, 2> F, InOut<T, 2> C) {
  const auto m = A.extent(0), n = A.extent(1);
  for (auto k : range(n))
    if (auto inside = when(k < m))
      for (auto j : range(C.extent(1))) {
        C(k, j) = unmqr_adjoint(A(k, k), F(k, k), C(k, j));
        for (auto i : range(k + 1, m))
          tie(C(k, j), C(i, j)) = tsmqr_adjoint(A(i, k), F(i, k), C(k, j), C(i, j));
      }
}

/// C := Q C with the Q of qr_flat. If C is known to be `upper` triangular, as an identity is, step
/// k leaves the columns before k as they are.
template <Scalar T>
void apply_q_flat(In<T, 2> A, In<T, 2> F, InOut<T, 2> C, bool upper) {
  const auto m = A.extent(0), n = A.extent(1);
  for (auto k : range(n - 1, -1, -1))
    if (auto inside = when(k < m))
      for (auto j : range(upper ? Expr(k) : Expr(0), C.extent(1))) {
        for (auto i : range(m - 1, k, -1))
          tie(C(k, j), C(i, j)) = tsmqr(A(i, k), F(i, k), C(k, j), C(i, j));
        C(k, j) = unmqr(A(k, k), F(k, k), C(k, j));
      }
}

/// A = Q R by a binary tree of flat trees: in each column, flat trees over `domain` tiles each,
/// from 1 on, whose triangles are then joined two by two. With a domain of 1 it is a binary tree.
template <Scalar T>
void qr_tree(InOut<T, 2> A, Out<T, 2> F, std::int64_t domain) {
  F.unwritten(zero);
  const auto m = A.extent(0), n = A.extent(1);
  for (auto k : range(n)) {
    for (auto d : range(k, m, domain)) {
      tie(A(d, k), F(d, k)) = geqrt(A(d, k));
      for (auto j : range(k + 1, n)) A(d, j) = unmqr_adjoint(A(d, k), F(d, k), A(d, j));
      for (auto i : range(d + 1, d + domain))
        if (auto there = when(i < m)) {
          tie(A(d, k), A(i, k), F(i, k)) = tsqrt(A(d, k), A(i, k));
          for (auto j : range(k + 1, n))
            tie(A(d, j), A(i, j)) = tsmqr_adjoint(A(i, k), F(i, k), A(d, j), A(i, j));
        }
    }
    for (auto level : range(log2_ceil((m - k + domain - 1) / domain)))
      for (auto d : range(k, m - domain * pow2(level), domain * pow2(level + 1))) {
        const auto i = d + domain * pow2(level);
        tie(A(d, k), A(i, k), F(i, k)) = ttqrt(A(d, k), A(i, k), F(i, k));
        for (auto j : range(k + 1, n))
          tie(A(d, j), A(i, j)) = ttmqr_adjoint(A(i, k), F(i, k), A(d, j), A(i, j));
      }
  }
}

/// C := Q^H C with the Q of qr_tree and its domain.
template <Scalar T>
void apply_q_adjoint_tree(In<T, 2> A, In<T, 2> F, InOut<T, 2> C, std::int64_t domain) {
  const auto m = A.extent(0), n = A.extent(1);
  for (auto k : range(n))
    for (auto j : range(C.extent(1))) {
      for (auto d : range(k, m, domain)) {
        C(d, j) = unmqr_adjoint(A(d, k), F(d, k), C(d, j));
        for (auto i : range(d + 1, d + domain))
          if (auto there = when(i < m))
            tie(C(d, j), C(i, j)) = tsmqr_adjoint(A(i, k), F(i, k), C(d, j), C(i, j));
      }
      for (auto level : range(log2_ceil((m - k + domain - 1) / domain)))
        for (auto d : range(k, m - domain * pow2(level), domain * pow2(level + 1))) {
          const auto i = d + domain * pow2(level);
          tie(C(d, j), C(i, j)) = ttmqr_adjoint(A(i, k), F(i, k), C(d, j), C(i, j));
        }
    }
}

/// C := Q C with the Q of qr_tree and its domain.
template <Scalar T>
void apply_q_tree(In<T, 2> A, In<T, 2> F, InOut<T, 2> C, std::int64_t domain) {
  const auto m = A.extent(0), n = A.extent(1);
  for (auto k : range(n - 1, -1, -1))
    for (auto j : range(C.extent(1))) {
      for (auto level : range(log2_ceil((m - k + domain - 1) / domain) - 1, -1, -1))
        for (auto d : range(k, m - domain * pow2(level), domain * pow2(level + 1))) {
          const auto i = d + domain * pow2(level);
          tie(C(d, j), C(i, j)) = ttmqr(A(i, k), F(i, k), C(d, j), C(i, j));
        }
      for (auto d : range(k, m, domain)) {
        for (auto i : range(d + domain - 1, d, -1))
          if (auto there = when(i < m))
            tie(C(d, j), C(i, j)) = tsmqr(A(i, k), F(i, k), C(d, j), C(i, j));
        C(d, j) = unmqr(A(d, k), F(d, k), C(d, j));
      }
    }
}

/// C := C Q with the Q of qr_flat. C has as many tile columns as A has tile rows.
template <Scalar T>
void apply_q_right_flat(In<T, 2> A, In<T, 2> F, InOut<T, 2> C) {
  const auto m = A.extent(0), n = A.extent(1);
  for (auto k : range(n))
    if (auto inside = when(k < m))
      for (auto j : range(C.extent(0))) {
        C(j, k) = unmqr_right(A(k, k), F(k, k), C(j, k));
        for (auto i : range(k + 1, m))
          tie(C(j, k), C(j, i)) = tsmqr_right(A(i, k), F(i, k), C(j, k), C(j, i));
      }
}

/// C := C Q^H with the Q of qr_flat.
template <Scalar T>
void apply_q_adjoint_right_flat(In<T, 2> A, In<T, 2> F, InOut<T, 2> C) {
  const auto m = A.extent(0), n = A.extent(1);
  for (auto k : range(n - 1, -1, -1))
    if (auto inside = when(k < m))
      for (auto j : range(C.extent(0))) {
        for (auto i : range(m - 1, k, -1))
          tie(C(j, k), C(j, i)) = tsmqr_adjoint_right(A(i, k), F(i, k), C(j, k), C(j, i));
        C(j, k) = unmqr_adjoint_right(A(k, k), F(k, k), C(j, k));
      }
}

/// C := C Q with the Q of qr_tree and its domain.
template <Scalar T>
void apply_q_right_tree(In<T, 2> A, In<T, 2> F, InOut<T, 2> C, std::int64_t domain) {
  const auto m = A.extent(0), n = A.extent(1);
  for (auto k : range(n))
    for (auto j : range(C.extent(0))) {
      for (auto d : range(k, m, domain)) {
        C(j, d) = unmqr_right(A(d, k), F(d, k), C(j, d));
        for (auto i : range(d + 1, d + domain))
          if (auto there = when(i < m))
            tie(C(j, d), C(j, i)) = tsmqr_right(A(i, k), F(i, k), C(j, d), C(j, i));
      }
      for (auto level : range(log2_ceil((m - k + domain - 1) / domain)))
        for (auto d : range(k, m - domain * pow2(level), domain * pow2(level + 1))) {
          const auto i = d + domain * pow2(level);
          tie(C(j, d), C(j, i)) = ttmqr_right(A(i, k), F(i, k), C(j, d), C(j, i));
        }
    }
}

/// C := C Q^H with the Q of qr_tree and its domain.
template <Scalar T>
void apply_q_adjoint_right_tree(In<T, 2> A, In<T, 2> F, InOut<T, 2> C, std::int64_t domain) {
  const auto m = A.extent(0), n = A.extent(1);
  for (auto k : range(n - 1, -1, -1))
    for (auto j : range(C.extent(0))) {
      for (auto level : range(log2_ceil((m - k + domain - 1) / domain) - 1, -1, -1))
        for (auto d : range(k, m - domain * pow2(level), domain * pow2(level + 1))) {
          const auto i = d + domain * pow2(level);
          tie(C(j, d), C(j, i)) = ttmqr_adjoint_right(A(i, k), F(i, k), C(j, d), C(j, i));
        }
      for (auto d : range(k, m, domain)) {
        for (auto i : range(d + domain - 1, d, -1))
          if (auto there = when(i < m))
            tie(C(j, d), C(j, i)) = tsmqr_adjoint_right(A(i, k), F(i, k), C(j, d), C(j, i));
        C(j, d) = unmqr_adjoint_right(A(d, k), F(d, k), C(j, d));
      }
    }
}

}  // namespace lambdapack::algorithm
