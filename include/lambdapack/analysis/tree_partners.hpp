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

/// Points of a lifted tuple, with the indices of a tile behind them if there is an access, that are
/// to have a partner among the nodes of other statements.
class PartnerQuestion {
 public:
  PartnerQuestion(const ir::Program& program, const Lifted& lifted, const LiftedStatement& first,
                  const LiftedAccess* access)
      : program_(program), lifted_(lifted), first_(first), access_(access) {}

  /// Nodes of statement `line` are partners: `pairs` is the flat set of both, `bare` the same
  /// without the facts of the partner's functions.
  void add_partners(std::size_t line, isl_map* pairs, isl_map* bare) {
    const LevelSystem both = with(line);
    partners_.push_back({line, both.flat(isl_map_wrap(pairs)), both.flat(isl_map_wrap(bare))});
  }

  /// The points of `set` that are not known to have a partner; a flat set of sizes and points.
  isl::Set open(isl_set* set) const {
    isl::Set left = alone().flat(set);
    for (const Partners& p : partners_) {
      if (isl::is_empty(left)) break;
      left = isl::Set(left.ctx(),
                      isl_set_subtract(left.copy(), with(p.line).surely_met(p.bare).copy()));
    }
    return {left.ctx(), isl_set_coalesce(left.copy())};
  }

  /// The smallest point of `open` at the first level that has one without a partner: sizes up to
  /// `largest_size`, then the functions of sizes, the tuple and the tile.
  std::optional<std::vector<std::int64_t>> lonely(const isl::Set& open) const {
    std::optional<std::vector<std::int64_t>> found;
    const auto check = [&](const isl::Set& exact) {
      const isl::Set left = without_partners(exact);
      if (isl::is_empty(left)) return false;
      found = smallest(left);
      return true;
    };
    LevelSystem points = alone();
    if (isl::is_empty(open) || !points.each_stride(open, check)) return std::nullopt;
    found.reset();
    points.each_level(open, check);
    return found;
  }

  LevelSystem alone() const { return {program_, lifted_, {&first_}, access_}; }

 private:
  struct Partners {
    std::size_t line;
    isl::Set pairs, bare;
  };

  LevelSystem with(std::size_t line) const {
    return {program_, lifted_, {&first_, &lifted_.statements[line]}, access_};
  }

  isl::Set without_partners(const isl::Set& points) const {
    isl::Set left = points;
    const auto own = static_cast<unsigned>(alone().dims());
    for (const Partners& p : partners_) {
      LevelSystem both = with(p.line);
      const auto extra = static_cast<unsigned>(both.dims()) - own;
      const isl::Set here(left.ctx(),
                          isl_set_intersect(p.pairs.copy(),
                                            isl_set_add_dims(left.copy(), isl_dim_set, extra)));
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

  static std::vector<std::int64_t> smallest(const isl::Set& set) {
    isl_point* point = isl_set_sample_point(isl_set_lexmin(set.copy()));
    if (point == nullptr) isl::fail(set.ctx());
    std::vector<std::int64_t> all;
    for (int k = 0; k < static_cast<int>(isl_set_dim(set.get(), isl_dim_set)); ++k)
      all.push_back(
          isl::take_integer(set.ctx(), isl_point_get_coordinate_val(point, isl_dim_set, k)));
    isl_point_free(point);
    return all;
  }

  const ir::Program& program_;
  const Lifted& lifted_;
  const LiftedStatement& first_;
  const LiftedAccess* access_;
  std::vector<Partners> partners_;
};

}  // namespace lambdapack::analysis
