// Pictures of task graphs as a reader sees them: edges keep off the boxes of nodes, nothing is cut
// off, and nodes show where they come from.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <cstdlib>
#include <regex>
#include <string>
#include <vector>

#include "lambdapack/report/graph_svg.hpp"
#include "report/support.hpp"
#include "support/programs.hpp"

namespace layout_test {

using namespace report_tests;
namespace lp = lambdapack;

namespace {

struct Point {
  double x = 0, y = 0;
};
struct Box {
  double x = 0, y = 0, width = 0, height = 0;
  bool contains(const Point& p) const {
    return p.x > x + 0.5 && p.x < x + width - 0.5 && p.y > y + 0.5 && p.y < y + height - 0.5;
  }
};

template <class F>
void for_each_match(const std::string& text, const char* pattern, F f) {
  const std::regex expression(pattern);
  for (std::sregex_iterator at(text.begin(), text.end(), expression), end; at != end; ++at) f(*at);
}

std::vector<Box> boxes(const std::string& svg) {
  std::vector<Box> all;
  for_each_match(
      svg,
      "translate\\(([-0-9.]+) ([-0-9.]+)\\)\"><title>[^]*?<rect width=\"([0-9.]+)\" "
      "height=\"([0-9.]+)\"",
      [&](const std::smatch& m) {
        all.push_back({std::stod(m[1]), std::stod(m[2]), std::stod(m[3]), std::stod(m[4])});
      });
  return all;
}

/// Points along an edge, close to each other.
std::vector<Point> points(const std::string& path) {
  std::vector<Point> all;
  for_each_match(path, "([MLC])([-0-9. ]+)", [&](const std::smatch& m) {
    std::vector<double> c;
    for_each_match(m[2], "[-0-9.]+", [&](const std::smatch& n) { c.push_back(std::stod(n[0])); });
    const Point from = all.empty() ? Point() : all.back();
    if (m[1] == "M") all.push_back({c[0], c[1]});
    for (int k = 1; k <= 20 && m[1] != "M"; ++k) {
      const double t = k / 20.0, s = 1 - t;
      const auto on_curve = [&](double a, std::size_t d) {
        return s * s * s * a + 3 * s * s * t * c[d] + 3 * s * t * t * c[d + 2] +
               t * t * t * c[d + 4];
      };
      all.push_back(m[1] == "L" ? Point{s * from.x + t * c[0], s * from.y + t * c[1]}
                                : Point{on_curve(from.x, 0), on_curve(from.y, 1)});
    }
  });
  return all;
}

std::vector<std::string> paths(const std::string& svg) {
  std::vector<std::string> all;
  for_each_match(svg, "<path class=\"e e[0-9]+\" d=\"([^\"]+)\"",
                 [&](const std::smatch& m) { all.push_back(m[1]); });
  return all;
}

/// How many edges lead over a node.
int hidden_edges(const std::string& svg) {
  const std::vector<Box> nodes = boxes(svg);
  REQUIRE(!nodes.empty());
  int hidden = 0;
  for (const std::string& path : paths(svg)) {
    const std::vector<Point> edge = points(path);
    REQUIRE(edge.size() > 20);
    hidden += std::any_of(edge.begin(), edge.end(), [&](const Point& p) {
      return std::any_of(nodes.begin(), nodes.end(), [&](const Box& b) { return b.contains(p); });
    });
  }
  return hidden;
}

}  // namespace

TEST_CASE("no edge of a picture leads over a node") {
  for (const bool source_lines : {false, true}) {
    const lp::GraphOptions options{.source_lines = source_lines};
    const Case cholesky = make_case(test_programs::cholesky, {7, 7});
    CHECK(hidden_edges(lp::graph_svg(cholesky.program, cholesky.graph, options)) == 0);
    const Case other = make_case(test_programs::cholesky_single_assignment, {4, 4, 4, 4, 0});
    CHECK(hidden_edges(lp::graph_svg(other.program, other.graph, options)) == 0);
  }
}

TEST_CASE("nodes show the line of the source if asked") {
  const Case c = make_case(test_programs::cholesky, {2, 2});
  CHECK(lp::graph_svg(c.program, c.graph).find("class=\"f\"") == std::string::npos);
  const std::string line = std::to_string(c.program.statements.front().location.line);
  CHECK_THAT(lp::graph_svg(c.program, c.graph, {.source_lines = true}),
             Catch::Contains(">line " + line + "</text>"));
}

TEST_CASE("a picture of few tasks is as wide as its text") {
  const Case c = make_case(test_programs::cholesky, {1, 1});
  std::smatch found;
  const std::string svg = lp::graph_svg(c.program, c.graph);
  REQUIRE(std::regex_search(svg, found, std::regex("<svg [^>]* width=\"([0-9]+)\"")));
  CHECK(std::stoi(found[1]) > 600);
}

}  // namespace layout_test
