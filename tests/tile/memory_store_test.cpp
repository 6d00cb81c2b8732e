#include "support.hpp"

namespace memory_store_test {

using namespace tile_test;
using lp::TiledMatrix;
using lp::tile::Dense;
using lp::tile::Store;
using lp::tile::Tile;
using lp::tile::Use;

namespace {

using Index = std::vector<std::int64_t>;

Tile tile_of(double value, std::int64_t rows, std::int64_t cols) {
  Dense<double> dense(rows, cols);
  std::fill_n(dense.data(), dense.size(), value);
  return Tile::make(std::move(dense));
}

}  // namespace

TEST_CASE("rank 2 is the grid of tiles") {
  TiledMatrix<double> a(5, 7, 2, 3);
  const auto store = bind(a, 2);
  REQUIRE(store->extents() == Index{3, 3});
  REQUIRE(store->payload().name == "float64");
  REQUIRE(store->describe() == "a matrix in memory (5 x 7 float64 in tiles of 2 x 3)");
  const auto origin = store->origin(Index{2, 1});
  REQUIRE((origin.row == 4 && origin.column == 3));
  const Tile blank = store->blank(Index{2, 2});
  REQUIRE(blank.get<Dense<double>>().rows() == 1);
  REQUIRE(blank.get<Dense<double>>().cols() == 1);
}

TEST_CASE("rank 1 is one column or one row of tiles") {
  auto column = matrix_values<double>(5, 2, 2, 2), row = matrix_values<double>(2, 5, 2, 2);
  const auto down = bind(column, 1), across = bind(row, 1);
  REQUIRE(down->extents() == Index{3});
  REQUIRE(across->extents() == Index{3});
  REQUIRE(down->load(Index{2}).get<Dense<double>>()(0, 1) == value<double>(4, 1));
  REQUIRE(across->load(Index{2}).get<Dense<double>>()(1, 0) == value<double>(1, 4));
  REQUIRE(down->origin(Index{1}).row == 2);
  REQUIRE(across->origin(Index{1}).column == 2);
  TiledMatrix<double> grid(4, 4, 2);
  require_parts(refusal([&] { bind(grid, 1); }),
                {"2 x 2 tiles", "rank 1", "one column or one row of tiles"});
}

TEST_CASE("rank 0 is one tile") {
  auto one = matrix_values<double>(3, 2, 4, 4);
  const auto store = bind(one, 0);
  REQUIRE(store->extents().empty());
  REQUIRE(store->load({}).get<Dense<double>>()(2, 1) == value<double>(2, 1));
  TiledMatrix<double> two(3, 2, 2), none(0, 2, 2);
  require_parts(refusal([&] { bind(two, 0); }), {"2 x 1 tiles", "rank 0", "exactly one tile"});
  require_parts(refusal([&] { bind(none, 0); }), {"0 x 1 tiles"});
  require_parts(refusal([&] { bind(one, 3); }), {"rank 3", "expected 0, 1 or 2", "TileArray"});
  REQUIRE_THROWS_AS(bind(one, -1), lp::input_error);
}

TEST_CASE("an empty matrix has an extent of 0") {
  TiledMatrix<double> none(0, 0, 2), flat(0, 5, 2), thin(5, 0, 2);
  REQUIRE(bind(none, 2)->extents() == Index{0, 0});
  REQUIRE(bind(none, 1)->extents() == Index{0});
  REQUIRE(bind(flat, 2)->extents() == Index{0, 3});
  REQUIRE(bind(flat, 1)->extents() == Index{0});
  REQUIRE(bind(thin, 1)->extents() == Index{0});
  for (auto* matrix : {&none, &flat, &thin}) {
    const auto store = bind(*matrix, 2);
    store->begin(Use::update);
    store->commit();
    REQUIRE(matrix->is_complete());
    REQUIRE_THROWS_AS(store->load(Index{0, 0}), lp::input_error);
  }
}

TEST_CASE("indices that are no tile's are refused") {
  TiledMatrix<double> a(5, 5, 2);
  const auto store = bind(a, 2);
  for (const Index& index : {Index{3, 0}, Index{0, -1}, Index{0}, Index{0, 0, 0}, Index{}}) {
    REQUIRE_THROWS_AS(store->load(index), lp::input_error);
    REQUIRE_THROWS_AS(store->take(index), lp::input_error);
    REQUIRE_THROWS_AS(store->blank(index), lp::input_error);
    REQUIRE_THROWS_AS(store->origin(index), lp::input_error);
    REQUIRE_THROWS_AS(store->save(index, Tile()), lp::input_error);
  }
  require_parts(refusal([&] { store->load(Index{3, 0}); }), {"has no tile (3, 0)", "(3, 3)"});
}

TEST_CASE("load answers with the old version until commit") {
  auto a = matrix_values<double>(4, 4, 2, 2);
  const auto store = bind(a, 2);
  store->begin(Use::update);
  REQUIRE_FALSE(store->load(Index{0, 0}).unique());
  store->save(Index{0, 0}, tile_of(9, 2, 2));
  REQUIRE(store->load(Index{0, 0}).get<Dense<double>>()(0, 0) == 0.5);
  store->commit();
  REQUIRE(a(0, 0) == 9);
  REQUIRE(a(2, 2) == value<double>(2, 2));
}

TEST_CASE("take lets go of the tile when the run updates it") {
  auto a = matrix_values<double>(4, 4, 2, 2);
  const auto store = bind(a, 2);
  store->begin(Use::read);
  REQUIRE_FALSE(store->take(Index{0, 0}).unique());
  store->commit();
  const void* const address = std::as_const(a).tile(1, 1).data();
  store->begin(Use::update);
  Tile tile = store->take(Index{1, 1});
  REQUIRE(tile.unique());
  REQUIRE(tile.get<Dense<double>>().data() == address);
  REQUIRE_THROWS_AS(store->load(Index{1, 1}), lp::internal_error);
  require_parts(refusal([&] { a(3, 3); }), {"being changed by a run", "wait"});
  store->save(Index{1, 1}, tile);
  store->commit();
  REQUIRE(same(a.to_dense(), dense_values<double>(4, 4)));
}

TEST_CASE("blank reuses the memory of a matrix that is overwritten") {
  auto a = matrix_values<double>(4, 3, 2, 2);
  const void* const address = std::as_const(a).tile(1, 1).data();
  const auto store = bind(a, 2);
  store->begin(Use::write);
  const Tile first = store->blank(Index{1, 1}), second = store->blank(Index{1, 1});
  REQUIRE(first.get<Dense<double>>().data() == address);
  REQUIRE(second.get<Dense<double>>().data() != address);
  store->save(Index{1, 1}, tile_of(3, 2, 1));
  store->commit();
  REQUIRE((a(3, 2) == 3 && a(0, 0) == 0.5));
}

TEST_CASE("blank leaves tiles alone that are shared or to be read") {
  auto a = matrix_values<double>(4, 4, 2, 2);
  const auto store = bind(a, 2);
  store->begin(Use::update);
  const Tile held = store->load(Index{0, 0});
  REQUIRE(store->blank(Index{0, 0}).address() != held.address());
  store->commit();
  store->begin(Use::write);
  REQUIRE(store->blank(Index{0, 0}).address() != held.address());
  store->commit();
  REQUIRE(same(a.to_dense(), dense_values<double>(4, 4)));
}

TEST_CASE("save checks type and shape") {
  TiledMatrix<double> a(5, 5, 2);
  const auto store = bind(a, 2);
  store->begin(Use::write);
  REQUIRE(refusal([&] {
            store->save(Index{2, 1}, tile_of(1, 2, 2));
          }) ==
          "tile (2, 1) of a matrix in memory (5 x 5 float64 in tiles of 2 x 2) is 2 x 2; expected "
          "1 x 2 float64: check what the kernel writes");
  require_parts(refusal([&] {
                  store->save(Index{0, 0}, Tile::make(Dense<float>(2, 2)));
                }),
                {"tile (0, 0)", "of type float32", "expected 2 x 2 float64"});
  require_parts(refusal([&] { store->save(Index{0, 0}, Tile()); }), {"missing"});
}

TEST_CASE("a tile whose shape its owner has changed is refused") {
  TiledMatrix<double> a(4, 4, 2);
  a.tile(0, 1) = Dense<double>(3, 3);
  const auto store = bind(a, 2);
  store->begin(Use::update);
  require_parts(refusal([&] { store->load(Index{0, 1}); }), {"tile (0, 1)", "is 3 x 3"});
  require_parts(refusal([&] { store->take(Index{0, 1}); }), {"tile (0, 1)", "is 3 x 3"});
}

TEST_CASE("a failed run that changed nothing leaves the matrix complete") {
  auto a = matrix_values<double>(4, 4, 2, 2);
  for (const Use use : {Use::read, Use::write, Use::update}) {
    const auto store = bind(a, 2);
    store->begin(use);
    if (use != Use::write) store->load(Index{0, 0});
    store->abandon("out of luck");
    REQUIRE(a.is_complete());
    REQUIRE(same(a.to_dense(), dense_values<double>(4, 4)));
  }
}

TEST_CASE("a matrix that a failed run left behind says so") {
  TempDir directory;
  const std::string why = "potrf at node (0, [1]) failed";
  auto taken = matrix_values<double>(4, 4, 2, 2), saved = taken, blanked = taken;
  auto store = bind(taken, 2);
  store->begin(Use::update);
  store->take(Index{0, 0});
  store->abandon(why);
  store = bind(saved, 2);
  store->begin(Use::update);
  store->save(Index{0, 0}, tile_of(9, 2, 2));
  store->abandon(why);
  store = bind(blanked, 2);
  store->begin(Use::write);
  store->blank(Index{0, 0});
  store->abandon(why);
  for (auto* a : {&taken, &saved, &blanked}) {
    REQUIRE_FALSE(a->is_complete());
    const TiledMatrix<double>& c = *a;
    const std::vector<std::function<void()>> reads = {
        [&] { (*a)(3, 3); },
        [&] { c(3, 3); },
        [&] { a->tile(1, 1); },
        [&] { c.tile(1, 1); },
        [&] { c.to_dense(); },
        [&] { lp::write_npy(directory / "a.npy", c); },
        [&] { lp::write_zarr(directory / "a.zarr", c); },
        [&] { bind(*a, 2)->begin(Use::read); },
        [&] { bind(*a, 2)->begin(Use::update); },
        [&] {
          bind(*a, 2)->load(Index{1, 1});
        },
    };
    for (const auto& read : reads)
      require_parts(refusal(read), {"a matrix in memory (4 x 4", "is incomplete", why, "assign"});
    REQUIRE(directory.list().empty());
    const TiledMatrix<double> copy = *a;
    REQUIRE_FALSE(copy.is_complete());
    *a = matrix_values<double>(4, 4, 2, 2);
    REQUIRE(a->is_complete());
  }
}

TEST_CASE("a run that writes all of an incomplete matrix makes it complete") {
  auto a = matrix_values<double>(4, 2, 2, 2);
  auto store = bind(a, 2);
  store->begin(Use::update);
  store->save(Index{0, 0}, tile_of(9, 2, 2));
  store->abandon("x");
  store->begin(Use::write);
  store->save(Index{0, 0}, tile_of(1, 2, 2));
  store->commit();
  REQUIRE_FALSE(a.is_complete());
  store->begin(Use::write);
  store->save(Index{0, 0}, tile_of(1, 2, 2));
  store->save(Index{1, 0}, tile_of(2, 2, 2));
  store->commit();
  REQUIRE(a.is_complete());
  REQUIRE((a(0, 0) == 1 && a(3, 1) == 2));
}

TEST_CASE("a tile that a run took and never saved is our bug, and loses the matrix") {
  TiledMatrix<double> a(4, 4, 2);
  const auto store = bind(a, 2);
  store->begin(Use::update);
  store->take(Index{1, 0});
  REQUIRE_THROWS_AS(store->commit(), lp::internal_error);
  REQUIRE_FALSE(a.is_complete());
}

TEST_CASE("a store that is dropped in a run gives its run up") {
  TiledMatrix<double> a(4, 4, 2);
  {
    const auto store = bind(a, 2);
    store->begin(Use::update);
    store->take(Index{0, 0});
  }
  REQUIRE_FALSE(a.is_complete());
}

TEST_CASE("a matrix may go away or be replaced during a run") {
  auto a = std::make_unique<TiledMatrix<double>>(4, 4, 2);
  const auto store = bind(*a, 2);
  store->begin(Use::update);
  const Tile tile = store->take(Index{0, 0});
  a.reset();
  store->save(Index{0, 0}, tile);
  store->commit();
}

TEST_CASE("two uses of one matrix, one of which writes, are refused") {
  TiledMatrix<double> a(4, 4, 2);
  const auto one = bind(a, 2), two = bind(a, 2);
  one->begin(Use::read);
  two->begin(Use::read);
  two->commit();
  require_parts(refusal([&] { two->begin(Use::update); }), {"in use by another run", "copy"});
  one->commit();
  two->begin(Use::update);
  require_parts(refusal([&] { one->begin(Use::read); }), {"in use by another run"});
  require_parts(refusal([&] { one->begin(Use::write); }), {"in use by another run"});
  two->abandon("x");
  two->begin(Use::write);
}

TEST_CASE("a const matrix can only be read") {
  const TiledMatrix<double> a(4, 4, 2);
  const auto store = bind(a, 2);
  store->begin(Use::read);
  store->commit();
  require_parts(refusal([&] { store->begin(Use::update); }), {"is const"});
  require_parts(refusal([&] { store->begin(Use::write); }), {"is const"});
}

TEST_CASE("a save outside of a run is our bug") {
  TiledMatrix<double> a(4, 4, 2);
  const auto store = bind(a, 2);
  REQUIRE_THROWS_AS(store->save(Index{0, 0}, tile_of(1, 2, 2)), lp::internal_error);
  store->begin(Use::read);
  REQUIRE_THROWS_AS(store->save(Index{0, 0}, tile_of(1, 2, 2)), lp::internal_error);
}

TEST_CASE("an update changes every shape of matrix as it should") {
  for (const Shape& s : shapes()) {
    INFO(text(s));
    auto a = matrix_values<double>(s[0], s[1], s[2], s[3]);
    update_all<double>(*bind(a, 2), negate<double>);
    auto expected = dense_values<double>(s[0], s[1]);
    negate(expected);
    REQUIRE(same(a.to_dense(), expected));
  }
}

TEST_CASE("nobody looks at a matrix that a run changes, and what one reads is looked at as const") {
  TiledMatrix<double> a(4, 4, 2);
  const auto store = bind(a, 2);
  store->begin(Use::update);
  require_parts(refusal([&] { TiledMatrix<double> copy(a); }), {"is being changed by a run"});
  require_parts(refusal([&] { return std::as_const(a)(0, 0); }), {"is being changed by a run"});
  store->commit();
  store->begin(Use::read);
  CHECK(std::as_const(a)(0, 0) == 0);
  CHECK(TiledMatrix<double>(a).rows() == 4);
  require_parts(refusal([&] { a(0, 0) = 1; }), {"is being read by a run", "std::as_const"});
  store->commit();
  a(0, 0) = 1;
  CHECK(a(0, 0) == 1);
}

TEST_CASE("what runs of one store read is in use until the last of them has ended") {
  TiledMatrix<double> a(4, 4, 2);
  const auto store = bind(a, 2);
  store->begin(Use::read);
  store->begin(Use::read);
  store->commit();
  require_parts(refusal([&] { bind(a, 2)->begin(Use::update); }), {"in use by another run"});
  require_parts(refusal([&] { a(0, 0) = 1; }), {"is being read by a run"});
  store->abandon("x");
  CHECK_NOTHROW(bind(a, 2)->begin(Use::update));
}

TEST_CASE("a store is asked for its stamp while a run of its own changes the tiles") {
  TiledMatrix<double> a(4, 4, 2);
  const auto store = bind(a, 2);
  CHECK(store->stamp() != 0);
  store->begin(Use::update);
  CHECK(store->stamp() == 0);
  store->commit();
  store->begin(Use::read);
  CHECK(store->stamp() != 0);
}

}  // namespace memory_store_test
