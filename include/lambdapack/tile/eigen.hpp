// Matrices of Eigen as arrays of a run, without including Eigen.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "lambdapack/codes.hpp"
#include "lambdapack/error.hpp"
#include "lambdapack/text.hpp"
#include "lambdapack/tile/dense.hpp"
#include "lambdapack/tile/detail/block.hpp"
#include "lambdapack/tile/detail/grid_store.hpp"
#include "lambdapack/tile/detail/hash.hpp"
#include "lambdapack/tile/detail/message.hpp"
#include "lambdapack/tile/detail/regions.hpp"
#include "lambdapack/tile/detail/uses.hpp"
#include "lambdapack/tile/detail/views.hpp"
#include "lambdapack/tile/store.hpp"

namespace lambdapack {

/// A matrix with Eigen's dense interface: Eigen::MatrixXd, a Map, Ref or Block of one, or another
/// type with Scalar, rows(), cols(), data() and outerStride().
///
/// Accepted: `Eigen::MatrixXd`, `const Eigen::MatrixXcf`. Rejected: `decltype(A + B)` (it has no
/// data), `Eigen::MatrixXi` (no such tiles).
template <class M>
concept EigenDense = Scalar<typename std::remove_const_t<M>::Scalar> && requires(M& m) {
  { m.rows() } -> std::convertible_to<std::int64_t>;
  { m.cols() } -> std::convertible_to<std::int64_t>;
  { m.outerStride() } -> std::convertible_to<std::int64_t>;
  { *m.data() } -> std::convertible_to<typename std::remove_const_t<M>::Scalar>;
};

namespace tile {

namespace detail {

/// Whether an object takes its elements along when it goes.
template <class Tile>
inline constexpr bool owns_elements = false;
template <Scalar T>
inline constexpr bool owns_elements<Dense<T>> = true;

/// Whether M's elements lie row by row. A matrix type of one row counts as a row of columns.
template <class M>
constexpr bool is_row_major() {
  if constexpr (requires {
                  M::IsRowMajor;
                  M::RowsAtCompileTime;
                })
    return M::IsRowMajor && M::RowsAtCompileTime != 1;
  else if constexpr (requires { M::IsRowMajor; })
    return M::IsRowMajor;
  else
    return false;
}

/// Distance between neighbours in a column of m, and in a row of m.
template <class M>
std::int64_t row_step(const M& m) {
  if constexpr (requires {
                  M::IsRowMajor;
                  m.innerStride();
                })
    return M::IsRowMajor ? 1 : m.innerStride();
  else if constexpr (requires { m.innerStride(); })
    return m.innerStride();
  else
    return 1;
}
template <class M>
std::int64_t col_step(const M& m) {
  if constexpr (requires {
                  M::IsRowMajor;
                  m.innerStride();
                })
    return M::IsRowMajor ? m.innerStride() : m.outerStride();
  else
    return m.outerStride();
}

/// A copy of the tile of a matrix that begins at this place of a grid.
template <class M>
auto copy_out(const M& m, const Grid& grid, Place at) {
  using T = std::remove_const_t<typename M::Scalar>;
  Dense<T> dense(grid.rows_at(at.i), grid.cols_at(at.j));
  const std::int64_t ld = col_step(m);
  copy_block<T>(dense.rows(), dense.cols(),
                m.data() + grid.first_row(at.i) + grid.first_col(at.j) * ld, ld, dense.data(),
                dense.rows());
  return dense;
}

/// The way back.
template <class M, class T>
void copy_in(const Dense<T>& dense, M& m, const Grid& grid, Place at) {
  const std::int64_t ld = col_step(m);
  copy_block<T>(dense.rows(), dense.cols(), dense.data(), dense.rows(),
                m.data() + grid.first_row(at.i) + grid.first_col(at.j) * ld, ld);
}

}  // namespace detail

/// A matrix of Eigen as an array of a run: tiles are copied out when they are loaded, and the saved
/// ones are copied in when the run ends well. A run that fails leaves the matrix as it was. Memory
/// that a run writes no other can use, also through another view of it.
template <EigenDense M>
class EigenStore final : public detail::GridStore<typename std::remove_const_t<M>::Scalar> {
 public:
  using T = typename std::remove_const_t<M>::Scalar;
  static constexpr bool read_only =
      std::is_const_v<std::remove_pointer_t<decltype(std::declval<M&>().data())>>;

  /// Throws input_error if the rank does not fit, or the columns are not contiguous.
  EigenStore(M& matrix, std::int64_t tile_rows, std::int64_t tile_cols, int rank)
      : detail::GridStore<T>("an Eigen matrix",
                             detail::make_grid(static_cast<std::int64_t>(matrix.rows()),
                                               static_cast<std::int64_t>(matrix.cols()), tile_rows,
                                               tile_cols, sizeof(T)),
                             rank),
        matrix_(matrix) {
    if (detail::row_step(matrix) != 1)
      detail::refuse({this->describe(), " has ", detail::row_step(matrix),
                      " elements from one row to the next; expected 1: pass a copy of it"});
  }

