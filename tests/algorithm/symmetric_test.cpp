// symm, hemm, syr2k, her2k and trmm with all their options, against plain loops.
#include <catch2/catch.hpp>

#include <lambdapack/algorithm/symm.hpp>
#include <lambdapack/algorithm/syr2k.hpp>
#include <lambdapack/algorithm/trmm.hpp>

#include "algorithm/matrices.hpp"

namespace symmetric_test {

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

template <lp::Scalar T>
T nan() {
  return T(std::numeric_limits<lp::real_t<T>>::quiet_NaN());
}

template <lp::Scalar T>
double tolerance(std::int64_t k) {
  return 16 * reference::rounding<T>(k);
}

bool is_in(Part part, std::int64_t i, std::int64_t j) {
  return part == Part::lower ? i >= j : i <= j;
}

/// One triangle of a, and what `other(i, j)` is in the other one.
template <lp::Scalar T, class F>
Dense<T> with_other(Dense<T> a, Part part, F&& other) {
  for (std::int64_t j = 0; j < a.cols(); ++j)
    for (std::int64_t i = 0; i < a.rows(); ++i)
      if (!is_in(part, i, j)) a(i, j) = other(i, j);
  return a;
}

/// The symmetric or Hermitian matrix of which one triangle is given.
template <lp::Scalar T>
Dense<T> whole(const Dense<T>& a, Part part, bool hermitian) {
  Dense<T> all = with_other(a, part, [&](std::int64_t i, std::int64_t j) {
    return hermitian ? reference::conj(a(j, i)) : a(j, i);
  });
  for (std::int64_t i = 0; i < a.rows() && hermitian; ++i) all(i, i) = T(std::real(all(i, i)));
  return all;
}

/// alpha A B + beta C; with beta = 0, C is not looked at.
template <lp::Scalar T>
Dense<T> sum(T alpha, const Dense<T>& a, const Dense<T>& b, T beta, Dense<T> c) {
  const Dense<T> ab = reference::product(a, b);
  for (std::size_t i = 0; i < c.size(); ++i)
    c.data()[i] =
        alpha * (ab.size() == 0 ? T(0) : ab.data()[i]) + (beta == T(0) ? T(0) : beta * c.data()[i]);
  return c;
}

}  // namespace

TEMPLATE_TEST_CASE("symm and hemm: both sides, both triangles", "[algorithm]", SCALARS) {
  using T = TestType;
  for (const bool hermitian : {false, true})
    for (const Side side : {Side::left, Side::right})
      for (const Part part : {Part::lower, Part::upper})
        for (const std::int64_t n : {13, 4, 1, 0}) {
          CAPTURE(hermitian, static_cast<int>(side), static_cast<int>(part), n);
          const bool left = side == Side::left;
          const auto given = reference::random_tile<T>(n, n);
          const auto a = with_other(given, part, [](auto, auto) { return nan<T>(); });
          const auto b = left ? reference::random_tile<T>(n, 7) : reference::random_tile<T>(7, n);
          const auto c = left ? reference::random_tile<T>(n, 7) : reference::random_tile<T>(7, n);
          const auto B = left ? tiled(b, 4, 3) : tiled(b, 3, 4);
          auto C = left ? tiled(c, 4, 3) : tiled(c, 3, 4), D = C;
          const auto run = [&](auto& result, T beta) {
            const lp::kernel::Symm<T> how{side, part, T(1.5), beta};
            if (hermitian)
              lp::hemm(tiled(a, 4), B, result, how, two);
            else
              lp::symm(tiled(a, 4), B, result, how, two);
          };
          const auto all = whole(given, part, hermitian);
          const auto expected = [&](T beta) {
            return left ? sum(T(1.5), all, b, beta, c) : sum(T(1.5), b, all, beta, c);
          };
          run(C, T(-0.5));
          CHECK(reference::difference(C.to_dense(), expected(T(-0.5))) <= tolerance<T>(n));
          for (std::int64_t j = 0; j < D.cols(); ++j)
            for (std::int64_t i = 0; i < D.rows(); ++i) D(i, j) = nan<T>();
          run(D, T(0));
          CHECK(reference::difference(D.to_dense(), expected(T(0))) <= tolerance<T>(n));
        }
}

TEMPLATE_TEST_CASE("syr2k and her2k: both triangles, both products", "[algorithm]", SCALARS) {
  using T = TestType;
  constexpr bool real = std::same_as<T, lp::real_t<T>>;
  T alpha = T(2);
  if constexpr (!real) alpha = T(2, 0.5);
  for (const bool hermitian : {false, true})
    for (const Part part : {Part::lower, Part::upper})
      for (const bool plain : {true, false})
        for (const std::int64_t k : {7, 1, 0}) {
          const Op turned = hermitian ? Op::adjoint : Op::transpose;
          const Op op = plain ? Op::none : turned;
          const std::int64_t n = 11;
          CAPTURE(hermitian, static_cast<int>(part), plain, k);
          const auto a = plain ? reference::random_tile<T>(n, k) : reference::random_tile<T>(k, n);
          const auto b = plain ? reference::random_tile<T>(n, k) : reference::random_tile<T>(k, n);
          const auto c = reference::random_tile<T>(n, n);
          auto C = tiled(c, 4);
          if (hermitian)
            lp::her2k(tiled(a, 4), tiled(b, 4), C, {part, op, alpha, lp::real_t<T>(0.5)}, two);
          else
            lp::syr2k(tiled(a, 4), tiled(b, 4), C,
                      {.part = part, .op = op, .alpha = alpha, .beta = T(0.5)}, two);
          const auto left = transposed(op, a), right = transposed(op, b);
          auto expected = sum(alpha, left, transposed(turned, right), T(0.5), c);
          expected = sum(hermitian ? reference::conj(alpha) : alpha, right,
                         transposed(turned, left), T(1), expected);
          for (std::int64_t j = 0; j < n; ++j)
            for (std::int64_t i = 0; i < n; ++i) {
              if (!is_in(part, i, j)) expected(i, j) = c(i, j);
              if (i == j && hermitian) expected(i, j) = T(std::real(expected(i, j)));
            }
          CHECK(reference::difference(C.to_dense(), expected) <= 2 * tolerance<T>(k));
        }
}

