// The end of a run, which one thread reaches and others wait for.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/exec/job.hpp"
#include "lambdapack/exec/left_over.hpp"
#include "lambdapack/exec/unwritten.hpp"

namespace lambdapack::exec {

/// Set once; waited for by any number of threads.
class Outcome {
 public:
  void set(Report report, std::exception_ptr error) {
    const std::lock_guard lock(mutex_);
    report_ = std::move(report);
    error_ = std::move(error);
    over_ = true;
    changed_.notify_all();
  }

  /// Waits; returns the report or throws what ended the run.
  Report wait() {
    wait_for_end();
    if (error_) std::rethrow_exception(error_);
    return report_;
  }

  /// Waits, whatever the end is.
  void wait_for_end() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return over_; });
  }

  bool wait_for(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    // Longer waits would overflow the clock.
    constexpr std::chrono::milliseconds most = std::chrono::hours(24 * 365);
    return changed_.wait_for(lock, std::min(time, most), [&] { return over_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  Report report_;
  std::exception_ptr error_;
};

/// Begins every array of a job for what the program does with it. If one cannot, those that have
/// begun are abandoned and the error goes on.
inline void begin_arrays(const Job& job) {
  for (const auto& array : job.arrays)
    if (array && array->is_spread())
      throw input_error(
          text({"lambdapack: ", array->describe(),
                " is spread over processes, and this executor has the tiles of one of "
                "them only; run the program by lp::mpi, on all of them"}));
  // A store that two runs begin at once must not save what one of them does by the other's name.
  static std::recursive_mutex naming;
  std::unique_lock lock(naming, std::defer_lock);
  if (std::any_of(job.arrays.begin(), job.arrays.end(),
                  [](const auto& array) { return array && array->keeps(); })) {
    lock.lock();
    const std::vector<std::uint64_t> stamps = stamps_of(job);
    for (std::size_t a = 0; a < job.arrays.size(); ++a)
      if (job.arrays[a] && job.arrays[a]->keeps())
        job.arrays[a]->name_run(run_name(job, a, stamps));
  }
  for (std::size_t a = 0; a < job.arrays.size(); ++a) {
    if (!job.arrays[a]) continue;
    const ir::ArrayRole role = job.program->arrays[a].role;
    try {
      job.arrays[a]->begin(role == ir::ArrayRole::in    ? tile::Use::read
                           : role == ir::ArrayRole::out ? tile::Use::write
                                                        : tile::Use::update);
    } catch (...) {
      for (std::size_t b = 0; b < a; ++b)
        if (job.arrays[b]) job.arrays[b]->abandon(message(std::current_exception()));
      throw;
    }
  }
}

/// Commits every array, with what the program says of tiles that it does not write, or abandons
/// every array if `error` is set. Returns the error, or that of a save or commit that failed; then
/// the arrays not yet committed are abandoned.
inline std::exception_ptr end_arrays(const Job& job, std::exception_ptr error) {
  try {
    if (!error) {
      save_unwritten(job);
      for (const auto& array : job.arrays)
        if (array) array->prepare();
    }
  } catch (...) {
    error = std::current_exception();
  }
  for (const auto& array : job.arrays) {
    if (!array) continue;
    if (!error) {
      try {
        array->commit();
        continue;
      } catch (...) {
        error = std::current_exception();
      }
    }
    array->abandon(message(error));
  }
  return error;
}

/// The number of tasks, or -1 where it would have to be counted.
inline std::int64_t known_size(const TaskGraph& graph) {
  for (int line = 0; line < graph.statements(); ++line)
    if (!graph.has_count_formula(line)) return -1;
  return graph.size();
}

}  // namespace lambdapack::exec
