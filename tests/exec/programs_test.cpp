// Programs with rules for unwritten tiles, and programs that call programs, against plain loops and
// LAPACK.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "same_everywhere.hpp"

namespace programs_test {

namespace programs_test {

using test_exec::elements;
using test_exec::numbers;
using test_exec::same_everywhere;

extern "C" void dposv_(const char* part, const int* n, const int* columns, double* a,
                       const int* lda, double* b, const int* ldb, int* info, std::size_t);

const auto fives = lp::make_kernel("fives", [](lp::out<double> x) {
  if (x.rows() == 0) x.resize(1, 1);
  for (std::int64_t i = 0; i < x.rows(); ++i) x(i, 0) = 5;
});
const auto weigh = lp::make_kernel(
    "weigh", [](lp::out<double> y, lp::in<double> left, lp::in<double> here, lp::in<double> right) {
      const auto or_zero = [](lp::in<double> x) { return x.rows() > 0 ? x(0, 0) : 0; };
      y.resize(1, 1);
      y(0, 0) = or_zero(left) - 2 * here(0, 0) + or_zero(right);
    });

// Second differences of the squares of every other element; the ends see what the rule says.
template <class Rule>
void differences(lp::In<double, 1> x, lp::Out<double, 1> y, lp::Integer steps, Rule rule) {
  y.unwritten(lp::zero);
  auto S = lp::temp<double, 2>("S", rule);
  const auto n = x.extent(0);
  for (auto i : lp::range(n)) S(0, i) = copy(x(i));
  for (auto t : lp::range(steps))
    for (auto i : lp::range(n)) S(t + 1, i) = weigh(S(t, i - 1), S(t, i), S(t, i + 1));
  for (auto i : lp::range(0, n, 2)) y(i) = copy(S(steps, i));
}
void differences_from_zero(lp::In<double, 1> x, lp::Out<double, 1> y, lp::Integer steps) {
  differences(x, y, steps, lp::zero);
}
void differences_from_five(lp::In<double, 1> x, lp::Out<double, 1> y, lp::Integer steps) {
  differences(x, y, steps, fives);
}

std::vector<double> plain_differences(const std::vector<double>& x, int steps, double outside) {
  std::vector<double> now = x;
  for (int t = 0; t < steps; ++t) {
    std::vector<double> next = now;
    for (std::size_t i = 0; i < now.size(); ++i)
      next[i] =
          (i > 0 ? now[i - 1] : outside) - 2 * now[i] + (i + 1 < now.size() ? now[i + 1] : outside);
    now = next;
  }
  for (std::size_t i = 1; i < now.size(); i += 2) now[i] = 0;
  return now;
}

// (A + B) C, with a temporary that collects from zeros.
void sum_times(lp::In<double, 2> A, lp::In<double, 2> B, lp::In<double, 2> C,
               lp::Out<double, 2> D) {
  D.unwritten(lp::zero);
  auto S = lp::temp<double, 2>("S", lp::zero);
  for (auto i : lp::range(A.extent(0)))
    for (auto k : lp::range(A.extent(1))) {
      S(i, k) += add(A(i, k));
      S(i, k) += add(B(i, k));
      for (auto j : lp::range(C.extent(1))) D(i, j) += gemm(S(i, k), C(k, j));
    }
}

void cholesky(lp::InOut<double, 2> A) {
  const auto n = A.extent(0);
  for (auto k : lp::range(n)) {
    A(k, k) = potrf(A(k, k));
    for (auto i : lp::range(k + 1, n)) {
      A(i, k) = trsm(A(k, k), A(i, k));
      for (auto j : lp::range(k + 1, i + 1)) A(i, j) += syrk(A(i, k), A(j, k));
    }
  }
}

void forward(lp::In<double, 2> L, lp::InOut<double, 2> B) {
  const auto n = L.extent(0);
  for (auto c : lp::range(B.extent(1)))
    for (auto k : lp::range(n)) {
      B(k, c) = trsm_left(L(k, k), B(k, c));
      for (auto i : lp::range(k + 1, n)) B(i, c) += gemm_sub(L(i, k), B(k, c));
    }
}

void backward(lp::In<double, 2> L, lp::InOut<double, 2> B) {
  for (auto c : lp::range(B.extent(1)))
    for (auto k : lp::range(L.extent(0) - 1, -1, -1)) {
      B(k, c) = trsm_left_adjoint(L(k, k), B(k, c));
      for (auto i : lp::range(k)) B(i, c) += gemm_sub_adjoint(L(k, i), B(k, c));
    }
}

void copy_lower(lp::In<double, 2> A, lp::Out<double, 2> L) {
  for (auto i : lp::range(A.extent(0)))
    for (auto j : lp::range(i + 1)) L(i, j) = copy(A(i, j));
}

// A X = B for a positive definite A, which stays as it is.
void solve(lp::In<double, 2> A, lp::InOut<double, 2> B) {
  auto L = lp::temp<double, 2>("L", lp::extents(A.extent(0), A.extent(0)));
  copy_lower(A, L);
  cholesky(L);
  forward(L, B);
  backward(L, B);
}

}  // namespace programs_test

using namespace programs_test;  // NOLINT: named, since clang hides unnamed ones

TEST_CASE("a temporary that reads as zeros, or as what a kernel makes, where nothing was written") {
  for (const std::int64_t n : {0, 1, 2, 5})
    for (const int steps : {0, 1, 3}) {
      INFO(n << " tiles, " << steps << " steps");
      const auto x = numbers(n, 1, 1, 1, 9);
      const auto run = [&](auto program) {
        return elements(same_everywhere([&](auto executor) {
          lp::TiledMatrix<double> y(n, 1, 1, 1);
          lp::run(executor, program, x, y, steps);
          return y;
        }));
      };
      CHECK(run(differences_from_zero) == plain_differences(elements(x), steps, 0));
      CHECK(run(differences_from_five) == plain_differences(elements(x), steps, 5));
    }
}

TEST_CASE("sums and products that begin with unwritten tiles") {
  for (const std::int64_t inner : {0, 4, 7}) {
    const auto A = numbers(5, inner, 2, 3, 1), B = numbers(5, inner, 2, 3, 2);
    const auto C = numbers(inner, 6, 3, 4, 3);
    const auto D = same_everywhere([&](auto executor) {
      auto d = numbers(5, 6, 2, 4, 8);
      lp::run(executor, sum_times, A, B, C, d);
      return d;
    });
    for (std::int64_t j = 0; j < 6; ++j)
      for (std::int64_t i = 0; i < 5; ++i) {
        double sum = 0;
        for (std::int64_t k = 0; k < inner; ++k) sum += (A(i, k) + B(i, k)) * C(k, j);
        CHECK(D(i, j) == Approx(sum).margin(1e-14));
      }
  }
}

TEST_CASE("a solver made of programs agrees with LAPACK") {
  for (const std::int64_t n : {0, 1, 4, 13, 40}) {
    INFO("order " << n);
    const std::int64_t tile = 4, columns = 5;
    auto A = numbers(n, n, tile, tile, 6);
    for (std::int64_t i = 0; i < n; ++i) A(i, i) += static_cast<double>(n + 1);
    const auto B = numbers(n, columns, tile, 2, 7);
    const auto X = same_everywhere([&](auto executor) {
      auto x = B;
      lp::run(executor, solve, A, x);
      return x;
    });
    std::vector<double> a = elements(A), b = elements(B);
    const int order = static_cast<int>(n), right = static_cast<int>(columns),
              stride = std::max(order, 1);
    int info = -1;
    dposv_("L", &order, &right, a.data(), &stride, b.data(), &stride, &info, 1);
    REQUIRE(info == 0);
    const std::vector<double> x = elements(X);
    for (std::size_t k = 0; k < x.size(); ++k) CHECK(x[k] == Approx(b[k]).margin(1e-13));
  }
}

}  // namespace programs_test
