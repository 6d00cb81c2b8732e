// A picture of a small task graph: time runs to the right, a column for each step of the longest
// paths, a colour for each kernel. One SVG file that needs nothing else.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
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

/// Draws one task graph.
class GraphPicture {
 public:
  GraphPicture(const ir::Program& program, const TaskGraph& graph, const GraphOptions& options)
      : program_(program),
        graph_(graph),
        kernels_(program),
        tasks_(list_tasks(program, graph, options.max_tasks)),
        layers_(tasks_.nodes.size(), tasks_.edges),
        node_width_(needed_node_width()) {
    spread_ports();
  }

  std::string svg() const {
    const double width = std::max(560.0, 2 * margin + column_x(layers_.columns()) - gap);
    const double height = top + node_height + pitch * layers_.height() + margin;
    std::string s = svg_begin(width, height, headline(program_, "the task graph"), style());
    s += svg_text(margin, 36, "h", headline(program_, sizes()));
    s += svg_text(margin, 59, "s", summary());
    s += legend();
    s += text({"<g transform=\"translate(", number(margin), " ", number(top), ")\">\n"});
    for (std::size_t e = 0; e < tasks_.edges.size(); ++e) s += edge(e);
    for (std::size_t n = 0; n < tasks_.nodes.size(); ++n) s += node(n);
    return s + "</g>\n</svg>\n";
  }

 private:
  static constexpr double margin = 22, top = 118, gap = 36, node_height = 42, pitch = 53;

  double column_x(std::size_t column) const {
    return static_cast<double>(column) * (node_width_ + gap);
  }
  double middle(const Place& place) const { return node_height / 2 + pitch * place.height; }

  double needed_node_width() const {
    double width = 58;
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
    const auto spread = [](auto& ports, std::vector<double>& offset) {
      std::sort(ports.begin(), ports.end());
      const auto n = static_cast<double>(ports.size());
      const double step = std::min(7.0, (node_height - 12) / std::max(1.0, n - 1));
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

  std::string legend() const {
    std::string s = "<defs>\n";
    for (std::size_t k = 0; k < kernels_.names().size(); ++k)
      s += text({"<marker id=\"a", k,
                 "\" viewBox=\"0 0 8 8\" refX=\"7.4\" refY=\"4\" markerWidth=\"7\" "
                 "markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0.8L8 4L0 7.2z\" fill=\"",
                 colour(k).strong, "\"/></marker>\n"});
    s += "</defs>\n";
    double x = margin;
    for (std::size_t k = 0; k < kernels_.names().size(); ++k) {
      std::int64_t count = 0;
      std::string loops;
      for (const Node& n : tasks_.nodes) {
        if (kernels_.slot(n.line) != k) continue;
        if (count++ == 0) loops = loop_text(program_, n.line);
      }
      const std::string label = text({kernels_.names()[k], loops.empty() ? "" : "[", loops,
                                      loops.empty() ? "" : "]", " × ", grouped(count)});
      s += text({"<rect class=\"n", k, "\" x=\"", number(x),
                 "\" y=\"76\" width=\"22\" height=\"16\" rx=\"4\" stroke-width=\"1.6\"/>\n"});
      s += svg_text(x + 30, 89, "l", label);
      x += 30 + 7.8 * static_cast<double>(characters(label)) + 22;
    }
    return s;
  }

  // A curve that is level at both ends and passes each bend with the slope that keeps it monotone.
  std::string edge(std::size_t e) const {
    const std::vector<Place> route = layers_.route(e);
    std::vector<double> x, y;
    for (const Place& place : route) {
      x.push_back(column_x(place.column) + node_width_ / 2);
      y.push_back(middle(place));
    }
    x.front() += node_width_ / 2, x.back() -= node_width_ / 2;
    y.front() += leave_[e], y.back() += enter_[e];
    std::string d = text({"M", number(x[0], 1), " ", number(y[0], 1)});
    double slope = 0;
    for (std::size_t k = 1; k < x.size(); ++k) {
      const double reach = 0.42 * (x[k] - x[k - 1]);
      d += text({"C", number(x[k - 1] + reach, 1), " ", number(y[k - 1] + slope * reach, 1)});
      slope = k + 1 < x.size() ? slope_at(x, y, k) : 0;
      d += text({" ", number(x[k] - reach, 1), " ", number(y[k] - slope * reach, 1), " ",
                 number(x[k], 1), " ", number(y[k], 1)});
    }
    return text({"<path class=\"e e", kernels_.slot(tasks_.nodes[tasks_.edges[e].from].line),
                 "\" d=\"", d, "\"/>\n"});
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
    const ir::Statement& statement = program_.statements[static_cast<std::size_t>(node.line)];
    std::string s =
        text({"<g class=\"n n", kernels_.slot(node.line), "\" transform=\"translate(",
              number(column_x(place.column)), " ", number(pitch * place.height), ")\"><title>",
              escape(ir::node_name(program_, node.line, node.indices)), "&#10;",
              escape(ir::to_string(program_, statement)), source.empty() ? "" : "&#10;",
              escape(source), "</title><rect width=\"", number(node_width_), "\" height=\"",
              number(node_height), "\" rx=\"7\"/>"});
    s += label("k", indices.empty() ? "26" : "18", kernels_.name(node.line));
    if (!indices.empty()) s += label("i", "35", indices);
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
  double node_width_;
  std::vector<double> leave_, enter_;  // for each edge, from the middle of the node
};

}  // namespace report::detail

/// The task graph of `program` as a self-contained SVG file. `graph` must be that program's. Throws
/// input_error if there are more tasks than `options.max_tasks`.
inline std::string graph_svg(const ir::Program& program, const TaskGraph& graph,
                             const GraphOptions& options = {}) {
  return report::detail::GraphPicture(program, graph, options).svg();
}

}  // namespace lambdapack
