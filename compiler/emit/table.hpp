// Columns of text for people.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/report/detail/svg.hpp"

namespace lambdapack::lpc {

/// Rows of cells; each column is as wide as its widest cell.
class Table {
 public:
  /// One letter for each column: `l` stands to the left, `r` to the right.
  explicit Table(std::string sides) : sides_(std::move(sides)) {}

  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.empty(); }

  /// The rows, two spaces before each and between columns, none at the end of a line.
  std::string text() const {
    std::string all;
    for (const std::string& line : lines()) all += line;
    return all;
  }

  /// The same row by row, each ended by a newline.
  std::vector<std::string> lines() const {
    std::vector<std::size_t> widths(sides_.size());
    for (const auto& row : rows_)
      for (std::size_t c = 0; c < row.size(); ++c)
        widths[c] = std::max(widths[c], report::detail::characters(row[c]));
    std::vector<std::string> all;
    for (const auto& row : rows_) {
      std::string line;
      for (std::size_t c = 0; c < row.size(); ++c) {
        const std::string space(widths[c] - report::detail::characters(row[c]), ' ');
        line += "  " + (sides_[c] == 'r' ? space + row[c] : row[c] + space);
      }
      line.erase(line.find_last_not_of(' ') + 1);
      all.push_back(line + '\n');
    }
    return all;
  }

 private:
  std::string sides_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace lambdapack::lpc
