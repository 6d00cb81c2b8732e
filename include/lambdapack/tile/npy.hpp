// NumPy's .npy files as arrays of a run, and as matrices in memory.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/tile/detail/directory.hpp"
#include "lambdapack/tile/detail/grid_store.hpp"
#include "lambdapack/tile/detail/message.hpp"
#include "lambdapack/tile/detail/npy_file.hpp"
#include "lambdapack/tile/detail/uses.hpp"
#include "lambdapack/tile/matrix.hpp"
#include "lambdapack/tile/store.hpp"

namespace lambdapack {

namespace tile {

/// A .npy file as an array of a run. Tiles are read from the file as the run needs them; the saved
/// ones go to a new file beside it, which takes its place when the run ends well.
template <Scalar T>
class NpyStore final : public detail::GridStore<T> {
 public:
  /// An existing file. Throws input_error if it is none that holds a matrix of T.
  NpyStore(const std::string& path, std::int64_t tile_rows, std::int64_t tile_cols, int rank)
      : NpyStore(path, detail::NpyMatrix<T>(path), tile_rows, tile_cols, rank) {}

  /// A file that a run is to make. A run that only reads or updates takes the file that is there
  /// when it begins.
  NpyStore(const std::string& path, const detail::Grid& grid, int rank)
      : detail::GridStore<T>(path, grid, rank), creates_(true) {}

  void begin(Use use) override {
    uses_.begin(use, *this, [&] { start(use); });
  }

  Sharing sharing() const override { return Sharing::readers; }

  std::uint64_t stamp() const override { return detail::stamp_of_file(path()); }

  Tile load(Index index) override {
    if (!current_)
      detail::refuse({"tile ", to_string(index), " of ", this->describe(),
                      " has no contents before the run that makes the file; bind an existing "
                      "file with lp::npy(path, tile)"});
    const detail::Place at = this->place(index);
    const detail::Grid& grid = this->grid();
    return Tile::make(current_->block(grid.first_row(at.i), grid.first_col(at.j),
                                      grid.rows_at(at.i), grid.cols_at(at.j)));
  }

  void save(Index index, Tile tile) override {
    const Tile shaped = this->in_shape(index, std::move(tile));
    if (!draft_)
      detail::contradict(
          {"a tile of ", this->describe(), " was saved outside of a run that writes it"});
    const Origin first = this->origin(index);
    draft_->write(shaped.template get<Dense<T>>(), first.row, first.column);
    const detail::Place at = this->place(index);
    saved_[this->grid().place(at.i, at.j)] = 1;
  }

  /// Tiles that were not saved stay as they were; in a new file they are zero.
  void prepare() override {
    if (!draft_) return;
    if (current_) carry_over();
    draft_->finish();
    prepared_ = true;
  }

  void commit() override {
    if (draft_) publish();
    uses_.end([] {});
  }

  void abandon(const std::string&) noexcept override {
    uses_.end([&] {
      draft_.reset();
      prepared_ = false;
    });
  }

 private:
  NpyStore(const std::string& path, detail::NpyMatrix<T> file, std::int64_t tile_rows,
           std::int64_t tile_cols, int rank)
      : detail::GridStore<T>(
            path, detail::make_grid(file.rows(), file.cols(), tile_rows, tile_cols, sizeof(T)),
            rank),
        current_(std::move(file)) {}

  void start(Use use) {
    current_.reset();
    if (use != Use::write || !creates_) open_current();
    if (use == Use::read) return;
    require_replaceable();
    auto draft = std::make_unique<detail::NpyDraft<T>>(path(), shape());
    if (current_) draft->allow(current_->permissions());
    saved_.assign(this->grid().tile_count(), 0);
    draft_ = std::move(draft);
  }

  void publish() {
    if (!prepared_) prepare();
    draft_->publish();
    draft_.reset();
    prepared_ = false;
    current_.reset();
    try {
      current_.emplace(path());
    } catch (const input_error&) {
      // The file is in its place, and whoever has already put another there does no harm to a run
      // that is over.
    }
  }

  std::string path() const { return detail::resolved(this->name()); }

  std::vector<std::int64_t> shape() const {
    if (current_) return current_->shape();
    return {this->grid().rows, this->grid().cols};
  }

  void open_current() {
    current_.emplace(path());
    if (current_->rows() != this->grid().rows || current_->cols() != this->grid().cols) {
      const std::string found = detail::shape_text(current_->rows(), current_->cols());
      current_.reset();
      detail::refuse({this->name(), " holds a matrix of ", found, "; expected ", this->describe(),
                      ": bind it with its own shape, lp::npy(path, tile)"});
    }
  }

