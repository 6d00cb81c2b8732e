// Corners of programs with powers and logarithms: huge exponents, steps that are powers of sizes,
// powers of powers, large bases. The analysis may refuse such a program or ask for more room than
// it needs, but a graph that it makes is the unrolling.
#include <catch2/catch.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "lambdapack/analysis/analyse.hpp"
#include "lambdapack/graph/task_graph.hpp"
#include "support/brute_force.hpp"
#include "support/compare_graphs.hpp"
#include "support/program_builder.hpp"

namespace tree_corners_test {

namespace {

namespace ir = lambdapack::ir;
using program_builder::Array;
using program_builder::Builder;
using program_builder::Expr;

const std::optional<ir::Unwritten> none;

void is_right(const ir::Program& p, const std::vector<std::vector<std::int64_t>>& all_sizes) {
  std::shared_ptr<const lambdapack::form::ClosedForms> forms;
  try {
    forms = std::make_shared<const lambdapack::form::ClosedForms>(
        lambdapack::analysis::analyse(p, {.verify = false}));
  } catch (const lambdapack::program_error&) {
    return;
  }
  for (const std::vector<std::int64_t>& sizes : all_sizes) {
    std::optional<brute_force::Graph> truth;
    try {
      truth = brute_force::Interpreter::run(p, sizes);
    } catch (const brute_force::Violation&) {
      CHECK_THROWS_AS(lambdapack::TaskGraph(forms, sizes), lambdapack::input_error);
      continue;
    }
    std::optional<lambdapack::TaskGraph> graph;
    try {
      graph.emplace(forms, sizes);
    } catch (const lambdapack::input_error&) {
      continue;
    }
    brute_force::compare(*graph, *truth, p);
  }
}

}  // namespace

TEST_CASE("trees: tiles at powers of large exponents") {
  Builder p("big_exponent");
  Array A = p.in("A", 1), T = p.temp("T", 1), O = p.out("O", 1);
  Expr n = p.integer("n");
  p.loop("l", 0, n, [&](Expr l) {
    p.loop("j", 0, n, [&](Expr j) { p.call("f", {T(p.pow2(l + 22))}, {A(j)}); });
    p.call("g", {O(l)}, {T(p.pow2(l + 22))});
  });
  is_right(p.done(), {{3, 3, 1}, {3, 3, 2}, {3, 3, 3}});
}

TEST_CASE("trees: a large power of a size in a guard") {
  Builder p("big_parameter");
  Array A = p.in("A", 1), T = p.temp("T", 1), O = p.out("O", 1);
  Expr n = p.integer("n"), m = p.integer("m");
  p.when_less(n, p.pow2(m + 22), [&] { p.call("e", {O(0)}, {A(0)}); });
  p.loop("j", 0, n, [&](Expr j) { p.call("f", {T(0)}, {A(j)}); });
  p.call("g", {O(0)}, {T(0)});
  is_right(p.done(), {{3, 3, 2, 1}, {3, 3, 3, 0}, {3, 1, 0, 0}, {1, 1, 3, 0}, {0, 0, 0, 0}});
}

TEST_CASE("trees: every other tile written") {
  Builder p("remove_divs");
  Array A = p.in("A", 1), T = p.array("T", ir::ArrayRole::temp, 1, none), O = p.out("O", 1);
  Expr n = p.integer("n");
  p.loop("i", 0, n, [&](Expr i) { p.call("f", {T(2 * i)}, {A(i)}); });
  p.loop("j", 0, n, [&](Expr j) { p.call("g", {O(j)}, {T(j)}); });
  p.loop("l", 0, p.log2_ceil(n), [&](Expr l) { p.call("h", {O(p.pow2(l))}, {A(l)}); });
  is_right(p.done(), {{9, 9, 1}, {9, 9, 2}, {9, 9, 5}});
}

TEST_CASE("trees: every other tile written, with a rule") {
  Builder p("roots");
  Array A = p.in("A", 1), T = p.temp("T", 1), O = p.out("O", 1);
  Expr n = p.integer("n");
  p.loop("i", 0, n, [&](Expr i) { p.call("f", {T(2 * i)}, {A(i)}); });
  p.loop("j", 0, n, [&](Expr j) { p.call("g", {O(j)}, {T(j)}); });
  p.loop("l", 0, p.log2_ceil(n), [&](Expr l) { p.call("h", {O(p.pow2(l))}, {A(l)}); });
  is_right(p.done(), {{9, 9, 1}, {9, 9, 2}, {9, 9, 5}});
}

TEST_CASE("trees: a step that is a power of a size") {
  Builder p("param_stride");
  Array A = p.in("A", 1), T = p.array("T", ir::ArrayRole::temp, 1, none), O = p.out("O", 1);
  Expr n = p.integer("n"), m = p.integer("m");
  p.loop("i", 0, n, p.pow2(m), [&](Expr i) { p.call("f", {T(i)}, {A(i)}); });
  p.loop("j", 0, n, [&](Expr j) { p.call("g", {O(j)}, {T(j)}); });
  is_right(p.done(), {{9, 9, 3, 0}, {9, 9, 2, 1}, {9, 9, 5, 2}});
}

TEST_CASE("trees: a power of a power") {
  Builder p("nested_power");
  Array A = p.in("A", 1), T = p.temp("T", 1), O = p.out("O", 1);
  Expr n = p.integer("n");
  p.loop("l", 0, 2, [&](Expr l) {
    Expr x = p.pow2(l);
    p.call("f", {T(p.pow2(p.pow2(l + 1)))}, {A(x)});
  });
  p.call("g", {T(16)}, {A(0)});
  p.call("h", {O(0)}, {T(16)});
  is_right(p.done(), {{9, 9, 1}});
}

TEST_CASE("trees: a power of a power, the larger one first") {
  Builder p("nested_power_order");
  Array A = p.in("A", 1), T = p.temp("T", 1), O = p.out("O", 1);
  Expr n = p.integer("n");
  p.loop("l", 0, 2, [&](Expr l) {
    Expr y = p.pow2(p.pow2(l + 1));
    p.call("f", {T(y)}, {A(p.pow2(l))});
  });
  p.call("g", {T(16)}, {A(0)});
  p.call("h", {O(0)}, {T(16)});
  is_right(p.done(), {{9, 9, 1}});
}

TEST_CASE("trees: a logarithm of a large base") {
  Builder p("log_base_2000");
  Array A = p.in("A", 1), T = p.temp("T", 1), O = p.out("O", 1);
  Expr n = p.integer("n");
  p.loop("l", 0, p.log_ceil(2000, n), [&](Expr l) { p.call("f", {T(0)}, {A(l)}); });
  p.call("h", {O(0)}, {T(0)});
  is_right(p.done(), {{9, 9, 1}, {9, 9, 1999}, {9, 9, 2001}});
}

TEST_CASE("trees: a logarithm of a large number") {
  Builder p("big_constant");
  Array A = p.in("A", 1), T = p.temp("T", 1), O = p.out("O", 1);
  Expr n = p.integer("n");
  p.loop("l", 0, p.log2_ceil(n + 3000000), [&](Expr l) { p.call("f", {T(0)}, {A(l)}); });
  p.call("h", {O(0)}, {T(0)});
  is_right(p.done(), {{30, 9, 0}, {30, 9, 1}, {3, 9, 1}});
}

TEST_CASE("trees: a step that is twice a power of a size") {
  Builder p("wide_step");
  Array A = p.in("A", 1), T = p.temp("T", 1), O = p.out("O", 1);
  Expr n = p.integer("n"), m = p.integer("m");
  Expr small = p.pow2(m);
  p.loop("i", 0, n, p.pow2(m + 1), [&](Expr i) { p.call("f", {T(i)}, {A(i)}); });
  p.loop("j", 0, n, [&](Expr j) { p.call("g", {O(j)}, {T(j)}); });
  is_right(p.done(), {{9, 9, 3, 0}, {9, 9, 2, 1}, {9, 9, 5, 1}});
}

TEST_CASE("trees: powers whose ratio exceeds 64 bits") {
  Builder p("ratio");
  Array A = p.in("A", 1), T = p.temp("T", 1), O = p.out("O", 1);
  Expr n = p.integer("n");
  p.loop("l", 0, 1, [&](Expr l) {
    Expr x = p.power(16, l);
    p.loop("j", 0, n, [&](Expr j) {
      p.when_less(j, p.power(16, l + 16), [&] { p.call("f", {T(j + x)}, {A(j)}); });
    });
  });
  p.loop("j", 0, n, [&](Expr j) { p.call("g", {O(j)}, {T(j)}); });
  is_right(p.done(), {{9, 9, 1}, {9, 9, 3}});
}

TEST_CASE("trees: a tile far out of its array") {
  Builder p("oob");
  Array A = p.in("A", 1), O = p.out("O", 1);
  Expr n = p.integer("n");
  p.loop("l", 0, n, [&](Expr l) { p.call("f", {O(p.pow2(l + 22))}, {A(l)}); });
  is_right(p.done(), {{9, 9, 1}, {9, 1, 3}});
}

TEST_CASE("trees: a second write at large sizes only") {
  Builder p("over2e20");
  Array A = p.in("A", 1), T = p.temp("T", 1), O = p.out("O", 1);
  Expr n = p.integer("n");
  p.when_less(p.pow2(10), p.integer("unused"), [&] {});
  p.loop("i", 0, n, p.pow2(20), [&](Expr i) { p.call("f", {T(0)}, {A(i)}); });
  p.call("h", {O(0)}, {T(0)});
  is_right(p.done(),
           {{3000000, 9, 5, 0}, {3000000, 9, 1 << 20, 0}, {3000000, 9, (1 << 20) + 1, 0}});
}

}  // namespace tree_corners_test
