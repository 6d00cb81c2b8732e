// Numbers of tasks and edges of published trees: by formula where there is one, as enumerated.
#include <catch2/catch.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lambdapack/analysis/analyse.hpp"
#include "lambdapack/graph/task_graph.hpp"
#include "support/brute_force.hpp"
#include "support/compare_order.hpp"
#include "support/published.hpp"

namespace tree_counts_test {

namespace {

namespace ir = lambdapack::ir;
using lambdapack::TaskGraph;
using Forms = std::shared_ptr<const lambdapack::form::ClosedForms>;
using Sizes = std::vector<std::int64_t>;

Forms analysed(const ir::Program& p) {
  return std::make_shared<const lambdapack::form::ClosedForms>(
      lambdapack::analysis::analyse(p, {.verify = false}));
}

/// Checks all counts at these sizes; returns whether the program can run at them.
bool check_counts(const ir::Program& p, const Forms& forms, const Sizes& sizes) {
  INFO(p.name << " at " << Catch::StringMaker<Sizes>::convert(sizes));
  std::optional<TaskGraph> graph;
  try {
    graph.emplace(forms, sizes);
  } catch (const lambdapack::input_error&) {
    return false;
  }
  const std::vector<std::int64_t> truth = brute_force::Interpreter::count(p, sizes);
  for (std::size_t l = 0; l < truth.size(); ++l) {
    INFO("statement " << l << ": " << graph->count_formula(static_cast<int>(l)));
    CHECK(graph->size(static_cast<int>(l)) == truth[l]);
  }
  return true;
}

/// The same at sizes_for(n) for n from 0 to 9, edges too, and for tasks at some larger n. The
/// program has as many formulas for tasks and for edges.
template <class SizesFor>
void check(const ir::Program& p, SizesFor sizes_for, int task_formulas, int edge_formulas) {
  const Forms forms = analysed(p);
  int run = 0, tasks = 0, edges = 0;
  for (const auto& count : forms->counts) tasks += count.known ? 1 : 0;
  for (const auto& family : forms->edges) edges += family.count.known ? 1 : 0;
  CHECK(tasks == task_formulas);
  CHECK(edges == edge_formulas);
  for (std::int64_t n = 0; n <= 9; ++n) {
    if (!check_counts(p, forms, sizes_for(n))) continue;
    ++run;
    brute_force::compare_edges(TaskGraph(forms, sizes_for(n)),
                               brute_force::Interpreter::run(p, sizes_for(n)));
  }
  CHECK(run > 5);
  for (const std::int64_t n : {16, 23, 40}) CHECK(check_counts(p, forms, sizes_for(n)));
}

}  // namespace

TEST_CASE("counts of a product whose sums are trees") {
  check(published::gemm_tree(), [](std::int64_t n) { return Sizes{3, n, n, 2, 3, 2}; }, 2, 0);
}

TEST_CASE("counts of TSQR") {
  check(published::tsqr(), [](std::int64_t n) { return Sizes{n, 1}; }, 1, 0);
}

TEST_CASE("counts of tree QR") {
  check(published::qr(), [](std::int64_t n) { return Sizes{n, n}; }, 6, 1);
}

TEST_CASE("counts of a reduction to a band") {
  const auto without_last = [](std::int64_t t) {
    return [t](std::int64_t n) { return Sizes{n, n, t}; };
  };
  check(published::bdfac(), without_last(0), 9, 2);
  check(published::bdfac(), without_last(2), 9, 2);
}

TEST_CASE("counts of tree QR in place") {
  check(published::qr_in_place(), [](std::int64_t n) { return Sizes{n, n}; }, 2, 0);
}

TEST_CASE("a formula for a count is of few bytes and instant at any size") {
  const TaskGraph graph(analysed(published::qr()), {10'000'000, 10'000'000});
  CHECK(graph.count_formula(2) == "I.extent(0)^2 - I.extent(0)");
  CHECK(graph.size(2) == 10'000'000 * std::int64_t{9'999'999});
  CHECK(graph.count_formula(1).empty());
}

}  // namespace tree_counts_test
