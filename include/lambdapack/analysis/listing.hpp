// A form's bytecode taken apart: operations, where they lead, and which registers matter where.
#pragma once

#include <algorithm>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/form/code.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::analysis {

/// Why a form cannot be read: an operation or a shape of code that is not known here. The form may
/// be right nevertheless.
struct NotDecompilable {
  std::string why;
};

/// What is wrong with the code of a form: no run of it can be right.
struct BrokenForm {
  std::string why;
};

/// What is wrong with a form that can be read: a sentence with its name and an example.
struct WrongForm {
  std::string what;
};

/// constant + sum of coefficient * register, as it stands in the code.
struct AffineOperand {
  std::int64_t constant = 0;
  std::vector<std::pair<int, std::int64_t>> terms;
};

/// One operation. `operands` are its plain words, in the order of form::Op; jump targets among them
/// are kept apart, in `target`, as positions in the listing.
struct Instruction {
  form::Op op = form::Op::end;
  std::vector<form::Word> operands;
  std::vector<AffineOperand> affines;
  std::size_t target = 0;
};

using RegisterSet = std::bitset<form::max_registers>;

/// The operations of one form. Code is forward jumps and properly nested loops, or refused.
class Listing {
 public:
  /// Throws NotDecompilable and BrokenForm. `offset` is where the form begins in `code`.
  Listing(const std::vector<form::Word>& code, std::int32_t offset) : code_(code) {
    if (offset < 0 || static_cast<std::size_t>(offset) >= code.size())
      throw BrokenForm{"it begins outside of the code"};
    base_ = static_cast<std::size_t>(offset);
    decode();
    resolve();
    check_loops();
    find_live();
  }

  const std::vector<Instruction>& instructions() const { return instructions_; }
  const Instruction& operator[](std::size_t k) const { return instructions_[k]; }
  std::size_t size() const { return instructions_.size(); }

  /// Registers whose value on arrival at instruction k may still be read.
  const RegisterSet& live(std::size_t k) const { return live_[k]; }

  /// The deepest nest of loops.
  std::size_t depth() const { return depth_; }

  /// The `next` of the loop at instruction k: the one before its exit.
  std::size_t next_of(std::size_t loop) const { return instructions_[loop].target - 1; }

  /// Registers that instructions first .. last - 1 write.
  RegisterSet written(std::size_t first, std::size_t last) const {
    RegisterSet all;
    for (std::size_t k = first; k < last; ++k) all |= writes(instructions_[k]);
    return all;
  }

 private:
  form::Word word() {
    if (at_ >= code_.size()) throw BrokenForm{"it runs past the end of the code"};
    return code_[at_++];
  }

  form::Word reg() {
    const form::Word r = word();
    if (r < 0 || r >= form::max_registers) throw BrokenForm{text({"it uses register ", r})};
    return r;
  }

  form::Word positive() {
    const form::Word d = word();
    if (d <= 0) throw BrokenForm{text({"it divides or steps by ", d})};
    return d;
  }

  AffineOperand affine() {
    AffineOperand a;
    a.constant = word();
    const form::Word n = word();
    if (n < 0 || n > form::max_registers) throw BrokenForm{text({"it adds up ", n, " terms"})};
    for (form::Word k = 0; k < n; ++k) {
      const form::Word term = word();
      if ((term & 255) >= form::max_registers)
        throw BrokenForm{text({"it uses register ", term & 255})};
      a.terms.emplace_back(term & 255, term >> 8);
    }
    return a;
  }

  void decode() {
    at_ = base_;
    std::size_t furthest = 0;
    while (true) {
      const std::size_t begin = at_ - base_;
      Instruction i;
      i.op = static_cast<form::Op>(word());
      operands(i);
      if (jumps(i)) furthest = std::max(furthest, i.target);
      offsets_.push_back(begin);
      instructions_.push_back(std::move(i));
      if (instructions_.back().op == form::Op::end && begin >= furthest) return;
    }
  }

