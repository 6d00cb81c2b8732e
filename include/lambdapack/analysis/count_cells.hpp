// Where a number of points, and the formula for it, are polynomials in the sizes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "lambdapack/analysis/corners.hpp"
#include "lambdapack/analysis/decompile.hpp"
#include "lambdapack/form/closed_forms.hpp"

namespace lambdapack::analysis::detail {

/// The sizes, cut into cells. In a cell, for sizes of one residue modulo `period`, the number of
/// points and the formula are polynomials of a degree up to `degree`.
class CountCells {
 public:
  /// Throws NotDecompilable if there are too many cells.
  CountCells(const std::vector<form::Word>& code, const form::CountForm& formula,
             const isl::Set& sizes, const isl::Set& points)
      : code_(code), sizes_(sizes), all_{sizes} {
    isl::for_each_piece(points, [&](const isl::Set& piece) {
      const isl::Set known(piece.ctx(), isl_set_compute_divs(piece.copy()));
      for_each_basic_set({piece.ctx(), isl_set_make_disjoint(known.copy())},
                         [&](const isl::BasicSet& b) { cut_by_corners(b); });
    });
    for (const form::CountPiece& piece : formula.pieces) {
      cut({applies(piece)});
      for (const form::Monomial& m : piece.terms)
        degree_ = std::max(degree_,
                           std::accumulate(m.exponents.begin(), m.exponents.end(), std::size_t{0}));
    }
  }

  const std::vector<isl::Set>& all() const { return all_; }
  std::size_t degree() const { return degree_; }
  std::int64_t period() const { return period_; }

 private:
  void cut_by_corners(const isl::BasicSet& convex) {
    const Corners found = corners(without_equations(without_divisions(convex)));
    degree_ = std::max(degree_, found.dimension);
    period_ = std::lcm(period_, found.denominator);
    cut(found.cells);
  }

  void cut(const std::vector<isl::Set>& by) {
    std::vector<isl::Set> parts;
    const auto keep = [&](isl::Set s) {
      if (!isl::decide(s.ctx(), isl_set_is_empty(s.get()))) parts.push_back(std::move(s));
    };
    for (const isl::Set& cell : all_) {
      isl::Set rest = cell;
      for (const isl::Set& s : by) {
        keep({s.ctx(), isl_set_intersect(cell.copy(), s.copy())});
        rest = isl::Set(s.ctx(), isl_set_subtract(rest.copy(), s.copy()));
      }
      keep(rest);
    }
    all_ = std::move(parts);
    if (all_.size() > 200) throw NotDecompilable{"there are too many cases of sizes"};
  }

  isl::Set applies(const form::CountPiece& piece) const {
    isl::Set all(sizes_.ctx(), isl_set_empty(isl_set_get_space(sizes_.get())));
    for (const EmitSite& s : Decompiler(sizes_, 0).run(code_, piece.applies))
      all = isl::Set(sizes_.ctx(), isl_set_union(all.copy(), isl_map_params(s.map.copy())));
    return all;
  }

  const std::vector<form::Word>& code_;
  const isl::Set& sizes_;
  std::vector<isl::Set> all_;
  std::size_t degree_ = 0;
  std::int64_t period_ = 1;
};

}  // namespace lambdapack::analysis::detail
