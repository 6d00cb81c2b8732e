// Closed forms as flat integer bytecode.
//
// A form is a small program over 64-bit integer registers that enumerates tuples: the successors
// of a node, the tiles of a run, the nodes of a statement. Registers 0 .. P-1 hold the parameters
// of the task graph, the next ones the point that is asked about, the rest is scratch. A form that
// answers yes or no emits one empty tuple for yes.
//
// Running a form allocates nothing and touches nothing but its Cursor, so any number of threads
// may run one form at once.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lambdapack/error.hpp"

namespace lambdapack::form {

/// One word of bytecode. Jump targets count words from the beginning of their form.
using Word = std::int16_t;

/// Registers of a form; parameters, point and scratch together.
inline constexpr int max_registers = 64;

/// Longest tuple that a form may emit.
inline constexpr int max_tuple = 8;

/// Operations. Operands follow the operation word. An affine operand is [constant, n, then n words
/// of register in the low 8 bits and signed coefficient in the high 8]; what is too large for that
/// is computed into registers first.
enum class Op : Word {
  end,          ///< no further tuples
  set,          ///< dst, affine: dst = affine
  floor_div,    ///< dst, src, d: dst = floor(src / d), d > 0
  mod,          ///< dst, src, d: dst = src - d * floor(src / d), d > 0
  min,          ///< dst, a, b
  max,          ///< dst, a, b
  if_negative,  ///< target, affine: jump where affine < 0
  if_nonzero,   ///< target, affine: jump where affine != 0
  jump,         ///< target
  loop,  ///< var, last, step, exit, leaf: skip to exit where var > last; leaf: see Cursor::count
  next,  ///< var, last, step, body: var += step, to body while var <= last
  emit,      ///< tag, n, n affines: one tuple
  power,     ///< dst, src, base: dst = min(base^src, max_power); 0 where src < 0
  log_floor, ///< dst, src, base: dst = the largest e >= 0 with base^e <= src; 0 where src < 1
  log_ceil,  ///< dst, src, base: dst = the smallest e >= 0 with base^e >= src
  mod_by,    ///< dst, src, d: dst = src modulo register d; src itself where d < 1
  floor_div_by, ///< dst, src, d: dst = floor(src / register d), d > 0
  wide,      ///< dst, high, low: dst = a constant of 32 bits
  multiply,  ///< dst, a, b: dst = a * b
  loop_by,   ///< as loop, with the step in a register; a step below 1 is an empty loop
  next_by,   ///< as next, with the step in a register
};

/// Sizes are no larger than this.
inline constexpr std::int64_t max_size = std::int64_t{1} << 40;

/// Larger powers count as this one, which exceeds every size.
inline constexpr std::int64_t max_power = std::int64_t{1} << 42;

/// base^e, up to max_power; 0 where e < 0.
inline std::int64_t power(std::int64_t base, std::int64_t e) {
  if (e < 0) return 0;
  if (base == 2) return e < 42 ? std::int64_t{1} << e : max_power;
  std::int64_t value = 1;
  for (; e > 0; --e)
    if (__builtin_mul_overflow(value, base, &value) || value >= max_power) return max_power;
  return value;
}

/// The largest e >= 0 with base^e <= x; 0 where x < 1.
inline std::int64_t log_floor(std::int64_t base, std::int64_t x) {
  if (x < 1) return 0;
  if (base == 2) return static_cast<std::int64_t>(std::bit_width(static_cast<std::uint64_t>(x))) - 1;
  std::int64_t e = 0;
  for (; x >= base; x /= base) ++e;
  return e;
}

/// The smallest e >= 0 with base^e >= x.
inline std::int64_t log_ceil(std::int64_t base, std::int64_t x) {
  return x <= 1 ? 0 : log_floor(base, x - 1) + 1;
}

/// a / d, rounded down; d > 0.
constexpr std::int64_t floor_div(std::int64_t a, std::int64_t d) {
  return a / d - (a % d < 0 ? 1 : 0);
}

/// a - d * floor(a / d); a itself where d < 1.
constexpr std::int64_t modulo(std::int64_t a, std::int64_t d) {
  return d < 1 ? a : a - d * floor_div(a, d);
}

/// The same where d is a power of two, or 0.
constexpr std::int64_t modulo_power(std::int64_t a, std::int64_t d) { return a & (d - 1); }

/// How many of first, first + step, ... are not beyond last; step > 0.
constexpr std::int64_t steps(std::int64_t first, std::int64_t last, std::int64_t step) {
  return first > last ? 0 : (last - first) / step + 1;
}

/// Where a form begins in its code, in words. A negative offset is the form that emits nothing.
/// `native` is the same form as a compiled function, by its place among those of the program
/// (form/native.hpp), if there is one. Entries are equal if they begin at the same place.
struct Entry {
  std::int32_t offset = -1;
  std::int32_t native = -1;
  bool operator==(const Entry& other) const { return offset == other.offset; }
};

/// A run of a form, suspended between two tuples.
class Cursor {
 public:
  /// Starts `entry` of `code` at a point. `code` must outlive the cursor.
  Cursor(const Word* code, Entry entry, std::span<const std::int64_t> parameters,
         std::span<const std::int64_t> point = {})
      : base_(entry.offset < 0 ? nullptr : code + entry.offset), at_(base_) {
    std::size_t r = 0;
    for (std::int64_t p : parameters) registers_[r++] = p;
    for (std::int64_t x : point) registers_[r++] = x;
  }

