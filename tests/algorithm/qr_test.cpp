// QR, its Q, and least squares, checked as LAPACK checks itself: scaled residuals under 30.
#include "lambdapack/algorithm/qr.hpp"

#include <unistd.h>

#include <Eigen/Dense>
#include <catch2/catch.hpp>
#include <complex>
#include <filesystem>
#include <functional>
#include <string>
#include <type_traits>

#include "algorithm/orthogonal.hpp"
#include "lambdapack/algorithm/least_squares.hpp"
#include "lambdapack/algorithm/tsqr.hpp"

using lp::QrTree;
using lp::TiledMatrix;
using namespace orthogonal;

namespace {

/// Square, tall, wide, one column, one row, one tile, prime sizes, tiles cut short, nothing.
const Shape shapes[] = {{48, 48, 16}, {60, 24, 12}, {24, 60, 12}, {97, 1, 16},  {1, 7, 4},
                        {9, 9, 16},   {67, 41, 16}, {41, 67, 16}, {101, 13, 7}, {90, 80, 40},
                        {0, 5, 4},    {5, 0, 4},    {0, 0, 4}};

/// Factors A and checks A = Q R, Q^H Q = I, Q^H A = R and Q (Q^H A) = A.
template <lp::Scalar T>
void check(const Matrix<T>& a, std::int64_t tile, lp::QrOptions options) {
  const auto A = tiled<T>(a, tile);
  const auto f = lp::qr(A, lp::threads{2}, options);
  const Matrix<T> q = eigen(lp::form_q(f, lp::threads{2})), r = eigen(f.r());
  CHECK(r.isUpperTriangular(0));
  CHECK(residual<T>(a, q * r) < threshold);
  CHECK(residual<T>(Matrix<T>::Identity(q.cols(), q.cols()), q.adjoint() * q, q.rows()) <
        threshold);
  auto C = A;
  f.apply_q_adjoint(C, lp::threads{2});
  Matrix<T> expected = Matrix<T>::Zero(a.rows(), a.cols());
  expected.topRows(r.rows()) = r;
  CHECK(residual<T>(expected, eigen(C)) < threshold);
  f.apply_q(C, lp::sequential{});
  CHECK(residual<T>(a, eigen(C)) < threshold);
}

std::string sentence_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const lp::error& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEMPLATE_TEST_CASE("qr by a flat tree, and by shape", "[algorithm]", SCALARS) {
  using T = TestType;
  for (const Shape s : shapes) {
    CAPTURE(s.rows, s.cols, s.tile);
    check<T>(random<T>(s.rows, s.cols), s.tile, {QrTree::flat});
    check<T>(random<T>(s.rows, s.cols), s.tile, {});
  }
}

TEST_CASE("qr by trees", "[algorithm]") {
  for (const QrTree tree : {QrTree::binary, QrTree::flat_trees})
    for (const Shape s : shapes) {
      CAPTURE(s.rows, s.cols, s.tile, static_cast<int>(tree));
      check<double>(random<double>(s.rows, s.cols), s.tile, {tree, 3});
    }
}

TEMPLATE_TEST_CASE("tsqr of one column of tiles, square or high", "[algorithm]", SCALARS) {
  using T = TestType;
  for (const std::int64_t rows : {7, 20, 45, 160, 211})
    for (const std::int64_t domain : {1, 3}) {
      CAPTURE(rows, domain);
      const Matrix<T> a = random<T>(rows, 7);
      const auto A = TiledMatrix<T>::from(a.data(), rows, 7, rows, 20, 7);
      const auto f = lp::tsqr(A, lp::threads{2}, {QrTree::flat_trees, domain});
      const Matrix<T> q = eigen(lp::form_q(f)), r = eigen(f.r());
      CHECK(residual<T>(a, q * r) < threshold);
      CHECK(residual<T>(Matrix<T>::Identity(7, 7), q.adjoint() * q, rows) < threshold);
    }
}

TEMPLATE_TEST_CASE("qr of badly conditioned, tiny and huge matrices", "[algorithm]", SCALARS) {
  using T = TestType;
  using R = lp::real_t<T>;
  for (const double condition : {1e4, 1e8, 1e14})
    check<T>(orthogonal::of_condition<T>(50, 30, condition), 16, {});
  const R tiny = std::numeric_limits<R>::min() * 64, huge = std::numeric_limits<R>::max() / 4096;
  check<T>(random<T>(40, 20) * T(huge), 16, {});
  const Matrix<T> a = random<T>(40, 20);
  const Matrix<T> r = eigen(lp::qr(tiled<T>(a, 16)).r());
  const Matrix<T> small = eigen(lp::qr(tiled<T>(a * T(tiny), 16)).r()) / tiny;
  CHECK(residual<T>(r, small) < 1000);
  check<T>(Matrix<T>::Zero(20, 10), 8, {});
}

TEMPLATE_TEST_CASE("qr gives the same bits on all executors", "[algorithm]", SCALARS) {
  using T = TestType;
  const auto A = tiled<T>(random<T>(130, 70), 32);
  const auto column = tiled<T>(random<T>(200, 20), 20);
  const Matrix<T> expected = eigen(lp::qr(A, lp::sequential{}).tiles());
  const Matrix<T> tree = eigen(lp::qr(column, lp::sequential{}).tiles());
  for (const int workers : {1, 2, 3}) {
    CHECK(eigen(lp::qr(A, lp::threads{workers}).tiles()) == expected);
    CHECK(eigen(lp::qr(column, lp::threads{workers}).tiles()) == tree);
  }
}

TEMPLATE_TEST_CASE("least squares agrees with LAPACK's gels", "[algorithm]", SCALARS) {
  using T = TestType;
  for (const Shape s : {Shape{60, 25, 16}, Shape{25, 60, 16}, Shape{40, 40, 16}, Shape{31, 1, 8},
                        Shape{1, 31, 8}, Shape{200, 9, 9}}) {
    CAPTURE(s.rows, s.cols, s.tile);
    const Matrix<T> a = random<T>(s.rows, s.cols), b = random<T>(s.rows, 3);
    const auto X = lp::least_squares(tiled<T>(a, s.tile),
                                     TiledMatrix<T>::from(b.data(), s.rows, 3, s.rows, s.tile, 2));
    const Matrix<T> expected = orthogonal::gels<T>(a, b);
    CHECK(residual<T>(expected, eigen(X)) < 1000);
  }
}

TEST_CASE("the programs run on arrays, and qr takes Eigen's matrices and files", "[algorithm]") {
  Matrix<double> a = random<double>(50, 30);
  const Matrix<double> original = a;
  const auto f = lp::qr(lp::tiled(a, 16));
  CHECK(a == original);
  const auto path = std::filesystem::temp_directory_path() /
                    ("lambdapack_qr_test_" + std::to_string(::getpid()) + ".npy");
  lp::write_npy(path.string(), tiled<double>(a, 16));
  CHECK(eigen(lp::qr(lp::npy<double>(path.string(), 16)).r()) == eigen(f.r()));
  std::filesystem::remove(path);
  TiledMatrix<double> F(4 * 9, 30, 9, 16);
  auto A = lp::tiled(a, 16);
  lp::run(lp::threads{2}, lp::algorithm::qr_flat<double>, A, F);
  Matrix<double> r = a.topRows(30).triangularView<Eigen::Upper>();
  CHECK(residual<double>(eigen(f.r()), r) < threshold);
}

TEST_CASE("the orthogonal fronts say which shapes they need", "[algorithm]") {
  const TiledMatrix<double> flat_tiles(9, 8, 4, 2), A(9, 8, 4), wide(3, 9, 4), zeros(6, 4, 2);
  CHECK(sentence_of([&] { lp::qr(flat_tiles); }) ==
        "qr: A is 9 x 8 in tiles of 4 x 2, but it needs square tiles, or one column of tiles that "
        "are at least as high as A is wide; cut rows and columns alike");
  CHECK(sentence_of([&] {
          lp::qr(A, lp::threads{}, {QrTree::flat, 0});
        }) == "qr: the domain is 0, but a flat tree is over 1 tile at least; pass 4, for example");
  CHECK(sentence_of([&] { lp::tsqr(A); }) ==
        "tsqr: A is 9 x 8 in tiles of 4 x 4, but it needs one column of tiles that are at least as "
        "high as A is wide; cut it so, or call lp::qr");
  const std::string rows =
      ": the other matrix is 3 x 9 in tiles of 4 x 4, but it needs 9 rows in tiles of 4, as the "
      "matrix that is factored; cut its rows alike";
  auto C = wide;
  CHECK(sentence_of([&] { lp::qr(A).apply_q(C); }) == "apply_q" + rows);
  CHECK(sentence_of([&] { lp::qr(A).apply_q_adjoint(C); }) == "apply_q_adjoint" + rows);
  CHECK(sentence_of([&] { lp::least_squares(A, wide); }) == "least_squares" + rows);
  TiledMatrix<double> square(4, 4, 4), no_inner_block(1, 4, 1, 4);
  CHECK_THAT(sentence_of([&] {
               lp::run(lp::sequential{}, lp::algorithm::qr_flat<double>, square, no_inner_block);
             }),
             Catch::Contains("geqrt: T is 1 x 4, but it needs 4 columns and at least 2 rows, one "
                             "more than the inner block; cut the columns of its matrix as those of "
                             "the matrix that is factored"));
  const std::string singular =
      sentence_of([&] { lp::least_squares(zeros, TiledMatrix<double>(6, 1, 2)); });
  CHECK_THAT(singular, Catch::Contains(
                           "the matrix has not full rank: this diagonal element of its triangular "
                           "factor is 0; leave out columns that depend on others, or use lp::svd"));
}
