// The executor that the command line chose.
#pragma once

#include <chrono>
#include <cstdint>
#include <lambdapack/lambdapack.hpp>
#include <lambdapack/report/progress.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "clouds.hpp"
#include "ranks.hpp"

namespace lprun {

/// A run that shows its progress on a terminal and keeps its report.
class ShownRun final : public lp::exec::Run {
 public:
  ShownRun(lp::exec::Handle handle, std::vector<lp::exec::Report>* reports)
      : handle_(std::move(handle)), reports_(reports) {}

  lp::exec::Report wait() override {
    lp::exec::Report report =
        rank() == 0 ? lp::wait_with_progress(handle_, "lprun") : handle_.wait();
    if (reports_ != nullptr) reports_->push_back(report);
    return report;
  }
  bool wait_for(std::chrono::milliseconds time) override { return handle_.wait_for(time); }
  lp::exec::Progress progress() const override { return handle_.progress(); }
  void cancel() override { handle_.cancel(); }

 private:
  lp::exec::Handle handle_;
  std::vector<lp::exec::Report>* reports_;
};

enum class Backend { threads, sequential, mpi, cloud };

/// Runs on threads, on one, on all ranks, or by workers of lp::cloud. `reports` may be null.
struct Chosen {
  Backend backend = Backend::threads;
  int workers = 0;
  bool record_events = false;
  std::vector<lp::exec::Report>* reports = nullptr;
  std::string cloud_url = "cloud://";
  std::int64_t memory = 0;

  lp::exec::Handle start(lp::exec::Job job) const {
    return lp::exec::Handle(std::make_unique<ShownRun>(started(std::move(job)), reports));
  }

 private:
  lp::exec::Handle started(lp::exec::Job job) const {
    if (backend == Backend::mpi) return start_on_ranks(std::move(job), workers, record_events);
    if (backend == Backend::cloud)
      return start_in_cloud(std::move(job), cloud_url, workers, record_events);
    if (backend == Backend::sequential) return lp::sequential{record_events}.start(std::move(job));
    return lp::threads{.workers = workers, .record_events = record_events, .memory = memory}.start(
        std::move(job));
  }
};

}  // namespace lprun
