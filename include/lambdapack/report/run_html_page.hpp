// The body of report_html.
#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/ir/print.hpp"
#include "lambdapack/report/detail/kernel_colours.hpp"
#include "lambdapack/report/detail/run_html_parts.hpp"
#include "lambdapack/report/detail/svg.hpp"
#include "lambdapack/report/run_html.hpp"
#include "lambdapack/report/timeline.hpp"

namespace lambdapack {

namespace report::detail {

/// `value` to a tenth of a thousandth, in the same digits in every locale.
inline std::string plain_number(double value) {
  char digits[64];
  const double rounded = std::isfinite(value) ? std::round(value * 1e4) / 1e4 : 0;
  const auto [end, fault] = std::to_chars(digits, digits + sizeof digits, rounded);
  return fault == std::errc() ? std::string(digits, end) : "0";
}

/// Nanoseconds as an integer.
inline std::string nanoseconds(double seconds) {
  const double ns = seconds * 1e9;
  return std::to_string(std::isfinite(ns) && std::abs(ns) < 9e15 ? std::llround(ns) : 0);
}

/// `s` as a JSON string that may stand in an element of HTML or XML; bytes that are not UTF-8
/// become `?`.
inline std::string script_string(std::string_view s) {
  std::string quoted = "\"";
  while (!s.empty()) {
    const std::size_t length = utf8_length(s);
    const char c = s[0];
    if (length == 0) {
      quoted += '?';
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '<' || c == '>' ||
               c == '&' || c == '"' || c == '\\') {
      char code[8];
      std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(c));
      quoted += code;
    } else {
      quoted += s.substr(0, length);
    }
    s.remove_prefix(length == 0 ? 1 : length);
  }
  return quoted + '"';
}

/// Writes one run.
class RunPage {
 public:
  RunPage(const exec::Report& report, const HtmlOptions& options)
      : report_(report),
        program_(*report.program),
        options_(options),
        kernels_(program_),
        timeline_(timeline(report)),
        rates_(kernels_.names().size()) {
    for (const exec::Event& e : report.events) {
      add(rates_[kernels_.slot(e.node.line)], e);
      add(all_, e);
    }
  }

  std::string html() const {
    const std::string title = program_.name.empty() ? "run" : program_.name;
    std::string s =
        text({"<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n"
              "<meta charset=\"utf-8\"/>\n"
              "<meta name=\"viewport\" content=\"width=device-width\"/>\n<title>",
              escape(title), "</title>\n<style>", run_html_style, "</style>\n</head>\n<body>\n<h1>",
              escape(title), "</h1>\n<p>", summary(), "</p>\n"});
    if (report_.events.empty())
      return s +
             "<p>Nothing to show: the run had no tasks, or its executor was not asked to "
             "record_events.</p>\n</body>\n</html>\n";
    s += gantt() + widths() + kernel_table() + worker_table();
    return s + text({"<script type=\"application/json\" id=\"run\">", data(),
                     "</script>\n<script>//<![CDATA[", run_html_script,
                     "//]]></script>\n</body>\n</html>\n"});
  }

 private:
  struct Rate {
    std::int64_t tasks = 0;
    double seconds = 0;
    double operations = 0, counted_seconds = 0;  // of the tasks that count
    bool counts = false;
  };

  static void add(Rate& rate, const exec::Event& e) {
    const double seconds = e.end - e.begin;
    ++rate.tasks;
    rate.seconds += seconds;
    if (e.operations < 0) return;
    rate.counts = true;
    rate.operations += e.operations;
    rate.counted_seconds += seconds;
  }

  static std::string percent(double part, double whole) {
    return number(whole > 0 ? 100 * part / whole : 0, 1) + " %";
  }
  static std::string speed(double operations, double seconds) {
    if (!(seconds > 0)) return "–";
    const double gigaflops = operations / seconds / 1e9;
    return number(gigaflops, gigaflops < 9.995 ? 2 : gigaflops < 99.95 ? 1 : 0);
  }

  double worker_seconds() const {
    return timeline_.seconds * static_cast<double>(timeline_.workers.size());
  }

