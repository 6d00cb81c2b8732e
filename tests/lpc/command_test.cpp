// What lpc writes, and how it ends.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "lpc/run_lpc.hpp"

namespace command_test {

using lpc_test::Ended;
using lpc_test::Folder;
using lpc_test::run_lpc;
using lpc_test::run_lpc_quickly;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("lpc chooses programs by name, with or without their namespace") {
  const Folder folder;
  const std::string source = folder.write("two.cpp", lpc_test::two_programs);
  for (const char* name : {"halve", "some::halve"}) {
    const Ended ended = run_lpc_quickly({"--emit=isl", "--program", name, source});
    CHECK(ended.status == 0);
    CHECK(has(ended.out, "scale"));
    CHECK_FALSE(has(ended.out, "add"));
  }
  const Ended unknown = run_lpc_quickly({"--program", "double", source});
  CHECK(unknown.status == 2);
  CHECK(unknown.err == "lpc: there is no program double; there are some::halve, sum\n");
  const Ended several = run_lpc_quickly({"--emit=svg", source});
  CHECK(several.status == 2);
  CHECK(has(several.err, "choose one with --program"));
}

TEST_CASE("lpc chooses one of several programs of one name by its line") {
  const Folder folder;
  const std::string source = folder.write("overloads.cpp", R"(#include <lambdapack/lambdapack.hpp>
void f(lp::InOut<double, 1> x) { x(0) = scale(x(0), 0.5); }
void f(lp::InOut<float, 1> x) { x(0) = copy(x(0)); }
)");
  const Ended one = run_lpc_quickly({"--emit=isl", "--program=f:3", source});
  CHECK(one.status == 0);
  CHECK(has(one.out, "copy"));
  CHECK_FALSE(has(one.out, "scale"));
  CHECK(run_lpc_quickly({"--emit=svg", "--program=f:2", source}).status == 0);
  const Ended both = run_lpc_quickly({"--emit=svg", "--program=f", source});
  CHECK(both.status == 2);
  CHECK(has(both.err, "choose one with --program=f:2, where its name stands"));
  const Ended nowhere = run_lpc_quickly({"--emit=svg", "--program=f:4", source});
  CHECK(nowhere.status == 2);
  CHECK(has(nowhere.err, "there is no program f:4"));
}

TEST_CASE("a question about one of several arrays of one name is refused") {
  const Folder folder;
  const std::string source = folder.write("twice.cpp", R"(#include <lambdapack/lambdapack.hpp>
void through(lp::Tiles<double, 1>& x, int i) {
  lp::TempTiles<double, 1> W;
  copy(W(0), x(i));
  copy(x(i), W(0));
}
void f(lp::Tiles<double, 1>& x) {
  through(x, 0);
  through(x, 1);
}
)");
  const Ended ended = run_lpc_quickly({"--program=f", "--who-writes=W(0)", "--set", "n=2", source});
  CHECK(ended.status == 2);
  CHECK(has(ended.err, "it may be of 2 arrays of this name"));
}

TEST_CASE("a question is answered by those programs that have what it is about") {
  const Folder folder;
  const std::string source = folder.write("several.cpp", R"(#include <lambdapack/lambdapack.hpp>
void f(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0))) x(i) = scale(x(i), 2);
}
void g(lp::InOut<double, 1> x) {
  for (auto i : lp::range(1, x.extent(0))) x(i) = copy(x(i - 1));
}
)");
  const Ended one = run_lpc_quickly({"--in-degree=copy[2]", "--set", "n=3", source});
  CHECK(one.status == 0);
  CHECK(has(one.out, "g:\ncopy[i=2] at several.cpp:6 waits for 1 task"));
  CHECK(has(one.err, "f has no statement 'copy'"));
  const Ended none = run_lpc_quickly({"--in-degree=move[2]", "--set", "n=3", source});
  CHECK(none.status == 2);
  CHECK(has(none.err, "f has no statement 'move'"));
  CHECK(has(none.err, "there are several programs; choose the one that is meant with --program"));
}

TEST_CASE("columns of SARIF count characters") {
  const Folder folder;
  const std::string source = folder.write("umlauts.cpp", R"(#include <lambdapack/lambdapack.hpp>
void shift(lp::InOut<double, 1> x) {
  /* äöü ≤ */ x(0) = copy(x(x.extent(0)));
}
)");
  const Ended ended = run_lpc_quickly({"--check", "--diagnostics=sarif", source});
  CHECK(ended.status == 1);
  CAPTURE(ended.out);
  CHECK(has(ended.out, "\"startLine\":3,\"startColumn\":27"));
}

