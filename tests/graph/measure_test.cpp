// Critical path, width, traffic and memory of graphs.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "lambdapack/analysis/analyse.hpp"
#include "lambdapack/ir/print.hpp"
#include "support/brute_force.hpp"
#include "support/compare_measures.hpp"
#include "support/programs.hpp"
#include "support/random_program.hpp"
#include "support/sanitizer.hpp"

namespace measure_test {

namespace {

using lambdapack::Indices;
using lambdapack::Node;
using lambdapack::TaskGraph;
using Forms = std::shared_ptr<const lambdapack::form::ClosedForms>;

Forms analysed(const lambdapack::ir::Program& program,
               const lambdapack::analysis::AnalysisOptions& options = {}) {
  return std::make_shared<const lambdapack::form::ClosedForms>(
      lambdapack::analysis::analyse(program, options));
}

template <class F>
TaskGraph graph_of(F f, std::vector<std::int64_t> parameters) {
  return {analysed(lambdapack::trace(f).program), std::move(parameters)};
}

template <class F>
void compare_at(F f, const std::vector<std::vector<std::int64_t>>& sizes) {
  const auto program = lambdapack::trace(f).program;
  const Forms forms = analysed(program);
  for (const auto& parameters : sizes) {
    INFO("parameters " << Catch::StringMaker<std::vector<std::int64_t>>::convert(parameters));
    brute_force::compare_measures(TaskGraph(forms, parameters),
                                  brute_force::Interpreter::run(program, parameters));
  }
}

std::vector<Node> program_order(const TaskGraph& graph) {
  std::vector<Node> order;
  graph.for_each_task([&](const Node& n) { order.push_back(n); });
  return order;
}

double one(const Node&) { return 1; }
std::int64_t byte(int) { return 1; }

}  // namespace

TEST_CASE("measurements of programs equal what their unrolling says") {
  compare_at(test_programs::cholesky, {{0, 0}, {1, 1}, {2, 2}, {5, 5}, {7, 8}});
  compare_at(test_programs::cholesky_single_assignment, {{1, 1, 1, 1, 0}, {6, 6, 6, 6, 1}});
  compare_at(test_programs::lu, {{3, 3}, {5, 3}, {3, 5}});
  compare_at(test_programs::gemm, {{2, 3, 3, 4, 2, 4}, {1, 0, 0, 1, 1, 1}});
  compare_at(test_programs::back_substitution, {{5, 5, 5}});
  compare_at(test_programs::qr_flat, {{4, 3, 4, 3}, {3, 5, 3, 5}});
  compare_at(test_programs::panels, {{1, 1, 1}, {5, 5, 5}});
  compare_at(test_programs::stencil, {{5, 5, 4}, {6, 6, 0}, {1, 1, 3}});
  compare_at(test_programs::red_black, {{7}});
  compare_at(test_programs::nothing, {{2, 2}});
}

TEST_CASE("measurements of random programs equal what their unrolling says") {
  const int wanted = sanitizer::slow_build ? 10 : 40;
  int compared = 0;
  for (std::uint64_t seed = 5000; compared < wanted; ++seed) {
    const auto program = random_program::affine(random_program::Choices(seed));
    INFO("seed " << seed << "\n" << lambdapack::ir::to_string(program));
    Forms forms;
    try {
      forms =
          analysed(program, {.max_operations = 300'000, .edge_formulas = false, .verify = false});
    } catch (const lambdapack::program_error&) {
      continue;
    }
    std::vector<std::int64_t> parameters(program.parameters.size(), 40);
    for (const auto& [n, m] : {std::pair<int, int>{2, 1}, {3, 5}, {6, 4}}) {
      parameters[0] = n;
      parameters[1] = m;
      std::optional<brute_force::Graph> truth;
      try {
        truth = brute_force::Interpreter::run(program, parameters);
      } catch (const brute_force::Violation&) {
        continue;
      }
      brute_force::compare_measures(TaskGraph(forms, parameters), *truth);
    }
    ++compared;
  }
}

TEST_CASE("the critical path and the width of Cholesky") {
  const TaskGraph graph = graph_of(test_programs::cholesky, {20, 20});
  const lambdapack::CriticalPath path = lambdapack::critical_path(graph, one);
  CHECK(path.length == 3 * 20 - 2);
  CHECK(path.nodes.front() == Node{0, {0}});
  CHECK(path.nodes.back() == Node{0, {19}});
  const auto profile = lambdapack::width_profile(graph);
  CHECK(profile.size() == 59);
  CHECK(profile[0] == lambdapack::Running{0, 1});
  CHECK(profile[1] == lambdapack::Running{1, 19});
  CHECK(profile[2] == lambdapack::Running{2, 190});
  std::int64_t tasks = 0;
  for (const auto& step : profile) tasks += step.running;
  CHECK(tasks == graph.size());
}

TEST_CASE("a task that costs nothing takes no time") {
  const TaskGraph graph = graph_of(test_programs::cholesky, {2, 2});
  const auto only_first = [](const Node& n) { return n == Node{0, {0}} ? 2.5 : 0.0; };
  CHECK(lambdapack::critical_path(graph, only_first).length == 2.5);
  CHECK(lambdapack::width_profile(graph, only_first) ==
        std::vector<lambdapack::Running>{{0, 1}, {2.5, 0}});
}

TEST_CASE("costs that are none are refused") {
  const TaskGraph graph = graph_of(test_programs::cholesky, {2, 2});
  for (const double cost :
       {-1.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()})
    CHECK_THROWS_AS(lambdapack::critical_path(graph, [&](const Node&) { return cost; }),
                    lambdapack::input_error);
  CHECK_THROWS_WITH(lambdapack::width_profile(graph, [](const Node&) { return -1.0; }),
                    Catch::Contains("the cost of update[0] is -1.0"));
}

TEST_CASE("what Cholesky reads") {
  const TaskGraph graph = graph_of(test_programs::cholesky, {10, 10});
  const lambdapack::Traffic traffic = lambdapack::traffic(graph, [](int) { return 8; });
  std::int64_t initial = 0;
  for (const auto& t : traffic.initial) initial += t.values;
  CHECK(initial == 55);
  CHECK(traffic.bytes_initial == 8 * 55);
  // Each edge carries one value here.
  CHECK(traffic.bytes_between_tasks == 8 * graph.edges());
  CHECK(traffic.between_tasks.size() == graph.edge_families().size());
}

TEST_CASE("the memory of Cholesky in its own order") {
  const TaskGraph graph = graph_of(test_programs::cholesky, {10, 10});
  const lambdapack::PeakLive peak = lambdapack::peak_live(graph, byte);
  CHECK(peak.tiles == 56);
  CHECK(peak.bytes == 56);
  CHECK(peak.at == Node{0, {0}});
}

TEST_CASE("orders that do not fit are refused with a sentence") {
  const TaskGraph graph = graph_of(test_programs::cholesky, {3, 3});
  const std::vector<Node> order = program_order(graph);
  CHECK(lambdapack::peak_live(graph, order, byte).tiles == 7);

  std::vector<Node> wrong = order;
  std::swap(wrong[0], wrong[1]);
  CHECK_THROWS_WITH(lambdapack::peak_live(graph, wrong, byte),
                    Catch::Contains("has update1[0,1] before update[0]"));
  wrong = order;
  wrong.pop_back();
  CHECK_THROWS_WITH(lambdapack::peak_live(graph, wrong, byte),
                    Catch::Contains("lacks update[2]: 9 of 10"));
  wrong = order;
  wrong.push_back(order[4]);
  CHECK_THROWS_WITH(lambdapack::peak_live(graph, wrong, byte), Catch::Contains("twice"));
  wrong = order;
  wrong.push_back({0, {3}});
  CHECK_THROWS_WITH(lambdapack::peak_live(graph, wrong, byte),
                    Catch::Contains("has update[3], which is not a task"));
  wrong = {{7, {}}};
  CHECK_THROWS_AS(lambdapack::peak_live(graph, wrong, byte), lambdapack::input_error);
}

TEST_CASE("sizes of tiles that are none are refused") {
  const TaskGraph graph = graph_of(test_programs::cholesky, {3, 3});
  const auto negative = [](int, const Indices&) { return std::int64_t{-8}; };
  CHECK_THROWS_WITH(lambdapack::traffic(graph, negative), Catch::Contains("a tile of A has -8"));
  CHECK_THROWS_AS(lambdapack::peak_live(graph, negative), lambdapack::input_error);
  const auto huge = [](int) { return std::numeric_limits<std::int64_t>::max(); };
  CHECK_THROWS_AS(lambdapack::traffic(graph, huge), lambdapack::input_error);
  CHECK_THROWS_AS(lambdapack::peak_live(graph, huge), lambdapack::input_error);
}

}  // namespace measure_test
