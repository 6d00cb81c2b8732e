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
  update_concurrently(*bind(lp::map(eigen, 7), 2));
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

TEST_CASE("of runs that begin on one store at once, one that writes begins alone") {
  auto a = matrix_values<double>(4, 4, 2, 2);
  Dense<double> dense = a.to_dense();
  struct Columns {
    using Scalar = double;
    Dense<double>* dense;
    std::int64_t rows() const { return dense->rows(); }
    std::int64_t cols() const { return dense->cols(); }
    std::int64_t outerStride() const { return dense->rows(); }
    double* data() { return dense->data(); }
    const double* data() const { return dense->data(); }
  } columns{&dense};
  TempDir directory;
  lp::write_zarr(directory / "a", a);
  const auto one = bind(lp::map(columns, 2), 2), other = bind(lp::map(columns, 2), 2);
  const auto memory = bind(a, 2), file = bind(lp::zarr<double>(directory / "a"), 2);
  const std::array<lp::tile::Store*, 4> pairs[] = {
      {memory.get(), memory.get(), memory.get(), memory.get()},
      {file.get(), file.get(), file.get(), file.get()},
      {one.get(), other.get(), one.get(), other.get()}};
  for (const auto& stores : pairs) {
    std::atomic<int> writers{0}, readers{0}, wrong{0}, begun{0};
    std::vector<std::thread> threads;
    for (std::size_t thread = 0; thread < 4; ++thread)
      threads.emplace_back([&, thread, store = stores[thread]] {
        const bool writes = thread < 2;
        for (int round = 0; round < 100; ++round) {
          try {
            store->begin(writes ? Use::update : Use::read);
          } catch (const lp::input_error&) {
            continue;
          }
          ++begun;
          (writes ? writers : readers)++;
          if (writers > 1 || (writers > 0 && readers > 0)) ++wrong;
          const Tile tile = store->load(std::vector<std::int64_t>{1, 1});
          if (tile.get<Dense<double>>()(1, 1) != value<double>(3, 3)) ++wrong;
          (writes ? writers : readers)--;
          if (round % 2 == 0)
            store->commit();
          else
            store->abandon("x");
        }
      });
    for (std::thread& thread : threads) thread.join();
    CHECK(wrong == 0);
    CHECK(begun > 0);
  }
}

}  // namespace tile_test
