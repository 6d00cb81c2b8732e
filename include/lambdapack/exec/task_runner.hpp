// Runs one node: brings its tiles together, calls the kernel, hands the results on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/exec/held_bytes.hpp"
#include "lambdapack/exec/job.hpp"
#include "lambdapack/exec/left_over.hpp"
#include "lambdapack/exec/load_stored.hpp"
#include "lambdapack/exec/numbering.hpp"
#include "lambdapack/exec/unwritten.hpp"
#include "lambdapack/exec/values.hpp"
#include "lambdapack/ir/print.hpp"
#include "lambdapack/kernel/fault.hpp"
#include "lambdapack/text.hpp"
#include "lambdapack/tile/stop.hpp"

namespace lambdapack::exec {

/// What the workers of one job share.
struct RunState {
  /// Up to `most_dense` values have their places in an array.
  RunState(const Job& of, int workers, std::int64_t most_dense = detail::most_dense)
      : job(of),
        numbering(of),
        unwritten(of),
        left(of),
        values(numbering, most_dense),
        held(workers) {}

  const Job& job;
  const Numbering numbering;
  const UnwrittenTiles unwritten;
  LeftOver left;
  ValueTable values;
  HeldBytes held;
};

/// Executes nodes of one job on this machine's memory, for one worker. Each node runs once, after
/// its predecessors, on any worker.
///
/// An inout parameter gets the old value's own buffer if nobody else will read that value, and a
/// copy if somebody will. Slots that name one value hold one address. A tile that nothing has
/// written is made for each node that reads it.
class TaskRunner {
 public:
  /// With `counting`, kernels that can are asked for their numbers of operations.
  explicit TaskRunner(RunState& state, bool counting = false)
      : state_(state), job_(state.job), counting_(counting), held_(state.held) {}

  /// Runs a node; whether its kernel was called. A node whose loop has stopped hands on what its
  /// tiles held instead. Throws run_error, with the node's name and the kernel's exception nested,
  /// if the kernel throws, and passes on what a store throws.
  bool run(const Node& node) {
    return run(node, [] {});
  }

  /// The same; calls ahead() as soon as the successors are known, before the kernel, so that what
  /// their memory holds may come near while that runs.
  template <class Ahead>
  bool run(const Node& node, Ahead&& ahead) {
    begin(node);
    find_successors();
    ahead();
    find_inputs();
    const bool stopped = this->stopped();
    if (stopped) {
      keep_outputs();
    } else {
      bring_inputs();
      bring_outputs();
      call();
    }
    hold();
    hand_on();
    return !stopped;
  }

  /// The successors of the node that is run, or was run last.
  std::span<const Node> successors() const { return successors_; }
  /// The operations of the node that was run last, if its kernel counts them, or -1.
  double operations() const { return operations_; }

 private:
  // A value that the node reads, and how many slots of its kernel read it. A value that nothing has
  // written has no cell; its tile is the node's own.
  struct Read {
    Value value;
    Cell* cell;
    tile::Tile made;
    int slots;
  };

  void begin(const Node& node) {
    node_ = &node;
    statement_ = &job_.program->statements[static_cast<std::size_t>(node.line)];
    kernel_ = job_.kernels[static_cast<std::size_t>(statement_->kernel)].get();
    slots_.resize(kernel_->parameters.size());
    reads_.clear();
    addresses_of_.clear();
    written_.clear();
    copies_.clear();
    operations_ = -1;
  }

  void find_successors() {
    successors_.clear();
    job_.graph.successors(*node_, [&](const Node& next) {
      if (state_.left.runs(next)) successors_.push_back(next);
    });
    if (!successors_.empty())
      for (int slot = 0; slot < static_cast<int>(statement_->writes.size()); ++slot)
        state_.values.fetch(Value::of(*node_, slot));
  }

  // What is read, without the tiles of initial and unwritten values.
  void find_inputs() {
    const int inputs = job_.graph.input_count(node_->line);
    first_.assign(static_cast<std::size_t>(inputs) + 1, 0);
    for (int k = 0; k < inputs; ++k) {
      const std::size_t others = reads_.size();
      job_.graph.sources(*node_, k, [&](const Value& value) {
        addresses_of_.push_back(find_or_add(value, others));
      });
      first_[static_cast<std::size_t>(k) + 1] = addresses_of_.size();
    }
    // The kernel's own come first, then the control tile and what may have to be handed on.
    control_ = first_.size() - 1;
    if (statement_->stoppable) control_ -= 1 + statement_->writes.size();
  }

  bool stopped() { return statement_->stoppable && bring(only(control_)).get<tile::Stop>().value; }

  // Nothing changes the tiles, so old and new value share one.
  void keep_outputs() {
    for (std::size_t k = control_ + 1; k + 1 < first_.size(); ++k)
      written_.push_back(bring(only(k)));
  }

