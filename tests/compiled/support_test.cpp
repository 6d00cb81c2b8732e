// Generated headers of the programs of tests/support.
#include "generated/support.hpp"

#include <catch2/catch.hpp>
#include <cstdint>
#include <random>

#include "compiled/compare.hpp"
#include "compiled/programs.hpp"
#include "lambdapack/analysis/analyse.hpp"

using namespace compiled_test;

TEST_CASE("programs of loops are registered with the forms that the analysis derives") {
  for (const ir::Program& p : programs_of_support()) {
    INFO(p.name);
    const auto generated = lambdapack::form::registered(p);
    REQUIRE(generated);
    CHECK(*generated == lambdapack::analysis::analyse(p, {.verify = false}));
  }
}

TEST_CASE("compiled functions of programs of loops answer as the bytecode does") {
  std::mt19937_64 random(3);
  for (const ir::Program& p : programs_of_support()) {
    const auto generated = lambdapack::form::registered(p);
    for (int trial = 0; trial < 12; ++trial) {
      std::vector<std::int64_t> sizes(p.parameters.size());
      for (std::int64_t& n : sizes) n = static_cast<std::int64_t>(random() % 7);
      INFO(p.name);
      if (trial % 2 == 0) sizes.assign(sizes.size(), trial / 2);
      if (const auto both = graphs(*generated, sizes)) compare_all(*both, random);
    }
  }
}

TEST_CASE("a generated function may be called as it is") {
  namespace cholesky = lambdapack::compiled::cholesky;
  const std::int64_t sizes[] = {1'000'000, 1'000'000};
  std::vector<Node> found;
  cholesky::successors_2_update2(sizes, 3, 90, 70, [&](int line, auto... index) {
    found.push_back({line, {std::int64_t{index}...}});
  });
  CHECK(found == std::vector<Node>{{cholesky::line_2_update2, {4, 90, 70}}});
  CHECK(cholesky::in_degree_0_update(sizes, 5) == 1);
  CHECK(cholesky::in_degree_1_update1(sizes, 0, 5) == 1);
  CHECK(cholesky::reader_count_0_update_0(sizes, 5) == 999'994);
  CHECK(cholesky::contains_1_update1(sizes, 5, 6));
  CHECK(!cholesky::contains_1_update1(sizes, 5, 5));
}
