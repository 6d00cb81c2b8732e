// Looks for the closed forms of a program among those that generated code brought.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "lambdapack/form/closed_forms.hpp"
#include "lambdapack/form/pack.hpp"
#include "lambdapack/form/registry.hpp"
#include "lambdapack/ir/program.hpp"
#include "lambdapack/ir/structure.hpp"

namespace lambdapack::form {

/// Gives closed forms the names of a program that has the structure of theirs. Sentences keep the
/// names that the generated code was made with.
inline void rename(ClosedForms& forms, const ir::Program& program) {
  forms.program = program.name;
  for (std::size_t p = 0; p < program.parameters.size(); ++p)
    forms.parameters[p] = program.parameters[p].name;
  for (std::size_t a = 0; a < program.arrays.size(); ++a)
    forms.arrays[a].name = program.arrays[a].name;
  for (std::size_t line = 0; line < program.statements.size(); ++line)
    forms.statements[line].kernel =
        program.kernels[static_cast<std::size_t>(program.statements[line].kernel)].name;
}

/// The closed forms of a valid program, if generated code has brought those of one with its
/// structure: names, locations and kernels may differ.
inline std::optional<ClosedForms> registered(const ir::Program& program) {
  if (Registration::first() == nullptr) return std::nullopt;
  const std::string wanted = ir::structure(program);
  for (const Registration* r = Registration::first(); r != nullptr; r = r->next()) {
    const Generated& g = r->generated();
    if (g.structure != wanted) continue;
    ClosedForms forms = unpack(g.numbers, g.texts, g.code, g.natives);
    rename(forms, program);
    return forms;
  }
  return std::nullopt;
}

}  // namespace lambdapack::form