  void begin(Use use) override {
    if (use != Use::read && read_only)
      detail::refuse(
          {this->describe(), " is const and cannot be written; pass one that is not const"});
    uses_.begin(use, *this, [&] {
      require_same_shape();
      auto claim = detail::Regions::claim(region(), use != Use::read);
      if (!claim) detail::refuse_in_use(*this);
      if (use != Use::read) next_.resize(this->grid().tile_count());
      claim_ = std::move(claim);
    });
  }

  std::uint64_t stamp() const override {
    detail::Hash hash;
    detail::for_each_tile(this->extents(), [&](Index index) {
      const Dense<T> tile = detail::copy_out(matrix_, this->grid(), this->place(index));
      hash.add(tile.data(), tile.size() * sizeof(T));
    });
    return hash.value();
  }

  Tile load(Index index) override {
    return Tile::make(detail::copy_out(matrix_, this->grid(), this->place(index)));
  }

  void save(Index index, Tile tile) override {
    tile = this->in_shape(index, std::move(tile));
    if (next_.empty())
      detail::contradict(
          {"a tile of ", this->describe(), " was saved outside of a run that writes it"});
    const detail::Place at = this->place(index);
    next_[this->grid().place(at.i, at.j)] = std::move(tile);
  }

  /// Saved tiles lie beside the matrix until the run ends well.
  std::int64_t memory_to_come() const override {
    return next_.empty() ? 0 : detail::byte_count(this->grid().rows, this->grid().cols, sizeof(T));
  }

  void commit() override {
    require_same_shape();
    if constexpr (!read_only) put_back();
    leave();
  }

  void abandon(const std::string&) noexcept override { leave(); }

 private:
  void leave() noexcept {
    uses_.end([&] {
      next_.clear();
      claim_.reset();
    });
  }

  detail::Region region() const {
    constexpr auto size = static_cast<std::int64_t>(sizeof(T));
    return {matrix_.data(), this->grid().rows * size, this->grid().cols,
            detail::col_step(matrix_) * size};
  }

  void put_back() {
    if (next_.empty()) return;
    for (std::int64_t j = 0; j < this->grid().tiles_across(); ++j)
      for (std::int64_t i = 0; i < this->grid().tiles_down(); ++i)
        if (const Tile& tile = next_[this->grid().place(i, j)])
          detail::copy_in(tile.template get<Dense<T>>(), matrix_, this->grid(), {i, j});
  }

  void require_same_shape() const {
    const auto rows = static_cast<std::int64_t>(matrix_.rows());
    const auto cols = static_cast<std::int64_t>(matrix_.cols());
    if (rows != this->grid().rows || cols != this->grid().cols)
      detail::refuse({this->describe(), " has become ", detail::shape_text(rows, cols),
                      " since it was given to a run; do not resize it before the run has ended"});
  }

  M& matrix_;
  detail::Uses uses_;
  std::unique_ptr<detail::Regions::Claim> claim_;  // others may see the same memory
  std::vector<Tile> next_;
};

}  // namespace tile

/// A reference to a matrix of Eigen with a tile size; see lp::map.
template <EigenDense M>
class EigenTiles {
 public:
  using element = typename std::remove_const_t<M>::Scalar;
  static constexpr bool read_only = tile::EigenStore<M>::read_only;

  EigenTiles(M& matrix, std::int64_t tile_rows, std::int64_t tile_cols)
      : matrix_(&matrix), tile_rows_(tile_rows), tile_cols_(tile_cols) {}

  std::shared_ptr<tile::Store> store(int rank) const {
    return std::make_shared<tile::EigenStore<M>>(*matrix_, tile_rows_, tile_cols_, rank);
  }

  /// How the matrix is cut. Throws input_error if the tile is smaller than 1 x 1.
  tile::detail::Grid grid() const {
    return tile::detail::make_grid(static_cast<std::int64_t>(matrix_->rows()),
                                   static_cast<std::int64_t>(matrix_->cols()), tile_rows_,
                                   tile_cols_, sizeof(element));
  }
  /// A copy of tile (i, j), and the way back.
  tile::Dense<element> get(std::int64_t i, std::int64_t j) const {
    return tile::detail::copy_out(*matrix_, grid(), {i, j});
  }
  void put(std::int64_t i, std::int64_t j, const tile::Dense<element>& dense) const
      requires(!read_only) {
    tile::detail::copy_in(dense, *matrix_, grid(), {i, j});
  }

  /// The matrix as an argument of an ordinary function that works on its tiles in place
  /// (plain/tiles.hpp). Throws input_error if it cannot be bound with that rank.
  template <int Rank>
  requires(!read_only) operator Tiles<element, Rank>&() const {
    return views_.template get<Tiles<element, Rank>>(*this);
  }
  template <int Rank>
  requires(read_only) operator const Tiles<element, Rank>&() const {
    return views_.template get<Tiles<element, Rank>>(*this);
  }
  template <int Rank>
  requires(!read_only) operator OutTiles<element, Rank>&() const {
    return views_.template get<OutTiles<element, Rank>>(*this);
  }

