// What the stores of matrices have in common: rank, extents, shapes, checks.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/tile/dense.hpp"
#include "lambdapack/tile/detail/grid.hpp"
#include "lambdapack/tile/detail/message.hpp"
#include "lambdapack/tile/store.hpp"

namespace lambdapack::tile::detail {

/// Position of a tile in a matrix.
struct Place {
  std::int64_t i = 0;
  std::int64_t j = 0;
};

/// A store of the dense tiles of a matrix, seen as an array of rank 2 (its grid of tiles), rank 1
/// (its one column or one row of tiles) or rank 0 (its one tile).
template <Scalar T>
class GridStore : public Store {
 public:
  GridStore(const GridStore&) = delete;
  GridStore& operator=(const GridStore&) = delete;

  const Grid& grid() const { return grid_; }
  const std::vector<std::int64_t>& extents() const final { return extents_; }
  const PayloadType& payload() const final { return payload_type<Dense<T>>(); }
  std::string describe() const final { return grid_.describe(name_, scalar_name<T>()); }

  Tile blank(Index index) override {
    const Place at = place(index);
    return Tile::make(Dense<T>(grid_.rows_at(at.i), grid_.cols_at(at.j)));
  }

  Tile zero(Index index) final { return Tile::make(zeros(index)); }

  Origin origin(Index index) const final {
    const Place at = place(index);
    return {grid_.first_row(at.i), grid_.first_col(at.j)};
  }

 protected:
  GridStore(std::string name, const Grid& grid, int rank)
      : name_(std::move(name)), grid_(grid), extents_(extents_for(rank)) {}

  const std::string& name() const { return name_; }

  /// Where the tile is in the matrix. Throws input_error if there is none.
  Place place(Index index) const {
    Place at;
    if (index.size() == extents_.size()) {
      if (index.size() == 2) at = {index[0], index[1]};
      if (index.size() == 1) at = along_row_ ? Place{0, index[0]} : Place{index[0], 0};
      if (grid_.has(at.i, at.j)) return at;
    }
    refuse({describe(), " has no tile ", to_string(index), " when bound with extents ",
            to_string(extents_), "; indices count from 0"});
  }

  /// The payload of a tile that belongs at `index`. Throws input_error on a wrong type or shape.
  const Dense<T>& checked(Index index, const Tile& tile) const {
    const Place at = place(index);
    const std::int64_t rows = grid_.rows_at(at.i), cols = grid_.cols_at(at.j);
    if (!tile) refuse_tile(index, "missing");
    if (!(tile.type() == payload())) refuse_tile(index, "of type " + tile.type().name);
    const Dense<T>& dense = tile.get<Dense<T>>();
    if (dense.rows() != rows || dense.cols() != cols)
      refuse_tile(index, shape_text(dense.rows(), dense.cols()));
    return dense;
  }

  /// What `save` stores for a tile: zeros for an empty one, else the tile, checked as above.
  Tile in_shape(Index index, Tile tile) const {
    if (tile && tile.type() == payload()) {
      const Dense<T>& dense = std::as_const(tile).template get<Dense<T>>();
      if (dense.rows() == 0 && dense.cols() == 0) return Tile::make(zeros(index));
    }
    checked(index, tile);
    return tile;
  }

 private:
  Dense<T> zeros(Index index) const {
    const Place at = place(index);
    return Dense<T>::zeros(grid_.rows_at(at.i), grid_.cols_at(at.j));
  }

  [[noreturn]] void refuse_tile(Index index, const std::string& found) const {
    const Place at = place(index);
    refuse({"tile ", to_string(index), " of ", describe(), " is ", found, "; expected ",
            shape_text(grid_.rows_at(at.i), grid_.cols_at(at.j)), " ", payload().name,
            ": check what the kernel writes"});
  }

  std::vector<std::int64_t> extents_for(int rank) {
    const std::int64_t down = grid_.tiles_down(), across = grid_.tiles_across();
    if (rank == 2) return {down, across};
    if (rank == 1 && across == 1) return {down};
    if (rank == 1 && (down == 1 || down * across == 0)) {
      along_row_ = true;
      return {down * across};
    }
    if (rank == 0 && down == 1 && across == 1) return {};
    if (rank < 0 || rank > 2)
      refuse({describe(), " is a matrix and cannot be bound as an array of rank ", rank,
              "; expected 0, 1 or 2: use a TileArray instead"});
    refuse({describe(), " has ", shape_text(down, across),
            " tiles and cannot be bound as an array of rank ", rank, ", which takes ",
            rank == 1 ? "one column or one row of tiles" : "exactly one tile", "; give it ",
            rank == 1 ? "wider (or taller)" : "larger", " tiles, or check the arguments' order"});
  }

  std::string name_;
  Grid grid_;
  bool along_row_ = false;
  std::vector<std::int64_t> extents_;
};

}  // namespace lambdapack::tile::detail
