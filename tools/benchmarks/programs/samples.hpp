// What a program tells tools/bench: one line of JSON with the samples that it took.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

namespace bench {

/// Seconds that f() takes.
template <class F>
double seconds(F&& f) {
  const auto begin = std::chrono::steady_clock::now();
  f();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Prints {"samples": [...]} and then `more`, further members such as `, "residual": 0.1`.
inline void print_samples(const std::vector<double>& samples, const std::string& more = "") {
  std::printf("{\"samples\": [");
  for (std::size_t k = 0; k < samples.size(); ++k)
    std::printf("%s%.9g", k > 0 ? ", " : "", samples[k]);
  std::printf("]%s}\n", more.c_str());
}

}  // namespace bench
