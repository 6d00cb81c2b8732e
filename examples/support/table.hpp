// Tables of numbers in text files.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <lambdapack/lambdapack.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace examples {

/// Rows of equally many numbers, behind `skipped` lines, with blanks or commas between them. Throws
/// std::runtime_error, with the place, on anything else.
inline std::vector<std::vector<double>> read_table(const std::string& path, int skipped = 0) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error("cannot open " + path + "; check the name");
  std::vector<std::vector<double>> rows;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (number <= skipped || line.empty()) continue;
    std::vector<double> row;
    for (std::size_t at = 0; (at = line.find_first_not_of(" ,\t\r", at)) != std::string::npos;) {
      double value = 0;
      const auto [end, fault] = std::from_chars(line.data() + at, line.data() + line.size(), value);
      if (fault != std::errc())
        throw std::runtime_error(path + ":" + std::to_string(number) + ": '" + line.substr(at, 20) +
                                 "' is no number");
      at = static_cast<std::size_t>(end - line.data());
      row.push_back(value);
    }
    if (!rows.empty() && row.size() != rows.front().size())
      throw std::runtime_error(path + ":" + std::to_string(number) + ": the line has " +
                               std::to_string(row.size()) + " numbers, and the first one " +
                               std::to_string(rows.front().size()));
    rows.push_back(std::move(row));
  }
  if (rows.empty()) throw std::runtime_error(path + " holds no numbers");
  return rows;
}

/// The matrix of element(i, j), in tiles.
template <class Element>
lp::TiledMatrix<double> matrix_of(std::size_t rows, std::size_t cols, std::int64_t tile_rows,
                                  std::int64_t tile_cols, const Element& element) {
  lp::TiledMatrix<double> a(static_cast<std::int64_t>(rows), static_cast<std::int64_t>(cols),
                            tile_rows, tile_cols);
  for (std::size_t j = 0; j < cols; ++j)
    for (std::size_t i = 0; i < rows; ++i)
      a(static_cast<std::int64_t>(i), static_cast<std::int64_t>(j)) = element(i, j);
  return a;
}

}  // namespace examples
