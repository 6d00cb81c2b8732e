// Linear constraints to and from isl's sets, without isl's parser.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "lambdapack/analysis/isl.hpp"
#include "lambdapack/analysis/linear_system.hpp"

namespace lambdapack::analysis {

namespace detail {

/// Owner of an isl matrix of constraints.
class ConstraintMatrix {
 public:
  ConstraintMatrix(isl_ctx* ctx, isl_mat* m) : ctx_(ctx), m_(m) {
    if (m_ == nullptr) isl::fail(ctx);
  }
  ConstraintMatrix(isl_ctx* ctx, std::size_t rows, std::size_t columns)
      : ConstraintMatrix(ctx, isl_mat_alloc(ctx, static_cast<unsigned>(rows),
                                            static_cast<unsigned>(columns))) {
    for (std::size_t r = 0; r < rows; ++r)
      for (std::size_t c = 0; c < columns; ++c)
        m_ = isl_mat_set_element_si(m_, static_cast<int>(r), static_cast<int>(c), 0);
  }
  ConstraintMatrix(const ConstraintMatrix&) = delete;
  ConstraintMatrix& operator=(const ConstraintMatrix&) = delete;
  ~ConstraintMatrix() { isl_mat_free(m_); }

  int rows() const { return static_cast<int>(isl_mat_rows(m_)); }
  isl_mat* copy() const { return isl_mat_copy(m_); }

  void set(std::size_t row, std::size_t column, std::int64_t value) {
    m_ = isl_mat_set_element_val(m_, static_cast<int>(row), static_cast<int>(column),
                                 isl_val_int_from_si(ctx_, value));
  }

  /// The row as a sum, its last column the constant; nothing if a number exceeds 64 bits.
  std::optional<Linear> row(int r) const {
    const int n = static_cast<int>(isl_mat_cols(m_)) - 1;
    Linear sum;
    for (int c = 0; c <= n; ++c) {
      isl_val* v = isl_mat_get_element_val(m_, r, c);
      const bool fits = isl_val_n_abs_num_chunks(v, 4) <= 1;
      const std::int64_t x = fits ? isl_val_get_num_si(v) : 0;
      isl_val_free(v);
      if (!fits) return std::nullopt;
      if (c == n)
        sum.constant = x;
      else if (x != 0)
        sum.terms.push_back({static_cast<std::size_t>(c), x});
    }
    return sum;
  }

 private:
  isl_ctx* ctx_;
  isl_mat* m_;
};

}  // namespace detail

/// What holds for all points of a set without parameters; its variables are the set's dimensions,
/// and behind them those that its equations need for divisions.
inline LinearSystem around(const isl::Set& set) {
  isl_ctx* ctx = set.ctx();
  const auto dims = static_cast<std::size_t>(isl_set_dim(set.get(), isl_dim_set));
  const auto rows = [&](const detail::ConstraintMatrix& m) {
    std::vector<Linear> all;
    for (int r = 0; r < m.rows(); ++r)
      if (auto row = m.row(r)) all.push_back(*std::move(row));
    return all;
  };
  const isl::BasicSet equal(ctx, isl_set_affine_hull(set.copy()));
  const isl::BasicSet near(ctx, isl_set_simple_hull(set.copy()));
  const detail::ConstraintMatrix equations(
      ctx, isl_basic_set_equalities_matrix(equal.get(), isl_dim_set, isl_dim_param, isl_dim_div,
                                           isl_dim_cst));
  const detail::ConstraintMatrix inequalities(
      ctx, isl_basic_set_inequalities_matrix(near.get(), isl_dim_set, isl_dim_param, isl_dim_div,
                                             isl_dim_cst));
  // The divisions of the one have nothing to do with those of the other.
  std::vector<Linear> bounds = rows(inequalities);
  std::erase_if(bounds, [&](const Linear& row) {
    return !row.terms.empty() && row.terms.back().variable >= dims;
  });
  LinearSystem system(dims + static_cast<std::size_t>(isl_basic_set_dim(equal.get(), isl_dim_div)));
  system.start_with(rows(equations), bounds);
  return system;
}

/// Constraints that all hold: sums that are zero, and sums that are not negative.
struct LinearConstraints {
  std::vector<Linear> equations = {};
  std::vector<Linear> inequalities = {};
};

/// The points of a set without parameters that meet the constraints.
inline isl::Set where(const isl::Set& set, const LinearConstraints& all) {
  isl_ctx* ctx = set.ctx();
  const auto dims = static_cast<std::size_t>(isl_set_dim(set.get(), isl_dim_set));
  const auto matrix = [&](const std::vector<Linear>& sums) {
    detail::ConstraintMatrix m(ctx, sums.size(), dims + 1);
    for (std::size_t r = 0; r < sums.size(); ++r) {
      for (const Linear::Term& t : sums[r].terms) m.set(r, t.variable, t.coefficient);
      m.set(r, dims, sums[r].constant);
    }
    return m.copy();
  };
  isl_basic_set* meeting = isl_basic_set_from_constraint_matrices(
      isl_set_get_space(set.get()), matrix(all.equations), matrix(all.inequalities), isl_dim_set,
      isl_dim_param, isl_dim_div, isl_dim_cst);
  return {ctx, isl_set_intersect(set.copy(), isl_set_from_basic_set(meeting))};
}

/// The points of a set without parameters at which `sum` is a multiple of `modulus`.
inline isl::Set where_multiple(const isl::Set& set, const Linear& sum, std::int64_t modulus) {
  isl_ctx* ctx = set.ctx();
  isl_aff* a = isl_aff_zero_on_domain(isl_local_space_from_space(isl_set_get_space(set.get())));
  a = isl_aff_add_constant_val(a, isl_val_int_from_si(ctx, sum.constant));
  for (const Linear::Term& t : sum.terms)
    a = isl_aff_add_coefficient_val(a, isl_dim_in, static_cast<int>(t.variable),
                                    isl_val_int_from_si(ctx, t.coefficient));
  a = isl_aff_mod_val(a, isl_val_int_from_si(ctx, modulus));
  isl_set* zero = isl_set_from_basic_set(isl_aff_zero_basic_set(a));
  return {ctx, isl_set_intersect(set.copy(), zero)};
}

}  // namespace lambdapack::analysis
