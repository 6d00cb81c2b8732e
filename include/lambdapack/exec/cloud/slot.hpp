// One task after the other, step by step:
//
//   take      a ready task is leased to this slot
//   read      one of the values that it reads is brought
//   run       its kernel is called; if the one task that waits for it waits for nothing more, that
//             is run too, and the value between the two is never stored: back to read
//   store     one of its tiles of results, and then of its values, is put in its place
//   complete  the one atomic step of the ledger
//   remove    one of the values that nobody will read any more is removed
//
// A slot may end for good between any two steps, or in the middle of one, and so may all: what was
// stored is stored, what was completed is completed, and the lease of anything else ends.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <semaphore>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/exec/cloud/evaluator.hpp"
#include "lambdapack/exec/cloud/held_leases.hpp"
#include "lambdapack/exec/cloud/ledger.hpp"
#include "lambdapack/exec/cloud/site.hpp"
#include "lambdapack/exec/faults.hpp"
#include "lambdapack/ir/print.hpp"

namespace lambdapack::exec::cloud {

/// How the slots of a worker go about it.
struct SlotOptions {
  std::string worker;
  std::chrono::milliseconds lease{10000};
  /// A task that so many workers have begun and none has finished ends the run.
  int most_attempts = 20;
  /// Whether to ask the ledger for tasks whose tiles are here, and for successors of what was done.
  bool prefers_near = true;
  /// How many tasks are run before a value is stored, at most.
  int most_carried = 16;
  /// Told which step comes next.
  std::function<void(const char*)> at_step = [](const char*) {};
};

/// What several slots of a process share beside the site.
struct SlotShare {
  HeldLeases leases;
  std::counting_semaphore<> cores;  ///< kernels that may run at once
  std::atomic<std::int64_t> tasks{0};
  std::atomic<bool> stopping{false};  ///< no more tasks are taken
  std::atomic<bool> is_slow{false};   ///< nor as long as a straggler is under way

  explicit SlotShare(int of) : cores(of) {}
};

/// Works on one task at a time. For one thread.
class Slot {
 public:
  enum class Did {
    something,
    nothing,  ///< no task is ready
    over      ///< the run has ended, or no more tasks are to be taken
  };

  /// All that is given must outlive it.
  Slot(Site& site, Ledger& ledger, SlotShare& share, const SlotOptions& options)
      : site_(site), ledger_(ledger), share_(share), options_(options), evaluator_(site, [this] {
          return is_moot();
        }) {}
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;
  ~Slot() {
    if (lease_) share_.leases.drop(*lease_);
    if (following_) share_.leases.drop(*following_);
  }

  /// Does one step. Throws `unavailable` where the store or the ledger is out of reach, and
  /// std::bad_alloc: the task is then somebody else's. Any other error of a task ends the run, and
  /// is not thrown.
  Did step() {
    try {
      switch (next_) {
        case Step::take:
          return take();
        case Step::read:
          return read();
        case Step::run:
          return run();
        case Step::store:
          return store();
        case Step::complete:
          return complete();
        case Step::remove:
          break;
      }
      return remove();
    } catch (const Moot&) {
      drop();
      return Did::something;
    } catch (const unavailable&) {
      throw;
    } catch (const std::bad_alloc&) {
      throw;  // another worker may have more memory
    } catch (const std::exception&) {
      ledger_.end(Phase::failed, exec::detail::Fault::pack(std::current_exception()));
      drop();
      return Did::over;
    }
  }

  /// Whether it has a task.
  bool is_busy() const { return lease_.has_value(); }

 private:
  enum class Step { take, read, run, store, complete, remove };

  Did take() {
    if (share_.stopping) return Did::over;
    if (share_.is_slow) return Did::nothing;
    options_.at_step("take");
    Taken taken = ledger_.take(taker());
    if (!taken.lease)
      return taken.phase == Phase::starting || taken.phase == Phase::running ? Did::nothing
                                                                             : Did::over;
    begin(std::move(*taken.lease));
    return Did::something;
  }

  Did read() {
    if (inputs_.size() == reads_.size()) return then(Step::run);
    options_.at_step("read");
    const Value& value = reads_[inputs_.size()];
    if (carried_.tile && carried_.value == value)
      inputs_.push_back({value, std::exchange(carried_.tile, {})});
    else
      inputs_.push_back({value, evaluator_.bring(value)});
    return Did::something;
  }

  Did run() {
    options_.at_step("run");
    share_.cores.acquire();
    try {
      made_ = evaluator_.run(node_, std::move(inputs_));
    } catch (...) {
      share_.cores.release();
      throw;
    }
    share_.cores.release();
    inputs_.clear();
    record_.handed_on = made_.handed_on;
    if (const std::optional<Node> next = only_successor()) return carry_to(*next);
    return then(Step::store);
  }

