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
const auto ones = lp::make_kernel("ones", [](lp::out<double> tile) {
  tile.resize(1, 1);
  tile(0, 0) = 1;
});

void neighbours(lp::In<double, 1> x, lp::Out<double, 1> y) {
  y.unwritten(lp::zero);
  auto S = lp::temp<double, 1>("S", ones);
  for (auto i : lp::range(x.extent(0))) S(i) = copy(x(i));
  for (auto i : lp::range(0, x.extent(0), 2)) {
    y(i) = copy(S(i - 1));                     // S(-1) holds a one
    y(i) += add(S(i + 1));
  }
}

void every_other(lp::In<double, 1> x, lp::Out<double, 1> even, lp::Out<double, 1> odd) {
  for (auto i : lp::range(x.extent(0))) {
    if (auto first = lp::when(i % 2 == 0)) even(i / 2) = copy(x(i));
    if (auto second = lp::when(i % 2 == 1)) odd(i / 2) = copy(x(i));
  }
}

void sum_by_tree(lp::In<double, 1> x, lp::Out<double, 0> sum) {
  const auto n = x.extent(0);
  auto S = lp::temp<double, 2>("S", lp::zero);              // S(level, i)
  for (auto i : lp::range(n)) S(0, i) = copy(x(i));
  for (auto level : lp::range(lp::log2_ceil(n)))
    for (auto i : lp::range(0, n, lp::pow2(level + 1))) {
      const auto other = i + lp::pow2(level);
      if (auto pair = lp::when(other < n)) S(level + 1, i) = add(S(level, i), S(level, other));
      if (auto single = lp::when(other >= n)) S(level + 1, i) = copy(S(level, i));
    }
  sum() = copy(S(lp::log2_ceil(n), 0));
}

void product(lp::In<double, 2> A, lp::In<double, 2> B, lp::InOut<double, 2> C) {
  for (auto i : lp::range(C.extent(0)))
    for (auto j : lp::range(C.extent(1)))
      for (auto k : lp::range(A.extent(1))) C(i, j) += gemm(A(i, k), B(k, j));
}

void cholesky(lp::InOut<double, 2> A) {
  const auto n = A.extent(0);
  for (auto k : lp::range(n)) {
    A(k, k) = potrf(A(k, k));
    for (auto i : lp::range(k + 1, n)) {
      A(i, k) = trsm(A(k, k), A(i, k));
      for (auto j : lp::range(k + 1, i + 1)) A(i, j) += syrk(A(i, k), A(j, k));
    }
  }
}

void forward(lp::In<double, 2> L, lp::InOut<double, 1> b) {
  const auto n = L.extent(0);
  for (auto k : lp::range(n)) {
    b(k) = trsm_left(L(k, k), b(k));
    for (auto i : lp::range(k + 1, n)) b(i) += gemm_sub(L(i, k), b(k));
  }
}

void backward(lp::In<double, 2> L, lp::InOut<double, 1> b) {
  for (auto k : lp::range(L.extent(0) - 1, -1, -1)) {
    b(k) = trsm_left_adjoint(L(k, k), b(k));
    for (auto i : lp::range(k)) b(i) += gemm_sub_adjoint(L(k, i), b(k));
  }
}

void copy_lower(lp::In<double, 2> A, lp::Out<double, 2> B) {
  for (auto i : lp::range(A.extent(0)))
    for (auto j : lp::range(i + 1)) B(i, j) = copy(A(i, j));
}

void solve(lp::In<double, 2> A, lp::InOut<double, 1> b) {
  auto L = lp::temp<double, 2>("L", lp::extents(A.extent(0), A.extent(0)));
  copy_lower(A, L);
  cholesky(L);
  forward(L, b);
  backward(L, b);
}

const auto half = lp::make_kernel("half", [](lp::inout<double> x) { x(0, 0) /= 2; });
const auto is_small = lp::make_kernel("is_small", [](lp::out<double> flag, lp::in<double> x) {
  flag.resize(1, 1);
  flag(0, 0) = x(0, 0) < 0.1;
});

void halve(lp::InOut<double, 0> x, lp::Integer most) {
  auto flag = lp::temp<double, 1>("flag");
  for (auto t : lp::range(most)) {
    x() = half(x());
    flag(t) = is_small(x());
    lp::stop_if(flag(t));
  }
}
// clang-format on

