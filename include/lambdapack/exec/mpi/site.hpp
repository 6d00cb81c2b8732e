// One rank's part of a run, without the messages: its tasks, the values it has, what is to be sent.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "lambdapack/exec/mpi/arrivals.hpp"
#include "lambdapack/exec/mpi/initial_tiles.hpp"
#include "lambdapack/exec/mpi/offers.hpp"
#include "lambdapack/exec/mpi/outbox.hpp"
#include "lambdapack/exec/mpi/own_tasks.hpp"
#include "lambdapack/exec/mpi/own_tiles.hpp"
#include "lambdapack/exec/mpi/placement.hpp"
#include "lambdapack/exec/mpi/ready_tasks.hpp"
#include "lambdapack/exec/mpi/received.hpp"
#include "lambdapack/exec/mpi/receivers.hpp"
#include "lambdapack/exec/task_runner.hpp"
#include "lambdapack/exec/threads/levels.hpp"
#include "lambdapack/tile/detail/hash.hpp"

namespace lambdapack::exec::distributed {

class Site;

/// An array of the job as the tasks of one rank see it: initial tiles are sent before they are used
/// up, and a final tile that is to be elsewhere is not stored here.
class PlacedStore final : public tile::Store {
 public:
  PlacedStore(Site& site, int array, std::shared_ptr<tile::Store> store)
      : site_(site), array_(array), store_(std::move(store)) {}

  const std::vector<std::int64_t>& extents() const override { return store_->extents(); }
  const tile::PayloadType& payload() const override { return store_->payload(); }
  std::string describe() const override { return store_->describe(); }
  tile::Tile blank(tile::Index index) override { return store_->blank(index); }
  tile::Tile zero(tile::Index index) override { return store_->zero(index); }
  tile::Origin origin(tile::Index index) const override { return store_->origin(index); }
  void begin(tile::Use) override {}
  void commit() override {}
  void abandon(const std::string&) noexcept override {}

  /// Notes which tiles an earlier run has saved, before any is saved by this one.
  void note_saved() {
    if (!store_->keeps()) return;
    tile::detail::for_each_tile(extents(), [&](tile::Index index) {
      if (store_->is_saved(index)) saved_.insert(tile::detail::position_in(extents(), index));
    });
  }
  /// A number for which they are.
  std::uint64_t saved() const {
    std::uint64_t all = 0;
    for (const std::int64_t position : saved_) {
      tile::detail::Hash hash;
      hash.add(array_);
      hash.add(position);
      all += hash.value();
    }
    return all;
  }
  bool keeps() const override { return store_->keeps(); }
  bool is_saved(tile::Index index) const override {
    return !saved_.empty() && saved_.contains(tile::detail::position_in(extents(), index));
  }

  inline tile::Tile load_saved(tile::Index index) override;
  inline tile::Tile load(tile::Index index) override;
  inline tile::Tile take(tile::Index index) override;
  inline void save(tile::Index index, tile::Tile tile) override;

 private:
  Site& site_;
  const int array_;
  const std::shared_ptr<tile::Store> store_;
  std::unordered_set<std::int64_t> saved_;
};

/// Counts bytes for as long as it is there.
class Counted {
 public:
  /// `copied` is there if they are those of a copy that was made to be sent.
  Counted(HeldBytes& held, std::atomic<std::int64_t>* copied, std::int64_t bytes)
      : held_(held), copied_(copied), bytes_(bytes) {
    change(bytes);
  }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  ~Counted() { change(-bytes_); }

 private:
  void change(std::int64_t bytes) {
    held_.change(bytes);
    if (copied_ != nullptr) copied_->fetch_add(bytes, std::memory_order_relaxed);
  }

