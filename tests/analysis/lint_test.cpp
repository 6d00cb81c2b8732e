// What lint finds in hand-written edges that are wrong in one way.
#include "lambdapack/analysis/lint.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "support/hand_cholesky.hpp"
#include "support/programs.hpp"
#include "support/programs_ir.hpp"

using namespace lambdapack;

namespace {

using Kind = LintFinding::Kind;

std::vector<std::string> messages(const ir::HandGraph& graph) {
  std::vector<std::string> all;
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

using Messages = std::vector<std::string>;

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
            "syrk[k=0,i=1,j=1]; all of them: trsm[k, i] -> syrk[k' = k, i', j = i] : i' >= i; "
            "trsm[k, i] -> syrk[k' = k, i' = i, j]",
            "/out: for A.extent(0) = 2, A.extent(1) = 2: missing: syrk[k=0,i=1,j=1] -> potrf[k=1]; "
            "all of them: syrk[k, i = 1 + k, j = 1 + k] -> potrf[k' = 1 + k]",
            "/out: for A.extent(0) = 3, A.extent(1) = 3: missing: syrk[k=0,i=2,j=1] -> "
            "trsm[k=1,i=2]; all of them: syrk[k, i, j = 1 + k] -> trsm[k' = 1 + k, i' = i]",
            "/out: for A.extent(0) = 3, A.extent(1) = 3: missing: syrk[k=0,i=2,j=2] -> "
            "syrk[k=1,i=2,j=2]; all of them: syrk[k, i, j] -> syrk[k' = 1 + k, i' = i, j' = j]"});
}
