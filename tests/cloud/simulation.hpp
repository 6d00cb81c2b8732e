// Many workers of one run in one process, one step at a time, in an order and with accidents that
// come from a seed.
#pragma once

#include <cstdint>
#include <functional>
#include <lambdapack/exec/cloud/patient_ledger.hpp>
#include <lambdapack/exec/cloud/publish.hpp>
#include <lambdapack/exec/cloud/slot.hpp>
#include <lambdapack/exec/cloud/sqlite_ledger.hpp>
#include <lambdapack/lambdapack.hpp>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace test_cloud {

namespace cloud = lp::exec::cloud;

/// Sudden death of a worker.
struct Killed {};

/// How often what goes wrong, of 1000 times.
struct Accidents {
  int death = 0;            ///< a worker between two steps
  int death_in_ledger = 0;  ///< a worker when the ledger has done what it asked for
  int lost_reply = 0;       ///< a call of store or ledger has been done, or not, and fails
  int lost_object = 0;      ///< an object is not there when it is read, for good
  int damaged_object = 0;   ///< an object is cut short or changed when it is read
  int old_lease = 0;        ///< a lease is delivered a second time
  int any_order = 0;        ///< the most urgent task is not the one that is taken
  int clock = 0;            ///< the clock goes on
  int jump = 0;             ///< the clock jumps, to either side
  int renew = 0;            ///< a worker renews its leases
};

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : generator_(seed) {}
  bool of(int thousandths) { return below(1000) < static_cast<std::uint64_t>(thousandths); }
  std::uint64_t below(std::uint64_t n) { return generator_() % n; }

 private:
  std::mt19937_64 generator_;
};

/// Objects in memory.
class MemoryObjects final : public cloud::ObjectStore {
 public:
  MemoryObjects(Chance& chance, const Accidents& accidents)
      : chance_(chance), accidents_(accidents) {}

  std::string describe() const override { return "objects in memory"; }
  std::optional<std::string> get(const std::string& key) override {
    lose_reply();
    const auto at = objects_.find(key);
    if (at == objects_.end()) return std::nullopt;
    const bool is_value =
        key.find("/values/") != std::string::npos || key.find("/arrays/") != std::string::npos;
    if (is_value && chance_.of(accidents_.lost_object)) {
      objects_.erase(at);
      return std::nullopt;
    }
    std::string bytes = at->second;
    if (is_value && chance_.of(accidents_.damaged_object)) {
      if (chance_.of(500))
        bytes.resize(chance_.below(bytes.size()));
      else
        bytes[chance_.below(bytes.size())] ^= 1;
    }
    return bytes;
  }
  std::optional<std::string> get(const std::string& key, std::int64_t offset,
                                 std::int64_t size) override {
    return objects_.at(key).substr(static_cast<std::size_t>(offset),
                                   static_cast<std::size_t>(size));
  }
  void put(const std::string& key, std::string_view bytes) override {
    cloud::check_key(key);
    lose_reply();
    objects_[key] = bytes;
    lose_reply();
  }
  bool put_if_absent(const std::string& key, std::string_view bytes) override {
    return objects_.emplace(key, bytes).second;
  }
  void remove(const std::string& key) override {
    lose_reply();
    objects_.erase(key);
  }
  std::vector<std::string> list(const std::string& prefix) override {
    std::vector<std::string> keys;
    for (const auto& [key, bytes] : objects_)
      if (key.starts_with(prefix)) keys.push_back(key);
    return keys;
  }

 private:
  void lose_reply() {
    if (chance_.of(accidents_.lost_reply)) throw cloud::unavailable("lambdapack: lost; again");
  }

  Chance& chance_;
  const Accidents& accidents_;
  std::map<std::string, std::string> objects_;
};

/// Passes calls on to a ledger, with accidents.
class AccidentalLedger final : public cloud::Ledger {
 public:
  AccidentalLedger(std::shared_ptr<cloud::Ledger> ledger, Chance& chance,
                   const Accidents& accidents)
      : ledger_(std::move(ledger)), chance_(chance), accidents_(accidents) {}

