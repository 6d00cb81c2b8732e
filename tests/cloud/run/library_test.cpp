// Every algorithm of the library by processes: results are those of lp::threads, to the bit.
#include <catch2/catch.hpp>

#include "programs.hpp"
#include "support/library.hpp"

namespace library_test {

TEST_CASE("the library by processes") {
  const library::Executor reference(lp::threads{1}), processes(lp::cloud{.workers = 2});
  for (const library::Case& one : library::all) DYNAMIC_SECTION(one.name) {
      const library::Results expected = library::results(one, reference);
      CHECK_FALSE(expected.empty());
      CHECK(library::results(one, processes) == expected);
    }
}

}  // namespace library_test
