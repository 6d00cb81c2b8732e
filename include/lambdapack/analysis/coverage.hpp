// Whether the arrays that a program makes are written in full.
//
// That some tiles stay unwritten is a matter of the sizes, like an index out of an array, if the
// program fills arrays of any size and the array handed in is only too large:
//   for (auto i : lp::range(x.extent(0))) y(i) = copy(x(i));     needs y.extent(0) <= x.extent(0)
// It is a fault of the program if it fills small arrays only, or none (a triangle of a matrix), or
// fills a larger one where it leaves a smaller one incomplete.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lambdapack/analysis/findings.hpp"
#include "lambdapack/analysis/read_before_write.hpp"
#include "lambdapack/analysis/sizes_text.hpp"
#include "lambdapack/codes.hpp"

namespace lambdapack::analysis {

namespace detail {

/// The parameters as leading dimensions of the set, so that the whole is one set of points.
inline isl::Set with_parameters_as_dimensions(const isl::Set& set) {
  isl_set* s = isl_set_is_params(set.get()) == isl_bool_true ? isl_set_from_params(set.copy())
                                                             : isl_set_reset_tuple_id(set.copy());
  const auto n = static_cast<unsigned>(isl_set_dim(s, isl_dim_param));
  return {set.ctx(), isl_set_move_dims(s, isl_dim_set, 0, isl_dim_param, 0, n)};
}

/// Whether dimension d of a set of points takes values above any bound.
inline bool is_unbounded(const isl::Set& points, std::size_t d) {
  isl_val* most = isl_set_dim_max_val(points.copy(), static_cast<int>(d));
  if (most == nullptr) isl::fail(points.ctx());
  const bool unbounded = isl_val_is_infty(most) == isl_bool_true;
  isl_val_free(most);
  return unbounded;
}

/// One array that a program makes.
class Coverage {
 public:
  Coverage(const ir::Program& program, const Relations& r, int array)
      : program_(program),
        id_(array),
        array_(program.arrays[static_cast<std::size_t>(array)]),
        allowed_(r.context),
        written_(written_tiles(program, r, array)),
        unwritten_(r.context.ctx(),
                   isl_set_intersect_params(r.boxes[static_cast<std::size_t>(array)].copy(),
                                            r.context.copy())) {
    if (written_)
      unwritten_ = isl::Set(
          allowed_.ctx(), isl_set_coalesce(isl_set_subtract(unwritten_.copy(), written_->copy())));
  }

  const isl::Set& unwritten() const { return unwritten_; }

  /// The unwritten tiles that show a fault best: those with written ones behind them in each
  /// dimension, which no smaller array would do without. All of them, if there are none such.
  isl::Set telling() const {
    isl::Set holes = unwritten_;
    for (std::size_t d = 0; d < array_.extents.size(); ++d) {
      const std::string map =
          text({"{ T", id_, "[", numbered("w", array_.extents.size()), "] -> T", id_, "[",
                numbered("t", array_.extents.size()), "] : t", d, " <= w", d, " }"});
      isl_set* below =
          isl_set_apply(written_->copy(), isl_map_read_from_str(allowed_.ctx(), map.c_str()));
      holes = isl::Set(allowed_.ctx(), isl_set_intersect(holes.copy(), below));
    }
    return isl::is_empty(holes) ? unwritten_ : holes;
  }

  bool nothing_written() const { return !written_ || isl::is_empty(*written_); }

  /// Whether the program leaves tiles out only because the array is too large.
  bool is_matter_of_sizes() const {
    const isl::Set bad = sizes_of(unwritten_);
    isl_set* good = isl_set_subtract(allowed_.copy(), bad.copy());
    for (const int extent : array_.extents)
      good = isl_set_lower_bound_si(good, isl_dim_param, static_cast<unsigned>(extent), 1);
    const isl::Set filled = with_parameters_as_dimensions({allowed_.ctx(), good});
    return !isl::is_empty(filled) && grows_with_what_is_written(filled) && grows_worse(bad);
  }

 private:
  // Arrays that are filled are as large, in each dimension, as what is written.
  bool grows_with_what_is_written(const isl::Set& filled) const {
    const isl::Set tiles = with_parameters_as_dimensions(*written_);
    for (std::size_t d = 0; d < array_.extents.size(); ++d)
      if (is_unbounded(tiles, program_.parameters.size() + d) &&
          !is_unbounded(filled, static_cast<std::size_t>(array_.extents[d])))
        return false;
    return true;
  }

