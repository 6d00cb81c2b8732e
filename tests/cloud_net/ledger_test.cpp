// What every ledger does, whatever it is made of.
#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <set>

#include "ledgers.hpp"

namespace ledger_test {

using namespace cloud_net_test;
using cloud::Phase;

namespace {

using Numbers = std::vector<std::int64_t>;

std::shared_ptr<cloud::Ledger> begun(const Ledgers& ledgers, std::int64_t total,
                                     std::vector<cloud::Ready> roots) {
  auto ledger = ledgers.open();
  ledger->create(total);
  ledger->seed(roots);
  ledger->seeded();
  return ledger;
}

Numbers sorted(Numbers numbers) {
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

}  // namespace

TEST_CASE("a run that nobody began is missing", "[servers]") {
  const auto ledger = new_ledgers(GENERATE(from_range(ledger_kinds()))).open();
  CHECK(ledger->status().phase == Phase::missing);
  const cloud::Taken taken = ledger->take(taker());
  CHECK(taken.phase == Phase::missing);
  CHECK_FALSE(taken.lease);
  CHECK_FALSE(ledger->is_finished(0));
  CHECK(ledger->records(0, 10).empty());
  CHECK(ledger->workers().empty());
}

TEST_CASE("a run goes through its phases", "[servers]") {
  const Ledgers ledgers = new_ledgers(GENERATE(from_range(ledger_kinds())));
  const auto ledger = ledgers.open();
  ledger->create(2);
  CHECK(ledger->status().phase == Phase::starting);
  CHECK(ledger->status().total == 2);
  ledger->create(7);
  CHECK(ledger->status().total == 2);
  ledger->seed(std::vector<cloud::Ready>{{4, 0}});
  CHECK(ledger->status().ready == 1);
  const cloud::Taken first = ledger->take(taker());
  REQUIRE(first.lease);
  CHECK(first.phase == Phase::starting);
  CHECK(first.lease->task == 4);
  CHECK(first.lease->attempt == 1);
  CHECK(ledger->status().leased == 1);
  ledger->seeded();
  CHECK(ledger->status().phase == Phase::running);

  const cloud::Completed one = ledger->complete(completion(*first.lease, {{5, 1, 0}}));
  CHECK(one.counted);
  CHECK_FALSE(one.last);
  CHECK(one.phase == Phase::running);
  CHECK(ledger->is_finished(4));
  CHECK_FALSE(ledger->is_finished(5));

  const cloud::Completed two = ledger->complete(completion(*ledger->take(taker()).lease));
  CHECK(two.counted);
  CHECK(two.last);
  CHECK(two.phase == Phase::done);
  CHECK(ledgers.open()->status().phase == Phase::done);
  CHECK(ledgers.open()->status().finished == 2);
  CHECK(ledger->take(taker()).phase == Phase::done);

  ledger->end(Phase::failed, "too late");
  CHECK(ledger->status().phase == Phase::done);
  CHECK(ledger->status().why.empty());
}

TEST_CASE("a run without tasks is done when it has begun", "[servers]") {
  const auto ledger = new_ledgers(GENERATE(from_range(ledger_kinds()))).open();
  ledger->create(0);
  ledger->seeded();
  CHECK(ledger->status().phase == Phase::done);
}

TEST_CASE("roots are made ready once, however often it is said", "[servers]") {
  const Ledgers ledgers = new_ledgers(GENERATE(from_range(ledger_kinds())));
  const auto ledger = ledgers.open();
  ledger->create(3000);
  std::vector<cloud::Ready> roots;
  for (int k = 0; k < 2500; ++k) roots.push_back({k, k % 7});
  ledger->seed(roots);
  const cloud::Lease done = *ledger->take(taker()).lease;
  ledger->complete(completion(done));
  const cloud::Lease running = *ledger->take(taker()).lease;
  if (ledgers.kind != "sqs") {
    ledger->seed(roots);
    CHECK(ledger->status().ready == 2498);
    CHECK(ledger->status().leased == 1);
  }
  CHECK(ledger->is_finished(done.task));
  CHECK(running.task != done.task);
}

TEST_CASE("the most urgent task is taken first", "[servers]") {
  const Ledgers ledgers = new_ledgers(GENERATE(from_range(ordered_ledger_kinds())));
  const auto ledger = begun(ledgers, 5, {{1, -3}, {2, 8}, {3, 0}, {4, 9}});
  Numbers taken;
  for (int k = 0; k < 4; ++k) taken.push_back(ledger->take(taker()).lease->task);
  CHECK(taken == Numbers{4, 2, 3, 1});
  CHECK_FALSE(ledger->take(taker()).lease);
}

TEST_CASE("a taker chooses among the most urgent", "[servers]") {
  const Ledgers ledgers = new_ledgers(GENERATE(from_range(ordered_ledger_kinds())));
  const auto ledger = begun(ledgers, 5, {{1, 1}, {2, 8}, {3, 5}});
  cloud::Taker picky = taker();
  std::vector<std::pair<std::int64_t, int>> shown;
  picky.choose = [&](std::span<const cloud::Ready> ready) {
    shown.clear();
    for (const cloud::Ready& r : ready) shown.emplace_back(r.task, r.urgency);
    return ready.size() - 1;
  };
  CHECK(ledger->take(picky).lease->task == 1);
  CHECK(shown == std::vector<std::pair<std::int64_t, int>>{{2, 8}, {3, 5}, {1, 1}});
  CHECK(ledger->take(picky).lease->task == 3);
  CHECK(ledger->take(picky).lease->task == 2);
  CHECK_FALSE(ledger->take(picky).lease);
}

TEST_CASE("a task waits for all of those that it needs", "[servers]") {
  const Ledgers ledgers = new_ledgers(GENERATE(from_range(ledger_kinds())));
  const auto ledger = begun(ledgers, 4, {{0, 0}, {1, 0}, {2, 0}});
  for (int k = 0; k < 3; ++k) {
    CHECK(ledger->status().ready == 3 - k);
    ledger->complete(completion(*ledger->take(taker()).lease, {{9, 3, 0}}));
  }
  CHECK(ledger->take(taker()).lease->task == 9);
}

TEST_CASE("a task that is completed twice counts once", "[servers]") {
  const Ledgers ledgers = new_ledgers(GENERATE(from_range(ledger_kinds())));
  const auto ledger = begun(ledgers, 3, {{0, 0}, {1, 0}});
  const cloud::Lease a = *ledger->take(taker()).lease;
  CHECK(ledger->complete(completion(a, {{9, 2, 0}})).counted);
  const cloud::Completed again = ledgers.open()->complete(completion(a, {{9, 2, 0}}));
  CHECK_FALSE(again.counted);
  CHECK_FALSE(again.last);
  CHECK(ledger->status().finished == 1);
  const cloud::Lease b = *ledger->take(taker()).lease;
  CHECK(b.task != 9);
  CHECK_FALSE(ledger->take(taker()).lease);
  ledger->complete(completion(b, {{9, 2, 0}}));
  CHECK(ledger->take(taker()).lease->task == 9);
}

TEST_CASE("who completes a task may go on with its most urgent successor", "[servers]") {
  const Ledgers ledgers = new_ledgers(GENERATE(from_range(ordered_ledger_kinds())));
  const auto ledger = begun(ledgers, 9, {{0, 0}});
  cloud::Completion c =
      completion(*ledger->take(taker()).lease, {{12, 1, 5}, {3, 1, 7}, {5, 2, 99}, {4, 1, 7}});
  c.next = taker("other", 1);
  const cloud::Completed completed = ledger->complete(c);
  REQUIRE(completed.next);
  CHECK(completed.next->task == 3);
  CHECK(completed.next->attempt == 1);
  CHECK(ledger->status().leased == 1);
  CHECK(ledger->status().ready == 2);
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  CHECK(ledger->take(taker()).lease->task == 3);
  CHECK(ledger->take(taker()).lease->task == 4);
  CHECK(ledger->take(taker()).lease->task == 12);
  cloud::Completion none = completion({5, "t", 1});
  none.next = taker();
  CHECK_FALSE(ledger->complete(none).next);
}

TEST_CASE("a lease that is over is somebody else's, and knows how often it was tried",
          "[servers]") {
  const Ledgers ledgers = new_ledgers(GENERATE(from_range(ledger_kinds())));
  const auto ledger = begun(ledgers, 2, {{7, 0}});
  const cloud::Lease dead = *ledger->take(taker("a", 1)).lease;
  const cloud::Lease alive = take_soon(*ledgers.open(), taker("b"));
  CHECK(alive.task == 7);
  CHECK(alive.attempt == 2);
  CHECK(alive.token != dead.token);
  if (ledgers.kind != "sqs") {
    CHECK(ledger->renew(std::vector{dead}, std::chrono::minutes(1)) == Numbers{7});
    CHECK(ledger->renew(std::vector{alive}, std::chrono::minutes(1)).empty());
    ledger->give_back(dead);
  }
  CHECK_FALSE(ledger->take(taker()).lease);
  CHECK(ledger->complete(completion(dead)).counted);
  CHECK(ledger->is_finished(7));
  CHECK_FALSE(ledger->complete(completion(alive)).counted);
  CHECK_FALSE(ledger->take(taker()).lease);
}

TEST_CASE("a lease that is renewed goes on, and one given back is taken again at once",
          "[servers]") {
  const Ledgers ledgers = new_ledgers(GENERATE(from_range(ledger_kinds())));
  CAPTURE(ledgers.kind);
  const auto ledger = begun(ledgers, 2, {{7, 3}});
  const cloud::Lease lease = *ledger->take(taker("a", 5000)).lease;
  CHECK(ledger->renew(std::vector{lease}, std::chrono::minutes(1)).empty());
  std::this_thread::sleep_for(std::chrono::milliseconds(5200));
  CHECK_FALSE(ledger->take(taker()).lease);
  ledger->give_back(lease);
  CHECK(ledger->status().leased == 0);
  const cloud::Lease again = *ledger->take(taker()).lease;
  CHECK(again.task == 7);
  // SQS counts about.
  CHECK((again.attempt == 1 || ledgers.kind == "sqs"));
}

TEST_CASE("a value is dead when its last reader has finished", "[servers]") {
  const Ledgers ledgers = new_ledgers(GENERATE(from_range(ledger_kinds())));
  const auto ledger = begun(ledgers, 5, {{0, 0}, {1, 0}, {2, 0}});
  const auto finish = [&](std::int64_t task, std::vector<cloud::Reading> reads,
                          Numbers outputs = {}) {
    cloud::Completion c = completion({task, "t", 1});
    c.reads = std::move(reads);
    c.outputs = std::move(outputs);
    return sorted(ledger->complete(c).dead);
  };
  CHECK(finish(0, {}, {100}) == Numbers{});
  CHECK(finish(1, {{100, 2}, {200, 1}}) == Numbers{200});
  CHECK(finish(1, {{100, 2}}) == Numbers{});
  CHECK(finish(0, {}, {100, 101}) == Numbers{});
  CHECK(finish(2, {{100, 2}}) == Numbers{100});
  CHECK(finish(0, {}, {100, 101}) == Numbers{100});
}

TEST_CASE("tasks that were run on the way are completed in the same step", "[servers]") {
  const Ledgers ledgers = new_ledgers(GENERATE(from_range(ledger_kinds())));
  const auto ledger = begun(ledgers, 5, {{0, 0}, {8, 0}});
  ledger->complete(completion({8, "t", 1}, {{2, 2, 0}}));
  CHECK(ledger->missing(2, 2) == 1);
  CHECK(ledger->missing(3, 2) == 2);
  cloud::Completion c = completion({2, "t", 1}, {{3, 1, 0}, {4, 1, 0}});
  c.before = {completion({0, "t", 1}, {{1, 1, 0}}), completion({1, "t", 1}, {{2, 2, 0}})};
  c.before[0].reads = {{50, 1}};
  c.reads = {{60, 1}, {70, 2}};
  const cloud::Completed completed = ledger->complete(c);
  CHECK(completed.counted);
  CHECK_FALSE(completed.last);
  CHECK(sorted(completed.dead) == Numbers{50, 60});
  CHECK(completed.repeated.empty());
  for (const std::int64_t task : {0, 1, 2}) CHECK(ledger->is_finished(task));
  CHECK(ledger->status().finished == 4);
  const cloud::Lease next = *ledger->take(taker()).lease;
  CHECK((next.task == 3 || next.task == 4));

  c.outputs = {60, 61};
  const cloud::Completed again = ledger->complete(c);
  CHECK_FALSE(again.counted);
  CHECK(again.repeated == Numbers{0, 1});
  CHECK(sorted(again.dead) == Numbers{50, 60});
  CHECK(ledger->status().finished == 4);

  cloud::Completion end = completion({3, "t", 1});
  end.before = {completion({1, "t", 1}, {{2, 2, 0}})};
  const cloud::Completed last = ledger->complete(end);
  CHECK(last.counted);
  CHECK(last.last);
  CHECK(last.repeated == Numbers{1});
  CHECK(last.phase == Phase::done);
  CHECK(ledger->complete(c).repeated == Numbers{0, 1});
  CHECK(sorted(ledger->complete(c).dead) == Numbers{60, 61});
}

TEST_CASE("a run that ends early takes nothing more", "[servers]") {
  const Ledgers ledgers = new_ledgers(GENERATE(from_range(ledger_kinds())));
  const auto ledger = begun(ledgers, 5, {{0, 0}, {1, 0}});
  const cloud::Lease lease = *ledger->take(taker()).lease;
  const std::string why = std::string("because\0of", 10) + "\n'ä'";
  ledger->end(Phase::failed, why);
  ledger->end(Phase::cancelled, "again");
  CHECK(ledgers.open()->status().phase == Phase::failed);
  CHECK(ledgers.open()->status().why == why);
  CHECK_FALSE(ledger->take(taker()).lease);
  CHECK(ledger->take(taker()).phase == Phase::failed);
  cloud::Completion c = completion(lease);
  c.outputs = {5, 6};
  const cloud::Completed completed = ledger->complete(c);
  CHECK_FALSE(completed.counted);
  CHECK(sorted(completed.dead) == Numbers{5, 6});
  CHECK(completed.phase == Phase::failed);
  CHECK_FALSE(ledger->is_finished(lease.task));
}

TEST_CASE("records of tasks come in order, some at a time", "[servers]") {
  const Ledgers ledgers = new_ledgers(GENERATE(from_range(ledger_kinds())));
  const auto ledger = begun(ledgers, 10000, {});
  Numbers tasks;
  for (std::int64_t k = 0; k < 700; ++k) tasks.push_back(k * 37 % 700 * 3);
  for (const std::int64_t task : tasks) {
    cloud::Completion c = completion({task, "t", 1});
    c.record = {
        "worker " + std::to_string(task), task, task + 1, 2, 3, 4, 5, true, std::string("\0:9", 3)};
    ledger->complete(c);
  }
  Numbers seen;
  for (std::int64_t from = 0;;) {
    const auto some = ledger->records(from, 100);
    if (some.empty()) break;
    CHECK(some.size() <= 100);
    for (const auto& [task, record] : some) {
      seen.push_back(task);
      if (record.worker != "worker " + std::to_string(task)) FAIL("record of another task");
    }
    from = some.back().first + 1;
  }
  CHECK(seen == sorted(tasks));
  const cloud::TaskRecord record = ledger->records(2097, 1).at(0).second;
  CHECK(record.begin == 2097);
  CHECK(record.end == 2098);
  CHECK(record.attempts == 2);
  CHECK(record.bytes_read == 3);
  CHECK(record.bytes_written == 4);
  CHECK(record.requests == 5);
  CHECK(record.handed_on);
  CHECK(record.digests == std::string("\0:9", 3));
}

TEST_CASE("large numbers of tasks are exact", "[servers]") {
  const Ledgers ledgers = new_ledgers(GENERATE(from_range(ledger_kinds())));
  const std::int64_t far = (std::int64_t{1} << 62) + 1;
  const auto ledger = begun(ledgers, 3, {{far, 1}, {far + 1, 0}});
  std::set<std::int64_t> taken{ledger->take(taker()).lease->task};
  ledger->complete(completion({far, "t", 1}, {{far + 2, 1, 9}}));
  CHECK(ledger->is_finished(far));
  CHECK_FALSE(ledger->is_finished(far + 1));
  while (const auto lease = ledger->take(taker()).lease) taken.insert(lease->task);
  taken.insert(far);
  CHECK(taken == std::set<std::int64_t>{far, far + 1, far + 2});
  CHECK(ledger->records(far, 5).size() == 1);
}

TEST_CASE("workers are known by what they noted last", "[servers]") {
  const Ledgers ledgers = new_ledgers(GENERATE(from_range(ledger_kinds())));
  const auto ledger = begun(ledgers, 1, {});
  const std::int64_t before = ledger->now();
  ledger->note({"b", 1, 0, 2, 3, 4, 5, 6, 7, 8, false});
  ledger->note({"a", 1, 0, 2, 3, 4, 5, 6, 7, 8, false});
  ledger->note({"b", 11, 0, 12, 13, 14, 15, 16, 17, 18, true});
  const auto workers = ledger->workers();
  REQUIRE(workers.size() == 2);
  CHECK(workers[0].worker == "a");
  const cloud::WorkerRecord& b = workers[1];
  CHECK(b.worker == "b");
  CHECK(b.begin == 11);
  CHECK(b.seen >= before);
  CHECK(b.seen <= ledger->now());
  CHECK(b.cores == 12);
  CHECK(b.memory == 13);
  CHECK(b.tasks == 14);
  CHECK(b.bytes_read == 15);
  CHECK(b.bytes_written == 16);
  CHECK(b.gets == 17);
  CHECK(b.puts == 18);
  CHECK(b.ended);
}

TEST_CASE("a run that is removed is missing for all who have it open", "[servers]") {
  const Ledgers ledgers = new_ledgers(GENERATE(from_range(ledger_kinds())));
  const auto ledger = begun(ledgers, 2, {{0, 0}, {1, 0}});
  const auto other = ledgers.open();
  const cloud::Lease lease = *other->take(taker()).lease;
  ledger->remove();
  CHECK(other->status().phase == Phase::missing);
  CHECK(other->take(taker()).phase == Phase::missing);
  CHECK_FALSE(other->complete(completion(lease)).counted);
  other->note({"b", 1, 0, 2, 3, 4, 5, 6, 7, 8, false});
  const auto again = ledgers.open();
  CHECK(again->status().phase == Phase::missing);
  CHECK(again->workers().empty());
  CHECK(again->records(0, 10).empty());
}

TEST_CASE("many workers that lose leases finish a graph, each task once", "[servers]") {
  const Ledgers ledgers = new_ledgers(GENERATE(from_range(ledger_kinds())));
  // Task (level, k) needs (level - 1, k) and (level - 1, k + 1 mod width).
  const std::int64_t width = 8, levels = ledgers.kind == "sqs" ? 6 : 30;
  std::vector<cloud::Ready> roots;
  for (std::int64_t k = 0; k < width; ++k) roots.push_back({k, 0});
  begun(ledgers, width * levels, roots);
  std::atomic<int> counted = 0, last = 0, early = 0;
  const auto work = [&](unsigned seed) {
    std::minstd_rand random(seed);
    const auto ledger = ledgers.open();
    while (true) {
      const cloud::Taken taken =
          ledger->take(taker(std::to_string(seed), random() % 3 == 0 ? 1 : 50));
      if (taken.phase == Phase::done) return;
      if (!taken.lease) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        continue;
      }
      const std::int64_t task = taken.lease->task, k = task % width;
      if (task >= width && (!ledger->is_finished(task - width) ||
                            !ledger->is_finished(task - width - k + (k + 1) % width)))
        ++early;
      if (random() % 8 == 0) continue;
      std::vector<cloud::Successor> next;
      if (task + width < width * levels) {
        const std::int64_t row = task - k + width;
        next = {{row + k, 2, 0}, {row + (k + width - 1) % width, 2, 0}};
      }
      const cloud::Completion c = completion(*taken.lease, next);
      for (unsigned times = 1 + static_cast<unsigned>(random() % 2); times > 0; --times) {
        const cloud::Completed done = ledger->complete(c);
        counted += done.counted ? 1 : 0;
        last += done.last ? 1 : 0;
      }
    }
  };
  {
    std::vector<std::jthread> workers;
    for (unsigned w = 1; w <= 4; ++w) workers.emplace_back(work, w);
  }
  CHECK(counted == width * levels);
  CHECK(last == 1);
  CHECK(early == 0);
  CHECK(ledgers.open()->status().ready == 0);
  CHECK(ledgers.open()->status().leased == 0);
}

}  // namespace ledger_test
