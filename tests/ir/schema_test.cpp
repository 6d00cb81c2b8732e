#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "lambdapack/ir/json.hpp"
#include "lambdapack/ir/print.hpp"
#include "support/programs_ir.hpp"
#include "support/schema.hpp"

namespace schema_test {

using namespace lambdapack;
namespace fs = std::filesystem;

namespace {

const std::string root = LAMBDAPACK_SOURCE_DIR;

std::string contents(const fs::path& path) {
  std::ifstream file(path);
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// What stands between the first line `begin` and the next line "```".
std::string block_after(const std::string& text, const std::string& begin) {
  const std::size_t start = text.find('\n' + begin + '\n');
  REQUIRE(start != std::string::npos);
  const std::size_t first = start + begin.size() + 2;
  const std::size_t end = text.find("```", first);
  REQUIRE(end != std::string::npos);
  return text.substr(first, end - first);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("what to_json writes fits the schema", "[ir][json][schema]") {
  std::vector<std::string> documents{ir::to_json(test::cholesky()), ir::to_json(test::sampler()),
                                     ir::to_json(test::tree())};
  test::RandomProgram random(17);
  for (int i = 0; i < 100; ++i) documents.push_back(ir::to_json(random.make()));
  const std::vector<std::string> verdicts = test::schema_verdicts("program", documents);
  if (verdicts.empty()) WARN("skipped: /usr/bin/python3 has no jsonschema");
  for (const std::string& verdict : verdicts) CHECK(verdict == "valid");
}

TEST_CASE("the schema refuses what from_json refuses", "[ir][json][schema]") {
  const std::string cholesky = ir::to_json(test::cholesky());
  const std::string sampler = ir::to_json(test::sampler());
  const std::string tree = ir::to_json(test::tree());
  const std::vector<std::string> documents{
      replaced(cholesky, "\"version\":2", "\"version\":1"),
      replaced(cholesky, "lambdapack-program", "other"),
      replaced(cholesky, "\"name\":\"cholesky\",", ""),
      replaced(cholesky, "\"name\":\"cholesky\"", "\"name\":\"\""),
      replaced(cholesky, "\"name\":\"cholesky\"", "\"name\":\"c\",\"more\":1"),
      replaced(cholesky, "\"rank\":2", "\"rank\":9"),
      replaced(cholesky, "\"role\":\"inout\",\"extents\"", "\"role\":\"in_list\",\"extents\""),
      replaced(cholesky, "\"role\":\"inout\",\"extents\"", "\"role\":\"temp\",\"extents\""),
      replaced(cholesky, "\"step\":1", "\"step\":0"),
      replaced(cholesky, "\"lower\":0", "\"lower\":2147483649"),
      replaced(cholesky, "\"lower\":0", "\"lower\":0.5"),
      replaced(cholesky, "[1,\"parameter\",0]", "[0,\"parameter\",0]"),
      replaced(cholesky, "[1,\"parameter\",0]", "[1,\"extent\",0]"),
      replaced(cholesky, "[1,\"parameter\",0]", "[1,\"parameter\"]"),
      replaced(cholesky, "\"location\":[0,8]", "\"location\":[0,-8]"),
      replaced(cholesky, "\"parent\":-1", "\"parent\":-2"),
      replaced(cholesky, "\"parent\":-1", "\"when\":[],\"parent\":-1"),
      replaced(sampler, "\"<\"", "\"=<\""),
      replaced(sampler, "\"step\":2}", "\"stride\":2}"),
      replaced(sampler, "{\"real\":0.001}", "{\"real\":\"infinite\"}"),
      replaced(sampler, "{\"real\":0.001}", "{\"real\":0.001,\"index\":1}"),
      replaced(sampler, "[0.1,-2.0]", "[0.1]"),
      replaced(tree, "\"functions\":", "\"function\":"),
      replaced(tree, "\"log_ceil\"", "\"log2\""),
      replaced(tree, "\"base\":2", "\"base\":1"),
      replaced(tree, "\"base\":3", "\"base\":0"),
      replaced(tree, "[3,\"function\",1]", "[-3,\"function\",1]"),
      replaced(tree, "[3,\"function\",1]", "[3,\"parameter\",0]"),
      replaced(tree, "[3,\"function\",1]", "[3,\"function\",1],[3,\"function\",2]"),
      replaced(tree, "\"zero\"", "\"one\""),
      replaced(tree, "\"unwritten\":2", "\"unwritten\":-1"),
      replaced(tree, "\"extents\":[0]", "\"extents\":[0],\"unwritten\":\"zero\""),
      replaced(tree, "\"reduction\":true", "\"reduction\":1"),
      replaced(tree, "\"stoppable\":true", "\"stoppable\":null")};
  for (const std::string& document : documents) {
    INFO(document);
    CHECK_THROWS_AS(ir::from_json(document), input_error);
  }
  const std::vector<std::string> verdicts = test::schema_verdicts("program", documents);
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    INFO(documents[i]);
    CHECK(verdicts[i] != "valid");
  }
}

TEST_CASE("the manual's example is the Cholesky program", "[ir][json][schema]") {
  const std::string manual = contents(root + "/docs/metadata.md");
  const std::string json = block_after(manual, "```json");
  CHECK(ir::from_json(json) == test::cholesky());
  CHECK(json == ir::to_json(test::cholesky()));
  CHECK(block_after(manual, "```") == ir::to_string(test::cholesky()));
}

}  // namespace schema_test
