// The body of lp::sequential.
#pragma once

#include <chrono>
#include <exception>
#include <memory>
#include <utility>

#include "lambdapack/exec/frame.hpp"
#include "lambdapack/exec/outcome.hpp"
#include "lambdapack/exec/sequential/sequential.hpp"

namespace lambdapack {

namespace exec::detail {

class FinishedRun final : public Run {
 public:
  FinishedRun(Report report, std::exception_ptr error) : done_(report.tasks) {
    outcome_.set(std::move(report), std::move(error));
  }
  Report wait() override { return outcome_.wait(); }
  bool wait_for(std::chrono::milliseconds) override { return true; }
  Progress progress() const override { return {done_, done_}; }
  void cancel() override {}

 private:
  std::int64_t done_;
  Outcome outcome_;
};

}  // namespace exec::detail

LAMBDAPACK_API exec::Handle sequential::start(exec::Job job) const {
  exec::RunFrame frame(std::move(job), 1, *this);
  exec::Worker worker(frame, 0);
  frame.begin();
  std::exception_ptr error;
  try {
    frame.job().graph.for_each_task([&](const Node& node) {
      if (!frame.state().left.runs(node)) return;
      frame.check([&] { return worker.tasks(); });
      worker.run(node, [] {});
    });
  } catch (...) {
    error = std::current_exception();
  }
  exec::Report report;
  error = frame.end(std::move(error), report, [&](exec::Report& all) { worker.tell(all); });
  return exec::Handle(
      std::make_unique<exec::detail::FinishedRun>(std::move(report), std::move(error)));
}

}  // namespace lambdapack
