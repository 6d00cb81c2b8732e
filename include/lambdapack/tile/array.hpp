// Arrays of tiles of any payload and any rank, in memory.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/tile/dense.hpp"
#include "lambdapack/tile/detail/cut.hpp"
#include "lambdapack/tile/detail/grid.hpp"
#include "lambdapack/tile/detail/memory.hpp"
#include "lambdapack/tile/detail/message.hpp"
#include "lambdapack/tile/detail/views.hpp"
#include "lambdapack/tile/store.hpp"

namespace lambdapack {

namespace tile {

/// A TileArray as an array of a run; see MemoryStore. `blank` is a default-constructed payload.
template <Payload P>
class ArrayStore final : public Store {
 public:
  ArrayStore(std::shared_ptr<detail::MemoryTiles> tiles, std::vector<std::int64_t> extents,
             bool writable)
      : extents_(std::move(extents)), run_(std::move(tiles), writable) {}

  const std::vector<std::int64_t>& extents() const override { return extents_; }
  const PayloadType& payload() const override { return payload_type<P>(); }
  std::string describe() const override {
    return "an array in memory (tiles of " + P::type_name() + ", extents " + to_string(extents_) +
           ")";
  }

  void begin(Use use) override {
    run_.begin(use, *this, [this](const std::vector<Tile>& tiles) { cuts_ = cuts_of(tiles); });
  }
  Tile load(Index index) override { return run_.load(position(index), index, *this); }
  Tile take(Index index) override { return run_.take(position(index), index, *this); }

  Tile blank(Index index) override {
    position(index);
    return Tile::make(P());
  }

  void save(Index index, Tile tile) override {
    const std::size_t k = position(index);
    if (!tile || !(tile.type() == payload()))
      tile::detail::refuse({"tile ", to_string(index), " of ", describe(), " would be ",
                            tile ? tile.type().name : "missing", "; expected ", payload().name,
                            ": check what the kernel writes"});
    run_.save(k, std::move(tile), *this);
  }

  /// Of a run that writes all tiles anew: as much as the array has, until that goes.
  std::int64_t memory_to_come() const override {
    return run_.use() == Use::write ? run_.bytes_there() : 0;
  }

  /// By the sizes that the tiles had when the run began; an empty tile has none.
  Origin origin(Index index) const override {
    return {cuts_[0].first(index.empty() ? 0 : index[0]),
            cuts_[1].first(index.size() < 2 ? 0 : index[1])};
  }

  /// How an array of rank 1 or 2 is cut: into rows, and into columns.
  std::array<detail::Cut, 2> cuts() const {
    std::array<detail::Cut, 2> found;
    run_.look([&](const std::vector<Tile>& tiles) { found = cuts_of(tiles); });
    return found;
  }

  std::uint64_t stamp() const override { return run_.stamp(); }
  void commit() override { run_.commit(*this); }
  void abandon(const std::string& reason) noexcept override { run_.abandon(reason); }

 private:
  std::array<detail::Cut, 2> cuts_of(const std::vector<Tile>& tiles) const {
    std::array<detail::Cut, 2> found;
    const auto down = extents_.empty() ? 0 : extents_[0];
    const auto across = extents_.size() == 2 ? extents_[1] : 1;
    if constexpr (requires(const P& tile) { tile.rows(), tile.cols(); })
      if (extents_.size() == 1 || extents_.size() == 2) {
        found = {detail::Cut::unknown(down), detail::Cut::unknown(across)};
        for (std::int64_t i = 0; i < down; ++i)
          for (std::int64_t j = 0; j < across; ++j) {
            const Tile& tile = tiles[position(std::array{i, j}, extents_.size())];
            if (!tile) continue;
            const P& payload = tile.template get<P>();
            if (payload.rows() == 0 && payload.cols() == 0) continue;
            found[0].say(i, payload.rows());
            found[1].say(j, payload.cols());
          }
      }
    return found;
  }

  std::size_t position(std::span<const std::int64_t> index, std::size_t rank) const {
    return static_cast<std::size_t>(detail::position_in(extents_, index.first(rank)));
  }

  std::size_t position(Index index) const {
    const std::int64_t k = detail::position_in(extents_, index);
    if (k < 0)
      tile::detail::refuse({describe(), " has no tile ", to_string(index),
                            "; give one index for each dimension, from 0"});
    return static_cast<std::size_t>(k);
  }

  std::vector<std::int64_t> extents_;
  detail::MemoryRun run_;
  std::array<detail::Cut, 2> cuts_;
};

}  // namespace tile

/// An array of rank 0 to 8 of tiles with payload P (a scalar T stands for tile::Dense<T>, of any
/// shape). A value: copies are deep. After a failed run it may be incomplete, as a TiledMatrix.
template <Element P>
class TileArray {
 public:
  using element = P;
  using payload = payload_of_t<P>;

