// Which runs under way use a store, so that none disturbs another.
#pragma once

#include <mutex>

#include "lambdapack/tile/detail/message.hpp"
#include "lambdapack/tile/store.hpp"

namespace lambdapack::tile::detail {

/// Throws input_error about an array that two runs cannot have at once.
[[noreturn, gnu::cold, gnu::noinline]] inline void refuse_in_use(const Store& store) {
  refuse({store.describe(),
          " is in use by another run or as another argument of this one, "
          "and one of the two uses writes it; wait for the other run, or pass a copy"});
}

/// The uses of one store that have begun and not ended: any number that read, or one that writes.
/// Runs may begin and end them from different threads.
class Uses {
 public:
  /// For Store::begin. The first of several calls `start()`: if that throws, none has begun. Throws
  /// input_error if one is under way, and either of the two writes.
  template <class Start>
  void begin(Use use, const Store& store, const Start& start) {
    const std::lock_guard lock(mutex_);
    if (count_ > 0 && (is_written_ || use != Use::read)) refuse_in_use(store);
    if (count_ == 0) start();
    is_written_ = use != Use::read;
    ++count_;
  }

  /// For Store::commit and Store::abandon. The last of several calls `stop()`; nothing happens if
  /// none is under way.
  template <class Stop>
  void end(const Stop& stop) noexcept {
    const std::lock_guard lock(mutex_);
    if (count_ > 0 && --count_ == 0) stop();
  }

 private:
  std::mutex mutex_;
  int count_ = 0;
  bool is_written_ = false;
};

}  // namespace lambdapack::tile::detail
