// Translates the loops that isl generates for a set into bytecode.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "lambdapack/analysis/isl.hpp"
#include "lambdapack/form/assembler.hpp"

namespace lambdapack::analysis {

/// Writes one isl AST into an assembler. Identifiers are looked up in `names`: parameters, the
/// point, and, while their loop is being written, iterators.
class AstToForm {
 public:
  AstToForm(form::Assembler& out, std::map<std::string, form::Affine> names, int tag)
      : out_(out), names_(std::move(names)), tag_(tag) {}

  /// Emits one tuple, marked with the tag, for every call in the AST.
  void node(const isl::AstNode& n) {
    switch (isl_ast_node_get_type(n.get())) {
      case isl_ast_node_for:
        return loop(n);
      case isl_ast_node_if:
        return branch(n);
      case isl_ast_node_block:
        return block(n);
      case isl_ast_node_user:
        return call(n);
      case isl_ast_node_mark:
      case isl_ast_node_error:
        break;
    }
    throw internal_error("an isl AST holds a node of an unexpected type");
  }

 private:
  using Label = form::Assembler::Label;
  using Affine = form::Affine;

  static isl::AstNode owned(const isl::AstNode& n, isl_ast_node* child) { return {n.ctx(), child}; }
  static isl::AstExpr owned(const isl::AstNode& n, isl_ast_expr* e) { return {n.ctx(), e}; }
  static isl::AstExpr arg(const isl::AstExpr& e, int k) {
    return {e.ctx(), isl_ast_expr_op_get_arg(e.get(), k)};
  }
  static isl_ast_expr_op_type op_of(const isl::AstExpr& e) {
    return isl_ast_expr_get_type(e.get()) == isl_ast_expr_op ? isl_ast_expr_op_get_type(e.get())
                                                             : isl_ast_expr_op_error;
  }
  static std::string name_of(const isl::AstExpr& id) {
    isl_id* raw = isl_ast_expr_get_id(id.get());
    if (raw == nullptr) isl::fail(id.ctx());
    std::string name = isl_id_get_name(raw);
    isl_id_free(raw);
    return name;
  }

  void block(const isl::AstNode& n) {
    isl_ast_node_list* list = isl_ast_node_block_get_children(n.get());
    if (list == nullptr) isl::fail(n.ctx());
    std::vector<isl::AstNode> children;
    for (int k = 0; k < isl_ast_node_list_n_ast_node(list); ++k)
      children.push_back(owned(n, isl_ast_node_list_get_ast_node(list, k)));
    isl_ast_node_list_free(list);
    for (const isl::AstNode& child : children) node(child);
  }

  void branch(const isl::AstNode& n) {
    const Label otherwise = out_.label();
    const int mark = out_.mark();
    unless(owned(n, isl_ast_node_if_get_cond(n.get())), otherwise);
    node(owned(n, isl_ast_node_if_get_then_node(n.get())));
    if (isl_ast_node_if_has_else_node(n.get()) == isl_bool_true) {
      const Label end = out_.label();
      out_.jump(end);
      out_.place(otherwise);
      node(owned(n, isl_ast_node_if_get_else_node(n.get())));
      out_.place(end);
    } else {
      out_.place(otherwise);
    }
    out_.release(mark);
  }

  void loop(const isl::AstNode& n) {
    const std::string iterator = name_of(owned(n, isl_ast_node_for_get_iterator(n.get())));
    const isl::AstExpr init = owned(n, isl_ast_node_for_get_init(n.get()));
    const isl::AstNode body = owned(n, isl_ast_node_for_get_body(n.get()));
    const int mark = out_.mark();
    if (isl_ast_node_for_is_degenerate(n.get()) == isl_bool_true) {
      names_[iterator] = value(init);
      node(body);
    } else {
      const int var = out_.scratch();
      const int last = out_.scratch();
      out_.set(var, value(init));
      out_.set(last, last_value(owned(n, isl_ast_node_for_get_cond(n.get()))));
      names_[iterator] = Affine::of_register(var);
      const Affine step = value(owned(n, isl_ast_node_for_get_inc(n.get())));
      if (!step.is_constant() || step.constant <= 0)
        throw internal_error("an isl AST has a loop whose step is not a positive constant");
      out_.loop(var, last, step.constant, [&] { node(body); });
    }
    names_.erase(iterator);
    out_.release(mark);
  }

  Affine last_value(const isl::AstExpr& condition) {
    const isl_ast_expr_op_type op = op_of(condition);
    if (op != isl_ast_expr_op_le && op != isl_ast_expr_op_lt)
      throw internal_error("an isl AST has a loop that does not end at an upper bound");
    Affine last = value(arg(condition, 1));
    if (op == isl_ast_expr_op_lt) last.constant -= 1;
    return last;
  }

  void call(const isl::AstNode& n) {
    const isl::AstExpr e = owned(n, isl_ast_node_user_get_expr(n.get()));
    const int mark = out_.mark();
    std::vector<Affine> tuple;
    for (int k = 1; k < isl_ast_expr_op_get_n_arg(e.get()); ++k) tuple.push_back(value(arg(e, k)));
    out_.emit(tag_, tuple);
    out_.release(mark);
  }

