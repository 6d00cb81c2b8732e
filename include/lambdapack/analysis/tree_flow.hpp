// Which write each read sees, in programs with powers and logarithms.
//
// An array each of whose tiles is written at most once, before all of its reads, needs no more than
// the composition of its writes with its inverse reads. For the others there are only candidates,
// in the order of the program: the first that fits is the answer.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/levels.hpp"
#include "lambdapack/analysis/lifted.hpp"

namespace lambdapack::analysis {

/// Output `write` of statement `writer` and input `read` of statement `reader` name the same array.
struct TreePair {
  std::size_t writer = 0, write = 0, reader = 0, read = 0;
  int array = 0;
  isl::Map map;  ///< writer's S -> reader's S: they name the same tile
};

/// One of the cases that make up "x comes before y": a larger round is nearer.
struct OrderCase {
  int round = 0;
  isl::Map map;
};

/// Splits a map between nodes of two statements into the cases in which the first node comes before
/// the second, nearest cases first.
inline std::vector<OrderCase> before(const ir::Program& program, const Lifted& lifted,
                                     std::size_t first, std::size_t second, const isl::Map& map) {
  const std::vector<int> a = ir::loops_around(program, program.statements[first].scope);
  const std::vector<int> b = ir::loops_around(program, program.statements[second].scope);
  const auto common = static_cast<std::size_t>(
      std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
  const auto position = [&](std::size_t line, std::size_t level) {
    return static_cast<int>(lifted.statements[line].dim_of_loop(a[level]));
  };
  const auto sharing = [&](std::size_t levels) {
    isl_map* m = map.copy();
    for (std::size_t k = 0; k < levels; ++k)
      m = isl_map_equate(m, isl_dim_in, position(first, k), isl_dim_out, position(second, k));
    return m;
  };
  std::vector<OrderCase> cases;
  const auto add = [&](std::size_t round, isl_map* m) {
    isl::Map owned(map.ctx(), isl_map_coalesce(m));
    if (!isl::is_empty(owned)) cases.push_back({static_cast<int>(round), std::move(owned)});
  };
  if (first < second) add(2 * common, sharing(common));
  for (std::size_t d = common; d-- > 0;) {
    const auto& loop =
        std::get<ir::Loop>(program.scopes[static_cast<std::size_t>(a[d])].what);
    isl_map* m = sharing(d);
    m = ir::goes_down(loop.step)
            ? isl_map_order_gt(m, isl_dim_in, position(first, d), isl_dim_out, position(second, d))
            : isl_map_order_lt(m, isl_dim_in, position(first, d), isl_dim_out, position(second, d));
    add(2 * d + 1, m);
  }
  return cases;
}

/// The pairs of accesses that flow may go through, and what is known of each array.
class TreeFlow {
 public:
  TreeFlow(const ir::Program& program, const Lifted& lifted) : TreeFlow(program, lifted, {}) {
    for (std::size_t a = 0; a < program.arrays.size(); ++a)
      exact_.push_back(is_exact(static_cast<int>(a)));
  }

  /// The same where it is known already for which arrays composition is flow.
  TreeFlow(const ir::Program& program, const Lifted& lifted, std::vector<bool> exact)
      : program_(program), lifted_(lifted), exact_(std::move(exact)) {
    for (std::size_t w = 0; w < program.statements.size(); ++w)
      for (std::size_t r = 0; r < program.statements.size(); ++r) add_pairs(w, r);
  }

  const std::vector<TreePair>& pairs() const { return pairs_; }

  /// Whether composition is flow: tiles of the array are written at most once and read only
  /// afterwards.
  bool exact(int array) const { return exact_[static_cast<std::size_t>(array)]; }

 private:
  const LiftedStatement& at(std::size_t line) const { return lifted_.statements[line]; }

  static isl::Map same_tile(const LiftedAccess& a, const LiftedAccess& b) {
    return {a.map.ctx(), isl_map_apply_range(a.map.copy(), isl_map_reverse(b.map.copy()))};
  }

  void add_pairs(std::size_t w, std::size_t r) {
    const ir::Statement &writer = program_.statements[w], &reader = program_.statements[r];
    for (std::size_t a = 0; a < writer.writes.size(); ++a)
      for (std::size_t b = 0; b < reader.reads.size(); ++b) {
        if (writer.writes[a].array != reader.reads[b].array) continue;
        isl::Map map = same_tile(at(w).writes[a], at(r).reads[b]);
        if (!isl::is_empty(map)) pairs_.push_back({w, a, r, b, writer.writes[a].array, map});
      }
  }

  // Arrays that are always written together ask the same questions.
  bool feasible(std::size_t x, std::size_t y, isl_map* map) const {
    const isl::Map question(lifted_.context.ctx(), map);
    for (const auto& [asked, answer] : answers_)
      if (isl_map_plain_is_equal(asked.get(), question.get()) == isl_bool_true) return answer;
    LevelSystem system(program_, lifted_, {&at(x), &at(y)});
    answers_.emplace_back(question, system.feasible(isl_map_wrap(question.copy())));
    return answers_.back().second;
  }

  bool is_exact(int array) const {
    if (program_.arrays[static_cast<std::size_t>(array)].role == ir::ArrayRole::inout) return false;
    return written_once(array) && read_afterwards(array);
  }

  bool written_once(int array) const {
    struct Write {
      std::size_t line, slot;
    };
    std::vector<Write> writes;
    for (std::size_t l = 0; l < program_.statements.size(); ++l)
      for (std::size_t k = 0; k < program_.statements[l].writes.size(); ++k)
        if (program_.statements[l].writes[k].array == array) writes.push_back({l, k});
    for (std::size_t p = 0; p < writes.size(); ++p)
      for (std::size_t q = 0; q <= p; ++q) {
        const auto& [x, a] = writes[p];
        const auto& [y, b] = writes[q];
        const isl::Map both = same_tile(at(x).writes[a], at(y).writes[b]);
        if (p != q) {
          if (!isl::is_empty(both) && feasible(x, y, both.copy())) return false;
          continue;
        }
        for (const OrderCase& c : before(program_, lifted_, x, y, both))
          if (feasible(x, y, c.map.copy())) return false;
      }
    return true;
  }

  // No read comes before the write of its tile, or is in the node that writes it.
  bool read_afterwards(int array) const {
    for (const TreePair& p : pairs_) {
      if (p.array != array) continue;
      if (p.writer == p.reader) {
        const isl::Map here(p.map.ctx(),
                            isl_map_intersect(p.map.copy(), isl_map_identity(isl_map_get_space(
                                                                p.map.get()))));
        if (!isl::is_empty(here) && feasible(p.writer, p.reader, here.copy())) return false;
      }
      const isl::Map back(p.map.ctx(), isl_map_reverse(p.map.copy()));
      for (const OrderCase& c : before(program_, lifted_, p.reader, p.writer, back))
        if (feasible(p.reader, p.writer, c.map.copy())) return false;
    }
    return true;
  }

  const ir::Program& program_;
  const Lifted& lifted_;
  std::vector<TreePair> pairs_;
  std::vector<bool> exact_;
  mutable std::vector<std::pair<isl::Map, bool>> answers_;
};

}  // namespace lambdapack::analysis
