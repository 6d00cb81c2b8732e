// clang-format off
#include "lpc/no_test_cases.hpp"
#include "docs/guide.cpp"
// clang-format on
#include "lpc/same_programs.hpp"

#undef TEST_CASE
#define TEST_CASE(...) INTERNAL_CATCH_TESTCASE(__VA_ARGS__)

TEST_CASE("lpc and tracing agree on the programs of the guide") {
  using namespace guide_programs;
  lpc_test::SourceFile file("tests/docs/guide.cpp", {{"s", "0.5"}});
  file.check("guide_programs::cholesky<double>", lp::trace(cholesky<double>));
  file.check("guide_programs::forward_substitution", lp::trace(forward_substitution));
  file.check("guide_programs::regularise", lp::trace(regularise, 0.5));
  file.check("guide_programs::norm", lp::trace(norm));
  file.check("guide_programs::divide_all", lp::trace(divide_all));
  file.check("guide_programs::smooth", lp::trace(smooth));
  file.check("guide_programs::count_words", lp::trace(count_words));
}
