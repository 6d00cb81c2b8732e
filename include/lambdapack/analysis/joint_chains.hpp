// Statements of one loop that are a chain together: each of their tasks, in the program's order,
// reads what the one before it has written, as in `y = f(x); x = g(y)`.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/findings.hpp"
#include "lambdapack/analysis/flow.hpp"
#include "lambdapack/analysis/sizes_text.hpp"
#include "lambdapack/analysis/warnings.hpp"
#include "lambdapack/codes.hpp"
#include "lambdapack/ir/print.hpp"

namespace lambdapack::analysis {

namespace detail {

/// Which statements read what which write, from node to node, and where.
struct StatementFlow {
  struct Edge {
    TupleName writer, reader;
    isl::Map nodes;  ///< writer -> reader
  };
  std::vector<Edge> edges;

  explicit StatementFlow(const Flow& f) {
    isl::for_each_map(f.full, [&](const isl::Map& full) {
      const isl::Map nodes(full.ctx(), isl_map_range_factor_domain(full.copy()));
      const TupleName writer = TupleName::parse(isl_map_get_tuple_name(nodes.get(), isl_dim_in));
      const TupleName reader = TupleName::parse(isl_map_get_tuple_name(nodes.get(), isl_dim_out));
      if (writer.kind == 'W' && reader.kind == 'R') edges.push_back({writer, reader, nodes});
    });
  }

  /// The statements that wait for each other in a circle, with `line` as the first of them; only
  /// `line` if there are no others.
  std::vector<std::size_t> circle(std::size_t line, std::size_t statements) const {
    const std::vector<bool> after = reached(line, statements, true),
                            before = reached(line, statements, false);
    std::vector<std::size_t> lines{line};
    for (std::size_t l = 0; l < statements; ++l)
      if (l != line && after[l] && before[l]) lines.push_back(l);
    return *std::min_element(lines.begin(), lines.end()) == line ? lines
                                                                 : std::vector<std::size_t>{line};
  }

 private:
  std::vector<bool> reached(std::size_t line, std::size_t statements, bool forwards) const {
    std::vector<bool> seen(statements);
    std::vector<std::size_t> open{line};
    while (!open.empty()) {
      const std::size_t at = open.back();
      open.pop_back();
      for (const Edge& e : edges) {
        const auto from = static_cast<std::size_t>(forwards ? e.writer.id : e.reader.id);
        const auto to = static_cast<std::size_t>(forwards ? e.reader.id : e.writer.id);
        if (from != at || seen[to]) continue;
        seen[to] = true;
        open.push_back(to);
      }
    }
    return seen;
  }
};

/// Some statements with the same loops around them, their nodes as points in time: the indices, and
/// the statement behind them.
class JointOrder {
 public:
  JointOrder(const ir::Program& program, const Relations& r, std::vector<std::size_t> lines)
      : program_(program), lines_(std::move(lines)), all_(times(r, lines_.front())) {
    for (std::size_t k = 1; k < lines_.size(); ++k)
      all_ = isl::Set(all_.ctx(), isl_set_union(all_.copy(), times(r, lines_[k]).copy()));
  }

  /// From each node but the first to the one before it.
  isl::Map before() const {
    return {all_.ctx(), isl_map_lexmax(isl_set_lex_gt_set(all_.copy(), all_.copy()))};
  }

  /// From readers to the writers that they read from.
  isl::Map reads(const Relations& r, const StatementFlow& f) const {
    isl::Map all(all_.ctx(), isl_map_empty(isl_space_map_from_set(isl_set_get_space(all_.get()))));
    for (const StatementFlow::Edge& e : f.edges) {
      if (!has(e.writer.id) || !has(e.reader.id)) continue;
      const isl::Map nodes = renamed(reversed(e.nodes), name(e.reader.id), name(e.writer.id));
      isl_map* m = isl_map_apply_domain(nodes.copy(), in_time(r, e.reader.id).copy());
      m = isl_map_apply_range(m, in_time(r, e.writer.id).copy());
      all = isl::Map(all_.ctx(), isl_map_union(all.copy(), m));
    }
    return all;
  }

