// The report for people: what stands in it, with numbers that an unrolling knows.
#include <string>

#include "compiler/emit/support.hpp"
#include "support/programs_ir.hpp"
#include "support/published.hpp"

namespace report_test {

using namespace lambdapack;
using Catch::Matchers::Contains;

TEST_CASE("a report has formulas for all sizes") {
  const std::string text = lpc::report(emit_test::unit_of(test::cholesky()), {});
  CHECK_THAT(text, Contains("cholesky, from examples/cholesky.cpp\n"));
  CHECK_THAT(text, Contains("1  cholesky.cpp:11  trsm[k,i]    (A.extent(0)^2 - A.extent(0))/2\n"));
  CHECK_THAT(text, Contains("     1  trsm[k,i]    2 if k > 0, 1 otherwise\n"));
  CHECK_THAT(text, Contains("  0 -> 1  (A.extent(0)^2 - A.extent(0))/2\n"
                            "            potrf[k] -> trsm[k' = k, i]\n"));
  CHECK_THAT(text, Contains("  A(k, k) at cholesky.cpp:9 needs A.extent(1) >= A.extent(0)\n"));
  CHECK(text.find("Critical path") == std::string::npos);
}

TEST_CASE("a report at given sizes measures the graph") {
  const std::string text = lpc::report(emit_test::unit_of(test::cholesky()), lpc::Sizes{{"n", 8}});
  CHECK_THAT(text, Contains("at A.extent(0) = 8, A.extent(1) = 8\n"));
  CHECK_THAT(text, Contains("all                                            120\n"));
  CHECK_THAT(text, Contains("22 tasks, so that 5.45 tasks can run at a time on average\n"));
  CHECK_THAT(text, Contains("   step 2  28  ##########"));
  CHECK_THAT(text, Contains("  1 root: potrf[k=0]\n  1 sink: potrf[k=7]\n"));
  CHECK_THAT(text, Contains("trsm (line 1) -> syrk (line 2)   A        140  1,120 nb^2\n"));
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    CHECK((end == at || text[end - 1] != ' '));
    at = end + 1;
  }
}

TEST_CASE("a report of a tree counts where there is no formula") {
  const std::string text = lpc::report(emit_test::unit_of(published::tsqr()), lpc::Sizes{{"n", 8}});
  CHECK_THAT(text, Contains("counted, no formula     7\n"));
  CHECK_THAT(text, Contains("Critical path\n  4 tasks"));
}

TEST_CASE("a report of no tasks, and of too many to list") {
  const lpc::Unit unit = emit_test::unit_of(test::cholesky());
  CHECK_THAT(lpc::report(unit, lpc::Sizes{{"n", 0}}),
             Contains("There are no tasks at these sizes"));
  CHECK_THAT(lpc::report(unit, lpc::Sizes{{"n", 300}}), Contains("more than 1,000,000 tasks"));
}

}  // namespace report_test
