// Relations of programs whose loops and indices use powers and logarithms.
//
// isl knows no powers. So a statement's tuple is *lifted*: the value of each function that its
// loops or accesses use is a dimension of its own, right behind the last loop index that it depends
// on, and all is affine again. What a lifted relation says of a function's value is true but not
// the whole truth (a power is above its exponent, say). The rest is exact arithmetic on integers:
// closed forms compute a function where its dimension is reached (lifted_to_form.hpp), proofs go
// through the values that it can take, level by level (levels.hpp).
//
// Names in isl: parameter k is `pk`, a function of parameters alone is the parameter `qk`, the
// loops of a statement are `i0, i1`, its functions `fk`. Strides are left out, they are conditions
// of their own.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/isl.hpp"
#include "lambdapack/form/code.hpp"
#include "lambdapack/ir/program.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::analysis {

/// Programs with powers or logarithms ask for sizes up to this; proofs about them look no further.
inline constexpr std::int64_t largest_size = std::int64_t{1} << 24;

/// Whether it is a power or a logarithm, of which isl knows nothing.
inline bool is_tree(const ir::Function& f) {
  return f.kind != ir::Function::Kind::quotient && f.kind != ir::Function::Kind::remainder;
}

/// Whether isl alone cannot say what the program does.
inline bool has_trees(const ir::Program& program) {
  return std::any_of(program.functions.begin(), program.functions.end(), is_tree);
}

/// factor * the value of function `id`.
struct ScaledFunction {
  int id = 0;
  std::int64_t factor = 1;
};

/// A function as a multiple of another one, so that pow2(l) and pow2(l + 1) are one dimension: the
/// power with the smallest exponent that differs by a constant and is surely not negative; itself
/// if there is none.
inline ScaledFunction scaled(const ir::Program& program, int id) {
  const auto at = [&](int f) -> const ir::Function& {
    return program.functions[static_cast<std::size_t>(f)];
  };
  const auto is_at_least_zero = [&](const ir::Expr& e) {
    return e.constant >= 0 && std::all_of(e.terms.begin(), e.terms.end(), [&](const ir::Term& t) {
             if (t.coefficient < 0 || t.symbol.kind == ir::Symbol::Kind::function) return false;
             if (t.symbol.kind == ir::Symbol::Kind::parameter) return true;
             const auto& loop =
                 std::get<ir::Loop>(program.scopes[static_cast<std::size_t>(t.symbol.id)].what);
             const auto lower = ir::constant_of(loop.lower);
             return lower && *lower >= 0 && !ir::goes_down(loop.step);
           });
  };
  ScaledFunction best{id, 1};
  const ir::Function& f = at(id);
  if (f.kind != ir::Function::Kind::power || f.argument.terms.empty()) return best;
  for (int g = 0; g < static_cast<int>(program.functions.size()); ++g) {
    const std::int64_t less = f.argument.constant - at(g).argument.constant;
    if (at(g).kind != f.kind || at(g).base != f.base || at(g).argument.terms != f.argument.terms ||
        less < 0 || less > 12 || !is_at_least_zero(at(g).argument))
      continue;
    std::int64_t factor = 1;
    for (std::int64_t k = 0; k < less && factor < (1 << 20); ++k) factor *= f.base;
    if (factor > best.factor && factor < (1 << 20)) best = {g, factor};
  }
  return best;
}

/// A dimension of a lifted tuple: the index of loop `id` (a scope), or the value of function `id`.
struct LiftedDim {
  bool is_loop = true;
  int id = 0;
};

/// (index - lower) is a multiple of step; the index is that of dimension `dim` of the statement, or
/// of a tile where the stride is that of a run.
struct Stride {
  std::size_t dim = 0;
  ir::Expr lower;
  ir::Expr step;
};

struct LiftedAccess {
  isl::Map map;   ///< S -> T
  isl::Map bare;  ///< the same without the facts of functions
  std::vector<Stride> strides;
};

