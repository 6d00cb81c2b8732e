// Copies of tiles in another scalar type.
#pragma once

#include <cstdint>
#include <type_traits>

#include "lambdapack/kernel/dense.hpp"

namespace lambdapack {

/// Whether an S can become a T: between precisions, and from real to complex numbers.
template <class S, class T>
concept ConvertibleScalar = Scalar<S> && Scalar<T> &&
    (std::is_floating_point_v<S> || !std::is_floating_point_v<T>);

namespace kernel {

namespace detail {

/// x rounded to T.
template <Scalar T, Scalar S>
requires ConvertibleScalar<S, T> T converted(S x) {
  using R = real_t<T>;
  if constexpr (std::is_floating_point_v<S>)
    return T(static_cast<R>(x));
  else
    return T(static_cast<R>(x.real()), static_cast<R>(x.imag()));
}

}  // namespace detail

/// B := A, rounded to T; what is too large for T becomes infinite. Source: ?lag2?.
template <Scalar S, Scalar T>
void convert(out<T> b, in<S> a) {
  b.resize(a.rows(), a.cols());
  for (std::size_t i = 0; i < a->size(); ++i) b.data()[i] = detail::converted<T>(a.data()[i]);
}

/// B := B + A. A and B have one shape, or one of them is empty. Throws input_error.
template <Scalar S, Scalar T>
void add_converted(inout<T> b, in<S> a) {
  if (detail::is_empty(a)) return;
  detail::give_shape(b, a.rows(), a.cols());
  detail::check_shapes(a.rows() == b.rows() && a.cols() == b.cols(), "add", "B", b, "A", a,
                       "a sum needs tiles of one shape");
  for (std::size_t i = 0; i < a->size(); ++i) b.data()[i] += detail::converted<T>(a.data()[i]);
}

}  // namespace kernel

}  // namespace lambdapack
