// Proves one claim about a form for all sizes and points, or says where it fails.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/checks.hpp"
#include "lambdapack/analysis/claim_text.hpp"
#include "lambdapack/analysis/claims.hpp"
#include "lambdapack/analysis/decompile.hpp"

namespace lambdapack::analysis {

namespace detail {

/// A small point of a set that may be unbounded: the smallest sizes, and for them a point near 0.
inline Example small_example(const isl::Set& set) {
  const auto n = static_cast<unsigned>(isl_set_dim(set.get(), isl_dim_set));
  isl_set* sizes = isl_set_from_params(isl_set_params(set.copy()));
  sizes = isl_set_move_dims(sizes, isl_dim_set, 0, isl_dim_param, 0,
                            static_cast<unsigned>(isl_set_dim(set.get(), isl_dim_param)));
  sizes = isl_set_lexmin(sizes);
  // Back to parameters with the names that they had.
  isl_set* here = isl_set_move_dims(set.copy(), isl_dim_set, 0, isl_dim_param, 0,
                                    static_cast<unsigned>(isl_set_dim(set.get(), isl_dim_param)));
  here = isl_set_intersect(here, isl_set_add_dims(sizes, isl_dim_set, n));
  const isl::Set at(set.ctx(), here);
  const auto all = static_cast<unsigned>(isl_set_dim(at.get(), isl_dim_set));
  isl::Set near = at;
  for (const int reach : {0, 1, 4, 64, 4096}) {
    isl_set* box = at.copy();
    for (unsigned d = all - n; d < all; ++d)
      box = isl_set_upper_bound_si(isl_set_lower_bound_si(box, isl_dim_set, d, -reach), isl_dim_set,
                                   d, reach);
    near = isl::Set(set.ctx(), box);
    if (!isl::is_empty(near)) break;
  }
  const bool bounded = !isl::is_empty(near);
  const isl::Set chosen(set.ctx(), bounded ? isl_set_lexmin(near.copy()) : at.copy());
  isl_point* point = isl_set_sample_point(chosen.copy());
  if (point == nullptr) isl::fail(set.ctx());
  Example example;
  for (unsigned d = 0; d < all; ++d)
    (d < all - n ? example.parameters : example.point)
        .push_back(isl::take_integer(
            set.ctx(), isl_point_get_coordinate_val(point, isl_dim_set, static_cast<int>(d))));
  isl_point_free(point);
  return example;
}

}  // namespace detail

/// One claim against what its form says. A form that fails is a WrongForm.
class Proof {
 public:
  Proof(const ir::Program& program, const Claim& claim, const std::vector<EmitSite>& sites)
      : program_(program), claim_(claim), ctx_(claim.known.ctx()) {
    for (const EmitSite& s : sites) add(s);
  }

  /// That the form emits what it ought to, nothing else, nothing twice, and in its order.
  void prove() const {
    emits_what_it_should();
    emits_nothing_twice();
    if (!claim_.order.empty()) emits_in_order();
  }

 private:
  // A site for the points that the form is asked about.
  struct Known {
    EmitSite site;
    isl::Map map;
    isl::Map runs;
  };

  void add(const EmitSite& s) {
    const auto counters = static_cast<unsigned>(s.positions.size()) - 1;
    const isl::Set inside(ctx_, isl_set_add_dims(claim_.known.copy(), isl_dim_set, counters));
    sites_.push_back({s,
                      isl::Map(ctx_, isl_map_intersect_domain(s.map.copy(), claim_.known.copy())),
                      isl::Map(ctx_, isl_map_intersect_domain(s.runs.copy(), inside.copy()))});
  }

