// The ledger in SQLite: leases, counting down, what happens once and what may happen again.
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <lambdapack/exec/cloud/patient_ledger.hpp>
#include <lambdapack/exec/cloud/sqlite_ledger.hpp>
#include <lambdapack/lambdapack.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "support/folder.hpp"

namespace ledger_test {

namespace {

namespace cloud = lp::exec::cloud;
using Catch::Contains;
using cloud::Phase;
using std::chrono::milliseconds;
using test_support::Folder;

/// A ledger with a clock of its own.
struct Fixture {
  std::int64_t now = 1000000;
  cloud::SqliteLedger ledger{":memory:", true, [this] { return now; }};

  cloud::Completion completion(const cloud::Lease& lease) const {
    cloud::Completion c;
    c.lease = lease;
    return c;
  }
  std::optional<cloud::Lease> take() { return ledger.take({"w", milliseconds(100), {}}).lease; }
};

}  // namespace

TEST_CASE("leases of a worker that is dead can be ended, and those of others stay") {
  Fixture f;
  f.ledger.create(3);
  f.ledger.seed(std::vector<cloud::Ready>{{0, 3}, {1, 2}, {2, 1}});
  f.ledger.seeded();
  const auto dead = f.ledger.take({"w-1", milliseconds(100), {}}).lease;
  const auto other = f.ledger.take({"w-12", milliseconds(100), {}}).lease;
  REQUIRE(dead);
  REQUIRE(other);
  CHECK(f.ledger.end_leases("w").empty());
  CHECK(f.ledger.end_leases("w-1") == std::vector<std::int64_t>{0});
  CHECK(f.ledger.end_leases("w-1").empty());
  const auto again = f.take();
  REQUIRE(again);
  CHECK(again->task == 0);
  CHECK(again->attempt == 2);
  CHECK(f.take()->task == 2);
  CHECK_FALSE(f.take());
  // It was not dead after all, and is the first to finish.
  CHECK(f.ledger.complete(f.completion(*dead)).counted);
  CHECK_FALSE(f.ledger.complete(f.completion(*again)).counted);
}

TEST_CASE("tasks are leased by urgency and then by number") {
  Fixture f;
  CHECK(f.ledger.status().phase == Phase::missing);
  CHECK(f.ledger.take({"w"}).phase == Phase::missing);
  f.ledger.create(4);
  f.ledger.create(4);
  const cloud::Ready roots[] = {{7, 1}, {3, 5}, {2, 5}, {9, 0}};
  f.ledger.seed(roots);
  f.ledger.seed(roots);
  f.ledger.seeded();
  CHECK(f.ledger.status().phase == Phase::running);
  CHECK(f.ledger.status().ready == 4);
  for (const std::int64_t task : {2, 3, 7, 9}) {
    const auto lease = f.take();
    REQUIRE(lease);
    CHECK(lease->task == task);
    CHECK(lease->attempt == 1);
  }
  CHECK_FALSE(f.take());
  CHECK(f.ledger.status().leased == 4);
}

TEST_CASE("a taker chooses among the most urgent") {
  Fixture f;
  f.ledger.create(3);
  const cloud::Ready roots[] = {{1, 3}, {2, 2}, {3, 1}};
  f.ledger.seed(roots);
  const auto lease = f.ledger
                         .take({"w", milliseconds(100),
                                [](std::span<const cloud::Ready> ready) {
                                  REQUIRE(ready.size() == 3);
                                  CHECK(ready[0].task == 1);
                                  return std::size_t{2};
                                }})
                         .lease;
  REQUIRE(lease);
  CHECK(lease->task == 3);
}

TEST_CASE("a task whose lease is over is somebody else's") {
  Fixture f;
  f.ledger.create(1);
  f.ledger.seed(std::vector<cloud::Ready>{{5, 0}});
  const auto first = f.take();
  f.now += 99;
  CHECK_FALSE(f.take());
  f.now += 1;
  const auto second = f.take();
  REQUIRE(second);
  CHECK(second->attempt == 2);
  CHECK(second->token != first->token);
  CHECK(f.ledger.renew(std::vector{*first, *second}, milliseconds(100)) ==
        std::vector<std::int64_t>{5});
  f.now += 99;
  CHECK(f.ledger.renew(std::vector{*second}, milliseconds(100)).empty());
  f.now += 99;
  CHECK_FALSE(f.take());
  f.ledger.give_back(*first);
  CHECK_FALSE(f.take());
  f.ledger.give_back(*second);
  const auto third = f.take();
  REQUIRE(third);
  CHECK(third->attempt == 2);
}

TEST_CASE("a clock that jumps ends leases, or leaves them as long as they are") {
  Fixture f;
  f.ledger.create(1);
  f.ledger.seed(std::vector<cloud::Ready>{{5, 0}});
  f.take();
  f.now -= 3600000;
  CHECK(f.take());
  f.now += 7200000;
  CHECK(f.take());
  CHECK_FALSE(f.take());
}

TEST_CASE("a task is finished once, and its successors are ready when they wait for nothing more") {
  Fixture f;
  f.ledger.create(3);
  f.ledger.seed(std::vector<cloud::Ready>{{0, 0}, {1, 0}});
  f.ledger.seeded();
  auto a = f.completion(*f.take()), b = f.completion(*f.take());
  a.successors = b.successors = {{2, 2, 9}};
  for (int again = 0; again < 3; ++again) CHECK(f.ledger.complete(a).counted == (again == 0));
  CHECK_FALSE(f.take());
  CHECK(f.ledger.complete(b).counted);
  const auto last = f.take();
  REQUIRE(last);
  CHECK(last->task == 2);
  CHECK_FALSE(f.ledger.complete(a).last);
  const auto done = f.ledger.complete(f.completion(*last));
  CHECK(done.counted);
  CHECK(done.last);
  CHECK(done.phase == Phase::done);
  CHECK_FALSE(f.ledger.complete(f.completion(*last)).last);
  CHECK(f.ledger.status().finished == 3);
  CHECK(f.ledger.is_finished(2));
  CHECK_FALSE(f.ledger.is_finished(3));
}

TEST_CASE("a task is finished by one who has lost its lease") {
  Fixture f;
  f.ledger.create(1);
  f.ledger.seed(std::vector<cloud::Ready>{{0, 0}});
  f.ledger.seeded();
  const auto late = *f.take();
  f.now += 1000;
  const auto other = *f.take();
  CHECK(f.ledger.complete(f.completion(late)).last);
  CHECK_FALSE(f.ledger.complete(f.completion(other)).counted);
  CHECK_FALSE(f.take());
}

TEST_CASE("a value is dead when its last reader has finished, and when it is stored again after") {
  Fixture f;
  f.ledger.create(3);
  f.ledger.seed(std::vector<cloud::Ready>{{0, 0}, {1, 0}, {2, 0}});
  f.ledger.seeded();
  auto writer = f.completion(*f.take()), a = f.completion(*f.take());
  writer.outputs = {40};
  a.reads = {{40, 2}, {41, 2}};
  CHECK(f.ledger.complete(writer).dead.empty());
  CHECK(f.ledger.complete(a).dead.empty());
  CHECK(f.ledger.complete(a).dead.empty());
  CHECK(f.ledger.complete(writer).dead.empty());
  auto b = f.completion(*f.take());
  b.reads = {{40, 2}};
  CHECK(f.ledger.complete(b).dead == std::vector<std::int64_t>{40});
  CHECK(f.ledger.complete(writer).dead == std::vector<std::int64_t>{40});
}

TEST_CASE("one of the tasks that become ready is leased to who asks for it") {
  Fixture f;
  f.ledger.create(4);
  f.ledger.seed(std::vector<cloud::Ready>{{0, 0}});
  f.ledger.seeded();
  auto c = f.completion(*f.take());
  c.successors = {{1, 1, 1}, {2, 1, 7}, {3, 2, 9}};
  c.next = cloud::Taker{"w", milliseconds(100), {}};
  const auto completed = f.ledger.complete(c);
  REQUIRE(completed.next);
  CHECK(completed.next->task == 2);
  CHECK(f.take()->task == 1);
  CHECK_FALSE(f.take());
}

TEST_CASE("tasks that were run on the way are completed in the same step") {
  Fixture f;
  f.ledger.create(4);
  f.ledger.seed(std::vector<cloud::Ready>{{0, 0}, {1, 0}});
  f.ledger.seeded();
  CHECK(f.ledger.missing(2, 2) == 2);
  auto first = f.completion(*f.take()), other = f.completion(*f.take());
  first.successors = other.successors = {{2, 2, 0}};
  f.ledger.complete(other);
  CHECK(f.ledger.missing(2, 2) == 1);
  cloud::Completion both;
  both.lease = first.lease;
  both.lease.task = 2;
  both.successors = {{3, 1, 0}};
  both.reads = {{50, 1}, {51, 2}};
  both.outputs = {52};
  both.before = {first};
  const auto completed = f.ledger.complete(both);
  CHECK(completed.counted);
  CHECK(completed.repeated.empty());
  CHECK(completed.dead == std::vector<std::int64_t>{50});
  CHECK(f.ledger.status().finished == 3);
  CHECK(f.ledger.status().ready == 1);
  const auto again = f.ledger.complete(both);
  CHECK_FALSE(again.counted);
  CHECK(again.repeated == std::vector<std::int64_t>{0});
  CHECK(f.take()->task == 3);
  CHECK_FALSE(f.take());
}

TEST_CASE("a run that has ended takes no more") {
  const Phase end = GENERATE(Phase::failed, Phase::cancelled);
  Fixture f;
  f.ledger.create(2);
  f.ledger.seed(std::vector<cloud::Ready>{{0, 0}, {1, 0}});
  f.ledger.seeded();
  auto c = f.completion(*f.take());
  c.outputs = {11};
  f.ledger.end(end, std::string("why\0not", 7));
  f.ledger.end(Phase::failed, "another reason");
  CHECK(f.ledger.status().phase == end);
  CHECK(f.ledger.status().why == std::string("why\0not", 7));
  CHECK(f.ledger.take({"w"}).phase == end);
  const auto completed = f.ledger.complete(c);
  CHECK_FALSE(completed.counted);
  CHECK(completed.dead == std::vector<std::int64_t>{11});
}

TEST_CASE("a run without tasks is done when its roots are there") {
  Fixture f;
  f.ledger.create(0);
  CHECK(f.ledger.status().phase == Phase::starting);
  f.ledger.seeded();
  f.ledger.seeded();
  CHECK(f.ledger.status().phase == Phase::done);
}

TEST_CASE("all that starts while roots are made ready counts") {
  Fixture f;
  f.ledger.create(1);
  f.ledger.seed(std::vector<cloud::Ready>{{0, 0}});
  CHECK(f.ledger.complete(f.completion(*f.take())).last);
  f.ledger.seed(std::vector<cloud::Ready>{{0, 0}});
  f.ledger.seeded();
  CHECK(f.ledger.status().phase == Phase::done);
  CHECK(f.ledger.status().ready == 0);
}

TEST_CASE("records of tasks and of workers come back") {
  Fixture f;
  f.ledger.create(2);
  f.ledger.seed(std::vector<cloud::Ready>{{0, 0}, {1, 0}});
  for (int k = 0; k < 2; ++k) {
    auto c = f.completion(*f.take());
    c.record = {"w", 10, 20, 3, 400, 500, 6, k == 1, "digest" + std::to_string(k)};
    f.ledger.complete(c);
  }
  const auto records = f.ledger.records(1, 10);
  REQUIRE(records.size() == 1);
  CHECK(records[0].first == 1);
  CHECK(records[0].second.worker == "w");
  CHECK(records[0].second.attempts == 3);
  CHECK(records[0].second.bytes_written == 500);
  CHECK(records[0].second.handed_on);
  CHECK(records[0].second.digests == "digest1");
  CHECK(f.ledger.records(0, 1).size() == 1);
  f.ledger.note({"w1", 5, 0, 2, 1 << 20, 7, 8, 9, 10, 11, false});
  f.ledger.note({"w1", 5, 0, 2, 1 << 20, 8, 8, 9, 10, 11, true});
  const auto workers = f.ledger.workers();
  REQUIRE(workers.size() == 1);
  CHECK(workers[0].tasks == 8);
  CHECK(workers[0].ended);
  CHECK(workers[0].seen == f.now);
}

TEST_CASE("a ledger on the disk is shared, and gone when it is removed") {
  const Folder folder;
  const std::string path = folder.file("run.sqlite");
  CHECK_THROWS_WITH(cloud::SqliteLedger(path, false),
                    Contains(path) && Contains("check that the run is there"));
  cloud::SqliteLedger one(path, true), two(path, false);
  one.create(1);
  CHECK(two.status().total == 1);
  two.remove();
  CHECK(one.status().phase == Phase::missing);
  CHECK_THROWS_AS(cloud::SqliteLedger(path, false), lp::input_error);
  // As by a client that died when it had made the file.
  const std::string empty = folder.write("empty.sqlite", "");
  CHECK(cloud::SqliteLedger(empty, false).status().phase == Phase::missing);
  const std::string other = folder.write("other.sqlite", std::string(5000, 'x'));
  CHECK_THROWS_WITH(cloud::SqliteLedger(other, false), Contains("damaged or something else"));
}

TEST_CASE("many processes' worth of takers finish every task once") {
  constexpr int tasks = 600;
  const Folder folder;
  const std::string path = folder.file("run.sqlite");
  cloud::SqliteLedger first(path, true);
  first.create(tasks);
  first.seed(std::vector<cloud::Ready>{{0, 0}});
  first.seeded();
  std::atomic<int> last{0}, counted{0};
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      cloud::PatientLedger ledger(std::make_shared<cloud::SqliteLedger>(path, false));
      // A short lease, so that tasks are run twice.
      const cloud::Taker taker{"w", milliseconds(1), {}};
      for (;;) {
        const cloud::Taken taken = ledger.take(taker);
        if (taken.phase == Phase::done) break;
        if (!taken.lease) {
          std::this_thread::sleep_for(std::chrono::microseconds(200));
          continue;
        }
        cloud::Completion c;
        c.lease = *taken.lease;
        const std::int64_t k = c.lease.task;
        for (const std::int64_t s : {2 * k + 1, 2 * k + 2})
          if (s < tasks) c.successors.push_back({s, 1, 0});
        const cloud::Completed done = ledger.complete(c);
        counted += done.counted ? 1 : 0;
        last += done.last ? 1 : 0;
      }
    });
  for (std::jthread& t : threads) t.join();
  CHECK(counted == tasks);
  CHECK(last == 1);
}

