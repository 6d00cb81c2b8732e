// A statement of a program with powers and logarithms in isl's notation: parameter k is `pk`, its
// loops are `i0, i1`, the value of function k is `fk`.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "lambdapack/analysis/function_levels.hpp"
#include "lambdapack/analysis/listing.hpp"
#include "lambdapack/ir/program.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::analysis {

/// Writes what statement `line` is made of. Its tuple is its loops, and behind them all functions
/// that it uses.
class BoundedText {
 public:
  BoundedText(const ir::Program& program, std::size_t line)
      : program_(program),
        statement_(program.statements[line]),
        loops_(ir::loops_around(program, statement_.scope)) {
    for (int s = statement_.scope; s >= 0; s = scope(s).parent) collect(scope(s));
    for (const auto* accesses : {&statement_.writes, &statement_.reads})
      for (const ir::Access& a : *accesses)
        for (const ir::Subscript& x : a.subscripts) {
          collect(x.at);
          if (x.run) collect(x.run->end);
          if (x.run) collect(x.run->step);
        }
    for (const ir::Scalar& x : statement_.scalars)
      if (const auto* e = std::get_if<ir::Expr>(&x)) collect(*e);
  }

  std::size_t depth() const { return loops_.size(); }
  /// Arguments before the functions that use them.
  const std::set<int>& functions() const { return functions_; }

  /// "[p0, p1] -> ".
  std::string parameters() const {
    return text({"[", numbered("p", program_.parameters.size()), "] -> "});
  }

  /// "[i0, i1, f2]".
  std::string node() const {
    std::string all = "[" + numbered("i", loops_.size());
    for (const int f : functions_) all += text({all.size() > 1 ? ", f" : "f", f});
    return all + "]";
  }

  /// Where the statement runs, but for the strides of its loops and what the functions are.
  std::string domain() const {
    std::string all = "true";
    for (int s = statement_.scope; s >= 0; s = scope(s).parent) {
      if (const auto* loop = std::get_if<ir::Loop>(&scope(s).what))
        all += text({" and ", between(index(s), loop->lower, loop->upper, loop->step)});
      else
        all += text({" and ", condition(std::get<ir::Condition>(scope(s).what))});
    }
    return all;
  }

  /// What function f is, in cases of which one holds.
  std::vector<std::string> cases(int f) const {
    const ir::Function& function = program_.functions[static_cast<std::size_t>(f)];
    const std::string x = expr(function.argument), y = text({"f", f});
    const std::int64_t base = function.base;
    if (function.kind == ir::Function::Kind::quotient)
      return {text({base, y, " <= ", x, " < ", base, y, " + ", base})};
    if (function.kind == ir::Function::Kind::remainder)
      return {text({"(", x, " - ", y, ") mod ", base, " = 0 and 0 <= ", y, " < ", base})};
    std::vector<std::string> all;
    for (const FunctionLevel& level : function_levels(function.kind, base)) {
      std::string one = text({y, " = ", level.value});
      if (level.from) one += text({" and ", x, " >= ", *level.from});
      if (level.to) one += text({" and ", x, " <= ", *level.to});
      all.push_back(one);
    }
    return all;
  }

  /// The strides of the loops, each in cases of which one holds.
  std::vector<std::vector<std::string>> strides() const {
    std::vector<std::vector<std::string>> all;
    for (const int s : loops_) {
      const auto& loop = std::get<ir::Loop>(scope(s).what);
      if (is_stride(loop.step)) all.push_back(stride(index(s), loop.lower, loop.step));
    }
    return all;
  }

  /// The strides of the runs of an access.
  std::vector<std::vector<std::string>> strides(const ir::Access& access) const {
    std::vector<std::vector<std::string>> all;
    for (std::size_t d = 0; d < access.subscripts.size(); ++d)
      if (const auto& run = access.subscripts[d].run; run && is_stride(run->step))
        all.push_back(stride(text({"t", d}), access.subscripts[d].at, run->step));
    return all;
  }

  /// "[t0, t1] : t0 = i0 and t1 in its run", strides left out.
  std::string tiles(const ir::Access& access) const {
    std::string where = "true";
    for (std::size_t d = 0; d < access.subscripts.size(); ++d) {
      const ir::Subscript& s = access.subscripts[d];
      const std::string t = text({"t", d});
      where += " and " +
               (s.run ? between(t, s.at, s.run->end, s.run->step) : text({t, " = ", expr(s.at)}));
    }
    return text({tile(access), " : ", where});
  }
  std::string tile(const ir::Access& access) const {
    return text({"[", numbered("t", access.subscripts.size()), "]"});
  }