  std::string describe() const override { return ledger_->describe(); }
  void create(std::int64_t total) override { ledger_->create(total); }
  void seed(std::span<const cloud::Ready> roots) override { ledger_->seed(roots); }
  void seeded() override { ledger_->seeded(); }
  cloud::Taken take(const cloud::Taker& taker) override {
    lose_reply();
    if (!leases_.empty() && chance_.of(accidents_.old_lease))
      return {leases_[chance_.below(leases_.size())], cloud::Phase::running};
    cloud::Taker other = taker;
    if (chance_.of(accidents_.any_order))
      other.choose = [&](std::span<const cloud::Ready> ready) {
        return static_cast<std::size_t>(chance_.below(ready.size()));
      };
    cloud::Taken taken = ledger_->take(other);
    if (taken.lease) leases_.push_back(*taken.lease);
    die();
    lose_reply();
    return taken;
  }
  std::vector<std::int64_t> renew(std::span<const cloud::Lease> leases,
                                  std::chrono::milliseconds lease) override {
    return ledger_->renew(leases, lease);
  }
  void give_back(const cloud::Lease& lease) override { ledger_->give_back(lease); }
  cloud::Completed complete(const cloud::Completion& completion) override {
    lose_reply();
    cloud::Completed completed = ledger_->complete(completion);
    counted += completed.counted ? 1 : 0;
    counted += static_cast<std::int64_t>(completion.before.size() - completed.repeated.size());
    last += completed.last ? 1 : 0;
    die();
    lose_reply();
    return completed;
  }
  std::int64_t missing(std::int64_t task, std::int64_t in_degree) override {
    return ledger_->missing(task, in_degree);
  }
  void end(cloud::Phase phase, const std::string& why) override { ledger_->end(phase, why); }
  cloud::Status status() override { return ledger_->status(); }
  bool is_finished(std::int64_t task) override { return ledger_->is_finished(task); }
  std::vector<std::pair<std::int64_t, cloud::TaskRecord>> records(std::int64_t from,
                                                                  std::int64_t most) override {
    return ledger_->records(from, most);
  }
  void note(const cloud::WorkerRecord& worker) override { ledger_->note(worker); }
  std::vector<cloud::WorkerRecord> workers() override { return ledger_->workers(); }
  std::int64_t now() override { return ledger_->now(); }
  void remove() override { ledger_->remove(); }

  std::int64_t counted = 0;
  int last = 0;

 private:
  void lose_reply() {
    if (chance_.of(accidents_.lost_reply)) throw cloud::unavailable("lambdapack: lost; again");
  }
  void die() {
    if (chance_.of(accidents_.death_in_ledger)) throw Killed{};
  }

  const std::shared_ptr<cloud::Ledger> ledger_;
  Chance& chance_;
  const Accidents& accidents_;
  std::vector<cloud::Lease> leases_;
};

/// One run of a job.
class Simulation {
 public:
  Simulation(const lp::exec::Job& job, std::uint64_t seed, const Accidents& accidents, int workers,
             int slots)
      : job_(job),
        accidents_(accidents),
        chance_(seed),
        objects_(std::make_shared<MemoryObjects>(chance_, accidents_)),
        sqlite_(std::make_shared<cloud::SqliteLedger>(":memory:", true, [this] { return now_; })),
        accidental_(std::make_shared<AccidentalLedger>(sqlite_, chance_, accidents_)),
        ledger_(accidental_, patience()),
        slots_(slots) {
    for (std::size_t a = 0; a < job_.arrays.size(); ++a)
      arrays_.push_back(cloud::describe_array(job_, a));
    client_ = site();
    options_.worker = "worker";
    options_.lease = std::chrono::milliseconds(100);
    options_.most_attempts = 200;
    cloud::publish(
        job_, *client_, ledger_, [] { return false; }, 1);
    for (int w = 0; w < workers; ++w) workers_.push_back(worker());
  }

  /// Until the run has ended; false if it does not.
  bool run() {
    for (std::int64_t steps = 0; steps < 1000000; ++steps) {
      if (ledger_.status().phase != cloud::Phase::running) return true;
      happen();
    }
    return false;
  }

