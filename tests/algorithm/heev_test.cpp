// Eigenvalues and eigenvectors of Hermitian matrices, checked as LAPACK checks itself, and against
// LAPACK.
#include "lambdapack/algorithm/heev.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <complex>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "algorithm/matrices.hpp"
#include "support/folder.hpp"

namespace heev_test {

using lp::Part;
using lp::TiledMatrix;
using namespace matrices;

namespace {

/// One tile, several, prime sizes, tiles cut short, one element, nothing, and orders at which the
/// band becomes wider.
constexpr std::int64_t orders[] = {48, 97, 61, 33, 32, 31, 5, 2, 1, 0};

template <lp::Scalar T>
Dense<T> random_hermitian(std::int64_t n) {
  Dense<T> a = random_tile<T>(n, n);
  for (std::int64_t j = 0; j < n; ++j) {
    a(j, j) = T(std::real(a(j, j)));
    for (std::int64_t i = 0; i < j; ++i) a(i, j) = conj(a(j, i));
  }
  return a;
}

/// V diag(w) V^H.
template <lp::Scalar T>
Dense<T> of_eigenvalues(const std::vector<double>& w) {
  const auto n = static_cast<std::int64_t>(w.size());
  const Dense<T> v = random_orthogonal<T>(n, n);
  Dense<T> a = product(columns_times(v, w), adjoint(v));
  for (std::int64_t j = 0; j < n; ++j) {
    a(j, j) = T(std::real(a(j, j)));
    for (std::int64_t i = 0; i < j; ++i) a(i, j) = conj(a(j, i));
  }
  return a;
}

/// The largest difference of two lists of eigenvalues, in units of n eps ||A||.
template <class R>
double distance(const std::vector<R>& a, const std::vector<R>& b) {
  REQUIRE(a.size() == b.size());
  double worst = 0, norm = 0;
  for (const R value : b) norm = std::max(norm, std::abs(double(value)));
  for (std::size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(double(a[i] - b[i])));
  return worst == 0 ? 0
                    : worst / (double(a.size()) * double(std::numeric_limits<R>::epsilon()) * norm);
}

/// A with NaNs in the triangle that is not `part`.
template <lp::Scalar T>
Dense<T> only(Part part, Dense<T> a) {
  for (std::int64_t j = 0; j < a.cols(); ++j)
    for (std::int64_t i = 0; i < a.rows(); ++i)
      if (part == Part::lower ? i < j : i > j)
        a(i, j) = T(std::numeric_limits<lp::real_t<T>>::quiet_NaN());
  return a;
}

template <lp::Scalar T>
void check(const Dense<T>& a, std::int64_t tile, Part part = Part::lower) {
  CAPTURE(a.rows(), tile);
  const auto A = tiled(only(part, a), tile);
  const auto expected = syev_values<T>(a);
  CHECK(distance(lp::heev_values(A, {part}, lp::threads{2}), expected) < threshold);
  const auto d = lp::heev(A, {part}, lp::threads{2});
  CHECK(distance(d.w, expected) < threshold);
  CHECK(std::is_sorted(d.w.begin(), d.w.end()));
  const Dense<T> v = d.v.to_dense();
  CHECK(residual(a, product(columns_times(v, d.w), adjoint(v))) < threshold);
  CHECK(residual(identity<T>(a.rows(), a.rows()), product(adjoint(v), v)) < threshold);
}

}  // namespace

TEMPLATE_TEST_CASE("heev agrees with LAPACK's syev and its own definition", "[algorithm]",
                   SCALARS) {
  using T = TestType;
  for (const std::int64_t n : orders)
    for (const Part part : {Part::lower, Part::upper}) check<T>(random_hermitian<T>(n), 16, part);
}

TEMPLATE_TEST_CASE("heev of matrices that need many sweeps and wide bands", "[algorithm]", double,
                   std::complex<double>) {
  check<TestType>(random_hermitian<TestType>(421), 128);
}

TEMPLATE_TEST_CASE("heev of equal, zero, badly conditioned, tiny and huge eigenvalues",
                   "[algorithm]", SCALARS) {
  using T = TestType;
  using R = lp::real_t<T>;
  for (const double condition : {1e4, 1e14}) {
    std::vector<double> w = singular_values(70, condition);
    for (std::size_t i = 0; i < w.size(); i += 2) w[i] = -w[i];
    check<T>(of_eigenvalues<T>(w), 16);
  }
  std::vector<double> equal(50, 2.0);
  for (std::size_t i = 0; i < 20; ++i) equal[i] = i < 10 ? -2.0 : 0.0;
  check<T>(of_eigenvalues<T>(equal), 16);
  check<T>(identity<T>(40, 40), 16);
  check<T>(Dense<T>::zeros(40, 40), 16);

  const Dense<T> a = random_hermitian<T>(50);
  const auto expected = lp::heev_values(tiled(a, 16));
  for (const int exponent :
       {std::numeric_limits<R>::max_exponent - 8, std::numeric_limits<R>::min_exponent + 30}) {
    auto values = lp::heev_values(tiled(scaled(a, std::scalbn(R(1), exponent)), 16));
    for (R& value : values) value = std::scalbn(value, -exponent);
    CHECK(distance(values, expected) < threshold);
  }
}

TEMPLATE_TEST_CASE("heev gives the same bits on all executors", "[algorithm]", SCALARS) {
  using T = TestType;
  const auto A = tiled(random_hermitian<T>(150), 32);
  const auto expected = lp::heev(A, {}, lp::sequential{});
  const auto values = lp::heev_values(A, {}, lp::sequential{});
  for (const int workers : {1, 3}) {
    const auto d = lp::heev(A, {}, lp::threads{workers});
    CHECK(d.w == expected.w);
    CHECK(same_bits(d.v.to_dense(), expected.v.to_dense()));
    CHECK(d.reports.size() == expected.reports.size());
    CHECK(lp::heev_values(A, {}, lp::threads{workers}) == values);
  }
  const auto other = lp::heev(tiled(A.to_dense(), 7, 41), {}, lp::sequential{});
  CHECK(other.w == expected.w);
  CHECK(same_bits(other.v.to_dense(), expected.v.to_dense()));
}

TEST_CASE("heev refuses what is not square and what is no number", "[algorithm]") {
  CHECK(said<lp::input_error>([] { lp::heev(TiledMatrix<double>(3, 5, 2)); }) ==
        "heev: A is 3 x 5 in tiles of 2 x 2, but it must be square; pass a square matrix "
        "[lp-E009]");
  TiledMatrix<double> A(5, 5, 2);
  A(4, 1) = std::numeric_limits<double>::infinity();
  CHECK(said<lp::input_error>([&] { lp::heev_values(A); }) ==
        "heev_values: element (4, 1) of A is a NaN or an infinity; check the input");
  CHECK(lp::heev_values(A, {.part = Part::upper}) == std::vector<double>(5));
  A(1, 4) = std::numeric_limits<double>::quiet_NaN();
  CHECK(said<lp::input_error>([&] { lp::heev(A, {.part = Part::upper}); }) ==
        "heev: element (1, 4) of A is a NaN or an infinity; check the input");
}

TEST_CASE("heev of a matrix with too many eigenvectors is refused before it is read",
          "[algorithm]") {
  const test_support::Folder folder;
  std::filesystem::create_directory(folder.file("A.zarr"));
  folder.write("A.zarr/.zarray",
               R"({"zarr_format": 2, "shape": [46001, 46001], "chunks": [46001, 46001],
                   "dtype": "<f4", "order": "F", "fill_value": 0, "compressor": null,
                   "filters": null})");
  CHECK(said<lp::input_error>([&] { lp::heev(lp::zarr<float>(folder.file("A.zarr"))); }) ==
        "lambdapack: ?stedc has no room for the eigenvectors of a matrix of order 46001; it takes "
        "up to 46000; ask for the eigenvalues alone");
}

}  // namespace heev_test
