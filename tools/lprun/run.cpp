#include "run.hpp"

#include <iostream>
#include <lambdapack/report/run_html.hpp>
#include <lambdapack/report/trace.hpp>

namespace lprun {

Run::Run(const Command& command)
    : command_(command),
      type_(type_of(command.inputs()[0])),
      backend_(static_cast<Backend>(
          command.choice("--backend", {"threads", "sequential", "mpi", "cloud"}))),
      workers_(static_cast<int>(command.integer("--workers"))),
      tile_rows_(tile()) {
  if (backend_ == Backend::mpi) begin_ranks();
  if (rank() > 0) return;
  for (const std::string& path : command.outputs())
    if (command.has("--trace") && path == command.text("--trace"))
      require_place_for_file(path);
    else
      require_place_for_matrix(path);
  for (std::size_t k = 1; command.has("--trace") && k < runs_at_most; ++k)
    require_place_for_later_trace(trace_name(command.text("--trace"), k));
}

void Run::say(const std::string& what, double value) const {
  if (rank() == 0) std::cout << what << " = " << value << "\n";
}

void Run::write_traces() const {
  for (std::size_t k = 0; k < reports_.size(); ++k) {
    const std::string path = trace_name(command_.text("--trace"), k);
    write_text(
        path, path.ends_with(".html") ? lp::report_html(reports_[k]) : lp::trace_json(reports_[k]));
  }
}

void Run::end() const {
  std::int64_t held = 0;
  for (const auto* reports : {&reports_, &moves_})
    for (const lp::exec::Report& report : *reports) held = std::max(held, report.peak_bytes);
  held = largest_of_ranks(held);
  if (rank() > 0) return;
  if (command_.has("--trace")) write_traces();
  std::int64_t tasks = 0;
  double in_runs = 0;
  for (const lp::exec::Report& report : reports_) {
    tasks += report.tasks;
    in_runs += report.seconds;
  }
  std::cout << command_.algorithm().name << ": " << shape_ << ", " << type_ << ", tiles of "
            << tile_rows_ << ", " << tasks << " tasks, " << seconds_ << " s, " << in_runs
            << " s of it in runs";
  if (operations_ > 0 && seconds_ > 0) std::cout << ", " << operations_ / seconds_ / 1e9 << " GF/s";
  if (backend_ == Backend::mpi) std::cout << ", " << held << " bytes of tiles at most on a rank";
  std::cout << "\n";
}

}  // namespace lprun
