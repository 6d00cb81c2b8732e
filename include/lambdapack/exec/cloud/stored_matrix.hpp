// Matrices in the store of a run, which its client never sees.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "lambdapack/api.hpp"
#include "lambdapack/exec/cloud/description.hpp"
#include "lambdapack/exec/cloud/objects.hpp"
#include "lambdapack/exec/cloud/stored_result.hpp"
#include "lambdapack/tile/bind.hpp"
#include "lambdapack/tile/detail/grid_store.hpp"
#include "lambdapack/tile/detail/numpy_name.hpp"
#include "lambdapack/tile/detail/uses.hpp"
#include "lambdapack/tile/detail/zarr_chunk.hpp"

namespace lambdapack {

namespace exec::cloud {

/// The store at a URL, whose calls are repeated. Throws input_error if there is none.
LAMBDAPACK_API std::shared_ptr<ObjectStore> open_objects(const std::string& url);

/// A Zarr array in a store, or one that a run is to make there, as an array of a run. lp::cloud
/// leaves results in the run's own place; other executors put them at the key `result`, if there is
/// one.
template <Scalar T>
class StoredMatrixStore final : public tile::detail::GridStore<T>, public InObjects {
 public:
  StoredMatrixStore(std::shared_ptr<ObjectStore> objects, const std::string& title,
                    std::optional<StoredInput> input, const tile::detail::ZarrMetadata& zarr,
                    std::optional<std::string> result, int rank)
      : tile::detail::GridStore<T>(title, zarr.grid, rank),
        objects_(std::move(objects)),
        input_(std::move(input)),
        zarr_(zarr),
        result_key_(std::move(result)) {}

  std::optional<StoredInput> input() const override { return input_; }

  void require_in(const std::string& store) const override {
    if (objects_->describe() != store)
      throw input_error(
          text({"lambdapack: ", this->describe(), " is in ", objects_->describe(),
                ", and the run in ", store, "; give lp::cloud the store that the matrix is in"}));
  }
  void leave_results() override {
    if (result_key_)
      throw input_error(
          text({"lambdapack: the results of lp::cloud are runs/RUN/arrays/NAME, and ",
                this->describe(), " wants them in ", *result_key_, "; leave out .into()"}));
    leaves_results_ = true;
  }

  tile::Sharing sharing() const override { return tile::Sharing::readers; }

  void begin(tile::Use use) override {
    if (use != tile::Use::read && !leaves_results_ && !result_key_)
      throw input_error(text({"lambdapack: ", this->describe(),
                              " is in an object store and never written; say where its results "
                              "belong: lp::stored(...).into(key), or run it by lp::cloud"}));
    uses_.begin(use, *this, [&] {
      if (use != tile::Use::read && !leaves_results_)
        result_ = std::make_unique<StoredResult<T>>(*objects_, *result_key_, this->grid());
    });
  }

  tile::Tile load(tile::Index index) override { return tile::Tile::make(read(this->place(index))); }

  bool rereads() const override { return true; }
  tile::Tile load_saved(tile::Index index) override { return result_->load(this->place(index)); }

  void save(tile::Index index, tile::Tile tile) override {
    tile::Tile shaped = this->in_shape(index, std::move(tile));
    if (!result_)
      tile::detail::contradict({"tile ", tile::to_string(index), " of ", this->describe(),
                                " was saved outside of a run that writes it here"});
    result_->save(this->place(index), std::move(shaped));
  }

  /// Tiles that were not saved are as they were, in a new matrix zero.
  void prepare() override {
    if (!result_) return;
    result_->require_absent();
    const tile::detail::Grid& grid = this->grid();
    for (std::int64_t j = 0; j < grid.tiles_across(); ++j)
      for (std::int64_t i = 0; i < grid.tiles_down(); ++i)
        if (!result_->has({i, j}))
          result_->save({i, j}, tile::Tile::make(input_ ? read({i, j})
                                                        : tile::Dense<T>::zeros(grid.rows_at(i),
                                                                                grid.cols_at(j))));
    is_prepared_ = true;
  }

  void commit() override {
    if (result_) {
      if (!is_prepared_) prepare();
      result_->publish();
    }
    uses_.end([&] { finish(); });
  }

  void abandon(const std::string&) noexcept override {
    uses_.end([&] {
      if (result_) result_->drop();
      finish();
    });
  }

