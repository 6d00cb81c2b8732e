// What all runs are alike in whose tasks the threads of a crew run.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "lambdapack/exec/frame.hpp"
#include "lambdapack/exec/outcome.hpp"
#include "lambdapack/exec/threads/crew.hpp"

namespace lambdapack::exec {

/// A run whose waiting, cancelling and ending are here. Who derives from it calls `start` when it
/// is made, and `leave` first when it is destroyed.
class CrewRun : public Run, protected Work {
 public:
  Report wait() override {
    require_here();
    wait_for_end();
    return outcome_.wait();
  }

  // Who asks for the end now and then is not made to run kernels, which take as long as they take;
  // where the run needs somebody who waits, a thread does.
  bool wait_for(std::chrono::milliseconds time) override {
    require_here();
    const auto begin = std::chrono::steady_clock::now();
    const auto left = [&] {
      return time - std::chrono::duration_cast<std::chrono::milliseconds>(
                        std::chrono::steady_clock::now() - begin);
    };
    // A kernel may wait longer than asked for, by the tasks that it runs meanwhile.
    if (Crew::is_member())
      while (crew_->help(*this))
        if (left().count() <= 0) return outcome_.wait_for({});
    for (;;) {
      const std::chrono::milliseconds rest =
          std::clamp(left(), std::chrono::milliseconds(0), patience);
      if (outcome_.wait_for(rest)) return true;
      end_if_late();
      if (crew_->is_forsaken(*this, patience)) have_somebody_wait();
      if (left().count() <= 0) return outcome_.wait_for({});
    }
  }

  Progress progress() const override { return frame_.progress(done()); }

  bool is_here() const override { return crew_->is_here(); }

  void cancel() override {
    require_here();
    fail(std::make_exception_ptr(run_error("lambdapack: the run of " + frame_.job().program->name +
                                           " was cancelled before its end")));
    crew_->settle(*this);
  }

 protected:
  /// At most `places` threads take part. With one `teller`, each change of the bytes held is told
  /// at once; see HeldBytes. Up to `most_dense` values have their places in an array.
  template <class Options>
  CrewRun(Job job, std::shared_ptr<Crew> crew, int tellers, int places, const Options& options,
          std::int64_t most_dense = detail::most_dense)
      : Work(places),
        frame_(std::move(job), tellers, options, most_dense),
        crew_(std::move(crew)) {}

  /// The frame has begun: calls prepare(), and lets the crew take part.
  template <class Prepare>
  void start(const Prepare& prepare) {
    try {
      prepare();
      crew_->add(*this);
    } catch (...) {
      end_arrays(frame_.job(), std::current_exception());
      throw;
    }
  }

  void leave() {
    if (!outcome_.wait_for({})) cancel();
    wait_for_end();
    if (waits_.joinable()) waits_.join();
  }

  void fail(std::exception_ptr error) {
    {
      const std::lock_guard lock(error_mutex_);
      if (!error_ && !ending_) error_ = std::move(error);
    }
    stop();
  }

  RunFrame& frame() { return frame_; }
  const RunFrame& frame() const { return frame_; }
  const Numbering& numbering() const { return frame_.state().numbering; }
  Crew& crew() const { return *crew_; }

  /// The tasks that have been run.
  virtual std::int64_t done() const = 0;
  /// No task is to begin any more.
  virtual void stop() = 0;
  /// Adds to a report what the workers did.
  virtual void tell(Report& report) const = 0;

 private:
  // How long nobody may take part in a run before who waits for it does.
  static constexpr std::chrono::milliseconds patience{20};

  // A kernel that waits for a run takes part in it, or all workers might be waiting. So they may
  // if a kernel waits on another thread, or in another library's; who waits there takes part when
  // nobody else does.
  void wait_for_end() {
    if (Crew::is_member())
      while (!outcome_.wait_for({}))
        if (!crew_->help(*this)) wait_a_little(std::chrono::milliseconds(1));
    while (!wait_a_little(patience)) {
    }
  }

  void have_somebody_wait() {
    if (is_waited_for_.exchange(true)) return;
    try {
      waits_ = std::thread([this] { wait_for_end(); });
    } catch (const std::system_error&) {
      is_waited_for_ = false;  // there may be a thread later
    }
  }

  // Waits for the end, or takes part for a time; whether the end has come.
  bool wait_a_little(std::chrono::milliseconds time) {
    if (outcome_.wait_for(time)) return true;
    end_if_late();
    // Who has waited once for others to come need not wait again.
    for (auto p = patience; crew_->help_forsaken(*this, p); p = {}) end_if_late();
    return outcome_.wait_for({});
  }

  // Whoever could end a run whose time is up may be busy elsewhere.
  void end_if_late() {
    try {
      frame_.check_time();
    } catch (...) {
      fail(std::current_exception());
      crew_->settle(*this);
    }
  }

  void require_here() const {
    if (!is_here())
      throw run_error("lambdapack: the run of " + frame_.job().program->name +
                      " was begun before this process was forked, and its threads are the other "
                      "process's; wait for it there, and let its handle go here");
  }

  void end() final {
    std::exception_ptr error;
    {
      const std::lock_guard lock(error_mutex_);
      ending_ = true;
      error = error_;
    }
    Report report;
    error = frame_.end(std::move(error), report, [this](Report& all) { tell(all); });
    // Whoever waits may then destroy this.
    outcome_.set(std::move(report), std::move(error));
  }

  RunFrame frame_;
  std::mutex error_mutex_;
  std::exception_ptr error_;
  bool ending_ = false;
  Outcome outcome_;
  std::atomic<bool> is_waited_for_{false};
  std::thread waits_;
  const std::shared_ptr<Crew> crew_;
};

/// How long a worker stays with one of several runs.
class Turn {
 public:
  bool is_over() const {
    return std::chrono::steady_clock::now() - begin_ > std::chrono::milliseconds(5);
  }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace lambdapack::exec