  void operands(Instruction& i) {
    switch (i.op) {
      case form::Op::end:
        return;
      case form::Op::set:
        i.operands = {reg()};
        i.affines = {affine()};
        return;
      case form::Op::floor_div:
      case form::Op::mod:
        i.operands = {reg(), reg(), positive()};
        return;
      case form::Op::min:
      case form::Op::max:
        i.operands = {reg(), reg(), reg()};
        return;
      case form::Op::if_negative:
      case form::Op::if_nonzero:
        i.target = target();
        i.affines = {affine()};
        return;
      case form::Op::jump:
        i.target = target();
        return;
      case form::Op::loop:
        i.operands = {reg(), reg(), positive()};
        i.target = target();
        i.operands.push_back(word());
        return;
      case form::Op::next:
        i.operands = {reg(), reg(), positive()};
        i.target = target();
        return;
      case form::Op::emit:
        i.operands = {word(), word()};
        if (i.operands[1] < 0 || i.operands[1] > form::max_tuple)
          throw BrokenForm{text({"it emits a tuple of ", i.operands[1], " values"})};
        for (form::Word k = 0; k < i.operands[1]; ++k) i.affines.push_back(affine());
        return;
      case form::Op::power:
      case form::Op::log_floor:
      case form::Op::log_ceil:
        i.operands = {reg(), reg(), word()};
        if (i.operands[2] < 2) throw BrokenForm{text({"it takes powers of ", i.operands[2]})};
        return;
      case form::Op::mod_by:
      case form::Op::floor_div_by:
      case form::Op::multiply:
        i.operands = {reg(), reg(), reg()};
        return;
      case form::Op::loop_by:
        i.operands = {reg(), reg(), reg()};
        i.target = target();
        i.operands.push_back(word());
        return;
      case form::Op::next_by:
        i.operands = {reg(), reg(), reg()};
        i.target = target();
        return;
      case form::Op::wide: {
        i.op = form::Op::set;
        i.operands = {reg()};
        const std::int64_t high = word(), low = static_cast<std::uint16_t>(word());
        i.affines = {AffineOperand{high * 65536 + low, {}}};
        return;
      }
    }
    throw NotDecompilable{text({"operation ", static_cast<int>(i.op), " is not known"})};
  }

  std::size_t target() {
    const form::Word t = word();
    if (t < 0) throw BrokenForm{"it jumps out of the code"};
    return static_cast<std::size_t>(t);
  }

  static bool jumps(const Instruction& i) {
    return i.op == form::Op::if_negative || i.op == form::Op::if_nonzero ||
           i.op == form::Op::jump || begins_loop(i) || ends_loop(i);
  }
  static bool begins_loop(const Instruction& i) {
    return i.op == form::Op::loop || i.op == form::Op::loop_by;
  }
  static bool ends_loop(const Instruction& i) {
    return i.op == form::Op::next || i.op == form::Op::next_by;
  }

  // Targets as positions in the listing.
  void resolve() {
    for (std::size_t k = 0; k < instructions_.size(); ++k) {
      Instruction& i = instructions_[k];
      if (!jumps(i)) continue;
      const auto found = std::lower_bound(offsets_.begin(), offsets_.end(), i.target);
      if (found == offsets_.end() || *found != i.target)
        throw BrokenForm{"it jumps into the middle of an operation, or out of the form"};
      i.target = static_cast<std::size_t>(found - offsets_.begin());
      if (!ends_loop(i) && i.target <= k)
        throw NotDecompilable{"it jumps backward other than by a loop"};
    }
  }

  void check_loops() {
    std::vector<std::size_t> open;
    for (std::size_t k = 0; k < instructions_.size(); ++k) {
      if (begins_loop(instructions_[k])) {
        check_loop(k);
        open.push_back(k);
        depth_ = std::max(depth_, open.size());
      } else if (ends_loop(instructions_[k])) {
        if (open.empty() || next_of(open.back()) != k)
          throw NotDecompilable{"its loops are not properly nested"};
        open.pop_back();
      }
    }
    if (!open.empty()) throw NotDecompilable{"its loops are not properly nested"};
  }