  void emits_what_it_should() const {
    std::map<int, std::vector<isl::Map>> emitted;
    for (const Known& k : sites_) emitted[k.site.tag].push_back(k.map);
    for (const auto& [tag, truth] : claim_.truth) emitted[tag];
    for (const auto& [tag, maps] : emitted) {
      const auto truth = claim_.truth.find(tag);
      if (truth == claim_.truth.end()) {
        for (const isl::Map& m : maps) none(m, tag, "emits without cause");
        continue;
      }
      const isl::Map wanted(ctx_,
                            isl_map_intersect_domain(truth->second.copy(), claim_.known.copy()));
      isl::Map all(ctx_, isl_map_empty(isl_map_get_space(wanted.get())));
      for (const isl::Map& m : maps) {
        if (isl_map_dim(m.get(), isl_dim_out) != isl_map_dim(all.get(), isl_dim_out))
          none(m, tag, "emits, with too many or too few values,");
        else
          all = isl::Map(ctx_, isl_map_union(all.copy(), m.copy()));
      }
      if (isl::decide(ctx_, isl_map_is_equal(all.get(), wanted.get()))) continue;
      none({ctx_, isl_map_subtract(wanted.copy(), all.copy())}, tag, "leaves out");
      none({ctx_, isl_map_subtract(all.copy(), wanted.copy())}, tag, "emits without cause");
      throw NotDecompilable{"isl contradicts itself"};
    }
  }

  void emits_nothing_twice() const {
    for (std::size_t a = 0; a < sites_.size(); ++a) {
      const Known& k = sites_[a];
      for (std::size_t b = 0; b < a; ++b) {
        const Known& other = sites_[b];
        if (k.site.tag != other.site.tag ||
            isl::decide(ctx_, isl_map_is_disjoint(k.map.get(), other.map.get())))
          continue;
        none({ctx_, isl_map_intersect(k.map.copy(), other.map.copy())}, k.site.tag, twice);
      }
      const auto counters = static_cast<unsigned>(k.site.positions.size()) - 1;
      if (counters > 0) emits_once_per_run(k, counters);
    }
  }

  // The tuple says which iteration of the loops around it emitted it.
  void emits_once_per_run(const Known& k, unsigned counters) const {
    const auto point = static_cast<unsigned>(isl_map_dim(k.map.get(), isl_dim_in));
    const auto values = static_cast<unsigned>(isl_map_dim(k.map.get(), isl_dim_out));
    isl_map* m = isl_map_move_dims(k.runs.copy(), isl_dim_out, values, isl_dim_in, point, counters);
    m = isl_map_move_dims(m, isl_dim_in, point, isl_dim_out, 0, values);
    const isl::Map counters_of(ctx_, m);  // [point, tuple] -> counters
    if (isl::decide(ctx_, isl_map_is_single_valued(counters_of.get()))) return;
    isl_map* again = isl_map_range_product(counters_of.copy(), counters_of.copy());
    isl_space* space = isl_space_range(isl_map_get_space(counters_of.get()));
    again = isl_map_intersect_range(again, isl_map_wrap(isl_map_lex_lt(space)));
    isl_map* both = isl_map_from_domain(isl_map_domain(again));  // [point, tuple] -> []
    none({ctx_, isl_map_move_dims(both, isl_dim_out, 0, isl_dim_in, point, values)}, k.site.tag,
         twice);
  }

  // Sorted by when it is emitted, what is emitted is sorted by when it is due.
  void emits_in_order() const {
    const isl::Map due = due_times();
    if (!due) return;
    isl_space* emitted = isl_space_domain(isl_map_get_space(due.get()));
    isl_space* wanted = isl_space_range(isl_map_get_space(due.get()));
    isl_map* later = isl_map_apply_domain(isl_map_lex_lt(emitted), due.copy());
    later = isl_map_apply_range(later, due.copy());
    const isl::Map swapped(ctx_, isl_map_intersect(later, isl_map_lex_ge(wanted)));
    if (isl::decide(ctx_, isl_map_is_empty(swapped.get()))) return;
    const detail::Example example =
        detail::small_example(isl::Set(ctx_, isl_set_from_params(isl_map_params(swapped.copy()))));
    const auto sizes = static_cast<std::ptrdiff_t>(program_.parameters.size());
    const std::vector<std::int64_t> point(example.parameters.begin() + sizes,
                                          example.parameters.end());
    throw WrongForm{
        text({"the form ", claim_.form, " emits in the wrong order: for ",
              detail::sizes(program_,
                            {{example.parameters.begin(), example.parameters.begin() + sizes}, {}}),
              ClaimText(program_, claim_.emits, claim_.line).where(point)})};
  }

