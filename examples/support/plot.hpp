// Plots of points and lines as SVG.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace examples {

/// Points and lines in one pair of axes.
class Plot {
 public:
  Plot(std::string title, std::string x, std::string y)
      : title_(std::move(title)), x_(std::move(x)), y_(std::move(y)) {}

  /// A point in colour `kind`, of ten.
  void point(double x, double y, int kind = 0) {
    see(x, y);
    points_.push_back({x, y, kind});
  }
  void line(std::vector<std::pair<double, double>> through, int kind = 0) {
    for (const auto& [x, y] : through) see(x, y);
    lines_.emplace_back(std::move(through), kind);
  }
  /// A word beside the axes for a colour.
  void name(std::string kind) { names_.push_back(std::move(kind)); }

  std::string svg() const {
    std::string out = format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 480\" "
        "font-family=\"sans-serif\" font-size=\"13\">\n<rect width=\"720\" height=\"480\" "
        "fill=\"white\"/>\n<text x=\"320\" y=\"26\" text-anchor=\"middle\" "
        "font-size=\"17\">%s</text>\n",
        title_.c_str());
    axes(out);
    for (const auto& [through, kind] : lines_) {
      out += "<polyline fill=\"none\" stroke-width=\"2\" stroke=\"" + colour(kind) + "\" points=\"";
      for (const auto& [x, y] : through) out += format("%.2f,%.2f ", across(x), down(y));
      out += "\"/>\n";
    }
    for (const Point& p : points_)
      out += format("<circle cx=\"%.2f\" cy=\"%.2f\" r=\"3\" fill-opacity=\"0.6\" fill=\"%s\"/>\n",
                    across(p.x), down(p.y), colour(p.kind).c_str());
    for (std::size_t k = 0; k < names_.size(); ++k) {
      const int height = 70 + 22 * static_cast<int>(k);
      out += format(
          "<circle cx=\"615\" cy=\"%d\" r=\"5\" fill=\"%s\"/><text x=\"626\" y=\"%d\">%s"
          "</text>\n",
          height, colour(static_cast<int>(k)).c_str(), height + 5, names_[k].c_str());
    }
    return out + "</svg>\n";
  }

 private:
  struct Point {
    double x, y;
    int kind;
  };

  static constexpr double left = 70, right = 590, top = 45, bottom = 425;

  template <class... A>
  static std::string format(const char* pattern, A... values) {
    std::string out(static_cast<std::size_t>(std::snprintf(nullptr, 0, pattern, values...)), ' ');
    std::snprintf(out.data(), out.size() + 1, pattern, values...);
    return out;
  }

  static std::string colour(int kind) {
    constexpr std::array<const char*, 10> all{"#1f77b4", "#d62728", "#2ca02c", "#ff7f0e",
                                              "#9467bd", "#8c564b", "#e377c2", "#7f7f7f",
                                              "#bcbd22", "#17becf"};
    return all[static_cast<std::size_t>(kind) % all.size()];
  }

  void see(double x, double y) {
    low_x_ = std::min(low_x_, x);
    high_x_ = std::max(high_x_, x);
    low_y_ = std::min(low_y_, y);
    high_y_ = std::max(high_y_, y);
  }

  static double part(double value, double low, double high) {
    return high > low ? (value - low) / (high - low) : 0.5;
  }
  double across(double x) const { return left + (right - left) * part(x, low_x_, high_x_); }
  double down(double y) const { return bottom - (bottom - top) * part(y, low_y_, high_y_); }

  void axes(std::string& out) const {
    out += format(
        "<rect x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\" fill=\"none\" "
        "stroke=\"#888\"/>\n",
        left, top, right - left, bottom - top);
    for (int k = 0; k <= 4; ++k) {
      const double x = low_x_ + (high_x_ - low_x_) * k / 4, y = low_y_ + (high_y_ - low_y_) * k / 4;
      out +=
          format("<text x=\"%.1f\" y=\"443\" text-anchor=\"middle\">%.4g</text>\n", across(x), x);
      out += format("<text x=\"64\" y=\"%.1f\" text-anchor=\"end\">%.4g</text>\n", down(y) + 4, y);
    }
    out += format(
        "<text x=\"330\" y=\"467\" text-anchor=\"middle\">%s</text>\n"
        "<text transform=\"translate(18 235) rotate(-90)\" text-anchor=\"middle\">%s"
        "</text>\n",
        x_.c_str(), y_.c_str());
  }

  std::string title_, x_, y_;
  std::vector<Point> points_;
  std::vector<std::pair<std::vector<std::pair<double, double>>, int>> lines_;
  std::vector<std::string> names_;
  double low_x_ = std::numeric_limits<double>::infinity(), high_x_ = -low_x_;
  double low_y_ = low_x_, high_y_ = -low_x_;
};

}  // namespace examples