  HeldBytes& held_;
  std::atomic<std::int64_t>* const copied_;
  const std::int64_t bytes_;
};

/// What a value of another rank is to this one.
struct Wish {
  int level = -1;         ///< the highest of the tasks that read it; -1 if none does
  Node first;             ///< the first of them
  bool hands_on = false;  ///< other ranks get it from here
  Node place;             ///< if they do, where it stands in the program (ReceiverFinder::place)
  Receivers to;           ///< no own tasks in it if they are too many to be kept
  bool is_whole = false;  ///< whether they are in it
};

/// What one worker of a rank works with.
struct alignas(64) Seat {
  Seat(RunState& state, const Placement& placement, bool counting)
      : runner(state, counting),
        finder(state.job.graph, placement, &state.left),
        held(state.held) {}

  TaskRunner runner;
  ReceiverFinder finder;
  HeldBytes::Share held;
  std::vector<std::pair<TileName, tile::Tile>> finals;  // of the node under way
  std::vector<Value> scratch;
  std::atomic<std::int64_t> tasks{0};
  std::int64_t handed_on = 0;
  std::vector<Event> events;

  /// That of the worker which this thread is.
  static Seat*& current() {
    static thread_local Seat* seat = nullptr;
    return seat;
  }
};

/// The tasks and values of one rank. Workers call `take`, `run` and `walk_tasks`; one other thread,
/// which sends and receives, calls the rest.
class Site {
 public:
  /// All that is given must outlive it. Up to `offer_bytes` may be on offer.
  Site(const Job& job, const Placement& placement, int rank, int workers, std::int64_t offer_bytes)
      : real_(job),
        placement_(placement),
        rank_(rank),
        job_(placed(job)),
        state_(job_, workers, most_dense(placement)),
        arrivals_(state_, placement, rank, most_dense(placement)),
        levels_(job_, state_.numbering),
        offers_(job_.graph, placement.ranks(), offer_bytes),
        held_back_(job_.graph),
        finder_(job_.graph, placement, &state_.left),
        held_(state_.held),
        tasks_(*job_.program, job_.graph.parameters(), placement, rank) {
    initial_.resize(job.arrays.size());
    for (std::size_t a = 0; a < job.arrays.size(); ++a) {
      const ir::ArrayRole role = job.program->arrays[a].role;
      const ArrayPlace& place = placement.array(static_cast<int>(a));
      if (job.arrays[a] && has_contents(role) && !place.initial.is_replicated())
        initial_[a] = std::make_unique<InitialTiles>(*job.arrays[a], place.initial, rank);
      if (job.arrays[a] && role != ir::ArrayRole::in)
        finals_.push_back(
            {static_cast<int>(a), OwnTiles(job.arrays[a]->extents(), place.final, rank)});
    }
  }

  /// On all ranks when the arrays have begun, and before any runs a task: finds what an earlier run
  /// has left to do.
  void find_left() {
    for (const auto& array : job_.arrays)
      if (array) static_cast<PlacedStore&>(*array).note_saved();
    state_.left.find();
  }

  /// A number for the tiles that this rank has seen to be saved.
  std::uint64_t saved() const {
    std::uint64_t all = 0;
    for (const auto& array : job_.arrays)
      if (array) all += static_cast<const PlacedStore&>(*array).saved();
    return all;
  }

  RunState& state() { return state_; }
  Outbox& outbox() { return outbox_; }
  ReadyTasks& ready() { return ready_; }
  Offers& offers() { return offers_; }
  const Received& received() const { return received_; }
  const Placement& placement() const { return placement_; }

  /// Takes a task that can run, and does not wait until what it sends has room; false if there is
  /// none now.
  bool take(Node& node, Seat& seat) {
    for (std::int64_t number = 0; ready_.take(number); ready_.done()) {
      node = state_.numbering.node(number);
      if (may_run(node, seat.finder)) return true;
      held_back_.add(node, number);
    }
    return false;
  }

  /// Lets some of the tasks that wait go on, if they may; how many.
  int let_go() {
    constexpr int some = 16;
    if (held_back_.empty()) return 0;
    return held_back_.let_go(
        some, [&](const Node& node) { return !offers_.is_full() || offers_.lets(node, finder_); },
        [&](const Node& node, std::int64_t number) { make_ready(node, number); });
  }

