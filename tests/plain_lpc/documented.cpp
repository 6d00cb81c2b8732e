// The code of docs/plain.md, compiled by lpc and run.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <lambdapack/lambdapack.hpp>

#include "exec/same_everywhere.hpp"

// A = L Lᵀ: the lower triangle of A is overwritten by L.
void cholesky(lp::Tiles<double>& A) {
  const int n = A.rows();                             // in tiles
  for (int k = 0; k < n; ++k) {
    potrf(A(k, k));
    for (int m = k + 1; m < n; ++m) trsm(A(k, k), A(m, k));
    for (int m = k + 1; m < n; ++m) {
      for (int j = k + 1; j < m; ++j) syrk(A(m, j), A(m, k), A(j, k));
      syrk(A(m, m), A(m, k), A(m, k));
    }
  }
}

// C = A B, summed up in C.
void multiply(const lp::Tiles<double>& A, const lp::Tiles<double>& B, lp::OutTiles<double>& C) {
  for (int i = 0; i < C.rows(); ++i)
    for (int j = 0; j < C.cols(); ++j) {
      zero(C(i, j));
      for (int k = 0; k < A.cols(); ++k) gemm(C(i, j), A(i, k), B(k, j));
    }
}

// Kernels of one's own.
void axpy(lp::inout<double> y, lp::in<double> x, double a) {
  for (std::int64_t j = 0; j < y.cols(); ++j)
    for (std::int64_t i = 0; i < y.rows(); ++i) y(i, j) += a * x(i, j);
}

void largest_of(lp::out<double> y, lp::in_list<double> x) {
  y.resize(1, 1);
  y(0, 0) = x[0](0, 0);
  for (std::size_t k = 1; k < x.size(); ++k) y(0, 0) = std::max(y(0, 0), x[k](0, 0));
}

const auto halve = lp::make_kernel("halve", [](lp::inout<double> x) { x(0, 0) /= 2; });

// Three points, away from the ends.
void smooth(lp::Tiles<double, 1>& x, int times) {
  const int n = x.rows();
  if (n < 3) return;
  lp::TempTiles<double, 1> old(lp::extents(n));
  for (int t = 0; t < times; ++t) {
    for (int i = 0; i < n; ++i) copy(old(i), x(i));
    for (int i = 0; i < n; ++i) {
      if (i == 0 || i == n - 1) continue;
      axpy(x(i), old(i - 1), 0.25);
      axpy(x(i), old(i), -0.5);
      axpy(x(i), old(i + 1), 0.25);
    }
  }
}

// The diagonal at most `width` tiles to the left, and a run of tiles.
void scale_band(lp::Tiles<double>& A, int width) {
  for (int i = 0; i < A.rows(); ++i)
    for (int j = std::max(0, i - width); j < std::min(A.cols(), i + 1); ++j) halve(A(i, j));
}
void largest_below(const lp::Tiles<double>& A, lp::OutTiles<double, 1>& y) {
  for (int k = 0; k + 1 < y.rows(); ++k) largest_of(y(k), A(lp::range(k + 1, A.rows()), k));
  largest_of(y(y.rows() - 1), A(lp::range(0, A.rows()), A.cols() - 1));
}

namespace {

using test_exec::elements;
using test_exec::numbers;
using test_exec::same_bits;

/// What a function makes of copies of a matrix, itself and on threads.
template <class F, class... More>
void same_itself_and_on_threads(F function, const lp::TiledMatrix<double>& a, const More&... more) {
  lp::TiledMatrix<double> itself = a, on_threads = a;
  function(itself, more...);
  lp::run(lp::threads{2}, function, on_threads, more...);
  CHECK(same_bits(elements(itself), elements(on_threads)));
  CHECK(!same_bits(elements(itself), elements(a)));
}

}  // namespace

TEST_CASE("the functions of the page on plain functions do the same on threads") {
  lp::TiledMatrix<double> definite = numbers(50, 50, 8, 8, 1);
  for (int i = 0; i < 50; ++i) definite(i, i) += 50;
  same_itself_and_on_threads(cholesky, definite);
  same_itself_and_on_threads(smooth, numbers(9, 1, 1, 1, 2), 3);
  same_itself_and_on_threads(scale_band, numbers(9, 7, 1, 1, 3), 2);

  const lp::TiledMatrix<double> a = numbers(6, 6, 1, 1, 4), b = numbers(6, 6, 1, 1, 5);
  lp::TiledMatrix<double> itself(6, 6, 1), on_threads(6, 6, 1), y(6, 1, 1), y_on_threads(6, 1, 1);
  multiply(a, b, itself);
  lp::run(lp::threads{2}, multiply, a, b, on_threads);
  CHECK(same_bits(elements(itself), elements(on_threads)));
  largest_below(a, y);
  lp::run(lp::threads{2}, largest_below, a, y_on_threads);
  CHECK(same_bits(elements(y), elements(y_on_threads)));
}

TEST_CASE("a plain function is called, or run, as its page says") {
  lp::TiledMatrix<double> A(500, 500, 128);
  for (int i = 0; i < 500; ++i)
    for (int j = 0; j <= i; ++j) A(i, j) = i == j ? 500.0 : 1.0;
  lp::TiledMatrix<double> B = A;

  cholesky(A);                          // as it stands, one kernel after the other
  lp::run(lp::threads{}, cholesky, B);  // as a task graph

  CHECK(same_bits(elements(A), elements(B)));
}
