// Level-3 BLAS on column-major matrices, for the four scalar types. A call runs on the thread
// that makes it and on no other, whatever BLIS_NUM_THREADS and OMP_NUM_THREADS say: parallelism
// belongs to the executor. BLIS's global settings are neither used nor changed.
#pragma once

#include <cstdint>

#include "lambdapack/kernel/blis.hpp"
#include "lambdapack/kernel/detail/blis_abi.hpp"
#include "lambdapack/tile/dense.hpp"

namespace lambdapack::kernel::detail {

/// BLIS 0.9 decides between real and complex kernels for complex matrices once, but keeps the
/// decision in the thread that happened to initialise it: other threads would use other kernels,
/// and get other bits. This makes the same decision, by BLIS's own rule, in every thread.
inline void settle(blis::Type complex_type, blis::Type real_type) {
  const auto optimised = [](blis::Type type) {
    return blis::l3_ukr_impl_type(0, blis::Method::native, type) == 2;
  };
  blis::init();
  if (!optimised(complex_type) && optimised(real_type))
    blis::ind_enable_dt(blis::Method::real_kernels, complex_type);
  else
    blis::ind_disable_dt(blis::Method::real_kernels, complex_type);
}

/// Comes before any level-3 operation on T.
template <Scalar T>
void settle_thread() {
  if constexpr (!std::same_as<T, real_t<T>>) {
    constexpr bool wide = std::same_as<real_t<T>, double>;
    thread_local bool settled = false;
    if (settled) return;
    settle(wide ? blis::Type::complex128 : blis::Type::complex64,
           wide ? blis::Type::real64 : blis::Type::real32);
    settled = true;
  }
}

}  // namespace lambdapack::kernel::detail

