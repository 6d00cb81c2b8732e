// An executor that keeps the reports of its runs.
#pragma once

#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include "lambdapack/exec/job.hpp"

namespace lambdapack::detail {

/// Runs as `executor` does; the report of each run that ends well is added to `reports`.
template <Executor E>
struct Noting {
  const E* executor;
  std::vector<exec::Report>* reports;

  exec::Handle start(exec::Job job) const {
    return exec::Handle(std::make_unique<Noted>(executor->start(std::move(job)), reports));
  }

 private:
  class Noted final : public exec::Run {
   public:
    Noted(exec::Handle handle, std::vector<exec::Report>* reports)
        : handle_(std::move(handle)), reports_(reports) {}

    exec::Report wait() override {
      exec::Report report = handle_.wait();
      reports_->push_back(report);
      return report;
    }
    bool wait_for(std::chrono::milliseconds time) override { return handle_.wait_for(time); }
    exec::Progress progress() const override { return handle_.progress(); }
    void cancel() override { handle_.cancel(); }

   private:
    exec::Handle handle_;
    std::vector<exec::Report>* reports_;
  };
};

}  // namespace lambdapack::detail