  /// Whether a task that could run need not wait until what it sends has room.
  bool may_run(const Node& node) { return may_run(node, finder_); }

  /// Whether a value that this rank hands on has room here, beside `more` bytes of such values that
  /// are on their way.
  bool has_room_to_hand_on(std::int64_t bytes, std::int64_t more) const {
    more += received_.handed_on_bytes() + offers_.bytes();
    return more == 0 || more + bytes <= offers_.most();
  }
  /// Whether it is to come without.
  bool lets_hand_on(const Node& place) { return offers_.lets(place, finder_); }

  /// Runs a task that was taken, and hands on what it made; whether its kernel was called. Throws
  /// as TaskRunner does.
  bool run(const Node& node, Seat& seat) {
    seat.finals.clear();
    const bool called = seat.runner.run(node);
    for (int slot = 0; slot < job_.graph.output_count(node.line); ++slot) publish(node, slot, seat);
    if (placement_.ranks() > 1) release_inputs(node, seat);
    finished_.fetch_add(1, std::memory_order_release);
    ready_.done();
    return called;
  }

  /// Looks for up to `most` more of this rank's tasks, of which those that wait for nothing become
  /// ready. False if there are none left to find, or another thread is looking.
  bool walk_tasks(int most) {
    if (tasks_over_.load(std::memory_order_acquire)) return false;
    const std::unique_lock lock(walking_, std::try_to_lock);
    if (!lock) return false;
    for (Node node; most > 0; --most) {
      if (!tasks_.next(node)) {
        tasks_over_.store(true, std::memory_order_release);
        outbox_.nudge();
        return false;
      }
      if (!state_.left.runs(node)) continue;
      found_.fetch_add(1, std::memory_order_relaxed);
      if (arrivals_.is_root(node)) make_ready(node, state_.numbering.number(node));
    }
    return true;
  }
  bool tasks_found() const { return tasks_over_.load(std::memory_order_acquire); }

  /// Tasks found so far, and run.
  std::int64_t found() const { return found_.load(std::memory_order_acquire); }
  std::int64_t finished() const { return finished_.load(std::memory_order_acquire); }

  /// Sends up to `most` more initial tiles of this rank to those who read them; false if all have
  /// been.
  bool walk_initial_tiles(int most) {
    while (next_initial_ < initial_.size()) {
      const auto a = static_cast<int>(next_initial_);
      InitialTiles* const tiles = initial_[next_initial_].get();
      bool more = tiles != nullptr;
      for (; more && most > 0; --most)
        more = tiles->walk(
            [&](const Indices& index) {
              return finder_.find(Value::initial({a, index}), rank_).ranks.size() > 1;
            },
            [&](const Indices& index, const tile::Tile& tile) {
              offer(Value::initial({a, index}), tile, finder_);
            });
      if (more) return true;
      ++next_initial_;
    }
    return false;
  }

  /// Counts up to `most` more tiles that this rank is to have at the end; false if all have been.
  bool walk_final_tiles(int most) {
    for (TileName tile; !finals_.empty(); finals_.pop_back()) {
      tile.array = finals_.back().array;
      while (finals_.back().tiles.next(tile.indices)) {
        if (job_.graph.writer(tile) && !is_saved(tile)) ++expected_;
        if (--most <= 0) return true;
      }
    }
    return false;
  }

  /// Whether all that this rank has to do and to get is done. Only after the walks are over.
  bool is_done() const {
    return tasks_found() && finished() == found() && saved_.load() == expected_;
  }

  /// Bytes of copies that were made to be offered, and are not sent yet.
  std::int64_t copied_bytes() const { return copied_.load(std::memory_order_relaxed); }

