// clang-format off
#include "lpc/no_test_cases.hpp"
#include "docs/readme.cpp"
// clang-format on
#include "lpc/same_programs.hpp"

#undef TEST_CASE
#define TEST_CASE(...) INTERNAL_CATCH_TESTCASE(__VA_ARGS__)

TEST_CASE("lpc and tracing agree on the program of the README") {
  lpc_test::SourceFile file("tests/docs/readme.cpp");
  file.check("cholesky", lp::trace(cholesky));
}
