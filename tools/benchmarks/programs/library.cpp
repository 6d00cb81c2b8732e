// library ROUTINE N WORKERS TILE: seconds of one routine of lambdapack's library, in double
// precision on an n x n matrix or as `routines` says; what it computes is the tests' affair. A
// smaller matrix goes before, so that the analysis is not in the time.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <lambdapack/algorithm/algorithm.hpp>
#include <map>
#include <string>
#include <utility>

#include "general_matrix.hpp"
#include "samples.hpp"
#include "spd_matrix.hpp"
#include "tiled.hpp"

namespace {

using Matrix = lp::TiledMatrix<double>;

// Of the tall matrices, rows for each column; and the columns of those that are few.
constexpr std::int64_t tall = 16;
constexpr std::int64_t few = 64;

struct Problem {
  std::int64_t n, tile;
  lp::threads workers;

  Matrix general(std::int64_t rows, std::int64_t cols, std::int64_t which = 0) const {
    return bench::tiled(rows, cols, tile, [&](std::int64_t i, std::int64_t j) {
      return bench::general_element(which, i, j, n);
    });
  }
  Matrix general(std::int64_t which = 0) const { return general(n, n, which); }
  Matrix positive() const {
    return bench::tiled(
        n, tile, [&](std::int64_t i, std::int64_t j) { return bench::spd_element(i, j, n); });
  }
  Matrix banded(std::int64_t width) const {
    return bench::tiled(n, tile, [&](std::int64_t i, std::int64_t j) {
      return std::abs(i - j) > width ? 0.0 : bench::spd_element(i, j, n);
    });
  }
};

double syrk(const Problem& p) {
  const Matrix A = p.general();
  Matrix C(p.n, p.n, p.tile);
  return bench::seconds([&] { lp::syrk(A, C, {}, p.workers); });
}
double symm(const Problem& p) {
  const Matrix A = p.positive(), B = p.general();
  Matrix C(p.n, p.n, p.tile);
  return bench::seconds([&] { lp::symm(A, B, C, {}, p.workers); });
}
double syr2k(const Problem& p) {
  const Matrix A = p.general(0), B = p.general(1);
  Matrix C(p.n, p.n, p.tile);
  return bench::seconds([&] { lp::syr2k(A, B, C, {}, p.workers); });
}
double trmm(const Problem& p) {
  const Matrix A = p.positive();
  Matrix B = p.general();
  return bench::seconds([&] { lp::trmm(A, B, {}, p.workers); });
}
double trsm(const Problem& p) {
  const Matrix A = p.positive();
  Matrix B = p.general();
  return bench::seconds([&] { lp::trsm(A, B, {}, p.workers); });
}
double trtri(const Problem& p) {
  Matrix A = p.positive();
  return bench::seconds([&] { lp::triangular_inverse(A, {}, p.workers); });
}
double posv(const Problem& p) {
  Matrix A = p.positive(), B = p.general(p.n, few);
  return bench::seconds([&] { lp::solve_positive(A, B, p.workers); });
}
double pbtrf(const Problem& p) {
  Matrix A = p.banded(p.n / 8);
  return bench::seconds([&] { lp::band_cholesky(A, p.n / 8, p.workers); });
}
double ldl(const Problem& p) {
  Matrix A = p.positive();
  return bench::seconds([&] { lp::ldl(A, p.workers); });
}
double sysv(const Problem& p) {
  const Matrix A = p.positive(), B = p.general(p.n, few);
  Matrix X(p.n, few, p.tile);
  return bench::seconds([&] { lp::solve_hermitian(A, B, X, p.workers); });
}
double calu(const Problem& p) {
  Matrix A = p.general();
  return bench::seconds([&] { lp::calu(A, p.workers); });
}
double gecon(const Problem& p) {
  Matrix A = p.general();
  const double norm = lp::norm(A, lp::Norm::one);
  const auto factors = lp::lu(A, p.workers);
  return bench::seconds([&] { lp::lu_rcond(A, factors, norm, lp::Norm::one, p.workers); });
}
double lange(const Problem& p) {
  const Matrix A = p.general();
  return bench::seconds([&] { lp::norm(A, lp::Norm::one, p.workers); });
}
double transpose(const Problem& p) {
  const Matrix A = p.general();
  Matrix B(p.n, p.n, p.tile);
  return bench::seconds([&] { lp::transpose(A, B, lp::Op::transpose, p.workers); });
}
double latms(const Problem& p) {
  Matrix A(p.n, p.n, p.tile);
  return bench::seconds([&] { lp::random_matrix(A, {}, p.workers); });
}
double tsqr(const Problem& p) {
  Matrix A = p.general(p.n, p.n / tall);
  return bench::seconds([&] { lp::tsqr(std::move(A), {}, p.workers); });
}
double cholesky_qr2(const Problem& p) {
  Matrix A = p.general(p.n, p.n / tall);
  return bench::seconds([&] { lp::cholesky_qr2(std::move(A), p.workers); });
}
double geqp3(const Problem& p) {
  Matrix A = p.general();
  return bench::seconds([&] { lp::qr_pivoted(std::move(A), p.workers); });
}
double gels(const Problem& p) {
  Matrix A = p.general(p.n, p.n / tall), B = p.general(p.n, few);
  return bench::seconds([&] { lp::least_squares(std::move(A), std::move(B), {}, p.workers); });
}
double heev(const Problem& p) {
  Matrix A = p.positive();
  return bench::seconds([&] { lp::heev(std::move(A), {}, p.workers); });
}
double svd(const Problem& p) {
  Matrix A = p.general();
  return bench::seconds([&] { lp::svd(std::move(A), p.workers); });
}
double randomized_svd(const Problem& p) {
  const Matrix A = p.general();
  return bench::seconds([&] { lp::randomized_svd(A, few, {}, p.workers); });
}
double polar(const Problem& p) {
  Matrix A = p.general();
  return bench::seconds([&] { lp::polar(std::move(A), p.workers); });
}

const std::map<std::string, double (*)(const Problem&)> routines{
    {"syrk", syrk},
    {"symm", symm},
    {"syr2k", syr2k},
    {"trmm", trmm},
    {"trsm", trsm},
    {"trtri", trtri},
    {"posv", posv},
    {"pbtrf", pbtrf},
    {"ldl", ldl},
    {"sysv", sysv},
    {"calu", calu},
    {"gecon", gecon},
    {"lange", lange},
    {"transpose", transpose},
    {"latms", latms},
    {"tsqr", tsqr},
    {"cholesky_qr2", cholesky_qr2},
    {"geqp3", geqp3},
    {"gels", gels},
    {"heev", heev},
    {"svd", svd},
    {"randomized_svd", randomized_svd},
    {"polar", polar},
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return EXIT_FAILURE;
  const auto routine = routines.at(argv[1]);
  const std::int64_t n = std::atoll(argv[2]), tile = std::atoll(argv[4]);
  const lp::threads workers{std::atoi(argv[3])};
  routine({std::min<std::int64_t>(n, 1024), std::min<std::int64_t>(tile, 256), workers});
  bench::print_samples({routine({n, tile, workers})}, ", \"residual\": 0");
}
