// Compiles the loops and index expressions of a program straight to forms, without isl.
#pragma once

#include <span>
#include <vector>

#include "lambdapack/form/assembler.hpp"
#include "lambdapack/form/closed_forms.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack::analysis {

/// The value of a function of `argument`, in a scratch register.
inline form::Affine apply(form::Assembler& out, const ir::Function& f,
                          const form::Affine& argument) {
  const int src = out.in_register(argument);
  const int dst = out.scratch();
  switch (f.kind) {
    case ir::Function::Kind::quotient:
      out.floor_div(dst, src, f.base);
      break;
    case ir::Function::Kind::remainder:
      out.mod(dst, src, f.base);
      break;
    case ir::Function::Kind::power:
      out.power(dst, src, f.base);
      break;
    case ir::Function::Kind::log_floor:
      out.log_floor(dst, src, f.base);
      break;
    case ir::Function::Kind::log_ceil:
      out.log_ceil(dst, src, f.base);
      break;
  }
  return form::Affine::of_register(dst);
}

/// Writes parts of one program as forms. Registers: parameters, then the loops of the statement.
class LoopsToForm {
 public:
  explicit LoopsToForm(const ir::Program& program)
      : program_(program), parameters_(static_cast<int>(program.parameters.size())) {}

  /// () -> every node in the program's order, tagged with its line.
  std::vector<form::Word> tasks() const {
    form::Assembler out(parameters_);
    std::size_t line = 0;
    Indices indices(program_.scopes.size());
    scope(out, -1, line, indices);
    out.end();
    return out.finish();
  }

  /// () -> every node of statement `line`, in order.
  std::vector<form::Word> instances(std::size_t line) const {
    form::Assembler out(parameters_);
    Indices indices(program_.scopes.size());
    const std::vector<int> scopes = scopes_around(line);
    instances(out, line, scopes, 0, indices);
    out.end();
    return out.finish();
  }

  /// (node) -> yes, if statement `line` has such a node.
  std::vector<form::Word> contains(std::size_t line) const {
    form::Assembler out(first_scratch(line));
    const Indices indices = indices_of(line);
    const form::Assembler::Label no = out.label();
    for (int s : scopes_around(line)) {
      const int mark = out.mark();
      if (const auto* loop = std::get_if<ir::Loop>(&scope_at(s).what))
        unless_in(out, indices[static_cast<std::size_t>(s)], loop->lower, loop->upper, loop->step,
                  indices, no);
      else
        unless(out, std::get<ir::Condition>(scope_at(s).what), indices, no);
      out.release(mark);
    }
    out.emit(0, {});
    out.place(no);
    out.end();
    return out.finish();
  }

  /// (node, tile) -> yes, if the tile is among those that an access of statement `line` names.
  std::vector<form::Word> includes(std::size_t line, const ir::Access& access) const {
    const int first_tile = first_scratch(line);
    form::Assembler out(first_tile + static_cast<int>(access.subscripts.size()));
    const Indices indices = indices_of(line);
    const form::Assembler::Label no = out.label();
    for (std::size_t d = 0; d < access.subscripts.size(); ++d) {
      const ir::Subscript& s = access.subscripts[d];
      const form::Affine t = form::Affine::of_register(first_tile + static_cast<int>(d));
      const int mark = out.mark();
      if (s.run)
        unless_in(out, t, s.at, s.run->end, s.run->step, indices, no);
      else
        out.if_nonzero(form::Affine(t).add(affine(out, s.at, indices), -1), no);
      out.release(mark);
    }
    out.emit(0, {});
    out.place(no);
    out.end();
    return out.finish();
  }

  /// (node) -> the tiles of an access of statement `line`, runs in order.
  std::vector<form::Word> tiles(std::size_t line, const ir::Access& access) const {
    form::Assembler out(first_scratch(line));
    const Indices indices = indices_of(line);
    std::vector<form::Affine> tuple;
    subscript(out, access, indices, tuple);
    out.end();
    return out.finish();
  }

  /// (node) -> the value of an index expression of statement `line`.
  std::vector<form::Word> value(std::size_t line, const ir::Expr& e) const {
    form::Assembler out(first_scratch(line));
    out.emit(0, {affine(out, e, indices_of(line))});
    out.end();
    return out.finish();
  }

