// empty_task WORKERS N: nanoseconds per task of a Cholesky graph of N tile rows whose kernels do
// nothing, on lambdapack's threads.
#include <lambdapack/lambdapack.hpp>

#include <cstdint>
#include <cstdlib>
#include <vector>

#include "samples.hpp"

namespace {

constexpr int repetitions = 5;

const auto potrf = lp::make_kernel("potrf", [](lp::inout<double>) {});
const auto trsm = lp::make_kernel("trsm", [](lp::in<double>, lp::inout<double>) {});
const auto syrk = lp::make_kernel("syrk", [](lp::inout<double>, lp::in<double>, lp::in<double>) {});

void cholesky(lp::InOut<double, 2> A) {
  const auto n = A.extent(0);
  for (auto k : lp::range(n)) {
    A(k, k) = potrf(A(k, k));
    for (auto i : lp::range(k + 1, n)) {
      A(i, k) = trsm(A(k, k), A(i, k));
      for (auto j : lp::range(k + 1, i + 1)) A(i, j) = syrk(A(i, j), A(i, k), A(j, k));
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  const lp::threads workers{argc > 1 ? std::atoi(argv[1]) : 1};
  const std::int64_t n = argc > 2 ? std::atoll(argv[2]) : 64;
  lp::TiledMatrix<double> A(n, n, 1);
  const auto tasks = static_cast<double>(lp::run(workers, cholesky, A).tasks);
  std::vector<double> samples;
  for (int r = 0; r < repetitions; ++r)
    samples.push_back(bench::seconds([&] { lp::run(workers, cholesky, A); }) * 1e9 / tasks);
  bench::print_samples(samples);
}
