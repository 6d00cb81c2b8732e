// ScaLAPACK's local arrays as arrays of a run, where they are.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/exec/mpi/distributed_store.hpp"
#include "lambdapack/exec/mpi/distribution.hpp"
#include "lambdapack/graph/node.hpp"
#include "lambdapack/tile/bind.hpp"
#include "lambdapack/tile/detail/block.hpp"
#include "lambdapack/tile/detail/grid_store.hpp"
#include "lambdapack/tile/detail/hash.hpp"
#include "lambdapack/tile/detail/uses.hpp"

namespace lambdapack {

/// ScaLAPACK's descriptor of a dense matrix, as descinit_ fills it.
struct ScalapackDescriptor {
  static constexpr int dense = 1;

  int type = dense;
  int context = 0;
  std::int64_t rows = 0, cols = 0;              ///< M, N
  std::int64_t block_rows = 1, block_cols = 1;  ///< MB, NB: the tiles
  int first_row = 0, first_col = 0;             ///< RSRC, CSRC
  std::int64_t leading_dimension = 1;           ///< LLD, of this process's local array

  /// From the nine integers.
  static ScalapackDescriptor of(const int (&desc)[9]) {
    return {desc[0], desc[1], desc[2], desc[3], desc[4], desc[5], desc[6], desc[7], desc[8]};
  }
};

namespace tile {

/// A local array of ScaLAPACK, of which a block is a tile. A tile is copied out when it is loaded,
/// and copied in when it is saved, if nobody will load the old one any more, or else when the run
/// ends well. So a run that fails may leave the array half written.
template <Scalar T>
class ScalapackStore final : public detail::GridStore<T>, public Distributed {
 public:
  /// Throws input_error on a descriptor that fits no matrix, or not the grid.
  ScalapackStore(T* local, const ScalapackDescriptor& d, ProcessGrid grid, int process, int rank)
      : detail::GridStore<T>(
            "a matrix of ScaLAPACK",
            detail::make_grid(d.rows, d.cols, d.block_rows, d.block_cols, sizeof(T)), rank),
        local_(local),
        descriptor_(d),
        processes_(grid),
        distribution_(
            Distribution::block_cyclic(grid, {.first_row = d.first_row, .first_col = d.first_col})),
        row_(process / grid.cols),
        col_(process % grid.cols) {
    require_possible();
    const std::size_t tiles = count(true, row_) * count(false, col_);
    taken_ = std::make_unique<std::atomic<bool>[]>(tiles);
    next_.resize(tiles);
  }

  const Distribution& distribution() const override { return distribution_; }

  /// As that of a DistributedMatrix.
  std::uint64_t stamp() const override {
    require_rows();
    std::uint64_t sum = 0;
    std::vector<std::byte> bytes;
    for (std::size_t k = 0; k < next_.size(); ++k) {
      const Indices index = index_of(k);
      const Tile tile = copied(index);
      detail::Hash hash;
      for (const std::int64_t x : index) hash.add(x);
      bytes.resize(tile.byte_size());
      tile.write_bytes(bytes);
      hash.add(bytes.data(), bytes.size());
      sum += hash.value();
    }
    return sum == 0 && !next_.empty() ? 1 : sum;
  }

  /// Throws input_error if the local array is too small.
  void begin(Use use) override {
    uses_.begin(use, *this, [&] {
      require_rows();
      for (std::size_t k = 0; k < next_.size(); ++k) taken_[k] = use == Use::write;
    });
  }

  Tile load(Index index) override { return copied(index); }

  Tile take(Index index) override {
    Tile tile = load(index);
    taken_[position(index)].store(true, std::memory_order_release);
    return tile;
  }

  void save(Index index, Tile tile) override {
    tile = this->in_shape(index, std::move(tile));
    if (taken_[position(index)].load(std::memory_order_acquire))
      put(index, tile);
    else
      next_[position(index)] = std::move(tile);
  }

  void commit() override {
    for (std::size_t k = 0; k < next_.size(); ++k)
      if (next_[k]) put(index_of(k), std::exchange(next_[k], Tile()));
    uses_.end([] {});
  }

  void abandon(const std::string&) noexcept override {
    uses_.end([&] {
      for (Tile& tile : next_) tile = Tile();
    });
  }

 private:
  Tile copied(Index index) const {
    Dense<T> dense(this->grid().rows_at(index[0]), this->grid().cols_at(index[1]));
    detail::copy_block(dense.rows(), dense.cols(), at(index), descriptor_.leading_dimension,
                       dense.data(), dense.rows());
    return Tile::make(std::move(dense));
  }

