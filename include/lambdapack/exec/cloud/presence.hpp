// A sign of life of a run's client, for as long as the ledger has no run that others could see.
#pragma once

#include <charconv>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "lambdapack/exec/cloud/keys.hpp"
#include "lambdapack/exec/cloud/objects.hpp"

namespace lambdapack::exec::cloud {

/// Says in the store, every few seconds, that a run's client is bringing inputs; what it has said
/// is gone when it ends.
class Presence {
 public:
  using Clock = std::chrono::system_clock;

  /// Who has not been heard of for so long is dead.
  static constexpr std::chrono::seconds trusted{60};

  /// Both must outlive it. May throw `unavailable`, as `tell`.
  Presence(ObjectStore& objects, const Keys& keys) : objects_(objects), keys_(keys) { tell(); }
  Presence(const Presence&) = delete;
  Presence& operator=(const Presence&) = delete;
  ~Presence() {
    try {
      objects_.remove(keys_.presence());
    } catch (const std::exception&) {
      // It is not believed for long.
    }
  }

  /// To be called often. Safe from any thread.
  void tell() {
    const std::lock_guard lock(mutex_);
    const Clock::time_point now = Clock::now();
    if (told_ && now - *told_ < every) return;
    const auto since = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch());
    objects_.put(keys_.presence(), std::to_string(since.count()));
    told_ = now;
  }

  /// How long the client of a run is still to be taken for alive: 0 if it is not.
  static std::chrono::seconds left(ObjectStore& objects, const Keys& keys) {
    const std::optional<std::string> text = objects.get(keys.presence());
    std::int64_t told = 0;
    if (!text || std::from_chars(text->data(), text->data() + text->size(), told).ec != std::errc())
      return std::chrono::seconds(0);
    const auto since =
        std::chrono::duration_cast<std::chrono::seconds>(Clock::now().time_since_epoch());
    const auto ago = since - std::chrono::seconds(told);
    // One that was told in the future, by another clock, is no sign of life for long either.
    return ago < -trusted || ago >= trusted ? std::chrono::seconds(0) : trusted - ago;
  }

 private:
  static constexpr std::chrono::seconds every{5};

  ObjectStore& objects_;
  const Keys& keys_;
  std::mutex mutex_;
  std::optional<Clock::time_point> told_;
};

}  // namespace lambdapack::exec::cloud
