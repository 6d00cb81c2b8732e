// Matrices for the tests of the algorithms, dense arithmetic in plain loops, and LAPACK's
// residuals.
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <lambdapack/lambdapack.hpp>

#include "kernel/reference.hpp"
#include "support/said.hpp"
#include "support/sanitizer.hpp"

namespace matrices {

using reference::adjoint;
using reference::conj;
using reference::Dense;
using reference::random_tile;

/// The element types of the tests of all algorithms. Most of their time is analysis, which is that
/// of every type, so under a sanitizer there is one of each kind.
#if defined(LAMBDAPACK_UNDER_ADDRESS_SANITIZER) || defined(LAMBDAPACK_UNDER_THREAD_SANITIZER)
#define SCALARS double, std::complex<float>
#else
#define SCALARS float, double, std::complex<float>, std::complex<double>
#endif

struct Shape {
  std::int64_t rows, cols, tile;
};

/// What LAPACK's own tests let a scaled residual be.
inline constexpr double threshold = 30;

/// A matrix in tiles of tile_rows x tile_cols.
template <lp::Scalar T>
lp::TiledMatrix<T> tiled(const Dense<T>& a, std::int64_t tile_rows, std::int64_t tile_cols) {
  return lp::TiledMatrix<T>::from(a.data(), a.rows(), a.cols(), std::max<std::int64_t>(a.rows(), 1),
                                  tile_rows, tile_cols);
}
template <lp::Scalar T>
lp::TiledMatrix<T> tiled(const Dense<T>& a, std::int64_t tile) {
  return tiled(a, tile, tile);
}

/// C + alpha A B; a BLAS's product, since plain loops would take the tests' time.
template <lp::Scalar T>
Dense<T> product(Dense<T> c, T alpha, const Dense<T>& a, const Dense<T>& b) {
  namespace blas = lp::kernel::blas;
  blas::gemm(blas::Trans::none, blas::Trans::none, c.rows(), c.cols(), a.cols(), alpha, a.data(),
             std::max<std::int64_t>(a.rows(), 1), b.data(), std::max<std::int64_t>(b.rows(), 1),
             T(1), c.data(), std::max<std::int64_t>(c.rows(), 1));
  return c;
}
template <lp::Scalar T>
Dense<T> product(const Dense<T>& a, const Dense<T>& b) {
  return product(Dense<T>::zeros(a.rows(), b.cols()), T(1), a, b);
}

template <lp::Scalar T>
Dense<T> scaled(Dense<T> a, lp::real_t<T> factor) {
  for (std::size_t i = 0; i < a.size(); ++i) a.data()[i] *= factor;
  return a;
}

/// The first columns of the identity, if rows and cols differ.
template <lp::Scalar T>
Dense<T> identity(std::int64_t rows, std::int64_t cols) {
  Dense<T> a = Dense<T>::zeros(rows, cols);
  for (std::int64_t i = 0; i < std::min(rows, cols); ++i) a(i, i) = T(1);
  return a;
}

template <lp::Scalar T>
Dense<T> transposed(lp::Op op, const Dense<T>& a) {
  if (op == lp::Op::none) return a;
  Dense<T> result(a.cols(), a.rows());
  for (std::int64_t j = 0; j < a.cols(); ++j)
    for (std::int64_t i = 0; i < a.rows(); ++i)
      result(j, i) = op == lp::Op::adjoint ? conj(a(i, j)) : a(i, j);
  return result;
}

/// The largest sum of a column's magnitudes.
template <lp::Scalar T>
double one_norm(const Dense<T>& a) {
  double norm = 0;
  for (std::int64_t j = 0; j < a.cols(); ++j) {
    double sum = 0;
    for (std::int64_t i = 0; i < a.rows(); ++i) sum += std::abs(a(i, j));
    if (!(sum <= norm)) norm = sum;
  }
  return norm;
}

template <lp::Scalar T>
double eps() {
  return std::numeric_limits<lp::real_t<T>>::epsilon() / 2;
}

/// ||difference|| / (n scale eps), LAPACK's ratio; 0 where there is nothing.
template <lp::Scalar T>
double ratio(const Dense<T>& difference, std::int64_t n, double scale) {
  const double norm = one_norm(difference);
  if (norm == 0) return 0;
  return norm / (static_cast<double>(n) * scale * eps<T>());
}

/// The unit lower (or lower) triangle, or the upper one, of the first columns or rows.
template <lp::Scalar T>
Dense<T> lower_trapezoid(const Dense<T>& a, bool unit) {
  const std::int64_t k = std::min(a.rows(), a.cols());
  Dense<T> l = Dense<T>::zeros(a.rows(), k);
  for (std::int64_t j = 0; j < k; ++j) {
    for (std::int64_t i = j; i < a.rows(); ++i) l(i, j) = a(i, j);
    if (unit) l(j, j) = T(1);
  }
  return l;
}
template <lp::Scalar T>
Dense<T> upper_trapezoid(const Dense<T>& a) {
  const std::int64_t k = std::min(a.rows(), a.cols());
  Dense<T> u = Dense<T>::zeros(k, a.cols());
  for (std::int64_t j = 0; j < a.cols(); ++j)
    for (std::int64_t i = 0; i <= std::min(j, k - 1); ++i) u(i, j) = a(i, j);
  return u;
}

/// Below the diagonal there are zeros.
template <lp::Scalar T>
bool is_upper(const Dense<T>& a) {
  for (std::int64_t j = 0; j < a.cols(); ++j)
    for (std::int64_t i = j + 1; i < a.rows(); ++i)
      if (a(i, j) != T(0)) return false;
  return true;
}

/// Orthonormal columns: those of as many random reflections.
template <lp::Scalar T>
Dense<T> random_orthogonal(std::int64_t rows, std::int64_t cols) {
  Dense<T> q = identity<T>(rows, cols);
  for (std::int64_t round = 0; round < cols; ++round) {
    const Dense<T> v = random_tile<T>(rows, 1);
    lp::real_t<T> norm2 = 0;
    for (std::int64_t i = 0; i < rows; ++i) norm2 += std::norm(v(i, 0));
    q = product(q, T(-2 / norm2), v, product(adjoint(v), q));
  }
  return q;
}

/// From 1 down to 1 / condition, in equal ratios.
inline std::vector<double> singular_values(std::int64_t count, double condition) {
  std::vector<double> values;
  for (std::int64_t i = 0; i < count; ++i)
    values.push_back(std::pow(
        condition,
        -static_cast<double>(i) / static_cast<double>(std::max<std::int64_t>(count - 1, 1))));
  return values;
}

/// A with its columns times `factors`.
template <lp::Scalar T, class R>
Dense<T> columns_times(Dense<T> a, const std::vector<R>& factors) {
  for (std::int64_t j = 0; j < a.cols(); ++j)
    for (std::int64_t i = 0; i < a.rows(); ++i)
      a(i, j) *= static_cast<lp::real_t<T>>(factors[static_cast<std::size_t>(j)]);
  return a;
}

/// U D V^H: singular values from 1 down to 1 / condition.
template <lp::Scalar T>
Dense<T> of_condition(std::int64_t rows, std::int64_t cols, double condition) {
  const std::int64_t k = std::min(rows, cols);
  return product(columns_times(random_orthogonal<T>(rows, k), singular_values(k, condition)),
                 adjoint(random_orthogonal<T>(cols, k)));
}

/// Q D Q^H, Hermitian and positive definite, singular values as above.
template <lp::Scalar T>
Dense<T> of_condition(std::int64_t n, double condition) {
  const auto q = random_orthogonal<T>(n, n);
  Dense<T> a = product(columns_times(q, singular_values(n, condition)), adjoint(q));
  for (std::int64_t j = 0; j < n; ++j) {
    a(j, j) = T(std::real(a(j, j)));
    for (std::int64_t i = 0; i < j; ++i) a(i, j) = conj(a(j, i));
  }
  return a;
}

/// ||A - B|| / (n ||A|| eps) in the Frobenius norm, for elements of any size; n is the larger side
/// of A unless given.
template <lp::Scalar T>
double residual(const Dense<T>& a, const Dense<T>& b, std::int64_t n = 0) {
  using R = lp::real_t<T>;
  if (a.rows() != b.rows() || a.cols() != b.cols()) return 1e30;
  if (a.size() == 0) return 0;
  if (n == 0) n = std::max(a.rows(), a.cols());
  R scale = std::numeric_limits<R>::min();
  for (std::size_t i = 0; i < a.size(); ++i) scale = std::max(scale, std::abs(a.data()[i]));
  double norm2 = 0, error2 = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    norm2 += std::norm(a.data()[i] / scale);
    error2 += std::norm((a.data()[i] - b.data()[i]) / scale);
  }
  return std::sqrt(error2) / (static_cast<double>(n) * std::max(std::sqrt(norm2), 1e-30) *
                              static_cast<double>(std::numeric_limits<R>::epsilon()));
}