  /// The node at a time of an example, and where it stands.
  std::string node(std::vector<std::int64_t> time) const {
    const auto line = static_cast<int>(time.back());
    time.pop_back();
    std::size_t level = 0;
    for (const int loop :
         ir::loops_around(program_, program_.statements[static_cast<std::size_t>(line)].scope)) {
      const auto& l = std::get<ir::Loop>(program_.scopes[static_cast<std::size_t>(loop)].what);
      if (ir::goes_down(l.step)) time[level] = -time[level];
      ++level;
    }
    return text({ir::node_name(program_, line, time), " at ",
                 ir::where(program_.statements[static_cast<std::size_t>(line)].location)});
  }

 private:
  static std::string name(int line) { return text({"S", line}); }
  bool has(int line) const {
    return std::find(lines_.begin(), lines_.end(), static_cast<std::size_t>(line)) != lines_.end();
  }

  isl::Map in_time(const Relations& r, int line) const {
    isl_map* m = in_order(program_, r, static_cast<std::size_t>(line)).copy();
    const unsigned depth = static_cast<unsigned>(isl_map_dim(m, isl_dim_out));
    m = isl_map_fix_si(isl_map_add_dims(m, isl_dim_out, 1), isl_dim_out, depth, line);
    return {r.context.ctx(), m};
  }

  isl::Set times(const Relations& r, std::size_t line) const {
    return {r.context.ctx(),
            isl_set_apply(r.domains[line].copy(), in_time(r, static_cast<int>(line)).copy())};
  }

  const ir::Program& program_;
  std::vector<std::size_t> lines_;
  isl::Set all_;
};

/// The remark about a chain of several statements.
inline Diagnostic joint_chain(const ir::Program& program, const Relations& r,
                              const std::vector<std::size_t>& lines, const JointOrder& order,
                              const isl::Map& before) {
  const Example example = smallest_example(isl::Set(before.ctx(), isl_map_wrap(before.copy())));
  const auto half = static_cast<std::ptrdiff_t>(example.point.size() / 2);
  const std::string node = order.node({example.point.begin(), example.point.begin() + half});
  const std::string previous = order.node({example.point.begin() + half, example.point.end()});
  const isl::Set steps(before.ctx(), isl_map_domain(before.copy()));
  const std::string at = sizes(program, example);
  std::string statements;
  for (std::size_t k = 0; k < lines.size(); ++k) {
    const ir::Statement& s = program.statements[lines[k]];
    statements += text({k == 0                 ? ""
                        : k + 1 < lines.size() ? ", "
                                               : " and ",
                        ir::to_string(program, s), " at ", ir::where(s.location)});
  }
  Diagnostic d;
  d.code = codes::chain;
  d.severity = Severity::remark;
  d.place = program.statements[lines.front()].location;
  d.second = program.statements[lines.back()].location;
  d.condition = short_condition(program, sizes_of(steps), r.context);
  d.sizes = example.parameters;
  d.example = text({"for ", at, ": ", node, " reads what ", previous, " writes"});
  d.message =
      text({"the tasks of ", statements, " form one chain", when(d.condition),
            ": each reads what the one before it writes, for ", at, " ", node, " what ", previous,
            " writes, so no two of them run at once; give independent iterations tiles of "
            "their own"});
  return d;
}

}  // namespace detail

/// Reports statements of one loop that wait for each other and whose tasks, taken together, can
/// only run one after the other.
inline void find_joint_chains(const ir::Program& program, const Relations& r, const Flow& f,
                              const Report& report) {
  const detail::StatementFlow statements(f);
  for (std::size_t l = 0; l < program.statements.size(); ++l) {
    const std::vector<std::size_t> lines = statements.circle(l, program.statements.size());
    const std::vector<int> loops = ir::loops_around(program, program.statements[l].scope);
    const bool are_alike = std::all_of(lines.begin(), lines.end(), [&](std::size_t other) {
      return ir::loops_around(program, program.statements[other].scope) == loops &&
             !detail::is_made_by_stop_if(program, other);
    });
    if (lines.size() < 2 || loops.empty() || !are_alike) continue;
    const detail::JointOrder order(program, r, lines);
    const isl::Map before = order.before();
    const isl::Map broken(before.ctx(),
                          isl_map_subtract(before.copy(), order.reads(r, statements).copy()));
    if (isl::is_empty(before) || !isl::is_empty(broken)) continue;
    report(detail::joint_chain(program, r, lines, order, before));
  }
}

}  // namespace lambdapack::analysis
