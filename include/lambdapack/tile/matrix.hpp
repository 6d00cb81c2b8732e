// Tiled matrices in memory.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/tile/dense.hpp"
#include "lambdapack/tile/detail/block.hpp"
#include "lambdapack/tile/detail/grid_store.hpp"
#include "lambdapack/tile/detail/memory.hpp"
#include "lambdapack/tile/detail/message.hpp"
#include "lambdapack/tile/detail/views.hpp"
#include "lambdapack/tile/store.hpp"

namespace lambdapack {

namespace tile {

/// A TiledMatrix as an array of a run. `load` shares the matrix's own tiles, `take` moves them out,
/// `blank` reuses the memory of tiles that the run overwrites, `commit` puts the saved ones in.
template <Scalar T>
class MemoryStore final : public detail::GridStore<T> {
 public:
  /// Sees `tiles`, in the order of Grid::place, as an array of rank 0, 1 or 2. Throws input_error
  /// if the rank does not fit.
  MemoryStore(std::shared_ptr<detail::MemoryTiles> tiles, const detail::Grid& grid, int rank,
              bool writable)
      : detail::GridStore<T>("a matrix in memory", grid, rank), run_(std::move(tiles), writable) {}

  void begin(Use use) override { run_.begin(use, *this); }

  Tile load(Index index) override {
    Tile tile = run_.load(position(index), index, *this);
    this->checked(index, tile);
    return tile;
  }

  Tile take(Index index) override {
    this->checked(index, run_.load(position(index), index, *this));
    return run_.take(position(index), index, *this);
  }

  Tile blank(Index index) override {
    const detail::Place at = this->place(index);
    Tile tile = run_.recycle(this->grid().place(at.i, at.j));
    if (tile) {
      const Dense<T>& old = std::as_const(tile).template get<Dense<T>>();
      if (old.rows() == this->grid().rows_at(at.i) && old.cols() == this->grid().cols_at(at.j))
        return tile;
    }
    return detail::GridStore<T>::blank(index);
  }

  void save(Index index, Tile tile) override {
    run_.save(position(index), this->in_shape(index, std::move(tile)), *this);
  }

  std::uint64_t stamp() const override { return run_.stamp(); }
  void commit() override { run_.commit(*this); }
  void abandon(const std::string& reason) noexcept override { run_.abandon(reason); }

 private:
  std::size_t position(Index index) const {
    const detail::Place at = this->place(index);
    return this->grid().place(at.i, at.j);
  }

  detail::MemoryRun run_;
};

}  // namespace tile

/// A dense matrix in tiles of tile_rows x tile_cols; those of the last row and column are what is
/// left over. A value: copies are deep. Shapes are in elements, extents and tile indices in tiles.
///
/// A run that fails while it writes the matrix leaves it incomplete: every look at its elements
/// then throws input_error with the run's reason, until a fresh matrix is assigned to it or another
/// run has written all of it. While a run changes the matrix nobody else can look at it; while one
/// reads it, others can by what is const.
template <Scalar T>
class TiledMatrix {
 public:
  using element = T;

  /// A 0 x 0 matrix.
  TiledMatrix() : TiledMatrix(0, 0, 1) {}

  /// A matrix of zeros. Throws input_error on a negative shape or a tile smaller than 1 x 1.
  TiledMatrix(std::int64_t rows, std::int64_t cols, std::int64_t tile)
      : TiledMatrix(rows, cols, tile, tile) {}
  TiledMatrix(std::int64_t rows, std::int64_t cols, std::int64_t tile_rows, std::int64_t tile_cols)
      : grid_(tile::detail::make_grid(rows, cols, tile_rows, tile_cols, sizeof(T))),
        state_(std::make_shared<tile::detail::MemoryTiles>()) {
    state_->tiles.reserve(grid_.tile_count());
    for (std::int64_t j = 0; j < grid_.tiles_across(); ++j)
      for (std::int64_t i = 0; i < grid_.tiles_down(); ++i)
        state_->tiles.push_back(
            tile::Tile::make(tile::Dense<T>::zeros(grid_.rows_at(i), grid_.cols_at(j))));
  }

  /// Throws input_error while a run changes `other`.
  TiledMatrix(const TiledMatrix& other)
      : grid_(other.grid_), state_(other.state().clone([&] { return other.describe(); })) {}
  TiledMatrix(TiledMatrix&& other) noexcept
      : grid_(std::exchange(other.grid_, {})), state_(std::move(other.state_)) {}
  TiledMatrix& operator=(TiledMatrix other) noexcept {
    std::swap(grid_, other.grid_);
    std::swap(state_, other.state_);
    return *this;
  }
  ~TiledMatrix() = default;

