// potrf against LAPACK and against its own definition, and what it says when it fails.
#include <catch2/catch.hpp>

#include "lambdapack/kernel/dense.hpp"
#include "lambdapack/kernel/lapack.hpp"
#include "reference.hpp"

namespace potrf_test {

namespace kernel = lp::kernel;
using reference::adjoint;
using reference::Dense;
using reference::difference;
using reference::inout;
using reference::lower_part;
using reference::product;
using reference::rounding;

namespace fortran {

void potrf(const char* part, const int* n, float* a, const int* lda, int* info,
           std::size_t) __asm__("spotrf_");
void potrf(const char* part, const int* n, double* a, const int* lda, int* info,
           std::size_t) __asm__("dpotrf_");
void potrf(const char* part, const int* n, std::complex<float>* a, const int* lda, int* info,
           std::size_t) __asm__("cpotrf_");
void potrf(const char* part, const int* n, std::complex<double>* a, const int* lda, int* info,
           std::size_t) __asm__("zpotrf_");

}  // namespace fortran

namespace {

/// The failure of potrf on this matrix.
template <lp::Scalar T>
lp::not_positive_definite failure(Dense<T> a) {
  try {
    kernel::potrf(inout(a));
  } catch (const lp::not_positive_definite& e) {
    return e;
  }
  throw std::logic_error("potrf did not fail");
}

}  // namespace

#define SCALARS float, double, std::complex<float>, std::complex<double>

TEMPLATE_TEST_CASE("potrf agrees with LAPACK and leaves the upper triangle alone", "[kernel]",
                   SCALARS) {
  using T = TestType;
  for (const std::int64_t n :
       {0, 1, 2, 3, 4, 5, 7, 31, 32, 33, 63, 64, 65, 96, 97, 127, 128, 129, 160, 200, 257}) {
    CAPTURE(n);
    const auto a = reference::random_positive_definite<T>(n);
    auto l = a, expected = a, unblocked = a;
    kernel::potrf(inout(l));

    const int order = static_cast<int>(n), lda = std::max(order, 1);
    int info = 0;
    fortran::potrf("L", &order, expected.data(), &lda, &info, 1);
    REQUIRE(info == 0);
    CHECK(difference(lower_part(l), lower_part(expected)) <= rounding<T>(n));

    CHECK(kernel::lapack::potf2(n, unblocked.data(), lda) == 0);
    CHECK(difference(lower_part(l), lower_part(unblocked)) <= rounding<T>(n));

    const auto lower = lower_part(l);
    CHECK(difference(lower_part(product(lower, adjoint(lower))), lower_part(a)) <=
          4 * rounding<T>(n));
    for (std::int64_t j = 0; j < n; ++j)
      for (std::int64_t i = 0; i < j; ++i) REQUIRE(std::isnan(std::real(l(i, j))));
  }
}

TEMPLATE_TEST_CASE("potrf names the row of the first bad pivot", "[kernel]", SCALARS) {
  using T = TestType;
  for (const std::int64_t n : {1, 5, 33, 64, 65, 130, 200})
    for (const std::int64_t row : {std::int64_t{0}, n / 3, n / 2, n - 1}) {
      CAPTURE(n, row);
      auto a = Dense<T>::zeros(n, n);
      for (std::int64_t j = 0; j < n; ++j) a(j, j) = T(4);

      a(row, row) = T(-0.25);
      CHECK(failure(a).row() == row);
      CHECK(failure(a).pivot() == -0.25);

      a(row, row) = T(0);
      CHECK(failure(a).row() == row);
      CHECK(failure(a).pivot() == 0);

      a(row, row) = T(4);
      a(row, row / 2) = std::numeric_limits<lp::real_t<T>>::quiet_NaN();
      CHECK(failure(a).row() == row);
      CHECK(std::isnan(failure(a).pivot()));

      a(row, row / 2) = std::numeric_limits<lp::real_t<T>>::infinity();
      CHECK(failure(a).row() == row);
      CHECK_FALSE(std::isfinite(failure(a).pivot()));
    }
}

TEST_CASE("potrf says what is wrong with the matrix and what to do", "[kernel]") {
  Dense<double> a(1, 1);
  a(0, 0) = -0.25;
  CHECK(failure(a).what() ==
        std::string("the matrix is not positive definite: the pivot is -0.25; check that it "
                    "should be (a Gram or covariance matrix may be singular), that it is "
                    "symmetric or Hermitian and its lower triangle is filled in, or add a "
                    "multiple of the identity"));
  a(0, 0) = std::numeric_limits<double>::quiet_NaN();
  CHECK(failure(a).what() ==
        std::string("the pivot is not a finite number but nan: this row of the input, up to the "
                    "diagonal, holds a NaN or an infinity, or the arithmetic overflowed; check "
                    "the input, or scale it down"));
}

TEST_CASE("potrf refuses a tile that is not square", "[kernel]") {
  Dense<double> a(3, 4);
  CHECK_THROWS_MATCHES(
      kernel::potrf(inout(a)), lp::input_error,
      Catch::Message("potrf: the tile is 3 x 4, but only a square tile has a Cholesky factor; cut "
                     "the rows and the columns of the matrix alike, and call potrf on its diagonal "
                     "tiles [lp-E009]"));
}

TEST_CASE("potrf's failure is a tile_fault of the run", "[kernel]") {
  CHECK(std::is_base_of_v<lp::tile_fault, lp::not_positive_definite>);
  CHECK(std::is_base_of_v<lp::run_error, lp::not_positive_definite>);
}

}  // namespace potrf_test
