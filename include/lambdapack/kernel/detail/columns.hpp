// Vector operations on several columns at once, so that what they share is loaded once. The library
// is compiled for any x86-64; real numbers go through AVX2 where the CPU has it, 4 columns a pass.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <type_traits>

#include "lambdapack/kernel/detail/cholesky.hpp"
#include "lambdapack/tile/dense.hpp"

namespace lambdapack::kernel::detail {

/// Partial sums that a dot product keeps, so that they can be added up side by side.
inline constexpr std::int64_t partial_sums = 8;

/// x^H y. Source: ?dotc.
template <Scalar T>
T dot(std::int64_t n, const T* x, const T* y) {
  T sums[partial_sums] = {};
  std::int64_t i = 0;
  for (; i + partial_sums <= n; i += partial_sums)
    for (std::int64_t k = 0; k < partial_sums; ++k)
      sums[k] += product(conjugate(x[i + k]), y[i + k]);
  for (; i < n; ++i) sums[0] += product(conjugate(x[i]), y[i]);
  for (std::int64_t width = partial_sums / 2; width > 0; width /= 2)
    for (std::int64_t k = 0; k < width; ++k) sums[k] += sums[k + width];
  return sums[0];
}

/// y := y + factor x. Source: ?axpy.
template <Scalar T>
void axpy(std::int64_t n, T factor, const T* x, T* __restrict__ y) {
  for (std::int64_t i = 0; i < n; ++i) y[i] += product(factor, x[i]);
}

#if defined(__x86_64__)
#define LAMBDAPACK_DETAIL_AVX2 __attribute__((target("avx2,fma")))

/// 32 bytes of real numbers, wherever they are.
template <class R>
struct Wide {
  typedef R type __attribute__((vector_size(32), aligned(alignof(R)), may_alias));
  static constexpr std::int64_t lanes = 32 / sizeof(R);
};

inline const bool has_avx2 = [] {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
}();

template <class R>
LAMBDAPACK_DETAIL_AVX2 void dot_4_avx2(std::int64_t n, const R* x, const R* c, std::int64_t stride,
                                       R* result) {
  using V = typename Wide<R>::type;
  const R *c0 = c, *c1 = c + stride, *c2 = c1 + stride, *c3 = c2 + stride;
  V s0{}, s1{}, s2{}, s3{};
  std::int64_t i = 0;
  for (; i + Wide<R>::lanes <= n; i += Wide<R>::lanes) {
    const V v = *reinterpret_cast<const V*>(x + i);
    s0 += v * *reinterpret_cast<const V*>(c0 + i);
    s1 += v * *reinterpret_cast<const V*>(c1 + i);
    s2 += v * *reinterpret_cast<const V*>(c2 + i);
    s3 += v * *reinterpret_cast<const V*>(c3 + i);
  }
  R r0 = 0, r1 = 0, r2 = 0, r3 = 0;
  for (; i < n; ++i) {
    r0 += x[i] * c0[i];
    r1 += x[i] * c1[i];
    r2 += x[i] * c2[i];
    r3 += x[i] * c3[i];
  }
  for (std::int64_t k = 0; k < Wide<R>::lanes; ++k) {
    r0 += s0[k];
    r1 += s1[k];
    r2 += s2[k];
    r3 += s3[k];
  }
  result[0] = r0;
  result[1] = r1;
  result[2] = r2;
  result[3] = r3;
}

template <class R>
LAMBDAPACK_DETAIL_AVX2 void rank_one_4_avx2(std::int64_t n, const R* x, const R* factors, R* c,
                                            std::int64_t stride) {
  using V = typename Wide<R>::type;
  R *c0 = c, *c1 = c + stride, *c2 = c1 + stride, *c3 = c2 + stride;
  const R f0 = factors[0], f1 = factors[1], f2 = factors[2], f3 = factors[3];
  std::int64_t i = 0;
  for (; i + Wide<R>::lanes <= n; i += Wide<R>::lanes) {
    const V v = *reinterpret_cast<const V*>(x + i);
    *reinterpret_cast<V*>(c0 + i) += f0 * v;
    *reinterpret_cast<V*>(c1 + i) += f1 * v;
    *reinterpret_cast<V*>(c2 + i) += f2 * v;
    *reinterpret_cast<V*>(c3 + i) += f3 * v;
  }
  for (; i < n; ++i) {
    c0[i] += f0 * x[i];
    c1[i] += f1 * x[i];
    c2[i] += f2 * x[i];
    c3[i] += f3 * x[i];
  }
}

template <class R>
LAMBDAPACK_DETAIL_AVX2 void combine_4_avx2(std::int64_t n, const R* c, std::int64_t stride,
                                           const R* factors, R* w) {
  using V = typename Wide<R>::type;
  const R *c0 = c, *c1 = c + stride, *c2 = c1 + stride, *c3 = c2 + stride;
  const R f0 = factors[0], f1 = factors[1], f2 = factors[2], f3 = factors[3];
  std::int64_t i = 0;
  for (; i + Wide<R>::lanes <= n; i += Wide<R>::lanes)
    *reinterpret_cast<V*>(w + i) +=
        (f0 * *reinterpret_cast<const V*>(c0 + i) + f1 * *reinterpret_cast<const V*>(c1 + i)) +
        (f2 * *reinterpret_cast<const V*>(c2 + i) + f3 * *reinterpret_cast<const V*>(c3 + i));
  for (; i < n; ++i) w[i] += (f0 * c0[i] + f1 * c1[i]) + (f2 * c2[i] + f3 * c3[i]);
}

template <class R>
LAMBDAPACK_DETAIL_AVX2 void subtract_product_4_avx2(std::int64_t m, std::int64_t n, const R* a,
                                                    std::int64_t lda, const R* x, std::int64_t ldx,
                                                    R* c, std::int64_t ldc) {
  using V = typename Wide<R>::type;
  R *c0 = c, *c1 = c + ldc, *c2 = c1 + ldc, *c3 = c2 + ldc;
  const R *x0 = x, *x1 = x + ldx, *x2 = x1 + ldx, *x3 = x2 + ldx;
  constexpr std::int64_t lanes = Wide<R>::lanes;
  std::int64_t i = 0;
  for (; i + 2 * lanes <= m; i += 2 * lanes) {
    const auto at = [](R* column) -> V& { return *reinterpret_cast<V*>(column); };
    V s0 = at(c0 + i), s1 = at(c1 + i), s2 = at(c2 + i), s3 = at(c3 + i);
    V t0 = at(c0 + i + lanes), t1 = at(c1 + i + lanes), t2 = at(c2 + i + lanes),
      t3 = at(c3 + i + lanes);
    const R* column = a + i;
    for (std::int64_t k = 0; k < n; ++k, column += lda) {
      const V v = *reinterpret_cast<const V*>(column);
      const V w = *reinterpret_cast<const V*>(column + lanes);
      s0 -= v * x0[k];
      t0 -= w * x0[k];
      s1 -= v * x1[k];
      t1 -= w * x1[k];
      s2 -= v * x2[k];
      t2 -= w * x2[k];
      s3 -= v * x3[k];
      t3 -= w * x3[k];
    }
    at(c0 + i) = s0;
    at(c1 + i) = s1;
    at(c2 + i) = s2;
    at(c3 + i) = s3;
    at(c0 + i + lanes) = t0;
    at(c1 + i + lanes) = t1;
    at(c2 + i + lanes) = t2;
    at(c3 + i + lanes) = t3;
  }
  for (; i < m; ++i)
    for (std::int64_t k = 0; k < n; ++k) {
      const R v = a[i + k * lda];
      c0[i] -= v * x0[k];
      c1[i] -= v * x1[k];
      c2[i] -= v * x2[k];
      c3[i] -= v * x3[k];
    }
}

template <class R>
LAMBDAPACK_DETAIL_AVX2 R largest_avx2(std::int64_t n, const R* x) {
  using V = typename Wide<R>::type;
  constexpr std::int64_t lanes = Wide<R>::lanes;
  V m0{}, m1{};
  std::int64_t i = 0;
  for (; i + 2 * lanes <= n; i += 2 * lanes) {
    const V v = *reinterpret_cast<const V*>(x + i), w = *reinterpret_cast<const V*>(x + i + lanes);
    const V v_size = v < 0 ? -v : v, w_size = w < 0 ? -w : w;
    m0 = v_size > m0 ? v_size : m0;
    m1 = w_size > m1 ? w_size : m1;
  }
  R most = 0;
  for (; i < n; ++i) most = std::max(most, std::abs(x[i]));
  for (std::int64_t k = 0; k < lanes; ++k) most = std::max({most, m0[k], m1[k]});
  return most;
}

#undef LAMBDAPACK_DETAIL_AVX2
#endif

/// C := C - A X for 4 columns of m rows, A m x n. Source: ?gemm.
template <Scalar T>
void subtract_product_4(std::int64_t m, std::int64_t n, const T* a, std::int64_t lda, const T* x,
                        std::int64_t ldx, T* c, std::int64_t ldc) {
#if defined(__x86_64__)
  if constexpr (std::is_floating_point_v<T>)
    if (has_avx2) return subtract_product_4_avx2(m, n, a, lda, x, ldx, c, ldc);
#endif
  for (std::int64_t j = 0; j < 4; ++j)
    for (std::int64_t k = 0; k < n; ++k)
      for (std::int64_t i = 0; i < m; ++i)
        c[i + j * ldc] -= product(a[i + k * lda], x[k + j * ldx]);
}

/// Calls four(k) for each k = 0, 4, 8 ... of four columns, if T is real and the CPU has AVX2, and
/// one(k) for each of the columns that are left.
template <Scalar T, class Four, class One>
void by_fours([[maybe_unused]] Four four, One one, std::int64_t count) {
  std::int64_t k = 0;
#if defined(__x86_64__)
  if constexpr (std::is_floating_point_v<T>)
    if (has_avx2)
      for (; k + 4 <= count; k += 4) four(k);
#endif
  for (; k < count; ++k) one(k);
}

/// result[k] := x^H c_k for `count` columns of n elements. Source: ?gemv C.
template <Scalar T>
void dots(std::int64_t n, const T* x, const T* c, std::int64_t stride, std::int64_t count,
          T* result) {
  by_fours<T>([&](auto k) { dot_4_avx2(n, x, c + k * stride, stride, result + k); },
              [&](std::int64_t k) { result[k] = dot(n, x, c + k * stride); }, count);
}

/// c_k := c_k + factors[k] x for `count` columns of n elements. Source: ?ger.
template <Scalar T>
void rank_one(std::int64_t n, const T* x, const T* factors, T* c, std::int64_t stride,
              std::int64_t count) {
  by_fours<T>([&](auto k) { rank_one_4_avx2(n, x, factors + k, c + k * stride, stride); },
              [&](std::int64_t k) { axpy(n, factors[k], x, c + k * stride); }, count);
}

/// w := w + factors[0] c_0 + factors[1] c_1 + ... for `count` columns of n elements. Source: ?gemv
/// N.
template <Scalar T>
void combine(std::int64_t n, const T* c, std::int64_t stride, const T* factors, std::int64_t count,
             T* w) {
  by_fours<T>([&](auto k) { combine_4_avx2(n, c + k * stride, stride, factors + k, w); },
              [&](std::int64_t k) { axpy(n, factors[k], c + k * stride, w); }, count);
}

/// C := C + alpha op(A) B, where op(A) is m x k and B k x n. BLIS packs A, which for a single
/// column of B takes longer than the product. Source: ?gemm, ?gemv.
template <Scalar T>
void add_product(blas::Trans op, std::int64_t m, std::int64_t n, std::int64_t k, T alpha,
                 const T* a, std::int64_t lda, const T* b, std::int64_t ldb, T* c,
                 std::int64_t ldc) {
  const bool plain = op == blas::Trans::none;
  const bool adjoint = op == blas::Trans::conj_transpose ||
                       (op == blas::Trans::transpose && std::is_floating_point_v<T>);
  if (n != 1 || !(plain || adjoint))
    return blas::gemm(op, blas::Trans::none, m, n, k, alpha, a, lda, b, ldb, T(1), c, ldc);
  constexpr std::int64_t columns_at_once = 64;
  T numbers[columns_at_once];
  const std::int64_t columns = plain ? k : m;
  for (std::int64_t first = 0; first < columns; first += columns_at_once) {
    const std::int64_t count = std::min(columns_at_once, columns - first);
    const T* these = a + first * lda;
    if (plain) {
      for (std::int64_t j = 0; j < count; ++j) numbers[j] = product(alpha, b[first + j]);
      combine(m, these, lda, numbers, count, c);
    } else {
      dots(k, b, these, lda, count, numbers);
      for (std::int64_t j = 0; j < count; ++j)
        c[first + j] += product(alpha, conjugate(numbers[j]));
    }
  }
}

}  // namespace lambdapack::kernel::detail
