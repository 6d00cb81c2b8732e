// The closed forms of a program as C++: a function for each question, and a table of those that
// task graphs ask for every task.
#pragma once

#include <string>
#include <vector>

#include "emit/emit.hpp"

namespace lambdapack::lpc {

/// What is generated for one program.
struct ProgramSource {
  std::string functions;             ///< constants for lines and arrays, and the functions
  std::vector<std::string> natives;  ///< initialisers of form::Native
  form::ClosedForms forms;           ///< the unit's, with entries that lead to `natives`
};

/// The functions of a program. What bytecode answers and no function can, is left to the bytecode,
/// and says so.
ProgramSource program_source(const Unit& unit);

}  // namespace lambdapack::lpc
