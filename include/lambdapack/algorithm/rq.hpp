// RQ in one call: `auto f = lp::rq(A); f.apply_q(B); auto Q = lp::form_q(f);`.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

#include "lambdapack/algorithm/lq.hpp"

namespace lambdapack {

namespace detail::orthogonal {

/// A with its rows, its columns or both in reverse order, in tiles of tile_rows x tile_cols.
template <Scalar T>
TiledMatrix<T> reversed(const TiledMatrix<T>& a, bool rows, bool cols, std::int64_t tile_rows,
                        std::int64_t tile_cols) {
  const tile::Dense<T> dense = a.to_dense();
  const std::int64_t m = a.rows(), n = a.cols();
  return matrix_of<T>(m, n, tile_rows, tile_cols, [&](std::int64_t i, std::int64_t j) {
    return dense(rows ? m - 1 - i : i, cols ? n - 1 - j : j);
  });
}

}  // namespace detail::orthogonal

/// A = R Q with Q as reflections, Q n x n. A value; made by lp::rq. It is the LQ of A with its rows
/// and columns in reverse order, so that tiles begin where R's diagonal ends.
template <Scalar T>
class Rq {
 public:
  using element = T;

  /// Factors A, m x n in any tiles.
  template <Executor E>
  Rq(const TiledMatrix<T>& a, const E& executor)
      : tile_rows_(a.tile_rows()),
        tile_cols_(a.tile_cols()),
        f_(detail::orthogonal::reversed(a, true, true, largest(a), largest(a)), executor) {}

  /// What the run of the factorization was.
  const exec::Report& report() const { return f_.report(); }

  std::int64_t rows() const { return f_.rows(); }
  std::int64_t cols() const { return f_.cols(); }

  /// R, m x min(m, n), upper triangular: its last rows are if A has more rows than columns. Its
  /// diagonal, which ends in the lower right corner, is real and has any sign.
  TiledMatrix<T> r() const {
    return detail::orthogonal::reversed(f_.l(), true, true, tile_rows_, tile_cols_);
  }

  /// C := Q C, or C := C Q from the right. Throws input_error unless C has n rows (from the right,
  /// n columns). Source: ?unmrq.
  template <Executor E = threads>
  exec::Report apply_q(TiledMatrix<T>& c, Side side = Side::left, const E& executor = {}) const {
    return apply("apply_q", c, side, executor,
                 [&](TiledMatrix<T>& turned) { return f_.apply_q(turned, side, executor); });
  }

  /// C := Q^H C, or C := C Q^H from the right; as apply_q otherwise.
  template <Executor E = threads>
  exec::Report apply_q_adjoint(TiledMatrix<T>& c, Side side = Side::left,
                               const E& executor = {}) const {
    return apply("apply_q_adjoint", c, side, executor, [&](TiledMatrix<T>& turned) {
      return f_.apply_q_adjoint(turned, side, executor);
    });
  }

  /// The last min(m, n) rows of Q.
  template <Executor E = threads>
  TiledMatrix<T> form_q(const E& executor = {}) const {
    return detail::orthogonal::reversed(f_.form_q(executor), true, true, tile_rows_, tile_cols_);
  }

 private:
  static std::int64_t largest(const TiledMatrix<T>& a) {
    return std::max(a.tile_rows(), a.tile_cols());
  }

  template <class E, class Apply>
  exec::Report apply(const char* call, TiledMatrix<T>& c, Side side, const E& executor,
                     const Apply& use) const {
    const bool left = side == Side::left;
    detail::before_run(executor, [&] {
      if ((left ? c.rows() : c.cols()) != cols())
        throw input_error(text({call, ": ", detail::orthogonal::described("C", c),
                                ", but it needs ", cols(), left ? " rows" : " columns",
                                ", one for each column of the matrix that is factored"}),
                          codes::shape_mismatch);
    });
    const auto turn = [&](const TiledMatrix<T>& a, std::int64_t rows, std::int64_t cols) {
      return detail::orthogonal::reversed(a, left, !left, rows, cols);
    };
    TiledMatrix<T> turned =
        turn(c, left ? f_.tile() : c.tile_rows(), left ? c.tile_cols() : f_.tile());
    exec::Report report = use(turned);
    c = turn(turned, c.tile_rows(), c.tile_cols());
    return report;
  }

  std::int64_t tile_rows_, tile_cols_;
  Lq<T> f_;
};

/// A = R Q. A is m x n, of any shape and in any tiles: an lp::TiledMatrix, lp::map(eigen),
/// lp::npy or lp::zarr; it is not changed. Source: ?gerqf, by algorithm::lq_flat.
template <algorithm::detail::Matrix M, Executor E = threads>
auto rq(M&& a, const E& executor = {}) {
  return Rq<element_of_t<M>>(
      detail::before_run(executor, [&] { return detail::orthogonal::taken(std::forward<M>(a)); }),
      executor);
}

/// The last min(m, n) rows of Q, min(m, n) x n.
template <Scalar T, Executor E = threads>
TiledMatrix<T> form_q(const Rq<T>& f, const E& executor = {}) {
  return f.form_q(executor);
}

}  // namespace lambdapack
