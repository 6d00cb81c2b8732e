// The code and messages of docs/diagnostics/: each page's program, what is said of it, and the
// cure.
#include <lambdapack/analysis/diagnose.hpp>
#include <lambdapack/ir/validate.hpp>
#include <lambdapack/lambdapack.hpp>

#include <catch2/catch.hpp>
#include <iostream>
#include <string>
#include <utility>
#include <variant>

#include "docs/support.hpp"
#include "support/programs_ir.hpp"

using docs_test::said;
using docs_test::shown;

namespace diagnostics_programs {

const auto exchange = lp::make_kernel(
    "exchange", [](lp::inout<double> a, lp::inout<double> b) { std::swap(*a, *b); });

// clang-format off
void running_sum(lp::In<double, 1> x, lp::Out<double, 1> y) {
  auto S = lp::temp<double, 1>("S");
  for (auto i : lp::range(y.extent(0))) {
    S(i + 1) = add(S(i), x(i));
    y(i) = copy(S(i + 1));
  }
}

void running_sum_from_first(lp::In<double, 1> x, lp::Out<double, 1> y) {
  if (auto some = lp::when(y.extent(0) > 0)) y(0) = copy(x(0));
  for (auto i : lp::range(1, y.extent(0))) {
    y(i) = copy(x(i));
    y(i) = add(y(i), y(i - 1));
  }
}

void forgotten(lp::In<double, 1> x, [[maybe_unused]] lp::Out<double, 1> y) {
  auto S = lp::temp<double, 1>("S");
  for (auto i : lp::range(x.extent(0))) S(i) = copy(x(i));
}

void remembered(lp::In<double, 1> x, lp::Out<double, 1> y) {
  for (auto i : lp::range(y.extent(0))) y(i) = copy(x(i));
}

void lower(lp::In<double, 2> A, lp::Out<double, 2> L) {
  for (auto i : lp::range(A.extent(0)))
    for (auto j : lp::range(i + 1)) L(i, j) = copy(A(i, j));
}

void lower_on_purpose(lp::In<double, 2> A, lp::Out<double, 2> L) {
  L.unwritten(lp::zero);
  for (auto i : lp::range(A.extent(0)))
    for (auto j : lp::range(i + 1)) L(i, j) = copy(A(i, j));
}

void shift(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0))) x(i) = copy(x(i + 1));
}

void shift_within(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0) - 1)) x(i) = copy(x(i + 1));
}

void swap_ends(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0)))
    lp::tie(x(i), x(x.extent(0) - 1 - i)) = exchange(x(i), x(x.extent(0) - 1 - i));
}

void swap_ends_once(lp::InOut<double, 1> x) {
  const auto n = x.extent(0);
  for (auto i : lp::range(n))
    if (auto front = lp::when(2 * i < n - 1))
      lp::tie(x(i), x(n - 1 - i)) = exchange(x(i), x(n - 1 - i));
}

void first_only(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0))) {
    x(i) = copy(x(i));
    break;
  }
}

void first_by_guard(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0)))
    if (auto first = lp::when(i == 0)) x(i) = scale(x(i), 2.0);
}

void planes(lp::InOut<double, 2> A) {
  for (auto k : lp::range(A.extent(2))) A(k, k) = copy(A(k, k));
}

void diagonal(lp::InOut<double, 2> A) {
  for (auto k : lp::range(A.extent(1))) A(k, k) = scale(A(k, k), 2.0);
}

void first_product(lp::InOut<double, 2> C, lp::In<double, 2> A, lp::In<double, 2> B) {
  C(0, 0) = gemm(C(0, 0), A(0, 0), B(0, 0));
}

void twice(lp::In<double, 1> x, lp::Out<double, 1> y) {
  for (auto i : lp::range(x.extent(0))) y(i) = copy(x(i));
}

void far_apart(lp::InOut<double, 1> x, lp::Integer n) {
  for (auto i : lp::range(n)) x(2'147'483'648 * i) = copy(x(2'147'483'648 * i));
}

void close_by(lp::InOut<double, 1> x, lp::Integer n) {
  for (auto i : lp::range(n)) x(2 * i) = copy(x(2 * i));
}

