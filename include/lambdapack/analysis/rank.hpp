// How many polynomials a set of points tells apart.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace lambdapack::analysis {

namespace detail {

/// The rows of monomials at some points, reduced modulo a prime: their rank never exceeds the true
/// one.
class Rank {
 public:
  /// Adds a row; whether it is independent of those before.
  bool add(std::vector<std::uint64_t> row) {
    for (const auto& [pivot, reduced] : rows_) subtract(row, reduced, row[pivot]);
    const auto lead = std::find_if(row.begin(), row.end(), [](std::uint64_t x) { return x != 0; });
    if (lead == row.end()) return false;
    const std::uint64_t inverse = power(*lead, prime - 2);
    const auto pivot = static_cast<std::size_t>(lead - row.begin());
    for (std::uint64_t& x : row) x = x * inverse % prime;
    rows_.emplace_back(pivot, std::move(row));
    return true;
  }
  std::size_t rank() const { return rows_.size(); }

  static constexpr std::uint64_t prime = 2'147'483'647;

 private:
  static void subtract(std::vector<std::uint64_t>& row, const std::vector<std::uint64_t>& other,
                       std::uint64_t factor) {
    if (factor == 0) return;
    for (std::size_t k = 0; k < row.size(); ++k)
      row[k] = (row[k] + (prime - factor) * other[k]) % prime;
  }
  static std::uint64_t power(std::uint64_t base, std::uint64_t exponent) {
    std::uint64_t result = 1;
    for (; exponent > 0; exponent /= 2, base = base * base % prime)
      if (exponent % 2 == 1) result = result * base % prime;
    return result;
  }

  std::vector<std::pair<std::size_t, std::vector<std::uint64_t>>> rows_;
};

/// The number of monomials of a degree up to `degree` in so many variables; at most `limit`.
inline std::size_t monomials(std::size_t variables, std::size_t degree, std::size_t limit) {
  std::size_t n = 1;
  for (std::size_t k = 1; k <= variables; ++k) {
    n = n * (degree + k) / k;
    if (n > limit) return limit;
  }
  return n;
}

}  // namespace detail

}  // namespace lambdapack::analysis
