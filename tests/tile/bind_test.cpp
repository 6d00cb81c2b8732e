#include "lambdapack/tile/bind.hpp"

#include "support.hpp"

namespace bind_test {

using namespace tile_test;

namespace user {

/// A type of a user's own that can be an argument of a run.
struct Blocks {
  using element = float;
  lp::TiledMatrix<float> matrix{4, 4, 2};
};

std::shared_ptr<lp::tile::Store> bind(Blocks& blocks, int rank) {
  return bind(blocks.matrix, rank);
}

}  // namespace user

namespace {

template <class X, class T>
constexpr bool binds = lp::Bindable<X>&& std::same_as<lp::element_of_t<X>, T>;

using Complex = std::complex<double>;
using Store = lp::tile::Store;

static_assert(binds<lp::TiledMatrix<double>, double>);
static_assert(binds<const lp::TiledMatrix<double>, double>);
static_assert(binds<lp::TiledMatrix<Complex>&, Complex>);
static_assert(binds<const lp::TiledMatrix<Complex>&, Complex>);
static_assert(binds<lp::TileArray<float>, float>);
static_assert(binds<lp::TileArray<Complex>, Complex>);
static_assert(binds<lp::NpyFile<Complex>, Complex>);
static_assert(binds<const lp::NpyFile<Complex>, Complex>);
static_assert(binds<lp::ZarrArray<Complex>, Complex>);
static_assert(binds<std::shared_ptr<Store>, void>);
static_assert(binds<std::shared_ptr<lp::tile::MemoryStore<Complex>>, void>);
static_assert(binds<user::Blocks, float>);
static_assert(!lp::Bindable<std::vector<double>>);
static_assert(!lp::Bindable<std::vector<Complex>>);
static_assert(!lp::Bindable<std::shared_ptr<double>>);
static_assert(!lp::Bindable<double>);

static_assert(lp::is_writable_v<lp::TiledMatrix<double>>);
static_assert(!lp::is_writable_v<const lp::TiledMatrix<double>&>);
static_assert(lp::is_writable_v<lp::NpyFile<double>>);
static_assert(lp::is_writable_v<std::shared_ptr<Store>>);

}  // namespace

TEST_CASE("a store is bound as it is") {
  lp::TiledMatrix<double> a(4, 4, 2);
  const std::shared_ptr<Store> store = bind(a, 2);
  REQUIRE(bind(store, 2) == store);
  require_parts(refusal([&] { bind(store, 1); }), {"array of rank 2", "rank 1 is expected"});
  require_parts(refusal([] { bind(std::shared_ptr<Store>(), 1); }), {"empty std::shared_ptr"});
}

TEST_CASE("a user's own type is bound through its own function") {
  user::Blocks blocks;
  REQUIRE(bind(blocks, 2)->payload().name == "float32");
}

}  // namespace bind_test
