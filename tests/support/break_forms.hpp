// Breaks closed forms, to see whether somebody notices.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <utility>
#include <vector>

#include "lambdapack/form/closed_forms.hpp"

namespace lambdapack::test {

/// The words of one form, movable: jump targets count from its beginning.
class FormWords {
 public:
  FormWords() = default;
  FormWords(const std::vector<form::Word>& code, form::Entry entry)
      : words_(code.begin() + entry.offset, code.end()) {
    std::size_t furthest = 0;
    for (std::size_t at = 0;;) {
      if (const std::size_t t = target_at(at); t != 0)
        furthest = std::max(furthest, static_cast<std::size_t>(words_[t]));
      const bool last = op(at) == form::Op::end && at >= furthest;
      at = after(at);
      if (last) {
        words_.resize(at);
        return;
      }
    }
  }

  /// Where the n-th operation of a kind begins.
  std::size_t find(form::Op wanted, int n = 0) const {
    for (std::size_t at = 0; at < words_.size(); at = after(at))
      if (op(at) == wanted && n-- == 0) return at;
    throw std::logic_error("the form has no such operation");
  }
  int number_of(form::Op wanted) const {
    int n = 0;
    for (std::size_t at = 0; at < words_.size(); at = after(at)) n += op(at) == wanted ? 1 : 0;
    return n;
  }

  form::Word& operator[](std::size_t at) { return words_[at]; }

  /// Where affine operand n of the operation at `at` begins: [constant, terms, term ...].
  std::size_t affine(std::size_t at, int n = 0) const {
    std::size_t a = at + (op(at) == form::Op::emit ? 3 : 2);
    for (; n > 0; --n) a += 2 + static_cast<std::size_t>(words_[a + 1]);
    return a;
  }

  /// Exchanges two affine operands of one length.
  void swap_affines(std::size_t at, int m, int n) {
    const std::size_t a = affine(at, m), b = affine(at, n);
    if (words_[a + 1] != words_[b + 1]) throw std::logic_error("operands of different lengths");
    for (std::size_t k = 0; k < 2 + static_cast<std::size_t>(words_[a + 1]); ++k)
      std::swap(words_[a + k], words_[b + k]);
  }

  /// The affine operand becomes a constant of the same length.
  void make_constant(std::size_t a, form::Word value) {
    words_[a] = value;
    for (std::size_t k = 0; k < static_cast<std::size_t>(words_[a + 1]); ++k)
      words_[a + 2 + k] &= 255;
  }

  /// Where the jump target of the operation at `at` stands; 0 if it has none.
  std::size_t target_at(std::size_t at) const {
    switch (op(at)) {
      case form::Op::if_negative:
      case form::Op::if_nonzero:
      case form::Op::jump:
        return at + 1;
      case form::Op::loop:
      case form::Op::next:
      case form::Op::loop_by:
      case form::Op::next_by:
        return at + 4;
      default:
        return 0;
    }
  }

  /// The operation behind the one at `at`.
  std::size_t after(std::size_t at) const {
    switch (op(at)) {
      case form::Op::end:
        return at + 1;
      case form::Op::set:
      case form::Op::if_negative:
      case form::Op::if_nonzero:
        return affine(at, 1);
      case form::Op::emit:
        return affine(at, words_[at + 2]);
      case form::Op::jump:
        return at + 2;
      case form::Op::loop:
      case form::Op::loop_by:
        return at + 6;
      case form::Op::next:
      case form::Op::next_by:
        return at + 5;
      default:
        return at + 4;
    }
  }

  /// This form and behind it another.
  FormWords then(const FormWords& other) const {
    FormWords both = *this;
    both.words_.pop_back();
    const std::size_t shift = both.words_.size();
    both.words_.insert(both.words_.end(), other.words_.begin(), other.words_.end());
    for (std::size_t at = shift; at < both.words_.size(); at = both.after(at))
      if (const std::size_t t = both.target_at(at); t != 0)
        both.words_[t] = static_cast<form::Word>(both.words_[t] + static_cast<int>(shift));
    return both;
  }

  /// The same form, that ends at once where constant + coefficient * register is negative.
  FormWords unless_negative(form::Word constant, int coefficient, int reg) const {
    FormWords test;
    test.words_ = {static_cast<form::Word>(form::Op::if_negative),
                   0,
                   constant,
                   1,
                   static_cast<form::Word>(coefficient * 256 + reg),
                   static_cast<form::Word>(form::Op::end)};
    FormWords both = test.then(*this);
    both.words_[1] = static_cast<form::Word>(both.words_.size() - 1);
    return both;
  }

  const std::vector<form::Word>& words() const { return words_; }

 private:
  form::Op op(std::size_t at) const { return static_cast<form::Op>(words_[at]); }

  std::vector<form::Word> words_;
};

/// Stores new code; the forms that were there stay as they are.
inline form::Entry append(form::ClosedForms& forms, const std::vector<form::Word>& words) {
  const auto at = static_cast<std::int32_t>(forms.code.size());
  forms.code.insert(forms.code.end(), words.begin(), words.end());
  return {at};
}

/// Replaces one form by a changed copy; other forms with the same code keep it.
template <class Change>
void change(form::ClosedForms& forms, form::Entry& entry, Change&& how) {
  FormWords words(forms.code, entry);
  how(words);
  entry = append(forms, words.words());
}

}  // namespace lambdapack::test
