// Functions over lp::Tiles in the hands of executors.
#include <catch2/catch.hpp>

#include <lambdapack/lambdapack.hpp>

#include "docs/support.hpp"

namespace run_test {

namespace {

using docs_test::said;

void increase(int first, lp::Tiles<double, 1>& x, const lp::Tiles<double, 1>& y, int times) {
  for (int i = first; i < x.rows(); ++i)
    for (int t = 0; t < times; ++t) add(x(i), y(i));
}

void increase_in_language(lp::Integer first, lp::InOut<double, 1> x, lp::In<double, 1> y,
                       lp::Integer times) {
  for (auto i : lp::range(first, x.extent(0)))
    for ([[maybe_unused]] auto t : lp::range(times)) x(i) = add(x(i), y(i));
}

const lp::plain::Registration registered(&increase, [] { return lp::trace(increase_in_language); });

void unknown(lp::Tiles<double>& A) { potrf(A(0, 0)); }

lp::TiledMatrix<double> column(double value) {
  lp::TiledMatrix<double> x(4, 1, 1);
  for (int i = 0; i < 4; ++i) x(i, 0) = value;
  return x;
}

}  // namespace

TEST_CASE("arguments of a function over tiles go to its parameters by position") {
  lp::TiledMatrix<double> x = column(1), expected = column(1);
  const lp::TiledMatrix<double> y = column(2);
  increase(1, expected, y, 3);
  CHECK(expected(3, 0) == 7);
  lp::run(lp::threads{2}, increase, 1, x, y, 3);
  for (int i = 0; i < 4; ++i) CHECK(x(i, 0) == expected(i, 0));
}

TEST_CASE("a function over tiles can be compiled, and started") {
  const lp::Compiled compiled = lp::compile(increase);
  CHECK(compiled.program().arrays.size() == 2);
  CHECK(compiled.graph({1, 4, 4, 3}).size() == 9);
  lp::TiledMatrix<double> x = column(1), y = column(1);
  lp::exec::Handle handle = lp::start(lp::threads{1}, increase, 0, x, y, 1);
  CHECK(handle.wait().tasks == 4);
}

TEST_CASE("one matrix in two places of which one is written is refused for functions over tiles") {
  lp::TiledMatrix<double> x = column(1);
  CHECK_THROWS_AS(lp::run(lp::threads{1}, increase, 0, x, x, 1), lp::input_error);
}

TEST_CASE("a function that lpc has not compiled runs only as it stands") {
  lp::TiledMatrix<double> a(1, 1, 1);
  a(0, 0) = 4;
  CHECK(said<lp::program_error>([&] { lp::run(lp::threads{1}, unknown, a); }) ==
        "lambdapack: a function over lp::Tiles was handed to an executor, but lpc has not compiled "
        "the source file that defines it; name that file in CMake, lambdapack_compile(target "
        "file.cpp), or call the function itself, which runs it sequentially");
  unknown(a);
  CHECK(a(0, 0) == 2);
}

}  // namespace run_test
