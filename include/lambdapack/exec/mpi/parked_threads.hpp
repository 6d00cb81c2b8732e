// Threads that are there before it is known whether they will be needed.
#pragma once

#include <atomic>
#include <exception>
#include <thread>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::exec::detail {

/// Threads that begin together, or not at all.
class ParkedThreads {
 public:
  ParkedThreads() = default;
  ParkedThreads(const ParkedThreads&) = delete;
  ParkedThreads& operator=(const ParkedThreads&) = delete;
  ~ParkedThreads() { tell(dismissed); }

  /// A thread that does f() after `go`. Throws input_error if there can be no more threads.
  template <class F>
  void add(F f) {
    try {
      threads_.emplace_back();
      threads_.back() = std::thread([this, f] {
        said_.wait(nothing);
        if (said_ == began) f();
      });
    } catch (const std::exception& e) {
      throw input_error(text({"lambdapack: lp::mpi could not start a thread (", e.what(),
                              ") after ", threads_.size() - 1,
                              "; give it fewer workers, or let the process have more threads and "
                              "memory (ulimit -u, ulimit -v)"}));
    }
  }
  void go() { tell(began, false); }

 private:
  enum Said : int { nothing, began, dismissed };

  void tell(Said what, bool joins = true) {
    int before = nothing;
    if (said_.compare_exchange_strong(before, what)) said_.notify_all();
    for (std::thread& t : threads_)
      if (joins && t.joinable()) t.join();
  }

  std::atomic<int> said_{nothing};
  std::vector<std::thread> threads_;
};

}  // namespace lambdapack::exec::detail