  /// What a value of another rank is here.
  Wish wish(const Value& value) {
    constexpr std::size_t most_kept = 32;
    const Receivers& to = finder_.find(value, rank_);
    Wish wish;
    for (const Node& node : to.own) {
      if (wish.level < 0 || job_.graph.before(node, wish.first)) wish.first = node;
      wish.level = std::max(wish.level, levels_.of(node));
    }
    wish.hands_on = to.hands_on(rank_);
    wish.is_whole = to.own.size() <= most_kept;
    if (wish.is_whole) wish.to = to;
    if (wish.hands_on) wish.place = finder_.place(value, rank_);
    return wish;
  }

  /// How many values a task here waits for; `from_afar` becomes those that other ranks send.
  std::int64_t missing(const Node& node, std::vector<Value>& from_afar) const {
    return arrivals_.missing(node, state_.numbering.number(node), from_afar);
  }

  /// A value by what makes it, for messages.
  std::string name_of(const Value& value) const {
    if (value.is_initial()) {
      const TileName tile = value.tile();
      return "tile " + tile::to_string(tile.indices) + " of " +
             job_.program->arrays[static_cast<std::size_t>(tile.array)].name;
    }
    return "the tile that " + ir::node_name(*job_.program, value.line, value.indices) + " (" +
           ir::where(job_.program->statements[static_cast<std::size_t>(value.line)].location) +
           ") made";
  }

  /// The payload type of a value.
  const tile::PayloadType& type_of(const Value& value) const {
    if (value.is_initial())
      return real_.arrays.at(static_cast<std::size_t>(-1 - value.line))->payload();
    const ir::Statement& s = job_.program->statements.at(static_cast<std::size_t>(value.line));
    int slot = value.slot;
    for (const kernel::Parameter& p : job_.kernels[static_cast<std::size_t>(s.kernel)]->parameters)
      if ((p.role == kernel::Role::out || p.role == kernel::Role::inout) && slot-- == 0)
        return *p.payload;
    throw internal_error("another rank has sent a value that no task makes");
  }

  /// A value of another rank has come: hands it on to the ranks below in its tree, and to the tasks
  /// here. Throws run_error if it is to be stored and cannot be.
  void deliver(const Value& value, tile::Tile tile) {
    deliver(value, std::move(tile), finder_.find(value, rank_));
  }
  void deliver(const Value& value, tile::Tile tile, const Receivers& to) {
    post_children(value, tile, to, {.is_held = true, .is_offered = true});
    if (to.is_kept) keep(value, tile);
    if (to.own.empty()) return;
    const auto readers = static_cast<std::int64_t>(to.own.size());
    received_.add(state_.numbering.number(value), readers, bytes_of(tile), to.hands_on(rank_));
    held_.add(bytes_of(tile));
    held_.tell();
    state_.values.insert(value, std::move(tile), readers);
    for (const Node& node : to.own) arrive(node, scratch_);
  }

  /// Stores what the program says of this rank's tiles that no task writes.
  void save_unwritten() {
    for (std::size_t a = 0; a < real_.arrays.size(); ++a) {
      const ir::Array& array = job_.program->arrays[a];
      if (!real_.arrays[a] || array.role != ir::ArrayRole::out || !array.unwritten) continue;
      TileName tile{static_cast<int>(a), {}};
      OwnTiles tiles(real_.arrays[a]->extents(), placement_.array(tile.array).final, rank_);
      while (tiles.next(tile.indices))
        if (!job_.graph.writer(tile))
          real_.arrays[a]->save(tile.indices, state_.unwritten.make(tile));
    }
  }

 private:
  friend class PlacedStore;

  struct Finals {
    int array;
    OwnTiles tiles;
  };

  // Of several ranks each asks for few of all numbers, here and there.
  static std::int64_t most_dense(const Placement& placement) {
    return placement.ranks() > 1 ? std::int64_t{1} << 15 : exec::detail::most_dense;
  }

  static bool has_contents(ir::ArrayRole role) {
    return role == ir::ArrayRole::in || role == ir::ArrayRole::inout;
  }

  Job placed(Job job) {
    for (std::size_t a = 0; a < job.arrays.size(); ++a)
      if (job.arrays[a])
        job.arrays[a] =
            std::make_shared<PlacedStore>(*this, static_cast<int>(a), std::move(job.arrays[a]));
    return job;
  }

