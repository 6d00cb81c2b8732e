// Programs for tests, built by hand, and random ones.
#pragma once

#include <algorithm>
#include <complex>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/ir/program.hpp"

namespace lambdapack::test {

/// coefficient * (the loop that is scope `id`) + constant.
inline ir::Expr index_of(int id, std::int64_t constant = 0, std::int64_t coefficient = 1) {
  return {constant, {{coefficient, {ir::Symbol::Kind::loop, id}}}};
}

/// parameter `id` + constant.
inline ir::Expr size(int id, std::int64_t constant = 0) {
  return {constant, {{1, {ir::Symbol::Kind::parameter, id}}}};
}

inline ir::Expr constant(std::int64_t value) { return {value, {}}; }

inline ir::Access tile(int array, const std::vector<ir::Expr>& at, ir::Location location = {}) {
  ir::Access access{array, {}, std::move(location)};
  for (const ir::Expr& e : at) access.subscripts.push_back({e, {}});
  return access;
}

inline ir::Scope loop(int parent, std::string name, ir::Expr lower, ir::Expr upper,
                      std::int64_t step = 1, ir::Location location = {}) {
  return {parent, ir::Loop{std::move(name), std::move(lower), std::move(upper), ir::Expr{step}},
          std::move(location)};
}

inline ir::Scope guard(int parent, ir::Condition condition, ir::Location location = {}) {
  return {parent, std::move(condition), std::move(location)};
}

/// A kernel whose tile parameters are all float64.
inline ir::Kernel kernel(std::string name, const std::vector<ir::ParameterRole>& roles,
                         std::string shapes = "") {
  ir::Kernel made{std::move(name), {}, std::move(shapes)};
  for (const ir::ParameterRole role : roles) made.parameters.push_back({role, "float64"});
  return made;
}

/// The Cholesky factorisation in place, as docs/metadata.md shows it.
inline ir::Program cholesky() {
  using enum ir::ParameterRole;
  const auto line = [](int n) { return ir::Location{"examples/cholesky.cpp", n}; };
  const auto a = [&](ir::Expr i, ir::Expr j, int n) {
    return tile(0, {std::move(i), std::move(j)}, line(n));
  };
  const ir::Expr k = index_of(0), i = index_of(1), j = index_of(2), n = size(0);
  ir::Program p;
  p.name = "cholesky";
  p.parameters = {{"A.extent(0)"}, {"A.extent(1)"}};
  p.arrays = {{"A", "float64", 2, ir::ArrayRole::inout, {0, 1}}};
  p.kernels = {kernel("potrf", {inout}, "nn"), kernel("trsm", {in, inout}, "nn,mn"),
               kernel("syrk", {inout, in, in}, "mn,mk,nk")};
  p.scopes = {loop(-1, "k", constant(0), n, 1, line(8)),
              loop(0, "i", index_of(0, 1), n, 1, line(10)),
              loop(1, "j", index_of(0, 1), index_of(1, 1), 1, line(12))};
  p.statements = {{0, 0, {a(k, k, 9)}, {a(k, k, 9)}, {}, line(9)},
                  {1, 1, {a(i, k, 11)}, {a(k, k, 11), a(i, k, 11)}, {}, line(11)},
                  {2, 2, {a(i, j, 13)}, {a(i, j, 13), a(i, k, 13), a(j, k, 13)}, {}, line(13)}};
  return p;
}

/// One of everything: guards, a run, a downward loop, two outputs, scalars, temps, sibling loops,
/// an integer parameter, an empty loop, locations that differ within a statement.
inline ir::Program sampler() {
  using enum ir::ParameterRole;
  using enum ir::Relation;
  const auto line = [](int n) { return ir::Location{"/home/me/sampler.cpp", n}; };
  ir::Program p;
  p.name = "sampler";
  p.parameters = {{"A.extent(0)"}, {"A.extent(1)"}, {"B.extent(0)"}, {"depth"}};
  p.arrays = {{"A", "float64", 2, ir::ArrayRole::in, {0, 1}},
              {"B", "float64", 1, ir::ArrayRole::out, {2}},
              {"s", "particles", 0, ir::ArrayRole::out, {}},
              {"S", "float64", 2, ir::ArrayRole::temp, {}},
              {"T", "float64", 1, ir::ArrayRole::temp, {}}};
  p.kernels = {kernel("geqrt", {in, out, out}),
               {"combine",
                {{scalar, "int64"},
                 {in_list, "float64"},
                 {scalar, "complex128"},
                 {out, "float64"},
                 {scalar, "float64"}}},
               {"gather", {{in, "float64"}, {out, "particles"}}},
               kernel("scale", {inout})};
  const ir::Expr j = index_of(0);
  p.scopes = {loop(-1, "j", size(0, -1), constant(-1), -1, line(4)),
              guard(0,
                    {{{{index_of(0, 2), less, size(0)}, {j, not_equal, constant(3)}},
                      {{j, equal, constant(7)}}}},
                    line(5)),
              loop(1, "i", index_of(0),
                   {-1, {{2, {ir::Symbol::Kind::parameter, 1}}, {-3, {ir::Symbol::Kind::loop, 0}}}},
                   4, line(6)),
              guard(0, {{}}, line(9)),
              loop(-1, "j", constant(0), size(3)),
              loop(4, "j", constant(0), constant(0)),
              loop(4, "i", index_of(4), size(2), 1, line(15))};
  ir::Access run = tile(0, {index_of(0), index_of(2)}, line(8));
  run.subscripts[0].run = ir::Run{size(0), ir::Expr{2}};
  p.statements = {{2,
                   0,
                   {tile(3, {j, index_of(2)}, line(7)), tile(4, {j}, line(7))},
                   {tile(0, {j, index_of(2)}, line(8))},
                   {},
                   line(7)},
                  {2,
                   1,
                   {tile(4, {index_of(2)}, line(8))},
                   {run},
                   {index_of(0, -1), std::complex<double>(0.1, -2), 1e-3},
                   line(8)},
                  {0,
                   3,
                   {tile(4, {{3, {{-1, {ir::Symbol::Kind::loop, 0}}}}})},
                   {tile(4, {{-3, {{-1, {ir::Symbol::Kind::loop, 0}}}}})},
                   {},
                   {}},
                  {6, 3, {tile(1, {index_of(6)})}, {tile(1, {index_of(4)})}, {}, {"", 16}},
                  {-1, 2, {tile(2, {})}, {tile(4, {constant(0)})}, {}, {"sampler.cpp", 0}}};
  return p;
}

/// function `id` + constant.
inline ir::Expr value(int id, std::int64_t constant = 0, std::int64_t coefficient = 1) {
  return {constant, {{coefficient, {ir::Symbol::Kind::function, id}}}};
}

/// What the sampler leaves out: functions, steps and runs by powers, rules for unwritten tiles, a
/// reduction, and a loop that may stop.
inline ir::Program tree() {
  using enum ir::ParameterRole;
  using Kind = ir::Function::Kind;
  ir::Program p;
  p.name = "tree";
  p.parameters = {{"A.extent(0)"}, {"steps"}};
  p.arrays = {{"A", "float64", 1, ir::ArrayRole::in, {0}},
              {"R", "float64", 0, ir::ArrayRole::out, {}, ir::Unwritten{2}},
              {"S", "float64", 2, ir::ArrayRole::temp, {}, ir::Unwritten{}},
              {"stop", "stop", 1, ir::ArrayRole::temp, {}, ir::Unwritten{}}};
  p.kernels = {kernel("add", {inout, in}),
               kernel("gather", {out, in_list}),
               kernel("one", {out}),
               {"stop_if", {{in, "float64"}, {in, "stop"}, {out, "stop"}}}};
  p.functions = {{Kind::log_ceil, 2, size(0)},   {Kind::power, 2, index_of(0, 1)},
                 {Kind::power, 2, index_of(0)},  {Kind::quotient, 3, index_of(1, 1)},
                 {Kind::remainder, 4, value(3)}, {Kind::log_floor, 3, size(0)}};
  p.scopes = {loop(-1, "l", constant(0), value(0)), loop(0, "j", constant(0), size(0), 1),
              loop(-1, "t", constant(0), size(1))};
  std::get<ir::Loop>(p.scopes[1].what).step = value(1, 0, 3);
  ir::Access run = tile(0, {index_of(1)});
  run.subscripts[0].run = ir::Run{size(0), value(2)};
  const ir::Access sum = tile(2, {index_of(0, 1), value(3)}), result = tile(1, {});
  const ir::Access now = tile(3, {index_of(2)}), before = tile(3, {index_of(2, -1)});
  p.statements = {{1, 1, {tile(2, {index_of(0), index_of(1)})}, {run}, {}, {}},
                  {1, 0, {sum}, {sum, tile(2, {value(4, 1, -2), value(5)})}, {}, {}, true},
                  {2,
                   0,
                   {result},
                   {result, tile(2, {value(0), index_of(2)}), before, result},
                   {},
                   {},
                   true,
                   true},
                  {2, 3, {now}, {result, before}, {}, {}}};
  return p;
}

/// Makes valid programs, the same for the same seed.
class RandomProgram {
 public:
  explicit RandomProgram(std::uint64_t seed) : random_(seed) {}

