// What a server refuses now it may do a little later.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "lambdapack/exec/cloud/objects.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::exec::cloud {

/// How long to go on asking: until there were `tries` and `time` has passed. Pauses grow from
/// `first` by half and half again up to `longest`, each shortened by chance, so that many who were
/// refused at once do not come back at once.
struct Patience {
  int tries = 10;
  std::chrono::milliseconds first{20};
  std::chrono::milliseconds longest{2000};
  std::chrono::milliseconds time{0};
};

namespace detail {
inline std::chrono::microseconds pause(const Patience& patience, int failures) {
  thread_local std::minstd_rand chance{std::random_device{}()};
  double most = static_cast<double>(patience.first.count());
  for (int k = 1; k < std::min(failures, 64); ++k) most *= 1.5;
  most = std::min(most, static_cast<double>(patience.longest.count()));
  return std::chrono::microseconds(static_cast<std::int64_t>(
      most * 1000 * std::uniform_real_distribution<double>(0.3, 1)(chance)));
}
}  // namespace detail

/// f(), again as long as it throws `unavailable` and there is patience; then what it threw last.
template <class F>
auto with_retries(const Patience& patience, F&& f) {
  const auto begin = std::chrono::steady_clock::now();
  for (int failures = 1;; ++failures) {
    try {
      return f();
    } catch (const unavailable& error) {
      if (failures >= patience.tries && std::chrono::steady_clock::now() - begin >= patience.time)
        throw unavailable(text({error.what(), " (given up after ", failures, " tries)"}));
    }
    std::this_thread::sleep_for(detail::pause(patience, failures));
  }
}

}  // namespace lambdapack::exec::cloud
