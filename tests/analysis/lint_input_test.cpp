// Hand-written edges as JSON, and what is refused there with a sentence.
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>

#include "lambdapack/analysis/lint.hpp"
#include "lambdapack/ir/hand_graph_json.hpp"
#include "support/hand_cholesky.hpp"
#include "support/programs_ir.hpp"
#include "support/sanitizer.hpp"

namespace lint_input_test {

using namespace lambdapack;

namespace {

/// The example of docs/lint.md.
std::string documented() {
  std::ifstream file(LAMBDAPACK_SOURCE_DIR "/docs/lint.md");
  REQUIRE(file);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::string open = "\n```json\n";
  const std::size_t begin = text.find(open);
  REQUIRE(begin != std::string::npos);
  return text.substr(begin + open.size(), text.find("\n```", begin + 1) - begin - open.size());
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

/// What reading and comparing says of a document, or "" if it takes it.
std::string fault_of(const std::string& json) {
  try {
    lint(test::cholesky(), ir::hand_graph_from_json(json));
  } catch (const input_error& e) {
    const std::string said = e.what(), head = "hand graph: ";
    return said.substr(0, head.size()) == head ? said.substr(head.size()) : said;
  }
  return "";
}

/// The same of the documented example with the first `from` replaced by `to`.
std::string fault(std::string_view from, std::string_view to) {
  return fault_of(replaced(documented(), from, to));
}

}  // namespace

TEST_CASE("the documented example is read as it is, and is right") {
  const ir::HandGraph graph = ir::hand_graph_from_json(documented());
  CHECK(graph == test::hand_cholesky());
  CHECK(lint(test::cholesky(), graph).clean());
}

TEST_CASE("integers stand for expressions, and lines for names") {
  const ir::HandGraph graph = ir::hand_graph_from_json(R"({
      "format": "lambdapack-hand-graph", "version": 1,
      "in": [{"to": {"statement": 0, "indices": ["k"]}, "when": "k == 1", "input": 0,
              "ranges": [{"index": "s", "from": 0, "to": "k", "step": 2}],
              "from": {"statement": 2, "indices": ["s", 1, 1]}}]})");
  REQUIRE(graph.in.has_value());
  CHECK_FALSE(graph.out.has_value());
  CHECK(graph.in->at(0).ranges == std::vector<ir::EdgeRange>{{"s", "0", "k", 2}});
  CHECK(graph.in->at(0).from == ir::EdgeEnd{2, {"s", "1", "1"}});
  for (const LintFinding& f : lint(test::cholesky(), graph).findings)
    CHECK(f.kind == LintFinding::Kind::missing);
}

TEST_CASE("a range with a step leaves out what is between") {
  ir::HandGraph graph = test::hand_cholesky();
  graph.in.reset();
  graph.out->at(0).ranges[0].step = 2;
  const LintReport report = lint(test::cholesky(), graph);
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].edges == "potrf[k] -> trsm[k' = k, i] : (k + i) mod 2 = 0");
  graph.out->push_back(graph.out->at(0));
  graph.out->back().ranges[0].from = "k + 2";
  CHECK(lint(test::cholesky(), graph).clean());
}

TEST_CASE("what is no document is refused") {
  CHECK(fault_of("") ==
        "hand graph is not JSON: line 1, column 0: '[' or '{' expected near end of file");
  CHECK(fault_of("[]") == "the document: expected an object, found an array");
  CHECK(fault("lambdapack-hand-graph", "lambdapack-program") ==
        "/format: expected \"lambdapack-hand-graph\", found \"lambdapack-program\"");
  CHECK(fault("\"version\": 1", "\"version\": 2") ==
        "/version: expected version 1, which this lambdapack reads, found 2");
  CHECK(fault_of(R"({"format": "lambdapack-hand-graph", "version": 1})") ==
        "the document: expected a member \"out\" or \"in\", or both, found an object");
  CHECK(fault("\"in\":", "\"out\":") ==
        "hand graph is not JSON: line 27, column 5: duplicate object key near '\"out\"'");
  CHECK(fault("\"in\":", "\"edges\":") ==
        "/edges: expected none but the members \"format\", \"version\", \"sizes\", \"statements\", "
        "\"out\", \"in\", found this one");
}

TEST_CASE("a truncated file is refused") {
  const std::string text = documented();
  for (std::size_t n = 0; n < text.size(); n += 7)
    REQUIRE_THROWS_AS(ir::hand_graph_from_json(text.substr(0, n)), input_error);
  CHECK(fault_of(text.substr(0, 60)) ==
        "hand graph is not JSON: line 4, column 9: unexpected token near end of file");
}

