// Whether a run ends before all is done, and why.
#pragma once

#include <atomic>
#include <exception>
#include <mutex>
#include <utility>

#include "lambdapack/exec/mpi/site.hpp"

namespace lambdapack::exec::detail {

/// What ends a run early on one rank. Safe from any thread.
class EarlyEnd {
 public:
  explicit EarlyEnd(distributed::Site& site) : site_(site) {}

  /// No task begins any more, and the first error is kept, unless it is too late for one.
  void fail(std::exception_ptr error) {
    {
      const std::lock_guard lock(mutex_);
      if (!error_ && !closed_) error_ = std::move(error);
    }
    stop();
  }

  /// No task begins any more.
  void stop() {
    stopped_ = true;
    site_.ready().stop();
    site_.outbox().nudge();
  }
  bool stopped() const { return stopped_; }

  std::exception_ptr error() const {
    const std::lock_guard lock(mutex_);
    return error_;
  }

  /// From now on it is too late for an error; whether there is one.
  bool close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    return error_ != nullptr;
  }

 private:
  distributed::Site& site_;
  std::atomic<bool> stopped_{false};
  mutable std::mutex mutex_;
  std::exception_ptr error_;
  bool closed_ = false;
};

}  // namespace lambdapack::exec::detail
