// A program as an expression of C++.
#pragma once

#include <string>
#include <string_view>

#include "lambdapack/ir/program.hpp"

namespace lambdapack::lpc {

/// An expression that is this program, to the last name and location. It stands in the namespace
/// lambdapack; `indent` blanks begin each of its lines but the first.
std::string program_literal(const ir::Program& program, std::size_t indent);

/// A literal of C++, ASCII only.
std::string string_literal(std::string_view characters);

}  // namespace lambdapack::lpc