  void bring_inputs() {
    for (std::size_t k = 0; k < first_[control_]; ++k) {
      Read& read = reads_[addresses_of_[k]];
      ++read.slots;
      bring(read);
    }
  }

  void bring_outputs() {
    std::size_t input = 0, output = 0;
    for (const kernel::Parameter& p : kernel_->parameters) {
      const bool reads = p.role != kernel::Role::out && p.role != kernel::Role::scalar;
      if (p.role == kernel::Role::inout)
        written_.push_back(own(only(input)));
      else if (p.role == kernel::Role::out)
        written_.push_back(blank(p, static_cast<int>(output)));
      if (p.role == kernel::Role::inout || p.role == kernel::Role::out) ++output;
      if (reads) ++input;
    }
  }

  void call() {
    addresses_.clear();
    for (std::size_t k = 0; k < first_[control_]; ++k) {
      const tile::Tile& tile = tile_of(reads_[addresses_of_[k]]);
      addresses_.push_back(tile ? tile.address() : nullptr);
    }
    give_each_value_its_address();
    fill_slots();
    try {
      kernel_->call(slots_);
      if (counting_ && kernel_->operations) operations_ = kernel_->operations(slots_);
    } catch (const std::exception& e) {
      std::throw_with_nested(run_error(describe(e)));
    } catch (...) {
      std::throw_with_nested(run_error(name() + " failed with an exception of unknown type"));
    }
  }

  // A kernel may take one address for one value. Two values share a tile where an array is bound
  // twice, or a stopped loop has handed one on.
  void give_each_value_its_address() {
    for (std::size_t r = 1; r < reads_.size(); ++r) {
      const tile::Tile& tile = tile_of(reads_[r]);
      if (!tile || tile.unique()) continue;
      for (std::size_t other = 0; other < r; ++other) {
        const tile::Tile& before = tile_of(reads_[other]);
        if (!before || before.address() != tile.address()) continue;
        copies_.push_back(tile.clone());
        for (std::size_t k = 0; k < addresses_.size(); ++k)
          if (addresses_of_[k] == r) addresses_[k] = std::as_const(copies_.back()).address();
        break;
      }
    }
  }

  // All that the node reads and has written is there now.
  void hold() {
    std::int64_t bytes = 0;
    for (const tile::Tile& tile : written_) bytes += bytes_of(tile);
    for (const tile::Tile& tile : copies_) bytes += bytes_of(tile);
    for (const Read& read : reads_) bytes += bytes_of(read.made);
    held_.add(bytes);
    held_.tell();
    held_.add(-bytes);
  }

  void hand_on() {
    for (int slot = 0; slot < static_cast<int>(written_.size()); ++slot) {
      tile::Tile& tile = written_[static_cast<std::size_t>(slot)];
      const Value value = Value::of(*node_, slot);
      if (job_.graph.is_final(*node_, slot)) {
        const TileName place = job_.graph.output(*node_, slot);
        try {
          store(place.array).save(place.indices, tile);
        } catch (const std::exception& e) {
          std::throw_with_nested(
              run_error(text({name(), " made a tile that cannot be stored: ", e.what()})));
        }
      }
      const std::int64_t readers = readers_of(value);
      if (readers > 0) {
        held_.add(bytes_of(tile));
        state_.values.insert(value, std::move(tile), readers);
      }
      tile = {};
    }
    for (const Read& r : reads_)
      if (r.cell != nullptr) held_.add(-state_.values.release(r.value, *r.cell));
    reads_.clear();
    copies_.clear();
    held_.tell();
  }

  // Those that will look for the value in the table: a saved one is taken from its array.
  std::int64_t readers_of(const Value& value) const {
    if (state_.left.is_saved(value)) return 0;
    return written_.size() == 1 ? static_cast<std::int64_t>(successors_.size())
                                : state_.left.reader_count(value);
  }

  tile::Store& store(int array) const { return *job_.arrays[static_cast<std::size_t>(array)]; }

  // A run names each tile once, so only what other slots read can be the same value.
  std::size_t find_or_add(const Value& value, std::size_t others) {
    for (std::size_t r = 0; r < others; ++r)
      if (reads_[r].value == value) return r;
    reads_.push_back({value, cell(value), {}, 0});
    return reads_.size() - 1;
  }

  Cell* cell(const Value& value) const {
    if (!value.is_initial() && !state_.left.is_saved(value)) return &state_.values.at(value);
    if (value.is_initial() && state_.unwritten.applies(value.tile().array)) return nullptr;
    return &state_.values.at_or_make(value, [&] { return state_.left.reader_count(value); });
  }

  // The value that an input which is no run reads.
  Read& only(std::size_t input) { return reads_[addresses_of_[first_[input]]]; }

