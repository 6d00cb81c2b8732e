// Generated headers of random programs.
#include <catch2/catch.hpp>
#include <cstdint>
#include <random>

#include "compiled/compare.hpp"
#include "compiled/programs.hpp"
#include "generated/random_affine.hpp"
#include "generated/random_powers.hpp"
#include "generated/random_trees.hpp"

using namespace compiled_test;

namespace {

void compare_random(const RandomPrograms& programs) {
  std::mt19937_64 random(4);
  std::size_t compared = 0;
  for (std::uint64_t seed = programs.first; compared < programs.count; ++seed) {
    REQUIRE(seed < programs.first + 100 * programs.count);
    const ir::Program p = programs.program(seed);
    const auto generated = lambdapack::form::registered(p);
    if (!generated) continue;
    ++compared;
    INFO(p.name);
    for (const std::int64_t n : {0, 1, 2, 4, 5}) {
      std::vector<std::int64_t> sizes(p.parameters.size(), 1000);
      sizes[0] = n;
      sizes[1] = n / 2 + 1;
      if (const auto both = graphs(*generated, sizes)) compare_all(*both, random);
    }
  }
}

}  // namespace

TEST_CASE("compiled functions of random loops answer as the bytecode does") {
  compare_random(random_programs[0]);
}
TEST_CASE("compiled functions of random trees answer as the bytecode does") {
  compare_random(random_programs[1]);
}
TEST_CASE("compiled functions of random powers and logarithms answer as the bytecode does") {
  compare_random(random_programs[2]);
}
