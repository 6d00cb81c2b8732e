#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "lambdapack/ir/json.hpp"
#include "lambdapack/ir/print.hpp"
#include "support/mutator.hpp"
#include "support/programs_ir.hpp"

namespace json_fuzz_test {

using namespace lambdapack;

TEST_CASE("damaged documents are refused, or are programs", "[ir][json][fuzz]") {
  std::vector<std::string> seeds{ir::to_json(test::cholesky()), ir::to_json(test::sampler()),
                                 ir::to_json(test::tree())};
  test::RandomProgram random(11);
  for (int i = 0; i < 10; ++i) seeds.push_back(ir::to_json(random.make()));

  test::Mutator mutator(13);
  int accepted = 0;
  for (std::size_t i = 0; i < 16000; ++i) {
    const std::string text =
        mutator.damaged(seeds[i % seeds.size()], seeds[(i / seeds.size()) % seeds.size()]);
    try {
      const ir::Program program = ir::from_json(text);
      ++accepted;
      ir::to_string(program);
      if (text.find("nan") == std::string::npos)
        REQUIRE(ir::from_json(ir::to_json(program)) == program);
    } catch (const input_error&) {
    }
  }
  CHECK(accepted > 100);
}

TEST_CASE("every truncation is refused", "[ir][json][fuzz]") {
  const std::string text = ir::to_json(test::cholesky());
  for (std::size_t n = 0; n + 2 < text.size(); ++n)
    CHECK_THROWS_AS(ir::from_json(text.substr(0, n)), input_error);
}

}  // namespace json_fuzz_test
