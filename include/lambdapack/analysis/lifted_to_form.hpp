// Compiles lifted relations to forms: loops over the dimensions of a lifted tuple, in which the
// dimensions that are functions are computed.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/lifted.hpp"
#include "lambdapack/analysis/loops_to_form.hpp"
#include "lambdapack/form/assembler.hpp"

namespace lambdapack::analysis {

/// What a form knows when it starts, and what it computes from it: affine values by isl's name.
class KnownValues {
 public:
  /// `loops` are the registers of loop indices that are known, by scope.
  KnownValues(form::Assembler& out, const ir::Program& program, std::map<int, int> loops)
      : out_(out), program_(program), loops_(std::move(loops)) {}

  /// The value of a function of parameters and known loops, computed where it is first asked for:
  /// ask before the first jump.
  const form::Affine& function(int id) {
    const auto found = functions_.find(id);
    if (found != functions_.end()) return found->second;
    const ir::Function& f = program_.functions[static_cast<std::size_t>(id)];
    const form::Affine argument = value(f.argument);
    return functions_.emplace(id, apply(out_, f, argument)).first->second;
  }

  form::Affine value(const ir::Expr& e) {
    form::Affine sum = form::Affine::of(e.constant);
    for (const ir::Term& t : e.terms) {
      switch (t.symbol.kind) {
        case ir::Symbol::Kind::parameter:
          sum.add(form::Affine::of_register(t.symbol.id), t.coefficient);
          break;
        case ir::Symbol::Kind::loop:
          sum.add(form::Affine::of_register(loops_.at(t.symbol.id)), t.coefficient);
          break;
        case ir::Symbol::Kind::function:
          sum.add(function(t.symbol.id), t.coefficient);
          break;
      }
    }
    return sum;
  }

 private:
  form::Assembler& out_;
  const ir::Program& program_;
  std::map<int, int> loops_;
  std::map<int, form::Affine> functions_;
};

/// A constraint on dimension k of a piece: coefficient * dimension + rest, with outer dimensions as
/// placeholder registers in `rest`.
struct DimConstraint {
  std::int64_t coefficient = 0;
  form::Affine rest;
  bool equality = false;
};

/// Walks over the points of one convex lifted set whose dimensions are those of a statement.
class LiftedWalk {
 public:
  /// First register number that stands for a dimension.
  static constexpr int dimension_register = 1 << 16;

  /// `names` gives the value of each isl parameter that the pieces involve.
  LiftedWalk(form::Assembler& out, const ir::Program& program, const LiftedStatement& to,
             std::map<std::string, form::Affine> names, std::map<int, form::Affine> functions)
      : out_(out),
        program_(program),
        to_(to),
        names_(std::move(names)),
        known_functions_(std::move(functions)) {}

  /// Writes code that calls for each point, in the order of the program or against it, what
  /// `body(loop values, end)` writes; a jump to `end` there leaves the piece. `context` are the
  /// parameters that will be asked about.
  /// `linked` are the dimensions that are functions and equal to a multiple of a known value.
  template <class Body>
  void write(const isl::BasicSet& piece, const std::vector<bool>& linked, const isl::Set& context,
             bool forward, Body&& body) {
    constraints_ = constraints_of(piece, context);
    linked_ = linked;
    find_needed();
    forward_ = forward;
    end_ = out_.label();
    const int mark = out_.mark();
    values_.clear();
    for (const DimConstraint& c : constraints_[0]) check(c, form::Affine::of(0), end_);
    dimension(0, end_, body);
    out_.release(mark);
    out_.place(end_);
  }

 private:
  using Label = form::Assembler::Label;
  using Affine = form::Affine;

