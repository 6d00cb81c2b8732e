// A run as a page for a browser: one file that needs nothing else, no network either.
#pragma once

#include <cstddef>
#include <string>

#include "lambdapack/api.hpp"
#include "lambdapack/exec/job.hpp"

namespace lambdapack {

/// How a run is shown.
struct HtmlOptions {
  /// Of more tasks than this, neighbours on one worker share a bar.
  std::size_t max_bars = 200'000;
};

/// The recorded events of a run as HTML that is XML too: who did what when, how many tasks were
/// ready and how many ran, the time and speed of each kernel, and why workers were idle.
/// `lp::threads{.record_events = true}` records them. Throws input_error if the report has no
/// program.
LAMBDAPACK_API std::string report_html(const exec::Report& report, const HtmlOptions& options = {});

}  // namespace lambdapack

#ifndef LAMBDAPACK_SEPARATE
#include "lambdapack/report/run_html_page.hpp"
#endif
