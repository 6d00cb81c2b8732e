// The tiles of matrices, arrays and Eigen's matrices, where they are.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include "lambdapack/codes.hpp"
#include "lambdapack/plain/detail/holder.hpp"
#include "lambdapack/text.hpp"
#include "lambdapack/tile/array.hpp"
#include "lambdapack/tile/detail/grid.hpp"
#include "lambdapack/tile/eigen.hpp"
#include "lambdapack/tile/matrix.hpp"

namespace lambdapack::plain {

/// A holder of read-only data gives nothing to be changed: such an object converts to a const
/// lp::Tiles only.
[[noreturn]] inline void refuse_change(const std::string& what) {
  throw input_error(
      text({"lambdapack: ", what,
            " is const and cannot be written; pass one that is "
            "not const, and take it as a const lp::Tiles<T>& where it is only read"}));
}

/// The tiles of a dense matrix that is cut by a grid; rank 2 are its tiles, rank 1 its one column
/// or row of tiles, rank 0 its one tile.
template <Scalar T>
class GridHolder : public Holder<tile::Dense<T>> {
  using P = tile::Dense<T>;

 public:
  std::int64_t extent(int dimension) const final {
    const tile::detail::Grid g = grid();
    if (rank_ == 2) return dimension == 0 ? g.tiles_down() : g.tiles_across();
    return rank_ == 1 ? g.tiles_down() * g.tiles_across() : 1;
  }

  P blank(const Indices& index) const final {
    const auto [rows, cols] = shape_at(index);
    return P(rows, cols);
  }

  void fit(const Indices& index, P& payload) final {
    const auto [rows, cols] = shape_at(index);
    if (payload.rows() == rows && payload.cols() == cols) return;
    const std::int64_t found[] = {payload.rows(), payload.cols()};
    payload = P::zeros(rows, cols);
    if (found[0] == 0 && found[1] == 0) return;
    throw input_error(text({"lambdapack: a kernel made tile ", tile::to_string(index), " of ",
                            this->describe(), " ", found[0], " x ", found[1], "; expected ", rows,
                            " x ", cols, ": check what the kernel writes"}),
                      codes::shape_mismatch);
  }

 protected:
  explicit GridHolder(int rank) : rank_(rank) {}

  virtual tile::detail::Grid grid() const = 0;

  /// Row and column of a tile, in tiles.
  std::array<std::int64_t, 2> place(const Indices& index) const {
    if (rank_ == 2) return {index[0], index[1]};
    if (rank_ == 0) return {0, 0};
    return grid().tiles_across() == 1 ? std::array{index[0], std::int64_t{0}}
                                      : std::array{std::int64_t{0}, index[0]};
  }

  int rank() const { return rank_; }

 private:
  std::array<std::int64_t, 2> shape_at(const Indices& index) const {
    const tile::detail::Grid g = grid();
    const auto [i, j] = place(index);
    return {g.rows_at(i), g.cols_at(j)};
  }

  int rank_;
};

/// The tiles of a TiledMatrix, or of a const one.
template <class Matrix>
class MatrixHolder final : public GridHolder<typename Matrix::element> {
  using P = tile::Dense<typename Matrix::element>;

 public:
  MatrixHolder(Matrix& matrix, int rank)
      : GridHolder<typename Matrix::element>(rank), matrix_(matrix) {}

  std::string describe() const override { return matrix_.store(this->rank())->describe(); }

  const P& look(const Indices& index) override {
    const auto [i, j] = this->place(index);
    return std::as_const(matrix_).tile(i, j);
  }
  P& update(const Indices& index) override {
    const auto [i, j] = this->place(index);
    if constexpr (std::is_const_v<Matrix>)
      refuse_change(describe());
    else
      return matrix_.tile(i, j);
  }
  void put(const Indices& index, P payload) override { update(index) = std::move(payload); }

 private:
  tile::detail::Grid grid() const override {
    return {matrix_.rows(), matrix_.cols(), matrix_.tile_rows(), matrix_.tile_cols()};
  }

