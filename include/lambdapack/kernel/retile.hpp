// Tiles turned, and cut in another way.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>

#include "lambdapack/kernel/convert.hpp"
#include "lambdapack/kernel/detail/cholesky.hpp"
#include "lambdapack/kernel/options.hpp"

namespace lambdapack::kernel {

/// B := op(A) of one tile.
template <Scalar T>
void turn(out<T> b, in<T> a, Op op) {
  b.resize(op == Op::none ? a.rows() : a.cols(), op == Op::none ? a.cols() : a.rows());
  for (std::int64_t j = 0; j < a.cols(); ++j)
    for (std::int64_t i = 0; i < a.rows(); ++i) {
      const T x = a(i, j);
      if (op == Op::none)
        b(i, j) = x;
      else
        b(j, i) = op == Op::adjoint ? detail::conjugate(x) : x;
    }
}

/// How one dimension is cut, by sizes of tiles: those of A and those of B.
struct TwoCuts {
  std::int64_t from = 1;
  std::int64_t to = 1;

  std::int64_t common() const { return std::gcd(from, to); }
  /// The sizes in units of the largest that both have in common.
  std::int64_t from_units() const { return from / common(); }
  std::int64_t to_units() const { return to / common(); }
};

/// Puts what tile (r, c) of A and tile (i, j) of B have in common from the one into the other.
template <Scalar S, Scalar T>
struct Retile {
  TwoCuts down, across;

  void put(inout<T> b, in<S> a, std::int64_t i, std::int64_t j, std::int64_t r,
           std::int64_t c) const {
    // Where A's first row and column are in B's tile.
    const std::int64_t row = r * down.from - i * down.to, col = c * across.from - j * across.to;
    const std::int64_t end_row = std::min(b.rows(), row + a.rows());
    const std::int64_t end_col = std::min(b.cols(), col + a.cols());
    for (std::int64_t q = std::max<std::int64_t>(col, 0); q < end_col; ++q)
      for (std::int64_t p = std::max<std::int64_t>(row, 0); p < end_row; ++p)
        b(p, q) = detail::converted<T>(a(p - row, q - col));
  }
};

}  // namespace lambdapack::kernel
