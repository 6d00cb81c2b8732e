// Value-based flow: which write each read sees.
#pragma once

#include <string>

#include "lambdapack/analysis/relations.hpp"
#include "lambdapack/analysis/schedule_tree.hpp"

namespace lambdapack::analysis {

/// Exact flow of a program, for all sizes.
struct Flow {
  isl::UnionMap
      full;  ///< W -> [R -> T]: the read of a tile sees this write. W may be I, R may be O
  isl::UnionMap no_source;  ///< R -> T: a read of a tile that nothing wrote
};

/// Feautrier, "Dataflow analysis of array and scalar references" (1991), as isl implements it.
inline Flow flow(const Relations& r) {
  const ScheduleTree order = schedule_tree(r.schedule);
  isl_union_access_info* info = isl_union_access_info_from_sink(r.all_reads.copy());
  info = isl_union_access_info_set_must_source(info, r.all_writes.copy());
  info = isl_union_access_info_set_schedule(info, order.copy());
  isl_union_flow* flow = isl_union_access_info_compute_flow(info);
  isl_ctx* ctx = r.context.ctx();
  if (flow == nullptr) isl::fail(ctx);
  isl_union_map* full = isl_union_flow_get_full_must_dependence(flow);
  isl_union_map* none = isl_union_flow_get_must_no_source(flow);
  isl_union_flow_free(flow);
  Flow result;
  result.full = isl::UnionMap(ctx, isl_union_map_intersect_params(full, r.context.copy()));
  result.no_source = isl::UnionMap(ctx, isl_union_map_intersect_params(none, r.context.copy()));
  return result;
}

/// A tuple name of Relations taken apart: kind S, R, W, I, O or T; its statement or array; its
/// slot.
struct TupleName {
  char kind = '?';
  int id = 0;
  int slot = 0;

  static TupleName parse(const char* text) {
    const std::string name = text != nullptr ? text : "";
    TupleName t;
    if (name.empty()) return t;
    t.kind = name[0];
    const std::size_t underscore = name.find('_');
    t.id = std::stoi(name.substr(1, underscore - 1));
    if (underscore != std::string::npos) t.slot = std::stoi(name.substr(underscore + 1));
    return t;
  }
};

/// The map with its tuples renamed; an empty name leaves a tuple as it is.
inline isl::Map renamed(const isl::Map& map, const std::string& in, const std::string& out) {
  isl_map* m = map.copy();
  if (!in.empty()) m = isl_map_set_tuple_name(m, isl_dim_in, in.c_str());
  if (!out.empty()) m = isl_map_set_tuple_name(m, isl_dim_out, out.c_str());
  return {map.ctx(), m};
}

inline isl::Set renamed(const isl::Set& set, const std::string& name) {
  return {set.ctx(), isl_set_set_tuple_name(set.copy(), name.c_str())};
}

inline isl::Map reversed(const isl::Map& map) { return {map.ctx(), isl_map_reverse(map.copy())}; }

}  // namespace lambdapack::analysis
