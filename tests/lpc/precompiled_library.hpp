// Clang reads the library in seconds, which is most of what a test of lpc takes.
#pragma once

#include <cstdlib>
#include <string>
#include <vector>

namespace lpc_test {

/// Flags by which Clang takes lambdapack.hpp as CTest has precompiled it; none outside of CTest.
inline std::vector<std::string> precompiled_library() {
  const char* const file = std::getenv("LAMBDAPACK_PRECOMPILED_LIBRARY");
  if (file == nullptr) return {};
  return {"-include-pch", file};
}

}  // namespace lpc_test
