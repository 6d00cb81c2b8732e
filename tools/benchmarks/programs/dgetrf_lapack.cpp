// dgetrf_PEER N: seconds of one dgetrf of the library that it is linked with, and its residual.
// Threads are the library's own affair, by its environment variables.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "general_matrix.hpp"
#include "lapack.hpp"
#include "samples.hpp"

namespace {

constexpr int warm_up_order = 1024;

std::vector<double> general_matrix(int n) {
  std::vector<double> a;
  a.reserve(static_cast<std::size_t>(n) * static_cast<std::size_t>(n));
  for (int j = 0; j < n; ++j)
    for (int i = 0; i < n; ++i) a.push_back(bench::general_element(0, i, j, n));
  return a;
}

std::vector<int> factor(int n, std::vector<double>& a) {
  std::vector<int> pivots(static_cast<std::size_t>(n));
  int info = 0;
  dgetrf_(&n, &n, a.data(), &n, pivots.data(), &info);
  if (info == 0) return pivots;
  std::fprintf(stderr, "dgetrf: info = %d\n", info);
  std::exit(EXIT_FAILURE);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return EXIT_FAILURE;
  const int n = std::atoi(argv[1]);
  auto warm_up = general_matrix(std::min(n, warm_up_order));
  factor(std::min(n, warm_up_order), warm_up);

  auto a = general_matrix(n);
  std::vector<int> pivots;
  const double time = bench::seconds([&] { pivots = factor(n, a); });
  const auto element = [&](std::size_t i, std::size_t j) {
    return a[i + j * static_cast<std::size_t>(n)];
  };
  bench::print_samples({time},
                       ", \"residual\": " + std::to_string(bench::lu_residual(n, element, pivots)));
}
