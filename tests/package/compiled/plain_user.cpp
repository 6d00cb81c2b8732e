// Runs a function over lp::Tiles of another target, itself and on threads, and compares the bits.
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>

#include "plain.hpp"

namespace {

std::vector<double> elements(const lp::TiledMatrix<double>& A) {
  std::vector<double> all(static_cast<std::size_t>(A.rows() * A.cols()));
  A.copy_to(all.data(), A.rows());
  return all;
}

lp::TiledMatrix<double> positive_definite(std::int64_t n) {
  lp::TiledMatrix<double> A(n, n, 8);
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = 0; j < n; ++j)
      A(i, j) = (i == j ? 2.0 : 0.0) + 1.0 / static_cast<double>(i + j + 1);
  return A;
}

bool same_bits(const lp::TiledMatrix<double>& a, const lp::TiledMatrix<double>& b) {
  const std::vector<double> x = elements(a), y = elements(b);
  return x.size() == y.size() && std::memcmp(x.data(), y.data(), x.size() * sizeof(double)) == 0;
}

}  // namespace

int main() {
  for (const std::int64_t n : {1, 8, 45}) {
    lp::TiledMatrix<double> sequential = positive_definite(n), parallel = sequential;
    plain::cholesky(sequential);
    lp::run(lp::threads{2}, plain::cholesky, parallel);
    if (!same_bits(sequential, parallel)) return std::puts("wrong: cholesky"), 1;

    lp::TiledMatrix<double> shifted = positive_definite(n), expected = shifted;
    for (std::int64_t k = 0; k < n; ++k) expected(k, k) += 1.5;
    plain::shift_on_threads(shifted);
    if (!same_bits(shifted, expected)) return std::puts("wrong: the shifted diagonal"), 1;
  }
  return 0;
}
