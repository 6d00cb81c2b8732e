// The graph of statements as a picture: statements below each other as in the program's text, a
// numbered arc for each family of edges, and what the numbers mean below. Arcs on the right lead
// down the text, those on the left go back up, to a later iteration.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "emit/emit.hpp"
#include "emit/statement_graph.hpp"
#include "lambdapack/report/detail/kernel_colours.hpp"
#include "lambdapack/report/detail/svg.hpp"
#include "lambdapack/report/graph_svg.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::lpc {

namespace {

using namespace report::detail;

class StatementPicture {
 public:
  explicit StatementPicture(const Unit& unit)
      : unit_(unit), graph_(statement_graph(unit)), kernels_(unit.program) {
    for (const StatementNode& n : graph_.nodes)
      box_width_ = std::max({box_width_, 8.4 * length(n.task + n.source) + 60,
                             7.2 * length(n.text) + 32, 7.2 * length(n.count) + 90});
    place_arcs();
  }

  std::string svg() const {
    const double legend = legend_top();
    double width = right_edge() + margin;
    for (const StatementEdge& e : graph_.edges) {
      width = std::max(width, 7.2 * length(e.count) + 420);
      for (const std::string& r : e.relations) width = std::max(width, 7.2 * length(r) + 120);
    }
    std::string s = svg_begin(width, legend + legend_height() + margin,
                              headline(unit_.program, "its statements"), style());
    s += svg_text(margin, 36, "h", headline(unit_.program, "statements and their dependences"));
    s += svg_text(margin, 59, "s",
                  text({counted(static_cast<std::int64_t>(graph_.nodes.size()), "statement"), ", ",
                        text({grouped(static_cast<std::int64_t>(graph_.edges.size())),
                              graph_.edges.size() == 1 ? " family" : " families"}),
                        " of edges; arcs on the left go to a later iteration"}));
    s += markers();
    for (std::size_t e = 0; e < graph_.edges.size(); ++e) s += arc(e);
    for (const StatementNode& n : graph_.nodes) s += box(n);
    for (std::size_t e = 0; e < graph_.edges.size(); ++e) s += badge(e);
    return s + key() + "</svg>\n";
  }

 private:
  static constexpr double margin = 22, top = 84, box_height = 74, pitch = 112, track = 34;

  struct Arc {
    bool right = true;
    std::size_t lane = 0;
    double from = 0, to = 0;  // heights of its ends
  };

  static double length(const std::string& s) { return static_cast<double>(characters(s)); }
  bool goes_down(const StatementEdge& e) const { return e.from < e.to; }
  double box_top(int line) const { return top + pitch * line; }

