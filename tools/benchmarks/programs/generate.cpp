// bench_generate FILE: writes the header that lpc generates of the programs whose queries are
// timed.
#include <lambdapack/analysis/analyse.hpp>

#include <cstdio>
#include <fstream>
#include <utility>
#include <vector>

#include "emit/emit.hpp"
#include "support/published.hpp"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: bench_generate FILE\n", stderr);
    return 2;
  }
  std::vector<lambdapack::lpc::Unit> units;
  for (auto program : {published::cholesky(), published::qr(), published::bdfac()}) {
    auto forms = lambdapack::analysis::analyse(program);
    units.push_back({std::move(program), std::move(forms), "tests/support/published.hpp", {}});
  }
  std::ofstream out(argv[1]);
  out << lambdapack::lpc::header(units);
  return out.flush() ? 0 : 1;
}
