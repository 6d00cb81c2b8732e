// Tracing gives the program that one expects.
#include <catch2/catch.hpp>

#include "dsl/support.hpp"

namespace trace_test {

using namespace dsl_test;  // NOLINT: the vocabulary of these tests

namespace trace_test {

void cholesky(lp::InOut<double, 2> A) {
  const auto n = A.extent(0);
  for (auto k : lp::range(n)) {
    A(k, k) = potrf(A(k, k));
    for (auto i : lp::range(k + 1, n)) {
      A(i, k) = trsm(A(k, k), A(i, k));
      for (auto j : lp::range(k + 1, i + 1)) A(i, j) = syrk(A(i, j), A(i, k), A(j, k));
    }
  }
}

void reversal(lp::InOut<double, 1> x, lp::Integer t) {
  const auto n = x.extent(0);
  for (auto i : lp::range(n - 1, -1, -1)) x(i) = update(x(i));
  for (auto i : lp::range(t, n - t, 3)) x(i) = update(x(2 * i - t + 1));
}

void guarded(lp::InOut<double, 2> A) {
  for (auto i : lp::range(A.extent(0)))
    for (auto j : lp::range(A.extent(1))) {
      if (auto g = lp::when(i < j)) A(i, j) = update(A(i, j));
      if (auto g = lp::when(i <= 3)) A(i, j) = update(A(i, j));
      if (auto g = lp::when(i == j)) A(i, j) = update(A(i, j));
      if (auto g = lp::when(0 != j)) A(i, j) = update(A(i, j));
      if (auto g = lp::when(i >= j + 1)) A(i, j) = update(A(i, j));
      if (auto g = lp::when(i > j)) {
        A(i, j) = update(A(i, j));
        if (auto inner = lp::when(j > 1)) A(i, j) = update(A(i, j));
        A(i, j) = update(A(i, j));
      }
    }
}

void connected(lp::InOut<double, 1> x, lp::Integer p, lp::Integer q) {
  for (auto i : lp::range(x.extent(0))) {
    if (auto g = lp::when(i < p && i != q)) x(i) = update(x(i));
    if (auto g = lp::when(i < p || i > q)) x(i) = update(x(i));
    if (auto g = lp::when((i < p || i == q) && (i > 0 || p >= q))) x(i) = update(x(i));
    if (auto g = lp::when(!(i < p && i != q))) x(i) = update(x(i));
    if (auto g = lp::when(!(i <= p || i == q))) x(i) = update(x(i));
    if (auto g = lp::when(!!(i >= p))) x(i) = update(x(i));
  }
}

void tied(lp::In<double, 1> a, lp::Out<double, 1> v, lp::InOut<float, 1> r) {
  for (auto j : lp::range(a.extent(0))) lp::tie(v(j), r(j)) = split(r(j), a(j));
}

void runs(lp::In<double, 2> A, lp::Out<double, 1> p, lp::Out<double, 0> s) {
  const auto n = A.extent(0);
  for (auto k : lp::range(n)) p(k) = gather(A(lp::range(k, n), k), A(k, k));
  s() = gather(A(lp::range(0, n, 2), lp::range(n - 1, -1, -1)), A(0, 0));
}

void numbers(lp::InOut<double, 1> x, lp::Integer t) {
  for (auto i : lp::range(x.extent(0))) {
    x(i) = scalars(x(i), i + 2 * t - 1, 0.5, std::complex<double>(0, -1));
    x(i) = scalars(x(i), 7, x.extent(0) - i, 2.5F);
  }
}

void temporaries(lp::In<double, 1> x, lp::Out<double, 0> y) {
  auto S = lp::temp<double, 2>("S");
  auto c = lp::temp<double, 0>("c");
  S(-1, 0) = copy(x(0));
  c() = copy(S(-1, 0));
  y() = copy(c());
}

void banded(lp::InOut<double, 2> A, int width, bool lower) {
  for (auto i : lp::range(A.extent(0)))
    for (int d = 0; d <= width; ++d)
      if (auto inside = lp::when(i >= d)) {
        if (lower) A(i, i - d) = update(A(i, i - d));
        if (!lower) A(i - d, i) = update(A(i - d, i));
      }
}

void nothing(lp::In<double, 2>) {}

}  // namespace trace_test

using namespace trace_test;  // NOLINT: named, since clang hides unnamed ones

TEST_CASE("the program of a loop nest reads like its source") {
  CHECK(text(lp::trace(cholesky)) ==
        "cholesky(inout A: float64[A.extent(0), A.extent(1)])\n"
        "  for k in range(0, A.extent(0))\n"
        "    A(k, k) = potrf(A(k, k))\n"
        "    for i in range(k + 1, A.extent(0))\n"
        "      A(i, k) = trsm(A(k, k), A(i, k))\n"
        "      for j in range(k + 1, i + 1)\n"
        "        A(i, j) = syrk(A(i, j), A(i, k), A(j, k))\n");
}

TEST_CASE("a traced program equals the same program made by hand") {
  using namespace lp::ir;
  const Expr n{0, {{1, {Symbol::Kind::parameter, 0}}}};
  const Expr t{0, {{1, {Symbol::Kind::parameter, 1}}}};
  const Expr down{0, {{1, {Symbol::Kind::loop, 0}}}};
  const Expr last{-1, {{1, {Symbol::Kind::parameter, 0}}}};
  const Expr before{0, {{1, {Symbol::Kind::parameter, 0}}, {-1, {Symbol::Kind::parameter, 1}}}};
  const Expr up{0, {{1, {Symbol::Kind::loop, 1}}}};
  const Expr mixed{1, {{-1, {Symbol::Kind::parameter, 1}}, {2, {Symbol::Kind::loop, 1}}}};

  Program expected;
  expected.name = "reversal";
  expected.parameters = {{"x.extent(0)"}, {"t"}};
  expected.arrays = {{"x", "float64", 1, ArrayRole::inout, {0}}};
  expected.kernels = {{"update", {{ParameterRole::inout, "float64"}}}};
  expected.scopes = {{-1, Loop{"i", last, Expr{-1, {}}, Expr{-1}}, {}},
                     {-1, Loop{"i", t, before, Expr{3}}, {}}};
  expected.statements = {{0, 0, {{0, {{down, {}}}, {}}}, {{0, {{down, {}}}, {}}}, {}, {}},
                         {1, 0, {{0, {{up, {}}}, {}}}, {{0, {{mixed, {}}}, {}}}, {}, {}}};
  CHECK(placeless(lp::trace(reversal).program) == expected);
}

TEST_CASE("the same program traced twice is equal, another one is not") {
  CHECK(lp::trace(cholesky).program == lp::trace(cholesky).program);
  CHECK(lp::trace(cholesky).program != lp::trace(guarded).program);
}

TEST_CASE("a program without statements") {
  const lp::Traced traced = lp::trace(nothing);
  CHECK(traced.program.statements.empty());
  CHECK(text(traced) == "program(in A: float64[A.extent(0), A.extent(1)])\n");
}

TEST_CASE("loops count up and down, by any step") {
  CHECK(text(lp::trace(reversal)) ==
        "reversal(inout x: float64[x.extent(0)], int t)\n"
        "  for i in range(x.extent(0) - 1, -1, -1)\n"
        "    x(i) = update(x(i))\n"
        "  for i in range(t, x.extent(0) - t, 3)\n"
        "    x(i) = update(x(2*i - t + 1))\n");
}

TEST_CASE("guards with every relation, one inside another") {
  CHECK(text(lp::trace(guarded)) ==
        "guarded(inout A: float64[A.extent(0), A.extent(1)])\n"
        "  for i in range(0, A.extent(0))\n"
        "    for j in range(0, A.extent(1))\n"
        "      when i < j\n"
        "        A(i, j) = update(A(i, j))\n"
        "      when i <= 3\n"
        "        A(i, j) = update(A(i, j))\n"
        "      when i == j\n"
        "        A(i, j) = update(A(i, j))\n"
        "      when 0 != j\n"
        "        A(i, j) = update(A(i, j))\n"
        "      when i >= j + 1\n"
        "        A(i, j) = update(A(i, j))\n"
        "      when i > j\n"
        "        A(i, j) = update(A(i, j))\n"
        "        when j > 1\n"
        "          A(i, j) = update(A(i, j))\n"
        "        A(i, j) = update(A(i, j))\n");
}

TEST_CASE("conditions are joined by and, or and not") {
  CHECK(text(lp::trace(connected)) ==
        "connected(inout x: float64[x.extent(0)], int p, int q)\n"
        "  for i in range(0, x.extent(0))\n"
        "    when i < p && i != q\n"
        "      x(i) = update(x(i))\n"
        "    when i < p || i > q\n"
        "      x(i) = update(x(i))\n"
        "    when i < p && i > 0 || i < p && p >= q || i == q && i > 0 || i == q && p >= q\n"
        "      x(i) = update(x(i))\n"
        "    when i >= p || i == q\n"
        "      x(i) = update(x(i))\n"
        "    when i > p && i != q\n"
        "      x(i) = update(x(i))\n"
        "    when i >= p\n"
        "      x(i) = update(x(i))\n");
}

TEST_CASE("a kernel with several outputs is tied to several tiles") {
  CHECK(text(lp::trace(tied)) ==
        "tied(in a: float64[a.extent(0)], out v: float64[v.extent(0)], inout r: "
        "float32[r.extent(0)])\n"
        "  for j in range(0, a.extent(0))\n"
        "    (v(j), r(j)) = split(r(j), a(j))\n");
}

TEST_CASE("a read may name a run of tiles") {
  CHECK(text(lp::trace(runs)) ==
        "runs(in A: float64[A.extent(0), A.extent(1)], out p: float64[p.extent(0)], out s: "
        "float64[])\n"
        "  for k in range(0, A.extent(0))\n"
        "    p(k) = gather(A(range(k, A.extent(0)), k), A(k, k))\n"
        "  s() = gather(A(range(0, A.extent(0), 2), range(A.extent(0) - 1, -1, -1)), A(0, 0))\n");
}

TEST_CASE("scalars are constants or index expressions") {
  CHECK(text(lp::trace(numbers)) ==
        "numbers(inout x: float64[x.extent(0)], int t)\n"
        "  for i in range(0, x.extent(0))\n"
        "    x(i) = scalars(x(i), 2*t + i - 1, 0.5, complex(0.0, -1.0))\n"
        "    x(i) = scalars(x(i), 7, x.extent(0) - i, 2.5)\n");
}

TEST_CASE("temporaries have no extents and any rank") {
  CHECK(text(lp::trace(temporaries)) ==
        "temporaries(in x: float64[x.extent(0)], out y: float64[])\n"
        "  temp S: float64[*, *]\n"
        "  temp c: float64[]\n"
        "  S(-1, 0) = copy(x(0))\n"
        "  c() = copy(S(-1, 0))\n"
        "  y() = copy(c())\n");
}

TEST_CASE("a parameter that is neither an array nor lp::Integer is a constant of the trace") {
  CHECK(text(lp::trace(banded, 1, true)) ==
        "banded(inout A: float64[A.extent(0), A.extent(1)])\n"
        "  for i in range(0, A.extent(0))\n"
        "    when i >= 0\n"
        "      A(i, i) = update(A(i, i))\n"
        "    when i >= 1\n"
        "      A(i, i - 1) = update(A(i, i - 1))\n");
  CHECK(lp::trace(banded, 1, false).program != lp::trace(banded, 1, true).program);
  CHECK(lp::trace(banded, 2, true).program.statements.size() == 3);
}

TEST_CASE("index expressions are sorted sums without zeros") {
  const auto program = [](lp::InOut<double, 1> x, lp::Integer t) {
    for (auto i : lp::range(x.extent(0))) {
      x(i - i) = update(x(i + t - i));
      x(-i + x.extent(0)) = update(x(3 * (i - t) - 2 * i + 4 * t));
      x(0 * i + 5) = update(x(i * 0));
    }
  };
  CHECK(text(lp::trace(program)) ==
        "program(inout x: float64[x.extent(0)], int t)\n"
        "  for i in range(0, x.extent(0))\n"
        "    x(0) = update(x(t))\n"
        "    x(x.extent(0) - i) = update(x(t + i))\n"
        "    x(5) = update(x(0))\n");
}

TEST_CASE("a program may trace another one") {
  lp::Traced inner;
  const auto outer = [&](lp::InOut<double, 1> x) {
    for (auto i : lp::range(x.extent(0))) {
      inner = lp::trace(cholesky);
      x(i) = update(x(i));
    }
  };
  const lp::Traced traced = lp::trace(outer);
  CHECK(text(inner) == text(lp::trace(cholesky)));
  CHECK(text(traced) ==
        "program(inout x: float64[x.extent(0)])\n"
        "  for i in range(0, x.extent(0))\n"
        "    x(i) = update(x(i))\n");
}

TEST_CASE("a kernel is listed once, however often it is called") {
  const auto program = [](lp::InOut<double, 1> x, lp::InOut<float, 1> y) {
    const auto same = update;
    x(0) = update(x(0));
    x(1) = same(x(1));
    x(2) = scale(x(2), 2.0);
    x(3) = scale(x(3), 3.0);
    y(0) = scale(y(0), 2.0);
  };
  const lp::Traced traced = lp::trace(program);
  REQUIRE(traced.program.kernels.size() == 3);
  CHECK(traced.program.kernels[0].name == "update");
  CHECK(traced.program.kernels[1].name == "scale");
  CHECK(traced.program.kernels[2].name == "scale");
  CHECK(traced.program.kernels[2].parameters[0].element == "float32");
  REQUIRE(traced.kernels.size() == 3);
  CHECK(traced.kernels[0].get() == &update.function());
}

TEST_CASE("two kernels of one name are two kernels") {
  const auto program = [](lp::InOut<double, 1> x) {
    const auto other = lp::make_kernel("update", [](lp::inout<double>) {});
    x(0) = update(x(0));
    x(0) = other(x(0));
  };
  CHECK(lp::trace(program).program.kernels.size() == 2);
}

}  // namespace trace_test
