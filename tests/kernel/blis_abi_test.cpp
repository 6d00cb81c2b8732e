// kernel/detail/blis_abi.hpp repeats BLIS's ABI; this compares it with the installed header, where
// that compiles (the one of BLIS's OpenMP build wants <omp.h>).
#include <catch2/catch.hpp>
#include <string>

#include "lambdapack/kernel/detail/blis_abi.hpp"

namespace abi = lambdapack::kernel::detail::blis;

namespace installed {
const char* blis_version() __asm__("bli_info_get_version_str");
int blis_dimension_bits() __asm__("bli_info_get_int_type_size");
}  // namespace installed

TEST_CASE("BLIS at run time is one whose ABI is declared", "[kernel]") {
  const std::string version = installed::blis_version();
  CAPTURE(version);
  CHECK((version.rfind("0.9.", 0) == 0 || version.rfind("1.", 0) == 0));
  CHECK(installed::blis_dimension_bits() == 8 * sizeof(abi::dim));
}

#if __has_include(<blis.h>) && __has_include(<omp.h>)
#include <blis.h>

TEST_CASE("the declarations of BLIS agree with its header", "[kernel]") {
  STATIC_REQUIRE(sizeof(abi::dim) == sizeof(dim_t));
  STATIC_REQUIRE(sizeof(abi::dim) == sizeof(inc_t));
  STATIC_REQUIRE(sizeof(abi::Runtime) >= sizeof(rntm_t));
  STATIC_REQUIRE(offsetof(abi::Runtime, num_threads) == offsetof(rntm_t, num_threads));
  STATIC_REQUIRE(offsetof(abi::Runtime, thread_ways) == offsetof(rntm_t, thrloop));
  STATIC_REQUIRE(sizeof(abi::Runtime::thread_ways) == sizeof(rntm_t::thrloop));
  STATIC_REQUIRE(offsetof(abi::Runtime, pack_a) == offsetof(rntm_t, pack_a));
  STATIC_REQUIRE(offsetof(abi::Runtime, pack_b) == offsetof(rntm_t, pack_b));
  STATIC_REQUIRE(offsetof(abi::Runtime, small_matrix_kernels) == offsetof(rntm_t, l3_sup));
  STATIC_REQUIRE(offsetof(rntm_t, auto_factor) < sizeof(abi::Runtime::zero));

  STATIC_REQUIRE(sizeof(trans_t) == sizeof(abi::Trans));
  STATIC_REQUIRE(static_cast<int>(abi::Trans::none) == BLIS_NO_TRANSPOSE);
  STATIC_REQUIRE(static_cast<int>(abi::Trans::transpose) == BLIS_TRANSPOSE);
  STATIC_REQUIRE(static_cast<int>(abi::Trans::conj) == BLIS_CONJ_NO_TRANSPOSE);
  STATIC_REQUIRE(static_cast<int>(abi::Trans::conj_transpose) == BLIS_CONJ_TRANSPOSE);
  STATIC_REQUIRE(static_cast<int>(abi::Side::left) == BLIS_LEFT);
  STATIC_REQUIRE(static_cast<int>(abi::Side::right) == BLIS_RIGHT);
  STATIC_REQUIRE(static_cast<int>(abi::Uplo::upper) == BLIS_UPPER);
  STATIC_REQUIRE(static_cast<int>(abi::Uplo::lower) == BLIS_LOWER);
  STATIC_REQUIRE(static_cast<int>(abi::Diag::non_unit) == BLIS_NONUNIT_DIAG);
  STATIC_REQUIRE(static_cast<int>(abi::Diag::unit) == BLIS_UNIT_DIAG);
}
#endif