  ir::Program make() {
    program_ = {};
    program_.name = text();
    times(4, [&] { program_.parameters.push_back({text()}); });
    times(1 + below(4), [&] { program_.arrays.push_back(array()); });
    times(1 + below(4), [&] { program_.kernels.push_back({text(), {}}); });
    for (ir::Kernel& k : program_.kernels)
      times(below(5), [&] { k.parameters.push_back(parameter()); });
    for (ir::Array& a : program_.arrays)
      if (chance(40) && (a.role == ir::ArrayRole::out || a.role == ir::ArrayRole::temp))
        a.unwritten = unwritten(a.element);
    if (chance(50)) program_.arrays.push_back({"stop", "stop", 1, ir::ArrayRole::temp, {}});
    chain_.clear();
    times(below(12), [&] { grow(); });
    return program_;
  }

 private:
  int below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
  bool chance(int percent) { return below(100) < percent; }

  template <class F>
  static void times(int n, F f) {
    for (int i = 0; i < n; ++i) f();
  }

  std::string text() {
    static const std::vector<std::string> names{"A",
                                                "k",
                                                "A.extent(0)",
                                                "a \"quoted\\ name\"",
                                                "\xc3\xa9t\xc3\xa9",
                                                "x/y~z",
                                                "\xf0\x9f\x98\x80"};
    return names[static_cast<std::size_t>(below(static_cast<int>(names.size())))];
  }

