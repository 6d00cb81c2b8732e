// Runs of others: to look at one, wait for it, take it over, end it, clear up after it. All it
// takes is the store and the run's name; the client that started it may be gone.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "lambdapack/exec/cloud/bill.hpp"
#include "lambdapack/exec/cloud/executor.hpp"
#include "lambdapack/exec/cloud/options.hpp"
#include "lambdapack/exec/cloud/patient_ledger.hpp"
#include "lambdapack/exec/cloud/presence.hpp"
#include "lambdapack/exec/cloud/publish.hpp"
#include "lambdapack/exec/cloud/site.hpp"
#include "lambdapack/exec/cloud/steward.hpp"
#include "lambdapack/exec/cloud/transports.hpp"

namespace lambdapack::exec::cloud {

/// What of a run may be removed.
enum class Rest {
  leftovers,  ///< what nobody needs: of a run that is done its values and inputs, else all of it
  everything  ///< its results too
};

/// A run that is there already.
class Attached {
 public:
  /// Throws input_error if there is no such run in the store.
  Attached(const std::string& store, const std::string& run)
      : store_(store), keys_(run), objects_(std::make_shared<MeteredObjects>(open_store(store))) {
    const std::optional<std::string> text = objects_->get(keys_.description());
    if (!text)
      throw input_error(
          lambdapack::text({"lambdapack: there is no run ", run, " in ", objects_->describe(),
                            "; check its name and the store's URL"}));
    description_ = DescriptionReader(*text).read();
    ledger_ = open_if_there();
  }

  const std::string& program() const { return description_.program.name; }

  /// `Phase::missing` if its client ended before the inputs were there.
  Status status() { return ledger_ ? ledger_->status() : Status{}; }
  std::vector<WorkerRecord> workers() {
    return ledger_ ? ledger_->workers() : std::vector<WorkerRecord>{};
  }

  /// What it has used so far.
  CloudBill bill(const CloudPrices& prices = {}) {
    CloudBill bill = bill_of(keys_.run(), workers(), Meter{}, prices);
    if (ledger_)
      for_each_record(*ledger_, [&](std::int64_t, const TaskRecord& record) {
        ++bill.tasks;
        bill.attempts += record.attempts;
      });
    return bill;
  }

  /// Waits until it has ended, and is told meanwhile how far it is. Throws run_error if it has
  /// failed, was cancelled, or cannot end because its client has died too early. If for two leases,
  /// and at least 3 seconds, no task has finished and no worker has been heard of, `on_notice` is
  /// told so once, or else stderr; it goes on waiting.
  void wait(const std::function<void(Progress)>& on_progress = {},
            const std::function<void(const std::string&)>& on_notice = {}) {
    // Who resumes a run may give it another lease: the default one's signs of life come in 3 s.
    const auto patience =
        std::max<std::chrono::milliseconds>(2 * description_.lease, std::chrono::seconds(3));
    auto quiet_since = std::chrono::steady_clock::now();
    std::int64_t finished = -1;
    bool told = false;
    watch(on_progress, [&] {
      Status now = status();
      if (told || !is_under_way(now.phase)) return now;
      const auto time = std::chrono::steady_clock::now();
      if (std::exchange(finished, now.finished) != now.finished) quiet_since = time;
      if (time - quiet_since < patience) return now;
      if (has_live_workers(patience)) {
        quiet_since = time - patience / 2;  // asks again soon, but not at each look
        return now;
      }
      told = true;
      tell(on_notice, patience);
      return now;
    });
  }

  /// The same, and sees to it that it has workers, by the options of `executor`. Workers that do
  /// nothing but die end this call, with a run_error, and not the run. Throws input_error if none
  /// of `programs`, those of the workers, is the run's.
  void resume(const Programs& programs, const lambdapack::cloud& executor,
              const std::function<void(Progress)>& on_progress = {}) {
    require_ledger();
    const auto site = open_site(programs, keys_, objects_, executor.cache_bytes);
    if (status().phase == Phase::starting) seed_roots(*site, *ledger_);
    const auto starter = open_starter(executor.starter, true);
    const std::string name = random_name();
    const Place place{store_, description_.ledger};
    Steward steward(*ledger_, *starter, provision_of(executor), name,
                    worker_url(executor, place, keys_.run(), name).text_form());
    steward.spares_run();
    steward.names_tasks([&](std::int64_t task) { return site->name_of(task); });
    watch(on_progress, [&] { return steward.look(); });
    starter->end();
    if (status().phase == Phase::done) {
      gc(Rest::leftovers, false);
      objects_->put(keys_.report(), to_json(bill(), seconds()));
    }
  }

