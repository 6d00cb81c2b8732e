// Writes forms: the one place that knows how operations are laid out in words.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/codes.hpp"
#include "lambdapack/form/code.hpp"

namespace lambdapack::form {

/// constant + sum of coefficient * register, while a form is being written.
struct Affine {
  std::int64_t constant = 0;
  std::map<int, std::int64_t> terms;

  static Affine of(std::int64_t constant) { return {constant, {}}; }
  static Affine of_register(int reg) { return {0, {{reg, 1}}}; }

  bool is_constant() const { return terms.empty(); }

  Affine& add(const Affine& other, std::int64_t factor = 1) {
    constant += factor * other.constant;
    for (const auto& [reg, coefficient] : other.terms)
      if ((terms[reg] += factor * coefficient) == 0) terms.erase(reg);
    return *this;
  }
};

/// Writes one form, operation by operation. Jump targets are labels until `finish`.
class Assembler {
 public:
  using Label = int;

  /// `first_scratch` is the number of registers that parameters and point take.
  /// Throws program_error if they are too many.
  explicit Assembler(int first_scratch) : next_register_(first_scratch) {
    if (first_scratch > max_registers)
      throw program_error(
          "lambdapack: the sizes of a program and the indices of a node take more "
          "than " +
          std::to_string(max_registers) +
          " registers; use fewer arrays, or arrays of a smaller rank",
          codes::too_large);
  }

  int scratch() {
    if (next_register_ >= max_registers)
      throw program_error("lambdapack: a closed form needs more than " +
                          std::to_string(max_registers) +
                          " registers; split the statement or use fewer parameters",
                          codes::too_large);
    return next_register_++;
  }
  /// Scratch registers taken after `mark()` are free again after `release(mark)`.
  int mark() const { return next_register_; }
  void release(int mark) { next_register_ = mark; }

  Label label() {
    targets_.push_back(-1);
    return static_cast<Label>(targets_.size()) - 1;
  }
  void place(Label label) { targets_[static_cast<std::size_t>(label)] = here(); }

  void set(int dst, const Affine& value) {
    const Affine fitting = fit(value);
    op(Op::set, dst);
    affine(fitting);
  }
  void floor_div(int dst, int src, std::int64_t d) { divide(Op::floor_div, dst, src, d); }
  void mod(int dst, int src, std::int64_t d) { divide(Op::mod, dst, src, d); }
  void min(int dst, int a, int b) { op(Op::min, dst, a, b); }
  void max(int dst, int a, int b) { op(Op::max, dst, a, b); }
  void power(int dst, int src, std::int64_t base) { op(Op::power, dst, src, word(base)); }
  void log_floor(int dst, int src, std::int64_t base) { op(Op::log_floor, dst, src, word(base)); }
  void log_ceil(int dst, int src, std::int64_t base) { op(Op::log_ceil, dst, src, word(base)); }
  void mod_by(int dst, int src, int d) { op(Op::mod_by, dst, src, d); }

  /// A register that holds the value: its own if it is one, else a scratch register.
  int in_register(const Affine& a) {
    if (a.constant == 0 && a.terms.size() == 1 && a.terms.begin()->second == 1)
      return a.terms.begin()->first;
    const int r = scratch();
    set(r, a);
    return r;
  }
  void if_negative(const Affine& value, Label target) { branch(Op::if_negative, value, target); }
  void if_nonzero(const Affine& value, Label target) { branch(Op::if_nonzero, value, target); }
  void jump(Label target) {
    op(Op::jump);
    jump_operand(target);
  }
  void emit(int tag, const std::vector<Affine>& values) {
    if (values.size() > max_tuple) throw internal_error("a form emits too long a tuple");
    std::vector<Affine> fitting;
    for (const Affine& v : values) fitting.push_back(fit(v));
    op(Op::emit, tag, values.size());
    for (const Affine& v : fitting) affine(v);
  }
  void end() { op(Op::end); }

  /// `for (var; var <= last; var += step)` around what `body()` writes. The loop is a leaf if the
  /// body is one emit and nothing else.
  template <class Body>
  void loop(int var, int last, std::int64_t step, Body&& body) {
    if (fits(step)) return loop(Op::loop, Op::next, var, last, step, body);
    loop_by(var, last, wide(step), body);
  }
  /// The same with the step in a register.
  template <class Body>
  void loop_by(int var, int last, int step, Body&& body) {
    loop(Op::loop_by, Op::next_by, var, last, step, body);
  }

