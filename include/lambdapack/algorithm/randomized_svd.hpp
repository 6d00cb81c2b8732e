// The largest singular values of a matrix, and their vectors, by random samples of its columns:
// `auto [u, s, v, reports] = lp::randomized_svd(A, 20);`.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "lambdapack/algorithm/gemm.hpp"
#include "lambdapack/algorithm/svd.hpp"
#include "lambdapack/kernel/detail/gaussian.hpp"

namespace lambdapack {

/// How lp::randomized_svd goes about it: how many samples more than singular values are taken, how
/// often they go through A^H and A again, and what the random numbers begin with.
struct RandomizedSvdOptions {
  std::int64_t oversampling = 10;
  std::int64_t iterations = 2;
  std::uint64_t seed = 0;
};

namespace algorithm {

/// Orthonormal columns that span op(A) X: Q, an identity at first, becomes the Q of its QR. Source:
/// Halko, Martinsson and Tropp, "Finding structure with randomness: probabilistic algorithms for
/// constructing approximate matrix decompositions", 2011, algorithm 4.4.
template <Scalar T>
void range_of(In<T, 2> A, In<T, 2> X, InOut<T, 2> Q, Op op) {
  auto Y = temp<T, 2>("Y", extents(Q.extent(0), Q.extent(1)));
  auto F = temp<T, 2>("F", extents(Q.extent(0), Q.extent(1)));
  multiply<T>(A, X, Y, {.a_op = op});
  qr_flat<T>(Y, F);
  apply_q_flat<T>(Y, F, Q, true);
}

}  // namespace algorithm

namespace detail::orthogonal {

/// The tiles of A here: the result then does not depend on those that it is given in.
inline constexpr std::int64_t sample_tile = 256;

/// Orthonormal columns that span op(A) X, and nearly what the first singular vectors of A do.
template <Scalar T, Executor E>
TiledMatrix<T> range_of(const TiledMatrix<T>& a, const TiledMatrix<T>& x, Op op,
                        const E& executor) {
  auto q = matrix_of<T>(op == Op::none ? a.rows() : a.cols(), x.cols(), sample_tile, x.tile_cols(),
                        [](std::int64_t i, std::int64_t j) { return T(i == j ? 1 : 0); });
  run(executor, algorithm::range_of<T>, a, x, q, op);
  return q;
}

/// A B or A^H B, in tiles of A and B.
template <Scalar T, Executor E>
TiledMatrix<T> product_of(const TiledMatrix<T>& a, const TiledMatrix<T>& b, Op op,
                          const E& executor) {
  const bool plain = op == Op::none;
  TiledMatrix<T> c(plain ? a.rows() : a.cols(), b.cols(), plain ? a.tile_rows() : a.tile_cols(),
                   b.tile_cols());
  run(executor, algorithm::multiply<T>, a, b, c, kernel::Gemm<T>{.a_op = op});
  return c;
}

/// Throws input_error unless there are k singular values, and the options make sense.
inline void check_rank(std::int64_t k, std::int64_t most, const RandomizedSvdOptions& options) {
  if (k < 0 || k > most)
    throw input_error(text({"randomized_svd: ", k, " singular values are asked for, but A has ",
                            most, "; ask for 0 to ", most}));
  if (options.oversampling < 0 || options.iterations < 0)
    throw input_error(text({"randomized_svd: the oversampling is ", options.oversampling, " and ",
                            options.iterations,
                            " iterations are asked for, but neither can be below 0; pass 10 and 2, "
                            "for example"}));
}

}  // namespace detail::orthogonal

/// The k largest singular values of A, m x n of any shape and in any tiles, and their vectors: U is
/// m x k, V is n x k, A nearly U diag(s) V^H. The spectral norm of the difference is seldom more
/// than a little above the next singular value, the closer the more iterations. A is not changed.
/// The same bits for any tiles and executor; another seed, other random numbers. Throws input_error
/// if k is below 0 or above min(m, n), an option is below 0 or an element is no number, run_error
/// as lp::svd. Source: in algorithm::range_of.
template <algorithm::detail::Matrix M, Executor E = threads>
auto randomized_svd(M&& a, std::int64_t k, RandomizedSvdOptions options = {}, const E& given = {}) {
  using T = element_of_t<M>;
  namespace ours = detail::orthogonal;
  std::vector<exec::Report> reports;
  const auto executor = noting(reports, given);
  int exponent = 0;
  const auto look = [&] {
    auto taken = ours::taken(std::forward<M>(a));
    ours::check_rank(k, std::min(taken.rows(), taken.cols()), options);
    exponent = ours::scaling_of("randomized_svd", taken);
    return taken;
  };
  // Without a vector no run follows.
  auto matrix = k == 0 ? look() : detail::before_run(executor, look);
  const std::int64_t m = matrix.rows(), n = matrix.cols();
  const std::int64_t tile_rows = matrix.tile_rows(), tile_cols = matrix.tile_cols();
  ours::scale(matrix, exponent);
  if (k == 0)
    return Svd<T>{TiledMatrix<T>(m, 0, tile_rows, tile_cols),
                  {},
                  TiledMatrix<T>(n, 0, tile_cols, tile_cols),
                  {}};
  const auto A = ours::retiled(std::move(matrix), ours::sample_tile, ours::sample_tile);
  const std::int64_t samples = k + std::min(options.oversampling, std::min(m, n) - k);
  const kernel::detail::Gaussian<T> gaussian(options.seed);
  auto x = ours::matrix_of<T>(n, samples, ours::sample_tile, std::min(samples, ours::sample_tile),
                              [&](std::int64_t i, std::int64_t j) { return gaussian(i + j * n); });

  auto q = ours::range_of(A, x, Op::none, executor);
  for (std::int64_t iteration = 0; iteration < options.iterations; ++iteration) {
    x = ours::range_of(A, q, Op::adjoint, executor);
    q = ours::range_of(A, x, Op::none, executor);
  }
  auto small = svd(ours::product_of(A, q, Op::adjoint, executor), executor);
  auto& s = small.s;
  s.resize(static_cast<std::size_t>(k));
  for (auto& value : s) value = kernel::detail::scaled(value, -exponent);
  const auto u = ours::product_of(q, ours::head_of(small.v, samples, k, small.v.tile_rows()),
                                  Op::none, executor);
  return Svd<T>{ours::retiled(u, tile_rows, tile_cols), std::move(s),
                ours::retiled(ours::head_of(small.u, n, k, tile_cols), tile_cols, tile_cols),
                std::move(reports)};
}

}  // namespace lambdapack
