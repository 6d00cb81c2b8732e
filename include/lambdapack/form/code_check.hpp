// Bytecode from strangers, looked at before it runs. Code that passes cannot leave itself: every
// operation is known and whole, registers exist and are set before they are read, jumps go forward
// to operations of their form and not into a loop, loops end, nothing is divided by zero. What a
// form computes is not looked at; that is proved by analysis/verify.hpp.
#pragma once

#include <algorithm>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/form/code.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::form {

/// A form as its callers see it.
struct Sketch {
  std::int32_t offset = 0;
  int inputs = 0;                           ///< it reads registers below this that it did not set
  bool always_emits = false;                ///< a tuple comes before any condition, loop or end
  std::vector<std::pair<int, int>> tuples;  ///< the distinct (tag, size) that it may emit
};

namespace detail {

using Registers = std::bitset<max_registers>;

/// Takes code apart from its beginning: forms, one behind the other.
class CodeReader {
 public:
  explicit CodeReader(const std::vector<Word>& code) : code_(code) {}

  std::vector<Sketch> read() {
    std::vector<Sketch> forms;
    while (at_ < code_.size()) forms.push_back(form());
    return forms;
  }

 private:
  // A loop that is open, and where its `next` stands.
  struct Open {
    std::size_t begin, next;
    Registers fixed;  // counter, bound and step: nothing in the loop may set them
  };
  // A jump forward to a place that has not been read yet.
  struct Jump {
    std::size_t from, target;
    Registers set;
  };

  [[noreturn]] void refuse(const std::string& what) const {
    throw input_error(text({"word ", op_at_, ": ", what}));
  }

  std::size_t here() const { return at_ - base_; }

  Word word() {
    if (at_ >= code_.size()) refuse("the code ends before the form does");
    return code_[at_++];
  }

  int reg() {
    const Word r = word();
    if (r < 0 || r >= max_registers)
      refuse(text({"register ", r, "; expected one from 0 to ", max_registers - 1}));
    return r;
  }

  int source() {
    const int r = reg();
    read_register(r);
    return r;
  }

  void destination() { set_.push_back(reg()); }

  void read_register(int r) {
    if (is_set_[static_cast<std::size_t>(r)]) return;
    now_.inputs = std::max(now_.inputs, r + 1);
  }

  int number(int least, const char* what) {
    const Word n = word();
    if (n < least) refuse(text({what, " ", n, "; expected ", least, " or more"}));
    return n;
  }

  void affine() {
    word();
    const Word terms = word();
    if (terms < 0 || terms > max_registers)
      refuse(text({terms, " terms; expected from 0 to ", max_registers}));
    for (Word k = 0; k < terms; ++k) {
      const int r = word() & 255;
      if (r >= max_registers)
        refuse(text({"register ", r, "; expected one from 0 to ", max_registers - 1}));
      read_register(r);
    }
  }

  std::size_t target() {
    const Word t = word();
    if (t < 0) refuse(text({"a jump to ", t, "; expected a place in the form"}));
    return static_cast<std::size_t>(t);
  }

  void jump_to(std::size_t t) { jumps_.push_back({op_at_, t, is_set_}); }

  Sketch form() {
    base_ = at_;
    now_ = {static_cast<std::int32_t>(base_), 0, false, {}};
    is_set_.reset();
    reached_ = true;
    plain_ = true;
    wide_ = -1;
    while (true) {
      op_at_ = at_;
      const bool landed = arrive();
      // What nobody reaches reads nothing that is not set.
      if (!reached_) is_set_.set();
      const int wide_before = landed ? -1 : wide_;
      wide_ = -1;
      set_.clear();
      const auto op = static_cast<Op>(word());
      operation(op, wide_before);
      for (const int r : set_) set_register(r);
      if (op == Op::end && jumps_.empty() && open_.empty()) break;
    }
    std::sort(now_.tuples.begin(), now_.tuples.end());
    now_.tuples.erase(std::unique(now_.tuples.begin(), now_.tuples.end()), now_.tuples.end());
    return now_;
  }

  void set_register(int r) {
    keep_fixed(r);
    is_set_.set(static_cast<std::size_t>(r));
  }

  void keep_fixed(int r) const {
    for (const Open& loop : open_)
      if (loop.fixed[static_cast<std::size_t>(r)])
        refuse(text({"register ", r, " is set in a loop that counts with it"}));
  }

  // Joins the jumps that lead here; returns whether there are any.
  bool arrive() {
    bool landed = false;
    for (std::size_t k = 0; k < jumps_.size();) {
      const Jump& j = jumps_[k];
      if (j.target > here()) {
        ++k;
        continue;
      }
      if (j.target < here()) {
        op_at_ = j.from;
        refuse(text({"a jump to ", j.target, ", where no operation begins"}));
      }
      if (!open_.empty() && open_.back().begin > j.from) {
        op_at_ = j.from;
        refuse(text({"a jump to ", j.target, ", into a loop"}));
      }
      is_set_ = reached_ ? is_set_ & j.set : j.set;
      reached_ = true;
      landed = true;
      jumps_.erase(jumps_.begin() + static_cast<std::ptrdiff_t>(k));
    }
    return landed;
  }

