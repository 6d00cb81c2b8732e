// empty_task_starpu WORKERS N: as empty_task, with tasks that StarPU is given in the program's
// order.
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "samples.hpp"
#include "starpu_cholesky.hpp"

namespace {

constexpr int repetitions = 5;

void nothing(void*[], void*) {}

}  // namespace

int main(int argc, char** argv) {
  const int workers = argc > 1 ? std::atoi(argv[1]) : 1;
  const std::int64_t n = argc > 2 ? std::atoll(argv[2]) : 64;
  const double tasks = static_cast<double>(n * (n + 1) * (n + 2) / 6);
  const bench::Starpu starpu(workers);
  bench::StarpuKernels kernels{bench::codelet(nothing, 0), bench::codelet(nothing, 1),
                               bench::codelet(nothing, 2)};
  // A diagonal tile's update names one tile twice, which StarPU takes for two reads.
  std::vector<char> bytes(static_cast<std::size_t>(n * n));
  bench::StarpuTiles tiles(n, 1, [&](std::int64_t i, std::int64_t j) {
    return &bytes[static_cast<std::size_t>(i + j * n)];
  });
  tiles.cholesky(kernels);
  std::vector<double> samples;
  for (int r = 0; r < repetitions; ++r)
    samples.push_back(bench::seconds([&] { tiles.cholesky(kernels); }) * 1e9 / tasks);
  bench::print_samples(samples);
}
