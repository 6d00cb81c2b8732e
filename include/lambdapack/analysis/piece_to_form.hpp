// Translates a convex set with unit coefficients straight into loops: most of what flow yields, and
// several times faster than isl's own code generation, which does the rest (ast_to_form.hpp).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/isl.hpp"
#include "lambdapack/form/assembler.hpp"

namespace lambdapack::analysis {

/// What a piece says about its dimension k, once the outer ones are known.
struct DimensionBounds {
  std::optional<form::Affine> equal;
  std::vector<form::Affine> lower;
  std::vector<form::Affine> upper;
};

/// A convex piece taken apart, dimension by dimension; the values of outer dimensions stand in it
/// as registers `dimension_register + k`.
class PieceBounds {
 public:
  /// First register number that stands for a dimension while no register is assigned to it.
  static constexpr int dimension_register = 1 << 16;

  /// Nothing if the piece has strides, divisions or coefficients other than 0, 1 and -1 where a
  /// bound needs them. `context` holds the sizes and points that will be asked about.
  static std::optional<PieceBounds> of(const isl::Set& piece, const isl::Set& context,
                                       const std::map<std::string, form::Affine>& names) {
    PieceBounds bounds;
    const auto n = static_cast<unsigned>(isl_set_dim(piece.get(), isl_dim_set));
    isl::Set known(context.ctx(), isl_set_from_params(context.copy()));
    for (unsigned k = 0; k <= n; ++k) {
      const isl::Set outer(piece.ctx(),
                           isl_set_project_out(without_name(piece), isl_dim_set, k, n - k));
      const isl::Set fresh(piece.ctx(), isl_set_gist(outer.copy(), with_dimensions(known, k)));
      if (!bounds.add(fresh, k, names)) return std::nullopt;
      known = isl::Set(piece.ctx(), isl_set_intersect(with_dimensions(known, k), outer.copy()));
    }
    return bounds;
  }

  /// Constraints on the sizes and the point alone: each is zero, or not negative.
  std::vector<form::Affine> zero, not_negative;
  std::vector<DimensionBounds> dimensions;

 private:
  static isl_set* without_name(const isl::Set& s) { return isl_set_reset_tuple_id(s.copy()); }

  static isl_set* with_dimensions(const isl::Set& s, unsigned n) {
    const auto have = static_cast<unsigned>(isl_set_dim(s.get(), isl_dim_set));
    return isl_set_add_dims(s.copy(), isl_dim_set, n - have);
  }

  // The constraints of `set` on its last dimension, number k - 1; on the parameters if k is 0.
  bool add(const isl::Set& set, unsigned k, const std::map<std::string, form::Affine>& names) {
    if (k > 0) dimensions.emplace_back();
    if (isl_set_n_basic_set(set.get()) != 1) return false;
    const isl::BasicSet b(set.ctx(), isl_set_simple_hull(set.copy()));
    if (isl_basic_set_dim(b.get(), isl_dim_div) != 0) return false;
    bool simple = true;
    isl::for_each_constraint(
        b, [&](isl_constraint* c) { simple = simple && add(set.ctx(), c, k, names); });
    return simple;
  }

  bool add(isl_ctx* ctx, isl_constraint* c, unsigned k,
           const std::map<std::string, form::Affine>& names) {
    form::Affine rest =
        form::Affine::of(isl::take_integer(ctx, isl_constraint_get_constant_val(c)));
    const auto parameters = static_cast<int>(isl_constraint_dim(c, isl_dim_param));
    for (int p = 0; p < parameters; ++p)
      if (isl_constraint_involves_dims(c, isl_dim_param, static_cast<unsigned>(p), 1))
        rest.add(names.at(isl_constraint_get_dim_name(c, isl_dim_param, static_cast<unsigned>(p))),
                 isl::take_integer(ctx, isl_constraint_get_coefficient_val(c, isl_dim_param, p)));
    for (int d = 0; d + 1 < static_cast<int>(k); ++d)
      rest.add(form::Affine::of_register(dimension_register + d),
               isl::take_integer(ctx, isl_constraint_get_coefficient_val(c, isl_dim_set, d)));
    const bool equality = isl_constraint_is_equality(c) == isl_bool_true;
    if (k == 0) {
      (equality ? zero : not_negative).push_back(rest);
      return true;
    }
    const std::int64_t x = isl::take_integer(
        ctx, isl_constraint_get_coefficient_val(c, isl_dim_set, static_cast<int>(k) - 1));
    if (x != 1 && x != -1) return false;
    const form::Affine bound = form::Affine::of(0).add(rest, -x);
    DimensionBounds& mine = dimensions.back();
    if (equality) {
      if (mine.equal) return false;
      mine.equal = bound;
    } else {
      (x > 0 ? mine.lower : mine.upper).push_back(bound);
    }
    return true;
  }
};

/// Writes the loops of a piece, which emit its points with a tag.
class PieceToForm {
 public:
  PieceToForm(form::Assembler& out, const PieceBounds& piece, int tag)
      : out_(out), piece_(piece), tag_(tag) {}

  void write() {
    const form::Assembler::Label end = out_.label();
    const int mark = out_.mark();
    for (const form::Affine& a : piece_.zero) out_.if_nonzero(a, end);
    for (const form::Affine& a : piece_.not_negative) out_.if_negative(a, end);
    dimension(end);
    out_.release(mark);
    out_.place(end);
  }

 private:
  // The loop over the next dimension and all inside it.
  void dimension(form::Assembler::Label end) {
    if (values_.size() == piece_.dimensions.size()) return out_.emit(tag_, values_);
    const DimensionBounds& b = piece_.dimensions[values_.size()];
    if (b.equal) {
      const form::Affine value = resolved(*b.equal);
      for (const form::Affine& l : b.lower)
        out_.if_negative(form::Affine(value).add(resolved(l), -1), end);
      for (const form::Affine& u : b.upper) out_.if_negative(resolved(u).add(value, -1), end);
      values_.push_back(value);
      dimension(end);
      values_.pop_back();
      return;
    }
    if (b.lower.empty() || b.upper.empty())
      throw internal_error("a piece of a relation has no bounds");
    const int var = tightest(b.lower, &form::Assembler::max);
    const int last = tightest(b.upper, &form::Assembler::min);
    out_.loop(var, last, 1, [&] {
      const form::Assembler::Label next = out_.label();
      values_.push_back(form::Affine::of_register(var));
      dimension(next);
      values_.pop_back();
      out_.place(next);
    });
  }

  int tightest(const std::vector<form::Affine>& bounds,
               void (form::Assembler::*choose)(int, int, int)) {
    const int result = out_.scratch();
    out_.set(result, resolved(bounds[0]));
    for (std::size_t k = 1; k < bounds.size(); ++k) {
      const int other = out_.scratch();
      out_.set(other, resolved(bounds[k]));
      (out_.*choose)(result, result, other);
    }
    return result;
  }

  // The values of outer dimensions put in their places.
  form::Affine resolved(const form::Affine& a) const {
    form::Affine result = form::Affine::of(a.constant);
    for (const auto& [reg, coefficient] : a.terms)
      result.add(reg < PieceBounds::dimension_register
                     ? form::Affine::of_register(reg)
                     : values_[static_cast<std::size_t>(reg - PieceBounds::dimension_register)],
                 coefficient);
    return result;
  }

  form::Assembler& out_;
  const PieceBounds& piece_;
  int tag_;
  std::vector<form::Affine> values_;
};

}  // namespace lambdapack::analysis
