// Norms of tiles, tile by tile.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "lambdapack/kernel/argument.hpp"
#include "lambdapack/kernel/dense.hpp"
#include "lambdapack/kernel/options.hpp"

namespace lambdapack {

/// The largest magnitude of an element; the largest sum of magnitudes in a column, or in a row; the
/// root of the sum of squares. `max` is no norm of matrices, but LAPACK's manuals call it one.
enum class Norm { max, one, inf, frobenius };

namespace kernel {

namespace detail {

/// The larger one; NaN if one of them is.
template <class R>
R larger(R a, R b) {
  return a >= b || std::isnan(a) ? a : b;
}

/// A sum of squares as scale^2 * sum, which neither overflows nor underflows. Source: ?lassq.
template <class R>
class SumOfSquares {
 public:
  SumOfSquares() = default;
  SumOfSquares(R scale_, R sum_) : scale(scale_), sum(sum_) {}

  R scale = 0;
  R sum = 1;

  void add(R x) { add(SumOfSquares(std::abs(x), 1)); }
  void add(const SumOfSquares& other) {
    if (other.scale == R(0)) return;
    if (scale < other.scale || std::isnan(other.scale)) {
      sum = other.sum + sum * square(scale / other.scale);
      scale = other.scale;
    } else {
      sum += other.sum * (scale == other.scale ? 1 : square(other.scale / scale));
    }
  }
  R root() const { return scale * std::sqrt(sum); }

 private:
  static R square(R x) { return x * x; }
};

}  // namespace detail

/// The kernels of a norm: sums over a column of tiles (a row for the infinity norm), and what comes
/// of all sums. A sum is a column: sums of single columns or rows; one number; scale and sum.
template <Scalar T>
struct NormOf {
  using R = real_t<T>;
  Norm norm = Norm::frobenius;

  /// The sums of a first tile.
  void start(out<R> sums, in<T> a) const {
    const std::int64_t n = norm == Norm::one   ? a.cols()
                           : norm == Norm::inf ? a.rows()
                           : norm == Norm::max ? 1
                                               : 2;
    *sums = tile::Dense<R>::zeros(n, 1);
    if (norm == Norm::frobenius) sums(1, 0) = 1;
    add(inout<R>(&*sums), a);
  }

  /// Adds those of another one.
  void add(inout<R> sums, in<T> a) const {
    detail::SumOfSquares<R> squares;
    for (std::int64_t j = 0; j < a.cols(); ++j) {
      const T* const column = a.data() + j * a.rows();
      if (norm == Norm::frobenius)
        for (std::int64_t i = 0; i < a.rows(); ++i) {
          squares.add(std::real(column[i]));
          squares.add(std::imag(column[i]));
        }
      else if (norm == Norm::inf)
        for (std::int64_t i = 0; i < a.rows(); ++i) sums.data()[i] += std::abs(column[i]);
      else if (norm == Norm::one)
        for (std::int64_t i = 0; i < a.rows(); ++i) sums.data()[j] += std::abs(column[i]);
      else
        for (std::int64_t i = 0; i < a.rows(); ++i)
          sums.data()[0] = detail::larger(std::abs(column[i]), sums.data()[0]);
    }
    if (norm == Norm::frobenius) combine(sums, squares);
  }

  /// What all sums give: the result so far, and one more.
  void combine(inout<R> result, in<R> sums) const {
    if (norm == Norm::frobenius)
      return combine(result, detail::SumOfSquares<R>{sums(0, 0), sums(1, 0)});
    for (std::int64_t i = 0; i < sums.rows(); ++i)
      result(0, 0) = detail::larger(sums(i, 0), result(0, 0));
  }

  /// The norm, from all sums.
  void finish(out<R> value, in<R> result) const {
    value.resize(1, 1);
    value(0, 0) = norm == Norm::frobenius
                      ? detail::SumOfSquares<R>{result(0, 0), result(1, 0)}.root()
                      : result(0, 0);
  }

  /// The result of no sums at all.
  void none(out<R> result) const {
    *result = tile::Dense<R>::zeros(norm == Norm::frobenius ? 2 : 1, 1);
    if (norm == Norm::frobenius) result(1, 0) = 1;
  }

 private:
  static void combine(inout<R> result, const detail::SumOfSquares<R>& squares) {
    detail::SumOfSquares<R> all{result(0, 0), result(1, 0)};
    all.add(squares);
    result(0, 0) = all.scale;
    result(1, 0) = all.sum;
  }
};

/// The kernels of the 1-norm of a Hermitian or real symmetric matrix of which one triangle is
/// given: sums of magnitudes of each column, and of each row, which is a column across the
/// diagonal. Source: ?lanhe, ?lansy.
template <Scalar T>
struct HermitianNorm {
  using R = real_t<T>;
  Part part = Part::lower;

  /// Adds those of a tile's rows, or of its columns, to sums that may be empty yet.
  void add_rows(inout<R> sums, in<T> a) const {
    detail::give_shape(sums, a.rows(), 1);
    for (std::int64_t j = 0; j < a.cols(); ++j)
      for (std::int64_t i = 0; i < a.rows(); ++i) sums(i, 0) += std::abs(a(i, j));
  }
  void add_columns(inout<R> sums, in<T> a) const {
    detail::give_shape(sums, a.cols(), 1);
    for (std::int64_t j = 0; j < a.cols(); ++j)
      for (std::int64_t i = 0; i < a.rows(); ++i) sums(j, 0) += std::abs(a(i, j));
  }

  /// Adds those of a tile on the diagonal, which is taken as real.
  void add_diagonal(inout<R> sums, in<T> a) const {
    detail::give_shape(sums, a.rows(), 1);
    for (std::int64_t j = 0; j < a.cols(); ++j) {
      sums(j, 0) += std::abs(std::real(a(j, j)));
      const std::int64_t first = part == Part::lower ? j + 1 : 0;
      const std::int64_t end = part == Part::lower ? a.rows() : j;
      for (std::int64_t i = first; i < end; ++i) {
        sums(i, 0) += std::abs(a(i, j));
        sums(j, 0) += std::abs(a(i, j));
      }
    }
  }

  /// The norm, from all sums.
  void finish(out<R> value, in_list<R> sums) const {
    value.resize(1, 1);
    value(0, 0) = 0;
    for (std::size_t k = 0; k < sums.size(); ++k)
      for (std::int64_t i = 0; i < sums[k].rows(); ++i)
        value(0, 0) = detail::larger(sums[k](i, 0), value(0, 0));
  }
};

}  // namespace kernel

}  // namespace lambdapack