 private:
  using Indices = std::vector<form::Affine>;  // per scope: its loop index

  const ir::Scope& scope_at(int s) const { return program_.scopes[static_cast<std::size_t>(s)]; }

  Indices indices_of(std::size_t line) const {
    Indices indices(program_.scopes.size());
    int reg = parameters_;
    for (int s : ir::loops_around(program_, program_.statements[line].scope))
      indices[static_cast<std::size_t>(s)] = form::Affine::of_register(reg++);
    return indices;
  }

  int first_scratch(std::size_t line) const {
    return parameters_ +
           static_cast<int>(ir::loops_around(program_, program_.statements[line].scope).size());
  }

  // Functions are computed into scratch registers first.
  form::Affine affine(form::Assembler& out, const ir::Expr& e, const Indices& indices) const {
    form::Affine a = form::Affine::of(e.constant);
    for (const ir::Term& t : e.terms) a.add(symbol(out, t.symbol, indices), t.coefficient);
    return a;
  }

  form::Affine symbol(form::Assembler& out, const ir::Symbol& s, const Indices& indices) const {
    if (s.kind == ir::Symbol::Kind::parameter) return form::Affine::of_register(s.id);
    if (s.kind == ir::Symbol::Kind::loop) return indices[static_cast<std::size_t>(s.id)];
    const ir::Function& f = program_.functions[static_cast<std::size_t>(s.id)];
    return apply(out, f, affine(out, f.argument, indices));
  }

  // Whether statement `line` sits somewhere inside scope `s`; if so, `child` is the scope directly
  // inside `s` that leads to it, or -1 if the statement is directly in `s`.
  bool inside(std::size_t line, int s, int& child) const {
    child = -1;
    int at = program_.statements[line].scope;
    for (; at != s && at >= 0; at = scope_at(at).parent) child = at;
    return at == s;
  }

  // The statements from `line` on that sit in scope `s`, in order; `line` moves behind them.
  void scope(form::Assembler& out, int s, std::size_t& line, Indices& indices) const {
    int child = -1;
    while (line < program_.statements.size() && inside(line, s, child)) {
      if (child >= 0) {
        open(out, child, line, indices);
        continue;
      }
      std::vector<form::Affine> tuple;
      for (int loop : ir::loops_around(program_, s))
        tuple.push_back(indices[static_cast<std::size_t>(loop)]);
      out.emit(static_cast<int>(line++), tuple);
    }
  }

  void open(form::Assembler& out, int s, std::size_t& line, Indices& indices) const {
    const int mark = out.mark();
    if (const auto* loop = std::get_if<ir::Loop>(&scope_at(s).what)) {
      over(out, loop->lower, loop->upper, loop->step, indices,
           [&](const form::Affine& index) {
             indices[static_cast<std::size_t>(s)] = index;
             scope(out, s, line, indices);
           });
    } else {
      const form::Assembler::Label end = out.label();
      unless(out, std::get<ir::Condition>(scope_at(s).what), indices, end);
      scope(out, s, line, indices);
      out.place(end);
    }
    out.release(mark);
  }

  // A loop from `lower` towards `upper`; one that goes down runs over the negated index.
  template <class Body>
  void over(form::Assembler& out, const ir::Expr& lower, const ir::Expr& upper,
            const ir::Expr& step, const Indices& indices, Body&& body) const {
    const int sign = ir::goes_down(step) ? -1 : 1;
    const int var = out.scratch();
    const int last = out.scratch();
    out.set(var, form::Affine::of(0).add(affine(out, lower, indices), sign));
    out.set(last, form::Affine::of(-1).add(affine(out, upper, indices), sign));
    const auto each = [&] {
      body(form::Affine::of(0).add(form::Affine::of_register(var), sign));
    };
    if (const auto by = ir::constant_of(step))
      out.loop(var, last, *by * sign, each);
    else
      out.loop_by(var, last, out.in_register(affine(out, step, indices)), each);
  }

  // From the outermost in.
  std::vector<int> scopes_around(std::size_t line) const {
    std::vector<int> scopes;
    for (int s = program_.statements[line].scope; s >= 0; s = scope_at(s).parent)
      scopes.insert(scopes.begin(), s);
    return scopes;
  }