struct LiftedStatement {
  std::vector<LiftedDim> dims;
  std::vector<Stride> strides;
  isl::Set domain;  ///< S
  isl::Set facts;   ///< S: what is true of the functions, wherever the statement runs
  std::vector<isl::Set> facts_of_first;  ///< [k]: what is true of the first k dimensions
  std::vector<LiftedAccess> reads, writes;

  /// The dimension of loop `scope`, which must be there.
  std::size_t dim_of_loop(int scope) const {
    std::size_t k = 0;
    while (!dims[k].is_loop || dims[k].id != scope) ++k;
    return k;
  }
};

struct Lifted {
  std::vector<int> parameter_functions;  ///< those that are isl parameters
  isl::Set context;                      ///< the sizes that are allowed
  std::vector<LiftedStatement> statements;
  std::vector<isl::Set> boxes;  ///< per array: T within its extents; null for a temp
};

/// Writes lifted sets and maps of one program in isl's notation.
class LiftedText {
 public:
  explicit LiftedText(const ir::Program& program) : program_(program) {
    for (std::size_t f = 0; f < program.functions.size(); ++f)
      if (loops_of(static_cast<int>(f)).empty())
        parameter_functions_.push_back(static_cast<int>(f));
  }

  const std::vector<int>& parameter_functions() const { return parameter_functions_; }

  /// "[p0, p1, q0] -> ".
  std::string parameters() const {
    std::string all = "[" + numbered("p", program_.parameters.size());
    for (int f : parameter_functions_) all += text({all.size() > 1 ? ", q" : "q", f});
    return all + "] -> ";
  }

  /// "p0 >= 0 and facts of the q".
  std::string context() const {
    std::string all = "true";
    for (std::size_t p = 0; p < program_.parameters.size(); ++p)
      all += text({" and p", p, " >= 0"});
    return all + facts(parameter_functions_, {});
  }

  std::string expr(const ir::Expr& e, const std::vector<int>& loops) const {
    std::string all = text({"(", e.constant});
    for (const ir::Term& t : e.terms)
      all += text({" + ", t.coefficient * factor(t.symbol), "*", symbol(t.symbol, loops)});
    return all + ")";
  }

  /// The tuple of statement `line`: its loops, and behind each the functions that it completes.
  std::vector<LiftedDim> dims(std::size_t line) const {
    const std::vector<int> needed = functions_of(line);
    std::vector<LiftedDim> dims;
    std::vector<bool> placed(program_.functions.size());
    std::vector<int> open;
    for (int loop : ir::loops_around(program_, program_.statements[line].scope)) {
      dims.push_back({true, loop});
      open.push_back(loop);
      for (int f : needed) {
        const std::vector<int> loops = loops_of(f);
        const bool ready = std::all_of(loops.begin(), loops.end(), [&](int l) {
          return std::find(open.begin(), open.end(), l) != open.end();
        });
        if (!ready || loops.empty() || placed[static_cast<std::size_t>(f)]) continue;
        placed[static_cast<std::size_t>(f)] = true;
        dims.push_back({false, f});
      }
    }
    return dims;
  }

  /// "S3[i0, f2, i1]".
  std::string node(std::size_t line, const std::vector<LiftedDim>& dims) const {
    std::string all = text({"S", line, "["});
    std::size_t level = 0;
    for (const LiftedDim& d : dims)
      all += text({all.back() == '[' ? "" : ", ", d.is_loop ? "i" : "f",
                   d.is_loop ? level++ : static_cast<std::size_t>(d.id)});
    return all + "]";
  }

  /// The facts of these functions, each with a leading " and ".
  std::string facts(const std::vector<int>& functions, const std::vector<int>& loops) const {
    std::string all;
    for (int f : functions) all += text({" and ", fact(f, loops)});
    for (int f : functions)
      for (int g : functions) all += ratio(f, g, loops);
    return all;
  }

