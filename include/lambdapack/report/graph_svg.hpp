// A picture of a small task graph: time runs to the right, a column for each step of the longest
// paths, a colour for each kernel. One SVG file that needs nothing else.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/graph/task_graph.hpp"
#include "lambdapack/ir/print.hpp"
#include "lambdapack/ir/program.hpp"
#include "lambdapack/report/detail/kernel_colours.hpp"
#include "lambdapack/report/detail/layers.hpp"
#include "lambdapack/report/detail/svg.hpp"
#include "lambdapack/report/detail/task_list.hpp"
#include "lambdapack/report/graph_options.hpp"

namespace lambdapack {

namespace report::detail {

/// A path of curves whose directions fit each other, from left to right.
class Curve {
 public:
  Curve(double x, double y) : path_(text({"M", number(x, 1), " ", number(y, 1)})), x_(x), y_(y) {}

  void line_to(double x, double y) {
    path_ += text({"L", number(x, 1), " ", number(y, 1)});
    slope_ = (y - y_) / (x - x_), x_ = x, y_ = y;
  }
  /// Arrives with this slope.
  void bend_to(double x, double y, double slope) {
    const double reach = 0.42 * (x - x_);
    path_ += text({"C", number(x_ + reach, 1), " ", number(y_ + slope_ * reach, 1), " ",
                   number(x - reach, 1), " ", number(y - slope * reach, 1), " ", number(x, 1), " ",
                   number(y, 1)});
    slope_ = slope, x_ = x, y_ = y;
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  double x_, y_, slope_ = 0;
};

/// Draws one task graph.
class GraphPicture {
 public:
  GraphPicture(const ir::Program& program, const TaskGraph& graph, const GraphOptions& options)
      : program_(program),
        graph_(graph),
        kernels_(program),
        tasks_(list_tasks(program, graph, options.max_tasks)),
        layers_(tasks_.nodes.size(), tasks_.edges),
        sources_(options.source_lines ? source_labels()
                                      : std::vector<std::string>(tasks_.nodes.size())),
        node_width_(needed_node_width()),
        node_height_(options.source_lines ? 57 : 42),
        heights_(layers_.columns()) {
    for (std::size_t n = 0; n < tasks_.nodes.size(); ++n)
      heights_[layers_.node(n).column].push_back(layers_.node(n).height);
    spread_ports();
  }

  std::string svg() const {
    const double width =
        2 * margin + std::max({516.0, column_x(layers_.columns()) - gap,
                               7.4 * static_cast<double>(characters(summary())), legend_width()});
    const double height = top + node_height_ + pitch() * layers_.height() + margin;
    std::string s = svg_begin(width, height, headline(program_, "the task graph"), style());
    s += svg_text(margin, 36, "h", headline(program_, sizes()));
    s += svg_text(margin, 59, "s", summary());
    s += arrow_heads(kernels_) + legend();
    s += text({"<g transform=\"translate(", number(margin), " ", number(top), ")\">\n"});
    for (std::size_t e = 0; e < tasks_.edges.size(); ++e) s += edge(e);
    for (std::size_t n = 0; n < tasks_.nodes.size(); ++n) s += node(n);
    return s + "</g>\n</svg>\n";
  }

 private:
  static constexpr double margin = 22, top = 118, gap = 36, legend_gap = 52;

  double column_x(std::size_t column) const {
    return static_cast<double>(column) * (node_width_ + gap);
  }
  double pitch() const { return node_height_ + 11; }
  double middle(const Place& place) const { return node_height_ / 2 + pitch() * place.height; }

  // "line 7" where all lines are of one file, else "cholesky.hpp:7".
  std::vector<std::string> source_labels() const {
    std::set<std::string> files;
    for (const Node& n : tasks_.nodes) files.insert(statement(n).location.file);
    std::vector<std::string> labels;
    for (const Node& n : tasks_.nodes) {
      const std::string source = source_text(program_, n.line);
      labels.push_back(files.size() > 1 || source.empty()
                           ? source
                           : text({"line ", statement(n).location.line}));
    }
    return labels;
  }

  const ir::Statement& statement(const Node& n) const {
    return program_.statements[static_cast<std::size_t>(n.line)];
  }

  double needed_node_width() const {
    double width = 58;
    for (const std::string& source : sources_)
      width = std::max(width, 6.4 * static_cast<double>(characters(source)) + 18);
    for (const Node& n : tasks_.nodes) {
      const auto name = static_cast<double>(characters(kernels_.name(n.line)));
      const auto indices = static_cast<double>(index_text(n.indices).size());
      width = std::max({width, 8.6 * name + 18, 7.8 * indices + 18});
    }
    return width;
  }

