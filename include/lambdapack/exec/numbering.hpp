// Numbers instead of names for the nodes and values of one run.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/exec/detail/boxes.hpp"
#include "lambdapack/exec/job.hpp"
#include "lambdapack/graph/node.hpp"

namespace lambdapack::exec {

/// Gives every node and every value of a job a number from 0 on, by its place in a box around the
/// indices of its statement. Different names have different numbers; not every number is in use.
class Numbering {
 public:
  /// Throws input_error if the boxes have more than 2^62 places together.
  explicit Numbering(const Job& job) {
    const ir::Program& program = *job.program;
    const detail::Boxes boxes(program, job.graph.parameters());
    for (const ir::Statement& s : program.statements) {
      Box box;
      box.first = nodes_;
      for (const int loop : ir::loops_around(program, s.scope)) {
        const detail::Interval& index = boxes.of_loop(loop);
        box.add(index.low, static_cast<__int128>(index.high) - index.low + 1, program);
      }
      nodes_ = sum(nodes_, box.places, program);
      statements_.push_back(box);
      first_value_.push_back(values_);
      for (std::size_t k = 0; k < s.writes.size(); ++k) values_ = sum(values_, box.places, program);
    }
    for (std::size_t a = 0; a < program.arrays.size(); ++a) {
      Box box;
      box.first = values_;
      if (job.arrays[a])
        for (const std::int64_t extent : job.arrays[a]->extents()) box.add(0, extent, program);
      values_ = sum(values_, box.places, program);
      arrays_.push_back(box);
    }
  }

  std::int64_t number(const Node& node) const {
    return statements_[static_cast<std::size_t>(node.line)].number(node.indices);
  }

  /// The node that has this number, of those that have one.
  Node node(std::int64_t number) const {
    const auto behind =
        std::upper_bound(statements_.begin(), statements_.end(), number,
                         [](std::int64_t number, const Box& box) { return number < box.first; });
    Node node;
    node.line = static_cast<int>(behind - statements_.begin()) - 1;
    (behind - 1)->indices(number, node.indices);
    return node;
  }

  /// Only for an initial value whose array is bound and has the tile.
  std::int64_t number(const Value& value) const {
    if (value.is_initial())
      return arrays_[static_cast<std::size_t>(-1 - value.line)].number(value.indices);
    const auto line = static_cast<std::size_t>(value.line);
    const Box& box = statements_[line];
    return first_value_[line] + value.slot * box.places + box.number(value.indices) - box.first;
  }

  /// All numbers of nodes, and of values, are below these.
  std::int64_t nodes() const { return nodes_; }
  std::int64_t values() const { return values_; }

 private:
  static constexpr std::int64_t most = std::int64_t{1} << 62;

  [[noreturn]] static void refuse(const ir::Program& program) {
    throw input_error(
        "lambdapack: the loops of " + program.name +
        " span more than 2^62 combinations of indices at these sizes, which is more "
        "than an executor can tell apart; use larger tiles, or bounds of loops instead of "
        "guards");
  }

  static std::int64_t sum(std::int64_t a, std::int64_t b, const ir::Program& program) {
    if (a > most - b) refuse(program);
    return a + b;
  }

  struct Box {
    std::int64_t first = 0;
    std::int64_t places = 1;
    std::size_t rank = 0;
    std::array<std::int64_t, ir::max_depth> low{};
    std::array<std::int64_t, ir::max_depth> extent{};

    void add(std::int64_t from, __int128 count, const ir::Program& program) {
      const __int128 all = static_cast<__int128>(places) * std::max<__int128>(count, 0);
      if (count > most || all > most) refuse(program);
      low[rank] = from;
      extent[rank] = static_cast<std::int64_t>(count);
      places = static_cast<std::int64_t>(all);
      ++rank;
    }

    std::int64_t number(const Indices& indices) const {
      std::int64_t place = 0;
      for (std::size_t d = 0; d < rank; ++d) place = place * extent[d] + (indices[d] - low[d]);
      return first + place;
    }

    void indices(std::int64_t number, Indices& indices) const {
      std::int64_t place = number - first;
      indices.resize(rank);
      for (std::size_t d = rank; d-- > 0; place /= extent[d])
        indices[d] = low[d] + place % extent[d];
    }
  };

  std::int64_t nodes_ = 0;
  std::int64_t values_ = 0;
  std::vector<Box> statements_;
  std::vector<std::int64_t> first_value_;  // per statement
  std::vector<Box> arrays_;
};

}  // namespace lambdapack::exec
