// LQ in one call: `auto f = lp::lq(A); f.apply_q(B); auto Q = lp::form_q(f);`.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

#include "lambdapack/algorithm/detail/matrices.hpp"
#include "lambdapack/algorithm/lq_programs.hpp"
#include "lambdapack/lambdapack.hpp"

namespace lambdapack {

/// A = L Q with Q as reflections, Q n x n. A value; made by lp::lq.
template <Scalar T>
class Lq {
 public:
  using element = T;

  /// Factors A, which is m x n in square tiles, or one row of tiles that are not higher than wide;
  /// in any tiles if m or n is 0. Throws input_error on other tiles.
  template <Executor E>
  Lq(TiledMatrix<T> a, const E& executor) : a_(std::move(a)) {
    detail::before_run(executor, [&] { check_tiles(a_); });
    const auto [m, n] = a_.extents();
    factors_ = TileArray<T>({m, n});
    report_ = run(executor, algorithm::lq_flat<T>, a_, factors_);
  }

  /// What the run of the factorization was.
  const exec::Report& report() const { return report_; }

  std::int64_t rows() const { return a_.rows(); }
  std::int64_t cols() const { return a_.cols(); }
  /// Columns of a tile that is not cut short.
  std::int64_t tile() const { return a_.tile_cols(); }

  /// L and the reflections right of it, as the program leaves them.
  const TiledMatrix<T>& tiles() const { return a_; }

  /// L, m x min(m, n), lower triangular; its diagonal is real and has any sign.
  TiledMatrix<T> l() const {
    const std::int64_t tile = a_.tile_rows();
    TiledMatrix<T> l(rows(), std::min(rows(), cols()), tile, tile);
    for (std::int64_t j = 0; j < l.extents()[1]; ++j)
      for (std::int64_t i = 0; i < l.extents()[0]; ++i) {
        tile::Dense<T>& to = l.tile(i, j);
        for (std::int64_t q = 0; q < to.cols(); ++q) {
          const std::int64_t column = j * tile + q;
          const std::int64_t above = std::clamp<std::int64_t>(column - i * tile, 0, to.rows());
          T* const numbers = to.data() + q * to.rows();
          std::fill_n(numbers, above, T{});
          detail::orthogonal::copy_of_column(a_, i * tile + above, to.rows() - above, column,
                                             numbers + above);
        }
      }
    return l;
  }

  /// C := Q C, or C := C Q from the right. C's rows (from the right, its columns) are in tiles as
  /// A's columns. Throws input_error if they are not. Source: ?unmlq.
  template <algorithm::detail::Matrix C, Executor E = threads>
  exec::Report apply_q(C&& c, Side side = Side::left, const E& executor = {}) const {
    detail::before_run(executor, [&] { check_fit("apply_q", c, side); });
    if (side == Side::left) return run(executor, algorithm::apply_lq<T>, a_, factors_, c);
    return run(executor, algorithm::apply_lq_right<T>, a_, factors_, c, false);
  }

  /// C := Q^H C, or C := C Q^H from the right; as apply_q otherwise.
  template <algorithm::detail::Matrix C, Executor E = threads>
  exec::Report apply_q_adjoint(C&& c, Side side = Side::left, const E& executor = {}) const {
    detail::before_run(executor, [&] { check_fit("apply_q_adjoint", c, side); });
    return run(
        executor,
        side == Side::left ? algorithm::apply_lq_adjoint<T> : algorithm::apply_lq_adjoint_right<T>,
        a_, factors_, c);
  }

  /// The first min(m, n) rows of Q.
  template <Executor E = threads>
  TiledMatrix<T> form_q(const E& executor = {}) const {
    auto q = detail::orthogonal::matrix_of<T>(
        std::min(rows(), cols()), cols(), a_.tile_rows(), tile(),
        [](std::int64_t i, std::int64_t j) { return i == j ? T(1) : T{}; });
    run(executor, algorithm::apply_lq_right<T>, a_, factors_, q, true);
    return q;
  }

 private:
  static void check_tiles(const TiledMatrix<T>& a) {
    const auto [m, n] = a.extents();
    const bool is_row = m == 1 && (n == 1 || a.tile_cols() >= a.rows());
    const bool is_empty = a.rows() == 0 || a.cols() == 0;
    if (a.tile_rows() != a.tile_cols() && !is_row && !is_empty)
      throw input_error(text({"lq: ", detail::orthogonal::described("A", a),
                              ", but it needs square tiles, or one row of tiles that are at least "
                              "as wide as A is high; cut rows and columns alike"}));
  }

  template <algorithm::detail::Matrix C>
  void check_fit(const char* call, C& c, Side side) const {
    detail::orthogonal::check_fit(call, "C", c, side, a_, true);
  }

  TiledMatrix<T> a_;
  TileArray<T> factors_;
  exec::Report report_;
};

/// A = L Q. A is m x n, of any shape, in square tiles: an lp::TiledMatrix (moved in with
/// std::move), lp::map(eigen), lp::npy or lp::zarr; it is not changed. Throws input_error on
/// other tiles. Sources: in algorithm/lq_programs.hpp.
template <algorithm::detail::Matrix M, Executor E = threads>
auto lq(M&& a, const E& executor = {}) {
  return Lq<element_of_t<M>>(
      detail::before_run(executor, [&] { return detail::orthogonal::taken(std::forward<M>(a)); }),
      executor);
}

/// The first min(m, n) rows of Q, min(m, n) x n.
template <Scalar T, Executor E = threads>
TiledMatrix<T> form_q(const Lq<T>& f, const E& executor = {}) {
  return f.form_q(executor);
}

}  // namespace lambdapack
