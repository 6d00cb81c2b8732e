// Pictures of task graphs against the graphs themselves.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/report/graph_dot.hpp"
#include "lambdapack/report/graph_svg.hpp"
#include "report/support.hpp"
#include "support/programs.hpp"

namespace graph_test {

using namespace report_tests;
namespace lp = lambdapack;
using lp::report::detail::dot_id;

namespace {

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const std::int64_t n : {0, 1, 5}) {
    all.push_back(make_case(test_programs::cholesky, {n, n}));
    all.push_back(make_case(hostile, {n}));
  }
  all.push_back(make_case(test_programs::cholesky, {11, 11}));
  all.push_back(make_case(test_programs::cholesky_single_assignment, {4, 4, 4, 4, 0}));
  return all;
}

using Pairs = std::set<std::pair<std::string, std::string>>;

Pairs edges_of(const lp::TaskGraph& graph) {
  Pairs edges;
  graph.for_each_task([&](const lp::Node& from) {
    graph.successors(from, [&](const lp::Node& to) { edges.emplace(dot_id(from), dot_id(to)); });
  });
  return edges;
}

Pairs edges_of(const std::string& dot) {
  Pairs edges;
  std::istringstream lines(dot);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string from, arrow, to;
    if (words >> from >> arrow >> to && arrow == "->") {
      const bool is_new = edges.emplace(from, to).second;
      CHECK(is_new);
    }
  }
  return edges;
}

}  // namespace

TEST_CASE("graph_svg has one element for each node and each edge") {
  for (const Case& c : cases()) {
    CAPTURE(c.program.name, c.graph.parameters());
    auto found = elements(lp::graph_svg(c.program, c.graph));
    CHECK(found[std::pair("g", "n")] == c.graph.size());
    CHECK(found[std::pair("path", "e")] == edge_count(c.graph));
    CHECK(found[std::pair("title", "-")] == c.graph.size() + 1);
  }
}

TEST_CASE("graph_svg names nodes and where they come from") {
  const Case c = make_case(test_programs::cholesky, {3, 3});
  const std::string svg = lp::graph_svg(c.program, c.graph);
  CHECK_THAT(svg, Catch::Contains("<title>update2[k=0,i=2,j=1]&#10;A(i, j) = update2(A(i, j), "
                                  "A(i, k), A(j, k))&#10;programs.hpp:"));
  CHECK_THAT(svg, Catch::Contains(">0,2,1</text>"));
  CHECK_THAT(svg, Catch::Contains("cholesky: the task graph of A in 3 × 3 tiles"));
  CHECK_THAT(svg, Catch::Contains("10 tasks, 12 dependences, longest path 7 tasks"));
  CHECK_THAT(svg, Catch::Contains("update2[k,i,j] × 4"));
}

TEST_CASE("graph_dot has exactly the graph's edges") {
  for (const Case& c : cases()) {
    CAPTURE(c.program.name, c.graph.parameters());
    CHECK(edges_of(lp::graph_dot(c.program, c.graph)) == edges_of(c.graph));
  }
}

TEST_CASE("graph_dot has a line for each node, even where names coincide") {
  const auto twins = [](lp::InOut<double, 1> A) {
    for (auto i : lp::range(A.extent(0))) A(i) = test_programs::update(A(i));
    for (auto i : lp::range(A.extent(0))) A(i) = test_programs::update(A(i));
  };
  const Case c = make_case(twins, {3});
  const std::string dot = lp::graph_dot(c.program, c.graph);
  for (const char* id : {"\"0:0\" [", "\"0:2\" [", "\"1:0\" [", "\"1:2\" ["})
    CHECK_THAT(dot, Catch::Contains(id));
  CHECK(edges_of(dot) == edges_of(c.graph));
}

TEST_CASE("a graph of too many tasks is refused") {
  const Case c = make_case(test_programs::cholesky, {1000, 1000});
  const std::string sentence =
      "lambdapack: cholesky has more than 2,000 tasks at these sizes, too many for a picture; draw "
      "it at smaller sizes, or raise GraphOptions::max_tasks";
  CHECK_THROWS_WITH(lp::graph_svg(c.program, c.graph), sentence);
  CHECK_THROWS_WITH(lp::graph_dot(c.program, c.graph), sentence);
  CHECK_THROWS_AS(lp::graph_svg(c.program, c.graph), lp::input_error);
}

TEST_CASE("the limit on tasks is the last number that is drawn") {
  const Case c = make_case(test_programs::cholesky, {3, 3});
  CHECK_NOTHROW(lp::graph_dot(c.program, c.graph, {.max_tasks = 10}));
  CHECK_THROWS_AS(lp::graph_dot(c.program, c.graph, {.max_tasks = 9}), lp::input_error);
}

TEST_CASE("a graph of another program is refused") {
  const Case c = make_case(test_programs::cholesky, {3, 3}), other = make_case(hostile, {3});
  CHECK_THROWS_WITH(lp::graph_svg(other.program, c.graph),
                    "lambdapack: the program hostile has 1 statements and the task graph 3; pass "
                    "the program that the graph was made from");
}

TEST_CASE("places of a picture keep columns, order and distance") {
  for (const Case& c : cases()) {
    CAPTURE(c.program.name, c.graph.parameters());
    const auto tasks = lp::report::detail::list_tasks(c.program, c.graph, 2000);
    const lp::report::detail::Layers layers(tasks.nodes.size(), tasks.edges);
    for (std::size_t e = 0; e < tasks.edges.size(); ++e) {
      const auto route = layers.route(e);
      CHECK(route.front().column == layers.node(tasks.edges[e].from).column);
      for (std::size_t k = 1; k < route.size(); ++k)
        CHECK(route[k].column == route[k - 1].column + 1);
    }
    std::vector<std::vector<double>> heights(layers.columns());
    for (std::size_t n = 0; n < tasks.nodes.size(); ++n) {
      CHECK(layers.node(n).height >= 0);
      CHECK(layers.node(n).height <= layers.height());
      heights[layers.node(n).column].push_back(layers.node(n).height);
    }
    for (std::vector<double>& column : heights) {
      std::sort(column.begin(), column.end());
      for (std::size_t k = 1; k < column.size(); ++k) CHECK(column[k] - column[k - 1] > 0.999);
    }
  }
}

}  // namespace graph_test
