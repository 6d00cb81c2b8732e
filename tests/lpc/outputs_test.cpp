// What lpc writes, and what it says where it cannot.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "lpc/make_rule.hpp"
#include "lpc/run_lpc.hpp"

namespace outputs_test {

namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using lpc_test::cholesky;
using lpc_test::Ended;
using lpc_test::Folder;
using lpc_test::run_lpc;
using lpc_test::run_lpc_quickly;

}  // namespace

TEST_CASE("each output is written, at sizes or without") {
  const Folder folder;
  const std::string source = folder.write("cholesky.cpp", cholesky);
  const auto begins = [&](std::vector<std::string> arguments, const std::string& begin) {
    arguments.push_back(source);
    const Ended answer = run_lpc_quickly(arguments);
    INFO(answer.err);
    CHECK(answer.status == 0);
    CHECK_THAT(answer.out, StartsWith(begin));
  };
  begins({"--emit=metadata"}, "{\n\"format\":\"lambdapack-metadata\"");
  begins({"--emit=program"}, "{");
  begins({"--emit=tasks", "--set", "n=4"}, "{\"program\": \"cholesky\"");
  begins({"--emit=tasks", "--set=n=0"}, "{\"program\": \"cholesky\"");
  begins({"--emit=dot"}, "digraph \"cholesky\"");
  begins({"--emit=dot", "--set=n=4"}, "digraph \"cholesky\"");
  begins({"--emit=svg"}, "<svg ");
  begins({"--emit=svg", "--set=n=0"}, "<svg ");
  begins({"--emit=isl"}, "# cholesky, for iscc");
  begins({"--emit=report"}, "cholesky, from ");
  begins({"--emit=header"}, "// The closed forms of the lambdapack programs in ");
  begins({"--who-reads=A(2,1)", "--set=n=4"}, "4 tasks read A(2, 1):");
  begins({"--successors", "syrk[k=0,i=2,j=1]", "--set=n=4"}, "1 task waits for syrk[k=0,i=2,j=1]");
}

TEST_CASE("nodes of a picture show kernel, indices and source line") {
  const Folder folder;
  const std::string source = folder.write("cholesky.cpp", cholesky);
  const std::string svg = run_lpc({"--emit=svg", "--set=n=3", source}).out;
  CHECK_THAT(svg,
             Contains(">trsm</text>") && Contains(">0,2</text>") && Contains(">line 8</text>"));
  const std::string dot = run_lpc_quickly({"--emit=dot", "--set=n=3", source}).out;
  CHECK_THAT(dot, Contains("label=\"trsm\\n0,2\\ncholesky.cpp:8\""));
}

TEST_CASE("what cannot be answered ends with a sentence and status 2") {
  const Folder folder;
  const std::string source = folder.write("cholesky.cpp", cholesky);
  const auto refused = [&](std::vector<std::string> arguments, const std::string& sentence) {
    arguments.push_back(source);
    const Ended answer = run_lpc_quickly(arguments);
    CHECK(answer.status == 2);
    CHECK_THAT(answer.err, Contains(sentence));
    CHECK(answer.out.empty());
  };
  refused({"--emit=tasks"}, "the size A.extent(0) of cholesky has no value; set it");
  refused({"--emit=svg", "--set=B.extent(0)=3"}, "cholesky has no size B.extent(0)");
  refused({"--emit=svg", "--set=n=200"},
          "cholesky has 1,353,400 tasks at these sizes, and a picture shows at most 2,000");
  refused({"--emit=dot", "--set=n=200"}, "leave --set out for the graph of its statements");
  refused({"--emit=tasks", "--set=A.extent(0)=3", "--set=A.extent(1)=2"}, "cannot run at these");
  refused({"--emit=metadata", "--set=n=3"}, "--emit=metadata holds for all sizes; leave --set out");
  refused({"--emit=picture"},
          "write one of metadata, program, tasks, dot, svg, isl, report, header");
  refused({"--who-reads=B(1,1)", "--set=n=4"}, "cholesky has no array B");
  refused({"--explain=gemm[0]", "--set=n=4"}, "cholesky has no statement 'gemm'");
  refused({"--successors=syrk[3,2,1]", "--set=n=4"}, "cholesky has no task syrk[k=3,i=2,j=1]");
  refused({"--program=lu"}, "there is no program lu; there are cholesky");
  refused({"--depfile=x.d"}, "write -o FILE too");
  refused({"--flags=no_such_file"}, "there is no file of flags no_such_file");
}

TEST_CASE("a file without programs is refused, and a picture is of one") {
  const Folder folder;
  const std::string none = folder.write("none.cpp", "int main() {}\n");
  const Ended nothing = run_lpc({"--emit=header", none});
  CHECK(nothing.status == 1);
  CHECK_THAT(nothing.err, Contains("no program in " + none));
  const std::string two =
      folder.write("two.cpp", cholesky + "void one(lp::InOut<double, 2> A) { cholesky(A); }\n");
  CHECK(run_lpc_quickly({"--emit=svg", "--program=one", two}).status == 0);
}

TEST_CASE("flags come from a file, and a rule says what was read") {
  const Folder folder;
  folder.write("program.hpp", cholesky);
  const std::string source = folder.write("main.cpp", "#include NAME\n");
  const std::string flags =
      folder.write("flags", "-std=c++20\n-DNAME=\"program.hpp\"\n\n-DUNUSED=a b\n");
  const Ended answer = run_lpc({"--emit=header", "--flags=" + flags, "-o", folder.file("a b.hpp"),
                                "--depfile=" + folder.file("rule.d"), source});
  INFO(answer.err);
  REQUIRE(answer.status == 0);
  CHECK_THAT(folder.read("a b.hpp"), Contains("namespace cholesky = cholesky_"));
  CHECK_THAT(folder.read("rule.d"), Contains("a\\ b.hpp: \\\n") && Contains("/main.cpp") &&
                                        Contains("/program.hpp") && Contains("/lambdapack.hpp"));
}

TEST_CASE("a rule names its target as -o does") {
  const Folder folder;
  const std::string source = folder.write("cholesky.cpp", cholesky);
  const std::string output = std::filesystem::relative(folder.file("graph.hpp")).string();
  const Ended answer = run_lpc_quickly(
      {"--emit=header", "-o", output, "--depfile=" + folder.file("rule.d"), source});
  REQUIRE(answer.status == 0);
  CHECK_THAT(folder.read("rule.d"),
             StartsWith(lambdapack::lpc::make_rule(output, {}).substr(0, output.size())));
}

TEST_CASE("names in rules are taken literally") {
  CHECK(lambdapack::lpc::make_rule("out", {"/a b", "/c#d", "/$x"}) ==
        "out: \\\n /$$x \\\n /a\\ b \\\n /c\\#d\n");
}

}  // namespace outputs_test
