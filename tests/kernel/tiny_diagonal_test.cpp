// Triangular solves by diagonals whose reciprocals overflow: against division.
#include <catch2/catch.hpp>
#include <complex>
#include <limits>

#include "lambdapack/kernel/calu.hpp"
#include "lambdapack/kernel/detail/triangular.hpp"
#include "lambdapack/kernel/qr.hpp"
#include "reference.hpp"

namespace tiny_diagonal_test {

namespace blas = lp::kernel::blas;
namespace detail = lp::kernel::detail;
namespace kernel = lp::kernel;
using reference::adjoint;
using reference::Dense;
using reference::inout;
using reference::product;

namespace {

/// What all elements of the triangles are multiples of; products with it are exact.
template <lp::Scalar T>
constexpr lp::real_t<T> tiny = std::numeric_limits<lp::real_t<T>>::min() / 64;

/// A tile of small integers, complex ones where T is complex.
template <lp::Scalar T>
Dense<T> integers(std::int64_t rows, std::int64_t cols) {
  Dense<T> tile(rows, cols);
  for (std::int64_t j = 0; j < cols; ++j)
    for (std::int64_t i = 0; i < rows; ++i) {
      const auto real = static_cast<lp::real_t<T>>((5 * i + 3 * j) % 7 - 3);
      if constexpr (std::is_floating_point_v<T>)
        tile(i, j) = real;
      else
        tile(i, j) = T(real, static_cast<lp::real_t<T>>((i + 2 * j) % 3 - 1));
    }
  return tile;
}

/// A lower triangle whose diagonal is `tiny`, on every other row of it if `half`.
template <lp::Scalar T>
Dense<T> triangle(std::int64_t n, bool half) {
  Dense<T> a = integers<T>(n, n);
  for (std::int64_t j = 0; j < n; ++j)
    for (std::int64_t i = 0; i < n; ++i)
      a(i, j) = i < j ? T(0) : i == j ? T(half && i % 2 == 0 ? 1 : tiny<T>) : a(i, j) * tiny<T>;
  return a;
}

/// The difference from the solution, of which all elements are integers.
template <lp::Scalar T>
void check(const Dense<T>& found, const Dense<T>& expected) {
  CHECK(reference::difference(found, expected) <=
        8 * std::numeric_limits<lp::real_t<T>>::epsilon());
}

}  // namespace

TEMPLATE_TEST_CASE("triangles with subnormal diagonals are solved with by division", "[kernel]",
                   float, double, std::complex<float>, std::complex<double>) {
  using T = TestType;
  for (const std::int64_t n : {1, 4, 33, 70})
    for (const bool half : {false, true})
      for (const std::int64_t others : {std::int64_t{1}, std::int64_t{5}, std::int64_t{200}}) {
        CAPTURE(n, half, others);
        const auto x = integers<T>(n, others), y = integers<T>(others, n);
        const auto lower = triangle<T>(n, half), upper = adjoint(lower);
        const auto solved = [&](auto solve, Dense<T> b) {
          solve(b);
          return b;
        };
        for (const auto part : {blas::Uplo::lower, blas::Uplo::upper})
          for (const auto op : {blas::Trans::none, blas::Trans::conj_transpose}) {
            const Dense<T>& stored = part == blas::Uplo::lower ? lower : upper;
            const Dense<T> a = op == blas::Trans::none ? stored : adjoint(stored);
            const detail::Triangle<T> t{part, op, blas::Diag::non_unit, n, stored.data(), n};
            check(
                solved([&](auto& b) { detail::solve_left(t, others, b.data(), n); }, product(a, x)),
                x);
            check(solved([&](auto& b) { detail::solve_right(t, others, b.data(), others); },
                         product(y, a)),
                  y);
          }
        const auto l = reference::in(lower), r = reference::in(upper);
        check(solved([&](auto& b) { kernel::trsm(l, inout(b)); }, product(y, upper)), y);
        check(solved([&](auto& b) { kernel::trsm_left(l, inout(b)); }, product(lower, x)), x);
        check(solved([&](auto& b) { kernel::trsm_left_adjoint(l, inout(b)); }, product(upper, x)),
              x);
        check(solved([&](auto& b) { kernel::solve_r(r, inout(b)); }, product(upper, x)), x);
        check(solved([&](auto& b) { kernel::solve_r_adjoint(r, inout(b)); }, product(lower, x)), x);
      }
}

}  // namespace tiny_diagonal_test
