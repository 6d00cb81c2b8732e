// LQ and its Q, checked as LAPACK checks itself: scaled residuals under 30.
#include "lambdapack/algorithm/lq.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>
#include <string>

#include "algorithm/matrices.hpp"
#include "lambdapack/algorithm/least_squares.hpp"

namespace lq_test {

using lp::TiledMatrix;
using namespace matrices;

namespace {

/// Square, wide, tall, one row, one column, one tile, prime sizes, tiles cut short, nothing.
const Shape shapes[] = {{48, 48, 16}, {24, 60, 12}, {60, 24, 12}, {1, 97, 16},  {7, 1, 4},
                        {9, 9, 16},   {41, 67, 16}, {67, 41, 16}, {13, 101, 7}, {80, 90, 40},
                        {5, 0, 4},    {0, 5, 4},    {0, 0, 4}};

/// Factors A and checks A = L Q, Q Q^H = I, A Q^H = L and (A Q^H) Q = A.
template <lp::Scalar T>
void check(const Dense<T>& a, std::int64_t tile_rows, std::int64_t tile_cols) {
  const auto A = tiled(a, tile_rows, tile_cols);
  const auto f = lp::lq(A, lp::threads{2});
  const Dense<T> q = lp::form_q(f, lp::threads{2}).to_dense(), l = f.l().to_dense();
  CHECK(is_upper(adjoint(l)));
  CHECK(residual(a, product(l, q)) < threshold);
  CHECK(residual(identity<T>(q.rows(), q.rows()), product(q, adjoint(q)), q.cols()) < threshold);
  auto C = A;
  f.apply_q_adjoint(C, lp::Side::right, lp::threads{2});
  CHECK(residual(product(l, identity<T>(l.cols(), a.cols())), C.to_dense()) < threshold);
  f.apply_q(C, lp::Side::right, lp::sequential{});
  CHECK(residual(a, C.to_dense()) < threshold);

  const Dense<T> b = random_tile<T>(a.cols(), 5);
  auto B = tiled(b, tile_cols, 3);
  f.apply_q(B, {}, lp::threads{2});
  Dense<T> first(q.rows(), 5);
  for (std::int64_t j = 0; j < 5; ++j)
    for (std::int64_t i = 0; i < q.rows(); ++i) first(i, j) = B(i, j);
  CHECK(residual(product(q, b), first, a.cols()) < threshold);
  f.apply_q_adjoint(B, {}, lp::threads{2});
  CHECK(residual(b, B.to_dense()) < threshold);
}

}  // namespace

TEMPLATE_TEST_CASE("lq by shape", "[algorithm]", SCALARS) {
  using T = TestType;
  for (const Shape s : shapes) {
    CAPTURE(s.rows, s.cols, s.tile);
    check<T>(random_tile<T>(s.rows, s.cols), s.tile, s.tile);
  }
  check<T>(random_tile<T>(7, 211), 7, 20);
}

TEMPLATE_TEST_CASE("lq of badly conditioned, tiny and huge matrices", "[algorithm]", SCALARS) {
  using T = TestType;
  using R = lp::real_t<T>;
  for (const double condition : {1e4, 1e8, 1e14})
    check<T>(of_condition<T>(30, 50, condition), 16, 16);
  check<T>(scaled(random_tile<T>(20, 40), std::numeric_limits<R>::max() / 4096), 16, 16);
  check<T>(Dense<T>::zeros(10, 20), 8, 8);
}

TEMPLATE_TEST_CASE("lq is qr of the adjoint", "[algorithm]", SCALARS) {
  using T = TestType;
  const Dense<T> a = random_tile<T>(70, 130);
  const auto l = lp::lq(tiled(a, 32)).l().to_dense();
  const auto r = lp::qr(tiled(adjoint(a), 32), {lp::QrTree::flat}).r().to_dense();
  CHECK(residual(adjoint(r), l) < threshold);
}

TEMPLATE_TEST_CASE("lq gives the same bits on all executors", "[algorithm]", SCALARS) {
  using T = TestType;
  const auto A = tiled(random_tile<T>(70, 130), 32), B = tiled(random_tile<T>(70, 9), 32);
  const auto expected = lp::lq(A, lp::sequential{});
  const auto x = lp::least_squares(A, B, {}, lp::sequential{}).to_dense();
  for (const int workers : {1, 3}) {
    const lp::threads threads{workers};
    const auto f = lp::lq(A, threads);
    CHECK(same_bits(f.tiles().to_dense(), expected.tiles().to_dense()));
    CHECK(same_bits(lp::form_q(f, threads).to_dense(),
                    lp::form_q(expected, lp::sequential{}).to_dense()));
    CHECK(same_bits(lp::least_squares(A, B, {}, threads).to_dense(), x));
  }
}

TEMPLATE_TEST_CASE("least squares of wide matrices: the smallest solution, by LQ and by trees",
                   "[algorithm]", SCALARS) {
  using T = TestType;
  for (const double condition : {10.0, 1e3}) {
    const Dense<T> a = of_condition<T>(23, 61, condition), b = random_tile<T>(23, 4);
    const Dense<T> expected = gels<T>(a, b);
    for (const lp::QrTree tree : {lp::QrTree::automatic, lp::QrTree::binary}) {
      const auto X = lp::least_squares(tiled(a, 8), tiled(b, 8, 3), {tree}).to_dense();
      CHECK(solve_ratio(a, Dense<T>(X), b) < threshold);
      CHECK(residual(expected, Dense<T>(X)) < 30 * condition);
    }
  }
}

TEST_CASE("lq says which shapes it needs", "[algorithm]") {
  const TiledMatrix<double> flat_tiles(9, 8, 4, 2), A(9, 5, 4);
  CHECK(said<lp::error>([&] { lp::lq(flat_tiles); }) ==
        "lq: A is 9 x 8 in tiles of 4 x 2, but it needs square tiles, or one row of tiles that are "
        "at least as wide as A is high; cut rows and columns alike");
  const auto expected = [](const std::string& call, const std::string& shape,
                           const std::string& rows) {
    return "lambdapack: " + call + ": C is a matrix in memory (" + shape +
           " float64 in tiles of 4 x 4), but it needs 5 " + rows +
           " in tiles of 4, as the columns of the matrix that is factored; cut its " + rows +
           " alike [lp-E009]";
  };
  TiledMatrix<double> C(9, 3, 4), D(5, 9, 4);
  CHECK(said<lp::error>([&] { lp::lq(A).apply_q(C); }) == expected("apply_q", "9 x 3", "rows"));
  CHECK(said<lp::error>([&] { lp::lq(A).apply_q_adjoint(D, lp::Side::right); }) ==
        expected("apply_q_adjoint", "5 x 9", "columns"));
}

}  // namespace lq_test
