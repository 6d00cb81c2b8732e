// QR of a tall and skinny matrix in one call: `auto f = lp::tsqr(A);`.
#pragma once

#include <utility>

#include "lambdapack/algorithm/qr.hpp"

namespace lambdapack {

/// A = Q R by a tree. A is m x n, one column of tiles that are at least as high as A is wide; it is
/// not changed. Throws input_error on other tiles. Source: in algorithm/tsqr_programs.hpp.
template <algorithm::detail::Matrix M, Executor E = threads>
auto tsqr(M&& a, QrOptions options = {}, const E& executor = {}) {
  if (options.tree == QrTree::automatic) options.tree = QrTree::flat_trees;
  auto matrix = detail::orthogonal::taken(std::forward<M>(a));
  if (matrix.cols() > matrix.tile_cols() ||
      (matrix.rows() > matrix.tile_rows() && matrix.cols() > matrix.tile_rows()))
    throw input_error(text({"tsqr: ", detail::orthogonal::described("A", matrix),
                            ", but it needs one column of tiles that are at least as high as A is "
                            "wide; cut it so, or call lp::qr"}));
  return Qr<element_of_t<M>, decltype(matrix)>(std::move(matrix), options, executor);
}

}  // namespace lambdapack
