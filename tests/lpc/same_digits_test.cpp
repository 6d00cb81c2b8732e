// clang-format off
#define main digits_main
#include "../examples/digits/main.cpp"
#undef main
// clang-format on
#include "lpc/same_programs.hpp"

TEST_CASE("lpc and tracing agree on the programs of the digits example") {
  lpc_test::SourceFile file("examples/digits/main.cpp", {{"gamma", "0.5"}, {"lambda", "0.25"}});
  file.check("kernel_matrix", lp::trace(kernel_matrix, 0.5, 0.25));
  file.check("cholesky<double>", lp::trace(cholesky<double>));
  file.check("solve<double>", lp::trace(solve<double>));
  file.check("subtract_product<double>", lp::trace(subtract_product<double>));
  file.check("predict", lp::trace(predict, 0.5));
}
