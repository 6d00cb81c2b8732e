// The functions of plain_forms.hpp in the language, loop by loop.
#pragma once

#include <lambdapack/lambdapack.hpp>

#include "support/plain_forms.hpp"

namespace plain_forms_in_language {

inline const auto touch = lp::make_kernel("touch", plain_forms::touch);
inline const auto make = lp::make_kernel("make", plain_forms::make);
inline const auto use = lp::make_kernel("use", plain_forms::use);
inline const auto gather = lp::make_kernel("gather", plain_forms::gather);
inline const auto mark = lp::make_kernel("mark", plain_forms::mark);
inline const auto swap = lp::make_kernel("swap", plain_forms::swap);
inline const auto closure = lp::make_kernel("closure", plain_forms::closure);
using plain_forms::word;

inline void counters(lp::InOut<double, 1> x) {
  const auto n = x.extent(0);
  for (auto k : lp::range(n)) x(k) = touch(x(k));
  for (auto k : lp::range(1, n - 1)) x(k) = use(x(k), x(k - 1));
  for (auto k : lp::range(1, n, 2)) x(k) = use(x(k), x(k - 1));
  for (auto k : lp::range(n - 1, -1, -1)) x(k) = touch(x(k));
  for (auto k : lp::range(n - 1, 0, -3)) x(k) = use(x(k), x(0));
  for (auto k : lp::range(0, n, 2)) x(k) = touch(x(k));
  for (auto k : lp::range(n)) x(k) = use(x(k), x(n - 1 - k));
  for (auto k : lp::range(n, 0, -1)) x(k - 1) = touch(x(k - 1));
  for (auto k : lp::range((n + 1) / 2)) x(k) = use(x(k), x(2 * k));
  for (auto k : lp::range(n - 1, (n + 2) / 3 - 1, -1)) x(k) = use(x(k), x(0));
  for (auto k : lp::range(n - 1)) x(k) = use(x(k), x(n - 1));
}

inline void old_counters(lp::InOut<double, 2> A) {
  const auto n = A.extent(0);
  for (auto k : lp::range(n)) {
    A(k, k) = touch(A(k, k));
    for (auto i : lp::range(k + 1, n))
      for (auto j : lp::range(k + 1, i + 1)) A(i, j) = use(A(i, j), A(i, k));
  }
  for (auto i : lp::range(n)) A(i, 0) = touch(A(i, 0));
}

inline void band(lp::InOut<double, 2> A, lp::Integer width) {
  for (auto i : lp::range(A.extent(0))) {
    for (auto j : lp::range(A.extent(1)))
      if (auto inside = lp::when(j >= i - width && j <= i + width)) A(i, j) = use(A(i, j), A(i, i));
    for (auto j : lp::range(A.extent(1) - 1, 0, -1))
      if (auto inside = lp::when(j <= i + width && j >= i)) A(i, j) = touch(A(i, j));
  }
}

inline void choices(lp::InOut<double, 2> A) {
  for (auto i : lp::range(A.extent(0)))
    for (auto j : lp::range(A.extent(1))) {
      const auto second = i > j && j != 0;
      const auto third = !(i < 2 || j >= 3);
      if (auto a = lp::when(i == j)) A(i, j) = touch(A(i, j));
      if (auto b = lp::when(i != j && second)) A(i, j) = use(A(i, j), A(j, j));
      if (auto c = lp::when(i != j && !second && third)) A(i, j) = use(A(i, j), A(i, i));
      if (auto d = lp::when(i != j && !second && !third)) A(i, j) = make();
      if (auto e = lp::when((i + j) % 2 == 1)) A(i, j) = touch(A(i, j));
      if (auto f = lp::when(i / 2 == j)) A(i, j) = use(A(i, j), A(i / 2, i / 2));
    }
}

inline void jumps(lp::InOut<double, 2> A) {
  const auto n = A.extent(0);
  const auto inside = A.extent(1) >= n;
  for (auto i : lp::range(n)) {
    if (auto a = lp::when(inside && i != 1)) A(i, i) = touch(A(i, i));
    for (auto j : lp::range(n)) {
      if (auto b = lp::when(inside && i != 1 && j > i)) A(i, j) = touch(A(i, j));
      if (auto c = lp::when(inside && i != 1 && j <= i)) A(i, j) = use(A(i, j), A(i, i));
    }
  }
  if (auto d = lp::when(inside && n > 3)) A(0, 0) = touch(A(0, 0));
  if (auto e = lp::when(inside && n <= 3)) A(0, 0) = make();
}

inline void indices(lp::InOut<double, 1> x, lp::In<double, 1> y) {
  const auto n = x.extent(0);
  for (auto i : lp::range((n + 1) / 2)) {
    x(i) = use(x(i), y(i % 3));
    x(n - 1 - i) = use(x(n - 1 - i), y(i / 3));
    if (auto inside = lp::when(2 * i < n)) x(2 * i) = use(x(2 * i), y(0));
    x(i) = mark(x(i), 3 * i - 1, 0.5);
    x(i) = mark(x(i), n, i + 1);
  }
}

inline void calls(lp::InOut<double, 2> A, lp::InOut<double, 1> x) {
  for (auto k : lp::range(A.extent(1)))
    if (auto inside = lp::when(k < A.extent(0))) {
      A(k, k) = touch(A(k, k));
      for (auto i : lp::range(k + 1, A.extent(0))) A(i, k) = use(A(i, k), A(k, k));
    }
  for (auto i : lp::range(x.extent(0)))
    if (auto inside = lp::when(x.extent(0) <= A.extent(0) && x.extent(0) <= A.extent(1)))
      x(i) = use(x(i), A(i, i));
}

inline void kernels(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0) - 1)) {
    x(i) = word(x(i), x(i + 1));
    x(i) = closure(x(i));
    lp::tie(x(i), x(i + 1)) = swap(x(i), x(i + 1));
    x(i) = scale(x(i), 0.25);
  }
}

