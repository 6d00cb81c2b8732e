#include <array>
#include <lambdapack/lambdapack.hpp>
#include <tuple>
#include <utility>

struct Span {
  lp::Expr first, last;
};

Span inner(lp::Expr n) { return {1, n - 1}; }

void halve_inner(lp::InOut<double, 1> x) {
  const auto [first, last] = inner(x.extent(0));
  const auto [step, factor] = std::pair(2, 0.5);
  for (auto i : lp::range(first, last, step)) x(i) = scale(x(i), factor);
  const int numbers[] = {0, 1};
  const auto [zero, one] = numbers;
  const auto& [two, three] = std::array{2, 3};
  if (auto large = lp::when(x.extent(0) > two)) x(zero) = scale(x(one), 0.5);
  const auto [a, b, c] = std::tuple(0, x.extent(0), three);
  for (auto i : lp::range(a, b, c)) x(i) = scale(x(i), 0.5);
}

void halve(lp::inout<double> a);

void halve_outer(lp::Tiles<double, 1>& x) {
  const auto [first, last] = std::pair(0, x.rows() - 1);
  if (first < last) halve(x(first));
  if (last > 0) halve(x(last));
}

// clang-format off
// expect: lpc: 2 programs checked, 0 errors, 0 warnings