  // Where an edge leaves and enters, from the middle of its node: edges of one node keep apart, in
  // the order of where they lead.
  void spread_ports() {
    leave_.resize(tasks_.edges.size());
    enter_.resize(tasks_.edges.size());
    std::vector<std::vector<std::pair<double, std::size_t>>> out(tasks_.nodes.size()),
        in(tasks_.nodes.size());
    for (std::size_t e = 0; e < tasks_.edges.size(); ++e) {
      const std::vector<Place> route = layers_.route(e);
      out[tasks_.edges[e].from].emplace_back(route[1].height, e);
      in[tasks_.edges[e].to].emplace_back(route[route.size() - 2].height, e);
    }
    const auto spread = [&](auto& ports, std::vector<double>& offset) {
      std::sort(ports.begin(), ports.end());
      const auto n = static_cast<double>(ports.size());
      const double step = std::min(7.0, (node_height_ - 12) / std::max(1.0, n - 1));
      for (std::size_t k = 0; k < ports.size(); ++k)
        offset[ports[k].second] = step * (static_cast<double>(k) - (n - 1) / 2);
    };
    for (auto& ports : out) spread(ports, leave_);
    for (auto& ports : in) spread(ports, enter_);
  }

  std::string style() const {
    std::string s =
        ".n rect { stroke-width: 1.6; }\n"
        ".n text { text-anchor: middle; fill: #1d2733; font-size: 14px; }\n"
        ".n .k { font-weight: bold; font-size: 15px; }\n"
        ".n .f { font-size: 11px; fill: #5a6675; }\n"
        ".e { fill: none; stroke-width: 1.3; stroke-opacity: 0.75; }\n"
        ".l { font-size: 15px; fill: #1d2733; }\n";
    for (std::size_t k = 0; k < kernels_.names().size(); ++k)
      s += text({".n", k, " rect, rect.n", k, " { fill: ", colour(k).pale,
                 "; stroke: ", colour(k).strong, "; }\n.e", k, " { stroke: ", colour(k).strong,
                 "; marker-end: url(#a", k, "); }\n"});
    return s;
  }

  std::string sizes() const {
    std::string s = "the task graph";
    const char* separator = " of ";
    for (const ir::Array& array : program_.arrays) {
      if (array.extents.empty()) continue;
      s += text({separator, array.name, " in "});
      for (const int p : array.extents)
        s += text({p == array.extents.front() ? "" : " × ",
                   graph_.parameters()[static_cast<std::size_t>(p)]});
      s += " tiles";
      separator = ", ";
    }
    return s;
  }

  std::string summary() const {
    return text({counted(static_cast<std::int64_t>(tasks_.nodes.size()), "task"), ", ",
                 counted(static_cast<std::int64_t>(tasks_.edges.size()), "dependence"),
                 ", longest path ", counted(static_cast<std::int64_t>(layers_.columns()), "task"),
                 "; all of it follows from ",
                 number(static_cast<double>(graph_.formula_bytes()) / 1000, 1),
                 " KB of formulas, at any size"});
  }

  // What a colour stands for: the loops are said where all statements of a kernel have the same.
  std::string legend_label(std::size_t kernel) const {
    std::int64_t count = 0;
    std::set<std::string> loops;
    for (const Node& n : tasks_.nodes) {
      if (kernels_.slot(n.line) != kernel) continue;
      ++count;
      loops.insert(loop_text(program_, n.line));
    }
    const std::string around = loops.size() == 1 ? *loops.begin() : "";
    return text({kernels_.names()[kernel], around.empty() ? "" : "[", around,
                 around.empty() ? "" : "]", " × ", grouped(count)});
  }
  double legend_width(std::size_t kernel) const {
    return 7.8 * static_cast<double>(characters(legend_label(kernel))) + legend_gap;
  }
  double legend_width() const {
    double width = -legend_gap / 2;
    for (std::size_t k = 0; k < kernels_.names().size(); ++k) width += legend_width(k);
    return width;
  }

  std::string legend() const {
    std::string s;
    double x = margin;
    for (std::size_t k = 0; k < kernels_.names().size(); ++k) {
      s += text({"<rect class=\"n", k, "\" x=\"", number(x),
                 "\" y=\"76\" width=\"22\" height=\"16\" rx=\"4\" stroke-width=\"1.6\"/>\n"});
      s += svg_text(x + 30, 89, "l", legend_label(k));
      x += legend_width(k);
    }
    return s;
  }

