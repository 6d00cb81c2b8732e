// Transposes, and copies into other tiles.
#include <catch2/catch.hpp>

#include <lambdapack/algorithm/retile.hpp>

#include "algorithm/matrices.hpp"
#include "support/folder.hpp"

namespace retile_test {

using matrices::Dense;
using matrices::said;
using matrices::same_bits;
using matrices::tiled;
using matrices::transposed;

TEMPLATE_TEST_CASE("transposes of ragged matrices", "[algorithm]", SCALARS) {
  using T = TestType;
  for (const matrices::Shape s :
       {matrices::Shape{1, 1, 4}, {23, 10, 4}, {8, 32, 8}, {0, 7, 3}, {64, 64, 64}}) {
    CAPTURE(s.rows, s.cols, s.tile);
    const auto a = reference::random_tile<T>(s.rows, s.cols);
    const auto A = tiled(a, s.tile);
    for (const lp::Op op : {lp::Op::transpose, lp::Op::adjoint}) {
      lp::TiledMatrix<T> B(s.cols, s.rows, s.tile);
      lp::transpose(A, B, op, lp::threads{2});
      CHECK(same_bits(B.to_dense(), transposed(op, a)));
    }
  }
}

TEST_CASE("copies into any other tiles", "[algorithm]") {
  struct Case {
    std::int64_t m, n, a_rows, a_cols, b_rows, b_cols;
  };
  for (const Case& c : {Case{30, 40, 8, 8, 8, 8},
                        {30, 40, 8, 8, 5, 7},
                        {30, 40, 5, 7, 8, 8},
                        {100, 90, 24, 36, 16, 48},
                        {17, 1, 4, 1, 17, 1},
                        {17, 19, 17, 19, 2, 3},
                        {0, 5, 3, 3, 2, 2},
                        {1, 1, 9, 9, 1, 1}}) {
    CAPTURE(c.m, c.n, c.a_rows, c.a_cols, c.b_rows, c.b_cols);
    const auto a = reference::random_tile<double>(c.m, c.n);
    const auto A = tiled(a, c.a_rows, c.a_cols);
    lp::TiledMatrix<double> B(c.m, c.n, c.b_rows, c.b_cols);
    lp::retile(A, B, lp::threads{2});
    CHECK(same_bits(B.to_dense(), a));
    lp::TiledMatrix<std::complex<float>> narrow(c.m, c.n, c.b_rows, c.b_cols);
    lp::retile(A, narrow, lp::sequential{});
    for (std::int64_t j = 0; j < c.n; ++j)
      for (std::int64_t i = 0; i < c.m; ++i)
        REQUIRE(std::as_const(narrow)(i, j) == std::complex<float>(static_cast<float>(a(i, j))));
  }
}

TEST_CASE("copies of files into other chunks, within a limit of memory", "[algorithm]") {
  const test_support::Folder folder;
  const auto a = reference::random_tile<double>(50, 60);
  lp::write_zarr(folder.file("A"), tiled(a, 10));
  lp::retile(lp::zarr<double>(folder.file("A")), lp::zarr<double>(folder.file("B"), 50, 60, 16),
             lp::threads{.workers = 2, .memory = std::int64_t{1} << 30});
  const auto B = lp::read_zarr<double>(folder.file("B"));
  CHECK(B.tile_rows() == 16);
  CHECK(same_bits(B.to_dense(), a));
}

TEST_CASE("transposes and copies of matrices that do not fit", "[algorithm]") {
  using Catch::Contains;
  lp::TiledMatrix<double> A(10, 6, 4), B(10, 6, 4), C(6, 9, 3);
  CHECK_THAT(said<lp::input_error>([&] { lp::transpose(A, B); }), Contains("transposed shape"));
  CHECK_THAT(said<lp::input_error>([&] { lp::transpose(A, B, lp::Op::none); }),
             Contains("lp::retile"));
  CHECK_THAT(said<lp::input_error>([&] { lp::retile(A, C); }), Contains("one shape"));
}

}  // namespace retile_test
