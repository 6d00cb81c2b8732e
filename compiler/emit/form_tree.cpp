// Bytecode as a tree. Code is forward jumps and nested loops (analysis/listing.hpp); a jump over
// statements becomes an `if`, several tests that lead to the same two places become one condition.
// Registers are gone: each holds a sum of variables, and where two ways meet with different sums
// there is a variable that both of them set.
#include "emit/form_tree.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "emit/form_condition.hpp"
#include "emit/form_uses.hpp"
#include "lambdapack/analysis/listing.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::lpc {

namespace {

using analysis::AffineOperand;
using analysis::Instruction;
using analysis::Listing;
using analysis::RegisterSet;
using form::Op;

/// What registers hold at a place in the code.
using Registers = std::array<std::optional<Sum>, form::max_registers>;

bool equal(const Sum& a, const Sum& b) { return a.constant == b.constant && a.terms == b.terms; }

class TreeBuilder {
 public:
  TreeBuilder(const Listing& listing, int inputs) : listing_(listing), variables_(inputs) {
    find_jumps();
    for (int v = 0; v < inputs; ++v) registers_[static_cast<std::size_t>(v)] = Sum::of_register(v);
  }

  FormTree build(int inputs) {
    Block body = block(0, listing_.size());
    return {inputs, variables_, std::move(body)};
  }

 private:
  struct Jump {
    std::size_t from, to;
  };

  static bool is_branch(const Instruction& i) {
    return i.op == Op::if_negative || i.op == Op::if_nonzero;
  }
  static bool is_loop(const Instruction& i) { return i.op == Op::loop || i.op == Op::loop_by; }

  void find_jumps() {
    for (std::size_t k = 0; k < listing_.size(); ++k)
      if (is_branch(listing_[k]) || listing_[k].op == Op::jump)
        jumps_.push_back({k, listing_[k].target});
  }

  // Instructions first .. last - 1, which control leaves at `last` only.
  Block block(std::size_t first, std::size_t last) {
    Block out;
    const std::size_t known = known_.size();
    for (std::size_t k = first; k < last;) {
      const Instruction& i = listing_[k];
      if (i.op == Op::emit)
        out.push_back({emit(k++)});
      else if (i.op == Op::end)
        k = end(k);
      else if (is_loop(i))
        k = loop(k, out);
      else if (is_branch(i) || i.op == Op::jump)
        k = choice(k, last, out);
      else
        compute(listing_[k++], out);
    }
    known_.resize(known);
    return out;
  }

  std::size_t end(std::size_t k) const {
    if (k + 1 != listing_.size()) throw Unstructured("it ends in several places");
    return k + 1;
  }

  Emit emit(std::size_t k) const {
    Emit e;
    e.tag = listing_[k].operands[0];
    for (const AffineOperand& a : listing_[k].affines) e.values.push_back(sum(a));
    return e;
  }

  Variable fresh() { return variables_++; }

  const Sum& value(int reg) const {
    const auto& value = registers_[static_cast<std::size_t>(reg)];
    if (!value) throw Unstructured(text({"register ", reg, " is read before it is set"}));
    return *value;
  }

  Sum sum(const AffineOperand& a) const {
    Sum total = Sum::of(a.constant);
    for (const auto& [reg, coefficient] : a.terms) total.add(value(reg), coefficient);
    return total;
  }

  void compute(const Instruction& i, Block& out) {
    const auto reg = static_cast<std::size_t>(i.operands[0]);
    registers_[reg] = i.op == Op::set ? sum(i.affines[0]) : result(i, out);
  }

