// Sinks, program order, ends of lifetimes, and numbers of edges.
#include <catch2/catch.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lambdapack/analysis/analyse.hpp"
#include "support/brute_force.hpp"
#include "support/compare_order.hpp"
#include "support/programs.hpp"

namespace order_test {

namespace {

using lambdapack::Node;
using lambdapack::TaskGraph;
using lambdapack::TileName;
using lambdapack::Value;
using Forms = std::shared_ptr<const lambdapack::form::ClosedForms>;

Forms analysed(const lambdapack::ir::Program& program,
               const lambdapack::analysis::AnalysisOptions& options = {}) {
  return std::make_shared<const lambdapack::form::ClosedForms>(
      lambdapack::analysis::analyse(program, options));
}

template <class F>
void compare_at(F f, const std::vector<std::vector<std::int64_t>>& sizes) {
  const auto program = lambdapack::trace(f).program;
  const Forms forms = analysed(program);
  for (const auto& parameters : sizes) {
    INFO("parameters " << Catch::StringMaker<std::vector<std::int64_t>>::convert(parameters));
    brute_force::compare_order_and_edges(TaskGraph(forms, parameters),
                                         brute_force::Interpreter::run(program, parameters));
  }
}

std::vector<std::string> edge_formulas(const TaskGraph& graph) {
  std::vector<std::string> texts;
  for (const auto& family : graph.edge_families())
    texts.push_back(std::to_string(family.from) + " -> " + std::to_string(family.to) + ": " +
                    graph.edge_formula(family));
  return texts;
}

}  // namespace

TEST_CASE("order, sinks and edges of factorisations") {
  compare_at(test_programs::cholesky, {{0, 0}, {1, 1}, {2, 2}, {3, 3}, {4, 5}, {6, 6}, {9, 9}});
  compare_at(test_programs::cholesky_single_assignment, {{0, 0, 0, 0, 0},
                                                         {1, 1, 1, 1, 0},
                                                         {5, 5, 5, 5, 0},
                                                         {5, 5, 5, 5, 2},
                                                         {4, 4, 4, 4, 4},
                                                         {7, 7, 7, 7, 1},
                                                         {3, 3, 3, 3, 7}});
  compare_at(test_programs::lu,
             {{0, 0}, {1, 1}, {2, 2}, {5, 5}, {6, 3}, {3, 6}, {0, 4}, {4, 0}, {1, 5}, {5, 1}});
  compare_at(test_programs::qr_flat, {{0, 0, 0, 0},
                                      {1, 1, 1, 1},
                                      {2, 2, 2, 2},
                                      {3, 2, 3, 2},
                                      {2, 3, 2, 3},
                                      {4, 3, 4, 3},
                                      {5, 3, 5, 3},
                                      {3, 5, 3, 5},
                                      {5, 4, 5, 4},
                                      {4, 4, 4, 4},
                                      {6, 6, 6, 6}});
}

TEST_CASE("order, sinks and edges with runs, guards, strides and loops that count down") {
  compare_at(test_programs::gemm,
             {{0, 0, 0, 0, 0, 0}, {1, 1, 1, 1, 1, 1}, {2, 3, 3, 4, 2, 4}, {3, 0, 0, 2, 3, 2}});
  compare_at(test_programs::back_substitution, {{0, 0, 0}, {1, 1, 1}, {5, 5, 5}, {8, 8, 7}});
  compare_at(test_programs::panels, {{0, 0, 0}, {1, 1, 1}, {2, 2, 2}, {5, 5, 5}, {7, 7, 7}});
  compare_at(test_programs::stencil,
             {{0, 0, 0}, {1, 1, 3}, {2, 2, 2}, {3, 3, 3}, {5, 5, 4}, {6, 6, 0}});
  compare_at(test_programs::red_black, {{0}, {1}, {2}, {3}, {6}, {9}});
  compare_at(test_programs::nothing, {{0, 0}, {3, 2}});
}

TEST_CASE("numbers of tasks and edges as formulas") {
  const TaskGraph graph(analysed(lambdapack::trace(test_programs::cholesky).program),
                        {100'000, 100'000});
  CHECK(graph.count_formula(0) == "A.extent(0)");
  CHECK(graph.count_formula(1) == "(A.extent(0)^2 - A.extent(0))/2");
  CHECK(graph.count_formula(2) == "(A.extent(0)^3 - A.extent(0))/6");
  CHECK(
      edge_formulas(graph) ==
      std::vector<std::string>{"0 -> 1: (A.extent(0)^2 - A.extent(0))/2",
                               "1 -> 2: (2*A.extent(0)^3 - 3*A.extent(0)^2 + A.extent(0))/6",
                               "2 -> 0: A.extent(0) - 1 if A.extent(0) >= 2",
                               "2 -> 1: (A.extent(0)^2 - 3*A.extent(0) + 2)/2 if A.extent(0) >= 3",
                               "2 -> 2: (A.extent(0)^3 - 3*A.extent(0)^2 + 2*A.extent(0))/6"});
  const std::int64_t n = 100'000;
  CHECK(graph.edges(graph.edge_families()[1]) == n * (n - 1) * (2 * n - 1) / 6);
  CHECK_THROWS_AS(TaskGraph(analysed(lambdapack::trace(test_programs::cholesky).program),
                            {1'000'000'000, 1'000'000'000})
                      .edges(),
                  lambdapack::input_error);
}

TEST_CASE("formulas hold at all small sizes") {
  const Forms lu = analysed(lambdapack::trace(test_programs::lu).program);
  const Forms qr = analysed(lambdapack::trace(test_programs::qr_flat).program);
  const Forms stencil = analysed(lambdapack::trace(test_programs::stencil).program);
  for (std::int64_t m = 0; m <= 7; ++m)
    for (std::int64_t n = 0; n <= 7; ++n) {
      INFO(m << " x " << n);
      brute_force::compare_formulas(TaskGraph(lu, {m, n}));
      brute_force::compare_formulas(TaskGraph(qr, {m, n, m, n}));
      brute_force::compare_formulas(TaskGraph(stencil, {m, m, n}));
    }
}

TEST_CASE("several pieces of a formula say when they apply") {
  const TaskGraph lu(analysed(lambdapack::trace(test_programs::lu).program), {3, 5});
  CHECK(lu.count_formula(0) ==
        "A.extent(1) if 0 < A.extent(1) <= A.extent(0), plus "
        "A.extent(0) if A.extent(0) > 0 and A.extent(1) > A.extent(0)");
}

TEST_CASE("where there is no formula, edges are counted") {
  const auto program = lambdapack::trace(test_programs::cholesky).program;
  const TaskGraph with(analysed(program), {9, 9});
  const TaskGraph without(analysed(program, {.edge_formulas = false}), {9, 9});
  CHECK(without.edge_families().size() == with.edge_families().size());
  for (const auto& family : without.edge_families()) CHECK(without.edge_formula(family).empty());
  CHECK(without.edges() == with.edges());

  const TaskGraph strides(analysed(lambdapack::trace(test_programs::red_black).program), {9});
  CHECK(strides.count_formula(0).empty());
}

TEST_CASE("the end of a value's lifetime") {
  const TaskGraph graph(analysed(lambdapack::trace(test_programs::cholesky).program), {1000, 1000});
  // A(5, 3) = trsm[k=3,i=5] is last read by syrk[k=3,i=n-1,j=5].
  CHECK(graph.last_reader(Value::of({1, {3, 5}}, 0)) == Node{2, {3, 999, 5}});
  CHECK(graph.last_reader(Value::initial({0, {5, 3}})) == Node{2, {0, 5, 3}});
  CHECK(graph.last_reader(Value::initial({0, {3, 5}})) == std::nullopt);
  CHECK(graph.last_reader(Value::of({0, {999}}, 0)) == std::nullopt);
}

}  // namespace order_test
