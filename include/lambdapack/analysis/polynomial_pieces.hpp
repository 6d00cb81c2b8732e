// Sums of polynomials that each hold for some sizes, and how to say the same with fewer of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/isl.hpp"
#include "lambdapack/analysis/polynomial.hpp"

namespace lambdapack::analysis {

/// A polynomial and the parameters for which it holds. While loops are being summed away, the
/// indices of the outer ones are parameters too.
struct PolynomialPiece {
  isl::Set where;
  Polynomial value;
};

namespace detail {

/// Where parameter `p` stands among those of a set; -1 if it is not there.
inline int parameter_position(const isl::Set& set, std::size_t p) {
  return isl_set_find_dim_by_name(set.get(), isl_dim_param, ("p" + std::to_string(p)).c_str());
}

/// The few values that parameter `p` takes in a set of parameters; nothing if they may be many.
inline std::optional<std::pair<std::int64_t, std::int64_t>> few_values(const isl::Set& where,
                                                                       std::size_t p) {
  constexpr std::int64_t few = 4, most = 1 << 30;
  const int at = parameter_position(where, p);
  if (at < 0) return std::nullopt;
  isl_set* s = isl_set_from_params(where.copy());
  s = isl_set_move_dims(s, isl_dim_set, 0, isl_dim_param, static_cast<unsigned>(at), 1);
  const isl::Set values(where.ctx(), isl_set_project_out_all_params(s));
  if (isl_set_is_bounded(values.get()) != isl_bool_true) return std::nullopt;
  const std::int64_t low = isl::take_integer(where.ctx(), isl_set_dim_min_val(values.copy(), 0));
  const std::int64_t high = isl::take_integer(where.ctx(), isl_set_dim_max_val(values.copy(), 0));
  if (low < -most || high > most || high - low >= few) return std::nullopt;
  return std::pair(low, high);
}

inline isl::Set where_equal(const isl::Set& where, std::size_t p, std::int64_t value) {
  const auto at = static_cast<unsigned>(parameter_position(where, p));
  return {where.ctx(), isl_set_fix_si(where.copy(), isl_dim_param, at, static_cast<int>(value))};
}

/// The polynomial with the equations of a convex set put into it, each once.
inline Polynomial with_equations(Polynomial value, const isl::Set& convex) {
  const isl::BasicSet set(convex.ctx(), isl_set_simple_hull(convex.copy()));
  isl::for_each_constraint(set, [&](isl_constraint* c) {
    if (value.terms.empty() || isl_constraint_is_equality(c) != isl_bool_true) return;
    if (isl_constraint_dim(c, isl_dim_div) != 0) return;
    const std::size_t variables = value.terms.begin()->first.size();
    const auto coefficient = [&](std::size_t p) -> std::int64_t {
      const int at = parameter_position(convex, p);
      if (at < 0) return 0;
      return isl::take_integer(convex.ctx(),
                               isl_constraint_get_coefficient_val(c, isl_dim_param, at));
    };
    for (std::size_t p = 0; p < variables; ++p) {
      const std::int64_t unit = coefficient(p);
      if ((unit != 1 && unit != -1) || !value.depends_on(p)) continue;
      const std::int64_t rest = isl::take_integer(convex.ctx(), isl_constraint_get_constant_val(c));
      Polynomial other = Polynomial::constant(variables, {-unit * rest, 1});
      for (std::size_t q = 0; q < variables; ++q)
        if (q != p) other += Polynomial::variable(variables, q).scaled({-unit * coefficient(q), 1});
      value = value.with(p, other);
      return;
    }
  });
  return value;
}

/// Whether a polynomial is plainly 0 for all parameters in `where`; no may be wrong, yes is right.
inline bool vanishes(const Polynomial& value, const isl::Set& where);

inline bool vanishes_on_convex(const Polynomial& original, const isl::Set& where) {
  const Polynomial value = with_equations(original, where);
  if (value.terms.empty()) return true;
  const std::size_t variables = value.terms.begin()->first.size();
  for (std::size_t p = 0; p < variables; ++p) {
    if (!value.depends_on(p)) continue;
    const auto values = few_values(where, p);
    if (!values) continue;
    bool zero = true;
    for (std::int64_t x = values->first; x <= values->second && zero; ++x)
      zero = vanishes(value.with(p, Polynomial::constant(variables, {x, 1})),
                      where_equal(where, p, x));
    return zero;
  }
  return false;
}

inline bool vanishes(const Polynomial& value, const isl::Set& where) {
  if (value.terms.empty() || isl::is_empty(where)) return true;
  bool zero = true;
  isl::for_each_piece(
      where, [&](const isl::Set& piece) { zero = zero && vanishes_on_convex(value, piece); });
  return zero;
}

inline isl::Set without(const isl::Set& a, const isl::Set& b) {
  return {a.ctx(), isl_set_coalesce(isl_set_subtract(a.copy(), b.copy()))};
}

inline Polynomial sum(Polynomial a, const Polynomial& b) { return a += b; }

/// The same sum of pieces no two of which hold for the same sizes.
inline std::vector<PolynomialPiece> made_disjoint(const std::vector<PolynomialPiece>& pieces) {
  std::vector<PolynomialPiece> out;
  for (const PolynomialPiece& piece : pieces) {
    std::vector<PolynomialPiece> next;
    isl::Set left = piece.where;
    for (const PolynomialPiece& old : out) {
      isl::Set both(left.ctx(), isl_set_intersect(left.copy(), old.where.copy()));
      if (isl::is_empty(both)) {
        next.push_back(old);
        continue;
      }
      isl::Set old_alone = without(old.where, both);
      left = without(left, both);
      next.push_back({std::move(both), sum(old.value, piece.value)});
      if (!isl::is_empty(old_alone)) next.push_back({std::move(old_alone), old.value});
    }
    if (!isl::is_empty(left)) next.push_back({left, piece.value});
    out = std::move(next);
  }
  return out;
}

/// Makes one piece of two disjoint ones where the polynomial of either is right for both.
inline bool absorb(PolynomialPiece& a, const PolynomialPiece& b) {
  const Polynomial difference = sum(a.value, b.value.scaled({-1, 1}));
  const bool a_for_b = vanishes(difference, b.where);
  if (!a_for_b && !vanishes(difference, a.where)) return false;
  if (!a_for_b) a.value = b.value;
  a.where =
      isl::Set(a.where.ctx(), isl_set_coalesce(isl_set_union(a.where.copy(), b.where.copy())));
  return true;
}

}  // namespace detail

/// The same sum for all sizes in `context`, of disjoint pieces and of fewer, or of one that holds
/// for all sizes, where the border cases follow the general formula.
inline std::vector<PolynomialPiece> simplified(const std::vector<PolynomialPiece>& pieces,
                                               const isl::Set& context) {
  constexpr std::size_t too_many = 12;
  if (pieces.size() > too_many) return pieces;
  std::vector<PolynomialPiece> disjoint = detail::made_disjoint(pieces), out;
  for (PolynomialPiece& piece : disjoint) {
    for (std::size_t k = out.size(); k-- > 0;)
      if (detail::absorb(piece, out[k])) out.erase(out.begin() + static_cast<std::ptrdiff_t>(k));
    out.push_back(std::move(piece));
  }
  if (out.size() != 1) return out;
  if (detail::vanishes(out[0].value, detail::without(context, out[0].where)))
    out[0].where = context;
  return out;
}

}  // namespace lambdapack::analysis
