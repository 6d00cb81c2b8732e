// A run that fails on one rank fails on all, with that rank's message, and leaves MPI usable.
#include <chrono>
#include <lambdapack/exec/mpi/delays.hpp>
#include <string>
#include <thread>

#include "ranks.hpp"

namespace failure_test {

namespace {

using lp::DistributedMatrix;
using test_mpi::all_contain;
using test_mpi::failure_of;
using test_mpi::positive;

constexpr std::int64_t n = 160, tile = 24;

void broken(lp::InOut<double, 2> A, lp::Integer bad) {
  const auto step =
      lp::make_kernel("step", [](lp::inout<double> a, std::int64_t k, std::int64_t worst) {
        if (k == worst) throw std::runtime_error("the third wheel came off");
        a(0, 0) += 1;
      });
  for (auto k : lp::range(20))
    for (auto i : lp::range(A.extent(0)))
      for (auto j : lp::range(A.extent(1))) {
        if (auto here = lp::when(i == 1)) A(i, j) = step(A(i, j), k, bad);
        if (auto here = lp::when(i != 1)) A(i, j) = step(A(i, j), k, -1);
      }
}

}  // namespace

TEST_CASE("a matrix that is not positive definite fails on all ranks") {
  for (const std::uint64_t seed : {0UL, 1UL, 2UL}) {
    lp::exec::detail::Delays::seed() = seed;
    for (const std::int64_t bad : {0, 50, 100, 159}) {
      DistributedMatrix<double> A(n, n, tile);
      A.fill([&](std::int64_t i, std::int64_t j) {
        return i != j ? 1.0 : i == bad ? -1.0 : 1000.0;
      });
      std::int64_t info = 0;
      const std::string words = failure_of([&] {
        try {
          lp::cholesky(A, lp::mpi{});
        } catch (const lp::factorization_error& error) {
          info = error.info();
          throw;
        }
      });
      CHECK(info == bad + 1);
      CHECK(all_contain(words, "potrf"));
      CHECK(all_contain(words, "global row " + std::to_string(bad)));
      CHECK(all_contain(failure_of([&] { A.gather(); }), "is incomplete"));
    }
    lp::exec::detail::Delays::seed() = 0;
  }
  auto A = positive(n, tile), expected = A;
  lp::cholesky(A, lp::mpi{});
  lp::cholesky(expected, lp::threads{1});
  CHECK(test_mpi::same_bits(A, expected));
}

TEST_CASE("an exception of a kernel names its node, and comes promptly") {
  lp::TiledMatrix<double> A(n, n, tile);
  const auto begin = std::chrono::steady_clock::now();
  const std::string words =
      failure_of([&] { lp::run(lp::mpi{.workers = 2}, broken, A, std::int64_t{7}); });
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(20));
  CHECK(all_contain(words, "the third wheel came off"));
  CHECK(all_contain(words, "step"));
}

TEST_CASE("one rank that cancels ends the run on all") {
  lp::TiledMatrix<double> A = positive(n, tile);
  const int last = test_mpi::ranks() - 1;
  std::string words;
  {
    auto run = lp::start(
        lp::mpi{.workers = 1},
        [](lp::InOut<double, 2> X) {
          const auto slow = lp::make_kernel("slow", [](lp::inout<double> x) {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
            x(0, 0) += 1;
          });
          for (auto k : lp::range(1000)) X(0, 0) = slow(X(0, 0));
        },
        A);
    if (test_mpi::rank() == last) run.cancel();
    words = failure_of([&] { run.wait(); });
  }
  CHECK(all_contain(words, "cancelled"));
}

TEST_CASE("a time limit ends the run on all ranks") {
  lp::TiledMatrix<double> A = positive(n, tile);
  const std::string words = failure_of([&] {
    lp::run(
        lp::mpi{.workers = 1, .time_limit = std::chrono::milliseconds(100)},
        [](lp::InOut<double, 2> X) {
          const auto slow = lp::make_kernel("slow", [](lp::inout<double> x) {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
            x(0, 0) += 1;
          });
          for (auto k : lp::range(1000)) X(0, 0) = slow(X(0, 0));
        },
        A);
  });
  CHECK(all_contain(words, "limit"));
}

TEST_CASE("what one rank cannot begin with, none begins with") {
  lp::TiledMatrix<double> A = positive(n, tile);
  const bool last = test_mpi::rank() == test_mpi::ranks() - 1;
  const std::string words = failure_of([&] { lp::cholesky(A, lp::mpi{.workers = last ? -2 : 1}); });
  CHECK(all_contain(words, "-2 workers"));
  CHECK(A.is_complete());
  CHECK(all_contain(failure_of([&] {
                      lp::cholesky(A, lp::mpi{.grid = lp::ProcessGrid{5, 5}});
                    }),
                    "5 x 5"));
  CHECK(all_contain(failure_of([&] {
                      lp::cholesky(A, lp::mpi{.distributions = {{"Q", lp::Distribution::on(0)}}});
                    }),
                    "its arrays are A"));
  CHECK(all_contain(failure_of([&] {
                      lp::cholesky(A, lp::mpi{.placement = [](const lp::Node&) { return 99; }});
                    }),
                    "rank 99"));
  lp::cholesky(A, lp::mpi{});
}

}  // namespace failure_test