inline void outputs(lp::In<double, 1> x, lp::Out<double, 1> y) {
  for (auto i : lp::range(y.extent(0))) {
    y(i) = make();
    if (auto inside = lp::when(i < x.extent(0))) y(i) = use(y(i), x(i));
  }
}

inline void temporaries(lp::InOut<double, 1> x) {
  const auto n = x.extent(0);
  auto sized = lp::temp<double, 1>("sized", lp::extents(n));
  auto zeros = lp::temp<double, 2>("zeros", lp::zero);
  for (auto i : lp::range(n)) sized(i) = make();
  for (auto i : lp::range(n)) {
    zeros(i, -1) = use(zeros(i, -1), sized(i));
    x(i) = use(x(i), zeros(i, -1));
    x(i) = use(x(i), zeros(i, 1));
    zeros(i, 1) = use(zeros(i, 1), x(i));
  }
}

inline void rounds(lp::InOut<double, 1> x) {
  const auto n = x.extent(0);
  auto sized = lp::temp<double, 1>("sized", lp::extents(n));
  auto own = lp::temp<double, 2>("own", lp::zero);
  auto inner = lp::temp<double, 3>("inner");
  auto sum = lp::temp<double, 1>("sum", lp::zero);
  if (auto enough = lp::when(n >= 2)) {
    for (auto i : lp::range(n)) sized(i) = make();
    for (auto i : lp::range(n)) {
      own(i, 0) = use(own(i, 0), x(i));
      for (auto j : lp::range(i, n)) {
        inner(i, j, j) = make();
        inner(i, j, j) = use(inner(i, j, j), own(i, j - i));
        x(j) = use(x(j), inner(i, j, j));
      }
      if (auto later = lp::when(i > 1)) {
        sum(i) = use(sum(i), x(i));
        x(0) = use(x(0), sum(i));
      }
      x(i) = use(x(i), sized(i));
    }
  }
}

inline void runs(lp::InOut<double, 2> A) {
  const auto n = A.extent(0);
  for (auto k : lp::range(n)) A(k, k) = gather(A(k, k), A(lp::range(k + 1, n), k));
  A(0, 0) = gather(A(0, 0), A(lp::range(0, n, 2), lp::range(A.extent(1) - 1, 0, -1)));
}

}  // namespace plain_forms_in_language
