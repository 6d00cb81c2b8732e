// Generated headers of the published programs: what is registered is what the analysis derives, and
// compiled functions answer as the bytecode does.
#include "generated/published.hpp"

#include <catch2/catch.hpp>
#include <cstdint>
#include <random>

#include "compiled/compare.hpp"
#include "compiled/programs.hpp"
#include "lambdapack/analysis/analyse.hpp"

using namespace compiled_test;

TEST_CASE("published programs are registered with the forms that the analysis derives") {
  for (const ir::Program& p : published_programs()) {
    INFO(p.name);
    const auto generated = lambdapack::form::registered(p);
    REQUIRE(generated);
    CHECK(*generated == lambdapack::analysis::analyse(p, {.verify = false}));
  }
}

TEST_CASE("compiled functions of published programs answer as the bytecode does") {
  std::mt19937_64 random(1);
  for (const ir::Program& p : published_programs()) {
    const auto generated = lambdapack::form::registered(p);
    int compared = 0;
    for (const std::int64_t n : {0, 1, 2, 3, 5, 8, 9}) {
      std::vector<std::int64_t> sizes(p.parameters.size(), n);
      if (p.parameters.back().name == "t") sizes.back() = n > 4 ? 1 : 0;
      INFO(p.name << " at " << n);
      if (const auto both = graphs(*generated, sizes)) {
        compare_all(*both, random);
        ++compared;
      }
    }
    CHECK(compared >= 4);
  }
}

TEST_CASE("compiled functions of published programs answer as the bytecode does at large sizes") {
  std::mt19937_64 random(2);
  for (const ir::Program& p : published_programs()) {
    const auto generated = lambdapack::form::registered(p);
    const bool in_place = p.name == "qr_in_place";
    const std::int64_t n = in_place ? 100 : 100'000;
    std::vector<std::int64_t> sizes(p.parameters.size(), n);
    if (p.parameters.back().name == "t") sizes.back() = 0;
    INFO(p.name);
    const auto both = graphs(*generated, sizes);
    REQUIRE(both);
    compare_walks(*both, random, in_place ? 5 : 8);
  }
}
