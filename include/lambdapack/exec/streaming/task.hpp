// The tasks of a run that cannot hold all of its tiles, and the values that they read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "lambdapack/exec/streaming/budget.hpp"
#include "lambdapack/exec/streaming/tile_order.hpp"
#include "lambdapack/exec/values.hpp"
#include "lambdapack/graph/node.hpp"

namespace lambdapack::exec::streaming {

struct Task;

/// A value with readers that have not run.
struct Resident {
  enum class State { away, coming, here, leaving };
  /// A task whose turn has come, and which of its reads this is.
  struct Asker {
    Task* task;
    std::size_t read;
  };

  Value value;
  std::int64_t number = 0;
  Cell* cell = nullptr;
  State state = State::away;
  Share held;              ///< while it is here or leaving
  std::int64_t bytes = 0;  ///< as far as is known
  std::int64_t readers = 0;
  int users = 0;             ///< tasks under way that read it
  bool is_kept = false;      ///< an array or the scratch has it too
  bool in_scratch = false;   ///< and it is the scratch
  bool is_near = false;      ///< while it is here: the window needs it
  bool overwritten = false;  ///< an array's own tile that a task of the run writes
  const tile::PayloadType* type = nullptr;
  std::vector<Asker> askers;
  /// While it is here: where in the order of tiles the next of its readers lie, the first of them
  /// at the back; not more than a few of them. See Residency.
  std::vector<std::uint64_t> uses;
};

/// A task, from when its turn has come until it has finished.
struct Task {
  struct Read {
    Resident* value = nullptr;
    int slots = 0;          ///< parameters that read it
    bool loads = false;     ///< this task is the one to load it
    std::size_t asker = 0;  ///< its place in `value->askers` until the task is under way
  };

  Node node;
  std::int64_t number = 0;
  Target target;
  std::int64_t round = 0;         ///< that in which its tile was opened, from 1
  std::int64_t step = 0;          ///< how many tasks of its tile have run before it
  std::vector<Read> reads;        ///< distinct values
  std::vector<int> old;           ///< for each output which of the reads it overwrites, or -1
  std::int64_t missing = 0;       ///< bytes of values that are away
  int away = 0;                   ///< how many these are
  int moving = 0;                 ///< values that other tasks load or put aside
  std::vector<Resident*> spills;  ///< values that it has to put aside first
  std::int64_t needs = 0;         ///< bytes for what it loads and makes
  Share room;                     ///< those that it has
};

}  // namespace lambdapack::exec::streaming
