// What ends a run, what is refused, and what is left behind.
#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <lambdapack/algorithm/failure.hpp>
#include <lambdapack/exec/cloud/attach.hpp>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "programs.hpp"
#include "support/folder.hpp"

namespace limits_test {

namespace {

using Catch::Contains;
using std::chrono::milliseconds;
using test_cloud::numbers;
using test_support::Folder;

template <class Error = lp::run_error, class F>
std::string message_of(F&& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

/// What each error of a chain says, the outermost first.
std::vector<std::string> causes_of(const std::exception& error) {
  std::vector<std::string> causes{error.what()};
  try {
    std::rethrow_if_nested(error);
  } catch (const std::exception& inner) {
    for (std::string& cause : causes_of(inner)) causes.push_back(std::move(cause));
  }
  return causes;
}
template <class F>
std::vector<std::string> causes_of(F&& f) {
  try {
    f();
  } catch (const std::exception& error) {
    return causes_of(error);
  }
  return {};
}

bool is_empty(const std::string& directory) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory))
    if (!entry.is_directory()) return false;
  return true;
}

}  // namespace

TEST_CASE("a kernel that fails ends the run with its node, its tile and its row") {
  const Folder folder;
  auto A = numbers(20, 1, 4), B = A;
  const std::string expected = message_of([&] { lp::run(lp::threads{1}, test_cloud::fails, B); });
  const lp::cloud executor{.workers = 2, .store = folder.file("store"), .run = "first"};
  CHECK(message_of([&] { lp::run(executor, test_cloud::fails, A); }) == expected);
  CHECK_THAT(expected, Contains("global row 11") && Contains("not to my liking"));
  // It is left as it is, for who wants to see why.
  lp::exec::cloud::Attached run(folder.file("store"), "first");
  CHECK(run.status().phase == lp::exec::cloud::Phase::failed);
  CHECK_THROWS_WITH(run.wait(), Contains("global row 11"));
  run.gc(lp::exec::cloud::Rest::leftovers, false);
  CHECK(is_empty(folder.file("store")));
}

TEST_CASE("a kernel's failure keeps what is nested in it") {
  const Folder folder;
  auto A = numbers(12, 1, 4), B = A;
  const auto expected = causes_of([&] { lp::run(lp::threads{1}, test_cloud::fails_deeply, B); });
  REQUIRE(expected.size() == 4);
  const lp::cloud executor{.workers = 2, .store = folder.file("store"), .run = "first"};
  CHECK(causes_of([&] { lp::run(executor, test_cloud::fails_deeply, A); }) == expected);
  lp::exec::cloud::Attached run(folder.file("store"), "first");
  CHECK(causes_of([&] { run.wait(); }) == expected);
  try {
    run.wait();
  } catch (const lp::run_error& error) {
    std::int64_t row = -1;
    lp::detail::with_nested<lp::tile_fault>(error, [&](const lp::tile_fault& f) { row = f.row(); });
    CHECK(row == 2);
  }
}

TEST_CASE("what fails after a run has ended well does not fail the run") {
  const Folder folder;
  auto A = numbers(8, 1, 4), expected = A;
  lp::run(lp::threads{1}, test_cloud::sleeps, expected, 2, 0);
  lp::cloud executor{.workers = 1, .store = folder.file("store"), .run = "first"};
  executor.on_bill = [](const lp::exec::CloudBill&) { throw std::runtime_error("too dear"); };
  lp::run(executor, test_cloud::sleeps, A, 2, 0);
  CHECK(test_cloud::same_bits(A, expected));
}

TEST_CASE("of clients that want the same name at once one gets it, and loses nothing") {
  const Folder folder;
  const bool keeps = GENERATE(true, false);
  const lp::cloud executor{
      .workers = 1, .store = folder.file("store"), .run = "same", .keep = keeps};
  std::atomic<int> done{0}, refused{0};
  {
    std::vector<std::jthread> clients;
    for (int c = 0; c < 3; ++c)
      clients.emplace_back([&, c] {
        auto A = numbers(8, 1, 4, static_cast<std::uint64_t>(c + 1));
        try {
          lp::run(executor, test_cloud::sleeps, A, 2 + c, 100);
          ++done;
        } catch (const lp::input_error&) {
          ++refused;
        }
      });
  }
  CHECK(done >= 1);
  CHECK(done + refused == 3);
  if (keeps) CHECK(done == 1);
}

TEST_CASE("a kernel that ends its process ends the run") {
  auto A = numbers(12, 1, 4);
  CHECK_THAT(message_of([&] {
               lp::run(lp::cloud{.workers = 2, .lease = milliseconds(100)},
                       test_cloud::kills_workers, A);
             }),
             Contains("none of them has finished it") ||
                 Contains("workers in a row have ended without finishing a task"));
}

