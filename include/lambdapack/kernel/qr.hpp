// The kernels of tiled QR: a tile, a triangle on top of a tile, a triangle on top of a triangle,
// and their Q applied to other tiles.
//
// A factored tile holds R on and above its diagonal and the reflections below it. Their triangular
// factors T are in a tile of their own with one row more than the inner block, the number of
// columns that are factored before the rest is updated: in each block of columns an upper triangle
// in the upper rows, of geqrt or tsqrt, and one of ttqrt, adjoint, in the lower rows. A T that
// comes empty, as of a temporary, gets the default. Q = I - V T V^H for each block; R's diagonal
// has any sign and is real, as LAPACK's. Sources: ?geqrt, ?tpqrt, ?gemqrt, ?tpmqrt; Buttari,
// Langou, Kurzak, Dongarra, "A class of parallel tiled linear algebra algorithms for multicore
// architectures", 2009.
#pragma once

#include <algorithm>
#include <cstdint>

#include "lambdapack/kernel/dense.hpp"
#include "lambdapack/kernel/detail/qr_tile.hpp"
#include "lambdapack/kernel/detail/triangular.hpp"

namespace lambdapack::kernel {

/// Thrown by a solve with a triangle that has a zero on its diagonal.
class singular : public tile_fault {
 public:
  /// `row` counts from 0 within the tile.
  explicit singular(std::int64_t row)
      : tile_fault(row,
                   "the matrix has not full rank: this diagonal element of its triangular factor "
                   "is 0; leave out columns that depend on others, or use lp::svd") {}
};

/// The inner block for a tile of `cols` columns where the program does not say, measured.
inline std::int64_t inner_block(std::int64_t cols) {
  return std::max<std::int64_t>(1, std::min<std::int64_t>(cols, cols < 256 ? 32 : 48));
}

namespace detail {

/// The inner block that the shape of a T stands for.
template <class Tile>
std::int64_t inner_block_of(const Tile& t) {
  return std::max<std::int64_t>(1, t.rows() - 1);
}

/// Throws input_error unless T has room for `cols` columns.
template <class Tile>
void check_t(const char* kernel, const Tile& t, std::int64_t cols) {
  if (t.cols() >= cols && (t.rows() > 1 || cols == 0)) return;
  throw input_error(std::string(kernel) + ": T is " + shape(t) + ", but it needs " +
                        std::to_string(cols) +
                        " columns and at least 2 rows, one more than the inner block; cut the "
                        "columns of its matrix as those of the matrix that is factored",
                    codes::shape_mismatch);
}

/// Makes T ready for `cols` columns, all zero, and returns the inner block.
template <Scalar T>
std::int64_t prepare_t(const char* kernel, out<T> t, std::int64_t cols) {
  if (is_empty(t)) t.resize(inner_block(cols) + 1, cols);
  check_t(kernel, t, cols);
  std::fill_n(t.data(), t->size(), T{});
  return inner_block_of(t);
}

/// Throws input_error unless R, on top of B, has a row for each of its columns, and B as many.
template <Scalar T>
void check_on_top(const char* kernel, inout<T> r, inout<T> b) {
  check_shapes(r.cols() == b.cols() && r.rows() >= r.cols(), kernel, "the upper tile", r,
               "the lower one", b,
               "they need as many columns as each other, and the upper one at least as many rows");
}

/// The Q that geqrt left in V and T.
template <Scalar T>
TileQ<T> q_of_tile(const char* kernel, in<T> v, in<T> t) {
  const std::int64_t width = std::min(v.rows(), v.cols());
  check_t(kernel, t, width);
  return {Stored::on_diagonal, v.rows(), width, v.data(), v.rows(), t.data(), t.rows(),
          inner_block_of(t)};
}

/// The Q that tsqrt left in V and T.
template <Scalar T>
TileQ<T> q_of_pair(const char* kernel, in<T> v, in<T> t) {
  check_t(kernel, t, v.cols());
  return {Stored::square, v.rows(), v.cols(), v.data(),
          v.rows(),       t.data(), t.rows(), inner_block_of(t)};
}

/// The Q that ttqrt left in V and T. Copies of this thread's, for both share their tiles.
template <Scalar T>
TileQ<T> q_of_triangles(const char* kernel, in<T> v, in<T> t) {
  check_t(kernel, t, v.cols());
  const std::int64_t ib = inner_block_of(t);
  return {Stored::triangle,
          v.rows(),
          v.cols(),
          upper_part(v.rows(), v.cols(), v.data(), v.rows()),
          v.rows(),
          lower_t(v.cols(), ib, t.data(), t.rows()),
          ib,
          ib};
}

template <Scalar T>
void apply_to_tile(const char* kernel, Apply what, in<T> v, in<T> t, inout<T> c) {
  check_shapes(v.rows() == c.rows(), kernel, "V", v, "C", c, "C must have as many rows as V");
  apply_tile_left(q_of_tile(kernel, v, t), what, c.cols(), static_cast<T*>(nullptr), 0, c.data(),
                  c.rows());
}

template <Scalar T>
void apply_to_pair(const char* kernel, Apply what, const TileQ<T>& q, in<T> v, inout<T> top,
                   inout<T> c) {
  check_shapes(v.rows() == c.rows(), kernel, "V", v, "the lower tile", c,
               "the lower tile must have as many rows as V");
  check_shapes(top.cols() == c.cols() && top.rows() >= v.cols(), kernel, "the upper tile", top,
               "the lower one", c,
               "they need as many columns as each other, and the upper one a row for each column "
               "of V");
  apply_tile_left(q, what, c.cols(), top.data(), top.rows(), c.data(), c.rows());
}

template <Scalar T>
void apply_to_tile_right(const char* kernel, Apply what, in<T> v, in<T> t, inout<T> c) {
  check_shapes(v.rows() == c.cols(), kernel, "V", v, "C", c,
               "C must have a column for each row of V");
  apply_tile_right(q_of_tile(kernel, v, t), what, c.rows(), static_cast<T*>(nullptr), 0, c.data(),
                   c.rows());
}

template <Scalar T>
void apply_to_pair_right(const char* kernel, Apply what, const TileQ<T>& q, in<T> v, inout<T> left,
                         inout<T> c) {
  check_shapes(v.rows() == c.cols(), kernel, "V", v, "the right tile", c,
               "the right tile must have a column for each row of V");
  check_shapes(left.rows() == c.rows() && left.cols() >= v.cols(), kernel, "the left tile", left,
               "the right one", c,
               "they need as many rows as each other, and the left one a column for each column of "
               "V");
  apply_tile_right(q, what, c.rows(), left.data(), left.rows(), c.data(), c.rows());
}

/// solve_r with R, or with R^H.
template <Scalar T>
void solve_r_checked(const char* kernel, blas::Trans op, in<T> r, inout<T> b) {
  check_shapes(r.rows() >= r.cols() && b.rows() >= r.cols(), kernel, "R", r, "B", b,
               "both must have a row for each column of R");
  for (std::int64_t i = 0; i < r.cols(); ++i)
    if (r(i, i) == T{}) throw singular(i);
  solve_left<T>({blas::Uplo::upper, op, blas::Diag::non_unit, r.cols(), r.data(), r.rows()},
                b.cols(), b.data(), b.rows());
}

}  // namespace detail

/// QR of a tile: A, m x n, becomes R and the reflections, T their triangular factors. Throws
/// input_error if T does not fit. Source: ?geqrt, its blocks by ?geqrt3.
template <Scalar T>
void geqrt(inout<T> a, out<T> t) {
  const std::int64_t ib = detail::prepare_t("geqrt", t, a.cols());
  detail::qr_tile(a.rows(), a.cols(), a.data(), a.rows(), t.data(), t.rows(), ib);
}

/// QR of R, the upper triangle of a tile, on top of the tile A: the new R, and the reflections in
/// place of A, m x n. What is below R's diagonal stays. Throws input_error. Source: ?tpqrt, L = 0.
template <Scalar T>
void tsqrt(inout<T> r, inout<T> a, out<T> t) {
  detail::check_on_top("tsqrt", r, a);
  const std::int64_t ib = detail::prepare_t("tsqrt", t, a.cols());
  detail::qr_tile_below(detail::Stored::square, a.cols(), r.data(), r.rows(), a.rows(), a.data(),
                        a.rows(), t.data(), t.rows(), ib);
}

/// QR of R on top of S, the upper triangles of two tiles: the new R, and the reflections in place
/// of S. What is below the diagonals stays, and the T of geqrt in T, that of S. Throws input_error.
/// Source: ?tpqrt, L = N.
template <Scalar T>
void ttqrt(inout<T> r, inout<T> s, inout<T> t) {
  detail::check_on_top("ttqrt", r, s);
  detail::check_t("ttqrt", t, s.cols());
  const std::int64_t m = s.rows(), n = s.cols(), ib = detail::inner_block_of(t);
  T* upper = detail::upper_part(m, n, s.data(), m);
  T* factors = detail::scratch<T>(detail::Scratch::factors, ib * n);
  detail::qr_tile_below(detail::Stored::triangle, n, r.data(), r.rows(), m, upper, m, factors, ib,
                        ib);
  detail::put_upper_part(m, n, upper, s.data(), m);
  detail::put_lower_t(n, ib, factors, t.data(), t.rows());
}

/// C := Q C, with V and T from geqrt. C has V's rows. Throws input_error. Source: ?gemqrt L N.
template <Scalar T>
void unmqr(in<T> v, in<T> t, inout<T> c) {
  detail::apply_to_tile("unmqr", detail::Apply::plain, v, t, c);
}

/// C := Q^H C, with V and T from geqrt. C has V's rows. Throws input_error. Source: ?gemqrt L C.
template <Scalar T>
void unmqr_adjoint(in<T> v, in<T> t, inout<T> c) {
  detail::apply_to_tile("unmqr_adjoint", detail::Apply::adjoint, v, t, c);
}

/// (B, C) := Q (B, C), B on top of C, with V and T from tsqrt. Throws input_error. Source: ?tpmqrt.
template <Scalar T>
void tsmqr(in<T> v, in<T> t, inout<T> b, inout<T> c) {
  detail::apply_to_pair("tsmqr", detail::Apply::plain, detail::q_of_pair("tsmqr", v, t), v, b, c);
}

/// (B, C) := Q^H (B, C), with V and T from tsqrt. Throws input_error. Source: ?tpmqrt.
template <Scalar T>
void tsmqr_adjoint(in<T> v, in<T> t, inout<T> b, inout<T> c) {
  detail::apply_to_pair("tsmqr_adjoint", detail::Apply::adjoint,
                        detail::q_of_pair("tsmqr_adjoint", v, t), v, b, c);
}

/// (B, C) := Q (B, C), with V and T from ttqrt. Throws input_error. Source: ?tpmqrt.
template <Scalar T>
void ttmqr(in<T> v, in<T> t, inout<T> b, inout<T> c) {
  detail::apply_to_pair("ttmqr", detail::Apply::plain, detail::q_of_triangles("ttmqr", v, t), v, b,
                        c);
}

/// (B, C) := Q^H (B, C), with V and T from ttqrt. Throws input_error. Source: ?tpmqrt.
template <Scalar T>
void ttmqr_adjoint(in<T> v, in<T> t, inout<T> b, inout<T> c) {
  detail::apply_to_pair("ttmqr_adjoint", detail::Apply::adjoint,
                        detail::q_of_triangles("ttmqr_adjoint", v, t), v, b, c);
}

/// C := C Q, with V and T from geqrt. C has a column for each of V's rows. Throws input_error.
/// Source: ?gemqrt R N.
template <Scalar T>
void unmqr_right(in<T> v, in<T> t, inout<T> c) {
  detail::apply_to_tile_right("unmqr_right", detail::Apply::plain, v, t, c);
}

/// C := C Q^H, otherwise as unmqr_right. Source: ?gemqrt R C.
template <Scalar T>
void unmqr_adjoint_right(in<T> v, in<T> t, inout<T> c) {
  detail::apply_to_tile_right("unmqr_adjoint_right", detail::Apply::adjoint, v, t, c);
}

/// (B, C) := (B, C) Q, B left of C, with V and T from tsqrt. Throws input_error. Source: ?tpmqrt R.
template <Scalar T>
void tsmqr_right(in<T> v, in<T> t, inout<T> b, inout<T> c) {
  detail::apply_to_pair_right("tsmqr_right", detail::Apply::plain,
                              detail::q_of_pair("tsmqr_right", v, t), v, b, c);
}

/// (B, C) := (B, C) Q^H, B left of C, with V and T from tsqrt. Throws input_error.
template <Scalar T>
void tsmqr_adjoint_right(in<T> v, in<T> t, inout<T> b, inout<T> c) {
  detail::apply_to_pair_right("tsmqr_adjoint_right", detail::Apply::adjoint,
                              detail::q_of_pair("tsmqr_adjoint_right", v, t), v, b, c);
}

/// (B, C) := (B, C) Q, B left of C, with V and T from ttqrt. Throws input_error.
template <Scalar T>
void ttmqr_right(in<T> v, in<T> t, inout<T> b, inout<T> c) {
  detail::apply_to_pair_right("ttmqr_right", detail::Apply::plain,
                              detail::q_of_triangles("ttmqr_right", v, t), v, b, c);
}

/// (B, C) := (B, C) Q^H, B left of C, with V and T from ttqrt. Throws input_error.
template <Scalar T>
void ttmqr_adjoint_right(in<T> v, in<T> t, inout<T> b, inout<T> c) {
  detail::apply_to_pair_right("ttmqr_adjoint_right", detail::Apply::adjoint,
                              detail::q_of_triangles("ttmqr_adjoint_right", v, t), v, b, c);
}

/// The first n rows of B become R^-1 times them; R, n x n, is the upper triangle of its tile.
/// Throws input_error if B has fewer rows, singular if a diagonal element of R is 0. Source:
/// ?trtrs.
template <Scalar T>
void solve_r(in<T> r, inout<T> b) {
  detail::solve_r_checked("solve_r", blas::Trans::none, r, b);
}

/// As solve_r, with R^-H.
template <Scalar T>
void solve_r_adjoint(in<T> r, inout<T> b) {
  detail::solve_r_checked("solve_r_adjoint", blas::Trans::conj_transpose, r, b);
}

}  // namespace lambdapack::kernel
