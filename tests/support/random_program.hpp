// Random programs over the whole language, for comparing the analysis with the oracle.
#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "lambdapack/ir/program.hpp"

namespace random_program {

namespace ir = lambdapack::ir;

/// Makes one program per seed: nested loops with triangular bounds, steps of both signs, guards,
/// statements in place and of single assignment, runs, several outputs. Arrays are read and
/// written wherever the indices fall, so some programs are wrong, and meant to be. Most out arrays
/// that are only written may be left incomplete.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  ir::Program make() {
    program_.name = "random";
    program_.parameters.push_back({"n"});
    program_.parameters.push_back({"m"});
    add_array(ir::ArrayRole::inout, pick(1, 2));
    if (chance(70)) add_array(ir::ArrayRole::in, pick(1, 2));
    if (chance(40)) add_array(ir::ArrayRole::out, pick(1, 2));
    if (chance(60)) add_array(ir::ArrayRole::temp, pick(1, 3));
    block(-1, pick(1, 3), 0);
    if (program_.statements.empty()) statement(-1);
    for (std::size_t a = 0; a < program_.arrays.size(); ++a)
      if (program_.arrays[a].role == ir::ArrayRole::out && !is_read(static_cast<int>(a)) &&
          chance(90))
        program_.arrays[a].unwritten.emplace();
    return program_;
  }

 private:
  bool chance(int percent) { return pick(1, 100) <= percent; }
  int pick(int lo, int hi) { return std::uniform_int_distribution<int>(lo, hi)(random_); }

  bool is_read(int array) const {
    for (const ir::Statement& s : program_.statements)
      for (const ir::Access& r : s.reads)
        if (r.array == array) return true;
    return false;
  }

  void add_array(ir::ArrayRole role, int rank) {
    ir::Array a{std::string(1, static_cast<char>('A' + program_.arrays.size())), "float64", rank,
                role, {}};
    for (int d = 0; d < rank && role != ir::ArrayRole::temp; ++d) {
      a.extents.push_back(static_cast<int>(program_.parameters.size()));
      program_.parameters.push_back({a.name + ".extent(" + std::to_string(d) + ")"});
    }
    program_.arrays.push_back(a);
  }

  // A list of items in scope `s`: loops, guards and statements.
  void block(int s, int items, int depth) {
    for (int k = 0; k < items; ++k) {
      const int what = pick(1, 100);
      if (depth < 3 && what <= 55)
        loop(s, depth);
      else if (depth > 0 && what <= 65 && !guarded(s))
        guard(s, depth);
      else
        statement(s);
    }
  }

  int open(int parent, decltype(ir::Scope::what) what) {
    program_.scopes.push_back({parent, std::move(what), {"random.cpp", 1}});
    return static_cast<int>(program_.scopes.size()) - 1;
  }

  void loop(int s, int depth) {
    ir::Expr lower = chance(50) ? constant(pick(0, 1)) : index(s, 0, 1);
    ir::Expr upper = chance(75) ? size() : plus(index(s, 0, 1), 1);
    std::int64_t step = chance(75) ? 1 : pick(2, 3);
    if (chance(20)) {
      lower = plus(upper, -1);
      upper = constant(-1);
      step = -step;
    }
    const int loop = open(s, ir::Loop{"i" + std::to_string(program_.scopes.size()), lower, upper,
                                      step});
    block(loop, pick(1, 2), depth + 1);
  }

  void guard(int s, int depth) {
    ir::Condition c;
    for (int k = chance(80) ? 1 : 2; k > 0; --k) {
      c.any_of.emplace_back();
      for (int j = chance(70) ? 1 : 2; j > 0; --j)
        c.any_of.back().push_back({index(s, -1, 1), static_cast<ir::Relation>(pick(0, 5)),
                                   chance(50) ? index(s, 0, 2) : size()});
    }
    const int scope = open(s, c);
    block(scope, 1, depth);
  }

  bool guarded(int s) const {
    return s >= 0 && std::holds_alternative<ir::Condition>(
                         program_.scopes[static_cast<std::size_t>(s)].what);
  }

  std::vector<int> loops(int s) const { return ir::loops_around(program_, s); }

  static ir::Expr constant(std::int64_t c) { return {c, {}}; }
  static ir::Expr plus(ir::Expr e, std::int64_t c) {
    e.constant += c;
    return e;
  }
  ir::Expr size() { return {pick(-1, 0), {{1, {ir::Symbol::Kind::parameter, pick(0, 1)}}}}; }

  // An index of an enclosing loop, sometimes a sum of two or a multiple, plus lo .. hi.
  ir::Expr index(int s, int lo, int hi) {
    const std::vector<int> around = loops(s);
    if (around.empty()) return constant(pick(0, 1));
    const int first = around[static_cast<std::size_t>(pick(0, static_cast<int>(around.size()) - 1))];
    ir::Expr e{pick(lo, hi), {{chance(90) ? 1 : 2, {ir::Symbol::Kind::loop, first}}}};
    if (around.size() > 1 && chance(10)) {
      const int other =
          around[static_cast<std::size_t>(pick(0, static_cast<int>(around.size()) - 1))];
      if (other != first) e.terms.push_back({1, {ir::Symbol::Kind::loop, other}});
      std::sort(e.terms.begin(), e.terms.end(),
                [](const ir::Term& a, const ir::Term& b) { return a.symbol < b.symbol; });
    }
    return e;
  }

  ir::Access access(int s, int array, bool run) {
    ir::Access a{array, {}, {"random.cpp", 2}};
    const int rank = program_.arrays[static_cast<std::size_t>(array)].rank;
    for (int d = 0; d < rank; ++d) a.subscripts.push_back({index(s, chance(20) ? -1 : 0, 1), {}});
    if (run)
      a.subscripts[static_cast<std::size_t>(pick(0, rank - 1))].run =
          ir::Run{chance(70) ? size() : plus(index(s, 0, 1), 2), pick(1, 2)};
    return a;
  }

  int array_for(bool write) {
    while (true) {
      const int a = pick(0, static_cast<int>(program_.arrays.size()) - 1);
      const ir::ArrayRole role = program_.arrays[static_cast<std::size_t>(a)].role;
      if (write && role == ir::ArrayRole::in) continue;
      if (!write && role == ir::ArrayRole::out && chance(80)) continue;
      if (!write && role == ir::ArrayRole::temp && chance(50)) continue;
      return a;
    }
  }

  void statement(int s) {
    ir::Statement st;
    st.scope = s;
    st.location = {"random.cpp", static_cast<int>(program_.statements.size()) + 1};
    ir::Kernel kernel{"kernel" + std::to_string(program_.statements.size()), {}};
    const bool in_place = chance(60);
    const ir::Access target = access(s, array_for(true), false);
    st.writes.push_back(target);
    kernel.parameters.push_back(
        {in_place ? ir::ParameterRole::inout : ir::ParameterRole::out, "float64"});
    if (in_place) st.reads.push_back(chance(90) ? target : access(s, array_for(false), false));
    if (chance(20)) {
      st.writes.push_back(access(s, array_for(true), false));
      kernel.parameters.push_back({ir::ParameterRole::out, "float64"});
    }
    for (int k = pick(0, 2); k > 0; --k) {
      const bool run = chance(15);
      st.reads.push_back(access(s, array_for(false), run));
      kernel.parameters.push_back(
          {run ? ir::ParameterRole::in_list : ir::ParameterRole::in, "float64"});
    }
    st.kernel = static_cast<int>(program_.kernels.size());
    program_.kernels.push_back(kernel);
    program_.statements.push_back(st);
  }

  std::mt19937_64 random_;
  ir::Program program_;
};

}  // namespace random_program
