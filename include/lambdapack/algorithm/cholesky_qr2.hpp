// QR of a tall matrix by products and Cholesky factorizations: `auto [Q, R, reports] =
// lp::cholesky_qr2(A);`.
#pragma once

#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "lambdapack/algorithm/cholesky.hpp"
#include "lambdapack/algorithm/detail/matrices.hpp"
#include "lambdapack/algorithm/detail/scaling.hpp"
#include "lambdapack/exec/noting.hpp"
#include "lambdapack/lambdapack.hpp"

namespace lambdapack {

namespace algorithm {

/// A round of Cholesky-QR: A^H A = L L^H and A := A L^-H. L is n x n tiles, of zeros at first; its
/// sums are made side by side, of `domain` tiles of A each, and then added up. Source: Fukaya,
/// Nakatsukasa, Yanagisawa and Yamamoto, "CholeskyQR2: a simple and communication-avoiding
/// algorithm for computing a tall-skinny QR factorization on a large-scale parallel system", 2014.
template <Scalar T>
void cholesky_qr(InOut<T, 2> A, InOut<T, 2> L, std::int64_t domain) {
  const kernel::Syrk<T> product{Part::lower, Op::adjoint, T(1), T(0), true};
  const auto start = make_kernel(
      "herk",
      [product](out<T> c, in<T> a, in<T> b, std::int64_t i, std::int64_t j) {
        *c = tile::Dense<T>::zeros(a.cols(), b.cols());
        product(inout<T>(&*c), a, b, i, j);
      },
      "", kernel::operations::gram);
  const auto next = make_kernel("herk", product.added(), "", kernel::operations::syrk);
  const auto m = A.extent(0), n = A.extent(1);
  auto sums = temp<T, 3>("sums");

  for (auto i : range(n))
    for (auto j : range(i + 1))
      for (auto d : range(0, m, domain)) {
        sums(i, j, d) = start(A(d, i), A(d, j), i, j);
        for (auto k : range(d + 1, d + domain))
          if (auto there = when(k < m)) sums(i, j, d) += next(A(k, i), A(k, j), i, j);
        L(i, j) += add(sums(i, j, d));
      }
  cholesky<T>(L);
  trsm<T>(L, A, {.side = Side::right, .op = Op::adjoint});
}

/// R := (L M)^H, what two rounds have taken out of A. L and M are lower triangular.
template <Scalar T>
void cholesky_qr_r(In<T, 2> L, In<T, 2> M, Out<T, 2> R) {
  R.unwritten(zero);
  const kernel::Gemm<T> product{Op::adjoint, Op::adjoint};
  const auto start = make_kernel(
      "gemm", [product](out<T> c, in<T> a, in<T> b) { product.assign(c, a, b); }, "",
      kernel::operations::gemm);
  const auto next = make_kernel("gemm", product.added(), "", kernel::operations::gemm);
  for (auto i : range(R.extent(0)))
    for (auto j : range(i + 1)) {
      R(j, i) = start(M(j, j), L(i, j));
      for (auto k : range(j + 1, i + 1)) R(j, i) += next(M(k, j), L(i, k));
    }
}

}  // namespace algorithm

/// A = Q R: Q is m x n with orthonormal columns, R is n x n, upper triangular, its diagonal
/// positive.
template <Scalar T>
struct CholeskyQr {
  TiledMatrix<T> q, r;
  /// What its runs were, one after the other.
  std::vector<exec::Report> reports;
};

namespace detail {

/// Tiles of a column whose products are added up by one task after the other.
inline constexpr std::int64_t gram_domain = 16;

template <class R>
std::string too_dependent(std::int64_t column) {
  return text({"lambdapack: cholesky_qr2: the first ", column,
               " columns of A are linearly dependent, or too close to it for this method: the "
               "condition of A may be up to about ",
               std::same_as<R, float> ? "10^3" : "10^7",
               " with elements of this type; call lp::tsqr or lp::qr, which take any"});
}

/// A round of Cholesky-QR. Throws factorization_error, with the column from 1, where the product is
/// not positive definite.
template <Scalar T, class E>
void cholesky_qr_round(TiledMatrix<T>& a, TiledMatrix<T>& l, const E& executor) {
  try {
    run(executor, algorithm::cholesky_qr<T>, a, l, gram_domain);
  } catch (const run_error& error) {
    with_nested<block_not_positive_definite>(error, [&](const auto& fault) {
      const std::int64_t column = fault.block() * l.tile_rows() + fault.row() + 1;
      std::throw_with_nested(factorization_error(too_dependent<real_t<T>>(column), column));
    });
    throw;
  }
}

/// Throws factorization_error, with the column from 1, unless L of the second round is so near to
/// the identity that the columns that it made orthonormal were well conditioned.
template <Scalar T>
void require_near_identity(const TiledMatrix<T>& l) {
  using R = real_t<T>;
  R squares = 0;
  for (std::int64_t j = 0; j < l.cols(); ++j) {
    for (std::int64_t i = j; i < l.rows(); ++i) squares += std::norm(l(i, j) - T(i == j ? 1 : 0));
    if (!(squares <= R(0.25))) throw factorization_error(too_dependent<R>(j + 1), j + 1);
  }
}

}  // namespace detail

/// A = Q R by Cholesky-QR2, for A with at least as many rows as columns, in any tiles, whose
/// condition is not above about 1 / sqrt(eps). All of the work is in products, and sums of n x n
/// numbers are all that tasks have to wait for together. A is not changed. Throws
/// factorization_error with the number of a column, from 1, where the condition is too large;
/// input_error if A has more columns than rows, or an element is no number. Source: in
/// algorithm::cholesky_qr.
template <algorithm::detail::Matrix MA, Executor E = threads>
auto cholesky_qr2(MA&& A, const E& given = {}) {
  using T = element_of_t<MA>;
  namespace ours = detail::orthogonal;
  std::vector<exec::Report> reports;
  const auto executor = noting(reports, given);
  int exponent = 0;
  TiledMatrix<T> q = detail::before_run(executor, [&] {
    TiledMatrix<T> taken = ours::taken(std::forward<MA>(A));
    if (taken.rows() < taken.cols())
      throw input_error(text({"cholesky_qr2: ", ours::described("A", taken),
                              ", but it needs at least as many rows as columns; call lp::qr, or "
                              "pass its adjoint"}),
                        codes::shape_mismatch);
    exponent = ours::scaling_of("cholesky_qr2", taken);
    return taken;
  });
  const std::int64_t n = q.cols(), tile = q.tile_cols();
  ours::scale(q, exponent);
  TiledMatrix<T> l(n, n, tile), m(n, n, tile), r(n, n, tile);
  detail::cholesky_qr_round(q, l, executor);
  detail::cholesky_qr_round(q, m, executor);
  detail::require_near_identity(std::as_const(m));
  run(executor, algorithm::cholesky_qr_r<T>, l, m, r);
  ours::scale(r, -exponent);
  return CholeskyQr<T>{std::move(q), std::move(r), std::move(reports)};
}

}  // namespace lambdapack