/// ||B - op(A) X|| / (||A|| ||X|| n eps), LAPACK's ratio of a solution.
template <lp::Scalar T>
double solve_ratio(const Dense<T>& op_a, const Dense<T>& x, const Dense<T>& b) {
  const double scale = one_norm(op_a) * one_norm(x);
  return ratio(product(b, T(-1), op_a, x), op_a.rows(), scale == 0 ? 1 : scale);
}

template <lp::Scalar T>
bool same_bits(const Dense<T>& a, const Dense<T>& b) {
  return a.rows() == b.rows() && a.cols() == b.cols() &&
         (a.size() == 0 || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0);
}

using test_support::said;

namespace fortran {

#define LAMBDAPACK_TEST_GELS(T, name)                                                             \
  void gels(const char* trans, const int* m, const int* n, const int* nrhs, T* a, const int* lda, \
            T* b, const int* ldb, T* work, const int* lwork, int* info,                           \
            std::size_t) __asm__(name);
LAMBDAPACK_TEST_GELS(float, "sgels_")
LAMBDAPACK_TEST_GELS(double, "dgels_")
LAMBDAPACK_TEST_GELS(std::complex<float>, "cgels_")
LAMBDAPACK_TEST_GELS(std::complex<double>, "zgels_")
#undef LAMBDAPACK_TEST_GELS

#define LAMBDAPACK_TEST_GESVD(R, name)                                                    \
  void gesvd(const char* jobu, const char* jobvt, const int* m, const int* n, R* a,       \
             const int* lda, R* s, R* u, const int* ldu, R* vt, const int* ldvt, R* work, \
             const int* lwork, int* info, std::size_t, std::size_t) __asm__(name);
LAMBDAPACK_TEST_GESVD(float, "sgesvd_")
LAMBDAPACK_TEST_GESVD(double, "dgesvd_")
#undef LAMBDAPACK_TEST_GESVD

#define LAMBDAPACK_TEST_SYEV(R, name)                                                              \
  void syev(const char* jobz, const char* uplo, const int* n, R* a, const int* lda, R* w, R* work, \
            const int* lwork, int* info, std::size_t, std::size_t) __asm__(name);
LAMBDAPACK_TEST_SYEV(float, "ssyev_")
LAMBDAPACK_TEST_SYEV(double, "dsyev_")
#undef LAMBDAPACK_TEST_SYEV

}  // namespace fortran

