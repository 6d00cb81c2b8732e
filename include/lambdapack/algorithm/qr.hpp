// QR in one call: `auto f = lp::qr(A); f.apply_q_adjoint(B); auto Q = lp::form_q(f);`.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "lambdapack/algorithm/detail/matrices.hpp"
#include "lambdapack/algorithm/qr_programs.hpp"
#include "lambdapack/algorithm/tsqr_programs.hpp"
#include "lambdapack/lambdapack.hpp"

namespace lambdapack {

/// In which order the tiles of a column are eliminated; see docs/algorithms-orthogonal.md.
enum class QrTree {
  automatic,   ///< by shape: flat, and flat_trees where A is far taller than wide
  flat,        ///< one after the other: the fastest where there are several columns of tiles
  binary,      ///< two by two
  flat_trees,  ///< flat within domains, and those two by two
};

/// How lp::qr goes about it. `domain` is how many tiles a flat tree of flat_trees is over.
struct QrOptions {
  QrTree tree = QrTree::automatic;
  std::int64_t domain = 4;
};

/// A = Q R with Q as reflections, Q m x m. A value; made by lp::qr and lp::tsqr.
template <Scalar T>
class Qr {
 public:
  using element = T;

  /// Factors A, which is m x n in square tiles, or one column of tiles that are not wider than
  /// high. Throws input_error on other tiles, and on a domain below 1.
  template <Executor E>
  Qr(TiledMatrix<T> a, QrOptions options, const E& executor) : a_(std::move(a)) {
    choose(options);
    const auto [m, n] = a_.extents();
    factors_ = TileArray<T>(is_column_ ? std::vector{m} : std::vector{m, n});
    if (is_column_)
      report_ = run(executor, algorithm::tsqr<T>, a_, factors_, domain_);
    else if (domain_ > 0)
      report_ = run(executor, algorithm::qr_tree<T>, a_, factors_, domain_);
    else
      report_ = run(executor, algorithm::qr_flat<T>, a_, factors_);
  }

  /// What the run of the factorization was.
  const exec::Report& report() const { return report_; }

  std::int64_t rows() const { return a_.rows(); }
  std::int64_t cols() const { return a_.cols(); }
  /// Rows of a tile that is not cut short.
  std::int64_t tile() const { return a_.tile_rows(); }

  /// R and the reflections below it, as the programs leave them.
  const TiledMatrix<T>& tiles() const { return a_; }

  /// R, min(m, n) x n, upper triangular; its diagonal is real and has any sign.
  TiledMatrix<T> r() const {
    const std::int64_t tile = a_.tile_cols();
    TiledMatrix<T> r(std::min(rows(), cols()), cols(), tile, tile);
    for (std::int64_t j = 0; j < r.extents()[1]; ++j)
      for (std::int64_t i = 0; i <= std::min(j, r.extents()[0] - 1); ++i) {
        const tile::Dense<T>& from = a_.tile(i, j);
        tile::Dense<T>& to = r.tile(i, j);
        for (std::int64_t q = 0; q < to.cols(); ++q)
          std::copy_n(from.data() + q * from.rows(), i < j ? to.rows() : std::min(q + 1, to.rows()),
                      to.data() + q * to.rows());
      }
    return r;
  }

  /// C := Q C, or C := C Q from the right. C's rows (from the right, its columns) are in tiles as
  /// A's rows. Throws input_error if they are not. Source: ?unmqr.
  template <algorithm::detail::Matrix M, Executor E = threads>
  exec::Report apply_q(M&& c, Side side = Side::left, const E& executor = {}) const {
    const bool left = side == Side::left;
    detail::orthogonal::check_fit("apply_q", "C", c, side, a_);
    if (is_column_)
      return run(executor, left ? algorithm::apply_q_tsqr<T> : algorithm::apply_q_right_tsqr<T>, a_,
                 factors_, c, domain_);
    if (domain_ > 0)
      return run(executor, left ? algorithm::apply_q_tree<T> : algorithm::apply_q_right_tree<T>, a_,
                 factors_, c, domain_);
    if (left) return run(executor, algorithm::apply_q_flat<T>, a_, factors_, c, false);
    return run(executor, algorithm::apply_q_right_flat<T>, a_, factors_, c);
  }