lp::TiledMatrix<double> ones_of(int n) {
  lp::TiledMatrix<double> x(n, 1, 1);
  for (int i = 0; i < n; ++i) x(i, 0) = 1;
  return x;
}

}  // namespace

TEST_CASE("language: parameters of a program") {
  lp::TiledMatrix<double> x = ones_of(5), y = ones_of(5);
  // clang-format off
  lp::run(lp::threads{}, axpy, x, y, 2, true);
  // clang-format on
  CHECK(y(1, 0) == 1);
  CHECK(y(2, 0) == 3);
}

TEST_CASE("language: loops") {
  lp::TiledMatrix<double> x = ones_of(3);
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
  lp::TiledMatrix<double> x = ones_of(2);
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
  lp::TiledMatrix<double> x = ones_of(3), y(3, 1, 1);
  lp::run(lp::threads{}, squares, x, y);
  CHECK(y(2, 0) == 1);
}

TEST_CASE("language: parts of programs") {
  lp::TiledMatrix<double> A(2, 2, 1);
  A(0, 0) = A(1, 1) = 4;
  lp::run(lp::threads{}, factor_all, A);
  CHECK(A(1, 1) == 2);
}

TEST_CASE("language: rules for unwritten tiles") {
  const lp::ir::Program p = lp::trace(neighbours).program;
  CHECK(p.arrays[1].unwritten == lp::ir::Unwritten{});
  REQUIRE(p.arrays[2].unwritten);
  CHECK(p.kernels[static_cast<std::size_t>(p.arrays[2].unwritten->kernel)].name == "ones");
}

TEST_CASE("language: divisions") {
  lp::TiledMatrix<double> x(5, 1, 1), even(3, 1, 1), odd(2, 1, 1);
  for (int i = 0; i < 5; ++i) x(i, 0) = i;
  lp::run(lp::threads{}, every_other, x, even, odd);
  CHECK(even(2, 0) == 4);
  CHECK(odd(1, 0) == 3);
}

TEST_CASE("language: trees") {
  const lp::ir::Program p = lp::trace(sum_by_tree).program;
  CHECK(p.functions.size() == 3);
  CHECK(p.statements.size() == 4);
  for (int n = 0; n <= 9; ++n) {
    lp::TiledMatrix<double> x(n, 1, 1), sum(1, 1, 1);
    for (int i = 0; i < n; ++i) x(i, 0) = i + 1;
    lp::run(lp::threads{}, sum_by_tree, x, sum);
    CHECK(sum(0, 0) == n * (n + 1) / 2);
  }
}

TEST_CASE("language: reductions") {
  lp::TiledMatrix<double> A(2, 3, 1), B(3, 2, 1), C(2, 2, 1);
  for (int k = 0; k < 3; ++k) A(1, k) = B(k, 0) = k;
  C(1, 0) = 1;
  lp::run(lp::threads{}, product, A, B, C);
  CHECK(C(1, 0) == 6);
}

TEST_CASE("language: calls of programs") {
  lp::TiledMatrix<double> A(3, 3, 1), b(3, 1, 1);
  for (int i = 0; i < 3; ++i) A(i, i) = 4, b(i, 0) = 8 * i;
  A(1, 0) = 2;
  lp::run(lp::threads{}, solve, A, b);
  CHECK(b(0, 0) == Approx(-4. / 3));
  CHECK(b(1, 0) == Approx(8. / 3));
  CHECK(b(2, 0) == Approx(4));
  CHECK(A(0, 0) == 4);
}

TEST_CASE("language: loops that end early") {
  const lp::ir::Program p = lp::trace(halve).program;
  REQUIRE(p.statements.size() == 3);
  CHECK(p.statements[0].stoppable);
  CHECK(p.statements[1].stoppable);
  CHECK_FALSE(p.statements[2].stoppable);
  lp::TiledMatrix<double> x(1, 1, 1);
  x(0, 0) = 1;
  CHECK(lp::run(lp::threads{}, halve, x, 20).handed_on == 2 * 16);
  CHECK(x(0, 0) == 0.0625);
}

TEST_CASE("language: compile and graph") {
  // clang-format off
  const lp::Compiled compiled = lp::compile(axpy, true);      // constants, in order
  const lp::TaskGraph graph = compiled.graph({8, 8, 2});      // x.extent(0), y.extent(0), first
  // clang-format on
  CHECK(graph.size() == 12);
}
