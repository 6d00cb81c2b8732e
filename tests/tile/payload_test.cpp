#include "lambdapack/tile/payload.hpp"

#include "support.hpp"

namespace payload_test {

using namespace tile_test;
using lp::tile::Dense;
using lp::tile::Tile;

static_assert(lp::tile::Payload<Dense<double>>);
static_assert(!lp::tile::Payload<double*>);
static_assert(!lp::tile::Payload<std::unique_ptr<double>>);

TEST_CASE("a tile's copies share one payload") {
  Tile a = Tile::make(Dense<double>::zeros(2, 3));
  REQUIRE(a.unique());
  {
    const Tile b = a;
    REQUIRE_FALSE(a.unique());
    REQUIRE(b.address() == a.address());
  }
  REQUIRE(a.unique());
}

TEST_CASE("a clone is a payload of its own") {
  Tile a = Tile::make(Dense<double>::zeros(2, 3));
  Tile b = a.clone();
  b.get<Dense<double>>()(1, 2) = 7;
  REQUIRE(a.get<Dense<double>>()(1, 2) == 0);
  REQUIRE((a.unique() && b.unique()));
}

TEST_CASE("a tile used as another type is our bug, and says so") {
  const Tile a = Tile::make(Dense<double>::zeros(1, 1));
  REQUIRE_THROWS_AS(a.get<Dense<float>>(), lp::internal_error);
  REQUIRE_THROWS_WITH(a.get<Dense<float>>(), Catch::Contains("a tile of float64 was used as"));
  REQUIRE_THROWS_AS(Tile().get<Dense<float>>(), lp::internal_error);
}

TEMPLATE_TEST_CASE("a dense tile survives its bytes", "", float, double, std::complex<float>,
                   std::complex<double>) {
  for (const Shape& s : shapes()) {
    const auto a = dense_values<TestType>(s[0], s[1]);
    std::vector<std::byte> bytes(a.byte_size());
    a.write_bytes(bytes);
    REQUIRE(same(a, Dense<TestType>::read_bytes(bytes)));
  }
}

// A payload of a user, which only has the members that it must have.
struct Numbers {
  std::vector<int> all;
  static std::string type_name() { return "numbers"; }
  std::size_t byte_size() const { return all.size() * sizeof(int); }
  void write_bytes(std::span<std::byte> out) const {
    std::memcpy(out.data(), all.data(), byte_size());
  }
  static Numbers read_bytes(std::span<const std::byte> in) {
    Numbers n{std::vector<int>(in.size() / sizeof(int))};
    std::memcpy(n.all.data(), in.data(), in.size());
    return n;
  }
};

TEST_CASE("a tile survives its bytes in pieces, which of a dense one are its own") {
  static_assert(lp::tile::InPieces<Dense<double>> && !lp::tile::InPieces<Numbers>);
  const Tile dense = Tile::make(dense_values<double>(5, 3)), other = Tile::make(Numbers{{1, 2, 3}});
  for (const Tile& tile : {dense, other}) {
    std::vector<std::byte> whole(tile.byte_size()), bytes;
    tile.write_bytes(whole);
    tile.write_pieces([&](std::span<const std::byte> piece) {
      bytes.insert(bytes.end(), piece.begin(), piece.end());
    });
    REQUIRE(bytes == whole);
    std::size_t at = 0;
    const Tile again = tile.type().read_pieces(bytes.size(), [&](std::span<std::byte> piece) {
      std::memcpy(piece.data(), bytes.data() + at, piece.size());
      at += piece.size();
    });
    again.write_bytes(whole);
    REQUIRE(bytes == whole);
    REQUIRE(at == bytes.size());
  }
  bool is_own = false;
  dense.write_pieces([&](std::span<const std::byte> piece) {
    is_own |= piece.data() == reinterpret_cast<const std::byte*>(dense.get<Dense<double>>().data());
  });
  REQUIRE(is_own);
}

TEST_CASE("bytes that are not a dense tile are refused") {
  const auto a = dense_values<double>(3, 4);
  std::vector<std::byte> bytes(a.byte_size());
  a.write_bytes(bytes);
  const auto with_shape = [&](std::int64_t rows, std::int64_t cols) {
    std::vector<std::byte> changed = bytes;
    const std::int64_t shape[2] = {rows, cols};
    std::memcpy(changed.data(), shape, sizeof shape);
    return changed;
  };
  for (std::size_t size = 0; size < bytes.size(); ++size)
    REQUIRE_THROWS_AS(Dense<double>::read_bytes(std::span(bytes).first(size)), lp::input_error);
  for (const auto& [rows, cols] : std::vector<std::pair<std::int64_t, std::int64_t>>{
           {-3, -4},
           {0, 4},
           {INT64_MAX, INT64_MAX},
           {INT64_MIN, 0},
           {std::int64_t{1} << 32, std::int64_t{1} << 32}})
    REQUIRE_THROWS_AS(Dense<double>::read_bytes(with_shape(rows, cols)), lp::input_error);
  REQUIRE_THROWS_WITH(Dense<double>::read_bytes(with_shape(3, 5)),
                      Catch::Contains("are not a tile of float64: they say 3 x 5"));
}

TEST_CASE("a dense tile refuses impossible shapes") {
  REQUIRE_THROWS_AS(Dense<double>(-1, 2), lp::input_error);
  REQUIRE_THROWS_AS(Dense<double>(INT64_MAX, 2), lp::input_error);
  REQUIRE_THROWS_AS(Dense<double>(INT64_MAX / 4, 1), lp::input_error);
}

TEST_CASE("a dense tile is a value") {
  const auto a = dense_values<double>(3, 2);
  auto b = a;
  b(0, 0) = 9;
  REQUIRE(a(0, 0) == 0.5);
  const auto c = std::move(b);
  REQUIRE(c(0, 0) == 9);
  b = c;
  REQUIRE(same(b, c));
  REQUIRE(reinterpret_cast<std::uintptr_t>(b.data()) % 64 == 0);
}

}  // namespace payload_test