 private:
  M* matrix_;
  std::int64_t tile_rows_;
  std::int64_t tile_cols_;
  tile::detail::Views views_;
};

/// A matrix of Eigen as an array of tile_rows x tile_cols tiles: `gemm(lp::map(A, 256), ...)`. It
/// is not copied, but for tiles while tasks use them. The matrix must outlive the run, and keep its
/// shape; a failed run leaves it as it was. A const one can only be read. Throws input_error when
/// it is bound if the tile is smaller than 1 x 1, and when a run begins that writes elements which
/// another run, or another argument, uses.
template <class M>
auto map(M& matrix, std::int64_t tile_rows, std::int64_t tile_cols) {
  static_assert(EigenDense<M>,
                "lambdapack: lp::map takes a dense matrix of float, double or a complex of them "
                "with Eigen's rows(), cols(), data() and outerStride(); for an expression, assign "
                "it to a matrix first");
  static_assert(!tile::detail::is_row_major<std::remove_const_t<M>>(),
                "lambdapack: lp::map takes column-major matrices only, and this one is "
                "row-major; copy it into an Eigen::Matrix without Eigen::RowMajor");
  if constexpr (EigenDense<M>) return EigenTiles<M>(matrix, tile_rows, tile_cols);
}
template <class M>
auto map(M& matrix, std::int64_t tile) {
  return lambdapack::map(matrix, tile, tile);
}

/// A temporary would be gone before the run begins.
template <class M, class... Tile>
requires(!std::is_lvalue_reference_v<M> && sizeof...(Tile) > 0) void map(M&&, Tile...) {
  static_assert(std::is_lvalue_reference_v<M>,
                "lambdapack: lp::map takes a matrix that outlives the run, and this one is a "
                "temporary; give it a name first");
}

/// A tile as a matrix of Eigen, without a copy: `lp::map<Eigen::MatrixXd>(tile)` is an Eigen::Map
/// of an lp::tile::Dense<double>, or of a kernel's lp::in, lp::inout or lp::out; it can be written
/// if the tile can. It is a view, for as long as the tile is there and keeps its shape.
template <class M, class Tile>
requires requires(Tile& tile) {
  tile.rows();
  tile.cols();
  tile.data();
}
auto map(Tile&& tile) {
  static_assert(
      std::is_lvalue_reference_v<Tile> || !tile::detail::owns_elements<std::remove_cvref_t<Tile>>,
      "lambdapack: lp::map shows a tile that outlives the view, and this one is a "
      "temporary; give it a name first");
  static_assert(!tile::detail::is_row_major<M>(),
                "lambdapack: tiles are column-major, and this type of matrices is row-major; name "
                "an Eigen::Matrix without Eigen::RowMajor");
  static_assert(std::same_as<typename M::Scalar, std::remove_cvref_t<decltype(*tile.data())>>,
                "lambdapack: lp::map shows a tile as it is; name a type of matrices with the "
                "tile's element type, such as Eigen::MatrixXd for double");
  return M::Map(tile.data(), tile.rows(), tile.cols());
}

/// A matrix of Eigen with the elements of an lp::TiledMatrix: `lp::to_eigen<Eigen::MatrixXd>(R)`. A
/// copy, for tiles are pieces of memory of their own. Throws input_error if the matrix is
/// incomplete, or M's size is another one.
template <class M, class Tiled>
M to_eigen(const Tiled& matrix) {
  static_assert(!tile::detail::is_row_major<M>(),
                "lambdapack: lp::to_eigen makes column-major matrices only, and this type is "
                "row-major; name an Eigen::Matrix without Eigen::RowMajor");
  static_assert(std::same_as<typename M::Scalar, typename Tiled::element>,
                "lambdapack: lp::to_eigen does not convert; name a type of matrices with the "
                "element type of the TiledMatrix, and cast the result");
  constexpr auto fits = [](auto size, std::int64_t extent) { return size < 0 || size == extent; };
  if (!fits(M::RowsAtCompileTime, matrix.rows()) || !fits(M::ColsAtCompileTime, matrix.cols()))
    throw input_error(text({"to_eigen: the matrix is ", matrix.rows(), " x ", matrix.cols(),
                            ", but the type that was named is of another size; name one that fits, "
                            "such as Eigen::MatrixXd"}),
                      codes::shape_mismatch);
  M result(matrix.rows(), matrix.cols());
  matrix.copy_to(result.data(), result.outerStride());
  return result;
}

/// An Eigen matrix as an argument of a run: see bind.hpp.
template <EigenDense M>
std::shared_ptr<tile::Store> bind(EigenTiles<M> tiles, int rank) {
  return tiles.store(rank);
}

}  // namespace lambdapack
