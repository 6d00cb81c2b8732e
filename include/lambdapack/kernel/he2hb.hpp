// The kernels of the reduction of a Hermitian matrix to a band, Q^H A Q with the Q of QR
// factorizations of its columns: what they do to tiles on both sides of the diagonal, of which the
// lower one is stored. V and T are from geqrt or tsqrt (kernel/qr.hpp). Names: PLASMA's.
#pragma once

#include <cstdint>

#include "lambdapack/kernel/qr.hpp"

namespace lambdapack::kernel {

namespace detail {

/// The Hermitian n x n matrix of which C is the lower triangle, in scratch memory.
template <Scalar T>
T* whole_hermitian(Scratch purpose, inout<T> c) {
  const std::int64_t n = c.rows();
  T* whole = scratch<T>(purpose, n * n);
  for (std::int64_t j = 0; j < n; ++j) {
    whole[j + j * n] = T(std::real(c(j, j)));
    for (std::int64_t i = j + 1; i < n; ++i) {
      whole[i + j * n] = c(i, j);
      whole[j + i * n] = conjugate(c(i, j));
    }
  }
  return whole;
}

/// Its lower triangle back to C.
template <Scalar T>
void put_lower(const T* whole, inout<T> c) {
  const std::int64_t n = c.rows();
  for (std::int64_t j = 0; j < n; ++j) {
    c(j, j) = T(std::real(whole[j + j * n]));
    for (std::int64_t i = j + 1; i < n; ++i) c(i, j) = whole[i + j * n];
  }
}

}  // namespace detail

/// C := Q^H C Q, with V and T from geqrt, for a Hermitian C, which has V's rows; its lower triangle
/// is read and written. Throws input_error. Source: PLASMA's core_zherfb.
template <Scalar T>
void herfb(in<T> v, in<T> t, inout<T> c) {
  const std::int64_t n = c.rows();
  detail::check_shapes(n == c.cols() && n == v.rows(), "herfb", "V", v, "C", c,
                       "C must be square, with as many rows as V");
  const detail::TileQ<T> q = detail::q_of_tile("herfb", v, t);
  T* whole = detail::whole_hermitian(detail::Scratch::tile, c);
  T* const none = nullptr;
  detail::apply_tile_left(q, detail::Apply::adjoint, n, none, 0, whole, n);
  detail::apply_tile_right(q, detail::Apply::plain, n, none, 0, whole, n);
  detail::put_lower(whole, c);
}

/// (B, C^H) := (B, C^H) Q, B left of C^H, with V and T from tsqrt: of two tiles of a row the second
/// of which is above the diagonal, so that C is across of it. Throws input_error. Source: PLASMA's
/// core_ztsmqr_hetra1.
template <Scalar T>
void tsmqr_hetra(in<T> v, in<T> t, inout<T> b, inout<T> c) {
  const std::int64_t m = c.cols(), n = c.rows();
  detail::check_shapes(v.rows() == n && b.cols() >= v.cols(), "tsmqr_hetra", "V", v, "C", c,
                       "C must have as many rows as V, and B a column for each of V's");
  detail::check_shapes(b.rows() == m, "tsmqr_hetra", "B", b, "C", c,
                       "C must have a column for each row of B");
  T* turned = detail::scratch<T>(detail::Scratch::tile, m * n);
  detail::copy_adjoint(m, n, c.data(), n, turned, m);
  detail::apply_tile_right(detail::q_of_pair("tsmqr_hetra", v, t), detail::Apply::plain, m,
                           b.data(), b.rows(), turned, m);
  detail::copy_adjoint(n, m, turned, m, c.data(), n);
}

/// Q^H [[A, B^H], [B, C]] Q with V and T from tsqrt: A and C are tiles on the diagonal of a
/// Hermitian matrix, whose lower triangles are read and written. Throws input_error. Source:
/// PLASMA's core_ztsmqr_corner.
template <Scalar T>
void tsmqr_corner(in<T> v, in<T> t, inout<T> a, inout<T> b, inout<T> c) {
  const std::int64_t n = a.rows(), m = c.rows();
  detail::check_shapes(n == a.cols() && m == c.cols(), "tsmqr_corner", "A", a, "C", c,
                       "both must be square");
  detail::check_shapes(b.rows() == m && b.cols() == n, "tsmqr_corner", "A", a, "B", b,
                       "B needs A's columns and C's rows");
  detail::check_shapes(v.rows() == m && v.cols() <= n, "tsmqr_corner", "V", v, "B", b,
                       "V must have as many rows as B, and not more columns");
  const detail::TileQ<T> q = detail::q_of_pair("tsmqr_corner", v, t);
  T* upper = detail::whole_hermitian(detail::Scratch::tile, a);
  T* lower = detail::whole_hermitian(detail::Scratch::other_tile, c);
  T* beside = detail::scratch<T>(detail::Scratch::factors, n * m);
  detail::copy_adjoint(n, m, b.data(), m, beside, n);
  detail::apply_tile_left(q, detail::Apply::adjoint, n, upper, n, b.data(), m);
  detail::apply_tile_left(q, detail::Apply::adjoint, m, beside, n, lower, m);
  detail::apply_tile_right(q, detail::Apply::plain, n, upper, n, beside, n);
  detail::apply_tile_right(q, detail::Apply::plain, m, b.data(), m, lower, m);
  detail::put_lower(upper, a);
  detail::put_lower(lower, c);
}

}  // namespace lambdapack::kernel
