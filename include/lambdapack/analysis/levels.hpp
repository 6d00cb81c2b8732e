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

#include "lambdapack/analysis/function_levels.hpp"
#include "lambdapack/analysis/lifted.hpp"
#include "lambdapack/analysis/linear_isl.hpp"

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
    values_.resize(functions_.size());
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

  /// The same, but the values of functions that no stride of the first tuple needs, nor one of
  /// `others`, stay open: the sets may have points that `set` has not.
  template <class Leaf>
  bool each_stride(const isl::Set& set, const std::vector<LevelSystem>& others, Leaf&& leaf) {
    for (FunctionDim& f : functions_)
      f.wanted = f.tuple == 0 && (f.in_stride || (is_of_sizes(f) && is_in_stride(f.id, others)));
    return walk(set, leaf);
  }

  /// The same, exact in the second tuple, whatever the values of the first tuple's functions are.
  /// A function whose argument is that of one of the first tuple has the same value.
  template <class Leaf>
  bool each_level_of_second(const isl::Set& set, Leaf&& leaf) {
    Branch linked{set, around(set)};
    for (FunctionDim& f : functions_)
      f.wanted = (f.tuple == 1 && link(linked, f) == 0) || f.in_stride;
    return !is_empty(linked) && level(std::move(linked), 0, leaf);
  }

  /// The points of the first tuple (and its tile) in `set` that surely have a partner in the second
  /// tuple, for all sizes: `set` is without the facts of the second's functions. It is where the
  /// functions of the second have arguments of the first's, or the same but for a constant, and
  /// each of its strides follows from one of the first's.
  isl::Set surely_met(const isl::Set& set) const {
    const auto own = static_cast<unsigned>(offsets_[1]);
    isl::Set met(set.ctx(), isl_set_empty(isl_space_set_alloc(set.ctx(), 0, own)));
    isl::for_each_piece(set, [&](const isl::Set& piece) {
      Branch linked{piece, around(piece)};
      if (!link_second(linked, piece)) return;
      for (const Stride& s : tuples_[1]->strides)
        if (!follows(linked.known, s, offsets_[1] + s.dim)) return;
      if (second_access_ != nullptr)
        for (const Stride& s : second_access_->strides)
          if (!follows(linked.known, s, tile_ + s.dim)) return;
      // What a function's value would have to be a multiple of, it is: the function has a value.
      isl_set* first = linked.set.copy();
      for (std::size_t d = dims_; d-- > own;)
        if (!is_loop(d))
          first = isl_set_project_out(first, isl_dim_set, static_cast<unsigned>(d), 1);
      first = isl_set_remove_divs(first);
      const auto rest = static_cast<unsigned>(isl_set_dim(first, isl_dim_set)) - own;
      first = isl_set_project_out(first, isl_dim_set, own, rest);
      met = isl::Set(set.ctx(), isl_set_union(met.copy(), first));
    });
    return met;
  }

  bool feasible(isl_set* set) {
    const isl::Set all = flat(set);
    if (isl::is_empty(all)) return false;
    Branch linked{all, around(all)};
    for (FunctionDim& f : functions_) {
      f.wanted = true;
      if (f.tuple == 1) link(linked, f);
    }
    const auto leaf = [](const isl::Set&) { return true; };
    return !is_empty(linked) && level(std::move(linked), 0, leaf);
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

  // Whether the function's argument is made of sizes only.
  bool is_of_sizes(const FunctionDim& f) const { return f.dim < offsets_.front(); }

  static bool is_in_stride(int function, const std::vector<LevelSystem>& systems) {
    for (const LevelSystem& s : systems)
      for (const FunctionDim& f : s.functions_)
        if (f.id == function && f.in_stride && s.is_of_sizes(f)) return true;
    return false;
  }

  // A part of a set, and what is known of it without isl.
  struct Branch {
    isl::Set set;
    LinearSystem known;
    LinearConstraints pending = {};  // on the points of `set`
    bool has_points = false;         // surely
  };

  static const isl::Set& points(Branch& b) {
    if (!b.pending.equations.empty() || !b.pending.inequalities.empty())
      b.set = where(b.set, std::exchange(b.pending, {}));
    return b.set;
  }

  bool is_empty(Branch& b) {
    if (b.has_points || b.known.empty()) return !b.has_points;
    b.has_points = !isl::is_empty(points(b));
    dead_ends_ += b.has_points ? 0 : 1;
    return !b.has_points;
  }

  template <class Leaf>
  bool walk(const isl::Set& set, Leaf& leaf) {
    return level({set, around(set)}, 0, leaf);
  }

  // Functions that strides need come first: often nothing is left once strides are known, and then
  // that shows without isl. So isl is asked about leaves, and about a branch once one of its leaves
  // turned out to be empty.
  template <class Leaf>
  bool level(Branch here, std::size_t k, Leaf& leaf) {
    if (k == in_strides_) {
      keep_in_step(here);
      if (is_empty(here)) return false;
    }
    if (k == functions_.size()) return !is_empty(here) && leaf(points(here));
    if (!functions_[k].wanted) return level(std::move(here), k + 1, leaf);
    const ir::Function& f = program_.functions[static_cast<std::size_t>(functions_[k].id)];
    const Call call{linear(f.argument, functions_[k].tuple),
                    LinearSum::variable(functions_[k].dim)};
    if (f.kind == ir::Function::Kind::quotient || f.kind == ir::Function::Kind::remainder)
      return level(divided(here, f, call), k + 1, leaf);
    for (const FunctionLevel& v : all_levels(f)) {
      if (ends_before(here, call.argument, v)) return false;
      const std::size_t before = dead_ends_;
      values_[k] = v.value;
      Branch next = at_level(here, call, v);
      if (!next.known.empty() && level(std::move(next), k + 1, leaf)) return true;
      if (before != dead_ends_ && is_empty(here)) return false;
    }
    return false;
  }

  // A function's argument and its value.
  struct Call {
    LinearSum argument, value;
  };

  // The points at which the function's argument is in its level, and its value what it is there.
  static Branch at_level(const Branch& here, const Call& call, const FunctionLevel& v) {
    const LinearSum& x = call.argument;
    LinearConstraints added{{call.value.plus(-v.value)}, {}};
    if (v.from && v.to == v.from) {
      added.equations.push_back(x.plus(-*v.from));
    } else {
      if (v.from) added.inequalities.push_back(x.plus(-*v.from));
      if (v.to) added.inequalities.push_back(x.times(-1).plus(*v.to));
    }
    return met(here, added);
  }

  // The points at which the quotient or remainder is what it is.
  static Branch divided(const Branch& here, const ir::Function& f, const Call& call) {
    const auto& [x, y] = call;
    const bool quotient = f.kind == ir::Function::Kind::quotient;
    const LinearSum rest = quotient ? x.plus(y, -f.base) : y;
    Branch next = met(here, {{}, {rest, rest.times(-1).plus(f.base - 1)}});
    if (quotient) return next;
    next.known.add_congruence(x.minus(y), f.base);
    next.set = where_multiple(points(next), x.minus(y), f.base);
    return next;
  }

  static Branch met(const Branch& here, const LinearConstraints& added) {
    Branch next{here.set, here.known, here.pending};
    for (const LinearSum& e : added.equations) {
      next.known.add_equation(e);
      next.pending.equations.push_back(e);
    }
    for (const LinearSum& i : added.inequalities) {
      next.known.add_inequality(i);
      next.pending.inequalities.push_back(i);
    }
    next.known.narrow();
    return next;
  }

  // Whether the argument is in no level from this one on.
  static bool ends_before(const Branch& here, const LinearSum& argument, const FunctionLevel& v) {
    if (!v.from) return false;
    if (const auto most = here.known.at_most(argument)) return *most < *v.from;
    if (v.value <= largest_size / 8 && *v.from <= largest_size / 8) return false;
    Branch rest = met(here, {{}, {argument.plus(-*v.from)}});
    return isl::is_empty(points(rest));
  }

  // The levels of a power or logarithm for all arguments of 64 bits.
  static std::vector<FunctionLevel> all_levels(const ir::Function& f) {
    std::vector<FunctionLevel> levels = function_levels(f.kind, f.base);
    const bool floor = f.kind == ir::Function::Kind::log_floor;
    while (levels.back().to) {
      const std::int64_t last = *levels.back().to;
      std::int64_t end = 0;
      if (__builtin_mul_overflow(floor ? last + 1 : last, f.base, &end)) break;
      levels.push_back({last + 1, floor ? end - 1 : end, levels.back().value + 1});
    }
    return levels;
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
  bool link_second(Branch& b, const isl::Set& piece) const {
    std::vector<const FunctionDim*> open;
    for (const FunctionDim& f : functions_)
      if (f.tuple == 1 &&
          (f.in_stride || isl_set_involves_dims(piece.get(), isl_dim_set,
                                                static_cast<unsigned>(f.dim), 1) != isl_bool_false))
        open.push_back(&f);
    for (std::size_t before = open.size() + 1; !open.empty() && open.size() < before;) {
      before = open.size();
      std::erase_if(open, [&](const FunctionDim* f) { return link(b, *f) > 0; });
    }
    return open.empty();
  }

  bool is_loop(std::size_t dim) const {
    return std::none_of(functions_.begin(), functions_.end(),
                        [&](const FunctionDim& f) { return f.dim == dim; });
  }

  // Whether index - lower of a stride of the second tuple, whose index is dimension `dim`, is the
  // same of a stride of the first whose step is a multiple, give or take a few steps.
  bool follows(const LinearSystem& known, const Stride& s, std::size_t dim) const {
    const LinearSum step = linear(s.step, 1), off = beyond_lower(s, 1, dim);
    for (int steps = -1; steps <= 1; ++steps) {
      const LinearSum shifted = off.plus(step, -steps);
      if (known.vanishes(shifted)) return true;
      for (const Stride& t : tuples_[0]->strides) {
        if (!known.vanishes(shifted.minus(beyond_lower(t, 0, offsets_[0] + t.dim)))) continue;
        for (std::int64_t ratio = 1; ratio <= 64; ++ratio)
          if (known.vanishes(linear(t.step, 0).plus(step, -ratio))) return true;
      }
    }
    return false;
  }

  // The number of functions of the first tuple that have the same argument as f wherever the set
  // has points; their values are made equal.
  int link(Branch& b, const FunctionDim& f) const {
    const ir::Function& mine = program_.functions[static_cast<std::size_t>(f.id)];
    int links = 0;
    for (const FunctionDim& g : functions_) {
      const ir::Function& other = program_.functions[static_cast<std::size_t>(g.id)];
      if (g.tuple != 0 || other.kind != mine.kind || other.base != mine.base) continue;
      const Call x{linear(mine.argument, f.tuple), LinearSum::variable(f.dim)};
      const Call y{linear(other.argument, g.tuple), LinearSum::variable(g.dim)};
      if (b.known.vanishes(x.argument.minus(y.argument))) {
        equate(b, x.value.minus(y.value));
        ++links;
      } else if (mine.kind == ir::Function::Kind::power) {
        links += link_ratio(b, mine.base, x, y) + link_ratio(b, mine.base, y, x);
      }
    }
    return links;
  }

  static void equate(Branch& b, const LinearSum& zero) {
    b.set = where(b.set, {{zero}, {}});
    b.known = around(b.set);
    b.has_points = false;
  }

  // base^(e + c) = base^c base^e for small c, where e is not negative.
  static int link_ratio(Branch& b, std::int64_t base, const Call& low, const Call& high) {
    std::int64_t factor = 1;
    for (int c = 1; c <= 2; ++c) {
      factor *= base;
      if (!b.known.vanishes(high.argument.minus(low.argument).plus(-c)) ||
          (b.known.at_least(low.argument).value_or(-1) < 0 &&
           !isl::is_empty(where(b.set, {{}, {low.argument.times(-1).plus(-1)}}))))
        continue;
      equate(b, high.value.plus(low.value, -factor));
      return 1;
    }
    return 0;
  }

  // Leaves the points that are in step, now that steps are numbers.
  void keep_in_step(Branch& b) const {
    each_step([&](const LinearSum& off, std::int64_t step) { b.known.add_congruence(off, step); });
    if (b.known.empty()) return;
    each_step([&](const LinearSum& off, std::int64_t step) {
      b.set = where_multiple(points(b), off, step);
      b.has_points = false;
    });
  }

  // Calls f(index - lower, step) for each stride that is not trivial, now that steps are numbers.
  template <class F>
  void each_step(F&& f) const {
    const auto one = [&](const Stride& s, std::size_t tuple, std::size_t dim) {
      const std::int64_t step = number(s.step, tuple);
      if (step < -1 || step > 1) f(beyond_lower(s, tuple, dim), step < 0 ? -step : step);
    };
    for (std::size_t t = 0; t < tuples_.size(); ++t)
      for (const Stride& s : tuples_[t]->strides) one(s, t, offsets_[t] + s.dim);
    if (access_ != nullptr)
      for (const Stride& s : access_->strides) one(s, 0, tile_ + s.dim);
    if (second_access_ != nullptr)
      for (const Stride& s : second_access_->strides) one(s, 1, tile_ + s.dim);
  }

  // The index in dimension `dim` less the lower bound of its stride.
  LinearSum beyond_lower(const Stride& s, std::size_t tuple, std::size_t dim) const {
    return LinearSum::variable(dim).minus(linear(s.lower, tuple));
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

  LinearSum linear(const ir::Expr& e, std::size_t tuple) const {
    LinearSum sum = LinearSum::of(e.constant);
    for (const ir::Term& t : e.terms)
      sum.add(dim_of(t.symbol, tuple), t.coefficient * factor(t.symbol));
    return sum;
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
  std::size_t dead_ends_ = 0;  // how often isl was asked about a branch and found no points
};

}  // namespace lambdapack::analysis
