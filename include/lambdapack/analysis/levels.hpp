// Questions about lifted sets that need the whole truth about powers and logarithms: decided level
// by level. Where every function has one of its values, strides are constant and isl is exact.
//
// Sizes up to `largest_size` are looked at, and the forms that rest on these proofs ask for no
// larger ones.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/lifted.hpp"
#include "lambdapack/form/code.hpp"

namespace lambdapack::analysis {

/// Some nodes at once, as one flat set: the sizes, then the tuples of the statements.
class LevelSystem {
 public:
  /// `tuples` are the statements whose lifted tuples make up the set, one behind the other. Behind
  /// the first come the indices of a tile that it names through `access`, if there is one, and the
  /// second perhaps through `second_access`.
  LevelSystem(const ir::Program& program, const Lifted& lifted,
              std::vector<const LiftedStatement*> tuples, const LiftedAccess* access = nullptr,
              const LiftedAccess* second_access = nullptr)
      : program_(program),
        lifted_(lifted),
        tuples_(std::move(tuples)),
        access_(access),
        second_access_(second_access) {
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
    for (std::size_t t = 0; t < tuples_.size(); ++t)
      for (const Stride& s : tuples_[t]->strides) mark(s.step, t);
    if (access_ != nullptr)
      for (const Stride& s : access_->strides) mark(s.step, 0);
    if (second_access_ != nullptr)
      for (const Stride& s : second_access_->strides) mark(s.step, 1);
    std::vector<FunctionDim> in_order;
    for (const FunctionDim& f : functions_)
      if (f.in_stride) in_order.push_back(f);
    in_strides_ = in_order.size();
    for (const FunctionDim& f : functions_)
      if (!f.in_stride) in_order.push_back(f);
    functions_ = std::move(in_order);
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
    return {ctx, isl_set_coalesce(s)};
  }

  /// Calls leaf(set) with sets that together are exactly the points of `set`, until it says true.
  /// Returns whether it did.
  template <class Leaf>
  bool each_level(const isl::Set& set, Leaf&& leaf) {
    for (FunctionDim& f : functions_) f.wanted = true;
    return walk(set, leaf);
  }

  /// The same, but the values of functions that no stride of the first tuple needs stay open: the
  /// sets may have points that `set` has not.
  template <class Leaf>
  bool each_stride(const isl::Set& set, Leaf&& leaf) {
    for (FunctionDim& f : functions_) f.wanted = f.in_stride && f.tuple == 0;
    return walk(set, leaf);
  }

  /// The same, exact in the second tuple, whatever the values of the first tuple's functions are.
  /// A function whose argument is that of one of the first tuple has the same value.
  template <class Leaf>
  bool each_level_of_second(const isl::Set& set, Leaf&& leaf) {
    isl::Set linked = set;
    for (FunctionDim& f : functions_)
      f.wanted = (f.tuple == 1 && link(linked, f) == 0) || f.in_stride;
    return !isl::is_empty(linked) && walk(linked, leaf);
  }

  /// The points of the first tuple (and its tile) in `set` that surely have a partner in the second
  /// tuple, for all sizes: `set` is without the facts of the second's functions. It is where the functions of the second have arguments of the first's, or the
  /// same but for a constant, and each of its strides follows from one of the first's.
  isl::Set surely_met(const isl::Set& set) const {
    const auto own = static_cast<unsigned>(offsets_[1]);
    isl::Set met(set.ctx(), isl_set_empty(isl_space_set_alloc(set.ctx(), 0, own)));
    isl::for_each_piece(set, [&](const isl::Set& piece) {
      isl::Set linked = piece;
      if (!link_second(linked, piece)) return;
      for (const Stride& s : tuples_[1]->strides)
        if (!follows(linked, s, offsets_[1] + s.dim)) return;
      if (second_access_ != nullptr)
        for (const Stride& s : second_access_->strides)
          if (!follows(linked, s, tile_ + s.dim)) return;
      // What a function's value would have to be a multiple of, it is: the function has a value.
      isl_set* first = linked.copy();
      for (std::size_t d = dims_; d-- > own;)
        if (!is_loop(d)) first = isl_set_project_out(first, isl_dim_set, static_cast<unsigned>(d), 1);
      first = isl_set_remove_divs(first);
      const auto rest = static_cast<unsigned>(isl_set_dim(first, isl_dim_set)) - own;
      first = isl_set_project_out(first, isl_dim_set, own, rest);
      met = isl::Set(set.ctx(), isl_set_union(met.copy(), first));
    });
    return met;
  }

  bool feasible(isl_set* set) {
    isl::Set all = flat(set);
    if (isl::is_empty(all)) return false;
    for (const FunctionDim& f : functions_)
      if (f.tuple == 1) link(all, f);
    return !isl::is_empty(all) && each_level(all, [](const isl::Set&) { return true; });
  }

