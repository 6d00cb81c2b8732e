// Every algorithm of the library on all ranks: results are those of lp::threads, to the bit.
#include "support/library.hpp"
#include "ranks.hpp"

namespace library_test {

TEST_CASE("the library on ranks", "[library]") {
  const library::Executor reference(lp::threads{1}), ranks(lp::mpi{.workers = 1});
  for (const library::Case& one : library::all) DYNAMIC_SECTION(one.name) {
      const library::Results expected = library::results(one, reference);
      CHECK_FALSE(expected.empty());
      CHECK(library::results(one, ranks) == expected);
    }
}

}  // namespace library_test
