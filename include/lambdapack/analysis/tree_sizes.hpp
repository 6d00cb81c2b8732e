// Under which sizes something happens in a program with powers and logarithms, where that is simple
// to say.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "lambdapack/analysis/levels.hpp"
#include "lambdapack/analysis/sizes_text.hpp"
#include "lambdapack/analysis/tree_partners.hpp"

namespace lambdapack::analysis {

namespace detail {

/// Whether the set is more than linear constraints, such as numbers that are even.
inline bool has_divisions(const isl::Set& set) {
  bool any = false;
  for (const isl::Set& piece : pieces(set))
    any = any || isl_set_involves_locals(piece.get()) != isl_bool_false;
  return any;
}

}  // namespace detail

/// The sizes of a flat set of `system`, as parameters. The values of functions of sizes are left
/// open.
inline isl::Set sizes_of_flat(const ir::Program& program, const LevelSystem& system,
                              const isl::Set& flat) {
  const auto known = static_cast<unsigned>(system.sizes());
  const auto all = static_cast<unsigned>(isl_set_dim(flat.get(), isl_dim_set));
  isl_set* s = isl_set_project_out(flat.copy(), isl_dim_set, known, all - known);
  s = isl_set_move_dims(s, isl_dim_param, 0, isl_dim_set, 0, known);
  for (unsigned p = 0; p < program.parameters.size(); ++p)
    s = isl_set_set_dim_name(s, isl_dim_param, p, text({"p", p}).c_str());
  return {flat.ctx(), isl_set_coalesce(isl_set_params(s))};
}

/// The sizes that a program is allowed, without the values of functions of them.
inline isl::Set allowed_sizes(const ir::Program& program, const Lifted& lifted) {
  isl_set* s = lifted.context.copy();
  const auto known = static_cast<unsigned>(program.parameters.size());
  const auto all = static_cast<unsigned>(isl_set_dim(s, isl_dim_param));
  return {lifted.context.ctx(),
          isl_set_coalesce(isl_set_project_out(s, isl_dim_param, known, all - known))};
}

/// Gathers the sizes at which something happens, level by level, from flat sets of `system`.
class SizesByLevel {
 public:
  /// `possible` is a flat set; what happens, happens in a part of it. More pieces than
  /// `most_pieces` are too many, and with divisions, which do not merge, more than a few.
  SizesByLevel(const ir::Program& program, const Lifted& lifted, const LevelSystem& system,
               const isl::Set& possible, int most_pieces = 64)
      : most_pieces_(most_pieces),
        program_(program),
        lifted_(lifted),
        system_(system),
        possible_(sizes_of_flat(program, system, possible)),
        found_(possible.ctx(), isl_set_empty(isl_set_get_space(possible_.get()))),
        known_(possible.ctx(), isl_set_empty(isl_set_get_space(possible.get()))) {}

  /// The part of a level at whose sizes it is not known to happen.
  isl::Set unknown(const isl::Set& level) const {
    return {level.ctx(), isl_set_subtract(level.copy(), known_.copy())};
  }

  /// It happens at all of these points. Returns whether there is no need to go on.
  bool add(const isl::Set& points) {
    found_ = isl::Set(points.ctx(),
                      isl_set_coalesce(isl_set_union(
                          found_.copy(), sizes_of_flat(program_, system_, points).copy())));
    const auto sizes = static_cast<unsigned>(system_.sizes());
    isl_set* flat = isl_set_from_params(found_.copy());
    flat = isl_set_move_dims(flat, isl_dim_set, 0, isl_dim_param, 0, sizes);
    flat = isl_set_add_dims(flat, isl_dim_set, static_cast<unsigned>(system_.dims()) - sizes);
    known_ = isl::Set(points.ctx(), flat);
    const int pieces = isl_set_n_basic_set(found_.get());
    simple_ = pieces <= few_pieces || (pieces <= most_pieces_ && !detail::has_divisions(found_));
    return !simple_ || is_all_that_is_possible();
  }

  /// The sizes, once all levels have been looked at; nothing if they make too many pieces.
  std::optional<isl::Set> sizes() const { return simple_ ? std::optional(found_) : std::nullopt; }