  // Each arc has a lane of its own among those that it overlaps; shorter ones are further in.
  void place_arcs() {
    const std::size_t n = graph_.edges.size();
    arcs_.resize(n);
    std::vector<std::size_t> order(n);
    for (std::size_t e = 0; e < n; ++e) order[e] = e;
    const auto span = [&](std::size_t e) {
      return std::abs(graph_.edges[e].to - graph_.edges[e].from);
    };
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return std::pair(span(a), a) < std::pair(span(b), b);
    });
    std::vector<std::vector<std::size_t>> right, left;
    for (const std::size_t e : order) {
      arcs_[e].right = goes_down(graph_.edges[e]);
      auto& lanes = arcs_[e].right ? right : left;
      std::size_t lane = 0;
      while (lane < lanes.size() && overlaps(e, lanes[lane])) ++lane;
      if (lane == lanes.size()) lanes.emplace_back();
      lanes[lane].push_back(e);
      arcs_[e].lane = lane;
    }
    right_lanes_ = right.size();
    left_lanes_ = left.size();
    place_ends();
  }

  bool overlaps(std::size_t e, const std::vector<std::size_t>& others) const {
    const auto [low, high] = std::minmax(graph_.edges[e].from, graph_.edges[e].to);
    return std::any_of(others.begin(), others.end(), [&, low = low, high = high](std::size_t o) {
      const auto [a, b] = std::minmax(graph_.edges[o].from, graph_.edges[o].to);
      return low <= b && a <= high;
    });
  }

  // The ends of arcs on one side of a box keep apart.
  void place_ends() {
    for (const StatementNode& n : graph_.nodes)
      for (const bool side : {true, false}) {
        struct End {
          double* height;
          int other;
          bool is_start;
          std::size_t lane;
        };
        std::vector<End> ends;
        for (std::size_t e = 0; e < arcs_.size(); ++e) {
          if (arcs_[e].right != side) continue;
          const StatementEdge& edge = graph_.edges[e];
          if (edge.from == n.line) ends.push_back({&arcs_[e].from, edge.to, true, arcs_[e].lane});
          if (edge.to == n.line) ends.push_back({&arcs_[e].to, edge.from, false, arcs_[e].lane});
        }
        std::sort(ends.begin(), ends.end(), [&](const End& a, const End& b) {
          const auto key = [&](const End& x) {
            return x.other == n.line ? 0 : x.other < n.line ? -1 : 1;
          };
          if (key(a) != key(b)) return key(a) < key(b);
          if (a.lane != b.lane) return key(a) < 0 ? a.lane > b.lane : a.lane < b.lane;
          return a.is_start > b.is_start;
        });
        for (std::size_t k = 0; k < ends.size(); ++k)
          *ends[k].height = box_top(n.line) + box_height * static_cast<double>(k + 1) /
                                                  static_cast<double>(ends.size() + 1);
      }
  }

  double box_left() const { return margin + track * static_cast<double>(left_lanes_) + 26; }
  double box_right() const { return box_left() + box_width_; }
  double right_edge() const { return box_right() + track * static_cast<double>(right_lanes_) + 26; }
  double lane_x(const Arc& a) const {
    const double out = 26 + track * static_cast<double>(a.lane);
    return a.right ? box_right() + out : box_left() - out;
  }

  std::string style() const {
    std::string s =
        ".n rect { stroke-width: 1.6; }\n"
        ".k { font-weight: bold; font-size: 16px; fill: #1d2733; }\n"
        ".m { font-size: 14px; fill: #1d2733; }\n"
        ".g { font-size: 13px; fill: #5a6675; }\n"
        ".e { fill: none; stroke-width: 1.6; }\n"
        ".b { font-size: 12px; font-weight: bold; fill: #ffffff; text-anchor: middle; }\n"
        ".w { text-anchor: end; }\n";
    for (std::size_t k = 0; k < kernels_.names().size(); ++k)
      s += text({".n", k, " rect { fill: ", colour(k).pale, "; stroke: ", colour(k).strong,
                 "; }\n.e", k, " { stroke: ", colour(k).strong, "; marker-end: url(#a", k,
                 "); }\n.c", k, " { fill: ", colour(k).strong, "; }\n"});
    return s;
  }

  std::string markers() const {
    std::string s = "<defs>\n";
    for (std::size_t k = 0; k < kernels_.names().size(); ++k)
      s += text({"<marker id=\"a", k,
                 "\" viewBox=\"0 0 8 8\" refX=\"7.4\" refY=\"4\" markerWidth=\"7\" "
                 "markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0.8L8 4L0 7.2z\" fill=\"",
                 colour(k).strong, "\"/></marker>\n"});
    return s + "</defs>\n";
  }

  std::string box(const StatementNode& n) const {
    const double x = box_left(), y = box_top(n.line);
    std::string s = text({"<g class=\"n n", kernels_.slot(n.line), "\"><rect x=\"", number(x),
                          "\" y=\"", number(y), "\" width=\"", number(box_width_), "\" height=\"",
                          number(box_height), "\" rx=\"8\"/>\n"});
    s += svg_text(x + 16, y + 23, "k", n.task);
    if (!n.source.empty()) s += svg_text(x + box_width_ - 16, y + 23, "g w", n.source);
    s += svg_text(x + 16, y + 44, "m", n.text);
    s += svg_text(x + 16, y + 63, "g", text({"tasks: ", n.count}));
    return s + "</g>\n";
  }

  std::string arc(std::size_t e) const {
    const Arc& a = arcs_[e];
    const double edge = a.right ? box_right() : box_left(), x = lane_x(a);
    const double down = a.to > a.from ? 1 : -1, inward = a.right ? -1 : 1;
    const double r = std::min(12.0, std::abs(a.to - a.from) / 2);
    return text({"<path class=\"e e",
                 kernels_.slot(graph_.edges[e].from),
                 "\" d=\"M",
                 number(edge),
                 " ",
                 number(a.from),
                 "H",
                 number(x + inward * r),
                 "Q",
                 number(x),
                 " ",
                 number(a.from),
                 " ",
                 number(x),
                 " ",
                 number(a.from + down * r),
                 "V",
                 number(a.to - down * r),
                 "Q",
                 number(x),
                 " ",
                 number(a.to),
                 " ",
                 number(x + inward * r),
                 " ",
                 number(a.to),
                 "H",
                 number(edge),
                 "\"/>\n"});
  }

  std::string circle(double x, double y, std::size_t e) const {
    return text({"<circle class=\"c", kernels_.slot(graph_.edges[e].from), "\" cx=\"", number(x),
                 "\" cy=\"", number(y), "\" r=\"10\"/>\n"}) +
           svg_text(x, y + 4, "b", std::to_string(e + 1));
  }

  std::string badge(std::size_t e) const {
    return circle(lane_x(arcs_[e]), (arcs_[e].from + arcs_[e].to) / 2, e);
  }

  double legend_top() const {
    return top + pitch * static_cast<double>(graph_.nodes.size()) - (pitch - box_height) + 44;
  }
  double legend_height() const {
    double height = 0;
    for (const StatementEdge& e : graph_.edges)
      height += 30 + 19 * static_cast<double>(e.relations.size());
    return height;
  }

  std::string key() const {
    std::string s;
    double y = legend_top();
    for (std::size_t e = 0; e < graph_.edges.size(); ++e) {
      const StatementEdge& edge = graph_.edges[e];
      const auto task = [&](int line) { return graph_.nodes[static_cast<std::size_t>(line)].task; };
      s += circle(margin + 10, y - 5, e);
      s += svg_text(margin + 32, y, "m",
                    text({task(edge.from), " → ", task(edge.to), ":  ", edge.count,
                          edge.count.starts_with("counted") ? "" : " edges"}));
      for (const std::string& r : edge.relations) s += svg_text(margin + 32, y += 19, "g", r);
      y += 30;
    }
    return s;
  }

  const Unit& unit_;
  StatementGraph graph_;
  KernelColours kernels_;
  double box_width_ = 220;
  std::vector<Arc> arcs_;
  std::size_t right_lanes_ = 0, left_lanes_ = 0;
};

}  // namespace

std::string statements_svg(const Unit& unit) { return StatementPicture(unit).svg(); }

std::string svg(const Unit& unit, const std::optional<Sizes>& sizes) {
  if (!sizes) return statements_svg(unit);
  return graph_svg(unit.program, graph(unit, *sizes));
}

}  // namespace lambdapack::lpc
