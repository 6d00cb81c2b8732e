// Whether every point has a partner, in programs with powers and logarithms: every read a write
// that came before, every tile a writer, every value a reader.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "lambdapack/analysis/levels.hpp"
#include "lambdapack/analysis/tree_flow.hpp"

namespace lambdapack::analysis {

/// The lexicographically smallest point of a set of points.
inline std::vector<std::int64_t> smallest_point(const isl::Set& set) {
  isl_point* point = isl_set_sample_point(isl_set_lexmin(set.copy()));
  if (point == nullptr) isl::fail(set.ctx());
  std::vector<std::int64_t> all;
  for (int k = 0; k < static_cast<int>(isl_set_dim(set.get(), isl_dim_set)); ++k)
    all.push_back(
        isl::take_integer(set.ctx(), isl_point_get_coordinate_val(point, isl_dim_set, k)));
  isl_point_free(point);
  return all;
}

/// The points of a flat set whose sizes come before these in lexicographic order.
inline isl::Set with_smaller_sizes(const isl::Set& flat, const std::vector<std::int64_t>& sizes) {
  isl_set* all = isl_set_empty(isl_set_get_space(flat.get()));
  isl_set* same = flat.copy();
  for (unsigned p = 0; p < sizes.size(); ++p) {
    const auto value = [&](std::int64_t less) {
      return isl_val_int_from_si(flat.ctx(), sizes[p] - less);
    };
    all = isl_set_union(all, isl_set_upper_bound_val(isl_set_copy(same), isl_dim_set, p, value(1)));
    same = isl_set_fix_val(same, isl_dim_set, p, value(0));
  }
  isl_set_free(same);
  return {flat.ctx(), all};
}

/// Points of a lifted tuple, with the indices of a tile behind them if there is an access, that are
/// to have a partner among the nodes of other statements.
class PartnerQuestion {
 public:
  PartnerQuestion(const ir::Program& program, const Lifted& lifted, const LiftedStatement& first,
                  const LiftedAccess* access)
      : program_(program), lifted_(lifted), first_(first), access_(access) {}

  /// Nodes of statement `line` are partners: `pairs` is the flat set of both, `bare` the same
  /// without the facts of the partner's functions. Where a partner names the tile by a run,
  /// `through` is that access.
  void add_partners(std::size_t line, isl_map* pairs, isl_map* bare,
                    const LiftedAccess* through = nullptr) {
    const LevelSystem both = with(line, through);
    partners_.push_back(
        {line, through, both.flat(isl_map_wrap(pairs)), both.flat(isl_map_wrap(bare))});
  }

  /// The points of `set` that are not known to have a partner; a flat set of sizes and points.
  isl::Set open(isl_set* set) const {
    isl::Set left = alone().flat(set);
    for (const Partners& p : partners_) {
      if (isl::is_empty(left)) break;
      left = isl::Set(left.ctx(), isl_set_subtract(left.copy(), with(p).surely_met(p.bare).copy()));
    }
    return {left.ctx(), isl_set_coalesce(left.copy())};
  }

  /// Calls leaf(set) with the points of `open` that have no partner, level by level, until it says
  /// true; returns whether it did. Only the points that wanted(set) leaves of a level are looked
  /// at.
  template <class Wanted, class Leaf>
  bool each_lonely(const isl::Set& open, Wanted&& wanted, Leaf&& leaf) const {
    const auto rest = [&](const isl::Set& exact, auto&& then) {
      const isl::Set some = wanted(exact);
      if (isl::is_empty(some)) return false;
      const isl::Set left = without_partners(some);
      return !isl::is_empty(left) && then(left);
    };
    LevelSystem points = alone();
    const auto any = [&](const isl::Set& exact) {
      return rest(exact, [](const isl::Set&) { return true; });
    };
    std::vector<LevelSystem> partners;
    for (const Partners& p : partners_) partners.push_back(with(p));
    return !isl::is_empty(open) && points.each_stride(open, partners, any) &&
           points.each_level(open, [&](const isl::Set& exact) { return rest(exact, leaf); });
  }

  /// The smallest point of `open` without a partner: sizes up to `largest_size`, then the functions
  /// of sizes, the tuple and the tile. Points that accept(point) does not take do not count; not
  /// many of them are tried.
  template <class Accept>
  std::optional<std::vector<std::int64_t>> lonely(const isl::Set& open, Accept&& accept) const {
    std::optional<std::vector<std::int64_t>> found;
    int tries = 64;
    const auto all = [](const isl::Set& exact) { return exact; };
    const auto take = [&](const isl::Set& exact) {
      for (isl::Set left = exact; tries > 0 && !isl::is_empty(left); --tries) {
        const std::vector<std::int64_t> point = smallest_point(left);
        if (accept(point)) {
          found = point;
          return true;
        }
        left = isl::Set(left.ctx(), isl_set_subtract(left.copy(), at(left, point).copy()));
      }
      return tries <= 0;
    };
    for (isl::Set rest = open; each_lonely(rest, all, take) && tries > 0;)
      rest = with_smaller_sizes(rest, {found->begin(), found->begin() + sizes()});
    return found;
  }
  std::optional<std::vector<std::int64_t>> lonely(const isl::Set& open) const {
    return lonely(open, [](const std::vector<std::int64_t>&) { return true; });
  }

  std::ptrdiff_t sizes() const { return static_cast<std::ptrdiff_t>(program_.parameters.size()); }
  LevelSystem alone() const { return {program_, lifted_, {&first_}, access_}; }

 private:
  struct Partners {
    std::size_t line;
    const LiftedAccess* through;
    isl::Set pairs, bare;
  };

  LevelSystem with(std::size_t line, const LiftedAccess* through) const {
    return {program_, lifted_, {&first_, &lifted_.statements[line]}, access_, through};
  }
  LevelSystem with(const Partners& p) const { return with(p.line, p.through); }

  isl::Set without_partners(const isl::Set& points) const {
    isl::Set left = points;
    const auto own = static_cast<unsigned>(alone().dims());
    for (const Partners& p : partners_) {
      LevelSystem both = with(p);
      const auto extra = static_cast<unsigned>(both.dims()) - own;
      const isl::Set here(
          left.ctx(),
          isl_set_intersect(p.pairs.copy(), isl_set_add_dims(left.copy(), isl_dim_set, extra)));
      if (isl::is_empty(here)) continue;
      both.each_level_of_second(here, [&](const isl::Set& level) {
        isl_set* met = isl_set_project_out(level.copy(), isl_dim_set, own, extra);
        left = isl::Set(left.ctx(), isl_set_coalesce(isl_set_subtract(left.copy(), met)));
        return isl::is_empty(left);
      });
      if (isl::is_empty(left)) break;
    }
    return left;
  }

  static isl::Set at(const isl::Set& set, const std::vector<std::int64_t>& point) {
    isl_set* s = set.copy();
    for (std::size_t k = 0; k < point.size(); ++k)
      s = isl_set_fix_val(s, isl_dim_set, static_cast<unsigned>(k),
                          isl_val_int_from_si(set.ctx(), point[k]));
    return {set.ctx(), s};
  }

  const ir::Program& program_;
  const Lifted& lifted_;
  const LiftedStatement& first_;
  const LiftedAccess* access_;
  std::vector<Partners> partners_;
};

}  // namespace lambdapack::analysis