  // The task that waits for this one alone, if nothing else is to be done with what was made.
  std::optional<Node> only_successor() {
    if (static_cast<int>(before_.size()) + 1 >= options_.most_carried || share_.stopping ||
        !made_.finals.empty() || made_.values.size() != 1 ||
        site_.graph().reader_count(made_.values.front().value) != 1)
      return std::nullopt;
    std::optional<Node> next;
    site_.graph().successors(node_, [&](const Node& node) { next = node; });
    if (!next) return std::nullopt;
    const std::int64_t in_degree = site_.graph().in_degree(*next);
    if (in_degree == 1) return next;
    if (ledger_.missing(site_.numbering().number(*next), in_degree) != 1) return std::nullopt;
    // The one that is missing is this task only if nobody else has finished it.
    if (ledger_.is_finished(site_.numbering().number(node_))) throw Moot{};
    return next;
  }

  Did carry_to(const Node& next) {
    before_.push_back(completion());
    before_.back().lease.task = site_.numbering().number(node_);
    unstored_.push_back(made_.values.front().value);
    touched_.insert(touched_.end(), reads_.begin(), reads_.end());
    carried_ = std::move(made_.values.front());
    made_ = {};
    start_on(next);
    return Did::something;
  }

  Did store() {
    if (!made_.finals.empty()) {
      options_.at_step("store");
      store(made_.finals.back());
      made_.finals.pop_back();
    } else if (!made_.values.empty()) {
      options_.at_step("store");
      store(made_.values.back());
      made_.values.pop_back();
    } else {
      return then(Step::complete);
    }
    return Did::something;
  }

  void store(FinalTile& final) {
    Results& results = site_.results();
    std::vector<ValueTile*> same;  // values that are this tile too
    if (results.are_chunks(final.name))
      for (ValueTile& made : made_.values)
        if (std::as_const(made.tile).address() == std::as_const(final.tile).address())
          same.push_back(&made);
    results_.push_back(results.key(final.name));
    const std::size_t size = results.content(final).size;
    const std::uint64_t digest = results.put(final, !same.empty());
    for (ValueTile* const made : same) {
      made->chunk = digest;
      made->tile = final.tile;
    }
    note_put(size);
    record_.digests.insert(0, hexadecimal(digest));
  }

  void store(ValueTile& made) {
    if (made.chunk) {
      const Content link = content_of_link(*made.chunk);
      site_.objects().put_pieces(site_.keys().value(made.value), link);
      note_put(link.size);
    } else {
      note_put(site_.put(made.value, made.tile));
    }
    outputs_.push_back(made.value);
    site_.cache().put(site_.numbering().number(made.value), std::move(made.tile));
  }

  Did complete() {
    options_.at_step("complete");
    Completion completion = this->completion();
    completion.before = std::move(before_);
    if (options_.prefers_near && !share_.stopping && !share_.is_slow) completion.next = taker();
    Completed completed;
    try {
      completed = ledger_.complete(completion);
    } catch (...) {
      before_ = std::move(completion.before);
      throw;
    }
    share_.tasks += static_cast<std::int64_t>(completion.before.size() - completed.repeated.size());
    share_.tasks += completed.counted ? 1 : 0;
    touched_.insert(touched_.end(), reads_.begin(), reads_.end());
    touched_.insert(touched_.end(), outputs_.begin(), outputs_.end());
    for (const std::int64_t number : completed.dead) forget(number, completed.repeated);
    // Of a run that has been removed nothing may stay.
    if (completed.phase == Phase::missing)
      dead_.insert(dead_.end(), results_.begin(), results_.end());
    following_ = std::move(completed.next);
    if (following_) share_.leases.add(*following_);
    share_.leases.drop(*lease_);
    lease_.reset();
    return then(Step::remove);
  }

  // A value that nobody will read any more: its tile, and its object if there may be one.
  void forget(std::int64_t number, const std::vector<std::int64_t>& repeated) {
    site_.cache().drop(number);
    for (const Value& value : touched_) {
      if (value.is_initial() || site_.numbering().number(value) != number) continue;
      // An attempt before this one may have stored it.
      const bool is_stored =
          lease_->attempt > 1 ||
          std::find(unstored_.begin(), unstored_.end(), value) == unstored_.end() ||
          std::find(repeated.begin(), repeated.end(), site_.numbering().number(value.node())) !=
              repeated.end();
      if (is_stored) dead_.push_back(site_.keys().value(value));
    }
  }

