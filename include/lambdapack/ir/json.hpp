// Programs as JSON: the metadata that lpc writes, that workers read, and that another language can
// read by docs/metadata.md and docs/program.schema.json.
#pragma once

#include <string>
#include <string_view>

#include "lambdapack/error.hpp"
#include "lambdapack/ir/detail/json_read.hpp"
#include "lambdapack/ir/detail/json_value.hpp"
#include "lambdapack/ir/detail/json_write.hpp"
#include "lambdapack/ir/program.hpp"
#include "lambdapack/ir/validate.hpp"

namespace lambdapack::ir {

/// The program as JSON; `from_json` makes an equal program of it. The same program gives the same
/// text. Throws program_error if the program is not valid, or a name in it is not UTF-8.
inline std::string to_json(const Program& program) {
  validate(program);
  return detail::json_of(program);
}

/// The program that a JSON object, in a document of another format, describes. Throws input_error
/// as the function below.
inline Program from_json(const detail::JsonValue& object) {
  Program program = detail::ProgramReader(object).read();
  try {
    validate(program);
  } catch (const program_error& fault) {
    throw input_error(std::string("program metadata: ") + fault.what());
  }
  return program;
}

/// The program that `text` describes. Throws input_error, with line and column or with a JSON
/// pointer, unless the text is JSON, in the format's version 2, and of a valid program.
inline Program from_json(std::string_view text) {
  const detail::JsonDocument document(text);
  return from_json(document.root());
}

}  // namespace lambdapack::ir