  /// The sizes in words, as those of short_condition, once all levels have been looked at; empty if
  /// there are too many cases.
  std::string text() const {
    const isl::Set among = allowed_sizes(program_, lifted_);
    const auto in_words = [&](const isl::Set& sizes) {
      return detail::short_condition(program_, sizes, among);
    };
    if (!simple_) return "";
    if (is_all_that_is_possible()) return in_words(possible_);
    if (isl_set_n_basic_set(found_.get()) <= few_pieces) return in_words(found_);
    const isl::Set around = from_smallest();
    return is_all_allowed_of(around) ? in_words(around) : "";
  }

 private:
  bool is_all_that_is_possible() const {
    return isl_set_is_subset(possible_.get(), found_.get()) == isl_bool_true;
  }

  // From the smallest number on, size by size.
  isl::Set from_smallest() const {
    isl_set* all = isl_set_universe(isl_set_get_space(found_.get()));
    isl_set* flat = isl_set_move_dims(isl_set_from_params(found_.copy()), isl_dim_set, 0,
                                      isl_dim_param, 0, static_cast<unsigned>(system_.sizes()));
    for (unsigned p = 0; p < system_.sizes(); ++p)
      all = isl_set_lower_bound_val(all, isl_dim_param, p,
                                    isl_set_dim_min_val(isl_set_copy(flat), static_cast<int>(p)));
    isl_set_free(flat);
    return {found_.ctx(), all};
  }

  // Whether it happens at all sizes among these that the program is allowed.
  bool is_all_allowed_of(const isl::Set& sizes) const {
    const LiftedStatement nothing;
    LevelSystem alone(program_, lifted_, {&nothing});
    const isl::Set flat =
        alone.flat(isl_set_from_params(isl_set_intersect(lifted_.context.copy(), sizes.copy())));
    return !alone.each_level(flat, [&](const isl::Set& level) {
      return isl_set_is_subset(sizes_of_flat(program_, alone, level).get(), found_.get()) !=
             isl_bool_true;
    });
  }

  static constexpr int few_pieces = 12;

  int most_pieces_;
  const ir::Program& program_;
  const Lifted& lifted_;
  const LevelSystem& system_;
  isl::Set possible_, found_, known_;
  bool simple_ = true;
};

namespace detail {

/// Gathers the sizes at which some point of `open` has no partner, and hands them to
/// then(SizesByLevel); nothing if that takes long.
template <class Then>
auto with_lonely_sizes(const ir::Program& program, const Lifted& lifted,
                       const PartnerQuestion& question, const isl::Set& open, int most_pieces,
                       Then&& then) -> decltype(then(std::declval<SizesByLevel&>())) {
  constexpr unsigned long max_operations = 2'000'000;
  const isl::WithBudget own(open.ctx(), max_operations);
  try {
    const LevelSystem system = question.alone();
    SizesByLevel sizes(program, lifted, system, open, most_pieces);
    question.each_lonely(
        open, [&](const isl::Set& level) { return sizes.unknown(level); },
        [&](const isl::Set& left) { return sizes.add(left); });
    return then(sizes);
  } catch (const isl::BudgetSpent&) {
    return {};
  }
}

}  // namespace detail

/// The sizes at which some point of `open` has no partner, in words; empty where that is not
/// simple, or takes long.
inline std::string lonely_sizes(const ir::Program& program, const Lifted& lifted,
                                const PartnerQuestion& question, const isl::Set& open) {
  constexpr int most_pieces = 64;
  return detail::with_lonely_sizes(program, lifted, question, open, most_pieces,
                                   [](const SizesByLevel& sizes) { return sizes.text(); });
}

/// The same as a set without divisions, if it is one: a logarithm makes a piece for each of its
/// levels.
inline std::optional<isl::Set> lonely_size_set(const ir::Program& program, const Lifted& lifted,
                                               const PartnerQuestion& question,
                                               const isl::Set& open) {
  constexpr int most_pieces = 64;
  return detail::with_lonely_sizes(program, lifted, question, open, most_pieces,
                                   [](const SizesByLevel& sizes) {
                                     auto found = sizes.sizes();
                                     if (found && detail::has_divisions(*found)) found.reset();
                                     return found;
                                   });
}

}  // namespace lambdapack::analysis
