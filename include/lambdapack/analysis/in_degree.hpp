// How many tasks a task waits for, as a formula in the sizes and its indices.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lambdapack/analysis/analyse.hpp"
#include "lambdapack/api.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack::analysis {

/// The in-degree of a statement's tasks: the value of the first case whose condition holds.
struct InDegree {
  struct Case {
    std::string value;      ///< a polynomial in sizes and indices, `i - k + 1`
    std::string condition;  ///< in isl's notation; empty: in all other cases
  };
  bool known = false;       ///< whether there is a formula
  std::vector<Case> cases;  ///< none if there are no such tasks at any size
};

/// Sizes and indices of which a formula is to be, by position; nothing where it is for all values.
struct TaskValues {
  std::vector<std::optional<std::int64_t>> sizes;
  std::vector<std::optional<std::int64_t>> indices;
};

/// The in-degrees of the tasks of each statement, for sizes that the program can run at. There is
/// no formula in programs with powers or logarithms, where numbers are no polynomials, and beyond
/// the budget. Throws program_error where the program is wrong.
LAMBDAPACK_API std::vector<InDegree> in_degrees(const ir::Program& program,
                                                const AnalysisOptions& options = {});

/// The same of one statement, for given sizes and indices. Throws input_error if there is no
/// statement `line`.
LAMBDAPACK_API InDegree in_degree(const ir::Program& program, std::size_t line,
                                  const TaskValues& known, const AnalysisOptions& options = {});

/// `2 if k = 0, 3 otherwise`, or that there is no formula.
LAMBDAPACK_API std::string to_string(const InDegree& degree);

}  // namespace lambdapack::analysis

#ifndef LAMBDAPACK_SEPARATE
#include "lambdapack/analysis/in_degree_count.hpp"
#endif
