// Asks compiled functions and bytecode the same questions.
#pragma once

#include <catch2/catch.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <tuple>
#include <utility>
#include <vector>

#include "lambdapack/form/registered.hpp"
#include "lambdapack/graph/task_graph.hpp"
#include "lambdapack/ir/program.hpp"

namespace compiled_test {

using lambdapack::Node;
using lambdapack::TaskGraph;
using lambdapack::TileName;
using lambdapack::Value;
using Forms = lambdapack::form::ClosedForms;

/// The same forms without the compiled functions.
inline Forms bytecode_of(Forms forms) {
  const auto forget = [](lambdapack::form::Entry& e) { e.native = -1; };
  forget(forms.tasks);
  for (auto& s : forms.statements) {
    for (auto* e : {&s.contains, &s.successors, &s.predecessors}) forget(*e);
    for (auto& o : s.outputs)
      for (auto* e : {&o.tile, &o.readers, &o.final}) forget(*e);
    for (auto& i : s.inputs)
      for (auto* e : {&i.tiles, &i.source, &i.includes}) forget(*e);
    for (auto& x : s.scalars) forget(x.value);
  }
  for (auto& a : forms.arrays)
    for (auto* e : {&a.initial_readers, &a.final_writer}) forget(*e);
  forms.natives = {};
  return forms;
}

/// A graph that asks compiled functions, and one that runs bytecode.
struct BothGraphs {
  BothGraphs(const Forms& generated, const std::vector<std::int64_t>& sizes)
      : compiled(std::make_shared<const Forms>(generated), sizes),
        bytecode(std::make_shared<const Forms>(bytecode_of(generated)), sizes) {}
  TaskGraph compiled, bytecode;
};

/// Everything that `ask(f)` hands to f, in order.
template <class T, class Ask>
std::vector<T> all_of(Ask&& ask) {
  std::vector<T> all;
  ask([&](const auto&... x) { all.push_back(T(x...)); });
  return all;
}

using Seen = std::pair<TileName, Value>;

inline void compare(const BothGraphs& g, const Node& n) {
  const auto both = [&](auto&& ask) { REQUIRE(ask(g.compiled) == ask(g.bytecode)); };
  both([&](const TaskGraph& x) { return x.contains(n); });
  both([&](const TaskGraph& x) { return all_of<Node>([&](auto f) { x.successors(n, f); }); });
  both([&](const TaskGraph& x) { return all_of<Node>([&](auto f) { x.predecessors(n, f); }); });
  both([&](const TaskGraph& x) { return x.in_degree(n); });
  for (int slot = 0; slot < g.compiled.input_count(n.line); ++slot)
    both([&](const TaskGraph& x) { return all_of<Seen>([&](auto f) { x.inputs(n, slot, f); }); });
  for (int slot = 0; slot < g.compiled.output_count(n.line); ++slot) {
    both([&](const TaskGraph& x) { return x.output(n, slot); });
    both([&](const TaskGraph& x) { return x.is_final(n, slot); });
    const Value v = Value::of(n, slot);
    both([&](const TaskGraph& x) { return all_of<Node>([&](auto f) { x.readers(v, f); }); });
    both([&](const TaskGraph& x) { return x.reader_count(v); });
    const TileName tile = g.bytecode.output(n, slot);
    both([&](const TaskGraph& x) { return x.writer(tile); });
    const Value before = Value::initial(tile);
    both([&](const TaskGraph& x) { return all_of<Node>([&](auto f) { x.readers(before, f); }); });
    both([&](const TaskGraph& x) { return x.reader_count(before); });
  }
  const auto line = static_cast<std::size_t>(n.line);
  for (const lambdapack::form::ScalarForm& s : g.compiled.forms().statements[line].scalars) {
    if (s.value.offset < 0) continue;
    lambdapack::form::ScalarForm by_code = s;
    by_code.value.native = -1;
    REQUIRE(g.compiled.scalar(n, s) == g.bytecode.scalar(n, by_code));
  }
}

/// A node next to another, most of which exist.
inline Node near(Node n, std::mt19937_64& random) {
  for (std::size_t d = 0; d < n.indices.size(); ++d)
    n.indices[d] += static_cast<std::int64_t>(random() % 3) - 1;
  return n;
}

/// All tasks of a small graph, and nodes near them.
inline void compare_all(const BothGraphs& g, std::mt19937_64& random) {
  const auto tasks = all_of<Node>([&](auto f) { g.compiled.for_each_task(f); });
  REQUIRE(tasks == all_of<Node>([&](auto f) { g.bytecode.for_each_task(f); }));
  REQUIRE(g.compiled.size() == g.bytecode.size());
  for (const Node& n : tasks) {
    compare(g, n);
    const Node other = near(n, random);
    REQUIRE(g.compiled.contains(other) == g.bytecode.contains(other));
  }
}

/// Tasks of a large graph: from the first of each statement along random successors.
inline void compare_walks(const BothGraphs& g, std::mt19937_64& random, int steps) {
  for (int line = 0; line < g.bytecode.statements(); ++line) {
    const Forms& forms = g.bytecode.forms();
    lambdapack::NodeCursor first({forms.code.data(),
                                  forms.statements[static_cast<std::size_t>(line)].instances,
                                  g.bytecode.parameters()});
    Node n;
    if (!first.next(n)) continue;
    for (int k = 0; k < steps; ++k) {
      compare(g, n);
      std::optional<Node> next;
      std::uint64_t seen = 0;
      g.bytecode.successors(n, [&](const Node& to) {
        if (random() % ++seen == 0) next = to;
      });
      if (!next) break;
      n = *next;
    }
  }
}

/// A graph at these sizes, unless the program refuses them.
inline std::optional<BothGraphs> graphs(const Forms& generated,
                                        const std::vector<std::int64_t>& sizes) {
  try {
    return std::optional<BothGraphs>(std::in_place, generated, sizes);
  } catch (const lambdapack::input_error&) {
    return std::nullopt;
  }
}

}  // namespace compiled_test