  /// The finished code; the assembler is empty afterwards.
  std::vector<Word> finish() {
    for (const auto& [at, label] : jumps_)
      code_[at] = word(targets_[static_cast<std::size_t>(label)]);
    jumps_.clear();
    return std::move(code_);
  }

 private:
  std::int64_t here() const { return static_cast<std::int64_t>(code_.size()); }

  static bool fits(std::int64_t value) {
    return value >= std::numeric_limits<Word>::min() && value <= std::numeric_limits<Word>::max();
  }

  static Word word(std::int64_t value) {
    if (!fits(value))
      throw program_error(
          "lambdapack: a closed form is too large for its code: " + std::to_string(value) +
              " does not fit 16 bits; split the statement, or the program",
          codes::too_large);
    return static_cast<Word>(value);
  }

  // A register that holds the constant.
  int wide(std::int64_t value) {
    if (value < std::numeric_limits<std::int32_t>::min() ||
        value > std::numeric_limits<std::int32_t>::max())
      throw program_error("lambdapack: the constant " + std::to_string(value) +
                              " in an index expression does not fit 32 bits; use smaller constants",
                          codes::too_large);
    const int r = scratch();
    const auto low = static_cast<std::uint16_t>(value & 0xffff);
    op(Op::wide, r, (value - low) / 65536, static_cast<Word>(low));
    return r;
  }

  // The same value with a constant and coefficients that fit their words.
  Affine fit(const Affine& value) {
    Affine fitting = Affine::of(value.constant);
    if (!fits(value.constant)) fitting = Affine::of_register(wide(value.constant));
    for (const auto& [reg, coefficient] : value.terms) {
      if (coefficient >= -128 && coefficient < 128) {
        fitting.add(Affine::of_register(reg), coefficient);
        continue;
      }
      const int factor = wide(coefficient), product = scratch();
      op(Op::multiply, product, reg, factor);
      fitting.add(Affine::of_register(product));
    }
    return fitting;
  }

  void divide(Op operation, int dst, int src, std::int64_t d) {
    if (fits(d)) return op(operation, dst, src, d);
    op(operation == Op::mod ? Op::mod_by : Op::floor_div_by, dst, src, wide(d));
  }

  void branch(Op operation, const Affine& value, Label target) {
    const Affine fitting = fit(value);
    op(operation);
    jump_operand(target);
    affine(fitting);
  }

  template <class... Operands>
  void op(Op operation, Operands... operands) {
    code_.push_back(static_cast<Word>(operation));
    (code_.push_back(word(static_cast<std::int64_t>(operands))), ...);
  }

  void jump_operand(Label target) {
    jumps_.emplace_back(code_.size(), target);
    code_.push_back(-1);
  }

  void affine(const Affine& value) {
    code_.push_back(word(value.constant));
    code_.push_back(word(static_cast<std::int64_t>(value.terms.size())));
    for (const auto& [reg, coefficient] : value.terms)
      code_.push_back(word(coefficient * 256 + reg));
  }

  template <class Body>
  void loop(Op begin, Op again, int var, int last, std::int64_t step, Body& body) {
    const Label exit = label();
    op(begin, var, last, step);
    jump_operand(exit);
    const std::size_t leaf = code_.size();
    code_.push_back(0);
    const Label top = label();
    place(top);
    const std::int64_t first = here();
    body();
    code_[leaf] = static_cast<Word>(is_one_emit(first));
    op(again, var, last, step);
    jump_operand(top);
    place(exit);
  }

  bool is_one_emit(std::int64_t begin) const {
    std::size_t at = static_cast<std::size_t>(begin);
    if (at >= code_.size() || code_[at] != static_cast<Word>(Op::emit)) return false;
    Word values = code_[at + 2];
    for (at += 3; values > 0; --values) at += 2 + static_cast<std::size_t>(code_[at + 1]);
    return at == code_.size();
  }

  int next_register_;
  std::vector<Word> code_;
  std::vector<std::int64_t> targets_;
  std::vector<std::pair<std::size_t, Label>> jumps_;
};

}  // namespace lambdapack::form