  std::size_t sizes() const { return sizes_; }
  std::size_t dims() const { return dims_; }
  std::size_t offset(std::size_t tuple) const { return offsets_[tuple]; }

 private:
  struct FunctionDim {
    int id;
    std::size_t tuple;
    std::size_t dim;
    bool in_stride = false;
    bool wanted = true;
  };

  template <class Leaf>
  bool walk(const isl::Set& set, Leaf& leaf) {
    values_.assign(functions_.size(), 0);
    const isl::Set hull(set.ctx(), isl_set_from_basic_set(isl_set_affine_hull(set.copy())));
    return level(set, hull, 0, leaf);
  }

  // Functions that strides need come first: often nothing is left once strides are known. That shows
  // in the equations alone, `hull`, where it is cheap to see.
  template <class Leaf>
  bool level(const isl::Set& unchecked, const isl::Set& hull, std::size_t k, Leaf& leaf) {
    isl::Set set = unchecked;
    if (k == in_strides_) {
      set = in_step(set);
      if (isl::is_empty(set)) return false;
    }
    if (k == functions_.size()) return leaf(set);
    if (!functions_[k].wanted) return level(set, hull, k + 1, leaf);
    const ir::Function& f = program_.functions[static_cast<std::size_t>(functions_[k].id)];
    const std::string x = expr(f.argument, functions_[k].tuple);
    const std::string y = text({"v", functions_[k].dim});
    if (f.kind == ir::Function::Kind::quotient || f.kind == ir::Function::Kind::remainder) {
      const bool quotient = f.kind == ir::Function::Kind::quotient;
      return level(intersected(set, quotient ? text({y, " = floor(", x, "/", f.base, ")"})
                                             : text({y, " = ", x, " mod ", f.base})),
                   hull, k + 1, leaf);
    }
    const bool is_power = f.kind == ir::Function::Kind::power;
    const auto go_on = [&](const isl::Set& here, const isl::Set& equations, std::int64_t value) {
      values_[k] = value;
      if (k + 1 == in_strides_ && isl::is_empty(in_step(equations))) return false;
      return !isl::is_empty(here) && level(here, equations, k + 1, leaf);
    };
    const auto at = [&](std::int64_t value, const std::string& constraint) {
      const isl::Set equations = fixed(hull, functions_[k].dim, value);
      return go_on(intersected(set, text({y, " = ", value, " and ", constraint})), equations, value);
    };
    // The argument is most often a loop index plus a constant.
    const auto with_exponent = [&](std::int64_t e, std::int64_t value) {
      const std::vector<ir::Term>& terms = f.argument.terms;
      if (terms.size() != 1 || terms[0].coefficient != 1 ||
          terms[0].symbol.kind == ir::Symbol::Kind::function)
        return at(value, text({x, " = ", e}));
      const std::size_t index = dim_of(terms[0].symbol, functions_[k].tuple);
      const auto both = [&](const isl::Set& s) {
        return fixed(fixed(s, index, e - f.argument.constant), functions_[k].dim, value);
      };
      return go_on(both(set), both(hull), value);
    };
    const auto fixed = fixed_value(set, functions_[k].dim);
    const auto may_be = [&](std::int64_t value) { return !fixed || *fixed == value; };
    if (is_power && may_be(0) && at(0, x + " < 0")) return true;
    if (!is_power && may_be(0) && at(0, x + " <= 1")) return true;
    // Until no argument is left: for powers from where they are cut off, for logarithms from where
    // 64 bits end, which no argument reaches.
    for (std::int64_t e = 0;; ++e) {
      const std::int64_t power = form::power(f.base, e);
      if (is_power && power == form::max_power)
        return may_be(power) && at(power, text({x, " >= ", e}));
      std::int64_t next = 0;
      if (!is_power && __builtin_mul_overflow(power, f.base, &next)) return false;
      bool found = false;
      const std::string rest =
          is_power ? text({x, " >= ", e}) : text({x, " > ", power / f.base});
      if (power > largest_size / 8 && isl::is_empty(intersected(set, rest))) return false;
      if (!may_be(is_power ? power : e)) continue;
      if (is_power)
        found = with_exponent(e, power);
      else if (f.kind == ir::Function::Kind::log_floor)
        found = at(e, text({power < 2 ? 2 : power, " <= ", x, " < ", power * f.base}));
      else if (e > 0)
        found = at(e, text({power / f.base, " < ", x, " <= ", power}));
      if (found) return true;
    }
    return false;
  }

