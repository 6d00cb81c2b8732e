// cloud ROUTINE N WORKERS TILE [OPTIONS]: seconds of one dpotrf, dgemm or dgeqrf by processes of
// lp::cloud on this machine, from the call to the result in memory, its residual, and what it used.
// OPTIONS are those of a cloud:// URL, such as queue=redis://127.0.0.1:6379. The analysis is done
// before.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <lambdapack/algorithm/gemm.hpp>
#include <lambdapack/algorithm/qr_programs.hpp>
#include <lambdapack/cloud.hpp>
#include <string>
#include <utility>
#include <vector>

#include "cholesky.hpp"
#include "general_matrix.hpp"
#include "random_matrix.hpp"
#include "samples.hpp"
#include "spd_matrix.hpp"
#include "tiled.hpp"

namespace {

constexpr std::int64_t warm_up_order = 1024;

using Matrix = lp::TiledMatrix<double>;

struct Problem {
  std::int64_t n, tile;
  lp::cloud workers;

  double potrf(double& residual) const {
    Matrix A = bench::tiled(
        n, tile, [&](std::int64_t i, std::int64_t j) { return bench::spd_element(i, j, n); });
    const double time = bench::seconds([&] { lp::run(workers, bench::cholesky, A); });
    std::vector<double> l(static_cast<std::size_t>(n * n));
    for (std::int64_t j = 0; j < n; ++j)
      for (std::int64_t i = j; i < n; ++i) l[static_cast<std::size_t>(i + j * n)] = A(i, j);
    residual = bench::cholesky_residual(n, l.data());
    return time;
  }

  double gemm(double& residual) const {
    const auto general = [&](std::int64_t which) {
      return bench::tiled(n, tile, [&](std::int64_t i, std::int64_t j) {
        return bench::general_element(which, i, j, n);
      });
    };
    const Matrix A = general(0), B = general(1);
    Matrix C(n, n, tile);
    const double time = bench::seconds([&] {
      lp::run(workers, lp::algorithm::gemm<double>, A, B, C, lp::kernel::Gemm<double>{});
    });
    const lp::tile::Dense<double> result = C.to_dense();
    residual = bench::gemm_residual(n, [&](std::size_t i, std::size_t j) {
      return result(static_cast<std::int64_t>(i), static_cast<std::int64_t>(j));
    });
    return time;
  }

  double geqrf(double& residual) const {
    const std::int64_t inner = tile / 8;
    Matrix A = Matrix::from(bench::random_matrix(n).data(), n, n, n, tile);
    Matrix F(A.extents()[0] * (inner + 1), n, inner + 1, tile);
    const double time =
        bench::seconds([&] { lp::run(workers, lp::algorithm::qr_flat<double>, A, F); });
    const auto y = bench::r_times_signs(
        n, [&](std::int64_t i, std::int64_t j) { return std::as_const(A)(i, j); });
    auto Y = Matrix::from(y.data(), n, bench::signs_columns, n, tile, bench::signs_columns);
    lp::run(lp::threads{}, lp::algorithm::apply_q_flat<double>, A, F, Y, false);
    std::vector<double> q_y(y.size());
    Y.copy_to(q_y.data(), n);
    residual = bench::qr_residual(n, q_y);
    return time;
  }

  double run(const std::string& routine, double& residual) const {
    if (routine == "dpotrf") return potrf(residual);
    return routine == "dgemm" ? gemm(residual) : geqrf(residual);
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (lp::cloud::is_worker())
    return lp::cloud::work({lp::cloud::program(bench::cholesky),
                            lp::cloud::program(lp::algorithm::gemm<double>),
                            lp::cloud::program(lp::algorithm::qr_flat<double>)});
  if (argc < 5) return EXIT_FAILURE;
  Problem problem{std::atoll(argv[2]), std::atoll(argv[4]),
                  lp::cloud::at("cloud://?" + std::string(argc > 5 ? argv[5] : ""))};
  problem.workers.workers = std::atoi(argv[3]);

  double residual = 0;
  Problem warm_up = problem;
  warm_up.n = std::min(problem.n, warm_up_order);
  warm_up.run(argv[1], residual);

  lp::exec::CloudBill bill;
  problem.workers.on_bill = [&](const lp::exec::CloudBill& b) { bill = b; };
  const double time = problem.run(argv[1], residual);
  bench::print_samples({time}, ", \"residual\": " + std::to_string(residual) +
                                   ", \"core_seconds\": " + std::to_string(bill.core_seconds) +
                                   ", \"requests\": " + std::to_string(bill.gets + bill.puts) +
                                   ", \"bytes_read\": " + std::to_string(bill.bytes_read) +
                                   ", \"bytes_written\": " + std::to_string(bill.bytes_written));
}