  Sum result(const Instruction& i, Block& out) {
    const Sum of = value(i.operands[1]);
    const Sum by_number = Sum::of(i.operands[2]);
    switch (i.op) {
      case Op::floor_div:
        return let(Operation::floor_div, of, by_number, out);
      case Op::mod:
        return let(Operation::modulo, of, by_number, out);
      case Op::power:
        return let(Operation::power, of, by_number, out);
      case Op::log_floor:
        return let(Operation::log_floor, of, by_number, out);
      case Op::log_ceil:
        return let(Operation::log_ceil, of, by_number, out);
      default:
        break;
    }
    const Sum by = value(i.operands[2]);
    switch (i.op) {
      case Op::min:
        return let(Operation::smaller, of, by, out);
      case Op::max:
        return let(Operation::larger, of, by, out);
      case Op::floor_div_by:
        return let(Operation::floor_div, of, by, out);
      case Op::mod_by:
        return let(is_power_of_two(by) ? Operation::modulo_power : Operation::modulo, of, by, out);
      case Op::multiply:
        if (of.is_constant()) return Sum::of(0).add(by, of.constant);
        if (by.is_constant()) return Sum::of(0).add(of, by.constant);
        return let(Operation::multiply, of, by, out);
      default:
        throw Unstructured(text({"operation ", static_cast<int>(i.op), " is not known"}));
    }
  }

  // A variable for the result, or one that has it already.
  Sum let(Operation operation, const Sum& of, const Sum& by, Block& out) {
    for (const Let& l : known_)
      if (l.operation == operation && equal(l.of, of) && equal(l.by, by))
        return Sum::of_register(l.variable);
    const Let made{fresh(), operation, of, by};
    if (operation == Operation::power && is_power_of_two(by)) powers_.insert(made.variable);
    known_.push_back(made);
    out.push_back({made});
    return Sum::of_register(made.variable);
  }

  // Whether a sum is certain to be a power of two, or 0.
  bool is_power_of_two(const Sum& s) const {
    const auto single = [](std::int64_t x) { return x > 0 && (x & (x - 1)) == 0; };
    if (s.is_constant()) return single(s.constant);
    const auto& [variable, coefficient] = *s.terms.begin();
    return s.constant == 0 && s.terms.size() == 1 && single(coefficient) &&
           powers_.contains(variable);
  }

  // What a loop's body writes must mean nothing outside of one iteration.
  std::size_t loop(std::size_t k, Block& out) {
    const Instruction& i = listing_[k];
    const std::size_t next = listing_.next_of(k);
    const auto counter = static_cast<std::size_t>(i.operands[0]);
    RegisterSet written = listing_.written(k + 1, next);
    if ((written & listing_.live(k + 1)).any())
      throw Unstructured("an iteration of a loop depends on the one before");
    written.set(counter);
    if ((written & listing_.live(i.target)).any())
      throw Unstructured("what a loop computes is used behind it");

    For loop{fresh(),
             value(i.operands[0]),
             value(i.operands[1]),
             i.op == Op::loop ? Sum::of(i.operands[2]) : value(i.operands[2]),
             {}};
    const Registers before = registers_;
    registers_[counter] = Sum::of_register(loop.variable);
    loop.body = block(k + 1, next);
    registers_ = before;
    for (std::size_t r = 0; r < registers_.size(); ++r)
      if (written[r]) registers_[r].reset();

    Condition runs = test(Sum(loop.step).add(Sum::of(-1)), Sign::not_negative);
    if (runs.is(true))
      out.push_back({std::move(loop)});
    else if (!runs.is(false))
      out.push_back({If{std::move(runs), only(std::move(loop)), {}}});
    return i.target;
  }

  static Block only(For loop) {
    Block block;
    block.push_back({std::move(loop)});
    return block;
  }

  // A group of tests that leads to the statement behind it, or past some statements.
  struct Group {
    std::size_t first, holds, fails;
  };

