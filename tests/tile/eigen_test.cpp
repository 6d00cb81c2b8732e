#include "lambdapack/tile/eigen.hpp"

#include <Eigen/Dense>
#include <type_traits>
#include <utility>

#include "lambdapack/lambdapack.hpp"
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
    const auto tiles = lp::map(a, s[2], s[3]);
    const auto store = bind(tiles, 2);
    update_all<TestType>(*store, negate<TestType>);
    REQUIRE(a == -eigen_values<TestType>(s[0], s[1]));
  }
}

TEMPLATE_TEST_CASE("tiles are seen as matrices of Eigen, and matrices become them", "", float,
                   double, std::complex<float>, std::complex<double>) {
  using T = TestType;
  using M = Matrix<T>;
  for (const Shape& s : shapes()) {
    INFO(text(s));
    const M a = eigen_values<T>(s[0], s[1]);
    const auto A =
        lp::TiledMatrix<T>::from(a.data(), s[0], s[1], std::max<std::int64_t>(1, s[0]), s[2], s[3]);
    REQUIRE(lp::to_eigen<M>(A) == a);
    lp::tile::Dense<T> dense = A.to_dense();
    const auto& unchanged = dense;
    REQUIRE(lp::map<M>(unchanged) == a);
    lp::map<M>(dense) *= T(2);
    REQUIRE(lp::map<M>(dense) == T(2) * a);
    REQUIRE(lp::map<M>(dense).data() == dense.data());
    static_assert(std::is_const_v<std::remove_pointer_t<decltype(lp::map<M>(unchanged).data())>>);
  }
  lp::TiledMatrix<T> column(5, 1, 2, 1);
  column(3, 0) = T(7);
  REQUIRE(lp::to_eigen<Eigen::Matrix<T, Eigen::Dynamic, 1>>(column)(3) == T(7));
}

TEST_CASE("kernels see their tiles as matrices of Eigen") {
  Eigen::MatrixXd a = eigen_values<double>(9, 9), b = a, c = Eigen::MatrixXd::Zero(9, 9);
  const auto product =
      lp::make_kernel("product", [](lp::inout<double> z, lp::in<double> x, lp::in<double> y) {
        lp::map<Eigen::MatrixXd>(z).noalias() +=
            lp::map<Eigen::MatrixXd>(x) * lp::map<Eigen::MatrixXd>(y);
      });
  const auto multiply = [&](lp::In<double, 2> A, lp::In<double, 2> B, lp::InOut<double, 2> C) {
    for (auto i : lp::range(C.extent(0)))
      for (auto j : lp::range(C.extent(1)))
        for (auto k : lp::range(A.extent(1))) C(i, j) = product(C(i, j), A(i, k), B(k, j));
  };
  lp::run(lp::threads{2}, multiply, lp::map(std::as_const(a), 4), lp::map(b, 4), lp::map(c, 4));
  REQUIRE((c - a * b).norm() <= 1e-12 * (a * b).norm());
}

TEST_CASE("blocks, maps, refs and vectors of Eigen are views") {
  Eigen::MatrixXd a = eigen_values<double>(9, 7), expected = a;
  auto block = a.block(2, 1, 5, 4);
  update_all<double>(*bind(lp::map(block, 2), 2), negate<double>);
  expected.block(2, 1, 5, 4) *= -1;
  REQUIRE(a == expected);

  Eigen::Ref<Eigen::MatrixXd> ref = a.leftCols(3);
  update_all<double>(*bind(lp::map(ref, 4), 2), negate<double>);
  expected.leftCols(3) *= -1;
  REQUIRE(a == expected);

  Eigen::Map<Eigen::MatrixXd, 0, Eigen::OuterStride<>> map(a.data(), 3, 7, Eigen::OuterStride<>(9));
  update_all<double>(*bind(lp::map(map, 2), 2), negate<double>);
  expected.topRows(3) *= -1;
  REQUIRE(a == expected);

  Eigen::VectorXd v = a.col(0);
  update_all<double>(*bind(lp::map(v, 2), 1), negate<double>);
  REQUIRE(v == -a.col(0));

  Eigen::RowVectorXd r = a.row(1);
  const auto across = bind(lp::map(r, 2), 1);
  REQUIRE(across->extents() == Index{4});
  update_all<double>(*across, negate<double>);
  REQUIRE(r == -a.row(1));

  auto row = a.row(4);
  update_all<double>(*bind(lp::map(row, 2), 1), negate<double>);
  expected.row(4) *= -1;
  REQUIRE(a == expected);

  Eigen::Matrix<double, 3, 3> fixed = a.topLeftCorner(3, 3);
  update_all<double>(*bind(lp::map(fixed, 8), 0), negate<double>);
  REQUIRE(fixed == -a.topLeftCorner(3, 3));
}

