// QR with column pivoting in one call: `auto f = lp::qr_pivoted(A); f.columns(); f.rank();`.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "lambdapack/algorithm/qr.hpp"
#include "lambdapack/algorithm/qr_pivoted_programs.hpp"

namespace lambdapack {

namespace detail::orthogonal {

/// 0, 1, 2 ... as the row of qr_pivoted: a base, to be there before the factorization.
struct Order {
  explicit Order(std::int64_t count) : row(std::vector<std::int64_t>{}) {
    row() = tile::Dense<double>(1, count);
    for (std::int64_t j = 0; j < count; ++j) row().data()[j] = static_cast<double>(j);
  }
  TileArray<double> row;
};

}  // namespace detail::orthogonal

/// A P = Q R with Q as reflections, Q m x m, and R's diagonal falling in magnitude within a column
/// of tiles, and hardly ever rising from one to the next, so that it shows A's rank. A value; made
/// by lp::qr_pivoted. Q and R are those of an lp::Qr of A P.
template <Scalar T>
class QrPivoted : private detail::orthogonal::Order, public Qr<T> {
 public:
  /// Factors A, which is m x n in square tiles, or one column of tiles that are not wider than
  /// high; in any tiles if m or n is 0. Throws input_error on other tiles.
  template <Executor E>
  QrPivoted(TiledMatrix<T> a, const E& executor)
      : Order(a.cols()),
        Qr<T>(std::move(a), "qr_pivoted", executor,
              [&](TiledMatrix<T>& matrix, TileArray<T>& factors) {
                return run(executor, algorithm::qr_pivoted<T>, matrix, factors, row);
              }) {
    const tile::Dense<double>& numbers = row();
    for (std::int64_t j = 0; j < this->cols(); ++j)
      columns_.push_back(static_cast<std::int64_t>(numbers(0, j)));
  }

  /// The permutation: column j of A P is column columns()[j] of A, from 0.
  const std::vector<std::int64_t>& columns() const { return columns_; }

  /// How many elements of R's diagonal are larger than `tolerance` times the largest one. Throws
  /// input_error if the tolerance is negative or no number, or one of the elements is no number.
  std::int64_t rank(real_t<T> tolerance) const {
    if (!(tolerance >= 0))
      throw input_error(
          "qr_pivoted: the tolerance of a rank is negative or no number; pass one from 0 on, such "
          "as 1e-10, or none");
    const TiledMatrix<T>& r = this->tiles();
    const std::int64_t count = std::min(r.rows(), r.cols());
    real_t<T> largest = 0;
    for (std::int64_t i = 0; i < count; ++i) {
      largest = std::max(largest, std::abs(r(i, i)));
      if (std::isnan(std::abs(r(i, i))))
        throw input_error(text({"qr_pivoted: R(", i, ", ", i,
                                ") is no number, so that R shows no rank; look for what is not "
                                "finite in the matrix that was factored"}));
    }
    std::int64_t rank = 0;
    for (std::int64_t i = 0; i < count; ++i) rank += std::abs(r(i, i)) > tolerance * largest;
    return rank;
  }
  /// The same with what rounding makes of zeros: eps times the larger side of A.
  std::int64_t rank() const {
    return rank(static_cast<real_t<T>>(std::max(this->rows(), this->cols())) *
                std::numeric_limits<real_t<T>>::epsilon());
  }

 private:
  std::vector<std::int64_t> columns_;
};

/// A P = Q R, with the columns of A in an order that makes R's diagonal show A's rank. A is m x n,
/// of any shape, in square tiles: an lp::TiledMatrix (moved in with std::move), lp::map(eigen),
/// lp::npy or lp::zarr; it is not changed. Throws input_error on other tiles. Source: in
/// algorithm/qr_pivoted_programs.hpp.
template <algorithm::detail::Matrix M, Executor E = threads>
auto qr_pivoted(M&& a, const E& executor = {}) {
  return QrPivoted<element_of_t<M>>(
      detail::before_run(executor, [&] { return detail::orthogonal::taken(std::forward<M>(a)); }),
      executor);
}

}  // namespace lambdapack