TEST_CASE("lpc answers questions about sizes that are set") {
  const Folder folder;
  const std::string source = folder.write("two.cpp", lpc_test::two_programs);
  const std::vector<std::string> common = {"--program=sum", "--set", "steps=2",
                                           "--set",         "n=3",   source};
  const auto ask = [&](const std::string& option, const std::string& subject) {
    std::vector<std::string> arguments = {option, subject};
    arguments.insert(arguments.end(), common.begin(), common.end());
    return run_lpc_quickly(arguments);
  };
  CHECK(has(ask("--who-reads", "x(1)").out, "add[t=0,i=2]"));
  CHECK(has(ask("--who-writes", "x(2)").out, "add[t=1,i=2]"));
  CHECK(has(ask("--successors", "add[t=0,i=1]").out, "add[t=0,i=2]"));
  CHECK(has(ask("--predecessors", "add[t=1,i=2]").out, "add[t=1,i=1]"));
  CHECK(ask("--explain", "add[t=1,i=2]").status == 0);
  CHECK(ask("--who-reads", "y(1)").status == 2);
  CHECK(ask("--successors", "add[t=7,i=1]").status == 2);
}

TEST_CASE("lpc writes to a file, or says why it cannot") {
  const Folder folder;
  const std::string source = folder.write("two.cpp", lpc_test::two_programs);
  const Ended ended = run_lpc({"--program=sum", "-o", folder.file("sum.json"), source});
  CHECK(ended.status == 0);
  CHECK(ended.out.empty());
  CHECK(has(folder.read("sum.json"), "\"sum\""));
  for (const std::string& target : {folder.path(), folder.file("nowhere/sum.json")}) {
    const Ended refused = run_lpc_quickly({"--program=sum", "-o", target, source});
    CHECK(refused.status == 2);
    CHECK(refused.err == "lpc: cannot write " + target + "\n");
  }
}

TEST_CASE("lpc does not write over what it has read") {
  const Folder folder;
  folder.write("program.hpp", lpc_test::two_programs);
  const std::string source = folder.write("main.cpp", "#include \"program.hpp\"\n");
  for (const char* file : {"main.cpp", "program.hpp"})
    for (const char* option : {"-o", "--depfile"}) {
      std::vector<std::string> arguments{"--emit=dot", "--program=sum", option, folder.file(file)};
      if (std::string(option) == "--depfile")
        arguments.insert(arguments.end(), {"-o", folder.file("sum.dot")});
      arguments.push_back(source);
      const Ended ended = run_lpc_quickly(arguments);
      CHECK(ended.status == 2);
      CHECK(has(ended.err, "would be overwritten"));
    }
  const Ended log = run_lpc_quickly({"--check", "--diagnostics=sarif", "-o", source, source});
  CHECK(log.status == 2);
  CHECK(has(log.err, "would be overwritten"));
  CHECK(folder.read("program.hpp") == lpc_test::two_programs);
  CHECK(folder.read("main.cpp") == "#include \"program.hpp\"\n");

  const std::string edges = folder.write("edges.json", "{}");
  CHECK(has(run_lpc_quickly({"--program=sum", "--lint", edges, "-o", edges, source}).err,
            "would be overwritten"));
  CHECK(folder.read("edges.json") == "{}");
  const std::string both = folder.file("both");
  CHECK(has(
      run_lpc_quickly({"--emit=dot", "--program=sum", "-o", both, "--depfile", both, source}).err,
      "name two files"));
}

TEST_CASE("lpc takes flags from a compilation database") {
  const Folder folder;
  const std::string source = folder.write("named.cpp",
                                          "#include NAMED\nvoid f(lp::InOut<double, 1> x) { x(0) = "
                                          "scale(x(0), 0.5); }\n");
  const auto refused = [&](const std::string& sentence) {
    const Ended ended = run_lpc({"--check", "-p", folder.path(), source});
    CHECK(ended.status == 2);
    CHECK(has(ended.err, sentence));
  };
  refused("there is no compile_commands.json in " + folder.path());
  folder.write("compile_commands.json", "[{");
  refused("compile_commands.json in " + folder.path() + " is no compilation database");
  folder.write("compile_commands.json", "[]");
  refused("does not say how " + source + " is compiled");
  folder.write("compile_commands.json", R"([{"directory": ")" + folder.path() + R"(", "file": ")" +
                                            source +
                                            R"(", "arguments": ["g++", "-std=c++20", "-O2",)"
                                            R"( "-DNAMED=<lambdapack/lambdapack.hpp>", "-c", ")" +
                                            source + R"("]}])");
  const Ended ended = run_lpc({"--check", "-p", folder.path(), source});
  CHECK(ended.status == 0);
  CHECK(ended.err == "lpc: 1 program checked, 0 errors, 0 warnings\n");
}

