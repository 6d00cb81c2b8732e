// What only a server can do to a ledger: refuse, restart, forget, be somebody else's.
#include <atomic>
#include <catch2/catch.hpp>

#include "lambdapack/exec/cloud/transports.hpp"
#include "lambdapack/exec/cloud/url.hpp"
#include "ledgers.hpp"
#include "server.hpp"
#include "support/said.hpp"
#include "surroundings.hpp"

namespace redis_test {

using namespace cloud_net_test;
using Catch::Matchers::Contains;
using test_support::said;

namespace {

cloud::redis::Limits quick() { return {std::chrono::seconds(10), std::chrono::seconds(10)}; }

}  // namespace

TEST_CASE("what Redis was told survives that it is killed") {
  Service service("redis");
  cloud::RedisLedger ledger("redis://127.0.0.1:" + service.word(0), "run", quick());
  ledger.create(3);
  ledger.seed(std::vector<cloud::Ready>{{0, 0}, {1, 0}});
  ledger.seeded();
  const cloud::Lease first = *ledger.take(taker()).lease;
  ledger.complete(completion(first, {{2, 2, 0}}));
  const cloud::Lease second = *ledger.take(taker()).lease;
  service.tell("stop");
  CHECK_THAT(said<cloud::unavailable>([&] { ledger.status(); }),
             Contains("lambdapack: redis://127.0.0.1:") && Contains("check that the server runs"));
  CHECK_THROWS_AS(ledger.complete(completion(second, {{2, 2, 0}})), cloud::unavailable);
  service.tell("start");
  CHECK(ledger.is_finished(first.task));
  CHECK(ledger.status().leased == 1);
  CHECK(ledger.complete(completion(second, {{2, 2, 0}})).counted);
  CHECK(ledger.complete(completion(*ledger.take(taker()).lease)).last);
}

TEST_CASE("workers go on when Redis is killed and comes back, again and again") {
  Service service("redis");
  const std::string url = "redis://127.0.0.1:" + service.word(0);
  constexpr std::int64_t tasks = 1500;
  cloud::RedisLedger ledger(url, "run", quick());
  ledger.create(tasks);
  ledger.seed(std::vector<cloud::Ready>{{0, 0}});
  ledger.seeded();
  std::atomic<int> counted = 0;
  std::atomic<std::int64_t> reached = 0;
  const auto work = [&] {
    cloud::RedisLedger mine(url, "run", quick());
    while (true) try {
        const cloud::Taken taken = mine.take(taker("w", 200));
        if (taken.phase == cloud::Phase::done) return;
        if (!taken.lease) {
          std::this_thread::sleep_for(std::chrono::milliseconds(1));
          continue;
        }
        std::vector<cloud::Successor> next;
        for (const std::int64_t s : {2 * taken.lease->task + 1, 2 * taken.lease->task + 2})
          if (s < tasks) next.push_back({s, 1, 0});
        counted += mine.complete(completion(*taken.lease, next)).counted ? 1 : 0;
        reached = std::max(reached.load(), taken.lease->task);
      } catch (const cloud::unavailable&) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
      }
  };
  {
    std::vector<std::jthread> workers;
    for (int w = 0; w < 3; ++w) workers.emplace_back(work);
    for (int times = 1; times <= 3; ++times) {
      const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
      while (reached < times * tasks / 5 && std::chrono::steady_clock::now() < end)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      service.tell("stop");
      service.tell("start");
    }
  }
  CHECK(ledger.status().finished == tasks);
  CHECK(ledger.status().ready + ledger.status().leased == 0);
  // The answer to a completion may be lost, but not the completion.
  CHECK(counted <= tasks);
}

TEST_CASE("scripts that Redis has forgotten are sent again") {
  const Ledgers ledgers = new_ledgers("redis");
  const auto ledger = ledgers.open();
  ledger->create(1);
  redis().tell("forget");
  CHECK(ledger->status().total == 1);
  redis().tell("forget");
  ledger->seed(std::vector<cloud::Ready>{{0, 0}});
  CHECK(ledger->status().ready == 1);
}

