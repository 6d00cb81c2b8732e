// Products with a symmetric or Hermitian matrix.
#pragma once

#include "lambdapack/algorithm/detail/shape.hpp"
#include "lambdapack/kernel/symmetric.hpp"
#include "lambdapack/lambdapack.hpp"

namespace lambdapack {

namespace algorithm {

/// C := alpha A B + beta C, or alpha B A + beta C, A symmetric or Hermitian and given by one of its
/// triangles: a tile of the other one is read across the diagonal. Source: ?symm, ?hemm.
template <Scalar T>
void symm(In<T, 2> A, In<T, 2> B, InOut<T, 2> C, kernel::Symm<T> how) {
  const bool left = how.side == Side::left, lower = how.part == Part::lower;
  const auto product = [&](bool mirrored) {
    return make_kernel(
        "gemm",
        [how, mirrored](inout<T> c, in<T> a, in<T> b, std::int64_t k) {
          how.beside_diagonal(c, a, b, k, mirrored);
        },
        "", kernel::operations::gemm);
  };
  const auto before = product(left != lower), behind = product(left == lower);
  const auto diagonal = make_kernel(
      "symm", [how](inout<T> c, in<T> a, in<T> b, std::int64_t k) { how.on_diagonal(c, a, b, k); },
      "", kernel::operations::symm);
  const auto b = [&](Expr k, Expr j) { return left ? B(k, j) : B(j, k); };
  const auto c = [&](Expr i, Expr j) { return left ? C(i, j) : C(j, i); };
  const auto n = A.extent(0);

  for (auto i : range(n))
    for (auto j : range(C.extent(left ? 1 : 0))) {
      for (auto k : range(i)) c(i, j) = before(c(i, j), lower ? A(i, k) : A(k, i), b(k, j), k);
      c(i, j) = diagonal(c(i, j), A(i, i), b(i, j), i);
      for (auto k : range(i + 1, n))
        c(i, j) = behind(c(i, j), lower ? A(k, i) : A(i, k), b(k, j), k);
    }
}

}  // namespace algorithm

namespace detail {

template <Scalar T, class MA, class MB, class MC, class E>
exec::Report run_symm(const char* front, MA& A, MB& B, MC& C, const kernel::Symm<T>& how,
                      const E& executor) {
  using namespace algorithm::detail;
  detail::before_run(executor, [&] {
    const Operand a = operand("A", A), b = operand("B", B), c = operand("C", C);
    require_square(front, a);
    if (how.side == Side::left)
      require_fit(a.rows().fits(b.rows()), front, a, b, "B must have as many rows as A");
    else
      require_fit(a.rows().fits(b.cols()), front, a, b,
                  "B must have as many columns as A has rows");
    require_fit(b.rows().fits(c.rows()), front, b, c, "C must have as many rows as B");
    require_fit(b.cols().fits(c.cols()), front, b, c, "C must have as many columns as B");
  });
  return run(executor, algorithm::symm<T>, A, B, C, how);
}

}  // namespace detail

/// C := alpha A B + beta C (left) or alpha B A + beta C (right), A symmetric: `lp::symm(A, B, C,
/// {.side = lp::Side::right})`; without options A is on the left, its lower triangle is read, and C
/// is overwritten. A is square, in square tiles; B and C are cut like A where they meet. Throws
/// input_error if the shapes do not fit. Source: ?symm.
template <algorithm::detail::Matrix MA, algorithm::detail::Matrix MB, algorithm::detail::Matrix MC,
          Executor E = threads>
exec::Report symm(MA&& A, MB&& B, MC&& C, kernel::Symm<algorithm::detail::scalar_of<MC>> how = {},
                  const E& executor = {}) {
  how.hermitian = false;
  return detail::run_symm("symm", A, B, C, how, executor);
}

/// The same for a Hermitian A, whose diagonal is taken as real. Source: ?hemm.
template <algorithm::detail::Matrix MA, algorithm::detail::Matrix MB, algorithm::detail::Matrix MC,
          Executor E = threads>
exec::Report hemm(MA&& A, MB&& B, MC&& C, kernel::Symm<algorithm::detail::scalar_of<MC>> how = {},
                  const E& executor = {}) {
  how.hermitian = true;
  return detail::run_symm("hemm", A, B, C, how, executor);
}

}  // namespace lambdapack
