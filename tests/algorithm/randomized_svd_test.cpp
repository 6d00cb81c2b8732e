// Randomized singular values and vectors, against LAPACK and the bounds that they have.
#include "lambdapack/algorithm/randomized_svd.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>
#include <vector>

#include "algorithm/matrices.hpp"

namespace randomized_svd_test {

using lp::TiledMatrix;
using namespace matrices;

namespace {

/// U diag(s) V^H with singular values that fall from 1 by `ratio` each, `rank` of them.
template <lp::Scalar T>
Dense<T> falling(std::int64_t rows, std::int64_t cols, std::int64_t rank, double ratio) {
  std::vector<double> s;
  for (std::int64_t i = 0; i < rank; ++i) s.push_back(std::pow(ratio, static_cast<double>(i)));
  return product(columns_times(random_orthogonal<T>(rows, rank), s),
                 adjoint(random_orthogonal<T>(cols, rank)));
}

/// ||A - U diag(s) V^H||, in the spectral norm.
template <lp::Scalar T>
double error_of(const Dense<T>& a, const lp::Svd<T>& d) {
  const Dense<T> nearly = product(a, T(-1), columns_times(Dense<T>(d.u.to_dense()), d.s),
                                  adjoint(Dense<T>(d.v.to_dense())));
  return static_cast<double>(gesvd_values<T>(nearly)[0]);
}

template <lp::Scalar T>
void check_orthonormal(const lp::Svd<T>& d, std::int64_t k) {
  const Dense<T> u = d.u.to_dense(), v = d.v.to_dense(), one = identity<T>(k, k);
  CHECK(residual(one, product(adjoint(u), u), u.rows()) < threshold);
  CHECK(residual(one, product(adjoint(v), v), v.rows()) < threshold);
  CHECK(std::is_sorted(d.s.rbegin(), d.s.rend()));
  CHECK(d.s.size() == static_cast<std::size_t>(k));
}

}  // namespace

TEMPLATE_TEST_CASE("randomized_svd of all singular values is svd", "[algorithm]", SCALARS) {
  using T = TestType;
  for (const Shape s :
       {Shape{40, 40, 16}, {67, 23, 16}, {23, 67, 7}, {31, 1, 8}, {1, 31, 8}, {1, 1, 4}}) {
    CAPTURE(s.rows, s.cols);
    const std::int64_t k = std::min(s.rows, s.cols);
    const Dense<T> a = random_tile<T>(s.rows, s.cols);
    const auto d = lp::randomized_svd(tiled(a, s.tile), k, {.iterations = 1}, lp::threads{2});
    check_orthonormal(d, k);
    CHECK(residual(a, product(columns_times(Dense<T>(d.u.to_dense()), d.s),
                              adjoint(Dense<T>(d.v.to_dense())))) < threshold);
    const auto expected = gesvd_values<T>(a);
    for (std::size_t i = 0; i < d.s.size(); ++i)
      CHECK(std::abs(double(d.s[i] - expected[i])) <=
            threshold * double(std::max(s.rows, s.cols)) * eps<T>() * 2 * double(expected[0]));
  }
}

TEMPLATE_TEST_CASE("randomized_svd of the largest singular values: as near as can be",
                   "[algorithm]", SCALARS) {
  using T = TestType;
  const double ulp = 2 * eps<T>();
  for (const Shape s : {Shape{150, 100, 32}, {100, 150, 32}, {300, 280, 64}})
    for (const std::int64_t iterations : {0, 2}) {
      CAPTURE(s.rows, s.cols, iterations);
      const std::int64_t k = 12;
      const Dense<T> a = falling<T>(s.rows, s.cols, 60, 0.7);
      const auto d =
          lp::randomized_svd(tiled(a, s.tile), k, {.iterations = iterations}, lp::threads{2});
      check_orthonormal(d, k);
      const double next = std::pow(0.7, static_cast<double>(k));
      CHECK(error_of(a, d) < (iterations == 0 ? 3 : 1.01) * next + 300 * ulp);
      if (iterations == 2)
        for (std::int64_t i = 0; i < k; ++i)
          CHECK(double(d.s[static_cast<std::size_t>(i)]) ==
                Approx(std::pow(0.7, static_cast<double>(i))).epsilon(1e-3));
    }
  const Dense<T> low = falling<T>(90, 70, 5, 0.5);
  CHECK(error_of(low, lp::randomized_svd(tiled(low, 16), 8)) < 1000 * ulp);
}

TEMPLATE_TEST_CASE("randomized_svd of zero, tiny and huge matrices", "[algorithm]", SCALARS) {
  using T = TestType;
  using R = lp::real_t<T>;
  const auto zero = lp::randomized_svd(TiledMatrix<T>(20, 10, 8), 3);
  CHECK(zero.s == std::vector<R>(3));
  check_orthonormal(zero, 3);
  const Dense<T> a = falling<T>(50, 40, 30, 0.5);
  const auto expected = lp::randomized_svd(tiled(a, 16), 4).s;
  for (const int exponent :
       {std::numeric_limits<R>::max_exponent - 8, std::numeric_limits<R>::min_exponent + 30}) {
    const auto s = lp::randomized_svd(tiled(scaled(a, std::scalbn(R(1), exponent)), 16), 4).s;
    for (std::size_t i = 0; i < s.size(); ++i)
      CHECK(double(std::scalbn(s[i], -exponent)) == Approx(double(expected[i])).epsilon(1e-4));
  }
}

TEMPLATE_TEST_CASE("randomized_svd gives the same bits for any tiles and executor", "[algorithm]",
                   SCALARS) {
  using T = TestType;
  const Dense<T> a = random_tile<T>(300, 90);
  const auto expected = lp::randomized_svd(tiled(a, 64), 5, {}, lp::sequential{});
  const auto is_same = [&](const lp::Svd<T>& d) {
    CHECK(d.s == expected.s);
    CHECK(same_bits(d.u.to_dense(), expected.u.to_dense()));
    CHECK(same_bits(d.v.to_dense(), expected.v.to_dense()));
  };
  for (const int workers : {1, 3})
    is_same(lp::randomized_svd(tiled(a, 64), 5, {}, lp::threads{workers}));
  is_same(lp::randomized_svd(tiled(a, 17, 31), 5));
  const auto other = lp::randomized_svd(tiled(a, 64), 5, {.seed = 1});
  CHECK(other.s != expected.s);
}

TEST_CASE("randomized_svd says what it cannot do", "[algorithm]") {
  const TiledMatrix<double> A(6, 4, 4);
  const auto none = lp::randomized_svd(A, 0);
  CHECK(none.s.empty());
  CHECK(none.u.rows() == 6);
  CHECK(none.v.cols() == 0);
  CHECK(said<lp::input_error>([&] { lp::randomized_svd(A, 5); }) ==
        "randomized_svd: 5 singular values are asked for, but A has 4; ask for 0 to 4");
  CHECK(said<lp::input_error>([&] { lp::randomized_svd(A, 2, {.oversampling = -1}); }) ==
        "randomized_svd: the oversampling is -1 and 2 iterations are asked for, but neither can be "
        "below 0; pass 10 and 2, for example");
  TiledMatrix<double> B(6, 4, 4);
  B(5, 3) = std::numeric_limits<double>::quiet_NaN();
  CHECK(said<lp::input_error>([&] { lp::randomized_svd(B, 2); }) ==
        "randomized_svd: tile (1, 0) of A holds a NaN or an infinity; check the input");
}

}  // namespace randomized_svd_test