  ir::Location location() {
    if (chance(30)) return {};
    return {chance(20) ? "" : "dir/file" + std::to_string(below(3)) + ".cpp", below(500)};
  }

  std::string element() { return chance(70) ? "float64" : "custom"; }

  ir::Array array() {
    ir::Array a{text(), element(), below(4), static_cast<ir::ArrayRole>(below(4)), {}};
    if (a.role != ir::ArrayRole::temp) times(a.rank, [&] { a.extents.push_back(below(4)); });
    return a;
  }

  ir::Unwritten unwritten(const std::string& element) {
    if (chance(50)) return {};
    program_.kernels.push_back({text(), {{ir::ParameterRole::out, element}}});
    return {static_cast<int>(program_.kernels.size()) - 1};
  }

  /// A parameter for which there is an array that fits, or a scalar.
  ir::KernelParameter parameter() {
    const ir::Array& a = any_array();
    switch (below(5)) {
      case 0:
        return {ir::ParameterRole::in, a.element};
      case 1:
        if (a.role != ir::ArrayRole::in)
          return {chance(50) ? ir::ParameterRole::out : ir::ParameterRole::inout, a.element};
        return {ir::ParameterRole::in, a.element};
      case 2:
        if (a.rank > 0) return {ir::ParameterRole::in_list, a.element};
        return {ir::ParameterRole::in, a.element};
      default:
        return {ir::ParameterRole::scalar, "number"};
    }
  }

  const ir::Array& any_array() {
    return program_
        .arrays[static_cast<std::size_t>(below(static_cast<int>(program_.arrays.size())))];
  }

  /// Opens a scope, closes some, or appends a statement.
  void grow() {
    if (chance(30) && !chain_.empty())
      chain_.resize(static_cast<std::size_t>(below(static_cast<int>(chain_.size()))));
    if (chance(20)) program_.functions.push_back(function());
    if (chance(50))
      open_scope();
    else
      program_.statements.push_back(statement());
  }

  ir::Function function() {
    ir::Function f{static_cast<ir::Function::Kind>(below(5)), 2 + below(9), expr()};
    const bool division =
        f.kind == ir::Function::Kind::quotient || f.kind == ir::Function::Kind::remainder;
    if (division && chance(10)) f.base = 1;
    return f;
  }

  /// Whether the loops in the function's argument are around the current place.
  bool is_usable(const ir::Function& f) const {
    const std::vector<int> loops = ir::loops_around(program_, scope());
    return std::all_of(f.argument.terms.begin(), f.argument.terms.end(), [&](const ir::Term& t) {
      if (t.symbol.kind == ir::Symbol::Kind::loop)
        return std::find(loops.begin(), loops.end(), t.symbol.id) != loops.end();
      return t.symbol.kind == ir::Symbol::Kind::parameter ||
             is_usable(program_.functions[static_cast<std::size_t>(t.symbol.id)]);
    });
  }

  int scope() const { return chain_.empty() ? -1 : chain_.back(); }

  void open_scope() {
    const int id = static_cast<int>(program_.scopes.size());
    const bool full = ir::loops_around(program_, scope()).size() >= ir::max_depth;
    ir::Scope s{scope(), {}, location()};
    if (full || chance(40))
      s.what = condition();
    else
      s.what = ir::Loop{text(), expr(), expr(), ir::Expr{step()}};
    program_.scopes.push_back(std::move(s));
    chain_.push_back(id);
  }

