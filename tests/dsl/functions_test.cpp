// Divisions, powers and logarithms of indices.
#include <catch2/catch.hpp>
#include <cstdint>

#include "dsl/support.hpp"

namespace functions_test {

using namespace dsl_test;  // NOLINT: the vocabulary of these tests
using Kind = lp::ir::Function::Kind;

namespace functions_test {

void divisions(lp::InOut<double, 1> x, lp::Integer t) {
  for (auto i : lp::range(x.extent(0) / 2))
    if (auto even = lp::when(i % 2 == 0)) x(2 * i + 1) = update(x((i + t) / 3 - i % 2));
}

void tree(lp::In<double, 1> A, lp::Out<double, 0> R) {
  const auto n = A.extent(0);
  auto S = lp::temp<double, 2>("S");
  for (auto j : lp::range(n)) S(0, j) = copy(A(j));
  for (auto level : lp::range(lp::log2_ceil(n)))
    for (auto j : lp::range(0, n, lp::pow2(level + 1))) {
      if (auto pair = lp::when(j + lp::pow2(level) < n))
        S(level + 1, j) = combine(S(level, j), S(level, j + lp::pow2(level)));
      if (auto odd = lp::when(j + lp::pow2(level) >= n)) S(level + 1, j) = copy(S(level, j));
    }
  R() = copy(S(lp::log2_ceil(n), 0));
}

void others(lp::In<double, 1> A, lp::Out<double, 1> p) {
  const auto n = A.extent(0);
  for (auto l : lp::range(lp::log_floor(3, n) + 1))
    for (auto k : lp::range(0, n, 2 * lp::pow(3, l)))
      p(k) = gather(A(lp::range(k, n, lp::pow(3, l))), A(lp::log_ceil(4, k) + lp::log2_floor(k)));
}

std::int64_t constant(const lp::Expr& e) {
  REQUIRE(e.value.terms.empty());
  return e.value.constant;
}

}  // namespace functions_test

using namespace functions_test;  // NOLINT: named, since clang hides unnamed ones

TEST_CASE("an index is divided by a constant") {
  CHECK(text(lp::trace(divisions)) ==
        "divisions(inout x: float64[x.extent(0)], int t)\n"
        "  for i in range(0, x.extent(0) / 2)\n"
        "    when i % 2 == 0\n"
        "      x(2*i + 1) = update(x((t + i) / 3 - (i % 2)))\n");
}

TEST_CASE("a tree: loops with powers for steps, as many levels as a logarithm says") {
  CHECK(text(lp::trace(tree)) ==
        "tree(in A: float64[A.extent(0)], out R: float64[])\n"
        "  temp S: float64[*, *]\n"
        "  for j in range(0, A.extent(0))\n"
        "    S(0, j) = copy(A(j))\n"
        "  for level in range(0, log2_ceil(A.extent(0)))\n"
        "    for j in range(0, A.extent(0), pow2(level + 1))\n"
        "      when j + pow2(level) < A.extent(0)\n"
        "        S(level + 1, j) = combine(S(level, j), S(level, j + pow2(level)))\n"
        "      when j + pow2(level) >= A.extent(0)\n"
        "        S(level + 1, j) = copy(S(level, j))\n"
        "  R() = copy(S(log2_ceil(A.extent(0)), 0))\n");
}

TEST_CASE("powers and logarithms have any base, and runs step by powers") {
  CHECK(text(lp::trace(others)) ==
        "others(in A: float64[A.extent(0)], out p: float64[p.extent(0)])\n"
        "  for l in range(0, log_floor(3, A.extent(0)) + 1)\n"
        "    for k in range(0, A.extent(0), 2*pow(3, l))\n"
        "      p(k) = gather(A(range(k, A.extent(0), pow(3, l))), A(log2_floor(k) + "
        "log_ceil(4, k)))\n");
}

TEST_CASE("equal functions are one, with symbols in order") {
  const lp::ir::Program p = lp::trace(tree).program;
  using Symbol = lp::ir::Symbol;
  const lp::ir::Expr n{0, {{1, {Symbol::Kind::parameter, 0}}}};
  const lp::ir::Expr level{0, {{1, {Symbol::Kind::loop, 1}}}};
  const lp::ir::Expr next{1, {{1, {Symbol::Kind::loop, 1}}}};
  CHECK(p.functions == std::vector<lp::ir::Function>{{Kind::log_ceil, 2, n},
                                                     {Kind::power, 2, next},
                                                     {Kind::power, 2, level}});
  const lp::ir::Expr& far = p.statements[1].reads[1].subscripts[1].at;
  CHECK(far == lp::ir::Expr{0, {{1, {Symbol::Kind::loop, 2}}, {1, {Symbol::Kind::function, 2}}}});
}

TEST_CASE("functions of functions") {
  const auto program = [](lp::InOut<double, 1> x) {
    for (auto i : lp::range(x.extent(0))) x(i) = update(x(lp::pow2(lp::log2_floor(i / 2) + 1) % 5));
  };
  const lp::Traced traced = lp::trace(program);
  CHECK(traced.program.functions.size() == 4);
  CHECK(text(traced) ==
        "program(inout x: float64[x.extent(0)])\n"
        "  for i in range(0, x.extent(0))\n"
        "    x(i) = update(x((pow2(log2_floor(i / 2) + 1)) % 5))\n");
}

TEST_CASE("functions of constants are constants, also outside of a program") {
  CHECK(constant(lp::pow2(3)) == 8);
  CHECK(constant(lp::pow2(31)) == std::int64_t{1} << 31);
  CHECK(constant(lp::pow(3, 4)) == 81);
  CHECK(constant(lp::pow(3, 0)) == 1);
  CHECK(constant(lp::pow(3, -1)) == 0);
  for (int x = -20; x <= 200; ++x)
    for (int b = 1; b <= 5; ++b) {
      const auto quotient = constant(lp::Expr(x) / b), remainder = constant(lp::Expr(x) % b);
      CHECK(quotient * b + remainder == x);
      CHECK((remainder >= 0 && remainder < b));
      if (b == 1) continue;
      const auto floor = constant(lp::log_floor(b, x)), ceil = constant(lp::log_ceil(b, x));
      if (x < 1) CHECK(floor == 0);
      if (x >= 1) CHECK(constant(lp::pow(b, floor)) <= x);
      CHECK(constant(lp::pow(b, floor + 1)) > x);
      CHECK(constant(lp::pow(b, ceil)) >= x);
      if (ceil > 0) CHECK(constant(lp::pow(b, ceil - 1)) < x);
    }
  CHECK(constant(lp::log2_ceil(INT64_MAX)) == 63);
  CHECK(constant(lp::log2_floor(INT64_MAX)) == 62);
  CHECK(constant(lp::log_floor(3, INT64_MAX)) == 39);
}

TEST_CASE(
    "functions are numbered by where the text uses them first, whatever C++ evaluates first") {
  const auto program = [](lp::InOut<double, 1> x) {
    const auto n = x.extent(0);
    const lp::Expr late = n / 5, early = n / 7 / 2;
    static_cast<void>(lp::log2_ceil(n));
    for (auto i : lp::range(early + late)) x(i + late) = update(x(n / 3 + n / 7));
  };
  CHECK(text(lp::trace(program)) ==
        "program(inout x: float64[x.extent(0)])\n"
        "  for i in range(0, (x.extent(0) / 7) / 2 + x.extent(0) / 5)\n"
        "    x(i + x.extent(0) / 5) = update(x(x.extent(0) / 7 + x.extent(0) / 3))\n");
  std::vector<std::int64_t> bases;
  for (const lp::ir::Function& f : lp::trace(program).program.functions) bases.push_back(f.base);
  CHECK(bases == std::vector<std::int64_t>{7, 2, 5, 3});
}

TEST_CASE("a division by 1 says nothing") {
  const auto program = [](lp::InOut<double, 1> x) {
    for (auto i : lp::range(x.extent(0))) x(i / 1) = update(x(i % 1));
  };
  CHECK(lp::trace(program).program.functions.empty());
}

TEST_CASE("divisors and bases that there are not") {
  const auto program = [](lp::InOut<double, 1> x, int divisor, int base) {
    for (auto i : lp::range(x.extent(0))) {
      x(i / divisor) = update(x(i));  // line
      x(i) = update(x(lp::pow(base, i)));
    }
  };
  constexpr int line = __LINE__ - 4;
  const std::string at = std::to_string(line), next = std::to_string(line + 1);
  CHECK(refusal([&] { lp::trace(program, 1, 2); }).empty());
  CHECK(refusal([&] { lp::trace(program, 0, 2); }) ==
        "lambdapack: the / at line " + at +
            " has divisor 0; give it an integer constant from 1 to 2147483648");
  CHECK(refusal([&] { lp::trace(program, 2, 1); }) ==
        "lambdapack: the lp::pow at line " + next +
            " has base 1; give it an integer constant from 2 to 2147483648");
  constexpr int here = __LINE__;
  const auto remainder = [] { lp::Expr(7) % -2; };
  const auto large = [] { lp::pow2(32); };
  CHECK(refusal(remainder) == "lambdapack: the % at line " + std::to_string(here + 1) +
                                  " has divisor -2; give it an integer constant from 1 to "
                                  "2147483648");
  CHECK(refusal(large) == "lambdapack: the lp::pow2 at line " + std::to_string(here + 2) +
                              " is 2 to the power of 32, which no index reaches; give it a "
                              "smaller exponent");
}

TEST_CASE("a function of an index outside of a program") {
  lp::Expr index;
  lp::trace([&](lp::InOut<double, 1> x) { index = x.extent(0); });
  CHECK(refusal([&] { lp::log2_ceil(index); }) ==
        "lambdapack: lp::log2_ceil was used outside of a program; write it in a function and hand "
        "that function to lp::run, lp::start or lp::trace [lp-E007]");
}

TEST_CASE("a step that is neither a constant nor one power") {
  const auto program = [](lp::InOut<double, 1> x, lp::Integer t, int which) {
    const lp::Expr steps[] = {
        t, t / 2, lp::pow2(t) + 1, -lp::pow2(t), lp::pow2(t) + lp::pow(3, t), 4 * lp::pow2(t)};
    for (auto i : lp::range(0, x.extent(0), steps[which])) x(i) = update(x(i));
  };
  constexpr int line = __LINE__ - 2;
  for (int which = 0; which < 5; ++which)
    CHECK(refusal([&] { lp::trace(program, which); }) ==
          "lambdapack: the step of the lp::range at line " + std::to_string(line) +
              " is neither a constant nor a positive multiple of one power; take it from a "
              "parameter of the program that is an int, not an lp::Integer, or write "
              "lp::pow2(level) [lp-E006]");
  CHECK(refusal([&] { lp::trace(program, 5); }).empty());
}

}  // namespace functions_test