  /// The next tuple: its tag, its size, and its values, for which there is room for max_tuple.
  /// False when there is none left.
  bool next(int& tag, int& size, std::int64_t* values) {
    if (at_ == nullptr) return false;
    while (true) {
      const Op op = static_cast<Op>(*at_);
      if (op == Op::emit) {
        emit(tag, size, values);
        return true;
      }
      if (op == Op::end) {
        at_ = nullptr;
        return false;
      }
      step(op);
    }
  }

  /// As `next`, but what a loop that does nothing but emit has to give comes at once: `times`
  /// tuples, of which `values` is the first, and each is `step` further than the one before.
  bool next_run(int& tag, int& size, std::int64_t* values, std::int64_t* step_values,
                std::int64_t& times) {
    while (at_ != nullptr) {
      const Op op = static_cast<Op>(*at_);
      if ((op != Op::loop && op != Op::loop_by) || at_[5] == 0) {
        if (op != Op::emit && op != Op::end) {
          step(op);
          continue;
        }
        times = 1;
        if (!next(tag, size, values)) return false;
        for (int k = 0; k < size; ++k) step_values[k] = 0;
        return true;
      }
      const Word* const loop = at_;
      const std::int64_t by = op == Op::loop ? loop[3] : reg(loop[3]);
      times = by < 1 ? 0 : steps(reg(loop[1]), reg(loop[2]), by);
      if (times > 0) {
        at_ = loop + 6;
        emit(tag, size, values);
        reg(loop[1]) += by;
        at_ = loop + 6;
        emit(tag, size, step_values);
        for (int k = 0; k < size; ++k) step_values[k] -= values[k];
      }
      at_ = base_ + loop[4];
      if (times > 0) return true;
    }
    return false;
  }

  /// Whether there is a tuple left; for a form that answers yes or no.
  bool any() {
    int tag, size;
    std::int64_t values[max_tuple];
    return next(tag, size, values);
  }

  /// How many tuples are left; a loop that does nothing but emit is counted without running it.
  std::int64_t count() {
    std::int64_t tuples = 0;
    while (at_ != nullptr) {
      const Op op = static_cast<Op>(*at_);
      if (op == Op::end) {
        at_ = nullptr;
      } else if (op == Op::emit) {
        ++tuples;
        skip_emit();
      } else if ((op == Op::loop || op == Op::loop_by) && at_[5] != 0) {
        const std::int64_t left = reg(at_[2]) - reg(at_[1]);
        const std::int64_t by = op == Op::loop ? at_[3] : reg(at_[3]);
        if (left >= 0 && by > 0) tuples += left / by + 1;
        at_ = base_ + at_[4];
      } else {
        step(op);
      }
    }
    return tuples;
  }

