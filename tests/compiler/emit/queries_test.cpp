// Questions about tiles and tasks, and names that are of nothing.
#include <string>

#include "compiler/emit/support.hpp"
#include "support/programs_ir.hpp"
#include "support/published.hpp"

namespace queries_test {

using namespace lambdapack;
using Catch::Matchers::Contains;

namespace {

const lpc::Unit& cholesky() {
  static const lpc::Unit unit = emit_test::unit_of(test::cholesky());
  return unit;
}
const lpc::Sizes four{{"n", 4}};

}  // namespace

TEST_CASE("who reads and who writes a tile") {
  CHECK(lpc::who_reads(cholesky(), four, "A(1,0)") ==
        "4 tasks read A(1, 0):\n"
        "  trsm[k=0,i=1] at cholesky.cpp:11\n"
        "  syrk[k=0,i=1,j=1] at cholesky.cpp:13\n"
        "  syrk[k=0,i=2,j=1] at cholesky.cpp:13\n"
        "  syrk[k=0,i=3,j=1] at cholesky.cpp:13\n");
  CHECK(lpc::who_writes(cholesky(), four, " A( 1 , 1 ) ") ==
        "2 tasks write A(1, 1):\n"
        "  syrk[k=0,i=1,j=1] at cholesky.cpp:13\n"
        "  potrf[k=1] at cholesky.cpp:9\n"
        "At the end it holds what potrf[k=1] at cholesky.cpp:9 wrote\n");
  CHECK(lpc::who_writes(cholesky(), four, "A(0,1)") == "No task writes A(0, 1)\n");
}

TEST_CASE("for how many tasks a task waits, as a number and as a formula") {
  const auto ask = [](const lpc::Sizes& sizes, const std::string& task) {
    return lpc::in_degree(cholesky(), sizes, task);
  };
  CHECK(ask(four, "syrk[k=0,i=2,j=1]") ==
        "syrk[k=0,i=2,j=1] at cholesky.cpp:13 waits for 2 tasks\n");
  CHECK(ask({}, "potrf") == "in-degree of potrf[k] at cholesky.cpp:9: 1 if k > 0, 0 otherwise\n");
  CHECK(ask({}, "trsm[k,i]") ==
        "in-degree of trsm[k,i] at cholesky.cpp:11: 2 if k > 0, 1 otherwise\n");
  CHECK(ask({}, "syrk[0, i, j]") ==
        "in-degree of syrk[k=0,i,j] at cholesky.cpp:13: 2 if j < i, 1 otherwise\n");
  CHECK(ask({}, "line 2[k=3,i=5,j=4]") == "in-degree of syrk[k=3,i=5,j=4] at cholesky.cpp:13: 3\n");
  CHECK(ask(four, "syrk[k,3,3]") ==
        "in-degree of syrk[k,i=3,j=3] at cholesky.cpp:13: 2 if k > 0, 1 otherwise\n");
  CHECK(ask(four, "syrk[k,4,j]") ==
        "in-degree of syrk[k,i=4,j] at cholesky.cpp:13: no such tasks\n");
  CHECK_THROWS_WITH(ask(four, "syrk[0,4,4]"), Contains("cholesky has no task syrk[k=0,i=4,j=4]"));
  CHECK_THROWS_WITH(ask({}, "gemm"), Contains("cholesky has no statement 'gemm'"));
  CHECK_THROWS_WITH(ask({}, "syrk[0,x,j]"), Contains("'x' is no number"));
}

TEST_CASE("who waits for a task, and for whom it waits") {
  CHECK(lpc::successors(cholesky(), four, "potrf[k=2]") ==
        "1 task waits for potrf[k=2] at cholesky.cpp:9:\n  trsm[k=2,i=3] at cholesky.cpp:11\n");
  CHECK(lpc::successors(cholesky(), four, "potrf[3]") ==
        "No task waits for potrf[k=3] at cholesky.cpp:9\n");
  const std::string waits =
      "syrk[k=0,i=2,j=1] at cholesky.cpp:13 waits for 2 tasks:\n"
      "  trsm[k=0,i=1] at cholesky.cpp:11\n"
      "  trsm[k=0,i=2] at cholesky.cpp:11\n";
  for (const char* name : {"syrk[k=0,i=2,j=1]", "syrk[0,2,1]", "syrk[j=1, k=0, i=2]",
                           "line 2[0,2,1]", "line 2 [ 0, 2, 1 ]"})
    CHECK(lpc::predecessors(cholesky(), four, name) == waits);
  CHECK(lpc::predecessors(cholesky(), four, "potrf[0]") ==
        "potrf[k=0] at cholesky.cpp:9 waits for no task\n");
  CHECK_THAT(lpc::explain(cholesky(), four, "syrk[0,2,1]"),
             Contains("It waits for 2 tasks and reads"));
}

TEST_CASE("a tile that is not there is refused with those that are") {
  const auto refused = [](const char* tile, const char* why) {
    CHECK_THROWS_WITH(lpc::who_reads(cholesky(), four, tile), Contains(why));
  };
  refused("B(0,0)", "cholesky has no array B; its arrays are A of rank 2 (4 x 4 tiles)");
  refused("A(0)", "it has 1 index, not 2");
  refused("A(4,0)", "it is outside of the array at these sizes");
  refused("A(x,0)", "'x' is no number");
  refused("A(1,0", "does not name a tile; write it like 'A(2,1)'");
  refused("A(1,,0)", "does not name a tile");
  refused("A(1,0,)", "does not name a tile");
  refused("", "does not name a tile");
}

TEST_CASE("a task that is not there is refused with those that are") {
  const auto refused = [](const char* node, const char* why) {
    CHECK_THROWS_WITH(lpc::successors(cholesky(), four, node), Contains(why));
  };
  refused("gemm[0]",
          "cholesky has no statement 'gemm'; its statements are\n"
          "  line 0: potrf[k] at cholesky.cpp:9\n"
          "  line 1: trsm[k,i] at cholesky.cpp:11\n"
          "  line 2: syrk[k,i,j] at cholesky.cpp:13");
  refused("line 3[0]", "has no statement 'line 3'");
  refused("syrk[0,1]", "it has 2 indices, not 3; the tasks of line 2: syrk[k,i,j]");
  refused("syrk[k=0,k=1,j=1]", "the index k is there twice");
  refused("syrk[k=0,x=1,j=1]", "there is no index x");
  refused("syrk[0,1,99999999999999999999]", "is no number");
  refused("syrk[0,1,2]",
          "cholesky has no task syrk[k=0,i=1,j=2] at these sizes; the first of its statement is "
          "syrk[k=0,i=1,j=1]");
}

TEST_CASE("a name that several statements have asks for a line") {
  const lpc::Unit unit = emit_test::unit_of(published::cholesky());
  CHECK_THROWS_WITH(lpc::successors(unit, {{"n", 4}, {"t", 0}}, "trsm[1]"),
                    Contains("'trsm[1]' may be a task of 2 statements; name one by its line, as in "
                             "'line 1[...]':\n  line 1: trsm[j]"));
  CHECK_THAT(lpc::successors(unit, {{"n", 4}, {"t", 0}}, "line 1[1]"), Contains("wait for trsm"));
}

}  // namespace queries_test
