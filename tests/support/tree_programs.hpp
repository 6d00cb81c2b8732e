// Trees as users write them: their graphs are what is tested.
#pragma once

#include "support/programs.hpp"

namespace tree_programs {

using namespace test_programs;
using lambdapack::In;
using lambdapack::InOut;
using lambdapack::Integer;
using lambdapack::log2_ceil;
using lambdapack::log2_floor;
using lambdapack::log_ceil;
using lambdapack::log_floor;
using lambdapack::Out;
using lambdapack::pow;
using lambdapack::pow2;
using lambdapack::range;
using lambdapack::temp;
using lambdapack::when;
using lambdapack::zero;

/// Reads tiles at powers below the size, powers_floor up to the size.
inline void powers(In<double, 1> x, Out<double, 1> y) {
  y.unwritten(zero);
  for (auto i : range(log2_ceil(x.extent(0)))) y(i) = make(x(pow2(i)));
}

inline void powers_floor(In<double, 1> x, Out<double, 1> y) {
  y.unwritten(zero);
  const auto n = x.extent(0);
  if (auto some = when(n > 0))
    for (auto i : range(log2_floor(n) + 1)) y(i) = make(x(pow2(i) - 1));
}

inline void powers5(In<double, 1> x, Out<double, 1> y) {
  y.unwritten(zero);
  for (auto i : range(log_floor(5, x.extent(0)))) y(i) = make(x(pow(5, i + 1) - 1));
}

inline void powers_shifted(In<double, 1> x, Out<double, 1> y, Integer k) {
  y.unwritten(zero);
  for (auto i : range(log2_ceil(x.extent(0) - k))) y(i) = make(x(k + pow2(i)));
}

inline void last_power(In<double, 1> x, Out<double, 0> y) {
  y.unwritten(zero);
  const auto n = x.extent(0);
  if (auto some = when(n > 0)) y() = make(x(pow2(log2_floor(n)) - 1));
}

/// A sum of any number of terms by folding what is beyond the largest power.
inline void fold(In<double, 1> x, Out<double, 0> y) {
  y.unwritten(zero);
  const auto n = x.extent(0);
  auto S = temp<double, 2>("S");
  const auto m = pow2(log2_floor(n));
  if (auto some = when(n > 0)) {
    for (auto i : range(m)) {
      if (auto two = when(i + m < n)) S(0, i) = make2(x(i), x(i + m));
      if (auto one = when(i + m >= n)) S(0, i) = make(x(i));
    }
    for (auto l : range(log2_floor(n)))
      for (auto i : range(0, m, pow2(l + 1))) S(l + 1, i) = make2(S(l, i), S(l, i + pow2(l)));
    y() = make(S(log2_floor(n), 0));
  }
}

/// Butterflies of growing strides, cut off at the size; fft_floor on the largest power.
inline void fft_in_place(InOut<double, 1> x) {
  const auto n = x.extent(0);
  for (auto l : range(log2_ceil(n)))
    for (auto b : range(0, n, pow2(l + 1)))
      for (auto i : range(b, b + pow2(l)))
        if (auto in = when(i + pow2(l) < n))
          lambdapack::tie(x(i), x(i + pow2(l))) = both(x(i), x(i + pow2(l)));
}

inline void fft_floor(InOut<double, 1> x) {
  const auto n = x.extent(0);
  const auto m = pow2(log2_floor(n));
  for (auto l : range(log2_floor(n)))
    for (auto b : range(0, m, pow2(l + 1)))
      for (auto i : range(b, b + pow2(l)))
        lambdapack::tie(x(i), x(i + pow2(l))) = both(x(i), x(i + pow2(l)));
}

/// Prefix sums in as many steps as there are levels; in place, from the top.
inline void hillis_steele(In<double, 1> x, Out<double, 1> y) {
  const auto n = x.extent(0);
  auto S = temp<double, 2>("S");
  for (auto i : range(n)) S(0, i) = make(x(i));
  for (auto l : range(log2_ceil(n)))
    for (auto i : range(n)) {
      if (auto far = when(i >= pow2(l))) S(l + 1, i) = make2(S(l, i), S(l, i - pow2(l)));
      if (auto near = when(i < pow2(l))) S(l + 1, i) = make(S(l, i));
    }
  for (auto i : range(n)) y(i) = make(S(log2_ceil(n), i));
}

inline void hillis_in_place(InOut<double, 1> x) {
  const auto n = x.extent(0);
  for (auto l : range(log2_ceil(n)))
    for (auto i : range(n - 1, pow2(l) - 1, -1)) x(i) = update1(x(i), x(i - pow2(l)));
}

/// Prefix sums up and down a tree, in place and by single assignment.
inline void blelloch(InOut<double, 1> x) {
  const auto n = x.extent(0);
  for (auto l : range(log2_ceil(n)))
    for (auto i : range(pow2(l + 1) - 1, n, pow2(l + 1))) x(i) = update1(x(i), x(i - pow2(l)));
  for (auto l : range(log2_ceil(n) - 1, -1, -1))
    for (auto i : range(pow2(l + 1) + pow2(l) - 1, n, pow2(l + 1)))
      x(i) = update1(x(i), x(i - pow2(l)));
}

inline void blelloch_temp(In<double, 1> x, Out<double, 1> y) {
  const auto n = x.extent(0);
  auto U = temp<double, 2>("U", zero);
  auto D = temp<double, 2>("D", zero);
  const auto d = log2_ceil(n);
  for (auto i : range(n)) U(0, i) = make(x(i));
  for (auto l : range(d))
    for (auto i : range(0, n, pow2(l + 1))) U(l + 1, i) = make2(U(l, i), U(l, i + pow2(l)));
  if (auto some = when(n > 0)) D(d, 0) = fill();
  for (auto l : range(d - 1, -1, -1))
    for (auto i : range(0, n, pow2(l + 1))) {
      D(l, i) = make(D(l + 1, i));
      D(l, i + pow2(l)) = make2(D(l + 1, i), U(l, i));
    }
  for (auto i : range(n)) y(i) = make(D(0, i));
}

/// A binomial broadcast.
inline void broadcast(In<double, 0> x, Out<double, 1> y) {
  const auto n = y.extent(0);
  if (auto some = when(n > 0)) y(0) = make(x());
  for (auto l : range(log2_ceil(n)))
    for (auto i : range(pow2(l)))
      if (auto in = when(i + pow2(l) < n)) y(i + pow2(l)) = make(y(i));
}

/// Pivots by a tournament, then the panel; calu for every column.
inline void tslu(InOut<double, 1> A, Out<double, 0> P) {
  P.unwritten(zero);
  const auto n = A.extent(0);
  auto W = temp<double, 2>("W");
  for (auto i : range(n)) W(0, i) = make(A(i));
  for (auto l : range(log2_ceil(n)))
    for (auto i : range(0, n, pow2(l + 1))) {
      if (auto pair = when(i + pow2(l) < n)) W(l + 1, i) = make2(W(l, i), W(l, i + pow2(l)));
      if (auto odd = when(i + pow2(l) >= n)) W(l + 1, i) = make(W(l, i));
    }
  if (auto some = when(n > 0)) P() = make(W(log2_ceil(n), 0));
  for (auto i : range(n)) A(i) = update1(A(i), W(log2_ceil(n), 0));
}

inline void calu(InOut<double, 2> A) {
  const auto n = A.extent(0);
  auto W = temp<double, 3>("W");
  for (auto k : range(n)) {
    for (auto i : range(k, n)) W(k, 0, i) = make(A(i, k));
    for (auto l : range(log2_ceil(n - k)))
      for (auto i : range(k, n, pow2(l + 1))) {
        if (auto pair = when(i + pow2(l) < n))
          W(k, l + 1, i) = make2(W(k, l, i), W(k, l, i + pow2(l)));
        if (auto odd = when(i + pow2(l) >= n)) W(k, l + 1, i) = make(W(k, l, i));
      }
    for (auto i : range(k, n)) A(i, k) = update1(A(i, k), W(k, log2_ceil(n - k), k));
    for (auto j : range(k + 1, n))
      for (auto i : range(k + 1, n)) A(i, j) = update2(A(i, j), A(i, k), A(k, j));
  }
}

/// Reductions with three and four branches.
inline void base3(InOut<double, 1> x) {
  const auto n = x.extent(0);
  for (auto l : range(log_ceil(3, n)))
    for (auto i : range(0, n, pow(3, l + 1)))
      for (auto j : range(i + pow(3, l), i + pow(3, l + 1), pow(3, l)))
        if (auto in = when(j < n)) x(i) = update1(x(i), x(j));
}

inline void base4(In<double, 1> x, Out<double, 0> y) {
  y.unwritten(zero);
  const auto n = x.extent(0);
  auto S = temp<double, 2>("S", zero);
  for (auto i : range(n)) S(0, i) = make(x(i));
  for (auto l : range(log_ceil(4, n)))
    for (auto i : range(0, n, pow(4, l + 1)))
      S(l + 1, i) = gather(S(l, range(i, i + pow(4, l + 1), pow(4, l))), S(l, i));
  if (auto some = when(n > 0)) y() = make(S(log_ceil(4, n), 0));
}

inline void base4_run(InOut<double, 1> x) {
  const auto n = x.extent(0);
  for (auto l : range(log_ceil(4, n)))
    for (auto i : range(0, n, pow(4, l + 1))) {
      if (auto full = when(i + pow(4, l + 1) <= n))
        x(i) = gather(x(range(i, i + pow(4, l + 1), pow(4, l))), x(i));
      if (auto cut = when(i + pow(4, l + 1) > n)) x(i) = gather(x(range(i, n, pow(4, l))), x(i));
    }
}

/// A tree in each row of a triangle.
inline void triangular(In<double, 2> A, Out<double, 1> y) {
  const auto n = A.extent(0);
  auto S = temp<double, 3>("S");
  for (auto i : range(n)) {
    for (auto j : range(i + 1)) S(i, 0, j) = make(A(i, j));
    for (auto l : range(log2_ceil(i + 1)))
      for (auto j : range(0, i + 1, pow2(l + 1))) {
        if (auto pair = when(j + pow2(l) <= i))
          S(i, l + 1, j) = make2(S(i, l, j), S(i, l, j + pow2(l)));
        if (auto odd = when(j + pow2(l) > i)) S(i, l + 1, j) = make(S(i, l, j));
      }
    y(i) = make(S(i, log2_ceil(i + 1), 0));
  }
}

inline void triangular_in_place(InOut<double, 2> A) {
  const auto n = A.extent(0);
  for (auto i : range(n))
    for (auto l : range(log2_ceil(i + 1)))
      for (auto j : range(0, i + 1 - pow2(l), pow2(l + 1)))
        A(i, j) = update1(A(i, j), A(i, j + pow2(l)));
}

/// Trees over the rows from k on.
inline void in_range(InOut<double, 1> x, Integer k) {
  const auto n = x.extent(0);
  for (auto l : range(log2_ceil(n - k)))
    for (auto i : range(k, n - pow2(l), pow2(l + 1))) x(i) = update1(x(i), x(i + pow2(l)));
}

inline void in_loop_in_place(InOut<double, 2> A) {
  const auto n = A.extent(0);
  for (auto k : range(n))
    for (auto l : range(log2_ceil(n - k)))
      for (auto i : range(k, n - pow2(l), pow2(l + 1)))
        A(i, k) = update1(A(i, k), A(i + pow2(l), k));
}

/// Two trees, one after the other.
inline void two_trees(InOut<double, 1> x) {
  const auto n = x.extent(0);
  for (auto l : range(log2_ceil(n)))
    for (auto i : range(0, n - pow2(l), pow2(l + 1))) x(i) = update1(x(i), x(i + pow2(l)));
  for (auto l : range(log_ceil(3, n)))
    for (auto i : range(0, n - pow(3, l), pow(3, l + 1))) x(i) = update1(x(i), x(i + pow(3, l)));
}

inline void up_and_down(InOut<double, 1> x) {
  const auto n = x.extent(0);
  for (auto l : range(log2_ceil(n)))
    for (auto i : range(0, n - pow2(l), pow2(l + 1))) x(i) = update1(x(i), x(i + pow2(l)));
  for (auto l : range(log2_ceil(n) - 1, -1, -1))
    for (auto i : range(0, n - pow2(l), pow2(l + 1)))
      x(i + pow2(l)) = update1(x(i + pow2(l)), x(i));
}

inline void floor_levels(InOut<double, 1> x) {
  const auto n = x.extent(0);
  for (auto l : range(log2_floor(n)))
    for (auto i : range(0, pow2(log2_floor(n)), pow2(l + 1))) x(i) = update1(x(i), x(i + pow2(l)));
}

/// Halving.
inline void from_top(InOut<double, 1> x) {
  const auto n = x.extent(0);
  const auto d = log2_ceil(n);
  for (auto l : range(d))
    for (auto i : range(pow2(d - l - 1)))
      if (auto in = when(i + pow2(d - l - 1) < n)) x(i) = update1(x(i), x(i + pow2(d - l - 1)));
}

/// Nodes numbered as in a heap, or densely in each level.
inline void heap(In<double, 1> x, Out<double, 0> y) {
  y.unwritten(zero);
  const auto n = x.extent(0);
  auto H = temp<double, 1>("H", zero);
  const auto d = log2_ceil(n);
  if (auto some = when(n > 0)) {
    for (auto i : range(n)) H(pow2(d) + i) = make(x(i));
    for (auto l : range(d - 1, -1, -1))
      for (auto i : range(pow2(l), pow2(l + 1))) H(i) = make2(H(2 * i), H(2 * i + 1));
    y() = make(H(1));
  }
}

inline void halves(In<double, 1> x, Out<double, 0> y) {
  y.unwritten(zero);
  const auto n = x.extent(0);
  auto S = temp<double, 2>("S", zero);
  const auto d = log2_ceil(n);
  for (auto i : range(n)) S(0, i) = make(x(i));
  for (auto l : range(d))
    for (auto i : range(pow2(d - l - 1))) S(l + 1, i) = make2(S(l, 2 * i), S(l, 2 * i + 1));
  if (auto some = when(n > 0)) y() = make(S(d, 0));
}

/// R up the tree, Q down.
inline void tsqr_q(InOut<double, 1> A, Out<double, 0> R) {
  R.unwritten(zero);
  const auto n = A.extent(0);
  auto V = temp<double, 2>("V");
  for (auto l : range(log2_ceil(n)))
    for (auto i : range(0, n - pow2(l), pow2(l + 1)))
      lambdapack::tie(A(i), V(l, i)) = split(A(i), A(i + pow2(l)));
  if (auto some = when(n > 0)) R() = make(A(0));
  for (auto l : range(log2_ceil(n) - 1, -1, -1))
    for (auto i : range(0, n - pow2(l), pow2(l + 1)))
      lambdapack::tie(A(i), A(i + pow2(l))) = split(A(i), V(l, i));
}

/// Each level keeps every other tile.
inline void cyclic_reduction(InOut<double, 1> x) {
  const auto n = x.extent(0);
  for (auto l : range(log2_floor(n + 1) - 1))
    for (auto i : range(pow2(l + 1) - 1, n - pow2(l), pow2(l + 1)))
      x(i) = update2(x(i), x(i - pow2(l)), x(i + pow2(l)));
}

/// Powers of one size in an array of another.
inline void zip(In<double, 1> x, InOut<double, 1> y) {
  for (auto i : range(log2_ceil(x.extent(0)))) y(pow2(i)) = make(x(pow2(i)));
}

inline void up_to_n(InOut<double, 1> x, Integer n) {
  for (auto i : range(log2_ceil(n))) x(pow2(i)) = update(x(pow2(i)));
}

inline void floor_n(InOut<double, 1> x, Integer n) {
  if (auto some = when(n > 0))
    for (auto i : range(log2_floor(n) + 1)) x(pow2(i) - 1) = update(x(pow2(i) - 1));
}

inline void pairs(In<double, 1> x, InOut<double, 1> y) {
  const auto n = x.extent(0);
  for (auto l : range(log2_ceil(n)))
    for (auto i : range(0, n - pow2(l), pow2(l + 1))) y(i + pow2(l)) = make(y(i));
}

inline void scatter(In<double, 1> x, Out<double, 1> y) {
  y.unwritten(zero);
  for (auto i : range(y.extent(0))) y(i) = make(x(pow2(i)));
}

/// Powers of `base` beside the logarithms of a size that is not the array's.
template <int base>
void below_ceil(InOut<double, 1> x, Integer n) {
  for (auto i : range(log_ceil(base, n))) x(pow(base, i)) = update(x(pow(base, i)));
}
template <int base>
void up_to_floor(InOut<double, 1> x, Integer n) {
  if (auto some = when(n > 0))
    for (auto i : range(log_floor(base, n) + 1)) x(pow(base, i) - 1) = update(x(pow(base, i) - 1));
}

}  // namespace tree_programs
