// Questions about lifted sets that need the whole truth about powers and logarithms: decided level
// by level. Where every function has one of its values, strides are constant and isl is exact.
//
// Sizes up to `largest_size` tiles are looked at; the forms themselves hold for all sizes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/lifted.hpp"

namespace lambdapack::analysis {

/// Sizes beyond this are not looked at by proofs.
inline constexpr std::int64_t largest_size = std::int64_t{1} << 20;

/// Some nodes at once, as one flat set: the sizes, then the tuples of the statements.
class LevelSystem {
 public:
  /// `tuples` are the statements whose lifted tuples make up the set, one behind the other. Behind
  /// the first come the indices of a tile that it reads through `access`, if there is one.
  LevelSystem(const ir::Program& program, const Lifted& lifted,
              std::vector<const LiftedStatement*> tuples, const LiftedAccess* access = nullptr)
      : program_(program), lifted_(lifted), tuples_(std::move(tuples)), access_(access) {
    sizes_ = program.parameters.size();
    std::size_t at = sizes_ + lifted.parameter_functions.size();
    for (const LiftedStatement* t : tuples_) {
      offsets_.push_back(at);
      at += t->dims.size();
      if (t == tuples_.front() && offsets_.size() == 1 && access_ != nullptr) {
        tile_ = at;
        at += static_cast<std::size_t>(isl_map_dim(access_->map.get(), isl_dim_out));
      }
    }
    dims_ = at;
    for (std::size_t k = 0; k < lifted.parameter_functions.size(); ++k)
      functions_.push_back({lifted.parameter_functions[k], 0, sizes_ + k});
    for (std::size_t t = 0; t < tuples_.size(); ++t)
      for (std::size_t d = 0; d < tuples_[t]->dims.size(); ++d)
        if (!tuples_[t]->dims[d].is_loop)
          functions_.push_back({tuples_[t]->dims[d].id, t, offsets_[t] + d});
  }

  /// A lifted set or wrapped map over the tuples, made flat.
  isl::Set flat(isl_set* set) const {
    const auto parameters = static_cast<unsigned>(isl_set_dim(set, isl_dim_param));
    isl_set* s = isl_set_reset_tuple_id(isl_set_flatten(set));
    s = isl_set_move_dims(s, isl_dim_set, 0, isl_dim_param, 0, parameters);
    isl_ctx* ctx = lifted_.context.ctx();
    for (std::size_t p = 0; p < sizes_; ++p)
      s = isl_set_upper_bound_si(s, isl_dim_set, static_cast<unsigned>(p),
                                 static_cast<int>(largest_size));
    return {ctx, s};
  }

  /// Calls leaf(set) with sets that together are exactly the points of `set`, until it says true.
  /// Returns whether it did.
  template <class Leaf>
  bool each_level(const isl::Set& set, Leaf&& leaf) {
    values_.assign(functions_.size(), 0);
    return level(set, 0, leaf);
  }

  bool feasible(isl_set* set) {
    const isl::Set all = flat(set);
    return !isl::is_empty(all) &&
           each_level(all, [](const isl::Set& exact) { return !isl::is_empty(exact); });
  }

  std::size_t sizes() const { return sizes_; }
  std::size_t dims() const { return dims_; }
  std::size_t offset(std::size_t tuple) const { return offsets_[tuple]; }

 private:
  struct FunctionDim {
    int id;
    std::size_t tuple;
    std::size_t dim;
  };

