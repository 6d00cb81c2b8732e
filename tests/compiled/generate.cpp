// generate FOLDER: writes the headers that the tests here include. The programs are traced or built
// by hand, not read from source, so that the tests need no lpc.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "compiled/programs.hpp"
#include "emit/emit.hpp"
#include "lambdapack/analysis/analyse.hpp"
#include "support/sanitizer.hpp"

namespace {

namespace ir = lambdapack::ir;
namespace lpc = lambdapack::lpc;

void write(const std::filesystem::path& file, const std::vector<lpc::Unit>& units) {
  std::ofstream(file) << lpc::header(units);
}

std::vector<lpc::Unit> units(std::vector<ir::Program> programs) {
  std::vector<lpc::Unit> all;
  for (ir::Program& p : programs) {
    auto forms = lambdapack::analysis::analyse(p, {.verify = false});
    all.push_back({std::move(p), std::move(forms), "tests/support", {}});
  }
  return all;
}

std::vector<lpc::Unit> units(const compiled_test::RandomPrograms& random) {
  const sanitizer::MayLeak beyond_the_budget;
  std::vector<lpc::Unit> all;
  for (std::uint64_t seed = random.first; all.size() < random.count; ++seed) try {
      ir::Program p = random.program(seed);
      auto forms = lambdapack::analysis::analyse(
          p, {.max_operations = random.max_operations, .verify = false});
      all.push_back({std::move(p), std::move(forms), random.name, {}});
    } catch (const lambdapack::program_error&) {
    }
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: generate FOLDER\n", stderr);
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  write(folder / "support.hpp", units(compiled_test::programs_of_support()));
  write(folder / "published.hpp", units(compiled_test::published_programs()));
  for (const compiled_test::RandomPrograms& random : compiled_test::random_programs)
    write(folder / (std::string(random.name) + ".hpp"), units(random));
  return 0;
}
