// Runs a form on symbols: what it emits comes back as isl relations, for all sizes and points at
// once. Paths through the code are merged where they meet; a register that differs between them
// becomes an expression in pieces.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/listing.hpp"
#include "lambdapack/analysis/symbolic.hpp"
#include "lambdapack/analysis/symbolic_levels.hpp"
#include "lambdapack/form/closed_forms.hpp"

namespace lambdapack::analysis {

/// One `emit` of a form: what it emits, and when.
struct EmitSite {
  int tag = 0;
  isl::Map runs;  ///< [point, counters of the loops around it] -> tuple
  isl::Map map;   ///< [point] -> tuple
  /// Where each loop around it, and then it itself, stands in the code.
  std::vector<int> positions;
};

/// Turns a form into relations.
class Decompiler {
 public:
  /// A form over the sizes of `context` and a point of `point` coordinates.
  Decompiler(const isl::Set& context, std::size_t point) : context_(context), point_(point) {}

  /// The emits of a form, in the order of the code; each at most once. Nothing is assumed about
  /// sizes and point. Throws NotDecompilable and BrokenForm.
  std::vector<EmitSite> run(const std::vector<form::Word>& code, form::Entry entry) {
    sites_.clear();
    if (entry.offset < 0) return {};
    const Listing listing(code, entry.offset);
    const SymbolSpace space(context_, point_, listing.depth());
    listing_ = &listing;
    space_ = &space;
    State state{space.anywhere(), {}};
    const auto parameters = static_cast<std::size_t>(isl_set_dim(context_.get(), isl_dim_param));
    if (parameters + point_ > state.registers.size())
      throw BrokenForm{"its sizes and point take more registers than there are"};
    for (std::size_t k = 0; k < parameters; ++k)
      state.registers[k] = SymbolicValue(space.parameter(k));
    for (std::size_t k = 0; k < point_; ++k)
      state.registers[parameters + k] = SymbolicValue(space.coordinate(k));
    loops_.clear();
    walk(0, listing.size(), state);
    return std::move(sites_);
  }

 private:
  // The points and counters that get to a place in the code, and what registers hold then.
  struct State {
    isl::Set here;
    std::array<std::optional<SymbolicValue>, form::max_registers> registers;
  };
  // Where paths are under way to.
  using Arrivals = std::map<std::size_t, State>;

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
        compute(i, state);
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
    for (std::size_t r = 0; r < state.registers.size(); ++r)
      there.registers[r] = listing_->live(at)[r]
                               ? SymbolicValue::joined(there.registers[r], there.here,
                                                       state.registers[r], state.here)
                               : std::nullopt;
    there.here = isl::Set(space_->ctx(),
                          isl_set_coalesce(isl_set_union(there.here.copy(), state.here.copy())));
  }

  void branch(std::size_t k, const State& state, Arrivals& arrivals) {
    const Instruction& i = (*listing_)[k];
    const isl::PwAff value = affine(state, i.affines[0]);
    const bool sign = i.op == form::Op::if_negative;
    const auto where = [&](isl_set* holds) {
      State s = state;
      s.here = isl::Set(space_->ctx(), isl_set_intersect(s.here.copy(), holds));
      return s;
    };
    arrive(arrivals, k + 1,
           where((sign ? isl_pw_aff_nonneg_set : isl_pw_aff_zero_set)(value.copy())));
    arrive(arrivals, i.target,
           where(sign ? isl_pw_aff_lt_set(value.copy(), space_->constant(0).copy())
                      : isl_pw_aff_non_zero_set(value.copy())));
  }

  void loop(std::size_t k, State state, Arrivals& arrivals) {
    const Instruction& i = (*listing_)[k];
    const std::size_t next = listing_->next_of(k);
    const auto var = static_cast<std::size_t>(i.operands[0]);
    const SymbolicValue start = read(state, i.operands[0]);
    const SymbolicValue last = read(state, i.operands[1]);
    const isl::PwAff counter = space_->counter(loops_.size());

    // What the body computes is unknown when it begins anew, and after the loop.
    const RegisterSet changed = listing_->written(k + 1, next + 1);
    for (std::size_t r = 0; r < state.registers.size(); ++r)
      if (changed[r]) state.registers[r].reset();

    State body = state;
    body.registers[var] = SymbolicValue(counter);
    const auto restrict_to = [&](const isl::Set& s) {
      body.here = isl::Set(space_->ctx(), isl_set_intersect(body.here.copy(), s.copy()));
    };
    restrict_to(start.where_bounds(counter, true));
    restrict_to(last.where_bounds(counter, false));
    if (i.op == form::Op::loop_by)
      restrict_to(stepped(counter, start, read(state, i.operands[2]).exact(), state.here));
    else if (i.operands[2] != 1)
      restrict_to(multiples(counter, start, i.operands[2]));

    loops_.push_back(k);
    walk(k + 1, next, body);
    loops_.pop_back();
    arrive(arrivals, i.target, std::move(state));
  }

