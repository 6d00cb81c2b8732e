// The executor that the command line chose.
#pragma once

#include <chrono>
#include <lambdapack/lambdapack.hpp>
#include <lambdapack/report/progress.hpp>
#include <memory>
#include <utility>

#include "command.hpp"

namespace lprun {

/// A run that shows its progress on a terminal and adds what it was to a summary.
class ShownRun final : public lp::exec::Run {
 public:
  ShownRun(lp::exec::Handle handle, Summary* summary)
      : handle_(std::move(handle)), summary_(summary) {}

  lp::exec::Report wait() override {
    lp::exec::Report report = lp::wait_with_progress(handle_, "lprun");
    summary_->tasks += report.tasks;
    summary_->seconds += report.seconds;
    return report;
  }
  bool wait_for(std::chrono::milliseconds time) override { return handle_.wait_for(time); }
  lp::exec::Progress progress() const override { return handle_.progress(); }
  void cancel() override { handle_.cancel(); }

 private:
  lp::exec::Handle handle_;
  Summary* summary_;
};

/// Runs on threads or on one, and keeps count.
struct Chosen {
  const Command* command;
  Summary* summary;

  lp::exec::Handle start(lp::exec::Job job) const {
    lp::exec::Handle handle = command->sequential
                                  ? lp::sequential{}.start(std::move(job))
                                  : lp::threads{command->workers}.start(std::move(job));
    return lp::exec::Handle(std::make_unique<ShownRun>(std::move(handle), summary));
  }
};

}  // namespace lprun
