// Processes that die: workers at each step and at any time, all of them, the client. What is left
// is the right result and nothing else.
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <lambdapack/algorithm/cholesky.hpp>
#include <lambdapack/exec/cloud/attach.hpp>
#include <random>
#include <string>
#include <thread>

#include "children.hpp"
#include "programs.hpp"
#include "support/folder.hpp"

namespace faults_test {

namespace {

namespace cloud = lp::exec::cloud;
using Catch::Contains;
using std::chrono::milliseconds;
using test_cloud::positive;
using test_cloud::same_bits;
using test_support::Folder;

constexpr std::int64_t tile = 8, n = 60;

/// A Cholesky factorization by two workers, of which some die; what it was.
lp::exec::CloudBill factor(const Folder& folder) {
  lp::exec::CloudBill bill;
  lp::cloud executor{
      .workers = 2, .store = folder.file("store"), .lease = milliseconds(150), .keep = false};
  executor.on_bill = [&](const lp::exec::CloudBill& b) { bill = b; };
  static const auto expected = [] {
    auto A = positive(n, tile);
    lp::cholesky(A, lp::threads{1});
    return A;
  }();
  auto A = positive(n, tile);
  const auto report = lp::cholesky(A, executor);
  CHECK(report.tasks == 120);
  CHECK(same_bits(A, expected));
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.file("store")))
    files += entry.is_directory() ? 0 : 1;
  CHECK(files == 0);
  return bill;
}

/// Waits until something is so; false if it is not for a long time.
template <class F>
bool eventually(F&& f) {
  for (int tries = 0; tries < 12000; ++tries) {
    if (f()) return true;
    std::this_thread::sleep_for(milliseconds(10));
  }
  return false;
}

/// The processes of a run's workers, by their names.
std::vector<::pid_t> processes(cloud::Attached& run) {
  std::vector<::pid_t> found;
  for (const cloud::WorkerRecord& w : run.workers())
    found.push_back(std::atoi(w.worker.c_str() + w.worker.rfind('-') + 1));
  return found;
}

/// Leaves a run "orphan" without a client: its two workers are there, some of its tasks have
/// finished, and the others wait for the gate.
void leave_orphan(const std::string& store) {
  const ::pid_t client = test_cloud::start_self("LAMBDAPACK_TEST_CLIENT", store);
  const bool is_under_way = eventually([&] {
    try {
      cloud::Attached run(store, "orphan");
      return run.status().finished > 5 && run.workers().size() == 2;
    } catch (const lp::input_error&) {
      return false;
    }
  });
  ::kill(client, SIGKILL);
  ::waitpid(client, nullptr, 0);
  REQUIRE(is_under_way);
}

}  // namespace

TEST_CASE("a worker that dies at a step of the protocol is replaced") {
  const std::string step = GENERATE("take", "read", "run", "store", "complete", "remove");
  const int count = GENERATE(1, 7);
  CAPTURE(step, count);
  const Folder folder;
  ::setenv("LAMBDAPACK_CLOUD_DIE",
           (step + ":" + std::to_string(count) + ":" + folder.file("died")).c_str(), 1);
  const lp::exec::CloudBill bill = factor(folder);
  ::unsetenv("LAMBDAPACK_CLOUD_DIE");
  CHECK(folder.has("died"));
  CHECK(bill.attempts >= 120);
}

TEST_CASE("workers that are killed at any time are replaced") {
  const int seed = GENERATE(range(0, 6));
  CAPTURE(seed);
  const bool all = seed % 3 == 2;
  const Folder folder;
  std::atomic<int> kills{0};
  // The first as soon as there is one, so that there is one that dies.
  std::jthread killer([&](const std::stop_token& over) {
    std::minstd_rand chance(static_cast<unsigned>(seed + 1));
    while (!over.stop_requested() && kills < 8) {
      std::this_thread::sleep_for(milliseconds(kills == 0 ? 1 : 20 + chance() % 60));
      for (const ::pid_t child : test_cloud::children()) {
        if (!all && chance() % 2 == 0) continue;
        if (over.stop_requested()) break;
        ::kill(child, SIGKILL);
        ++kills;
      }
    }
  });
  factor(folder);
  killer.request_stop();
  killer.join();
  CHECK(kills > 0);
}

TEST_CASE("a task that takes much longer than others of its kind is run by a second worker too") {
  const Folder folder;
  ::setenv("LAMBDAPACK_TEST_TWIN", folder.file("").c_str(), 1);
  lp::TiledMatrix<double> A(24, 1, 2);
  // Three workers: on a busy machine a lease may end before its task has come to its kernel. Twelve
  // tasks: one may wait behind the last for its worker's only core, and five have to finish before
  // any is known to be slow.
  const lp::cloud executor{
      .workers = 3, .lease = milliseconds(500), .stragglers = 0.9, .idle = milliseconds(60000)};
  const auto report = lp::run(executor, test_cloud::straggles, A);
  ::unsetenv("LAMBDAPACK_TEST_TWIN");
  CHECK(report.tasks == 12);
  // The bill does not tell: it may be made out before the first worker has counted its attempt.
  CHECK(folder.has("second"));
  for (int i = 0; i < 12; ++i) CHECK(A(2 * i, 0) == 1);
}

