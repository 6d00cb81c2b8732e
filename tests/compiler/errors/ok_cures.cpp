#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_three_times(lp::InOut<double, 1> x) {
  for (int level = 0; level < 3; ++level)
    for (auto i : lp::range(x.extent(0))) x(i) = scale(x(i), 0.5);
}

void all_levels(lp::InOut<double, 1> x) {
  for (auto level : lp::range(x.extent(0))) x(level) = scale(x(level), 0.5);
}

void not_counted(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0))) x(i) = scale(x(i), 0.5);
}

void sized_by_parameter(lp::InOut<double, 1> x, lp::Integer size) {
  for (auto i : lp::range(size))
    if (auto inside = lp::when(i < x.extent(0))) x(i) = scale(x(i), 0.5);
}

void counted_by_index(lp::InOut<double, 1> x, lp::Out<double, 1> y) {
  for (auto i : lp::range(y.extent(0))) y(i) = copy(x(i));
}

void halves_by_level(lp::InOut<double, 1> x) {
  for (auto level : lp::range(lp::log2_ceil(x.extent(0))))
    x(lp::pow2(level)) = scale(x(lp::pow2(level)), 0.5);
}

void triangle_by_guards(lp::InOut<double, 2> A) {
  for (auto i : lp::range(A.extent(0)))
    for (auto j : lp::range(A.extent(1))) {
      if (auto below = lp::when(j < i)) A(i, j) = scale(A(i, j), 2.0);
      if (auto otherwise = lp::when(!(j < i))) A(i, j) = scale(A(i, j), 0.5);
    }
}

void factors(lp::InOut<double, 2> A) {
  for (auto k : lp::range(A.extent(1)))
    if (auto inside = lp::when(k < A.extent(0))) A(k, k) = potrf(A(k, k));
}

void some_by_guard(lp::InOut<double, 1> x) {
  if (auto large = lp::when(x.extent(0) >= 2))
    for (auto i : lp::range(x.extent(0))) x(i) = scale(x(i), 0.5);
}

void again_by_loop(lp::InOut<double, 1> x) {
  for (auto time : lp::range(x.extent(0))) x(time) = scale(x(time), 0.5);
}

constexpr int fixed_size = 4;

void sized_by_constant(lp::InOut<double, 1> x) {
  for (auto i : lp::range(fixed_size))
    if (auto inside = lp::when(i < x.extent(0))) x(i) = scale(x(i), 0.5);
}

void halve_first_in_place(lp::Tiles<double, 1>& x) {
  if (x.extent(0) > 0) halve(x(0));
}

void guarded(lp::InOut<double, 1> x) {
  if (auto inside = lp::when(x.extent(0) > 1)) x(1) = scale(x(1), 0.5);
}

void stopped_in_loop(lp::InOut<double, 1> x) {
  for (auto t : lp::range(x.extent(0))) {
    x(t) = scale(x(t), 0.5);
    lp::stop_if(x(t));
  }
}

void halve_diagonal(lp::InOut<double, 2> A) {
  for (auto i : lp::range(A.extent(0)))
    if (auto inside = lp::when(i < A.extent(1))) A(i, i) = scale(A(i, i), 0.5);
}

void halve_middles(lp::Tiles<double, 1>& x) {
  for (int i = 3; i < x.extent(0); ++i) halve(x((i - 3) / 2));
}

template <class T>
void scaled_instance(lp::InOut<T, 1> x) {
  for (auto i : lp::range(x.extent(0))) x(i) = scale(x(i), T(0.5));
}
template void scaled_instance<double>(lp::InOut<double, 1>);

void scaled_by_default(lp::InOut<double, 1> x, bool twice = false) {
  for (auto i : lp::range(x.extent(0))) {
    x(i) = scale(x(i), 0.5);
    if (twice) x(i) = scale(x(i), 0.5);
  }
}

// clang-format off
// expect: lpc: 18 programs checked, 0 errors, 0 warnings
