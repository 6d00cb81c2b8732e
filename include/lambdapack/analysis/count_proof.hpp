// Proves the formula for a number of nodes or edges.
//
// On each cell of the sizes on which the corners of a polytope stay the same, and for sizes of one
// residue modulo the denominators of its corners, the number of its integer points is a polynomial
// of degree no more than its dimension. Two such polynomials that agree on enough points are the
// same, and enough is when no polynomial of that degree but 0 vanishes on them all: the matrix of
// monomials at these points has full rank.
#pragma once

#include <isl/ilp.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/checks.hpp"
#include "lambdapack/analysis/count_cells.hpp"
#include "lambdapack/analysis/counted.hpp"
#include "lambdapack/analysis/proof.hpp"
#include "lambdapack/analysis/rank.hpp"
#include "lambdapack/form/closed_forms.hpp"

namespace lambdapack::analysis {

/// One formula against the numbers of what it counts.
class CountProof {
 public:
  /// `sizes` are those that are allowed; where there are others among them, nothing is said of
  /// those.
  CountProof(const ir::Program& program, const form::ClosedForms& forms, const isl::Set& sizes,
             Counted counted)
      : program_(program), forms_(forms), sizes_(sizes), counted_(std::move(counted)) {}

  /// `points` are as many as what is counted, for sizes that are allowed. Throws WrongForm where
  /// the formula is wrong, and NotDecompilable where that is not decided.
  void prove(const isl::Set& points) {
    // What the sizes are is known anyway; said again, it would make more corners.
    points_ =
        detail::plain(isl::Set(points.ctx(), isl_set_gist_params(points.copy(), sizes_.copy())));
    const detail::CountCells cells(forms_.code, counted_.formula, sizes_, points_);
    degree_ = cells.degree();
    period_ = cells.period();
    for (const isl::Set& cell : cells.all())
      detail::for_each_basic_set(cell, [&](const isl::BasicSet& b) {
        prove_cell({b.ctx(), isl_set_from_basic_set(b.copy())});
      });
  }

 private:
  // The sizes that matter to the points or to the formula; the others can be anything.
  std::vector<unsigned> involved() const {
    std::vector<unsigned> sizes;
    for (unsigned p = 0; p < program_.parameters.size(); ++p) {
      bool uses =
          isl::decide(points_.ctx(), isl_set_involves_dims(points_.get(), isl_dim_param, p, 1));
      for (const form::CountPiece& piece : counted_.formula.pieces)
        for (const form::Monomial& m : piece.terms)
          uses = uses || (m.coefficient != 0 && m.exponents[p] != 0);
      if (uses) sizes.push_back(p);
    }
    return sizes;
  }

  void prove_cell(const isl::Set& cell) const {
    const std::vector<unsigned> variables = involved();
    prove_part(cell, variables, only(cell, variables));
  }

  // A part of the cell, over the sizes that matter; cut up where it is thin, for many points of a
  // few parallel planes say nothing about the space around them.
  void prove_part(const isl::Set& cell, const std::vector<unsigned>& variables,
                  const isl::Set& part) const {
    detail::for_each_basic_set(part, [&](const isl::BasicSet& convex) {
      const isl::Set all(convex.ctx(), isl_set_from_basic_set(convex.copy()));
      const std::vector<isl::Set> planes = thin(convex, all);
      for (const isl::Set& plane : planes) prove_part(cell, variables, plane);
      if (planes.empty()) by_residues(cell, variables, all);
    });
  }

  // The planes that make up a set between two parallel ones, or nothing.
  static std::vector<isl::Set> thin(const isl::BasicSet& convex, const isl::Set& all) {
    std::vector<isl::Set> planes;
    isl::for_each_constraint(convex, [&](isl_constraint* c) {
      if (!planes.empty() || isl_constraint_is_equality(c) == isl_bool_true) return;
      const isl::Aff height(all.ctx(), isl_constraint_get_aff(c));
      isl_val* top = isl_set_max_val(all.get(), height.get());
      const bool low = isl_val_is_int(top) == isl_bool_true && isl_val_is_pos(top) &&
                       isl_val_cmp_si(top, 16) <= 0;
      const std::int64_t most = low ? isl_val_get_num_si(top) : -1;
      isl_val_free(top);
      for (std::int64_t h = 0; h <= most; ++h) {
        isl_aff* level = isl_aff_add_constant_si(height.copy(), static_cast<int>(-h));
        planes.emplace_back(
            all.ctx(),
            isl_set_intersect(all.copy(), isl_set_from_basic_set(isl_aff_zero_basic_set(level))));
      }
    });
    return planes;
  }

