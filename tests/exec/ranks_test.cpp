// How urgent tasks are taken to be.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "lambdapack/exec/ranks.hpp"
#include "lambdapack/exec/threads/ready_nodes.hpp"
#include "support/programs.hpp"
#include "support/tree_programs.hpp"

namespace ranks_test {

namespace {

template <class Program>
lp::TaskGraph graph_of(Program program, std::vector<std::int64_t> sizes) {
  return lp::compile(program).graph(std::move(sizes));
}

}  // namespace

TEST_CASE("ranks of Cholesky are the lengths of the longest paths, at sizes never tried") {
  // What was fitted to tiny graphs is not for larger ones.
  for (const std::int64_t n : {0, 1, 2})
    lp::exec::Ranks::of(graph_of(test_programs::cholesky, {n, n}));
  const lp::TaskGraph graph = graph_of(test_programs::cholesky, {20, 20});
  const auto rank = lp::exec::Ranks::of(graph)->at({20, 20});
  std::vector<lp::Node> order;
  graph.for_each_task([&](const lp::Node& node) { order.push_back(node); });
  std::unordered_map<lp::Node, double, lp::NodeHash> longest;
  double worst = 0;
  for (std::size_t k = order.size(); k-- > 0;) {
    double path = 1;
    graph.successors(order[k],
                     [&](const lp::Node& next) { path = std::max(path, 1 + longest.at(next)); });
    longest[order[k]] = path;
    const double estimate = rank[static_cast<std::size_t>(order[k].line)](order[k].indices);
    worst = std::max(worst, std::abs(path - estimate));
  }
  CHECK(worst < 0.5);
}

TEST_CASE("ranks of a program with powers, and of one without tasks, are finite") {
  const lp::TaskGraph tree = graph_of(tree_programs::fold, {1000});
  const auto rank = lp::exec::Ranks::of(tree)->at({1000});
  tree.for_each_task([&](const lp::Node& node) {
    CHECK(std::isfinite(rank[static_cast<std::size_t>(node.line)](node.indices)));
  });
  const lp::TaskGraph empty = graph_of(test_programs::cholesky, {0, 0});
  CHECK(lp::exec::Ranks::of(empty)->at({0, 0}).size() == 3);
}

TEST_CASE("ready nodes come from the highest level, at either end") {
  lp::exec::ReadyNodes ready;
  CHECK(ready.top() == -1);
  for (std::int64_t k = 0; k < 100; ++k)
    for (const int level : {0, 63, 64, 511}) ready.push(level, 1000 * level + k);
  for (const int level : {511, 64, 63, 0}) {
    for (std::int64_t k = 0; k < 50; ++k) {
      CHECK(ready.top() == level);
      CHECK(ready.pop_newest() == 1000 * level + 99 - k);
      CHECK(ready.pop_oldest() == 1000 * level + k);
    }
  }
  CHECK(ready.top() == -1);
}

}  // namespace ranks_test
