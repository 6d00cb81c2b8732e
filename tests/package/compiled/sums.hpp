// A program in a header, with a tree: the sum of any number of tiles.
#pragma once

#include <lambdapack/lambdapack.hpp>

inline void sum_by_tree(lp::In<double, 1> x, lp::Out<double, 0> sum) {
  static const auto add =
      lp::make_kernel("add", [](lp::out<double> c, lp::in<double> a, lp::in<double> b) {
        c.resize(1, 1);
        c(0, 0) = a(0, 0) + b(0, 0);
      });
  static const auto copy =
      lp::make_kernel("copy", [](lp::out<double> b, lp::in<double> a) { *b = *a; });
  const auto n = x.extent(0);
  auto S = lp::temp<double, 2>("S", lp::zero);
  for (auto i : lp::range(n)) S(0, i) = copy(x(i));
  for (auto level : lp::range(lp::log2_ceil(n)))
    for (auto i : lp::range(0, n, lp::pow2(level + 1))) {
      const auto other = i + lp::pow2(level);
      if (auto pair = lp::when(other < n)) S(level + 1, i) = add(S(level, i), S(level, other));
      if (auto single = lp::when(other >= n)) S(level + 1, i) = copy(S(level, i));
    }
  sum() = copy(S(lp::log2_ceil(n), 0));
}
