// What stands in for the analysis where LAMBDAPACK_COMPILED is defined, which is in targets that link
// lambdapack::compiled: a program runs only if its closed forms were generated when it was built.
#pragma once

#include <string>

#include "lambdapack/error.hpp"
#include "lambdapack/form/closed_forms.hpp"
#include "lambdapack/ir/program.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::detail {

/// Throws program_error: there is no analysis here.
[[noreturn]] inline form::ClosedForms derive(const ir::Program& program) {
  std::string file;
  for (const ir::Statement& s : program.statements)
    if (file.empty()) file = s.location.file;
  throw program_error(
      text({"lambdapack: the task graph of ", program.name,
            " was not generated when this program was built, and lambdapack::compiled, which it "
            "links, cannot derive it; add ",
            file.empty() ? "the source file of " + program.name : file,
            " to lambdapack_compile(TARGET ...) in CMakeLists.txt, or link "
            "lambdapack::lambdapack if the program is only known when it runs"}));
}

}  // namespace lambdapack::detail
