// Runs a form on terms: what it emits comes back as cases, in which powers, logarithms and
// divisions stay what they are. Unlike decompile.hpp it does not split them into levels, and so it
// needs no bound on the sizes.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "lambdapack/analysis/listing.hpp"
#include "lambdapack/analysis/statement_cases.hpp"
#include "lambdapack/analysis/terms.hpp"
#include "lambdapack/form/closed_forms.hpp"

namespace lambdapack::analysis {

/// One `emit` of a form: what it emits, and when.
struct EmitCases {
  int tag = 0;
  LinearTuple tuple;
  Cases when;
  std::vector<int> counters;  ///< of the loops around it: unknowns of their own
  /// Where each loop around it, and then it itself, stands in the code.
  std::vector<int> positions;
};

/// Turns forms into cases.
class FormCases {
 public:
  /// Forms over these sizes.
  FormCases(Terms& terms, LinearTuple sizes) : terms_(terms), sizes_(std::move(sizes)) {}

  /// The emits of a form that is asked about a point, in the order of the code; each at most once.
  /// Throws NotDecompilable and BrokenForm.
  std::vector<EmitCases> run(const std::vector<form::Word>& code, form::Entry entry,
                             const LinearTuple& point) {
    emits_.clear();
    if (entry.offset < 0) return {};
    const Listing listing(code, entry.offset);
    listing_ = &listing;
    State state{{{}}, {}};
    if (sizes_.size() + point.size() > state.registers.size())
      throw BrokenForm{"its sizes and point take more registers than there are"};
    for (std::size_t k = 0; k < sizes_.size(); ++k) state.registers[k] = sizes_[k];
    for (std::size_t k = 0; k < point.size(); ++k) state.registers[sizes_.size() + k] = point[k];
    loops_.clear();
    walk(0, listing.size(), state);
    return std::move(emits_);
  }

 private:
  // What holds where a place in the code is reached, and what registers hold then.
  struct State {
    Cases here;
    std::array<std::optional<Linear>, form::max_registers> registers;
  };
  // Where paths are under way to.
  using Arrivals = std::map<std::size_t, State>;

  struct OpenLoop {
    std::size_t position;
    int counter;
  };

  // Instructions first .. last - 1: the whole form, or the body of a loop.
  void walk(std::size_t first, std::size_t last, const State& entry) {
    Arrivals arrivals{{first, entry}};
    bool ended = false;
    while (!arrivals.empty()) {
      auto arrived = arrivals.extract(arrivals.begin());
      const std::size_t k = arrived.key();
      State& state = arrived.mapped();
      // All paths have met again: whoever came in is here.
      if (arrivals.empty() && !ended) state.here = entry.here;
      if (k == last) return;
      if (k > last) throw NotDecompilable{"it jumps out of a loop"};
      step(k, std::move(state), arrivals, ended);
    }
  }

  void step(std::size_t k, State state, Arrivals& arrivals, bool& ended) {
    const Instruction& i = (*listing_)[k];
    switch (i.op) {
      case form::Op::end:
        if (!loops_.empty()) throw NotDecompilable{"it ends inside of a loop"};
        ended = true;
        return;
      case form::Op::jump:
        return arrive(arrivals, i.target, std::move(state));
      case form::Op::if_negative:
      case form::Op::if_nonzero:
        return branch(k, state, arrivals);
      case form::Op::loop:
      case form::Op::loop_by:
        return loop(k, std::move(state), arrivals);
      case form::Op::next:
      case form::Op::next_by:
        throw NotDecompilable{"it enters a loop by a jump"};
      case form::Op::emit:
        emit(k, state);
        break;
      default:
        state.registers[static_cast<std::size_t>(i.operands[0])] = computed(i, state);
    }
    arrive(arrivals, k + 1, std::move(state));
  }

  void arrive(Arrivals& arrivals, std::size_t at, State state) {
    const auto found = arrivals.find(at);
    if (found == arrivals.end()) {
      arrivals.emplace(at, std::move(state));
      return;
    }
    State& there = found->second;
    for (std::size_t r = 0; r < state.registers.size(); ++r) {
      if (there.registers[r] == state.registers[r]) continue;
      if (listing_->live(at)[r])
        throw NotDecompilable{text({"register ", r, " depends on the path that was taken"})};
      there.registers[r].reset();
    }
    there.here.insert(there.here.end(), state.here.begin(), state.here.end());
  }

  static Cases with(Cases here, const Constraint& c) {
    for (Case& one : here) one.push_back(c);
    return here;
  }

  void branch(std::size_t k, const State& state, Arrivals& arrivals) {
    const Instruction& i = (*listing_)[k];
    const Constraint goes_on{affine(state, i.affines[0]), i.op == form::Op::if_nonzero};
    State next = state;
    next.here = with(state.here, goes_on);
    arrive(arrivals, k + 1, std::move(next));
    State jumps = state;
    jumps.here.clear();
    for (const Constraint& c : negated(goes_on)) {
      const Cases more = with(state.here, c);
      jumps.here.insert(jumps.here.end(), more.begin(), more.end());
    }
    arrive(arrivals, i.target, std::move(jumps));
  }

