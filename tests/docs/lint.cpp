// What docs/lint.md shows.
#include "lambdapack/analysis/lint.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>

#include "docs/support.hpp"
#include "lambdapack/ir/hand_graph_json.hpp"
#include "support/programs_ir.hpp"

namespace lint_test {

namespace {

/// The JSON of docs/lint.md.
std::string example() {
  std::ifstream file(LAMBDAPACK_SOURCE_DIR "/docs/lint.md");
  REQUIRE(file);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::size_t begin = text.find("\n```json\n") + 9;
  return text.substr(begin, text.find("\n```", begin) - begin);
}

/// What the code of docs/lint.md prints about some JSON.
std::string printed(const std::string& json) {
  const std::ostringstream out;
  std::streambuf* const before = std::cout.rdbuf(out.rdbuf());
  const lambdapack::ir::Program program = lambdapack::test::cholesky();
  const lambdapack::ir::HandGraph graph = lambdapack::ir::hand_graph_from_json(json);
  const lambdapack::LintReport report = lambdapack::lint(program, graph);
  if (!report.clean()) std::cout << report.text();
  std::cout.rdbuf(before);
  return out.str();
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

const char* const findings = R"(
/in: for n = 3, m = 3: missing: syrk[k=0,i=2,j=2] -> syrk[k=1,i=2,j=2], value 0, input 0; all of them: syrk[k, i, j] -> syrk[k' = 1 + k, i' = i, j' = j]
/in/3: for n = 4, m = 4: stale read: syrk[k=0,i=3,j=3] -> syrk[k=2,i=3,j=3], value 0, input 0; the value comes from syrk[k=1,i=3,j=3]; all of them: syrk[k, i, j] -> syrk[k' = 2 + k, i' = i, j' = j]
/out/5: for n = 3, m = 3: declared by out only: syrk[k=0,i=2,j=2] -> syrk[k=1,i=2,j=2], value 0, input 0; all of them: syrk[k, i, j] -> syrk[k' = 1 + k, i' = i, j' = j]
/in/3: for n = 4, m = 4: declared by in only: syrk[k=0,i=3,j=3] -> syrk[k=2,i=3,j=3], value 0, input 0; all of them: syrk[k, i, j] -> syrk[k' = 2 + k, i' = i, j' = j]
)";

}  // namespace

TEST_CASE("lint says what its document says") {
  const std::string json = example();
  CHECK(printed(json).empty());
  const std::string chain = R"("when": "k > 0",
   "from": {"statement": "syrk", "indices": ["k - 1", "i", "j"])";
  const std::string stale = R"("when": "k > 1",
   "from": {"statement": "syrk", "indices": ["k - 2", "i", "j"])";
  CHECK('\n' + printed(replaced(json, chain, stale)) == findings);
}

}  // namespace lint_test