TEST_CASE("a task that was finished on the way to another is not made ready by what it waits for") {
  Fixture f;
  f.ledger.create(4);
  f.ledger.seed(std::vector<cloud::Ready>{{0, 0}, {1, 0}});
  f.ledger.seeded();
  const auto one = f.take(), other = f.take();
  REQUIRE((one && other));
  // 2 waits for 0 and 1, and is completed with 0 before 1 is.
  cloud::Completion last = f.completion({2, one->token, 1});
  last.before = {f.completion(*one)};
  last.before[0].successors = {{2, 2, 0}};
  last.successors = {{3, 1, 0}};
  CHECK(f.ledger.complete(last).counted);
  cloud::Completion late = f.completion(*other);
  late.successors = {{2, 2, 0}};
  CHECK(f.ledger.complete(late).counted);
  const auto next = f.take();
  REQUIRE(next);
  CHECK(next->task == 3);
  CHECK_FALSE(f.take());
}

TEST_CASE("who completes again, for the answer was lost, is told again what is dead") {
  Fixture f;
  f.ledger.create(3);
  f.ledger.seed(std::vector<cloud::Ready>{{0, 0}, {1, 0}});
  f.ledger.seeded();
  cloud::Completion c = f.completion(*f.take());
  c.reads = {{7, 1}, {8, 2}};
  CHECK(f.ledger.complete(c).dead == std::vector<std::int64_t>{7});
  const cloud::Completed again = f.ledger.complete(c);
  CHECK_FALSE(again.counted);
  CHECK(again.dead == std::vector<std::int64_t>{7});
}

TEST_CASE("patience by time outlasts any number of tries, and patience by tries does not") {
  int calls = 0;
  const auto away_until = [&](int call) {
    if (++calls < call) throw cloud::unavailable("lambdapack: away; wait");
    return calls;
  };
  const cloud::Patience by_time{2, milliseconds(1), milliseconds(1), milliseconds(600000)};
  CHECK(cloud::with_retries(by_time, [&] { return away_until(50); }) == 50);
  calls = 0;
  const cloud::Patience by_tries{2, milliseconds(1), milliseconds(1)};
  CHECK_THROWS_WITH(cloud::with_retries(by_tries, [&] { return away_until(50); }),
                    Contains("given up after 2 tries"));
}

}  // namespace ledger_test