  /// Throws input_error if there is something at the path that a new .npy file must not replace.
  void require_replaceable() const {
    const detail::Kind kind = detail::kind_of(path());
    if (kind == detail::Kind::nothing) return;
    const detail::File file = detail::File::open(path());
    if (file.size() > 0) detail::read_npy_header(file);
  }

  void carry_over() {
    const detail::Grid& grid = this->grid();
    for (std::int64_t j = 0; j < grid.tiles_across(); ++j)
      for (std::int64_t i = 0; i < grid.tiles_down(); ++i)
        if (!saved_[grid.place(i, j)])
          draft_->write(current_->block(grid.first_row(i), grid.first_col(j), grid.rows_at(i),
                                        grid.cols_at(j)),
                        grid.first_row(i), grid.first_col(j));
  }

  bool creates_ = false;
  detail::Uses uses_;
  std::optional<detail::NpyMatrix<T>> current_;
  std::unique_ptr<detail::NpyDraft<T>> draft_;
  bool prepared_ = false;
  std::vector<char> saved_;
};

}  // namespace tile

/// A .npy file to be handed to a run as an array; see lp::npy.
template <Scalar T>
class NpyFile {
 public:
  using element = T;

  NpyFile(std::string path, std::int64_t tile_rows, std::int64_t tile_cols)
      : path_(std::move(path)), tile_rows_(tile_rows), tile_cols_(tile_cols) {}
  NpyFile(std::string path, std::int64_t rows, std::int64_t cols, std::int64_t tile_rows,
          std::int64_t tile_cols)
      : path_(std::move(path)), tile_rows_(tile_rows), tile_cols_(tile_cols) {
    created_ = tile::detail::make_grid(rows, cols, tile_rows, tile_cols, sizeof(T));
  }

  /// The file as a store; see TiledMatrix::store for the rank. Throws input_error if there is no
  /// such file (unless it is to be made), or it does not hold a matrix of T.
  std::shared_ptr<tile::Store> store(int rank) const {
    if (created_) return std::make_shared<tile::NpyStore<T>>(path_, *created_, rank);
    return std::make_shared<tile::NpyStore<T>>(path_, tile_rows_, tile_cols_, rank);
  }

 private:
  std::string path_;
  std::int64_t tile_rows_;
  std::int64_t tile_cols_;
  std::optional<tile::detail::Grid> created_;
};

/// The existing .npy file at `path` (1-D or 2-D, versions 1.0 and 2.0, either order) in tiles of
/// this size, as an array that a run reads or updates: `cholesky(lp::npy<double>("A.npy", 256))`.
/// A failed run leaves the file as it was. Faults of the file throw input_error when it is bound.
template <Scalar T>
NpyFile<T> npy(std::string path, std::int64_t tile) {
  return {std::move(path), tile, tile};
}
template <Scalar T>
NpyFile<T> npy(std::string path, std::int64_t tile_rows, std::int64_t tile_cols) {
  return {std::move(path), tile_rows, tile_cols};
}

/// A new .npy file of rows x cols elements that a run makes. It appears when the run ends well, in
/// place of a .npy file that may be there. Throws input_error on an impossible shape.
template <Scalar T>
NpyFile<T> npy(std::string path, std::int64_t rows, std::int64_t cols, std::int64_t tile) {
  return {std::move(path), rows, cols, tile, tile};
}
template <Scalar T>
NpyFile<T> npy(std::string path, std::int64_t rows, std::int64_t cols, std::int64_t tile_rows,
               std::int64_t tile_cols) {
  return {std::move(path), rows, cols, tile_rows, tile_cols};
}

/// The matrix in a .npy file. Throws input_error if there is none, or of another scalar type.
template <Scalar T>
TiledMatrix<T> read_npy(const std::string& path, std::int64_t tile_rows, std::int64_t tile_cols) {
  tile::NpyStore<T> store(path, tile_rows, tile_cols, 2);
  return tile::read_matrix(store);
}
template <Scalar T>
TiledMatrix<T> read_npy(const std::string& path, std::int64_t tile) {
  return lambdapack::read_npy<T>(path, tile, tile);
}

/// Writes a matrix to a .npy file, in Fortran order; a file that is there is replaced in one step.
/// Throws input_error if the matrix is incomplete, or the file cannot be written or is no .npy
/// file.
template <Scalar T>
void write_npy(const std::string& path, const TiledMatrix<T>& matrix) {
  const auto to =
      npy<T>(path, matrix.rows(), matrix.cols(), matrix.tile_rows(), matrix.tile_cols());
  tile::detail::copy_tiles(*matrix.store(2), *to.store(2));
}

/// A .npy file as an argument of a run: see bind.hpp.
template <Scalar T>
std::shared_ptr<tile::Store> bind(NpyFile<T> file, int rank) {
  return file.store(rank);
}

}  // namespace lambdapack
