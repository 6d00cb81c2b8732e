// The values of registers while a form is run on symbols.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "lambdapack/analysis/isl.hpp"
#include "lambdapack/analysis/listing.hpp"

namespace lambdapack::analysis {

/// The space that a form runs in: sizes, the point that it is asked about, and a dimension for each
/// loop that may be open at once.
class SymbolSpace {
 public:
  /// `context` brings the sizes.
  SymbolSpace(const isl::Set& context, std::size_t point, std::size_t counters)
      : anywhere_(context.ctx(), isl_set_universe(isl_space_add_dims(
                                     isl_space_set_alloc(context.ctx(), 0, 0), isl_dim_set,
                                     static_cast<unsigned>(point + counters)))),
        point_(point) {
    anywhere_ = isl::Set(context.ctx(),
                         isl_set_align_params(anywhere_.copy(), isl_set_get_space(context.get())));
  }

  const isl::Set& anywhere() const { return anywhere_; }
  std::size_t point() const { return point_; }
  std::size_t counters() const {
    return static_cast<std::size_t>(isl_set_dim(anywhere_.get(), isl_dim_set)) - point_;
  }

  isl::PwAff constant(std::int64_t value) const {
    isl_val* v = isl_val_int_from_si(ctx(), value);
    return take(isl_pw_aff_from_aff(isl_aff_val_on_domain(local(), v)));
  }
  isl::PwAff parameter(std::size_t k) const { return variable(isl_dim_param, k); }
  isl::PwAff coordinate(std::size_t k) const { return variable(isl_dim_set, k); }
  isl::PwAff counter(std::size_t k) const { return variable(isl_dim_set, point_ + k); }

  isl_ctx* ctx() const { return anywhere_.ctx(); }

 private:
  isl_local_space* local() const {
    return isl_local_space_from_space(isl_set_get_space(anywhere_.get()));
  }
  isl::PwAff variable(isl_dim_type type, std::size_t k) const {
    return take(
        isl_pw_aff_from_aff(isl_aff_var_on_domain(local(), type, static_cast<unsigned>(k))));
  }
  isl::PwAff take(isl_pw_aff* a) const { return {ctx(), a}; }

  isl::Set anywhere_;
  std::size_t point_;
};

/// What a register holds: the largest, or the smallest, of some expressions. A bound of a loop is
/// better kept so than as one expression in many pieces.
class SymbolicValue {
 public:
  explicit SymbolicValue(isl::PwAff value) { operands_.push_back(std::move(value)); }

  /// The largest (smallest) of two values.
  static SymbolicValue extreme(const SymbolicValue& a, const SymbolicValue& b, bool largest) {
    SymbolicValue v = a.as(largest);
    const SymbolicValue w = b.as(largest);
    v.operands_.insert(v.operands_.end(), w.operands_.begin(), w.operands_.end());
    v.largest_ = largest;
    v.partial_ = a.partial_ || b.partial_;
    return v;
  }

  /// One value on `here`, the other on `there`; the two do not meet. Nothing stands for a register
  /// that was not set.
  static std::optional<SymbolicValue> joined(const std::optional<SymbolicValue>& a,
                                             const isl::Set& here,
                                             const std::optional<SymbolicValue>& b,
                                             const isl::Set& there) {
    if (!a && !b) return std::nullopt;
    if (a && b && a->is_plainly(*b)) return a;
    const auto on = [](const SymbolicValue& v, const isl::Set& s) {
      return isl::PwAff(s.ctx(), isl_pw_aff_intersect_domain(v.exact().copy(), s.copy()));
    };
    SymbolicValue v(!b   ? on(*a, here)
                    : !a ? on(*b, there)
                         : isl::PwAff(here.ctx(), isl_pw_aff_union_add(on(*a, here).copy(),
                                                                       on(*b, there).copy())));
    v.partial_ = true;
    return v;
  }

  /// Whether the value may be missing somewhere.
  bool is_partial() const { return partial_; }

  /// The value as one expression.
  isl::PwAff exact() const {
    isl::PwAff all = operands_[0];
    for (std::size_t k = 1; k < operands_.size(); ++k)
      all = isl::PwAff(
          all.ctx(), (largest_ ? isl_pw_aff_max : isl_pw_aff_min)(all.copy(), operands_[k].copy()));
    return all;
  }

  /// Where x >= the value (is_lower) or x <= the value.
  isl::Set where_bounds(const isl::PwAff& x, bool is_lower) const {
    if (operands_.size() > 1 && largest_ != is_lower)
      return SymbolicValue(exact()).where_bounds(x, is_lower);
    std::optional<isl::Set> all;
    for (const isl::PwAff& o : operands_) {
      isl::Set s(x.ctx(), (is_lower ? isl_pw_aff_ge_set : isl_pw_aff_le_set)(x.copy(), o.copy()));
      all = all ? isl::Set(x.ctx(), isl_set_intersect(all->copy(), s.copy())) : std::move(s);
    }
    return *all;
  }

 private:
  SymbolicValue as(bool largest) const {
    if (operands_.size() == 1 || largest_ == largest) return *this;
    SymbolicValue v(exact());
    v.partial_ = partial_;
    return v;
  }

  bool is_plainly(const SymbolicValue& other) const {
    if (operands_.size() != other.operands_.size() || largest_ != other.largest_) return false;
    for (std::size_t k = 0; k < operands_.size(); ++k)
      if (isl_pw_aff_plain_is_equal(operands_[k].get(), other.operands_[k].get()) != isl_bool_true)
        return false;
    return true;
  }

  std::vector<isl::PwAff> operands_;
  bool largest_ = true;
  bool partial_ = false;
};

}  // namespace lambdapack::analysis
