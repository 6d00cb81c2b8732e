// Runs lpc in the process of a test.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "lpc/command.hpp"
#include "lpc/precompiled_library.hpp"
#include "support/folder.hpp"

namespace lpc_test {

struct Ended {
  int status = 0;
  std::string out, err;
};

inline Ended run_lpc(const std::vector<std::string>& arguments) {
  std::ostringstream out, err;
  const int status = lambdapack::lpc::run(arguments, out, err);
  return {status, out.str(), err.str()};
}

/// The same, of arguments without flags of Clang: of what lpc makes of a source, not of what it
/// reads.
inline Ended run_lpc_quickly(std::vector<std::string> arguments) {
  const std::vector<std::string> flags = precompiled_library();
  if (!flags.empty()) arguments.emplace_back("--");
  arguments.insert(arguments.end(), flags.begin(), flags.end());
  return run_lpc(arguments);
}

using test_support::Folder;

inline const std::string cholesky = R"(#include <lambdapack/lambdapack.hpp>

void cholesky(lp::InOut<double, 2> A) {
  const auto n = A.extent(0);
  for (auto k : lp::range(n)) {
    A(k, k) = potrf(A(k, k));
    for (auto i : lp::range(k + 1, n)) {
      A(i, k) = trsm(A(k, k), A(i, k));
      for (auto j : lp::range(k + 1, i + 1)) A(i, j) = syrk(A(i, j), A(i, k), A(j, k));
    }
  }
}
)";

inline const std::string two_programs = R"(#include <lambdapack/lambdapack.hpp>

namespace some {
void halve(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0))) x(i) = scale(x(i), 0.5);
}
}

void sum(lp::InOut<double, 1> x, lp::Integer steps) {
  for (auto t : lp::range(steps))
    for (auto i : lp::range(1, x.extent(0))) x(i) = add(x(i), x(i - 1));
}
)";

inline const std::string wrong_program = R"(#include <lambdapack/lambdapack.hpp>

void shift(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0))) x(i) = copy(x(i + 1));
}
)";

}  // namespace lpc_test
