#include "lambdapack/tile/eigen.hpp"

#include <Eigen/Dense>

#include "support.hpp"

namespace eigen_test {

using namespace tile_test;
using lp::tile::Use;

namespace {

using Index = std::vector<std::int64_t>;

template <class T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;

template <class T>
Matrix<T> eigen_values(std::int64_t rows, std::int64_t cols) {
  return Matrix<T>::NullaryExpr(rows, cols,
                                [](Eigen::Index i, Eigen::Index j) { return value<T>(i, j); });
}

template <class Wrapper>
constexpr bool read_only = !lp::is_writable_v<Wrapper>;

static_assert(lp::Bindable<lp::EigenTiles<Eigen::MatrixXcd>>);
static_assert(std::same_as<lp::element_of_t<lp::EigenTiles<const Eigen::MatrixXf>>, float>);
static_assert(!read_only<lp::EigenTiles<Eigen::MatrixXd>>);
static_assert(read_only<lp::EigenTiles<const Eigen::MatrixXd>>);
static_assert(read_only<lp::EigenTiles<Eigen::Map<const Eigen::MatrixXd>>>);
static_assert(!lp::EigenDense<Eigen::MatrixXi>);
static_assert(!lp::EigenDense<decltype(Eigen::MatrixXd() + Eigen::MatrixXd())>);

}  // namespace

TEMPLATE_TEST_CASE("Eigen matrices are updated in place", "", float, double, std::complex<float>,
                   std::complex<double>) {
  for (const Shape& s : shapes()) {
    INFO(text(s));
    Matrix<TestType> a = eigen_values<TestType>(s[0], s[1]);
    const auto tiles = lp::tiled(a, s[2], s[3]);
    const auto store = bind(tiles, 2);
    update_all<TestType>(*store, negate<TestType>);
    REQUIRE(a == -eigen_values<TestType>(s[0], s[1]));
  }
}

TEST_CASE("blocks, maps, refs and vectors of Eigen are views") {
  Eigen::MatrixXd a = eigen_values<double>(9, 7), expected = a;
  auto block = a.block(2, 1, 5, 4);
  update_all<double>(*bind(lp::tiled(block, 2), 2), negate<double>);
  expected.block(2, 1, 5, 4) *= -1;
  REQUIRE(a == expected);

  Eigen::Ref<Eigen::MatrixXd> ref = a.leftCols(3);
  update_all<double>(*bind(lp::tiled(ref, 4), 2), negate<double>);
  expected.leftCols(3) *= -1;
  REQUIRE(a == expected);

  Eigen::Map<Eigen::MatrixXd, 0, Eigen::OuterStride<>> map(a.data(), 3, 7, Eigen::OuterStride<>(9));
  update_all<double>(*bind(lp::tiled(map, 2), 2), negate<double>);
  expected.topRows(3) *= -1;
  REQUIRE(a == expected);

  Eigen::VectorXd v = a.col(0);
  update_all<double>(*bind(lp::tiled(v, 2), 1), negate<double>);
  REQUIRE(v == -a.col(0));

  Eigen::RowVectorXd r = a.row(1);
  const auto across = bind(lp::tiled(r, 2), 1);
  REQUIRE(across->extents() == Index{4});
  update_all<double>(*across, negate<double>);
  REQUIRE(r == -a.row(1));

  auto row = a.row(4);
  update_all<double>(*bind(lp::tiled(row, 2), 1), negate<double>);
  expected.row(4) *= -1;
  REQUIRE(a == expected);

  Eigen::Matrix<double, 3, 3> fixed = a.topLeftCorner(3, 3);
  update_all<double>(*bind(lp::tiled(fixed, 8), 0), negate<double>);
  REQUIRE(fixed == -a.topLeftCorner(3, 3));
}

TEST_CASE("tiles are copied at load, and copied back only by commit") {
  Eigen::MatrixXd a = eigen_values<double>(4, 4);
  const auto store = bind(lp::tiled(a, 2), 2);
  REQUIRE(store->describe() == "an Eigen matrix (4 x 4 float64 in tiles of 2 x 2)");
  store->begin(Use::update);
  lp::tile::Tile tile = store->load(Index{1, 0});
  REQUIRE(tile.unique());
  negate(tile.get<lp::tile::Dense<double>>());
  store->save(Index{1, 0}, tile);
  REQUIRE(a == eigen_values<double>(4, 4));
  store->abandon("x");
  store->begin(Use::update);
  store->commit();
  REQUIRE(a == eigen_values<double>(4, 4));
  store->begin(Use::update);
  store->save(Index{1, 0}, tile);
  store->commit();
  REQUIRE(a(2, 0) == -value<double>(2, 0));
  REQUIRE(a(0, 0) == value<double>(0, 0));
}

TEST_CASE("what Eigen matrices cannot do is refused") {
  Eigen::MatrixXd a = eigen_values<double>(4, 4);
  const Eigen::MatrixXd& c = a;
  const auto reader = bind(lp::tiled(c, 2), 2);
  reader->begin(Use::read);
  REQUIRE(reader->load(Index{1, 1}).get<lp::tile::Dense<double>>()(0, 0) == a(2, 2));
  reader->commit();
  require_parts(refusal([&] { reader->begin(Use::update); }), {"an Eigen matrix", "const"});

  const auto store = bind(lp::tiled(a, 2), 2);
  REQUIRE_THROWS_AS(store->save(Index{0, 0}, store->blank(Index{0, 0})), lp::internal_error);
  store->begin(Use::read);
  REQUIRE_THROWS_AS(store->save(Index{0, 0}, store->blank(Index{0, 0})), lp::internal_error);
  store->begin(Use::update);
  require_parts(refusal([&] { store->save(Index{0, 0}, lp::tile::Tile()); }), {"tile (0, 0)"});
  a.resize(3, 3);
  require_parts(refusal([&] { store->commit(); }), {"has become 3 x 3", "do not resize"});

  Eigen::Map<Eigen::MatrixXd, 0, Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>> strided(
      a.data(), 1, 2, Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>(4, 2));
  require_parts(refusal([&] { bind(lp::tiled(strided, 2), 2); }),
                {"2 elements from one row to the next", "copy"});
  require_parts(refusal([&] { bind(lp::tiled(a, 0), 2); }), {"a tile cannot be 0 x 0"});
}

#ifdef LAMBDAPACK_SOURCE_DIR
TEST_CASE("row-major matrices, expressions and temporaries do not compile, with a sentence") {
  const auto complaint = [](const std::string& lines) {
    TempDir directory;
    put(directory / "misuse.cpp",
        "#include \"lambdapack/tile/eigen.hpp\"\n"
        "template <class T, bool by_rows> struct Matrix {\n"
        "  using Scalar = T; static constexpr bool IsRowMajor = by_rows;\n"
        "  long rows() const; long cols() const; long outerStride() const;\n"
        "  T* data(); const T* data() const; };\n" +
            lines);
    const std::string command = "c++ -std=c++20 -fsyntax-only -I" LAMBDAPACK_SOURCE_DIR
                                "/include " +
                                (directory / "misuse.cpp") + " 2> " + (directory / "log");
    const bool compiles = std::system(command.c_str()) == 0;
    return compiles ? "" : contents(directory / "log");
  };
  REQUIRE(complaint("Matrix<double, false> m; auto t = lp::tiled(m, 2);").empty());
  require_parts(complaint("Matrix<double, true> m; auto t = lp::tiled(m, 2);"),
                {"takes column-major matrices only", "without Eigen::RowMajor"});
  require_parts(complaint("Matrix<int, false> m; void f() { lp::tiled(m, 2); }"),
                {"takes a dense matrix of float, double"});
  require_parts(complaint("void f() { lp::tiled(Matrix<double, false>(), 2); }"),
                {"temporary; give it a name first"});
}
#endif

}  // namespace eigen_test
