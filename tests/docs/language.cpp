// The code of docs/language.md.
#include <lambdapack/lambdapack.hpp>

#include <catch2/catch.hpp>
#include <complex>

#include "docs/support.hpp"

namespace {

// clang-format off
void axpy(lp::In<double, 1> x, lp::InOut<double, 1> y, lp::Integer first, bool twice) {
  for (auto i : lp::range(first, y.extent(0))) {
    y(i) = add(y(i), x(i));
    if (twice) y(i) = add(y(i), x(i));      // decided while the program is traced
  }
}

void loops(lp::InOut<double, 1> x) {
  const auto n = x.extent(0);
  for (auto i : lp::range(n)) x(i) = scale(x(i), 2.0);              // 0, 1, ... n - 1
  for (auto i : lp::range(1, n)) x(i) = scale(x(i), 2.0);           // 1, 2, ... n - 1
  for (auto i : lp::range(0, n, 2)) x(i) = scale(x(i), 2.0);        // 0, 2, ... below n
  for (auto i : lp::range(n - 1, -1, -1)) x(i) = scale(x(i), 2.0);  // n - 1, ... 1, 0
}

void guards(lp::InOut<double, 2> A) {
  for (auto i : lp::range(A.extent(0)))
    for (auto j : lp::range(A.extent(1))) {
      if (auto diagonal = lp::when(i == j)) A(i, j) = scale(A(i, j), 2.0);
      if (auto others = lp::when(i != j)) A(i, j) = scale(A(i, j), 0.5);
      if (auto corner = lp::when(!(i > 0 || j > 0) && A.extent(0) >= 2))
        A(i, j) = scale(A(i, j), 3.0);
    }
}

const auto rotate = lp::make_kernel("rotate",
    [](lp::inout<double> a, lp::inout<double> b, double cosine, double sine) {
      for (std::int64_t i = 0; i < a.rows(); ++i) {
        const double x = a(i, 0), y = b(i, 0);
        a(i, 0) = cosine * x + sine * y;
        b(i, 0) = cosine * y - sine * x;
      }
    });

void rotations(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0) - 1))
    lp::tie(x(i), x(i + 1)) = rotate(x(i), x(i + 1), 0.6, 0.8);
}

template <class T>
void set_to_index(lp::out<T> tile, std::int64_t i, double factor) {
  for (std::int64_t k = 0; k < tile.rows(); ++k) tile(k, 0) = T(factor * static_cast<double>(i));
}
const auto set = lp::make_kernel("set", set_to_index<double>);

void numbers(lp::Out<double, 1> x) {
  for (auto i : lp::range(x.extent(0))) x(i) = set(2 * i + 1, 0.5);
}

const auto first_of = lp::make_kernel("first_of",
    [](lp::out<double> first, lp::in_list<double> tiles) {
      first.resize(1, 1);
      first(0, 0) = tiles.empty() ? 0 : tiles[0](0, 0);
    });

void suffixes(lp::In<double, 2> A, lp::Out<double, 1> y) {
  for (auto k : lp::range(y.extent(0)))
    y(k) = first_of(A(lp::range(k, A.extent(0)), lp::range(0, A.extent(1), 2)));
}

void squares(lp::In<double, 1> x, lp::Out<double, 1> y) {
  auto S = lp::temp<double, 2>("S");
  for (auto i : lp::range(x.extent(0))) {
    S(i, -1) = copy(x(i));
    y(i) = copy(S(i, -1));
  }
}

void factor_block(lp::InOut<double, 2> A, lp::Expr k) { A(k, k) = potrf(A(k, k)); }

void factor_all(lp::InOut<double, 2> A) {
  for (auto k : lp::range(A.extent(0))) factor_block(A, k);
}
// clang-format on

lp::TiledMatrix<double> ones(int n) {
  lp::TiledMatrix<double> x(n, 1, 1);
  for (int i = 0; i < n; ++i) x(i, 0) = 1;
  return x;
}

}  // namespace

TEST_CASE("language: parameters of a program") {
  lp::TiledMatrix<double> x = ones(5), y = ones(5);
  // clang-format off
  lp::run(lp::threads{}, axpy, x, y, 2, true);
  // clang-format on
  CHECK(y(1, 0) == 1);
  CHECK(y(2, 0) == 3);
}

TEST_CASE("language: loops") {
  lp::TiledMatrix<double> x = ones(3);
  lp::run(lp::threads{}, loops, x);
  CHECK(x(0, 0) == 8);
  CHECK(x(1, 0) == 8);
  CHECK(x(2, 0) == 16);
}

TEST_CASE("language: guards") {
  lp::TiledMatrix<double> A(2, 2, 1);
  A(0, 0) = A(1, 1) = A(0, 1) = 1;
  lp::run(lp::threads{}, guards, A);
  CHECK(A(0, 0) == 6);
  CHECK(A(1, 1) == 2);
  CHECK(A(0, 1) == 0.5);
}

TEST_CASE("language: several outputs") {
  lp::TiledMatrix<double> x = ones(2);
  lp::run(lp::threads{}, rotations, x);
  CHECK(x(0, 0) == Approx(1.4));
  CHECK(x(1, 0) == Approx(-0.2));
}

TEST_CASE("language: scalars") {
  lp::TiledMatrix<double> x(3, 1, 1);
  lp::run(lp::threads{}, numbers, x);
  CHECK(x(2, 0) == 2.5);
}

TEST_CASE("language: runs of tiles") {
  lp::TiledMatrix<double> A(2, 3, 1), y(2, 1, 1);
  A(1, 0) = 7;
  lp::run(lp::threads{}, suffixes, A, y);
  CHECK(y(1, 0) == 7);
}

TEST_CASE("language: temporaries") {
  lp::TiledMatrix<double> x = ones(3), y(3, 1, 1);
  lp::run(lp::threads{}, squares, x, y);
  CHECK(y(2, 0) == 1);
}

TEST_CASE("language: parts of programs") {
  lp::TiledMatrix<double> A(2, 2, 1);
  A(0, 0) = A(1, 1) = 4;
  lp::run(lp::threads{}, factor_all, A);
  CHECK(A(1, 1) == 2);
}

TEST_CASE("language: compile and graph") {
  // clang-format off
  const lp::Compiled compiled = lp::compile(axpy, true);      // constants, in order
  const lp::TaskGraph graph = compiled.graph({8, 8, 2});      // x.extent(0), y.extent(0), first
  // clang-format on
  CHECK(graph.size() == 12);
}