  // For each dimension k + 1 the constraints that its value has to meet once the outer ones are
  // known; number 0 has those on the parameters alone. Projections that need divisions are replaced
  // by what is implied without them; the full set follows from the constraints of all dimensions.
  std::vector<std::vector<DimConstraint>> constraints_of(const isl::BasicSet& piece,
                                                         const isl::Set& context) const {
    isl_ctx* ctx = piece.ctx();
    const auto n = static_cast<unsigned>(isl_basic_set_dim(piece.get(), isl_dim_set));
    isl::BasicSet outer(ctx, isl_basic_set_detect_equalities(isl_basic_set_set_tuple_name(piece.copy(), nullptr)));
    std::vector<std::vector<DimConstraint>> all(n + 1);
    for (unsigned k = n; k > 0; --k) {
      outer = isl::BasicSet(ctx, isl_basic_set_remove_redundancies(outer.copy()));
      const isl::BasicSet inner = std::exchange(
          outer, isl::BasicSet(ctx, isl_basic_set_remove_divs(isl_basic_set_project_out(
                                        outer.copy(), isl_dim_set, k - 1, 1))));
      isl_basic_set* fresh = isl_basic_set_drop_constraints_not_involving_dims(
          inner.copy(), isl_dim_set, k - 1, 1);
      isl::Set set(ctx, isl_set_from_basic_set(fresh));
      if (!to_.dims[k - 1].is_loop) {
        isl_set* known = isl_set_intersect(
            isl_set_add_dims(isl_set_from_basic_set(outer.copy()), isl_dim_set, 1),
            to_.facts_of_first[k].copy());
        set = isl::Set(ctx, isl_set_gist(set.copy(), known));
      }
      all[k] = constraints_of(set, k);
    }
    outer = isl::BasicSet(ctx, isl_basic_set_remove_redundancies(outer.copy()));
    const isl::Set fresh(ctx, isl_set_gist(isl_set_from_basic_set(outer.copy()), isl_set_from_params(context.copy())));
    all[0] = constraints_of(fresh, 0);
    return all;
  }

  std::vector<DimConstraint> constraints_of(const isl::Set& set, unsigned k) const {
    std::vector<DimConstraint> all;
    const isl::BasicSet b(set.ctx(), isl_set_simple_hull(set.copy()));
    if (isl_basic_set_dim(b.get(), isl_dim_div) != 0 || isl_set_n_basic_set(set.get()) > 1)
      throw internal_error("a lifted piece is not a plain polyhedron");
    isl::for_each_constraint(b, [&](isl_constraint* c) { all.push_back(read(set.ctx(), c, k)); });
    return all;
  }

  DimConstraint read(isl_ctx* ctx, isl_constraint* c, unsigned k) const {
    DimConstraint d;
    d.equality = isl_constraint_is_equality(c) == isl_bool_true;
    d.rest = Affine::of(isl::take_integer(ctx, isl_constraint_get_constant_val(c)));
    const auto parameters = static_cast<int>(isl_constraint_dim(c, isl_dim_param));
    for (int p = 0; p < parameters; ++p)
      if (isl_constraint_involves_dims(c, isl_dim_param, static_cast<unsigned>(p), 1))
        d.rest.add(
            names_.at(isl_constraint_get_dim_name(c, isl_dim_param, static_cast<unsigned>(p))),
            isl::take_integer(ctx, isl_constraint_get_coefficient_val(c, isl_dim_param, p)));
    const auto coefficient = [&](int dim) {
      return isl::take_integer(ctx, isl_constraint_get_coefficient_val(c, isl_dim_set, dim));
    };
    for (int dim = 0; dim + 1 < static_cast<int>(k); ++dim)
      d.rest.add(Affine::of_register(dimension_register + dim), coefficient(dim));
    if (k > 0) d.coefficient = coefficient(static_cast<int>(k) - 1);
    return d;
  }

  // Dimensions that are functions on which something depends: constraints, strides, or functions.
  void find_needed() {
    needed_.assign(to_.dims.size(), false);
    const auto need = [&](const ir::Expr& e) {
      for (const ir::Term& t : e.terms) {
        if (t.symbol.kind != ir::Symbol::Kind::function) continue;
        const int id = scaled(program_, t.symbol.id).id;
        for (std::size_t k = 0; k < to_.dims.size(); ++k)
          if (!to_.dims[k].is_loop && to_.dims[k].id == id) needed_[k] = true;
      }
    };
    for (const Stride& s : to_.strides) {
      need(s.lower);
      need(s.step);
    }
    for (const std::vector<DimConstraint>& all : constraints_)
      for (const DimConstraint& c : all)
        for (const auto& [reg, coefficient] : c.rest.terms)
          if (reg >= dimension_register) needed_[static_cast<std::size_t>(reg - dimension_register)] = true;
    for (std::size_t k = to_.dims.size(); k-- > 0;) {
      if (to_.dims[k].is_loop) continue;
      const bool only_linked = linked_[k] && constraints_[k + 1].size() == 1;
      if (!constraints_[k + 1].empty() && !only_linked) needed_[k] = true;
      if (needed_[k] && !linked_[k])
        need(program_.functions[static_cast<std::size_t>(to_.dims[k].id)].argument);
    }
  }