  void make_ready(const Node& node, std::int64_t number) { ready_.push(levels_.of(node), number); }

  bool may_run(const Node& node, ReceiverFinder& finder) {
    return !offers_.is_full() || !sends(node, finder) || offers_.lets(node, finder);
  }

  // Whether something that the task makes goes to other ranks.
  bool sends(const Node& node, ReceiverFinder& finder) const {
    for (int slot = 0; slot < job_.graph.output_count(node.line); ++slot)
      if (finder.find(Value::of(node, slot), rank_).ranks.size() > 1) return true;
    return false;
  }

  void arrive(const Node& node, std::vector<Value>& scratch) {
    const std::int64_t number = state_.numbering.number(node);
    if (arrivals_.arrive(node, number, scratch)) make_ready(node, number);
  }

  // What the task has written in one slot goes to other ranks and to its readers here. Of the
  // readers that TaskRunner has counted, those of other ranks will not come.
  void publish(const Node& node, int slot, Seat& seat) {
    const Value value = Value::of(node, slot);
    if (state_.left.is_saved(value)) return;
    const Receivers& to = seat.finder.find(value, rank_);
    tile::Tile tile;
    const bool is_read = !to.own.empty() || to.others > 0;
    if (is_read) {
      Cell& cell = state_.values.at(value);
      if (to.ranks.size() > 1) tile = cell.tile;
      release(value, cell, to.others, seat);
    } else if (to.ranks.size() > 1) {
      tile = final_of(job_.graph.output(node, slot), seat);
    }
    // A final tile is in its array, if that is here; what it takes while it is on its way is no
    // more.
    const bool counts = is_read || !to.is_kept;
    if (tile) post_children(value, tile, to, {.is_held = counts, .is_offered = counts});
    for (const Node& next : to.own) arrive(next, seat.scratch);
  }

  void release(const Value& value, Cell& cell, std::int64_t readers, Seat& seat) {
    if (readers == 0) return;
    seat.held.add(-state_.values.release(value, cell, readers));
    seat.held.tell();
  }

  static tile::Tile final_of(const TileName& name, const Seat& seat) {
    for (const auto& [tile, payload] : seat.finals)
      if (tile == name) return payload;
    throw internal_error("a final tile was not stored by the task that made it");
  }

  void release_inputs(const Node& node, Seat& seat) {
    arrivals_.distinct_inputs(
        node, seat.scratch, [&](const Value& v) { return arrivals_.comes_from_afar(v); },
        [&](const Value& v) { received_.release(state_.numbering.number(v)); });
  }

  // What is nobody else's is a copy.
  void offer(const Value& value, const tile::Tile& tile, ReceiverFinder& finder) {
    post_children(value, tile, finder.find(value, rank_),
                  {.is_held = tile.unique(), .is_copy = true});
  }

  // How the bytes of a tile count until they are sent.
  struct Counts {
    bool is_held = false;     // among what this rank holds
    bool is_offered = false;  // among what it has on offer
    bool is_copy = false;     // among copies of initial tiles, if it is held
  };

  void post_children(const Value& value, const tile::Tile& tile, const Receivers& to,
                     const Counts& counts) {
    const auto here = std::find(to.ranks.begin(), to.ranks.end(), rank_);
    Letter letter;
    for_each_child(static_cast<std::size_t>(here - to.ranks.begin()), to.ranks.size(),
                   [&](std::size_t child) { letter.to.push_back(to.ranks[child]); });
    if (letter.to.empty()) return;
    letter.value = value;
    letter.tile = tile;
    if (counts.is_held)
      letter.counted = std::make_shared<Counted>(state_.held, counts.is_copy ? &copied_ : nullptr,
                                                 bytes_of(tile));
    if (counts.is_offered) letter.offers = offers_.add(value, bytes_of(tile), letter.to);
    outbox_.put(std::move(letter));
  }

