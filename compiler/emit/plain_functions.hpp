// The part of a generated header that makes functions over lp::Tiles known.
#pragma once

#include <string>
#include <vector>

#include "emit/emit.hpp"

namespace lambdapack::lpc {

/// For each unit that is such a function, its program and a registration. It names functions of the
/// user's, so the header stands behind their source. Empty if there is none.
std::string plain_functions(const std::vector<Unit>& units);

}  // namespace lambdapack::lpc
