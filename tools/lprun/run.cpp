#include "run.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <lambdapack/report/run_html.hpp>
#include <lambdapack/report/trace.hpp>
#include <limits>

namespace lprun {

Run::Run(const Command& command)
    : command_(command),
      type_(type_of(command.inputs()[0])),
      backend_(static_cast<Backend>(command.choice("--backend", {"threads", "sequential", "mpi", "cloud"}))),
      workers_(static_cast<int>(
          std::min<std::int64_t>(command.integer("--workers"), std::numeric_limits<int>::max()))) {
  if (backend_ == Backend::mpi) begin_ranks();
  if (rank() > 0) return;
  for (const std::string& path : command.outputs())
    if (command.has("--trace") && path == command.text("--trace"))
      require_place_for_file(path);
    else
      require_place_for_matrix(path);
}

void Run::say(const std::string& what, double value) const {
  if (rank() == 0) std::cout << what << " = " << value << "\n";
}

void Run::write_traces() const {
  for (std::size_t k = 0; k < reports_.size(); ++k) {
    std::filesystem::path path(command_.text("--trace"));
    if (k > 0)
      path.replace_filename(path.stem().string() + "-" + std::to_string(k + 1) +
                            path.extension().string());
    write_text(path, path.extension() == ".html" ? lp::report_html(reports_[k])
                                                 : lp::trace_json(reports_[k]));
  }
}

void Run::end() const {
  if (rank() > 0) return;
  if (command_.has("--trace")) write_traces();
  std::int64_t tasks = 0;
  double in_runs = 0;
  for (const lp::exec::Report& report : reports_) {
    tasks += report.tasks;
    in_runs += report.seconds;
  }
  std::cout << command_.algorithm().name << ": " << shape_ << ", " << type_ << ", tiles of "
            << tile() << ", " << tasks << " tasks, " << seconds_ << " s, " << in_runs << " s of it in runs";
  if (operations_ > 0 && seconds_ > 0) std::cout << ", " << operations_ / seconds_ / 1e9 << " GF/s";
  std::cout << "\n";
}

}  // namespace lprun
