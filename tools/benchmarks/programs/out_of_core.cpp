// out_of_core N WORKERS TILE MEBIBYTES: seconds of one Cholesky factorisation of a Zarr array in
// place, with at most so much memory; 0 is no limit. Bytes loaded, and put aside, as well, and the
// most memory that the process had.
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include <lambdapack/tile/detail/temporary_directory.hpp>

#include "cholesky.hpp"
#include "samples.hpp"
#include "spd_matrix.hpp"
#include "tiled.hpp"

namespace {

/// The line of /proc/self/status that begins so, in bytes.
std::int64_t status(const std::string& name) {
  std::ifstream file("/proc/self/status");
  std::string word;
  std::int64_t kilobytes = 0;
  while (file >> word)
    if (word == name + ":" && file >> kilobytes) return kilobytes << 10;
  return -1;
}

const auto fill = lp::make_kernel("fill", [](lp::out<double> x, std::int64_t i, std::int64_t j,
                                             std::int64_t n, std::int64_t tile) {
  for (std::int64_t q = 0; q < x.cols(); ++q)
    for (std::int64_t p = 0; p < x.rows(); ++p)
      x(p, q) = bench::spd_element(i * tile + p, j * tile + q, n);
});

void make(lp::Out<double, 2> A, lp::Integer n, lp::Integer tile) {
  for (auto i : lp::range(A.extent(0)))
    for (auto j : lp::range(A.extent(1))) A(i, j) = fill(i, j, n, tile);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return EXIT_FAILURE;
  const std::int64_t n = std::atoll(argv[1]), tile = std::atoll(argv[3]);
  const lp::threads workers{.workers = std::atoi(argv[2]),
                            .memory = std::int64_t{std::atoll(argv[4])} << 20};
  const lp::tile::detail::TemporaryDirectory folder(lp::tile::detail::disk_for_temporary_files());
  const std::string a = folder.path() + "/A";
  lp::run(lp::sequential{}, make, lp::zarr<double>(a, n, n, tile), n, tile);

  auto warm_up = bench::tiled(4 * tile, tile, [&](std::int64_t i, std::int64_t j) {
    return bench::spd_element(i, j, 4 * tile);
  });
  lp::run(lp::threads{workers.workers}, bench::cholesky, warm_up);
  std::ofstream("/proc/self/clear_refs") << 5;
  auto A = lp::zarr<double>(a);
  lp::exec::Report report;
  const double time = bench::seconds([&] { report = lp::run(workers, bench::cholesky, A); });
  const std::int64_t memory = status("VmHWM");
  double residual = 0;
  {
    const auto L = lp::read_zarr<double>(a);
    std::vector<double> l(static_cast<std::size_t>(n * n));
    for (std::int64_t j = 0; j < n; ++j)
      for (std::int64_t i = j; i < n; ++i) l[static_cast<std::size_t>(i + j * n)] = L(i, j);
    residual = bench::cholesky_residual(n, l.data());
  }
  bench::print_samples({time}, ", \"residual\": " + std::to_string(residual) +
                                   ", \"loaded\": " + std::to_string(report.loaded_bytes) +
                                   ", \"aside\": " + std::to_string(report.put_aside_bytes) +
                                   ", \"memory\": " + std::to_string(memory));
}