  template <class Body>
  void dimension(std::size_t k, Label end, Body& body) {
    if (k == to_.dims.size()) return body(loop_values(), end_);
    const std::vector<DimConstraint>& mine = constraints_[k + 1];
    if (!to_.dims[k].is_loop && !needed_[k]) {
      values_.push_back(Affine::of(0));
      finish(k, {}, nullptr, end, body);
      return;
    }
    const DimConstraint* solved = nullptr;
    for (const DimConstraint& c : mine)
      if (c.equality && c.coefficient != 0 &&
          (solved == nullptr || std::abs(c.coefficient) < std::abs(solved->coefficient)))
        solved = &c;
    if (!to_.dims[k].is_loop) return function(k, mine, solved, end, body);
    if (solved == nullptr) return loop(k, mine, end, body);
    values_.push_back(solve(*solved, end));
    if (const Stride* s = stride(k)) check_stride(*s, values_.back(), end);
    finish(k, mine, solved, end, body);
  }

  // A function whose value is linked to known ones need not be computed.
  template <class Body>
  void function(std::size_t k, const std::vector<DimConstraint>& mine, const DimConstraint* solved,
                Label end, Body& body) {
    const ir::Function& f = program_.functions[static_cast<std::size_t>(to_.dims[k].id)];
    if (solved != nullptr && linked_[k]) {
      values_.push_back(solve(*solved, end));
    } else {
      values_.push_back(apply(out_, f, value(f.argument)));
      solved = nullptr;
    }
    finish(k, mine, solved, end, body);
  }

  // Dimension k has its value: checks what is left to check, and goes on.
  template <class Body>
  void finish(std::size_t k, const std::vector<DimConstraint>& mine, const DimConstraint* solved,
              Label end, Body& body) {
    for (const DimConstraint& c : mine)
      if (&c != solved) check(c, values_.back(), end);
    dimension(k + 1, end, body);
    values_.pop_back();
  }

  template <class Body>
  void loop(std::size_t k, const std::vector<DimConstraint>& mine, Label end, Body& body) {
    int low = -1, high = -1;
    for (const DimConstraint& c : mine) {
      if (c.coefficient == 0) {
        check(c, Affine::of(0), end);
        continue;
      }
      const int bound = out_.in_register(bound_of(c));
      int& best = c.coefficient > 0 ? low : high;
      if (best >= 0) {
        const int both = out_.scratch();
        c.coefficient > 0 ? out_.max(both, best, bound) : out_.min(both, best, bound);
        best = both;
      } else {
        best = bound;
      }
    }
    if (low < 0 || high < 0) throw internal_error("a lifted piece has no bounds");

    // Upwards over the index or its negative, so that the order is the program's or its reverse.
    const auto& loop =
        std::get<ir::Loop>(program_.scopes[static_cast<std::size_t>(to_.dims[k].id)].what);
    const int sign = forward_ == ir::goes_down(loop.step) ? -1 : 1;
    const int var = out_.scratch(), last = out_.scratch();
    out_.set(var, signed_value(sign > 0 ? low : high, sign));
    out_.set(last, signed_value(sign > 0 ? high : low, sign));
    const auto each = [&] {
      const Label next = out_.label();
      values_.push_back(signed_value(var, sign));
      dimension(k + 1, next, body);
      values_.pop_back();
      out_.place(next);
    };
    const Stride* s = stride(k);
    if (s == nullptr) return out_.loop(var, last, 1, each);
    // The first index that is in step: var + (sign * lower - var) mod step.
    const int step = out_.in_register(magnitude(value(s->step)));
    const int off = out_.scratch(), rest = out_.scratch();
    out_.set(off, Affine::of(0).add(value(s->lower), sign).add(Affine::of_register(var), -1));
    out_.mod_by(rest, off, step);
    out_.set(var, Affine::of_register(var).add(Affine::of_register(rest)));
    out_.loop_by(var, last, step, each);
  }

