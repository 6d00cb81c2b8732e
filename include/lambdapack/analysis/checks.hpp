// What the analysis refuses, and what it asks of the sizes of a run.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/flow.hpp"
#include "lambdapack/ir/print.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::analysis {

/// Sizes under which an access stays inside its array, among those that earlier conditions leave,
/// and the sentence for when it does not.
struct SizeCondition {
  isl::Set among;
  isl::Set holds;
  std::string otherwise;
};

/// What a program asks of its sizes, and the sizes that meet all of it.
struct ValidSizes {
  std::vector<SizeCondition> conditions;
  isl::Set sizes;
};

namespace detail {

/// The lexicographically smallest sizes, and for them the smallest point, of a set.
struct Example {
  std::vector<std::int64_t> parameters;
  std::vector<std::int64_t> point;
};

inline Example smallest_example(const isl::Set& set) {
  isl_set* s = isl_set_reset_tuple_id(set.copy());
  const auto parameters = static_cast<unsigned>(isl_set_dim(s, isl_dim_param));
  s = isl_set_lexmin(isl_set_move_dims(s, isl_dim_set, 0, isl_dim_param, 0, parameters));
  isl_point* point = isl_set_sample_point(s);
  if (point == nullptr) isl::fail(set.ctx());
  Example example;
  const auto n = parameters + static_cast<unsigned>(isl_set_dim(set.get(), isl_dim_set));
  for (unsigned k = 0; k < n; ++k)
    (k < parameters ? example.parameters : example.point)
        .push_back(isl::take_integer(
            set.ctx(), isl_point_get_coordinate_val(point, isl_dim_set, static_cast<int>(k))));
  isl_point_free(point);
  return example;
}

/// "A.extent(0) = 3, t = 1".
inline std::string sizes(const ir::Program& program, const Example& example) {
  std::string all;
  for (std::size_t p = 0; p < example.parameters.size(); ++p)
    all += text({p > 0 ? ", " : "", program.parameters[p].name, " = ", example.parameters[p]});
  return all.empty() ? "a program without sizes" : all;
}

/// The constraints of a set of parameters, in the program's own names.
inline std::string condition(const ir::Program& program, const isl::Set& set) {
  isl_set* s = isl_set_coalesce(set.copy());
  for (std::size_t p = 0; p < program.parameters.size(); ++p) {
    const int at = isl_set_find_dim_by_name(s, isl_dim_param, text({"p", p}).c_str());
    if (at >= 0)
      s = isl_set_set_dim_name(s, isl_dim_param, static_cast<unsigned>(at),
                               program.parameters[p].name.c_str());
  }
  const std::string all = isl::take_string(isl_set_to_str(s));
  isl_set_free(s);
  const std::size_t begin = all.find(" : ", all.find('{'));
  const std::size_t end = all.rfind(" }");
  return begin == std::string::npos || end < begin + 3 ? all
                                                       : all.substr(begin + 3, end - begin - 3);
}

inline std::string tile_name(const ir::Program& program, int array,
                             const std::vector<std::int64_t>& tile) {
  std::string indices;
  for (std::size_t d = 0; d < tile.size(); ++d) indices += text({d > 0 ? ", " : "", tile[d]});
  return text({program.arrays[static_cast<std::size_t>(array)].name, "(", indices, ")"});
}

inline const ir::Location& place(const ir::Statement& s, const ir::Access& a) {
  return a.location.line > 0 ? a.location : s.location;
}

/// One access with what a message about it needs.
struct AccessSite {
  const ir::Program& program;
  const Relations& relations;
  std::size_t line;
  const ir::Access& access;
  const isl::Map& map;

  const ir::Statement& statement() const { return program.statements[line]; }
  const ir::Array& array() const { return program.arrays[static_cast<std::size_t>(access.array)]; }
  std::string text() const {
    return lambdapack::text(
        {ir::to_string(program, access), " at ", ir::where(place(statement(), access))});
  }

