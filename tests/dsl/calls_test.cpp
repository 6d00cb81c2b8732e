// A program is a function, and another program may call it.
#include <catch2/catch.hpp>
#include <vector>

#include "dsl/support.hpp"
#include "lambdapack/dsl/signature.hpp"

namespace calls_test {

using namespace dsl_test;  // NOLINT: the vocabulary of these tests

namespace calls_test {

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

void forward(lp::In<double, 2> L, lp::InOut<double, 2> B) {
  for (auto j : lp::range(B.extent(1)))
    for (auto k : lp::range(L.extent(0))) {
      B(k, j) = trsm_left(L(k, k), B(k, j));
      for (auto i : lp::range(k + 1, L.extent(0))) B(i, j) = gemm_sub(B(i, j), L(i, k), B(k, j));
    }
}

void backward(const lp::In<double, 2>& L, lp::InOut<double, 2> B) {
  const auto n = L.extent(0);
  for (auto j : lp::range(B.extent(1)))
    for (auto k : lp::range(n - 1, -1, -1)) {
      B(k, j) = trsm_left_adjoint(L(k, k), B(k, j));
      for (auto i : lp::range(k)) B(i, j) = gemm_sub_adjoint(B(i, j), L(k, i), B(k, j));
    }
}

void solve(lp::InOut<double, 2> Matrix, lp::InOut<double, 2> rhs) {
  cholesky(Matrix);
  forward(Matrix, rhs);
  backward(Matrix, rhs);
}

void written_out(lp::InOut<double, 2> Matrix, lp::InOut<double, 2> rhs) {
  const auto n = Matrix.extent(0);
  for (auto k : lp::range(n)) {
    Matrix(k, k) = potrf(Matrix(k, k));
    for (auto i : lp::range(k + 1, n)) {
      Matrix(i, k) = trsm(Matrix(k, k), Matrix(i, k));
      for (auto j : lp::range(k + 1, i + 1))
        Matrix(i, j) = syrk(Matrix(i, j), Matrix(i, k), Matrix(j, k));
    }
  }
  for (auto j : lp::range(rhs.extent(1)))
    for (auto k : lp::range(n)) {
      rhs(k, j) = trsm_left(Matrix(k, k), rhs(k, j));
      for (auto i : lp::range(k + 1, n)) rhs(i, j) = gemm_sub(rhs(i, j), Matrix(i, k), rhs(k, j));
    }
  for (auto j : lp::range(rhs.extent(1)))
    for (auto k : lp::range(n - 1, -1, -1)) {
      rhs(k, j) = trsm_left_adjoint(Matrix(k, k), rhs(k, j));
      for (auto i : lp::range(k)) rhs(i, j) = gemm_sub_adjoint(rhs(i, j), Matrix(k, i), rhs(k, j));
    }
}

void copy_all(lp::In<double, 1> from, lp::Out<double, 1> to) {
  for (auto i : lp::range(to.extent(0))) to(i) = copy(from(i));
}

void shift(lp::InOut<double, 1> x, lp::Integer by) {
  for (auto i : lp::range(x.extent(0) - by)) x(i) = copy(x(i + by));
}

void through_temporaries(lp::In<double, 1> x, lp::Out<double, 1> y, lp::Integer t) {
  auto S = lp::temp<double, 1>("S", lp::extents(x.extent(0) + t));
  copy_all(x, S);
  for (auto k : lp::range(t)) shift(S, 2 * k + 1);
  copy_all(S, y);
  copy_all(y, S);
}

// The names of the called program's parameters are as many as those of its caller.
void inner(lp::InOut<double, 1> first, lp::InOut<double, 1> second) {
  for (auto i : lp::range(first.extent(0))) first(i) = add(first(i), second(i));
}
void outer(lp::InOut<double, 1> left, lp::InOut<double, 1> right) { inner(right, left); }

template <class T>
void generic(lp::InOut<T, 1> data) {
  shift(data, 1);
}

// It hands its arrays on by reference, to a program with other parameters.
void by_reference(const lp::InOut<double, 1>& x) {
  const auto helper = [](const lp::InOut<double, 1>& y, lp::Expr i) { y(i) = update(y(i)); };
  helper(x, 3);
}

std::vector<std::string> names(const lp::ir::Program& program) {
  std::vector<std::string> names{program.name};
  for (const lp::ir::Array& array : program.arrays) names.push_back(array.name);
  for (const lp::ir::Parameter& parameter : program.parameters) names.push_back(parameter.name);
  return names;
}

using Names = std::vector<std::string>;

}  // namespace calls_test

using namespace calls_test;  // NOLINT: named, since clang hides unnamed ones

TEST_CASE("a program of calls is the program written out") {
  lp::ir::Program calls = placeless(lp::trace(solve).program);
  CHECK(calls.name == "solve");
  calls.name = "written_out";
  CHECK(calls == placeless(lp::trace(written_out).program));
}

TEST_CASE("arrays, temporaries and index expressions are handed to programs") {
  CHECK(text(lp::trace(through_temporaries)) ==
        "through_temporaries(in x: float64[x.extent(0)], out y: float64[y.extent(0)], int t)\n"
        "  temp S: float64[*]\n"
        "  for i in range(0, x.extent(0) + t)\n"
        "    S(i) = copy(x(i))\n"
        "  for k in range(0, t)\n"
        "    for i in range(0, x.extent(0) + t - 2*k - 1)\n"
        "      S(i) = copy(S(2*k + i + 1))\n"
        "  for i in range(0, y.extent(0))\n"
        "    y(i) = copy(S(i))\n"
        "  for i in range(0, x.extent(0) + t)\n"
        "    S(i) = copy(y(i))\n");
}

TEST_CASE("names come from the program that is traced, not from those that it calls") {
  CHECK(names(lp::trace(outer).program) ==
        Names{"outer", "left", "right", "left.extent(0)", "right.extent(0)"});
  CHECK(names(lp::trace(generic<double>).program) == Names{"generic", "data", "data.extent(0)"});
  CHECK(names(lp::trace(by_reference).program) == Names{"program", "A", "A.extent(0)"});
  const auto lambda = [](lp::InOut<double, 1> u, lp::InOut<double, 1> v) { inner(u, v); };
  CHECK(names(lp::trace(lambda).program) ==
        Names{"program", "u", "v", "u.extent(0)", "v.extent(0)"});
  const auto constants = [](lp::InOut<double, 1> u, bool twice, lp::Integer t) {
    shift(u, t);
    if (twice) shift(u, t);
  };
  CHECK(names(lp::trace(constants, true).program) == Names{"program", "u", "u.extent(0)", "t"});
}

TEST_CASE("a temporary of rank 0 needs no extents") {
  const auto set = [](lp::Out<double, 0> s, lp::In<double, 1> x) { s() = copy(x(0)); };
  const auto program = [&](lp::In<double, 1> x) { set(lp::temp<double, 0>("s"), x); };
  CHECK(lp::trace(program).program.statements.size() == 1);
}

TEST_CASE("a temporary without extents is not handed to a program") {
  const auto program = [](lp::In<double, 1> x) {
    auto S = lp::temp<double, 1>("S");
    copy_all(x, S);
  };
  constexpr int line = __LINE__ - 2;
  CHECK(refusal([&] { lp::trace(program); }) ==
        "lambdapack: line " + std::to_string(line) +
            " hands the temporary S to a program, which may ask for its extents; declare it with "
            "them, lp::temp<T, rank>(\"S\", lp::extents(n, m)) [lp-E008]");
  CHECK(refusal([] { lp::trace([](lp::In<double, 1>) { lp::temp<double, 1>("S").extent(0); }); }) ==
        "lambdapack: extent(0) of the temporary S, which has none; declare it with its extents, "
        "lp::temp<T, rank>(\"S\", lp::extents(n, m)) [lp-E008]");
}

TEST_CASE("what a function's name says of its parameters") {
  using lp::detail::parameter_types_of;
  using lp::detail::ParameterWord;
  using lp::detail::signature_fits;
  using enum ParameterWord;
  using Types = std::vector<std::string_view>;
  CHECK(parameter_types_of("void f()").empty());
  CHECK(parameter_types_of("void f(void)").empty());
  CHECK(parameter_types_of("nothing").empty());
  CHECK(parameter_types_of("void a::f(lp::In<T, 2>, int) [with T = g<int(*)(char)>]") ==
        Types{"lp::In<T, 2>", " int"});
  CHECK(parameter_types_of("auto g(char)::(anonymous class)::operator()(A) const") == Types{"A"});
  CHECK(parameter_types_of("g(char)::<lambda(A, std::function<void(int, int)>)>") ==
        Types{"A", " std::function<void(int, int)>"});
  CHECK(signature_fits("void f(lp::InOut<T, 2>, int)", {inout, other}));
  CHECK(signature_fits("void f(Matrix, lambdapack::Integer)", {inout, integer}));
  CHECK_FALSE(signature_fits("void f(lp::In<T, 2>, int)", {inout, other}));
  CHECK_FALSE(signature_fits("void f(lp::InOut<T, 2>, lp::Expr)", {inout, integer}));
  CHECK_FALSE(signature_fits("void f(lp::InOut<T, 2>)", {inout, integer}));
}

}  // namespace calls_test