  // How far it is from a bend to the nearest node of its column.
  double clearance(const Place& bend) const {
    double nearest = 1000;
    for (const double height : heights_[bend.column])
      nearest = std::min(nearest, std::abs(height - bend.height) * pitch() - node_height_ / 2);
    return nearest;
  }

  // A curve that is level at both ends. Where it might meet the node above or below a bend, it only
  // bends between the columns, and is straight along this one.
  std::string edge(std::size_t e) const {
    const std::vector<Place> route = layers_.route(e);
    std::vector<double> x, y;
    for (const Place& place : route) {
      x.push_back(column_x(place.column) + node_width_ / 2);
      y.push_back(middle(place));
    }
    x.front() += node_width_ / 2, x.back() -= node_width_ / 2;
    y.front() += leave_[e], y.back() += enter_[e];
    Curve curve(x[0], y[0]);
    const double along = node_width_ / 2;
    for (std::size_t k = 1; k + 1 < x.size(); ++k) {
      const double room = std::max(0.0, clearance(route[k]) - 6), slope = slope_at(x, y, k);
      if (room > 0.6 * std::max(std::abs(y[k] - y[k - 1]), std::abs(y[k + 1] - y[k]))) {
        curve.bend_to(x[k], y[k], slope);
        continue;
      }
      const double gentle = std::clamp(slope, -room / along, room / along);
      curve.bend_to(x[k] - along, y[k] - gentle * along, gentle);
      curve.line_to(x[k] + along, y[k] + gentle * along);
    }
    curve.bend_to(x.back(), y.back(), 0);
    return text({"<path class=\"e e", kernels_.slot(tasks_.nodes[tasks_.edges[e].from].line),
                 "\" d=\"", curve.path(), "\"/>\n"});
  }

  // The harmonic mean of the slopes on both sides, or 0 at a turn (Fritsch and Butland 1984).
  static double slope_at(const std::vector<double>& x, const std::vector<double>& y,
                         std::size_t k) {
    const double before = (y[k] - y[k - 1]) / (x[k] - x[k - 1]);
    const double after = (y[k + 1] - y[k]) / (x[k + 1] - x[k]);
    return before * after > 0 ? 2 * before * after / (before + after) : 0;
  }

  std::string node(std::size_t n) const {
    const Node& node = tasks_.nodes[n];
    const Place& place = layers_.node(n);
    const std::string indices = index_text(node.indices), source = source_text(program_, node.line);
    std::string s =
        text({"<g class=\"n n", kernels_.slot(node.line), "\" transform=\"translate(",
              number(column_x(place.column)), " ", number(pitch() * place.height), ")\"><title>",
              escape(ir::node_name(program_, node.line, node.indices)), "&#10;",
              escape(ir::to_string(program_, statement(node))), source.empty() ? "" : "&#10;",
              escape(source), "</title><rect width=\"", number(node_width_), "\" height=\"",
              number(node_height_), "\" rx=\"7\"/>"});
    s += label("k", indices.empty() ? "26" : "18", kernels_.name(node.line));
    if (!indices.empty()) s += label("i", "35", indices);
    if (!sources_[n].empty()) s += label("f", "50", sources_[n]);
    return s + "</g>\n";
  }

  std::string label(const char* style, const char* y, const std::string& content) const {
    return text({"<text class=\"", style, "\" x=\"", number(node_width_ / 2), "\" y=\"", y, "\">",
                 escape(content), "</text>"});
  }

  const ir::Program& program_;
  const TaskGraph& graph_;
  KernelColours kernels_;
  TaskList tasks_;
  Layers layers_;
  std::vector<std::string> sources_;  // of each node, what it shows of where it comes from
  double node_width_;
  double node_height_;
  std::vector<std::vector<double>> heights_;  // of the nodes of each column
  std::vector<double> leave_, enter_;         // for each edge, from the middle of the node
};

}  // namespace report::detail

/// The task graph of `program` as a self-contained SVG file. `graph` must be that program's. Throws
/// input_error if there are more tasks than `options.max_tasks`.
inline std::string graph_svg(const ir::Program& program, const TaskGraph& graph,
                             const GraphOptions& options = {}) {
  return report::detail::GraphPicture(program, graph, options).svg();
}

}  // namespace lambdapack
