// Shapes of matrices that a front is given, and the refusal of those that do not fit.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "lambdapack/codes.hpp"
#include "lambdapack/kernel/options.hpp"
#include "lambdapack/text.hpp"
#include "lambdapack/tile/bind.hpp"
#include "lambdapack/tile/detail/grid_store.hpp"

namespace lambdapack::algorithm::detail {

/// A bindable whose elements are numbers.
template <class M>
concept Matrix = Bindable<M> && Scalar<element_of_t<M>>;

template <class M>
struct scalar {
  using type = double;
};
template <Matrix M>
struct scalar<M> {
  using type = element_of_t<M>;
};

/// The element type of a matrix; double for what is none, so that a front can name its options
/// before it is ruled out.
template <class M>
using scalar_of = typename scalar<M>::type;

/// One dimension of a matrix: its size and how it is cut. Where one tile holds all of it, the
/// tile's nominal size does not matter. Below zero, nobody knows.
struct Cut {
  std::int64_t size = -1;
  std::int64_t tile = -1;

  bool fits(const Cut& other) const {
    return size < 0 || other.size < 0 || (size == other.size && tile == other.tile);
  }
};

/// A matrix that a front was given, by its name in the front. Of one in a store of the user's own
/// nothing is known, and only the kernels check its tiles.
struct Operand {
  std::string name;
  std::string text;
  Cut down, across;
  bool square_tiles = true;

  Cut rows(Op op = Op::none) const { return op == Op::none ? down : across; }
  Cut cols(Op op = Op::none) const { return op == Op::none ? across : down; }
};

template <Matrix M>
Operand operand(std::string name, M& matrix) {
  const std::shared_ptr<tile::Store> store = bind(matrix, 2);
  Operand result{std::move(name), store->describe(), {}, {}, true};
  using Dense = tile::detail::GridStore<element_of_t<M>>;
  if (const auto* dense = dynamic_cast<const Dense*>(store.get())) {
    const tile::detail::Grid& grid = dense->grid();
    result.down = {grid.rows, std::min(grid.rows, grid.tile_rows)};
    result.across = {grid.cols, std::min(grid.cols, grid.tile_cols)};
    // Where one tile holds a whole dimension it may be as long as the other one's.
    const bool one_down = grid.rows <= grid.tile_rows, one_across = grid.cols <= grid.tile_cols;
    result.square_tiles = grid.tile_rows == grid.tile_cols || (one_down && one_across) ||
                          (one_down && grid.rows <= grid.tile_cols) ||
                          (one_across && grid.cols <= grid.tile_rows);
  }
  return result;
}

/// Throws input_error unless two matrices fit.
inline void require_fit(bool fit, const char* front, const Operand& a, const Operand& b,
                        const char* expected) {
  if (fit) return;
  throw input_error(text({"lambdapack: ", front, ": ", a.name, " is ", a.text, " and ", b.name,
                          " is ", b.text, ", but ", expected,
                          ", cut into the same tiles; check the shapes, the options and the order "
                          "of the arguments"}),
                    codes::shape_mismatch);
}

/// Throws input_error unless the matrix is square, and its tiles are.
inline void require_square(const char* front, const Operand& a) {
  if (a.rows().fits(a.cols())) return;
  throw input_error(text({"lambdapack: ", front, ": ", a.name, " is ", a.text,
                          ", but it must be square, in square tiles; pass a square matrix, and one "
                          "tile size for its rows and columns"}),
                    codes::shape_mismatch);
}

/// Throws input_error unless the matrix is cut into square tiles.
inline void require_square_tiles(const char* front, const Operand& a) {
  if (a.square_tiles) return;
  throw input_error(text({"lambdapack: ", front, ": ", a.name, " is ", a.text,
                          ", but its tiles must be square; cut its rows and its columns alike"}),
                    codes::shape_mismatch);
}

}  // namespace lambdapack::algorithm::detail
