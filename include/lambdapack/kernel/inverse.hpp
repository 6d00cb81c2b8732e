// Inverses of triangular tiles, and products of a triangle with its adjoint, by recursion: nearly
// all of the arithmetic is in large products.
#pragma once

#include <algorithm>
#include <cstdint>

#include "lambdapack/kernel/fault.hpp"
#include "lambdapack/kernel/symmetric.hpp"

namespace lambdapack::kernel {

namespace detail {

inline constexpr std::int64_t inverse_base_order = 16;

/// A square block of a matrix by columns.
template <Scalar T>
struct Block {
  T* data;
  std::int64_t order;
  std::int64_t stride;

  T& operator()(std::int64_t i, std::int64_t j) const { return data[i + j * stride]; }
  /// The block of `count` rows and columns from row and column `first` on.
  Block part(std::int64_t first, std::int64_t count) const {
    return {&(*this)(first, first), count, stride};
  }
};

/// A := A^-1 for a lower triangle, column by column.
template <Scalar T>
void invert_lower_base(const Block<T>& a, bool unit) {
  for (std::int64_t j = a.order - 1; j >= 0; --j) {
    if (!unit) a(j, j) = T(1) / a(j, j);
    const T factor = unit ? T(-1) : -a(j, j);
    for (std::int64_t i = a.order - 1; i > j; --i) {
      T sum = unit ? a(i, j) : product(a(i, i), a(i, j));
      for (std::int64_t k = j + 1; k < i; ++k) sum += product(a(i, k), a(k, j));
      a(i, j) = product(sum, factor);
    }
  }
}

/// The same for an upper triangle.
template <Scalar T>
void invert_upper_base(const Block<T>& a, bool unit) {
  for (std::int64_t j = 0; j < a.order; ++j) {
    if (!unit) a(j, j) = T(1) / a(j, j);
    const T factor = unit ? T(-1) : -a(j, j);
    for (std::int64_t i = 0; i < j; ++i) {
      T sum = unit ? a(i, j) : product(a(i, i), a(i, j));
      for (std::int64_t k = i + 1; k < j; ++k) sum += product(a(i, k), a(k, j));
      a(i, j) = product(sum, factor);
    }
  }
}

/// A := A^-1 for a triangle. Source: ?trtri.
template <Scalar T>
void invert(Part part, Diagonal diagonal, const Block<T>& a) {
  const bool lower = part == Part::lower, unit = diagonal == Diagonal::unit;
  if (a.order <= inverse_base_order)
    return lower ? invert_lower_base(a, unit) : invert_upper_base(a, unit);
  const std::int64_t n1 = a.order / 2, n2 = a.order - n1;
  const Block<T> first = a.part(0, n1), second = a.part(n1, n2);
  T* const beside = lower ? &a(n1, 0) : &a(0, n1);
  const std::int64_t m = lower ? n2 : n1, n = lower ? n1 : n2;
  const Block<T>& left = lower ? second : first;
  const Block<T>& right = lower ? first : second;
  blas::trsm(blas::Side::left, blas_word(part), blas::Trans::none, blas_word(diagonal), m, n, T(-1),
             left.data, a.stride, beside, a.stride);
  blas::trsm(blas::Side::right, blas_word(part), blas::Trans::none, blas_word(diagonal), m, n, T(1),
             right.data, a.stride, beside, a.stride);
  invert(part, diagonal, first);
  invert(part, diagonal, second);
}

/// The lower triangle of L^H L, in place of L. Source: ?lauum.
template <Scalar T>
void multiply_by_adjoint(const Block<T>& l) {
  if (l.order <= inverse_base_order) {
    for (std::int64_t j = 0; j < l.order; ++j)
      for (std::int64_t i = j; i < l.order; ++i) {
        T sum = T(0);
        for (std::int64_t k = i; k < l.order; ++k) sum += product(conjugate(l(k, i)), l(k, j));
        l(i, j) = i == j ? T(std::real(sum)) : sum;
      }
    return;
  }
  const std::int64_t n1 = l.order / 2, n2 = l.order - n1;
  T* const below = &l(n1, 0);
  multiply_by_adjoint(l.part(0, n1));
  blas::herk(blas::Uplo::lower, blas::Trans::conj_transpose, n1, n2, real_t<T>(1), below, l.stride,
             real_t<T>(1), l.data, l.stride);
  blas::trmm(blas::Side::left, blas::Uplo::lower, blas::Trans::conj_transpose, blas::Diag::non_unit,
             n2, n1, T(1), &l(n1, n1), l.stride, below, l.stride);
  multiply_by_adjoint(l.part(n1, n2));
}

}  // namespace detail

/// The kernels of A := A^-1 for a triangular A. What is outside of the triangle is not read.
/// Source: ?trtri.
template <Scalar T>
struct Trtri {
  Part part = Part::lower;
  Diagonal diagonal = Diagonal::non_unit;

  /// A tile on the diagonal. Throws tile_fault at a zero on its diagonal.
  void invert(inout<T> a) const {
    detail::check_shapes(a.rows() == a.cols(), "trtri", "A", a, "A", a, "A must be square");
    for (std::int64_t i = 0; i < a.rows() && diagonal == Diagonal::non_unit; ++i)
      if (a(i, i) == T(0))
        throw tile_fault(i,
                         "the triangle has no inverse: its diagonal holds a zero; check the input");
    detail::invert(part, diagonal, detail::Block<T>{a.data(), a.rows(), a.rows()});
  }

  /// -B A^-1 (lower) or -A^-1 B, of a tile B behind A in its column (lower) or row.
  void begin(inout<T> b, in<T> a) const { solver(Side::right, T(-1)).solve(b, a, 0); }
  /// A^-1 B (lower) or B A^-1, of a tile B before A in its row (lower) or column.
  void end(inout<T> b, in<T> a) const { solver(Side::left, T(1)).solve(b, a, 0); }

  /// Adds X Y (lower) or Y X, of tiles behind and before the one on the diagonal.
  void add(inout<T> c, in<T> x, in<T> y) const {
    const Gemm<T> sum{Op::none, Op::none, T(1), T(1)};
    part == Part::lower ? sum(c, x, y) : sum(c, y, x);
  }

 private:
  // `side` is that of a lower triangle.
  Trsm<T> solver(Side side, T alpha) const {
    const bool left = (side == Side::left) == (part == Part::lower);
    return {left ? Side::left : Side::right, part, Op::none, diagonal, alpha};
  }
};

/// B := the upper triangle of A, and zeros. Source: ?lacpy, ?laset.
template <Scalar T>
void upper_part(out<T> b, in<T> a) {
  *b = tile::Dense<T>::zeros(a.rows(), a.cols());
  for (std::int64_t j = 0; j < a.cols(); ++j)
    std::copy_n(a.data() + j * a.rows(), std::min(j + 1, a.rows()), b.data() + j * a.rows());
}

/// The lower triangle of L^H L in place of a lower triangle L. Source: ?lauum.
template <Scalar T>
void lauum(inout<T> l) {
  detail::check_shapes(l.rows() == l.cols(), "lauum", "L", l, "L", l, "L must be square");
  detail::multiply_by_adjoint(detail::Block<T>{l.data(), l.rows(), l.rows()});
}

}  // namespace lambdapack::kernel