  static tile::Tile& tile_of(Read& read) { return read.cell ? read.cell->tile : read.made; }

  // Sees to it that the value's tile is there. An initial tile is loaded by its first reader. It
  // is taken, not shared, if the program overwrites it: then the store needs its own handle no
  // more.
  const tile::Tile& bring(Read& read) {
    if (read.cell == nullptr) {
      if (!read.made) read.made = state_.unwritten.make(read.value.tile());
      return read.made;
    }
    if (!read.value.is_initial() && !state_.left.is_saved(read.value)) return read.cell->tile;
    const std::lock_guard lock(read.cell->loading);
    if (!read.cell->tile) {
      read.cell->tile = load(read.value);
      held_.add(bytes_of(read.cell->tile));
    }
    return read.cell->tile;
  }

  tile::Tile load(const Value& value) const {
    const bool is_overwritten = value.is_initial() && job_.graph.writer(value.tile()).has_value();
    if (!is_overwritten) return load_stored(job_, value);
    const TileName tile = value.tile();
    return store(tile.array).take(tile.indices);
  }

  // The old value in a buffer that nobody else sees.
  tile::Tile own(Read& read) {
    tile::Tile& tile = tile_of(read);
    const bool last =
        read.slots == 1 &&
        (read.cell == nullptr || read.cell->readers.load(std::memory_order_acquire) == 1) &&
        tile.unique();
    if (!last) return std::as_const(tile).clone();
    if (read.cell != nullptr) held_.add(-bytes_of(tile));
    return std::exchange(tile, {});
  }

  tile::Tile blank(const kernel::Parameter& p, int slot) const {
    const TileName place = job_.graph.output(*node_, slot);
    const auto& array = job_.arrays[static_cast<std::size_t>(place.array)];
    return array ? array->blank(place.indices) : p.blank();
  }

  void fill_slots() {
    std::size_t input = 0, output = 0, scalar = 0;
    for (std::size_t k = 0; k < slots_.size(); ++k) {
      kernel::Slot& slot = slots_[k];
      switch (kernel_->parameters[k].role) {
        case kernel::Role::in:
          slot.read = addresses_[first_[input++]];
          break;
        case kernel::Role::in_list:
          slot.list = std::span<const void* const>(addresses_)
                          .subspan(first_[input], first_[input + 1] - first_[input]);
          ++input;
          break;
        case kernel::Role::inout:
          slot.write = written_[output++].address();
          ++input;
          break;
        case kernel::Role::out:
          slot.write = written_[output++].address();
          break;
        case kernel::Role::scalar:
          slot.scalar = scalar_value(scalar++);
          break;
      }
    }
  }

  kernel::ScalarValue scalar_value(std::size_t k) const {
    const form::ScalarForm& form =
        job_.graph.forms().statements[static_cast<std::size_t>(node_->line)].scalars[k];
    if (form.value.offset < 0) return {0, form.real, form.imaginary};
    const std::int64_t x = job_.graph.scalar(*node_, form);
    return {x, static_cast<double>(x), 0};
  }

  std::string name() const {
    return "lambdapack: " + ir::node_name(*job_.program, node_->line, node_->indices) + " (" +
           ir::where(statement_->location) + ")";
  }

  std::string describe(const std::exception& e) const {
    const TileName place = job_.graph.output(*node_, 0);
    std::string text = name() + " failed";
    text += " on " + job_.program->arrays[static_cast<std::size_t>(place.array)].name +
            tile::to_string(place.indices);
    if (const auto* fault = dynamic_cast<const tile_fault*>(&e)) {
      const auto& array = job_.arrays[static_cast<std::size_t>(place.array)];
      text += array ? " at global row " +
                          std::to_string(array->origin(place.indices).row + fault->row())
                    : " at row " + std::to_string(fault->row()) + " of the tile";
    }
    return text + ": " + e.what();
  }

  RunState& state_;
  const Job& job_;
  const bool counting_;
  HeldBytes::Share held_;
  double operations_ = -1;
  const Node* node_ = nullptr;
  const ir::Statement* statement_ = nullptr;
  const kernel::Function* kernel_ = nullptr;
  // Of the node under way; kept from one to the next for their memory.
  std::vector<kernel::Slot> slots_;
  std::vector<Read> reads_;                // distinct values
  std::vector<std::size_t> addresses_of_;  // per tile named, in slot order: its position in reads_
  std::vector<std::size_t> first_;         // per input slot: where its tiles begin
  std::size_t control_ = 0;                // the input slot behind the kernel's own
  std::vector<tile::Tile> written_;        // per output slot
  std::vector<const void*> addresses_;
  std::vector<tile::Tile> copies_;  // of tiles that two values share
  std::vector<Node> successors_;
};

}  // namespace lambdapack::exec