TEST_CASE("tiles are copied at load, and copied back only by commit") {
  Eigen::MatrixXd a = eigen_values<double>(4, 4);
  const auto store = bind(lp::map(a, 2), 2);
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
  const auto reader = bind(lp::map(c, 2), 2);
  reader->begin(Use::read);
  REQUIRE(reader->load(Index{1, 1}).get<lp::tile::Dense<double>>()(0, 0) == a(2, 2));
  reader->commit();
  require_parts(refusal([&] { reader->begin(Use::update); }), {"an Eigen matrix", "const"});

  const auto store = bind(lp::map(a, 2), 2);
  REQUIRE_THROWS_AS(store->save(Index{0, 0}, store->blank(Index{0, 0})), lp::internal_error);
  store->begin(Use::read);
  REQUIRE_THROWS_AS(store->save(Index{0, 0}, store->blank(Index{0, 0})), lp::internal_error);
  store->commit();
  store->begin(Use::update);
  require_parts(refusal([&] { store->save(Index{0, 0}, lp::tile::Tile()); }), {"tile (0, 0)"});
  a.resize(3, 3);
  require_parts(refusal([&] { store->commit(); }), {"has become 3 x 3", "do not resize"});

  Eigen::Map<Eigen::MatrixXd, 0, Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>> strided(
      a.data(), 1, 2, Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>(4, 2));
  require_parts(refusal([&] { bind(lp::map(strided, 2), 2); }),
                {"2 elements from one row to the next", "copy"});
  require_parts(refusal([&] { bind(lp::map(a, 0), 2); }), {"a tile cannot be 0 x 0"});
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
  REQUIRE(complaint("Matrix<double, false> m; auto t = lp::map(m, 2);").empty());
  require_parts(complaint("Matrix<double, true> m; auto t = lp::map(m, 2);"),
                {"takes column-major matrices only", "without Eigen::RowMajor"});
  require_parts(complaint("Matrix<int, false> m; void f() { lp::map(m, 2); }"),
                {"takes a dense matrix of float, double"});
  require_parts(complaint("void f() { lp::map(Matrix<double, false>(), 2); }"),
                {"temporary; give it a name first"});
}
#endif

TEST_CASE("elements that a run writes are refused to others, through whatever view") {
  Eigen::MatrixXd a = eigen_values<double>(8, 6);
  const Eigen::MatrixXd& c = a;
  const auto of = [](auto& matrix) { return bind(lp::map(matrix, 2), 2); };
  const auto one = of(a), reader = of(c);
  auto block = a.block(3, 1, 2, 3);
  auto column = a.col(5);
  Eigen::Map<Eigen::MatrixXd> tall(a.data(), 16, 3);
  const std::shared_ptr<lp::tile::Store> others[] = {of(a), of(block), of(column), of(tall)};
  for (const auto& other : others) {
    INFO(other->describe());
    one->begin(Use::update);
    for (const Use use : {Use::read, Use::write, Use::update})
      require_parts(refusal([&] { other->begin(use); }),
                    {other->describe(), "in use by another run", "wait for the other run"});
    one->commit();
    other->begin(Use::write);
    require_parts(refusal([&] { one->begin(Use::read); }), {"in use by another run"});
    other->abandon("x");
    reader->begin(Use::read);
    CHECK_NOTHROW(other->begin(Use::read));
    require_parts(refusal([&] { one->begin(Use::write); }), {"in use by another run"});
    other->commit();
    reader->commit();
  }
  {
    const auto dropped = of(a);
    dropped->begin(Use::write);
  }
  CHECK_NOTHROW(one->begin(Use::write));
}

TEST_CASE("views that share no element are written by runs at once") {
  Eigen::MatrixXd a = eigen_values<double>(8, 6);
  const auto all_at_once = [](auto... views) {
    const std::shared_ptr<lp::tile::Store> stores[] = {bind(lp::map(views, 2), 2)...};
    for (const auto& store : stores) CHECK_NOTHROW(store->begin(Use::update));
    for (const auto& store : stores) store->commit();
  };
  all_at_once(a.leftCols(3), a.rightCols(3));
  all_at_once(a.topRows(4), a.bottomRows(4));
  all_at_once(a.topLeftCorner(5, 2), a.topRightCorner(5, 4), a.bottomLeftCorner(3, 2),
              a.bottomRightCorner(3, 4));
  all_at_once(a.col(0), a.col(1), a.block(0, 2, 8, 4));
  all_at_once(a.block(0, 0, 8, 0), a.block(0, 0, 0, 6), a.block(0, 0, 8, 6));
  Eigen::Map<Eigen::MatrixXd, 0, Eigen::OuterStride<>> even(a.data(), 8, 3,
                                                            Eigen::OuterStride<>(16)),
      odd(a.data() + 8, 8, 3, Eigen::OuterStride<>(16));
  all_at_once(even, odd);
  Eigen::Map<Eigen::MatrixXd, 0, Eigen::OuterStride<>> back(a.data() + 40, 8, 3,
                                                            Eigen::OuterStride<>(-16));
  all_at_once(even, back);
  const auto one = bind(lp::map(odd, 2), 2), same = bind(lp::map(back, 2), 2);
  one->begin(Use::update);
  require_parts(refusal([&] { same->begin(Use::update); }), {"in use by another run"});
}

}  // namespace eigen_test
