// The ledger of runs whose ready tasks are messages of SQS. What is ready in Redis is what has yet
// to be put into the queue: whoever makes tasks ready does it, and whoever finds the queue empty
// does it for those who died in between. So a task may be in the queue several times, and is
// finished once, for Redis counts.
#pragma once

#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/exec/cloud/net/digest.hpp"
#include "lambdapack/exec/cloud/redis/redis_ledger.hpp"
#include "lambdapack/exec/cloud/sqs/queue.hpp"

namespace lambdapack::exec::cloud {

/// A ledger with its queue in SQS, and all else in Redis. Leases are whole seconds; urgency and a
/// taker's choice do not count, for nobody can look into such a queue, and a lease that is over may
/// still be prolonged as long as nobody else has taken its task.
class SqsLedger final : public Ledger {
 public:
  /// The ledger of a run at sqs://PREFIX?state=redis://HOST&region=...&endpoint=...: each run has a
  /// queue PREFIX-RUN. Nothing is asked of the servers yet.
  SqsLedger(const std::string& url, const std::string& run) : SqsLedger(parse(url, run), run) {}

  std::string describe() const override {
    return text(
        {"sqs://", queue_.name(), " at ", queue_.place().origin, " with ", state_.describe()});
  }

  void create(std::int64_t total) override {
    queue_.create();
    state_.create(total);
  }
  void seed(std::span<const Ready> roots) override {
    state_.seed(roots);
    while (move_some() > 0) {
    }
  }
  void seeded() override { state_.seeded(); }

  Taken take(const Taker& taker) override {
    for (;;) {
      std::optional<sqs::Message> message = receive(taker.lease);
      if (!message) {
        const bool moved = move_some() > 0;
        const Phase phase = state_.status().phase;
        if (!moved || !is_live(phase)) return {std::nullopt, phase};
        continue;
      }
      const std::int64_t task = task_of(*message);
      const auto [phase, finished] = state_.look(task);
      if (is_live(phase) && !finished)
        return {Lease{task, message->receipt, message->receives}, phase};
      queue_.drop(message->receipt);
      if (!is_live(phase)) return {std::nullopt, phase};
    }
  }

  std::vector<std::int64_t> renew(std::span<const Lease> leases,
                                  std::chrono::milliseconds lease) override {
    std::vector<std::string> receipts;
    for (const Lease& l : leases) receipts.push_back(l.token);
    const std::vector<bool> prolonged = prolong(receipts, lease);
    std::vector<std::int64_t> lost;
    for (std::size_t k = 0; k < leases.size(); ++k)
      if (!prolonged[k]) lost.push_back(leases[k].task);
    return lost;
  }

  void give_back(const Lease& lease) override {
    prolong({lease.token}, std::chrono::milliseconds(0));
  }

  /// Once Redis has counted the task, the rest may fail: what is not moved to the queue others
  /// move, and a message that stays is dropped by who gets it.
  Completed complete(const Completion& completion) override {
    Completion alone = completion;
    alone.next.reset();
    Completed completed = state_.complete(alone);
    try {
      while (move_some() > 0) {
      }
      queue_.drop(completion.lease.token);
    } catch (const unavailable&) {
    }
    return completed;
  }

  std::int64_t missing(std::int64_t task, std::int64_t in_degree) override {
    return state_.missing(task, in_degree);
  }

  void end(Phase phase, const std::string& why) override { state_.end(phase, why); }

  Status status() override {
    Status status = state_.status();
    if (status.phase == Phase::missing) return status;
    const sqs::Depth depth = queue_.depth();
    status.ready += depth.waiting;
    status.leased = depth.taken;
    return status;
  }

  bool is_finished(std::int64_t task) override { return state_.is_finished(task); }
  std::vector<std::pair<std::int64_t, TaskRecord>> records(std::int64_t from,
                                                           std::int64_t most) override {
    return state_.records(from, most);
  }
  void note(const WorkerRecord& worker) override { state_.note(worker); }
  std::vector<WorkerRecord> workers() override { return state_.workers(); }
  std::int64_t now() override { return state_.now(); }
  void remove() override {
    state_.remove();
    queue_.remove();
  }

 private:
  struct Place {
    std::string state;
    net::AwsPlace aws;
    std::string queue;
  };

  SqsLedger(Place place, const std::string& run)
      : state_(place.state, run), queue_(std::move(place.aws), std::move(place.queue)) {}

  static Place parse(const std::string& url, const std::string& run) {
    const net::Url parts = net::parse_url(url);
    const auto state = parts.query.find("state");
    if (parts.scheme != "sqs" || parts.host.empty() || state == parts.query.end())
      throw input_error(
          text({"lambdapack: the queue ", net::detail::without_user(url),
                " cannot be used: expected is sqs://PREFIX?state=redis://HOST&region=..., for the "
                "queue is in SQS, and the state of a run in Redis"}));
    return {state->second, net::find_aws_place("sqs", parts, "AWS_ENDPOINT_URL_SQS"),
            queue_name(parts.host, run)};
  }

  // Of up to 80 letters, digits, '-' and '_'. What that changes in a name must not make two runs
  // one.
  static std::string queue_name(const std::string& prefix, const std::string& run) {
    std::string name = prefix + "-" + run;
    bool same = name.size() <= 80;
    for (char& c : name) {
      const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        (c >= '0' && c <= '9') || c == '-' || c == '_';
      if (!good) c = '_';
      same = same && good;
    }
    if (same) return name;
    return name.substr(0, 60) + "-" + net::hex(net::sha256(prefix + "/" + run)).substr(0, 16);
  }

  static bool is_live(Phase phase) { return phase == Phase::starting || phase == Phase::running; }

  // Without a queue there is no run.
  std::optional<sqs::Message> receive(std::chrono::milliseconds lease) {
    try {
      return queue_.receive(lease, std::chrono::seconds(1));
    } catch (const net::aws_refusal& e) {
      if (!sqs::Queue::is_missing(e)) throw;
      return std::nullopt;
    }
  }

  std::vector<bool> prolong(const std::vector<std::string>& receipts,
                            std::chrono::milliseconds lease) {
    try {
      return queue_.prolong(receipts, lease);
    } catch (const net::aws_refusal& e) {
      if (!sqs::Queue::is_missing(e)) throw;
      return std::vector<bool>(receipts.size(), false);
    }
  }

  // How many ready tasks have gone from Redis into the queue.
  std::size_t move_some() {
    const std::vector<std::int64_t> tasks = state_.hand_out(std::chrono::seconds(10), 10);
    if (tasks.empty()) return 0;
    std::vector<std::string> bodies;
    for (const std::int64_t task : tasks) bodies.push_back(std::to_string(task));
    const std::vector<bool> sent = queue_.send(bodies);
    std::vector<std::int64_t> moved;
    for (std::size_t k = 0; k < tasks.size(); ++k)
      if (sent[k]) moved.push_back(tasks[k]);
    state_.handed_out(moved);
    return moved.size();
  }

  std::int64_t task_of(const sqs::Message& message) const {
    const std::string& body = message.body;
    std::int64_t task = 0;
    const auto [rest, error] = std::from_chars(body.data(), body.data() + body.size(), task);
    if (error != std::errc() || rest != body.data() + body.size())
      throw run_error(
          text({"lambdapack: the message \"", net::printable(body, 40), "\" in ", describe(),
                " is no number of a task; check that nobody else sends messages to "
                "this queue"}));
    return task;
  }

  RedisLedger state_;
  sqs::Queue queue_;
};

}  // namespace lambdapack::exec::cloud