TEST_CASE("a lease that a clock gave in the future is over") {
  cloud::RedisLedger ledger(redis_url(), "future");
  ledger.create(1);
  ledger.seed(std::vector<cloud::Ready>{{7, 0}});
  const cloud::Lease lease = *ledger.take(taker("w", 60000)).lease;
  CHECK_FALSE(ledger.take(taker()).lease);
  cloud::redis::Connections connections(cloud::redis::parse_place(redis_url()));
  connections.command({"ZADD", "lambdapack:{future}:leased", "99999999999999", "7"});
  const cloud::Lease again = *ledger.take(taker()).lease;
  CHECK(again.attempt == 2);
  CHECK(ledger.renew(std::vector{lease}, std::chrono::seconds(1)) == std::vector<std::int64_t>{7});
}

TEST_CASE("runs in one Redis have nothing to do with each other") {
  const auto a = new_ledgers("redis").open(), b = new_ledgers("redis").open();
  a->create(1);
  b->create(2);
  a->remove();
  CHECK(b->status().total == 2);
}

TEST_CASE("Redis with passwords") {
  Surroundings s;
  s.set("REDISCLI_AUTH", "");
  Service service("redis", {"hidden"});
  const std::string at = "127.0.0.1:" + service.word(0);
  const auto status = [](const std::string& url) {
    return said<lp::input_error>([&] { cloud::RedisLedger(url, "run").status(); });
  };
  CHECK_THAT(status("redis://" + at), Contains("lets nobody in so (NOAUTH"));
  s.set("REDISCLI_AUTH", "wrong-hidden");
  CHECK_THAT(status("redis://" + at),
             Contains("lets nobody in so (WRONGPASS") && !Contains("hidden"));
  s.set("REDISCLI_AUTH", "hidden");
  CHECK(status("redis://" + at) == "");
  CHECK(status("redis://tiles@" + at + "/3") == "");
  CHECK_THAT(status("redis://nobody@" + at), Contains("WRONGPASS") && !Contains("hidden"));
  CHECK_THAT(status("redis://" + at + "/99"), Contains("refuses SELECT"));
  CHECK(cloud::RedisLedger("redis://tiles@" + at, "run").describe() == "redis://" + at);
}

TEST_CASE("a password in the URL of a queue is refused, for it would be in what others see") {
  const auto refused = [](const std::string& url) {
    return said<lp::input_error>([&] { cloud::RedisLedger ledger(url, "run"); });
  };
  for (const char* url : {"redis://:hidden@h", "redis://user:hidden@h:1/2"})
    CHECK_THAT(refused(url), Contains("it has a password") && Contains("REDISCLI_AUTH") &&
                                 Contains("redis://...@h") && !Contains("hidden"));
  CHECK_THAT(said<lp::input_error>(
                 [] { cloud::open_ledger("rediss://user:hidden@h", cloud::Keys("run"), true); }),
             Contains("is no queue") && !Contains("hidden"));
  CHECK_THAT(said<lp::input_error>([] { cloud::Url("cloud:/?queue=redis://u:hidden@h"); }),
             Contains("is no URL of a run") && !Contains("hidden"));
}

TEST_CASE("a task that was finished before it is made ready is not handed out again") {
  const Ledgers ledgers = new_ledgers("redis");
  const auto ledger = ledgers.open();
  ledger->create(4);
  ledger->seed(std::vector<cloud::Ready>{{0, 0}, {1, 0}});
  ledger->seeded();
  const cloud::Lease a = *ledger->take(taker()).lease, b = *ledger->take(taker()).lease;
  CHECK(ledger->complete(completion(a, {{2, 2, 0}})).counted);
  CHECK(ledger->complete(completion({2, "t", 1}, {{3, 2, 0}})).counted);
  cloud::Completion last = completion(b, {{2, 2, 0}, {3, 2, 0}});
  last.next = taker();
  const cloud::Completed completed = ledger->complete(last);
  REQUIRE(completed.next);
  CHECK(completed.next->task == 3);
  CHECK(ledger->status().ready == 0);
  CHECK(ledger->complete(completion(*completed.next)).last);
}

