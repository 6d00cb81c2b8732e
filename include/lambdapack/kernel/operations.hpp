// How many floating-point operations the library's kernels do: the leading terms of LAPACK Working
// Note 41, as rates are told by, whatever a kernel does besides. A complex multiplication and
// addition count as four real ones. Each takes its kernel's parameters, after the call.
#pragma once

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "lambdapack/kernel/argument.hpp"
#include "lambdapack/tile/dense.hpp"

namespace lambdapack::kernel::operations {

namespace detail {

/// `real` operations on real numbers, as many as they are on T.
template <Scalar T>
double on(double real) {
  return std::is_same_v<T, real_t<T>> ? real : 4 * real;
}

template <class Tile>
double rows(const Tile& tile) {
  return static_cast<double>(tile.rows());
}
template <class Tile>
double cols(const Tile& tile) {
  return static_cast<double>(tile.cols());
}
template <class Tile>
double size(const Tile& tile) {
  return rows(tile) * cols(tile);
}

/// Elements on and above the diagonal.
template <class Tile>
double upper_size(const Tile& tile) {
  const double n = cols(tile), k = std::min(rows(tile), n);
  return k * (k + 1) / 2 + (n - k) * rows(tile);
}

/// QR or LQ of m x n.
inline double qr(double m, double n) {
  const double k = std::min(m, n);
  return 4 * m * n * k - 2 * (m + n) * k * k + 4 * k * k * k / 3;
}

/// LU of m x n.
inline double lu(double m, double n) {
  const double k = std::min(m, n);
  return 2 * m * n * k - (m + n) * k * k + 2 * k * k * k / 3;
}

/// k reflections of tile V, applied to m rows that meet them and n that do not.
inline double reflect(double m, double n, double k) { return 4 * m * n * k - 2 * n * k * k; }

}  // namespace detail

/// n^3 / 3.
inline constexpr auto potrf = []<Scalar T, class... Rest>(inout<T> a, Rest...) {
  return detail::on<T>(detail::size(a) * detail::rows(a) / 3);
};

/// n^2 for each row, or column, of B.
inline constexpr auto trsm = []<Scalar T>(in<T> l, inout<T> b) {
  return detail::on<T>(detail::size(b) * detail::rows(l));
};

/// 2 n for each element of C.
inline constexpr auto symm = []<Scalar T>(inout<T> c, in<T> a, auto...) {
  return detail::on<T>(2 * detail::size(c) * detail::rows(a));
};

/// 4 m n k, and half of it on the diagonal, where tiles i and j of A are one.
inline constexpr auto syr2k = []<Scalar T>(inout<T> c, in<T> a, in<T> b, in<T>, in<T> other_a,
                                           auto...) {
  const double factor = &*a == &*other_a ? 2 : 4;
  return detail::on<T>(factor * detail::cols(c) * detail::size(a.rows() == 0 ? b : a));
};

/// n^2 for each row, or column, of B, which comes first; of a step of a solve.
inline constexpr auto trsm_step = []<Scalar T>(inout<T> b, in<T> a, auto...) {
  return detail::on<T>(detail::size(b) * detail::rows(a));
};

/// 2 m n k, and about half of it where A and B are one tile.
inline constexpr auto syrk = []<Scalar T>(inout<T> c, in<T> a, in<T> b, auto...) {
  const double n = detail::cols(c);
  if (&*a == &*b) return detail::on<T>((n + 1) * detail::size(a));
  return detail::on<T>(detail::size(b) == 0 ? 0 : 2 * n * detail::size(a));
};

/// That of syrk, of a C that is made.
inline constexpr auto gram = []<Scalar T>(out<T>, in<T> a, in<T> b, auto...) {
  const double n = detail::cols(b);
  return detail::on<T>((&*a == &*b ? n + 1 : 2 * n) * detail::size(a));
};

/// 2 m n k, whichever of A and B is transposed or comes first: the three sizes multiply to (m n
/// k)^2.
inline constexpr auto gemm = []<Scalar T>(const auto& c, in<T> a, in<T> b, auto...) {
  return detail::on<T>(2 * std::sqrt(detail::size(c) * detail::size(a) * detail::size(b)));
};

/// 2 m n^2 - 2 n^3 / 3 for m >= n.
inline constexpr auto geqrt = []<Scalar T>(inout<T> a, out<T>) {
  return detail::on<T>(detail::qr(detail::rows(a), detail::cols(a)));
};
/// That of geqrt.
inline constexpr auto gelqt = geqrt;

/// 2 m n^2.
inline constexpr auto tsqrt = []<Scalar T>(inout<T>, inout<T> a, out<T>) {
  return detail::on<T>(2 * detail::size(a) * detail::cols(a));
};
/// 2 m^2 n.
inline constexpr auto tslqt = []<Scalar T>(inout<T>, inout<T> a, out<T>) {
  return detail::on<T>(2 * detail::size(a) * detail::rows(a));
};
/// 2 n^3 / 3 for square tiles.
inline constexpr auto ttqrt = []<Scalar T>(inout<T>, inout<T> s, inout<T>) {
  const double n = detail::cols(s), k = std::min(detail::rows(s), n);
  return detail::on<T>(2 * k * k * n - 4 * k * k * k / 3 + 2 * (n - k) * (n - k) * k);
};

/// 4 m n k - 2 n k^2, C being m x n.
inline constexpr auto unmqr = []<Scalar T>(in<T> v, in<T>, inout<T> c) {
  const double k = std::min(detail::rows(v), detail::cols(v));
  return detail::on<T>(detail::reflect(detail::rows(c), detail::cols(c), k));
};
/// That of unmqr.
inline constexpr auto unmlq = unmqr;
/// 4 m n k - 2 m k^2.
inline constexpr auto unmlq_right = []<Scalar T>(in<T> v, in<T>, inout<T> c) {
  const double k = std::min(detail::rows(v), detail::cols(v));
  return detail::on<T>(detail::reflect(detail::cols(c), detail::rows(c), k));
};

/// 4 m n k, C being m x n.
inline constexpr auto tsmqr = []<Scalar T>(in<T> v, in<T>, inout<T>, inout<T> c) {
  return detail::on<T>(4 * detail::size(v) * detail::cols(c));
};
/// That of tsmqr.
inline constexpr auto tsmlq = tsmqr;
/// 4 m n k, C being m x n.
inline constexpr auto tsmlq_right = []<Scalar T>(in<T> v, in<T>, inout<T>, inout<T> c) {
  return detail::on<T>(4 * detail::size(v) * detail::rows(c));
};
/// 4 for each element of V's triangle and each column of C.
inline constexpr auto ttmqr = []<Scalar T>(in<T> v, in<T>, inout<T>, inout<T> c) {
  return detail::on<T>(4 * detail::upper_size(v) * detail::cols(c));
};

/// 4 m^2 k of the half that is stored, and what is on the diagonal of V.
inline constexpr auto herfb = []<Scalar T>(in<T> v, in<T>, inout<T> c) {
  const double k = std::min(detail::rows(v), detail::cols(v));
  return detail::on<T>(detail::reflect(detail::rows(c), detail::cols(c), k));
};
/// 4 m n k, C being n x m.
inline constexpr auto tsmqr_hetra = []<Scalar T>(in<T> v, in<T>, inout<T>, inout<T> c) {
  return detail::on<T>(4 * detail::size(v) * detail::cols(c));
};
/// 4 m n k for B, of both sides, and half of it for each of A and C.
inline constexpr auto tsmqr_corner = []<Scalar T>(in<T> v, in<T>, inout<T> a, inout<T>,
                                                  inout<T> c) {
  return detail::on<T>(4 * detail::size(v) * (detail::cols(a) + detail::cols(c)));
};

/// n^2 for each column of B.
inline constexpr auto solve_r = []<Scalar T>(in<T> r, inout<T> b) {
  return detail::on<T>(detail::cols(r) * detail::cols(r) * detail::cols(b));
};
/// m^2 for each column of B.
inline constexpr auto solve_l = []<Scalar T>(in<T> l, inout<T> b) {
  return detail::on<T>(detail::rows(l) * detail::rows(l) * detail::cols(b));
};

/// m n^2 - n^3 / 3 for m >= n: of a panel, whose piece has rows to spare.
inline constexpr auto getrf = []<Scalar T, Element P>(out<T> panel, out<P> pivots, in_list<T>) {
  return detail::on<T>(detail::lu(static_cast<double>(pivots->rows()), detail::cols(panel)));
};
/// 2 n^3 / 3: of a tile, without pivoting.
inline constexpr auto getrf_chosen = []<Scalar T>(out<T> top, auto...) {
  return detail::on<T>(detail::lu(detail::rows(top), detail::cols(top)));
};
/// n^2 for each column of the top tile.
inline constexpr auto laswp_trsm = []<Scalar T>(out<T> top, auto...) {
  return detail::on<T>(detail::size(top) * detail::rows(top));
};
/// n^2 for each row of A.
inline constexpr auto laswp_trsm_right = []<Scalar T>(inout<T> a, auto...) {
  return detail::on<T>(detail::size(a) * detail::cols(a));
};

}  // namespace lambdapack::kernel::operations