  /// The results, in the arrays of the job.
  void fetch() { cloud::fetch_results(job_, *client_, ledger_, 1); }

  /// Removes the run, while workers that have tasks go on, and tells what is left.
  std::vector<std::string> leave() {
    for (auto& w : workers_)
      for (std::uint64_t n = chance_.below(5); n > 0; --n) step(*w);
    sqlite_->end(cloud::Phase::cancelled, {});
    ledger_.remove();
    cloud::remove_all(client_->objects(), client_->keys().all(), {}, 1);
    for (auto& w : workers_)
      for (auto& slot : w->slots)
        while (finish(*slot)) {
        }
    return objects_->list("");
  }

  cloud::Status status() { return ledger_.status(); }
  const AccidentalLedger& ledger() const { return *accidental_; }
  int deaths() const { return deaths_; }
  std::vector<std::string> objects(const std::string& prefix) { return objects_->list(prefix); }

 private:
  struct Worker {
    std::unique_ptr<cloud::Site> site;
    cloud::SlotShare share{1000};
    std::vector<std::unique_ptr<cloud::Slot>> slots;
  };

  static cloud::Patience patience() {
    return {1000, std::chrono::milliseconds(0), std::chrono::milliseconds(0)};
  }

  std::unique_ptr<cloud::Site> site() {
    return std::make_unique<cloud::Site>(
        job_.program, job_.kernels, job_.graph, arrays_, cloud::Keys("r"),
        std::make_shared<cloud::MeteredObjects>(objects_, patience()), 1 << 20);
  }

  std::unique_ptr<Worker> worker() {
    auto w = std::make_unique<Worker>();
    w->site = site();
    for (int s = 0; s < slots_; ++s)
      w->slots.push_back(std::make_unique<cloud::Slot>(*w->site, ledger_, w->share, options_));
    return w;
  }

  void happen() {
    std::unique_ptr<Worker>& w = workers_[chance_.below(workers_.size())];
    if (chance_.of(accidents_.clock)) now_ += static_cast<std::int64_t>(chance_.below(60));
    if (chance_.of(accidents_.jump))
      now_ += static_cast<std::int64_t>(chance_.below(2000000)) - 1000000;
    if (chance_.of(accidents_.renew)) {
      std::vector<cloud::Lease> leases;
      for (const cloud::HeldLease& held : w->share.leases.all()) leases.push_back(held.lease);
      ledger_.renew(leases, options_.lease);
    }
    if (chance_.of(accidents_.death) || !step(*w)) {
      ++deaths_;
      w = worker();
    }
    // When nobody has anything to do time goes by until a lease is over.
    if (!busy()) now_ += 10;
  }

  bool busy() const {
    for (const auto& w : workers_)
      for (const auto& slot : w->slots)
        if (slot->is_busy()) return true;
    return false;
  }

  // False if there is nothing more to do.
  static bool finish(cloud::Slot& slot) {
    try {
      return slot.step() == cloud::Slot::Did::something;
    } catch (const Killed&) {
      return true;
    }
  }

  // False if the worker has died of it.
  bool step(Worker& w) {
    try {
      w.slots[chance_.below(w.slots.size())]->step();
      return true;
    } catch (const Killed&) {
      return false;
    }
  }

  const lp::exec::Job& job_;
  const Accidents accidents_;
  Chance chance_;
  std::int64_t now_ = 1000000000;
  const std::shared_ptr<MemoryObjects> objects_;
  const std::shared_ptr<cloud::SqliteLedger> sqlite_;
  const std::shared_ptr<AccidentalLedger> accidental_;
  cloud::PatientLedger ledger_;
  const int slots_;
  cloud::SlotOptions options_;
  std::vector<std::optional<cloud::ArrayDescription>> arrays_;
  std::unique_ptr<cloud::Site> client_;
  std::vector<std::unique_ptr<Worker>> workers_;
  int deaths_ = 0;
};

}  // namespace test_cloud
