// The enumerators of a program as text: in print, in messages and in JSON.
#pragma once

#include <cstddef>

#include "lambdapack/ir/program.hpp"

namespace lambdapack::ir {

namespace detail {

/// The names of an enumeration's enumerators, in their order.
template <class Enum>
struct Names {};

template <>
struct Names<ArrayRole> {
  static constexpr const char* list[] = {"in", "out", "inout", "temp"};
};

template <>
struct Names<ParameterRole> {
  static constexpr const char* list[] = {"in", "out", "inout", "in_list", "scalar"};
};

template <>
struct Names<Relation> {
  static constexpr const char* list[] = {"<", "<=", "==", "!=", ">=", ">"};
};

template <>
struct Names<Symbol::Kind> {
  static constexpr const char* list[] = {"parameter", "loop", "function"};
};

template <>
struct Names<Function::Kind> {
  static constexpr const char* list[] = {"quotient", "remainder", "power", "log_floor", "log_ceil"};
};

}  // namespace detail

/// An enumeration that has names. Accepted: `Relation`. Rejected: `int`.
template <class Enum>
concept Named = requires {
  detail::Names<Enum>::list;
};

/// The name of an enumerator: `inout`, `in_list`, `<=`, `loop`.
template <Named Enum>
constexpr const char* to_string(Enum value) {
  return detail::Names<Enum>::list[static_cast<std::size_t>(value)];
}

}  // namespace lambdapack::ir
