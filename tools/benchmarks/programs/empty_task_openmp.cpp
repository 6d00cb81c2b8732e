// empty_task_openmp WORKERS N: as empty_task, with OpenMP tasks and `depend` clauses.
#include <omp.h>

#include <cstddef>
#include <cstdlib>
#include <vector>

#include "samples.hpp"

namespace {

constexpr int repetitions = 5;

/// Makes and runs the tasks. They depend on the addresses of the
/// n x n tiles, of which there is nothing but the first byte.
void run(int workers, std::size_t n, [[maybe_unused]] const char* a) {
#pragma omp parallel num_threads(workers)
#pragma omp single
  for (std::size_t k = 0; k < n; ++k) {
#pragma omp task depend(inout : a[k * n + k])
    {}
    for (std::size_t i = k + 1; i < n; ++i) {
#pragma omp task depend(in : a[k * n + k]) depend(inout : a[i * n + k])
      {}
      for (std::size_t j = k + 1; j < i; ++j) {
#pragma omp task depend(in : a[i * n + k], a[j * n + k]) depend(inout : a[i * n + j])
        {}
      }
#pragma omp task depend(in : a[i * n + k]) depend(inout : a[i * n + i])
      {}
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  const int workers = argc > 1 ? std::atoi(argv[1]) : 1;
  const std::size_t n = argc > 2 ? static_cast<std::size_t>(std::atoll(argv[2])) : 64;
  const double tasks = static_cast<double>(n * (n + 1) * (n + 2) / 6);
  std::vector<char> tiles(n * n);
  run(workers, n, tiles.data());
  std::vector<double> samples;
  for (int r = 0; r < repetitions; ++r)
    samples.push_back(bench::seconds([&] { run(workers, n, tiles.data()); }) * 1e9 / tasks);
  bench::print_samples(samples);
}
