// The initial tiles of an array that a rank owns: each is sent once to the ranks that read it, and
// handed once to this rank's own tasks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

#include "lambdapack/exec/mpi/own_tiles.hpp"
#include "lambdapack/graph/node.hpp"
#include "lambdapack/tile/store.hpp"

namespace lambdapack::exec::distributed {

/// A walk over own tiles that sends them, and workers that use some of them before it comes by: a
/// tile that a task may overwrite in its place is sent before.
class InitialTiles {
 public:
  InitialTiles(tile::Store& store, const Distribution& distribution, int rank)
      : store_(store), walk_(store.extents(), distribution, rank) {}

  /// The next own tile, for the walk; false at the end. Calls send(index, tile) if others read the
  /// tile, is_read_elsewhere(index), and nobody has sent it yet.
  template <class IsRead, class Send>
  bool walk(IsRead&& is_read_elsewhere, Send&& send) {
    Indices index;
    if (!walk_.next(index)) {
      const std::lock_guard lock(mutex_);
      is_over_ = true;
      return false;
    }
    const bool is_read = is_read_elsewhere(std::as_const(index));
    const std::lock_guard lock(mutex_);
    last_ = index;
    has_last_ = true;
    if (early_.erase(key(index)) == 0 && is_read) send(index, store_.load(index));
    return true;
  }

  /// A tile for a task of this rank, which `takes` it if it will be overwritten. Calls send(tile)
  /// if it is `read_elsewhere` and nobody has sent it yet.
  template <class Send>
  tile::Tile use(const Indices& index, bool takes, bool read_elsewhere, Send&& send) {
    const std::lock_guard lock(mutex_);
    if (read_elsewhere && !is_behind(index)) {
      early_.insert(key(index));
      send(store_.load(index));
    }
    return takes ? store_.take(index) : store_.load(index);
  }

 private:
  using Key = std::vector<std::int64_t>;

  // In the order of the walk: the last index is the slowest.
  static Key key(const Indices& index) {
    Key key(index.begin(), index.end());
    return {key.rbegin(), key.rend()};
  }

  bool is_behind(const Indices& index) const {
    return is_over_ || (has_last_ && key(index) <= key(last_));
  }

  tile::Store& store_;
  std::mutex mutex_;
  OwnTiles walk_;  // of the thread that walks
  bool is_over_ = false;
  bool has_last_ = false;
  Indices last_;
  std::set<Key> early_;
};

}  // namespace lambdapack::exec::distributed
