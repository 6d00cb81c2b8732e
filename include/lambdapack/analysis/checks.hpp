// Indices that leave their arrays, and outputs that are one tile: what is refused, and what is
// asked of the sizes of a run.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/findings.hpp"
#include "lambdapack/analysis/flow.hpp"
#include "lambdapack/analysis/sizes_text.hpp"
#include "lambdapack/codes.hpp"
#include "lambdapack/ir/print.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::analysis {

namespace detail {

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

/// The finding for an index that is out of its array at some sizes, whatever the array's extent.
inline Diagnostic index_out_of_extent(const AccessSite& site, const isl::Set& nodes, int d,
                                      const char* how) {
  const Example example = smallest_example(nodes);
  const std::string condition =
      short_condition(site.program, sizes_of(nodes), site.relations.context);
  const std::string node = ir::node_name(site.program, static_cast<int>(site.line), example.point);
  const std::string at = sizes(site.program, example);
  return {codes::index_out_of_extent,
          Severity::error,
          text({site.text(), " leaves the array", when(condition), ": for ", at, " the node ", node,
                " takes an index of dimension ", d, " that is ", how,
                "; change the loop's bounds, or guard the statement with lp::when"}),
          place(site.statement(), site.access),
          {},
          condition,
          text({"for ", at, ": ", node, " takes an index of dimension ", d, " that is ", how}),
          example.parameters};
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

/// The finding for a statement that writes one tile twice at once, in `nodes`.
inline Diagnostic outputs_collide(const ir::Program& program, const Relations& r, std::size_t line,
                                  std::size_t a, std::size_t b, const isl::Set& nodes) {
  const ir::Statement& s = program.statements[line];
  const Example example = smallest_example(nodes);
  const std::string condition = short_condition(program, sizes_of(nodes), r.context);
  const std::string node = ir::node_name(program, static_cast<int>(line), example.point);
  const std::string at = sizes(program, example);
  return {codes::outputs_collide,
          Severity::error,
          text({"outputs ", b, " and ", a, " of the statement at ", ir::where(s.location),
                " write the same tile", when(condition), ": for ", at, " in ", node,
                "; give each output a tile of its own"}),
          place(s, s.writes[a]),
          place(s, s.writes[b]),
          condition,
          text({"for ", at, ": outputs ", b, " and ", a, " of ", node, " are one tile"}),
          example.parameters};
}

}  // namespace detail

/// Collects what accesses ask of the sizes. An index out of its array is a matter of the sizes if
/// a larger array, or another value of an integer parameter, would cure it; if nothing would, the
/// program is refused.
class ExtentChecker {
 public:
  ExtentChecker(const isl::Context& ctx, const ir::Program& program, const Relations& relations,
                const Report& report)
      : ctx_(ctx),
        program_(program),
        relations_(relations),
        report_(report),
        asked_(relations.context) {}

  void check(std::size_t line, const ir::Access& access, const isl::Map& map) {
    const detail::AccessSite site{program_, relations_, line, access, map};
    for (int d = 0; d < site.array().rank; ++d) {
      const int extent = site.array().extents[static_cast<std::size_t>(d)];
      const isl::Set below = site.nodes_where(ctx_, d, "x < 0");
      if (!isl::is_empty(below)) {
        if (detail::depends_on_integers(program_, detail::sizes_of(below)) ||
            ends_with_growing(below, extent))
          ask(site, below);
        else
          report_(detail::index_out_of_extent(site, below, d, "negative"));
      }
      const isl::Set above = site.nodes_where(ctx_, d, text({"x >= p", extent}));
      if (isl::is_empty(above)) continue;
      if (ends_with_growing(above, extent))
        ask(site, above);
      else
        report_(detail::index_out_of_extent(site, above, d, "past the end"));
    }
  }

  ValidSizes take() { return {std::move(conditions_), asked_}; }

 private:
  // Whether there are no such nodes any more once the extent is large enough.
  static bool ends_with_growing(const isl::Set& nodes, int extent) {
    return isl_set_dim_has_upper_bound(detail::sizes_of(nodes).get(), isl_dim_param,
                                       static_cast<unsigned>(extent)) == isl_bool_true;
  }

  // Conditions that follow from earlier ones are left out.
  void ask(const detail::AccessSite& site, const isl::Set& bad_nodes) {
    const isl::Set bad = detail::sizes_of(bad_nodes);
    const std::size_t before = conditions_.size();
    detail::ask_for(program_, asked_, bad, conditions_,
                    {text({site.text(), " needs "}), text({site.text(), " leaves the array"})});
    if (conditions_.size() == before || !conditions_.back().otherwise.empty()) return;
    const detail::Example example = detail::smallest_example(bad_nodes);
    conditions_.back().otherwise =
        text({site.text(), " leaves the array, for example for ", detail::sizes(program_, example),
              " in ", ir::node_name(program_, static_cast<int>(site.line), example.point)});
  }

  const isl::Context& ctx_;
  const ir::Program& program_;
  const Relations& relations_;
  const Report& report_;
  isl::Set asked_;
  std::vector<SizeCondition> conditions_;
};

/// What all accesses to bound arrays ask of the sizes. A read may leave an array that says what
/// unwritten tiles hold.
inline ValidSizes check_extents(const isl::Context& ctx, const ir::Program& program,
                                const Relations& r, const Report& report = throw_finding) {
  ExtentChecker checker(ctx, program, r, report);
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
inline void check_outputs_differ(const ir::Program& program, const Relations& r,
                                 const Report& report = throw_finding) {
  for (std::size_t l = 0; l < program.statements.size(); ++l)
    for (std::size_t a = 0; a < r.writes[l].size(); ++a)
      for (std::size_t b = 0; b < a; ++b) {
        const ir::Statement& s = program.statements[l];
        if (s.writes[a].array != s.writes[b].array) continue;
        const isl::Map first = renamed(r.writes[l][a], "S", "");
        const isl::Map second = renamed(r.writes[l][b], "S", "");
        const isl::Set both(
            first.ctx(),
            isl_set_intersect_params(isl_map_domain(isl_map_intersect(first.copy(), second.copy())),
                                     r.context.copy()));
        if (!isl::is_empty(both)) report(detail::outputs_collide(program, r, l, a, b, both));
      }
}

}  // namespace lambdapack::analysis
