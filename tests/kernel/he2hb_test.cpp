// The kernels on both sides of a Hermitian matrix against products with the whole Q.
#include "lambdapack/kernel/he2hb.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <complex>
#include <cstdint>

#include "kernel/reference.hpp"
#include "support/said.hpp"

namespace he2hb_test {

using reference::adjoint;
using reference::Dense;
using reference::product;
using reference::random_tile;
namespace kernel = lp::kernel;

namespace {

template <lp::Scalar T>
Dense<T> identity(std::int64_t n) {
  Dense<T> one = Dense<T>::zeros(n, n);
  for (std::int64_t i = 0; i < n; ++i) one(i, i) = T(1);
  return one;
}

template <lp::Scalar T>
Dense<T> random_hermitian(std::int64_t n) {
  Dense<T> a = random_tile<T>(n, n);
  for (std::int64_t j = 0; j < n; ++j) {
    a(j, j) = T(std::real(a(j, j)));
    for (std::int64_t i = 0; i < j; ++i) a(i, j) = reference::conj(a(j, i));
  }
  return a;
}

template <lp::Scalar T>
Dense<T> block(const Dense<T>& a, std::int64_t i, std::int64_t j, std::int64_t rows,
               std::int64_t cols) {
  Dense<T> part(rows, cols);
  for (std::int64_t q = 0; q < cols; ++q)
    for (std::int64_t p = 0; p < rows; ++p) part(p, q) = a(i + p, j + q);
  return part;
}

/// The lower triangle of a, with its upper one across of it.
template <lp::Scalar T>
Dense<T> whole(Dense<T> a) {
  for (std::int64_t j = 0; j < a.cols(); ++j)
    for (std::int64_t i = 0; i < j; ++i) a(i, j) = reference::conj(a(j, i));
  return a;
}

template <lp::Scalar T>
void check_equal(const Dense<T>& a, const Dense<T>& b) {
  CHECK(reference::difference(a, b) <= 64 * reference::rounding<T>(a.rows()));
}

}  // namespace

TEMPLATE_TEST_CASE("herfb is Q^H C Q of one triangle", "", float, double, std::complex<float>,
                   std::complex<double>) {
  using T = TestType;
  for (const auto& [n, cols] : {std::pair<std::int64_t, std::int64_t>{40, 40}, {33, 12}, {7, 40}}) {
    CAPTURE(n, cols);
    Dense<T> v = random_tile<T>(n, cols), t;
    kernel::geqrt(lp::inout<T>(&v), lp::out<T>(&t));
    Dense<T> q = identity<T>(n);
    kernel::unmqr(lp::in<T>(&v), lp::in<T>(&t), lp::inout<T>(&q));
    const Dense<T> c = random_hermitian<T>(n);
    Dense<T> found = c;
    kernel::herfb(lp::in<T>(&v), lp::in<T>(&t), lp::inout<T>(&found));
    check_equal(product(adjoint(q), product(c, q)), whole(found));
    if (n > 1) CHECK(found(0, 1) == c(0, 1));
  }
}

TEMPLATE_TEST_CASE("tsmqr_corner and tsmqr_hetra are tsmqr across the diagonal", "", float, double,
                   std::complex<float>, std::complex<double>) {
  using T = TestType;
  const std::int64_t n = 12;
  for (const std::int64_t m : {12, 5, 1}) {
    CAPTURE(m);
    Dense<T> r = random_tile<T>(n, n), v = random_tile<T>(m, n), t;
    kernel::tsqrt(lp::inout<T>(&r), lp::inout<T>(&v), lp::out<T>(&t));
    const Dense<T> all = random_hermitian<T>(n + m), one = identity<T>(n + m);
    Dense<T> upper = block(one, 0, 0, n, n + m), lower = block(one, n, 0, m, n + m);
    kernel::tsmqr(lp::in<T>(&v), lp::in<T>(&t), lp::inout<T>(&upper), lp::inout<T>(&lower));
    Dense<T> q(n + m, n + m);
    for (std::int64_t j = 0; j < n + m; ++j)
      for (std::int64_t i = 0; i < n + m; ++i) q(i, j) = i < n ? upper(i, j) : lower(i - n, j);
    const Dense<T> expected = product(adjoint(q), product(all, q));
    Dense<T> a = block(all, 0, 0, n, n), b = block(all, n, 0, m, n), c = block(all, n, n, m, m);
    kernel::tsmqr_corner(lp::in<T>(&v), lp::in<T>(&t), lp::inout<T>(&a), lp::inout<T>(&b),
                         lp::inout<T>(&c));
    check_equal(block(expected, 0, 0, n, n), whole(a));
    check_equal(block(expected, n, 0, m, n), b);
    check_equal(block(expected, n, n, m, m), whole(c));

    const Dense<T> left = random_tile<T>(9, n), right = random_tile<T>(9, m);
    Dense<T> x = left, y = right, z = left, across = adjoint(right);
    kernel::tsmqr_right(lp::in<T>(&v), lp::in<T>(&t), lp::inout<T>(&x), lp::inout<T>(&y));
    kernel::tsmqr_hetra(lp::in<T>(&v), lp::in<T>(&t), lp::inout<T>(&z), lp::inout<T>(&across));
    check_equal(x, z);
    check_equal(y, adjoint(across));
  }
}

TEST_CASE("the kernels of Hermitian matrices say which shapes they need") {
  Dense<double> v(5, 4), t(5, 4), c(4, 5), a(4, 4), b(5, 4), d(5, 5), e(3, 4);
  const lp::in<double> V(&v), t_of_v(&t);
  const lp::inout<double> A(&a), B(&b), C(&c), D(&d), E(&e);
  using Catch::Contains;
  const auto said = [](const auto& f) { return test_support::said<lp::input_error>(f); };
  CHECK_THAT(said([&] { kernel::herfb(V, t_of_v, C); }),
             Contains("herfb: V is 5 x 4 and C is 4 x 5, but C must be square"));
  CHECK_THAT(said([&] { kernel::tsmqr_hetra(V, t_of_v, A, E); }),
             Contains("tsmqr_hetra: V is 5 x 4 and C is 3 x 4, but C must have as many rows as V"));
  CHECK_THAT(said([&] { kernel::tsmqr_hetra(V, t_of_v, E, B); }),
             Contains("tsmqr_hetra: B is 3 x 4 and C is 5 x 4, but C must have a column for each"));
  CHECK_THAT(said([&] { kernel::tsmqr_corner(V, t_of_v, C, B, D); }),
             Contains("tsmqr_corner: A is 4 x 5 and C is 5 x 5, but both must be square"));
  CHECK_THAT(said([&] { kernel::tsmqr_corner(V, t_of_v, A, E, D); }),
             Contains("tsmqr_corner: A is 4 x 4 and B is 3 x 4, but B needs A's columns"));
}

}  // namespace he2hb_test