  /// Asks it to stop: tasks under way finish, no other begins.
  void cancel() {
    require_ledger();
    ledger_->end(Phase::cancelled, {});
  }

  /// Removes objects, and the ledger too unless results stay; or, `dry`, only tells which. Throws
  /// input_error if the run is under way, or its client is bringing inputs.
  std::vector<std::string> gc(Rest rest, bool dry) {
    const Phase phase = status().phase;
    if (const auto left = Presence::left(*objects_, keys_);
        phase == Phase::missing && left.count() > 0)
      throw input_error(text({"lambdapack: the client of the run ", keys_.run(),
                              " is bringing its inputs; wait until they are there, or, if it is "
                              "dead, for ",
                              left.count(), " seconds"}));
    if (is_under_way(phase))
      throw input_error(text(
          {"lambdapack: the run ", keys_.run(), " is under way; wait for it, or cancel it first"}));
    const bool keeps = rest == Rest::leftovers && phase == Phase::done;
    std::vector<std::string> keys;
    if (keeps) {
      keys = objects_->list(keys_.inputs());
      const std::vector<std::string> values = objects_->list(keys_.values());
      keys.insert(keys.end(), values.begin(), values.end());
    } else {
      keys = objects_->list(keys_.all());
      // By the description it is found: that goes last.
      std::erase(keys, keys_.description());
      keys.push_back(keys_.description());
    }
    if (dry) return keys;
    if (!keeps && ledger_) ledger_->remove();
    for (const std::string& key : keys) objects_->remove(key);
    return keys;
  }

 private:
  std::unique_ptr<PatientLedger> open_if_there() {
    try {
      return std::make_unique<PatientLedger>(open_ledger(description_.ledger, keys_, false));
    } catch (const input_error&) {
      return nullptr;
    }
  }

  void require_ledger() {
    if (status().phase == Phase::missing)
      throw run_error(text(
          {"lambdapack: the run ", keys_.run(), " of ", std::string_view(program()),
           " cannot go on: its client ended before all of its inputs were in ",
           objects_->describe(), ", or its ledger ", net::detail::without_user(description_.ledger),
           " is gone; remove it with lprun gc --all, and start it again"}));
  }

  static bool is_under_way(Phase phase) {
    return phase == Phase::starting || phase == Phase::running;
  }

  bool has_live_workers(std::chrono::milliseconds patience) {
    const std::int64_t now = ledger_->now();
    for (const WorkerRecord& w : workers())
      if (!w.ended && now - w.seen < patience.count()) return true;
    return false;
  }

  void tell(const std::function<void(const std::string&)>& on_notice,
            std::chrono::milliseconds patience) const {
    const std::string store = net::detail::without_user(store_);
    const std::string said =
        text({"lambdapack: the run ", keys_.run(), " of ", std::string_view(program()), " in ",
              objects_->describe(), " has no workers: in the last ", patience.count() / 1000,
              " seconds none has been heard of, and no task has finished; this call goes on "
              "waiting, and workers are started by lprun resume ",
              keys_.run(), " --store ", store,
              ", or, for programs that lprun does not know, by exec::cloud::Attached::resume"});
    if (on_notice)
      on_notice(said);
    else
      std::fprintf(stderr, "%s\n", said.c_str());
  }

  double seconds() {
    std::int64_t first = 0, last = 0;
    for (const WorkerRecord& w : workers()) {
      first = first == 0 ? w.begin : std::min(first, w.begin);
      last = std::max(last, w.seen);
    }
    return static_cast<double>(last - first) / 1000;
  }

  template <class Look>
  void watch(const std::function<void(Progress)>& on_progress, Look&& look) {
    require_ledger();
    for (;;) {
      const Status status = look();
      if (on_progress) on_progress({status.finished, status.total});
      switch (status.phase) {
        case Phase::done:
          return;
        case Phase::failed:
          std::rethrow_exception(exec::detail::Fault::unpack<run_error>(status.why, {}));
        case Phase::cancelled:
          throw run_error(text({"lambdapack: the run ", keys_.run(), " of ",
                                std::string_view(program()), " was cancelled before its end"}));
        case Phase::missing:
          require_ledger();
          return;
        default:
          std::this_thread::sleep_for(std::chrono::milliseconds(20));
      }
    }
  }

  const std::string store_;
  const Keys keys_;
  const std::shared_ptr<MeteredObjects> objects_;
  Description description_;
  std::unique_ptr<PatientLedger> ledger_;
};

}  // namespace lambdapack::exec::cloud