  // Settles a part for one residue of the sizes after the other.
  void by_residues(const isl::Set& cell, const std::vector<unsigned>& variables,
                   const isl::Set& part) const {
    std::vector<isl::Set> classes{part};
    for (unsigned d = 0; d < variables.size() && period_ > 1; ++d) {
      std::vector<isl::Set> finer;
      for (const isl::Set& c : classes)
        for (std::int64_t r = 0; r < period_; ++r) finer.push_back(with_residue(c, d, r));
      classes = std::move(finer);
      if (classes.size() > 100) throw NotDecompilable{"there are too many cases of sizes"};
    }
    const std::size_t dimensions = dimension(part);
    for (const isl::Set& c : classes) by_examples(cell, variables, c, dimensions);
  }

  isl::Set with_residue(const isl::Set& part, unsigned d, std::int64_t residue) const {
    isl_local_space* space = isl_local_space_from_space(isl_set_get_space(part.get()));
    isl_aff* x = isl_aff_var_on_domain(space, isl_dim_set, d);
    x = isl_aff_mod_val(x, isl_val_int_from_si(part.ctx(), period_));
    x = isl_aff_add_constant_si(x, -static_cast<int>(residue));
    return {part.ctx(),
            isl_set_intersect(part.copy(), isl_set_from_basic_set(isl_aff_zero_basic_set(x)))};
  }

  // Tries the smallest sizes first, and more until they settle it. The part has so many dimensions,
  // or less.
  void by_examples(const isl::Set& cell, const std::vector<unsigned>& variables,
                   const isl::Set& part, std::size_t dimensions) const {
    constexpr std::size_t most = 600;
    const std::size_t needed = detail::monomials(dimensions, degree_, most);
    if (needed == most) throw NotDecompilable{"its formula has too many terms"};
    Trial trial{*this, cell, variables, needed, {}, 0, nullptr};
    const int first = static_cast<int>(degree_) + 2;
    for (int reach = first; reach <= 64; reach *= 2) {
      const isl::Set near = within(part, reach * static_cast<int>(period_));
      trial.rank = {};
      const isl_stat done = isl_set_foreach_point(near.get(), &CountProof::try_point, &trial);
      if (trial.error) std::rethrow_exception(trial.error);
      if (trial.rank.rank() >= needed) return;
      if (trial.tried > most_tried) break;
      if (done != isl_stat_ok) isl::fail(cell.ctx());
      const isl::Set far(cell.ctx(), isl_set_subtract(part.copy(), near.copy()));
      if (isl::decide(cell.ctx(), isl_set_is_empty(far.get()))) return;
    }
    throw NotDecompilable{"there are sizes that no number of examples settles"};
  }

  static std::size_t dimension(const isl::Set& all) {
    const isl::BasicSet hull(all.ctx(), isl_set_affine_hull(all.copy()));
    const auto dimensions = static_cast<std::size_t>(isl_set_dim(all.get(), isl_dim_set));
    if (isl_basic_set_dim(hull.get(), isl_dim_div) != 0) return dimensions;
    std::size_t equalities = 0;
    isl::for_each_constraint(hull, [&](isl_constraint* c) {
      equalities += isl_constraint_is_equality(c) == isl_bool_true ? 1 : 0;
    });
    return dimensions - std::min(dimensions, equalities);
  }

  // The cell as a set over the given sizes alone.
  static isl::Set only(const isl::Set& cell, const std::vector<unsigned>& sizes) {
    isl_set* s = isl_set_from_params(isl_set_params(cell.copy()));
    const auto n = static_cast<unsigned>(isl_set_dim(s, isl_dim_param));
    s = isl_set_move_dims(s, isl_dim_set, 0, isl_dim_param, 0, n);
    for (unsigned p = n; p-- > 0;)
      if (std::find(sizes.begin(), sizes.end(), p) == sizes.end())
        s = isl_set_project_out(s, isl_dim_set, p, 1);
    return {cell.ctx(), isl_set_compute_divs(s)};
  }

  static isl::Set within(const isl::Set& all, int reach) {
    isl_set* s = all.copy();
    for (unsigned d = 0; d < static_cast<unsigned>(isl_set_dim(all.get(), isl_dim_set)); ++d)
      s = isl_set_upper_bound_si(isl_set_lower_bound_si(s, isl_dim_set, d, 0), isl_dim_set, d,
                                 reach);
    return {all.ctx(), s};
  }

  static constexpr std::size_t most_tried = 50'000;

  // What has been tried of a cell.
  struct Trial {
    const CountProof& proof;
    const isl::Set& cell;
    const std::vector<unsigned>& variables;
    std::size_t needed;
    detail::Rank rank;
    std::size_t tried;
    std::exception_ptr error;
  };