  static isl::Set fixed(const isl::Set& set, std::size_t dim, std::int64_t value) {
    return {set.ctx(), isl_set_fix_val(set.copy(), isl_dim_set, static_cast<unsigned>(dim),
                                       isl_val_int_from_si(set.ctx(), value))};
  }

  static std::optional<std::int64_t> fixed_value(const isl::Set& set, std::size_t dim) {
    isl_val* v = isl_set_plain_get_val_if_fixed(set.get(), isl_dim_set, static_cast<unsigned>(dim));
    if (v == nullptr) isl::fail(set.ctx());
    if (isl_val_is_int(v) == isl_bool_true) return isl::take_integer(set.ctx(), v);
    isl_val_free(v);
    return std::nullopt;
  }

  void mark(const ir::Expr& step, std::size_t tuple) {
    for (const ir::Term& t : step.terms) {
      const int id = scaled(program_, t.symbol.id).id;
      for (FunctionDim& f : functions_)
        if (f.id == id && f.dim == dim_of_function(id, tuple)) f.in_stride = true;
    }
  }

  // Links all functions of the second tuple that matter to `piece`. One link can make way for
  // another. Whether all found a partner.
  bool link_second(isl::Set& set, const isl::Set& piece) const {
    std::vector<const FunctionDim*> open;
    for (const FunctionDim& f : functions_)
      if (f.tuple == 1 &&
          (f.in_stride || isl_set_involves_dims(piece.get(), isl_dim_set,
                                                static_cast<unsigned>(f.dim), 1) != isl_bool_false))
        open.push_back(&f);
    for (std::size_t before = open.size() + 1; !open.empty() && open.size() < before;) {
      before = open.size();
      std::erase_if(open, [&](const FunctionDim* f) { return link(set, *f) > 0; });
    }
    return open.empty();
  }

  bool is_loop(std::size_t dim) const {
    return std::none_of(functions_.begin(), functions_.end(),
                        [&](const FunctionDim& f) { return f.dim == dim; });
  }

  // Whether index - lower of a stride of the second tuple, whose index is dimension `dim`, is the
  // same of a stride of the first whose step is a multiple, give or take a few steps.
  bool follows(const isl::Set& set, const Stride& s, std::size_t dim) const {
    const std::string step = expr(s.step, 1);
    const std::string off = text({"(v", dim, " - ", expr(s.lower, 1), ")"});
    const auto never = [&](const std::string& constraint) {
      return isl::is_empty(intersected(set, constraint));
    };
    for (int steps = -1; steps <= 1; ++steps) {
      const std::string shift = text({" + ", steps, "*", step});
      if (never(text({off, " != 0", shift}))) return true;
      for (const Stride& t : tuples_[0]->strides) {
        const std::string first = text({"(v", offsets_[0] + t.dim, " - ", expr(t.lower, 0), ")"});
        if (!never(text({off, " != ", first, shift}))) continue;
        for (std::int64_t ratio = 1; ratio <= 64; ++ratio)
          if (never(text({expr(t.step, 0), " != ", ratio, "*", step}))) return true;
      }
    }
    return false;
  }

  // The number of functions of the first tuple that have the same argument as f wherever the set
  // has points; their values are made equal.
  int link(isl::Set& set, const FunctionDim& f) const {
    const ir::Function& mine = program_.functions[static_cast<std::size_t>(f.id)];
    int links = 0;
    for (const FunctionDim& g : functions_) {
      const ir::Function& other = program_.functions[static_cast<std::size_t>(g.id)];
      if (g.tuple != 0 || other.kind != mine.kind || other.base != mine.base) continue;
      const std::string x = expr(mine.argument, f.tuple), y = expr(other.argument, g.tuple);
      const std::string mine_is = text({"v", f.dim}), other_is = text({"v", g.dim});
      if (isl::is_empty(intersected(set, text({x, " != ", y})))) {
        set = intersected(set, text({mine_is, " = ", other_is}));
        ++links;
      } else if (mine.kind == ir::Function::Kind::power) {
        links += link_ratio(set, mine.base, {x, mine_is}, {y, other_is}) +
                 link_ratio(set, mine.base, {y, other_is}, {x, mine_is});
      }
    }
    return links;
  }

  // An argument and its power.
  struct PowerText {
    std::string argument, value;
  };

  // base^(e + c) = base^c base^e for small c, where e is not negative.
  int link_ratio(isl::Set& set, std::int64_t base, const PowerText& low,
                 const PowerText& high) const {
    std::int64_t factor = 1;
    for (int c = 1; c <= 2; ++c) {
      factor *= base;
      if (!isl::is_empty(intersected(
              set, text({high.argument, " != ", low.argument, " + ", c, " or ", low.argument,
                         " < 0"}))))
        continue;
      set = intersected(set, text({high.value, " = ", factor, "*", low.value}));
      return 1;
    }
    return 0;
  }