/// LAPACK's least squares solution.
template <lp::Scalar T>
Dense<T> gels(Dense<T> a, const Dense<T>& b) {
  const int m = static_cast<int>(a.rows()), n = static_cast<int>(a.cols()),
            k = static_cast<int>(b.cols()), ldb = std::max(m, n);
  Dense<T> both = Dense<T>::zeros(ldb, k), x(n, k);
  for (std::int64_t j = 0; j < k; ++j)
    for (std::int64_t i = 0; i < m; ++i) both(i, j) = b(i, j);
  std::vector<T> work(static_cast<std::size_t>(64 * (m + n + k)));
  const int size = static_cast<int>(work.size());
  int info = 0;
  fortran::gels("N", &m, &n, &k, a.data(), &m, both.data(), &ldb, work.data(), &size, &info, 1);
  for (std::int64_t j = 0; j < k; ++j)
    for (std::int64_t i = 0; i < n; ++i) x(i, j) = both(i, j);
  return x;
}

/// [[Re A, -Im A], [Im A, Re A]], which has each singular value of A twice; A itself if it is real.
template <lp::Scalar T>
Dense<lp::real_t<T>> real_form(const Dense<T>& a) {
  if constexpr (std::is_floating_point_v<T>) {
    return a;
  } else {
    const std::int64_t m = a.rows(), n = a.cols();
    Dense<lp::real_t<T>> real(2 * m, 2 * n);
    for (std::int64_t j = 0; j < n; ++j)
      for (std::int64_t i = 0; i < m; ++i) {
        real(i, j) = real(m + i, n + j) = a(i, j).real();
        real(m + i, j) = a(i, j).imag();
        real(i, n + j) = -a(i, j).imag();
      }
    return real;
  }
}

/// LAPACK's singular values, in descending order.
template <lp::Scalar T>
std::vector<lp::real_t<T>> gesvd_values(const Dense<T>& matrix) {
  using R = lp::real_t<T>;
  Dense<R> a = real_form(matrix);
  const int m = static_cast<int>(a.rows()), n = static_cast<int>(a.cols()), one = 1,
            lda = std::max(1, m);
  std::vector<R> s(static_cast<std::size_t>(std::min(m, n))),
      work(static_cast<std::size_t>(64 * (m + n) + 64)), once;
  const int size = static_cast<int>(work.size());
  R unused{};
  int info = 0;
  fortran::gesvd("N", "N", &m, &n, a.data(), &lda, s.data(), &unused, &one, &unused, &one,
                 work.data(), &size, &info, 1, 1);
  for (std::size_t i = 0; i < s.size(); i += std::is_floating_point_v<T> ? 1 : 2)
    once.push_back(s[i]);
  return once;
}

/// LAPACK's eigenvalues of a Hermitian matrix, in ascending order.
template <lp::Scalar T>
std::vector<lp::real_t<T>> syev_values(const Dense<T>& matrix) {
  using R = lp::real_t<T>;
  Dense<R> a = real_form(matrix);
  const int n = static_cast<int>(a.rows()), lda = std::max(1, n);
  std::vector<R> w(static_cast<std::size_t>(n)), work(static_cast<std::size_t>(64 * n + 64)), once;
  const int size = static_cast<int>(work.size());
  int info = 0;
  fortran::syev("N", "L", &n, a.data(), &lda, w.data(), work.data(), &size, &info, 1, 1);
  for (std::size_t i = 0; i < w.size(); i += std::is_floating_point_v<T> ? 1 : 2)
    once.push_back(w[i]);
  return once;
}

}  // namespace matrices