TEST_CASE("a run goes on without its client, and anybody can wait for it") {
  const Folder folder;
  const std::string store = folder.file("store");
  leave_orphan(store);

  cloud::Attached run(store, "orphan");
  CHECK(run.program() == "gated");
  CHECK_THROWS_WITH(run.gc(cloud::Rest::leftovers, true), Contains("is under way"));
  const bool all_die = GENERATE(false, true);
  if (all_die) {
    const auto workers = processes(run);
    for (const ::pid_t process : workers) ::kill(process, SIGKILL);
    CHECK(eventually(
        [&] { return std::none_of(workers.begin(), workers.end(), test_cloud::is_alive); }));
    CHECK(run.status().finished < 160);
    folder.write("store.gate", "");
    run.resume(test_cloud::programs(), {.workers = 2, .lease = milliseconds(300)});
  } else {
    folder.write("store.gate", "");
    std::int64_t seen = 0;
    run.wait([&](lp::exec::Progress p) { seen = p.done; });
    CHECK(seen == 160);
  }
  CHECK(run.status().phase == cloud::Phase::done);
  CHECK(run.bill().tasks == 160);

  auto expected = test_cloud::client_input();
  lp::run(lp::threads{1}, test_cloud::gated, expected, 20);
  CHECK(same_bits(lp::read_zarr<double>(store + "/runs/orphan/arrays/A"), expected));
  // No worker stays.
  CHECK(eventually([&] {
    const auto left = processes(run);
    return std::none_of(left.begin(), left.end(), test_cloud::is_alive);
  }));
  run.gc(cloud::Rest::leftovers, false);
  CHECK(run.gc(cloud::Rest::leftovers, true).empty());
  CHECK(run.gc(cloud::Rest::everything, true).size() == (all_die ? 11 : 10));
  run.gc(cloud::Rest::everything, false);
  CHECK_THROWS_WITH(cloud::Attached(store, "orphan"), Contains("there is no run orphan"));
}

TEST_CASE("a run without its client is cancelled, and cleared away") {
  const Folder folder;
  const std::string store = folder.file("store");
  leave_orphan(store);
  cloud::Attached run(store, "orphan");
  const auto workers = processes(run);
  run.cancel();
  folder.write("store.gate", "");
  CHECK_THROWS_WITH(run.wait(), Contains("was cancelled before its end"));
  CHECK(eventually(
      [&] { return std::none_of(workers.begin(), workers.end(), test_cloud::is_alive); }));
  CHECK_FALSE(run.gc(cloud::Rest::leftovers, false).empty());
  cloud::DirectoryObjects objects(store);
  CHECK(objects.list("runs/").empty());
}

TEST_CASE("a run outlives those that resume it with other programs") {
  const Folder folder;
  const std::string store = folder.file("store");
  leave_orphan(store);
  cloud::Attached run(store, "orphan");
  for (const ::pid_t process : processes(run)) ::kill(process, SIGKILL);
  CHECK_THROWS_WITH(run.resume({}, {.workers = 1}),
                    Contains("none of the 0 programs of this executable"));
  CHECK(run.status().phase == cloud::Phase::running);
  folder.write("store.gate", "");
  run.resume(test_cloud::programs(), {.workers = 2, .lease = milliseconds(300)});
  CHECK(run.status().phase == cloud::Phase::done);
}

TEST_CASE("a run whose client still brings inputs is not cleared away") {
  const Folder folder;
  const std::string store = folder.file("store");
  auto A = test_cloud::client_input();
  lp::run(lp::cloud{.workers = 1, .store = store, .run = "r"}, test_cloud::sleeps, A, 1, 0);
  std::filesystem::remove_all(folder.file("store/ledgers"));
  cloud::Attached run(store, "r");
  cloud::DirectoryObjects objects(store);
  const cloud::Keys keys("r");
  {
    const cloud::Presence client(objects, keys);
    CHECK_THROWS_WITH(run.gc(cloud::Rest::everything, true), Contains("is bringing its inputs"));
  }
  CHECK_FALSE(objects.get(keys.presence()));
  for (const char* old : {"1000000000", "99999999999", "x"}) {
    objects.put(keys.presence(), old);
    CHECK_FALSE(run.gc(cloud::Rest::everything, true).empty());
  }
  run.gc(cloud::Rest::everything, false);
  CHECK(objects.list("runs/").empty());
}

TEST_CASE("a run whose client died before its inputs were there says so") {
  const Folder folder;
  auto A = test_cloud::client_input();
  lp::run(lp::cloud{.workers = 1, .store = folder.file("store"), .run = "r"}, test_cloud::sleeps, A,
          1, 0);
  std::filesystem::remove_all(folder.file("store/ledgers"));
  cloud::Attached run(folder.file("store"), "r");
  CHECK(run.status().phase == cloud::Phase::missing);
  CHECK_THROWS_WITH(run.wait(), Contains("cannot go on") && Contains("lprun gc"));
  CHECK_THROWS_AS(run.resume({}, {}), lp::run_error);
  CHECK_THROWS_WITH(cloud::Attached(folder.file("store"), "other"), Contains("there is no run"));
  folder.write("store/runs/r/run.json", "{\"format\":\"lambdapack run\",\"version\":7}");
  CHECK_THROWS_WITH(cloud::Attached(folder.file("store"), "r"), Contains("/version"));
}

}  // namespace faults_test
