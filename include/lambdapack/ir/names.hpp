// The enumerators of a program as text: in print, in messages and in JSON.
#pragma once

#include <cstddef>

#include "lambdapack/ir/program.hpp"

namespace lambdapack::ir {

/// The names of an enumeration, in the order of its enumerators.
template <class Enum>
inline constexpr const char* names_of[] = {nullptr};

template <>
inline constexpr const char* names_of<ArrayRole>[] = {"in", "out", "inout", "temp"};

template <>
inline constexpr const char* names_of<ParameterRole>[] = {"in", "out", "inout", "in_list",
                                                          "scalar"};

template <>
inline constexpr const char* names_of<Relation>[] = {"<", "<=", "==", "!=", ">=", ">"};

template <>
inline constexpr const char* names_of<Symbol::Kind>[] = {"parameter", "loop"};

/// An enumeration that has names. Accepted: `Relation`. Rejected: `int`.
template <class Enum>
concept Named = names_of<Enum>
[0] != nullptr;

/// The name of an enumerator: `inout`, `in_list`, `<=`, `loop`.
template <Named Enum>
constexpr const char* to_string(Enum value) {
  return names_of<Enum>[static_cast<std::size_t>(value)];
}

}  // namespace lambdapack::ir