 private:
  std::int64_t& reg(int r) { return registers_[static_cast<std::size_t>(r)]; }

  std::int64_t affine(const Word*& at) {
    std::int64_t value = *at++;
    for (Word n = *at++; n > 0; --n, ++at)
      value += static_cast<std::int64_t>(*at >> 8) * reg(*at & 255);
    return value;
  }

  void step(Op op) {
    const Word* at = at_ + 1;
    switch (op) {
      case Op::set: {
        const Word dst = *at++;
        reg(dst) = affine(at);
        break;
      }
      case Op::floor_div:
        reg(at[0]) = floor_div(reg(at[1]), at[2]);
        at += 3;
        break;
      case Op::mod:
        reg(at[0]) = modulo(reg(at[1]), at[2]);
        at += 3;
        break;
      case Op::min:
        reg(at[0]) = reg(at[1]) < reg(at[2]) ? reg(at[1]) : reg(at[2]);
        at += 3;
        break;
      case Op::max:
        reg(at[0]) = reg(at[1]) > reg(at[2]) ? reg(at[1]) : reg(at[2]);
        at += 3;
        break;
      case Op::if_negative: {
        const Word target = *at++;
        if (affine(at) < 0) at = base_ + target;
        break;
      }
      case Op::if_nonzero: {
        const Word target = *at++;
        if (affine(at) != 0) at = base_ + target;
        break;
      }
      case Op::jump:
        at = base_ + at[0];
        break;
      case Op::loop:
        at = reg(at[0]) > reg(at[1]) ? base_ + at[3] : at + 5;
        break;
      case Op::next:
        reg(at[0]) += at[2];
        at = reg(at[0]) <= reg(at[1]) ? base_ + at[3] : at + 4;
        break;
      case Op::power:
        reg(at[0]) = power(at[2], reg(at[1]));
        at += 3;
        break;
      case Op::log_floor:
        reg(at[0]) = log_floor(at[2], reg(at[1]));
        at += 3;
        break;
      case Op::log_ceil:
        reg(at[0]) = log_ceil(at[2], reg(at[1]));
        at += 3;
        break;
      case Op::mod_by:
        reg(at[0]) = modulo(reg(at[1]), reg(at[2]));
        at += 3;
        break;
      case Op::floor_div_by:
        reg(at[0]) = floor_div(reg(at[1]), reg(at[2]));
        at += 3;
        break;
      case Op::wide:
        reg(at[0]) = static_cast<std::int64_t>(at[1]) * 65536 + static_cast<std::uint16_t>(at[2]);
        at += 3;
        break;
      case Op::multiply:
        reg(at[0]) = reg(at[1]) * reg(at[2]);
        at += 3;
        break;
      case Op::loop_by:
        at = reg(at[0]) > reg(at[1]) || reg(at[2]) < 1 ? base_ + at[3] : at + 5;
        break;
      case Op::next_by:
        reg(at[0]) += reg(at[2]);
        at = reg(at[0]) <= reg(at[1]) ? base_ + at[3] : at + 4;
        break;
      case Op::emit:
      case Op::end:
        break;
    }
    at_ = at;
  }

  void emit(int& tag, int& size, std::int64_t* values) {
    const Word* at = at_ + 1;
    tag = *at++;
    size = *at++;
    for (int k = 0; k < size; ++k) values[k] = affine(at);
    at_ = at;
  }

  void skip_emit() {
    const Word* at = at_ + 2;
    for (Word n = *at++; n > 0; --n) at += 2 + at[1];
    at_ = at;
  }

  const Word* base_;
  const Word* at_;
  std::array<std::int64_t, max_registers> registers_;
};

}  // namespace lambdapack::form
