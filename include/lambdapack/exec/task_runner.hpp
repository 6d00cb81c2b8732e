// Runs one node: brings its tiles together, calls the kernel, hands the results on.
#pragma once

#include <cstddef>
#include <exception>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/exec/job.hpp"
#include "lambdapack/exec/unwritten.hpp"
#include "lambdapack/exec/values.hpp"
#include "lambdapack/ir/print.hpp"
#include "lambdapack/kernel/fault.hpp"
#include "lambdapack/text.hpp"
#include "lambdapack/tile/stop.hpp"

namespace lambdapack::exec {

/// Executes nodes of one job on this machine's memory. `run` may be called for different nodes
/// from different threads, each node once, after its predecessors.
///
/// An inout parameter gets the old value's own buffer if nobody else will read that value, and a
/// copy if somebody will. Slots that name one value hold one address. A tile that nothing has
/// written is made for each node that reads it.
class TaskRunner {
 public:
  explicit TaskRunner(const Job& job) : job_(job), unwritten_(job) {}

  /// Runs a node; whether its kernel was called. A node whose loop has stopped hands on what its
  /// tiles held instead. Throws run_error, with the node's name and the kernel's exception nested,
  /// if the kernel throws, and passes on what a store throws.
  bool run(const Node& node) {
    Work work(*this, node);
    work.find_inputs();
    const bool stopped = work.stopped();
    if (stopped) {
      work.keep_outputs();
    } else {
      work.bring_inputs();
      work.bring_outputs();
      work.call();
    }
    work.hand_on();
    return !stopped;
  }

 private:
  // A value that the node reads, and how many slots of its kernel read it. A value that nothing has
  // written has no cell; its tile is the node's own.
  struct Read {
    Value value;
    Cell* cell;
    tile::Tile made;
    int slots;
  };

  class Work {
   public:
    Work(TaskRunner& runner, const Node& node)
        : runner_(runner),
          job_(runner.job_),
          node_(node),
          statement_(job_.program->statements[static_cast<std::size_t>(node.line)]),
          kernel_(*job_.kernels[static_cast<std::size_t>(statement_.kernel)]),
          slots_(kernel_.parameters.size()) {}

    // What is read, without the tiles of initial and unwritten values.
    void find_inputs() {
      const int inputs = job_.graph.input_count(node_.line);
      first_.assign(static_cast<std::size_t>(inputs) + 1, 0);
      for (int k = 0; k < inputs; ++k) {
        const std::size_t others = reads_.size();
        job_.graph.inputs(node_, k, [&](const TileName&, const Value& value) {
          addresses_of_.push_back(find_or_add(value, others));
        });
        first_[static_cast<std::size_t>(k) + 1] = addresses_of_.size();
      }
      // The kernel's own come first, then the control tile and what may have to be handed on.
      control_ = first_.size() - 1;
      if (statement_.stoppable) control_ -= 1 + statement_.writes.size();
    }

    bool stopped() { return statement_.stoppable && bring(only(control_)).get<tile::Stop>().value; }

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
      for (const kernel::Parameter& p : kernel_.parameters) {
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
      std::vector<const void*> addresses;
      addresses.reserve(first_[control_]);
      for (std::size_t k = 0; k < first_[control_]; ++k) {
        const tile::Tile& tile = tile_of(reads_[addresses_of_[k]]);
        addresses.push_back(tile ? tile.address() : nullptr);
      }
      fill_slots(addresses);
      try {
        kernel_.call(slots_);
      } catch (const std::exception& e) {
        std::throw_with_nested(run_error(describe(e)));
      } catch (...) {
        std::throw_with_nested(run_error(name() + " failed with an exception of unknown type"));
      }
    }

    void hand_on() {
      for (int slot = 0; slot < static_cast<int>(written_.size()); ++slot) {
        tile::Tile& tile = written_[static_cast<std::size_t>(slot)];
        const Value value = Value::of(node_, slot);
        if (job_.graph.is_final(node_, slot)) {
          const TileName place = job_.graph.output(node_, slot);
          try {
            store(place.array).save(place.indices, tile);
          } catch (const std::exception& e) {
            std::throw_with_nested(
                run_error(text({name(), " made a tile that cannot be stored: ", e.what()})));
          }
        }
        const std::int64_t readers = job_.graph.reader_count(value);
        if (readers > 0) runner_.values_.insert(value, std::move(tile), readers);
        tile = {};
      }
      for (const Read& r : reads_)
        if (r.cell != nullptr) runner_.values_.release(r.value, *r.cell);
    }

