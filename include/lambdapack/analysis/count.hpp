// The numbers of nodes of a statement and of edges between two as polynomials in the sizes, where
// there are any.
#pragma once

#include <algorithm>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/checks.hpp"
#include "lambdapack/analysis/form_writer.hpp"
#include "lambdapack/analysis/forms.hpp"
#include "lambdapack/analysis/polynomial.hpp"
#include "lambdapack/analysis/polynomial_pieces.hpp"
#include "lambdapack/analysis/relations.hpp"

namespace lambdapack::analysis {

namespace detail {

/// Sums polynomials over the loops of one statement, innermost first.
class LoopSummer {
 public:
  /// `parameters` sizes, `depth` loops; variables are numbered in that order.
  LoopSummer(std::size_t parameters, std::size_t depth)
      : parameters_(parameters), variables_(parameters + depth) {}

  /// The number of points of `domain`, or nothing if it is not a sum of polynomials.
  std::optional<std::vector<PolynomialPiece>> count(const isl::Set& domain) const {
    std::vector<PolynomialPiece> pieces{
        {loops_as_parameters(domain), Polynomial::constant(variables_, {1, 1})}};
    for (std::size_t v = variables_; v-- > parameters_;) {
      std::vector<PolynomialPiece> next;
      for (const PolynomialPiece& piece : pieces)
        if (!sum_away(piece, v, next)) return std::nullopt;
      pieces = merged(next);
    }
    return pieces;
  }

 private:
  std::string name(std::size_t v) const {
    return v < parameters_ ? "p" + std::to_string(v) : "i" + std::to_string(v - parameters_);
  }

  isl::Set loops_as_parameters(const isl::Set& domain) const {
    isl_set* s = domain.copy();
    const auto at = static_cast<unsigned>(isl_set_dim(s, isl_dim_param));
    const auto n = static_cast<unsigned>(isl_set_dim(s, isl_dim_set));
    s = isl_set_move_dims(isl_set_reset_tuple_id(s), isl_dim_param, at, isl_dim_set, 0, n);
    for (unsigned k = 0; k < n; ++k)
      s = isl_set_set_dim_name(s, isl_dim_param, at + k, name(parameters_ + k).c_str());
    return {domain.ctx(), isl_set_params(s)};
  }

  bool sum_away(const PolynomialPiece& piece, std::size_t v,
                std::vector<PolynomialPiece>& out) const {
    isl_set* s = isl_set_from_params(piece.where.copy());
    const int at = isl_set_find_dim_by_name(s, isl_dim_param, name(v).c_str());
    const isl::Set over_v(piece.where.ctx(), isl_set_move_dims(s, isl_dim_set, 0, isl_dim_param,
                                                               static_cast<unsigned>(at), 1));
    bool polynomial = true;
    isl::for_each_piece(over_v, [&](const isl::Set& convex) {
      const std::optional<isl::Set> all = polynomial ? interval(convex) : std::nullopt;
      polynomial = all && sum_interval(*all, piece.value, v, out);
    });
    return polynomial;
  }

  // The same set without divisions, if its one dimension takes all integers between bounds with
  // unit coefficients.
  static std::optional<isl::Set> interval(const isl::Set& convex) {
    const isl::BasicSet b(convex.ctx(), isl_set_simple_hull(convex.copy()));
    if (isl_basic_set_dim(b.get(), isl_dim_div) != 0) return std::nullopt;
    const isl::Set hull(convex.ctx(), isl_set_from_basic_set(b.copy()));
    bool unit = isl_set_is_equal(hull.get(), convex.get()) == isl_bool_true;
    isl::for_each_constraint(b, [&](isl_constraint* c) {
      const std::int64_t x =
          isl::take_integer(convex.ctx(), isl_constraint_get_coefficient_val(c, isl_dim_set, 0));
      unit = unit && x >= -1 && x <= 1;
    });
    if (!unit) return std::nullopt;
    return hull;
  }

  bool sum_interval(const isl::Set& convex, const Polynomial& summand, std::size_t v,
                    std::vector<PolynomialPiece>& out) const {
    const auto lowers = bounds(isl::PwAff(convex.ctx(), isl_set_dim_min(convex.copy(), 0)));
    const auto uppers = bounds(isl::PwAff(convex.ctx(), isl_set_dim_max(convex.copy(), 0)));
    if (!lowers || !uppers) return false;
    for (const PolynomialPiece& lower : *lowers)
      for (const PolynomialPiece& upper : *uppers) {
        isl::Set where(convex.ctx(), isl_set_intersect(lower.where.copy(), upper.where.copy()));
        if (!isl::is_empty(where))
          out.push_back(
              {std::move(where), sum_over(summand, v, lower.value, upper.value, variables_)});
      }
    return true;
  }

  // The pieces of an affine bound, or nothing if it needs a division.
  std::optional<std::vector<PolynomialPiece>> bounds(const isl::PwAff& bound) const {
    struct State {
      const LoopSummer* self;
      std::vector<PolynomialPiece> pieces;
      bool affine = true;
      std::exception_ptr error = nullptr;
    } state{this, {}};
    const isl_stat done = isl_pw_aff_foreach_piece(
        bound.get(),
        [](isl_set* where, isl_aff* aff, void* user) {
          State& s = *static_cast<State*>(user);
          try {
            const isl::Aff owned(isl_aff_get_ctx(aff), aff);
            isl::Set domain(isl_set_get_ctx(where), where);
            if (const auto p = s.self->polynomial(owned))
              s.pieces.push_back({std::move(domain), *p});
            else
              s.affine = false;
            return isl_stat_ok;
          } catch (...) {
            s.error = std::current_exception();
            return isl_stat_error;
          }
        },
        &state);
    if (state.error) std::rethrow_exception(state.error);
    if (done != isl_stat_ok) isl::fail(bound.ctx());
    if (!state.affine) return std::nullopt;
    return std::move(state.pieces);
  }

