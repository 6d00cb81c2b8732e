// Closed forms as JSON: what a worker in another process, or in another language, needs to answer
// what a task graph answers. docs/metadata.md has the format.
#pragma once

#include <string>

#include "lambdapack/form/closed_forms.hpp"
#include "lambdapack/form/detail/forms_read.hpp"
#include "lambdapack/form/detail/forms_write.hpp"
#include "lambdapack/ir/detail/json_value.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack::form {

/// The forms as a JSON object. What their program says as well (names, ranks, slots) is left out.
/// Throws program_error for a sentence that is not UTF-8.
inline std::string to_json(const ClosedForms& forms) { return detail::FormsWriter(forms).text(); }

/// The forms of a valid program that a JSON object describes. Throws input_error, with the place as
/// a JSON pointer, unless the object is of the format and fits the program, and its code is safe to
/// run (code_check.hpp). Whether the forms are right is not looked at: analysis::verify proves it.
inline ClosedForms from_json(const ir::Program& program, const ir::detail::JsonValue& object) {
  return detail::FormsReader(program, object).read();
}

}  // namespace lambdapack::form
