// Inverses of triangular matrices, of positive definite ones, and of any regular ones.
#pragma once

#include "lambdapack/algorithm/cholesky.hpp"
#include "lambdapack/algorithm/lu.hpp"
#include "lambdapack/kernel/inverse.hpp"

namespace lambdapack {

namespace algorithm {

/// A := A^-1, A triangular; t(i, k) is a tile of a lower triangle, or of the transpose of an upper
/// one. Step k divides what is behind it by the diagonal tile, adds its products, and ends what is
/// before it. Source: Agullo, Bouwmeester, Dongarra, Kurzak, Langou and Rosenberg, "Towards an
/// efficient tile matrix inversion of symmetric positive definite matrices on multicore
/// architectures", 2010.
template <Scalar T>
void triangular_inverse(InOut<T, 2> A, kernel::Trtri<T> how) {
  const auto invert = make_kernel("trtri", [how](inout<T> a) { how.invert(a); });
  const auto begin = make_kernel(
      "trsm", [how](inout<T> b, in<T> a) { how.begin(b, a); }, "", kernel::operations::trsm_step);
  const auto end = make_kernel(
      "trsm", [how](inout<T> b, in<T> a) { how.end(b, a); }, "", kernel::operations::trsm_step);
  const auto add = make_kernel(
      "gemm", [how](inout<T> c, in<T> x, in<T> y) { how.add(c, x, y); }, "",
      kernel::operations::gemm);
  const bool lower = how.part == Part::lower;
  const auto t = [&](Expr i, Expr k) { return lower ? A(i, k) : A(k, i); };
  const auto n = A.extent(0);

  for (auto k : range(n)) {
    for (auto i : range(k + 1, n)) {
      t(i, k) = begin(t(i, k), t(k, k));
      for (auto j : range(k)) t(i, j) += add(t(i, k), t(k, j));
    }
    for (auto j : range(k)) t(k, j) = end(t(k, j), t(k, k));
    t(k, k) = invert(t(k, k));
  }
}

/// The lower triangle of L^H L in place of L. Source: as triangular_inverse; ?lauum.
template <Scalar T>
void multiply_by_adjoint(InOut<T, 2> L) {
  const kernel::Syrk<T> sum{Part::lower, Op::adjoint, T(1), T(1), true};
  const kernel::Trmm<T> product{.op = Op::adjoint};
  const auto herk = make_kernel("herk", sum, "", kernel::operations::syrk);
  const auto trmm = make_kernel(
      "trmm", [product](inout<T> b, in<T> a) { product.multiply(b, a); }, "",
      kernel::operations::trsm_step);
  const auto lauum = make_kernel("lauum", kernel::lauum<T>);

  for (auto k : range(L.extent(0))) {
    for (auto j : range(k))
      for (auto i : range(j, k)) L(i, j) += herk(L(k, i), L(k, j), i, j);
    for (auto j : range(k)) L(k, j) = trmm(L(k, j), L(k, k));
    L(k, k) = lauum(L(k, k));
  }
}

/// The lower triangle of (L L^H)^-1 in place of L. Source: ?potri.
template <Scalar T>
void cholesky_inverse(InOut<T, 2> L) {
  triangular_inverse<T>(L, {});
  multiply_by_adjoint<T>(L);
}

/// A^-1 = U^-1 L^-1 P in place of L and U, from what `lu` has made of a square A: U is inverted, X
/// of X L = U^-1 found, and the columns of X exchanged. Source: ?getri.
template <Scalar T>
void lu_inverse(InOut<T, 2> A, In<Pivots, 1> pivots) {
  const auto upper_part = make_kernel("lacpy", kernel::upper_part<T>);
  const auto exchange = make_kernel("laswp", kernel::laswp_columns_back<T>);
  const auto n = A.extent(0);
  auto X = temp<T, 2>("X", extents(n, n), zero);

  triangular_inverse<T>(A, {.part = Part::upper});
  for (auto k : range(n)) {
    for (auto i : range(k)) X(i, k) = copy(A(i, k));
    X(k, k) = upper_part(A(k, k));
  }
  trsm<T>(A, X, {.side = Side::right, .diagonal = Diagonal::unit});
  for (auto i : range(n))
    for (auto k : range(n)) A(i, k) = exchange(X(i, range(n)), pivots(range(pivots.extent(0))), k);
}

}  // namespace algorithm

/// A := A^-1, A triangular: `lp::triangular_inverse(A, {.part = lp::Part::upper})`; without options
/// the lower triangle is read and written. A is square, in square tiles. Throws run_error, with the
/// row, at a zero on the diagonal, input_error if A is not square. Source: ?trtri.
template <algorithm::detail::Matrix MA, Executor E = threads>
exec::Report triangular_inverse(MA&& A, kernel::Trtri<algorithm::detail::scalar_of<MA>> how = {},
                                const E& executor = {}) {
  detail::before_run(executor,
                     [&] { algorithm::detail::square_operand("triangular_inverse", "A", A); });
  return run(executor, algorithm::triangular_inverse<element_of_t<MA>>, A, how);
}

/// The lower triangle of A^-1 from what lp::cholesky has made of A, in its place. Throws as
/// triangular_inverse. Source: ?potri.
template <algorithm::detail::Matrix ML, Executor E = threads>
exec::Report cholesky_inverse(ML&& L, const E& executor = {}) {
  detail::before_run(executor,
                     [&] { algorithm::detail::square_operand("cholesky_inverse", "L", L); });
  return run(executor, algorithm::cholesky_inverse<element_of_t<ML>>, L);
}

/// A^-1 from what lp::lu or lp::calu has made of a square A, and said; in its place. Who wants X of
/// A X = B is better served by lu_solve. Throws factorization_error with LAPACK's info if A is
/// singular, input_error if it is not square. Source: ?getri.
template <algorithm::detail::Matrix MA, Executor E = threads>
exec::Report lu_inverse(MA&& A, const Lu& factors, const E& executor = {}) {
  detail::before_run(executor, [&] {
    const auto a = algorithm::detail::square_operand("lu_inverse", "A", A);
    detail::require_regular("lu_inverse", factors, a, "it has no inverse");
  });
  return run(executor, algorithm::lu_inverse<element_of_t<MA>>, A, factors.panels);
}

}  // namespace lambdapack
