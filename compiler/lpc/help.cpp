// What `lpc --help` says.
#include "lambdapack/text.hpp"
#include "lpc/options.hpp"
#include "lpc/outputs.hpp"

namespace lambdapack::lpc {

std::string help() {
  return text({
      R"help(usage: lpc [options] file.cpp... [-- flags of Clang]
       lpc [options] -p build-dir file.cpp...

Reads lambdapack programs from C++ source, without running it: checks them for all sizes, and
writes their task graphs.

Examples:
  lpc --check cholesky.cpp                        only says what is wrong
  lpc cholesky.cpp -o cholesky.json               the task graph, for all sizes
  lpc --emit=tasks --set n=4 cholesky.cpp         the task graph of 4 x 4 tiles
  lpc --check -p build src/*.cpp                  with the flags of compile_commands.json
  lpc --check cholesky.cpp -- -std=c++20 -Iinclude

What to do:
  --check             only check; exit 0 if nothing is wrong
  --emit=KIND         write something for each program (the default is metadata):
)help",
      output_help(), query_help(),
      R"help(  --lint=EDGES.json   compare edges that were declared by hand with the program's; with --set of
                      trees too

Which programs:
  --program=NAME      only these, with or without namespace; of overloads NAME:LINE (may be repeated)
  --constant=N=V      the value of a parameter that is neither an array nor lp::Integer
  --set=NAME=NUMBER   a size: a parameter as the program names it ("A.extent(0)", "steps"), or one
                      short name, n, for all that are not named otherwise

How:
  -p DIR              take flags from DIR/compile_commands.json
  --flags=FILE        flags of Clang, one on each line of FILE, before those behind --
  -o FILE             write to FILE, not to standard output
  --depfile=FILE      a rule for make or ninja: what the file of -o was made from
  --budget=NUMBER     how many operations the analysis of a program may take, where it says that its
                      budget is used up
  --diagnostics=FORM  text (as Clang prints them, the default) or sarif (SARIF 2.1.0; on standard
                      output with --check, else on standard error)
  --help, --version

Without -p and --, lpc takes -std=c++20 and finds lambdapack's headers by itself.
Exit status: 0 clean, 1 the program is wrong, 2 the command is wrong.
)help"});
}

}  // namespace lambdapack::lpc