TEST_CASE("members that are missing, unknown or of the wrong kind are refused") {
  CHECK(fault("\"from\": {\"statement\": \"potrf\", \"indices\": [\"k\"]},", "") ==
        "/out/0: expected a member \"from\", found none");
  CHECK(fault("\"indices\": [\"k\"]", "\"index\": [\"k\"]") ==
        "/out/0/from/index: expected none but the members \"statement\", \"indices\", found this "
        "one");
  CHECK(fault("[\"k\"]", "\"k\"") == "/out/0/from/indices: expected an array, found \"k\"");
  CHECK(fault("[\"k\"]", "[1.5]") == "/out/0/from/indices/0: expected an expression, found 1.5");
  CHECK(fault("\"statement\": \"potrf\"", "\"statement\": null") ==
        "/out/0/from/statement: expected a statement's name, or its line, found null");
  CHECK(fault("\"statement\": \"potrf\"", "\"statement\": -1") ==
        "/out/0/from/statement: expected an integer from 0 to 2147483647, found -1");
  CHECK(fault("\"to\": \"n - 1\"", "\"to\": \" \"") ==
        "/out/0/ranges/0/to: expected an expression, found \" \"");
  CHECK(fault("\"to\": \"n - 1\"", "\"to\": \"n\", \"step\": 0") ==
        "/out/0/ranges/0/step: expected an integer from 1 to 2147483648, found 0");
  CHECK(fault("\"when\": \"k > 0\"", "\"when\": true") ==
        "/in/0/when: expected a condition, found true");
  CHECK(fault("\"when\": \"k > 0\"", "\"when\": \"\"") ==
        "/in/0/when: expected a condition, found \"\"");
  CHECK(fault("\"value\": 0", "\"value\": -1") ==
        "/out/0/value: expected an integer from 0 to 2147483647, found -1");
  CHECK(fault("\"n\": \"A.extent(0)\"", "\"n\": 0") == "/sizes/n: expected a string, found 0");
}

TEST_CASE("what does not fit the program is refused") {
  CHECK(fault("\"statement\": \"trsm\"", "\"statement\": \"gemm\"") ==
        "/out/0/to/statement: expected a name from /statements: \"potrf\", \"syrk\", \"trsm\", "
        "found \"gemm\"");
  CHECK(fault("\"statement\": \"trsm\"", "\"statement\": 3") ==
        "/out/0/to/statement: expected a statement's line, from 0 to 2, found 3");
  CHECK(fault("\"line\": 2", "\"line\": 3") ==
        "/statements/2/line: expected a statement's line, from 0 to 2, found 3");
  CHECK(fault("\"name\": \"syrk\"", "\"name\": \"trsm\"") ==
        "/statements/2/name: expected each name once, found \"trsm\" again");
  CHECK(fault("[\"k\", \"i\", \"j\"]", "[\"k\", \"i\"]") ==
        "/out/1/to/indices: expected 3 indices, one for each loop around statement 2: k, i, j; "
        "found 2");
  CHECK(fault("[\"k\"]", "[\"k\", \"i\"]") ==
        "/out/0/from/indices: expected 1 index, one for each loop around statement 0: k; found 2");
  CHECK(fault("\"value\": 0", "\"value\": 1") ==
        "/out/0/value: expected an output of statement 0, from 0 to 0; found 1");
  CHECK(fault("\"input\": 2", "\"input\": 3") ==
        "/out/2/input: expected an input of statement 2, from 0 to 2; found 3");
  CHECK(fault("\"n\": \"A.extent(0)\"", "\"n\": \"B.extent(0)\"") ==
        "/sizes/n: expected a size of the program: \"A.extent(0)\", \"A.extent(1)\", found "
        "\"B.extent(0)\"");
  CHECK(fault("\"m\": \"A.extent(1)\"", "\"1m\": \"A.extent(1)\"") ==
        "/sizes/1m: expected a name of letters, digits and _ that does not begin with a digit, "
        "found \"1m\"");
  CHECK(fault("\"m\": \"A.extent(1)\"", "\"A.extent(0)\": \"A.extent(1)\"") ==
        "/sizes/A.extent(0): expected a name of letters, digits and _ that does not begin with a "
        "digit, found \"A.extent(0)\"");
}

