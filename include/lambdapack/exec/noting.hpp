// An executor that keeps the reports of its runs.
#pragma once

#include <chrono>
#include <exception>
#include <memory>
#include <utility>
#include <vector>

#include "lambdapack/exec/job.hpp"

namespace lambdapack {

/// Runs as another executor does, and adds the report of each run that ends well to a vector: for
/// calls that run several programs, or return something else. Made by `noting`.
template <Executor E>
class Noting {
 public:
  Noting(std::vector<exec::Report>& reports, E executor)
      : executor_(std::move(executor)), reports_(&reports) {}

  exec::Handle start(exec::Job job) const {
    return exec::Handle(std::make_unique<Noted>(executor_.start(std::move(job)), reports_));
  }

  void refuse(const std::exception_ptr& error) const requires requires(const E& executor) {
    executor.refuse(error);
  }
  { executor_.refuse(error); }

 private:
  class Noted final : public exec::Run {
   public:
    Noted(exec::Handle handle, std::vector<exec::Report>* reports)
        : handle_(std::move(handle)), reports_(reports) {}

    exec::Report wait() override {
      exec::Report report = handle_.wait();
      if (!is_noted_) reports_->push_back(report);
      is_noted_ = true;
      return report;
    }
    bool wait_for(std::chrono::milliseconds time) override { return handle_.wait_for(time); }
    exec::Progress progress() const override { return handle_.progress(); }
    void cancel() override { handle_.cancel(); }

   private:
    exec::Handle handle_;
    std::vector<exec::Report>* reports_;
    bool is_noted_ = false;
  };

  E executor_;
  std::vector<exec::Report>* reports_;
};

/// `lp::least_squares(A, B, {}, lp::noting(reports, lp::threads{}))`: the same call, and a report
/// of each of its runs, in their order. `reports` has to be there until the last of them has been
/// waited for, by one thread at a time.
template <Executor E>
Noting<E> noting(std::vector<exec::Report>& reports, E executor) {
  return {reports, std::move(executor)};
}

}  // namespace lambdapack
