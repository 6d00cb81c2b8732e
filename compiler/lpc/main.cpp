#include <iostream>

#include "lambdapack/analysis/diagnose.hpp"
#include "lambdapack/error.hpp"
#include "lambdapack/ir/json.hpp"
#include "source/source.hpp"

int main(int argc, char** argv) {
  lp::lpc::Reading reading;
  for (int k = 1; k < argc; ++k) reading.files.push_back(argv[k]);
  reading.flags = {"-std=c++20", "-I", LPC_BUILD_INCLUDE_DIR};
  reading.extra_flags = {"-DLAMBDAPACK_SEPARATE"};
  const auto found =
      lp::lpc::read(reading, [](const lp::ir::Program& p) { return lp::analysis::diagnose(p); });
  for (const auto& program : found.programs) std::cout << lp::ir::to_json(program.program) << "\n";
  return found.is_wrong ? 1 : 0;
}
