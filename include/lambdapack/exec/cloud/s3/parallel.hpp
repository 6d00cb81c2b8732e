// The pieces of one object, several at once.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace lambdapack::exec::cloud::s3 {

/// Calls f(0) ... f(n - 1) in up to `width` threads, this one among them. What is thrown first ends
/// it, and is thrown again.
template <class F>
void for_each_piece(std::int64_t n, int width, F f) {
  std::atomic<std::int64_t> next = 0;
  std::mutex mutex;
  std::exception_ptr thrown;
  const auto work = [&] {
    for (std::int64_t k = next++; k < n; k = next++) try {
        f(k);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!thrown) thrown = std::current_exception();
        next = n;
      }
  };
  {
    std::vector<std::jthread> others;
    for (std::int64_t t = 1; t < std::min<std::int64_t>(width, n); ++t) others.emplace_back(work);
    work();
  }
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace lambdapack::exec::cloud::s3