  isl::Set intersected(const isl::Set& set, const std::string& constraint) const {
    isl_ctx* ctx = set.ctx();
    const std::string all = text({"{ [", numbered("v", dims_), "] : ", constraint, " }"});
    return {ctx, isl_set_intersect(set.copy(), isl_set_read_from_str(ctx, all.c_str()))};
  }

  // The points that are in step, now that steps are numbers.
  isl::Set in_step(isl::Set set) const {
    const auto one = [&](const Stride& s, std::size_t dim, std::size_t tuple) {
      const std::int64_t step = number(s.step, tuple);
      if (step == 1 || step == -1 || step == 0) return;
      isl_aff* off = isl_aff_neg(affine(set.ctx(), s.lower, tuple));
      off = isl_aff_add_coefficient_si(off, isl_dim_in, static_cast<int>(dim), 1);
      off = isl_aff_mod_val(off, isl_val_int_from_si(set.ctx(), step < 0 ? -step : step));
      isl_set* zero = isl_set_from_basic_set(isl_aff_zero_basic_set(off));
      set = isl::Set(set.ctx(), isl_set_intersect(set.copy(), zero));
    };
    for (std::size_t t = 0; t < tuples_.size(); ++t)
      for (const Stride& s : tuples_[t]->strides) one(s, offsets_[t] + s.dim, t);
    if (access_ != nullptr)
      for (const Stride& s : access_->strides) one(s, tile_ + s.dim, 0);
    if (second_access_ != nullptr)
      for (const Stride& s : second_access_->strides) one(s, tile_ + s.dim, 1);
    return set;
  }

  isl_aff* affine(isl_ctx* ctx, const ir::Expr& e, std::size_t tuple) const {
    isl_space* space = isl_space_set_alloc(ctx, 0, static_cast<unsigned>(dims_));
    isl_aff* a = isl_aff_zero_on_domain(isl_local_space_from_space(space));
    a = isl_aff_add_constant_val(a, isl_val_int_from_si(ctx, e.constant));
    for (const ir::Term& t : e.terms)
      a = isl_aff_add_coefficient_val(
          a, isl_dim_in, static_cast<int>(dim_of(t.symbol, tuple)),
          isl_val_int_from_si(ctx, t.coefficient * factor(t.symbol)));
    return a;
  }

  std::int64_t number(const ir::Expr& step, std::size_t tuple) const {
    std::int64_t value = step.constant;
    for (const ir::Term& t : step.terms) {
      const ScaledFunction f = scaled(program_, t.symbol.id);
      for (std::size_t k = 0; k < functions_.size(); ++k)
        if (functions_[k].id == f.id && functions_[k].dim == dim_of_function(f.id, tuple))
          value += t.coefficient * f.factor * known_value(k);
    }
    return value;
  }

  // A step of 0 has no points: the statement's loop asks for a step of at least 1.
  std::int64_t known_value(std::size_t k) const {
    if (!functions_[k].wanted)
      throw internal_error("a stride is needed whose step has not been given a value");
    return values_[k];
  }

  std::size_t dim_of_function(int id, std::size_t tuple) const {
    for (const FunctionDim& f : functions_)
      if (f.id == id && (f.dim < offsets_.front() || f.tuple == tuple)) return f.dim;
    throw internal_error("a function is not in the tuple that uses it");
  }

  std::string expr(const ir::Expr& e, std::size_t tuple) const {
    std::string all = text({"(", e.constant});
    for (const ir::Term& t : e.terms)
      all += text({" + ", t.coefficient * factor(t.symbol), "*v", dim_of(t.symbol, tuple)});
    return all + ")";
  }

  std::int64_t factor(const ir::Symbol& s) const {
    return s.kind == ir::Symbol::Kind::function ? scaled(program_, s.id).factor : 1;
  }

  std::size_t dim_of(const ir::Symbol& s, std::size_t tuple) const {
    if (s.kind == ir::Symbol::Kind::function)
      return dim_of_function(scaled(program_, s.id).id, tuple);
    if (s.kind == ir::Symbol::Kind::parameter) return static_cast<std::size_t>(s.id);
    return offsets_[tuple] + tuples_[tuple]->dim_of_loop(s.id);
  }

  const ir::Program& program_;
  const Lifted& lifted_;
  std::vector<const LiftedStatement*> tuples_;
  const LiftedAccess* access_;
  const LiftedAccess* second_access_;
  std::size_t tile_ = 0;
  std::size_t sizes_ = 0, dims_ = 0, in_strides_ = 0;
  std::vector<std::size_t> offsets_;
  std::vector<FunctionDim> functions_;
  std::vector<std::int64_t> values_;
};

}  // namespace lambdapack::analysis
