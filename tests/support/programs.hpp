// Programs in the language, with kernels that do nothing: their graphs are what is tested.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "lambdapack/dsl/dsl.hpp"

namespace test_programs {

using lambdapack::in;
using lambdapack::in_list;
using lambdapack::inout;
using lambdapack::out;

inline const auto update = lambdapack::make_kernel("update", [](inout<double>) {});
inline const auto update1 = lambdapack::make_kernel("update1", [](inout<double>, in<double>) {});
inline const auto update2 =
    lambdapack::make_kernel("update2", [](inout<double>, in<double>, in<double>) {});
inline const auto make = lambdapack::make_kernel("make", [](out<double>, in<double>) {});
inline const auto make2 =
    lambdapack::make_kernel("make2", [](out<double>, in<double>, in<double>) {});
inline const auto make3 =
    lambdapack::make_kernel("make3", [](out<double>, in<double>, in<double>, in<double>) {});
inline const auto fill = lambdapack::make_kernel("fill", [](out<double>) {});
inline const auto split = lambdapack::make_kernel(
    "split", [](out<double>, out<double>, in<double>, in<double>) {});
inline const auto both = lambdapack::make_kernel("both", [](inout<double>, inout<double>) {});
inline const auto gather =
    lambdapack::make_kernel("gather", [](out<double>, in_list<double>, in<double>) {});

inline void cholesky(lambdapack::InOut<double, 2> A) {
  const auto n = A.extent(0);
  for (auto k : lambdapack::range(n)) {
    A(k, k) = update(A(k, k));
    for (auto i : lambdapack::range(k + 1, n)) {
      A(i, k) = update1(A(i, k), A(k, k));
      for (auto j : lambdapack::range(k + 1, i + 1))
        A(i, j) = update2(A(i, j), A(i, k), A(j, k));
    }
  }
}

// The published single-assignment form; t is the number of trailing steps left out.
inline void cholesky_single_assignment(lambdapack::In<double, 2> I, lambdapack::Out<double, 2> O,
                                       lambdapack::Integer t) {
  O.unwritten(lambdapack::zero);
  const auto n = I.extent(0) - t;
  auto S = lambdapack::temp<double, 3>("S");
  if (auto some = lambdapack::when(n > 0)) O(0, 0) = make(I(0, 0));
  for (auto j : lambdapack::range(1, n)) {
    O(j, 0) = make2(O(0, 0), I(j, 0));
    for (auto k : lambdapack::range(1, j + 1)) S(1, j, k) = make3(I(j, k), O(j, 0), O(k, 0));
  }
  for (auto i : lambdapack::range(1, n)) {
    O(i, i) = make(S(i, i, i));
    for (auto j : lambdapack::range(i + 1, n)) {
      O(j, i) = make2(O(i, i), S(i, j, i));
      for (auto k : lambdapack::range(i + 1, j + 1))
        S(i + 1, j, k) = make3(S(i, j, k), O(j, i), O(k, i));
    }
  }
}

inline void lu(lambdapack::InOut<double, 2> A) {
  const auto m = A.extent(0), n = A.extent(1);
  for (auto k : lambdapack::range(n)) {
    if (auto inside = lambdapack::when(k < m)) {
      A(k, k) = update(A(k, k));
      for (auto i : lambdapack::range(k + 1, m)) A(i, k) = update1(A(i, k), A(k, k));
      for (auto j : lambdapack::range(k + 1, n)) {
        A(k, j) = update1(A(k, j), A(k, k));
        for (auto i : lambdapack::range(k + 1, m)) A(i, j) = update2(A(i, j), A(i, k), A(k, j));
      }
    }
  }
}

inline void gemm(lambdapack::In<double, 2> A, lambdapack::In<double, 2> B,
                 lambdapack::InOut<double, 2> C) {
  for (auto i : lambdapack::range(C.extent(0)))
    for (auto j : lambdapack::range(C.extent(1)))
      for (auto k : lambdapack::range(A.extent(1))) C(i, j) = update2(C(i, j), A(i, k), B(k, j));
}

inline void back_substitution(lambdapack::In<double, 2> L, lambdapack::InOut<double, 1> X) {
  const auto n = X.extent(0);
  for (auto k : lambdapack::range(n - 1, -1, -1)) {
    X(k) = update1(X(k), L(k, k));
    for (auto i : lambdapack::range(k - 1, -1, -1)) X(i) = update2(X(i), L(k, i), X(k));
  }
}

inline void qr_flat(lambdapack::InOut<double, 2> A, lambdapack::Out<double, 2> T) {
  T.unwritten(lambdapack::zero);
  const auto m = A.extent(0), n = A.extent(1);
  for (auto k : lambdapack::range(n)) {
    if (auto inside = lambdapack::when(k < m)) {
      lambdapack::tie(A(k, k), T(k, k)) = split(A(k, k), A(k, k));
      for (auto j : lambdapack::range(k + 1, n)) A(k, j) = update2(A(k, j), A(k, k), T(k, k));
      for (auto i : lambdapack::range(k + 1, m)) {
        lambdapack::tie(A(k, k), A(i, k)) = both(A(k, k), A(i, k));
        for (auto j : lambdapack::range(k + 1, n))
          lambdapack::tie(A(k, j), A(i, j)) = both(A(k, j), A(i, j));
      }
    }
  }
}

// Panels as runs: each step reads the whole column below the diagonal.
inline void panels(lambdapack::InOut<double, 2> A, lambdapack::Out<double, 1> P) {
  const auto n = A.extent(0);
  for (auto k : lambdapack::range(n)) {
    P(k) = gather(A(lambdapack::range(k, n), k), A(k, k));
    for (auto i : lambdapack::range(k, n))
      for (auto j : lambdapack::range(k + 1, n)) A(i, j) = update1(A(i, j), P(k));
  }
}

inline void stencil(lambdapack::In<double, 1> A, lambdapack::Out<double, 1> B,
                    lambdapack::Integer steps) {
  const auto n = A.extent(0);
  auto U = lambdapack::temp<double, 2>("U");
  for (auto i : lambdapack::range(n)) U(0, i) = make(A(i));
  for (auto t : lambdapack::range(steps))
    for (auto i : lambdapack::range(n)) {
      if (auto left = lambdapack::when(i == 0)) U(t + 1, i) = make(U(t, i));
      if (auto right = lambdapack::when(i == n - 1 && i > 0)) U(t + 1, i) = make(U(t, i));
      if (auto middle = lambdapack::when(i > 0 && i < n - 1))
        U(t + 1, i) = make3(U(t, i - 1), U(t, i), U(t, i + 1));
    }
  for (auto i : lambdapack::range(n)) B(i) = make(U(steps, i));
}

// Even tiles are written first, odd ones from their neighbours, then all again backwards.
inline void red_black(lambdapack::InOut<double, 1> A) {
  const auto n = A.extent(0);
  for (auto i : lambdapack::range(0, n, 2)) A(i) = update(A(i));
  for (auto i : lambdapack::range(1, n, 2)) A(i) = update1(A(i), A(i - 1));
  for (auto i : lambdapack::range(n - 2, -1, -1)) A(i) = update1(A(i), A(i + 1));
}

inline void nothing(lambdapack::In<double, 2>) {}

}  // namespace test_programs
