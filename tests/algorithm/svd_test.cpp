// Singular values and vectors, checked as LAPACK checks itself, and against LAPACK.
#include "lambdapack/algorithm/svd.hpp"

#include <Eigen/Core>
#include <catch2/catch.hpp>
#include <complex>
#include <limits>
#include <type_traits>

#include "algorithm/matrices.hpp"
#include "support/folder.hpp"

namespace svd_test {

using lp::TiledMatrix;
using namespace matrices;

namespace {

/// Square, tall, wide, one column, one row, one element, prime sizes, tiles cut short, nothing;
/// with and without a QR before, and orders at which the band becomes wider.
const Shape shapes[] = {{48, 48, 16},  {97, 89, 16}, {89, 97, 16}, {150, 31, 16},
                        {31, 150, 16}, {70, 1, 16},  {1, 70, 16},  {1, 1, 4},
                        {2, 2, 1},     {3, 0, 4},    {0, 0, 4}};

/// The largest difference of two lists of singular values, in units of max(m, n) eps ||A||.
template <class R>
double distance(const std::vector<R>& a, const std::vector<R>& b, const Shape& s) {
  REQUIRE(a.size() == b.size());
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    worst = std::max(worst, std::abs(double(a[i] - b[i])) /
                                (double(std::max(s.rows, s.cols)) *
                                 double(std::numeric_limits<R>::epsilon()) * double(b[0])));
  return worst;
}

template <lp::Scalar T>
void check(const Dense<T>& a, const Shape& s) {
  CAPTURE(s.rows, s.cols, s.tile);
  const auto A = tiled(a, s.tile);
  const auto expected = matrices::gesvd_values<T>(a);
  CHECK(distance(lp::singular_values(A, lp::threads{2}), expected, s) < threshold);

  const auto d = lp::svd(A, lp::threads{2});
  CHECK(distance(d.s, expected, s) < threshold);
  CHECK(std::is_sorted(d.s.rbegin(), d.s.rend()));
  const Dense<T> u = d.u.to_dense(), v = d.v.to_dense(), one = identity<T>(u.cols(), u.cols());
  CHECK(residual(a, product(columns_times(u, d.s), adjoint(v))) < threshold);
  CHECK(residual(one, product(adjoint(u), u), std::max(s.rows, s.cols)) < threshold);
  CHECK(residual(one, product(adjoint(v), v), std::max(s.rows, s.cols)) < threshold);
}

}  // namespace

TEMPLATE_TEST_CASE("svd agrees with LAPACK's gesvd and its own definition", "[algorithm]",
                   SCALARS) {
  using T = TestType;
  for (const Shape& s : shapes) check<T>(random_tile<T>(s.rows, s.cols), s);
}

TEST_CASE("svd of matrices that need many sweeps and wide bands", "[algorithm]") {
  const Shape s{530, 520, 128};
  check<double>(random_tile<double>(s.rows, s.cols), s);
}

TEMPLATE_TEST_CASE("svd of badly conditioned, zero, tiny and huge matrices", "[algorithm]",
                   SCALARS) {
  using T = TestType;
  using R = lp::real_t<T>;
  const Shape s{60, 50, 16};
  for (const double condition : {1e4, 1e14})
    check<T>(matrices::of_condition<T>(s.rows, s.cols, condition), s);
  for (const R value : lp::singular_values(TiledMatrix<T>(20, 20, 8))) CHECK(value == 0);
  const Dense<T> a = random_tile<T>(s.rows, s.cols);
  const auto expected = lp::singular_values(tiled(a, s.tile));
  for (const int exponent :
       {std::numeric_limits<R>::max_exponent - 8, std::numeric_limits<R>::min_exponent + 30}) {
    auto values = lp::singular_values(tiled(scaled(a, std::scalbn(R(1), exponent)), s.tile));
    for (R& value : values) value = std::scalbn(value, -exponent);
    CHECK(distance(values, expected, s) < threshold);
  }
}

TEMPLATE_TEST_CASE("svd gives the same bits on all executors", "[algorithm]", SCALARS) {
  using T = TestType;
  const auto A = tiled(random_tile<T>(90, 70), 32);
  const auto expected = lp::svd(A, lp::sequential{});
  const auto values = lp::singular_values(A, lp::sequential{});
  for (const int workers : {1, 2, 3}) {
    const auto d = lp::svd(A, lp::threads{workers});
    CHECK(same_bits(d.u.to_dense(), expected.u.to_dense()));
    CHECK(d.s == expected.s);
    CHECK(same_bits(d.v.to_dense(), expected.v.to_dense()));
    CHECK(lp::singular_values(A, lp::threads{workers}) == values);
  }
}

TEST_CASE("svd takes Eigen's matrices and refuses what is no number", "[algorithm]") {
  const Dense<double> tiles = random_tile<double>(20, 10);
  Eigen::MatrixXd a = Eigen::Map<const Eigen::MatrixXd>(tiles.data(), 20, 10);
  CHECK(lp::singular_values(lp::map(a, 8)) == lp::singular_values(tiled(tiles, 8)));
  a(17, 9) = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_MATCHES(
      lp::singular_values(lp::map(a, 8)), lp::input_error,
      Catch::Message("svd: tile (2, 1) of A holds a NaN or an infinity; check the input"));
  a(17, 9) = std::numeric_limits<double>::infinity();
  CHECK_THROWS_AS(lp::svd(lp::map(a, 8)), lp::input_error);
}

TEST_CASE("svd of a matrix with too many singular vectors is refused before it is read",
          "[algorithm]") {
  const test_support::Folder folder;
  std::filesystem::create_directory(folder.file("A.zarr"));
  folder.write("A.zarr/.zarray",
               R"({"zarr_format": 2, "shape": [40000, 32001], "chunks": [40000, 32001],
                   "dtype": "<f4", "order": "F", "fill_value": 0, "compressor": null,
                   "filters": null})");
  CHECK(said<lp::input_error>([&] { lp::svd(lp::zarr<float>(folder.file("A.zarr"))); }) ==
        "lambdapack: ?bdsdc has no room for the singular vectors of a matrix whose smaller side is "
        "32001; it takes up to 32000; ask for the singular values alone");
}

}  // namespace svd_test
