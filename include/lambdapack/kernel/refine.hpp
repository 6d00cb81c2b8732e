// The stopping test of iterative refinement, tile by tile.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

#include "lambdapack/kernel/detail/lu.hpp"
#include "lambdapack/kernel/norm.hpp"

namespace lambdapack::kernel {

/// Whether X solves A X = B as well as LAPACK's ?sgesv and ?sposv ask: in each column the largest
/// element of R = B - A X is at most that of X, times ||A||, eps and the root of n.
template <Scalar T>
struct RefinementTest {
  using R = real_t<T>;

  /// A column of tiles: for each column of it, the largest element of X, that of R, and the number
  /// of rows, over tiles from i = 0 on.
  void measure(inout<R> sizes, in<T> x, in<T> r, std::int64_t i) const {
    if (i == 0) *sizes = tile::Dense<R>::zeros(3, x.cols());
    for (std::int64_t j = 0; j < x.cols(); ++j) {
      for (std::int64_t p = 0; p < x.rows(); ++p) {
        sizes(0, j) = detail::larger(detail::pivot_size(x(p, j)), sizes(0, j));
        sizes(1, j) = detail::larger(detail::pivot_size(r(p, j)), sizes(1, j));
      }
      sizes(2, j) += static_cast<R>(x.rows());
    }
  }

  /// Nothing is known yet.
  void start(out<R> state) const { *state = tile::Dense<R>::zeros(3, 1); }

  /// After step t: whether to stop, t, and whether X is good. A number that is not finite never
  /// becomes good.
  void judge(inout<R> state, in_list<R> sizes, in<R> norm, std::int64_t t) const {
    bool good = true, finite = true;
    for (std::size_t k = 0; k < sizes.size(); ++k)
      for (std::int64_t j = 0; j < sizes[k].cols(); ++j) {
        const R x = sizes[k](0, j), r = sizes[k](1, j);
        constexpr R eps = std::numeric_limits<R>::epsilon() / 2;
        good = good && r <= x * norm(0, 0) * eps * std::sqrt(sizes[k](2, j));
        finite = finite && std::isfinite(x) && std::isfinite(r);
      }
    state(0, 0) = good || !finite;
    state(1, 0) = static_cast<R>(t);
    state(2, 0) = good && finite;
  }
};

}  // namespace lambdapack::kernel
