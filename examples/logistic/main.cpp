// Whether a tumour is benign, by logistic regression from thirty measurements, with Newton's
// method:
//
//   w := w + (X^T D X + lambda I)^-1 (X^T (y - p) - lambda w),   p = 1 / (1 + exp(-X w)),
//   D = diag(p (1 - p)),
//
// until no element of w changes by more than 1e-8: the program's loop ends early, by lp::stop_if.
// Every fourth patient is held out. Data: Wolberg, Street and Mangasarian, Breast Cancer Wisconsin
// (Diagnostic), UCI.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <lambdapack/lambdapack.hpp>
#include <string>
#include <vector>

#include "../support/plot.hpp"
#include "../support/program.hpp"
#include "../support/table.hpp"

namespace {

constexpr std::int64_t tile = 64;
constexpr int most_steps = 30;
constexpr double lambda = 1;

double logistic(double z) { return 1 / (1 + std::exp(-z)); }

// Adds to S what the patients of one tile say: X^T D X, and behind it the column X^T (y - p).
const auto learn = lp::make_kernel(
    "learn", [](lp::inout<double> S, lp::in<double> X, lp::in<double> y, lp::in<double> w) {
      const std::int64_t n = X.cols();
      if (S.rows() == 0) *S = lp::tile::Dense<double>::zeros(n, n + 1);
      for (std::int64_t i = 0; i < X.rows(); ++i) {
        double z = 0;
        for (std::int64_t j = 0; j < n; ++j) z += X(i, j) * w(j, 0);
        const double p = logistic(z);
        for (std::int64_t k = 0; k < n; ++k) {
          for (std::int64_t j = 0; j < n; ++j) S(j, k) += X(i, j) * p * (1 - p) * X(i, k);
          S(k, n) += X(i, k) * (y(i, 0) - p);
        }
      }
    });

// One step of Newton's method; `change` is the largest of an element.
const auto newton =
    lp::make_kernel("newton", [](lp::inout<double> w, lp::out<double> change, lp::in<double> S) {
      const std::int64_t n = w.rows();
      lp::tile::Dense<double> H(n, n), step(n, 1);
      for (std::int64_t k = 0; k < n; ++k) {
        for (std::int64_t j = 0; j < n; ++j) H(j, k) = S(j, k) + (j == k ? lambda : 0);
        step(k, 0) = S(k, n) - lambda * w(k, 0);
      }
      // H is small: one tile's Cholesky and two solves, by hand.
      for (std::int64_t k = 0; k < n; ++k) {
        H(k, k) = std::sqrt(H(k, k));
        for (std::int64_t i = k + 1; i < n; ++i) H(i, k) /= H(k, k);
        for (std::int64_t j = k + 1; j < n; ++j)
          for (std::int64_t i = j; i < n; ++i) H(i, j) -= H(i, k) * H(j, k);
      }
      for (std::int64_t k = 0; k < n; ++k) {
        for (std::int64_t j = 0; j < k; ++j) step(k, 0) -= H(k, j) * step(j, 0);
        step(k, 0) /= H(k, k);
      }
      change.resize(1, 1);
      change(0, 0) = 0;
      for (std::int64_t k = n; k-- > 0;) {
        for (std::int64_t j = k + 1; j < n; ++j) step(k, 0) -= H(j, k) * step(j, 0);
        step(k, 0) /= H(k, k);
        w(k, 0) += step(k, 0);
        change(0, 0) = std::max(change(0, 0), std::abs(step(k, 0)));
      }
    });

const auto is_small = lp::make_kernel("is_small", [](lp::out<double> flag, lp::in<double> change) {
  flag.resize(1, 1);
  flag(0, 0) = change(0, 0) < 1e-8;
});

void regression(lp::In<double, 1> X, lp::In<double, 1> y, lp::InOut<double, 0> w,
                lp::Out<double, 1> changes) {
  changes.unwritten(lp::zero);
  auto S = lp::temp<double, 1>("S", lp::zero);
  auto flag = lp::temp<double, 1>("flag");
  for (auto t : lp::range(changes.extent(0))) {
    for (auto i : lp::range(X.extent(0))) S(t) += learn(X(i), y(i), w());
    lp::tie(w(), changes(t)) = newton(w(), S(t));
    flag(t) = is_small(changes(t));
    lp::stop_if(flag(t));
  }
}

void run(const std::vector<std::string>& files, const std::string& directory) {
  auto rows = examples::read_table(files[0], 1);
  const std::size_t n = rows.front().size() - 1;
  std::vector<double> mean(n), deviation(n);
  for (const auto& row : rows)
    for (std::size_t j = 0; j < n; ++j) mean[j] += row[j] / static_cast<double>(rows.size());
  for (const auto& row : rows)
    for (std::size_t j = 0; j < n; ++j)
      deviation[j] += (row[j] - mean[j]) * (row[j] - mean[j]) / static_cast<double>(rows.size());
  std::vector<std::vector<double>> known, held_out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < n; ++j)
      rows[i][j] = (rows[i][j] - mean[j]) / std::sqrt(deviation[j]);
    (i % 4 == 3 ? held_out : known).push_back(rows[i]);
  }

  const auto columns = static_cast<std::int64_t>(n + 1);
  const auto X = examples::matrix_of(
      known.size(), n + 1, tile, columns,
      [&](std::size_t i, std::size_t j) { return j == 0 ? 1 : known[i][j - 1]; });
  const auto y = examples::matrix_of(known.size(), 1, tile, 1,
                                     [&](std::size_t i, std::size_t) { return known[i][n]; });
  lp::TiledMatrix<double> w(columns, 1, columns, 1), changes(most_steps, 1, 1, 1);
  lp::run(lp::threads{}, regression, X, y, w, changes);

  int steps = 0, right = 0;
  examples::Plot plot("Newton's method", "step", "log10 of the largest change");
  std::vector<std::pair<double, double>> path;
  for (; steps < most_steps && std::as_const(changes)(steps, 0) > 0; ++steps)
    path.emplace_back(steps + 1, std::log10(std::as_const(changes)(steps, 0)));
  for (const auto& [x, z] : path) plot.point(x, z);
  plot.line(path);
  for (const auto& row : held_out) {
    double z = std::as_const(w)(0, 0);
    for (std::size_t j = 0; j < n; ++j)
      z += row[j] * std::as_const(w)(static_cast<std::int64_t>(j) + 1, 0);
    right += (z > 0) == (row[n] > 0.5) ? 1 : 0;
  }
  const std::string picture = directory + "/newton.svg";
  examples::write_file(picture, plot.svg());
  std::printf("patients   %zu to learn from, %zu held out\n", known.size(), held_out.size());
  std::printf("accuracy   %.1f %% of the held-out ones (%d of %zu), after %d steps\n",
              100.0 * right / static_cast<double>(held_out.size()), right, held_out.size(), steps);
  std::printf("picture    %s\n", picture.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  return examples::program(argc, argv, 1, "BREAST_CANCER.CSV", run);
}