 private:
  tile::Dense<T> read(tile::detail::Place at) const {
    if (!input_)
      throw input_error(text({"lambdapack: tile (", at.i, ", ", at.j, ") of ", this->describe(),
                              " has no contents before the run that makes it"}));
    const std::string key = input_->key + "/" + zarr_.chunk_name(at.i, at.j);
    const std::optional<std::string> bytes = objects_->get(key);
    if (!bytes)
      throw input_error(text({"lambdapack: the chunk ", key, " of tile (", at.i, ", ", at.j,
                              ") of ", this->describe(), " is missing; restore it"}));
    return tile::detail::parse_chunk<T>(std::as_bytes(std::span(*bytes)), key, zarr_,
                                        this->grid().rows_at(at.i), this->grid().cols_at(at.j));
  }

  void finish() noexcept {
    result_.reset();
    leaves_results_ = is_prepared_ = false;
  }

  const std::shared_ptr<ObjectStore> objects_;
  const std::optional<StoredInput> input_;
  const tile::detail::ZarrMetadata zarr_;
  const std::optional<std::string> result_key_;
  tile::detail::Uses uses_;
  std::unique_ptr<StoredResult<T>> result_;
  bool leaves_results_ = false;
  bool is_prepared_ = false;
};

}  // namespace exec::cloud

/// A matrix in an object store to be handed to a run; see lp::stored.
template <Scalar T>
class StoredMatrix {
 public:
  using element = T;

  StoredMatrix(const std::string& store, const std::string& key)
      : objects_(exec::cloud::open_objects(store)) {
    const std::string place = key + "/.zarray";
    exec::cloud::check_key(place);
    std::optional<std::string> found = objects_->get(place);
    if (!found)
      throw input_error(
          text({"lambdapack: there is no Zarr array ", key, " in ", objects_->describe(),
                " (no object ", place, "); check its key and the store's URL"}));
    zarr_ =
        tile::detail::ZarrMetadataReader(place, *found, tile::detail::numpy_name<T>(), sizeof(T))
            .read();
    title_ = key;
    input_ = {key, *std::move(found)};
  }
  StoredMatrix(const std::string& store, const tile::detail::Grid& grid)
      : objects_(exec::cloud::open_objects(store)), title_("a new matrix") {
    zarr_.grid = grid;
  }

  /// The same matrix, what a run makes of it to be a new array at `key` of the store: for other
  /// executors than lp::cloud, which stream it if they have a memory limit. It appears when the run
  /// ends well; one that fails removes what it has stored. A run that only reads the matrix has no
  /// use for it. Throws input_error if there can be no such key, and the run does if something is
  /// there.
  StoredMatrix into(const std::string& key) const {
    exec::cloud::check_key(key + "/.zarray");
    StoredMatrix that = *this;
    that.result_ = key;
    return that;
  }

  /// The matrix as a store; see TiledMatrix::store for the rank.
  std::shared_ptr<tile::Store> store(int rank) const {
    return std::make_shared<exec::cloud::StoredMatrixStore<T>>(objects_, title_, input_, zarr_,
                                                               result_, rank);
  }

 private:
  std::shared_ptr<exec::cloud::ObjectStore> objects_;
  std::string title_;
  std::optional<exec::cloud::StoredInput> input_;
  tile::detail::ZarrMetadata zarr_;
  std::optional<std::string> result_;
};

/// The Zarr v2 array at `key` in a store (a directory, or s3://bucket/prefix), its chunks as tiles,
/// for a run of lp::cloud with that store: workers read it where it is, and results stay in the
/// store, as runs/RUN/arrays/NAME, a Zarr array too. The array itself is never written. Any
/// executor can read it, and with .into(key) put results beside it. It is as lp::zarr wants it.
/// Throws input_error if there is no such array.
template <Scalar T>
StoredMatrix<T> stored(const std::string& store, const std::string& key) {
  return {store, key};
}

/// A matrix of rows x cols elements that a run of lp::cloud makes in this store, as
/// runs/RUN/arrays/NAME, or with .into(key) any other executor. Throws input_error on an impossible
/// shape.
template <Scalar T>
StoredMatrix<T> stored(const std::string& store, std::int64_t rows, std::int64_t cols,
                       std::int64_t tile_rows, std::int64_t tile_cols) {
  return {store, tile::detail::make_grid(rows, cols, tile_rows, tile_cols, sizeof(T))};
}
template <Scalar T>
StoredMatrix<T> stored(const std::string& store, std::int64_t rows, std::int64_t cols,
                       std::int64_t tile) {
  return lambdapack::stored<T>(store, rows, cols, tile, tile);
}

/// A matrix in an object store as an argument of a run: see bind.hpp.
template <Scalar T>
std::shared_ptr<tile::Store> bind(StoredMatrix<T> matrix, int rank) {
  return matrix.store(rank);
}

}  // namespace lambdapack
