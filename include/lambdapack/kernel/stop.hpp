// The kernel behind lp::stop_if: one look at a flag, at each step of a loop.
#pragma once

#include <concepts>

#include "lambdapack/kernel/argument.hpp"
#include "lambdapack/tile/stop.hpp"

namespace lambdapack {

namespace detail {
template <class T>
concept RealScalar = std::same_as<T, float> || std::same_as<T, double>;
}  // namespace detail

/// An element whose tiles can say that a loop is to end.
/// Accepted: `double`; a payload with `bool stop() const`. Rejected: `std::complex<double>`.
template <class T>
concept StopFlag = detail::RealScalar<T> ||(Element<T>&& requires(const T& t) {
  { t.stop() } -> std::same_as<bool>;
});

namespace kernel {

/// The loop has ended if it had at the step before, or if the flag says so: element (0, 0) is not 0
/// (a NaN is not), or `stop()` is true. A flag without elements says nothing. After the end the
/// flag is not looked at.
template <StopFlag T>
void stop_if(in<T> flag, in<tile::Stop> before, out<tile::Stop> now) {
  now->value = before->value;
  if (before->value) return;
  if constexpr (lambdapack::detail::RealScalar<T>)
    now->value = flag.rows() > 0 && flag.cols() > 0 && flag(0, 0) != 0;
  else
    now->value = flag->stop();
}

}  // namespace kernel

}  // namespace lambdapack
