// Sizes by name, as --set gives them.
#include <cstdint>
#include <string>
#include <vector>

#include "compiler/emit/support.hpp"
#include "support/programs_ir.hpp"
#include "support/published.hpp"

namespace parameters_test {

using namespace lambdapack;
using Catch::Matchers::Contains;
using Values = std::vector<std::int64_t>;

namespace {

lpc::Unit unit(ir::Program program) { return {std::move(program), {}, "", {}}; }

}  // namespace

TEST_CASE("a size is set by its name, or all by one short name") {
  const lpc::Unit cholesky = unit(test::cholesky());
  CHECK(lpc::parameters(cholesky, {{"n", 4}}) == Values{4, 4});
  CHECK(lpc::parameters(cholesky, {{"A.extent(0)", 3}, {"A.extent(1)", 5}}) == Values{3, 5});
  CHECK(lpc::parameters(cholesky, {{"n", 4}, {"A.extent(1)", 5}}) == Values{4, 5});
  CHECK(lpc::parameters(unit(published::cholesky()), {{"n", 4}, {"t", 0}}) ==
        Values{4, 4, 4, 4, 0});
}

TEST_CASE("a size without a value is refused") {
  CHECK_THROWS_WITH(lpc::parameters(unit(test::cholesky()), {{"A.extent(0)", 3}}),
                    "lpc: the size A.extent(1) of cholesky has no value; set it, as in --set "
                    "'A.extent(1)=8', or all that have none with --set n=8");
}

TEST_CASE("a size that the program does not have is refused with those that it has") {
  CHECK_THROWS_WITH(lpc::parameters(unit(test::cholesky()), {{"B.extent(0)", 3}}),
                    "lpc: cholesky has no size B.extent(0); the sizes of cholesky are A.extent(0), "
                    "A.extent(1), and one short name, as in n=8, sets all that have none");
  CHECK_THROWS_WITH(lpc::parameters(unit(test::cholesky()), {{"m", 3}, {"n", 4}}),
                    Contains("neither m nor n is a size of cholesky; the sizes"));
}

TEST_CASE("a negative size is refused") {
  CHECK_THROWS_WITH(lpc::parameters(unit(test::cholesky()), {{"n", -1}}),
                    "lpc: the size n is -1; a size is 0 or more");
}

}  // namespace parameters_test