  static Affine signed_value(int reg, int sign) { return Affine::of(0).add(Affine::of_register(reg), sign); }

  static Affine magnitude(const Affine& step) {
    return step.is_constant() && step.constant < 0 ? Affine::of(-step.constant) : step;
  }

  const Stride* stride(std::size_t k) const {
    for (const Stride& s : to_.strides)
      if (s.dim == k) return &s;
    return nullptr;
  }

  void check_stride(const Stride& s, const Affine& index, Label end) {
    const int step = out_.in_register(magnitude(value(s.step)));
    const int off = out_.scratch(), rest = out_.scratch();
    out_.set(off, Affine(index).add(value(s.lower), -1));
    out_.mod_by(rest, off, step);
    out_.if_nonzero(Affine::of_register(rest), end);
  }

  void check(const DimConstraint& c, const Affine& dim, Label end) {
    const Affine left = resolved(c.rest).add(dim, c.coefficient);
    c.equality ? out_.if_nonzero(left, end) : out_.if_negative(left, end);
  }

  // The one value that meets an equality.
  Affine solve(const DimConstraint& c, Label end) {
    const Affine rest = Affine::of(0).add(resolved(c.rest), c.coefficient > 0 ? -1 : 1);
    const std::int64_t d = std::abs(c.coefficient);
    if (d == 1) return rest;
    const int src = out_.in_register(rest), left = out_.scratch(), result = out_.scratch();
    out_.mod(left, src, d);
    out_.if_nonzero(Affine::of_register(left), end);
    out_.floor_div(result, src, d);
    return Affine::of_register(result);
  }

  // coefficient * x + rest >= 0 as a bound on x.
  Affine bound_of(const DimConstraint& c) {
    const std::int64_t d = std::abs(c.coefficient);
    Affine rest = resolved(c.rest);
    if (c.coefficient > 0) rest = Affine::of(d - 1).add(rest, -1);
    if (d == 1) return rest;
    const int src = out_.in_register(rest), result = out_.scratch();
    out_.floor_div(result, src, d);
    return Affine::of_register(result);
  }

  Affine resolved(const Affine& a) const {
    Affine result = Affine::of(a.constant);
    for (const auto& [reg, coefficient] : a.terms)
      result.add(reg < dimension_register
                     ? Affine::of_register(reg)
                     : values_[static_cast<std::size_t>(reg - dimension_register)],
                 coefficient);
    return result;
  }

  // An expression of the walked statement; what it uses comes before the current dimension.
  Affine value(const ir::Expr& e) const {
    Affine sum = Affine::of(e.constant);
    for (const ir::Term& t : e.terms) sum.add(value(t.symbol), t.coefficient);
    return sum;
  }
  Affine value(const ir::Symbol& s) const {
    if (s.kind == ir::Symbol::Kind::parameter) return Affine::of_register(s.id);
    const bool is_loop = s.kind == ir::Symbol::Kind::loop;
    const ScaledFunction f = is_loop ? ScaledFunction{s.id, 1} : scaled(program_, s.id);
    for (std::size_t k = 0; k < values_.size(); ++k)
      if (to_.dims[k].id == f.id && to_.dims[k].is_loop == is_loop)
        return Affine::of(0).add(values_[k], f.factor);
    return Affine::of(0).add(known_functions_.at(f.id), f.factor);
  }

  std::vector<Affine> loop_values() const {
    std::vector<Affine> loops;
    for (std::size_t k = 0; k < values_.size(); ++k)
      if (to_.dims[k].is_loop) loops.push_back(values_[k]);
    return loops;
  }

  form::Assembler& out_;
  const ir::Program& program_;
  const LiftedStatement& to_;
  std::map<std::string, Affine> names_;
  std::map<int, Affine> known_functions_;
  std::vector<std::vector<DimConstraint>> constraints_;
  std::vector<Affine> values_;
  std::vector<bool> linked_, needed_;
  Label end_ = 0;
  bool forward_ = true;
};

}  // namespace lambdapack::analysis
