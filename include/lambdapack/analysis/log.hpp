// LAMBDAPACK_LOG=analysis: a named dump of each intermediate relation.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "lambdapack/analysis/isl.hpp"

namespace lambdapack::analysis {

/// Prints a relation to standard error if the environment asks for it.
inline void log(const char* name, const isl::UnionMap& map) {
  const char* wanted = std::getenv("LAMBDAPACK_LOG");
  if (wanted == nullptr || std::strstr(wanted, "analysis") == nullptr) return;
  std::fprintf(stderr, "lambdapack analysis: %s: %s\n", name,
               isl::take_string(isl_union_map_to_str(map.get())).c_str());
}

}  // namespace lambdapack::analysis
