// A picture of a run: who did what when. A row for each worker, a bar for each task. One SVG file
// that needs nothing else; a bar tells its task where the pointer rests on it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/exec/job.hpp"
#include "lambdapack/ir/print.hpp"
#include "lambdapack/report/detail/kernel_colours.hpp"
#include "lambdapack/report/detail/svg.hpp"

namespace lambdapack {

/// How a run is drawn.
struct GanttOptions {
  /// A run of more tasks than this is refused: the file would be too large to look at.
  std::size_t max_events = 100'000;
};

namespace report::detail {

/// A distance between marks on an axis that is 1, 2 or 5 times a power of ten: the least that
/// leaves at most `most` of them.
inline double tick_step(double length, int most) {
  if (!(length > 0)) return 1;
  const double power = std::pow(10, std::floor(std::log10(length / most)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power * most >= length) return factor * power;
  return 10 * power;
}

/// Draws one run.
class GanttPicture {
 public:
  explicit GanttPicture(const exec::Report& report)
      : report_(report), kernels_(*report.program), seconds_(report.seconds) {
    rows_ = static_cast<std::size_t>(std::max(report.workers, 0));
    for (const exec::Event& e : report.events) {
      rows_ = std::max(rows_, static_cast<std::size_t>(e.worker) + 1);
      seconds_ = std::max(seconds_, e.end);
    }
    row_busy_.resize(rows_);
    kernel_busy_.resize(kernels_.names().size());
    kernel_count_.resize(kernels_.names().size());
    for (const exec::Event& e : report.events) {
      row_busy_[static_cast<std::size_t>(e.worker)] += e.end - e.begin;
      kernel_busy_[kernels_.slot(e.node.line)] += e.end - e.begin;
      ++kernel_count_[kernels_.slot(e.node.line)];
      busy_ += e.end - e.begin;
    }
    row_height_ =
        std::clamp(720.0 / static_cast<double>(std::max<std::size_t>(rows_, 1)), 6.0, 46.0);
  }

  std::string svg() const {
    const double bottom = top + row_height_ * static_cast<double>(rows_);
    std::string s =
        svg_begin(width, bottom + 50, headline(*report_.program, "who did what when"), style());
    s += svg_text(margin, 36, "h", headline(*report_.program, "who did what when"));
    s += svg_text(margin, 59, "s", summary());
    s += legend();
    if (report_.events.empty())
      return s +
             svg_text(left, top + 24, "l",
                      "Nothing to show: the run had no tasks, or its executor was not asked to "
                      "record_events.") +
             "</svg>\n";
    s += axis(bottom);
    for (std::size_t row = 0; row < rows_; ++row) s += row_labels(row);
    for (const exec::Event& e : report_.events) s += bar(e);
    return s + "</svg>\n";
  }

 private:
  static constexpr double width = 1176, margin = 22, left = 116, right = 1108, top = 118;

  double x_of(double seconds) const {
    return seconds_ > 0 ? left + (right - left) * seconds / seconds_ : left;
  }
  std::string percent(double part, double whole) const {
    return text({number(whole > 0 ? 100 * part / whole : 0, 0), " %"});
  }

  std::string style() const {
    std::string s =
        ".l { font-size: 15px; fill: #1d2733; }\n"
        ".a { font-size: 14px; fill: #5a6675; text-anchor: middle; }\n"
        ".w { font-size: 14px; fill: #1d2733; }\n"
        ".g { stroke: #dde2e8; stroke-width: 1; }\n"
        ".t:hover { opacity: 0.6; }\n";
    for (std::size_t k = 0; k < kernels_.names().size(); ++k)
      s += text({".t", k, " { fill: ", colour(k).strong, "; }\n"});
    return s;
  }

  std::string summary() const {
    std::string s = text({counted(report_.tasks, "task"), " on ",
                          counted(report_.workers, "worker"), " in ", duration(report_.seconds)});
    if (!report_.events.empty())
      s += text({"; the workers were busy for ",
                 percent(busy_, seconds_ * static_cast<double>(rows_)), " of the time"});
    return s;
  }

  std::string legend() const {
    std::string s;
    double x = margin;
    for (std::size_t k = 0; k < kernels_.names().size(); ++k) {
      const std::string label =
          text({kernels_.names()[k], " × ", grouped(kernel_count_[k]), ", ",
                duration(kernel_busy_[k]), " (", percent(kernel_busy_[k], busy_), ")"});
      s += text({"<rect class=\"t", k, "\" x=\"", number(x),
                 "\" y=\"76\" width=\"22\" height=\"16\" rx=\"4\"/>\n"});
      s += svg_text(x + 30, 89, "l", label);
      x += 30 + 7.6 * static_cast<double>(characters(label)) + 22;
    }
    return s;
  }

  std::string axis(double bottom) const {
    std::string s;
    const double step = tick_step(seconds_, 10);
    const bool is_s = step >= 1, is_ms = step >= 0.9e-3, is_us = step >= 0.9e-6;
    const double unit = is_s ? 1 : is_ms ? 1e3 : is_us ? 1e6 : 1e9;
    const char* unit_name = is_s ? " s" : is_ms ? " ms" : is_us ? " µs" : " ns";
    for (int k = 0; k * step <= seconds_ * (1 + 1e-9); ++k) {
      const std::string x = number(x_of(k * step));
      s += text({"<line class=\"g\" x1=\"", x, "\" x2=\"", x, "\" y1=\"", number(top - 6),
                 "\" y2=\"", number(bottom + 6), "\"/>\n"});
      s +=
          svg_text(x_of(k * step), bottom + 26, "a", text({number(k * step * unit, 1), unit_name}));
    }
    return s;
  }

  // Of many thin rows only some are labelled.
  std::string row_labels(std::size_t row) const {
    const auto every = static_cast<std::size_t>(std::ceil(16 / row_height_));
    if (row % every != 0) return "";
    const double y = top + row_height_ * (static_cast<double>(row) + 0.5) + 5;
    return svg_text(margin, y, "w", text({"worker ", row})) +
           svg_text(right + 12, y, "w", percent(row_busy_[row], seconds_));
  }

  // Neighbours are told apart by a gap, which must not eat up a bar that is narrow itself.
  std::string bar(const exec::Event& e) const {
    const double full = x_of(e.end) - x_of(e.begin);
    const double inset = row_height_ > 16 ? 3 : 0.5;
    const std::string source = source_text(*report_.program, e.node.line);
    return text({"<rect class=\"t t", kernels_.slot(e.node.line), "\" x=\"", number(x_of(e.begin)),
                 "\" y=\"", number(top + row_height_ * static_cast<double>(e.worker) + inset),
                 "\" width=\"", number(std::max(full - std::min(0.8, 0.2 * full), 0.2)),
                 "\" height=\"", number(row_height_ - 2 * inset), "\"><title>",
                 escape(ir::node_name(*report_.program, e.node.line, e.node.indices)),
                 source.empty() ? "" : "&#10;", escape(source), "&#10;", duration(e.end - e.begin),
                 e.handed_on ? "&#10;handed on: its loop had stopped" : "", "</title></rect>\n"});
  }

  const exec::Report& report_;
  KernelColours kernels_;
  double seconds_;  // the axis' length
  std::size_t rows_ = 0;
  double row_height_ = 0;
  double busy_ = 0;
  std::vector<double> row_busy_, kernel_busy_;
  std::vector<std::int64_t> kernel_count_;
};

}  // namespace report::detail

/// The recorded events of a run as a self-contained SVG file: `lp::threads{.record_events = true}`
/// records them. Throws input_error if there are more than `options.max_events`.
inline std::string gantt_svg(const exec::Report& report, const GanttOptions& options = {}) {
  if (!report.program)
    throw input_error(
        "lambdapack: gantt_svg was given a report without a program; pass what wait() "
        "or lp::run returned");
  if (report.events.size() > options.max_events)
    throw input_error(
        text({"lambdapack: the run of ", report.program->name, " recorded ",
              report::detail::grouped(static_cast<std::int64_t>(report.events.size())),
              " tasks, too many for a picture; record a run on larger tiles, or "
              "raise GanttOptions::max_events"}));
  return report::detail::GanttPicture(report).svg();
}

}  // namespace lambdapack