TEMPLATE_TEST_CASE("trmm: both sides, triangles, diagonals, all transposes", "[algorithm]",
                   SCALARS) {
  using T = TestType;
  for (const Side side : {Side::left, Side::right})
    for (const Part part : {Part::lower, Part::upper})
      for (const Diagonal diagonal : {Diagonal::non_unit, Diagonal::unit})
        for (const Op op : ops)
          for (const std::int64_t n : {13, 1, 0}) {
            CAPTURE(static_cast<int>(side), static_cast<int>(part), static_cast<int>(diagonal),
                    static_cast<int>(op), n);
            const bool left = side == Side::left, unit = diagonal == Diagonal::unit;
            const auto given = reference::random_tile<T>(n, n);
            auto a = with_other(given, part, [](auto, auto) { return nan<T>(); });
            auto all = with_other(given, part, [](auto, auto) { return T(0); });
            for (std::int64_t i = 0; i < n && unit; ++i) {
              a(i, i) = nan<T>();
              all(i, i) = T(1);
            }
            all = transposed(op, all);
            const auto b = left ? reference::random_tile<T>(n, 5) : reference::random_tile<T>(5, n);
            auto B = left ? tiled(b, 4, 3) : tiled(b, 3, 4);
            lp::trmm(tiled(a, 4), B, {side, part, op, diagonal, T(2)}, two);
            const auto expected = left ? sum(T(2), all, b, T(0), b) : sum(T(2), b, all, T(0), b);
            CHECK(reference::difference(B.to_dense(), expected) <= tolerance<T>(n));
          }
}

TEST_CASE("trmm undoes trsm's work, in large tiles", "[algorithm]") {
  const std::int64_t n = 331;
  const auto a = reference::random_triangle<double>(n), b = reference::random_tile<double>(n, 70);
  auto B = tiled(b, 200);
  lp::trmm(tiled(a, 200), B, {.op = Op::transpose}, two);
  auto all = with_other(a, Part::lower, [](auto, auto) { return 0.0; });
  CHECK(reference::difference(B.to_dense(), reference::product(transposed(Op::transpose, all),
                                                               b)) <= tolerance<double>(n));
}

TEST_CASE("products with symmetric matrices: the same bits on every executor", "[algorithm]") {
  const auto a = reference::random_tile<double>(70, 70), b = reference::random_tile<double>(70, 50);
  const auto results = [&](const auto& executor) {
    auto C = tiled(b, 16), S = tiled(a, 16), X = tiled(b, 16);
    lp::symm(tiled(a, 16), tiled(b, 16), C, {.beta = 2}, executor);
    lp::syr2k(tiled(b, 16), tiled(b, 16), S, {.part = Part::upper, .beta = 1}, executor);
    lp::trmm(tiled(a, 16), X, {.part = Part::upper}, executor);
    return std::vector{C.to_dense(), S.to_dense(), X.to_dense()};
  };
  const auto expected = results(lp::sequential{});
  for (const int workers : {1, 2, 3}) {
    const auto found = results(lp::threads{workers});
    for (std::size_t k = 0; k < found.size(); ++k)
      CHECK(matrices::same_bits(found[k], expected[k]));
  }
}

TEST_CASE("products with symmetric matrices say which shapes do not fit", "[algorithm]") {
  using Catch::Contains;
  lp::TiledMatrix<double> A(7, 4, 3), B(5, 6, 3), C(7, 6, 3), S(7, 7, 3);
  CHECK_THAT(
      said<lp::input_error>([&] { lp::symm(A, B, C); }),
      Contains("symm") && Contains("A is a matrix in memory (7 x 4") && Contains("must be square"));
  CHECK_THAT(said<lp::input_error>([&] { lp::symm(S, B, C); }),
             Contains("B must have as many rows as A"));
  CHECK_THAT(said<lp::input_error>([&] { lp::hemm(S, C, A, {.side = Side::right}); }),
             Contains("hemm") && Contains("B must have as many columns as A has rows"));
  CHECK_THAT(said<lp::input_error>([&] { lp::symm(S, A, C); }),
             Contains("C must have as many columns as B"));
  CHECK_THAT(said<lp::input_error>([&] { lp::syr2k(A, C, S); }),
             Contains("B must have as many columns as A"));
  CHECK_THAT(said<lp::input_error>([&] { lp::syr2k(B, B, S); }),
             Contains("C must have as many rows as op(A)"));
  CHECK_THAT(said<lp::input_error>([&] { lp::trmm(S, B); }),
             Contains("trmm") && Contains("B must have as many rows as A"));
  lp::TiledMatrix<std::complex<double>> Z(4, 4, 2), Y(4, 4, 2);
  CHECK(said<lp::input_error>([&] { lp::syr2k(Z, Z, Y, {.op = Op::adjoint}); }) ==
        "lambdapack: syr2k of complex numbers takes op = lp::Op::none or lp::Op::transpose; use "
        "lp::her2k for adjoints");
}

}  // namespace symmetric_test
