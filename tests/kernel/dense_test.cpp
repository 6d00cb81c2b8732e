// Every kernel of dense tiles, for the four scalar types, against plain loops.
#include "lambdapack/kernel/dense.hpp"

#include <catch2/catch.hpp>
#include <cstring>
#include <vector>

#include "reference.hpp"

namespace dense_test {

namespace kernel = lp::kernel;
using reference::adjoint;
using reference::Dense;
using reference::difference;
using reference::in;
using reference::inout;
using reference::lower_part;
using reference::out;
using reference::product;
using reference::random_order;
using reference::random_tile;
using reference::random_triangle;
using reference::rounding;

#define SCALARS float, double, std::complex<float>, std::complex<double>

TEMPLATE_TEST_CASE("gemm, gemm_sub and gemm_sub_adjoint add products", "[kernel]", SCALARS) {
  using T = TestType;
  for (int round = 0; round < 40; ++round) {
    const auto m = random_order(), n = random_order(), k = random_order();
    CAPTURE(m, n, k);
    const auto a = random_tile<T>(m, k), b = random_tile<T>(k, n), c = random_tile<T>(m, n);

    auto sum = c;
    kernel::gemm(inout(sum), in(a), in(b));
    CHECK(difference(sum, product(c, 1, a, b)) <= rounding<T>(k));

    auto less = c;
    kernel::gemm_sub(inout(less), in(a), in(b));
    CHECK(difference(less, product(c, -1, a, b)) <= rounding<T>(k));

    auto less_adjoint = c;
    kernel::gemm_sub_adjoint(inout(less_adjoint), in(adjoint(a)), in(b));
    CHECK(difference(less_adjoint, product(c, -1, a, b)) <= rounding<T>(k));
  }
}

TEMPLATE_TEST_CASE("syrk of two tiles updates the whole tile", "[kernel]", SCALARS) {
  using T = TestType;
  for (int round = 0; round < 40; ++round) {
    const auto m = random_order(), n = random_order(), k = random_order();
    CAPTURE(m, n, k);
    const auto a = random_tile<T>(m, k), b = random_tile<T>(n, k), c = random_tile<T>(m, n);
    auto updated = c;
    kernel::syrk(inout(updated), in(a), in(b));
    CHECK(difference(updated, product(c, -1, a, adjoint(b))) <= rounding<T>(k));
  }
}

TEMPLATE_TEST_CASE("syrk of one tile updates the lower triangle only", "[kernel]", SCALARS) {
  using T = TestType;
  for (const auto n : reference::orders)
    for (const std::int64_t k : {0, 1, 7, 64, 65}) {
      CAPTURE(n, k);
      const auto a = random_tile<T>(n, k);
      const auto c = reference::random_positive_definite<T>(n);
      auto updated = c;
      kernel::syrk(inout(updated), in(a), in(a));
      CHECK(difference(lower_part(updated), lower_part(product(c, -1, a, adjoint(a)))) <=
            rounding<T>(k));
      for (std::int64_t j = 0; j < n; ++j) {
        CHECK(std::imag(updated(j, j)) == 0);
        for (std::int64_t i = 0; i < j; ++i) REQUIRE(std::isnan(std::real(updated(i, j))));
      }
    }
}

TEMPLATE_TEST_CASE("trsm, trsm_left and trsm_left_adjoint solve", "[kernel]", SCALARS) {
  using T = TestType;
  for (const auto n : reference::orders)
    for (const std::int64_t m : {0, 1, 7, 63, 64, 65, 131}) {
      CAPTURE(n, m);
      const auto l = random_triangle<T>(n), lower = lower_part(l);
      const auto b = random_tile<T>(m, n), b_left = random_tile<T>(n, m);

      auto x = b;
      kernel::trsm(in(l), inout(x));
      CHECK(difference(product(x, adjoint(lower)), b) <= rounding<T>(n));

      x = b_left;
      kernel::trsm_left(in(l), inout(x));
      CHECK(difference(product(lower, x), b_left) <= rounding<T>(n));

      x = b_left;
      kernel::trsm_left_adjoint(in(l), inout(x));
      CHECK(difference(product(adjoint(lower), x), b_left) <= rounding<T>(n));
    }
}

TEMPLATE_TEST_CASE("trsm has a small residual with an ill-conditioned triangle", "[kernel]",
                   SCALARS) {
  using T = TestType;
  using R = lp::real_t<T>;
  const std::int64_t n = 150, m = 20;
  auto l = random_triangle<T>(n);
  for (std::int64_t j = 0; j < n; ++j) l(j, j) *= std::exp2(R(-(j % 12)));
  const auto lower = lower_part(l), b = random_tile<T>(m, n);
  auto x = b;
  kernel::trsm(in(l), inout(x));
  const auto residual = product(x, adjoint(lower));
  for (std::int64_t i = 0; i < m; ++i)
    for (std::int64_t j = 0; j < n; ++j) {
      double size = std::abs(b(i, j));
      for (std::int64_t k = 0; k <= j; ++k) size += std::abs(x(i, k)) * std::abs(lower(j, k));
      REQUIRE(std::abs(residual(i, j) - b(i, j)) <= rounding<T>(n) * size);
    }
}

TEMPLATE_TEST_CASE("copy, zero, add and scale", "[kernel]", SCALARS) {
  using T = TestType;
  for (int round = 0; round < 20; ++round) {
    const auto m = random_order(), n = random_order();
    const auto a = random_tile<T>(m, n), b = random_tile<T>(m, n);

    Dense<T> copied;
    kernel::copy(out(copied), in(a));
    REQUIRE(copied.rows() == m);
    REQUIRE(copied.cols() == n);
    CHECK(difference(copied, a) == 0);

    auto sum = a, doubled = a, cleared = a;
    kernel::add(inout(sum), in(b));
    kernel::scale(inout(doubled), 2.0);
    kernel::zero(out(cleared));
    for (std::int64_t i = 0; i < m; ++i)
      for (std::int64_t j = 0; j < n; ++j) {
        REQUIRE(sum(i, j) == a(i, j) + b(i, j));
        REQUIRE(doubled(i, j) == a(i, j) + a(i, j));
        REQUIRE(cleared(i, j) == T{});
      }
  }
}

TEMPLATE_TEST_CASE("an empty tile stands for zeros", "[kernel]", SCALARS) {
  using T = TestType;
  const auto a = random_tile<T>(4, 3), b = random_tile<T>(3, 5), c = random_tile<T>(4, 5);
  const auto l = random_triangle<T>(5);
  const Dense<T> empty, zeros = Dense<T>::zeros(4, 5);

  SECTION("a product gives an empty result its shape") {
    auto sum = empty, less = empty, adjoint_less = empty, symmetric = empty;
    kernel::gemm(inout(sum), in(a), in(b));
    CHECK(difference(sum, product(zeros, 1, a, b)) <= rounding<T>(3));
    kernel::gemm_sub(inout(less), in(a), in(b));
    CHECK(difference(less, product(zeros, -1, a, b)) <= rounding<T>(3));
    kernel::gemm_sub_adjoint(inout(adjoint_less), in(adjoint(a)), in(b));
    CHECK(difference(adjoint_less, product(zeros, -1, a, b)) <= rounding<T>(3));
    kernel::syrk(inout(symmetric), in(a), in(adjoint(b)));
    CHECK(difference(symmetric, product(zeros, -1, a, b)) <= rounding<T>(3));
  }
  SECTION("an empty factor adds nothing") {
    for (const auto& start : {c, empty}) {
      auto x = start;
      kernel::gemm(inout(x), in(empty), in(b));
      kernel::gemm(inout(x), in(a), in(empty));
      kernel::gemm_sub(inout(x), in(empty), in(empty));
      kernel::gemm_sub_adjoint(inout(x), in(empty), in(b));
      kernel::syrk(inout(x), in(a), in(empty));
      kernel::syrk(inout(x), in(empty), in(empty));
      kernel::add(inout(x), in(empty));
      REQUIRE(x.rows() == start.rows());
      CHECK(difference(x, start) == 0);
    }
  }
  SECTION("what is done to an empty tile leaves it empty") {
    auto x = empty;
    kernel::potrf(inout(x));
    kernel::trsm(in(l), inout(x));
    kernel::trsm(in(empty), inout(x));
    kernel::trsm_left(in(l), inout(x));
    kernel::trsm_left_adjoint(in(l), inout(x));
    kernel::scale(inout(x), 2.0);
    CHECK(x.size() == 0);
    auto y = c;
    kernel::copy(out(y), in(empty));
    CHECK((y.rows() == 0 && y.cols() == 0));
    kernel::add(inout(y), in(c));
    CHECK(difference(y, c) == 0);
    CHECK_THROWS_AS(kernel::trsm(in(empty), inout(y)), lp::input_error);
  }
}

TEMPLATE_TEST_CASE("sum adds up the tiles of a run in order", "[kernel]", SCALARS) {
  using T = TestType;
  const auto a = random_tile<T>(4, 3), b = random_tile<T>(4, 3), c = random_tile<T>(4, 3);
  const Dense<T> empty, other(3, 3);
  const auto sum = [](std::vector<const Dense<T>*> tiles) {
    const std::vector<const void*> addresses(tiles.begin(), tiles.end());
    Dense<T> total(2, 2);
    kernel::sum(out(total), lp::in_list<T>(addresses));
    return total;
  };
  auto expected = a;
  kernel::add(inout(expected), in(b));
  kernel::add(inout(expected), in(c));
  CHECK(difference(sum({&a, &b, &c}), expected) == 0);
  CHECK(difference(sum({&empty, &a, &b, &empty, &c, &empty}), expected) == 0);
  CHECK(difference(sum({&a}), a) == 0);
  CHECK((sum({}).rows() == 0 && sum({&empty, &empty}).cols() == 0));
  CHECK_THROWS_WITH(sum({&a, &other}), "sum: a tile is 3 x 3 and the first one is 4 x 3, but a sum "
                                       "needs tiles of one shape; check which tiles the statement "
                                       "names and how their matrices are cut [lp-E009]");
}

TEMPLATE_TEST_CASE("kernels are deterministic to the bit", "[kernel]", SCALARS) {
  using T = TestType;
  const auto a = reference::random_positive_definite<T>(200), c = random_tile<T>(130, 200);
  const auto factor_and_solve = [&] {
    auto l = a, x = c, s = c;
    kernel::potrf(inout(l));
    kernel::trsm(in(l), inout(x));
    kernel::gemm(inout(s), in(x), in(lower_part(l)));
    return std::pair(std::move(l), std::move(s));
  };
  const auto [l, s] = factor_and_solve();
  for (int round = 0; round < 5; ++round) {
    const auto [l_again, s_again] = factor_and_solve();
    CHECK(std::memcmp(l_again.data(), l.data(), l.size() * sizeof(T)) == 0);
    CHECK(std::memcmp(s_again.data(), s.data(), s.size() * sizeof(T)) == 0);
  }
}

TEST_CASE("kernels refuse tiles that do not fit, with both shapes and what to do", "[kernel]") {
  Dense<double> c(4, 5), a(4, 3), b(2, 5), l(3, 3), square(4, 4);
  const auto check = [](const auto& call, const std::string& text) {
    CHECK_THROWS_MATCHES(
        call(), lp::input_error,
        Catch::Message(text + "; check which tiles the statement names and how their matrices are "
                              "cut [lp-E009]"));
  };
  check([&] { kernel::gemm(inout(c), in(a), in(b)); },
        "gemm: A is 4 x 3 and B is 2 x 5, but A must have as many columns as B has rows");
  check([&] { kernel::gemm_sub(inout(c), in(l), in(l)); },
        "gemm_sub: C is 4 x 5 and A is 3 x 3, but C must have as many rows as A");
  check([&] { kernel::gemm_sub(inout(c), in(a), in(l)); },
        "gemm_sub: C is 4 x 5 and B is 3 x 3, but C must have as many columns as B");
  check([&] { kernel::gemm_sub_adjoint(inout(c), in(a), in(b)); },
        "gemm_sub_adjoint: A is 4 x 3 and B is 2 x 5, but A must have as many rows as B, for "
        "A^H B");
  check([&] { kernel::gemm_sub_adjoint(inout(c), in(a), in(a)); },
        "gemm_sub_adjoint: C is 4 x 5 and A is 4 x 3, but C must have as many rows as A has "
        "columns, for A^H B");
  check([&] { kernel::syrk(inout(c), in(a), in(c)); },
        "syrk: A is 4 x 3 and B is 4 x 5, but A must have as many columns as B, for A B^H");
  check([&] { kernel::syrk(inout(c), in(l), in(l)); },
        "syrk: C is 4 x 5 and A is 3 x 3, but C must have as many rows as A");
  check([&] { kernel::syrk(inout(c), in(a), in(a)); },
        "syrk: C is 4 x 5 and B is 4 x 3, but C must have as many columns as B has rows, for "
        "A B^H");
  check([&] { kernel::trsm(in(l), inout(c)); },
        "trsm: L is 3 x 3 and B is 4 x 5, but L must be square, with as many columns as B, for "
        "B L^-H");
  check([&] { kernel::trsm(in(a), inout(a)); },
        "trsm: L is 4 x 3 and B is 4 x 3, but L must be square, with as many columns as B, for "
        "B L^-H");
  check([&] { kernel::trsm_left(in(l), inout(c)); },
        "trsm_left: L is 3 x 3 and B is 4 x 5, but L must be square, with as many rows as B");
  check([&] { kernel::trsm_left_adjoint(in(a), inout(square)); },
        "trsm_left_adjoint: L is 4 x 3 and B is 4 x 4, but L must be square, with as many rows as "
        "B");
  check([&] { kernel::add(inout(c), in(a)); },
        "add: B is 4 x 5 and A is 4 x 3, but a sum needs tiles of one shape");
}

}  // namespace dense_test
