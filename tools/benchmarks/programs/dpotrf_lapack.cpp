// dpotrf_PEER N: seconds of one dpotrf of the library that it is linked with, and its residual.
// Threads are the library's own affair, by its environment variables. N = 0 only tells which
// kernels the library chose.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "lapack.hpp"
#include "samples.hpp"
#include "spd_matrix.hpp"

namespace {

constexpr int warm_up_order = 1024;

std::vector<double> spd_matrix(int n) {
  std::vector<double> a;
  a.reserve(static_cast<std::size_t>(n) * static_cast<std::size_t>(n));
  for (int j = 0; j < n; ++j)
    for (int i = 0; i < n; ++i) a.push_back(bench::spd_element(i, j, n));
  return a;
}

void factor(int n, std::vector<double>& a) {
  int info = 0;
  dpotrf_("L", &n, a.data(), &n, &info, 1);
  if (info == 0) return;
  std::fprintf(stderr, "dpotrf: info = %d\n", info);
  std::exit(EXIT_FAILURE);
}

}  // namespace

int main(int argc, char** argv) {
  const int n = argc > 1 ? std::atoi(argv[1]) : 0;
  const std::string configuration =
      ", \"configuration\": \"" + bench::library_configuration() + "\"";
  if (n == 0) {
    bench::print_samples({}, configuration);
    return 0;
  }
  auto warm_up = spd_matrix(std::min(n, warm_up_order));
  factor(std::min(n, warm_up_order), warm_up);

  auto a = spd_matrix(n);
  const double time = bench::seconds([&] { factor(n, a); });
  bench::print_samples({time}, configuration + ", \"residual\": " +
                                   std::to_string(bench::cholesky_residual(n, a.data())));
}
