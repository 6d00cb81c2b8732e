// Matrices for the tests of orthogonal factorizations, and LAPACK's answers.
#pragma once

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "lambdapack/lambdapack.hpp"

namespace orthogonal {

template <class T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;

/// The element types of all of these tests.
#define SCALARS float, double, std::complex<float>, std::complex<double>

struct Shape {
  std::int64_t rows, cols, tile;
};

/// Below this, LAPACK's own tests say, a scaled residual is that of a backward stable algorithm.
inline constexpr double threshold = 30;

template <class T>
Matrix<T> random(std::int64_t rows, std::int64_t cols) {
  static std::mt19937 engine(20260102);
  std::uniform_real_distribution<lp::real_t<T>> uniform(-1, 1);
  Matrix<T> a(rows, cols);
  for (std::int64_t j = 0; j < cols; ++j)
    for (std::int64_t i = 0; i < rows; ++i) {
      const auto real = uniform(engine);
      if constexpr (std::is_floating_point_v<T>)
        a(i, j) = real;
      else
        a(i, j) = T(real, uniform(engine));
    }
  return a;
}

template <class T>
Matrix<T> random_orthogonal(std::int64_t rows, std::int64_t cols) {
  const Matrix<T> a = random<T>(rows, cols);
  return Eigen::HouseholderQR<Matrix<T>>(a).householderQ() * Matrix<T>::Identity(rows, cols);
}

/// Singular values from 1 down to 1 / condition, in equal ratios.
template <class T>
Matrix<T> of_condition(std::int64_t rows, std::int64_t cols, double condition) {
  const std::int64_t k = std::min(rows, cols);
  Matrix<T> u = random_orthogonal<T>(rows, k);
  for (std::int64_t j = 0; j < k; ++j)
    u.col(j) *=
        lp::real_t<T>(std::pow(condition, -double(j) / double(std::max<std::int64_t>(1, k - 1))));
  return u * random_orthogonal<T>(cols, k).adjoint();
}

template <class T>
lp::TiledMatrix<T> tiled(const Matrix<T>& a, std::int64_t tile) {
  return lp::TiledMatrix<T>::from(a.data(), a.rows(), a.cols(), std::max<std::int64_t>(1, a.rows()),
                                  tile);
}

template <class T>
Matrix<T> eigen(const lp::TiledMatrix<T>& a) {
  Matrix<T> m(a.rows(), a.cols());
  a.copy_to(m.data(), a.rows());
  return m;
}

/// ||A - B|| / (n ||A|| eps) in the Frobenius norm; n is the larger side of A unless given.
template <class T>
double residual(const Matrix<T>& a, const Matrix<T>& b, std::int64_t n = 0) {
  using R = lp::real_t<T>;
  if (a.size() == 0) return a.rows() == b.rows() && a.cols() == b.cols() ? 0 : 1e30;
  if (n == 0) n = std::max(a.rows(), a.cols());
  const R scale = std::max(a.cwiseAbs().maxCoeff(), std::numeric_limits<R>::min());
  const double norm = double((a / T(scale)).norm());
  const double error = double(((a - b) / T(scale)).norm());
  return error / (double(n) * std::max(norm, 1e-30) * double(std::numeric_limits<R>::epsilon()));
}

#define LAMBDAPACK_TEST_GELS(T, name)                                                             \
  void gels(const char* trans, const int* m, const int* n, const int* nrhs, T* a, const int* lda, \
            T* b, const int* ldb, T* work, const int* lwork, int* info,                           \
            std::size_t) __asm__(name);
LAMBDAPACK_TEST_GELS(float, "sgels_")
LAMBDAPACK_TEST_GELS(double, "dgels_")
LAMBDAPACK_TEST_GELS(std::complex<float>, "cgels_")
LAMBDAPACK_TEST_GELS(std::complex<double>, "zgels_")
#undef LAMBDAPACK_TEST_GELS

/// LAPACK's least squares solution.
template <class T>
Matrix<T> gels(Matrix<T> a, const Matrix<T>& b) {
  const int m = int(a.rows()), n = int(a.cols()), k = int(b.cols()), ldb = std::max(m, n);
  Matrix<T> x = Matrix<T>::Zero(ldb, k);
  x.topRows(m) = b;
  std::vector<T> work(std::size_t(64 * (m + n + k)));
  const int size = int(work.size());
  int info = 0;
  gels("N", &m, &n, &k, a.data(), &m, x.data(), &ldb, work.data(), &size, &info, 1);
  return x.topRows(n);
}

#define LAMBDAPACK_TEST_GESVD(R, name)                                                    \
  void gesvd(const char* jobu, const char* jobvt, const int* m, const int* n, R* a,       \
             const int* lda, R* s, R* u, const int* ldu, R* vt, const int* ldvt, R* work, \
             const int* lwork, int* info, std::size_t, std::size_t) __asm__(name);
LAMBDAPACK_TEST_GESVD(float, "sgesvd_")
LAMBDAPACK_TEST_GESVD(double, "dgesvd_")
#undef LAMBDAPACK_TEST_GESVD

/// [[Re A, -Im A], [Im A, Re A]], which has each singular value of A twice; A itself if it is real.
template <class T>
auto real_form(const Matrix<T>& a) {
  if constexpr (std::is_floating_point_v<T>) {
    return a;
  } else {
    Matrix<lp::real_t<T>> real(2 * a.rows(), 2 * a.cols());
    real << a.real(), -a.imag(), a.imag(), a.real();
    return real;
  }
}

/// LAPACK's singular values, in descending order.
template <class T>
std::vector<lp::real_t<T>> gesvd_values(const Matrix<T>& matrix) {
  using R = lp::real_t<T>;
  Matrix<R> a = real_form(matrix);
  const int m = int(a.rows()), n = int(a.cols()), one = 1, lda = std::max(1, m);
  std::vector<R> s(std::size_t(std::min(m, n))), work(std::size_t(64 * (m + n) + 64));
  const int size = int(work.size());
  R unused{};
  int info = 0;
  gesvd("N", "N", &m, &n, a.data(), &lda, s.data(), &unused, &one, &unused, &one, work.data(),
        &size, &info, 1, 1);
  std::vector<R> once;
  for (std::size_t i = 0; i < s.size(); i += std::is_floating_point_v<T> ? 1 : 2)
    once.push_back(s[i]);
  return once;
}

}  // namespace orthogonal