TEST_CASE("names that are not to be had are refused") {
  CHECK(fault("\"index\": \"i\"", "\"index\": \"k\"") ==
        "/out/0/ranges/0/index: expected a new name, found \"k\", which is an index already");
  CHECK(
      fault("\"index\": \"i\"", "\"index\": \"n\"") ==
      "/out/0/ranges/0/index: expected an index, found \"n\", which is a size; take another name");
  CHECK(fault("\"index\": \"i\"", "\"index\": \"i + 1\"") ==
        "/out/0/ranges/0/index: expected a name of letters, digits and _ that does not begin with "
        "a digit, found \"i + 1\"");
  CHECK(fault("[\"k\", \"i\"]},\n   \"ranges\"", "[\"k\", \"k\"]},\n   \"ranges\"") ==
        "/out/1/from/indices/1: expected a new name, found \"k\", which is an index already");
  CHECK(fault("[\"k\", \"i\"]},\n   \"ranges\"", "[\"k\", \"k + 1\"]},\n   \"ranges\"") ==
        "/out/1/from/indices/1: expected a name of letters, digits and _ that does not begin with "
        "a digit, found \"k + 1\"");
  CHECK(fault("[\"k\", \"i\"]},\n   \"ranges\"", "[\"k\", 0]},\n   \"ranges\"") ==
        "/out/1/from/indices/1: expected a name of letters, digits and _ that does not begin with "
        "a digit, found \"0\"");
  CHECK(fault("\"ranges\": [", "\"ranges\": [{\"index\": \"i\", \"from\": 0, \"to\": 1}, ") ==
        "/out/0/ranges/1/index: expected a new name, found \"i\", which is an index already");
}

TEST_CASE("expressions that make no sense are refused with pointer and column") {
  CHECK(fault("\"from\": \"k + 1\"", "\"from\": \"i + 1\"") ==
        "/out/0/ranges/0/from: column 1 of \"i + 1\": expected one of the names A.extent(0), "
        "A.extent(1), k, m, n, found \"i\"");
  CHECK(fault("\"to\": \"n - 1\"", "\"to\": \"n * k\"") ==
        "/out/0/ranges/0/to: column 3 of \"n * k\": expected a product with a constant, for only "
        "that is affine, found a product of two expressions");
  CHECK(fault("\"k - 1\", \"i\", \"k\"", "\"k - 1\", \"i j\", \"k\"") ==
        "/in/2/from/indices/1: column 3 of \"i j\": expected an operator, or the end, found \"j\"");
  CHECK(fault("j == k + 1", "j = k + 1") ==
        "/out/3/when: column 17 of \"i == k + 1 && j = k + 1\": expected == for a comparison, "
        "found \"=\"");
  CHECK(fault("j > k + 1", "l > k + 1") ==
        "/out/5/when: column 1 of \"l > k + 1\": expected one of the names A.extent(0), "
        "A.extent(1), i, j, k, m, n, found \"l\"");
}

TEST_CASE("a program with powers or logarithms is refused, with its first one and what to do") {
  ir::Program program = test::cholesky();
  program.functions = {
      {ir::Function::Kind::log_ceil, 2, test::size(0)},
      {ir::Function::Kind::quotient, 3, {0, {{1, {ir::Symbol::Kind::function, 0}}}}}};
  ir::Loop& loop = std::get<ir::Loop>(program.scopes[0].what);
  loop.upper = {0, {{1, {ir::Symbol::Kind::function, 1}}}};
  program.scopes[0].location = {"cholesky.cpp", 8};
  CHECK_THROWS_MATCHES(
      lint(program, test::hand_cholesky()), program_error,
      Catch::Message("lambdapack: declared edges are compared with those of programs without "
                     "powers and logarithms only, and cholesky has log2_ceil(A.extent(0)) at "
                     "cholesky.cpp:8; compare them at given sizes instead: lpc --lint=EDGES.json "
                     "--set 'A.extent(0)=VALUE' --set 'A.extent(1)=VALUE'"));
}

TEST_CASE("a guard beyond the budget is refused, not run") {
  ir::HandGraph graph = test::hand_cholesky();
  const analysis::AnalysisOptions small{.max_operations = 300'000};
  CHECK(lint(test::cholesky(), graph, small).clean());
  std::string& when = graph.out->at(1).when;
  for (int k = 0; k < 60; ++k)
    when += (k > 0 ? " && " : "") + std::to_string(k % 7 + 2) + "*i != " + std::to_string(k + 1) +
            "*j + " + std::to_string(3 * k);
  CHECK_THROWS_WITH(lint(test::cholesky(), graph, small),
                    Catch::Contains("budget of isl operations"));
}

TEST_CASE("damaged documents are refused or compared, and nothing else") {
  static const std::string tokens[] = {"-", "%",  "(",  "k", "n", "\"", "0", "{",
                                       "!", "&&", "99", "/", "<", "*",  "]"};
  const std::string text = documented();
  std::mt19937_64 random(3);
  const int attempts = sanitizer::slow_build ? 60 : 400;
  int compared = 0;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    std::string damaged = text;
    for (int n = 0; n < 1 + attempt % 2; ++n) {
      const std::size_t at = static_cast<std::size_t>(random() % damaged.size());
      if (random() % 3 == 0)
        damaged.erase(at, 1);
      else
        damaged.insert(at, tokens[random() % std::size(tokens)]);
    }
    try {
      lint(test::cholesky(), ir::hand_graph_from_json(damaged));
      ++compared;
    } catch (const input_error&) {
    }
  }
  CHECK(40 * compared > attempts);
}

}  // namespace lint_input_test
