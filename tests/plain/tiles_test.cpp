// Tiles as arguments of kernels that are called in place: what kernels see, and what is refused.
#include <catch2/catch.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <lambdapack/lambdapack.hpp>

#include "docs/support.hpp"
#include "exec/same_everywhere.hpp"

namespace tiles_test {

namespace {

using Catch::Matchers::Contains;
using docs_test::said;

void fill(lp::out<double> tile, double value) {
  if (tile.rows() == 0) tile.resize(1, 1);
  for (std::size_t k = 0; k < tile->size(); ++k) tile.data()[k] = value;
}

void accumulate(lp::inout<double> to, lp::in<double> first, lp::in<double> second) {
  to(0, 0) += 10 * first(0, 0);
  to(0, 0) += 100 * second(0, 0);
}

void overwrite(lp::in<double> first, lp::out<double> to, lp::in<double> second) {
  if (to.rows() == 0) to.resize(1, 1);
  to(0, 0) = 1;
  to(0, 0) += 10 * first(0, 0) + 100 * second(0, 0);
}

void note_addresses(std::vector<const void*>& seen, const void* a, const void* b) { seen = {a, b}; }

struct Words {
  std::vector<std::string> words;
  static std::string type_name() { return "Words"; }
  std::size_t byte_size() const { return 0; }
  void write_bytes(std::span<std::byte>) const {}
  static Words read_bytes(std::span<const std::byte>) { return {}; }
};

void append(lp::inout<Words> to, lp::in<Words> from) {
  to->words.insert(to->words.end(), from->words.begin(), from->words.end());
}

lp::TiledMatrix<double> column(std::vector<double> values) {
  const auto n = static_cast<std::int64_t>(values.size());
  return lp::TiledMatrix<double>::from(values.data(), n, 1, n, 1);
}

}  // namespace

TEST_CASE("extents of lp::Tiles count tiles") {
  lp::TiledMatrix<double> a(25, 11, 10, 5);
  lp::Tiles<double>& tiles = a;
  CHECK(tiles.rows() == 3);
  CHECK(tiles.cols() == 3);
  CHECK(tiles.extent(1) == 3);
  a = lp::TiledMatrix<double>(40, 5, 10, 5);
  CHECK(tiles.rows() == 4);
  CHECK_THROWS_WITH(tiles.extent(2), Contains("extent(2) of lp::Tiles of rank 2"));
  lp::TiledMatrix<double> x(25, 10, 10, 10);
  lp::Tiles<double, 1>& as_column = x;
  CHECK(as_column.rows() == 3);
}

TEST_CASE("a function over lp::Tiles that is called as it stands may look at a tile") {
  lp::TiledMatrix<double> a = column({3, 4});
  lp::Tiles<double>& tiles = a;
  const lp::Tiles<double>& read = tiles;
  CHECK(tiles(1, 0)(0, 0) == 4);
  CHECK(read(1, 0)(0, 0) == 4);
  CHECK(tiles(0, 0).rows() == 1);
  CHECK(tiles(0, 0).cols() == 1);
  if (tiles(0, 0)(0, 0) > 2) fill(tiles(0, 0), tiles(0, 0)(0, 0) + tiles(1, 0)(0, 0));
  CHECK(read(0, 0)(0, 0) == 7);
  CHECK_THROWS_AS(tiles(2, 0)(0, 0), lp::input_error);
}

TEST_CASE(
    "an index of lp::Tiles that is out of range is refused with the array, index and extent") {
  lp::TiledMatrix<double> a(25, 25, 10);
  lp::Tiles<double>& tiles = a;
  CHECK(said<lp::input_error>([&] { potrf(tiles(0, 3)); }) ==
        "lambdapack: tile (0, 3) is outside of a matrix in memory (25 x 25 float64 in tiles of "
        "10 x 10): index 1 is 3, and there are 3 tiles in that dimension; check the bounds of the "
        "loops, indices count from 0 [lp-E004]");
  CHECK_THROWS_AS(potrf(tiles(-1, 0)), lp::input_error);
  CHECK_THROWS_AS(sum(tiles(0, 0), tiles(lp::range(0, 4), 0)), lp::input_error);
}

TEST_CASE("an object that does not fit the rank of lp::Tiles is refused") {
  lp::TiledMatrix<double> a(25, 25, 10);
  const std::string what = said<lp::input_error>([&] {
    lp::Tiles<double, 1>& x = a;
    x.rows();
  });
  CHECK_THAT(what, Contains("cannot be bound as an array of rank 1"));
}

TEST_CASE("a kernel called in place sees each tile at one address") {
  lp::TiledMatrix<double> a = column({1, 2, 3});
  lp::Tiles<double>& tiles = a;
  std::vector<const void*> seen;
  const auto look = [&](lp::in<double> x, lp::in<double> y) { note_addresses(seen, &*x, &*y); };
  look(tiles(1, 0), tiles(1, 0));
  CHECK(seen[0] == seen[1]);
  look(tiles(1, 0), tiles(2, 0));
  CHECK(seen[0] != seen[1]);
  const auto change = [&](lp::inout<double> x, lp::in<double> y) {
    note_addresses(seen, &*x, &*y);
  };
  change(tiles(1, 0), tiles(1, 0));
  CHECK(seen[0] != seen[1]);
}

TEST_CASE("a kernel that changes a tile in place reads its old value through other parameters") {
  const auto in_language = [](lp::InOut<double, 2> x) {
    const auto word = lp::make_kernel("accumulate", accumulate);
    const auto made = lp::make_kernel("overwrite", overwrite);
    x(0, 0) = word(x(0, 0), x(0, 0), x(1, 0));
    x(1, 0) = word(x(1, 0), x(0, 0), x(1, 0));
    x(2, 0) = made(x(2, 0), x(2, 0));
  };
  lp::TiledMatrix<double> expected = column({1, 2, 3});
  lp::run(lp::sequential{}, in_language, expected);
  lp::TiledMatrix<double> found = column({1, 2, 3});
  lp::Tiles<double>& x = found;
  accumulate(x(0, 0), x(0, 0), x(1, 0));
  accumulate(x(1, 0), x(0, 0), x(1, 0));
  overwrite(x(2, 0), x(2, 0), x(2, 0));
  CHECK(test_exec::elements(found) == test_exec::elements(expected));
}

TEST_CASE("a tile of a temporary has no value until it is written") {
  lp::TempTiles<double, 1> w;
  CHECK(said<lp::program_error>([&] { scale(w(2), 2.0); }) ==
        "lambdapack: tile (2) of an lp::TempTiles is read before anything has written it; write it "
        "first, or say that such tiles are zero: lp::TempTiles<T> W(lp::zero) [lp-E001]");
  fill(w(-2), 3);
  scale(w(-2), 2.0);
  lp::TiledMatrix<double> y = column({0});
  lp::Tiles<double>& out = y;
  copy(out(0, 0), w(-2));
  CHECK(y(0, 0) == 6);
  CHECK_THROWS_WITH(w.rows(), Contains("declare it with its extents"));
}

TEST_CASE("an output of a temporary comes empty each time") {
  lp::TempTiles<double, 1> w;
  fill(w(0), 3);
  bool empty = false;
  const auto look = [&](lp::out<double> tile) { empty = tile.rows() == 0 && tile.cols() == 0; };
  look(w(0));
  CHECK(empty);
}

TEST_CASE("a temporary may have extents, and zeros where nothing was written") {
  lp::TempTiles<double> w(lp::extents(2, 3), lp::zero);
  CHECK(w.rows() == 2);
  CHECK(w.cols() == 3);
  lp::TiledMatrix<double> y = column({5});
  lp::Tiles<double>& out = y;
  add(out(0, 0), w(7, 7));
  CHECK(y(0, 0) == 5);
  const lp::TempTiles<double, 1> z(lp::zero);
  add(out(0, 0), z(0));
  CHECK(y(0, 0) == 5);
  const lp::TempTiles<double, 1> sized(lp::extents(4));
  CHECK(sized.rows() == 4);
}

TEST_CASE("tiles that a function makes are not read before it has written them") {
  lp::TiledMatrix<double> y = column({5, 6});
  const auto f = [](lp::OutTiles<double>& x, bool write) {
    if (write) fill(x(0, 0), 1);
    scale(x(0, 0), 3);
  };
  f(y, true);
  CHECK(y(0, 0) == 3);
  CHECK(said<lp::program_error>([&] { f(y, false); }) ==
        "lambdapack: tile (0, 0) of a matrix in memory (2 x 1 float64 in tiles of 1 x 1), given as "
        "lp::OutTiles, is read before anything has written it; write it first, or take the array "
        "as lp::Tiles<T>& if it has contents [lp-E001]");
}

TEST_CASE("functions over tiles hand them on") {
  const auto read = [](const lp::Tiles<double>& x, lp::OutTiles<double>& y) {
    copy(y(0, 0), x(0, 0));
  };
  lp::TiledMatrix<double> a = column({5}), b = column({0}), c = column({0});
  const lp::TiledMatrix<double> constant = a;
  const auto all = [&](lp::Tiles<double>& x, lp::OutTiles<double>& y) {
    lp::TempTiles<double> w;
    read(x, w);
    read(w, y);
    read(y, x);
  };
  read(constant, b);
  CHECK(b(0, 0) == 5);
  all(a, c);
  CHECK(c(0, 0) == 5);
}

TEST_CASE("two parameters of a call in place may not write one tile") {
  lp::TiledMatrix<double> a = column({1});
  lp::Tiles<double>& x = a;
  const auto both = [](lp::inout<double>, lp::out<double>) {};
  CHECK_THROWS_WITH(
      both(x(0, 0), x(0, 0)),
      Contains("two parameters of one call write tile (0, 0)") && Contains("lp-E005"));
}

TEST_CASE("a kernel in place that makes a tile of another shape is refused") {
  lp::TiledMatrix<double> a(4, 4, 2);
  lp::Tiles<double>& x = a;
  const auto wrong = [](lp::inout<double> tile) { *tile = lp::tile::Dense<double>(3, 1); };
  CHECK(said<lp::input_error>([&] { wrong(x(1, 0)); }) ==
        "lambdapack: a kernel made tile (1, 0) of a matrix in memory (4 x 4 float64 in tiles of 2 "
        "x 2) 3 x 1; expected 2 x 2: check what the kernel writes [lp-E009]");
  CHECK(a.tile(1, 0).rows() == 2);
  const auto empty = [](lp::out<double> tile) { tile.resize(0, 0); };
  a(0, 0) = 7;
  empty(x(0, 0));
  CHECK(a(0, 0) == 0);
  CHECK(a.tile(0, 0).rows() == 2);
}

TEST_CASE("an exception of a kernel in place passes through") {
  lp::TiledMatrix<double> a(4, 4, 2);
  lp::Tiles<double>& x = a;
  CHECK_THROWS_AS(potrf(x(0, 0)), lp::not_positive_definite);
  fill(x(0, 0), 1);
  CHECK(a(0, 0) == 1);
}

TEST_CASE("a const matrix is read in place") {
  const lp::TiledMatrix<double> a = column({1, 2});
  lp::TiledMatrix<double> y = column({0});
  const lp::Tiles<double>& x = a;
  lp::Tiles<double>& out = y;
  sum(out(0, 0), x(lp::range(0, 2), 0));
  CHECK(y(0, 0) == 3);
}

TEST_CASE("a run of tiles has the order of the program") {
  std::vector<double> seen;
  const auto look = [&](lp::in_list<double> tiles) {
    seen.clear();
    for (std::size_t k = 0; k < tiles.size(); ++k) seen.push_back(tiles[k](0, 0));
  };
  lp::TiledMatrix<double> a(3, 3, 1);
  for (int i = 0; i < 9; ++i) a(i / 3, i % 3) = i;
  lp::Tiles<double>& x = a;
  look(x(lp::range(0, 3, 2), lp::range(2, -1, -1)));
  CHECK(seen == std::vector<double>{2, 1, 0, 8, 7, 6});
  look(x(1, lp::range(2, 2)));
  CHECK(seen.empty());
}

TEST_CASE("tiles of a payload of one's own, of any rank") {
  lp::TileArray<Words> a({2, 1, 2});
  a(1, 0, 1).words = {"one"};
  lp::Tiles<Words, 3>& x = a;
  append(x(0, 0, 0), x(1, 0, 1));
  append(x(0, 0, 0), x(0, 0, 0));
  CHECK(a(0, 0, 0).words == std::vector<std::string>{"one", "one"});
  const lp::TileArray<Words> constant = a;
  const lp::Tiles<Words, 3>& y = constant;
  append(x(0, 0, 1), y(1, 0, 1));
  CHECK(a(0, 0, 1).words == std::vector<std::string>{"one"});
}

TEST_CASE("kernels of lp::make_kernel are called in place too") {
  static const auto word = lp::make_kernel("accumulate", accumulate);
  lp::TiledMatrix<double> a = column({1, 2});
  lp::Tiles<double>& x = a;
  word(x(0, 0), x(1, 0), x(1, 0));
  CHECK(a(0, 0) == 221);
}

TEST_CASE("a copy of a matrix has tiles of its own") {
  lp::TiledMatrix<double> a = column({1});
  lp::Tiles<double>& x = a;
  lp::TiledMatrix<double> b = a;
  lp::Tiles<double>& y = b;
  scale(y(0, 0), 5);
  CHECK(a(0, 0) == 1);
  CHECK(b(0, 0) == 5);
  scale(x(0, 0), 2);
  CHECK(a(0, 0) == 2);
}

}  // namespace tiles_test