  /// C := Q^H C, or C := C Q^H from the right; as apply_q otherwise.
  template <algorithm::detail::Matrix M, Executor E = threads>
  exec::Report apply_q_adjoint(M&& c, Side side = Side::left, const E& executor = {}) const {
    const bool left = side == Side::left;
    detail::orthogonal::check_fit("apply_q_adjoint", "C", c, side, a_);
    if (is_column_)
      return run(
          executor,
          left ? algorithm::apply_q_adjoint_tsqr<T> : algorithm::apply_q_adjoint_right_tsqr<T>, a_,
          factors_, c, domain_);
    if (domain_ > 0)
      return run(
          executor,
          left ? algorithm::apply_q_adjoint_tree<T> : algorithm::apply_q_adjoint_right_tree<T>, a_,
          factors_, c, domain_);
    return run(executor,
               left ? algorithm::apply_q_adjoint_flat<T> : algorithm::apply_q_adjoint_right_flat<T>,
               a_, factors_, c);
  }

  /// The first min(m, n) columns of Q.
  template <Executor E = threads>
  TiledMatrix<T> form_q(const E& executor = {}) const {
    auto q = detail::orthogonal::matrix_of<T>(
        rows(), std::min(rows(), cols()), tile(), a_.tile_cols(),
        [](std::int64_t i, std::int64_t j) { return T(i == j ? 1 : 0); });
    if (is_column_ || domain_ > 0)
      apply_q(q, Side::left, executor);
    else
      run(executor, algorithm::apply_q_flat<T>, a_, factors_, q, true);
    return q;
  }

 private:
  /// One column of tiles gets trees, and several that are this many times as long as all are wide.
  static constexpr std::int64_t tall = 1000;

  void choose(QrOptions options) {
    const auto [m, n] = a_.extents();
    const bool column = n == 1 && (m == 1 || a_.tile_rows() >= a_.cols());
    if (a_.tile_rows() != a_.tile_cols() && !column)
      throw input_error(text({"qr: ", detail::orthogonal::described("A", a_),
                              ", but it needs square tiles, or one column of tiles that are at "
                              "least as high as A is wide; cut rows and columns alike"}));
    if (options.domain < 1)
      throw input_error(text({"qr: the domain is ", options.domain,
                              ", but a flat tree is over 1 tile at least; pass 4, for example"}));
    const bool trees = options.tree == QrTree::automatic
                           ? n > 0 && m > options.domain && m > tall * n - tall
                           : options.tree != QrTree::flat;
    if (trees) domain_ = options.tree == QrTree::binary ? 1 : options.domain;
    is_column_ = trees && column;
  }

  TiledMatrix<T> a_;
  TileArray<T> factors_;
  std::int64_t domain_ = 0;
  bool is_column_ = false;
  exec::Report report_;
};

/// A = Q R. A is m x n, of any shape, in square tiles: an lp::TiledMatrix (moved in with
/// std::move), lp::tiled(eigen), lp::npy or lp::zarr; it is not changed. Throws input_error on
/// other tiles. Sources: in algorithm/qr_programs.hpp.
template <algorithm::detail::Matrix M, Executor E = threads>
auto qr(M&& a, QrOptions options = {}, const E& executor = {}) {
  return Qr<element_of_t<M>>(detail::orthogonal::taken(std::forward<M>(a)), options, executor);
}

/// The first min(m, n) columns of Q, m x min(m, n).
template <Scalar T, Executor E = threads>
TiledMatrix<T> form_q(const Qr<T>& f, const E& executor = {}) {
  return f.form_q(executor);
}

}  // namespace lambdapack
