// Inverses of triangular matrices, and of positive definite ones.
#pragma once

#include "lambdapack/algorithm/cholesky.hpp"
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

}  // namespace algorithm

/// A := A^-1, A triangular: `lp::triangular_inverse(A, {.part = lp::Part::upper})`; without options
/// the lower triangle is read and written. A is square, in square tiles. Throws run_error, with the
/// row, at a zero on the diagonal, input_error if A is not square. Source: ?trtri.
template <algorithm::detail::Matrix MA, Executor E = threads>
exec::Report triangular_inverse(MA&& A, kernel::Trtri<algorithm::detail::scalar_of<MA>> how = {},
                                const E& executor = {}) {
  algorithm::detail::require_square("triangular_inverse", algorithm::detail::operand("A", A));
  return run(executor, algorithm::triangular_inverse<element_of_t<MA>>, A, how);
}

/// The lower triangle of A^-1 from what lp::cholesky has made of A, in its place. Throws as
/// triangular_inverse. Source: ?potri.
template <algorithm::detail::Matrix ML, Executor E = threads>
exec::Report cholesky_inverse(ML&& L, const E& executor = {}) {
  algorithm::detail::require_square("cholesky_inverse", algorithm::detail::operand("L", L));
  return run(executor, algorithm::cholesky_inverse<element_of_t<ML>>, L);
}

}  // namespace lambdapack
