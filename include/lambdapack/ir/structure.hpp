// What the task graph of a program depends on, as text: programs with equal structures have equal
// closed forms. Names, locations, types of elements, kernels, and the ids of scopes and functions
// are left out; arrays, parameters and statements are told apart by their positions.
//
//   2 parameters
//   inout 0 1
//   for 0, P0, 1
//     W0[L0;L0] R0[L0;L0]
//     for 1 + 1*L0, P0, 1
//       W0[L1;L0] R0[L0;L0] R0[L1;L0]
#pragma once

#include <algorithm>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "lambdapack/ir/detail/number.hpp"
#include "lambdapack/ir/names.hpp"
#include "lambdapack/ir/program.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::ir {

namespace detail {

/// Writes the structure of one program.
class StructureText {
 public:
  explicit StructureText(const Program& program) : program_(program) {}

  std::string write() {
    add({program_.parameters.size(), " parameters\n"});
    for (const Array& a : program_.arrays) {
      add({to_string(a.role), " ", a.rank, ":"});
      for (const int extent : a.extents) add({" ", extent});
      if (a.unwritten) add({" unwritten"});
      add({"\n"});
    }
    for (const Statement& s : program_.statements) statement(s);
    return std::move(text_);
  }

 private:
  void add(std::initializer_list<Piece> pieces) { text_ += text(pieces); }
  void indent(std::size_t depth) { text_.append(2 * depth, ' '); }

  const Scope& scope(int id) const { return program_.scopes[static_cast<std::size_t>(id)]; }

  void statement(const Statement& s) {
    open_scopes_of(s);
    indent(open_.size());
    for (const Access& write : s.writes) access("W", write);
    for (const Access& read : s.reads) access("R", read);
    for (const Scalar& scalar : s.scalars) add({"S", value(scalar), " "});
    add({s.reduction ? "reduction" : "", s.stoppable ? "stoppable" : "", "\n"});
  }

  // A line for each scope that opens with this statement; the others end with the line before it.
  void open_scopes_of(const Statement& s) {
    std::vector<int> scopes;
    for (int at = s.scope; at >= 0; at = scope(at).parent) scopes.insert(scopes.begin(), at);
    const auto [mine, theirs] =
        std::mismatch(scopes.begin(), scopes.end(), open_.begin(), open_.end());
    open_.erase(theirs, open_.end());
    for (auto at = mine; at != scopes.end(); ++at) {
      indent(open_.size());
      if (const auto* loop = std::get_if<Loop>(&scope(*at).what))
        add({"for ", value(loop->lower), ", ", value(loop->upper), ", ", value(loop->step)});
      else
        condition(std::get<Condition>(scope(*at).what));
      add({"\n"});
      open_.push_back(*at);
    }
  }

  void condition(const Condition& c) {
    add({"if"});
    for (const std::vector<Comparison>& all_of : c.any_of) {
      add({" or"});
      for (const Comparison& x : all_of)
        add({" ", value(x.left), to_string(x.relation), value(x.right)});
    }
  }

  void access(const char* kind, const Access& a) {
    add({kind, a.array, "["});
    for (const Subscript& s : a.subscripts) {
      add({value(s.at)});
      if (s.run) add({":", value(s.run->end), ":", value(s.run->step)});
      add({";"});
    }
    add({"] "});
  }

  std::string value(const Scalar& s) const {
    if (const auto* e = std::get_if<Expr>(&s)) return value(*e);
    if (const auto* x = std::get_if<double>(&s)) return real_text(*x);
    const auto z = std::get<std::complex<double>>(s);
    return text({real_text(z.real()), "+", real_text(z.imag()), "i"});
  }

  // The terms in an order that does not depend on ids.
  std::string value(const Expr& e) const {
    std::vector<std::string> terms;
    for (const Term& t : e.terms) terms.push_back(text({"+", t.coefficient, "*", value(t.symbol)}));
    std::sort(terms.begin(), terms.end());
    std::string sum = std::to_string(e.constant);
    for (const std::string& term : terms) sum += term;
    return sum;
  }

  std::string value(const Symbol& s) const {
    if (s.kind == Symbol::Kind::parameter) return text({"P", s.id});
    if (s.kind == Symbol::Kind::loop)
      return text({"L", loops_around(program_, scope(s.id).parent).size()});
    const Function& f = program_.functions[static_cast<std::size_t>(s.id)];
    return text({to_string(f.kind), f.base, "(", value(f.argument), ")"});
  }

  const Program& program_;
  std::vector<int> open_;  // scopes around the last statement
  std::string text_;
};

}  // namespace detail

/// The structure of a valid program.
inline std::string structure(const Program& program) {
  return detail::StructureText(program).write();
}

}  // namespace lambdapack::ir
