// Runs that share threads: many at once, from any thread, from kernels; limits and progress.
#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "counted.hpp"

#ifdef __linux__
#include <sched.h>

namespace pool_test {

#endif

namespace {

using test_exec::Counted;
using namespace std::chrono_literals;

const auto increment = lp::make_kernel("increment", [](lp::inout<Counted> x) { ++x->value; });
const auto nap = lp::make_kernel("nap", [](lp::inout<Counted> x) {
  std::this_thread::sleep_for(2ms);
  ++x->value;
});

// n chains of `steps` tasks.
void chains(lp::InOut<Counted, 1> A, lp::Integer steps) {
  for (auto i : lp::range(A.extent(0)))
    for ([[maybe_unused]] auto t : lp::range(steps)) A(i) = increment(A(i));
}

void naps(lp::InOut<Counted, 1> A, lp::Integer steps) {
  for (auto i : lp::range(A.extent(0)))
    for ([[maybe_unused]] auto t : lp::range(steps)) A(i) = nap(A(i));
}

lp::TileArray<Counted> counters(std::int64_t n) {
  lp::TileArray<Counted> A({n});
  for (std::int64_t i = 0; i < n; ++i) A(i).value = 0;
  return A;
}

bool all_are(const lp::TileArray<Counted>& A, std::int64_t n, int value) {
  for (std::int64_t i = 0; i < n; ++i)
    if (A(i).value != value) return false;
  return true;
}

// Runs chains in the pool, and in each of its kernels again, `depth` deep; counts the tasks.
struct Nest {
  lp::threads executor;
  std::atomic<int>* tasks;