namespace lambdapack::kernel::blas {

using detail::blis::Diag;
using detail::blis::Side;
using detail::blis::Trans;
using detail::blis::Uplo;

/// C := alpha op(A) op(B) + beta C, where op(A) is m x k, op(B) k x n and C m x n. Source: ?gemm.
template <Scalar T>
void gemm(Trans a_op, Trans b_op, std::int64_t m, std::int64_t n, std::int64_t k, T alpha,
          const T* a, std::int64_t lda, const T* b, std::int64_t ldb, T beta, T* c,
          std::int64_t ldc) {
  if (m == 0 || n == 0) return;
  detail::settle_thread<T>();
  detail::blis::Runtime one_thread;
  detail::blis::gemm(a_op, b_op, m, n, k, &alpha, a, 1, lda, b, 1, ldb, &beta, c, 1, ldc, nullptr,
                     &one_thread);
}

/// The `part` triangle of C := alpha op(A) op(A)^H + beta C, where op(A) is n x k and C n x n.
/// The diagonal of C comes out real. For real T this is ?syrk. Source: ?herk.
template <Scalar T>
void herk(Uplo part, Trans a_op, std::int64_t n, std::int64_t k, real_t<T> alpha, const T* a,
          std::int64_t lda, real_t<T> beta, T* c, std::int64_t ldc) {
  if (n == 0) return;
  detail::settle_thread<T>();
  detail::blis::Runtime one_thread;
  detail::blis::herk(part, a_op, n, k, &alpha, a, 1, lda, &beta, c, 1, ldc, nullptr, &one_thread);
}

/// The `part` triangle of C := alpha op(A) op(A)^T + beta C, where op(A) is n x k and C n x n.
/// Source: ?syrk.
template <Scalar T>
void syrk(Uplo part, Trans a_op, std::int64_t n, std::int64_t k, T alpha, const T* a,
          std::int64_t lda, T beta, T* c, std::int64_t ldc) {
  if (n == 0) return;
  detail::settle_thread<T>();
  detail::blis::Runtime one_thread;
  detail::blis::syrk(part, a_op, n, k, &alpha, a, 1, lda, &beta, c, 1, ldc, nullptr, &one_thread);
}

/// C := alpha A B + beta C (left) or alpha B A + beta C (right), A symmetric, C m x n; the `part`
/// triangle of A is read. Source: ?symm.
template <Scalar T>
void symm(Side side, Uplo part, std::int64_t m, std::int64_t n, T alpha, const T* a,
          std::int64_t lda, const T* b, std::int64_t ldb, T beta, T* c, std::int64_t ldc) {
  if (m == 0 || n == 0) return;
  detail::settle_thread<T>();
  detail::blis::Runtime one_thread;
  detail::blis::symm(side, part, Trans::none, Trans::none, m, n, &alpha, a, 1, lda, b, 1, ldb,
                     &beta, c, 1, ldc, nullptr, &one_thread);
}

/// The same for a Hermitian A, whose diagonal is taken as real. Source: ?hemm.
template <Scalar T>
void hemm(Side side, Uplo part, std::int64_t m, std::int64_t n, T alpha, const T* a,
          std::int64_t lda, const T* b, std::int64_t ldb, T beta, T* c, std::int64_t ldc) {
  if (m == 0 || n == 0) return;
  detail::settle_thread<T>();
  detail::blis::Runtime one_thread;
  detail::blis::hemm(side, part, Trans::none, Trans::none, m, n, &alpha, a, 1, lda, b, 1, ldb,
                     &beta, c, 1, ldc, nullptr, &one_thread);
}

/// The `part` triangle of C := alpha op(A) op(B)^T + alpha op(B) op(A)^T + beta C, where op(A) and
/// op(B) are n x k. Source: ?syr2k.
template <Scalar T>
void syr2k(Uplo part, Trans op, std::int64_t n, std::int64_t k, T alpha, const T* a,
           std::int64_t lda, const T* b, std::int64_t ldb, T beta, T* c, std::int64_t ldc) {
  if (n == 0) return;
  detail::settle_thread<T>();
  detail::blis::Runtime one_thread;
  detail::blis::syr2k(part, op, op, n, k, &alpha, a, 1, lda, b, 1, ldb, &beta, c, 1, ldc, nullptr,
                      &one_thread);
}

/// The `part` triangle of C := alpha op(A) op(B)^H + conj(alpha) op(B) op(A)^H + beta C, whose
/// diagonal comes out real. Source: ?her2k.
template <Scalar T>
void her2k(Uplo part, Trans op, std::int64_t n, std::int64_t k, T alpha, const T* a,
           std::int64_t lda, const T* b, std::int64_t ldb, real_t<T> beta, T* c, std::int64_t ldc) {
  if (n == 0) return;
  detail::settle_thread<T>();
  detail::blis::Runtime one_thread;
  detail::blis::her2k(part, op, op, n, k, &alpha, a, 1, lda, b, 1, ldb, &beta, c, 1, ldc, nullptr,
                      &one_thread);
}

/// B := alpha op(A)^-1 B (left) or alpha B op(A)^-1 (right), A triangular, B m x n. Source: ?trsm.
template <Scalar T>
void trsm(Side side, Uplo part, Trans a_op, Diag diagonal, std::int64_t m, std::int64_t n, T alpha,
          const T* a, std::int64_t lda, T* b, std::int64_t ldb) {
  if (m == 0 || n == 0) return;
  detail::settle_thread<T>();
  detail::blis::Runtime one_thread;
  detail::blis::trsm(side, part, a_op, diagonal, m, n, &alpha, a, 1, lda, b, 1, ldb, nullptr,
                     &one_thread);
}

/// B := alpha op(A) B (left) or alpha B op(A) (right), A triangular, B m x n. Source: ?trmm.
template <Scalar T>
void trmm(Side side, Uplo part, Trans a_op, Diag diagonal, std::int64_t m, std::int64_t n, T alpha,
          const T* a, std::int64_t lda, T* b, std::int64_t ldb) {
  if (m == 0 || n == 0) return;
  detail::settle_thread<T>();
  detail::blis::Runtime one_thread;
  detail::blis::trmm(side, part, a_op, diagonal, m, n, &alpha, a, 1, lda, b, 1, ldb, nullptr,
                     &one_thread);
}

}  // namespace lambdapack::kernel::blas
