// Ledgers of every kind, for the tests that all of them must pass.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "lambdapack/exec/cloud/redis/redis_ledger.hpp"
#include "lambdapack/exec/cloud/sqlite_ledger.hpp"
#include "lambdapack/exec/cloud/sqs/sqs_ledger.hpp"
#include "node_servers.hpp"
#include "service.hpp"
#include "support/folder.hpp"
#include "surroundings.hpp"

namespace cloud_net_test {

namespace cloud = lambdapack::exec::cloud;

/// A Redis that serves all tests of a program.
inline Service& redis() {
  static Service service("redis");
  return service;
}

inline std::string redis_url() { return "redis://127.0.0.1:" + redis().word(0); }

/// Opens the ledger of one run any number of times, as its workers do.
struct Ledgers {
  std::string kind;
  std::function<std::shared_ptr<cloud::Ledger>()> open;
};

#ifdef LAMBDAPACK_TEST_NODE
/// An SQS that serves all tests of a program, and the keys to it.
inline Service& sqs() {
  static Surroundings surroundings;
  static Service service("sqs", {LAMBDAPACK_TEST_NODE});
  surroundings.credentials("KEY", "secret");
  return service;
}

inline std::string sqs_url() {
  return "sqs://tiles?state=" + redis_url() + "&endpoint=http://127.0.0.1:" + sqs().word(0);
}
#endif

/// The kinds of ledgers whose queue gives the most urgent first.
inline std::vector<std::string> ordered_ledger_kinds() { return {"sqlite", "redis"}; }

/// The kinds of ledgers there are.
inline std::vector<std::string> ledger_kinds() {
  std::vector<std::string> kinds = ordered_ledger_kinds();
#ifdef LAMBDAPACK_TEST_NODE
  if (has_node_servers()) kinds.push_back("sqs");
#endif
  return kinds;
}

/// One of a run that nobody has begun.
inline Ledgers new_ledgers(const std::string& kind) {
  static int runs = 0;
  const std::string run = "run-" + std::to_string(++runs);
  if (kind == "redis")
    return {kind, [run] { return std::make_shared<cloud::RedisLedger>(redis_url(), run); }};
#ifdef LAMBDAPACK_TEST_NODE
  if (kind == "sqs")
    return {kind, [run] { return std::make_shared<cloud::SqsLedger>(sqs_url(), run); }};
#endif
  const auto folder = std::make_shared<test_support::Folder>();
  return {kind, [=] {
            return std::make_shared<cloud::SqliteLedger>(folder->file(run + ".sqlite"), true);
          }};
}

inline cloud::Completion completion(const cloud::Lease& lease,
                                    std::vector<cloud::Successor> successors = {}) {
  cloud::Completion c;
  c.lease = lease;
  c.successors = std::move(successors);
  c.record.worker = "w";
  return c;
}

inline cloud::Taker taker(const std::string& worker = "w", int lease_ms = 60000) {
  cloud::Taker t;
  t.worker = worker;
  t.lease = std::chrono::milliseconds(lease_ms);
  return t;
}

/// The next lease: of a task that is ready, or that is as soon as somebody's lease is over.
inline cloud::Lease take_soon(cloud::Ledger& ledger, const cloud::Taker& by = taker()) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (std::chrono::steady_clock::now() < end) {
    if (const auto lease = ledger.take(by).lease) return *lease;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  throw std::runtime_error("nothing can be taken from the ledger for 30 s");
}

}  // namespace cloud_net_test
