// RQ and its Q, checked as LAPACK checks itself: scaled residuals under 30.
#include "lambdapack/algorithm/rq.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <string>

#include "algorithm/matrices.hpp"

namespace rq_test {

using lp::TiledMatrix;
using namespace matrices;

namespace {

/// Square, wide, tall, one row, one column, one tile, prime sizes, tiles cut short, nothing.
const Shape shapes[] = {{48, 48, 16}, {24, 60, 12}, {60, 24, 12}, {1, 97, 16},
                        {7, 1, 4},    {9, 9, 16},   {41, 67, 16}, {67, 41, 16},
                        {13, 101, 7}, {5, 0, 4},    {0, 5, 4},    {0, 0, 4}};

/// Zeros below the diagonal that ends in the lower right corner.
template <lp::Scalar T>
bool is_upper_from_the_corner(const Dense<T>& r) {
  for (std::int64_t j = 0; j < r.cols(); ++j)
    for (std::int64_t i = j + 1 + r.rows() - r.cols(); i < r.rows(); ++i)
      if (r(i, j) != T(0)) return false;
  return true;
}

/// Factors A and checks A = R Q, Q Q^H = I, A Q^H = [0 R], (A Q^H) Q = A and Q^H (Q B) = B.
template <lp::Scalar T>
void check(const Dense<T>& a, std::int64_t tile_rows, std::int64_t tile_cols) {
  const auto A = tiled(a, tile_rows, tile_cols);
  const auto f = lp::rq(A, lp::threads{2});
  const Dense<T> q = lp::form_q(f, lp::threads{2}).to_dense(), r = f.r().to_dense();
  CHECK(is_upper_from_the_corner(r));
  CHECK(residual(a, product(r, q)) < threshold);
  CHECK(residual(identity<T>(q.rows(), q.rows()), product(q, adjoint(q)), q.cols()) < threshold);
  auto C = A;
  f.apply_q_adjoint(C, lp::Side::right, lp::threads{2});
  Dense<T> padded = Dense<T>::zeros(a.rows(), a.cols());
  for (std::int64_t j = 0; j < r.cols(); ++j)
    for (std::int64_t i = 0; i < r.rows(); ++i) padded(i, j + a.cols() - r.cols()) = r(i, j);
  CHECK(residual(padded, Dense<T>(C.to_dense())) < threshold);
  f.apply_q(C, lp::Side::right, lp::sequential{});
  CHECK(residual(a, Dense<T>(C.to_dense())) < threshold);

  const Dense<T> b = random_tile<T>(a.cols(), 5);
  auto B = tiled(b, 9, 3);
  f.apply_q(B, {}, lp::threads{2});
  Dense<T> last(q.rows(), 5);
  for (std::int64_t j = 0; j < 5; ++j)
    for (std::int64_t i = 0; i < q.rows(); ++i) last(i, j) = B(i + q.cols() - q.rows(), j);
  CHECK(residual(product(q, b), last, a.cols()) < threshold);
  f.apply_q_adjoint(B, {}, lp::threads{2});
  CHECK(residual(b, Dense<T>(B.to_dense())) < threshold);
}

}  // namespace

TEMPLATE_TEST_CASE("rq by shape", "[algorithm]", SCALARS) {
  using T = TestType;
  for (const Shape s : shapes) {
    CAPTURE(s.rows, s.cols, s.tile);
    check<T>(random_tile<T>(s.rows, s.cols), s.tile, s.tile);
  }
  check<T>(random_tile<T>(20, 50), 7, 11);
  check<T>(of_condition<T>(30, 50, 1e14), 16, 16);
}

TEMPLATE_TEST_CASE("rq gives the same bits on all executors", "[algorithm]", SCALARS) {
  using T = TestType;
  const auto A = tiled(random_tile<T>(70, 130), 32);
  const auto expected = lp::rq(A, lp::sequential{});
  for (const int workers : {1, 3}) {
    const auto f = lp::rq(A, lp::threads{workers});
    CHECK(same_bits(f.r().to_dense(), expected.r().to_dense()));
    CHECK(same_bits(lp::form_q(f, lp::threads{workers}).to_dense(),
                    lp::form_q(expected, lp::sequential{}).to_dense()));
  }
}

TEST_CASE("rq says which shapes its Q needs", "[algorithm]") {
  const TiledMatrix<double> A(9, 5, 4);
  TiledMatrix<double> C(9, 3, 4), D(5, 9, 4);
  CHECK(said<lp::input_error>([&] { lp::rq(A).apply_q(C); }) ==
        "apply_q: C is 9 x 3 in tiles of 4 x 4, but it needs 5 rows, one for each column of the "
        "matrix that is factored [lp-E009]");
  CHECK(said<lp::input_error>([&] { lp::rq(A).apply_q_adjoint(D, lp::Side::right); }) ==
        "apply_q_adjoint: C is 5 x 9 in tiles of 4 x 4, but it needs 5 columns, one for each "
        "column of the matrix that is factored [lp-E009]");
}

}  // namespace rq_test
