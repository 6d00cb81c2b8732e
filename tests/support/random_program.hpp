// Random programs of nested loops, for comparing the analysis with the oracle.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "support/choices.hpp"
#include "support/program_builder.hpp"

namespace random_program {

namespace ir = lambdapack::ir;
using program_builder::Array;
using program_builder::Builder;
using program_builder::Call;
using program_builder::Expr;

/// Makes one program, `affine` or with powers and logarithms: nested loops with triangular bounds,
/// steps of both signs, divisions, guards, statements in place and of single assignment,
/// reductions, runs, several outputs. Tiles are read and written wherever the indices fall, so some
/// programs are wrong, and meant to be.
///
/// Its first parameters are n and m, which bound the loops; the others are extents.
class LoopGenerator {
 public:
  LoopGenerator(Choices choices, bool affine) : affine_(affine), choices_(std::move(choices)) {}

  ir::Program make() {
    statements_left_ = choices_.one_of<int>({1, 1, 1, 2, 2, 2, 3, 3, 4});
    loops_left_ = choices_.one_of<int>({1, 1, 2, 2, 2, 3, 3, 4});
    guards_left_ = choices_.one_of<int>({0, 0, 1, 1, 1, 2});
    divisions_left_ = choices_.one_of<int>({0, 0, 1, 1, 1, 2, 2, 3});
    sizes_ = {p_.integer("n"), p_.integer("m")};
    add_array(ir::ArrayRole::inout, pick(1, 2));
    if (chance(70)) add_array(ir::ArrayRole::in, pick(1, 2));
    if (chance(40)) add_array(ir::ArrayRole::out, pick(1, 2));
    if (chance(60)) add_array(ir::ArrayRole::temp, pick(1, 3));
    block(pick(1, 3), 0, false);
    if (p_.program().statements.empty()) statement();
    return p_.done();
  }

 private:
  static bool take(int& left) { return left > 0 && left-- > 0; }
  int pick(int lo, int hi) { return choices_.pick(lo, hi); }
  bool chance(int percent) { return choices_.chance(percent); }

  void add_array(ir::ArrayRole role, int rank) {
    const std::string name(1, static_cast<char>('A' + p_.program().arrays.size()));
    std::optional<ir::Unwritten> unwritten;
    if ((role == ir::ArrayRole::out && chance(94)) || (role == ir::ArrayRole::temp && chance(60))) {
      unwritten.emplace();
      if (chance(20)) unwritten->kernel = p_.kernel("fill", {{ir::ParameterRole::out, "float64"}});
    }
    arrays_.push_back(p_.array(name, role, rank, unwritten));
  }
  const ir::Array& array(Array a) const {
    return p_.program().arrays[static_cast<std::size_t>(a.id)];
  }

  // A list of items in the open scope: loops, guards and statements.
  void block(int items, int depth, bool guarded) {
    for (int k = 0; k < items; ++k) {
      const int what = pick(1, 100);
      if (depth < 3 && what <= (depth == 0 ? 85 : 45) && take(loops_left_))
        loop(depth);
      else if (depth > 0 && what <= 60 && !guarded && take(guards_left_))
        guard(depth);
      else if (take(statements_left_))
        statement();
    }
  }

  void loop(int depth) {
    if (!affine_ && depth < 2 && chance(50) && take(levels_left_)) return levels(depth);
    Expr lower = chance(50) ? Expr(pick(0, 1)) : index(0, 1);
    Expr upper = chance(75) ? size() : index(0, 1) + 1;
    Expr step = chance(20) && take(divisions_left_) ? pick(2, 3) : 1;
    if (!strides_.empty() && chance(50)) {
      step = stride(1);
    } else if (chance(20)) {
      lower = upper - 1;
      upper = -1;
      step = -1 * step;
    }
    open(lower, upper, step, depth);
  }

  void open(const Expr& lower, const Expr& upper, const Expr& step, int depth) {
    const std::string name = "i" + std::to_string(p_.program().scopes.size());
    p_.loop(name, lower, upper, step, [&](Expr index) {
      loops_.push_back(index);
      inside([&] { block(pick(1, 2), depth + 1, false); });
      loops_.pop_back();
    });
  }

  // A loop over levels, the powers of which are strides inside.
  void levels(int depth) {
    const int base = choices_.one_of<int>({2, 2, 3, 4});
    Expr top = choices_.one_of(sizes_) + pick(-1, 1);
    if (!loops_.empty() && chance(40)) top = top - choices_.one_of(loops_);
    top = chance(80) ? p_.log_ceil(base, top) : p_.log_floor(base, top);
    const Expr level =
        ir::Symbol{ir::Symbol::Kind::loop, static_cast<int>(p_.program().scopes.size())};
    strides_.push_back({base, chance(70) ? level : top - level - 1});
    if (chance(80))
      open(0, top, 1, depth);
    else
      open(top - 1, -1, -1, depth);
    strides_.pop_back();
  }
  Expr stride(int above) {
    const auto& [base, exponent] = choices_.one_of(strides_);
    return p_.power(base, exponent + above);
  }

  void guard(int depth) {
    ir::Condition c;
    for (int k = chance(12) ? 2 : 1; k > 0; --k) {
      c.any_of.emplace_back();
      for (int j = chance(15) ? 2 : 1; j > 0; --j) c.any_of.back().push_back(comparison());
    }
    p_.when(c, [&] { inside([&] { block(1, depth, true); }); });
  }

