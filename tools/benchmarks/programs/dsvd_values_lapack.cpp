// dsvd_values_PEER N: seconds of the singular values of one matrix by dgesdd of the library that it
// is linked with, and how far their norm is from the matrix's. Threads are the library's own
// affair.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "lapack.hpp"
#include "random_matrix.hpp"
#include "samples.hpp"

namespace {

constexpr int warm_up_order = 256;

std::vector<double> values_of(int n, std::vector<double>& a) {
  const int one = 1, query = -1;
  std::vector<double> s(static_cast<std::size_t>(n));
  std::vector<int> iwork(8 * s.size());
  double unused = 0, wanted = 0;
  int info = 0;
  dgesdd_("N", &n, &n, a.data(), &n, s.data(), &unused, &one, &unused, &one, &wanted, &query,
          iwork.data(), &info, 1);
  std::vector<double> work(static_cast<std::size_t>(wanted));
  const int size = static_cast<int>(work.size());
  dgesdd_("N", &n, &n, a.data(), &n, s.data(), &unused, &one, &unused, &one, work.data(), &size,
          iwork.data(), &info, 1);
  if (info == 0) return s;
  std::fprintf(stderr, "dgesdd: info = %d\n", info);
  std::exit(EXIT_FAILURE);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return EXIT_FAILURE;
  const int n = std::atoi(argv[1]);
  auto warm_up = bench::random_matrix(std::min(n, warm_up_order));
  values_of(std::min(n, warm_up_order), warm_up);

  auto a = bench::random_matrix(n);
  std::vector<double> values;
  const double time = bench::seconds([&] { values = values_of(n, a); });
  bench::print_samples({time},
                       ", \"residual\": " + std::to_string(bench::values_residual(n, values)));
}