  // When a tuple is emitted -> when it is due; the point becomes parameters x0, x1, ...
  isl::Map due_times() const {
    std::size_t deepest = 0;
    for (const Known& k : sites_) deepest = std::max(deepest, k.site.positions.size());
    isl::Map all;
    for (const Known& k : sites_) {
      if (isl::decide(ctx_, isl_map_is_empty(k.map.get()))) continue;
      isl_map* due = isl_map_apply_range(k.runs.copy(), claim_.order.at(k.site.tag).copy());
      const auto parameters = static_cast<unsigned>(isl_map_dim(due, isl_dim_param));
      const auto point = static_cast<unsigned>(isl_set_dim(claim_.known.get(), isl_dim_set));
      due = isl_map_move_dims(due, isl_dim_param, parameters, isl_dim_in, 0, point);
      for (unsigned d = 0; d < point; ++d)
        due = isl_map_set_dim_name(due, isl_dim_param, parameters + d, text({"x", d}).c_str());
      due = isl_map_apply_domain(due, emit_time(k.site, deepest).copy());
      all = isl::Map(ctx_, all ? isl_map_union(all.copy(), due) : due);
    }
    return all;
  }

  // Counters -> places in the code and counters, alternating, from the outermost loop in.
  isl::Map emit_time(const EmitSite& site, std::size_t deepest) const {
    const std::size_t counters = site.positions.size() - 1;
    std::string time;
    for (std::size_t k = 0; k < deepest; ++k)
      time += k < counters    ? text({site.positions[k], ", c", k, ", "})
              : k == counters ? text({site.positions[k], ", 0, "})
                              : std::string("0, 0, ");
    const std::string all = text({"{ [", numbered("c", counters), "] -> [", time, "0] }"});
    return {ctx_, isl_map_read_from_str(ctx_, all.c_str())};
  }

  static constexpr const char* twice = "emits twice";

  // Throws unless the relation is empty; `how` is what the form does with its tuples.
  void none(const isl::Map& map, int tag, const char* how) const {
    if (isl::decide(ctx_, isl_map_is_empty(map.get()))) return;
    // The form is wrong, whether or not isl finds an example.
    std::string example = text({"a tuple with tag ", tag, ", for which isl has no small example"});
    isl_ctx_reset_operations(ctx_);
    try {
      example = describe(map, tag);
    } catch (const error&) {
      isl_ctx_reset_error(ctx_);
    }
    throw WrongForm{text({"the form ", claim_.form, " ", how, " ", example})};
  }

  // "the node syrk[...]: for n = 3 at trsm[...]".
  std::string describe(const isl::Map& map, int tag) const {
    const auto depth = static_cast<std::ptrdiff_t>(isl_map_dim(map.get(), isl_dim_in));
    const detail::Example example =
        detail::small_example(isl::Set(ctx_, isl_set_flatten(isl_map_wrap(map.copy()))));
    const std::vector<std::int64_t> point(example.point.begin(), example.point.begin() + depth);
    const std::vector<std::int64_t> values(example.point.begin() + depth, example.point.end());
    const ClaimText words(program_, claim_.emits, claim_.line);
    return text({words.what(tag, values), ": for ", detail::sizes(program_, example),
                 words.where(point)});
  }

  const ir::Program& program_;
  const Claim& claim_;
  isl_ctx* ctx_;
  std::vector<Known> sites_;
};

}  // namespace lambdapack::analysis