TEST_CASE("a task that is ready though it is finished is dropped") {
  const std::string run = "finished-and-ready";
  cloud::RedisLedger ledger(redis_url(), run);
  ledger.create(4);
  ledger.seed(std::vector<cloud::Ready>{{5, 0}, {6, 0}, {7, 0}});
  ledger.seeded();
  CHECK(ledger.complete(completion({5, "t", 1})).counted);
  CHECK(ledger.complete(completion({6, "t", 1})).counted);
  cloud::redis::Connections connections(cloud::redis::parse_place(redis_url()));
  connections.command({"ZADD", "lambdapack:{finished-and-ready}:ready", "0", "5"});
  connections.command({"ZADD", "lambdapack:{finished-and-ready}:leased", "1", "6"});
  CHECK(ledger.take(taker()).lease->task == 7);
  CHECK_FALSE(ledger.take(taker()).lease);
  CHECK(ledger.status().ready == 0);
  CHECK(ledger.status().leased == 1);
}

TEST_CASE("a Redis without memory is waited for") {
  Service service("redis");
  const std::string url = "redis://127.0.0.1:" + service.word(0);
  cloud::RedisLedger ledger(url, "run");
  cloud::redis::Connections connections(cloud::redis::parse_place(url));
  connections.command({"CONFIG", "SET", "maxmemory", "1"});
  CHECK_THAT(said<cloud::unavailable>([&] { ledger.create(1); }), Contains("is not ready (OOM"));
  connections.command({"CONFIG", "SET", "maxmemory", "0"});
  ledger.create(1);
  CHECK(ledger.status().total == 1);

  using cloud::redis::may_pass;
  CHECK(
      may_pass("ERR Error running script (call to f_0a): @user_script:7: @user_script: 7: -OOM "
               "command not allowed when used memory > 'maxmemory'."));
  CHECK(
      may_pass("ERR Error running script (call to f_0a): @user_script:7: @user_script: 7: "
               "-MISCONF Redis is configured to save RDB snapshots"));
  CHECK_FALSE(may_pass("ERR Error running script (call to f_0a): @user_script:7: WRONGTYPE"));
}

TEST_CASE("what is no Redis, or nobody, is said") {
  Server web([](const Asked&) { return Answer{}; });
  const std::string at = "redis://127.0.0.1:" + std::to_string(web.port());
  CHECK_THAT(said<cloud::unavailable>([&] { cloud::RedisLedger(at, "run", quick()).status(); }),
             Contains("sends no answer"));
  CHECK_THAT(said<cloud::unavailable>(
                 [&] { cloud::RedisLedger("redis://127.0.0.1:1", "run", quick()).status(); }),
             Contains("cannot be reached") && Contains("check that the server runs"));
}

TEST_CASE("keys that somebody else has written are refused with a sentence") {
  cloud::redis::Connections connections(cloud::redis::parse_place(redis_url()));
  connections.command({"SET", "lambdapack:{other}:run", "x"});
  cloud::RedisLedger ledger(redis_url(), "other");
  CHECK_THAT(said<lp::run_error>([&] { ledger.status(); }),
             Contains("fails a script of lambdapack (") && Contains("that nobody else writes"));
  connections.command({"DEL", "lambdapack:{other}:run"});
  connections.command({"HSET", "lambdapack:{other}:run", "phase", "odd"});
  CHECK_THAT(said<lp::run_error>([&] { ledger.take(taker()); }), Contains("a run in Redis is odd"));
  connections.command({"HSET", "lambdapack:{other}:workers", "w", "12 3:x"});
  CHECK_THAT(said<lp::run_error>([&] { ledger.workers(); }), Contains("is broken"));
}

TEST_CASE("URLs that name no Redis are refused with a sentence") {
  const auto refused = [](const std::string& url) {
    return said<lp::input_error>([&] { cloud::RedisLedger ledger(url, "run"); });
  };
  CHECK_THAT(refused("http://h"), Contains("it is not redis://"));
  CHECK_THAT(refused("rediss://h"), Contains("TLS") && Contains("stunnel"));
  CHECK_THAT(refused("redis://"), Contains("it has no host"));
  CHECK_THAT(refused("redis://h/x"), Contains("its database is not a number"));
  CHECK_THAT(refused("redis://u@h?a=b"),
             Contains("settings behind '?'") && Contains("redis://...@h") && !Contains("hidden"));
}

}  // namespace redis_test
