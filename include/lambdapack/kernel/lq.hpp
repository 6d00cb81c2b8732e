// The kernels of tiled LQ, which is QR of the adjoint: A = L Q^H where A^H = Q L^H. A factored tile
// holds L on and below its diagonal and, right of it, V^H of Q = I - V T V^H; its T's are as in
// kernel/qr.hpp, with a column for each row of the tile. Sources: ?gelqt, ?tplqt, ?gemlqt, ?tpmlqt.
#pragma once

#include <algorithm>
#include <cstdint>

#include "lambdapack/kernel/qr.hpp"

namespace lambdapack::kernel {

namespace detail {

/// The Q that gelqt left in V and T.
template <Scalar T>
TileQ<T> q_of_row_tile(const char* kernel, in<T> v, in<T> t) {
  const std::int64_t width = std::min(v.rows(), v.cols());
  check_t(kernel, t, width);
  return {Stored::on_diagonal, v.cols(), width, v.data(), v.rows(), t.data(), t.rows(),
          inner_block_of(t),   true};
}

/// The Q that tslqt left in V and T.
template <Scalar T>
TileQ<T> q_of_row_pair(const char* kernel, in<T> v, in<T> t) {
  check_t(kernel, t, v.rows());
  return {Stored::square, v.cols(), v.rows(),          v.data(), v.rows(),
          t.data(),       t.rows(), inner_block_of(t), true};
}

}  // namespace detail

/// LQ of a tile: A, m x n, becomes L and the reflections, T their triangular factors. Throws
/// input_error if T does not fit. Source: ?gelqt.
template <Scalar T>
void gelqt(inout<T> a, out<T> t) {
  const std::int64_t m = a.rows(), n = a.cols();
  const std::int64_t ib = detail::prepare_t("gelqt", t, m);
  T* adjoint = detail::scratch<T>(detail::Scratch::tile, m * n);
  detail::copy_adjoint(n, m, a.data(), m, adjoint, n);
  detail::qr_tile(n, m, adjoint, n, t.data(), t.rows(), ib);
  detail::copy_adjoint(m, n, adjoint, n, a.data(), m);
}

/// LQ of L, the lower triangle of a tile, left of the tile A: the new L, and the reflections in
/// place of A, m x n. What is above L's diagonal stays. Throws input_error. Source: ?tplqt, L = 0.
template <Scalar T>
void tslqt(inout<T> l, inout<T> a, out<T> t) {
  const std::int64_t m = a.rows(), n = a.cols();
  detail::check_shapes(l.rows() == m && l.cols() >= m, "tslqt", "the left tile", l, "the right one",
                       a,
                       "they need as many rows as each other, and the left one at least as many "
                       "columns");
  const std::int64_t ib = detail::prepare_t("tslqt", t, m);
  T* adjoint = detail::scratch<T>(detail::Scratch::tile, m * n);
  T* r = detail::scratch<T>(detail::Scratch::other_tile, m * m);
  detail::copy_adjoint(n, m, a.data(), m, adjoint, n);
  detail::copy_adjoint(m, m, l.data(), m, r, m);
  detail::qr_tile_below(detail::Stored::square, m, r, m, n, adjoint, n, t.data(), t.rows(), ib);
  detail::copy_adjoint(m, n, adjoint, n, a.data(), m);
  for (std::int64_t j = 0; j < m; ++j)
    for (std::int64_t i = j; i < m; ++i) l(i, j) = detail::conjugate(r[j + i * m]);
}

/// C := Q C, with V and T from gelqt. C has a row for each column of V. Throws input_error.
template <Scalar T>
void unmlq(in<T> v, in<T> t, inout<T> c) {
  detail::check_shapes(v.cols() == c.rows(), "unmlq", "V", v, "C", c,
                       "C must have a row for each column of V");
  detail::apply_tile_left(detail::q_of_row_tile("unmlq", v, t), detail::Apply::plain, c.cols(),
                          static_cast<T*>(nullptr), 0, c.data(), c.rows());
}

/// C := C Q, with V and T from gelqt. C has V's columns. Throws input_error. Source: ?gemlqt R C.
template <Scalar T>
void unmlq_right(in<T> v, in<T> t, inout<T> c) {
  detail::check_shapes(v.cols() == c.cols(), "unmlq_right", "V", v, "C", c,
                       "C must have as many columns as V");
  detail::apply_tile_right(detail::q_of_row_tile("unmlq_right", v, t), detail::Apply::plain,
                           c.rows(), static_cast<T*>(nullptr), 0, c.data(), c.rows());
}

/// (B, C) := Q (B, C), B on top of C, with V and T from tslqt. Throws input_error.
template <Scalar T>
void tsmlq(in<T> v, in<T> t, inout<T> b, inout<T> c) {
  detail::check_shapes(v.cols() == c.rows() && b.rows() >= v.rows(), "tsmlq", "V", v,
                       "the lower tile", c,
                       "the lower tile needs a row for each column of V, and the upper one a row "
                       "for each row of V");
  detail::check_shapes(b.cols() == c.cols(), "tsmlq", "the upper tile", b, "the lower one", c,
                       "they need as many columns as each other");
  detail::apply_tile_left(detail::q_of_row_pair("tsmlq", v, t), detail::Apply::plain, c.cols(),
                          b.data(), b.rows(), c.data(), c.rows());
}

/// (B, C) := (B, C) Q, B left of C, with V and T from tslqt. Throws input_error. Source: ?tpmlqt R
/// C.
template <Scalar T>
void tsmlq_right(in<T> v, in<T> t, inout<T> b, inout<T> c) {
  detail::check_shapes(v.cols() == c.cols() && b.cols() >= v.rows(), "tsmlq_right", "V", v,
                       "the right tile", c,
                       "the right tile must have as many columns as V, and the left one a column "
                       "for each row of V");
  detail::check_shapes(b.rows() == c.rows(), "tsmlq_right", "the left tile", b, "the right one", c,
                       "they need as many rows as each other");
  detail::apply_tile_right(detail::q_of_row_pair("tsmlq_right", v, t), detail::Apply::plain,
                           c.rows(), b.data(), b.rows(), c.data(), c.rows());
}

}  // namespace lambdapack::kernel
