// Compiles lifted relations to forms: loops over the dimensions of a lifted tuple, in which the
// dimensions that are functions are computed.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/lifted_pieces.hpp"
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

/// Walks over the points of one convex lifted piece whose dimensions are those of a statement.
class LiftedWalk {
 public:
  /// `known` gives the value of each variable of the pieces that stands for no dimension, where
  /// their bounds involve it.
  LiftedWalk(form::Assembler& out, const ir::Program& program, const LiftedStatement& to,
             std::vector<form::Affine> known, std::map<int, form::Affine> functions)
      : out_(out),
        program_(program),
        to_(to),
        known_(std::move(known)),
        known_functions_(std::move(functions)) {}

  /// Writes code that calls for each point, in the order of the program or against it, what
  /// `body(loop values, end)` writes; a jump to `end` there leaves the piece.
  template <class Body>
  void write(const LiftedPiece& piece, bool forward, Body&& body) {
    piece_ = &piece;
    forward_ = forward;
    end_ = out_.label();
    const int mark = out_.mark();
    values_.clear();
    for (const Constraint& c : constraints(0)) check(c, form::Affine::of(0), end_);
    dimension(0, end_, body);
    out_.release(mark);
    out_.place(end_);
  }

 private:
  using Label = form::Assembler::Label;
  using Affine = form::Affine;

  // coefficient * dimension + rest is zero, or not negative.
  struct Constraint {
    std::int64_t coefficient = 0;
    LinearSum rest;
    bool equality = false;
  };

  // Those on dimension k - 1; number 0 has those on no dimension.
  std::vector<Constraint> constraints(std::size_t k) const {
    std::vector<Constraint> all;
    const auto add = [&](const std::vector<LinearSum>& rows, bool equality) {
      for (const LinearSum& row : rows) {
        Constraint c{0, row, equality};
        if (k > 0) {
          c.coefficient = row.coefficient(known_.size() + k - 1);
          c.rest.add(known_.size() + k - 1, -c.coefficient);
        }
        all.push_back(std::move(c));
      }
    };
    add(piece_->bounds[k].equations, true);
    add(piece_->bounds[k].inequalities, false);
    return all;
  }

  template <class Body>
  void dimension(std::size_t k, Label end, Body& body) {
    if (k == to_.dims.size()) return body(loop_values(), end_);
    if (!to_.dims[k].is_loop && !piece_->needed[k]) {
      values_.push_back(Affine::of(0));
      finish(k, {}, nullptr, end, body);
      return;
    }
    const std::vector<Constraint> mine = constraints(k + 1);
    const Constraint* solved = nullptr;
    for (const Constraint& c : mine)
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
  void function(std::size_t k, const std::vector<Constraint>& mine, const Constraint* solved,
                Label end, Body& body) {
    const ir::Function& f = program_.functions[static_cast<std::size_t>(to_.dims[k].id)];
    if (solved != nullptr && piece_->linked[k]) {
      values_.push_back(solve(*solved, end));
    } else {
      values_.push_back(apply(out_, f, value(f.argument)));
      solved = nullptr;
    }
    finish(k, mine, solved, end, body);
  }

  // Dimension k has its value: checks what is left to check, and goes on.
  template <class Body>
  void finish(std::size_t k, const std::vector<Constraint>& mine, const Constraint* solved,
              Label end, Body& body) {
    for (const Constraint& c : mine)
      if (&c != solved) check(c, values_.back(), end);
    dimension(k + 1, end, body);
    values_.pop_back();
  }

  template <class Body>
  void loop(std::size_t k, const std::vector<Constraint>& mine, Label end, Body& body) {
    int low = -1, high = -1;
    for (const Constraint& c : mine) {
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

  static Affine signed_value(int reg, int sign) {
    return Affine::of(0).add(Affine::of_register(reg), sign);
  }

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

  void check(const Constraint& c, const Affine& dim, Label end) {
    const Affine left = resolved(c.rest).add(dim, c.coefficient);
    c.equality ? out_.if_nonzero(left, end) : out_.if_negative(left, end);
  }

  // The one value that meets an equality.
  Affine solve(const Constraint& c, Label end) {
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
  Affine bound_of(const Constraint& c) {
    const std::int64_t d = std::abs(c.coefficient);
    Affine rest = resolved(c.rest);
    if (c.coefficient > 0) rest = Affine::of(d - 1).add(rest, -1);
    if (d == 1) return rest;
    const int src = out_.in_register(rest), result = out_.scratch();
    out_.floor_div(result, src, d);
    return Affine::of_register(result);
  }

  Affine resolved(const LinearSum& sum) const {
    Affine result = Affine::of(sum.constant);
    for (const LinearSum::Term& t : sum.terms)
      if (t.coefficient != 0)
        result.add(
            t.variable < known_.size() ? known_[t.variable] : values_[t.variable - known_.size()],
            t.coefficient);
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
  std::vector<Affine> known_;
  std::map<int, Affine> known_functions_;
  const LiftedPiece* piece_ = nullptr;
  std::vector<Affine> values_;
  Label end_ = 0;
  bool forward_ = true;
};

}  // namespace lambdapack::analysis
