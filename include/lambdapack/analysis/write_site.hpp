// Which node writes a tile first, or next, at given sizes: the other end of a finding.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lambdapack/analysis/relations.hpp"
#include "lambdapack/analysis/sizes_text.hpp"
#include "lambdapack/ir/print.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::analysis::detail {

/// A node that writes.
struct WriteSite {
  int line = 0;
  int slot = 0;
  std::vector<std::int64_t> node;

  std::string name(const ir::Program& program) const { return ir::node_name(program, line, node); }
  const ir::Location& location(const ir::Program& program) const {
    const ir::Statement& s = program.statements[static_cast<std::size_t>(line)];
    return place(s, s.writes[static_cast<std::size_t>(slot)]);
  }
};

/// The write at a time of the schedule of Relations.
inline WriteSite write_at(const ir::Program& program, const std::vector<std::int64_t>& time) {
  WriteSite site;
  site.line = static_cast<int>(time[time.size() - 2]);
  site.slot = static_cast<int>(time.back()) - 1;
  const ir::Statement& s = program.statements[static_cast<std::size_t>(site.line)];
  std::size_t at = 2;
  for (const int loop : ir::loops_around(program, s.scope)) {
    const auto& step = std::get<ir::Loop>(program.scopes[static_cast<std::size_t>(loop)].what).step;
    site.node.push_back(ir::goes_down(step) ? -time[at] : time[at]);
    at += 2;
  }
  return site;
}

/// "{ T2[3, 4] : p0 = 5 }": one tile, or one node, at given sizes.
inline isl::Set one_point(isl_ctx* ctx, const std::string& name,
                          const std::vector<std::int64_t>& point,
                          const std::vector<std::int64_t>& sizes) {
  std::string indices, fixed = "true";
  for (std::size_t d = 0; d < point.size(); ++d) indices += text({d > 0 ? ", " : "", point[d]});
  for (std::size_t p = 0; p < sizes.size(); ++p) fixed += text({" and p", p, " = ", sizes[p]});
  const std::string all =
      text({"[", numbered("p", sizes.size()), "] -> { ", name, "[", indices, "] : ", fixed, " }"});
  return {ctx, isl_set_read_from_str(ctx, all.c_str())};
}

/// The times of nodes, as a set.
inline isl::Set times_of(const Relations& r, const isl::UnionSet& nodes) {
  isl_union_set* times = isl_union_set_apply(nodes.copy(), r.schedule.copy());
  return {nodes.ctx(), isl_set_from_union_set(times)};
}

/// The first write of a tile at given sizes, or the first after `after`, if there is one.
inline std::optional<WriteSite> write_of(const ir::Program& program, const Relations& r, int array,
                                         const std::vector<std::int64_t>& tile,
                                         const std::vector<std::int64_t>& sizes,
                                         const WriteSite* after = nullptr) {
  isl_ctx* ctx = r.context.ctx();
  const isl::Set one = one_point(ctx, text({"T", array}), tile, sizes);
  const isl::UnionSet writers(ctx, isl_union_map_domain(isl_union_map_intersect_range(
                                       r.all_writes.copy(), isl_union_set_from_set(one.copy()))));
  if (isl_union_set_is_empty(writers.get()) == isl_bool_true) return std::nullopt;
  isl::Set times = times_of(r, writers);
  if (after != nullptr) {
    const isl::Set node =
        one_point(ctx, text({"W", after->line, "_", after->slot}), after->node, sizes);
    const isl::Set now = times_of(r, isl::UnionSet(ctx, isl_union_set_from_set(node.copy())));
    times = isl::Set(ctx, isl_map_range(isl_set_lex_lt_set(now.copy(), times.copy())));
  }
  if (isl::is_empty(times)) return std::nullopt;
  return write_at(program, smallest_example(times).point);
}

}  // namespace lambdapack::analysis::detail
