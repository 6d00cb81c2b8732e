// dgeqrf_PEER N: seconds of one dgeqrf of the library that it is linked with, and its residual.
// Threads are the library's own affair, by its environment variables.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "lapack.hpp"
#include "random_matrix.hpp"
#include "samples.hpp"

namespace {

constexpr int warm_up_order = 1024;

void check(const char* routine, int info) {
  if (info == 0) return;
  std::fprintf(stderr, "%s: info = %d\n", routine, info);
  std::exit(EXIT_FAILURE);
}

/// Calls f(work, &size, &info) with as much work space as it asks for.
template <class F>
void with_work_space(const char* routine, F f) {
  double wanted = 0;
  int query = -1, info = 0;
  f(&wanted, &query, &info);
  check(routine, info);
  std::vector<double> work(static_cast<std::size_t>(wanted));
  const int size = static_cast<int>(work.size());
  f(work.data(), &size, &info);
  check(routine, info);
}

void factor(int n, std::vector<double>& a, std::vector<double>& tau) {
  with_work_space("dgeqrf", [&](double* work, const int* size, int* info) {
    dgeqrf_(&n, &n, a.data(), &n, tau.data(), work, size, info);
  });
}

double residual(int n, const std::vector<double>& a, const std::vector<double>& tau) {
  auto y = bench::r_times_signs(
      n, [&](std::int64_t i, std::int64_t j) { return a[static_cast<std::size_t>(i + j * n)]; });
  const int columns = static_cast<int>(bench::signs_columns);
  with_work_space("dormqr", [&](double* work, const int* size, int* info) {
    dormqr_("L", "N", &n, &columns, &n, a.data(), &n, tau.data(), y.data(), &n, work, size, info, 1,
            1);
  });
  return bench::qr_residual(n, y);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return EXIT_FAILURE;
  const int n = std::atoi(argv[1]);
  std::vector<double> tau(static_cast<std::size_t>(n));
  auto warm_up = bench::random_matrix(std::min(n, warm_up_order));
  factor(std::min(n, warm_up_order), warm_up, tau);

  auto a = bench::random_matrix(n);
  const double time = bench::seconds([&] { factor(n, a, tau); });
  bench::print_samples({time}, ", \"residual\": " + std::to_string(residual(n, a, tau)));
}
