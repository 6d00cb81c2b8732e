#include <thread>

#include "tile/support.hpp"

namespace tile_test {

using namespace tile_test;
using lp::tile::Dense;
using lp::tile::Tile;
using lp::tile::Use;

namespace {

/// Loads, changes and saves the tiles of a store of rank 2 from four threads.
void update_concurrently(lp::tile::Store& store) {
  store.begin(Use::update);
  std::vector<std::thread> threads;
  for (std::int64_t thread = 0; thread < 4; ++thread)
    threads.emplace_back([&store, thread] {
      std::int64_t k = 0;
      lp::tile::detail::for_each_tile(store.extents(), [&](lp::tile::Index index) {
        if (k++ % 4 != thread) return;
        Tile tile = k % 2 ? store.take(index) : store.load(index);
        if (!tile.unique()) tile = tile.clone();
        negate(tile.get<Dense<double>>());
        store.save(index, std::move(tile));
      });
    });
  for (std::thread& thread : threads) thread.join();
  store.commit();
}

bool is_negated(const lp::TiledMatrix<double>& a) {
  auto expected = dense_values<double>(a.rows(), a.cols());
  negate(expected);
  return same(a.to_dense(), expected);
}

}  // namespace

TEST_CASE("tiles of every kind of store may be loaded and saved at once") {
  TempDir directory;
  auto a = matrix_values<double>(60, 50, 7, 6);
  lp::write_npy(directory / "a.npy", a);
  lp::write_zarr(directory / "raw", a);
  lp::write_zarr(directory / "packed", a, {.zstd = 1, .separator = '/'});
  struct Column {
    using Scalar = double;
    Dense<double> dense;
    std::int64_t rows() const { return dense.rows(); }
    std::int64_t cols() const { return dense.cols(); }
    std::int64_t outerStride() const { return dense.rows(); }
    double* data() { return dense.data(); }
    const double* data() const { return dense.data(); }
  } eigen{a.to_dense()};
  update_concurrently(*bind(a, 2));
  update_concurrently(*bind(lp::npy<double>(directory / "a.npy", 7), 2));
  update_concurrently(*bind(lp::zarr<double>(directory / "raw"), 2));
  update_concurrently(*bind(lp::zarr<double>(directory / "packed"), 2));
  update_concurrently(*bind(lp::tiled(eigen, 7), 2));
  REQUIRE(is_negated(a));
  REQUIRE(is_negated(lp::read_npy<double>(directory / "a.npy", 5)));
  REQUIRE(is_negated(lp::read_zarr<double>(directory / "raw")));
  REQUIRE(is_negated(lp::read_zarr<double>(directory / "packed")));
  REQUIRE(is_negated(lp::TiledMatrix<double>::from(eigen.data(), 60, 50, 60, 9)));
}

TEST_CASE("several threads may load one tile, and the last one to hold it may change it") {
  lp::TiledMatrix<double> a(8, 8, 8);
  for (int round = 0; round < 200; ++round) {
    Tile tile = Tile::make(dense_values<double>(4, 4));
    Tile other = tile;
    double sum = 0;
    std::thread reader([&sum, held = std::move(other)]() mutable {
      for (std::size_t k = 0; k < 16; ++k) sum += held.get<Dense<double>>().data()[k];
      held = Tile();
    });
    while (!tile.unique()) std::this_thread::yield();
    negate(tile.get<Dense<double>>());
    reader.join();
    REQUIRE(sum > 0);
  }
}

TEST_CASE("many readers of one matrix at once") {
  auto a = matrix_values<double>(20, 20, 5, 5);
  std::vector<std::thread> threads;
  std::atomic<int> good{0};
  for (int thread = 0; thread < 4; ++thread)
    threads.emplace_back([&] {
      const auto store = bind(std::as_const(a), 2);
      for (int round = 0; round < 50; ++round) {
        store->begin(Use::read);
        const Tile tile = store->load(std::vector<std::int64_t>{3, 3});
        if (!tile.unique() && tile.get<Dense<double>>()(4, 4) == value<double>(19, 19)) ++good;
        store->commit();
      }
    });
  for (std::thread& thread : threads) thread.join();
  REQUIRE(good == 200);
}

TEST_CASE("blanks of one tile at once are different tiles") {
  lp::TiledMatrix<double> a(8, 8, 8);
  const auto store = bind(a, 2);
  store->begin(Use::write);
  std::array<Tile, 4> blanks;
  std::vector<std::thread> threads;
  for (Tile& blank : blanks)
    threads.emplace_back([&] { blank = store->blank(std::vector<std::int64_t>{0, 0}); });
  for (std::thread& thread : threads) thread.join();
  for (std::size_t k = 1; k < blanks.size(); ++k)
    for (std::size_t l = 0; l < k; ++l) REQUIRE(blanks[k].address() != blanks[l].address());
  store->abandon("x");
}

}  // namespace tile_test
