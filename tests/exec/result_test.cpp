// Results: against LAPACK to rounding, and the same to the bit whoever runs the program.
#include <catch2/catch.hpp>
#include <complex>
#include <cstring>
#include <random>
#include <vector>

#include "lambdapack/kernel/lapack.hpp"
#include "support/algorithms.hpp"

namespace result_test {

namespace {

using test_algorithms::cholesky;
using test_algorithms::gemm_chain;
using test_algorithms::solve;

template <class T>
T random_scalar(std::mt19937& random) {
  std::uniform_real_distribution<double> d(-1, 1);
  if constexpr (std::is_same_v<T, lp::real_t<T>>)
    return static_cast<T>(d(random));
  else
    return T(static_cast<lp::real_t<T>>(d(random)), static_cast<lp::real_t<T>>(d(random)));
}

template <class T>
T conjugate(T x) {
  if constexpr (std::is_same_v<T, lp::real_t<T>>)
    return x;
  else
    return std::conj(x);
}

// Hermitian with a dominant diagonal, column-major.
template <class T>
std::vector<T> positive_definite(std::int64_t n, std::mt19937& random) {
  std::vector<T> a(static_cast<std::size_t>(n * n));
  for (std::int64_t j = 0; j < n; ++j)
    for (std::int64_t i = j; i < n; ++i) {
      const T x = i == j ? T(static_cast<lp::real_t<T>>(2 * n + 1)) : random_scalar<T>(random);
      a[static_cast<std::size_t>(i + j * n)] = x;
      a[static_cast<std::size_t>(j + i * n)] = conjugate(x);
    }
  return a;
}

template <class T>
lp::TiledMatrix<T> tiled_copy(const std::vector<T>& a, std::int64_t rows, std::int64_t cols,
                              std::int64_t tile_rows, std::int64_t tile_cols) {
  return lp::TiledMatrix<T>::from(a.data(), rows, cols, rows, tile_rows, tile_cols);
}

template <class T>
std::vector<T> dense(const lp::TiledMatrix<T>& a) {
  std::vector<T> d(static_cast<std::size_t>(a.rows() * a.cols()));
  if (!d.empty()) a.copy_to(d.data(), a.rows());
  return d;
}

template <class T>
bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0);
}

template <class T>
double distance(const std::vector<T>& a, const std::vector<T>& b) {
  double d = 0;
  for (std::size_t k = 0; k < a.size(); ++k) d = std::max(d, double(std::abs(a[k] - b[k])));
  return d;
}

struct Shape {
  std::int64_t n, tile;
};
const Shape shapes[] = {{0, 4},  {1, 1},   {1, 8},   {5, 8},   {8, 8},
                        {13, 4}, {64, 16}, {97, 32}, {130, 41}};

}  // namespace

TEMPLATE_TEST_CASE("Cholesky equals LAPACK's", "", float, double, std::complex<float>,
                   std::complex<double>) {
  std::mt19937 random(7);
  for (const Shape& s : shapes) {
    INFO("n = " << s.n << ", tile = " << s.tile);
    const auto a = positive_definite<TestType>(s.n, random);
    auto expected = a;
    if (s.n > 0) REQUIRE(lp::kernel::lapack::potf2(s.n, expected.data(), s.n) == 0);
    auto A = tiled_copy(a, s.n, s.n, s.tile, s.tile);
    const lp::exec::Report report = lp::run(lp::threads{2}, cholesky<TestType>, A);
    const std::int64_t t = A.extents()[0];
    CHECK(report.tasks == t * (t + 1) * (t + 2) / 6);
    auto found = dense(A);
    for (std::int64_t j = 0; j < s.n; ++j)
      for (std::int64_t i = 0; i < j; ++i)
        found[static_cast<std::size_t>(i + j * s.n)] =
            expected[static_cast<std::size_t>(i + j * s.n)];
    const double eps = std::numeric_limits<lp::real_t<TestType>>::epsilon();
    CHECK(distance(found, expected) <= 30 * eps * std::sqrt(double(2 * s.n + 1)));
  }
}

TEMPLATE_TEST_CASE("the same bits for any executor and number of workers", "", float, double,
                   std::complex<float>, std::complex<double>) {
  std::mt19937 random(11);
  for (const Shape& s : shapes) {
    const auto a = positive_definite<TestType>(s.n, random);
    auto A = tiled_copy(a, s.n, s.n, s.tile, s.tile);
    lp::run(lp::sequential{}, cholesky<TestType>, A);
    for (const int workers : {1, 2, 3, 8}) {
      auto B = tiled_copy(a, s.n, s.n, s.tile, s.tile);
      lp::run(lp::threads{workers}, cholesky<TestType>, B);
      CHECK(same_bits(dense(A), dense(B)));
    }
  }
}

TEST_CASE("products of matrices that are not square, with ragged tiles") {
  std::mt19937 random(13);
  for (const auto& [m, n, k, tile] : {std::tuple<int, int, int, int>{5, 7, 3, 2},
                                      {1, 9, 4, 4},
                                      {16, 16, 16, 16},
                                      {33, 20, 41, 10},
                                      {6, 5, 0, 3},
                                      {0, 5, 3, 2}}) {
    const auto fill = [&](int rows, int cols) {
      std::vector<double> x(static_cast<std::size_t>(rows * cols));
      for (double& v : x) v = random_scalar<double>(random);
      return x;
    };
    const auto a = fill(m, k), b = fill(k, n);
    auto c = fill(m, n);
    const auto A = tiled_copy(a, m, k, tile, tile), B = tiled_copy(b, k, n, tile, tile);
    auto C = tiled_copy(c, m, n, tile, tile);
    for (int j = 0; j < n; ++j)
      for (int i = 0; i < m; ++i)
        for (int l = 0; l < k; ++l)
          c[static_cast<std::size_t>(i + j * m)] +=
              a[static_cast<std::size_t>(i + l * m)] * b[static_cast<std::size_t>(l + j * k)];
    lp::run(lp::threads{2}, gemm_chain<double>, A, B, C);
    CHECK(distance(dense(C), c) < 1e-12);
    CHECK(same_bits(dense(A), a));
  }
}

TEST_CASE("a factor solves systems") {
  std::mt19937 random(17);
  const std::int64_t n = 75, columns = 9;
  const auto a = positive_definite<std::complex<double>>(n, random);
  std::vector<std::complex<double>> x(static_cast<std::size_t>(n * columns)),
      b(static_cast<std::size_t>(n * columns));
  for (auto& v : x) v = random_scalar<std::complex<double>>(random);
  for (std::int64_t c = 0; c < columns; ++c)
    for (std::int64_t j = 0; j < n; ++j)
      for (std::int64_t i = 0; i < n; ++i)
        b[static_cast<std::size_t>(i + c * n)] +=
            a[static_cast<std::size_t>(i + j * n)] * x[static_cast<std::size_t>(j + c * n)];
  auto L = tiled_copy(a, n, n, 16, 16);
  auto X = tiled_copy(b, n, columns, 16, 4);
  lp::run(lp::threads{2}, cholesky<std::complex<double>>, L);
  lp::run(lp::threads{2}, solve<std::complex<double>>, L, X);
  CHECK(distance(dense(X), x) < 1e-12);
}

}  // namespace result_test
