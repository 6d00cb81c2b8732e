// Which rank owns a tile: functions of the tile's indices, that know nothing of messages.
#pragma once

#include <climits>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/form/code.hpp"
#include "lambdapack/text.hpp"
#include "lambdapack/tile/store.hpp"

namespace lambdapack {

/// Ranks in rows and columns: rank = row * cols + column, as ScaLAPACK's row-major grids.
struct ProcessGrid {
  int rows = 1;
  int cols = 1;

  int size() const { return rows * cols; }

  /// The grid of all `ranks` that is nearest to square, not higher than wide. Throws input_error if
  /// there is no rank.
  static ProcessGrid of(int ranks) {
    if (ranks < 1)
      throw input_error(
          text({"lambdapack: there is no process grid of ", ranks, " ranks; give it at least 1"}));
    ProcessGrid grid{1, ranks};
    for (int p = 2; p * p <= ranks; ++p)
      if (ranks % p == 0) grid = {p, ranks / p};
    return grid;
  }

  bool operator==(const ProcessGrid&) const = default;
};

/// One dimension of an array dealt out in blocks, in turn, to `count` groups of ranks: a tile whose
/// index there is x belongs to group (x / block + first) mod count, which adds group * stride to
/// its rank.
struct CyclicAxis {
  std::size_t dimension = 0;
  std::int64_t block = 1;
  int count = 1;
  int stride = 1;
  int first = 0;

  /// The group of an index, which may be negative.
  int group(std::int64_t index) const {
    const std::int64_t turn = form::floor_div(index, block) + first;
    return static_cast<int>(turn - form::floor_div(turn, count) * count);
  }

  /// How far it is from `index` to the nearest index of `wanted`, going up, or down; 0 if it is
  /// there.
  std::int64_t distance(std::int64_t index, int wanted, bool up) const {
    const int here = group(index);
    if (here == wanted) return 0;
    const std::int64_t inside = index - form::floor_div(index, block) * block;
    const std::int64_t blocks =
        up ? (wanted - here + count) % count : (here - wanted + count) % count;
    return up ? blocks * block - inside : inside + 1 + (blocks - 1) * block;
  }

  bool operator==(const CyclicAxis&) const = default;
};

/// How a 2D block-cyclic distribution goes about it. Blocks are counted in tiles.
struct BlockCyclic {
  std::size_t row_dimension = 0;  ///< the dimension that is dealt out to rows of ranks
  std::size_t col_dimension = 1;  ///< and to columns of ranks
  std::int64_t row_block = 1;
  std::int64_t col_block = 1;
  int first_row = 0;  ///< the row of ranks that owns the first block
  int first_col = 0;
};

/// Where the tiles of an array live: a pure function from indices to a rank, the same on every
/// rank. A value; copies share the user's function, if there is one.
class Distribution {
 public:
  /// In place of a rank: every rank has the tile.
  static constexpr int everywhere = -1;

  /// Every tile on rank 0.
  Distribution() = default;

  /// 2D block-cyclic over two dimensions, any p x q. Throws input_error on an empty grid, a block
  /// below 1, or a first rank that is not in the grid.
  static Distribution block_cyclic(ProcessGrid grid, BlockCyclic how = {}) {
    if (grid.rows < 1 || grid.cols < 1 || how.row_block < 1 || how.col_block < 1 ||
        how.first_row < 0 || how.first_row >= grid.rows || how.first_col < 0 ||
        how.first_col >= grid.cols || how.row_dimension == how.col_dimension ||
        std::int64_t{grid.rows} * grid.cols > INT_MAX)
      throw input_error(
          text({"lambdapack: a block-cyclic distribution over ", grid.rows, " x ", grid.cols,
                " ranks in blocks of ", how.row_block, " x ", how.col_block, " tiles from rank (",
                how.first_row, ", ", how.first_col, ") on, over dimensions ",
                static_cast<std::int64_t>(how.row_dimension), " and ",
                static_cast<std::int64_t>(how.col_dimension),
                ", is not possible; give it a grid and blocks of at least 1 x 1, a first rank in "
                "the grid and two different dimensions"}));
    Distribution d;
    d.axes_ = {{how.row_dimension, how.row_block, grid.rows, grid.cols, how.first_row},
               {how.col_dimension, how.col_block, grid.cols, 1, how.first_col}};
    return d;
  }

