// The level-3 operations of BLAS with all their options, as kernels of tiles: an object holds the
// options, and its members are the kernels of the tiles of a product or a solve.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

#include "lambdapack/kernel/argument.hpp"
#include "lambdapack/kernel/dense.hpp"
#include "lambdapack/kernel/detail/columns.hpp"
#include "lambdapack/kernel/detail/triangular.hpp"
#include "lambdapack/kernel/options.hpp"

namespace lambdapack::kernel {

namespace detail {

/// C := beta C; where beta is 0, what C holds is not looked at.
template <Scalar T>
void scale_all(T beta, inout<T> c) {
  if (beta == T(1)) return;
  for (std::size_t i = 0; i < c->size(); ++i)
    c.data()[i] = beta == T(0) ? T(0) : product(beta, c.data()[i]);
}

/// The same for the triangle `part` of a square C.
template <Scalar T>
void scale_part(Part part, T beta, inout<T> c) {
  if (beta == T(1)) return;
  for (std::int64_t j = 0; j < c.cols(); ++j) {
    const std::int64_t first = part == Part::lower ? j : 0;
    const std::int64_t last = part == Part::lower ? c.rows() : std::min(j + 1, c.rows());
    for (std::int64_t i = first; i < last; ++i)
      c(i, j) = beta == T(0) ? T(0) : product(beta, c(i, j));
  }
}

/// Rows and columns of op(A).
template <Scalar T>
std::int64_t rows_of(Op op, in<T> a) {
  return op == Op::none ? a.rows() : a.cols();
}
template <Scalar T>
std::int64_t cols_of(Op op, in<T> a) {
  return op == Op::none ? a.cols() : a.rows();
}

}  // namespace detail

/// C := alpha op(A) op(B) + beta C. With beta = 0, C is overwritten unread; with alpha = 0, A and B
/// are not read. Source: ?gemm.
template <Scalar T>
struct Gemm {
  Op a_op = Op::none;
  Op b_op = Op::none;
  T alpha = T(1);
  T beta = T(0);

  /// The same product, added to C.
  Gemm added() const { return {a_op, b_op, alpha, T(1)}; }

  /// The product of tiles: op(A) is m x k, op(B) k x n, C m x n. Throws input_error.
  void operator()(inout<T> c, in<T> a, in<T> b) const {
    if (detail::is_empty(a) || detail::is_empty(b)) return scale(c);
    const std::int64_t m = detail::rows_of(a_op, a), k = detail::cols_of(a_op, a);
    const std::int64_t n = detail::cols_of(b_op, b);
    detail::check_shapes(k == detail::rows_of(b_op, b), "gemm", "A", a, "B", b,
                         "op(A) must have as many columns as op(B) has rows");
    detail::give_shape(c, m, n);
    detail::check_shapes(c.rows() == m, "gemm", "C", c, "A", a,
                         "C must have as many rows as op(A)");
    detail::check_shapes(c.cols() == n, "gemm", "C", c, "B", b,
                         "C must have as many columns as op(B)");
    if (alpha == T(0)) return scale(c);
    if (n == 1 && b_op == Op::none) {
      if (beta != T(1)) scale(c);
      return detail::add_product(detail::blas_word(a_op), m, n, k, alpha, a.data(), a.rows(),
                                 b.data(), b.rows(), c.data(), c.rows());
    }
    blas::gemm(detail::blas_word(a_op), detail::blas_word(b_op), m, n, k, alpha, a.data(), a.rows(),
               b.data(), b.rows(), beta, c.data(), c.rows());
  }

  /// C := alpha op(A) op(B). Throws input_error.
  void assign(out<T> c, in<T> a, in<T> b) const {
    if (detail::is_empty(a) || detail::is_empty(b)) return zero(c);
    c.resize(detail::rows_of(a_op, a), detail::cols_of(b_op, b));
    Gemm{a_op, b_op, alpha, T(0)}(inout<T>(&*c), a, b);
  }

  /// C := beta C, what is left where A has no columns.
  void scale(inout<T> c) const { detail::scale_all(beta, c); }
};

/// C := alpha op(A) op(A)^T + beta C of one triangle of a symmetric C, or with `hermitian`
/// alpha op(A) op(A)^H + beta C of a Hermitian one, alpha and beta real; op(A) is A or the
/// transpose, or adjoint. With beta = 0, C is overwritten unread. Source: ?syrk, ?herk.
template <Scalar T>
struct Syrk {
  Part part = Part::lower;
  Op op = Op::none;
  T alpha = T(1);
  T beta = T(0);
  bool hermitian = false;