  /// What holds where statement `line` runs, strides aside; never empty text.
  std::string domain(std::size_t line) const {
    const std::vector<int> loops = ir::loops_around(program_, program_.statements[line].scope);
    std::string all = "true";
    for (int s = program_.statements[line].scope; s >= 0; s = scope(s).parent)
      all += " and " + (std::holds_alternative<ir::Loop>(scope(s).what)
                            ? bounds(std::get<ir::Loop>(scope(s).what), s, loops)
                            : condition(std::get<ir::Condition>(scope(s).what), loops));
    return all;
  }

  /// "T2[i0, t1] : t1 in its run".
  std::string tiles(const ir::Access& access, const std::vector<int>& loops) const {
    std::string tile, where = "true";
    for (std::size_t d = 0; d < access.subscripts.size(); ++d) {
      const ir::Subscript& s = access.subscripts[d];
      tile += text({d > 0 ? ", " : "", s.run ? text({"t", d}) : expr(s.at, loops)});
      if (s.run)
        where += " and " + progression(text({"t", d}), s.at, s.run->end, s.run->step, loops);
    }
    return text({"T", access.array, "[", tile, "] : ", where});
  }

  std::string box(std::size_t array) const {
    const std::vector<int>& extents = program_.arrays[array].extents;
    std::string all = text({"T", array, "[", numbered("t", extents.size()), "] : true"});
    for (std::size_t d = 0; d < extents.size(); ++d)
      all += text({" and 0 <= t", d, " < p", extents[d]});
    return all;
  }

  /// The functions that statement `line` uses and that depend on loops, arguments first.
  std::vector<int> functions_of(std::size_t line) const {
    std::vector<int> found;
    const ir::Statement& s = program_.statements[line];
    for (int at = s.scope; at >= 0; at = scope(at).parent) {
      if (const auto* loop = std::get_if<ir::Loop>(&scope(at).what)) {
        for (const ir::Expr* e : {&loop->lower, &loop->upper, &loop->step}) collect(*e, found);
        continue;
      }
      for (const auto& all_of : std::get<ir::Condition>(scope(at).what).any_of)
        for (const ir::Comparison& c : all_of) {
          collect(c.left, found);
          collect(c.right, found);
        }
    }
    for (const auto* accesses : {&s.writes, &s.reads})
      for (const ir::Access& a : *accesses)
        for (const ir::Subscript& i : a.subscripts) {
          collect(i.at, found);
          if (i.run) collect(i.run->end, found);
          if (i.run) collect(i.run->step, found);
        }
    std::vector<int> once;
    for (int f : found)
      if (std::find(once.begin(), once.end(), f) == once.end()) once.push_back(f);
    return once;
  }

  /// An upper bound of the argument that is a size, or a size less an index, where sizes are at
  /// most `largest_size`; nothing for other arguments.
  std::optional<std::int64_t> largest_argument(const ir::Function& f) const {
    std::int64_t most = f.argument.constant;
    for (const ir::Term& t : f.argument.terms) {
      const bool is_size = t.symbol.kind == ir::Symbol::Kind::parameter;
      if (is_size && t.coefficient > 0 && t.coefficient < 1024) {
        most += t.coefficient * largest_size;
        continue;
      }
      if (t.coefficient > 0 || t.symbol.kind == ir::Symbol::Kind::function) return std::nullopt;
      if (is_size) continue;
      const auto& loop = std::get<ir::Loop>(scope(t.symbol.id).what);
      const auto lower = ir::constant_of(loop.lower);
      if (!lower || *lower < 0 || ir::goes_down(loop.step)) return std::nullopt;
    }
    return most;
  }

 private:
  const ir::Scope& scope(int s) const { return program_.scopes[static_cast<std::size_t>(s)]; }
  const ir::Function& function(int f) const {
    return program_.functions[static_cast<std::size_t>(f)];
  }

  void collect(const ir::Expr& e, std::vector<int>& found) const {
    for (const ir::Term& t : e.terms) {
      if (t.symbol.kind != ir::Symbol::Kind::function || loops_of(t.symbol.id).empty()) continue;
      const int f = scaled(program_, t.symbol.id).id;
      collect(function(f).argument, found);
      found.push_back(f);
    }
  }