  // The first use of an initial tile by a task here.
  tile::Tile use_initial(const TileName& tile, tile::Store& store, bool takes) {
    const Value value = Value::initial(tile);
    Seat& seat = *Seat::current();
    const Receivers& to = seat.finder.find(value, rank_);
    const auto a = static_cast<std::size_t>(tile.array);
    tile::Tile used =
        initial_[a] ? initial_[a]->use(tile.indices, takes, to.ranks.size() > 1,
                                       [&](const tile::Tile& sent) {
                                         post_children(value, sent, to,
                                                       {.is_held = sent.unique(), .is_copy = true});
                                       })
                    : (takes ? store.take(tile.indices) : store.load(tile.indices));
    release(value, state_.values.at(value), to.others, seat);
    return used;
  }

  bool is_saved(const TileName& tile) const {
    return job_.arrays[static_cast<std::size_t>(tile.array)]->is_saved(tile.indices);
  }

  // The first use of a tile that an earlier run has saved by a task here.
  tile::Tile use_saved(const TileName& tile, tile::Store& store) {
    const Value value = job_.graph.writer(tile).value();
    Seat& seat = *Seat::current();
    release(value, state_.values.at(value), seat.finder.find(value, rank_).others, seat);
    return store.load_saved(tile.indices);
  }

  void save_final(const TileName& tile, tile::Store& store, tile::Tile payload) {
    if (is_saved(tile)) return;
    Seat::current()->finals.emplace_back(tile, payload);
    const int keeper = placement_.keeper_of(tile);
    if (keeper != rank_ && keeper != Distribution::everywhere) return;
    store.save(tile.indices, std::move(payload));
    saved_.fetch_add(1, std::memory_order_release);
  }

  // A final tile that another rank has made.
  void keep(const Value& value, const tile::Tile& tile) {
    const Node node = value.node();
    const TileName name = job_.graph.output(node, value.slot);
    try {
      real_.arrays[static_cast<std::size_t>(name.array)]->save(name.indices, tile);
    } catch (const std::exception& e) {
      std::throw_with_nested(run_error(
          text({"lambdapack: ", ir::node_name(*job_.program, node.line, node.indices), " (",
                ir::where(job_.program->statements[static_cast<std::size_t>(node.line)].location),
                ") made a tile that cannot be stored on rank ", rank_, ": ", e.what()})));
    }
    saved_.fetch_add(1, std::memory_order_release);
  }

  const Job& real_;
  const Placement& placement_;
  const int rank_;
  std::vector<std::unique_ptr<InitialTiles>> initial_;  // null for what is not distributed
  const Job job_;
  RunState state_;
  Arrivals arrivals_;
  const Levels levels_;
  ReadyTasks ready_;
  std::atomic<std::int64_t> copied_{0};
  Offers offers_;
  HeldBack held_back_;
  Outbox outbox_;
  Received received_;
  ReceiverFinder finder_;
  HeldBytes::Share held_;  // of the thread that receives
  std::vector<Value> scratch_;

  std::mutex walking_;
  OwnTasks tasks_;
  std::atomic<bool> tasks_over_{false};
  std::atomic<std::int64_t> found_{0};
  alignas(64) std::atomic<std::int64_t> finished_{0};
  std::atomic<std::int64_t> saved_{0};

  std::size_t next_initial_ = 0;
  std::vector<Finals> finals_;
  std::int64_t expected_ = 0;
};

inline tile::Tile PlacedStore::load_saved(tile::Index index) {
  return site_.use_saved({array_, Indices(index)}, *store_);
}
inline tile::Tile PlacedStore::load(tile::Index index) {
  return site_.use_initial({array_, Indices(index)}, *store_, false);
}
inline tile::Tile PlacedStore::take(tile::Index index) {
  return site_.use_initial({array_, Indices(index)}, *store_, true);
}
inline void PlacedStore::save(tile::Index index, tile::Tile tile) {
  site_.save_final({array_, Indices(index)}, *store_, std::move(tile));
}

}  // namespace lambdapack::exec::distributed
