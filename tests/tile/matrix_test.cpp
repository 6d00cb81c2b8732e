#include "lambdapack/tile/matrix.hpp"

#include "support.hpp"

namespace matrix_test {

using namespace tile_test;
using lp::TiledMatrix;

TEMPLATE_TEST_CASE("a new matrix is zero, in ragged tiles", "", float, double, std::complex<float>,
                   std::complex<double>) {
  for (const Shape& s : shapes()) {
    INFO(text(s));
    const TiledMatrix<TestType> a(s[0], s[1], s[2], s[3]);
    REQUIRE((a.rows() == s[0] && a.cols() == s[1]));
    REQUIRE((a.tile_rows() == s[2] && a.tile_cols() == s[3]));
    const auto [down, across] = a.extents();
    std::int64_t rows = 0, cols = 0;
    for (std::int64_t i = 0; i < down && across > 0; ++i) rows += a.tile(i, 0).rows();
    for (std::int64_t j = 0; j < across && down > 0; ++j) cols += a.tile(0, j).cols();
    if (down > 0 && across > 0) REQUIRE((rows == s[0] && cols == s[1]));
    for (std::int64_t i = 0; i < s[0]; ++i)
      for (std::int64_t j = 0; j < s[1]; ++j) REQUIRE(a(i, j) == TestType{});
  }
}

TEST_CASE("extents count tiles") {
  REQUIRE(TiledMatrix<double>(7, 9, 3, 4).extents() == std::array<std::int64_t, 2>{3, 3});
  REQUIRE(TiledMatrix<double>(3, 3, 256).extents() == std::array<std::int64_t, 2>{1, 1});
  REQUIRE(TiledMatrix<double>(0, 0, 2).extents() == std::array<std::int64_t, 2>{0, 0});
  REQUIRE(TiledMatrix<double>(0, 5, 2).extents() == std::array<std::int64_t, 2>{0, 3});
}

TEST_CASE("from and copy_to are inverse, with any leading dimension") {
  for (const Shape& s : shapes()) {
    INFO(text(s));
    const std::int64_t ld = s[0] + 3;
    std::vector<double> in(static_cast<std::size_t>(ld * s[1]), -1), out(in.size(), -1);
    for (std::int64_t j = 0; j < s[1]; ++j)
      for (std::int64_t i = 0; i < s[0]; ++i)
        in[static_cast<std::size_t>(i + j * ld)] = value<double>(i, j);
    const auto a = TiledMatrix<double>::from(in.data(), s[0], s[1], ld, s[2], s[3]);
    a.copy_to(out.data(), ld);
    REQUIRE(in == out);
    REQUIRE(same(a.to_dense(), dense_values<double>(s[0], s[1])));
    for (std::int64_t j = 0; j < s[1]; ++j)
      for (std::int64_t i = 0; i < s[0]; ++i) REQUIRE(a(i, j) == value<double>(i, j));
  }
}

TEST_CASE("elements and tiles can be set") {
  TiledMatrix<double> a(5, 5, 2);
  a(4, 3) = 7;
  REQUIRE(a.tile(2, 1)(0, 1) == 7);
  a.tile(0, 2)(1, 0) = 8;
  REQUIRE(a(1, 4) == 8);
}

TEST_CASE("a matrix is a value") {
  auto a = matrix_values<double>(5, 4, 2, 2);
  auto b = a;
  b(0, 0) = -1;
  REQUIRE(a(0, 0) == 0.5);
  const auto c = std::move(b);
  REQUIRE(c(0, 0) == -1);
  REQUIRE((b.rows() == 0 && b.extents()[0] == 0 && b.is_complete()));
  REQUIRE(b.to_dense().size() == 0);
  const TiledMatrix<double> d = b;
  REQUIRE(d.rows() == 0);
  REQUIRE(bind(b, 2)->extents() == std::vector<std::int64_t>{0, 0});
  b = c;
  REQUIRE(same(b.to_dense(), c.to_dense()));
}

TEST_CASE("a tile that a run still holds is not changed by its owner") {
  auto a = matrix_values<double>(4, 4, 2, 2);
  const auto store = bind(a, 2);
  store->begin(lp::tile::Use::read);
  const lp::tile::Tile held = store->load(std::array<std::int64_t, 2>{0, 0});
  store->commit();
  a(0, 0) = -1;
  REQUIRE(held.get<lp::tile::Dense<double>>()(0, 0) == 0.5);
  REQUIRE(a(0, 0) == -1);
}

TEST_CASE("impossible shapes are refused") {
  const auto make = [](std::int64_t m, std::int64_t n, std::int64_t tm, std::int64_t tn) {
    return refusal([=] { TiledMatrix<double>(m, n, tm, tn); });
  };
  REQUIRE(make(-1, 2, 1, 1) == "a matrix cannot be -1 x 2; give it a shape of at least 0 x 0");
  require_parts(make(2, 2, 0, 1), {"a tile cannot be 0 x 1", "at least 1 x 1"});
  require_parts(make(2, 2, 1, -5), {"a tile cannot be 1 x -5"});
  require_parts(make(INT64_MAX, INT64_MAX, 1, 1), {"does not fit any memory"});
  double element = 0;
  require_parts(refusal([&] { TiledMatrix<double>::from(&element, 4, 1, 3, 2); }),
                {"leading dimension of 3 is too small for 4 rows"});
  require_parts(refusal([&] { TiledMatrix<double>(4, 1, 2).copy_to(&element, 3); }),
                {"leading dimension"});
}

TEST_CASE("elements and tiles out of range are refused") {
  TiledMatrix<double> a(5, 4, 2);
  const TiledMatrix<double>& c = a;
  require_parts(refusal([&] { a(5, 0); }), {"element (5, 0) is outside of", "5 x 4", "from 0"});
  require_parts(refusal([&] { c(0, -1); }), {"element (0, -1)"});
  require_parts(refusal([&] { a.tile(3, 0); }), {"tile (3, 0)", "3 x 2 tiles"});
  require_parts(refusal([&] { c.tile(0, 2); }), {"tile (0, 2)"});
  REQUIRE_THROWS_AS(TiledMatrix<double>()(0, 0), lp::input_error);
}

TEST_CASE("a matrix of given tiles") {
  using lp::tile::Dense;
  using lp::tile::Tile;
  const auto tiles = [](std::int64_t last) {
    return std::vector<Tile>{Tile::make(dense_values<double>(2, 2)),
                             Tile::make(dense_values<double>(last, 2))};
  };
  const auto a = TiledMatrix<double>::from_tiles(3, 2, 2, 2, tiles(1));
  REQUIRE(a(2, 1) == 1.5);
  require_parts(refusal([&] { TiledMatrix<double>::from_tiles(3, 2, 2, 2, tiles(2)); }),
                {"tile (1, 0)", "is 2 x 2", "expected 1 x 2 float64"});
  require_parts(refusal([&] { TiledMatrix<double>::from_tiles(3, 2, 3, 2, tiles(1)); }),
                {"1 tiles cannot be made of 2"});
  require_parts(refusal([&] {
                  TiledMatrix<double>::from_tiles(1, 1, 1, 1,
                                                  {Tile::make(Dense<float>::zeros(1, 1))});
                }),
                {"of type float32", "expected 1 x 1 float64"});
}

}  // namespace matrix_test
