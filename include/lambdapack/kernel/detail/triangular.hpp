// Triangular solves by recursion: nearly all of the arithmetic becomes large products. BLIS's own
// trsm reaches half of their speed with real numbers.
#pragma once

#include <cstdint>
#include <type_traits>

#include "lambdapack/kernel/blas.hpp"
#include "lambdapack/kernel/detail/cholesky.hpp"
#include "lambdapack/tile/dense.hpp"

namespace lambdapack::kernel::detail {

/// Order of the triangles that BLIS solves with, measured.
inline constexpr std::int64_t solve_base_order = 64;

/// A triangular matrix of order n as an operand: op(A).
template <Scalar T>
struct Triangle {
  blas::Uplo part;
  blas::Trans op;
  blas::Diag diagonal;
  std::int64_t n;
  const T* data;
  std::int64_t ld;

  bool is_lower() const { return (part == blas::Uplo::lower) == (op == blas::Trans::none); }
  /// The triangle of `order` rows from row and column `first` on.
  Triangle block(std::int64_t first, std::int64_t order) const {
    return {part, op, diagonal, order, data + first + first * ld, ld};
  }
  /// The stored block beside two triangles, the first of order `half`; op applies to it too.
  const T* beside(std::int64_t half) const {
    return part == blas::Uplo::lower ? data + half : data + half * ld;
  }
};

/// B := op(A)^-1 B, B of n columns.
template <Scalar T>
void solve_left(const Triangle<T>& a, std::int64_t n, T* b, std::int64_t ldb) {
  if (a.n <= solve_base_order || !std::is_floating_point_v<T>)
    return blas::trsm(blas::Side::left, a.part, a.op, a.diagonal, a.n, n, T(1), a.data, a.ld, b,
                      ldb);
  const std::int64_t half = half_of(a.n), rest = a.n - half;
  if (a.is_lower()) {
    solve_left(a.block(0, half), n, b, ldb);
    blas::gemm(a.op, blas::Trans::none, rest, n, half, T(-1), a.beside(half), a.ld, b, ldb, T(1),
               b + half, ldb);
    solve_left(a.block(half, rest), n, b + half, ldb);
  } else {
    solve_left(a.block(half, rest), n, b + half, ldb);
    blas::gemm(a.op, blas::Trans::none, half, n, rest, T(-1), a.beside(half), a.ld, b + half, ldb,
               T(1), b, ldb);
    solve_left(a.block(0, half), n, b, ldb);
  }
}

/// B := B op(A)^-1, B of m rows.
template <Scalar T>
void solve_right(const Triangle<T>& a, std::int64_t m, T* b, std::int64_t ldb) {
  if (a.n <= solve_base_order || !std::is_floating_point_v<T>)
    return blas::trsm(blas::Side::right, a.part, a.op, a.diagonal, m, a.n, T(1), a.data, a.ld, b,
                      ldb);
  const std::int64_t half = half_of(a.n), rest = a.n - half;
  if (a.is_lower()) {
    solve_right(a.block(half, rest), m, b + half * ldb, ldb);
    blas::gemm(blas::Trans::none, a.op, m, half, rest, T(-1), b + half * ldb, ldb, a.beside(half),
               a.ld, T(1), b, ldb);
    solve_right(a.block(0, half), m, b, ldb);
  } else {
    solve_right(a.block(0, half), m, b, ldb);
    blas::gemm(blas::Trans::none, a.op, m, rest, half, T(-1), b, ldb, a.beside(half), a.ld, T(1),
               b + half * ldb, ldb);
    solve_right(a.block(half, rest), m, b + half * ldb, ldb);
  }
}

}  // namespace lambdapack::kernel::detail