  // An `if` that begins at instruction k of a block that ends at `last`; returns what follows it.
  std::size_t choice(std::size_t k, std::size_t last, Block& out) {
    const std::optional<Group> group = group_at(k, last);
    if (!group) throw Unstructured("its jumps are not those of nested ifs");
    If made;
    made.condition = condition(*group, out);
    const Registers before = registers_;
    std::size_t join = group->fails;
    std::size_t then_end = group->fails;
    const Instruction& before_fails = listing_[group->fails - 1];
    const bool with_else = group->fails - 1 >= group->holds && before_fails.op == Op::jump &&
                           before_fails.target > group->fails;
    if (with_else) {
      then_end = group->fails - 1;
      join = before_fails.target;
    }
    const bool never = made.condition.is(false), always = made.condition.is(true);
    if (!never) made.then = block(group->holds, then_end);
    if (always) {
      append(std::move(made.then), out);
      return join;
    }
    Registers after_then = std::exchange(registers_, before);
    if (with_else) made.otherwise = block(group->fails, join);
    if (never) {
      append(std::move(made.otherwise), out);
      return join;
    }
    meet(made, std::move(after_then), listing_.live(join), out);
    if (made.then.empty()) {
      made.condition = negated(std::move(made.condition));
      std::swap(made.then, made.otherwise);
    }
    out.push_back({std::move(made)});
    return join;
  }

  static void append(Block statements, Block& out) {
    for (Statement& s : statements) out.push_back(std::move(s));
  }

  // Two ways meet: registers that are read further down and differ get a variable.
  void meet(If& made, Registers after_then, const RegisterSet& live, Block& out) {
    for (std::size_t r = 0; r < registers_.size(); ++r) {
      std::optional<Sum>& mine = registers_[r];
      const std::optional<Sum>& other = after_then[r];
      if (!live[r] || (mine && other && equal(*mine, *other))) continue;
      if (!mine || !other)
        throw Unstructured(text({"register ", r, " may be read before it is set"}));
      const Variable both = fresh();
      out.push_back({Declare{both}});
      made.then.push_back({Assign{both, *other}});
      made.otherwise.push_back({Assign{both, *mine}});
      mine = Sum::of_register(both);
    }
  }

  // The smallest group of tests from k on that has statements of its own, which nobody enters from
  // elsewhere.
  std::optional<Group> group_at(std::size_t k, std::size_t last) const {
    for (std::size_t holds = k + 1; holds <= last; ++holds) {
      const Instruction& i = listing_[holds - 1];
      if (i.op == Op::emit || i.op == Op::end || is_loop(i)) return std::nullopt;
      const std::optional<Group> group = group_of(k, holds, last);
      if (group && is_closed(*group, last)) return group;
    }
    return std::nullopt;
  }

  // Tests first .. holds - 1, if all jumps from there that leave lead to one place.
  std::optional<Group> group_of(std::size_t first, std::size_t holds, std::size_t last) const {
    std::set<std::size_t> exits;
    for (const Jump& j : jumps_) {
      const bool inside = j.from >= first && j.from < holds;
      if (inside && j.to > holds) exits.insert(j.to);
      if (!inside && j.to > first && j.to <= holds) return std::nullopt;
    }
    if (exits.size() > 1) return std::nullopt;
    const std::size_t fails = exits.empty() ? holds : *exits.begin();
    if (fails > last) return std::nullopt;
    return Group{first, holds, fails};
  }

  // Whether control enters the statements holds .. fails - 1 from the tests alone and leaves them
  // at their end, or, if that is a jump past an `else`, in the same way there.
  bool is_closed(const Group& g, std::size_t last) const {
    if (g.fails == g.holds) return true;
    const Instruction& i = listing_[g.fails - 1];
    if (i.op != Op::jump || i.target <= g.fails)
      return region_is_closed(g, g.holds, g.fails, g.fails);
    return i.target <= last && region_is_closed(g, g.holds, g.fails - 1, g.fails - 1) &&
           region_is_closed(g, g.fails, i.target, i.target);
  }

