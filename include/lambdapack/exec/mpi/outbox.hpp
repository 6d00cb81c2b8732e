// Values on their way from the workers of a rank to the thread that sends.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "lambdapack/graph/node.hpp"
#include "lambdapack/tile/payload.hpp"

namespace lambdapack::exec::distributed {

/// A value and the ranks that it is to be sent to.
struct Letter {
  Value value;
  tile::Tile tile;
  std::vector<int> to;
  std::shared_ptr<const void> counted;  ///< goes when the tile has been sent to all
  /// Where the value is on offer (offers.hpp), for each of the ranks: goes when that has it.
  std::vector<std::shared_ptr<const void>> offers{};
};

/// Any number of threads put letters in, one takes them out.
class Outbox {
 public:
  void put(Letter letter) {
    {
      const std::lock_guard lock(mutex_);
      letters_.push_back(std::move(letter));
    }
    changed_.notify_one();
  }

  /// Something has happened that the thread which sends should look at.
  void nudge() {
    {
      const std::lock_guard lock(mutex_);
      nudged_ = true;
    }
    changed_.notify_one();
  }

  /// All letters that are there.
  std::vector<Letter> take() {
    const std::lock_guard lock(mutex_);
    nudged_ = false;
    return std::exchange(letters_, {});
  }

  /// Waits for a letter or a nudge, but not longer.
  void wait_for(std::chrono::microseconds time) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, time, [&] { return nudged_ || !letters_.empty(); });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Letter> letters_;
  bool nudged_ = false;
};

}  // namespace lambdapack::exec::distributed