  // What the ledger is told of the task that was run last.
  Completion completion() {
    Completion completion;
    completion.lease = *lease_;
    completion.lease.task = site_.numbering().number(node_);
    for (const Value& value : outputs_)
      completion.outputs.push_back(site_.numbering().number(value));
    for (const Value& value : reads_)
      if (!value.is_initial())
        completion.reads.push_back(
            {site_.numbering().number(value), site_.graph().reader_count(value)});
    site_.graph().successors(node_, [&](const Node& next) {
      completion.successors.push_back(
          {site_.numbering().number(next), site_.graph().in_degree(next), site_.urgency(next)});
    });
    record_.worker = options_.worker;
    record_.end = now();
    record_.attempts = lease_->attempt;
    record_.bytes_read = evaluator_.bytes_read() - bytes_read_before_;
    completion.record = record_;
    return completion;
  }

  Did remove() {
    if (dead_.empty()) {
      drop();
      if (following_) begin(*std::exchange(following_, std::nullopt));
      return Did::something;
    }
    options_.at_step("remove");
    site_.objects().remove(dead_.back());
    dead_.pop_back();
    return Did::something;
  }

  void begin(Lease lease) {
    lease_ = std::move(lease);
    share_.leases.drop(*lease_);
    share_.leases.add(*lease_);
    if (lease_->task < 0 || lease_->task >= site_.numbering().nodes()) no_such_task();
    node_ = site_.numbering().node(lease_->task);
    if (!site_.graph().contains(node_)) no_such_task();
    if (lease_->attempt > options_.most_attempts)
      throw run_error(text(
          {"lambdapack: ", ir::node_name(*site_.job().program, node_.line, node_.indices),
           " was begun by ", options_.most_attempts,
           " workers, and none of them has finished it; look at what they have printed: they may "
           "have run out of memory, or its kernel ends the process"}));
    start_on(node_);
  }

  void start_on(const Node& node) {
    node_ = node;
    record_ = {};
    record_.begin = now();
    share_.leases.begins(*lease_, site_.numbering().number(node_));
    bytes_read_before_ = evaluator_.bytes_read();
    reads_ = evaluator_.reads(node_);
    next_ = Step::read;
  }

  [[noreturn]] void no_such_task() const {
    throw run_error(text({"lambdapack: the ledger has a task ", lease_->task, ", which ",
                          std::string_view(site_.job().program->name),
                          " has not; it is damaged: start the run again"}));
  }

  // Whatever there was is another's, or done.
  void drop() {
    if (lease_) share_.leases.drop(*lease_);
    lease_.reset();
    reads_.clear();
    inputs_.clear();
    outputs_.clear();
    results_.clear();
    before_.clear();
    unstored_.clear();
    touched_.clear();
    carried_ = {};
    dead_.clear();
    made_ = {};
    next_ = Step::take;
  }

  Did then(Step next) {
    next_ = next;
    return step();
  }

  void note_put(std::size_t bytes) {
    record_.bytes_written += static_cast<std::int64_t>(bytes);
    ++record_.requests;
  }

  bool is_moot() {
    if (!lease_) return false;
    const Phase phase = ledger_.status().phase;
    if (phase != Phase::starting && phase != Phase::running) return true;
    return ledger_.is_finished(lease_->task);
  }

  Taker taker() {
    Taker taker{options_.worker, options_.lease, {}};
    if (options_.prefers_near)
      taker.choose = [this](std::span<const Ready> ready) { return nearest(ready); };
    return taker;
  }

  // The task of which most tiles are here; of equals the most urgent.
  std::size_t nearest(std::span<const Ready> ready) const {
    std::size_t best = 0;
    std::int64_t most = -1;
    for (std::size_t k = 0; k < ready.size(); ++k) {
      if (ready[k].task < 0 || ready[k].task >= site_.numbering().nodes()) continue;
      std::int64_t here = 0;
      for (const Value& value : evaluator_.reads(site_.numbering().node(ready[k].task)))
        here += site_.cache().holds(site_.numbering().number(value)) ? 1 : 0;
      if (here > most) {
        most = here;
        best = k;
      }
    }
    return best;
  }

  static std::int64_t now() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  }

  Site& site_;
  Ledger& ledger_;
  SlotShare& share_;
  const SlotOptions& options_;
  Evaluator evaluator_;
  Step next_ = Step::take;
  std::optional<Lease> lease_;
  std::optional<Lease> following_;
  Node node_;
  std::vector<Value> reads_;
  std::vector<ValueTile> inputs_;
  Made made_;
  std::vector<Value> outputs_;
  std::vector<Completion> before_;  // of tasks that have been run, and whose values are not stored
  std::vector<Value> unstored_;     // these values
  ValueTile carried_;               // the last of them
  std::vector<Value> touched_;      // all that was read and stored since the lease was taken
  std::vector<std::string> results_;  // keys of tiles of results that it has stored
  std::vector<std::string> dead_;     // keys of what is to be removed
  TaskRecord record_;
  std::int64_t bytes_read_before_ = 0;
};

}  // namespace lambdapack::exec::cloud
