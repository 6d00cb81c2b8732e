// QR with column pivoting, one column after the other, for the order of its columns alone.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "lambdapack/kernel/detail/householder.hpp"

namespace lambdapack::kernel::detail {

/// The norm of a column. Source: ?nrm2.
template <Scalar T>
real_t<T> norm_of(std::int64_t n, const T* x) {
  using R = real_t<T>;
  constexpr R low = std::numeric_limits<R>::min() / std::numeric_limits<R>::epsilon();
  const R square = std::real(dot(n, x, x));
  if (square >= low && square <= R(1) / low) return std::sqrt(square);
  const R largest = largest_part(T{}, n, x);
  if (!(largest > 0 && largest <= std::numeric_limits<R>::max())) return std::sqrt(square);
  const int exponent = std::ilogb(largest);
  R sum = 0;
  for (std::int64_t i = 0; i < n; ++i) sum += std::norm(scaled(x[i], -exponent));
  return std::scalbn(std::sqrt(sum), exponent);
}

/// The first `steps` steps of QR with column pivoting of the m x n matrix A, which is lost: column
/// s was exchanged with column swaps[s] >= s, the first of those with the largest norm below row s.
/// Norms are updated rather than computed anew, until too few digits of them are left. Source:
/// ?laqp2; Drmač and Bujanović, "On the failure of rank-revealing QR factorization software", 2008.
template <Scalar T>
std::vector<std::int64_t> pivot_columns(std::int64_t m, std::int64_t n, std::int64_t steps, T* a,
                                        std::int64_t lda) {
  using R = real_t<T>;
  struct Norm {
    R now, exact;  // updated, and when it was computed last
  };
  const R few_digits = std::sqrt(std::numeric_limits<R>::epsilon() / 2);
  std::vector<Norm> norms(static_cast<std::size_t>(n));
  std::vector<std::int64_t> swaps(static_cast<std::size_t>(steps));
  std::vector<T> factors(static_cast<std::size_t>(n));
  for (std::int64_t j = 0; j < n; ++j) {
    const R norm = norm_of(m, a + j * lda);
    norms[static_cast<std::size_t>(j)] = {norm, norm};
  }
  for (std::int64_t s = 0; s < steps; ++s) {
    const auto first = norms.begin() + s;
    const auto pivot = std::max_element(first, norms.end(),
                                        [](const Norm& x, const Norm& y) { return x.now < y.now; });
    const std::int64_t p = swaps[static_cast<std::size_t>(s)] = pivot - norms.begin();
    std::swap(*first, *pivot);
    if (p != s) std::swap_ranges(a + s * lda, a + s * lda + m, a + p * lda);
    if (s >= m) continue;

    const std::int64_t below = m - s - 1, right = n - s - 1;
    T* diagonal = a + s + s * lda;
    T* row = diagonal + lda;
    const T tau = larfg(*diagonal, below, diagonal + 1);
    dots(below, diagonal + 1, row + 1, lda, right, factors.data());
    for (std::int64_t j = 0; j < right; ++j) {
      T& factor = factors[static_cast<std::size_t>(j)];
      factor = -product(conjugate(tau), row[j * lda] + factor);
      row[j * lda] += factor;
    }
    rank_one(below, diagonal + 1, factors.data(), row + 1, lda, right);
    for (std::int64_t j = 0; j < right; ++j) {
      Norm& norm = norms[static_cast<std::size_t>(s + 1 + j)];
      if (!(norm.now > 0)) continue;
      const R share = std::abs(row[j * lda]) / norm.now;
      const R rest = std::max(R(0), (R(1) - share) * (R(1) + share));
      const R digits = norm.now / norm.exact;
      if (rest * digits * digits > few_digits)
        norm.now *= std::sqrt(rest);
      else
        norm.now = norm.exact = norm_of(below, row + 1 + j * lda);
    }
  }
  return swaps;
}

}  // namespace lambdapack::kernel::detail
