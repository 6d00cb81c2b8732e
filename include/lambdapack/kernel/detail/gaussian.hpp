// Random numbers by their place in a sequence, so that any task can make any of them. Sources:
// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014; Box and Muller,
// "A note on the generation of random normal deviates", 1958.
#pragma once

#include <cmath>
#include <cstdint>
#include <type_traits>

#include "lambdapack/tile/dense.hpp"

namespace lambdapack::kernel::detail {

/// SplitMix64: bits that look random, of a number and its successors.
inline std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

/// Standard normal numbers; complex ones have such parts.
template <Scalar T>
class Gaussian {
 public:
  explicit Gaussian(std::uint64_t seed) : start_(mixed(seed)) {}

  /// Number `place` of the sequence.
  T operator()(std::int64_t place) const {
    constexpr double two_pi = 6.283185307179586;
    const std::uint64_t pair = 2 * static_cast<std::uint64_t>(place);
    const double radius = std::sqrt(-2 * std::log(uniform(pair)));
    const double angle = two_pi * uniform(pair + 1);
    using R = real_t<T>;
    if constexpr (std::is_floating_point_v<T>)
      return static_cast<R>(radius * std::cos(angle));
    else
      return T(static_cast<R>(radius * std::cos(angle)), static_cast<R>(radius * std::sin(angle)));
  }

 private:
  // Above 0 and below 1.
  double uniform(std::uint64_t k) const {
    return (static_cast<double>(mixed(start_ + k) >> 11) + 0.5) * 0x1p-53;
  }

  std::uint64_t start_;
};

}  // namespace lambdapack::kernel::detail