  /// The nodes whose access has an index in dimension d that satisfies `constraint`, in isl's
  /// notation over x.
  isl::Set nodes_where(const isl::Context& ctx, int d, const std::string& constraint) const {
    std::string tuple;
    for (int k = 0; k < array().rank; ++k)
      tuple += k == d ? lambdapack::text({k > 0 ? ", " : "", "x"})
                      : lambdapack::text({k > 0 ? ", " : "", "t", k});
    const isl::Set tiles = isl::read_set(
        ctx, lambdapack::text({"[", numbered("p", program.parameters.size()), "] -> { T",
                               access.array, "[", tuple, "] : ", constraint, " }"}));
    isl_set* nodes = isl_map_domain(isl_map_intersect_range(map.copy(), tiles.copy()));
    return {map.ctx(), isl_set_intersect_params(nodes, relations.context.copy())};
  }
};

[[noreturn]] inline void refuse_index(const AccessSite& site, const isl::Set& nodes, int d,
                                      const char* how) {
  const Example example = smallest_example(nodes);
  throw program_error(
      text({"lambdapack: ", site.text(), " leaves the array: for ", sizes(site.program, example),
            " the node ", ir::node_name(site.program, static_cast<int>(site.line), example.point),
            " takes an index of dimension ", d, " that is ", how,
            "; change the loop's bounds, or guard the statement with lp::when"}));
}

/// Whether a size that is not the extent of an array matters to the set.
inline bool depends_on_integers(const ir::Program& program, const isl::Set& set) {
  for (std::size_t p = 0; p < program.parameters.size(); ++p) {
    const bool is_extent =
        std::any_of(program.arrays.begin(), program.arrays.end(), [&](const ir::Array& a) {
          return std::find(a.extents.begin(), a.extents.end(), static_cast<int>(p)) !=
                 a.extents.end();
        });
    if (!is_extent && isl_set_involves_dims(set.get(), isl_dim_param, static_cast<unsigned>(p),
                                            1) == isl_bool_true)
      return true;
  }
  return false;
}

}  // namespace detail

/// Collects what accesses ask of the sizes. An index out of its array is a matter of the sizes if
/// a larger array, or another value of an integer parameter, would cure it; if nothing would, the
/// program is refused.
class ExtentChecker {
 public:
  ExtentChecker(const isl::Context& ctx, const ir::Program& program, const Relations& relations)
      : ctx_(ctx), program_(program), relations_(relations), asked_(relations.context) {}

  void check(std::size_t line, const ir::Access& access, const isl::Map& map) {
    const detail::AccessSite site{program_, relations_, line, access, map};
    for (int d = 0; d < site.array().rank; ++d) {
      const int extent = site.array().extents[static_cast<std::size_t>(d)];
      const isl::Set below = site.nodes_where(ctx_, d, "x < 0");
      if (!isl::is_empty(below)) {
        if (!detail::depends_on_integers(program_, sizes_of(below)) &&
            !ends_with_growing(below, extent))
          detail::refuse_index(site, below, d, "negative");
        ask(site, below);
      }
      const isl::Set above = site.nodes_where(ctx_, d, text({"x >= p", extent}));
      if (isl::is_empty(above)) continue;
      if (!ends_with_growing(above, extent)) detail::refuse_index(site, above, d, "past the end");
      ask(site, above);
    }
  }

  ValidSizes take() { return {std::move(conditions_), asked_}; }

 private:
  static isl::Set sizes_of(const isl::Set& nodes) {
    return {nodes.ctx(), isl_set_params(nodes.copy())};
  }

  // Whether there are no such nodes any more once the extent is large enough.
  static bool ends_with_growing(const isl::Set& nodes, int extent) {
    return isl_set_dim_has_upper_bound(sizes_of(nodes).get(), isl_dim_param,
                                       static_cast<unsigned>(extent)) == isl_bool_true;
  }

  // Conditions that follow from earlier ones are left out.
  void ask(const detail::AccessSite& site, const isl::Set& bad_nodes) {
    const isl::Set bad = sizes_of(bad_nodes);
    const isl::Set good(bad.ctx(), isl_set_subtract(asked_.copy(), bad.copy()));
    if (isl_set_is_equal(good.get(), asked_.get()) == isl_bool_true) return;
    isl::Set holds(bad.ctx(), isl_set_coalesce(isl_set_gist_params(good.copy(), asked_.copy())));
    conditions_.push_back(
        {asked_, holds, text({site.text(), " needs ", detail::condition(program_, holds)})});
    asked_ = good;
  }

