// Where the checks of the analysis take what they find.
#pragma once

#include <functional>

#include "lambdapack/error.hpp"
#include "lambdapack/ir/diagnostic.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::analysis {

/// Takes a finding; may throw.
using Report = std::function<void(const Diagnostic&)>;

/// Throws the finding as a program_error: the first one ends the analysis.
[[noreturn]] inline void throw_finding(const Diagnostic& d) {
  throw program_error(text({"lambdapack: ", d.message}), d.code);
}

}  // namespace lambdapack::analysis
