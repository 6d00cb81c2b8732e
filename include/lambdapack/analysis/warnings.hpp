// What is most likely a mistake, or slow, though the program is not wrong.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lambdapack/analysis/findings.hpp"
#include "lambdapack/analysis/flow.hpp"
#include "lambdapack/analysis/sizes_text.hpp"
#include "lambdapack/analysis/write_site.hpp"
#include "lambdapack/codes.hpp"
#include "lambdapack/ir/print.hpp"

namespace lambdapack::analysis {

namespace detail {

/// The nodes of one output whose value is read by no node and is no final tile.
inline isl::Set unread_nodes(const Relations& r, const Flow& f, int line, int slot) {
  isl::Set nodes(
      r.context.ctx(),
      isl_set_intersect_params(
          isl_map_domain(
              r.writes[static_cast<std::size_t>(line)][static_cast<std::size_t>(slot)].copy()),
          r.context.copy()));
  isl::for_each_map(f.full, [&](const isl::Map& map) {
    const TupleName writer = TupleName::parse(isl_map_get_tuple_name(map.get(), isl_dim_in));
    if (writer.kind != 'W' || writer.id != line || writer.slot != slot) return;
    nodes = isl::Set(nodes.ctx(), isl_set_subtract(nodes.copy(), isl_map_domain(map.copy())));
  });
  return {nodes.ctx(), isl_set_coalesce(nodes.copy())};
}

/// The tile that a node writes.
inline std::vector<std::int64_t> written_tile(const Relations& r, const WriteSite& w,
                                              const std::vector<std::int64_t>& sizes) {
  const isl::Map& write =
      r.writes[static_cast<std::size_t>(w.line)][static_cast<std::size_t>(w.slot)];
  const isl::Set node = one_point(write.ctx(), text({"W", w.line, "_", w.slot}), w.node, sizes);
  const isl::Set tile(write.ctx(), isl_set_apply(node.copy(), write.copy()));
  return smallest_example(tile).point;
}

inline Diagnostic never_read(const ir::Program& program, const Relations& r, int line, int slot,
                             const isl::Set& nodes, const std::string& condition) {
  const ir::Statement& s = program.statements[static_cast<std::size_t>(line)];
  const ir::Access& access = s.writes[static_cast<std::size_t>(slot)];
  const Example example = smallest_example(nodes);
  const WriteSite write{line, slot, example.point};
  const std::vector<std::int64_t> index = written_tile(r, write, example.parameters);
  const std::string tile = tile_name(program, access.array, index);
  const std::string at = sizes(program, example);

  Diagnostic d;
  d.code = codes::never_read;
  d.severity = Severity::warning;
  d.place = place(s, access);
  d.condition = condition;
  d.sizes = example.parameters;
  const std::string what = text({"what ", write.name(program), " writes to ", tile});
  std::string fate = text({"nothing reads ", what});
  d.example = text({"for ", at, ": ", tile, " is written at line ", d.place.line, " by ",
                    write.name(program), ", but nothing reads it"});
  if (const auto next = write_of(program, r, access.array, index, example.parameters, &write)) {
    d.second = next->location(program);
    fate += text({" before ", next->name(program), " at ", ir::where(d.second), " overwrites it"});
    d.example += text({" before line ", d.second.line, " overwrites it"});
  }
  d.message = text({ir::to_string(program, access), " at ", ir::where(d.place),
                    " is written and not read", when(d.condition), ": for ", at, " ", fate,
                    "; leave the statement out there, or read the tile"});
  return d;
}

inline Diagnostic never_runs(const ir::Program& program, std::size_t line) {
  const ir::Statement& s = program.statements[line];
  Diagnostic d;
  d.code = codes::never_runs;
  d.severity = Severity::warning;
  d.message = text({ir::to_string(program, s), " at ", ir::where(s.location),
                    " never runs: its loops and guards leave it no index at any size that the "
                    "program can run at; change them, or leave the statement out"});
  d.place = s.location;
  d.condition = "at all sizes";
  return d;
}

/// Execution order of a statement's nodes as lexicographic order: its indices, negated where the
/// loop goes down.
inline isl::Map in_order(const ir::Program& program, const Relations& r, std::size_t line) {
  std::string from, to;
  std::size_t level = 0;
  for (const int loop : ir::loops_around(program, program.statements[line].scope)) {
    const auto& step = std::get<ir::Loop>(program.scopes[static_cast<std::size_t>(loop)].what).step;
    from += text({level > 0 ? ", " : "", "i", level});
    to += text({level > 0 ? ", " : "", ir::goes_down(step) ? "-i" : "i", level});
    ++level;
  }
  const std::string all = text({"[", numbered("p", program.parameters.size()), "] -> { S", line,
                                "[", from, "] -> [", to, "] }"});
  isl_ctx* ctx = r.context.ctx();
  return {ctx, isl_map_read_from_str(ctx, all.c_str())};
}

/// From each node of a statement but the first to the one before it.
inline isl::Map node_before(const ir::Program& program, const Relations& r, std::size_t line) {
  const isl::Map order = in_order(program, r, line);
  isl_ctx* ctx = r.context.ctx();
  const isl::Set times(ctx, isl_set_apply(r.domains[line].copy(), order.copy()));
  isl_map* before = isl_map_lexmax(isl_set_lex_gt_set(times.copy(), times.copy()));
  before = isl_map_apply_domain(before, isl_map_reverse(order.copy()));
  return {ctx, isl_map_apply_range(before, isl_map_reverse(order.copy()))};
}

/// Where the value that links the nodes of a chain is read and written.
struct ChainLink {
  ir::Location read;
  ir::Location write;
};

/// The direct case of a chain: every node of the statement reads a value of the node before it,
/// `before`. The link of it, if it is one.
inline std::optional<ChainLink> chain_link(const ir::Program& program, const Flow& f,
                                           std::size_t line, const isl::Map& before) {
  const ir::Statement& s = program.statements[line];
  const int id = static_cast<int>(line);
  const std::string name = text({"S", line});
  isl::Map alone = before;
  ChainLink link;
  isl::for_each_map(f.full, [&](const isl::Map& full) {
    const isl::Map nodes(full.ctx(), isl_map_range_factor_domain(full.copy()));
    const TupleName writer = TupleName::parse(isl_map_get_tuple_name(nodes.get(), isl_dim_in));
    const TupleName reader = TupleName::parse(isl_map_get_tuple_name(nodes.get(), isl_dim_out));
    if (writer.kind != 'W' || reader.kind != 'R' || writer.id != id || reader.id != id) return;
    isl_map* left = isl_map_subtract(alone.copy(), renamed(reversed(nodes), name, name).copy());
    const isl::Map rest(full.ctx(), left);
    if (isl_map_is_equal(rest.get(), alone.get()) == isl_bool_true) return;
    alone = rest;
    link.read = place(s, s.reads[static_cast<std::size_t>(reader.slot)]);
    link.write = place(s, s.writes[static_cast<std::size_t>(writer.slot)]);
  });
  if (!isl::is_empty(alone)) return std::nullopt;
  return link;
}

/// The remark about a chain; its example is the smallest of `before`.
inline Diagnostic chain(const ir::Program& program, std::size_t line, const isl::Map& before,
                        const ChainLink& link, const std::string& condition) {
  const ir::Statement& s = program.statements[line];
  const int id = static_cast<int>(line);
  const Example example = smallest_example(isl::Set(before.ctx(), isl_map_wrap(before.copy())));
  const auto depth = static_cast<std::ptrdiff_t>(example.point.size() / 2);
  const std::string node =
      ir::node_name(program, id, {example.point.data(), static_cast<std::size_t>(depth)});
  const std::string previous =
      ir::node_name(program, id, {example.point.data() + depth, static_cast<std::size_t>(depth)});
  const std::string at = sizes(program, example);
  Diagnostic d;
  d.code = codes::chain;
  d.severity = Severity::remark;
  d.place = link.read;
  d.second = link.write;
  d.condition = condition;
  d.sizes = example.parameters;
  d.example = text({"for ", at, ": ", node, " reads what ", previous, " writes"});
  d.message = text({"the tasks of ", ir::to_string(program, s), " at ", ir::where(s.location),
                    " form one chain", when(d.condition),
                    ": each reads what the one before it "
                    "writes, for ",
                    at, " ", node, " what ", previous,
                    " writes, so no two of them run at once; give independent iterations tiles of "
                    "their own"});
  return d;
}

/// Whether the statement is what lp::stop_if became, which nobody wrote.
inline bool is_made_by_stop_if(const ir::Program& program, std::size_t line) {
  for (const ir::Access& w : program.statements[line].writes)
    if (program.arrays[static_cast<std::size_t>(w.array)].element == "stop") return true;
  return false;
}

}  // namespace detail

/// Reports values that neither a node nor the world after the run reads.
inline void find_unread_values(const ir::Program& program, const Relations& r, const Flow& f,
                               const Report& report) {
  for (std::size_t l = 0; l < program.statements.size(); ++l)
    for (std::size_t k = 0; k < program.statements[l].writes.size(); ++k) {
      const int line = static_cast<int>(l), slot = static_cast<int>(k);
      if (detail::is_made_by_stop_if(program, l)) continue;
      const isl::Set nodes = detail::unread_nodes(r, f, line, slot);
      if (isl::is_empty(nodes)) continue;
      const std::string condition =
          detail::short_condition(program, detail::sizes_of(nodes), r.context);
      report(detail::never_read(program, r, line, slot, nodes, condition));
    }
}

/// Reports statements that run at no size.
inline void find_idle_statements(const ir::Program& program, const Relations& r,
                                 const Report& report) {
  for (std::size_t l = 0; l < program.statements.size(); ++l)
    if (isl::is_empty(r.domains[l])) report(detail::never_runs(program, l));
}

/// Reports statements whose tasks can only run one after the other.
inline void find_chains(const ir::Program& program, const Relations& r, const Flow& f,
                        const Report& report) {
  for (std::size_t l = 0; l < program.statements.size(); ++l) {
    if (ir::loops_around(program, program.statements[l].scope).empty() ||
        detail::is_made_by_stop_if(program, l))
      continue;
    const isl::Map before = detail::node_before(program, r, l);
    if (isl::is_empty(before)) continue;
    const auto link = detail::chain_link(program, f, l, before);
    if (!link) continue;
    const isl::Set steps(before.ctx(), isl_map_domain(before.copy()));
    report(detail::chain(program, l, before, *link,
                         detail::short_condition(program, detail::sizes_of(steps), r.context)));
  }
}

}  // namespace lambdapack::analysis
