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

namespace detail::orthogonal {

/// One column of tiles gets trees, and several that are this many times as long as all are wide.
inline constexpr std::int64_t tall = 1000;

/// Whether trees of flat trees factor m x n tiles; a flat one does otherwise.
inline bool by_trees(std::int64_t m, std::int64_t n, QrOptions options) {
  return options.tree == QrTree::automatic ? n > 0 && m > options.domain && m > tall * n - tall
                                           : options.tree != QrTree::flat;
}

}  // namespace detail::orthogonal

/// A = Q R with Q as reflections, Q m x m. A value; made by lp::qr and lp::tsqr. M is what the
/// factors are kept in: lp::TiledMatrix, or lp::DistributedMatrix.
template <Scalar T, class M = TiledMatrix<T>>
class Qr {
 public:
  using element = T;

  /// Factors A, which is m x n in square tiles, or one column of tiles that are not wider than
  /// high; in any tiles if m or n is 0. Throws input_error on other tiles, and on a domain below 1.
  template <Executor E>
  Qr(M a, QrOptions options, const E& executor)
      : a_(std::move(a)),
        domain_(detail::before_run(executor, [&] { return domain_for("qr", a_, options); })),
        is_column_(domain_ > 0 && is_column(a_)),
        factors_(detail::orthogonal::factors_for(a_, is_column_)) {
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
  const M& tiles() const { return a_; }

  /// R, min(m, n) x n, upper triangular; its diagonal is real and has any sign.
  M r() const {
    const std::int64_t tile = a_.tile_cols();
    M r = detail::orthogonal::zeros_like(a_, std::min(rows(), cols()), cols(), tile, tile);
    detail::orthogonal::for_each_tile_here(r, [&](std::int64_t i, std::int64_t j) {
      if (i > j) return;
      const tile::Dense<T>& from = a_.tile(i, j);
      tile::Dense<T>& to = r.tile(i, j);
      for (std::int64_t q = 0; q < to.cols(); ++q)
        std::copy_n(from.data() + q * from.rows(), i < j ? to.rows() : std::min(q + 1, to.rows()),
                    to.data() + q * to.rows());
    });
    return r;
  }

  /// C := Q C, or C := C Q from the right. C's rows (from the right, its columns) are in tiles as
  /// A's rows. Throws input_error if they are not. Source: ?unmqr.
  template <algorithm::detail::Matrix C, Executor E = threads>
  exec::Report apply_q(C&& c, Side side = Side::left, const E& executor = {}) const {
    const bool left = side == Side::left;
    detail::before_run(executor,
                       [&] { detail::orthogonal::check_fit("apply_q", "C", c, side, a_); });
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
  template <algorithm::detail::Matrix C, Executor E = threads>
  exec::Report apply_q_adjoint(C&& c, Side side = Side::left, const E& executor = {}) const {
    const bool left = side == Side::left;
    detail::before_run(executor,
                       [&] { detail::orthogonal::check_fit("apply_q_adjoint", "C", c, side, a_); });
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
  M form_q(const E& executor = {}) const {
    const std::int64_t width = a_.tile_cols();
    M q = detail::orthogonal::zeros_like(a_, rows(), std::min(rows(), cols()), tile(), width);
    detail::orthogonal::for_each_tile_here(q, [&](std::int64_t i, std::int64_t j) {
      tile::Dense<T>& here = q.tile(i, j);
      for (std::int64_t c = 0; c < here.cols(); ++c)
        if (const std::int64_t r = j * width + c - i * tile(); r >= 0 && r < here.rows())
          here(r, c) = T(1);
    });
    if (is_column_ || domain_ > 0)
      apply_q(q, Side::left, executor);
    else
      run(executor, algorithm::apply_q_flat<T>, a_, factors_, q, true);
    return q;
  }

 protected:
  /// What factor(a, factors) makes of A, by a flat tree; `front` is for messages.
  template <Executor E, class Factor>
  Qr(M a, const char* front, const E& executor, const Factor& factor)
      : a_(std::move(a)),
        domain_(
            detail::before_run(executor, [&] { return domain_for(front, a_, {QrTree::flat}); })),
        factors_(detail::orthogonal::factors_for(a_, false)),
        report_(factor(a_, factors_)) {}

 private:
  static bool is_column(const M& a) {
    const auto [m, n] = a.extents();
    return n == 1 && (m == 1 || a.tile_rows() >= a.cols());
  }

  // The domain of the trees; 0 for one flat tree.
  static std::int64_t domain_for(const char* front, const M& a, QrOptions options) {
    const bool is_empty = a.rows() == 0 || a.cols() == 0;
    if (a.tile_rows() != a.tile_cols() && !is_column(a) && !is_empty)
      throw input_error(text({front, ": ", detail::orthogonal::described("A", a),
                              ", but it needs square tiles, or one column of tiles that are at "
                              "least as high as A is wide; cut rows and columns alike"}));
    if (options.domain < 1)
      throw input_error(text({front, ": the domain is ", options.domain,
                              ", but a flat tree is over 1 tile at least; pass 4, for example"}));
    if (is_empty) return 0;
    const auto [m, n] = a.extents();
    if (!detail::orthogonal::by_trees(m, n, options)) return 0;
    return options.tree == QrTree::binary ? 1 : options.domain;
  }

  M a_;
  std::int64_t domain_ = 0;
  bool is_column_ = false;
  decltype(detail::orthogonal::factors_for(std::declval<const M&>(), false)) factors_;
  exec::Report report_;
};

/// A = Q R. A is m x n, of any shape, in square tiles: an lp::TiledMatrix (moved in with
/// std::move), lp::map(eigen), lp::npy or lp::zarr; it is not changed. An lp::DistributedMatrix
/// is moved in, and all ranks call with lp::mpi as executor. Throws input_error on other tiles.
/// Sources: in algorithm/qr_programs.hpp.
template <algorithm::detail::Matrix M, Executor E = threads>
auto qr(M&& a, QrOptions options = {}, const E& executor = {}) {
  auto matrix =
      detail::before_run(executor, [&] { return detail::orthogonal::taken(std::forward<M>(a)); });
  return Qr<element_of_t<M>, decltype(matrix)>(std::move(matrix), options, executor);
}

/// The first min(m, n) columns of Q, m x min(m, n).
template <Scalar T, class M, Executor E = threads>
M form_q(const Qr<T, M>& f, const E& executor = {}) {
  return f.form_q(executor);
}

}  // namespace lambdapack
