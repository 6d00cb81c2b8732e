// The kernels of dense tiles: what a tiled program calls on each tile.
//
// A kernel changes the tile that it gets as inout (or out) and reads the others. It checks their
// shapes, works on tiles with no rows or no columns, runs on one thread, and gives the same bits
// for the same input. An empty tile (0 x 0), such as an unwritten one, stands for zeros of the
// shape that fits: a product with it adds nothing, and an empty result gets its shape from what is
// added to it, or stays empty. L^H is the conjugate transpose of L, the transpose for real numbers;
// a kernel with `adjoint` in its name applies that of its first operand.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

#include "lambdapack/codes.hpp"
#include "lambdapack/kernel/argument.hpp"
#include "lambdapack/kernel/blas.hpp"
#include "lambdapack/kernel/detail/cholesky.hpp"
#include "lambdapack/kernel/detail/columns.hpp"
#include "lambdapack/kernel/detail/triangular.hpp"
#include "lambdapack/kernel/fault.hpp"

namespace lambdapack::kernel {

namespace detail {

/// "3 x 4", the shape of a dense tile.
template <class Tile>
std::string shape(const Tile& tile) {
  return std::to_string(tile.rows()) + " x " + std::to_string(tile.cols());
}

/// Throws input_error with the shapes of two tiles, unless they fit.
template <class A, class B>
void check_shapes(bool fit, const char* kernel, const char* a_name, const A& a, const char* b_name,
                  const B& b, const char* expected) {
  if (fit) return;
  throw input_error(std::string(kernel) + ": " + a_name + " is " + shape(a) + " and " + b_name +
                        " is " + shape(b) + ", but " + expected +
                        "; check which tiles the statement names and how their matrices are cut",
                    codes::shape_mismatch);
}

/// Whether a tile is the empty one, which stands for zeros.
template <class Tile>
bool is_empty(const Tile& tile) {
  return tile.rows() == 0 && tile.cols() == 0;
}

/// Gives an empty tile the shape rows x cols, and zeros.
template <Scalar T>
void give_shape(inout<T> c, std::int64_t rows, std::int64_t cols) {
  if (is_empty(c)) *c = tile::Dense<T>::zeros(rows, cols);
}

/// C := C + alpha op(A) B, where op(A) is A or A^H.
template <Scalar T>
void gemm_checked(const char* kernel, blas::Trans a_op, T alpha, inout<T> c, in<T> a, in<T> b) {
  if (is_empty(a) || is_empty(b)) return;
  const bool plain = a_op == blas::Trans::none;
  const std::int64_t m = plain ? a.rows() : a.cols();
  const std::int64_t k = plain ? a.cols() : a.rows();
  check_shapes(k == b.rows(), kernel, "A", a, "B", b,
               plain ? "A must have as many columns as B has rows"
                     : "A must have as many rows as B, for A^H B");
  give_shape(c, m, b.cols());
  check_shapes(c.rows() == m, kernel, "C", c, "A", a,
               plain ? "C must have as many rows as A"
                     : "C must have as many rows as A has columns, for A^H B");
  check_shapes(c.cols() == b.cols(), kernel, "C", c, "B", b, "C must have as many columns as B");
  add_product(a_op, m, b.cols(), k, alpha, a.data(), a.rows(), b.data(), b.rows(), c.data(),
              c.rows());
}

/// Throws input_error unless L is square and has as many rows as B, or B is empty.
template <Scalar T>
void check_left_solve(const char* kernel, in<T> l, inout<T> b) {
  if (is_empty(b)) return;
  check_shapes(l.rows() == l.cols() && l.rows() == b.rows(), kernel, "L", l, "B", b,
               "L must be square, with as many rows as B");
}

}  // namespace detail

/// Cholesky: A becomes L of A = L L^H. A is square; only its lower triangle is read and written,
/// and of complex diagonal elements only the real part is read. Throws not_positive_definite, with
/// the tile's lower triangle partly overwritten; input_error if A is not square. Source: ?potrf,
/// by recursion (Elmroth and Gustavson).
template <Scalar T>
void potrf(inout<T> a) {
  if (a.rows() != a.cols())
    throw input_error("potrf: the tile is " + detail::shape(a) +
                          ", but only a square tile has a Cholesky factor; cut the rows and the "
                          "columns of the matrix alike, and call potrf on its diagonal tiles",
                      codes::shape_mismatch);
  detail::potrf_recursive(a.rows(), a.data(), a.rows(), 0);
}

/// B := B L^-H, as in the column below a diagonal tile of Cholesky. L is lower triangular, n x n;
/// what is above its diagonal is not read; B is m x n. Throws input_error. Source: ?trsm R L C N.
template <Scalar T>
void trsm(in<T> l, inout<T> b) {
  if (detail::is_empty(b)) return;
  detail::check_shapes(l.rows() == l.cols() && l.rows() == b.cols(), "trsm", "L", l, "B", b,
                       "L must be square, with as many columns as B, for B L^-H");
  detail::trsm_recursive(b.rows(), b.cols(), l.data(), l.rows(), b.data(), b.rows());
}

/// B := L^-1 B, as in a forward substitution. L is lower triangular, m x m; what is above its
/// diagonal is not read; B is m x n. Throws input_error. Source: ?trsm L L N N.
template <Scalar T>
void trsm_left(in<T> l, inout<T> b) {
  detail::check_left_solve("trsm_left", l, b);
  detail::solve_left<T>(
      {blas::Uplo::lower, blas::Trans::none, blas::Diag::non_unit, b.rows(), l.data(), l.rows()},
      b.cols(), b.data(), b.rows());
}

/// B := L^-H B, as in the back substitution after Cholesky. L is lower triangular, m x m; what is
/// above its diagonal is not read; B is m x n. Throws input_error. Source: ?trsm L L C N.
template <Scalar T>
void trsm_left_adjoint(in<T> l, inout<T> b) {
  detail::check_left_solve("trsm_left_adjoint", l, b);
  detail::solve_left<T>({blas::Uplo::lower, blas::Trans::conj_transpose, blas::Diag::non_unit,
                         b.rows(), l.data(), l.rows()},
                        b.cols(), b.data(), b.rows());
}

/// C := C - A B^H, the update of Cholesky's trailing matrix. C is m x n, A m x k, B n x k. If A
/// and B are one tile, only the lower triangle of C is read and written, for half the work, and
/// its diagonal comes out real. Throws input_error. Source: ?herk (?syrk), ?gemm.
template <Scalar T>
void syrk(inout<T> c, in<T> a, in<T> b) {
  if (detail::is_empty(a) || detail::is_empty(b)) return;
  detail::check_shapes(a.cols() == b.cols(), "syrk", "A", a, "B", b,
                       "A must have as many columns as B, for A B^H");
  detail::give_shape(c, a.rows(), b.rows());
  detail::check_shapes(c.rows() == a.rows(), "syrk", "C", c, "A", a,
                       "C must have as many rows as A");
  detail::check_shapes(c.cols() == b.rows(), "syrk", "C", c, "B", b,
                       "C must have as many columns as B has rows, for A B^H");
  if (&*a == &*b)
    blas::herk(blas::Uplo::lower, blas::Trans::none, c.rows(), a.cols(), real_t<T>(-1), a.data(),
               a.rows(), real_t<T>(1), c.data(), c.rows());
  else
    blas::gemm(blas::Trans::none, blas::Trans::conj_transpose, c.rows(), c.cols(), a.cols(), T(-1),
               a.data(), a.rows(), b.data(), b.rows(), T(1), c.data(), c.rows());
}

/// C := C + A B. C is m x n, A m x k, B k x n. Throws input_error. Source: ?gemm N N.
template <Scalar T>
void gemm(inout<T> c, in<T> a, in<T> b) {
  detail::gemm_checked("gemm", blas::Trans::none, T(1), c, a, b);
}

/// C := C - A B. C is m x n, A m x k, B k x n. Throws input_error. Source: ?gemm N N.
template <Scalar T>
void gemm_sub(inout<T> c, in<T> a, in<T> b) {
  detail::gemm_checked("gemm_sub", blas::Trans::none, T(-1), c, a, b);
}

/// C := C - A^H B. C is m x n, A k x m, B k x n. Throws input_error. Source: ?gemm C N.
template <Scalar T>
void gemm_sub_adjoint(inout<T> c, in<T> a, in<T> b) {
  detail::gemm_checked("gemm_sub_adjoint", blas::Trans::conj_transpose, T(-1), c, a, b);
}

/// B := A. B takes the shape of A. Source: ?lacpy.
template <Scalar T>
void copy(out<T> b, in<T> a) {
  b.resize(a.rows(), a.cols());
  std::copy_n(a.data(), a->size(), b.data());
}

/// A := 0. A keeps its shape: a tile of a temp comes with none and stays empty. Source: ?laset.
template <Scalar T>
void zero(out<T> a) {
  std::fill_n(a.data(), a->size(), T{});
}

/// B := B + A. A and B have one shape, or one of them is empty. Throws input_error. Source: ?axpy.
template <Scalar T>
void add(inout<T> b, in<T> a) {
  if (detail::is_empty(a)) return;
  detail::give_shape(b, a.rows(), a.cols());
  detail::check_shapes(a.rows() == b.rows() && a.cols() == b.cols(), "add", "B", b, "A", a,
                       "a sum needs tiles of one shape");
  for (std::size_t i = 0; i < a->size(); ++i) b.data()[i] += a.data()[i];
}

/// B := the sum of the tiles of a run, added up in its order. Those that are not empty have one
/// shape; B is empty if there are none. Throws input_error.
template <Scalar T>
void sum(out<T> b, in_list<T> tiles) {
  std::size_t k = 0;
  while (k < tiles.size() && detail::is_empty(tiles[k])) ++k;
  if (k == tiles.size()) return b.resize(0, 0);
  copy(b, tiles[k]);
  for (++k; k < tiles.size(); ++k) {
    if (detail::is_empty(tiles[k])) continue;
    detail::check_shapes(tiles[k].rows() == b.rows() && tiles[k].cols() == b.cols(), "sum",
                         "a tile", tiles[k], "the first one", b, "a sum needs tiles of one shape");
    add(inout<T>(&*b), tiles[k]);
  }
}

/// A := alpha A. Source: ?scal, with a real factor.
template <Scalar T>
void scale(inout<T> a, double alpha) {
  const auto factor = static_cast<real_t<T>>(alpha);
  for (std::size_t i = 0; i < a->size(); ++i) a.data()[i] *= factor;
}

}  // namespace lambdapack::kernel