  // The same for a step of few values; below 1 there is no iteration.
  isl::Set stepped(const isl::PwAff& counter, const SymbolicValue& start, const isl::PwAff& step,
                   const isl::Set& here) const {
    isl::Set all(space_->ctx(), isl_set_empty(isl_set_get_space(space_->anywhere().get())));
    for (const auto& [value, there] : Levels(*space_, here).values(step, "steps")) {
      if (value < 1) continue;
      isl_set* s = isl_set_intersect(there.copy(), multiples(counter, start, value).copy());
      all = isl::Set(space_->ctx(), isl_set_union(all.copy(), s));
    }
    return all;
  }

  // Where the counter is a number of whole steps behind the start.
  isl::Set multiples(const isl::PwAff& counter, const SymbolicValue& start,
                     std::int64_t step) const {
    const isl::PwAff from = start.exact();
    isl_pw_aff* way = isl_pw_aff_sub(counter.copy(), from.copy());
    way = isl_pw_aff_mod_val(way, isl_val_int_from_si(space_->ctx(), step));
    return {space_->ctx(), isl_pw_aff_zero_set(way)};
  }

  void compute(const Instruction& i, State& state) const {
    const auto source = [&](std::size_t k) { return read(state, i.operands[k]); };
    const auto divisor = [&] { return isl_val_int_from_si(space_->ctx(), i.operands[2]); };
    std::optional<SymbolicValue> result;
    switch (i.op) {
      case form::Op::set:
        if (const AffineOperand& a = i.affines[0];
            a.constant == 0 && a.terms.size() == 1 && a.terms[0].second == 1)
          result = read(state, a.terms[0].first);
        else
          result = SymbolicValue(affine(state, a));
        break;
      case form::Op::floor_div: {
        const isl::PwAff x = source(1).exact();
        result = single(isl_pw_aff_floor(isl_pw_aff_scale_down_val(x.copy(), divisor())));
        break;
      }
      case form::Op::mod: {
        const isl::PwAff x = source(1).exact();
        result = single(isl_pw_aff_mod_val(x.copy(), divisor()));
        break;
      }
      case form::Op::min:
      case form::Op::max:
        result = SymbolicValue::extreme(source(1), source(2), i.op == form::Op::max);
        break;
      case form::Op::mod_by:
        result = SymbolicValue(
            Levels(*space_, state.here).remainder(source(1).exact(), source(2).exact()));
        break;
      default:
        throw NotDecompilable{text({"operation ", static_cast<int>(i.op), " is not known"})};
    }
    state.registers[static_cast<std::size_t>(i.operands[0])] = std::move(result);
  }

  SymbolicValue single(isl_pw_aff* value) const {
    return SymbolicValue(isl::PwAff(space_->ctx(), value));
  }

  const SymbolicValue& read(const State& state, int reg) const {
    const auto& value = state.registers[static_cast<std::size_t>(reg)];
    if (!value) throw NotDecompilable{text({"register ", reg, " is read before it is set"})};
    if (value->is_partial()) {
      const isl::Set set(space_->ctx(), isl_pw_aff_domain(value->exact().copy()));
      if (!isl::decide(space_->ctx(), isl_set_is_subset(state.here.get(), set.get())))
        throw NotDecompilable{text({"register ", reg, " may be read before it is set"})};
    }
    return *value;
  }

  isl::PwAff affine(const State& state, const AffineOperand& a) const {
    isl::PwAff sum = space_->constant(a.constant);
    for (const auto& [reg, coefficient] : a.terms) {
      const isl::PwAff value = read(state, reg).exact();
      isl_pw_aff* term =
          isl_pw_aff_scale_val(value.copy(), isl_val_int_from_si(space_->ctx(), coefficient));
      sum = isl::PwAff(space_->ctx(), isl_pw_aff_add(sum.copy(), term));
    }
    return sum;
  }

  void emit(std::size_t k, const State& state) {
    const Instruction& i = (*listing_)[k];
    std::vector<isl::PwAff> tuple;
    for (const AffineOperand& a : i.affines) tuple.push_back(affine(state, a));
    isl_map* m = isl_map_from_domain(state.here.copy());
    for (const isl::PwAff& value : tuple)
      m = isl_map_flat_range_product(m, isl_map_from_pw_aff(value.copy()));
    const auto open = static_cast<unsigned>(loops_.size());
    const auto point = static_cast<unsigned>(space_->point());
    m = isl_map_project_out(m, isl_dim_in, point + open,
                            static_cast<unsigned>(space_->counters()) - open);
    EmitSite site;
    site.tag = i.operands[0];
    site.runs = isl::Map(space_->ctx(), m);
    site.map =
        isl::Map(space_->ctx(), isl_map_project_out(site.runs.copy(), isl_dim_in, point, open));
    for (const std::size_t loop : loops_) site.positions.push_back(static_cast<int>(loop));
    site.positions.push_back(static_cast<int>(k));
    sites_.push_back(std::move(site));
  }

  const isl::Set& context_;
  std::size_t point_;
  const Listing* listing_ = nullptr;
  const SymbolSpace* space_ = nullptr;
  std::vector<std::size_t> loops_;  // that are open, as positions in the listing
  std::vector<EmitSite> sites_;
};

}  // namespace lambdapack::analysis