  std::string summary() const {
    std::string s = text({counted(report_.tasks, "task"), " on ",
                          counted(report_.workers, "worker"), " in ", duration(report_.seconds)});
    if (report_.events.empty()) return s;
    double busy = 0;
    for (const WorkerTime& w : timeline_.workers) busy += w.busy;
    s += text({"; the workers were busy for ", percent(busy, worker_seconds()), " of the time"});
    if (all_.counts)
      s += text({"; ", speed(all_.operations, timeline_.seconds),
                 " GF/s of counted operations over the whole run"});
    if (report_.handed_on > 0)
      s += text({"; ", counted(report_.handed_on, "task"), " of stopped loops called no kernel"});
    return s;
  }

  std::string swatch(std::size_t kernel) const {
    return text({"<i style=\"background:", colour(kernel).strong, "\"></i>"});
  }

  std::string gantt() const {
    std::string s = "<h2>Who did what when</h2>\n<p>";
    for (std::size_t k = 0; k < kernels_.names().size(); ++k)
      s += text({"<span class=\"key\">", swatch(k), escape(kernels_.names()[k]), "</span>\n"});
    s += "</p>\n<div class=\"chart\"><canvas id=\"gantt\"></canvas><div id=\"tip\"></div></div>\n"
         "<p class=\"faint\">The wheel zooms, dragging moves, a double click shows all.";
    if (merges())
      s += text({" Of ", grouped(static_cast<std::int64_t>(report_.events.size())),
                 " tasks, short ones that are neighbours share a bar."});
    return s + "</p>\n<noscript><p>The chart needs JavaScript.</p></noscript>\n";
  }

  // One of the numbers of `widths` over time: as it was, or as means over equal parts of the run.
  template <class Number, class Write>
  std::string width_chart(const char* style, const char* name, Number number_of,
                          Write write) const {
    const std::vector<RunWidth>& widths = timeline_.widths;
    const double seconds = timeline_.seconds > 0 ? timeline_.seconds : 1;
    constexpr std::size_t columns = 1000;
    std::vector<double> means(columns, 0);
    double most = 0, area = 0;
    for (std::size_t k = 0; k < widths.size(); ++k) {
      const double from = widths[k].time;
      const double to = k + 1 < widths.size() ? widths[k + 1].time : timeline_.seconds;
      const auto value = static_cast<double>(number_of(widths[k]));
      most = std::max(most, value);
      area += value * (to - from);
      const double scale = columns / seconds;
      for (auto c = static_cast<std::size_t>(from * scale); c < columns; ++c) {
        const double begin = std::max(from * scale, static_cast<double>(c));
        const double end = std::min(to * scale, static_cast<double>(c + 1));
        if (begin >= end) break;
        means[c] += value * (end - begin);
      }
    }
    std::string path = "M0 100";
    const double unit = most > 0 ? 96 / most : 0;
    if (widths.size() <= 2 * columns)
      for (std::size_t k = 0; k < widths.size(); ++k) {
        const double to = k + 1 < widths.size() ? widths[k + 1].time : timeline_.seconds;
        path += text({"H", plain_number(1000 * widths[k].time / seconds), "V",
                      plain_number(100 - unit * static_cast<double>(number_of(widths[k]))), "H",
                      plain_number(1000 * to / seconds)});
      }
    else
      for (std::size_t c = 0; c < columns; ++c)
        path += text({"V", plain_number(100 - unit * means[c]), "H", c + 1});
    const double mean = area / seconds;
    return text({"<p>", name, ": at most ", write(most), ", ", write(mean),
                 " on average</p>\n<svg class=\"", style,
                 "\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1000 100\" "
                 "preserveAspectRatio=\"none\"><path d=\"",
                 path, "V100Z\"/></svg>\n"});
  }

  std::string widths() const {
    const auto count = [](double x) {
      const auto whole = static_cast<std::int64_t>(x);
      return static_cast<double>(whole) < x ? number(x) : grouped(whole);
    };
    std::string s = "<h2>Width over time</h2>\n";
    if (timeline_.knows_ready)
      s += width_chart(
          "ready", "Tasks ready, not begun", [](const RunWidth& w) { return w.ready; }, count);
    s += width_chart(
        "running", "Tasks running", [](const RunWidth& w) { return w.running; }, count);
    s += time_axis();
    if (report_.peak_bytes == 0) return s;
    return s +
           text({"<h2>Memory over time</h2>\n<p>Peak of the run: ",
                 megabytes(static_cast<double>(report_.peak_bytes)), "</p>\n"}) +
           width_chart(
               "memory", "Tiles held between tasks", [](const RunWidth& w) { return w.held_bytes; },
               megabytes) +
           time_axis();
  }

