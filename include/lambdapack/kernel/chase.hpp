// The kernel that uses the reflections of a reduction from a band to a bidiagonal matrix.
#pragma once

#include <cstdint>

#include "lambdapack/kernel/dense.hpp"
#include "lambdapack/kernel/detail/bulge_chase.hpp"

namespace lambdapack::kernel {

/// X := Q X, with the reflections V, n x n, and their factors of one side of the chase that made a
/// band of `width` bidiagonal. X has n rows. Throws input_error. Source: ?unmbr, for a band.
template <Scalar T>
void apply_chase(in<T> v, in<T> tau, inout<T> x, std::int64_t width) {
  detail::check_shapes(v.rows() == x.rows() && v.rows() == v.cols(), "apply_chase", "V", v, "X", x,
                       "V must be square, with as many rows as X");
  detail::check_shapes(width > 0 && tau.cols() == v.cols() && tau.rows() > (v.rows() - 2) / width,
                       "apply_chase", "V", v, "tau", tau,
                       "tau needs a column for each of V's, and a row for each piece of a column");
  detail::apply_chase(*v, *tau, width, x.data(), x.cols());
}

}  // namespace lambdapack::kernel