  int operator()(int depth) const {
    const auto deeper = lp::make_kernel("deeper", [*this, depth](lp::inout<Counted> x) {
      ++*tasks;
      x->value += depth > 1 ? (*this)(depth - 1) : 1;
    });
    const auto program = [deeper](lp::InOut<Counted, 1> A) {
      for (auto i : lp::range(A.extent(0))) A(i) = deeper(A(i));
    };
    auto A = counters(4);
    lp::run(executor, program, A);
    return A(0).value + A(1).value + A(2).value + A(3).value;
  }
};

}  // namespace

TEST_CASE("many runs at once in one pool, from many threads, each with its own result") {
  const lp::Pool pool(2);
  std::atomic<int> right{0};
  std::vector<std::thread> users;
  for (int u = 0; u < 6; ++u)
    users.emplace_back([&, u] {
      for (int round = 0; round < 20; ++round) {
        auto A = counters(u + 1);
        const lp::exec::Report report =
            lp::run(lp::threads{.workers = u % 3, .pool = pool}, chains, A, 10);
        if (report.tasks == 10 * (u + 1) && all_are(A, u + 1, 10)) ++right;
      }
    });
  for (std::thread& user : users) user.join();
  CHECK(right == 120);
}

TEST_CASE("handles of many runs under way: the later may end first") {
  const lp::Pool pool(2);
  auto A = counters(2), B = counters(2);
  lp::exec::Handle slow = lp::start(lp::threads{.pool = pool}, naps, A, 60);
  lp::exec::Handle quick = lp::start(lp::threads{.pool = pool}, naps, B, 2);
  CHECK(quick.wait().tasks == 4);
  CHECK(all_are(B, 2, 2));
  CHECK(slow.wait().tasks == 120);
  CHECK(all_are(A, 2, 60));
}

TEST_CASE("kernels that run programs in their own pool do not deadlock") {
  for (const int workers : {1, 2, 3}) {
    const lp::Pool pool(workers);
    std::atomic<int> tasks{0};
    CHECK(Nest{lp::threads{.pool = pool}, &tasks}(3) == 4 * 4 * 4);
    CHECK(tasks == 4 + 16 + 64);
    tasks = 0;
    CHECK(Nest{lp::threads{workers}, &tasks}(3) == 4 * 4 * 4);
  }
}

TEST_CASE("a nested run that fails is the failure of the kernel that waits for it") {
  const auto boom = lp::make_kernel(
      "boom", [](lp::inout<Counted>) { throw std::runtime_error("the innermost"); });
  const auto inner = [boom](lp::InOut<Counted, 1> A) { A(0) = boom(A(0)); };
  const auto outer_kernel = lp::make_kernel("outer_kernel", [inner](lp::inout<Counted>) {
    auto B = counters(1);
    lp::run(lp::threads{1}, inner, B);
  });
  const auto outer = [outer_kernel](lp::InOut<Counted, 1> A) { A(0) = outer_kernel(A(0)); };
  auto A = counters(1);
  CHECK_THROWS_WITH(lp::run(lp::threads{1}, outer, A),
                    Catch::Contains("outer_kernel") && Catch::Contains("boom"));
}

TEST_CASE("a kernel may start a run and drop it") {
  const lp::Pool pool(1);
  const auto dropping = lp::make_kernel("dropping", [pool](lp::inout<Counted> x) {
    auto B = counters(3);
    { lp::exec::Handle dropped = lp::start(lp::threads{.pool = pool}, naps, B, 1000); }
    ++x->value;
  });
  const auto program = [dropping](lp::InOut<Counted, 1> A) { A(0) = dropping(A(0)); };
  auto A = counters(1);
  lp::run(lp::threads{.pool = pool}, program, A);
  CHECK(A(0).value == 1);
}

TEST_CASE("a run outlives the name of its pool") {
  auto A = counters(2);
  lp::exec::Handle handle = [&] {
    return lp::start(lp::threads{.pool = lp::Pool(2)}, naps, A, 5);
  }();
  CHECK(handle.wait().tasks == 10);
}

TEST_CASE("a waiting pool uses no processor") {
  auto A = counters(1);
  const std::clock_t before = std::clock();
  const auto begin = std::chrono::steady_clock::now();
  lp::run(lp::threads{4}, naps, A, 150);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  const double used = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
  CHECK(used < 0.5 * took.count());
}

#ifdef __linux__
TEST_CASE("pinned workers stay each on its core") {
  const lp::Pool pool(2, true);
  std::mutex mutex;
  std::set<int> counts;
  const auto look = lp::make_kernel("look", [&](lp::inout<Counted> x) {
    cpu_set_t mine;
    sched_getaffinity(0, sizeof mine, &mine);
    const std::lock_guard lock(mutex);
    counts.insert(CPU_COUNT(&mine));
    ++x->value;
  });
  const auto program = [look](lp::InOut<Counted, 1> A) {
    for (auto i : lp::range(A.extent(0))) A(i) = look(A(i));
  };
  auto A = counters(50);
  lp::run(lp::threads{.pool = pool}, program, A);
  CHECK(counts == std::set<int>{1});
}
#endif

TEST_CASE("a run whose time is up says so and leaves nothing that looks complete") {
  const auto fails = [](auto executor) {
    auto A = counters(2);
    CHECK_THROWS_WITH(lp::run(executor, naps, A, 100000),
                      "lambdapack: the run of naps had not ended after its limit of 20 ms; give it "
                      "more time, more workers, or larger tiles");
    CHECK_FALSE(A.is_complete());
  };
  fails(lp::threads{.workers = 2, .time_limit = 20ms});
  fails(lp::sequential{.time_limit = 20ms});
  auto A = counters(2);
  CHECK(lp::run(lp::threads{.workers = 2, .time_limit = 1h}, chains, A, 5).tasks == 10);
  CHECK_THROWS_AS(lp::run(lp::threads{.time_limit = -1ms}, chains, A, 5), lp::input_error);
  CHECK_THROWS_AS(lp::run(lp::sequential{.progress_every = -1ms}, chains, A, 5), lp::input_error);
  CHECK_THROWS_AS(lp::Pool(-1), lp::input_error);
}

TEST_CASE("progress is told in order, last that all is done") {
  const auto hears = [](auto executor) {
    std::vector<std::int64_t> heard;
    executor.progress_every = 0ms;
    executor.on_progress = [&](lp::exec::Progress p) {
      CHECK(p.total == 40);
      heard.push_back(p.done);
    };
    auto A = counters(4);
    lp::run(executor, chains, A, 10);
    REQUIRE(heard.size() > 1);
    CHECK(heard.front() < 40);
    CHECK(std::is_sorted(heard.begin(), heard.end()));
    CHECK(heard.back() == 40);
  };
  hears(lp::threads{2});
  hears(lp::sequential{});
}

TEST_CASE("a progress report that throws ends the run") {
  auto A = counters(4);
  lp::threads executor{2};
  executor.progress_every = 0ms;
  executor.on_progress = [](lp::exec::Progress p) {
    if (p.done >= 3) throw std::runtime_error("seen enough");
  };
  CHECK_THROWS_WITH(lp::run(executor, chains, A, 10), "seen enough");
}

}  // namespace pool_test