  /// One default-constructed payload for each tile; `extents` counts tiles. Throws input_error on a
  /// negative extent and on more than 8 dimensions.
  explicit TileArray(std::vector<std::int64_t> extents = {})
      : extents_(std::move(extents)), state_(std::make_shared<tile::detail::MemoryTiles>()) {
    const std::size_t count = checked_count();
    state_->tiles.reserve(count);
    while (state_->tiles.size() < count) state_->tiles.push_back(tile::Tile::make(payload()));
  }

  /// Throws input_error while a run changes `other`.
  TileArray(const TileArray& other)
      : extents_(other.extents_), state_(other.state_->clone([&] { return other.describe(); })) {}
  /// Leaves `other` an array of rank 0.
  TileArray(TileArray&& other) : TileArray() { swap(other); }
  TileArray& operator=(TileArray other) noexcept {
    swap(other);
    return *this;
  }
  ~TileArray() = default;

  const std::vector<std::int64_t>& extents() const { return extents_; }
  int rank() const { return static_cast<int>(extents_.size()); }

  /// False after a failed run that changed the array.
  bool is_complete() const { return state_->complete; }

  /// The payload of the tile with these indices, one for each dimension. Throws input_error if
  /// there is no such tile or the array is incomplete.
  template <std::integral... I>
  payload& operator()(I... indices) {
    return state_->writable(position(indices...), [&] { return describe(); })
        .template get<payload>();
  }
  template <std::integral... I>
  const payload& operator()(I... indices) const {
    return std::as_const(state_->visible(position(indices...), [&] { return describe(); }))
        .template get<payload>();
  }

  /// The array for a run. Throws input_error if `rank` is not its rank.
  std::shared_ptr<tile::Store> store(int rank) { return make_store(rank, true); }
  /// The same, for reading.
  std::shared_ptr<tile::Store> store(int rank) const { return make_store(rank, false); }

  /// The array as an argument of an ordinary function that works on its tiles in place
  /// (plain/tiles.hpp). Throws input_error if `Rank` is not its rank.
  template <int Rank>
  operator Tiles<P, Rank>&() {
    return views_.template get<Tiles<P, Rank>>(*this);
  }
  template <int Rank>
  operator const Tiles<P, Rank>&() const {
    return views_.template get<Tiles<P, Rank>>(*this);
  }
  template <int Rank>
  operator OutTiles<P, Rank>&() {
    return views_.template get<OutTiles<P, Rank>>(*this);
  }

 private:
  using Store = tile::ArrayStore<payload>;

  void swap(TileArray& other) noexcept {
    extents_.swap(other.extents_);
    state_.swap(other.state_);
  }

  std::size_t checked_count() const {
    if (extents_.size() > 8)
      tile::detail::refuse(
          {"an array of tiles cannot have rank ", extents_.size(), "; the highest is 8"});
    std::int64_t count = 1;
    bool fits = true, empty = false;
    for (const std::int64_t extent : extents_) {
      if (extent < 0)
        tile::detail::refuse({"an array of tiles cannot have extents ", tile::to_string(extents_),
                              "; none may be negative"});
      empty = empty || extent == 0;
      fits = fits && !__builtin_mul_overflow(count, extent, &count);
    }
    if (!fits && !empty)
      tile::detail::refuse({"an array of tiles with extents ", tile::to_string(extents_),
                            " does not fit any memory; check the extents"});
    return empty ? 0 : static_cast<std::size_t>(count);
  }

  template <class... I>
  std::size_t position(I... indices) const {
    const std::array<std::int64_t, sizeof...(I)> index{static_cast<std::int64_t>(indices)...};
    const std::int64_t k = tile::detail::position_in(extents_, index);
    if (k < 0)
      tile::detail::refuse({describe(), " has no tile ", tile::to_string(index),
                            "; give one index for each dimension, from 0"});
    return static_cast<std::size_t>(k);
  }

  std::shared_ptr<tile::Store> make_store(int rank, bool writable) const {
    auto store = std::make_shared<Store>(state_, extents_, writable);
    if (rank != this->rank())
      tile::detail::refuse({store->describe(), " has rank ", this->rank(),
                            " and cannot be bound where rank ", rank,
                            " is expected; check the arguments' order"});
    return store;
  }

  std::string describe() const { return Store(nullptr, extents_, false).describe(); }

  std::vector<std::int64_t> extents_;
  std::shared_ptr<tile::detail::MemoryTiles> state_;
  tile::detail::Views views_;
};

/// An array as an argument of a run: see bind.hpp and TileArray::store.
template <Element P>
std::shared_ptr<tile::Store> bind(TileArray<P>& array, int rank) {
  return array.store(rank);
}
template <Element P>
std::shared_ptr<tile::Store> bind(const TileArray<P>& array, int rank) {
  return array.store(rank);
}

}  // namespace lambdapack
