// Shapes of matrices that a front is given, and the refusal of those that do not fit.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "lambdapack/codes.hpp"
#include "lambdapack/kernel/options.hpp"
#include "lambdapack/text.hpp"
#include "lambdapack/tile/array.hpp"
#include "lambdapack/tile/bind.hpp"
#include "lambdapack/tile/detail/cut.hpp"
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

using tile::detail::Cut;

/// A matrix that a front was given, by its name in the front. Of one in a store of the user's own
/// nothing is known, and only the kernels check its tiles.
struct Operand {
  std::string name;
  std::string text;
  Cut down, across;

  const Cut& rows(Op op = Op::none) const { return op == Op::none ? down : across; }
  const Cut& cols(Op op = Op::none) const { return op == Op::none ? across : down; }

  /// Whether the tiles on the diagonal are square, but for the last one where the rows or the
  /// columns end.
  bool has_square_tiles() const {
    const std::int64_t m = down.tiles(), n = across.tiles();
    for (std::int64_t k = 0; k < std::min(m, n); ++k) {
      const std::int64_t rows = down[k], cols = across[k];
      if (rows == cols || rows < 0 || cols < 0) continue;
      if (k + 1 < (rows < cols ? m : n)) return false;
    }
    return true;
  }
};

/// How a dimension of `count` tiles is cut, size_of(k) each.
template <class Size>
Cut cut_of(std::int64_t count, const Size& size_of) {
  std::vector<std::int64_t> sizes(static_cast<std::size_t>(count));
  for (std::int64_t k = 0; k < count; ++k) sizes[static_cast<std::size_t>(k)] = size_of(k);
  return Cut(std::move(sizes));
}

template <Matrix M>
Operand operand(std::string name, M& matrix) {
  const std::shared_ptr<tile::Store> store = bind(matrix, 2);
  Operand result{std::move(name), store->describe(), {}, {}};
  using T = element_of_t<M>;
  if (const auto* dense = dynamic_cast<const tile::detail::GridStore<T>*>(store.get())) {
    const tile::detail::Grid& grid = dense->grid();
    result.down = cut_of(grid.tiles_down(), [&](std::int64_t i) { return grid.rows_at(i); });
    result.across = cut_of(grid.tiles_across(), [&](std::int64_t j) { return grid.cols_at(j); });
  } else if (const auto* array =
                 dynamic_cast<const tile::ArrayStore<tile::Dense<T>>*>(store.get())) {
    const auto cuts = array->cuts();
    result.down = cuts[0];
    result.across = cuts[1];
    result.text += " of " + result.down.text() + " rows and " + result.across.text() + " columns";
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

/// A matrix that must be square, for a front.
template <Matrix M>
Operand square_operand(const char* front, std::string name, M& matrix) {
  Operand result = operand(std::move(name), matrix);
  require_square(front, result);
  return result;
}

/// Throws input_error unless the matrix is cut into square tiles of one size.
inline void require_square_tiles(const char* front, const Operand& a) {
  if (a.has_square_tiles() && a.rows().is_even() && a.cols().is_even()) return;
  throw input_error(text({"lambdapack: ", front, ": ", a.name, " is ", a.text,
                          ", but its tiles must be square, of one size but for the last; cut its "
                          "rows and its columns alike"}),
                    codes::shape_mismatch);
}

}  // namespace lambdapack::algorithm::detail