  // Goes on where the condition holds, jumps to `target` where it does not.
  void unless(const isl::AstExpr& e, Label target) {
    const isl_ast_expr_op_type op = op_of(e);
    switch (op) {
      case isl_ast_expr_op_and:
      case isl_ast_expr_op_and_then:
        for (int k = 0; k < isl_ast_expr_op_get_n_arg(e.get()); ++k) unless(arg(e, k), target);
        return;
      case isl_ast_expr_op_or:
      case isl_ast_expr_op_or_else: {
        const Label holds = out_.label();
        const int n = isl_ast_expr_op_get_n_arg(e.get());
        for (int k = 0; k + 1 < n; ++k) {
          const Label next = out_.label();
          unless(arg(e, k), next);
          out_.jump(holds);
          out_.place(next);
        }
        unless(arg(e, n - 1), target);
        out_.place(holds);
        return;
      }
      case isl_ast_expr_op_ge:
        return out_.if_negative(difference(e, 0, 1, 0), target);
      case isl_ast_expr_op_le:
        return out_.if_negative(difference(e, 1, 0, 0), target);
      case isl_ast_expr_op_gt:
        return out_.if_negative(difference(e, 0, 1, -1), target);
      case isl_ast_expr_op_lt:
        return out_.if_negative(difference(e, 1, 0, -1), target);
      case isl_ast_expr_op_eq:
        return out_.if_nonzero(difference(e, 0, 1, 0), target);
      default:
        break;
    }
    const Affine truth = value(e);
    if (!truth.is_constant()) throw internal_error("an isl AST has an unexpected condition");
    if (truth.constant == 0) out_.jump(target);
  }

  Affine difference(const isl::AstExpr& e, int left, int right, std::int64_t plus) {
    Affine d = value(arg(e, left));
    d.add(value(arg(e, right)), -1);
    d.constant += plus;
    return d;
  }

  Affine value(const isl::AstExpr& e) {
    switch (isl_ast_expr_get_type(e.get())) {
      case isl_ast_expr_int:
        return Affine::of(isl::take_integer(e.ctx(), isl_ast_expr_get_val(e.get())));
      case isl_ast_expr_id: {
        const auto found = names_.find(name_of(e));
        if (found == names_.end()) throw internal_error("an isl AST uses an unknown name");
        return found->second;
      }
      case isl_ast_expr_op:
        return operation(e);
      case isl_ast_expr_error:
        break;
    }
    throw internal_error("an isl AST holds an expression of an unexpected type");
  }

  Affine operation(const isl::AstExpr& e) {
    switch (op_of(e)) {
      case isl_ast_expr_op_minus:
        return Affine::of(0).add(value(arg(e, 0)), -1);
      case isl_ast_expr_op_add:
        return value(arg(e, 0)).add(value(arg(e, 1)));
      case isl_ast_expr_op_sub:
        return value(arg(e, 0)).add(value(arg(e, 1)), -1);
      case isl_ast_expr_op_mul:
        return product(value(arg(e, 0)), value(arg(e, 1)));
      case isl_ast_expr_op_div:
      case isl_ast_expr_op_fdiv_q:
      case isl_ast_expr_op_pdiv_q:
        return quotient(e, &form::Assembler::floor_div);
      case isl_ast_expr_op_pdiv_r:
      case isl_ast_expr_op_zdiv_r:
        return quotient(e, &form::Assembler::mod);
      case isl_ast_expr_op_min:
        return fold(e, &form::Assembler::min);
      case isl_ast_expr_op_max:
        return fold(e, &form::Assembler::max);
      case isl_ast_expr_op_cond:
      case isl_ast_expr_op_select:
        return selection(e);
      default:
        throw internal_error("an isl AST uses an unexpected operation");
    }
  }

  static Affine product(const Affine& a, const Affine& b) {
    if (!a.is_constant() && !b.is_constant())
      throw internal_error("an isl AST multiplies two variables");
    return a.is_constant() ? Affine::of(0).add(b, a.constant) : Affine::of(0).add(a, b.constant);
  }

  Affine quotient(const isl::AstExpr& e, void (form::Assembler::*op)(int, int, std::int64_t)) {
    const Affine divisor = value(arg(e, 1));
    if (!divisor.is_constant() || divisor.constant <= 0)
      throw internal_error("an isl AST divides by something other than a positive constant");
    const int src = out_.in_register(value(arg(e, 0)));
    const int dst = out_.scratch();
    (out_.*op)(dst, src, divisor.constant);
    return Affine::of_register(dst);
  }

  Affine fold(const isl::AstExpr& e, void (form::Assembler::*op)(int, int, int)) {
    int result = out_.in_register(value(arg(e, 0)));
    for (int k = 1; k < isl_ast_expr_op_get_n_arg(e.get()); ++k) {
      const int other = out_.in_register(value(arg(e, k)));
      const int dst = out_.scratch();
      (out_.*op)(dst, result, other);
      result = dst;
    }
    return Affine::of_register(result);
  }

  Affine selection(const isl::AstExpr& e) {
    const int dst = out_.scratch();
    const Label otherwise = out_.label();
    const Label end = out_.label();
    unless(arg(e, 0), otherwise);
    out_.set(dst, value(arg(e, 1)));
    out_.jump(end);
    out_.place(otherwise);
    out_.set(dst, value(arg(e, 2)));
    out_.place(end);
    return Affine::of_register(dst);
  }

  form::Assembler& out_;
  std::map<std::string, Affine> names_;
  int tag_;
};

}  // namespace lambdapack::analysis
