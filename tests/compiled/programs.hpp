// The programs whose generated headers are tested: all of tests/support, and random ones. The
// generator and the tests go through the same lists.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "lambdapack/dsl/dsl.hpp"
#include "support/programs.hpp"
#include "support/published.hpp"
#include "support/random_program.hpp"
#include "support/random_tree_program.hpp"

namespace compiled_test {

namespace ir = lambdapack::ir;

inline std::vector<ir::Program> programs_of_support() {
  using lambdapack::trace;
  return {trace(test_programs::cholesky).program,
          trace(test_programs::cholesky_single_assignment).program,
          trace(test_programs::lu).program,
          trace(test_programs::gemm).program,
          trace(test_programs::back_substitution).program,
          trace(test_programs::qr_flat).program,
          trace(test_programs::panels).program,
          trace(test_programs::stencil).program,
          trace(test_programs::red_black).program,
          trace(test_programs::nothing).program};
}

inline std::vector<ir::Program> published_programs() {
  return {published::cholesky(), published::gemm_tree(), published::tsqr(),
          published::qr(),       published::bdfac(),     published::qr_in_place()};
}

/// Random programs of one kind: the first `count` from seed `first` on that are right, and are
/// analysed within a budget.
struct RandomPrograms {
  const char* name;
  ir::Program (*make)(random_program::Choices);
  std::uint64_t first;
  std::size_t count;
  unsigned long max_operations;

  ir::Program program(std::uint64_t seed) const {
    ir::Program p = make(random_program::Choices(seed));
    p.name = name + ("_" + std::to_string(seed));
    return p;
  }
};

inline constexpr RandomPrograms random_programs[] = {
    {"random_affine", random_program::affine, 70'000, 25, 300'000},
    {"random_trees", random_program::tree, 70'000, 5, 3'000'000},
    {"random_powers", random_program::wild, 70'000, 15, 1'000'000}};

}  // namespace compiled_test
