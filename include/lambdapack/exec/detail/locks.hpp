// Locks of one byte, taken by std::lock_guard.
#pragma once

#include <atomic>
#include <thread>

namespace lambdapack::exec::detail {

/// For a few instructions. Who has waited for long lets other threads run, for the holder may be
/// one that waits for a core.
class SpinLock {
 public:
  void lock() {
    while (taken_.exchange(true, std::memory_order_acquire))
      for (int tries = 0; taken_.load(std::memory_order_relaxed); ++tries)
        if (tries > 64) std::this_thread::yield();
  }
  void unlock() { taken_.store(false, std::memory_order_release); }

 private:
  std::atomic<bool> taken_{false};
};

/// For what takes its time, such as reading a file: who waits sleeps.
class WaitLock {
 public:
  void lock() {
    while (taken_.exchange(true, std::memory_order_acquire))
      taken_.wait(true, std::memory_order_relaxed);
  }
  void unlock() {
    taken_.store(false, std::memory_order_release);
    taken_.notify_one();
  }

 private:
  std::atomic<bool> taken_{false};
};

}  // namespace lambdapack::exec::detail
