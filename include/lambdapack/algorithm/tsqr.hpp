// QR of a tall and skinny matrix in one call: `auto f = lp::tsqr(A);`.
#pragma once

#include <utility>

#include "lambdapack/algorithm/qr.hpp"

namespace lambdapack {

/// A = Q R by a tree. A is m x n, one column of tiles that are at least as high as A is wide (any
/// tiles if m or n is 0); it is not changed. Throws input_error on other tiles. Source: in
/// algorithm/tsqr_programs.hpp.
template <algorithm::detail::Matrix M, Executor E = threads>
auto tsqr(M&& a, QrOptions options = {}, const E& executor = {}) {
  if (options.tree == QrTree::automatic) options.tree = QrTree::flat_trees;
  auto matrix = detail::before_run(executor, [&] {
    auto taken = detail::orthogonal::taken(std::forward<M>(a));
    if (taken.rows() > 0 &&
        (taken.cols() > taken.tile_cols() ||
         (taken.rows() > taken.tile_rows() && taken.cols() > taken.tile_rows())))
      throw input_error(text({"tsqr: ", detail::orthogonal::described("A", taken),
                              ", but it needs one column of tiles that are at least as high as A "
                              "is wide; cut it so, or call lp::qr"}));
    return taken;
  });
  return Qr<element_of_t<M>, decltype(matrix)>(std::move(matrix), options, executor);
}

}  // namespace lambdapack
