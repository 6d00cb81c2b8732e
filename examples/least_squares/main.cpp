// How far diabetes had gone after a year, by least squares from ten measurements of 442 patients:
//
//   min |X b - y|,   the first column of X ones, the others standardized.
//
// Data: Efron, Hastie, Johnstone and Tibshirani, "Least angle regression", 2004.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <lambdapack/algorithm/gemm.hpp>
#include <lambdapack/algorithm/least_squares.hpp>
#include <string>
#include <vector>

#include "../support/plot.hpp"
#include "../support/program.hpp"
#include "../support/table.hpp"

namespace {

constexpr std::int64_t tile = 64;

/// Columns of mean 0 and variance 1, behind one of ones.
lp::TiledMatrix<double> standardized(const std::vector<std::vector<double>>& rows) {
  const std::size_t m = rows.size(), n = rows.front().size();
  std::vector<double> mean(n), deviation(n);
  for (const auto& row : rows)
    for (std::size_t j = 0; j < n; ++j) mean[j] += row[j] / static_cast<double>(m);
  for (const auto& row : rows)
    for (std::size_t j = 0; j < n; ++j)
      deviation[j] += (row[j] - mean[j]) * (row[j] - mean[j]) / static_cast<double>(m);
  return examples::matrix_of(m, n + 1, tile, tile, [&](std::size_t i, std::size_t j) {
    return j == 0 ? 1 : (rows[i][j - 1] - mean[j - 1]) / std::sqrt(deviation[j - 1]);
  });
}

void run(const std::vector<std::string>& files, const std::string& directory) {
  const auto rows = examples::read_table(files[0]), measured = examples::read_table(files[1]);
  const auto X = standardized(rows);
  const auto y = examples::matrix_of(measured.size(), 1, tile, 1,
                                     [&](std::size_t i, std::size_t) { return measured[i][0]; });

  const auto b = lp::least_squares(X, y);

  lp::TiledMatrix<double> fitted(X.rows(), 1, tile, 1);
  lp::gemm(X, b, fitted);
  double mean = 0, rest = 0, all = 0;
  for (const auto& row : measured) mean += row[0] / static_cast<double>(measured.size());
  examples::Plot plot("Diabetes after a year", "measured", "by least squares");
  plot.line({{25, 25}, {346, 346}}, 7);
  for (std::int64_t i = 0; i < X.rows(); ++i) {
    const double is = measured[static_cast<std::size_t>(i)][0];
    const double says = std::as_const(fitted)(i, 0);
    rest += (is - says) * (is - says);
    all += (is - mean) * (is - mean);
    plot.point(is, says);
  }
  const std::string picture = directory + "/diabetes.svg";
  examples::write_file(picture, plot.svg());
  std::printf("patients   %zu, %zu measurements each\n", rows.size(), rows.front().size());
  std::printf("R^2        %.4f of the variance is explained\n", 1 - rest / all);
  std::printf("picture    %s\n", picture.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  return examples::program(argc, argv, 2, "DATA.TXT TARGET.TXT", run);
}
