// more_routines ROUTINE N WORKERS TILE: seconds of one potri, getri, lq, heev_values, solve or
// solve_mixed by lambdapack of an n x n matrix in double precision, and a residual, which is to be
// below 1. A smaller matrix goes before, so that the analysis is not in the time. Of the solutions
// there are two samples: the second has the memory that the first one was the first to touch.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <lambdapack/algorithm/algorithm.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "general_matrix.hpp"
#include "samples.hpp"
#include "spd_matrix.hpp"
#include "tiled.hpp"

namespace {

using Matrix = lp::TiledMatrix<double>;

struct Measured {
  double seconds;
  double residual;
};

struct Problem {
  std::int64_t n, tile;
  lp::threads workers;

  Matrix general() const {
    return bench::tiled(n, tile, [&](std::int64_t i, std::int64_t j) {
      return bench::general_element(0, i, j, n);
    });
  }
  Matrix positive() const {
    return bench::tiled(
        n, tile, [&](std::int64_t i, std::int64_t j) { return bench::spd_element(i, j, n); });
  }

  /// ||b - A x|| / (n ||A|| ||x|| eps) in Frobenius norms.
  double residual(const Matrix& a, const Matrix& x, Matrix b) const {
    lp::gemm(a, x, b, {.alpha = -1, .beta = 1}, workers);
    return lp::norm(b) / (static_cast<double>(n) * lp::norm(a) * lp::norm(x) * bench::rounding);
  }
  Matrix identity() const {
    Matrix one(n, n, tile);
    for (std::int64_t i = 0; i < n; ++i) one(i, i) = 1;
    return one;
  }
  /// How far a norm is from the one that it must be, in roundings of n.
  double difference(double norm, double expected) const {
    return std::abs(norm - expected) / (static_cast<double>(n) * expected * bench::rounding);
  }

  Measured potri() const {
    const Matrix a = positive();
    Matrix x = a;
    const double seconds = bench::seconds([&] {
      lp::cholesky(x, workers);
      lp::cholesky_inverse(x, workers);
    });
    for (std::int64_t j = 0; j < n; ++j)
      for (std::int64_t i = 0; i < j; ++i) x(i, j) = x(j, i);
    return {seconds, residual(a, x, identity())};
  }

  Measured getri() const {
    const Matrix a = general();
    Matrix x = a;
    const double seconds = bench::seconds([&] { lp::lu_inverse(x, lp::lu(x, workers), workers); });
    return {seconds, residual(a, x, identity()) / static_cast<double>(n)};
  }

  Measured lq() const {
    Matrix a = general();
    const double norm = lp::norm(a);
    std::optional<lp::Lq<double>> f;
    // As dgelqf, which leaves L in A.
    const double seconds = bench::seconds([&] { f = lp::lq(std::move(a), workers); });
    return {seconds, difference(lp::norm(f->l()), norm)};
  }

  Measured heev_values() const {
    const Matrix a = positive();
    std::vector<double> values;
    const double seconds = bench::seconds([&] { values = lp::heev_values(a, {}, workers); });
    double squares = 0;
    for (const double v : values) squares += v * v;
    return {seconds, difference(std::sqrt(squares), lp::norm(a))};
  }

  Measured solve(bool mixed) const {
    const Matrix a = general();
    const Matrix b = bench::tiled(
        n, 1, tile, [](std::int64_t i, std::int64_t) { return i % 3 == 0 ? 1.0 : -0.5; });
    Matrix factored = a, x = b;
    const double seconds = bench::seconds([&] {
      if (mixed)
        lp::solve_mixed(a, b, x, workers);
      else
        lp::solve(factored, x, workers);
    });
    return {seconds, residual(a, x, b)};
  }

  Measured run(const std::string& routine) const {
    if (routine == "potri") return potri();
    if (routine == "getri") return getri();
    if (routine == "lq") return lq();
    if (routine == "heev_values") return heev_values();
    if (routine == "solve" || routine == "solve_mixed") return solve(routine == "solve_mixed");
    std::exit(EXIT_FAILURE);
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return EXIT_FAILURE;
  const std::int64_t n = std::atoll(argv[2]), tile = std::atoll(argv[4]);
  const lp::threads workers{std::atoi(argv[3])};
  Problem{std::min<std::int64_t>(n, 1024), std::min<std::int64_t>(tile, 256), workers}.run(argv[1]);
  // A solve is measured in memory that one has touched before.
  if (std::string(argv[1]).starts_with("solve")) Problem{n, tile, workers}.run(argv[1]);
  const Measured measured = Problem{n, tile, workers}.run(argv[1]);
  bench::print_samples({measured.seconds}, ", \"residual\": " + std::to_string(measured.residual));
}
