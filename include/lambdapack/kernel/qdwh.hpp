// The weights of a step of QDWH, and the kernels that use them.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <type_traits>

#include "lambdapack/kernel/level3.hpp"

namespace lambdapack::kernel {

namespace detail {

/// E becomes rows x cols zeros, with ones on the diagonal if `unit`.
template <Scalar T>
void set_diagonal(out<T> e, std::int64_t rows, std::int64_t cols, bool unit) {
  *e = tile::Dense<T>::zeros(rows, cols);
  for (std::int64_t k = 0; unit && k < std::min(rows, cols); ++k) e(k, k) = T(1);
}

}  // namespace detail

/// Tile (i, j) of an identity that is cut as the matrix of X. Source: ?laset.
template <Scalar T>
void unit_like(out<T> e, in<T> x, std::int64_t i, std::int64_t j) {
  detail::set_diagonal(e, x.rows(), x.cols(), i == j);
}

/// Tile (i, j) of an identity whose rows are cut as the columns of X, its columns as those of Y.
/// Source: ?laset.
template <Scalar T>
void unit_between(out<T> e, in<T> x, in<T> y, std::int64_t i, std::int64_t j) {
  detail::set_diagonal(e, x.cols(), y.cols(), i == j);
}

/// X := X (a I + b X^H X) (I + c X^H X)^-1, a step of Halley's iteration with weights that bring
/// singular values between `least` and 1 nearest to 1. Source: Nakatsukasa, Bai and Gygi,
/// "Optimizing Halley's iteration for computing the matrix polar decomposition", 2010.
template <Scalar T>
struct Qdwh {
  double a = 3, b = 1, c = 3;

  /// The step for singular values between `least`, which is above 0, and 1.
  static Qdwh from(double least) {
    Qdwh step;
    step.a = least < far ? 2 / std::max(least, farthest) : optimal(least);
    step.b = (step.a - 1) * (step.a - 1) / 4;
    step.c = step.a + step.b - 1;
    return step;
  }

  /// What the smallest one becomes.
  double least_after(double least) const {
    const double square = least * least;
    const double itself = std::fmin(1.0, least * (a + b * square) / (1 + c * square));
    // Then one between the two becomes the smallest.
    const double root = std::sqrt(c);
    return root * far > 1 ? std::fmin(itself, 2 * std::sqrt(2 / root)) : itself;
  }

  /// Whether I + c X^H X may be so badly conditioned that the step is to be made by QR.
  bool is_by_qr() const { return c > 100; }

  /// Y := sqrt(c) X.
  void stacked(out<T> y, in<T> x) const {
    y.resize(x.rows(), x.cols());
    const auto root = static_cast<real_t<T>>(std::sqrt(c));
    for (std::size_t i = 0; i < x->size(); ++i) y.data()[i] = root * x.data()[i];
  }

  /// The product that adds what Q makes to X.
  Gemm<T> of_q() const {
    const double rest = b / c;
    return {Op::none, Op::adjoint, number((a - rest) / std::sqrt(c)), number(rest)};
  }

  /// The product c X^H X that is added to an identity.
  Syrk<T> of_products() const { return {Part::lower, Op::adjoint, number(c), T(1), true}; }

  /// X := b/c X + (a - b/c) Y. Throws input_error.
  void combine(inout<T> x, in<T> y) const {
    detail::check_shapes(x.rows() == y.rows() && x.cols() == y.cols(), "combine", "X", x, "Y", y,
                         "they must have one shape");
    const auto of_x = static_cast<real_t<T>>(b / c), of_y = static_cast<real_t<T>>(a - b / c);
    for (std::size_t i = 0; i < x->size(); ++i)
      x.data()[i] = of_x * x.data()[i] + of_y * y.data()[i];
  }

 private:
  static constexpr bool is_single = std::is_same_v<real_t<T>, float>;
  // A step by QR adds to X what sqrt(c) X is beside an identity. Of a singular value that is
  // smaller than this the best weights leave next to nothing beside the rounding of 1; there c is
  // one by its square.
  static constexpr double far = is_single ? 1e-10 : 1e-36;
  // sqrt(c) X, and sums of squares of it, are numbers.
  static constexpr double farthest = is_single ? 1e-18 : 1e-150;

  static double optimal(double least) {
    const double square = least * least;
    const double d = std::cbrt(4 * (1 - square) / (square * square)), root = std::sqrt(1 + d);
    return root + std::sqrt(8 - 4 * d + 8 * (2 - square) / (square * root)) / 2;
  }

  static T number(double x) { return T(static_cast<real_t<T>>(x)); }
};

}  // namespace lambdapack::kernel
