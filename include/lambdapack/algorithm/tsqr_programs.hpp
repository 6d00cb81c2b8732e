// QR of one column of tiles by a binary tree of flat trees, as programs: communication-avoiding QR
// of a tall and skinny matrix. A and F are as in qr_programs.hpp, with one index; A's first tile
// has at least as many rows as columns. Source: Demmel, Grigori, Hoemmen, Langou,
// "Communication-optimal parallel and sequential QR and LU factorizations", 2012.
#pragma once

#include <cstdint>

#include "lambdapack/dsl/dsl.hpp"
#include "lambdapack/dsl/qr_words.hpp"

namespace lambdapack::algorithm {

/// A = Q R: R is left in A's first tile, the reflections are below its diagonal and in the rest.
template <Scalar T>
void tsqr(InOut<T, 1> A, Out<T, 1> F, std::int64_t domain) {
  F.unwritten(zero);
  const auto m = A.extent(0);
  for (auto d : range(0, m, domain)) {
    tie(A(d), F(d)) = geqrt(A(d));
    for (auto i : range(d + 1, d + domain))
      if (auto there = when(i < m)) tie(A(d), A(i), F(i)) = tsqrt(A(d), A(i));
  }
  for (auto level : range(log2_ceil((m + domain - 1) / domain)))
    for (auto d : range(0, m - domain * pow2(level), domain * pow2(level + 1))) {
      const auto i = d + domain * pow2(level);
      tie(A(d), A(i), F(i)) = ttqrt(A(d), A(i), F(i));
    }
}

/// C := Q^H C with the Q of tsqr and its domain.
template <Scalar T>
void apply_q_adjoint_tsqr(In<T, 1> A, In<T, 1> F, InOut<T, 2> C, std::int64_t domain) {
  const auto m = A.extent(0);
  for (auto j : range(C.extent(1))) {
    for (auto d : range(0, m, domain)) {
      C(d, j) = unmqr_adjoint(A(d), F(d), C(d, j));
      for (auto i : range(d + 1, d + domain))
        if (auto there = when(i < m))
          tie(C(d, j), C(i, j)) = tsmqr_adjoint(A(i), F(i), C(d, j), C(i, j));
    }
    for (auto level : range(log2_ceil((m + domain - 1) / domain)))
      for (auto d : range(0, m - domain * pow2(level), domain * pow2(level + 1))) {
        const auto i = d + domain * pow2(level);
        tie(C(d, j), C(i, j)) = ttmqr_adjoint(A(i), F(i), C(d, j), C(i, j));
      }
  }
}

/// C := Q C with the Q of tsqr and its domain.
template <Scalar T>
void apply_q_tsqr(In<T, 1> A, In<T, 1> F, InOut<T, 2> C, std::int64_t domain) {
  const auto m = A.extent(0);
  for (auto j : range(C.extent(1))) {
    for (auto level : range(log2_ceil((m + domain - 1) / domain) - 1, -1, -1))
      for (auto d : range(0, m - domain * pow2(level), domain * pow2(level + 1))) {
        const auto i = d + domain * pow2(level);
        tie(C(d, j), C(i, j)) = ttmqr(A(i), F(i), C(d, j), C(i, j));
      }
    for (auto d : range(0, m, domain)) {
      for (auto i : range(d + domain - 1, d, -1))
        if (auto there = when(i < m)) tie(C(d, j), C(i, j)) = tsmqr(A(i), F(i), C(d, j), C(i, j));
      C(d, j) = unmqr(A(d), F(d), C(d, j));
    }
  }
}

/// C := C Q with the Q of tsqr and its domain.
template <Scalar T>
void apply_q_right_tsqr(In<T, 1> A, In<T, 1> F, InOut<T, 2> C, std::int64_t domain) {
  const auto m = A.extent(0);
  for (auto j : range(C.extent(0))) {
    for (auto d : range(0, m, domain)) {
      C(j, d) = unmqr_right(A(d), F(d), C(j, d));
      for (auto i : range(d + 1, d + domain))
        if (auto there = when(i < m))
          tie(C(j, d), C(j, i)) = tsmqr_right(A(i), F(i), C(j, d), C(j, i));
    }
    for (auto level : range(log2_ceil((m + domain - 1) / domain)))
      for (auto d : range(0, m - domain * pow2(level), domain * pow2(level + 1))) {
        const auto i = d + domain * pow2(level);
        tie(C(j, d), C(j, i)) = ttmqr_right(A(i), F(i), C(j, d), C(j, i));
      }
  }
}

/// C := C Q^H with the Q of tsqr and its domain.
template <Scalar T>
void apply_q_adjoint_right_tsqr(In<T, 1> A, In<T, 1> F, InOut<T, 2> C, std::int64_t domain) {
  const auto m = A.extent(0);
  for (auto j : range(C.extent(0))) {
    for (auto level : range(log2_ceil((m + domain - 1) / domain) - 1, -1, -1))
      for (auto d : range(0, m - domain * pow2(level), domain * pow2(level + 1))) {
        const auto i = d + domain * pow2(level);
        tie(C(j, d), C(j, i)) = ttmqr_adjoint_right(A(i), F(i), C(j, d), C(j, i));
      }
    for (auto d : range(0, m, domain)) {
      for (auto i : range(d + domain - 1, d, -1))
        if (auto there = when(i < m))
          tie(C(j, d), C(j, i)) = tsmqr_adjoint_right(A(i), F(i), C(j, d), C(j, i));
      C(j, d) = unmqr_adjoint_right(A(d), F(d), C(j, d));
    }
  }
}

}  // namespace lambdapack::algorithm