  template <class Leaf>
  bool level(const isl::Set& set, std::size_t k, Leaf& leaf) {
    if (k == functions_.size()) {
      const isl::Set exact = intersected(set, strides());
      return !isl::is_empty(exact) && leaf(exact);
    }
    const ir::Function& f = program_.functions[static_cast<std::size_t>(functions_[k].id)];
    const std::string x = expr(f.argument, functions_[k].tuple);
    const std::string y = text({"v", functions_[k].dim});
    if (f.kind == ir::Function::Kind::quotient || f.kind == ir::Function::Kind::remainder) {
      const bool quotient = f.kind == ir::Function::Kind::quotient;
      return level(intersected(set, quotient ? text({y, " = floor(", x, "/", f.base, ")"})
                                             : text({y, " = ", x, " mod ", f.base})),
                   k + 1, leaf);
    }
    const bool is_power = f.kind == ir::Function::Kind::power;
    const auto at = [&](std::int64_t value, const std::string& constraint) {
      const isl::Set here = intersected(set, text({y, " = ", value, " and ", constraint}));
      values_[k] = value;
      return !isl::is_empty(here) && level(here, k + 1, leaf);
    };
    const auto fixed = fixed_value(set, functions_[k].dim);
    const auto may_be = [&](std::int64_t value) { return !fixed || *fixed == value; };
    if (is_power && may_be(0) && at(0, x + " < 0")) return true;
    if (!is_power && may_be(0) && at(0, x + " <= 1")) return true;
    std::int64_t power = 1;
    for (std::int64_t e = 0; power <= 2 * largest_size; ++e, power *= f.base) {
      bool found = false;
      if (!may_be(is_power ? power : e)) continue;
      if (is_power)
        found = at(power, text({x, " = ", e}));
      else if (f.kind == ir::Function::Kind::log_floor)
        found = at(e, text({power < 2 ? 2 : power, " <= ", x, " < ", power * f.base}));
      else if (e > 0)
        found = at(e, text({power / f.base, " < ", x, " <= ", power}));
      if (found) return true;
    }
    return false;
  }

  static std::optional<std::int64_t> fixed_value(const isl::Set& set, std::size_t dim) {
    isl_val* v = isl_set_plain_get_val_if_fixed(set.get(), isl_dim_set, static_cast<unsigned>(dim));
    if (v == nullptr) isl::fail(set.ctx());
    if (isl_val_is_int(v) == isl_bool_true) return isl::take_integer(set.ctx(), v);
    isl_val_free(v);
    return std::nullopt;
  }

  isl::Set intersected(const isl::Set& set, const std::string& constraint) const {
    isl_ctx* ctx = set.ctx();
    const std::string all = text({"{ [", numbered("v", dims_), "] : ", constraint, " }"});
    return {ctx, isl_set_intersect(set.copy(), isl_set_read_from_str(ctx, all.c_str()))};
  }

  // The strides of all tuples, now that steps are numbers.
  std::string strides() const {
    std::string all = "true";
    for (std::size_t t = 0; t < tuples_.size(); ++t)
      for (const Stride& s : tuples_[t]->strides) {
        const std::int64_t step = number(s.step, t);
        all += text({" and (v", offsets_[t] + s.dim, " - ", expr(s.lower, t), ") mod ",
                     step < 0 ? -step : step, " = 0"});
      }
    if (access_ != nullptr)
      for (const Stride& s : access_->strides) {
        const std::int64_t step = number(s.step, 0);
        all += text({" and (v", tile_ + s.dim, " - ", expr(s.lower, 0), ") mod ",
                     step < 0 ? -step : step, " = 0"});
      }
    return all;
  }

  std::int64_t number(const ir::Expr& step, std::size_t tuple) const {
    std::int64_t value = step.constant;
    for (const ir::Term& t : step.terms)
      for (std::size_t k = 0; k < functions_.size(); ++k)
        if (functions_[k].id == t.symbol.id &&
            functions_[k].dim == dim_of_function(t.symbol.id, tuple))
          value += t.coefficient * values_[k];
    return value == 0 ? 1 : value;
  }

  std::size_t dim_of_function(int id, std::size_t tuple) const {
    for (const FunctionDim& f : functions_)
      if (f.id == id && (f.dim < offsets_.front() || f.tuple == tuple)) return f.dim;
    throw internal_error("a function is not in the tuple that uses it");
  }

  std::string expr(const ir::Expr& e, std::size_t tuple) const {
    std::string all = text({"(", e.constant});
    for (const ir::Term& t : e.terms) {
      std::size_t dim = static_cast<std::size_t>(t.symbol.id);
      if (t.symbol.kind == ir::Symbol::Kind::function) dim = dim_of_function(t.symbol.id, tuple);
      if (t.symbol.kind == ir::Symbol::Kind::loop)
        dim = offsets_[tuple] + tuples_[tuple]->dim_of_loop(t.symbol.id);
      all += text({" + ", t.coefficient, "*v", dim});
    }
    return all + ")";
  }

  const ir::Program& program_;
  const Lifted& lifted_;
  std::vector<const LiftedStatement*> tuples_;
  const LiftedAccess* access_;
  std::size_t tile_ = 0;
  std::size_t sizes_ = 0, dims_ = 0;
  std::vector<std::size_t> offsets_;
  std::vector<FunctionDim> functions_;
  std::vector<std::int64_t> values_;
};

}  // namespace lambdapack::analysis
