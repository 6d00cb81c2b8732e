// What is wrong with a command is said before any source is read, with status 2.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "lpc/run_lpc.hpp"

namespace options_test {

using lpc_test::Ended;
using lpc_test::run_lpc;

namespace {

void check_refused(const std::vector<std::string>& arguments, const std::string& sentence) {
  const Ended ended = run_lpc(arguments);
  CHECK(ended.status == 2);
  CHECK(ended.out.empty());
  CHECK(ended.err == "lpc: " + sentence + "\n");
}

}  // namespace

TEST_CASE("lpc tells its version and how it is used") {
  const Ended version = run_lpc({"--version"});
  CHECK(version.status == 0);
  CHECK(version.out.starts_with("lpc "));
  CHECK(version.err.empty());
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"--help"}, {"-h"}, {"--check", "--help"}, {"x.cpp", "--help"}}) {
    const Ended help = run_lpc(arguments);
    CHECK(help.status == 0);
    CHECK(help.err.empty());
    for (const char* word :
         {"usage: lpc", "--check", "--emit", "--set", "--program", "-o FILE", "-p DIR", "--lint",
          "--who-reads", "--diagnostics", "Exit status: 0 clean, 1 the program is wrong, 2"})
      CHECK(help.out.find(word) != std::string::npos);
  }
}

TEST_CASE("lpc refuses a command that makes no sense, with what to write") {
  check_refused({}, "no source file; write lpc file.cpp, or lpc --help for more");
  check_refused({"--check", "nowhere.cpp"}, "there is no source file nowhere.cpp");
  check_refused({"--check", "/tmp"}, "there is no source file /tmp");
  check_refused({"--chekc", "x.cpp"},
                "there is no option --chekc; lpc --help lists all options; flags of Clang stand "
                "behind --, as in lpc file.cpp -- -Iinclude");
  check_refused({"x.cpp", "-o"}, "-o needs a value; lpc --help lists all options");
  check_refused({"x.cpp", "--set", "--", "-O2"},
                "--set needs a value; lpc --help lists all options");
  check_refused({"x.cpp", "--check=yes"}, "--check takes no value, found yes");
  check_refused({"x.cpp", "--check", "--emit=dot"},
                "--emit and --check ask for two things at once; run lpc once for each");
  check_refused({"x.cpp", "--check", "--set", "n=2"},
                "--check holds for all sizes; leave --set out");
  check_refused({"x.cpp", "--check", "-o", "x.json"},
                "--check writes no file; leave -o out, or add --diagnostics=sarif for a log");
  check_refused({"-p", "build", "x.cpp", "--", "-O2"},
                "-p takes flags from a compilation database, and there are other flags too; leave "
                "one of the two out");
  check_refused({"x.cpp", "--diagnostics=xml"},
                "--diagnostics=xml is no format of diagnostics; write text or sarif");
  CHECK(run_lpc({"x.cpp", "--emit=pdf"})
            .err.starts_with("lpc: --emit=pdf is nothing that lpc can write; write one of "));
}

TEST_CASE("lpc refuses sizes and constants that are none") {
  for (const char* size : {"n", "n=", "=3", "n=x", "n=3x", "n=99999999999999999999"})
    check_refused({"x.cpp", "--set", size}, std::string("--set ") + size +
                                                " is no size; write --set NAME=NUMBER, as in "
                                                "--set n=8");
  check_refused({"x.cpp", "--constant", "twice"},
                "--constant twice gives nothing a value; write --constant NAME=VALUE, as in "
                "--constant twice=true");
  check_refused({"x.cpp", "--set", "n=2", "--set=n=3"}, "--set gives n two sizes; write it once");
  check_refused({"x.cpp", "--constant=k=2", "--constant=k=2"},
                "--constant gives k two values; write it once");
  check_refused({"x.cpp", "--budget=much"},
                "--budget=much is no number of operations; write one, as in --budget=600000000");
  check_refused({"x.cpp", "--program="},
                "--program= names no program; write --program=NAME, or leave it out for all");
}

}  // namespace options_test
