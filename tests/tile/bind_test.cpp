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

TEST_CASE("a store that a run uses is refused to another, which does not disturb the first") {
  using lp::tile::Use;
  TempDir directory;
  const auto values = matrix_values<double>(4, 4, 2, 2);
  auto matrix = values;
  lp::TileArray<double> array({2, 2});
  for (std::int64_t i = 0; i < 2; ++i)
    for (std::int64_t j = 0; j < 2; ++j) array(i, j) = values.tile(i, j);
  struct Columns {
    using Scalar = double;
    lp::tile::Dense<double> dense;
    std::int64_t rows() const { return dense.rows(); }
    std::int64_t cols() const { return dense.cols(); }
    std::int64_t outerStride() const { return dense.rows(); }
    double* data() { return dense.data(); }
    const double* data() const { return dense.data(); }
  } columns{values.to_dense()};
  lp::write_npy(directory / "a.npy", values);
  lp::write_zarr(directory / "a.zarr", values);
  const std::vector<std::shared_ptr<Store>> stores = {
      bind(matrix, 2),
      bind(array, 2),
      bind(lp::map(columns, 2), 2),
      bind(lp::npy<double>(directory / "a.npy", 2), 2),
      bind(lp::zarr<double>(directory / "a.zarr"), 2),
      bind(lp::zarr<double>(directory / "b.zarr", 4, 4, 2, {.resume = true}), 2)};
  for (const auto& store : stores)
    for (const Use use : {Use::read, Use::update, Use::write}) {
      INFO(store->describe());
      if (store == stores.back() && use != Use::write) continue;
      store->begin(use);
      for (const Use other : {Use::read, Use::update, Use::write})
        if (use != Use::read || other != Use::read)
          require_parts(refusal([&] { store->begin(other); }),
                        {store->describe(), "in use by another run", "one of the two uses writes",
                         "wait for the other run"});
      const std::vector<std::int64_t> last{1, 1};
      if (use != Use::read) CHECK_NOTHROW(store->save(last, store->zero(last)));
      if (use != Use::write)
        CHECK(store->load(last).get<lp::tile::Dense<double>>()(1, 1) == value<double>(3, 3));
      store->commit();
      CHECK_NOTHROW(store->begin(Use::write));
      store->abandon("x");
      CHECK_NOTHROW(store->begin(Use::write));
      store->commit();
    }
}

}  // namespace bind_test
