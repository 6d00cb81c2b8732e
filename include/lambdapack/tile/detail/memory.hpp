// Tiles in memory, and their two versions while a run is under way.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/tile/detail/hash.hpp"
#include "lambdapack/tile/detail/message.hpp"
#include "lambdapack/tile/detail/uses.hpp"
#include "lambdapack/tile/store.hpp"

namespace lambdapack::tile::detail {

/// The tiles of an array in memory, shared by the array and by the stores bound to it.
struct MemoryTiles {
  std::vector<Tile> tiles;

  /// False after a failed run that changed the array; `failure` is then the run's reason.
  bool complete = true;
  std::string failure;

  /// Runs under way: the number of those that read, or -1 for one that writes.
  std::atomic<int> users{0};

  /// Counts one more run that reads, unless one writes; whether it did.
  bool read_begins() {
    int count = users.load();
    while (count >= 0 && !users.compare_exchange_weak(count, count + 1)) {
    }
    return count >= 0;
  }

  void read_ends() { --users; }

  /// A deep copy, for an array of its own. Throws input_error while a run changes the array.
  template <class Describe>
  std::shared_ptr<MemoryTiles> clone(Describe what) const {
    require_no_writer(what);
    auto copy = std::make_shared<MemoryTiles>();
    copy->complete = complete;
    copy->failure = failure;
    copy->tiles.reserve(tiles.size());
    for (const Tile& tile : tiles) copy->tiles.push_back(tile ? tile.clone() : Tile());
    return copy;
  }

  /// Throws input_error if a failed run has left the array incomplete; `what` names the array.
  template <class Describe>
  void require_complete(Describe what) const {
    if (!complete)
      refuse(
          {what(), " is incomplete: a run that was writing it failed (", failure,
           "), so some of its tiles are old or gone; assign a fresh one to it, fill or scatter it "
           "if it is distributed, or give it as output to a run that writes all of it"});
  }

  template <class Describe>
  void require_no_writer(Describe what) const {
    if (users.load() < 0)
      refuse({what(), " is being changed by a run; wait for the run before using the array"});
  }

  /// Tile k, for the owner of the array. Throws input_error if there is nothing to see.
  template <class Describe>
  Tile& visible(std::size_t k, Describe what) {
    require_no_writer(what);
    require_complete(what);
    return tiles[k];
  }

  /// Tile k for writing: a payload that is shared with anybody is replaced by a copy. Throws
  /// input_error while a run uses the array.
  template <class Describe>
  Tile& writable(std::size_t k, Describe what) {
    Tile& tile = visible(k, what);
    if (users.load() > 0)
      refuse({what(),
              " is being read by a run, and this use could change it; wait for the run, or "
              "only look, through std::as_const"});
    if (!tile.unique()) tile = tile.clone();
    return tile;
  }
};

/// A run's view of MemoryTiles: what `begin` found, and what has been saved since. Tiles are named
/// by their position `k`; `index` and `store`, the one that asks, are for messages.
class MemoryRun {
 public:
  MemoryRun(std::shared_ptr<MemoryTiles> tiles, bool writable)
      : tiles_(std::move(tiles)), writable_(writable) {}
  MemoryRun(const MemoryRun&) = delete;
  MemoryRun& operator=(const MemoryRun&) = delete;
  ~MemoryRun() {
    if (running_) give_up("its store was destroyed before the run ended");
  }

  Use use() const { return use_; }

  /// look(tiles), unless a run is changing them.
  template <class Look>
  void look(const Look& look) const {
    if (!tiles_ || !tiles_->read_begins()) return;
    const auto ends = [](MemoryTiles* tiles) { tiles->read_ends(); };
    const std::unique_ptr<MemoryTiles, decltype(ends)> reading(tiles_.get(), ends);
    look(std::as_const(tiles_->tiles));
  }

  /// The bytes of the tiles that the array has.
  std::int64_t bytes_there() const {
    std::int64_t bytes = 0;
    for (const Tile& tile : tiles_->tiles)
      if (tile) bytes += static_cast<std::int64_t>(tile.byte_size());
    return bytes;
  }

