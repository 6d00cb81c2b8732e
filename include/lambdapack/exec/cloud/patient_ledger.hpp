// A ledger whose calls are repeated as long as it may help.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "lambdapack/exec/cloud/ledger.hpp"
#include "lambdapack/exec/cloud/retries.hpp"

namespace lambdapack::exec::cloud {

/// A server that is started again, or another one that takes its place, is back in this time.
inline constexpr Patience patience_with_ledgers{10, std::chrono::milliseconds(20),
                                                std::chrono::milliseconds(2000),
                                                std::chrono::milliseconds(60000)};

/// Passes every call on, again if it threw `unavailable`: all of them may be repeated. Until the
/// ledger has answered once only the tries count, so that a wrong address is soon told.
class PatientLedger final : public Ledger {
 public:
  explicit PatientLedger(std::shared_ptr<Ledger> ledger,
                         const Patience& patience = patience_with_ledgers)
      : ledger_(std::move(ledger)), patience_(patience) {}

  std::string describe() const override { return ledger_->describe(); }
  void create(std::int64_t total) override {
    ask([&] { ledger_->create(total); });
  }
  void seed(std::span<const Ready> roots) override {
    ask([&] { ledger_->seed(roots); });
  }
  void seeded() override {
    ask([&] { ledger_->seeded(); });
  }
  Taken take(const Taker& taker) override {
    return ask([&] { return ledger_->take(taker); });
  }
  std::vector<std::int64_t> renew(std::span<const Lease> leases,
                                  std::chrono::milliseconds lease) override {
    return ask([&] { return ledger_->renew(leases, lease); });
  }
  void give_back(const Lease& lease) override {
    ask([&] { ledger_->give_back(lease); });
  }
  std::vector<std::int64_t> end_leases(const std::string& worker) override {
    return ask([&] { return ledger_->end_leases(worker); });
  }
  Completed complete(const Completion& completion) override {
    return ask([&] { return ledger_->complete(completion); });
  }
  std::int64_t missing(std::int64_t task, std::int64_t in_degree) override {
    return ask([&] { return ledger_->missing(task, in_degree); });
  }
  void end(Phase phase, const std::string& why) override {
    ask([&] { ledger_->end(phase, why); });
  }
  Status status() override {
    return ask([&] { return ledger_->status(); });
  }
  bool is_finished(std::int64_t task) override {
    return ask([&] { return ledger_->is_finished(task); });
  }
  std::vector<std::pair<std::int64_t, TaskRecord>> records(std::int64_t from,
                                                           std::int64_t most) override {
    return ask([&] { return ledger_->records(from, most); });
  }
  void note(const WorkerRecord& worker) override {
    ask([&] { ledger_->note(worker); });
  }
  std::vector<WorkerRecord> workers() override {
    return ask([&] { return ledger_->workers(); });
  }
  std::int64_t now() override {
    return ask([&] { return ledger_->now(); });
  }
  void remove() override {
    ask([&] { ledger_->remove(); });
  }

 private:
  template <class F>
  std::invoke_result_t<F> ask(F&& f) {
    Patience patience = patience_;
    if (!has_answered_) patience.time = {};
    return with_retries(patience, [&] {
      if constexpr (std::is_void_v<std::invoke_result_t<F>>) {
        f();
        has_answered_ = true;
      } else {
        auto answer = f();
        has_answered_ = true;
        return answer;
      }
    });
  }

  const std::shared_ptr<Ledger> ledger_;
  const Patience patience_;
  std::atomic<bool> has_answered_{false};
};

}  // namespace lambdapack::exec::cloud
