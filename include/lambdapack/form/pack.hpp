// Closed forms as two flat lists, of numbers and of texts, and back: how generated code holds them.
// The bytecode and the compiled functions travel beside the lists.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/form/closed_forms.hpp"

namespace lambdapack::form {

/// What closed forms are but for their bytecode.
struct Packed {
  std::vector<std::int64_t> numbers;
  std::vector<std::string> texts;
};

namespace detail {

// What each struct of closed_forms.hpp consists of, for `all`, which reads or writes.

template <class All>
void members(All& all, Entry& x) {
  all(x.offset, x.native);
}
template <class All>
void members(All& all, Candidates& x) {
  all(x.line, x.slot, x.round, x.nodes);
}
template <class All>
void members(All& all, Output& x) {
  all(x.array, x.tile, x.readers, x.final, x.searched, x.candidates);
}
template <class All>
void members(All& all, Input& x) {
  all(x.array, x.list, x.tiles, x.source, x.includes, x.searched, x.candidates);
}
template <class All>
void members(All& all, ScalarForm& x) {
  all(x.value, x.real, x.imaginary);
}
template <class All>
void members(All& all, LoopPosition& x) {
  all(x.first_line, x.down);
}
template <class All>
void members(All& all, StatementForms& x) {
  all(x.kernel, x.depth, x.contains, x.instances, x.roots, x.successors, x.predecessors, x.outputs,
      x.inputs, x.scalars, x.sinks, x.loops, x.searched_successors, x.searched_predecessors,
      x.filtered_roots, x.filtered_sinks);
}
template <class All>
void members(All& all, ArrayForms& x) {
  all(x.name, x.rank, x.extents, x.initial_readers, x.readers, x.writers, x.final_writer, x.bound,
      x.searched, x.first_readers, x.last_writers, x.filtered_readers);
}
template <class All>
void members(All& all, Requirement& x) {
  all(x.holds, x.otherwise);
}
template <class All>
void members(All& all, Monomial& x) {
  all(x.coefficient, x.exponents);
}
template <class All>
void members(All& all, CountPiece& x) {
  all(x.applies, x.denominator, x.terms, x.condition);
}
template <class All>
void members(All& all, CountForm& x) {
  all(x.known, x.pieces);
}
template <class All>
void members(All& all, EdgeFamily& x) {
  all(x.from, x.to, x.count);
}
template <class All>
void members(All& all, ClosedForms& x) {
  all(x.program, x.parameters, x.statements, x.arrays, x.requirements, x.counts, x.tasks, x.edges);
}

/// Appends to the lists.
class Packer {
 public:
  template <class... Members>
  void operator()(Members&... x) {
    (one(x), ...);
  }
  Packed packed;

 private:
  template <class T>
  void one(T& x) {
    if constexpr (std::is_integral_v<T>)
      packed.numbers.push_back(static_cast<std::int64_t>(x));
    else if constexpr (std::is_same_v<T, double>)
      packed.numbers.push_back(std::bit_cast<std::int64_t>(x));
    else
      members(*this, x);
  }
  void one(std::string& x) { packed.texts.push_back(x); }
  template <class T>
  void one(std::vector<T>& x) {
    packed.numbers.push_back(static_cast<std::int64_t>(x.size()));
    for (T& item : x) one(item);
  }
};

/// Takes from the lists, from the front.
class Unpacker {
 public:
  Unpacker(std::span<const std::int64_t> numbers, std::span<const std::string_view> texts)
      : numbers_(numbers), texts_(texts) {}

  template <class... Members>
  void operator()(Members&... x) {
    (one(x), ...);
  }
  bool at_end() const { return numbers_.empty() && texts_.empty(); }

 private:
  template <class T>
  static T take(std::span<const T>& list) {
    if (list.empty())
      throw internal_error("generated closed forms are shorter than they should be");
    const T first = list.front();
    list = list.subspan(1);
    return first;
  }
  template <class T>
  void one(T& x) {
    if constexpr (std::is_integral_v<T>)
      x = static_cast<T>(take(numbers_));
    else if constexpr (std::is_same_v<T, double>)
      x = std::bit_cast<double>(take(numbers_));
    else
      members(*this, x);
  }
  void one(std::string& x) { x = take(texts_); }
  template <class T>
  void one(std::vector<T>& x) {
    x.resize(static_cast<std::size_t>(take(numbers_)));
    for (T& item : x) one(item);
  }

  std::span<const std::int64_t> numbers_;
  std::span<const std::string_view> texts_;
};

}  // namespace detail

/// The lists of closed forms.
inline Packed pack(ClosedForms forms) {
  detail::Packer packer;
  packer(forms);
  return std::move(packer.packed);
}

/// Closed forms from their lists and the rest. Throws internal_error if the lists are too short or
/// too long, which happens where another version of the library wrote them.
inline ClosedForms unpack(std::span<const std::int64_t> numbers,
                          std::span<const std::string_view> texts, std::span<const Word> code,
                          std::span<const Native> natives) {
  ClosedForms forms;
  detail::Unpacker unpacker(numbers, texts);
  unpacker(forms);
  if (!unpacker.at_end())
    throw internal_error("generated closed forms are longer than they should be");
  forms.code.assign(code.begin(), code.end());
  forms.natives.all = natives;
  return forms;
}

}  // namespace lambdapack::form
