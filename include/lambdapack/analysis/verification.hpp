// What a verification may cost, and what comes of it.
#pragma once

#include <string>
#include <vector>

namespace lambdapack::analysis {

struct VerifyOptions {
  /// Budget of isl operations for each proof; one beyond it is given up, and those behind it have
  /// half as much.
  unsigned long max_operations = 20'000'000;
};

/// What came out of a verification in which nothing was found wrong.
struct Verification {
  int proved = 0;                       ///< claims that hold for all sizes
  std::vector<std::string> not_proved;  ///< claims that were not decided: which, and why
};

}  // namespace lambdapack::analysis
