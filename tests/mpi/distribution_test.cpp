// Which rank owns which tile.
#include <array>
#include <catch2/catch.hpp>
#include <cstdint>
#include <lambdapack/exec/mpi/distribution.hpp>
#include <lambdapack/exec/mpi/own_tiles.hpp>
#include <lambdapack/lambdapack.hpp>
#include <set>
#include <vector>

namespace distribution_test {

namespace {

using lp::Distribution;
using lp::ProcessGrid;
using lp::exec::distributed::OwnTiles;

int owner(const Distribution& d, std::initializer_list<std::int64_t> index) {
  return d.owner(std::span<const std::int64_t>(index.begin(), index.size()));
}

/// What the walks of all ranks find must be what the owner function says, each tile once.
void check_walks(const std::vector<std::int64_t>& extents, const Distribution& d, int ranks) {
  std::set<std::vector<std::int64_t>> found;
  for (int rank = 0; rank < ranks; ++rank) {
    OwnTiles walk(extents, d, rank);
    for (lp::Indices index; walk.next(index);) {
      REQUIRE(d.owner(index) == rank);
      REQUIRE(found.insert({index.begin(), index.end()}).second);
    }
  }
  std::size_t all = 1;
  for (const std::int64_t e : extents) all *= static_cast<std::size_t>(e);
  CHECK(found.size() == all);
}

}  // namespace

TEST_CASE("the nearest grid to a square is not higher than wide") {
  CHECK(ProcessGrid::of(1) == ProcessGrid{1, 1});
  CHECK(ProcessGrid::of(3) == ProcessGrid{1, 3});
  CHECK(ProcessGrid::of(6) == ProcessGrid{2, 3});
  CHECK(ProcessGrid::of(8) == ProcessGrid{2, 4});
  CHECK(ProcessGrid::of(36) == ProcessGrid{6, 6});
  CHECK_THROWS_AS(ProcessGrid::of(0), lp::input_error);
}

TEST_CASE("2D block-cyclic owners are those of ScaLAPACK") {
  const Distribution d = Distribution::block_cyclic({2, 3});
  CHECK(owner(d, {0, 0}) == 0);
  CHECK(owner(d, {0, 4}) == 1);
  CHECK(owner(d, {3, 2}) == 5);
  const Distribution shifted = Distribution::block_cyclic(
      {2, 3}, {.row_block = 2, .col_block = 3, .first_row = 1, .first_col = 2});
  CHECK(owner(shifted, {0, 0}) == 5);
  CHECK(owner(shifted, {1, 2}) == 5);
  CHECK(owner(shifted, {2, 3}) == 0);
}

TEST_CASE("any two dimensions can be dealt out") {
  const Distribution d =
      Distribution::block_cyclic({2, 3}, {.row_dimension = 2, .col_dimension = 0});
  CHECK(owner(d, {4, 77, 3}) == 4);
  CHECK(d.dimensions() == 3);
  check_walks({4, 2, 5}, d, 6);
}

TEST_CASE("the tiles along one dimension are dealt out as they were, not tile by tile") {
  const Distribution d = Distribution::block_cyclic(
      {2, 3}, {.row_block = 2, .col_block = 1, .first_row = 1, .first_col = 2});
  const Distribution down = d.along(0), across = d.along(1);
  CHECK_FALSE(down.is_function());
  CHECK(down.dimensions() == 1);
  for (std::int64_t k = 0; k < 12; ++k) {
    CHECK(down.owner(std::array{k}) == d.owner(std::array{k, std::int64_t{0}}));
    CHECK(across.owner(std::array{k}) == d.owner(std::array{std::int64_t{0}, k}));
  }
  CHECK(down.group_of(0, down.owner(std::array{std::int64_t{0}})) >= 0);
  CHECK(Distribution::on(3).along(0).owner(std::array{std::int64_t{5}}) == 3);
}

TEST_CASE("negative indices of temps have owners too") {
  const Distribution d = Distribution::cyclic(3, 0, 2);
  CHECK(owner(d, {-1}) == 2);
  CHECK(owner(d, {-3}) == 1);
  CHECK(owner(d, {1}) == 0);
}

TEST_CASE("a rank's walk finds its tiles and passes over the others") {
  check_walks({5, 7}, Distribution::block_cyclic({2, 3}), 6);
  check_walks({5, 7}, Distribution::block_cyclic({3, 2}, {.row_block = 2, .col_block = 4}), 6);
  check_walks({1, 2}, Distribution::block_cyclic({3, 3}, {.first_row = 2, .first_col = 1}), 9);
  check_walks({0, 4}, Distribution::block_cyclic({2, 2}), 4);
  check_walks({9}, Distribution::cyclic(4, 0, 2), 5);
  check_walks({}, Distribution::on(2), 4);
  check_walks({3, 3}, Distribution::on(1), 2);
  check_walks({4, 5}, Distribution::by([](lp::tile::Index i) { return int((i[0] * i[1]) % 3); }),
              3);
}

TEST_CASE("distances step from one own index to the next") {
  for (const std::int64_t block : {1, 2, 3})
    for (const int count : {1, 2, 5})
      for (int first = 0; first < count; ++first) {
        const lp::CyclicAxis axis{0, block, count, 1, first};
        for (std::int64_t x = -9; x < 9; ++x)
          for (int wanted = 0; wanted < count; ++wanted)
            for (const bool up : {true, false}) {
              std::int64_t expected = 0;
              while (axis.group(up ? x + expected : x - expected) != wanted) ++expected;
              REQUIRE(axis.distance(x, wanted, up) == expected);
            }
      }
}

TEST_CASE("impossible distributions are refused") {
  CHECK_THROWS_AS(Distribution::block_cyclic({0, 2}), lp::input_error);
  CHECK_THROWS_AS(Distribution::block_cyclic({2, 2}, {.row_block = 0}), lp::input_error);
  CHECK_THROWS_AS(Distribution::block_cyclic({2, 2}, {.first_col = 2}), lp::input_error);
  CHECK_THROWS_AS(Distribution::block_cyclic({2, 2}, {.col_dimension = 0}), lp::input_error);
  CHECK_THROWS_AS(Distribution::cyclic(0), lp::input_error);
  CHECK_THROWS_AS(Distribution::on(-2), lp::input_error);
  CHECK_THROWS_AS(Distribution::by({}), lp::input_error);
}

}  // namespace distribution_test