  static isl_stat try_point(isl_point* point, void* user) {
    Trial& t = *static_cast<Trial*>(user);
    isl_ctx* ctx = isl_point_get_ctx(point);
    struct Free {
      isl_point* point;
      ~Free() { isl_point_free(point); }
    } const free{point};
    try {
      std::vector<std::int64_t> at;
      for (int d = 0; d < static_cast<int>(t.variables.size()); ++d)
        at.push_back(isl::take_integer(ctx, isl_point_get_coordinate_val(point, isl_dim_set, d)));
      if (const auto sizes = t.proof.completed(t.cell, t.variables, at)) {
        t.proof.compare(*sizes);
        t.rank.add(t.proof.row(at));
      }
      const bool settled = t.rank.rank() >= t.needed || ++t.tried > most_tried;
      return settled ? isl_stat_error : isl_stat_ok;
    } catch (...) {
      t.error = std::current_exception();
      return isl_stat_error;
    }
  }

  // All monomials up to the degree, at one point.
  std::vector<std::uint64_t> row(const std::vector<std::int64_t>& at) const {
    std::vector<std::uint64_t> all;
    const auto grow = [&](const auto& self, std::size_t v, std::size_t left,
                          std::uint64_t product) -> void {
      if (v == at.size()) {
        all.push_back(product);
        return;
      }
      for (std::size_t e = 0; e <= left; ++e) {
        self(self, v + 1, left - e, product);
        product = product * (static_cast<std::uint64_t>(at[v]) % detail::Rank::prime) %
                  detail::Rank::prime;
      }
    };
    grow(grow, 0, degree_, 1);
    return all;
  }

  // Allowed sizes of the cell that are as given where they matter, if some are found.
  std::optional<std::vector<std::int64_t>> completed(const isl::Set& cell,
                                                     const std::vector<unsigned>& variables,
                                                     const std::vector<std::int64_t>& at) const {
    isl::Set here = cell;
    for (std::size_t k = 0; k < variables.size(); ++k)
      here = with_size(here, variables[k], static_cast<int>(at[k]));
    // Small ones are quick to count. Others that do not matter may have to be ample.
    constexpr int ample = 64;
    for (const bool small : {true, false}) {
      isl::Set some = here;
      for (unsigned p = 0; p < program_.parameters.size() && !small; ++p)
        if (std::find(variables.begin(), variables.end(), p) == variables.end())
          some = with_size(some, p, ample);
      if (isl::decide(cell.ctx(), isl_set_is_empty(some.get()))) continue;
      const isl::Set point(cell.ctx(), isl_set_from_params(some.copy()));
      std::vector<std::int64_t> sizes = detail::small_example(point).parameters;
      if (is_allowed(sizes)) return sizes;
    }
    return std::nullopt;
  }

  static isl::Set with_size(const isl::Set& sizes, unsigned p, int value) {
    return {sizes.ctx(), isl_set_fix_si(sizes.copy(), isl_dim_param, p, value)};
  }

  bool is_allowed(const std::vector<std::int64_t>& sizes) const {
    return std::all_of(forms_.requirements.begin(), forms_.requirements.end(),
                       [&](const form::Requirement& r) {
                         return form::Cursor(forms_.code.data(), r.holds, sizes).any();
                       });
  }

  void compare(const std::vector<std::int64_t>& sizes) const {
    const std::int64_t truth = counted_.number(sizes);
    __int128 formula = 0;
    bool whole = true;
    for (const form::CountPiece& piece : counted_.formula.pieces) {
      if (!form::Cursor(forms_.code.data(), piece.applies, sizes).any()) continue;
      __int128 sum = 0;
      for (const form::Monomial& m : piece.terms) {
        __int128 product = m.coefficient;
        for (std::size_t p = 0; p < sizes.size(); ++p)
          for (int e = 0; e < m.exponents[p]; ++e) product *= sizes[p];
        sum += product;
      }
      whole = whole && sum % piece.denominator == 0;
      formula += sum / piece.denominator;
    }
    if (whole && formula == truth) return;
    throw WrongForm{
        text({"the ", counted_.form, " is wrong: for ", detail::sizes(program_, {sizes, {}}),
              " it is ", static_cast<std::int64_t>(formula), whole ? "" : " and a fraction",
              ", but there are ", truth, " ", counted_.things})};
  }

  const ir::Program& program_;
  const form::ClosedForms& forms_;
  isl::Set sizes_;
  Counted counted_;
  isl::Set points_;
  std::size_t degree_ = 0;
  std::int64_t period_ = 1;
};

}  // namespace lambdapack::analysis
