// Times of nodes as isl's tree of sequences and loops. Its flow analysis goes down the loops of
// such a tree, and down all dimensions of a map, most of which are positions in the program's text:
// with a tree it takes a quarter of the time.
#pragma once

#include <isl/schedule.h>

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "lambdapack/analysis/isl.hpp"

namespace lambdapack::analysis {

using ScheduleTree =
    isl::Owner<isl_schedule, isl_schedule_copy, isl_schedule_free, isl_schedule_get_ctx>;

namespace detail {

class ScheduleTreeMaker {
 public:
  explicit ScheduleTreeMaker(isl_ctx* ctx) : ctx_(ctx) {}

  /// The times in the group, of which there are some, are the same before dimension d.
  ScheduleTree tree(const std::vector<isl::Map>& group, unsigned d) const {
    if (static_cast<int>(d) == isl_map_dim(group[0].get(), isl_dim_out)) return together(group);
    std::map<std::int64_t, std::vector<isl::Map>> by_position;
    for (const isl::Map& m : group) {
      const auto position = constant(m, d);
      if (!position) return loop(group, d);
      by_position[*position].push_back(m);
    }
    std::optional<ScheduleTree> all;
    for (const auto& [position, part] : by_position) {
      const ScheduleTree next = tree(part, d + 1);
      all = all ? ScheduleTree(ctx_, isl_schedule_sequence(all->copy(), next.copy())) : next;
    }
    return *all;
  }

 private:
  std::optional<std::int64_t> constant(const isl::Map& times, unsigned d) const {
    isl_val* v = isl_map_plain_get_val_if_fixed(times.get(), isl_dim_out, d);
    if (v == nullptr) isl::fail(ctx_);
    std::optional<std::int64_t> value;
    if (isl_val_is_int(v) == isl_bool_true) value = isl_val_get_num_si(v);
    isl_val_free(v);
    return value;
  }

  ScheduleTree together(const std::vector<isl::Map>& group) const {
    isl_union_set* nodes = isl_union_set_empty(isl_map_get_space(group[0].get()));
    for (const isl::Map& m : group) nodes = isl_union_set_add_set(nodes, isl_map_domain(m.copy()));
    return {ctx_, isl_schedule_from_domain(nodes)};
  }

  ScheduleTree loop(const std::vector<isl::Map>& group, unsigned d) const {
    isl_union_map* index = isl_union_map_empty(isl_map_get_space(group[0].get()));
    for (const isl::Map& m : group) {
      const auto n = static_cast<unsigned>(isl_map_dim(m.get(), isl_dim_out));
      isl_map* inner_too = isl_map_project_out(m.copy(), isl_dim_out, 0, d);
      index =
          isl_union_map_add_map(index, isl_map_project_out(inner_too, isl_dim_out, 1, n - d - 1));
    }
    const ScheduleTree body = tree(group, d + 1);
    return {ctx_, isl_schedule_insert_partial_schedule(
                      body.copy(), isl_multi_union_pw_aff_from_union_map(index))};
  }

  isl_ctx* ctx_;
};

}  // namespace detail

/// The tree of a map from nodes to times, which have as many dimensions for all of them.
inline ScheduleTree schedule_tree(const isl::UnionMap& times) {
  std::vector<isl::Map> all;
  isl::for_each_map(times, [&](const isl::Map& m) { all.push_back(m); });
  if (all.empty()) return {times.ctx(), isl_schedule_empty(isl_union_map_get_space(times.get()))};
  return detail::ScheduleTreeMaker(times.ctx()).tree(all, 0);
}

}  // namespace lambdapack::analysis