  static std::string megabytes(double bytes) { return number(bytes / 1e6, 1) + " MB"; }

  std::string time_axis() const {
    return text({"<p class=\"faint\">From 0 to ", duration(timeline_.seconds), ".</p>\n"});
  }

  std::string kernel_row(std::string_view name, const Rate& rate) const {
    return text({"<tr><td>", name, "</td><td>", grouped(rate.tasks), "</td><td>",
                 duration(rate.seconds), "</td><td>",
                 rate.tasks > 0 ? duration(rate.seconds / static_cast<double>(rate.tasks)) : "–",
                 "</td><td>", percent(rate.seconds, all_.seconds), "</td><td>",
                 rate.counts ? speed(rate.operations, rate.counted_seconds) : "–", "</td></tr>\n"});
  }

  std::string kernel_table() const {
    std::string s =
        "<h2>Time per kernel</h2>\n<table id=\"kernels\">\n<tr><th>kernel</th><th>tasks</th>"
        "<th>total</th><th>mean</th><th>share</th><th>GF/s</th></tr>\n";
    for (std::size_t k = 0; k < rates_.size(); ++k)
      s += kernel_row(swatch(k) + escape(kernels_.names()[k]), rates_[k]);
    return s + kernel_row("all", all_) +
           "</table>\n<p class=\"faint\">GF/s are those of one worker, while it ran tasks of "
           "kernels "
           "that count their operations.</p>\n";
  }

  std::string worker_row(std::string_view name, const WorkerTime& w, double whole) const {
    std::string s = text({"<tr><td>", name, "</td><td>", grouped(w.tasks), "</td>"});
    const std::pair<double, const char*> parts[] = {{w.begin, "edge"},
                                                    {w.busy, "busy"},
                                                    {w.scheduling, "scheduling"},
                                                    {w.dependences, "dependences"},
                                                    {w.end, "edge"}};
    for (const double seconds : {w.busy, w.dependences, w.scheduling, w.begin, w.end})
      s += text({"<td>", duration(seconds), " (", percent(seconds, whole), ")</td>"});
    s += "<td class=\"bar\"><div>";
    for (const auto& [seconds, style] : parts)
      s += text({"<span class=\"", style, "\" style=\"width:",
                 plain_number(whole > 0 ? 100 * seconds / whole : 0), "%\"></span>"});
    return s + "</div></td></tr>\n";
  }

  std::string worker_table() const {
    std::string s =
        "<h2>Time per worker</h2>\n<table id=\"workers\">\n<tr><th>worker</th><th>tasks</th>"
        "<th><i class=\"busy\"></i>busy</th>"
        "<th><i class=\"dependences\"></i>no task was ready</th>"
        "<th><i class=\"scheduling\"></i>ready, not begun</th>"
        "<th><i class=\"edge\"></i>before the first task</th>"
        "<th>after the last</th><th></th></tr>\n";
    WorkerTime all;
    for (std::size_t w = 0; w < timeline_.workers.size(); ++w) {
      const WorkerTime& one = timeline_.workers[w];
      s += worker_row(std::to_string(w), one, timeline_.seconds);
      all.tasks += one.tasks;
      all.busy += one.busy;
      all.dependences += one.dependences;
      all.scheduling += one.scheduling;
      all.begin += one.begin;
      all.end += one.end;
    }
    s += worker_row("all", all, worker_seconds()) + "</table>\n<p class=\"faint\">";
    return s +
           (timeline_.knows_ready
                ? "An idle worker waits for the scheduler while a task is ready that nobody has "
                  "begun; of several idle workers, as many as tasks are ready."
                : "The report has no graph, so that nobody knows when tasks became ready.") +
           "</p>\n";
  }

  bool merges() const { return report_.events.size() > options_.max_bars; }

