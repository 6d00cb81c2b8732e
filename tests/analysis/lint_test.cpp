// What lint finds in hand-written edges that are wrong in one way.
#include "lambdapack/analysis/lint.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "lambdapack/dsl/dsl.hpp"
#include "support/hand_cholesky.hpp"
#include "support/programs.hpp"
#include "support/programs_ir.hpp"

namespace lint_test {

using namespace lambdapack;

namespace {

using Kind = LintFinding::Kind;
using Messages = std::vector<std::string>;

Messages messages(const ir::HandGraph& graph) {
  Messages all;
  for (const LintFinding& f : lint(test::cholesky(), graph).findings) all.push_back(f.message);
  return all;
}

/// The hand-written Cholesky in one direction only.
ir::HandGraph out_only() {
  ir::HandGraph graph = test::hand_cholesky();
  graph.in.reset();
  return graph;
}
ir::HandGraph in_only() {
  ir::HandGraph graph = test::hand_cholesky();
  graph.out.reset();
  return graph;
}

}  // namespace

TEST_CASE("a correct hand-written Cholesky has no findings") {
  CHECK(messages(test::hand_cholesky()).empty());
  CHECK(messages(out_only()).empty());
  CHECK(messages(in_only()).empty());
  CHECK(lint(test::cholesky(), test::hand_cholesky()).clean());
  CHECK(lint(test::cholesky(), test::hand_cholesky()).text().empty());
}

TEST_CASE("slots may be left out, and statements named by their lines") {
  ir::HandGraph graph = test::hand_cholesky();
  graph.statements.clear();
  const auto plain = [](ir::EdgeEnd& end) {
    end.statement = std::get<std::string>(end.statement) == "potrf"  ? 0
                    : std::get<std::string>(end.statement) == "trsm" ? 1
                                                                     : 2;
  };
  for (auto* families : {&*graph.out, &*graph.in})
    for (ir::EdgeFamily& f : *families) {
      f.value.reset();
      f.input.reset();
      plain(f.from);
      plain(f.to);
    }
  CHECK(messages(graph).empty());

  graph.in.reset();
  graph.out->at(1).ranges[0].to = "i - 1";  // those on the diagonal are in the next family too
  CHECK(messages(graph).empty());
}

TEST_CASE("a wrong producer index") {
  ir::HandGraph graph = in_only();
  graph.in->at(5).from.indices = {"k", "j + 1"};
  CHECK(messages(graph) ==
        Messages{"/in: for n = 2, m = 2: missing: trsm[k=0,i=1] -> syrk[k=0,i=1,j=1], value 0, "
                 "input 2; all of them: trsm[k, i] -> syrk[k' = k, i', j = i]",
                 "/in/5: for n = 2, m = 2: superfluous: trsm[k=0,i=2] -> syrk[k=0,i=1,j=1], value "
                 "0, input 2; there is no node trsm[k=0,i=2]; that input comes from trsm[k=0,i=1]; "
                 "all of them: trsm[k, i = n] -> syrk[k' = k, i' = -1 + n, j = -1 + n]",
                 "/in/5: for n = 3, m = 3: superfluous: trsm[k=0,i=2] -> syrk[k=0,i=1,j=1], value "
                 "0, input 2; that input comes from trsm[k=0,i=1]; all of them: trsm[k, i] -> "
                 "syrk[k' = k, i', j = -1 + i]"});
}

TEST_CASE("a range that is short by one") {
  ir::HandGraph graph = out_only();
  graph.out->at(1).ranges[0].to = "i - 1";
  CHECK(messages(graph) ==
        Messages{"/out: for n = 2, m = 2: missing: trsm[k=0,i=1] -> syrk[k=0,i=1,j=1], value 0, "
                 "input 1; all of them: trsm[k, i] -> syrk[k' = k, i' = i, j = i]"});
}

TEST_CASE("swapped arguments") {
  ir::HandGraph graph = out_only();
  graph.out->at(4).to.indices = {"i", "k + 1"};
  CHECK(messages(graph) ==
        Messages{"/out: for n = 3, m = 3: missing: syrk[k=0,i=2,j=1] -> trsm[k=1,i=2], value 0, "
                 "input 1; all of them: syrk[k, i, j = 1 + k] -> trsm[k' = 1 + k, i' = i]",
                 "/out/4: for n = 3, m = 3: superfluous: syrk[k=0,i=2,j=1] -> trsm[k=2,i=1], value "
                 "0, input 1; there is no node trsm[k=2,i=1]; all of them: syrk[k, i, j = 1 + k] "
                 "-> trsm[k' = i, i' = 1 + k] : i >= 2 + k"});
  graph = in_only();
  graph.in->at(3).from.indices = {"k - 1", "j", "i"};
  CHECK(
      messages(graph) ==
      Messages{
          "/in: for n = 4, m = 4: missing: syrk[k=0,i=3,j=2] -> syrk[k=1,i=3,j=2], value 0, input "
          "0; all of them: syrk[k, i, j] -> syrk[k' = 1 + k, i' = i, j' = j] : j < i",
          "/in/3: for n = 4, m = 4: superfluous: syrk[k=0,i=2,j=3] -> syrk[k=1,i=3,j=2], value 0, "
          "input 0; there is no node syrk[k=0,i=2,j=3]; that input comes from syrk[k=0,i=3,j=2]; "
          "all of them: syrk[k, i, j] -> syrk[k' = 1 + k, i' = j, j' = i] : k >= 0 and j > i"});
}

TEST_CASE("a lost chain") {
  ir::HandGraph graph = out_only();
  graph.out->pop_back();
  CHECK(messages(graph) ==
        Messages{"/out: for n = 3, m = 3: missing: syrk[k=0,i=2,j=2] -> syrk[k=1,i=2,j=2], value "
                 "0, input 0; all of them: syrk[k, i, j] -> syrk[k' = 1 + k, i' = i, j' = j]"});
}

TEST_CASE("a stale read, from an earlier step") {
  ir::HandGraph graph = in_only();
  graph.in->at(3).from.indices[0] = "k - 2";
  graph.in->at(3).when = "k > 1";
  CHECK(messages(graph) ==
        Messages{"/in: for n = 3, m = 3: missing: syrk[k=0,i=2,j=2] -> syrk[k=1,i=2,j=2], value 0, "
                 "input 0; all of them: syrk[k, i, j] -> syrk[k' = 1 + k, i' = i, j' = j]",
                 "/in/3: for n = 4, m = 4: stale read: syrk[k=0,i=3,j=3] -> syrk[k=2,i=3,j=3], "
                 "value 0, input 0; the value comes from syrk[k=1,i=3,j=3]; all of them: syrk[k, "
                 "i, j] -> syrk[k' = 2 + k, i' = i, j' = j]"});
}

TEST_CASE("a stale read, from the wrong writer") {
  ir::HandGraph graph = in_only();
  graph.in->at(4).from = test::node("syrk", {"k - 1", "i", "k"});
  graph.in->at(4).when = "k > 0";
  CHECK(messages(graph) ==
        Messages{"/in: for n = 2, m = 2: missing: trsm[k=0,i=1] -> syrk[k=0,i=1,j=1], value 0, "
                 "input 1; all of them: trsm[k, i] -> syrk[k' = k, i' = i, j]",
                 "/in/4: for n = 3, m = 3: stale read: syrk[k=0,i=2,j=1] -> syrk[k=1,i=2,j=2], "
                 "value 0, input 1; the value comes from trsm[k=1,i=2]; all of them: syrk[k, i, j "
                 "= 1 + k] -> syrk[k' = 1 + k, i' = i, j']"});
}

TEST_CASE("a value that is written later only") {
  ir::HandGraph graph = in_only();
  graph.in->at(0).from.indices[0] = "k";
  graph.in->at(3).from.indices[0] = "k";
  CHECK(messages(graph) ==
        Messages{"/in: for n = 2, m = 2: missing: syrk[k=0,i=1,j=1] -> potrf[k=1], value 0, input "
                 "0; all of them: syrk[k, i = 1 + k, j = 1 + k] -> potrf[k' = 1 + k]",
                 "/in: for n = 3, m = 3: missing: syrk[k=0,i=2,j=2] -> syrk[k=1,i=2,j=2], value 0, "
                 "input 0; all of them: syrk[k, i, j] -> syrk[k' = 1 + k, i' = i, j' = j]",
                 "/in/0: for n = 2, m = 2: superfluous: syrk[k=1,i=1,j=1] -> potrf[k=1], value 0, "
                 "input 0; there is no node syrk[k=1,i=1,j=1]; that input comes from "
                 "syrk[k=0,i=1,j=1]; all of them: syrk[k, i = k, j = k] -> potrf[k' = k] : k > 0",
                 "/in/3: for n = 3, m = 3: superfluous: syrk[k=1,i=2,j=2] -> syrk[k=1,i=2,j=2], "
                 "value 0, input 0; that input comes from syrk[k=0,i=2,j=2]; all of them: syrk[k, "
                 "i, j] -> syrk[k' = k, i' = i, j' = j] : k > 0"});
}

TEST_CASE("a guard that is missing") {
  ir::HandGraph graph = out_only();
  graph.out->at(5).when = "";
  CHECK(messages(graph) ==
        Messages{"/out/5: for n = 2, m = 2: superfluous: syrk[k=0,i=1,j=1] -> syrk[k=1,i=1,j=1], "
                 "value 0, input 0; there is no node syrk[k=1,i=1,j=1]; all of them: syrk[k, i, j "
                 "= 1 + k] -> syrk[k' = 1 + k, i' = i, j' = 1 + k]"});
  graph = in_only();
  graph.in->at(2).when = "";
  CHECK(
      messages(graph) ==
      Messages{"/in/2: for n = 2, m = 2: superfluous: syrk[k=-1,i=1,j=0] -> trsm[k=0,i=1], value "
               "0, input 1; there is no node syrk[k=-1,i=1,j=0]; that input comes from the initial "
               "contents of A(1, 0); all of them: syrk[k = -1, i, j = 0] -> trsm[k' = 0, i' = i]"});
}

TEST_CASE("a family that is superfluous") {
  ir::HandGraph graph = out_only();
  graph.out->push_back(
      test::edges(test::node("potrf", {"k"}), "k + 1 < n", {}, test::node("potrf", {"k + 1"}), 0));
  CHECK(messages(graph) ==
        Messages{
            "/out/6: for n = 2, m = 2: superfluous: potrf[k=0] -> potrf[k=1], value 0, input 0; "
            "that input comes from syrk[k=0,i=1,j=1]; all of them: potrf[k] -> potrf[k' = 1 + k]"});
}

TEST_CASE("in and out that disagree") {
  ir::HandGraph graph = test::hand_cholesky();
  graph.in->at(4).when = "i < n - 1 || j != i";
  CHECK(
      messages(graph) ==
      Messages{"/in: for n = 2, m = 2: missing: trsm[k=0,i=1] -> syrk[k=0,i=1,j=1], value 0, input "
               "1; all of them: trsm[k, i = -1 + n] -> syrk[k' = k, i' = -1 + n, j = -1 + n]",
               "/out/1: for n = 2, m = 2: declared by out only: trsm[k=0,i=1] -> "
               "syrk[k=0,i=1,j=1], value 0, input 1; all of them: trsm[k, i = -1 + n] -> syrk[k' = "
               "k, i' = -1 + n, j = -1 + n]"});
}

TEST_CASE("a successor outside of the loops") {
  ir::HandGraph graph = out_only();
  graph.out->at(0).ranges[0].to = "n";
  CHECK(
      messages(graph) ==
      Messages{"/out/0: for n = 1, m = 1: superfluous: potrf[k=0] -> trsm[k=0,i=1], value 0, input "
               "0; there is no node trsm[k=0,i=1]; all of them: potrf[k] -> trsm[k' = k, i = n]"});
}

TEST_CASE("nothing declared") {
  ir::HandGraph graph;
  graph.out.emplace();
  CHECK(messages(graph) ==
        Messages{
            "/out: for A.extent(0) = 2, A.extent(1) = 2: missing: potrf[k=0] -> trsm[k=0,i=1]; all "
            "of them: potrf[k] -> trsm[k' = k, i]",
            "/out: for A.extent(0) = 2, A.extent(1) = 2: missing: trsm[k=0,i=1] -> "
            "syrk[k=0,i=1,j=1]; all of them: trsm[k, i] -> syrk[k' = k, i', j = i] : i' > i; "
            "trsm[k, i] -> syrk[k' = k, i' = i, j]",
            "/out: for A.extent(0) = 2, A.extent(1) = 2: missing: syrk[k=0,i=1,j=1] -> potrf[k=1]; "
            "all of them: syrk[k, i = 1 + k, j = 1 + k] -> potrf[k' = 1 + k]",
            "/out: for A.extent(0) = 3, A.extent(1) = 3: missing: syrk[k=0,i=2,j=1] -> "
            "trsm[k=1,i=2]; all of them: syrk[k, i, j = 1 + k] -> trsm[k' = 1 + k, i' = i]",
            "/out: for A.extent(0) = 3, A.extent(1) = 3: missing: syrk[k=0,i=2,j=2] -> "
            "syrk[k=1,i=2,j=2]; all of them: syrk[k, i, j] -> syrk[k' = 1 + k, i' = i, j' = j]"});
}

TEST_CASE("a finding says in numbers what its message says in words") {
  ir::HandGraph graph = in_only();
  graph.in->at(3).from.indices[0] = "k - 2";
  graph.in->at(3).when = "k > 1";
  const LintReport report = lint(test::cholesky(), graph);
  REQUIRE(report.findings.size() == 2);
  const LintFinding& f = report.findings[1];
  CHECK(f.kind == Kind::stale);
  CHECK(std::string(to_string(f.kind)) == "stale");
  CHECK(f.direction == ir::EdgeDirection::in);
  CHECK(f.family == 3);
  CHECK(f.from == 2);
  CHECK(f.to == 2);
  CHECK(f.value == 0);
  CHECK(f.input == 0);
  CHECK(f.edges == "syrk[k, i, j] -> syrk[k' = 2 + k, i' = i, j' = j]");
  CHECK(f.example.sizes == std::vector<std::int64_t>{4, 4});
  CHECK(f.example.from == std::vector<std::int64_t>{0, 3, 3});
  CHECK(f.example.to == std::vector<std::int64_t>{2, 3, 3});
  CHECK(f.source == "syrk[k=1,i=3,j=3]");
  CHECK(report.findings[0].family == std::nullopt);
  CHECK(report.text() == report.findings[0].message + "\n" + report.findings[1].message + "\n");
}

TEST_CASE("several outputs, and statements that share a kernel") {
  const ir::Program qr = trace(test_programs::qr_flat).program;
  ir::HandGraph graph;
  graph.sizes = {{"m", "A.extent(0)"}, {"n", "A.extent(1)"}};
  const auto family = [](int from, std::vector<std::string> at, const char* when,
                         std::vector<ir::EdgeRange> ranges, int to,
                         std::vector<std::string> there) {
    return ir::EdgeFamily{{from, std::move(at)},  when, std::move(ranges),
                          {to, std::move(there)}, {},   {}};
  };
  // 0 split[k], 1 update2[k, j], 2 both[k, i], 3 both[k, i, j]
  graph.out = {family(0, {"k"}, "", {{"j", "k + 1", "n - 1"}}, 1, {"k", "j"}),
               family(0, {"k"}, "k + 1 < m", {}, 2, {"k", "k + 1"}),
               family(1, {"k", "j"}, "k + 1 < m", {}, 3, {"k", "k + 1", "j"}),
               family(2, {"k", "i"}, "i + 1 < m", {}, 2, {"k", "i + 1"}),
               family(3, {"k", "i", "j"}, "i + 1 < m", {}, 3, {"k", "i + 1", "j"}),
               family(3, {"k", "i", "j"}, "i == k + 1 && j == k + 1", {}, 0, {"k + 1"}),
               family(3, {"k", "i", "j"}, "i == k + 1 && j > k + 1", {}, 1, {"k + 1", "j"}),
               family(3, {"k", "i", "j"}, "i > k + 1 && j == k + 1", {}, 2, {"k + 1", "i"}),
               family(3, {"k", "i", "j"}, "i > k + 1 && j > k + 1", {}, 3, {"k + 1", "i", "j"})};
  INFO(lint(qr, graph).text());
  CHECK(lint(qr, graph).clean());

  graph.out->at(0).value = 0;  // split's second output, T(k, k), goes to update2 too
  graph.out->at(0).input = 1;
  graph.out->at(4).value = 1;  // but it is the first one that goes down the column
  Messages messages;
  for (const LintFinding& f : lint(qr, graph).findings) messages.push_back(f.message);
  CHECK(messages ==
        Messages{"/out: for m = 1, n = 2, T.extent(0) = 1, T.extent(1) = 1: missing: split[k=0] -> "
                 "update2[k=0,j=1], value 1, input 2; all of them: split[k] -> update2[k' = k, j]",
                 "/out: for m = 3, n = 2, T.extent(0) = 2, T.extent(1) = 2: missing: "
                 "both@3[k=0,i=1,j=1] -> both@3[k=0,i=2,j=1], value 0; all of them: both@3[k, i, "
                 "j] -> both@3[k' = k, i' = 1 + i, j' = j]",
                 "/out/4: for m = 3, n = 2, T.extent(0) = 2, T.extent(1) = 2: superfluous: "
                 "both@3[k=0,i=1,j=1] -> both@3[k=0,i=2,j=1], value 1; all of them: both@3[k, i, "
                 "j] -> both@3[k' = k, i' = 1 + i, j' = j]"});
}

TEST_CASE("an input that is a run of tiles has many writers") {
  const ir::Program panels = trace(test_programs::panels).program;  // 0 gather[k], 1 update1[k,i,j]
  ir::HandGraph graph;
  graph.sizes = {{"n", "A.extent(0)"}};
  graph.statements = {{"gather", 0}, {"update", 1}};
  const ir::EdgeEnd gather = test::node("gather", {"k"});
  const ir::EdgeEnd update = test::node("update", {"k", "i", "j"});
  graph.in = {test::edges(test::node("update", {"k - 1", "i", "k"}), "k > 0", {{"i", "k", "n - 1"}},
                          gather, 0),
              test::edges(test::node("update", {"k - 1", "k", "k"}), "k > 0", {}, gather, 1),
              test::edges(test::node("update", {"k - 1", "i", "j"}), "k > 0", {}, update, 0),
              test::edges(gather, "", {}, update, 1)};
  INFO(lint(panels, graph).text());
  CHECK(lint(panels, graph).clean());

  graph.in->at(0).ranges[0].from = "k - 1";
  graph.in->at(0).ranges[0].to = "n - 2";
  Messages messages;
  for (const LintFinding& f : lint(panels, graph).findings) messages.push_back(f.message);
  CHECK(messages ==
        Messages{
            "/in: for n = 2, A.extent(1) = 2, P.extent(0) = 2: missing: update[k=0,i=1,j=1] -> "
            "gather[k=1], value 0, input 0; all of them: update[k, i = -1 + n, j = 1 + k] -> "
            "gather[k' = 1 + k]",
            "/in/0: for n = 2, A.extent(1) = 2, P.extent(0) = 2: superfluous: update[k=0,i=0,j=1] "
            "-> gather[k=1], value 0, input 0; that input comes from update[k=0,i=1,j=1]; all of "
            "them: update[k, i = k, j = 1 + k] -> gather[k' = 1 + k]"});
}

}  // namespace lint_test