  /// A copy of the column-major rows x cols matrix at `data` with leading dimension `ld`. Throws
  /// input_error on a shape that the constructors refuse, and if ld < rows.
  static TiledMatrix from(const T* data, std::int64_t rows, std::int64_t cols, std::int64_t ld,
                          std::int64_t tile) {
    return from(data, rows, cols, ld, tile, tile);
  }
  static TiledMatrix from(const T* data, std::int64_t rows, std::int64_t cols, std::int64_t ld,
                          std::int64_t tile_rows, std::int64_t tile_cols) {
    const tile::detail::Grid grid =
        tile::detail::make_grid(rows, cols, tile_rows, tile_cols, sizeof(T));
    require_leading_dimension(ld, rows);
    std::vector<tile::Tile> tiles;
    tiles.reserve(grid.tile_count());
    for (std::int64_t j = 0; j < grid.tiles_across(); ++j)
      for (std::int64_t i = 0; i < grid.tiles_down(); ++i) {
        tile::Dense<T> dense(grid.rows_at(i), grid.cols_at(j));
        tile::detail::copy_block(dense.rows(), dense.cols(),
                                 data + grid.first_row(i) + grid.first_col(j) * ld, ld,
                                 dense.data(), dense.rows());
        tiles.push_back(tile::Tile::make(std::move(dense)));
      }
    return TiledMatrix(grid, std::move(tiles));
  }

  /// A matrix of these handles, column of tiles by column of tiles; they are shared, not copied.
  /// Throws input_error if a tile is missing or has not the type and shape of its place.
  static TiledMatrix from_tiles(std::int64_t rows, std::int64_t cols, std::int64_t tile_rows,
                                std::int64_t tile_cols, std::vector<tile::Tile> tiles) {
    const tile::detail::Grid grid =
        tile::detail::make_grid(rows, cols, tile_rows, tile_cols, sizeof(T));
    if (tiles.size() != grid.tile_count())
      tile::detail::refuse({"a matrix of ", grid.tile_count(), " tiles cannot be made of ",
                            tiles.size(), "; pass one handle for each tile"});
    TiledMatrix matrix(grid, std::move(tiles));
    const auto store = std::as_const(matrix).store(2);
    tile::detail::for_each_tile(store->extents(), [&](tile::Index index) { store->load(index); });
    return matrix;
  }

  std::int64_t rows() const { return grid_.rows; }
  std::int64_t cols() const { return grid_.cols; }
  /// Rows and columns of a tile that is not cut short.
  std::int64_t tile_rows() const { return grid_.tile_rows; }
  std::int64_t tile_cols() const { return grid_.tile_cols; }
  /// Number of tiles down and across.
  std::array<std::int64_t, 2> extents() const { return {grid_.tiles_down(), grid_.tiles_across()}; }

  /// False after a failed run; see the class.
  bool is_complete() const { return !state_ || state_->complete; }

  /// Element (i, j), from 0. Throws input_error out of range or if the matrix is incomplete.
  T& operator()(std::int64_t i, std::int64_t j) {
    require_element(i, j);
    return tile(i / grid_.tile_rows, j / grid_.tile_cols)(i % grid_.tile_rows, j % grid_.tile_cols);
  }
  const T& operator()(std::int64_t i, std::int64_t j) const {
    require_element(i, j);
    return tile(i / grid_.tile_rows, j / grid_.tile_cols)(i % grid_.tile_rows, j % grid_.tile_cols);
  }

  /// Tile (i, j), from 0. Throws input_error out of range or if the matrix is incomplete. Its shape
  /// must stay as it is.
  tile::Dense<T>& tile(std::int64_t i, std::int64_t j) {
    require_tile(i, j);
    return state_->writable(grid_.place(i, j), [&] { return describe(); })
        .template get<tile::Dense<T>>();
  }
  const tile::Dense<T>& tile(std::int64_t i, std::int64_t j) const {
    require_tile(i, j);
    return std::as_const(state_->visible(grid_.place(i, j), [&] { return describe(); }))
        .template get<tile::Dense<T>>();
  }

  /// The whole matrix in one piece. Throws input_error if it is incomplete.
  tile::Dense<T> to_dense() const {
    tile::Dense<T> dense(rows(), cols());
    copy_to(dense.data(), rows());
    return dense;
  }

