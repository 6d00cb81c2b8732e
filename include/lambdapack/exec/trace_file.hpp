// The file that LAMBDAPACK_TRACE asks for. What is written there is the report room's affair, which
// the executors do not know.
#pragma once

#include <cstdlib>
#include <string>

#include "lambdapack/exec/job.hpp"

namespace lambdapack::exec {

/// The file that the environment variable LAMBDAPACK_TRACE names; empty if it is not set.
inline std::string trace_file() {
  const char* name = std::getenv("LAMBDAPACK_TRACE");
  return name != nullptr ? name : "";
}

/// Writes the report of a run that has ended to a file; null where nobody is there to do it. Set
/// once, before main.
using TraceWriter = void (*)(const Report&, const std::string& file);
inline TraceWriter& trace_writer() {
  static TraceWriter writer = nullptr;
  return writer;
}

}  // namespace lambdapack::exec
