// generate_plain SOURCE HEADER FLAGS...: reads a source file as lpc does, and writes the header
// that lpc generates for it. Fails if anything is wrong with the file, or an expected function is
// not found in it.
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "emit/emit.hpp"
#include "lambdapack/analysis/analyse.hpp"
#include "lambdapack/analysis/diagnose.hpp"
#include "source/source.hpp"

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "generate_plain SOURCE HEADER FLAGS...\n";
    return 2;
  }
  lp::lpc::Reading reading;
  reading.files = {argv[1]};
  reading.flags.assign(argv + 3, argv + argc);
  const lp::lpc::Found found =
      lp::lpc::read(reading, [](const lp::ir::Program& p) { return lp::analysis::diagnose(p); });
  std::vector<lp::lpc::Unit> units;
  for (const lp::lpc::SourceProgram& program : found.programs) {
    lp::lpc::Unit unit{program.program, lp::analysis::analyse(program.program), argv[1], {}, {}};
    if (program.names) unit.function = {program.names->address, program.names->kernels};
    units.push_back(std::move(unit));
  }
  std::ofstream(argv[2]) << lp::lpc::header(units);
  return found.is_wrong || units.empty() ? 1 : 0;
}
