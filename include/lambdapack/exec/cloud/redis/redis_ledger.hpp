// The ledger of runs on many machines: in a Redis server.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lambdapack/exec/cloud/ledger.hpp"
#include "lambdapack/exec/cloud/redis/fields.hpp"
#include "lambdapack/exec/cloud/redis/scripts.hpp"

namespace lambdapack::exec::cloud {

/// A ledger in Redis, 5 or newer, by whose clock leases end. Each call is one script: done, or not
/// done, as a whole. What Redis has told must survive it: `appendonly yes`, and `appendfsync
/// always` where values are removed after their last reader.
class RedisLedger final : public Ledger {
 public:
  /// The ledger of a run at redis://...; see redis::parse_place. Nothing is asked of the server
  /// yet.
  RedisLedger(const std::string& url, const std::string& run, redis::Limits limits = {})
      : connections_(redis::parse_place(url), limits),
        base_(text({"lambdapack:{", run, "}:"})),
        mine_(text({std::random_device{}(), "."})) {}

  std::string describe() const override { return connections_.place().describe(); }

  void create(std::int64_t total) override { run(scripts().create, {number(total)}); }

  void seed(std::span<const Ready> roots) override {
    constexpr std::size_t at_once = 1000;
    for (std::size_t k = 0; k < roots.size(); k += at_once) {
      std::vector<std::string> words;
      for (const Ready& r : roots.subspan(k, std::min(at_once, roots.size() - k))) {
        words.push_back(number(r.task));
        words.push_back(score(r.urgency));
      }
      run(scripts().seed, words);
    }
  }

  void seeded() override { run(scripts().seeded, {}); }

  Taken take(const Taker& taker) override {
    if (!taker.choose) return take(taker, 0, "").taken;
    Look look = take(taker, 16, "");
    if (look.ready.empty()) return look.taken;
    const std::size_t chosen = taker.choose(look.ready);
    return take(taker, 0, number(look.ready.at(chosen).task)).taken;
  }

  std::vector<std::int64_t> renew(std::span<const Lease> leases,
                                  std::chrono::milliseconds lease) override {
    std::vector<std::string> words{number(lease.count())};
    for (const Lease& l : leases) {
      words.push_back(number(l.task));
      words.push_back(l.token);
    }
    return integers(run(scripts().renew, words));
  }

  void give_back(const Lease& lease) override {
    run(scripts().give_back, {number(lease.task), lease.token});
  }

  Completed complete(const Completion& c) override {
    const std::string token = c.next ? new_token(*c.next) : "";
    std::vector<std::string> words{token, number(c.next ? c.next->lease.count() : 0),
                                   number(std::ssize(c.before) + 1)};
    for (const Completion& before : c.before) append(words, before);
    append(words, c);
    const redis::Reply reply = run(scripts().complete, words);
    Completed completed;
    completed.phase = phase(reply[0].text());
    completed.counted = reply[1].integer() != 0;
    completed.last = reply[2].integer() != 0;
    completed.dead = integers(reply[3]);
    completed.repeated = integers(reply[4]);
    if (reply.size() > 5)
      completed.next = Lease{reply[5].integer(), token, static_cast<int>(reply[6].integer())};
    return completed;
  }

  std::int64_t missing(std::int64_t task, std::int64_t in_degree) override {
    const redis::Reply arrived = run(scripts().missing, {number(task)});
    return arrived.is_nothing() ? in_degree : in_degree - arrived.integer();
  }

  void end(Phase phase, const std::string& why) override {
    run(scripts().end, {std::string(name(phase)), why});
  }

  Status status() override {
    const redis::Reply reply = run(scripts().status, {});
    Status status;
    status.phase = phase(reply[0].text());
    if (status.phase == Phase::missing) return status;
    status.why = std::string(reply[1].text());
    status.total = reply[2].integer();
    status.finished = reply[3].integer();
    status.ready = reply[4].integer();
    status.leased = reply[5].integer();
    return status;
  }

  bool is_finished(std::int64_t task) override {
    return run(scripts().is_finished, {number(task)}).integer() != 0;
  }

