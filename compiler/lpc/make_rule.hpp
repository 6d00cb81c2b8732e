// Rules for make and ninja: which files an output was made from.
#pragma once

#include <set>
#include <string>

namespace lambdapack::lpc {

/// `output: file file...`, a file on each line, with the names as make wants them.
std::string make_rule(const std::string& output, const std::set<std::string>& files);

}  // namespace lambdapack::lpc
