// LAMBDAPACK_LOG=analysis: a named dump of each intermediate relation.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "lambdapack/analysis/isl.hpp"
#include "lambdapack/analysis/verify.hpp"

namespace lambdapack::analysis {

/// Whether the environment asks for what the analysis has to tell.
inline bool is_logged() {
  const char* wanted = std::getenv("LAMBDAPACK_LOG");
  return wanted != nullptr && std::strstr(wanted, "analysis") != nullptr;
}

/// Prints a relation to standard error if the environment asks for it.
inline void log(const char* name, const isl::UnionMap& map) {
  if (!is_logged()) return;
  std::fprintf(stderr, "lambdapack analysis: %s: %s\n", name,
               isl::take_string(isl_union_map_to_str(map.get())).c_str());
}

/// Prints what a verification proved, and what not, if the environment asks for it.
inline void log(const Verification& v) {
  if (!is_logged()) return;
  std::fprintf(stderr, "lambdapack analysis: %d claims about forms proved\n", v.proved);
  for (const std::string& claim : v.not_proved)
    std::fprintf(stderr, "lambdapack analysis: not proved: %s\n", claim.c_str());
}

}  // namespace lambdapack::analysis