  // An array that is too large stays too large if it grows.
  bool grows_worse(const isl::Set& bad) const {
    const std::size_t n = program_.parameters.size();
    std::string larger = "true";
    for (std::size_t p = 0; p < n; ++p) {
      bool is_own = false;
      for (const int extent : array_.extents) is_own = is_own || extent == static_cast<int>(p);
      larger += text({" and q", p, is_own ? " >= p" : " = p", p});
    }
    const std::string map =
        text({"{ [", numbered("p", n), "] -> [", numbered("q", n), "] : ", larger, " }"});
    isl_ctx* ctx = allowed_.ctx();
    const isl::Set points = with_parameters_as_dimensions(bad);
    isl_set* grown = isl_set_apply(points.copy(), isl_map_read_from_str(ctx, map.c_str()));
    const isl::Set expected(
        ctx, isl_set_intersect(grown, with_parameters_as_dimensions(allowed_).copy()));
    return isl_set_is_subset(expected.get(), points.get()) == isl_bool_true;
  }

  const ir::Program& program_;
  int id_;
  const ir::Array& array_;
  isl::Set allowed_;
  std::optional<isl::Set> written_;
  isl::Set unwritten_;
};

/// Where the array is written first in the text.
inline ir::Location first_write(const ir::Program& program, int array) {
  for (const ir::Statement& s : program.statements)
    for (const ir::Access& w : s.writes)
      if (w.array == array) return place(s, w);
  return {};
}

inline std::string unwritten_rule(const ir::Array& array) {
  return text({"say what unwritten tiles hold with ", array.name,
               ".unwritten(lp::zero), or, in a function over lp::Tiles, take it as lp::Tiles<T>&, "
               "whose tiles hold something before"});
}

inline Diagnostic never_written(const ir::Program& program, const Relations& r, int a,
                                const isl::Set& unwritten) {
  const ir::Array& array = program.arrays[static_cast<std::size_t>(a)];
  const Example example = smallest_example(unwritten);
  const std::string at = sizes(program, example);
  const std::string tile = tile_name(program, a, example.point);
  const std::string condition = short_condition(program, sizes_of(unwritten), r.context);
  return {codes::never_written,
          Severity::error,
          text({"nothing ever writes the output ", array.name, " of ", program.name,
                when(condition), ": for ", at, " its tile ", tile,
                " is left out; write its tiles, or ", unwritten_rule(array)}),
          first_write(program, a),
          {},
          condition,
          text({"for ", at, ": nothing writes ", tile}),
          example.parameters};
}

inline Diagnostic not_fully_written(const ir::Program& program, const Relations& r, int a,
                                    const isl::Set& unwritten) {
  const ir::Array& array = program.arrays[static_cast<std::size_t>(a)];
  const Example example = smallest_example(unwritten);
  const std::string at = sizes(program, example);
  const std::string tile = tile_name(program, a, example.point);
  const ir::Location write = first_write(program, a);
  const std::string condition = short_condition(program, sizes_of(unwritten), r.context);
  return {codes::not_fully_written,
          Severity::error,
          text({"the output ", array.name, ", written at ", ir::where(write),
                ", is not written in full", when(condition), ": for ", at, " nothing writes ", tile,
                "; write the tile, or ", unwritten_rule(array)}),
          write,
          {},
          condition,
          text({"for ", at, ": nothing writes ", tile}),
          example.parameters};
}

}  // namespace detail

/// Reports out arrays without a rule for unwritten tiles that the program leaves incomplete. Where
/// only the array handed in can be too large, that becomes a condition on the sizes.
inline void check_outputs_written(const ir::Program& program, const Relations& r, ValidSizes& valid,
                                  const Report& report = throw_finding) {
  for (std::size_t a = 0; a < program.arrays.size(); ++a) {
    const ir::Array& array = program.arrays[a];
    if (array.role != ir::ArrayRole::out || array.unwritten) continue;
    const int id = static_cast<int>(a);
    const detail::Coverage coverage(program, r, id);
    if (isl::is_empty(coverage.unwritten())) continue;
    if (coverage.nothing_written()) {
      report(detail::never_written(program, r, id, coverage.unwritten()));
      continue;
    }
    if (!coverage.is_matter_of_sizes()) {
      report(detail::not_fully_written(program, r, id, coverage.telling()));
      continue;
    }
    const std::size_t before = valid.conditions.size();
    const std::string where = ir::where(detail::first_write(program, id));
    detail::ask_for(
        program, valid.sizes, detail::sizes_of(coverage.unwritten()), valid.conditions,
        {text({"writing all of the output ", array.name, " at ", where, " needs "}),
         text({"tiles of the output ", array.name, ", written at ", where, ", stay unwritten"})});
    if (valid.conditions.size() == before || !valid.conditions.back().otherwise.empty()) continue;
    const detail::Example example = detail::smallest_example(coverage.unwritten());
    valid.conditions.back().otherwise =
        text({"tiles of the output ", array.name, ", written at ", where,
              ", stay unwritten, for example ", detail::tile_name(program, id, example.point),
              " for ", detail::sizes(program, example)});
  }
}

}  // namespace lambdapack::analysis