  /// By the bytes of all tiles; 0 if a run is changing them.
  std::uint64_t stamp() const {
    std::uint64_t stamp = 0;
    std::vector<std::byte> bytes;
    look([&](const std::vector<Tile>& tiles) {
      Hash hash;
      for (const Tile& tile : tiles) {
        bytes.resize(tile ? tile.byte_size() : 0);
        if (tile) tile.write_bytes(bytes);
        hash.add(bytes.data(), bytes.size());
      }
      stamp = hash.value();
    });
    return stamp;
  }

  /// As Store::begin. The first of several uses calls `first(tiles)` before any task sees them.
  template <class First>
  void begin(Use use, const Store& store, const First& first) {
    if (use != Use::read && !writable_)
      refuse({store.describe(), " is const and cannot be written; pass one that is not const"});
    uses_.begin(use, store, [&] {
      if (!enter(use)) refuse_in_use(store);
      use_ = use;
      running_ = true;
      touched_ = false;
      try {
        if (use != Use::write) tiles_->require_complete([&] { return store.describe(); });
        const std::size_t count = tiles_->tiles.size();
        if (use != Use::read) next_.resize(count);
        if (use == Use::write) claimed_ = std::make_unique<std::atomic<bool>[]>(count);
        first(std::as_const(tiles_->tiles));
      } catch (...) {
        leave();
        throw;
      }
    });
  }
  void begin(Use use, const Store& store) {
    begin(use, store, [](const std::vector<Tile>&) {});
  }

  Tile load(std::size_t k, Index index, const Store& store) const {
    tiles_->require_complete([&] { return store.describe(); });
    require_there(k, index, store);
    return tiles_->tiles[k];
  }

  Tile take(std::size_t k, Index index, const Store& store) {
    if (!running_ || use_ != Use::update) return load(k, index, store);
    require_there(k, index, store);
    touched_ = true;
    return std::exchange(tiles_->tiles[k], Tile());
  }

  /// The array's own tile k for a run that overwrites the array, so that its memory is used again;
  /// an empty handle where that is not possible.
  Tile recycle(std::size_t k) {
    if (!running_ || use_ != Use::write || claimed_[k].exchange(true)) return Tile();
    Tile& tile = tiles_->tiles[k];
    if (!tile || !tile.unique()) return Tile();
    touched_ = true;
    return std::exchange(tile, Tile());
  }

  void save(std::size_t k, Tile tile, const Store& store) {
    if (!running_ || use_ == Use::read)
      contradict({"a tile of ", store.describe(), " was saved outside of a run that writes it"});
    touched_ = true;
    next_[k] = std::move(tile);
  }

  void commit(const Store& store) {
    if (!running_) return;
    bool all_saved = true, all_there = true;
    for (std::size_t k = 0; k < next_.size(); ++k) {
      all_saved = all_saved && next_[k];
      if (next_[k]) tiles_->tiles[k] = std::move(next_[k]);
      all_there = all_there && tiles_->tiles[k];
    }
    if (!all_there) {
      lose("a tile was taken, and no new one saved");
      contradict({"a run has lost a tile of ", store.describe()});
    }
    if (use_ != Use::read && all_saved) tiles_->complete = true;
    uses_.end([&] { leave(); });
  }

  void abandon(const std::string& reason) noexcept {
    uses_.end([&] { give_up(reason); });
  }

 private:
  bool enter(Use use) {
    int users = 0;
    if (use != Use::read) return tiles_->users.compare_exchange_strong(users, -1);
    return tiles_->read_begins();
  }

  void leave() noexcept {
    next_.clear();
    claimed_.reset();
    running_ = false;
    if (use_ == Use::read)
      tiles_->read_ends();
    else
      tiles_->users = 0;
  }

  void lose(const std::string& reason) noexcept {
    tiles_->complete = false;
    try {
      tiles_->failure = reason;
    } catch (...) {
      tiles_->failure.clear();
    }
  }

  void give_up(const std::string& reason) noexcept {
    if (touched_) lose(reason);
    leave();
  }

  void require_there(std::size_t k, Index index, const Store& store) const {
    if (!tiles_->tiles[k])
      contradict(
          {"tile ", to_string(index), " of ", store.describe(), " was loaded after it was taken"});
  }

  std::shared_ptr<MemoryTiles> tiles_;
  bool writable_;
  Uses uses_;
  Use use_ = Use::read;
  bool running_ = false;
  std::atomic<bool> touched_{false};
  std::vector<Tile> next_;
  std::unique_ptr<std::atomic<bool>[]> claimed_;
};

}  // namespace lambdapack::tile::detail
