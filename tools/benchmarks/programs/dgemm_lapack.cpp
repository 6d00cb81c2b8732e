// dgemm_PEER N: seconds of one dgemm of n x n matrices by the library that it is linked with, and
// its residual. Threads are the library's own affair, by its environment variables.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "general_matrix.hpp"
#include "lapack.hpp"
#include "samples.hpp"

namespace {

constexpr int warm_up_order = 1024;

std::vector<double> general_matrix(std::int64_t which, int n) {
  std::vector<double> a;
  a.reserve(static_cast<std::size_t>(n) * static_cast<std::size_t>(n));
  for (int j = 0; j < n; ++j)
    for (int i = 0; i < n; ++i) a.push_back(bench::general_element(which, i, j, n));
  return a;
}

double seconds_of_product(int n, std::vector<double>& c) {
  const auto a = general_matrix(0, n), b = general_matrix(1, n);
  c.assign(a.size(), 0.0);
  const double one = 1, zero = 0;
  return bench::seconds([&] {
    dgemm_("N", "N", &n, &n, &n, &one, a.data(), &n, b.data(), &n, &zero, c.data(), &n, 1, 1);
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return EXIT_FAILURE;
  const int n = std::atoi(argv[1]);
  std::vector<double> c;
  seconds_of_product(std::min(n, warm_up_order), c);
  const double time = seconds_of_product(n, c);
  const auto element = [&](std::size_t i, std::size_t j) {
    return c[i + j * static_cast<std::size_t>(n)];
  };
  bench::print_samples({time},
                       ", \"residual\": " + std::to_string(bench::gemm_residual(n, element)));
}
