// lpc --lint on the hand-written edges of docs/lint.md, as they stand there and wrong in one way.
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <string>

#include "lpc/run_lpc.hpp"

namespace lint_test {

namespace {

using lpc_test::Ended;
using lpc_test::Folder;
using lpc_test::run_lpc;
using lpc_test::run_lpc_quickly;

/// The hand graph in docs/lint.md.
std::string documented_edges() {
  std::ifstream in(LAMBDAPACK_SOURCE_DIR "/docs/lint.md");
  const std::string page(std::istreambuf_iterator<char>(in), {});
  const std::string fence = "```json\n";
  const std::size_t begin = page.find(fence);
  REQUIRE(begin != std::string::npos);
  const std::size_t text = begin + fence.size();
  return page.substr(text, page.find("```", text) - text);
}

/// The same with another text in one place.
std::string edges_with(const std::string& part, const std::string& instead) {
  std::string edges = documented_edges();
  const std::size_t at = edges.find(part);
  REQUIRE(at != std::string::npos);
  REQUIRE(edges.find(part, at + 1) == std::string::npos);
  return edges.replace(at, part.size(), instead);
}

Ended lint(const std::string& edges) {
  const Folder folder;
  const std::string source = folder.write("cholesky.cpp", lpc_test::cholesky);
  return run_lpc_quickly({"--lint", folder.write("edges.json", edges), source});
}

/// Checks that lpc ends with 1, and says `finding`, a line with the whole set of edges.
void check_wrong(const std::string& edges, const std::string& finding) {
  const Ended ended = lint(edges);
  CHECK(ended.status == 1);
  CHECK_THAT(ended.out, Catch::Contains(finding + "\n"));
}

}  // namespace

TEST_CASE("lpc --lint has nothing to say of the right edges") {
  const Ended ended = lint(documented_edges());
  INFO(ended.err);
  CHECK(ended.status == 0);
  CHECK(ended.out.empty());
}

TEST_CASE("lpc --lint says what is wrong with edges, for all sizes") {
  check_wrong(edges_with(R"(indices": ["k", "j"]}, "value": 0, "input": 2)",
                         R"(indices": ["k", "j + 1"]}, "value": 0, "input": 2)"),
              "/in: for n = 2, m = 2: missing: trsm[k=0,i=1] -> syrk[k=0,i=1,j=1], value 0, input "
              "2; all of them: trsm[k, i] -> syrk[k' = k, i', j = i]");
  check_wrong(edges_with(R"("to": "i"}])", R"("to": "i - 1"}])"),
              "/out: for n = 2, m = 2: missing: trsm[k=0,i=1] -> syrk[k=0,i=1,j=1], value 0, "
              "input 1; all of them: trsm[k, i] -> syrk[k' = k, i' = i, j = i]");
  check_wrong(
      edges_with(R"("trsm", "indices": ["k + 1", "i"])", R"("trsm", "indices": ["i", "k + 1"])"),
      "/out/4: for n = 3, m = 3: superfluous: syrk[k=0,i=2,j=1] -> trsm[k=2,i=1], value "
      "0, input 1; there is no node trsm[k=2,i=1]; all of them: syrk[k, i, j = 1 + k] -> "
      "trsm[k' = i, i' = 1 + k] : i >= 2 + k");
  check_wrong(edges_with(R"("when": "j > k + 1")", R"("when": "j > n")"),
              "/out: for n = 3, m = 3: missing: syrk[k=0,i=2,j=2] -> syrk[k=1,i=2,j=2], value 0, "
              "input 0; all of them: syrk[k, i, j] -> syrk[k' = 1 + k, i' = i, j' = j]");
  check_wrong(edges_with(R"("when": "k > 0",
   "from": {"statement": "syrk", "indices": ["k - 1", "i", "j"]})",
                         R"("when": "k > 1",
   "from": {"statement": "syrk", "indices": ["k - 2", "i", "j"]})"),
              "/in/3: for n = 4, m = 4: stale read: syrk[k=0,i=3,j=3] -> syrk[k=2,i=3,j=3], value "
              "0, input 0; the value comes from syrk[k=1,i=3,j=3]; all of them: syrk[k, i, j] -> "
              "syrk[k' = 2 + k, i' = i, j' = j]");
}

TEST_CASE("lpc --lint compares at given sizes too") {
  const Folder folder;
  const std::string source = folder.write("cholesky.cpp", lpc_test::cholesky);
  const auto at = [&](const std::string& edges, const std::string& size) {
    return run_lpc_quickly(
        {"--lint", folder.write("edges.json", edges), "--set=n=" + size, source});
  };
  CHECK(at(documented_edges(), "4").status == 0);
  const std::string wrong = edges_with(R"("when": "j > k + 1")", R"("when": "j > k + 2")");
  CHECK(at(wrong, "2").status == 0);
  const Ended ended = at(wrong, "3");
  CHECK(ended.status == 1);
  CHECK_THAT(ended.out, Catch::Contains("/out: for n = 3, m = 3: missing: syrk[k=0,i=2,j=2] -> "
                                        "syrk[k=1,i=2,j=2], value 0, input 0"));
}

TEST_CASE("lpc --lint refuses edges that it cannot read, and says where") {
  const Ended ended = lint(edges_with(R"("when": "j > k + 1")", R"("when": "j > k * j")"));
  CHECK(ended.status == 2);
  CHECK(ended.out.empty());
  CHECK_THAT(ended.err, Catch::Contains("/out/5/when"));
}

}  // namespace lint_test