  void loop(std::size_t k, State state, Arrivals& arrivals) {
    const Instruction& i = (*listing_)[k];
    const std::size_t next = listing_->next_of(k);
    const Linear start = read(state, i.operands[0]), last = read(state, i.operands[1]);
    const Linear step =
        i.op == form::Op::loop_by ? read(state, i.operands[2]) : Linear::of(i.operands[2]);

    // What the body computes is unknown when it begins anew, and after the loop.
    const RegisterSet changed = listing_->written(k + 1, next + 1);
    for (std::size_t r = 0; r < state.registers.size(); ++r)
      if (changed[r]) state.registers[r].reset();

    const int counter = terms_.fresh();
    State body = state;
    body.registers[static_cast<std::size_t>(i.operands[0])] = Linear::unknown(counter);
    Case runs = steps(Linear::unknown(counter), start, step);
    add_at_least(runs, last, Linear::unknown(counter));
    body.here = both(body.here, {runs});

    loops_.push_back({k, counter});
    walk(k + 1, next, body);
    loops_.pop_back();
    arrive(arrivals, i.target, std::move(state));
  }

  // The counter is a number of whole steps behind the start. A start at x + (y - x) mod step is the
  // first number from x on that is in step with y.
  Case steps(const Linear& counter, const Linear& start, const Linear& step) {
    Case all;
    if (step == Linear::of(1)) {
      add_at_least(all, counter, start);
      return all;
    }
    all.push_back(at_least(step, Linear::of(1)));
    Linear from = start, in_step_with = start;
    for (const auto& [id, coefficient] : start.terms) {
      const FunctionTerm* f = terms_.function(id);
      if (f == nullptr || coefficient != 1 || f->kind != FunctionTerm::Kind::remainder ||
          f->second != step)
        continue;
      from = start.minus(Linear::unknown(id));
      in_step_with = from.plus(f->first);
      break;
    }
    add_at_least(all, counter, from);
    all.push_back(
        {terms_.value({FunctionTerm::Kind::remainder, 0, counter.minus(in_step_with), step}),
         true});
    return all;
  }

  // a >= b, where an extreme on the right side of it is as good as both that it is taken of.
  void add_at_least(Case& all, const Linear& a, const Linear& b) {
    const Linear e = a.minus(b);
    for (const auto& [id, coefficient] : e.terms) {
      const FunctionTerm* f = terms_.function(id);
      const auto kind =
          coefficient < 0 ? FunctionTerm::Kind::largest : FunctionTerm::Kind::smallest;
      if (f == nullptr || f->kind != kind) continue;
      const Linear rest = e.plus(Linear::unknown(id), -coefficient);
      const Linear first = f->first, second = f->second;
      add_at_least(all, rest.plus(first, coefficient), {});
      add_at_least(all, rest.plus(second, coefficient), {});
      return;
    }
    all.push_back({e});
  }

  Linear computed(const Instruction& i, const State& state) {
    using Kind = FunctionTerm::Kind;
    const auto source = [&](std::size_t k) { return read(state, i.operands[k]); };
    switch (i.op) {
      case form::Op::set:
        return affine(state, i.affines[0]);
      case form::Op::floor_div:
        return terms_.value({Kind::quotient, i.operands[2], source(1)});
      case form::Op::mod:
        return terms_.value({Kind::remainder, 0, source(1), Linear::of(i.operands[2])});
      case form::Op::mod_by:
        return terms_.value({Kind::remainder, 0, source(1), source(2)});
      case form::Op::min:
        return terms_.value({Kind::smallest, 0, source(1), source(2)});
      case form::Op::max:
        return terms_.value({Kind::largest, 0, source(1), source(2)});
      case form::Op::power:
        return terms_.value({Kind::power, i.operands[2], source(1)});
      case form::Op::log_floor:
        return terms_.value({Kind::log_floor, i.operands[2], source(1)});
      case form::Op::log_ceil:
        return terms_.value({Kind::log_ceil, i.operands[2], source(1)});
      default:
        throw NotDecompilable{text({"operation ", static_cast<int>(i.op), " is not known"})};
    }
  }

  static const Linear& read(const State& state, int reg) {
    const auto& value = state.registers[static_cast<std::size_t>(reg)];
    if (!value) throw NotDecompilable{text({"register ", reg, " is read before it is set"})};
    return *value;
  }

  static Linear affine(const State& state, const AffineOperand& a) {
    Linear sum = Linear::of(a.constant);
    for (const auto& [reg, coefficient] : a.terms) sum = sum.plus(read(state, reg), coefficient);
    return sum;
  }

  void emit(std::size_t k, const State& state) {
    const Instruction& i = (*listing_)[k];
    EmitCases e{i.operands[0], {}, state.here, {}, {}};
    for (const AffineOperand& a : i.affines) e.tuple.push_back(affine(state, a));
    for (const OpenLoop& loop : loops_) {
      e.counters.push_back(loop.counter);
      e.positions.push_back(static_cast<int>(loop.position));
    }
    e.positions.push_back(static_cast<int>(k));
    emits_.push_back(std::move(e));
  }

  Terms& terms_;
  const LinearTuple sizes_;
  const Listing* listing_ = nullptr;
  std::vector<OpenLoop> loops_;
  std::vector<EmitCases> emits_;
};

}  // namespace lambdapack::analysis
