// Runs that are moved by whoever waits, where MPI allows no thread of the library's own.
#include <chrono>
#include <thread>

#include "ranks.hpp"

namespace funnelled_test {

namespace {

using namespace std::chrono_literals;
using test_mpi::positive;

constexpr std::int64_t n = 100, tile = 20;

}  // namespace

TEST_CASE("looks at a run that wait for nothing bring it to its end") {
  auto A = positive(n, tile), expected = A;
  lp::cholesky(expected, lp::threads{1});
  auto run = lp::start(lp::mpi{.workers = 1}, lp::algorithm::cholesky<double>, A);
  bool over = false;
  for (int k = 0; k < 20000 && !over; ++k) {
    over = run.wait_for(0ms);
    if (!over) std::this_thread::sleep_for(1ms);
  }
  CHECK(over);
  run.wait();
  CHECK(test_mpi::same_bits(A, expected));
}

TEST_CASE("ranks wait for two runs in different orders") {
  auto A = positive(n, tile), B = positive(n, tile, 9), expected = A, expected_b = B;
  lp::cholesky(expected, lp::threads{1});
  lp::cholesky(expected_b, lp::threads{1});
  auto a = lp::start(lp::mpi{.workers = 1}, lp::algorithm::cholesky<double>, A);
  auto b = lp::start(lp::mpi{.workers = 1}, lp::algorithm::cholesky<double>, B);
  if (test_mpi::rank() % 2 == 1) b.wait();
  a.wait();
  if (test_mpi::rank() % 2 == 0) b.wait();
  CHECK(test_mpi::same_bits(A, expected));
  CHECK(test_mpi::same_bits(B, expected_b));
}

TEST_CASE("some ranks wait for a run before they start another, and some do not") {
  auto A = positive(n, tile), B = positive(n, tile, 9), expected = A, expected_b = B;
  lp::cholesky(expected, lp::threads{1});
  lp::cholesky(expected_b, lp::threads{1});
  auto a = lp::start(lp::mpi{.workers = 1}, lp::algorithm::cholesky<double>, A);
  if (test_mpi::rank() % 2 == 1) a.wait();
  auto b = lp::start(lp::mpi{.workers = 1}, lp::algorithm::cholesky<double>, B);
  if (test_mpi::rank() % 2 == 0) a.wait();
  b.wait();
  CHECK(test_mpi::same_bits(A, expected));
  CHECK(test_mpi::same_bits(B, expected_b));
}

TEST_CASE("a thread that MPI does not allow is told so") {
  int level = 0;
  MPI_Query_thread(&level);
  if (level != MPI_THREAD_FUNNELED) return;
  auto A = positive(n, tile);
  auto run = lp::start(lp::mpi{.workers = 1}, lp::algorithm::cholesky<double>, A);
  std::string words;
  std::thread([&] {
    try {
      run.wait();
    } catch (const lp::input_error& e) {
      words = e.what();
    }
  }).join();
  CHECK(words.find("another thread") != std::string::npos);
  run.wait();
}

}  // namespace funnelled_test
