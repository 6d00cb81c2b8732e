// The few functions of BLIS that lambdapack calls, declared here rather than by <blis/blis.h>.
//
// That header is a megabyte: it costs 0.2 s in every user's file, defines hundreds of macros, and
// needs <omp.h>, which clang has not got in a plain Debian. The types below repeat its ABI, which
// is that of BLIS 0.9 and 1.x with 64-bit dimensions (the default on 64-bit machines);
// tests/kernel/blis_abi_test.cpp compares them with what is installed.
//
// Each function has a C++ name of our own and the library's symbol as its label: the four scalar
// types become overloads, and a user may include BLIS's or LAPACK's headers beside lambdapack's.
#pragma once

#include <complex>
#include <cstdint>

#define LAMBDAPACK_DETAIL_STRING_OF(text) #text
#define LAMBDAPACK_DETAIL_STRING(text) LAMBDAPACK_DETAIL_STRING_OF(text)
#define LAMBDAPACK_DETAIL_SYMBOL(name) __asm__(LAMBDAPACK_DETAIL_STRING(__USER_LABEL_PREFIX__) name)

namespace lambdapack::kernel::detail::blis {

using dim = std::int64_t;

enum class Trans : int { none = 0x00, transpose = 0x08, conj = 0x10, conj_transpose = 0x18 };
enum class Side : int { left = 0, right = 1 };
enum class Uplo : int { upper = 0x60, lower = 0xC0 };
enum class Diag : int { non_unit = 0x000, unit = 0x100 };

/// BLIS's `rntm_t`: how a call is to run. The first eight bytes are `bool auto_factor` in BLIS
/// 0.9 and `int thread_impl; bool auto_factor` in 1.x; zero means "as given below, without
/// a threading library" to both.
struct Runtime {
  std::int64_t zero = 0;
  dim num_threads = 1;
  dim thread_ways[6] = {1, 1, 1, 1, 1, 1};
  bool pack_a = false;
  bool pack_b = false;
  bool small_matrix_kernels = true;
  void* small_block_pool = nullptr;
  void* packing_allocator = nullptr;
};

int arch_query_id() noexcept LAMBDAPACK_DETAIL_SYMBOL("bli_arch_query_id");
const char* arch_string(int id) noexcept LAMBDAPACK_DETAIL_SYMBOL("bli_arch_string");
void init() noexcept LAMBDAPACK_DETAIL_SYMBOL("bli_init");

/// BLIS's `num_t`, and the ways that it has to do complex level-3 work: with its real kernels or
/// with complex ones. Which of them is in use is a state of the thread.
enum class Type : int { real32 = 0, complex64 = 1, real64 = 2, complex128 = 3 };
enum class Method : int { real_kernels = 0, native = 1 };
void ind_enable_dt(Method method, Type type) noexcept LAMBDAPACK_DETAIL_SYMBOL("bli_ind_enable_dt");
void ind_disable_dt(Method method, Type type) noexcept
    LAMBDAPACK_DETAIL_SYMBOL("bli_ind_disable_dt");
/// Whether BLIS has an optimised kernel (2), or only a portable one (0); kernel 0 is gemm's.
int l3_ukr_impl_type(int kernel, Method method, Type type) noexcept
    LAMBDAPACK_DETAIL_SYMBOL("bli_gks_l3_ukr_impl_type");

// T is the scalar, R its real type, t the letter of both in BLIS's names. Matrices come as
// (address, row stride, column stride), scalars by address, and `context` is null.
#define LAMBDAPACK_DETAIL_BLIS(T, R, t)                                                            \
  void gemm(Trans a_op, Trans b_op, dim m, dim n, dim k, const T* alpha, const T* a, dim a_rows,   \
            dim a_cols, const T* b, dim b_rows, dim b_cols, const T* beta, T* c, dim c_rows,       \
            dim c_cols, const void* context,                                                       \
            Runtime* runtime) noexcept LAMBDAPACK_DETAIL_SYMBOL("bli_" #t "gemm_ex");              \
  void herk(Uplo c_part, Trans a_op, dim m, dim k, const R* alpha, const T* a, dim a_rows,         \
            dim a_cols, const R* beta, T* c, dim c_rows, dim c_cols, const void* context,          \
            Runtime* runtime) noexcept LAMBDAPACK_DETAIL_SYMBOL("bli_" #t "herk_ex");              \
  void syrk(Uplo c_part, Trans a_op, dim m, dim k, const T* alpha, const T* a, dim a_rows,         \
            dim a_cols, const T* beta, T* c, dim c_rows, dim c_cols, const void* context,          \
            Runtime* runtime) noexcept LAMBDAPACK_DETAIL_SYMBOL("bli_" #t "syrk_ex");              \
  void hemm(Side side, Uplo a_part, Trans a_conj, Trans b_op, dim m, dim n, const T* alpha,        \
            const T* a, dim a_rows, dim a_cols, const T* b, dim b_rows, dim b_cols, const T* beta, \
            T* c, dim c_rows, dim c_cols, const void* context,                                     \
            Runtime* runtime) noexcept LAMBDAPACK_DETAIL_SYMBOL("bli_" #t "hemm_ex");              \
  void symm(Side side, Uplo a_part, Trans a_conj, Trans b_op, dim m, dim n, const T* alpha,        \
            const T* a, dim a_rows, dim a_cols, const T* b, dim b_rows, dim b_cols, const T* beta, \
            T* c, dim c_rows, dim c_cols, const void* context,                                     \
            Runtime* runtime) noexcept LAMBDAPACK_DETAIL_SYMBOL("bli_" #t "symm_ex");              \
  void her2k(Uplo c_part, Trans a_op, Trans b_op, dim m, dim k, const T* alpha, const T* a,        \
             dim a_rows, dim a_cols, const T* b, dim b_rows, dim b_cols, const R* beta, T* c,      \
             dim c_rows, dim c_cols, const void* context,                                          \
             Runtime* runtime) noexcept LAMBDAPACK_DETAIL_SYMBOL("bli_" #t "her2k_ex");            \
  void syr2k(Uplo c_part, Trans a_op, Trans b_op, dim m, dim k, const T* alpha, const T* a,        \
             dim a_rows, dim a_cols, const T* b, dim b_rows, dim b_cols, const T* beta, T* c,      \
             dim c_rows, dim c_cols, const void* context,                                          \
             Runtime* runtime) noexcept LAMBDAPACK_DETAIL_SYMBOL("bli_" #t "syr2k_ex");            \
  void trsm(Side side, Uplo a_part, Trans a_op, Diag a_diagonal, dim m, dim n, const T* alpha,     \
            const T* a, dim a_rows, dim a_cols, T* b, dim b_rows, dim b_cols, const void* context, \
            Runtime* runtime) noexcept LAMBDAPACK_DETAIL_SYMBOL("bli_" #t "trsm_ex");              \
  void trmm(Side side, Uplo a_part, Trans a_op, Diag a_diagonal, dim m, dim n, const T* alpha,     \
            const T* a, dim a_rows, dim a_cols, T* b, dim b_rows, dim b_cols, const void* context, \
            Runtime* runtime) noexcept LAMBDAPACK_DETAIL_SYMBOL("bli_" #t "trmm_ex");

LAMBDAPACK_DETAIL_BLIS(float, float, s)
LAMBDAPACK_DETAIL_BLIS(double, double, d)
LAMBDAPACK_DETAIL_BLIS(std::complex<float>, float, c)
LAMBDAPACK_DETAIL_BLIS(std::complex<double>, double, z)
#undef LAMBDAPACK_DETAIL_BLIS

}  // namespace lambdapack::kernel::detail::blis