TEST_CASE("a kernel that crashes its process ends the run long before a lease is over") {
  auto A = numbers(12, 1, 4);
  const int workers = GENERATE(1, 2);
  const std::string said = message_of([&] {
    lp::run(lp::cloud{.workers = workers, .lease = std::chrono::hours(1)},
            test_cloud::crashes_workers, A);
  });
  CHECK_THAT(said, Contains("crash_at"));
}

TEST_CASE("a run is cancelled, and ends at its limit") {
  auto A = numbers(8, 1, 1);
  auto run = lp::start(lp::cloud{.workers = 2}, test_cloud::sleeps, A, 1000, 5);
  CHECK_FALSE(run.wait_for(milliseconds(1)));
  run.cancel();
  CHECK_THAT(message_of([&] { run.wait(); }), Contains("was cancelled before its end"));
  CHECK(run.progress().total == 8000);
  auto B = numbers(8, 1, 1);
  const lp::cloud limited{.workers = 1, .time_limit = milliseconds(100)};
  CHECK_THAT(message_of([&] { lp::run(limited, test_cloud::sleeps, B, 1000, 5); }),
             Contains("had not ended after its limit of 100 ms"));
}

TEST_CASE("progress comes to its end, and what it throws ends the run") {
  auto A = numbers(8, 1, 1);
  lp::exec::Progress last;
  lp::cloud executor{.workers = 2, .progress_every = milliseconds(1)};
  executor.on_progress = [&](lp::exec::Progress p) { last = p; };
  lp::run(executor, test_cloud::sleeps, A, 3, 1);
  CHECK(last.done == 24);
  CHECK(last.total == 24);
  executor.on_progress = [](lp::exec::Progress) { throw std::runtime_error("enough"); };
  CHECK_THROWS_WITH(lp::run(executor, test_cloud::sleeps, A, 100, 5), "enough");
}

TEST_CASE("a bill says what was used") {
  const Folder folder;
  auto A = numbers(8, 1, 1);
  lp::exec::CloudBill bill;
  lp::cloud executor{.workers = 2, .record_events = true};
  executor.on_bill = [&](const lp::exec::CloudBill& b) { bill = b; };
  executor.prices.put = 1;
  const auto report = lp::run(executor, test_cloud::sleeps, A, 3, 1);
  CHECK(report.events.size() == 24);
  CHECK(report.workers >= 1);
  CHECK(bill.tasks == 24);
  CHECK(bill.attempts >= 24);
  CHECK(bill.workers >= 1);
  CHECK(bill.puts >= 8 + 8);
  CHECK(bill.bytes_written > 0);
  CHECK(bill.money > static_cast<double>(bill.puts));
}

TEST_CASE("what was named stays, which is results that zarr reads and a report, and nothing else") {
  const Folder folder;
  const lp::cloud executor{.workers = 2, .store = folder.file("store"), .run = "first"};
  lp::TiledMatrix<double> B(8, 1, 4);
  lp::run(executor, test_cloud::sleeps, B, 2, 0);
  std::vector<std::string> left;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(folder.file("store/runs/first")))
    if (!entry.is_directory()) left.push_back(entry.path().filename());
  std::sort(left.begin(), left.end());
  CHECK(left == std::vector<std::string>{".zarray", "0.0", "1.0", "report.json", "run.json"});
  const auto read = lp::read_zarr<double>(folder.file("store/runs/first/arrays/A"));
  CHECK(test_cloud::same_bits(read, B));
  const std::string python =
      "/usr/bin/python3 -c 'import sys, zarr; a = zarr.open(sys.argv[1], \"r\"); "
      "sys.exit(int(a.shape != (8, 1) or bool(a[:].sum() != 4)))' '" +
      folder.file("store/runs/first/arrays/A") + "'";
  CHECK(std::system(python.c_str()) == 0);
  CHECK_THAT(message_of<lp::input_error>([&] { lp::run(executor, test_cloud::sleeps, B, 2, 0); }),
             Contains("there is a run first") && Contains("already"));
}

