// The tasks of a run as a trace that Chrome (chrome://tracing) and Perfetto (ui.perfetto.dev) show,
// and what is written where LAMBDAPACK_TRACE asks for it.
#pragma once

#include <atomic>
#include <charconv>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "lambdapack/error.hpp"
#include "lambdapack/exec/job.hpp"
#include "lambdapack/exec/trace_file.hpp"
#include "lambdapack/ir/detail/json_text.hpp"
#include "lambdapack/ir/print.hpp"
#include "lambdapack/report/run_html.hpp"

namespace lambdapack {

namespace report::detail {

/// A time in microseconds, to the nanosecond, in the same digits in every locale.
inline std::string microseconds(double seconds) {
  char digits[64];
  const auto [end, fault] =
      std::to_chars(digits, digits + sizeof digits, seconds * 1e6, std::chars_format::fixed, 3);
  return fault == std::errc() ? std::string(digits, end) : "0";
}

}  // namespace report::detail

/// The recorded events of a run as JSON in Chrome's Trace Event Format: a row for each worker, a
/// bar for each task, with its kernel, node and source line. Without events the rows are empty.
inline std::string trace_json(const exec::Report& report) {
  using ir::detail::json_quoted;
  const ir::Program& program = *report.program;
  std::string text =
      "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n{\"name\":\"process_name\","
      "\"ph\":\"M\",\"pid\":1,\"args\":{\"name\":" +
      json_quoted(program.name) + "}}";
  for (int w = 0; w < report.workers; ++w)
    text += ",\n{\"name\":\"thread_name\",\"ph\":\"M\",\"pid\":1,\"tid\":" + std::to_string(w) +
            ",\"args\":{\"name\":\"worker " + std::to_string(w) + "\"}}";
  for (const exec::Event& e : report.events) {
    const ir::Statement& s = program.statements[static_cast<std::size_t>(e.node.line)];
    text +=
        ",\n{\"name\":" + json_quoted(program.kernels[static_cast<std::size_t>(s.kernel)].name) +
        ",\"ph\":\"X\",\"pid\":1,\"tid\":" + std::to_string(e.worker) +
        ",\"ts\":" + report::detail::microseconds(e.begin) +
        ",\"dur\":" + report::detail::microseconds(e.end - e.begin) +
        ",\"args\":{\"node\":" + json_quoted(ir::node_name(program, e.node.line, e.node.indices)) +
        ",\"source\":" + json_quoted(ir::where(s.location)) +
        (e.handed_on ? ",\"handed on\":true" : "") + "}}";
  }
  return text + "\n]}\n";
}

namespace report::detail {

/// Writes the trace of a run that has ended to `file`, or its report if that is called *.html;
/// those of the process's second run to `file` with -2 before its extension, and so on. A file that
/// cannot be written costs a line on standard error, and not the run.
inline void write_trace(const exec::Report& report, const std::string& file) {
  static std::atomic<int> runs{0};
  const int run = ++runs;
  std::filesystem::path path(file);
  if (run > 1)
    path.replace_filename(path.stem().string() + '-' + std::to_string(run) +
                          path.extension().string());
  try {
    std::ofstream out(path);
    out << (path.extension() == ".html" ? report_html(report) : trace_json(report));
    out.close();
    if (!out)
      throw input_error(
          "it cannot be written; check the folder that LAMBDAPACK_TRACE names, and "
          "the space on the disk");
  } catch (const std::exception& e) {
    std::fprintf(stderr, "lambdapack: no trace in %s: %s\n", path.c_str(), e.what());
  }
}

inline const bool traces_are_written = (exec::trace_writer() = &write_trace) != nullptr;

}  // namespace report::detail

}  // namespace lambdapack