  std::vector<int> loops_of(int f) const {
    std::vector<int> loops;
    for (const ir::Term& t : function(f).argument.terms) {
      if (t.symbol.kind == ir::Symbol::Kind::loop) loops.push_back(t.symbol.id);
      if (t.symbol.kind != ir::Symbol::Kind::function) continue;
      for (int loop : loops_of(t.symbol.id)) loops.push_back(loop);
    }
    return loops;
  }

  std::int64_t factor(const ir::Symbol& s) const {
    return s.kind == ir::Symbol::Kind::function ? scaled(program_, s.id).factor : 1;
  }

  std::string symbol(const ir::Symbol& s, const std::vector<int>& loops) const {
    if (s.kind == ir::Symbol::Kind::parameter) return text({"p", s.id});
    if (s.kind == ir::Symbol::Kind::function)
      return text({loops_of(s.id).empty() ? "q" : "f", scaled(program_, s.id).id});
    const auto at = std::find(loops.begin(), loops.end(), s.id);
    return text({"i", static_cast<std::size_t>(at - loops.begin())});
  }

  std::string value(int f) const { return text({loops_of(f).empty() ? "q" : "f", f}); }

  std::string fact(int id, const std::vector<int>& loops) const {
    const ir::Function& f = function(id);
    const std::string x = expr(f.argument, loops), y = value(id);
    switch (f.kind) {
      case ir::Function::Kind::quotient:
        return text({f.base, y, " <= ", x, " <= ", f.base, y, " + ", f.base - 1});
      case ir::Function::Kind::remainder:
        return text({"0 <= ", y, " < ", f.base});
      case ir::Function::Kind::power:
        return text({"((", x, " < 0 and ", y, " = 0) or (", x, " >= 0 and ", y, " > ", x, "))"});
      case ir::Function::Kind::log_floor:
      case ir::Function::Kind::log_ceil:
        break;
    }
    return text({"((", x, " <= 0 and ", y, " = 0) or (", x, " >= 1 and 0 <= ", y, " < ", x, "))",
                 limit(f, y)});
  }

  // " and y <= 24" for the logarithm of a size, or of a size less an index.
  std::string limit(const ir::Function& f, const std::string& y) const {
    const auto most = largest_argument(f);
    return most ? text({" and ", y, " <= ", form::log_ceil(f.base, *most)}) : "";
  }

  // base^(e + c) = base^c * base^e.
  std::string ratio(int f, int g, const std::vector<int>& loops) const {
    const ir::Function &a = function(f), &b = function(g);
    const std::int64_t c = b.argument.constant - a.argument.constant;
    if (a.kind != ir::Function::Kind::power || b.kind != a.kind || a.base != b.base ||
        a.argument.terms != b.argument.terms || c < 1 || c > 20)
      return "";
    std::int64_t factor = 1;
    for (std::int64_t k = 0; k < c && factor <= (1 << 20); ++k) factor *= a.base;
    if (factor > (1 << 20)) return "";
    return text(
        {" and (", expr(a.argument, loops), " < 0 or ", value(g), " = ", factor, value(f), ")"});
  }

  std::string progression(const std::string& var, const ir::Expr& lower, const ir::Expr& upper,
                          const ir::Expr& step, const std::vector<int>& loops) const {
    const std::string from = expr(lower, loops), to = expr(upper, loops);
    if (ir::goes_down(step)) return text({"(", to, " < ", var, " <= ", from, ")"});
    return text({"(", from, " <= ", var, " < ", to, " and ", expr(step, loops), " >= 1)"});
  }

  std::string bounds(const ir::Loop& loop, int s, const std::vector<int>& loops) const {
    return progression(symbol({ir::Symbol::Kind::loop, s}, loops), loop.lower, loop.upper,
                       loop.step, loops);
  }