TEST_CASE("what cannot be run is refused") {
  auto A = numbers(8, 1, 4);
  const auto refused = [&](const lp::cloud& executor) {
    return message_of<lp::input_error>([&] { lp::run(executor, test_cloud::fails, A); });
  };
  CHECK_THAT(refused({.workers = -1}), Contains("-1 workers"));
  CHECK_THAT(refused({.cores = 0}), Contains("0 cores"));
  CHECK_THAT(refused({.scaling = 0}), Contains("scaling"));
  CHECK_THAT(refused({.stragglers = 95}), Contains("0.95 is a good one"));
  CHECK_THAT(refused({.lease = milliseconds(99)}), Contains("lease"));
  CHECK_THAT(refused({.store = "/proc/nowhere"}), Contains("/proc/nowhere"));
  CHECK_THAT(refused({.store = "gopher://x"}), Contains("expected a directory"));
  CHECK_THAT(refused({.queue = "gopher://x"}), Contains("expected sqlite:DIRECTORY"));
  CHECK_THAT(refused({.starter = "gopher"}), Contains("does not say what starts workers"));
  CHECK_THAT(refused({.run = "a/b"}), Contains("cannot be the name of a run"));
  CHECK(A.is_complete());
  const auto with_text = [](lp::InOut<double, 1> B, std::string) { test_cloud::fails(B); };
  CHECK_THAT(
      message_of<lp::input_error>([&] { lp::run(lp::cloud{}, with_text, A, std::string("text")); }),
      Contains("cannot be copied to another process"));
}

TEST_CASE("who only looks for something makes no directory") {
  const Folder folder;
  const std::string store = folder.file("nowhere");
  CHECK_THROWS_WITH(lp::exec::cloud::Attached(store, "first"),
                    Contains("there is no run first in the directory " + store) &&
                        Contains("check its name and the store's URL"));
  CHECK_THROWS_WITH(lp::stored<double>(store, "A"),
                    Contains("there is no Zarr array A") && Contains(store));
  CHECK_FALSE(folder.has("nowhere"));
}

TEST_CASE("calls that are refused leave nothing in the store") {
  const Folder folder;
  const std::string store = folder.file("store");
  auto A = numbers(8, 1, 4);
  for (const lp::cloud& executor :
       {lp::cloud{.store = store, .starter = "gopher"}, lp::cloud{.store = store, .run = "a/b"}})
    CHECK_THROWS_AS(lp::run(executor, test_cloud::fails, A), lp::input_error);
  CHECK_FALSE(folder.has("store"));
  CHECK_THROWS_AS(lp::run(lp::cloud{.store = store, .queue = "gopher://x"}, test_cloud::fails, A),
                  lp::input_error);
  CHECK((!folder.has("store") || std::filesystem::is_empty(store)));

  lp::write_zarr(folder.file("A"), A);
  folder.write("A/1.0", "half of a chu");
  const lp::cloud executor{.workers = 1, .store = store, .run = "first"};
  CHECK_THROWS_AS(lp::run(executor, test_cloud::sleeps, lp::zarr<double>(folder.file("A")), 1, 0),
                  lp::input_error);
  CHECK(std::filesystem::is_empty(store));
  CHECK_THROWS_WITH(lp::exec::cloud::Attached(store, "first"), Contains("there is no run first"));
  // Its name is free.
  lp::run(executor, test_cloud::sleeps, A, 1, 0);
  CHECK_THROWS_AS(lp::exec::cloud::Attached(store, "second"), lp::input_error);
  CHECK(folder.has("store/ledgers/first.sqlite"));
  CHECK_FALSE(folder.has("store/ledgers/second.sqlite"));
}

TEST_CASE("who waits for a run without workers is told so, once") {
  const Folder folder;
  const std::string store = folder.file("store");
  auto A = numbers(8, 1, 4);
  auto run = lp::start(
      lp::cloud{.store = store, .starter = "none", .run = "r", .lease = milliseconds(100)},
      test_cloud::sleeps, A, 1, 0);
  lp::exec::cloud::Attached other(store, "r");
  for (int tries = 0; tries < 12000; ++tries) {
    if (other.status().phase == lp::exec::cloud::Phase::running) break;
    std::this_thread::sleep_for(milliseconds(10));
  }
  std::vector<std::string> said;
  const auto begin = std::chrono::steady_clock::now();
  int looks_after = 0;
  CHECK_THROWS_WITH(other.wait(
                        [&](lp::exec::Progress) {
                          if (said.empty()) return;
                          if (++looks_after == 200) other.cancel();
                        },
                        [&](const std::string& notice) { said.push_back(notice); }),
                    Contains("was cancelled before its end"));
  CHECK(std::chrono::steady_clock::now() - begin > std::chrono::seconds(3));
  REQUIRE(said.size() == 1);
  CHECK_THAT(said.front(), Contains("the run r of sleeps in the directory " + store) &&
                               Contains("has no workers") &&
                               Contains("lprun resume r --store " + store));
  CHECK_THROWS_AS(run.wait(), lp::run_error);
}

TEST_CASE("a program that workers do not know ends the run") {
  auto A = numbers(8, 1, 4);
  CHECK_THAT(message_of([&] { lp::run(lp::cloud{.workers = 1}, test_cloud::unknown, A); }),
             Contains("is of a program unknown") && Contains("give lp::cloud::work the program"));
}

}  // namespace limits_test