  std::optional<Polynomial> polynomial(const isl::Aff& aff) const {
    if (isl_aff_dim(aff.get(), isl_dim_div) != 0 ||
        isl::take_integer(aff.ctx(), isl_aff_get_denominator_val(aff.get())) != 1)
      return std::nullopt;
    Polynomial p = Polynomial::constant(
        variables_, {isl::take_integer(aff.ctx(), isl_aff_get_constant_val(aff.get())), 1});
    for (std::size_t v = 0; v < variables_; ++v) {
      const int at = isl_aff_find_dim_by_name(aff.get(), isl_dim_param, name(v).c_str());
      if (at < 0) continue;
      const std::int64_t c =
          isl::take_integer(aff.ctx(), isl_aff_get_coefficient_val(aff.get(), isl_dim_param, at));
      p += Polynomial::variable(variables_, v).scaled({c, 1});
    }
    return p;
  }

  // Pieces with the same polynomial become one where their domains are disjoint anyway.
  static std::vector<PolynomialPiece> merged(const std::vector<PolynomialPiece>& pieces) {
    std::vector<PolynomialPiece> out;
    for (const PolynomialPiece& piece : pieces) {
      const auto same = std::find_if(out.begin(), out.end(), [&](const PolynomialPiece& o) {
        const isl::Set both(o.where.ctx(), isl_set_intersect(o.where.copy(), piece.where.copy()));
        return o.value == piece.value && isl::is_empty(both);
      });
      if (same == out.end())
        out.push_back(piece);
      else
        same->where =
            isl::Set(piece.where.ctx(),
                     isl_set_coalesce(isl_set_union(same->where.copy(), piece.where.copy())));
    }
    return out;
  }

  std::size_t parameters_;
  std::size_t variables_;
};

/// The formula for sizes in `context`, or nothing where there is none, or none that 64-bit
/// integers can hold.
inline std::optional<std::vector<PolynomialPiece>> count_formula(const isl::Set& domain,
                                                                 const isl::Set& context,
                                                                 std::size_t parameters,
                                                                 std::size_t depth) {
  try {
    const auto pieces = LoopSummer(parameters, depth).count(domain);
    if (!pieces) return std::nullopt;
    return simplified(*pieces, context);
  } catch (const Rational::Overflow&) {
    return std::nullopt;
  }
}

inline form::CountPiece count_piece(const PolynomialPiece& piece, std::size_t parameters,
                                    form::Entry applies) {
  form::CountPiece out;
  out.applies = applies;
  for (const auto& [e, c] : piece.value.terms)
    out.denominator = std::lcm(out.denominator, c.denominator);
  for (const auto& [e, c] : piece.value.terms)
    out.terms.push_back({c.numerator * (out.denominator / c.denominator),
                         {e.begin(), e.begin() + static_cast<std::ptrdiff_t>(parameters)}});
  return out;
}

}  // namespace detail

/// Writes the formula for the number of points of a set, if there is one.
inline form::CountForm count_form(const ir::Program& program, const isl::Set& points,
                                  const isl::Set& context, FormWriter& writer) {
  const std::size_t parameters = program.parameters.size();
  const auto depth = static_cast<std::size_t>(isl_set_dim(points.get(), isl_dim_set));
  form::CountForm count;
  const auto pieces = detail::count_formula(points, context, parameters, depth);
  if (!pieces) return count;
  count.known = true;
  for (const PolynomialPiece& piece : *pieces) {
    count.pieces.push_back(
        detail::count_piece(piece, parameters, writer.holds(piece.where, context)));
    if (isl_set_is_subset(context.get(), piece.where.get()) == isl_bool_true) continue;
    const isl::Set among(context.ctx(), isl_set_gist_params(piece.where.copy(), context.copy()));
    count.pieces.back().condition = detail::condition(program, among);
  }
  return count;
}

/// Formulas for the number of nodes of every statement.
inline std::vector<form::CountForm> counts(const ir::Program& program, const Relations& r,
                                           FormWriter& writer) {
  std::vector<form::CountForm> counts;
  for (const isl::Set& domain : r.domains)
    counts.push_back(count_form(program, domain, r.context, writer));
  return counts;
}

/// The families of edges, with formulas for their numbers of edges if these are asked for, and as
/// far as the budget of isl operations goes.
inline std::vector<form::EdgeFamily> edge_families(const ir::Program& program,
                                                   const std::vector<NodePairs>& pairs,
                                                   const isl::Set& context, FormWriter& writer,
                                                   bool formulas) {
  std::vector<form::EdgeFamily> families;
  for (const NodePairs& p : pairs) {
    families.push_back({p.from, p.to, {}});
    if (!formulas) continue;
    try {
      // Seen from the reader, the node that is read is mostly known: summed away at once.
      const isl::Set readers_first(p.map.ctx(), isl_map_wrap(isl_map_reverse(p.map.copy())));
      families.back().count = isl::within_budget(
          p.map.ctx(), [&] { return count_form(program, readers_first, context, writer); });
    } catch (const isl::BudgetSpent&) {
      isl_ctx_reset_error(p.map.ctx());
      formulas = false;
    }
  }
  return families;
}

}  // namespace lambdapack::analysis
