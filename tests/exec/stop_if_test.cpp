// Loops that end when their data says so, from the program's text to numbers.
#include <atomic>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "same_everywhere.hpp"

namespace stop_if_test {

namespace stop_if_test {

using test_exec::for_each_executor;
using test_exec::numbers;
using test_exec::same_everywhere;

std::atomic<int> improved{0}, judged{0};

// Newton's iteration for the square root, and how far the square is off.
double next_root(double x, double a) { return (x + a / x) / 2; }
bool is_root(double x, double a, double tolerance) { return std::abs(x * x - a) < tolerance; }

const auto improve = lp::make_kernel("improve", [](lp::inout<double> x, lp::in<double> a) {
  ++improved;
  x(0, 0) = next_root(x(0, 0), a(0, 0));
});
const auto judge = lp::make_kernel(
    "judge", [](lp::out<double> flag, lp::in<double> x, lp::in<double> a, double tolerance) {
      ++judged;
      flag.resize(1, 1);
      flag(0, 0) = is_root(x(0, 0), a(0, 0), tolerance);
    });

void root(lp::InOut<double, 0> x, lp::In<double, 0> a, lp::Integer most, double tolerance) {
  auto flag = lp::temp<double, 1>("flag");
  for (auto t : lp::range(most)) {
    x() = improve(x(), a());
    flag(t) = judge(x(), a(), tolerance);
    lp::stop_if(flag(t));
  }
  x() = scale(x(), 2.0);
}

struct Expected {
  double x;
  int steps;
};

Expected plain_root(double a, int most, double tolerance) {
  Expected e{a, 0};
  while (e.steps < most) {
    e.x = next_root(e.x, a);
    ++e.steps;
    if (is_root(e.x, a, tolerance)) break;
  }
  e.x *= 2;
  return e;
}

lp::TiledMatrix<double> number(double x) {
  lp::TiledMatrix<double> tile(1, 1, 1);
  tile(0, 0) = x;
  return tile;
}

std::atomic<int> normalised{0};

const auto add_square = lp::make_kernel("add_square", [](lp::inout<double> sum, lp::in<double> y) {
  if (sum.rows() == 0) *sum = lp::tile::Dense<double>::zeros(1, 1);
  for (std::int64_t i = 0; i < y.rows(); ++i) sum(0, 0) += y(i, 0) * y(i, 0);
});
const auto normalise =
    lp::make_kernel("normalise", [](lp::inout<double> x, lp::in<double> y, lp::in<double> square) {
      ++normalised;
      for (std::int64_t i = 0; i < x.rows(); ++i) x(i, 0) = y(i, 0) / std::sqrt(square(0, 0));
    });
const auto is_steady = lp::make_kernel(
    "is_steady", [](lp::out<double> flag, lp::in<double> now, lp::in<double> before) {
      flag.resize(1, 1);
      flag(0, 0) = before.rows() > 0 && std::abs(now(0, 0) - before(0, 0)) <= 1e-13 * now(0, 0);
    });

// The vector that A stretches most; the squares of the factor settle at the eigenvalue's.
void power_iteration(lp::In<double, 2> A, lp::InOut<double, 1> x, lp::Integer most) {
  const auto n = A.extent(0);
  auto y = lp::temp<double, 2>("y", lp::zero);
  auto square = lp::temp<double, 1>("square", lp::zero);
  auto flag = lp::temp<double, 1>("flag");
  for (auto t : lp::range(most)) {
    for (auto i : lp::range(n)) {
      for (auto k : lp::range(n)) y(t, i) += gemm(A(i, k), x(k));
      square(t) += add_square(y(t, i));
    }
    for (auto i : lp::range(n)) x(i) = normalise(x(i), y(t, i), square(t));
    flag(t) = is_steady(square(t), square(t - 1));
    lp::stop_if(flag(t));
  }
}

}  // namespace stop_if_test

using namespace stop_if_test;  // NOLINT: named, since clang hides unnamed ones

TEST_CASE("Newton's iteration stops at the right step, and later kernels are not called") {
  struct Case {
    double a, tolerance;
    int most;
  };
  for (const Case c : {Case{2, 1e-12, 50}, Case{1e6, 1e-3, 50}, Case{1, 1, 50}, Case{2, 0, 7},
                       Case{2, 1e-12, 1}, Case{2, 1e-12, 0}}) {
    INFO("a = " << c.a << ", tolerance " << c.tolerance << ", at most " << c.most << " steps");
    const Expected expected = plain_root(c.a, c.most, c.tolerance);
    for_each_executor([&](auto executor) {
      auto x = number(c.a);
      const auto a = number(c.a);
      improved = judged = 0;
      const lp::exec::Report report = lp::run(executor, root, x, a, c.most, c.tolerance);
      CHECK(x(0, 0) == expected.x);
      CHECK(improved == expected.steps);
      CHECK(judged == expected.steps);
      CHECK(report.tasks == 3 * c.most + 1);
      CHECK(report.handed_on == 2 * (c.most - expected.steps));
    });
  }
}

TEST_CASE("the first step may be the last, and every step may be taken") {
  CHECK(plain_root(1, 50, 1).steps == 1);
  CHECK(plain_root(2, 7, 0).steps == 7);
  const int steps = plain_root(2, 50, 1e-12).steps;
  CHECK((1 < steps && steps < 10));
}

TEST_CASE("a power iteration over tiles ends when its eigenvalue is steady") {
  constexpr std::int64_t n = 10, tile = 3, tiles = 4, most = 60;
  auto A = numbers(n, n, tile, tile, 4);
  for (std::int64_t j = 0; j < n; ++j)
    for (std::int64_t i = 0; i < j; ++i) A(i, j) = A(j, i);
  for (std::int64_t i = 0; i < n; ++i) A(i, i) += i == 0 ? 50 : 0;
  const auto x = same_everywhere([&](auto executor) {
    auto v = numbers(n, 1, tile, 1, 5);
    normalised = 0;
    const lp::exec::Report report = lp::run(executor, power_iteration, A, v, most);
    const int steps = normalised / tiles;
    CHECK(normalised == steps * tiles);
    CHECK((2 < steps && steps < 30));
    CHECK(report.handed_on == (most - steps) * (tiles * tiles + 2 * tiles + 1));
    return v;
  });
  double lambda = 0, square = 0;
  std::vector<double> Ax(n);
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::int64_t k = 0; k < n; ++k) Ax[static_cast<std::size_t>(i)] += A(i, k) * x(k, 0);
    lambda += Ax[static_cast<std::size_t>(i)] * x(i, 0);
    square += x(i, 0) * x(i, 0);
  }
  CHECK(square == Approx(1));
  CHECK(lambda > 49);
  for (std::int64_t i = 0; i < n; ++i)
    CHECK(Ax[static_cast<std::size_t>(i)] == Approx(lambda * x(i, 0)).margin(1e-5));
}

}  // namespace stop_if_test