  /// Blocks of `block` tiles along one dimension, dealt out in turn. Throws input_error if there is
  /// no rank or a block is empty.
  static Distribution cyclic(int ranks, std::size_t dimension = 0, std::int64_t block = 1) {
    if (ranks < 1 || block < 1)
      throw input_error(
          text({"lambdapack: a cyclic distribution over ", ranks, " ranks in blocks of ", block,
                " tiles is not possible; give it at least 1 of each"}));
    Distribution d;
    d.axes_ = {{dimension, block, ranks, 1, 0}};
    return d;
  }

  /// Every tile on one rank. Throws input_error if that is negative.
  static Distribution on(int rank) {
    if (rank < 0)
      throw input_error(text(
          {"lambdapack: there is no rank ", rank, " to keep an array on; ranks count from 0"}));
    Distribution d;
    d.base_ = rank;
    return d;
  }

  /// By a function of the tile's indices, which must answer the same on every rank, from any
  /// thread. To list what a rank owns takes a time proportional to the whole array.
  static Distribution by(std::function<int(tile::Index)> owner) {
    if (!owner)
      throw input_error(
          "lambdapack: a distribution was given an empty function; give it one that "
          "returns the rank of a tile");
    Distribution d;
    d.function_ = std::make_shared<const std::function<int(tile::Index)>>(std::move(owner));
    return d;
  }

  /// All of it on every rank.
  static Distribution replicated() {
    Distribution d;
    d.base_ = everywhere;
    return d;
  }

  /// That of the tiles along one dimension, as dimension 0, where the other indices are 0. Only of
  /// one that is no function.
  Distribution along(std::size_t dimension) const {
    Distribution d;
    d.base_ = base_;
    for (CyclicAxis axis : axes_) {
      if (axis.dimension != dimension) {
        d.base_ += axis.group(0) * axis.stride;
        continue;
      }
      axis.dimension = 0;
      d.axes_.push_back(axis);
    }
    return d;
  }

  /// What an array of this rank gets unless told otherwise: 2D block-cyclic over its last two
  /// dimensions on the nearest grid to a square; cyclic if it has one dimension; else rank 0.
  static Distribution standard(std::size_t rank, ProcessGrid grid) {
    if (rank == 0) return on(0);
    if (rank == 1) return cyclic(grid.size());
    return block_cyclic(grid, {.row_dimension = rank - 2, .col_dimension = rank - 1});
  }

  /// The rank that owns the tile, or `everywhere`.
  int owner(tile::Index index) const {
    if (function_) return (*function_)(index);
    int rank = base_;
    for (const CyclicAxis& axis : axes_) rank += axis.group(index[axis.dimension]) * axis.stride;
    return rank;
  }

  bool is_replicated() const { return base_ == everywhere; }
  /// Whether the owners are known only tile by tile.
  bool is_function() const { return function_ != nullptr; }
  /// The dimensions that are dealt out; none for a function, or where one rank has all.
  const std::vector<CyclicAxis>& axes() const { return axes_; }

  /// Which group of an axis a rank belongs to; -1 for a rank that owns nothing.
  int group_of(std::size_t axis, int rank) const {
    int rest = rank - base_, group = -1;
    for (std::size_t a = 0; a < axes_.size(); ++a) {
      const int g = rest / axes_[a].stride;
      if (rest < 0 || g >= axes_[a].count) return -1;
      if (a == axis) group = g;
      rest -= g * axes_[a].stride;
    }
    return rest == 0 ? group : -1;
  }

  /// Calls f(number) with numbers that tell it from others, but for functions.
  template <class F>
  void for_each_number(F&& f) const {
    f(std::int64_t{base_});
    f(std::int64_t{is_function()});
    for (const CyclicAxis& axis : axes_) {
      f(static_cast<std::int64_t>(axis.dimension));
      f(axis.block);
      f(std::int64_t{axis.count});
      f(std::int64_t{axis.stride});
      f(std::int64_t{axis.first});
    }
  }

  /// One more than the highest rank that can own a tile; 0 where only the tiles tell.
  int ranks() const {
    if (function_ || is_replicated()) return 0;
    int most = base_;
    for (const CyclicAxis& axis : axes_) most += (axis.count - 1) * axis.stride;
    return most + 1;
  }

  /// One more than the highest dimension that it looks at.
  std::size_t dimensions() const {
    std::size_t n = 0;
    for (const CyclicAxis& axis : axes_) n = axis.dimension + 1 > n ? axis.dimension + 1 : n;
    return n;
  }

 private:
  int base_ = 0;
  std::vector<CyclicAxis> axes_;
  std::shared_ptr<const std::function<int(tile::Index)>> function_;
};

}  // namespace lambdapack
