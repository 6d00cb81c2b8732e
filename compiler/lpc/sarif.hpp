// Diagnostics as a SARIF log, version 2.1.0, for editors and code hosts.
#pragma once

#include <string>
#include <vector>

#include "source/source.hpp"

namespace lambdapack::lpc {

/// The log of one run of lpc.
std::string sarif(const std::vector<Said>& said, const std::string& version);

}  // namespace lambdapack::lpc
