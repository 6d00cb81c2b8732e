// Zeros: what stands for an empty tile in each place where tiles live; and control tiles.
#include <Eigen/Dense>

#include "support.hpp"

namespace zero_test {

using namespace tile_test;
using lp::tile::Dense;
using lp::tile::Stop;
using lp::tile::Store;
using lp::tile::Tile;
using lp::tile::Use;

namespace {

using Index = std::vector<std::int64_t>;

// A 5 x 3 matrix in tiles of 2 x 2, all of it 7 but for the two tiles that are saved empty or zero.
void save_zeros(Store& store) {
  store.begin(Use::write);
  lp::tile::detail::for_each_tile(store.extents(), [&](lp::tile::Index index) {
    Tile zero = store.zero(index);
    auto& dense = zero.get<Dense<double>>();
    for (std::size_t k = 0; k < dense.size(); ++k) {
      REQUIRE(dense.data()[k] == 0);
      dense.data()[k] = 7;
    }
    if (index[0] == 1 && index[1] == 0)
      store.save(index, Tile::make(Dense<double>()));
    else if (index[0] == 2 && index[1] == 1)
      store.save(index, store.zero(index));
    else
      store.save(index, zero);
  });
  store.commit();
}

void require_zeros(const Dense<double>& a) {
  for (std::int64_t j = 0; j < 3; ++j)
    for (std::int64_t i = 0; i < 5; ++i) {
      const bool zero = (i / 2 == 1 && j / 2 == 0) || (i / 2 == 2 && j / 2 == 1);
      REQUIRE(a(i, j) == (zero ? 0 : 7));
    }
}

}  // namespace

TEST_CASE("an empty tile is stored as zeros") {
  TempDir directory;
  lp::TiledMatrix<double> memory(5, 3, 2);
  save_zeros(*bind(memory, 2));
  require_zeros(memory.to_dense());

  Eigen::MatrixXd eigen(5, 3);
  save_zeros(*bind(lp::map(eigen, 2), 2));
  const lp::TiledMatrix<double> copy = lp::TiledMatrix<double>::from(eigen.data(), 5, 3, 5, 2);
  require_zeros(copy.to_dense());

  lp::write_npy(directory / "a.npy", memory);
  save_zeros(*bind(lp::npy<double>(directory / "a.npy", 2), 2));
  require_zeros(lp::read_npy<double>(directory / "a.npy", 2).to_dense());

  lp::write_zarr(directory / "a.zarr", memory);
  save_zeros(*bind(lp::zarr<double>(directory / "a.zarr"), 2));
  require_zeros(lp::read_zarr<double>(directory / "a.zarr").to_dense());
}

TEST_CASE("the zero of a payload is the default-constructed one") {
  lp::TileArray<Stop> flags({2});
  flags(1).value = true;
  const auto store = bind(flags, 1);
  REQUIRE_FALSE(store->zero(Index{1}).get<Stop>().value);
  REQUIRE_THROWS_AS(store->zero(Index{2}), lp::input_error);
}

TEST_CASE("control tiles are one byte") {
  for (const bool value : {false, true}) {
    std::byte bytes[1];
    REQUIRE(Stop{value}.byte_size() == 1);
    Stop{value}.write_bytes(bytes);
    REQUIRE(Stop::read_bytes(bytes).value == value);
  }
  const std::byte two[] = {std::byte{2}}, long_one[2] = {};
  for (const std::span<const std::byte> bad :
       {std::span<const std::byte>(), std::span<const std::byte>(two),
        std::span<const std::byte>(long_one)})
    require_parts(refusal([&] { Stop::read_bytes(bad); }),
                  {"not a control tile", "one byte, 0 or 1"});
  REQUIRE(Stop::type_name() == "stop");
}

}  // namespace zero_test