  ir::Comparison comparison() {
    using enum ir::Relation;
    if (chance(25) && take(divisions_left_)) {
      const int base = pick(2, 3);
      return {p_.remainder(index(0, 1), base), chance(20) ? not_equal : equal, Expr(pick(0, 1))};
    }
    const ir::Relation relation =
        choices_.one_of<ir::Relation>({less, less_equal, equal, greater_equal, greater, less,
                                       greater, less_equal, greater_equal, not_equal});
    return {index(-1, 1), relation, chance(50) ? index(0, 2) : size()};
  }

  // What is written inside of a scope is certain to be written only until it closes.
  template <class Body>
  void inside(Body body) {
    const std::size_t before = written_.size();
    body();
    written_.resize(before);
  }

  Expr size() {
    const Expr s = choices_.one_of(sizes_);
    if (!affine_ && chance(8)) return p_.log_ceil(pick(2, 4), s) + pick(0, 1);
    if (chance(8)) return divided(s + pick(0, 1));
    return s + pick(-1, 0);
  }

  Expr divided(const Expr& e) {
    if (!take(divisions_left_)) return e;
    const int base = pick(2, 3);
    switch (pick(0, 2)) {
      case 0:
        return p_.quotient(e, base);
      case 1:
        return p_.remainder(e, base);
      default:
        return e - p_.remainder(e, base);
    }
  }

  // An index of a loop around, sometimes a sum of two, a multiple or a quotient, plus lo .. hi.
  Expr index(int lo, int hi) {
    if (loops_.empty()) return pick(0, 1);
    Expr e = choices_.one_of(loops_);
    if (chance(6) && take(divisions_left_)) e = 2 * e;
    if (chance(8)) e = e + choices_.one_of(loops_);
    e = e + pick(lo, hi);
    if (!strides_.empty() && chance(20)) e = chance(75) ? e + stride(0) : e - stride(0);
    return chance(8) ? divided(e) : e;
  }

  ir::Access tile(Array a) {
    const int below = chance(array(a).unwritten ? 25 : 8) ? -1 : 0;
    std::vector<Expr> at;
    for (int d = 0; d < array(a).rank; ++d) at.push_back(index(below, 1));
    return a.at(at);
  }

  ir::Access run(Array a) {
    ir::Access access = tile(a);
    const auto d = static_cast<std::size_t>(pick(0, array(a).rank - 1));
    const int step = chance(50) && take(divisions_left_) ? 2 : 1;
    ir::Run run{chance(70) ? size() : index(0, 1) + 2, Expr(step)};
    if (chance(15)) {
      std::swap(static_cast<ir::Expr&>(access.subscripts[d].at), run.end);
      run.step = Expr(-step);
    }
    access.subscripts[d].run = run;
    return access;
  }

  Array written() {
    std::vector<Array> all;
    for (const Array a : arrays_)
      if (array(a).role != ir::ArrayRole::in) all.push_back(a);
    return choices_.one_of(all);
  }

  Array read() {
    std::vector<Array> all;
    for (const Array a : arrays_) {
      const bool made = array(a).role == ir::ArrayRole::out || array(a).role == ir::ArrayRole::temp;
      if (!made || array(a).unwritten || chance(4)) all.push_back(a);
    }
    return choices_.one_of(all);
  }

  void statement() {
    Call call;
    const ir::Access target = tile(written());
    const bool known = contents_are_known(target);
    if (known && chance(60))
      call.inout(target);
    else if (chance(15))
      call.inout(tile(read()), target);
    else
      call.out(target);
    call.reduction = !call.reads.empty() && call.reads == call.writes && chance(40);
    for (int k = choices_.one_of<int>({0, 0, 1, 1, 1, 2}); k > 0; --k) read_something(call);
    if (!call.reduction && chance(12)) {
      const Array second = written();
      if (second.id != target.array || chance(40)) call.out(tile(second));
    }
    if (chance(10)) call.scalar(ir::Scalar{index(-1, 1)});
    written_.insert(written_.end(), call.writes.begin(), call.writes.end());
    p_.statement("kernel" + std::to_string(p_.program().statements.size()), std::move(call));
  }

  bool contents_are_known(const ir::Access& tile) const {
    const ir::Array& a = array({tile.array});
    if (a.role == ir::ArrayRole::inout || a.unwritten) return true;
    for (const ir::Access& w : written_)
      if (w.array == tile.array && w.subscripts == tile.subscripts) return true;
    return false;
  }

  void read_something(Call& call) {
    if (!written_.empty() && chance(35))
      call.in(choices_.one_of(written_));
    else if (chance(15))
      call.in_list(run(read()));
    else
      call.in(tile(read()));
  }

  // The work of isl grows quickly with these; steps and multiples count as divisions.
  int statements_left_ = 0, loops_left_ = 0, guards_left_ = 0, divisions_left_ = 0;
  int levels_left_ = 2;
  bool affine_;
  Choices choices_;
  Builder p_{"random"};
  std::vector<Expr> sizes_;
  std::vector<Array> arrays_;
  std::vector<Expr> loops_;                    // indices of the open loops
  std::vector<std::pair<int, Expr>> strides_;  // powers of a base, of the levels that are open
  std::vector<ir::Access> written_;  // what every pass through the open scope has written so far
};

/// A program without powers and logarithms.
inline ir::Program affine(Choices choices) {
  return LoopGenerator(std::move(choices), true).make();
}

/// A program with powers and logarithms anywhere, which makes a tree only by chance.
inline ir::Program wild(Choices choices) { return LoopGenerator(std::move(choices), false).make(); }

}  // namespace random_program
