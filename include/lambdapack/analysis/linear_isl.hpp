// LinearSum constraints to and from isl's sets, without isl's parser.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "lambdapack/analysis/isl.hpp"
#include "lambdapack/analysis/linear_system.hpp"

namespace lambdapack::analysis {

namespace detail {

/// Owner of an isl matrix of constraints, whose last column is the constant.
class ConstraintMatrix {
 public:
  ConstraintMatrix(isl_ctx* ctx, isl_mat* m) : ctx_(ctx), m_(m) {
    if (m_ == nullptr) isl::fail(ctx);
  }
  ConstraintMatrix(isl_ctx* ctx, std::size_t variables, const std::vector<LinearSum>& rows)
      : ConstraintMatrix(ctx, isl_mat_alloc(ctx, static_cast<unsigned>(rows.size()),
                                            static_cast<unsigned>(variables) + 1)) {
    for (std::size_t r = 0; r < rows.size(); ++r) {
      for (std::size_t v = 0; v < variables; ++v)
        m_ = isl_mat_set_element_si(m_, static_cast<int>(r), static_cast<int>(v), 0);
      for (const LinearSum::Term& t : rows[r].terms) set(r, t.variable, t.coefficient);
      set(r, variables, rows[r].constant);
    }
  }
  ConstraintMatrix(const ConstraintMatrix&) = delete;
  ConstraintMatrix& operator=(const ConstraintMatrix&) = delete;
  ~ConstraintMatrix() { isl_mat_free(m_); }

  isl_mat* copy() const { return isl_mat_copy(m_); }

  /// The rows that involve none but the first `variables`; without those with larger numbers.
  std::vector<LinearSum> rows(std::size_t variables) const {
    std::vector<LinearSum> all;
    for (int r = 0; r < static_cast<int>(isl_mat_rows(m_)); ++r) {
      auto sum = row(r);
      if (sum && (sum->terms.empty() || sum->terms.back().variable < variables))
        all.push_back(*std::move(sum));
    }
    return all;
  }

 private:
  void set(std::size_t row, std::size_t column, std::int64_t value) {
    m_ = isl_mat_set_element_val(m_, static_cast<int>(row), static_cast<int>(column),
                                 isl_val_int_from_si(ctx_, value));
  }

  std::optional<LinearSum> row(int r) const {
    const int last = static_cast<int>(isl_mat_cols(m_)) - 1;
    LinearSum sum;
    for (int c = 0; c <= last; ++c) {
      isl_val* v = isl_mat_get_element_val(m_, r, c);
      const bool fits = isl_val_n_abs_num_chunks(v, 7) <= 1;
      const std::int64_t x = fits ? isl_val_get_num_si(v) : 0;
      isl_val_free(v);
      if (!fits) return std::nullopt;
      if (c == last)
        sum.constant = x;
      else if (x != 0)
        sum.terms.push_back({static_cast<std::size_t>(c), x});
    }
    return sum;
  }

