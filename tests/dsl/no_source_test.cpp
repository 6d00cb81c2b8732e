// Names where the source file is not there: by position.
#include <catch2/catch.hpp>
#include <vector>

#include "dsl/support.hpp"

namespace no_source_test {

using namespace dsl_test;  // NOLINT: the vocabulary of these tests

#line 1 "no-such-folder/no_source_test.cpp"
namespace no_source_test {

void unseen(lp::InOut<double, 2> matrix, lp::Integer t, lp::In<double, 1> vector) {
  for (auto row : lp::range(matrix.extent(0)))
    for (auto column : lp::range(vector.extent(0)))
      if (auto inside = lp::when(row < t))
        for (auto k : lp::range(column)) matrix(row, k) = copy(vector(k));
  for (auto again : lp::range(t)) matrix(again, 0) = copy(vector(0));
}

}  // namespace no_source_test

using namespace no_source_test;  // NOLINT: named, since clang hides unnamed ones

TEST_CASE("without the source, names are by position") {
  CHECK(text(lp::trace(unseen)) ==
        "unseen(inout A: float64[A.extent(0), A.extent(1)], in C: float64[C.extent(0)], int B)\n"
        "  for i0 in range(0, A.extent(0))\n"
        "    for i1 in range(0, C.extent(0))\n"
        "      when i0 < B\n"
        "        for i2 in range(0, i1)\n"
        "          A(i0, i2) = copy(C(i2))\n"
        "  for i0 in range(0, B)\n"
        "    A(i0, 0) = copy(C(0))\n");
}

TEST_CASE("without the source, lines are still known") {
  const lp::ir::Program program = lp::trace(unseen).program;
  CHECK(program.statements[0].location == lp::ir::Location{"no-such-folder/no_source_test.cpp", 7});
  CHECK(program.scopes[0].location == lp::ir::Location{"no-such-folder/no_source_test.cpp", 4});
}

TEST_CASE("a program of more arrays than letters") {
  using V = lp::In<double, 1>;
  const auto program = [](V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V,
                          V first, V second,
                          lp::Out<double, 1> y) { y(0) = combine(first(0), second(0)); };
  const lp::ir::Program traced = lp::trace(program).program;
  CHECK(traced.arrays[25].name == "Z");
  CHECK(traced.arrays[26].name == "A1");
  CHECK(traced.arrays[27].name == "B1");
}

}  // namespace no_source_test
