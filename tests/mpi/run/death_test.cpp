// A rank that dies in the middle of a run; not run with the others, as it ends the job.
#include <csignal>

#include "ranks.hpp"

namespace death_test {

TEST_CASE("a rank that dies", "[.dies]") {
  lp::TiledMatrix<double> A(40, 40, 4);
  lp::run(
      lp::mpi{.workers = 1},
      [](lp::InOut<double, 2> X) {
        const auto step =
            lp::make_kernel("step", [](lp::inout<double> x, std::int64_t k, std::int64_t i) {
              if (test_mpi::rank() == 1 && k == 3 && i > 4) std::raise(SIGKILL);
              x(0, 0) += 1;
            });
        for (auto k : lp::range(9))
          for (auto i : lp::range(X.extent(0)))
            for (auto j : lp::range(X.extent(1))) X(i, j) = step(X(i, j), k, i);
      },
      A);
}

}  // namespace death_test
