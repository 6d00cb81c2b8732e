// Functions over lp::Tiles run as they stand, and as task graphs: to the same bits. Here a program
// of the language is registered for each, as lpc would register its own.
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>

#include <Eigen/Dense>
#include <lambdapack/lambdapack.hpp>

#include "exec/same_everywhere.hpp"
#include "support/plain_in_language.hpp"
#include "support/plain_programs.hpp"

namespace algorithms_test {

namespace {

using test_exec::elements;
using test_exec::for_each_executor;
using test_exec::numbers;
using test_exec::same_bits;

const lp::plain::Registration cholesky(&plain_programs::cholesky,
                                       [] { return lp::trace(plain_in_language::cholesky); });
const lp::plain::Registration lu(&plain_programs::lu,
                                 [] { return lp::trace(plain_in_language::lu); });
const lp::plain::Registration qr(&plain_programs::qr,
                                 [] { return lp::trace(plain_in_language::qr); });
const lp::plain::Registration multiply(&plain_programs::multiply,
                                       [] { return lp::trace(plain_in_language::multiply); });

// Symmetric, with a large diagonal: definite, and safe without pivoting.
lp::TiledMatrix<double> definite(std::int64_t n, std::int64_t tile) {
  lp::TiledMatrix<double> a = numbers(n, n, tile, tile, 5);
  for (std::int64_t j = 0; j < n; ++j) {
    for (std::int64_t i = 0; i < j; ++i) a(i, j) = a(j, i);
    a(j, j) += static_cast<double>(n);
  }
  return a;
}

Eigen::MatrixXd eigen(const lp::TiledMatrix<double>& a) {
  Eigen::MatrixXd m(a.rows(), a.cols());
  a.copy_to(m.data(), a.rows());
  return m;
}

}  // namespace

TEST_CASE("a Cholesky function runs as it stands and on executors, to the same bits") {
  for (const std::int64_t n : {0, 5, 40, 53}) {
    const lp::TiledMatrix<double> a = definite(n, 10);
    lp::TiledMatrix<double> expected = a;
    plain_programs::cholesky(expected);
    const Eigen::MatrixXd l = eigen(expected).triangularView<Eigen::Lower>();
    CHECK((l * l.transpose() - eigen(a)).norm() <= 1e-12 * static_cast<double>(n * n));
    for_each_executor([&](auto executor) {
      lp::TiledMatrix<double> found = a;
      lp::run(executor, plain_programs::cholesky, found);
      CHECK(same_bits(elements(found), elements(expected)));
    });
  }
}

TEST_CASE("an LU function runs as it stands and on executors, to the same bits") {
  const lp::TiledMatrix<double> a = definite(47, 8);
  lp::TiledMatrix<double> expected = a;
  plain_programs::lu(expected);
  const Eigen::MatrixXd f = eigen(expected);
  const Eigen::MatrixXd l = f.triangularView<Eigen::UnitLower>();
  const Eigen::MatrixXd u = f.triangularView<Eigen::Upper>();
  CHECK((l * u - eigen(a)).norm() <= 1e-10);
  for_each_executor([&](auto executor) {
    lp::TiledMatrix<double> found = a;
    lp::run(executor, plain_programs::lu, found);
    CHECK(same_bits(elements(found), elements(expected)));
  });
}

TEST_CASE("a QR function runs as it stands and on executors, to the same bits") {
  struct Shape {
    std::int64_t rows, cols;
  };
  for (const Shape shape : {Shape{40, 40}, Shape{67, 20}, Shape{30, 50}}) {
    const lp::TiledMatrix<double> a = numbers(shape.rows, shape.cols, 10, 10, 7);
    const auto [down, across] = a.extents();
    const lp::TiledMatrix<double> t(down, across * 10, 1, 10);
    lp::TiledMatrix<double> r = a, factors = t;
    plain_programs::qr(r, factors);
    const Eigen::MatrixXd upper = eigen(r).triangularView<Eigen::Upper>();
    const Eigen::MatrixXd gram = eigen(a).transpose() * eigen(a);
    CHECK((upper.transpose() * upper - gram).norm() <= 1e-10 * gram.norm());
    for_each_executor([&](auto executor) {
      lp::TiledMatrix<double> found = a, found_factors = t;
      lp::run(executor, plain_programs::qr, found, found_factors);
      CHECK(same_bits(elements(found), elements(r)));
      CHECK(same_bits(elements(found_factors), elements(factors)));
    });
  }
}

TEST_CASE("a product function runs as it stands and on executors, to the same bits") {
  const lp::TiledMatrix<double> a = numbers(33, 25, 10, 10, 1), b = numbers(25, 48, 10, 10, 2);
  lp::TiledMatrix<double> expected = numbers(33, 48, 10, 10, 3);
  plain_programs::multiply(a, b, expected);
  CHECK((eigen(a) * eigen(b) - eigen(expected)).norm() <= 1e-12);
  for_each_executor([&](auto executor) {
    lp::TiledMatrix<double> found(33, 48, 10);
    lp::run(executor, plain_programs::multiply, a, b, found);
    CHECK(same_bits(elements(found), elements(expected)));
  });
}

TEST_CASE("a function over tiles runs on a matrix of Eigen") {
  const lp::TiledMatrix<double> a = definite(37, 10);
  lp::TiledMatrix<double> expected = a;
  plain_programs::cholesky(expected);
  Eigen::MatrixXd in_place = eigen(a), on_threads = eigen(a);
  plain_programs::cholesky(lp::map(in_place, 10));
  lp::run(lp::threads{2}, plain_programs::cholesky, lp::map(on_threads, 10));
  CHECK(in_place == eigen(expected));
  CHECK(on_threads == eigen(expected));
}

}  // namespace algorithms_test