TEST_CASE("lpc leaves out flags of a compilation database that Clang does not know") {
  const Folder folder;
  const std::string source = folder.write("two.cpp", lpc_test::two_programs);
  folder.write("compile_commands.json",
               R"([{"directory": ")" + folder.path() + R"(", "file": ")" + source +
                   R"(", "arguments": ["g++", "-std=c++20", "-fconserve-stack", "-Wlogical-op",)"
                   R"( "-fno-gcse-of-nobody", "-c", ")" +
                   source + R"("]}])");
  const Ended ended = run_lpc({"--check", "-p", folder.path(), source});
  CHECK(ended.status == 0);
  CHECK(has(ended.err,
            "lpc: left out of the compilation database's flags, since Clang does not know them: "
            "-fconserve-stack, -fno-gcse-of-nobody\n"));
  CHECK(has(ended.err, "lpc: 2 programs checked, 0 errors, 0 warnings\n"));
}

TEST_CASE("lpc refuses a constant that no program takes, or that does not fit") {
  const Folder folder;
  const std::string source =
      folder.write("constants.cpp",
                   "#include <lambdapack/lambdapack.hpp>\n"
                   "void f(lp::InOut<double, 1> x, int times, bool twice, unsigned char small) {\n"
                   "  for (int k = 0; k < times + twice + small; ++k) x(0) = scale(x(0), 0.5);\n"
                   "}\n");
  const auto run = [&](const std::string& constant) {
    return run_lpc_quickly({"--check", "--constant", "times=1", "--constant", "small=1",
                            "--constant", constant, source});
  };
  CHECK(run("twice=true").status == 0);
  const Ended unknown = run("twcie=true");
  CHECK(unknown.status == 2);
  CHECK(has(unknown.err,
            "lpc: --constant twcie=true sets no parameter of a program that is read; their "
            "constants are small, times, twice\n"));
  for (const char* number : {"256", "-1", "99999999999999999999", "1x", "", "-"}) {
    const Ended large =
        run_lpc_quickly({"--check", "--constant", "times=1", "--constant",
                         std::string("small=") + number, "--constant=twice=1", source});
    CHECK(large.status == 2);
    CHECK(has(large.err, " is no unsigned char, which f takes; give a value of that type"));
  }
  const Ended none =
      run_lpc_quickly({"--constant=a=1", folder.write("two.cpp", lpc_test::two_programs)});
  CHECK(none.status == 2);
  CHECK(has(none.err, "these have no constants, so leave it out"));
}

TEST_CASE("an analysis that is too large names the option for a larger budget") {
  const Folder folder;
  const std::string source = folder.write("cholesky.cpp", lpc_test::cholesky);
  const Ended spent = run_lpc_quickly({"--check", "--budget=1000", "--diagnostics=sarif", source});
  CHECK(spent.status == 1);
  CHECK(has(spent.out, "lpc takes a larger budget with --budget=NUMBER"));
  CHECK(run_lpc({"--check", "--budget=600000000", source}).status == 0);
}

TEST_CASE("lpc compares declared edges") {
  const Folder folder;
  const std::string source = folder.write("two.cpp", lpc_test::two_programs);
  CHECK(run_lpc_quickly({"--lint", folder.file("none.json"), "--program=sum", source}).status == 2);
  folder.write("edges.json", "no json");
  CHECK(run_lpc_quickly({"--lint", folder.file("edges.json"), "--program=sum", source}).status ==
        2);
}

TEST_CASE("lpc finds a source that lacks an include, as the compiler does") {
  const Folder folder;
  const std::string source = folder.write("lacks.cpp",
                                          "#include <lambdapack/tile/dense.hpp>\n"
                                          "void f(lp::InOut<double, 1> A) { A(0) = A(0); }\n");
  const Ended ended = run_lpc({"--check", source});
  CHECK(ended.status == 1);
  CHECK(has(ended.err, "0 programs checked"));
}

TEST_CASE("lpc ends with 1 where the program is wrong, and writes nothing") {
  const Folder folder;
  const std::string source = folder.write("wrong.cpp", lpc_test::wrong_program);
  for (const char* what : {"--check", "--emit=metadata", "--emit=isl"}) {
    const Ended ended = run_lpc_quickly({what, source});
    CHECK(ended.status == 1);
    CHECK(ended.out.empty());
    CHECK(has(ended.err, "docs/diagnostics/lp-E004.md"));
  }
  const Ended nothing = run_lpc_quickly({"--check", folder.write("empty.cpp", "int x;\n")});
  CHECK(nothing.status == 0);
  CHECK(has(nothing.err, "a program is a function that returns void"));
}

}  // namespace command_test
