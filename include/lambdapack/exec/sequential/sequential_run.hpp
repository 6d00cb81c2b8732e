// The body of lp::sequential.
#pragma once

#include <chrono>
#include <exception>
#include <memory>
#include <string>
#include <utility>

#include "lambdapack/exec/limits.hpp"
#include "lambdapack/exec/outcome.hpp"
#include "lambdapack/exec/sequential/sequential.hpp"
#include "lambdapack/exec/task_runner.hpp"
#include "lambdapack/exec/trace.hpp"

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
  exec::Limits limits(time_limit, on_progress, progress_every);
  const std::int64_t total = exec::known_size(job.graph);
  const std::string trace_file = exec::detail::trace_file();
  const bool record = record_events || !trace_file.empty();
  exec::RunState state(job);
  exec::begin_arrays(job);
  const auto begin = std::chrono::steady_clock::now();
  const auto now = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  exec::Report report{job.program, 0, 1, 0, job.graph.formula_bytes(), {}, 0, job.graph};
  std::exception_ptr error;
  try {
    exec::TaskRunner runner(state, record);
    job.graph.for_each_task([&](const Node& node) {
      limits.check(job.program->name, [&] { return exec::Progress{report.tasks, total}; });
      const double from = record ? now() : 0;
      const bool handed_on = !runner.run(node);
      ++report.tasks;
      report.handed_on += handed_on ? 1 : 0;
      if (record) report.events.push_back({node, 0, from, now(), handed_on, runner.operations()});
    });
  } catch (...) {
    error = std::current_exception();
  }
  error = exec::end_arrays(job, std::move(error));
  report.seconds = now();
  try {
    if (!error) limits.finish({report.tasks, total});
  } catch (...) {
    error = std::current_exception();
  }
  if (!trace_file.empty()) exec::detail::write_trace(report, trace_file);
  return exec::Handle(std::make_unique<exec::detail::FinishedRun>(std::move(report), error));
}

}  // namespace lambdapack