  Matrix& matrix_;
};

/// The tiles of a TileArray of this rank, or of a const one.
template <class Array, int Rank>
class ArrayHolder final : public Holder<typename Array::payload> {
  using P = typename Array::payload;

 public:
  explicit ArrayHolder(Array& array) : array_(array) {}

  std::int64_t extent(int d) const override {
    return array_.extents()[static_cast<std::size_t>(d)];
  }
  std::string describe() const override { return array_.store(Rank)->describe(); }

  const P& look(const Indices& index) override { return at(std::as_const(array_), index); }
  P& update(const Indices& index) override {
    if constexpr (std::is_const_v<Array>)
      refuse_change(describe());
    else
      return at(array_, index);
  }
  P blank(const Indices&) const override { return P(); }
  void put(const Indices& index, P payload) override { update(index) = std::move(payload); }

 private:
  template <class A>
  static auto& at(A& array, const Indices& index) {
    return [&]<std::size_t... K>(std::index_sequence<K...>) -> auto& {
      return array(index[K]...);
    }(std::make_index_sequence<static_cast<std::size_t>(Rank)>{});
  }

  Array& array_;
};

/// The tiles of a matrix of Eigen: copied out when a call begins to use one, and in, if it was
/// changed, when the call has ended.
template <EigenDense M>
class EigenHolder final : public GridHolder<typename std::remove_const_t<M>::Scalar> {
  using T = typename std::remove_const_t<M>::Scalar;
  using P = tile::Dense<T>;
  static constexpr bool read_only = tile::EigenStore<M>::read_only;

 public:
  EigenHolder(const EigenTiles<M>& tiles, int rank) : GridHolder<T>(rank), tiles_(tiles) {}

  std::string describe() const override { return tiles_.store(this->rank())->describe(); }

  const P& look(const Indices& index) override { return copy_of(index).payload; }
  P& update(const Indices& index) override {
    if constexpr (read_only) refuse_change(describe());
    Copy& copy = copy_of(index);
    copy.changed = true;
    return copy.payload;
  }
  void put(const Indices& index, P payload) override { update(index) = std::move(payload); }

  void unused(const Indices& index) noexcept override {
    const auto found = copies_.find(index);
    if (found == copies_.end()) return;
    if constexpr (!read_only)
      if (found->second.changed) {
        const auto [i, j] = this->place(index);
        tiles_.put(i, j, found->second.payload);
      }
    copies_.erase(found);
  }

 private:
  struct Copy {
    P payload;
    bool changed = false;
  };

  tile::detail::Grid grid() const override { return tiles_.grid(); }

  Copy& copy_of(const Indices& index) {
    const auto found = copies_.find(index);
    if (found != copies_.end()) return found->second;
    const auto [i, j] = this->place(index);
    return copies_.emplace(index, Copy{tiles_.get(i, j)}).first->second;
  }

  EigenTiles<M> tiles_;
  std::unordered_map<Indices, Copy, IndexHash> copies_;
};

/// The holder of an object that converts to an lp::Tiles of this rank.
template <int Rank, Scalar T>
auto hold(TiledMatrix<T>& matrix) {
  return std::make_unique<MatrixHolder<TiledMatrix<T>>>(matrix, Rank);
}
template <int Rank, Scalar T>
auto hold(const TiledMatrix<T>& matrix) {
  return std::make_unique<MatrixHolder<const TiledMatrix<T>>>(matrix, Rank);
}
template <int Rank, Element P>
auto hold(TileArray<P>& array) {
  return std::make_unique<ArrayHolder<TileArray<P>, Rank>>(array);
}
template <int Rank, Element P>
auto hold(const TileArray<P>& array) {
  return std::make_unique<ArrayHolder<const TileArray<P>, Rank>>(array);
}
template <int Rank, EigenDense M>
auto hold(const EigenTiles<M>& tiles) {
  return std::make_unique<EigenHolder<M>>(tiles, Rank);
}

}  // namespace lambdapack::plain
