// The tiled Cholesky factorisation as a textbook has it: an ordinary sequential function. Called,
// it runs as it stands; handed to lp::run, it runs as a task graph, which lpc has derived from this
// very text (CMakeLists.txt: lambdapack_compile). Both give the same bits.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <vector>

#include <lambdapack/lambdapack.hpp>

// A = L Lᵀ: the lower triangle of A is overwritten by L.
void cholesky(lp::Tiles<double>& A) {
  const int n = A.rows();
  for (int k = 0; k < n; ++k) {
    potrf(A(k, k));
    for (int m = k + 1; m < n; ++m) trsm(A(k, k), A(m, k));
    for (int m = k + 1; m < n; ++m) {
      for (int j = k + 1; j < m; ++j) syrk(A(m, j), A(m, k), A(j, k));
      syrk(A(m, m), A(m, k), A(m, k));
    }
  }
}

namespace {

double kernel_of(std::int64_t i, std::int64_t j) {
  const auto distance = static_cast<double>(i - j);
  return std::exp(-distance * distance / 20) + (i == j ? 0.01 : 0);
}

lp::TiledMatrix<double> kernel_matrix(std::int64_t n, std::int64_t tile) {
  lp::TiledMatrix<double> A(n, n, tile);
  for (std::int64_t j = 0; j < n; ++j)
    for (std::int64_t i = 0; i < n; ++i) A(i, j) = kernel_of(i, j);
  return A;
}

std::vector<double> lower_triangle(const lp::TiledMatrix<double>& A) {
  std::vector<double> all(static_cast<std::size_t>(A.rows() * A.cols()));
  A.copy_to(all.data(), A.rows());
  for (std::int64_t j = 0; j < A.cols(); ++j)
    std::fill_n(all.begin() + j * A.rows(), std::min(j, A.rows()), 0.0);
  return all;
}

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

// The largest |A - L Lᵀ| of an element.
double residual(const std::vector<double>& L, std::int64_t n) {
  double largest = 0;
  const auto at = [&](std::int64_t i, std::int64_t j) {
    return L[static_cast<std::size_t>(i + j * n)];
  };
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = 0; j <= i; ++j) {
      double sum = 0;
      for (std::int64_t k = 0; k <= j; ++k) sum += at(i, k) * at(j, k);
      largest = std::max(largest, std::abs(sum - kernel_of(i, j)));
    }
  return largest;
}

int factor(std::int64_t n, std::int64_t tile) {
  lp::TiledMatrix<double> sequential = kernel_matrix(n, tile), parallel = sequential;
  cholesky(sequential);
  lp::run(lp::threads{}, cholesky, parallel);

  const std::vector<double> L = lower_triangle(sequential);
  const bool same = same_bits(L, lower_triangle(parallel));
  const double error = residual(L, n);
  std::printf(
      "%lld x %lld in tiles of %lld: |A - L L^T| <= %.1e; %s\n", static_cast<long long>(n),
      static_cast<long long>(n), static_cast<long long>(tile), error,
      same ? "sequentially and on threads, to the same bits" : "but not the same bits on threads");
  return same && error < 1e-12 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) try {
  const long n = argc > 1 ? std::atol(argv[1]) : 500;
  if (n < 1 || argc > 2) return std::fputs("usage: plain_cholesky [rows]\n", stderr), 2;
  return factor(n, 64);
} catch (const std::exception& e) {
  std::fprintf(stderr, "plain_cholesky: %s\n", e.what());
  return 1;
}
