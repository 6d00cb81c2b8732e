// Tiles that the tasks of one process share, so that none is fetched twice in a short time.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <list>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "lambdapack/exec/held_bytes.hpp"
#include "lambdapack/tile/payload.hpp"

namespace lambdapack::exec::cloud {

/// Tiles by the numbers of their values; those that nobody has asked for longest go first. Safe
/// from any thread.
class TileCache {
 public:
  /// Keeps up to `bytes` of tiles; more only while they are in use elsewhere too.
  explicit TileCache(std::int64_t bytes) : most_(bytes) {}

  /// The tile, which `load()` makes if it is not there; other threads wait for that.
  template <class Load>
  tile::Tile get(std::int64_t number, Load&& load) {
    std::unique_lock lock(mutex_);
    for (auto at = entries_.find(number); at != entries_.end(); at = entries_.find(number)) {
      if (at->second.tile) return touch(at->second);
      loaded_.wait(lock);
    }
    entries_.emplace(number, Entry{{}, order_.end()});
    lock.unlock();
    tile::Tile tile;
    try {
      tile = load();
    } catch (...) {
      lock.lock();
      // It may have been put, or put and dropped, meanwhile.
      const auto at = entries_.find(number);
      if (at != entries_.end() && !at->second.tile) entries_.erase(at);
      loaded_.notify_all();
      throw;
    }
    lock.lock();
    insert(number, tile);
    loaded_.notify_all();
    return tile;
  }

  void put(std::int64_t number, tile::Tile tile) {
    const std::lock_guard lock(mutex_);
    const auto at = entries_.find(number);
    if (at != entries_.end() && at->second.tile) return;
    insert(number, std::move(tile));
    loaded_.notify_all();
  }

  /// Lets go of a tile and hands it over; nothing if it is not there.
  tile::Tile take(std::int64_t number) {
    const std::lock_guard lock(mutex_);
    const auto at = entries_.find(number);
    if (at == entries_.end() || !at->second.tile) return {};
    tile::Tile tile = std::move(at->second.tile);
    bytes_ -= bytes_of(tile);
    order_.erase(at->second.place);
    entries_.erase(at);
    return tile;
  }
  void drop(std::int64_t number) { take(number); }

  bool holds(std::int64_t number) const {
    const std::lock_guard lock(mutex_);
    const auto at = entries_.find(number);
    return at != entries_.end() && at->second.tile;
  }

  std::int64_t bytes() const {
    const std::lock_guard lock(mutex_);
    return bytes_;
  }

 private:
  using Order = std::list<std::int64_t>;  // the last is the latest used

  // Without a tile somebody is loading it.
  struct Entry {
    tile::Tile tile;
    Order::iterator place;
  };

  tile::Tile touch(Entry& entry) {
    order_.splice(order_.end(), order_, entry.place);
    return entry.tile;
  }

  void insert(std::int64_t number, tile::Tile tile) {
    Entry& entry = entries_[number];
    if (entry.tile) {
      bytes_ -= bytes_of(entry.tile);
      order_.erase(entry.place);
    }
    bytes_ += bytes_of(tile);
    entry.tile = std::move(tile);
    entry.place = order_.insert(order_.end(), number);
    while (bytes_ > most_ && order_.front() != number) {
      const auto oldest = entries_.find(order_.front());
      bytes_ -= bytes_of(oldest->second.tile);
      entries_.erase(oldest);
      order_.pop_front();
    }
  }

  const std::int64_t most_;
  mutable std::mutex mutex_;
  std::condition_variable loaded_;
  std::unordered_map<std::int64_t, Entry> entries_;
  Order order_;
  std::int64_t bytes_ = 0;
};

}  // namespace lambdapack::exec::cloud
