// Runs that share threads: many at once, from any thread, from kernels; limits and progress.
#include <sys/wait.h>
#include <unistd.h>

#include <Eigen/Dense>
#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "counted.hpp"
#include "support/sanitizer.hpp"

#ifdef __linux__
#include <sched.h>
#endif

namespace pool_test {

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
  const auto waits = std::this_thread::get_id();
  std::mutex mutex;
  std::set<int> counts;
  const auto look = lp::make_kernel("look", [&](lp::inout<Counted> x) {
    ++x->value;
    if (std::this_thread::get_id() == waits) return;  // it helps where the pool's get no processor
    cpu_set_t mine;
    sched_getaffinity(0, sizeof mine, &mine);
    const std::lock_guard lock(mutex);
    counts.insert(CPU_COUNT(&mine));
  });
  const auto program = [look](lp::InOut<Counted, 1> A) {
    for (auto i : lp::range(A.extent(0))) A(i) = look(A(i));
  };
  auto A = counters(50);
  lp::run(lp::threads{.pool = pool}, program, A);
  counts.erase(1);
  CHECK(counts.empty());
}
#endif

TEST_CASE("a run whose time is up says so and leaves nothing that looks complete") {
  const auto fails = [](auto executor) {
    auto A = counters(2);
    CHECK_THROWS_WITH(
        lp::run(executor, naps, A, 100000),
        "lambdapack: the run of naps had not ended after its limit of 200 ms; give it "
        "more time, more workers, or larger tiles");
    CHECK_FALSE(A.is_complete());
  };
  fails(lp::threads{.workers = 2, .time_limit = 200ms});
  fails(lp::sequential{.time_limit = 200ms});
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

TEST_CASE("a kernel may wait for a run of its pool on another thread") {
  const lp::Pool pool(1);
  const lp::threads executor{.pool = pool};
  const auto elsewhere = lp::make_kernel("elsewhere", [&](lp::inout<Counted> x) {
    std::thread other([&] {
      auto B = counters(3);
      lp::run(executor, chains, B, 5);
      x->value += B(2).value;
    });
    other.join();
  });
  const auto program = [elsewhere](lp::InOut<Counted, 1> A) {
    for (auto i : lp::range(A.extent(0))) A(i) = elsewhere(A(i));
  };
  auto A = counters(3);
  lp::run(executor, program, A);
  CHECK(all_are(A, 3, 5));
}

TEST_CASE("who asks now and then whether a run has ended runs none of its kernels") {
  const lp::Pool pool(1);
  std::atomic<bool> goes_on{false}, began{false};
  const auto block = lp::make_kernel("block", [&](lp::inout<Counted> x) {
    began = true;
    while (!goes_on) std::this_thread::sleep_for(1ms);
    ++x->value;
  });
  const auto asker = std::this_thread::get_id();
  std::atomic<int> by_asker{0};
  const auto note = lp::make_kernel("note", [&](lp::inout<Counted> x) {
    if (std::this_thread::get_id() == asker) ++by_asker;
    ++x->value;
  });
  const auto blocked = [block](lp::InOut<Counted, 1> A) {
    for (auto i : lp::range(A.extent(0))) A(i) = block(A(i));
  };
  const auto noted = [note](lp::InOut<Counted, 1> A) {
    for (auto i : lp::range(A.extent(0))) A(i) = note(A(i));
  };
  auto A = counters(1), B = counters(4);
  auto busy = lp::start(lp::threads{.pool = pool}, blocked, A);
  while (!began) std::this_thread::sleep_for(1ms);
  auto waiting = lp::start(lp::threads{.pool = pool}, noted, B);
  CHECK_FALSE(waiting.wait_for(0ms));
  while (!waiting.wait_for(5ms)) {
  }
  CHECK(by_asker == 0);
  CHECK(all_are(B, 4, 1));
  goes_on = true;
  busy.wait();
}

TEST_CASE("who asks now and then sees the end of a run whose pool waits for another thread") {
  const lp::Pool pool(1);
  const lp::threads executor{.pool = pool};
  const auto elsewhere = lp::make_kernel("elsewhere", [&](lp::inout<Counted> x) {
    std::thread other([&] {
      auto B = counters(3);
      auto run = lp::start(executor, chains, B, 5);
      while (!run.wait_for(5ms)) {
      }
      x->value += B(2).value;
    });
    other.join();
  });
  const auto program = [elsewhere](lp::InOut<Counted, 1> A) {
    for (auto i : lp::range(A.extent(0))) A(i) = elsewhere(A(i));
  };
  auto A = counters(3);
  auto run = lp::start(executor, program, A);
  while (!run.wait_for(5ms)) {
  }
  CHECK(all_are(A, 3, 5));
}

TEST_CASE("a run that whoever helped has left goes on in the pool's other threads") {
  const lp::Pool pool(2);
  auto before = counters(1);
  lp::run(lp::threads{.pool = pool}, naps, before, 3);
  std::atomic<bool> is_done{false};
  const auto starts = lp::make_kernel("starts", [pool, &is_done](lp::inout<Counted>) {
    std::this_thread::sleep_for(20ms);
    auto B = counters(1);
    auto run = lp::start(lp::threads{.workers = 1, .pool = pool}, naps, B, 100);
    run.wait_for(10ms);
    const auto end = std::chrono::steady_clock::now() + 60s;
    while (run.progress().done < 100 && std::chrono::steady_clock::now() < end)
      std::this_thread::sleep_for(5ms);
    is_done = run.progress().done == 100;
    run.wait();
  });
  const auto program = [starts](lp::InOut<Counted, 1> A) { A(0) = starts(A(0)); };
  auto A = counters(1);
  lp::run(lp::threads{.workers = 1, .pool = pool}, program, A);
  CHECK(is_done);
}

TEST_CASE("the time of a run is up even while its pool is busy with another") {
  const lp::Pool pool(1);
  std::atomic<bool> goes_on{false}, began{false};
  const auto block = lp::make_kernel("block", [&](lp::inout<Counted> x) {
    began = true;
    while (!goes_on) std::this_thread::sleep_for(1ms);
    ++x->value;
  });
  const auto program = [block](lp::InOut<Counted, 1> A) {
    for (auto i : lp::range(A.extent(0))) A(i) = block(A(i));
  };
  auto A = counters(1), B = counters(4);
  auto busy = lp::start(lp::threads{.pool = pool}, program, A);
  while (!began) std::this_thread::sleep_for(1ms);
  CHECK_THROWS_WITH(lp::run(lp::threads{.pool = pool, .time_limit = 1ms}, naps, B, 10000),
                    Catch::Contains("its limit of 1 ms"));
  goes_on = true;
  busy.wait();
  CHECK(all_are(A, 1, 1));
}

// The thread sanitizer ends a forked process that starts threads.
#ifndef LAMBDAPACK_UNDER_THREAD_SANITIZER
TEST_CASE("a process that was forked runs in threads of its own") {
  auto A = counters(2);
  const lp::Pool pool(2);
  lp::run(lp::threads{}, chains, A, 3);
  lp::run(lp::threads{.pool = pool}, chains, A, 3);
  const ::pid_t child = ::fork();
  if (child == 0) {
    // Nothing of Catch may run here.
    ::alarm(60);
    bool well = false;
    try {
      auto B = counters(2);
      lp::run(lp::threads{}, chains, B, 3);
      well = all_are(B, 2, 3);
      const lp::Pool copy = pool;
      lp::run(lp::threads{.pool = copy}, chains, B, 3);
      well = false;
    } catch (const lp::run_error& e) {
      well = well && std::string(e.what()).find("was forked") != std::string::npos;
    } catch (...) {
      well = false;
    }
    ::_exit(well ? 0 : 1);
  }
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}
#endif

TEST_CASE("a process that was forked lets the runs of the other one go") {
  std::atomic<bool> goes_on{false}, began{false};
  const auto block = lp::make_kernel("block", [&](lp::inout<Counted> x) {
    began = true;
    while (!goes_on) std::this_thread::sleep_for(1ms);
    ++x->value;
  });
  const auto program = [block](lp::InOut<Counted, 1> A) {
    for (auto i : lp::range(A.extent(0))) A(i) = block(A(i));
  };
  auto A = counters(2);
  std::optional<lp::exec::Handle> run(lp::start(lp::threads{2}, program, A));
  while (!began) std::this_thread::sleep_for(1ms);
  const ::pid_t child = ::fork();
  if (child == 0) {
    ::alarm(60);
    bool well = false;
    try {
      run->wait();
    } catch (const lp::run_error& e) {
      well = std::string(e.what()).find("before this process was forked") != std::string::npos;
    }
    run.reset();
    ::_exit(well ? 0 : 1);
  }
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  goes_on = true;
  run->wait();
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(all_are(A, 2, 1));
}

TEST_CASE("what the last progress report throws leaves no result in its place") {
  Eigen::MatrixXd E = Eigen::MatrixXd::Ones(4, 4);
  const auto twice = lp::make_kernel("twice", [](lp::inout<double> x) {
    for (std::int64_t k = 0; k < x.rows() * x.cols(); ++k) x.data()[k] *= 2;
  });
  const auto program = [twice](lp::InOut<double, 2> A) {
    for (auto i : lp::range(A.extent(0)))
      for (auto j : lp::range(A.extent(1))) A(i, j) = twice(A(i, j));
  };
  lp::threads executor{2};
  executor.progress_every = std::chrono::hours(1);
  executor.on_progress = [](lp::exec::Progress p) {
    if (p.done == p.total) throw std::runtime_error("enough");
  };
  CHECK_THROWS_WITH(lp::run(executor, program, lp::map(E, 2)), "enough");
  CHECK(E == Eigen::MatrixXd::Ones(4, 4));
}

TEST_CASE("numbers of workers that cannot be are refused") {
  auto A = counters(1);
  for (const int workers : {-1, 4097, 2000000000}) {
    CHECK_THROWS_WITH(lp::run(lp::threads{workers}, chains, A, 1),
                      Catch::Contains("workers; give it 1 to 4096"));
    CHECK_THROWS_WITH(lp::Pool(workers), Catch::Contains("workers; give it 1 to 4096"));
  }
}

}  // namespace pool_test
