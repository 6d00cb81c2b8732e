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

template <Scalar T>
void apply_row_tile(const char* kernel, Apply what, in<T> v, in<T> t, inout<T> c) {
  check_shapes(v.cols() == c.rows(), kernel, "V", v, "C", c,
               "C must have a row for each column of V");
  apply_tile_left(q_of_row_tile(kernel, v, t), what, c.cols(), static_cast<T*>(nullptr), 0,
                  c.data(), c.rows());
}

template <Scalar T>
void apply_row_tile_right(const char* kernel, Apply what, in<T> v, in<T> t, inout<T> c) {
  check_shapes(v.cols() == c.cols(), kernel, "V", v, "C", c, "C must have as many columns as V");
  apply_tile_right(q_of_row_tile(kernel, v, t), what, c.rows(), static_cast<T*>(nullptr), 0,
                   c.data(), c.rows());
}

template <Scalar T>
void apply_row_pair(const char* kernel, Apply what, in<T> v, in<T> t, inout<T> b, inout<T> c) {
  check_shapes(v.cols() == c.rows() && b.rows() >= v.rows(), kernel, "V", v, "the lower tile", c,
               "the lower tile needs a row for each column of V, and the upper one a row for each "
               "row of V");
  check_shapes(b.cols() == c.cols(), kernel, "the upper tile", b, "the lower one", c,
               "they need as many columns as each other");
  apply_tile_left(q_of_row_pair(kernel, v, t), what, c.cols(), b.data(), b.rows(), c.data(),
                  c.rows());
}

template <Scalar T>
void apply_row_pair_right(const char* kernel, Apply what, in<T> v, in<T> t, inout<T> b,
                          inout<T> c) {
  check_shapes(v.cols() == c.cols() && b.cols() >= v.rows(), kernel, "V", v, "the right tile", c,
               "the right tile must have as many columns as V, and the left one a column for each "
               "row of V");
  check_shapes(b.rows() == c.rows(), kernel, "the left tile", b, "the right one", c,
               "they need as many rows as each other");
  apply_tile_right(q_of_row_pair(kernel, v, t), what, c.rows(), b.data(), b.rows(), c.data(),
                   c.rows());
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

/// C := Q C, with V and T from gelqt. C has a row for each column of V. Throws input_error. Source:
/// ?gemlqt L C.
template <Scalar T>
void unmlq(in<T> v, in<T> t, inout<T> c) {
  detail::apply_row_tile("unmlq", detail::Apply::plain, v, t, c);
}

/// C := Q^H C, otherwise as unmlq. Source: ?gemlqt L N.
template <Scalar T>
void unmlq_adjoint(in<T> v, in<T> t, inout<T> c) {
  detail::apply_row_tile("unmlq_adjoint", detail::Apply::adjoint, v, t, c);
}

/// C := C Q, with V and T from gelqt. C has V's columns. Throws input_error. Source: ?gemlqt R C.
template <Scalar T>
void unmlq_right(in<T> v, in<T> t, inout<T> c) {
  detail::apply_row_tile_right("unmlq_right", detail::Apply::plain, v, t, c);
}

/// C := C Q^H, otherwise as unmlq_right. Source: ?gemlqt R N.
template <Scalar T>
void unmlq_adjoint_right(in<T> v, in<T> t, inout<T> c) {
  detail::apply_row_tile_right("unmlq_adjoint_right", detail::Apply::adjoint, v, t, c);
}

/// (B, C) := Q (B, C), B on top of C, with V and T from tslqt. Throws input_error. Source: ?tpmlqt
/// L C.
template <Scalar T>
void tsmlq(in<T> v, in<T> t, inout<T> b, inout<T> c) {
  detail::apply_row_pair("tsmlq", detail::Apply::plain, v, t, b, c);
}

/// (B, C) := Q^H (B, C), otherwise as tsmlq. Source: ?tpmlqt L N.
template <Scalar T>
void tsmlq_adjoint(in<T> v, in<T> t, inout<T> b, inout<T> c) {
  detail::apply_row_pair("tsmlq_adjoint", detail::Apply::adjoint, v, t, b, c);
}

/// (B, C) := (B, C) Q, B left of C, with V and T from tslqt. Throws input_error. Source: ?tpmlqt R
/// C.
template <Scalar T>
void tsmlq_right(in<T> v, in<T> t, inout<T> b, inout<T> c) {
  detail::apply_row_pair_right("tsmlq_right", detail::Apply::plain, v, t, b, c);
}

/// (B, C) := (B, C) Q^H, otherwise as tsmlq_right. Source: ?tpmlqt R N.
template <Scalar T>
void tsmlq_adjoint_right(in<T> v, in<T> t, inout<T> b, inout<T> c) {
  detail::apply_row_pair_right("tsmlq_adjoint_right", detail::Apply::adjoint, v, t, b, c);
}

/// The first m rows of B become L^-1 times them; L, m x m, is the lower triangle of its tile.
/// Throws input_error if B has fewer rows, singular if a diagonal element of L is 0. Source:
/// ?trtrs.
template <Scalar T>
void solve_l(in<T> l, inout<T> b) {
  detail::check_shapes(l.cols() >= l.rows() && b.rows() >= l.rows(), "solve_l", "L", l, "B", b,
                       "L needs a column, and B a row, for each row of L");
  for (std::int64_t i = 0; i < l.rows(); ++i)
    if (l(i, i) == T{}) throw singular(i);
  blas::trsm(blas::Side::left, blas::Uplo::lower, blas::Trans::none, blas::Diag::non_unit, l.rows(),
             b.cols(), T(1), l.data(), l.rows(), b.data(), b.rows());
}

}  // namespace lambdapack::kernel
