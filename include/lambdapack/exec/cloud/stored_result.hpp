// A Zarr array that a run of another executor than lp::cloud makes in an object store.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "lambdapack/exec/cloud/chunks.hpp"
#include "lambdapack/exec/cloud/objects.hpp"
#include "lambdapack/tile/detail/grid_store.hpp"

namespace lambdapack::exec::cloud {

/// Chunks below a key, which are an array once `.zarray` is there too: that is put last, and only
/// if there is none, since a store of objects cannot put several of them in place in one step.
template <Scalar T>
class StoredResult {
 public:
  using Place = tile::detail::Place;

  /// Throws input_error if something is at `key` that is not the chunks that such a run has left
  /// which did not end, or another result of this process is to be there.
  StoredResult(ObjectStore& objects, std::string key, const tile::detail::Grid& grid)
      : objects_(objects),
        key_(std::move(key)),
        grid_(grid),
        zarr_(detail::zarr_of(grid)),
        claim_(text({std::string_view(key_), " in ", objects.describe()})) {
    check_key(zarray());
    std::set<std::string> own;
    for (std::int64_t j = 0; j < grid.tiles_across(); ++j)
      for (std::int64_t i = 0; i < grid.tiles_down(); ++i) own.insert(chunk({i, j}));
    for (const std::string& name : own) check_key(name);
    for (std::size_t end = key_.rfind('/'); end != std::string::npos;
         end = key_.rfind('/', end - 1))
      if (const std::string around = key_.substr(0, end) + "/.zarray"; objects_.get(around))
        refuse(around);
    for (const std::string& found : objects_.list(key_ + "/"))
      if (!own.contains(found)) refuse(found);
  }

  bool has(Place at) const {
    const std::lock_guard lock(mutex_);
    return saved_.contains({at.j, at.i});
  }

  /// A tile that `has`. Throws input_error if it is not there, or damaged.
  tile::Tile load(Place at) {
    const std::string name = chunk(at);
    const auto bytes = objects_.get(name);
    if (!bytes)
      throw input_error(text({"lambdapack: the chunk ", name, " in ", objects_.describe(),
                              ", which this run has stored, is missing; let nothing else write "
                              "there, and run it again"}));
    return tile::Tile::make(tile::detail::parse_chunk<T>(
        std::as_bytes(std::span(*bytes)), name, zarr_, grid_.rows_at(at.i), grid_.cols_at(at.j)));
  }

  void save(Place at, tile::Tile tile) {
    objects_.put_pieces(chunk(at), detail::chunk_of<T>(std::move(tile), grid_));
    const std::lock_guard lock(mutex_);
    saved_.insert({at.j, at.i});
  }

  /// Throws input_error if somebody else has made an array here by now.
  void require_absent() const {
    if (objects_.get(zarray())) refuse_late();
  }

  /// All tiles are saved: makes them an array. Throws input_error if there is one by now.
  void publish() {
    if (!objects_.put_if_absent(zarray(), detail::zarray_of<T>(grid_))) refuse_late();
  }

  /// Removes what was saved, unless it is part of an array by now, as where the answer to `publish`
  /// was lost. A store out of reach is not waited for: chunks without a .zarray are no array, and
  /// the next run at this key replaces them.
  void drop() noexcept {
    const std::lock_guard lock(mutex_);
    try {
      if (saved_.empty() || objects_.get(zarray())) return;
      for (const auto& [j, i] : saved_) objects_.remove(chunk({i, j}));
    } catch (...) {
    }
    saved_.clear();
  }

 private:
  // A place in a store that one result of this process has.
  class Claim {
   public:
    explicit Claim(std::string place) : place_(std::move(place)) {
      const std::lock_guard lock(mutex());
      if (!taken().insert(place_).second)
        throw input_error(text({"lambdapack: two results of this process are to be at the key ",
                                place_, "; give each a key of its own"}));
    }
    Claim(const Claim&) = delete;
    Claim& operator=(const Claim&) = delete;
    ~Claim() {
      const std::lock_guard lock(mutex());
      taken().erase(place_);
    }

   private:
    static std::mutex& mutex() {
      static std::mutex mutex;
      return mutex;
    }
    static std::set<std::string>& taken() {
      static std::set<std::string> taken;
      return taken;
    }

    const std::string place_;
  };

  [[noreturn]] void refuse(const std::string& found) const {
    throw input_error(
        text({"lambdapack: a result cannot be put at ", key_, " in ", objects_.describe(),
              ", where ", found, " is; remove it, or choose another key"}));
  }

  [[noreturn]] void refuse_late() const {
    throw input_error(
        text({"lambdapack: somebody else has made an array at ", key_, " in ", objects_.describe(),
              " in the meantime; remove it, and run this again, or choose another "
              "key"}));
  }

  std::string zarray() const { return key_ + "/.zarray"; }
  std::string chunk(Place at) const { return key_ + "/" + zarr_.chunk_name(at.i, at.j); }

  ObjectStore& objects_;
  const std::string key_;
  const tile::detail::Grid grid_;
  const tile::detail::ZarrMetadata zarr_;
  const Claim claim_;
  mutable std::mutex mutex_;
  std::set<std::pair<std::int64_t, std::int64_t>> saved_;
};

}  // namespace lambdapack::exec::cloud
