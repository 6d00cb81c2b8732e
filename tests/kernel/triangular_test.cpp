// Triangular solves without BLIS's trsm: by substitution, and by inverses where those do no harm.
#include <catch2/catch.hpp>
#include <limits>

#include "lambdapack/kernel/detail/triangular.hpp"
#include "reference.hpp"

namespace triangular_test {

namespace blas = lp::kernel::blas;
namespace detail = lp::kernel::detail;
using reference::Dense;

namespace {

template <lp::Scalar T>
detail::Triangle<T> triangle(const Dense<T>& a, blas::Uplo part, blas::Trans op,
                             blas::Diag diagonal) {
  return {part, op, diagonal, a.rows(), a.data(), a.rows()};
}

/// The difference between two results, relative to the largest element.
template <lp::Scalar T>
double relative(const Dense<T>& a, const Dense<T>& b) {
  return reference::difference(a, b) /
         (1 + reference::difference(b, Dense<T>::zeros(b.rows(), b.cols())));
}

/// Both small solves beside BLIS's, for few and for many right-hand sides.
template <lp::Scalar T>
void compare(const Dense<T>& a, blas::Uplo part, blas::Trans op, blas::Diag diagonal) {
  const auto small = triangle(a, part, op, diagonal);
  const std::int64_t n = a.rows();
  for (const std::int64_t others : {std::int64_t{5}, detail::worth_inverting + 3}) {
    const auto b = reference::random_tile<T>(n, others), c = reference::random_tile<T>(others, n);
    auto x = b, y = c, expected_x = b, expected_y = c;
    detail::solve_left_small(detail::SmallTriangle<T>(small), others, x.data(), n);
    detail::solve_right_small(detail::SmallTriangle<T>(small), others, y.data(), others);
    blas::trsm(blas::Side::left, part, op, diagonal, n, others, T(1), a.data(), n,
               expected_x.data(), n);
    blas::trsm(blas::Side::right, part, op, diagonal, others, n, T(1), a.data(), n,
               expected_y.data(), others);
    CHECK(relative(x, expected_x) <= 8 * reference::rounding<T>(n));
    CHECK(relative(y, expected_y) <= 8 * reference::rounding<T>(n));
  }
}

}  // namespace

TEMPLATE_TEST_CASE("small triangular solves agree with BLIS's", "[kernel]", float, double) {
  using T = TestType;
  for (const std::int64_t n : {1, 2, 3, 4, 5, 17, 31, 32})
    for (const auto part : {blas::Uplo::lower, blas::Uplo::upper})
      for (const auto op : {blas::Trans::none, blas::Trans::transpose, blas::Trans::conj_transpose})
        for (const auto diagonal : {blas::Diag::non_unit, blas::Diag::unit}) {
          CAPTURE(n, static_cast<int>(part), static_cast<int>(op), static_cast<int>(diagonal));
          const auto lower = reference::random_triangle<T>(n);
          compare(part == blas::Uplo::lower ? lower : reference::adjoint(lower), part, op,
                  diagonal);
        }
}

TEST_CASE("a triangle whose inverse is huge is solved with, not inverted", "[kernel]") {
  const std::int64_t n = detail::SmallTriangle<double>::order, many = 2 * detail::worth_inverting;
  Dense<double> a = Dense<double>::zeros(n, n);
  for (std::int64_t j = 0; j < n; ++j)
    for (std::int64_t i = j + 1; i < n; ++i) a(i, j) = -1;
  detail::SmallTriangle<double> small(
      triangle(a, blas::Uplo::lower, blas::Trans::none, blas::Diag::unit));
  CHECK_FALSE(small.invert());
  compare(a, blas::Uplo::lower, blas::Trans::none, blas::Diag::unit);

  for (std::int64_t i = 0; i < n; ++i) a(i, i) = i == 3 ? 1e-310 : 1;
  auto x = Dense<double>::zeros(n, many);
  for (std::int64_t j = 0; j < many; ++j) x(3, j) = 1e-310;
  detail::solve_left_small(detail::SmallTriangle<double>(triangle(
                               a, blas::Uplo::lower, blas::Trans::none, blas::Diag::non_unit)),
                           many, x.data(), n);
  CHECK(x(3, 0) == 1);
  CHECK(x(3, many - 1) == 1);
}

TEST_CASE("what is not finite reaches only what depends on it", "[kernel]") {
  const double infinity = std::numeric_limits<double>::infinity();
  auto a = Dense<double>::zeros(2, 2);
  a(0, 0) = a(1, 1) = 1;
  a(1, 0) = 0.5;
  const auto lower = triangle(a, blas::Uplo::lower, blas::Trans::none, blas::Diag::non_unit);
  for (const std::int64_t others : {std::int64_t{5}, detail::worth_inverting + 3}) {
    auto x = Dense<double>::zeros(2, others);
    for (std::int64_t j = 0; j < others; ++j) x(0, j) = 1, x(1, j) = infinity;
    detail::solve_left_small(detail::SmallTriangle<double>(lower), others, x.data(), 2);
    CHECK(x(0, others - 1) == 1);
    CHECK(x(1, others - 1) == infinity);
  }
  a(1, 1) = std::numeric_limits<double>::quiet_NaN();
  CHECK_FALSE(detail::SmallTriangle<double>(lower).invert());
}

}  // namespace triangular_test