  void instances(form::Assembler& out, std::size_t line, const std::vector<int>& scopes,
                 std::size_t k, Indices& indices) const {
    if (k == scopes.size()) {
      std::vector<form::Affine> tuple;
      for (int loop : ir::loops_around(program_, program_.statements[line].scope))
        tuple.push_back(indices[static_cast<std::size_t>(loop)]);
      return out.emit(static_cast<int>(line), tuple);
    }
    const int s = scopes[k];
    const int mark = out.mark();
    if (const auto* loop = std::get_if<ir::Loop>(&scope_at(s).what)) {
      over(out, loop->lower, loop->upper, loop->step, indices, [&](const form::Affine& index) {
        indices[static_cast<std::size_t>(s)] = index;
        instances(out, line, scopes, k + 1, indices);
      });
    } else {
      const form::Assembler::Label end = out.label();
      unless(out, std::get<ir::Condition>(scope_at(s).what), indices, end);
      instances(out, line, scopes, k + 1, indices);
      out.place(end);
    }
    out.release(mark);
  }

  // Goes on where x is among lower, lower + step, ... before upper.
  void unless_in(form::Assembler& out, const form::Affine& x, const ir::Expr& lower,
                 const ir::Expr& upper, const ir::Expr& step, const Indices& indices,
                 form::Assembler::Label target) const {
    const int sign = ir::goes_down(step) ? -1 : 1;
    const form::Affine from = affine(out, lower, indices);
    const form::Affine off = form::Affine::of(0).add(x, sign).add(from, -sign);
    out.if_negative(off, target);
    out.if_negative(form::Affine::of(-1).add(affine(out, upper, indices), sign).add(x, -sign),
                    target);
    if (step == ir::Expr{sign}) return;
    form::Affine by = affine(out, step, indices);
    if (sign < 0) by = form::Affine::of(0).add(by, -1);
    out.if_negative(form::Affine(by).add(form::Affine::of(-1)), target);
    const int rest = out.scratch();
    const int src = out.in_register(off), divisor = out.in_register(by);
    out.mod_by(rest, src, divisor);
    out.if_nonzero(form::Affine::of_register(rest), target);
  }

  void unless(form::Assembler& out, const ir::Condition& c, const Indices& indices,
              form::Assembler::Label target) const {
    const form::Assembler::Label holds = out.label();
    for (const auto& all_of : c.any_of) {
      const form::Assembler::Label next = out.label();
      for (const ir::Comparison& x : all_of) unless(out, x, indices, next);
      out.jump(holds);
      out.place(next);
    }
    out.jump(target);
    out.place(holds);
  }

  void unless(form::Assembler& out, const ir::Comparison& x, const Indices& indices,
              form::Assembler::Label target) const {
    form::Affine less = affine(out, x.right, indices);  // right - left
    less.add(affine(out, x.left, indices), -1);
    const form::Affine greater = form::Affine::of(0).add(less, -1);
    const auto strictly = [](form::Affine a) { return a.add(form::Affine::of(-1)); };
    switch (x.relation) {
      case ir::Relation::less:
        return out.if_negative(strictly(less), target);
      case ir::Relation::less_equal:
        return out.if_negative(less, target);
      case ir::Relation::equal:
        return out.if_nonzero(less, target);
      case ir::Relation::greater_equal:
        return out.if_negative(greater, target);
      case ir::Relation::greater:
        return out.if_negative(strictly(greater), target);
      case ir::Relation::not_equal:
        break;
    }
    const form::Assembler::Label holds = out.label();
    out.if_nonzero(less, holds);
    out.jump(target);
    out.place(holds);
  }

  void subscript(form::Assembler& out, const ir::Access& access, const Indices& indices,
                 std::vector<form::Affine>& tuple) const {
    if (tuple.size() == access.subscripts.size()) return out.emit(0, tuple);
    const ir::Subscript& s = access.subscripts[tuple.size()];
    if (!s.run) {
      tuple.push_back(affine(out, s.at, indices));
      subscript(out, access, indices, tuple);
      tuple.pop_back();
      return;
    }
    over(out, s.at, s.run->end, s.run->step, indices,
         [&](const form::Affine& index) {
           tuple.push_back(index);
           subscript(out, access, indices, tuple);
           tuple.pop_back();
         });
  }

  const ir::Program& program_;
  int parameters_;
};

}  // namespace lambdapack::analysis