  /// Writes the matrix to `data`, column-major with leading dimension `ld`. Throws input_error if
  /// it is incomplete, and if ld < rows.
  void copy_to(T* data, std::int64_t ld) const {
    require_leading_dimension(ld, rows());
    state().require_complete([&] { return describe(); });
    for (std::int64_t j = 0; j < grid_.tiles_across(); ++j)
      for (std::int64_t i = 0; i < grid_.tiles_down(); ++i)
        tile::detail::copy_block(grid_.rows_at(i), grid_.cols_at(j), tile(i, j).data(),
                                 grid_.rows_at(i),
                                 data + grid_.first_row(i) + grid_.first_col(j) * ld, ld);
  }

  /// The matrix as an array of rank 2 (its tiles), 1 (its one column or row of tiles) or 0 (its one
  /// tile) for a run. Throws input_error if the rank does not fit.
  std::shared_ptr<tile::Store> store(int rank) { return make_store(rank, true); }
  /// The same, for reading.
  std::shared_ptr<tile::Store> store(int rank) const { return make_store(rank, false); }

  /// The matrix as an argument of an ordinary function that works on its tiles in place
  /// (plain/tiles.hpp). Throws input_error if the rank does not fit.
  template <int Rank>
  operator Tiles<T, Rank>&() {
    return views_.template get<Tiles<T, Rank>>(*this);
  }
  template <int Rank>
  operator const Tiles<T, Rank>&() const {
    return views_.template get<Tiles<T, Rank>>(*this);
  }
  template <int Rank>
  operator OutTiles<T, Rank>&() {
    return views_.template get<OutTiles<T, Rank>>(*this);
  }

 private:
  TiledMatrix(const tile::detail::Grid& grid, std::vector<tile::Tile> tiles)
      : grid_(grid), state_(std::make_shared<tile::detail::MemoryTiles>()) {
    state_->tiles = std::move(tiles);
  }

  const tile::detail::MemoryTiles& state() const {
    static const tile::detail::MemoryTiles empty;
    return state_ ? *state_ : empty;
  }

  std::shared_ptr<tile::Store> make_store(int rank, bool writable) const {
    const auto tiles = state_ ? state_ : std::make_shared<tile::detail::MemoryTiles>();
    return std::make_shared<tile::MemoryStore<T>>(tiles, grid_, rank, writable);
  }

  std::string describe() const {
    return grid_.describe("a matrix in memory", tile::scalar_name<T>());
  }

  static void require_leading_dimension(std::int64_t ld, std::int64_t rows) {
    if (ld < rows)
      tile::detail::refuse({"a leading dimension of ", ld, " is too small for ", rows,
                            " rows; pass at least the number of rows"});
  }

  void require_element(std::int64_t i, std::int64_t j) const {
    if (i < 0 || j < 0 || i >= rows() || j >= cols())
      tile::detail::refuse(
          {"element (", i, ", ", j, ") is outside of ", describe(), "; indices count from 0"});
  }

  void require_tile(std::int64_t i, std::int64_t j) const {
    if (!grid_.has(i, j))
      tile::detail::refuse({"tile (", i, ", ", j, ") is outside of ", describe(), ", which has ",
                            tile::detail::shape_text(grid_.tiles_down(), grid_.tiles_across()),
                            " tiles; indices count from 0, in tiles"});
  }

  tile::detail::Grid grid_;
  std::shared_ptr<tile::detail::MemoryTiles> state_;
  tile::detail::Views views_;
};

namespace tile {

/// All of a store's matrix. Throws input_error where a tile cannot be loaded.
template <Scalar T>
TiledMatrix<T> read_matrix(detail::GridStore<T>& store) {
  const detail::Grid& grid = store.grid();
  detail::require_memory(detail::byte_count(grid.rows, grid.cols, sizeof(T)), store.describe());
  store.begin(Use::read);
  std::vector<Tile> tiles;
  detail::or_abandon(store, [&] {
    for (std::int64_t j = 0; j < grid.tiles_across(); ++j)
      for (std::int64_t i = 0; i < grid.tiles_down(); ++i)
        tiles.push_back(store.load(std::array{i, j}));
  });
  store.commit();
  return TiledMatrix<T>::from_tiles(grid.rows, grid.cols, grid.tile_rows, grid.tile_cols,
                                    std::move(tiles));
}

}  // namespace tile

/// A matrix as an array of a run: see bind.hpp and TiledMatrix::store.
template <Scalar T>
std::shared_ptr<tile::Store> bind(TiledMatrix<T>& matrix, int rank) {
  return matrix.store(rank);
}
template <Scalar T>
std::shared_ptr<tile::Store> bind(const TiledMatrix<T>& matrix, int rank) {
  return matrix.store(rank);
}

}  // namespace lambdapack