  void check_loop(std::size_t k) const {
    const Instruction& loop = instructions_[k];
    const Instruction& next = instructions_[next_of(k)];
    const auto same = [&](std::size_t o) { return loop.operands[o] == next.operands[o]; };
    if (!ends_loop(next) || next.target != k + 1)
      throw NotDecompilable{"a loop does not end where it is left"};
    const bool by_register = loop.op == form::Op::loop_by;
    if (by_register != (next.op == form::Op::next_by) || !same(0) || !same(1) || !same(2))
      throw BrokenForm{"a loop begins and ends with different registers or steps"};
    const RegisterSet body = written(k + 1, next_of(k));
    if (body[register_of(loop, 0)] || body[register_of(loop, 1)] ||
        (by_register && body[register_of(loop, 2)]))
      throw NotDecompilable{"the body of a loop changes its counter, its bound or its step"};
    const bool leaf = next_of(k) == k + 2 && instructions_[k + 1].op == form::Op::emit;
    if (loop.operands[3] != 0 && !leaf)
      throw BrokenForm{"a loop that does more than emit is marked as a leaf, and counted wrongly"};
  }

  static std::size_t register_of(const Instruction& i, std::size_t operand) {
    return static_cast<std::size_t>(i.operands[operand]);
  }

  static RegisterSet reads(const Instruction& i) {
    RegisterSet set;
    for (const AffineOperand& a : i.affines)
      for (const auto& [reg, coefficient] : a.terms) set.set(static_cast<std::size_t>(reg));
    switch (i.op) {
      case form::Op::floor_div:
      case form::Op::mod:
      case form::Op::power:
      case form::Op::log_floor:
      case form::Op::log_ceil:
        set.set(register_of(i, 1));
        break;
      case form::Op::loop_by:
      case form::Op::next_by:
        set.set(register_of(i, 0)).set(register_of(i, 1)).set(register_of(i, 2));
        break;
      case form::Op::min:
      case form::Op::max:
      case form::Op::mod_by:
      case form::Op::floor_div_by:
      case form::Op::multiply:
        set.set(register_of(i, 1)).set(register_of(i, 2));
        break;
      case form::Op::loop:
      case form::Op::next:
        set.set(register_of(i, 0)).set(register_of(i, 1));
        break;
      default:
        break;
    }
    return set;
  }

  static RegisterSet writes(const Instruction& i) {
    RegisterSet set;
    switch (i.op) {
      case form::Op::set:
      case form::Op::floor_div:
      case form::Op::mod:
      case form::Op::min:
      case form::Op::max:
      case form::Op::next:
      case form::Op::next_by:
      case form::Op::power:
      case form::Op::log_floor:
      case form::Op::log_ceil:
      case form::Op::mod_by:
      case form::Op::floor_div_by:
      case form::Op::multiply:
        set.set(register_of(i, 0));
        break;
      default:
        break;
    }
    return set;
  }

  void find_live() {
    live_.resize(instructions_.size());
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t k = instructions_.size(); k-- > 0;) {
        const Instruction& i = instructions_[k];
        RegisterSet after;
        if (jumps(i)) after |= live_[i.target];
        if (i.op != form::Op::jump && i.op != form::Op::end) after |= live_[k + 1];
        const RegisterSet before = reads(i) | (after & ~writes(i));
        changed = changed || before != live_[k];
        live_[k] = before;
      }
    }
  }

  const std::vector<form::Word>& code_;
  std::size_t base_ = 0;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::vector<Instruction> instructions_;
  std::vector<std::size_t> offsets_;  // of each instruction, from the beginning of the form
  std::vector<RegisterSet> live_;
};

}  // namespace lambdapack::analysis