  std::string expr(const ir::Expr& e) const {
    std::string all = text({"(", e.constant});
    for (const ir::Term& t : e.terms) all += text({" + ", t.coefficient, "*", symbol(t.symbol)});
    return all + ")";
  }

 private:
  const ir::Scope& scope(int s) const { return program_.scopes[static_cast<std::size_t>(s)]; }

  static bool is_stride(const ir::Expr& step) {
    const auto constant = ir::constant_of(step);
    return !constant || (*constant != 1 && *constant != -1);
  }

  void collect(const ir::Expr& e) {
    for (const ir::Term& t : e.terms) {
      if (t.symbol.kind != ir::Symbol::Kind::function) continue;
      functions_.insert(t.symbol.id);
      collect(program_.functions[static_cast<std::size_t>(t.symbol.id)].argument);
    }
  }

  void collect(const ir::Scope& s) {
    if (const auto* loop = std::get_if<ir::Loop>(&s.what)) {
      for (const ir::Expr* e : {&loop->lower, &loop->upper, &loop->step}) collect(*e);
      return;
    }
    for (const auto& all_of : std::get<ir::Condition>(s.what).any_of)
      for (const ir::Comparison& c : all_of) {
        collect(c.left);
        collect(c.right);
      }
  }

  std::string index(int s) const { return symbol({ir::Symbol::Kind::loop, s}); }

  std::string symbol(const ir::Symbol& s) const {
    if (s.kind == ir::Symbol::Kind::parameter) return text({"p", s.id});
    if (s.kind == ir::Symbol::Kind::function) return text({"f", s.id});
    const auto at = std::find(loops_.begin(), loops_.end(), s.id);
    return text({"i", static_cast<std::size_t>(at - loops_.begin())});
  }

  std::string between(const std::string& x, const ir::Expr& lower, const ir::Expr& upper,
                      const ir::Expr& step) const {
    if (ir::goes_down(step)) return text({"(", expr(upper), " < ", x, " <= ", expr(lower), ")"});
    return text({"(", expr(lower), " <= ", x, " < ", expr(upper), ")"});
  }

  // A step that is a multiple of a power is one of few constants; where it is 0, nothing is stepped
  // to.
  std::vector<std::string> stride(const std::string& x, const ir::Expr& from,
                                  const ir::Expr& step) const {
    const auto way = [&](std::int64_t by) {
      return text({"(", x, " - ", expr(from), ") mod ", by, " = 0"});
    };
    if (const auto constant = ir::constant_of(step))
      return {way(*constant < 0 ? -*constant : *constant)};
    const ir::Term& term = step.terms[0];
    const bool one_power = step.constant == 0 && step.terms.size() == 1 && term.coefficient > 0 &&
                           term.symbol.kind == ir::Symbol::Kind::function;
    if (!one_power) throw NotDecompilable{"a step is no multiple of a power"};
    const ir::Function& f = program_.functions[static_cast<std::size_t>(term.symbol.id)];
    if (f.kind != ir::Function::Kind::power)
      throw NotDecompilable{"a step is no multiple of a power"};
    std::vector<std::string> all;
    for (const FunctionLevel& level : function_levels(f.kind, f.base))
      if (level.value > 0)
        all.push_back(text({symbol(term.symbol), " = ", level.value, " and ",
                            way(term.coefficient * level.value)}));
    return all;
  }

  std::string condition(const ir::Condition& c) const {
    static const char* const relations[] = {" < ", " <= ", " = ", " != ", " >= ", " > "};
    std::string all = "(false";
    for (const auto& all_of : c.any_of) {
      all += " or (true";
      for (const ir::Comparison& x : all_of)
        all +=
            text({" and ", expr(x.left), relations[static_cast<int>(x.relation)], expr(x.right)});
      all += ")";
    }
    return all + ")";
  }

  const ir::Program& program_;
  const ir::Statement& statement_;
  std::vector<int> loops_;
  std::set<int> functions_;
};

}  // namespace lambdapack::analysis