  ir::Expr step() {
    for (std::size_t f = 0; f < program_.functions.size(); ++f)
      if (program_.functions[f].kind == ir::Function::Kind::power && chance(50) &&
          is_usable(program_.functions[f]))
        return {0, {{1 + below(5), {ir::Symbol::Kind::function, static_cast<int>(f)}}}};
    return constant(chance(50) ? 1 + below(5) : -1 - below(5));
  }

  std::int64_t number() {
    constexpr std::int64_t most = std::int64_t{1} << 31;
    return chance(10) ? (chance(50) ? most : -most) : below(21) - 10;
  }

  ir::Expr expr() {
    ir::Expr e{number(), {}};
    const auto maybe_add = [&](ir::Symbol symbol) {
      const std::int64_t c = number();
      if (c != 0 && chance(30)) e.terms.push_back({c, symbol});
    };
    for (int p = 0; p < 4; ++p) maybe_add({ir::Symbol::Kind::parameter, p});
    for (const int l : ir::loops_around(program_, scope())) maybe_add({ir::Symbol::Kind::loop, l});
    for (std::size_t f = 0; f < program_.functions.size(); ++f)
      if (is_usable(program_.functions[f]))
        maybe_add({ir::Symbol::Kind::function, static_cast<int>(f)});
    return e;
  }

  ir::Condition condition() {
    ir::Condition c;
    times(below(3), [&] {
      c.any_of.emplace_back();
      times(below(3), [&] {
        c.any_of.back().push_back({expr(), static_cast<ir::Relation>(below(6)), expr()});
      });
    });
    return c;
  }

  ir::Statement statement() {
    ir::Statement s;
    s.scope = scope();
    s.kernel = below(static_cast<int>(program_.kernels.size()));
    s.location = location();
    for (const ir::KernelParameter& p :
         program_.kernels[static_cast<std::size_t>(s.kernel)].parameters) {
      const bool writes = p.role == ir::ParameterRole::out || p.role == ir::ParameterRole::inout;
      if (p.role == ir::ParameterRole::scalar) s.scalars.push_back(scalar());
      if (writes) s.writes.push_back(access(p, true, s.location));
      if (p.role != ir::ParameterRole::scalar && p.role != ir::ParameterRole::out)
        s.reads.push_back(access(p, false, s.location));
    }
    const auto& parameters = program_.kernels[static_cast<std::size_t>(s.kernel)].parameters;
    if (s.writes.size() == 1 && parameters.front().role == ir::ParameterRole::inout && chance(50)) {
      s.reads.front() = s.writes.front();
      s.reduction = true;
    }
    if (program_.arrays.back().element == "stop" && chance(30)) {
      s.stoppable = true;
      s.reads.push_back(tile(static_cast<int>(program_.arrays.size()) - 1, {expr()}, s.location));
      s.reads.insert(s.reads.end(), s.writes.begin(), s.writes.end());
    }
    return s;
  }

  ir::Access access(const ir::KernelParameter& p, bool writes, const ir::Location& statement_at) {
    const bool list = p.role == ir::ParameterRole::in_list;
    int id = 0;
    do {
      id = below(static_cast<int>(program_.arrays.size()));
    } while (!fits(program_.arrays[static_cast<std::size_t>(id)], p, writes, list));
    ir::Access a{id, {}, chance(60) ? statement_at : location()};
    times(program_.arrays[static_cast<std::size_t>(id)].rank, [&] {
      a.subscripts.push_back({expr(), {}});
      if (list && (chance(50) || a.subscripts.size() == 1))
        a.subscripts.back().run = ir::Run{expr(), ir::Expr{step()}};
    });
    return a;
  }

  static bool fits(const ir::Array& a, const ir::KernelParameter& p, bool writes, bool list) {
    return a.element == p.element && (!writes || a.role != ir::ArrayRole::in) &&
           (!list || a.rank > 0);
  }

  ir::Scalar scalar() {
    if (chance(40)) return expr();
    if (chance(50)) return real();
    return std::complex<double>{real(), real()};
  }

  double real() {
    static const std::vector<double> some{0.0,     -0.0,   0.1,
                                          1.0 / 3, 5e-324, 1.7976931348623157e308,
                                          -2.5e-8, 1e22,   123456789012345678.0};
    if (chance(50)) return some[static_cast<std::size_t>(below(static_cast<int>(some.size())))];
    return std::uniform_real_distribution<double>(-1e3, 1e3)(random_);
  }

  std::mt19937_64 random_;
  ir::Program program_;
  std::vector<int> chain_;
};

}  // namespace lambdapack::test
