// gemm, syrk, herk and trsm with all their options, against plain loops.
#include <catch2/catch.hpp>
#include <filesystem>

#include <lambdapack/algorithm/gemm.hpp>
#include <lambdapack/algorithm/syrk.hpp>
#include <lambdapack/algorithm/trsm.hpp>

#include "algorithm/matrices.hpp"

namespace level3_test {

using lp::Diagonal;
using lp::Op;
using lp::Part;
using lp::Side;
using matrices::Dense;
using matrices::said;
using matrices::tiled;
using matrices::transposed;

namespace {

constexpr Op ops[] = {Op::none, Op::transpose, Op::adjoint};
const lp::threads two{2};

/// alpha op(A) op(B) + beta C in plain loops; with beta = 0, C is not looked at.
template <lp::Scalar T>
Dense<T> expected_gemm(const lp::kernel::Gemm<T>& how, const Dense<T>& a, const Dense<T>& b,
                       Dense<T> c) {
  const Dense<T> ab = reference::product(transposed(how.a_op, a), transposed(how.b_op, b));
  for (std::size_t i = 0; i < c.size(); ++i)
    c.data()[i] = how.alpha * (ab.size() == 0 ? T(0) : ab.data()[i]) +
                  (how.beta == T(0) ? T(0) : how.beta * c.data()[i]);
  return c;
}

template <lp::Scalar T>
double tolerance(std::int64_t k) {
  return 16 * reference::rounding<T>(k);
}

template <lp::Scalar T>
Dense<T> nans(std::int64_t rows, std::int64_t cols) {
  Dense<T> a(rows, cols);
  std::fill_n(a.data(), a.size(), T(std::numeric_limits<lp::real_t<T>>::quiet_NaN()));
  return a;
}

/// A random triangle that is well conditioned, with NaNs where nobody may look.
template <lp::Scalar T>
Dense<T> triangle(std::int64_t n, Part part, Diagonal diagonal) {
  Dense<T> a = reference::random_triangle<T>(n);
  if (part == Part::upper) a = transposed(Op::transpose, a);
  if (diagonal == Diagonal::unit)
    for (std::int64_t i = 0; i < n; ++i) a(i, i) = nans<T>(1, 1)(0, 0);
  return a;
}

/// The triangle as a whole matrix.
template <lp::Scalar T>
Dense<T> filled(Dense<T> a, Part part, Diagonal diagonal) {
  for (std::int64_t j = 0; j < a.cols(); ++j)
    for (std::int64_t i = 0; i < a.rows(); ++i)
      if (i == j && diagonal == Diagonal::unit)
        a(i, j) = T(1);
      else if (part == Part::lower ? i < j : i > j)
        a(i, j) = T(0);
  return a;
}

}  // namespace

TEMPLATE_TEST_CASE("gemm: all transposes, ragged and other shapes", "[algorithm]", SCALARS) {
  using T = TestType;
  struct Shape {
    std::int64_t m, n, k;
  };
  for (const Shape s : {Shape{13, 11, 17}, Shape{4, 9, 1}, Shape{1, 1, 1}, Shape{7, 3, 0},
                        Shape{0, 4, 3}, Shape{12, 8, 4}})
    for (const Op a_op : ops)
      for (const Op b_op : ops) {
        const lp::kernel::Gemm<T> how{a_op, b_op, T(1.5), T(-0.5)};
        const bool a_plain = a_op == Op::none, b_plain = b_op == Op::none;
        const auto a = reference::random_tile<T>(a_plain ? s.m : s.k, a_plain ? s.k : s.m);
        const auto b = reference::random_tile<T>(b_plain ? s.k : s.n, b_plain ? s.n : s.k);
        const auto c = reference::random_tile<T>(s.m, s.n);
        CAPTURE(s.m, s.n, s.k, static_cast<int>(a_op), static_cast<int>(b_op));
        const auto A = a_plain ? tiled(a, 4, 3) : tiled(a, 3, 4);
        const auto B = b_plain ? tiled(b, 3, 5) : tiled(b, 5, 3);
        auto C = tiled(c, 4, 5), D = tiled(nans<T>(s.m, s.n), 4, 5);
        lp::gemm(A, B, C, how, two);
        CHECK(reference::difference(C.to_dense(), expected_gemm(how, a, b, c)) <=
              tolerance<T>(s.k));
        const lp::kernel::Gemm<T> unread{a_op, b_op, T(1.5)};
        lp::gemm(A, B, D, unread, two);
        CHECK(reference::difference(D.to_dense(), expected_gemm(unread, a, b, c)) <=
              tolerance<T>(s.k));
      }
}

TEST_CASE("gemm: beta = 0 overwrites what C holds, alpha = 0 does not look at A", "[algorithm]") {
  const auto a = reference::random_tile<double>(7, 5), b = reference::random_tile<double>(5, 6);
  const auto c = reference::random_tile<double>(7, 6), nan = nans<double>(7, 5);
  auto C = tiled(nans<double>(7, 6), 3);
  lp::gemm(tiled(a, 3), tiled(b, 3), C);
  CHECK(reference::difference(C.to_dense(), reference::product(a, b)) <= tolerance<double>(5));

  C = tiled(nans<double>(7, 6), 3);
  lp::gemm(tiled(Dense<double>(7, 0), 3), tiled(Dense<double>(0, 6), 3), C);
  CHECK(reference::difference(C.to_dense(), Dense<double>::zeros(7, 6)) == 0);

  const auto path = (std::filesystem::temp_directory_path() / "lambdapack_gemm_test.npy").string();
  lp::gemm(tiled(a, 3), tiled(b, 3), lp::npy<double>(path, 7, 6, 3));
  CHECK(reference::difference(lp::read_npy<double>(path, 3).to_dense(), reference::product(a, b)) <=
        tolerance<double>(5));
  std::filesystem::remove(path);

  C = tiled(c, 3);
  lp::gemm(tiled(nan, 3), tiled(b, 3), C, {.alpha = 0, .beta = 1});
  CHECK(reference::difference(C.to_dense(), c) == 0);
}

TEMPLATE_TEST_CASE("gemm of few tiles and long sums: by a tree, to the same bits everywhere",
                   "[algorithm]", SCALARS) {
  using T = TestType;
  struct Shape {
    std::int64_t m, n, k;
  };
  for (const Shape s : {Shape{3, 2, 97}, Shape{9, 7, 401}, Shape{4, 4, 128}})
    for (const auto& [a_op, b_op] : {std::pair{Op::none, Op::none}, {Op::adjoint, Op::transpose}})
      for (const T beta : {T(0), T(-0.5)}) {
        CAPTURE(s.m, s.n, s.k, static_cast<int>(a_op), std::abs(beta));
        const lp::kernel::Gemm<T> how{a_op, b_op, T(1.5), beta};
        const bool plain = a_op == Op::none;
        const auto a = reference::random_tile<T>(plain ? s.m : s.k, plain ? s.k : s.m);
        const auto b = reference::random_tile<T>(plain ? s.k : s.n, plain ? s.n : s.k);
        const auto c = beta == T(0) ? nans<T>(s.m, s.n) : reference::random_tile<T>(s.m, s.n);
        const auto A = plain ? tiled(a, 4, 3) : tiled(a, 3, 4);
        const auto B = plain ? tiled(b, 3, 5) : tiled(b, 5, 3);
        auto C = tiled(c, 4, 5);
        const auto report = lp::gemm(A, B, C, how, lp::sequential{});
        CHECK(reference::difference(C.to_dense(), expected_gemm(how, a, b, c)) <=
              tolerance<T>(s.k));
        CHECK(matrices::ratio(matrices::product(C.to_dense(), T(-1), expected_gemm(how, a, b, c),
                                                matrices::identity<T>(s.n, s.n)),
                              s.k,
                              matrices::one_norm(a) * matrices::one_norm(b)) < matrices::threshold);
        // More tasks than products: a chain for each tile is not what ran.
        const std::int64_t tiles = C.extents()[0] * C.extents()[1];
        CHECK(report.tasks > tiles * ((s.k + 2) / 3 + (s.k + 23) / 24));
        for (const int workers : {1, 3}) {
          auto D = tiled(c, 4, 5);
          lp::gemm(A, B, D, how, lp::threads{workers});
          CHECK(matrices::same_bits(C.to_dense(), D.to_dense()));
        }
      }
}

TEMPLATE_TEST_CASE("syrk and herk: both triangles, both products", "[algorithm]", SCALARS) {
  using T = TestType;
  constexpr bool real = std::same_as<T, lp::real_t<T>>;
  for (const bool hermitian : {false, true})
    for (const Part part : {Part::lower, Part::upper})
      for (const bool plain : {true, false})
        for (const std::int64_t k : {7, 1, 0}) {
          const Op turned = hermitian ? Op::adjoint : Op::transpose;
          const Op op = plain ? Op::none : turned;
          const std::int64_t n = 11;
          CAPTURE(hermitian, static_cast<int>(part), plain, k);
          const auto a = plain ? reference::random_tile<T>(n, k) : reference::random_tile<T>(k, n);
          auto c = reference::random_tile<T>(n, n);
          const auto A = tiled(a, 4);
          auto C = tiled(c, 4);
          const lp::kernel::Gemm<T> product{plain ? Op::none : turned, plain ? turned : Op::none,
                                            T(2), T(0.5)};
          if (hermitian)
            lp::herk(A, C, {part, op, 2, 0.5}, two);
          else
            lp::syrk(A, C, {.part = part, .op = op, .alpha = T(2), .beta = T(0.5)}, two);
          auto expected = expected_gemm(product, a, a, c);
          for (std::int64_t j = 0; j < n; ++j)
            for (std::int64_t i = 0; i < n; ++i) {
              if (part == Part::lower ? i < j : i > j) expected(i, j) = c(i, j);
              if (i == j && hermitian && !real) expected(i, j) = T(std::real(expected(i, j)));
            }
          CHECK(reference::difference(C.to_dense(), expected) <= tolerance<T>(k));
        }
}

TEMPLATE_TEST_CASE("trsm: both sides, triangles, diagonals, all transposes", "[algorithm]",
                   SCALARS) {
  using T = TestType;
  for (const Side side : {Side::left, Side::right})
    for (const Part part : {Part::lower, Part::upper})
      for (const Diagonal diagonal : {Diagonal::non_unit, Diagonal::unit})
        for (const Op op : ops)
          for (const std::int64_t n : {13, 1}) {
            CAPTURE(static_cast<int>(side), static_cast<int>(part), static_cast<int>(diagonal),
                    static_cast<int>(op), n);
            const bool left = side == Side::left;
            const auto a = triangle<T>(n, part, diagonal);
            const auto b = left ? reference::random_tile<T>(n, 5) : reference::random_tile<T>(5, n);
            auto B = left ? tiled(b, 4, 3) : tiled(b, 3, 4);
            lp::trsm(tiled(a, 4), B, {side, part, op, diagonal, T(2)}, two);
            const auto whole = transposed(op, filled(a, part, diagonal));
            const auto x = B.to_dense();
            const auto product = left ? reference::product(whole, x) : reference::product(x, whole);
            auto twice = b;
            for (std::size_t i = 0; i < twice.size(); ++i) twice.data()[i] *= T(2);
            CHECK(reference::difference(product, twice) <= 64 * tolerance<T>(n));
          }
}

TEST_CASE("trsm: large tiles, empty right-hand sides, alpha = 0", "[algorithm]") {
  for (const Side side : {Side::left, Side::right})
    for (const Part part : {Part::lower, Part::upper})
      for (const Op op : {Op::none, Op::transpose}) {
        const std::int64_t n = 331;
        const auto a = triangle<double>(n, part, Diagonal::non_unit);
        const bool left = side == Side::left;
        const auto b =
            left ? reference::random_tile<double>(n, 9) : reference::random_tile<double>(9, n);
        auto B = tiled(b, 200);
        lp::trsm(tiled(a, 200), B, {.side = side, .part = part, .op = op}, two);
        const auto whole = transposed(op, filled(a, part, Diagonal::non_unit));
        const auto x = B.to_dense();
        CHECK((left ? matrices::solve_ratio(whole, x, b)
                    : matrices::solve_ratio(transposed(Op::transpose, whole),
                                            transposed(Op::transpose, x),
                                            transposed(Op::transpose, b))) < matrices::threshold);
      }
  lp::TiledMatrix<double> none(5, 0, 2), B = tiled(nans<double>(5, 3), 2);
  lp::trsm(tiled(triangle<double>(5, Part::lower, Diagonal::unit), 2), none);
  lp::trsm(tiled(nans<double>(5, 5), 2), B, {.alpha = 0});
  CHECK(reference::difference(B.to_dense(), Dense<double>::zeros(5, 3)) == 0);
}

TEST_CASE("level 3: the same bits on every executor", "[algorithm]") {
  const auto a = reference::random_tile<double>(70, 70), b = reference::random_tile<double>(70, 50);
  const auto triangular = triangle<double>(70, Part::upper, Diagonal::non_unit);
  const auto results = [&](const auto& executor) {
    auto C = tiled(b, 16), S = tiled(a, 16), X = tiled(b, 16);
    lp::gemm(tiled(a, 16), tiled(b, 16), C, {.a_op = Op::transpose, .beta = 2}, executor);
    lp::syrk(tiled(b, 16), S, {.part = Part::upper, .beta = 1}, executor);
    lp::trsm(tiled(triangular, 16), X, {.part = Part::upper}, executor);
    return std::vector{C.to_dense(), S.to_dense(), X.to_dense()};
  };
  const auto expected = results(lp::sequential{});
  for (const int workers : {1, 2, 3}) {
    const auto found = results(lp::threads{workers});
    for (std::size_t k = 0; k < found.size(); ++k)
      CHECK(matrices::same_bits(found[k], expected[k]));
  }
}

TEST_CASE("level 3 says which shapes do not fit, and what to do", "[algorithm]") {
  lp::TiledMatrix<double> A(7, 4, 3), B(5, 6, 3), C(7, 6, 3), S(7, 7, 3), other_tiles(4, 6, 2);
  CHECK(said<lp::input_error>([&] { lp::gemm(A, B, C); }) ==
        "lambdapack: gemm: A is a matrix in memory (7 x 4 float64 in tiles of 3 x 3) and B is a "
        "matrix in memory (5 x 6 float64 in tiles of 3 x 3), but op(A) must have as many columns "
        "as op(B) has rows, cut into the same tiles; check the shapes, the options and the order "
        "of the arguments [lp-E009]");
  using Catch::Contains;
  CHECK_THAT(said<lp::input_error>([&] { lp::gemm(A, other_tiles, C); }),
             Contains("in tiles of 2 x 2") && Contains("cut into the same tiles"));
  CHECK_THAT(said<lp::input_error>([&] { lp::gemm(A, C, C, {.a_op = Op::transpose}); }),
             Contains("C must have as many rows as op(A)"));
  CHECK_THAT(said<lp::input_error>([&] { lp::gemm(S, S, C); }),
             Contains("C must have as many columns as op(B)"));
  CHECK_THAT(said<lp::input_error>([&] { lp::syrk(A, C); }),
             Contains("C is a matrix in memory (7 x 6") && Contains("must be square"));
  CHECK_THAT(said<lp::input_error>([&] { lp::herk(B, S); }),
             Contains("herk: A is") && Contains("C must have as many rows as op(A)"));
  CHECK_THAT(said<lp::input_error>([&] { lp::trsm(S, B); }),
             Contains("B must have as many rows as A"));
  CHECK_THAT(said<lp::input_error>([&] { lp::trsm(S, B, {.side = Side::right}); }),
             Contains("B must have as many columns as A has rows"));
  lp::TiledMatrix<std::complex<double>> Z(4, 4, 2), Y(4, 4, 2);
  CHECK(said<lp::input_error>([&] { lp::syrk(Z, Y, {.op = Op::adjoint}); }) ==
        "lambdapack: syrk of complex numbers takes op = lp::Op::none or lp::Op::transpose; use "
        "lp::herk for A^H A");
  CHECK(said<lp::input_error>([&] { lp::herk(Z, Y, {.op = Op::transpose}); }) ==
        "lambdapack: herk of complex numbers takes op = lp::Op::none or lp::Op::adjoint; use "
        "lp::syrk for A^T A");
}

}  // namespace level3_test