void smooth(lp::In<double, 1> x, lp::Out<double, 1> y) {
  auto S = lp::temp<double, 1>("S");
  for (auto i : lp::range(y.extent(0))) {
    S(i) = copy(x(i));
    y(i) = copy(x(i));
  }
}

void smooth_by_temporary(lp::In<double, 1> x, lp::Out<double, 1> y) {
  auto S = lp::temp<double, 1>("S");
  for (auto i : lp::range(y.extent(0))) {
    S(i) = copy(x(i));
    y(i) = copy(S(i));
  }
}

void upper(lp::InOut<double, 2> A) {
  for (auto i : lp::range(A.extent(0)))
    for (auto j : lp::range(i))
      if (auto above = lp::when(j > i)) A(i, j) = scale(A(i, j), 0.0);
}

void upper_by_bounds(lp::InOut<double, 2> A) {
  for (auto i : lp::range(A.extent(0)))
    for (auto j : lp::range(i + 1, A.extent(1))) A(i, j) = scale(A(i, j), 0.0);
}

void total(lp::In<double, 1> x, lp::InOut<double, 0> sum) {
  for (auto i : lp::range(x.extent(0))) sum() = add(sum(), x(i));
}

void total_of_pairs(lp::In<double, 1> x, lp::Out<double, 1> sums) {
  for (auto i : lp::range(sums.extent(0))) {
    sums(i) = copy(x(2 * i));
    sums(i) = add(sums(i), x(2 * i + 1));
  }
}

void multiply(lp::In<double, 2> A, lp::In<double, 2> B, lp::InOut<double, 2> C) {
  for (auto i : lp::range(C.extent(0)))
    for (auto j : lp::range(C.extent(1)))
      for (auto k : lp::range(A.extent(1))) C(i, j) += gemm(A(i, k), B(j, k));
}

void multiply_in_order(lp::In<double, 2> A, lp::In<double, 2> B, lp::InOut<double, 2> C) {
  for (auto i : lp::range(C.extent(0)))
    for (auto j : lp::range(C.extent(1)))
      for (auto k : lp::range(A.extent(1))) C(i, j) += gemm(A(i, k), B(k, j));
}

// clang-format on

/// What is found about a program, as a compiler would say it.
template <class F>
std::string findings(F program) {
  const docs_test::Printed printed;
  // clang-format off
  for (const lp::Diagnostic& d : lp::analysis::diagnose(lp::trace(program).program))
    std::cout << to_string(d) << "\n";
  // clang-format on
  return printed.text();
}

/// The errors among them.
template <class F>
std::string errors(F program) {
  std::string all;
  for (const lp::Diagnostic& d : lp::analysis::diagnose(lp::trace(program).program))
    if (d.severity == lp::Severity::error) all += to_string(d) + "\n";
  return all;
}

}  // namespace diagnostics_programs

