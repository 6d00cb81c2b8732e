// Edge families that can be both written as text and unrolled: the oracle for hand-written edges.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/ir/hand_graph.hpp"
#include "support/brute_force.hpp"

namespace hand_edges {

using brute_force::Indices;
using brute_force::Node;
using lambdapack::ir::EdgeDirection;
using Values = std::map<std::string, std::int64_t>;
using Edges = std::set<std::pair<Node, Node>>;

/// constant + sum of coefficient * name.
struct Affine {
  std::int64_t constant = 0;
  std::map<std::string, std::int64_t> terms;

  std::int64_t at(const Values& values) const {
    std::int64_t sum = constant;
    for (const auto& [name, coefficient] : terms) sum += coefficient * values.at(name);
    return sum;
  }
  std::string text() const {
    std::string all;
    for (const auto& [name, c] : terms)
      all += (all.empty() ? "" : " + ") + std::to_string(c) + "*" + name;
    return all.empty() ? std::to_string(constant) : all + " - " + std::to_string(-constant);
  }
};

inline Affine var(const std::string& name, std::int64_t plus = 0) { return {plus, {{name, 1}}}; }

/// left `relation` right, the relation as C spells it.
struct Comparison {
  Affine left;
  std::string relation;
  Affine right;

  bool at(const Values& values) const {
    const std::int64_t a = left.at(values), b = right.at(values);
    if (relation == "<") return a < b;
    if (relation == "<=") return a <= b;
    if (relation == "==") return a == b;
    if (relation == "!=") return a != b;
    return relation == ">=" ? a >= b : a > b;
  }
};

struct Range {
  std::string index;
  Affine from;
  Affine to;
};

/// All outputs are number 0.
struct Family {
  int own = 0;
  std::vector<std::string> indices;
  std::vector<Comparison> when;  // all of them
  std::vector<Range> ranges;
  int other = 0;
  std::vector<Affine> there;
  int input = 0;

  lambdapack::ir::EdgeFamily written(EdgeDirection direction) const {
    lambdapack::ir::EdgeFamily f;
    const bool out = direction == EdgeDirection::out;
    (out ? f.from : f.to) = {own, indices};
    (out ? f.to : f.from) = {other, {}};
    for (const Affine& e : there) (out ? f.to : f.from).indices.push_back(e.text());
    for (const Comparison& c : when)
      f.when +=
          (f.when.empty() ? "" : " && ") + c.left.text() + " " + c.relation + " " + c.right.text();
    for (const Range& r : ranges) f.ranges.push_back({r.index, r.from.text(), r.to.text()});
    f.value = 0;
    f.input = input;
    return f;
  }

  /// From the writer to the reader, for the nodes that there are.
  Edges unrolled(EdgeDirection direction, const brute_force::Graph& graph, std::int64_t n) const {
    Edges edges;
    for (const Node& node : graph.order) {
      if (node.line != own) continue;
      Values values{{"n", n}};
      for (std::size_t d = 0; d < indices.size(); ++d) values[indices[d]] = node.indices[d];
      unroll(values, 0, [&](const Node& far) {
        edges.insert(direction == EdgeDirection::out ? std::pair(node, far) : std::pair(far, node));
      });
    }
    return edges;
  }

 private:
  void unroll(Values& values, std::size_t range, const std::function<void(const Node&)>& f) const {
    if (range < ranges.size()) {
      const Range& r = ranges[range];
      for (std::int64_t x = r.from.at(values); x <= r.to.at(values); ++x) {
        values[r.index] = x;
        unroll(values, range + 1, f);
      }
      return;
    }
    for (const Comparison& c : when)
      if (!c.at(values)) return;
    std::vector<std::int64_t> far;
    for (const Affine& e : there) far.push_back(e.at(values));
    f({other, Indices(far)});
  }
};

}  // namespace hand_edges
