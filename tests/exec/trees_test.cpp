// Trees of powers and logarithms, from the program's text to numbers.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "same_everywhere.hpp"

namespace trees_test {

namespace trees_test {

using test_exec::elements;
using test_exec::for_each_executor;
using test_exec::numbers;
using test_exec::same_bits;
using test_exec::same_everywhere;

// R of A over B, by Householder reflections; B may have no rows. Its diagonal is not negative.
template <class Tile>
void stack_qr(lp::out<double> r, lp::in<double> a, const Tile& b, std::int64_t b_rows) {
  const std::int64_t n = a.cols(), m = a.rows() + b_rows;
  std::vector<double> x(static_cast<std::size_t>(m * n));
  const auto at = [&](std::int64_t i, std::int64_t j) -> double& {
    return x[static_cast<std::size_t>(i + m * j)];
  };
  for (std::int64_t j = 0; j < n; ++j)
    for (std::int64_t i = 0; i < m; ++i) at(i, j) = i < a.rows() ? a(i, j) : b(i - a.rows(), j);
  for (std::int64_t k = 0; k < std::min(m, n); ++k) {
    double norm = 0;
    for (std::int64_t i = k; i < m; ++i) norm += at(i, k) * at(i, k);
    norm = std::sqrt(norm);
    const double head = at(k, k) > 0 ? -norm : norm;
    std::vector<double> v;
    for (std::int64_t i = k; i < m; ++i) v.push_back(at(i, k) - (i == k ? head : 0));
    double square = 0;
    for (const double e : v) square += e * e;
    for (std::int64_t j = k; square > 0 && j < n; ++j) {
      double dot = 0;
      for (std::int64_t i = k; i < m; ++i) dot += v[static_cast<std::size_t>(i - k)] * at(i, j);
      for (std::int64_t i = k; i < m; ++i)
        at(i, j) -= 2 * dot / square * v[static_cast<std::size_t>(i - k)];
    }
  }
  r.resize(n, n);
  for (std::int64_t j = 0; j < n; ++j)
    for (std::int64_t i = 0; i < n; ++i)
      r(i, j) = i > j || i >= m ? 0 : at(i, i) < 0 ? -at(i, j) : at(i, j);
}

const auto qr_r =
    lp::make_kernel("qr_r", [](lp::out<double> r, lp::in<double> a) { stack_qr(r, a, a, 0); });
const auto qr_r2 = lp::make_kernel("qr_r2", [](lp::out<double> r, lp::in<double> a,
                                               lp::in<double> b) { stack_qr(r, a, b, b.rows()); });

void tsqr(lp::In<double, 1> A, lp::Out<double, 0> R) {
  const auto n = A.extent(0);
  auto S = lp::temp<double, 2>("S");
  R.unwritten(lp::zero);
  for (auto j : lp::range(n)) S(0, j) = qr_r(A(j));
  for (auto level : lp::range(lp::log2_ceil(n)))
    for (auto j : lp::range(0, n, lp::pow2(level + 1))) {
      if (auto pair = lp::when(j + lp::pow2(level) < n))
        S(level + 1, j) = qr_r2(S(level, j), S(level, j + lp::pow2(level)));
      if (auto odd = lp::when(j + lp::pow2(level) >= n)) S(level + 1, j) = copy(S(level, j));
    }
  if (auto some = lp::when(n > 0)) R() = copy(S(lp::log2_ceil(n), 0));
}

const auto largest =
    lp::make_kernel("largest", [](lp::out<double> m, lp::in<double> a, lp::in<double> b) {
      m.resize(1, 1);
      m(0, 0) = -std::numeric_limits<double>::infinity();
      for (const auto& x : {a, b})
        for (std::int64_t j = 0; j < x.cols(); ++j)
          for (std::int64_t i = 0; i < x.rows(); ++i) m(0, 0) = std::max(m(0, 0), x(i, j));
    });

// Three at a time, without guards: what lies past the end reads as nothing.
const auto largest_of =
    lp::make_kernel("largest_of", [](lp::out<double> m, lp::in_list<double> tiles) {
      m.resize(1, 1);
      m(0, 0) = -std::numeric_limits<double>::infinity();
      for (std::size_t k = 0; k < tiles.size(); ++k)
        for (std::int64_t j = 0; j < tiles[k].cols(); ++j)
          for (std::int64_t i = 0; i < tiles[k].rows(); ++i)
            m(0, 0) = std::max(m(0, 0), tiles[k](i, j));
    });

void maximum(lp::In<double, 1> x, lp::Out<double, 0> m) {
  const auto n = x.extent(0);
  auto S = lp::temp<double, 2>("S", lp::zero);
  for (auto i : lp::range(n)) S(0, i) = largest(x(i), x(i));
  for (auto level : lp::range(lp::log_ceil(3, n)))
    for (auto i : lp::range(0, n, lp::pow(3, level + 1)))
      S(level + 1, i) =
          largest_of(S(level, lp::range(i, i + lp::pow(3, level + 1), lp::pow(3, level))));
  m() = largest_of(S(lp::range(lp::log_ceil(3, n), lp::log_ceil(3, n) + 1), 0));
}

void product(lp::In<double, 2> A, lp::In<double, 2> B, lp::InOut<double, 2> C) {
  for (auto i : lp::range(C.extent(0)))
    for (auto j : lp::range(C.extent(1)))
      for (auto k : lp::range(A.extent(1))) C(i, j) += gemm(A(i, k), B(k, j));
}

// Halves a number as often as a power of two says.
void halve(lp::In<double, 2> x, lp::InOut<double, 2> y, lp::Integer depth) {
  auto S = lp::temp<double, 1>("S");
  S(1) = copy(x(0, 0));
  for (auto l : lp::range(depth)) S(lp::pow2(l + 1)) = scale(S(lp::pow2(l)), 0.5);
  y(0, 0) = copy(S(lp::pow2(depth)));
}

TEST_CASE("powers are right as far as they go, and sizes beyond are refused") {
  lp::TiledMatrix<double> x(1, 1, 1), y(1, 1, 1);
  for (const int depth : {0, 1, 31, 41}) {
    x(0, 0) = std::ldexp(1.0, depth);
    lp::run(lp::threads{2}, halve, x, y, depth);
    CHECK(y(0, 0) == 1);
  }
  CHECK_THROWS_WITH(lp::run(lp::threads{2}, halve, x, y, 42),
                    Catch::Contains("pow2(depth) is to stay below 2^42 and needs depth <= 41"));
  CHECK_THROWS_AS(lp::run(lp::threads{2}, halve, x, y, 60), lambdapack::input_error);
}

void far_apart(lp::InOut<double, 1> x, lp::Integer m) {
  auto S = lp::temp<double, 1>("S");
  for (auto i : lp::range(m)) S(100'000'000 * i) = copy(x(0));
  for (auto i : lp::range(m)) x(0) = add(x(0), S(100'000'000 * i));
}

TEST_CASE("sizes at which indices would not fit into 64 bits are refused") {
  const auto compiled = lp::compile(far_apart);
  CHECK(compiled.graph({1, std::int64_t{1} << 30}).output({0, {1000}}, 0).indices[0] ==
        100'000'000'000);
  CHECK_THROWS_WITH(compiled.graph({1, std::int64_t{1} << 40}),
                    Catch::Contains("64 bits hold its indices for sizes up to 2147483647 only"));
}

}  // namespace trees_test

using namespace trees_test;  // NOLINT: named, since clang hides unnamed ones

TEST_CASE("R of a tall matrix by a tree over any number of tiles") {
  constexpr std::int64_t tile = 5, cols = 3;
  for (const std::int64_t n : {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 17}) {
    INFO(n << " tiles");
    // The last tile is ragged.
    const std::int64_t rows = n == 0 ? 0 : n * tile - 2;
    const auto A = numbers(rows, cols, tile, cols, 7);
    const auto R = same_everywhere([&](auto executor) {
      lp::TiledMatrix<double> r(cols, cols, cols);
      lp::run(executor, tsqr, A, r);
      return r;
    });
    for (std::int64_t j = 0; j < cols; ++j)
      for (std::int64_t i = 0; i < cols; ++i) {
        double gram = 0, found = 0;
        for (std::int64_t k = 0; k < rows; ++k) gram += A(k, i) * A(k, j);
        for (std::int64_t k = 0; k < cols; ++k) found += R(k, i) * R(k, j);
        CHECK(found == Approx(gram).margin(1e-12));
        if (i > j) CHECK(R(i, j) == 0);
      }
  }
}

TEST_CASE("a maximum by a tree that takes three tiles at a time") {
  for (const std::int64_t n : {1, 2, 3, 4, 8, 9, 10, 16, 17, 27, 28}) {
    INFO(n << " tiles");
    const auto x = numbers(2 * n - 1, 1, 2, 1, static_cast<std::uint64_t>(n));
    const auto m = same_everywhere([&](auto executor) {
      lp::TiledMatrix<double> most(1, 1, 1);
      lp::run(executor, maximum, x, most);
      return most;
    });
    const auto all = elements(x);
    CHECK(m(0, 0) == *std::max_element(all.begin(), all.end()));
  }
}

TEST_CASE("products as chains and as trees") {
  const auto expect = [](const auto& found, const auto& A, const auto& B, const auto& start) {
    for (std::int64_t j = 0; j < found.cols(); ++j)
      for (std::int64_t i = 0; i < found.rows(); ++i) {
        double sum = start(i, j);
        for (std::int64_t k = 0; k < A.cols(); ++k) sum += A(i, k) * B(k, j);
        CHECK(found(i, j) == Approx(sum).margin(1e-13));
      }
  };
  for (const std::int64_t inner : {0, 1, 3, 5, 14, 27}) {
    INFO("inner dimension " << inner << ", in tiles of 3");
    const auto A = numbers(7, inner, 3, 3, 1), B = numbers(inner, 5, 3, 3, 2);
    const auto start = numbers(7, 5, 3, 3, 3);
    expect(same_everywhere([&](auto executor) {
             auto C = start;
             lp::run(executor, product, A, B, C);
             return C;
           }),
           A, B, start);
    for (const std::int64_t base : {2, 3, 4}) {
      INFO("base " << base);
      expect(same_everywhere([&](auto executor) {
               auto C = start;
               lp::run(executor, lp::reduce_by_tree(product, {.base = base}), A, B, C);
               return C;
             }),
             A, B, start);
    }
  }
}

}  // namespace trees_test
