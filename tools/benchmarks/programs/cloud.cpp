// cloud N WORKERS TILE: seconds of one Cholesky factorisation by processes of lp::cloud on this
// machine, from the call to the result in memory, its residual, and what it used. The analysis is
// done before.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <lambdapack/cloud.hpp>
#include <string>
#include <vector>

#include "cholesky.hpp"
#include "samples.hpp"
#include "spd_matrix.hpp"
#include "tiled.hpp"

namespace {

constexpr std::int64_t warm_up_order = 1024;

lp::TiledMatrix<double> spd_matrix(std::int64_t n, std::int64_t tile) {
  return bench::tiled(n, tile,
                      [&](std::int64_t i, std::int64_t j) { return bench::spd_element(i, j, n); });
}

double residual(const lp::TiledMatrix<double>& A, std::int64_t n) {
  std::vector<double> l(static_cast<std::size_t>(n * n));
  for (std::int64_t j = 0; j < n; ++j)
    for (std::int64_t i = j; i < n; ++i) l[static_cast<std::size_t>(i + j * n)] = A(i, j);
  return bench::cholesky_residual(n, l.data());
}

}  // namespace

int main(int argc, char** argv) {
  if (lp::cloud::is_worker()) return lp::cloud::work({lp::cloud::program(bench::cholesky)});
  if (argc < 4) return EXIT_FAILURE;
  const std::int64_t n = std::atoll(argv[1]);
  const std::int64_t tile = std::atoll(argv[3]);
  lp::exec::CloudBill bill;
  lp::cloud workers{.workers = std::atoi(argv[2])};
  workers.on_bill = [&](const lp::exec::CloudBill& b) { bill = b; };

  auto warm_up = spd_matrix(std::min(n, warm_up_order), tile);
  lp::run(workers, bench::cholesky, warm_up);

  auto A = spd_matrix(n, tile);
  const double time = bench::seconds([&] { lp::run(workers, bench::cholesky, A); });
  bench::print_samples({time},
                       ", \"residual\": " + std::to_string(residual(A, n)) +
                           ", \"core_seconds\": " + std::to_string(bill.core_seconds) +
                           ", \"requests\": " + std::to_string(bill.gets + bill.puts) +
                           ", \"bytes\": " + std::to_string(bill.bytes_read + bill.bytes_written));
}
