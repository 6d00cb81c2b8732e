#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <map>
#include <vector>

#include "lambdapack/ir/ir.hpp"
#include "support/brute_force.hpp"
#include "support/judge_program.hpp"
#include "support/random_program.hpp"
#include "support/random_tree_program.hpp"
#include "support/sanitizer.hpp"

namespace random_program_test {

namespace {

namespace ir = lambdapack::ir;
using random_program::ample;
using random_program::Choices;
using random_program::judge;
using random_program::Sizes;
using random_program::Verdict;

using Make = ir::Program (*)(Choices);

// Judges the programs of `count` seeds, and wants few beyond the budget. In a slow build there are
// fewer programs, and budgets are smaller.
void judge_seeds(Make make, std::uint64_t first, int count, const std::vector<Sizes>& sizes,
                 unsigned long max_operations) {
  const int wanted = sanitizer::slow_build ? std::max(4, count / 20) : count;
  if (sanitizer::slow_build) max_operations /= 8;
  std::map<Verdict, int> found;
  int judged = 0;
  for (std::uint64_t seed = first; judged < wanted; ++seed) {
    const ir::Program p = make(Choices(seed));
    INFO("seed " << seed);
    ++found[judge(p, sizes, max_operations)];
    ++judged;
  }
  INFO(found[Verdict::compared] << " programs compared, " << found[Verdict::refused]
                                << " refused with cause, " << found[Verdict::over_budget]
                                << " beyond the budget, " << found[Verdict::too_strict]
                                << " refused for want of room");
  CHECK(found[Verdict::compared] > 0);
  if (sanitizer::slow_build) return;
  CHECK(2 * found[Verdict::compared] > wanted);
  CHECK(10 * found[Verdict::over_budget] <= wanted);
  CHECK(4 * found[Verdict::too_strict] <= wanted);
  // Few random trees are wrong: among so few there may be none.
  if (wanted >= 100) CHECK(found[Verdict::refused] > 0);
}

void judge_affine(std::uint64_t first) {
  judge_seeds(
      random_program::affine, first, 450,
      {{0, 0, ample}, {1, 1, ample}, {2, 1, ample}, {3, 5, 2}, {3, 5, ample}, {6, 4, ample}},
      600'000);
}

void judge_trees(Make make, std::uint64_t first, int count) {
  judge_seeds(make, first, count,
              {{0, 0, ample},
               {1, 1, ample},
               {2, 2, ample},
               {3, 1, 2},
               {5, 3, ample},
               {8, 2, ample},
               {9, 1, ample}},
              8'000'000);
}

}  // namespace

// One test case for each range of seeds, so that ctest can run them side by side.
TEST_CASE("random programs 1") { judge_affine(10'000); }
TEST_CASE("random programs 2") { judge_affine(20'000); }
TEST_CASE("random programs 3") { judge_affine(30'000); }
TEST_CASE("random programs 4") { judge_affine(40'000); }

TEST_CASE("random trees 1") { judge_trees(random_program::tree, 10'000, 30); }
TEST_CASE("random trees 2") { judge_trees(random_program::tree, 20'000, 30); }
TEST_CASE("random trees 3") { judge_trees(random_program::tree, 30'000, 30); }

TEST_CASE("random powers and logarithms 1") { judge_trees(random_program::wild, 10'000, 30); }
TEST_CASE("random powers and logarithms 2") { judge_trees(random_program::wild, 20'000, 30); }
TEST_CASE("random powers and logarithms 3") { judge_trees(random_program::wild, 30'000, 30); }
TEST_CASE("random powers and logarithms 4") { judge_trees(random_program::wild, 40'000, 30); }

}  // namespace random_program_test
