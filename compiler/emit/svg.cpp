// The graph of statements as a picture: statements below each other as in the program's text, a
// numbered arc for each family of edges, and what the numbers mean below. Arcs on the right lead
// down the text, those on the left go back up, to a later iteration.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
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

/// A text as lines of at most `most` characters where it has commas or blanks to break at.
std::vector<std::string> wrapped(std::string text, std::size_t most) {
  std::vector<std::string> lines;
  while (characters(text) > most) {
    std::size_t end = text.rfind(", ", most - 2);
    if (end == std::string::npos || end < most / 2) end = text.rfind(' ', most);
    if (end == std::string::npos) break;
    end += text[end] == ',' ? 1 : 0;
    lines.push_back(text.substr(0, end));
    text.erase(0, end + 1);
  }
  lines.push_back(std::move(text));
  return lines;
}

class StatementPicture {
 public:
  explicit StatementPicture(const Unit& unit)
      : unit_(unit), graph_(statement_graph(unit)), kernels_(unit.program) {
    for (const StatementNode& n : graph_.nodes) {
      texts_.push_back(wrapped(n.text, 100));
      for (const std::string& line : texts_.back())
        box_width_ = std::max(box_width_, 7.2 * length(line) + 32);
      box_width_ =
          std::max({box_width_, 8.4 * length(n.task + n.source) + 60, 7.2 * length(n.count) + 90});
      tops_.push_back(tops_.back() + box_height(n.line) + gap);
    }
    place_arcs();
    place_key();
  }

  std::string svg() const {
    const std::string title = headline(unit_.program, "statements and their dependences");
    const double width = std::max({right_edge(), key_right_, margin + 12.5 * length(title),
                                   margin + 7.4 * length(summary())}) +
                         margin;
    std::string s =
        svg_begin(width, key_bottom_ + margin, headline(unit_.program, "its statements"), style());
    s += svg_text(margin, 36, "h", title);
    s += svg_text(margin, 59, "s", summary());
    s += arrow_heads(kernels_);
    for (std::size_t e = 0; e < graph_.edges.size(); ++e) s += arc(e);
    for (const StatementNode& n : graph_.nodes) s += box(n);
    for (std::size_t e = 0; e < graph_.edges.size(); ++e) s += badge(e) + key(e);
    return s + "</svg>\n";
  }

 private:
  static constexpr double margin = 22, top = 84, gap = 38, track = 34, line_height = 19;

  struct Arc {
    bool right = true;
    std::size_t lane = 0;
    double from = 0, to = 0;  // heights of its ends
  };

  static double length(const std::string& s) { return static_cast<double>(characters(s)); }
  bool goes_down(const StatementEdge& e) const { return e.from < e.to; }
  double box_top(int line) const { return tops_[static_cast<std::size_t>(line)]; }
  double box_height(int line) const {
    return 55 + line_height * static_cast<double>(texts_[static_cast<std::size_t>(line)].size());
  }

  std::string summary() const {
    return text({counted(static_cast<std::int64_t>(graph_.nodes.size()), "statement"), ", ",
                 grouped(static_cast<std::int64_t>(graph_.edges.size())),
                 graph_.edges.size() == 1 ? " family" : " families",
                 " of edges; arcs on the left go to a later iteration"});
  }

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
          *ends[k].height = box_top(n.line) + box_height(n.line) * static_cast<double>(k + 1) /
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

  std::string box(const StatementNode& n) const {
    const double x = box_left(), y = box_top(n.line);
    std::string s = text({"<g class=\"n n", kernels_.slot(n.line), "\"><rect x=\"", number(x),
                          "\" y=\"", number(y), "\" width=\"", number(box_width_), "\" height=\"",
                          number(box_height(n.line)), "\" rx=\"8\"/>\n"});
    s += svg_text(x + 16, y + 23, "k", n.task);
    if (!n.source.empty()) s += svg_text(x + box_width_ - 16, y + 23, "g w", n.source);
    double down = y + 44;
    for (const std::string& line : texts_[static_cast<std::size_t>(n.line)]) {
      s += svg_text(x + (down == y + 44 ? 16 : 40), down, "m", line);
      down += line_height;
    }
    s += svg_text(x + 16, down, "g", text({"tasks: ", n.count}));
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

  // What the numbers mean, below the statements, in as many columns as fit beside each other.
  struct KeyPlace {
    double x = 0, y = 0;
  };

  std::string key_title(const StatementEdge& e) const {
    const auto task = [&](int line) { return graph_.nodes[static_cast<std::size_t>(line)].task; };
    return text({task(e.from), " → ", task(e.to), ", edges: ", e.count});
  }
  static double key_height(const StatementEdge& e) {
    return 30 + line_height * static_cast<double>(e.relations.size());
  }

  void place_key() {
    const double head = tops_.back() - gap + 44;
    double width = 0, height = 0;
    for (const StatementEdge& e : graph_.edges) {
      width = std::max(width, 7.0 * length(key_title(e)) + 62);
      for (const std::string& r : e.relations) width = std::max(width, 6.6 * length(r) + 62);
      height += key_height(e);
    }
    const double columns = std::max(1.0, std::floor((right_edge() - margin) / width));
    KeyPlace at{margin, head};
    key_bottom_ = head;
    for (const StatementEdge& e : graph_.edges) {
      if (at.y - head >= height / columns) at = {at.x + width, head};
      keys_.push_back(at);
      at.y += key_height(e);
      key_bottom_ = std::max(key_bottom_, at.y - 24);
      key_right_ = std::max(key_right_, at.x + width - 30);
    }
  }

  std::string key(std::size_t e) const {
    double y = keys_[e].y;
    std::string s = circle(keys_[e].x + 10, y - 5, e) +
                    svg_text(keys_[e].x + 32, y, "m", key_title(graph_.edges[e]));
    for (const std::string& r : graph_.edges[e].relations)
      s += svg_text(keys_[e].x + 32, y += line_height, "g", r);
    return s;
  }

  const Unit& unit_;
  StatementGraph graph_;
  KernelColours kernels_;
  std::vector<std::vector<std::string>> texts_;  // of each statement, wrapped
  std::vector<double> tops_{top};                // of each statement's box, and of what is below
  double box_width_ = 220;
  std::vector<Arc> arcs_;
  std::vector<KeyPlace> keys_;
  double key_bottom_ = 0, key_right_ = 0;
  std::size_t right_lanes_ = 0, left_lanes_ = 0;
};

}  // namespace

std::string statements_svg(const Unit& unit) { return StatementPicture(unit).svg(); }

std::string svg(const Unit& unit, const std::optional<Sizes>& sizes) {
  if (!sizes) return statements_svg(unit);
  return graph_svg(unit.program, drawable_graph(unit, *sizes), {.source_lines = true});
}

}  // namespace lambdapack::lpc