namespace diagnostics_tests {

using namespace diagnostics_programs;  // NOLINT: named, since clang hides unnamed ones

TEST_CASE("diagnostics: lp-E001") {
  CHECK(shown(said<lp::program_error>([] { lp::compile(running_sum); })) == shown(R"(
lambdapack: S(i) at sums.cpp:6 is read before it is written when y.extent(0) > 0: for
x.extent(0) = 1, y.extent(0) = 1 the node add[i=0] reads S(0), which nothing has written by then;
write the tile first, or guard the read with lp::when [lp-E001]
)"));
  CHECK(errors(running_sum_from_first).empty());
}

TEST_CASE("diagnostics: lp-E002") {
  CHECK(shown(said<lp::program_error>([] { lp::compile(forgotten); })) == shown(R"(
lambdapack: nothing ever writes the output y of forgotten when y.extent(0) > 0: for
x.extent(0) = 0, y.extent(0) = 1 its tile y(0) is left out; write its tiles, or say what unwritten
tiles hold with y.unwritten(lp::zero), or, in a function over lp::Tiles, take it as lp::Tiles<T>&, whose tiles hold something before [lp-E002]
)"));
  CHECK(errors(remembered).empty());
}

TEST_CASE("diagnostics: lp-E003") {
  CHECK(shown(said<lp::program_error>([] { lp::compile(lower); })) == shown(R"(
lambdapack: the output L, written at lower.cpp:3, is not written in full when A.extent(0) >= 2:
for A.extent(0) = 2, A.extent(1) = 2, L.extent(0) = 2, L.extent(1) = 2 nothing writes L(0, 1);
write the tile, or say what unwritten tiles hold with L.unwritten(lp::zero), or, in a function over lp::Tiles, take it as lp::Tiles<T>&, whose tiles hold something before [lp-E003]
)"));
  CHECK(errors(lower_on_purpose).empty());
}

TEST_CASE("diagnostics: lp-E004") {
  CHECK(shown(said<lp::program_error>([] { lp::compile(shift); })) == shown(R"(
lambdapack: x(i + 1) at shift.cpp:2 leaves the array when x.extent(0) > 0: for x.extent(0) = 1
the node copy[i=0] takes an index of dimension 0 that is past the end; change the loop's bounds, or
guard the statement with lp::when [lp-E004]
)"));
  CHECK(errors(shift_within).empty());
}

TEST_CASE("diagnostics: lp-E005") {
  CHECK(shown(said<lp::program_error>([] { lp::compile(swap_ends); })) == shown(R"(
lambdapack: outputs 0 and 1 of the statement at ends.cpp:3 write the same tile when (1 +
x.extent(0)) mod 2 = 0: for x.extent(0) = 1 in exchange[i=0]; give each output a tile of its own
[lp-E005]
)"));
  CHECK(errors(swap_ends_once).empty());
}

TEST_CASE("diagnostics: lp-E007") {
  CHECK(shown(said<lp::program_error>([] { lp::compile(first_only); })) == shown(R"(
lambdapack: a loop was left by break, return or an exception; let every loop run to its end and
choose with lp::when [lp-E007]
)"));
  CHECK(errors(first_by_guard).empty());
}

TEST_CASE("diagnostics: lp-E008") {
  CHECK(shown(said<lp::program_error>([] { lp::compile(planes); })) == shown(R"(
lambdapack: extent(2) of an array of rank 2; dimensions count from 0, give one that it has
[lp-E008]
)"));
  CHECK(errors(diagonal).empty());
}

TEST_CASE("diagnostics: lp-E009") {
  const auto wrong = [] {
    // clang-format off
    lp::TiledMatrix<double> A(4, 4, 2), B(4, 4, 4), C(4, 4, 2);
    lp::run(lp::sequential{}, first_product, C, A, B);
    // clang-format on
  };
  const auto right = [] {
    // clang-format off
    lp::TiledMatrix<double> A(4, 4, 2), B(4, 4, 2), C(4, 4, 2);
    lp::run(lp::sequential{}, first_product, C, A, B);
    // clang-format on
  };
  CHECK(shown(said<lp::run_error>(wrong)) == shown(R"(
lambdapack: gemm (product.cpp:2) failed on C(0, 0): gemm: A is 2 x 2 and B is 4 x 4, but A must
have as many columns as B has rows; check which tiles the statement names and how their matrices
are cut [lp-E009]
)"));
  CHECK_NOTHROW(right());
}

TEST_CASE("diagnostics: lp-E010") {
  const auto wrong = [] {
    // clang-format off
    lp::TiledMatrix<double> x(6, 1, 2), y(8, 1, 2);
    lp::run(lp::sequential{}, twice, x, y);
    // clang-format on
  };
  const auto right = [] {
    // clang-format off
    lp::TiledMatrix<double> x(6, 1, 2), y(6, 1, 2);
    lp::run(lp::sequential{}, twice, x, y);
    // clang-format on
  };
  CHECK(shown(said<lp::input_error>(wrong)) == shown(R"(
lambdapack: twice cannot run at these sizes (x.extent(0) = 3, y.extent(0) = 4): writing all of
the output y at twice.cpp:2 needs y.extent(0) = x.extent(0); check the shapes of its arrays
[lp-E010]
)"));
  CHECK_NOTHROW(right());
}

TEST_CASE("diagnostics: lp-E011") {
  CHECK(shown(said<lp::program_error>([] { lp::compile(far_apart); })) == shown(R"(
lambdapack: the constant 2147483648 in an index expression does not fit 32 bits; use smaller
constants [lp-E011]
)"));
  CHECK(errors(close_by).empty());
}

TEST_CASE("diagnostics: lp-W001") {
  CHECK(shown(findings(smooth)) == shown(R"(
smooth.cpp:4: warning: S(i) at smooth.cpp:4 is written and not read when y.extent(0) > 0: for
x.extent(0) = 1, y.extent(0) = 1 nothing reads what copy[i=0] writes to S(0); leave the statement
out there, or read the tile [lp-W001]
)"));
  CHECK(findings(smooth_by_temporary).empty());
  CHECK(said<lp::program_error>([] { lp::compile(smooth); }).empty());
}

TEST_CASE("diagnostics: lp-W002") {
  CHECK(shown(findings(upper)) == shown(R"(
upper.cpp:4: warning: A(i, j) = scale(A(i, j), 0.0) at upper.cpp:4 never runs: its loops and
guards leave it no index at any size that the program can run at; change them, or leave the
statement out [lp-W002]
)"));
  CHECK(findings(upper_by_bounds).empty());
  CHECK(said<lp::program_error>([] { lp::compile(upper); }).empty());
}

TEST_CASE("diagnostics: lp-W003") {
  CHECK(shown(findings(multiply)) == shown(R"(
multiply.cpp:4: warning: C(i, j) += gemm(A(i, k), B(j, k)) at multiply.cpp:4 may fail: there must
be as many columns of A(i, k) as rows of B(j, k), but for A.extent(0) = 1, A.extent(1) = 2,
B.extent(0) = 2, B.extent(1) = 2, C.extent(0) = 1, C.extent(1) = 1 gemm[i=0,j=0,k=1] takes A(0, 1)
and B(0, 1), of which only A(0, 1) is the last in that dimension, where tiles may be smaller;
check the indices, or run it on tiles of one size only [lp-W003]
)"));
  CHECK(findings(multiply_in_order).empty());
  CHECK(said<lp::program_error>([] { lp::compile(multiply); }).empty());
}

TEST_CASE("diagnostics: lp-R001") {
  CHECK(shown(findings(total)) == shown(R"(
total.cpp:2: remark: the tasks of sum() = add(sum(), x(i)) at total.cpp:2 form one chain when
x.extent(0) >= 2: each reads what the one before it writes, for x.extent(0) = 2 add[i=1] what
add[i=0] writes, so no two of them run at once; give independent iterations tiles of their own
[lp-R001]
)"));
  CHECK(findings(total_of_pairs).empty());
  CHECK(said<lp::program_error>([] { lp::compile(total); }).empty());
}

TEST_CASE("diagnostics: lp-R002") {
  const lp::ir::Program program = lp::trace(total).program;
  unsigned long most = 1000;
  const auto are_errors_found = [&] {
    try {
      lp::analysis::analyse(program, {.max_operations = most});
      return true;
    } catch (const lp::program_error&) {
      return false;
    }
  };
  while (!are_errors_found()) most += most / 50;
  const auto found = lp::analysis::diagnose(program, {.max_operations = most});
  REQUIRE(found.size() == 1);
  CHECK(shown(to_string(found[0])) == shown(R"(
remark: all errors were looked for, but not all warnings and remarks: the analysis used up its budget
of isl operations; simplify the index expressions or guards (lambdapack::analysis::analyse can be
given a larger budget) [lp-R002]
)"));
  // clang-format off
  const auto all =
      lp::analysis::diagnose(program, {.max_operations = 600'000'000});
  // clang-format on
  REQUIRE(all.size() == 1);
  CHECK(all[0].code == "lp-R001");
}

TEST_CASE("diagnostics: lp-E006") {
  CHECK(shown(said<lp::program_error>([] {
          lp::ir::Program p = lp::test::cholesky();
          std::get<lp::ir::Loop>(p.scopes[1].what).step = lp::test::index_of(0);
          lp::ir::validate(p);
        })) == shown(R"(
invalid program: cholesky: cholesky.cpp:10: scopes[1].what.step: found a step that is not a
constant; expected a constant, or a positive multiple of one power: pow2(level + 1) [lp-E006]
)"));
}

}  // namespace diagnostics_tests