  std::string condition(const ir::Condition& c, const std::vector<int>& loops) const {
    static const char* const relations[] = {" < ", " <= ", " = ", " != ", " >= ", " > "};
    std::string all = "(false";
    for (const auto& all_of : c.any_of) {
      all += " or (true";
      for (const ir::Comparison& x : all_of)
        all += text({" and ", expr(x.left, loops), relations[static_cast<int>(x.relation)],
                     expr(x.right, loops)});
      all += ")";
    }
    return all + ")";
  }

  const ir::Program& program_;
  std::vector<int> parameter_functions_;
};

namespace detail {

inline bool is_stride(const ir::Expr& step) {
  const auto constant = ir::constant_of(step);
  return !constant || (*constant != 1 && *constant != -1);
}

inline LiftedAccess lifted_access(const isl::Context& ctx, const LiftedText& words,
                                  const ir::Access& access, const std::string& node,
                                  const std::vector<int>& loops, const isl::Set& domain,
                                  const isl::Set& runs) {
  LiftedAccess a;
  const isl::Map anywhere = isl::read_map(
      ctx, text({words.parameters(), "{ ", node, " -> ", words.tiles(access, loops), " }"}));
  a.map = isl::Map(ctx.get(), isl_map_intersect_domain(anywhere.copy(), domain.copy()));
  a.bare = isl::Map(ctx.get(), isl_map_intersect_domain(anywhere.copy(), runs.copy()));
  for (std::size_t d = 0; d < access.subscripts.size(); ++d)
    if (const auto& run = access.subscripts[d].run; run && is_stride(run->step))
      a.strides.push_back({d, access.subscripts[d].at, run->step});
  return a;
}

}  // namespace detail

/// The lifted relations of `program`, which must have passed ir::validate.
inline Lifted lift(const isl::Context& ctx, const ir::Program& program) {
  const LiftedText words(program);
  const auto set = [&](const std::string& body) {
    return isl::read_set(ctx, text({words.parameters(), "{ ", body, " }"}));
  };
  Lifted lifted;
  lifted.parameter_functions = words.parameter_functions();
  lifted.context = set(": " + words.context());
  for (std::size_t l = 0; l < program.statements.size(); ++l) {
    const ir::Statement& s = program.statements[l];
    const std::vector<int> loops = ir::loops_around(program, s.scope);
    LiftedStatement to;
    to.dims = words.dims(l);
    std::vector<int> functions;
    for (std::size_t k = 0; k < to.dims.size(); ++k) {
      if (!to.dims[k].is_loop) {
        functions.push_back(to.dims[k].id);
        continue;
      }
      const auto& loop =
          std::get<ir::Loop>(program.scopes[static_cast<std::size_t>(to.dims[k].id)].what);
      if (detail::is_stride(loop.step)) to.strides.push_back({k, loop.lower, loop.step});
    }
    const std::string node = words.node(l, to.dims);
    const isl::Set facts = set(text({node, " : ", words.context(), words.facts(functions, loops)}));
    const isl::Set runs = set(text({node, " : ", words.domain(l)}));
    to.facts = facts;
    const auto n = static_cast<unsigned>(to.dims.size());
    for (unsigned k = 0; k <= n; ++k)
      to.facts_of_first.emplace_back(
          ctx.get(), isl_set_coalesce(isl_set_project_out(isl_set_reset_tuple_id(facts.copy()),
                                                          isl_dim_set, k, n - k)));
    to.domain = isl::Set(ctx.get(), isl_set_coalesce(isl_set_intersect(runs.copy(), facts.copy())));
    for (const ir::Access& a : s.reads)
      to.reads.push_back(detail::lifted_access(ctx, words, a, node, loops, to.domain, runs));
    for (const ir::Access& a : s.writes)
      to.writes.push_back(detail::lifted_access(ctx, words, a, node, loops, to.domain, runs));
    lifted.statements.push_back(std::move(to));
  }
  for (std::size_t a = 0; a < program.arrays.size(); ++a) {
    lifted.boxes.emplace_back();
    if (program.arrays[a].role != ir::ArrayRole::temp) lifted.boxes[a] = set(words.box(a));
  }
  return lifted;
}

}  // namespace lambdapack::analysis
