// Tiles that a kernel needs to be of shapes that fit, and that may not be: the tiles of a matrix
// are alike but for the last ones of each dimension, which may be smaller. So where a statement
// hands over the last tile of one matrix for one of another that is not, or the other way round, a
// run may fail.
//
// Which matrices are cut alike is not known for all sizes. It is assumed of those that have equally
// many tiles, for then a mistake in an index shows.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "lambdapack/analysis/checks.hpp"
#include "lambdapack/analysis/findings.hpp"
#include "lambdapack/analysis/relations.hpp"
#include "lambdapack/analysis/sizes_text.hpp"
#include "lambdapack/analysis/write_site.hpp"
#include "lambdapack/codes.hpp"
#include "lambdapack/ir/print.hpp"

namespace lambdapack::analysis {

namespace detail {

/// The rows (dimension 0) or the columns of a tile that a statement hands to its kernel.
struct TileSide {
  char letter = '-';  ///< of the kernel's shapes
  std::size_t dimension = 0;
  AccessSite site;
  std::string tuple;  ///< of the access in Relations

  int extent() const { return site.array().extents[dimension]; }
  std::string text() const {
    return lambdapack::text(
        {dimension == 0 ? "rows" : "columns", " of ", ir::to_string(site.program, site.access)});
  }
  /// The nodes that take a last tile.
  isl::Set last(const isl::Context& ctx) const {
    const isl::Set nodes = site.nodes_where(ctx, static_cast<int>(dimension),
                                            lambdapack::text({"x = p", extent(), " - 1"}));
    return renamed(nodes, lambdapack::text({"S", site.line}));
  }
  /// The tile that a node takes.
  std::string tile(const Example& node) const {
    const isl::Set one = one_point(site.map.ctx(), tuple, node.point, node.parameters);
    const isl::Set tile(one.ctx(), isl_set_apply(one.copy(), site.map.copy()));
    return tile_name(site.program, site.access.array, smallest_example(tile).point);
  }
};

/// Whether the shapes of an access's tile follow from its indices.
inline bool is_tile_of_matrix(const ir::Program& program, const ir::Access& access) {
  const ir::Array& array = program.arrays[static_cast<std::size_t>(access.array)];
  return array.role != ir::ArrayRole::temp && array.rank == 2 && !access.subscripts[0].run &&
         !access.subscripts[1].run;
}

/// The sides of a statement's tiles that its kernel says something of.
inline std::vector<TileSide> sides_of(const ir::Program& program, const Relations& r,
                                      std::size_t line) {
  std::vector<TileSide> sides;
  const ir::Statement& s = program.statements[line];
  const ir::Kernel& kernel = program.kernels[static_cast<std::size_t>(s.kernel)];
  if (kernel.shapes.empty()) return sides;
  std::size_t at = 0, read = 0, write = 0;
  for (const ir::KernelParameter& p : kernel.parameters) {
    if (p.role == ir::ParameterRole::scalar) continue;
    const bool reads = p.role != ir::ParameterRole::out;
    const std::size_t slot = reads ? read++ : write;
    if (p.role == ir::ParameterRole::out || p.role == ir::ParameterRole::inout) ++write;
    const ir::Access& access = reads ? s.reads[slot] : s.writes[slot];
    const isl::Map& map = reads ? r.reads[line][slot] : r.writes[line][slot];
    if (is_tile_of_matrix(program, access))
      for (const std::size_t d : {std::size_t{0}, std::size_t{1}})
        if (kernel.shapes[at + d] != '-')
          sides.push_back({kernel.shapes[at + d],
                           d,
                           {program, r, line, access, map},
                           text({reads ? "R" : "W", line, "_", slot})});
    at += 3;
  }
  return sides;
}

/// Whether two sides can be compared: one matrix, or two whose tiles the loops choose.
inline bool are_comparable(const TileSide& a, const TileSide& b) {
  const auto is_fixed = [](const TileSide& s) {
    return ir::constant_of(s.site.access.subscripts[s.dimension].at).has_value();
  };
  return a.letter == b.letter &&
         (a.site.access.array == b.site.access.array || (!is_fixed(a) && !is_fixed(b)));
}

/// The nodes where one of two sides is of a last tile and the other is not, at sizes where both
/// matrices have equally many tiles.
inline isl::Set nodes_that_differ(const isl::Context& ctx, const TileSide& a, const TileSide& b) {
  const isl::Set x = a.last(ctx), y = b.last(ctx);
  const isl::Set differ(x.ctx(),
                        isl_set_coalesce(isl_set_union(isl_set_subtract(x.copy(), y.copy()),
                                                       isl_set_subtract(y.copy(), x.copy()))));
  if (a.extent() == b.extent()) return differ;
  const isl::Set alike =
      isl::read_set(ctx, text({"[", numbered("p", a.site.program.parameters.size()), "] -> { : p",
                               a.extent(), " = p", b.extent(), " }"}));
  return {x.ctx(), isl_set_intersect_params(differ.copy(), alike.copy())};
}

inline Diagnostic shapes_may_differ(const isl::Context& ctx, const TileSide& a, const TileSide& b,
                                    const isl::Set& nodes) {
  const ir::Program& program = a.site.program;
  const ir::Statement& s = a.site.statement();
  const Example example = smallest_example(nodes);
  const isl::Set node =
      one_point(nodes.ctx(), text({"S", a.site.line}), example.point, example.parameters);
  const bool a_is_last = isl_set_is_subset(node.get(), a.last(ctx).get()) == isl_bool_true;
  const std::string at = sizes(program, example);
  const std::string name = ir::node_name(program, static_cast<int>(a.site.line), example.point);
  const std::string tiles = text({a.tile(example), " and ", b.tile(example)});
  Diagnostic d;
  d.code = codes::shapes_may_differ;
  d.severity = Severity::warning;
  d.place = place(s, a.site.access);
  d.second = place(s, b.site.access);
  d.condition = short_condition(program, sizes_of(nodes), a.site.relations.context);
  d.sizes = example.parameters;
  d.example = text({"for ", at, ": ", name, " takes ", tiles, ", and only the ",
                    a_is_last ? a.text() : b.text(), " are those of a last tile"});
  d.message = text({ir::to_string(program, s), " at ", ir::where(s.location), " may fail",
                    when(d.condition), ": there must be as many ", a.text(), " as ", b.text(),
                    ", but for ", at, " ", name, " takes ", tiles, ", of which only ",
                    a_is_last ? a.tile(example) : b.tile(example),
                    " is the last in that dimension, where tiles may be smaller; check the "
                    "indices, or run it on tiles of one size only"});
  return d;
}

/// The first two sides of a statement that may differ, as a finding.
inline std::optional<Diagnostic> shape_mismatch(const isl::Context& ctx,
                                                const std::vector<TileSide>& sides) {
  for (std::size_t b = 1; b < sides.size(); ++b)
    for (std::size_t a = 0; a < b; ++a) {
      if (!are_comparable(sides[a], sides[b])) continue;
      const isl::Set nodes = nodes_that_differ(ctx, sides[a], sides[b]);
      if (!isl::is_empty(nodes)) return shapes_may_differ(ctx, sides[a], sides[b], nodes);
    }
  return std::nullopt;
}

}  // namespace detail

/// Reports statements whose tiles may not fit each other, one finding for each.
inline void find_shape_mismatches(const isl::Context& ctx, const ir::Program& program,
                                  const Relations& r, const Report& report) {
  for (std::size_t l = 0; l < program.statements.size(); ++l)
    if (const auto finding = detail::shape_mismatch(ctx, detail::sides_of(program, r, l)))
      report(*finding);
}

}  // namespace lambdapack::analysis
