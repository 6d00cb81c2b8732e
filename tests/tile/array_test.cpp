#include "lambdapack/tile/array.hpp"

#include <stdexcept>

#include "support.hpp"

namespace array_test {

using namespace tile_test;
using lp::TileArray;
using lp::tile::Dense;
using lp::tile::Tile;
using lp::tile::Use;

namespace {

using Index = std::vector<std::int64_t>;

struct Particle {
  double x = 0;
  std::int32_t charge = 0;
  bool operator==(const Particle&) const = default;
};

/// A second model of a payload: any number of particles.
struct Cloud {
  std::vector<Particle> particles;
  bool operator==(const Cloud&) const = default;

  static std::string type_name() { return "cloud of particles"; }
  std::size_t byte_size() const { return particles.size() * (sizeof(double) + sizeof(int32_t)); }
  void write_bytes(std::span<std::byte> out) const {
    for (const Particle& p : particles) {
      std::memcpy(out.data(), &p.x, sizeof p.x);
      std::memcpy(out.data() + sizeof p.x, &p.charge, sizeof p.charge);
      out = out.subspan(sizeof p.x + sizeof p.charge);
    }
  }
  static Cloud read_bytes(std::span<const std::byte> in) {
    constexpr std::size_t size = sizeof(double) + sizeof(std::int32_t);
    if (in.size() % size != 0) throw lp::input_error("these bytes are not a cloud of particles");
    Cloud cloud;
    for (; !in.empty(); in = in.subspan(size)) {
      Particle& p = cloud.particles.emplace_back();
      std::memcpy(&p.x, in.data(), sizeof p.x);
      std::memcpy(&p.charge, in.data() + sizeof p.x, sizeof p.charge);
    }
    return cloud;
  }
};

static_assert(lp::tile::Payload<Cloud>);
static_assert(lp::Element<Cloud>);

/// One that has no bytes.
struct Thought {
  static std::string type_name() { return "thought"; }
  std::size_t byte_size() const { return 1; }
  void write_bytes(std::span<std::byte>) const { throw std::runtime_error("it has no bytes"); }
  static Thought read_bytes(std::span<const std::byte>) { return {}; }
};

}  // namespace

TEST_CASE("an array of clouds, and their bytes") {
  TileArray<Cloud> array({2, 3});
  array(1, 2).particles = {{1.5, -1}, {2.5, 2}};
  const auto store = bind(array, 2);
  REQUIRE(store->payload().name == "cloud of particles");
  const Tile tile = store->load(Index{1, 2});
  std::vector<std::byte> bytes(tile.byte_size());
  tile.write_bytes(bytes);
  REQUIRE(Cloud::read_bytes(bytes) == array(1, 2));
  bytes.pop_back();
  REQUIRE_THROWS_AS(Cloud::read_bytes(bytes), lp::input_error);
  REQUIRE(store->blank(Index{0, 0}).get<Cloud>() == Cloud());
}

TEST_CASE("arrays of every rank from 0 to 8") {
  for (std::size_t rank = 0; rank <= 8; ++rank) {
    Index extents(rank, 2);
    if (rank > 0) extents[0] = 3;
    TileArray<Cloud> array(extents);
    REQUIRE(array.rank() == static_cast<int>(rank));
    const auto store = bind(array, static_cast<int>(rank));
    REQUIRE(store->extents() == extents);
    store->begin(Use::update);
    double next = 0;
    lp::tile::detail::for_each_tile(extents, [&](lp::tile::Index index) {
      Tile tile = store->take(index);
      tile.get<Cloud>().particles.push_back({next++, 0});
      store->save(index, tile);
    });
    store->commit();
    REQUIRE(next == (rank == 0 ? 1 : 3 * std::pow(2, static_cast<double>(rank) - 1)));
    double expected = 0;
    lp::tile::detail::for_each_tile(extents, [&](lp::tile::Index index) {
      REQUIRE(store->load(index).get<Cloud>().particles.at(0).x == expected++);
    });
  }
  REQUIRE_THROWS_AS(TileArray<Cloud>(Index(9, 1)), lp::input_error);
}

TEST_CASE("an array of rank 0 is one tile, one with an extent of 0 is none") {
  TileArray<Cloud> one;
  one().particles.resize(3);
  REQUIRE(std::as_const(one)().particles.size() == 3);
  TileArray<Cloud> none({3, 0});
  REQUIRE_THROWS_AS(none(0, 0), lp::input_error);
  REQUIRE(bind(none, 2)->extents() == Index{3, 0});
}

TEST_CASE("a scalar stands for dense tiles of any shape") {
  TileArray<double> array({2});
  static_assert(std::same_as<decltype(array(0)), Dense<double>&>);
  REQUIRE(array(1).size() == 0);
  const auto store = bind(array, 1);
  store->begin(Use::write);
  store->save(Index{1}, Tile::make(dense_values<double>(3, 5)));
  store->commit();
  REQUIRE(same(array(1), dense_values<double>(3, 5)));
}

TEST_CASE("an array is a value") {
  TileArray<Cloud> a({2});
  a(0).particles.resize(1);
  TileArray<Cloud> b = a;
  b(0).particles.resize(5);
  REQUIRE(a(0).particles.size() == 1);
  TileArray<Cloud> c = std::move(b);
  REQUIRE((c(0).particles.size() == 5 && b.rank() == 0));
  a = c;
  c(0).particles.clear();
  REQUIRE(a(0).particles.size() == 5);
}

TEST_CASE("what is wrong with an array's use is refused") {
  TileArray<Cloud> a({2, 3});
  require_parts(refusal([&] { a(2, 0); }), {"has no tile (2, 0)", "(2, 3)", "cloud of particles"});
  require_parts(refusal([&] { a(0); }), {"has no tile (0)"});
  require_parts(refusal([&] { bind(a, 1); }), {"has rank 2", "rank 1 is expected"});
  require_parts(refusal([] { TileArray<Cloud>({2, -1}); }), {"extents (2, -1)"});
  require_parts(refusal([] { TileArray<Cloud>({INT64_MAX, INT64_MAX}); }), {"does not fit"});
  REQUIRE(TileArray<Cloud>({INT64_MAX, INT64_MAX, 0}).rank() == 3);
  const auto store = bind(a, 2);
  store->begin(Use::write);
  require_parts(refusal([&] {
                  store->save(Index{0, 0}, Tile::make(Dense<double>()));
                }),
                {"tile (0, 0)", "float64", "expected cloud of particles"});
  store->abandon("x");
  REQUIRE(a.is_complete());
  store->begin(Use::update);
  store->take(Index{0, 0});
  store->abandon("the reason");
  require_parts(refusal([&] { a(1, 1); }), {"an array in memory", "incomplete", "the reason"});
  const TileArray<Cloud> fixed({2});
  require_parts(refusal([&] { bind(fixed, 1)->begin(Use::update); }), {"const"});
}

TEST_CASE("an array whose bytes cannot be had may be used by a run nevertheless") {
  TileArray<Thought> array({2});
  const auto store = bind(array, 1);
  CHECK_THROWS_WITH(store->stamp(), "it has no bytes");
  CHECK_NOTHROW(store->begin(Use::update));
  store->abandon("x");
}

}  // namespace array_test
