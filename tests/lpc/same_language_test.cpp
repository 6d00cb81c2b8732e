// clang-format off
#include "lpc/no_test_cases.hpp"
#include "docs/language.cpp"
// clang-format on
#include "lpc/same_programs.hpp"

#undef TEST_CASE
#define TEST_CASE(...) INTERNAL_CATCH_TESTCASE(__VA_ARGS__)

TEST_CASE("lpc and tracing agree on the programs of the manual of the language") {
  lpc_test::SourceFile file("tests/docs/language.cpp", {{"twice", "true"}});
  file.check("axpy", lp::trace(axpy, true));
  file.check("loops", lp::trace(loops));
  file.check("guards", lp::trace(guards));
  file.check("rotations", lp::trace(rotations));
  file.check("numbers", lp::trace(numbers));
  file.check("suffixes", lp::trace(suffixes));
  file.check("squares", lp::trace(squares));
  file.check("factor_all", lp::trace(factor_all));
  file.check("neighbours", lp::trace(neighbours));
  file.check("every_other", lp::trace(every_other));
  file.check("sum_by_tree", lp::trace(sum_by_tree));
  file.check("product", lp::trace(product));
  file.check("cholesky", lp::trace(cholesky));
  file.check("forward", lp::trace(forward));
  file.check("backward", lp::trace(backward));
  file.check("copy_lower", lp::trace(copy_lower));
  file.check("solve", lp::trace(solve));
  file.check("halve", lp::trace(halve));
}