  const isl::Context& ctx_;
  const ir::Program& program_;
  const Relations& relations_;
  isl::Set asked_;
  std::vector<SizeCondition> conditions_;
};

/// What all accesses to bound arrays ask of the sizes.
inline ValidSizes check_extents(const isl::Context& ctx, const ir::Program& program,
                                const Relations& r) {
  ExtentChecker checker(ctx, program, r);
  const auto check = [&](std::size_t line, const ir::Access& access, const isl::Map& map) {
    if (r.boxes[static_cast<std::size_t>(access.array)]) checker.check(line, access, map);
  };
  for (std::size_t l = 0; l < program.statements.size(); ++l) {
    const ir::Statement& s = program.statements[l];
    for (std::size_t k = 0; k < s.reads.size(); ++k)
      if (!program.arrays[static_cast<std::size_t>(s.reads[k].array)].unwritten)
        check(l, s.reads[k], r.reads[l][k]);
    for (std::size_t k = 0; k < s.writes.size(); ++k) check(l, s.writes[k], r.writes[l][k]);
  }
  return checker.take();
}

/// Refuses a statement that writes one tile twice at once.
inline void check_outputs_differ(const ir::Program& program, const Relations& r) {
  for (std::size_t l = 0; l < program.statements.size(); ++l)
    for (std::size_t a = 0; a < r.writes[l].size(); ++a)
      for (std::size_t b = 0; b < a; ++b) {
        if (program.statements[l].writes[a].array != program.statements[l].writes[b].array)
          continue;
        const isl::Map first = renamed(r.writes[l][a], "S", "");
        const isl::Map second = renamed(r.writes[l][b], "S", "");
        const isl::Set both(
            first.ctx(),
            isl_set_intersect_params(isl_map_domain(isl_map_intersect(first.copy(), second.copy())),
                                     r.context.copy()));
        if (isl::is_empty(both)) continue;
        const detail::Example example = detail::smallest_example(both);
        throw program_error(
            text({"lambdapack: outputs ", b, " and ", a, " of the statement at ",
                  ir::where(program.statements[l].location), " write the same tile: for ",
                  detail::sizes(program, example), " in ",
                  ir::node_name(program, static_cast<int>(l), example.point),
                  "; give each output a tile of its own"}));
      }
}

/// Refuses a read of a tile that has no initial contents and that nothing wrote before.
inline void check_written_before_read(const ir::Program& program, const Relations& r,
                                      const Flow& f) {
  isl::for_each_map(f.no_source, [&](const isl::Map& map) {
    const TupleName read = TupleName::parse(isl_map_get_tuple_name(map.get(), isl_dim_in));
    const TupleName tile = TupleName::parse(isl_map_get_tuple_name(map.get(), isl_dim_out));
    if (read.kind != 'R' || program.arrays[static_cast<std::size_t>(tile.id)].unwritten) return;
    isl_map* inside = map.copy();
    if (r.boxes[static_cast<std::size_t>(tile.id)])
      inside = isl_map_intersect_range(inside, r.boxes[static_cast<std::size_t>(tile.id)].copy());
    const isl::Map bad(map.ctx(), inside);
    if (isl::is_empty(bad)) return;
    const isl::Set pairs(bad.ctx(), isl_map_wrap(bad.copy()));
    const detail::Example example = detail::smallest_example(pairs);
    const auto depth = static_cast<std::ptrdiff_t>(isl_map_dim(bad.get(), isl_dim_in));
    const std::vector<std::int64_t> node(example.point.begin(), example.point.begin() + depth);
    const std::vector<std::int64_t> index(example.point.begin() + depth, example.point.end());
    const ir::Statement& s = program.statements[static_cast<std::size_t>(read.id)];
    const ir::Access& access = s.reads[static_cast<std::size_t>(read.slot)];
    throw program_error(
        text({"lambdapack: ", ir::to_string(program, access), " at ",
              ir::where(detail::place(s, access)), " is read before it is written: for ",
              detail::sizes(program, example), " the node ", ir::node_name(program, read.id, node),
              " reads ", detail::tile_name(program, tile.id, index),
              ", which nothing has written by then; write the tile first, or guard the read with "
              "lp::when"}));
  });
}

}  // namespace lambdapack::analysis
