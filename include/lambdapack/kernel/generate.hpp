// Random numbers, and the elements of matrices that are made of them.
#pragma once

#include <cstdint>

#include "lambdapack/kernel/argument.hpp"
#include "lambdapack/kernel/detail/cholesky.hpp"

namespace lambdapack::kernel {

/// Uniform numbers from -1 to 1 by their position in one of many streams, the same on every
/// machine. Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014
/// (SplitMix64).
class RandomNumbers {
 public:
  RandomNumbers(std::uint64_t seed, std::uint64_t stream) : state_(mixed(seed) ^ mixed(~stream)) {}

  double next() {
    const auto bits = static_cast<std::int64_t>(mixed(state_ += golden) >> 11);
    return static_cast<double>(2 * bits + 1 - (std::int64_t{1} << 53)) * 0x1p-53;
  }

 private:
  static constexpr std::uint64_t golden = 0x9e3779b97f4a7c15u;

  static std::uint64_t mixed(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
  }

  std::uint64_t state_;
};

/// The tile of D + X Y^H whose first element is at (row, col) of the whole; d has the diagonal's
/// elements in these rows.
template <Scalar T>
void diagonal_and_low_rank(out<T> a, in<T> x, in<T> y, in<real_t<T>> d, std::int64_t row,
                           std::int64_t col) {
  a.resize(x.rows(), y.rows());
  for (std::int64_t q = 0; q < a.cols(); ++q)
    for (std::int64_t p = 0; p < a.rows(); ++p) {
      T sum = row + p == col + q ? T(d(p, 0)) : T();
      for (std::int64_t k = 0; k < x.cols(); ++k) sum += x(p, k) * detail::conjugate(y(q, k));
      a(p, q) = sum;
    }
}

/// The same of a D + X Y^H that is Hermitian but for rounding, made so to the bit. x_right and
/// y_below are the tiles of X and Y that belong to the tile on the other side of the diagonal.
template <Scalar T>
void hermitian_and_low_rank(out<T> a, in<T> x, in<T> y, in<T> x_right, in<T> y_below,
                            in<real_t<T>> d, std::int64_t row, std::int64_t col) {
  a.resize(x.rows(), y.rows());
  for (std::int64_t q = 0; q < a.cols(); ++q)
    for (std::int64_t p = 0; p < a.rows(); ++p) {
      T sum = T(), adjoint = T();
      for (std::int64_t k = 0; k < x.cols(); ++k) {
        sum += x(p, k) * detail::conjugate(y(q, k));
        adjoint += x_right(q, k) * detail::conjugate(y_below(p, k));
      }
      a(p, q) = (sum + detail::conjugate(adjoint)) / real_t<T>(2);
      if (row + p == col + q) a(p, q) += d(p, 0);
    }
}

}  // namespace lambdapack::kernel
