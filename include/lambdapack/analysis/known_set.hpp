// A conjunction as a set of isl: whether it has points, and one of them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "lambdapack/analysis/isl.hpp"
#include "lambdapack/analysis/known.hpp"

namespace lambdapack::analysis {

/// Values for unknowns. Those that are missing do not matter.
using Assignment = std::map<int, std::int64_t>;

inline std::int64_t value_at(const Linear& e, const Assignment& point) {
  std::int64_t sum = e.constant;
  for (const auto& [id, coefficient] : e.terms) {
    const auto found = point.find(id);
    if (found != point.end()) sum = multiplied(coefficient, found->second, sum);
  }
  return sum;
}

/// What is known as linear constraints, of functions only what facts say, but for remainders by
/// constants, which are exact.
class KnownSet {
 public:
  KnownSet(isl_ctx* ctx, const Known& known) : ctx_(ctx), known_(known) {
    for (const Linear& e : known.equalities()) equalities_.push_back(e);
    for (const Linear& e : known.inequalities()) at_least_zero_.push_back(e);
    for (const Linear& e : known.facts) at_least_zero_.push_back(known.normal(e));
    std::set<int> used;
    for (const auto* all : {&equalities_, &at_least_zero_})
      for (const Linear& e : *all) collect(e, used);
    std::vector<AppliedFunction> divided;
    for (AppliedFunction& f : known.functions())
      if (f.kind == FunctionTerm::Kind::remainder && f.second.is_constant() &&
          f.second.constant >= 1) {
        collect(f.first, used);
        collect(f.value, used);
        divided.push_back(std::move(f));
      }
    for (const int id : used) dims_.emplace(id, static_cast<int>(dims_.size()));
    int quotient = -1;
    for (const AppliedFunction& f : divided) {
      Linear e = f.first.minus(f.value);
      e.terms.insert(e.terms.begin(), {quotient, -f.second.constant});
      dims_.emplace(quotient--, static_cast<int>(dims_.size()));
      equalities_.push_back(std::move(e));
    }
  }

  bool is_empty() const {
    const isl::BasicSet s = set();
    return isl::decide(ctx_, isl_basic_set_is_empty(s.get()));
  }

  /// A point with small values for the unknowns that come first. The set must have one.
  Assignment smallest() const {
    const isl::Set least(ctx_, isl_basic_set_lexmin(bounded().copy()));
    isl_point* p = isl_set_sample_point(least.copy());
    if (p == nullptr) isl::fail(ctx_);
    Assignment point;
    for (const auto& [id, dim] : dims_)
      point[id] = isl::take_integer(ctx_, isl_point_get_coordinate_val(p, isl_dim_set, dim));
    isl_point_free(p);
    for (const auto& [id, e] : known_.solved()) point[id] = value_at(e, point);
    return point;
  }

 private:
  static void collect(const Linear& e, std::set<int>& used) {
    for (const Linear::Term& t : e.terms) used.insert(t.first);
  }

  isl::BasicSet set() const {
    const auto n = static_cast<unsigned>(dims_.size());
    isl_basic_set* s = isl_basic_set_from_constraint_matrices(
        isl_space_set_alloc(ctx_, 0, n), matrix(equalities_), matrix(at_least_zero_), isl_dim_cst,
        isl_dim_param, isl_dim_set, isl_dim_div);
    return {ctx_, s};
  }

  // The same in a box around 0, if it has points there: lexmin needs bounds.
  isl::BasicSet bounded() const {
    for (const int bits : {4, 12, 20, 30}) {
      isl_set* s = isl_set_from_basic_set(set().copy());
      for (unsigned d = 0; d < dims_.size(); ++d)
        s = isl_set_upper_bound_si(isl_set_lower_bound_si(s, isl_dim_set, d, -(1 << bits)),
                                   isl_dim_set, d, 1 << bits);
      const isl::Set box(ctx_, s);
      if (!isl::decide(ctx_, isl_set_is_empty(box.get())))
        return {ctx_, isl_set_simple_hull(box.copy())};
    }
    return set();
  }

  isl_mat* matrix(const std::vector<Linear>& rows) const {
    const auto columns = static_cast<unsigned>(dims_.size()) + 1;
    isl_mat* m = isl_mat_alloc(ctx_, static_cast<unsigned>(rows.size()), columns);
    for (int r = 0; r < static_cast<int>(rows.size()); ++r) {
      for (int c = 0; c < static_cast<int>(columns); ++c) m = isl_mat_set_element_si(m, r, c, 0);
      const Linear& e = rows[static_cast<std::size_t>(r)];
      m = element(m, r, 0, e.constant);
      for (const auto& [id, coefficient] : e.terms)
        m = element(m, r, dims_.at(id) + 1, coefficient);
    }
    return m;
  }

  isl_mat* element(isl_mat* m, int row, int column, std::int64_t value) const {
    return isl_mat_set_element_val(m, row, column, isl_val_int_from_si(ctx_, value));
  }

  isl_ctx* ctx_;
  const Known& known_;
  std::vector<Linear> equalities_, at_least_zero_;
  std::map<int, int> dims_;  // by unknown; negative ones are quotients
};

}  // namespace lambdapack::analysis