  bool region_is_closed(const Group& g, std::size_t first, std::size_t end,
                        std::size_t leaves) const {
    return std::all_of(jumps_.begin(), jumps_.end(), [&](const Jump& j) {
      const bool from_inside = j.from >= first && j.from < end;
      const bool from_tests = j.from >= g.first && j.from < g.holds;
      if (from_inside) return j.to <= leaves;
      if (from_tests) return j.to <= g.holds || j.to == g.fails;
      return j.to <= first || j.to >= end || first == end;
    });
  }

  // What has to hold for the tests of a group to lead to `holds`. What they compute on the way is
  // computed before: it has no effects.
  Condition condition(const Group& g, Block& out) {
    std::map<std::size_t, Condition> taken;
    std::map<std::size_t, Registers> at_target;
    for (std::size_t k = g.first; k < g.holds; ++k) {
      check_meeting(at_target, k);
      const Instruction& i = listing_[k];
      if (is_branch(i)) {
        taken[k] =
            test(sum(i.affines[0]), i.op == Op::if_negative ? Sign::negative : Sign::not_zero);
      } else if (i.op != Op::jump) {
        compute(i, out);
        continue;
      }
      at_target.emplace(i.target, registers_);
    }
    check_meeting(at_target, g.holds);
    check_meeting(at_target, g.fails);
    return reaches(g, g.first, taken, 0);
  }

  void check_meeting(const std::map<std::size_t, Registers>& at_target, std::size_t k) const {
    const auto found = at_target.find(k);
    if (found == at_target.end()) return;
    for (std::size_t r = 0; r < registers_.size(); ++r) {
      const auto& theirs = found->second[r];
      if (!listing_.live(k)[r]) continue;
      if (!theirs || !registers_[r] || !equal(*theirs, *registers_[r]))
        throw Unstructured("a condition computes what is used behind it");
    }
  }

  Condition reaches(const Group& g, std::size_t k, const std::map<std::size_t, Condition>& taken,
                    int depth) const {
    if (depth > 40) throw Unstructured("a condition is too long");
    while (k < g.holds && !is_branch(listing_[k]) && listing_[k].op != Op::jump) ++k;
    if (k == g.holds) return constant(true);
    if (k >= g.fails) return constant(false);
    if (listing_[k].op == Op::jump) return reaches(g, listing_[k].target, taken, depth + 1);

    // Tests one after the other that jump to one place.
    const std::size_t target = listing_[k].target;
    std::vector<Condition> jumped, stayed;
    for (; k < g.holds && listing_[k].op != Op::jump; ++k) {
      if (!is_branch(listing_[k])) continue;
      if (listing_[k].target != target) break;
      jumped.push_back(taken.at(k));
      stayed.push_back(negated(taken.at(k)));
    }
    const Condition rest = reaches(g, k, taken, depth + 1);
    const Condition there = reaches(g, target, taken, depth + 1);
    if (there.is(false) || rest.is(true)) {
      const bool all = there.is(false);
      Condition stay = joined(Condition::Kind::all, std::move(stayed));
      return joined(all ? Condition::Kind::all : Condition::Kind::any,
                    {std::move(stay), all ? rest : there});
    }
    Condition jump = joined(Condition::Kind::any, std::move(jumped));
    if (there.is(true)) return joined(Condition::Kind::any, {std::move(jump), rest});
    if (rest.is(false)) return joined(Condition::Kind::all, {std::move(jump), there});
    return {Condition::Kind::choice, true, {}, Sign::zero, {std::move(jump), there, rest}};
  }

  const Listing& listing_;
  Variable variables_;
  std::vector<Jump> jumps_;
  Registers registers_;
  std::vector<Let> known_;  // in the open blocks
  std::set<Variable> powers_;
};

}  // namespace

FormTree form_tree(const std::vector<form::Word>& code, form::Entry entry, int inputs) {
  try {
    const Listing listing(code, entry.offset);
    FormTree tree = TreeBuilder(listing, inputs).build(inputs);
    drop_unused(tree.body);
    return tree;
  } catch (const analysis::NotDecompilable& e) {
    throw Unstructured(e.why);
  }
}

}  // namespace lambdapack::lpc
