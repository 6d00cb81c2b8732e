// lpc, as a function.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace lambdapack::lpc {

/// Exit statuses.
enum Status { clean = 0, program_is_wrong = 1, command_is_wrong = 2 };

/// Does what a command line asks for.
int run(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err);

}  // namespace lambdapack::lpc