  isl_ctx* ctx_;
  isl_mat* m_;
};

inline ConstraintMatrix equations_of(const isl::BasicSet& set) {
  return {set.ctx(), isl_basic_set_equalities_matrix(set.get(), isl_dim_param, isl_dim_set,
                                                     isl_dim_div, isl_dim_cst)};
}
inline ConstraintMatrix inequalities_of(const isl::BasicSet& set) {
  return {set.ctx(), isl_basic_set_inequalities_matrix(set.get(), isl_dim_param, isl_dim_set,
                                                       isl_dim_div, isl_dim_cst)};
}

inline isl_basic_set* basic_set(isl_ctx* ctx, isl_space* space, const LinearConstraints& rows) {
  if (space == nullptr) isl::fail(ctx);
  const auto variables = static_cast<std::size_t>(isl_space_dim(space, isl_dim_all));
  const ConstraintMatrix equations(ctx, variables, rows.equations);
  const ConstraintMatrix inequalities(ctx, variables, rows.inequalities);
  return isl_basic_set_from_constraint_matrices(space, equations.copy(), inequalities.copy(),
                                                isl_dim_param, isl_dim_set, isl_dim_div,
                                                isl_dim_cst);
}

}  // namespace detail

/// The constraints of a convex set that involve no divisions and no numbers above 56 bits. Its
/// variables are the set's parameters, and behind them its dimensions.
inline LinearConstraints constraints_of(const isl::BasicSet& set) {
  const auto variables = static_cast<std::size_t>(isl_basic_set_dim(set.get(), isl_dim_param)) +
                         static_cast<std::size_t>(isl_basic_set_dim(set.get(), isl_dim_set));
  return {detail::equations_of(set).rows(variables), detail::inequalities_of(set).rows(variables)};
}

/// The same of each convex piece of a set; the pieces may overlap.
inline std::vector<LinearConstraints> constraints_of_pieces(const isl::Set& set) {
  struct List {
    isl_basic_set_list* list;
    ~List() { isl_basic_set_list_free(list); }
  } const pieces{isl_set_get_basic_set_list(set.get())};
  if (pieces.list == nullptr) isl::fail(set.ctx());
  std::vector<LinearConstraints> all;
  for (int k = 0; k < static_cast<int>(isl_basic_set_list_n_basic_set(pieces.list)); ++k)
    all.push_back(
        constraints_of(isl::BasicSet(set.ctx(), isl_basic_set_list_get_basic_set(pieces.list, k))));
  return all;
}

/// What holds for all points of a set; its variables are as those of `constraints_of`, and behind
/// them those that its equations need for divisions.
inline LinearSystem around(const isl::Set& set) {
  const isl::BasicSet equal(set.ctx(), isl_set_affine_hull(set.copy()));
  const isl::BasicSet near(set.ctx(), isl_set_simple_hull(set.copy()));
  const auto variables = static_cast<std::size_t>(isl_basic_set_dim(equal.get(), isl_dim_all));
  // The divisions of the one have nothing to do with those of the other.
  return {variables,
          {detail::equations_of(equal).rows(variables), constraints_of(near).inequalities}};
}

/// The points of a set that meet the constraints.
inline isl::Set where(const isl::Set& set, const LinearConstraints& rows) {
  isl_basic_set* meeting = detail::basic_set(set.ctx(), isl_set_get_space(set.get()), rows);
  return {set.ctx(), isl_set_intersect(set.copy(), isl_set_from_basic_set(meeting))};
}

/// Whether no integers meet the constraints.
inline bool is_empty(isl_ctx* ctx, std::size_t variables, const LinearConstraints& rows) {
  isl_space* space = isl_space_set_alloc(ctx, 0, static_cast<unsigned>(variables));
  const isl::BasicSet all(ctx, detail::basic_set(ctx, space, rows));
  return isl::decide(ctx, isl_basic_set_is_empty(all.get()));
}

/// The points of a set without parameters at which `sum` is a multiple of `modulus`.
inline isl::Set where_multiple(const isl::Set& set, const LinearSum& sum, std::int64_t modulus) {
  isl_ctx* ctx = set.ctx();
  isl_aff* a = isl_aff_zero_on_domain(isl_local_space_from_space(isl_set_get_space(set.get())));
  a = isl_aff_add_constant_val(a, isl_val_int_from_si(ctx, sum.constant));
  for (const LinearSum::Term& t : sum.terms)
    a = isl_aff_add_coefficient_val(a, isl_dim_in, static_cast<int>(t.variable),
                                    isl_val_int_from_si(ctx, t.coefficient));
  a = isl_aff_mod_val(a, isl_val_int_from_si(ctx, modulus));
  isl_set* zero = isl_set_from_basic_set(isl_aff_zero_basic_set(a));
  return {ctx, isl_set_intersect(set.copy(), zero)};
}

}  // namespace lambdapack::analysis