   private:
    tile::Store& store(int array) const { return *job_.arrays[static_cast<std::size_t>(array)]; }

    // A run names each tile once, so only what other slots read can be the same value.
    std::size_t find_or_add(const Value& value, std::size_t others) {
      for (std::size_t r = 0; r < others; ++r)
        if (reads_[r].value == value) return r;
      reads_.push_back({value, cell(value), {}, 0});
      return reads_.size() - 1;
    }

    Cell* cell(const Value& value) const {
      if (!value.is_initial()) return &runner_.values_.at(value);
      if (runner_.unwritten_.applies(value.tile().array)) return nullptr;
      return &runner_.values_.at_or_make(value, [&] { return job_.graph.reader_count(value); });
    }

    // The value that an input which is no run reads.
    Read& only(std::size_t input) { return reads_[addresses_of_[first_[input]]]; }

    static tile::Tile& tile_of(Read& read) { return read.cell ? read.cell->tile : read.made; }

    // Sees to it that the value's tile is there. An initial tile is loaded by its first reader. It
    // is taken, not shared, if the program overwrites it: then the store needs its own handle no
    // more.
    const tile::Tile& bring(Read& read) const {
      if (read.cell == nullptr) {
        if (!read.made) read.made = runner_.unwritten_.make(read.value.tile());
        return read.made;
      }
      if (!read.value.is_initial()) return read.cell->tile;
      const TileName tile = read.value.tile();
      const std::lock_guard lock(read.cell->loading);
      if (!read.cell->tile) {
        const bool overwritten = job_.graph.writer(tile).has_value();
        read.cell->tile = overwritten ? store(tile.array).take(tile.indices)
                                      : store(tile.array).load(tile.indices);
      }
      return read.cell->tile;
    }

    // The old value in a buffer that nobody else sees.
    static tile::Tile own(Read& read) {
      tile::Tile& tile = tile_of(read);
      const bool last =
          read.slots == 1 &&
          (read.cell == nullptr || read.cell->readers.load(std::memory_order_acquire) == 1) &&
          tile.unique();
      return last ? std::exchange(tile, {}) : std::as_const(tile).clone();
    }

    tile::Tile blank(const kernel::Parameter& p, int slot) const {
      const TileName place = job_.graph.output(node_, slot);
      const auto& array = job_.arrays[static_cast<std::size_t>(place.array)];
      return array ? array->blank(place.indices) : p.blank();
    }

    void fill_slots(const std::vector<const void*>& addresses) {
      std::size_t input = 0, output = 0, scalar = 0;
      for (std::size_t k = 0; k < slots_.size(); ++k) {
        kernel::Slot& slot = slots_[k];
        switch (kernel_.parameters[k].role) {
          case kernel::Role::in:
            slot.read = addresses[first_[input++]];
            break;
          case kernel::Role::in_list:
            slot.list =
                std::span(addresses).subspan(first_[input], first_[input + 1] - first_[input]);
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
          job_.graph.forms().statements[static_cast<std::size_t>(node_.line)].scalars[k];
      if (form.value.offset < 0) return {0, form.real, form.imaginary};
      const std::int64_t x = job_.graph.scalar(node_, form);
      return {x, static_cast<double>(x), 0};
    }

    std::string name() const {
      return "lambdapack: " + ir::node_name(*job_.program, node_.line, node_.indices) + " (" +
             ir::where(statement_.location) + ")";
    }

    std::string describe(const std::exception& e) const {
      const TileName place = job_.graph.output(node_, 0);
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

    TaskRunner& runner_;
    const Job& job_;
    const Node& node_;
    const ir::Statement& statement_;
    const kernel::Function& kernel_;
    std::vector<kernel::Slot> slots_;
    std::vector<Read> reads_;  // distinct values
    std::vector<std::size_t>
        addresses_of_;                 // per tile named, in slot order: its position in reads_
    std::vector<std::size_t> first_;   // per input slot: where its tiles begin
    std::size_t control_ = 0;          // the input slot behind the kernel's own
    std::vector<tile::Tile> written_;  // per output slot
  };

  const Job& job_;
  const UnwrittenTiles unwritten_;
  ValueTable values_;
};

}  // namespace lambdapack::exec
