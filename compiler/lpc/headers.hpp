// Where lambdapack's headers are, for commands that do not say so.
#pragma once

#include "source/source.hpp"

namespace lambdapack::lpc {

/// Puts before a file's flags what they may leave out: the language, and the headers beside this
/// executable.
void add_flags(Reading& reading);

}  // namespace lambdapack::lpc
