// A ledger whose calls are repeated as long as it may help.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/exec/cloud/ledger.hpp"
#include "lambdapack/exec/cloud/retries.hpp"

namespace lambdapack::exec::cloud {

/// Passes every call on, again if it threw `unavailable`: all of them may be repeated.
class PatientLedger final : public Ledger {
 public:
  explicit PatientLedger(std::shared_ptr<Ledger> ledger, const Patience& patience = {})
      : ledger_(std::move(ledger)), patience_(patience) {}

  std::string describe() const override { return ledger_->describe(); }
  void create(std::int64_t total) override {
    with_retries(patience_, [&] { ledger_->create(total); });
  }
  void seed(std::span<const Ready> roots) override {
    with_retries(patience_, [&] { ledger_->seed(roots); });
  }
  void seeded() override {
    with_retries(patience_, [&] { ledger_->seeded(); });
  }
  Taken take(const Taker& taker) override {
    return with_retries(patience_, [&] { return ledger_->take(taker); });
  }
  std::vector<std::int64_t> renew(std::span<const Lease> leases,
                                  std::chrono::milliseconds lease) override {
    return with_retries(patience_, [&] { return ledger_->renew(leases, lease); });
  }
  void give_back(const Lease& lease) override {
    with_retries(patience_, [&] { ledger_->give_back(lease); });
  }
  Completed complete(const Completion& completion) override {
    return with_retries(patience_, [&] { return ledger_->complete(completion); });
  }
  std::int64_t missing(std::int64_t task, std::int64_t in_degree) override {
    return with_retries(patience_, [&] { return ledger_->missing(task, in_degree); });
  }
  void end(Phase phase, const std::string& why) override {
    with_retries(patience_, [&] { ledger_->end(phase, why); });
  }
  Status status() override {
    return with_retries(patience_, [&] { return ledger_->status(); });
  }
  bool is_finished(std::int64_t task) override {
    return with_retries(patience_, [&] { return ledger_->is_finished(task); });
  }
  std::vector<std::pair<std::int64_t, TaskRecord>> records(std::int64_t from,
                                                           std::int64_t most) override {
    return with_retries(patience_, [&] { return ledger_->records(from, most); });
  }
  void note(const WorkerRecord& worker) override {
    with_retries(patience_, [&] { ledger_->note(worker); });
  }
  std::vector<WorkerRecord> workers() override {
    return with_retries(patience_, [&] { return ledger_->workers(); });
  }
  std::int64_t now() override {
    return with_retries(patience_, [&] { return ledger_->now(); });
  }
  void remove() override {
    with_retries(patience_, [&] { ledger_->remove(); });
  }

 private:
  const std::shared_ptr<Ledger> ledger_;
  const Patience patience_;
};

}  // namespace lambdapack::exec::cloud
