// One graph, several threads: each asks every question of every node, tile and value, and gets what
// one thread alone gets.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "lambdapack/analysis/analyse.hpp"
#include "lambdapack/graph/task_graph.hpp"
#include "support/programs.hpp"
#include "support/published.hpp"

namespace graph_test {

namespace {

using lambdapack::Node;
using lambdapack::TaskGraph;
using lambdapack::TileName;
using lambdapack::Value;

// All answers of a graph, in order, as numbers.
class Answers {
 public:
  explicit Answers(const TaskGraph& graph) : graph_(graph) {
    say(graph.size());
    graph.roots([&](const Node& n) { say(n); });
    for (int line = 0; line < graph.statements(); ++line) {
      say(graph.size(line));
      lambdapack::NodeCursor roots = graph.roots(line);
      for (Node n; roots.next(n);) say(n);
    }
    graph.for_each_task([&](const Node& n) { ask(n); });
  }

  bool operator==(const Answers& other) const { return all_ == other.all_; }
  std::size_t size() const { return all_.size(); }

 private:
  void say(std::int64_t x) { all_.push_back(x); }
  void say(const Node& n) {
    say(n.line);
    for (const std::int64_t x : n.indices) say(x);
  }
  void say(const TileName& t) {
    say(t.array);
    for (const std::int64_t x : t.indices) say(x);
  }
  void say(const Value& v) {
    say(v.line);
    say(v.slot);
    for (const std::int64_t x : v.indices) say(x);
  }

  void ask(const Node& n) {
    say(n);
    say(graph_.contains(n));
    say(graph_.in_degree(n));
    graph_.successors(n, [&](const Node& s) { say(s); });
    graph_.predecessors(n, [&](const Node& p) { say(p); });
    for (int slot = 0; slot < graph_.input_count(n.line); ++slot)
      graph_.inputs(n, slot, [&](const TileName& t, const Value& v) { ask(t, v); });
    for (int slot = 0; slot < graph_.output_count(n.line); ++slot) {
      say(graph_.is_final(n, slot));
      ask(graph_.output(n, slot), Value::of(n, slot));
    }
  }
  void ask(const TileName& t, const Value& v) {
    say(t);
    say(v);
    say(graph_.reader_count(v));
    graph_.readers(v, [&](const Node& r) { say(r); });
    graph_.readers(t, [&](const Node& r) { say(r); });
    graph_.writers(t, [&](const Value& w) { say(w); });
    if (const auto last = graph_.writer(t)) say(*last);
  }

  const TaskGraph& graph_;
  std::vector<std::int64_t> all_;
};

void ask_from_threads(const lambdapack::ir::Program& p,
                      const std::vector<std::int64_t>& parameters) {
  INFO(p.name);
  const TaskGraph graph(
      std::make_shared<const lambdapack::form::ClosedForms>(
          lambdapack::analysis::analyse(p, {.verify = false})),  // others prove these
      parameters);
  constexpr int count = 4;
  std::vector<std::unique_ptr<const Answers>> answers(count);
  std::vector<std::thread> threads;
  for (auto& mine : answers)
    threads.emplace_back([&] { mine = std::make_unique<const Answers>(graph); });
  for (std::thread& t : threads) t.join();
  const Answers alone(graph);
  CHECK(alone.size() > 100);
  for (const auto& a : answers) CHECK(*a == alone);
}

}  // namespace

TEST_CASE("threads that ask one graph at once get the answers that one alone gets") {
  ask_from_threads(lambdapack::trace(test_programs::cholesky).program, {7, 7});
  ask_from_threads(lambdapack::trace(test_programs::cholesky_single_assignment).program,
                   {6, 6, 6, 6, 0});
  ask_from_threads(lambdapack::trace(test_programs::lu).program, {5, 6});
}

TEST_CASE("threads that ask the graph of a tree at once get the answers that one alone gets") {
  ask_from_threads(published::cholesky(), {6, 6, 6, 6, 0});
  ask_from_threads(published::gemm_tree(), {2, 9, 9, 2, 2, 2});
  ask_from_threads(published::tsqr(), {13, 1});
  ask_from_threads(published::qr(), {5, 5});
  ask_from_threads(published::bdfac(), {5, 5, 0});
  ask_from_threads(published::qr_in_place(), {5, 5});
}

}  // namespace graph_test