  std::vector<std::pair<std::int64_t, TaskRecord>> records(std::int64_t from,
                                                           std::int64_t most) override {
    const redis::Reply blocks = run(scripts().records, {number(from), number(most)});
    std::vector<std::pair<std::int64_t, TaskRecord>> found;
    for (std::size_t b = 0; b < blocks.size(); ++b) {
      const redis::Reply block = blocks[b];
      for (std::size_t k = 0; k + 1 < block.size(); k += 2)
        if (const std::int64_t task = block[k].integer(); task >= from)
          found.emplace_back(task, redis::read_task(block[k + 1].text()));
    }
    std::sort(found.begin(), found.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    if (std::ssize(found) > most) found.resize(static_cast<std::size_t>(most));
    return found;
  }

  void note(const WorkerRecord& worker) override {
    run(scripts().note, {worker.worker, redis::write(worker)});
  }

  std::vector<WorkerRecord> workers() override {
    const redis::Reply reply = run(scripts().workers, {});
    std::vector<WorkerRecord> found;
    for (std::size_t k = 0; k + 1 < reply.size(); k += 2) {
      const std::string_view record = reply[k + 1].text();
      const std::size_t blank = std::min(record.find(' '), record.size());
      std::int64_t seen = 0;
      std::from_chars(record.data(), record.data() + blank, seen);
      found.push_back(redis::read_worker(reply[k].text(), seen,
                                         record.substr(std::min(blank + 1, record.size()))));
    }
    std::sort(found.begin(), found.end(),
              [](const auto& a, const auto& b) { return a.worker < b.worker; });
    return found;
  }

  std::int64_t now() override {
    const redis::Reply time = connections_.command({"TIME"});
    return time[0].integer() * 1000 + time[1].integer() / 1000;
  }

  void remove() override { run(scripts().remove, {}); }

  /// For a queue that is apart: up to `most` tasks that are ready, or that were handed out longer
  /// than `time` ago without a word of `handed_out`.
  std::vector<std::int64_t> hand_out(std::chrono::milliseconds time, std::int64_t most) {
    return integers(run(scripts().hand_out, {number(time.count()), number(most)})[1]);
  }
  /// They are in the queue.
  void handed_out(const std::vector<std::int64_t>& tasks) {
    std::vector<std::string> words;
    for (const std::int64_t task : tasks) words.push_back(number(task));
    run(scripts().handed_out, words);
  }
  /// How the run is, and whether a task has finished.
  std::pair<Phase, bool> look(std::int64_t task) {
    const redis::Reply reply = run(scripts().look, {number(task)});
    return {phase(reply[0].text()), reply[1].integer() != 0};
  }

 private:
  struct Look {
    Taken taken;
    std::vector<Ready> ready{};
  };

  static const redis::Scripts& scripts() {
    static const redis::Scripts all;
    return all;
  }

  redis::Reply run(const redis::Script& script, const std::vector<std::string>& words) {
    return script.run(connections_, base_, words);
  }

  Look take(const Taker& taker, int show, const std::string& wanted) {
    const std::string token = new_token(taker);
    const redis::Reply reply =
        run(scripts().take, {token, number(taker.lease.count()), number(show), wanted});
    Look look{{std::nullopt, phase(reply[0].text())}};
    if (reply.size() == 3)
      look.taken.lease = Lease{reply[1].integer(), token, static_cast<int>(reply[2].integer())};
    if (reply.size() != 2) return look;
    const redis::Reply ready = reply[1];
    for (std::size_t k = 0; k + 1 < ready.size(); k += 2)
      look.ready.push_back({ready[k].integer(), -static_cast<int>(ready[k + 1].integer())});
    return look;
  }

  static void append(std::vector<std::string>& words, const Completion& c) {
    words.insert(words.end(),
                 {number(c.lease.task), redis::write(c.record), number(std::ssize(c.successors)),
                  number(std::ssize(c.reads)), number(std::ssize(c.outputs))});
    for (const Successor& s : c.successors)
      words.insert(words.end(), {number(s.task), number(s.in_degree), score(s.urgency)});
    for (const Reading& r : c.reads)
      words.insert(words.end(), {number(r.value), number(r.readers)});
    for (const std::int64_t output : c.outputs) words.push_back(number(output));
  }

  std::string new_token(const Taker& taker) { return text({taker.worker, ".", mine_, ++leases_}); }

  static std::string number(std::int64_t value) { return std::to_string(value); }
  // The most urgent come first.
  static std::string score(int urgency) { return std::to_string(-std::int64_t{urgency}); }

  static std::vector<std::int64_t> integers(const redis::Reply& list) {
    std::vector<std::int64_t> found;
    for (std::size_t k = 0; k < list.size(); ++k) found.push_back(list[k].integer());
    return found;
  }

  static constexpr std::array<std::pair<std::string_view, Phase>, 6> phases{
      {{"starting", Phase::starting},
       {"running", Phase::running},
       {"done", Phase::done},
       {"failed", Phase::failed},
       {"cancelled", Phase::cancelled},
       {"missing", Phase::missing}}};

  static std::string_view name(Phase phase) {
    for (const auto& [name, p] : phases)
      if (p == phase) return name;
    throw internal_error("a phase without a name");
  }
  static Phase phase(std::string_view name) {
    for (const auto& [n, p] : phases)
      if (n == name) return p;
    throw run_error(text({"lambdapack: a run in Redis is ", net::printable(name, 20),
                          ", which this version of lambdapack does not know; use the one that "
                          "began it"}));
  }

  redis::Connections connections_;
  const std::string base_;
  const std::string mine_;
  std::atomic<std::int64_t> leases_ = 0;
};

}  // namespace lambdapack::exec::cloud