  /// The same product, added to C.
  Syrk added() const { return {part, op, alpha, T(1), hermitian}; }

  /// Tile (i, j) of C from tiles i and j of A. Of a tile with i == j only the triangle is read and
  /// written. Throws input_error.
  void operator()(inout<T> c, in<T> a, in<T> b, std::int64_t i, std::int64_t j) const {
    if (i != j) return beside_diagonal(c, a, b);
    detail::check_shapes(c.rows() == c.cols() && c.rows() == detail::rows_of(op, a), "syrk", "C", c,
                         "A", a, "C must be square, with as many rows as op(A)");
    if (alpha == T(0)) return scale(c, i, j);
    const std::int64_t k = detail::cols_of(op, a);
    if (hermitian)
      blas::herk(detail::blas_word(part), detail::blas_word(op), c.rows(), k, std::real(alpha),
                 a.data(), a.rows(), std::real(beta), c.data(), c.rows());
    else
      blas::syrk(detail::blas_word(part), detail::blas_word(op), c.rows(), k, alpha, a.data(),
                 a.rows(), beta, c.data(), c.rows());
  }

  /// Tile (i, j) of beta C, what is left where A has no columns.
  void scale(inout<T> c, std::int64_t i, std::int64_t j) const {
    if (i != j) return detail::scale_all(beta, c);
    detail::scale_part(part, beta, c);
    if (hermitian)
      for (std::int64_t d = 0; d < c.rows(); ++d) c(d, d) = T(std::real(c(d, d)));
  }

 private:
  void beside_diagonal(inout<T> c, in<T> a, in<T> b) const {
    const Op turned = hermitian ? Op::adjoint : Op::transpose;
    const bool plain = op == Op::none;
    Gemm<T>{plain ? Op::none : turned, plain ? turned : Op::none, alpha, beta}(c, a, b);
  }
};

/// op(A) X = alpha B (left) or X op(A) = alpha B (right), A triangular; B becomes X. What is
/// outside of the triangle is not read. Source: ?trsm.
template <Scalar T>
struct Trsm {
  Side side = Side::left;
  Part part = Part::lower;
  Op op = Op::none;
  Diagonal diagonal = Diagonal::non_unit;
  T alpha = T(1);

  /// Whether the first rows (left) or columns (right) of X are those that can be solved first.
  bool forward() const {
    return (side == Side::left) == ((part == Part::lower) == (op == Op::none));
  }

  /// The tiles of X of step k, from a diagonal tile of A and what the steps before have left of B.
  /// Throws input_error.
  void solve(inout<T> b, in<T> a, std::int64_t k) const {
    if (detail::is_empty(b)) return;
    const bool left = side == Side::left;
    detail::check_shapes(a.rows() == a.cols() && a.rows() == (left ? b.rows() : b.cols()), "trsm",
                         "A", a, "B", b,
                         left ? "A must be square, with as many rows as B"
                              : "A must be square, with as many rows as B has columns");
    if (k == 0) detail::scale_all(alpha, b);
    if (alpha == T(0)) return;
    const detail::Triangle<T> triangle{detail::blas_word(part),
                                       detail::blas_word(op),
                                       detail::blas_word(diagonal),
                                       a.rows(),
                                       a.data(),
                                       a.rows()};
    if (left)
      detail::solve_left(triangle, b.cols(), b.data(), b.rows());
    else
      detail::solve_right(triangle, b.rows(), b.data(), b.rows());
  }

  /// What the X of step k leaves of a tile of B, by the tile of A between them. Throws input_error.
  void subtract(inout<T> b, in<T> a, in<T> x, std::int64_t k) const {
    const T factor = k == 0 ? alpha : T(1);
    if (alpha == T(0)) return detail::scale_all(factor, b);
    if (side == Side::left)
      Gemm<T>{op, Op::none, T(-1), factor}(b, a, x);
    else
      Gemm<T>{Op::none, op, T(-1), factor}(b, x, a);
  }
};

}  // namespace lambdapack::kernel
