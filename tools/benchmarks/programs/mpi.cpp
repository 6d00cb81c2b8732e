// bench_mpi ROUTINE N ROWS COLS ROUNDS WORKERS TILE [INNER], under mpirun: seconds of dpotrf, dgemm
// or dgeqrf by lambdapack on ROWS x COLS processes, and the residual. The analysis is done before.
#include <lambdapack/algorithm/cholesky.hpp>
#include <lambdapack/algorithm/gemm.hpp>
#include <lambdapack/algorithm/qr_programs.hpp>
#include <lambdapack/mpi.hpp>

#include "cholesky.hpp"
#include "mpi_checks.hpp"

namespace {

using Matrix = lp::DistributedMatrix<double>;

/// Calls f(i, j, element) for this process's elements.
auto elements(const Matrix& A) {
  return [&A](auto&& f) {
    for (const auto& [i, j] : A.own_tiles()) {
      const auto& tile = A.tile(i, j);
      for (std::int64_t q = 0; q < tile.cols(); ++q)
        for (std::int64_t p = 0; p < tile.rows(); ++p)
          f(i * A.tile_rows() + p, j * A.tile_cols() + q, tile(p, q));
    }
  };
}

/// The same where keep(i, j).
template <class Keep>
auto elements(const Matrix& A, Keep keep) {
  return [&A, keep](auto&& f) {
    elements(A)([&](std::int64_t i, std::int64_t j, double x) {
      if (keep(i, j)) f(i, j, x);
    });
  };
}

struct Problem {
  std::int64_t n, tile, inner;
  lp::ProcessGrid grid;
  lp::mpi ranks;

  Matrix matrix(std::int64_t rows, std::int64_t tile_rows) const {
    return Matrix(rows, n, tile_rows, tile, lp::Distribution::block_cyclic(grid));
  }

  double potrf(double& residual) const {
    Matrix A = matrix(n, tile);
    A.fill([&](std::int64_t i, std::int64_t j) { return bench::spd_element(i, j, n); });
    const double time = bench::mpi_seconds([&] { lp::run(ranks, bench::cholesky, A); });
    residual = bench::mpi_cholesky_residual(
        n, elements(A, [](std::int64_t i, std::int64_t j) { return i >= j; }));
    return time;
  }

  double gemm(double& residual) const {
    Matrix A = matrix(n, tile), B = matrix(n, tile), C = matrix(n, tile);
    A.fill([&](std::int64_t i, std::int64_t j) { return bench::general_element(0, i, j, n); });
    B.fill([&](std::int64_t i, std::int64_t j) { return bench::general_element(1, i, j, n); });
    const double time = bench::mpi_seconds([&] { lp::gemm(A, B, C, {}, ranks); });
    residual = bench::mpi_gemm_residual(n, elements(C));
    return time;
  }

  double geqrf(double& residual) const {
    Matrix A = matrix(n, tile), F = matrix((n + tile - 1) / tile * (inner + 1), inner + 1);
    A.fill([&](std::int64_t i, std::int64_t j) { return bench::general_element(0, i, j, n); });
    const double time =
        bench::mpi_seconds([&] { lp::run(ranks, lp::algorithm::qr_flat<double>, A, F); });
    residual = bench::mpi_qr_residual(
        n, elements(A, [](std::int64_t i, std::int64_t j) { return i <= j; }));
    return time;
  }

  double run(const std::string& routine, double& residual) const {
    if (routine == "dpotrf") return potrf(residual);
    return routine == "dgemm" ? gemm(residual) : geqrf(residual);
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 8) return EXIT_FAILURE;
  int threads = 0;
  MPI_Init_thread(&argc, &argv, MPI_THREAD_MULTIPLE, &threads);
  const auto number = [&](int k) { return k < argc ? std::atoi(argv[k]) : 48; };
  const lp::ProcessGrid grid{number(3), number(4)};
  Problem problem{number(2), number(7), number(8), grid,
                  lp::mpi{.workers = number(6), .grid = grid}};
  double residual = 0;
  std::vector<double> samples;
  Problem warm_up = problem;
  warm_up.n = std::min<std::int64_t>(problem.n, 1024);
  warm_up.run(argv[1], residual);
  for (int round = 0; round < number(5); ++round) samples.push_back(problem.run(argv[1], residual));
  bench::mpi_print(samples, residual);
  MPI_Finalize();
}
