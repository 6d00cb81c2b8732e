// Factors a matrix that is spread over all processes, and solves a system with it:
//   mpirun -n 4 mpi_cholesky [ORDER [TILE]]
// Each rank makes its own tiles, factors them together with the others, and keeps them; the program
// is the one that lp::threads runs.
#include <mpi.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <lambdapack/algorithm/cholesky.hpp>
#include <lambdapack/mpi.hpp>

namespace {

// A covariance of points on a line, which falls off with their distance.
double covariance(std::int64_t i, std::int64_t j) {
  const auto distance = static_cast<double>(i > j ? i - j : j - i);
  return std::exp(-distance / 20) + (i == j ? 0.5 : 0);
}

// What A's row sums are, so that the solution is known: all ones.
double row_sum(std::int64_t i, std::int64_t n) {
  double sum = 0;
  for (std::int64_t j = 0; j < n; ++j) sum += covariance(i, j);
  return sum;
}

double largest_error(const lp::DistributedMatrix<double>& X) {
  double here = 0, all = 0;
  for (const auto& [i, j] : X.own_tiles())
    for (std::int64_t k = 0; k < X.tile(i, j).rows(); ++k)
      here = std::max(here, std::abs(X.tile(i, j)(k, 0) - 1));
  MPI_Allreduce(&here, &all, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
  return all;
}

void factor_and_solve(std::int64_t n, std::int64_t tile) {
  lp::DistributedMatrix<double> A(n, n, tile), B(n, 1, tile);
  A.fill(covariance);
  B.fill([&](std::int64_t i, std::int64_t) { return row_sum(i, n); });

  lp::exec::MpiTraffic traffic;
  const lp::mpi ranks{.on_traffic = [&](const lp::exec::MpiTraffic& t) { traffic = t; }};
  const lp::exec::Report report = lp::cholesky(A, ranks);
  const lp::exec::MpiTraffic factoring = traffic;
  lp::cholesky_solve(A, B, ranks);

  const double error = largest_error(B);
  std::printf("rank %d: %lld tasks, sent %lld tiles (%.1f MB)\n", factoring.rank,
              static_cast<long long>(report.tasks),
              static_cast<long long>(factoring.sent.values_sent),
              static_cast<double>(factoring.sent.bytes_sent) / 1e6);
  if (factoring.rank == 0)
    std::printf("order %lld: %.3f s, %.1f GF/s; the solution is off by %.1e at most\n",
                static_cast<long long>(n), report.seconds,
                std::pow(static_cast<double>(n), 3) / 3 / report.seconds / 1e9, error);
}

}  // namespace

int main(int argc, char** argv) {
  int threads = 0;
  MPI_Init_thread(&argc, &argv, MPI_THREAD_MULTIPLE, &threads);
  int status = EXIT_SUCCESS;
  try {
    factor_and_solve(argc > 1 ? std::atoll(argv[1]) : 2000, argc > 2 ? std::atoll(argv[2]) : 256);
  } catch (const lp::error& e) {
    std::fprintf(stderr, "mpi_cholesky: %s\n", e.what());
    status = EXIT_FAILURE;
  }
  MPI_Finalize();
  return status;
}
