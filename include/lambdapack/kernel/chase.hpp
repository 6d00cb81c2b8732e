// The kernels of the reduction from a band to a bidiagonal matrix, or a tridiagonal one.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>

#include "lambdapack/kernel/dense.hpp"
#include "lambdapack/kernel/detail/bulge_chase.hpp"
#include "lambdapack/kernel/detail/hermitian_chase.hpp"

namespace lambdapack::kernel {

namespace detail {

/// Throws input_error unless the tiles of a band of `width` that are not empty are rows x columns.
template <Scalar T>
void check_band(const char* kernel, std::int64_t width, std::int64_t rows, std::int64_t columns,
                std::initializer_list<inout<T>> tiles) {
  for (const inout<T>& tile : tiles)
    if (!is_empty(tile) && (tile.rows() != rows || tile.cols() != columns))
      throw input_error(std::string(kernel) + ": a tile of the band is " + shape(tile) +
                            ", but a band of width " + std::to_string(width) + " needs " +
                            std::to_string(rows) + " x " + std::to_string(columns) + "; cut it so",
                        codes::shape_mismatch);
}

}  // namespace detail

/// A part of the chase that makes a band of `width` bidiagonal: group number `group` of sweeps in
/// window number `window`, which is the second of three neighbouring tiles of the band's columns;
/// the first and last of all may be empty. The band is of order `order`. Throws input_error.
/// Source: in detail/bulge_chase.hpp.
template <Scalar T>
void chase(inout<T> before, inout<T> columns, inout<T> after, std::int64_t group,
           std::int64_t window, std::int64_t order, std::int64_t width) {
  const std::int64_t count = detail::chase_columns(width);
  detail::check_band<T>("chase", width, detail::Band<T>::rows(width), count,
                        {before, columns, after});
  detail::chase_window(detail::Band<T>(order, width, (window - 1) * count, count,
                                       {before.data(), columns.data(), after.data()}),
                       group, window * count);
}

/// The same for the lower triangle of a Hermitian band, which becomes tridiagonal. Source: in
/// detail/hermitian_chase.hpp.
template <Scalar T>
void chase_hermitian(inout<T> before, inout<T> columns, inout<T> after, std::int64_t group,
                     std::int64_t window, std::int64_t order, std::int64_t width) {
  const std::int64_t count = detail::chase_columns(width);
  detail::check_band<T>("chase_hermitian", width, detail::HermitianBand<T>::rows(width), count,
                        {before, columns, after});
  detail::chase_window(detail::HermitianBand<T>(order, width, (window - 1) * count, count,
                                                {before.data(), columns.data(), after.data()}),
                       group, window * count);
}

/// X := Q X, with the reflections V, n x n, and their factors of one side of the chase that made a
/// band of `width` bidiagonal, or of the one that made it tridiagonal. X has n rows. Throws
/// input_error. Source: ?unmbr, for a band.
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
