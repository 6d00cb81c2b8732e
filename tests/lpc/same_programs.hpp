// Compares the programs that lpc reads from a source file with what tracing makes of them.
#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "dsl/support.hpp"
#include "lambdapack/codes.hpp"
#include "lambdapack/ir/diagnostic.hpp"
#include "lambdapack/ir/program.hpp"
#include "source/source.hpp"

namespace lpc_test {

/// What lpc reads from a source file, under the project's folder or anywhere.
class SourceFile {
 public:
  explicit SourceFile(const std::string& file,
                      const std::map<std::string, std::string>& constants = {}) {
    const std::filesystem::path root = LAMBDAPACK_SOURCE_DIR;
    lp::lpc::Reading reading;
    reading.files = {(root / file).string()};
    reading.flags = {"-std=c++20",
                     "-DLAMBDAPACK_SEPARATE",
                     "-I" + (root / "include").string(),
                     "-I" + (root / "tests").string(),
                     "-isystem/usr/include/eigen3",
                     "-DLAMBDAPACK_SOURCE_DIR=\"\""};
    reading.constants = constants;
    found_ =
        lp::lpc::read(reading, [](const lp::ir::Program& program) { return said_of(program); });
    for (const lp::lpc::Said& said : found_.said)
      if (said.level == lp::lpc::Said::Level::error)
        FAIL(said.place.file << ":" << said.place.line << ": " << said.message);
  }

  /// Checks that lpc finds a program of this name, and that it is the traced one, the places in the
  /// source aside.
  void check(const std::string& name, const lp::Traced& traced) {
    INFO(name);
    const lp::ir::Program read = program(name);
    lp::ir::Program run = dsl_test::placeless(traced.program);
    if (run.statements.empty()) run.name = read.name;  // tracing looks names up by line
    CHECK(to_string(read) == to_string(run));
    CHECK(read == run);
  }

  /// The program of this name, without places in the source.
  lp::ir::Program program(const std::string& name) {
    for (const lp::lpc::SourceProgram& program : found_.programs)
      if (program.name == name) return dsl_test::placeless(program.program);
    FAIL("lpc finds no program " << name);
    return {};
  }

 private:
  // Programs are not judged here: nothing is wrong with them, and what must be shown of ordinary
  // functions (that nothing is negative that is divided), holds.
  static std::vector<lp::Diagnostic> said_of(const lp::ir::Program& program) {
    if (program.kernels.size() != 1 || program.kernels[0].name != "probe") return {};
    lp::Diagnostic d;
    d.code = lp::codes::never_runs;
    d.severity = lp::Severity::warning;
    return {d};
  }

  lp::lpc::Found found_;
};

}  // namespace lpc_test
