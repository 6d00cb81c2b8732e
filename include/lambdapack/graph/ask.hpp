// Asks the forms of a program in the words of a task graph: tuples come back as nodes, values and
// tiles. Where a form is there as a compiled function that is called, else its bytecode is run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "lambdapack/form/closed_forms.hpp"
#include "lambdapack/graph/node.hpp"

namespace lambdapack::detail {

/// The forms of one program at given sizes. A view.
class Ask {
 public:
  Ask(const form::ClosedForms& forms, std::span<const std::int64_t> parameters)
      : forms_(&forms), parameters_(parameters) {}

  /// A run of the bytecode, to be taken step by step.
  form::Cursor cursor(form::Entry entry, std::span<const std::int64_t> point = {}) const {
    return {forms_->code.data(), entry, parameters_, point};
  }

  bool yes(form::Entry entry, std::span<const std::int64_t> point = {}) const {
    if (const form::Native* n = native(entry); n && n->count)
      return n->count(parameters_.data(), point.data()) != 0;
    return cursor(entry, point).any();
  }

  /// How many tuples a form emits.
  std::int64_t number(form::Entry entry, std::span<const std::int64_t> point = {}) const {
    if (const form::Native* n = native(entry); n && n->count)
      return n->count(parameters_.data(), point.data());
    return cursor(entry, point).count();
  }

  /// Calls f(const Node&) for each tuple; tags are lines.
  template <class F>
  void nodes(form::Entry entry, std::span<const std::int64_t> point, F&& f) const {
    Node node;
    each(entry, point, node.indices.data(), [&](int line, int size) {
      node.line = line;
      node.indices.resize(static_cast<std::size_t>(size));
      f(std::as_const(node));
    });
  }

  /// The same by stretches: calls f(const NodeRun&), always by bytecode.
  template <class F>
  void node_runs(form::Entry entry, std::span<const std::int64_t> point, F&& f) const {
    NodeRun run;
    form::Cursor c = cursor(entry, point);
    for (int size = 0;
         c.next_run(run.first.line, size, run.first.indices.data(), run.step.data(), run.times);) {
      run.first.indices.resize(static_cast<std::size_t>(size));
      run.step.resize(static_cast<std::size_t>(size));
      f(std::as_const(run));
    }
  }

  /// The same until f(Node&) says that it has seen enough; whether it does. Tags mean nothing, all
  /// nodes are of line `line`.
  template <class F>
  bool until(form::Entry entry, int line, std::span<const std::int64_t> point, F&& f) const {
    Node node;
    node.line = line;
    const auto got = [&](int, int size) {
      node.indices.resize(static_cast<std::size_t>(size));
      return f(std::as_const(node));
    };
    const form::Native* n = native(entry);
    if (n && n->until) {
      Caller to(node.indices.data(), got);
      return n->until(parameters_.data(), point.data(), to);
    }
    form::Cursor c = cursor(entry, point);
    int tag = 0, size = 0;
    while (c.next(tag, size, node.indices.data()))
      if (got(tag, size)) return true;
    return false;
  }

  /// Calls f(const TileName&) for each tuple, the tiles of one array.
  template <class F>
  void tiles(form::Entry entry, std::span<const std::int64_t> point, int array, F&& f) const {
    TileName tile;
    tile.array = array;
    each(entry, point, tile.indices.data(), [&](int, int size) {
      tile.indices.resize(static_cast<std::size_t>(size));
      f(std::as_const(tile));
    });
  }

  /// Sets `tile` to the last tuple, the only one where a form gives a single tile.
  void tile(form::Entry entry, std::span<const std::int64_t> point, TileName& tile) const {
    each(entry, point, tile.indices.data(),
         [&](int, int size) { tile.indices.resize(static_cast<std::size_t>(size)); });
  }

  /// Calls f(const Value&) for each tuple; tags are form::source_tag, or below 0 for the initial
  /// contents of `tile`.
  template <class F>
  void values(form::Entry entry, std::span<const std::int64_t> point, const TileName& tile,
              F&& f) const {
    Value value;
    each(entry, point, value.indices.data(), [&](int tag, int size) {
      if (tag < 0) {
        f(Value::initial(tile));
        return;
      }
      value.line = form::source_line(tag);
      value.slot = form::source_slot(tag);
      value.indices.resize(static_cast<std::size_t>(size));
      f(std::as_const(value));
    });
  }

  /// The value of a form that gives a single number.
  std::int64_t value(form::Entry entry, std::span<const std::int64_t> point) const {
    std::int64_t tuple[form::max_tuple] = {};
    each(entry, point, tuple, [](int, int) {});
    return tuple[0];
  }

 private:
  // The form as a compiled function, null if there is none.
  const form::Native* native(form::Entry entry) const {
    return entry.native < 0 ? nullptr
                            : &forms_->natives.all[static_cast<std::size_t>(entry.native)];
  }

  // A sink that calls got(tag, size), where the tuple is in `tuple`.
  template <class Got>
  struct Caller : form::Sink {
    Caller(std::int64_t* tuple, const Got& function)
        : form::Sink{tuple,
                     [](form::Sink& self, int tag, int size) -> bool {
                       return static_cast<Caller&>(self).got(tag, size);
                     }},
          got(function) {}
    const Got& got;
  };

  // Calls got(tag, size) for each tuple, with the tuple in `tuple`.
  template <class Got>
  void each(form::Entry entry, std::span<const std::int64_t> point, std::int64_t* tuple,
            const Got& call) const {
    const auto got = [&](int tag, int size) {
      call(tag, size);
      return false;
    };
    if (const form::Native* n = native(entry); n && n->each) {
      Caller to(tuple, got);
      n->each(parameters_.data(), point.data(), to);
      return;
    }
    form::Cursor c = cursor(entry, point);
    int tag = 0, size = 0;
    while (c.next(tag, size, tuple)) got(tag, size);
  }

  const form::ClosedForms* forms_;
  std::span<const std::int64_t> parameters_;
};

}  // namespace lambdapack::detail