  void require_possible() const {
    if (descriptor_.type != ScalapackDescriptor::dense)
      detail::refuse({"a descriptor of ScaLAPACK has the type ", descriptor_.type,
                      "; expected 1, a dense matrix"});
    if (this->extents().size() != 2)
      detail::refuse({this->describe(), " is an array of rank 2; expected here is rank ",
                      static_cast<std::int64_t>(this->extents().size())});
  }

  // Of this process alone: known before a run, and thrown when it begins, where all ranks hear it.
  void require_rows() const {
    if (const std::int64_t rows = local_rows(); descriptor_.leading_dimension < rows)
      detail::refuse({this->describe(), " has a leading dimension of ",
                      descriptor_.leading_dimension, ", but ", rows,
                      " rows on this process; check LLD in the descriptor"});
  }

  // How many tiles down, or across, a row or column of processes has.
  std::size_t count(bool down, int process) const {
    const std::int64_t tiles = down ? this->grid().tiles_down() : this->grid().tiles_across();
    const int all = down ? processes_.rows : processes_.cols;
    const int first = down ? descriptor_.first_row : descriptor_.first_col;
    const std::int64_t before = (process - first + all) % all;
    return static_cast<std::size_t>(tiles > before ? (tiles - before + all - 1) / all : 0);
  }

  std::int64_t local_rows() const {
    std::int64_t rows = 0;
    for (std::int64_t i = 0; i < this->grid().tiles_down(); ++i)
      if ((i + descriptor_.first_row) % processes_.rows == row_) rows += this->grid().rows_at(i);
    return rows;
  }

  T* at(Index index) const {
    return local_ + index[0] / processes_.rows * this->grid().tile_rows +
           index[1] / processes_.cols * this->grid().tile_cols * descriptor_.leading_dimension;
  }

  // Of this process's tiles, column by column.
  std::size_t position(Index index) const {
    return static_cast<std::size_t>(index[0] / processes_.rows) +
           static_cast<std::size_t>(index[1] / processes_.cols) * count(true, row_);
  }
  Indices index_of(std::size_t position) const {
    const auto down = static_cast<std::int64_t>(position % count(true, row_));
    const auto across = static_cast<std::int64_t>(position / count(true, row_));
    const int p = processes_.rows, q = processes_.cols;
    return {down * p + (row_ - descriptor_.first_row + p) % p,
            across * q + (col_ - descriptor_.first_col + q) % q};
  }

  void put(Index index, const Tile& tile) {
    const Dense<T>& dense = tile.template get<Dense<T>>();
    detail::copy_block(dense.rows(), dense.cols(), dense.data(), dense.rows(), at(index),
                       descriptor_.leading_dimension);
  }

  T* local_;
  const ScalapackDescriptor descriptor_;
  const ProcessGrid processes_;
  const Distribution distribution_;
  const int row_, col_;
  detail::Uses uses_;
  std::unique_ptr<std::atomic<bool>[]> taken_;
  std::vector<Tile> next_;
};

}  // namespace tile

/// A matrix in ScaLAPACK's block-cyclic layout, to be handed to a run of lp::mpi; see
/// lp::scalapack.
template <Scalar T>
class ScalapackMatrix {
 public:
  using element = T;

  ScalapackMatrix(T* local, const ScalapackDescriptor& descriptor, ProcessGrid grid, int process)
      : local_(local), descriptor_(descriptor), grid_(grid), process_(process) {}

  std::shared_ptr<tile::Store> store(int rank) const {
    return std::make_shared<tile::ScalapackStore<T>>(local_, descriptor_, grid_, process_, rank);
  }

 private:
  T* local_;
  ScalapackDescriptor descriptor_;
  ProcessGrid grid_;
  int process_;
};

/// This process's local array of a matrix of ScaLAPACK with its descriptor, on a grid that
/// blacs_gridinit made in row-major order ("R") of the ranks of the run; `process` is this rank.
/// Blocks are tiles. The array is read and written where it is, a tile at a time. Faults of the
/// descriptor throw input_error when the matrix is bound.
template <Scalar T>
ScalapackMatrix<T> scalapack(T* local, const ScalapackDescriptor& descriptor, ProcessGrid grid,
                             int process) {
  return {local, descriptor, grid, process};
}
template <Scalar T>
ScalapackMatrix<T> scalapack(T* local, const int (&descriptor)[9], ProcessGrid grid, int process) {
  return {local, ScalapackDescriptor::of(descriptor), grid, process};
}

/// A matrix of ScaLAPACK as an argument of a run: see bind.hpp.
template <Scalar T>
std::shared_ptr<tile::Store> bind(ScalapackMatrix<T> matrix, int rank) {
  return matrix.store(rank);
}

}  // namespace lambdapack
