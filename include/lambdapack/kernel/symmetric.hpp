// The level-3 operations of BLAS on symmetric and Hermitian matrices, and products with triangular
// ones, with all their options, as kernels of tiles; see level3.hpp.
#pragma once

#include <complex>
#include <cstdint>

#include "lambdapack/kernel/level3.hpp"

namespace lambdapack::kernel {

/// C := alpha A B + beta C (left) or alpha B A + beta C (right), A symmetric or, with `hermitian`,
/// Hermitian, of which one triangle is read. With beta = 0, C is overwritten unread. Source: ?symm,
/// ?hemm.
template <Scalar T>
struct Symm {
  Side side = Side::left;
  Part part = Part::lower;
  T alpha = T(1);
  T beta = T(0);
  bool hermitian = false;

  /// Adds to a tile of C what tile (k, k) of A makes of a tile of B. Throws input_error.
  void on_diagonal(inout<T> c, in<T> a, in<T> b, std::int64_t k) const {
    const bool left = side == Side::left;
    const T factor = factor_of(k);
    if (detail::is_empty(b)) return detail::scale_all(factor, c);
    detail::check_shapes(a.rows() == a.cols() && a.rows() == (left ? b.rows() : b.cols()), "symm",
                         "A", a, "B", b,
                         left ? "A must be square, with as many rows as B"
                              : "A must be square, with as many rows as B has columns");
    detail::give_shape(c, b.rows(), b.cols());
    detail::check_shapes(c.rows() == b.rows() && c.cols() == b.cols(), "symm", "C", c, "B", b,
                         "they must have one shape");
    if (alpha == T(0)) return detail::scale_all(factor, c);
    if (hermitian)
      blas::hemm(detail::blas_word(side), detail::blas_word(part), c.rows(), c.cols(), alpha,
                 a.data(), a.rows(), b.data(), b.rows(), factor, c.data(), c.rows());
    else
      blas::symm(detail::blas_word(side), detail::blas_word(part), c.rows(), c.cols(), alpha,
                 a.data(), a.rows(), b.data(), b.rows(), factor, c.data(), c.rows());
  }

  /// The same of tile k in a row of A beside the diagonal; `mirrored` where the tile that is given
  /// is the one across the diagonal.
  void beside_diagonal(inout<T> c, in<T> a, in<T> b, std::int64_t k, bool mirrored) const {
    const Op op = !mirrored ? Op::none : hermitian ? Op::adjoint : Op::transpose;
    if (side == Side::left)
      Gemm<T>{op, Op::none, alpha, factor_of(k)}(c, a, b);
    else
      Gemm<T>{Op::none, op, alpha, factor_of(k)}(c, b, a);
  }

 private:
  T factor_of(std::int64_t k) const { return k == 0 ? beta : T(1); }
};

/// C := alpha op(A) op(B)^T + alpha op(B) op(A)^T + beta C of one triangle of a symmetric C, or
/// with `hermitian` alpha op(A) op(B)^H + conj(alpha) op(B) op(A)^H + beta C of a Hermitian one,
/// beta real; op(A) is A or the transpose, or adjoint. With beta = 0, C is overwritten unread.
/// Source: ?syr2k, ?her2k.
template <Scalar T>
struct Syr2k {
  Part part = Part::lower;
  Op op = Op::none;
  T alpha = T(1);
  T beta = T(0);
  bool hermitian = false;

  /// The same product, added to C.
  Syr2k added() const { return {part, op, alpha, T(1), hermitian}; }

  /// Tile (i, j) of C from tiles i and j of A and of B. Of a tile with i == j only the triangle is
  /// read and written. Throws input_error.
  void operator()(inout<T> c, in<T> ai, in<T> bj, in<T> bi, in<T> aj, std::int64_t i,
                  std::int64_t j) const {
    if (i != j) return beside_diagonal(c, ai, bj, bi, aj);
    detail::check_shapes(ai.rows() == bi.rows() && ai.cols() == bi.cols(), "syr2k", "A", ai, "B",
                         bi, "they must have one shape");
    detail::check_shapes(c.rows() == c.cols() && c.rows() == detail::rows_of(op, ai), "syr2k", "C",
                         c, "A", ai, "C must be square, with as many rows as op(A)");
    if (alpha == T(0)) return scale(c, i, j);
    const std::int64_t k = detail::cols_of(op, ai);
    if (hermitian)
      blas::her2k(detail::blas_word(part), detail::blas_word(op), c.rows(), k, alpha, ai.data(),
                  ai.rows(), bi.data(), bi.rows(), std::real(beta), c.data(), c.rows());
    else
      blas::syr2k(detail::blas_word(part), detail::blas_word(op), c.rows(), k, alpha, ai.data(),
                  ai.rows(), bi.data(), bi.rows(), beta, c.data(), c.rows());
  }

  /// Tile (i, j) of beta C, what is left where A has no columns.
  void scale(inout<T> c, std::int64_t i, std::int64_t j) const {
    Syrk<T>{part, op, alpha, beta, hermitian}.scale(c, i, j);
  }

 private:
  void beside_diagonal(inout<T> c, in<T> ai, in<T> bj, in<T> bi, in<T> aj) const {
    const Op turned = hermitian ? Op::adjoint : Op::transpose;
    const bool plain = op == Op::none;
    const Op first = plain ? Op::none : turned, second = plain ? turned : Op::none;
    T other = alpha;
    if constexpr (!std::same_as<T, real_t<T>>)
      if (hermitian) other = std::conj(alpha);
    Gemm<T>{first, second, alpha, beta}(c, ai, bj);
    Gemm<T>{first, second, other, T(1)}(c, bi, aj);
  }
};

/// B := alpha op(A) B (left) or alpha B op(A) (right), A triangular. What is outside of the
/// triangle is not read. Source: ?trmm.
template <Scalar T>
struct Trmm {
  Side side = Side::left;
  Part part = Part::lower;
  Op op = Op::none;
  Diagonal diagonal = Diagonal::non_unit;
  T alpha = T(1);

  /// Whether the first rows (left) or columns (right) of B go into those behind them.
  bool forward() const {
    return (side == Side::left) == ((part == Part::lower) == (op == Op::none));
  }

  /// A tile of B by a tile on A's diagonal. Throws input_error.
  void multiply(inout<T> b, in<T> a) const {
    if (detail::is_empty(b)) return;
    const bool left = side == Side::left;
    detail::check_shapes(a.rows() == a.cols() && a.rows() == (left ? b.rows() : b.cols()), "trmm",
                         "A", a, "B", b,
                         left ? "A must be square, with as many rows as B"
                              : "A must be square, with as many rows as B has columns");
    if (alpha == T(0)) return detail::scale_all(T(0), b);
    blas::trmm(detail::blas_word(side), detail::blas_word(part), detail::blas_word(op),
               detail::blas_word(diagonal), b.rows(), b.cols(), alpha, a.data(), a.rows(), b.data(),
               b.rows());
  }

  /// Adds what a tile of A beside the diagonal makes of another tile of B. Throws input_error.
  void add(inout<T> b, in<T> a, in<T> x) const {
    if (side == Side::left)
      Gemm<T>{op, Op::none, alpha, T(1)}(b, a, x);
    else
      Gemm<T>{Op::none, op, alpha, T(1)}(b, x, a);
  }
};

}  // namespace lambdapack::kernel