  void operation(Op op, int wide_before) {
    switch (op) {
      case Op::end:
        plain_ = false;
        reached_ = false;
        return;
      case Op::set:
        destination();
        return affine();
      case Op::floor_div:
      case Op::mod:
        destination();
        source();
        number(1, "a division by");
        return;
      case Op::min:
      case Op::max:
      case Op::multiply:
      case Op::mod_by:
        destination();
        source();
        source();
        return;
      case Op::power:
      case Op::log_floor:
      case Op::log_ceil:
        destination();
        source();
        number(2, "the base");
        return;
      case Op::floor_div_by:
        destination();
        source();
        if (source() != wide_before)
          refuse("floor_div_by does not stand behind the wide that sets its divisor above 0");
        return;
      case Op::wide: {
        const int r = reg();
        set_.push_back(r);
        const Word high = word(), low = word();
        if (high > 0 || (high == 0 && low != 0)) wide_ = r;
        return;
      }
      case Op::if_negative:
      case Op::if_nonzero:
      case Op::jump:
        return branch(op);
      case Op::loop:
      case Op::loop_by:
        return begin_loop(op);
      case Op::next:
      case Op::next_by:
        return end_loop(op);
      case Op::emit:
        return emit();
    }
    refuse(text({"operation ", static_cast<int>(op), "; the operations are 0 to ",
                 static_cast<int>(Op::next_by)}));
  }

  void branch(Op op) {
    plain_ = false;
    const std::size_t t = target();
    if (op != Op::jump) affine();
    if (t < here()) refuse(text({"a jump back to ", t, "; only next and next_by go back"}));
    jump_to(t);
    if (op == Op::jump) reached_ = false;
  }

  // The first words of a loop's begin and of its end, which are the same.
  Registers counters(Op op) {
    const bool by_register = op == Op::loop_by || op == Op::next_by;
    Registers fixed;
    fixed.set(static_cast<std::size_t>(source())).set(static_cast<std::size_t>(source()));
    if (by_register)
      fixed.set(static_cast<std::size_t>(source()));
    else
      number(1, "a step of");
    return fixed;
  }

  void begin_loop(Op op) {
    plain_ = false;
    const Registers fixed = counters(op);
    keep_fixed(code_[op_at_ + 1]);
    const std::size_t exit = target();
    const Word leaf = word();
    constexpr std::size_t next_words = 5;
    if (exit < here() + next_words || exit > code_.size() - base_)
      refuse(text({"a loop that is left for ", exit, ", where it has not ended"}));
    if (leaf != 0 && leaf != 1) refuse(text({"a loop with the leaf mark ", leaf}));
    if (leaf == 1 && !is_one_emit(exit - next_words))
      refuse("a loop that does more than emit is marked as a leaf");
    if (!open_.empty() && exit - next_words >= open_.back().next) refuse("loops that overlap");
    jump_to(exit);
    open_.push_back({op_at_, exit - next_words, fixed});
  }

  void end_loop(Op op) {
    if (open_.empty() || open_.back().next != op_at_ - base_)
      refuse("the end of a loop where no loop ends");
    const std::size_t begin = open_.back().begin;
    for (std::size_t k = 1; k < 4; ++k)
      if (op_at_ + k >= code_.size() || code_[op_at_ + k] != code_[begin + k])
        refuse("a loop that ends with other registers or steps than it began with");
    if ((op == Op::next_by) != (static_cast<Op>(code_[begin]) == Op::loop_by))
      refuse("a loop that ends otherwise than it began");
    counters(op);
    const std::size_t body = target();
    constexpr std::size_t loop_words = 6;
    if (body != begin - base_ + loop_words)
      refuse(text({"a loop that goes back to ", body, "; expected its body"}));
    open_.pop_back();
  }

  bool is_one_emit(std::size_t next) const {
    std::size_t k = at_;
    const auto at = [&](std::size_t i) { return i < code_.size() ? code_[i] : Word{-1}; };
    if (at(k) != static_cast<Word>(Op::emit)) return false;
    Word values = at(k + 2);
    for (k += 3; values > 0 && at(k + 1) >= 0; --values)
      k += 2 + static_cast<std::size_t>(at(k + 1));
    return values == 0 && k - base_ == next;
  }

  void emit() {
    now_.always_emits = now_.always_emits || plain_;
    const Word tag = word(), size = word();
    if (size < 0 || size > max_tuple)
      refuse(text({"a tuple of ", size, " values; expected from 0 to ", max_tuple}));
    for (Word k = 0; k < size; ++k) affine();
    now_.tuples.emplace_back(tag, size);
  }

  const std::vector<Word>& code_;
  std::size_t at_ = 0;     // the next word
  std::size_t op_at_ = 0;  // where this operation begins
  std::size_t base_ = 0;   // where this form begins
  Sketch now_;
  Registers is_set_;      // on every way that leads here
  bool reached_ = true;   // whether any way leads here
  bool plain_ = true;     // whether every run of the form comes here
  int wide_ = -1;         // what the operation before this one set to a positive constant
  std::vector<int> set_;  // what this operation sets
  std::vector<Open> open_;
  std::vector<Jump> jumps_;
};

}  // namespace detail

/// The forms of a code, by rising offset. Throws input_error, `word 17: register 64; expected ...`,
/// where the code is not safe to run.
inline std::vector<Sketch> sketch(const std::vector<Word>& code) {
  return detail::CodeReader(code).read();
}

}  // namespace lambdapack::form