  std::string data() const {
    std::string s = text({"{\"nanoseconds\":", nanoseconds(timeline_.seconds), ",\"kernels\":["});
    for (std::size_t k = 0; k < kernels_.names().size(); ++k)
      s += text({k > 0 ? "," : "", script_string(kernels_.names()[k])});
    s += "],\"colours\":[";
    for (std::size_t k = 0; k < kernels_.names().size(); ++k)
      s += text({k > 0 ? ",\"" : "\"", colour(k).strong, "\""});
    s += "],\"statements\":[";
    for (std::size_t line = 0; line < program_.statements.size(); ++line)
      s += (line > 0 ? "," : "") + statement(static_cast<int>(line));
    s += "],\"bars\":[";
    std::vector<std::vector<std::size_t>> rows(timeline_.workers.size());
    for (std::size_t k = 0; k < report_.events.size(); ++k)
      rows[static_cast<std::size_t>(report_.events[k].worker)].push_back(k);
    for (std::size_t w = 0; w < rows.size(); ++w) {
      std::sort(rows[w].begin(), rows[w].end(), [&](std::size_t a, std::size_t b) {
        return report_.events[a].begin < report_.events[b].begin;
      });
      s += w > 0 ? ",\n[" : "[";
      if (merges())
        add_merged(s, rows[w]);
      else
        for (const std::size_t k : rows[w]) add_bar(s, k);
      if (s.back() == ',') s.pop_back();
      s += "]";
    }
    return s + "]}";
  }

  std::string statement(int line) const {
    const ir::Statement& one = program_.statements[static_cast<std::size_t>(line)];
    std::string s =
        text({"{\"kernel\":", kernels_.slot(line),
              ",\"source\":", script_string(source_text(program_, line)), ",\"loops\":["});
    for (const int loop : ir::loops_around(program_, one.scope)) {
      if (s.back() != '[') s += ',';
      s += script_string(ir::to_string(program_, ir::Symbol{ir::Symbol::Kind::loop, loop}));
    }
    return s + "]}";
  }

  // [line, begin, duration, ready, operations, handed on, indices ...], in nanoseconds.
  void add_bar(std::string& s, std::size_t k) const {
    const exec::Event& e = report_.events[k];
    s += text({"[", e.node.line, ",", nanoseconds(e.begin), ",", nanoseconds(e.end - e.begin), ",",
               timeline_.knows_ready ? nanoseconds(timeline_.ready[k]) : "-1", ",",
               plain_number(e.operations), ",", e.handed_on ? 1 : 0});
    for (const std::int64_t index : e.node.indices) s += text({",", index});
    s += "],";
  }

  // [-1 - line, begin, duration, tasks, busy] for neighbours of one row that are short together.
  // Two bars one after the other are never as short as that, which bounds their number.
  void add_merged(std::string& s, const std::vector<std::size_t>& row) const {
    const double most =
        2 * worker_seconds() / static_cast<double>(std::max<std::size_t>(options_.max_bars, 1));
    for (std::size_t k = 0; k < row.size();) {
      const exec::Event& first = report_.events[row[k]];
      std::vector<double> seconds(kernels_.names().size(), 0);
      std::vector<int> line(seconds.size(), 0);
      double end = first.end, busy = 0;
      std::size_t next = k;
      for (; next < row.size(); ++next) {
        const exec::Event& e = report_.events[row[next]];
        if (next > k && e.end - first.begin > most) break;
        end = std::max(end, e.end);
        busy += e.end - e.begin;
        seconds[kernels_.slot(e.node.line)] += e.end - e.begin;
        line[kernels_.slot(e.node.line)] = e.node.line;
      }
      if (next == k + 1) {
        add_bar(s, row[k]);
      } else {
        const auto longest = std::max_element(seconds.begin(), seconds.end()) - seconds.begin();
        s += text({"[", -1 - line[static_cast<std::size_t>(longest)], ",", nanoseconds(first.begin),
                   ",", nanoseconds(end - first.begin), ",", next - k, ",", nanoseconds(busy),
                   "],"});
      }
      k = next;
    }
  }

  const exec::Report& report_;
  const ir::Program& program_;
  const HtmlOptions options_;
  KernelColours kernels_;
  Timeline timeline_;
  std::vector<Rate> rates_;  // by kernel
  Rate all_;
};

}  // namespace report::detail

LAMBDAPACK_API std::string report_html(const exec::Report& report, const HtmlOptions& options) {
  if (!report.program)
    throw input_error(
        "lambdapack: report_html was given a report without a program; pass what wait() "
        "or lp::run returned");
  return report::detail::RunPage(report, options).html();
}

}  // namespace lambdapack
