// What executors make of a function over lp::Tiles that lpc has compiled is what the function
// itself makes, to the bit.
#include <catch2/catch.hpp>
#include <cstdint>

#include <lambdapack/lambdapack.hpp>

#include "exec/same_everywhere.hpp"
#include "support/plain_forms.hpp"
#include "support/plain_programs.hpp"

namespace {

using test_exec::elements;
using test_exec::for_each_executor;
using test_exec::numbers;
using test_exec::same_bits;

lp::TiledMatrix<double> matrix(std::int64_t rows, std::int64_t cols) {
  return numbers(rows, cols, 1, 1, static_cast<std::uint64_t>(rows + 11 * cols));
}

/// Runs a function on copies of a matrix, itself and by executors.
template <class F, class... More>
void same_results(F function, const lp::TiledMatrix<double>& a, const More&... more) {
  lp::TiledMatrix<double> expected = a;
  function(expected, more...);
  for_each_executor([&](auto executor) {
    lp::TiledMatrix<double> found = a;
    lp::run(executor, function, found, more...);
    CHECK(same_bits(elements(found), elements(expected)));
  });
}

}  // namespace

TEST_CASE("textbook functions give the same bits sequentially and on executors") {
  lp::TiledMatrix<double> definite = numbers(33, 33, 8, 8, 3);
  for (std::int64_t k = 0; k < 33; ++k) definite(k, k) += 33;
  same_results(plain_programs::cholesky, definite);
  same_results(plain_programs::lu, definite);

  const lp::TiledMatrix<double> a = numbers(41, 27, 8, 8, 4), b = numbers(27, 20, 8, 8, 5);
  lp::TiledMatrix<double> expected(41, 20, 8);
  plain_programs::multiply(a, b, expected);
  lp::TiledMatrix<double> r = a, t(6, 27, 1, 8);
  plain_programs::qr(r, t);
  for_each_executor([&](auto executor) {
    lp::TiledMatrix<double> found(41, 20, 8), found_r = a, found_t(6, 27, 1, 8);
    lp::run(executor, plain_programs::multiply, a, b, found);
    lp::run(executor, plain_programs::qr, found_r, found_t);
    CHECK(same_bits(elements(found), elements(expected)));
    CHECK(same_bits(elements(found_r), elements(r)));
    CHECK(same_bits(elements(found_t), elements(t)));
  });
}

TEST_CASE("every construct gives the same bits sequentially and on executors") {
  for (std::int64_t n = 1; n <= 6; ++n) {
    same_results(plain_forms::counters, matrix(n, 1));
    same_results(plain_forms::old_counters, matrix(n, n));
    same_results(plain_forms::band, matrix(n, n), 2);
    same_results(plain_forms::choices, matrix(n, n));
    same_results(plain_forms::jumps, matrix(n, n));
    same_results(plain_forms::indices, matrix(n, 1), matrix(3, 1));
    same_results(plain_forms::kernels<double>, matrix(n, 1));
    same_results(plain_forms::temporaries, matrix(n, 1));
    same_results(plain_forms::rounds, matrix(n, 1));
    same_results(plain_forms::runs, matrix(n, n));

    const lp::TiledMatrix<double> x = matrix(n, 1);
    lp::TiledMatrix<double> a = matrix(n, n), sum = x, made(n + 1, 1, 1);
    plain_forms::calls(a, sum);
    plain_forms::outputs(x, made);
    for_each_executor([&](auto executor) {
      lp::TiledMatrix<double> found_a = matrix(n, n), found_sum = x, found_made(n + 1, 1, 1);
      lp::run(executor, plain_forms::calls, found_a, found_sum);
      lp::run(executor, plain_forms::outputs, x, found_made);
      CHECK(same_bits(elements(found_a), elements(a)));
      CHECK(same_bits(elements(found_sum), elements(sum)));
      CHECK(same_bits(elements(found_made), elements(made)));
    });
  }
}
