// large_graph WORKERS N SECONDS: nanoseconds per task of a Cholesky graph of N tile rows whose
// tiles are empty and whose kernels do nothing, while it runs for so long; the time until its first
// task, and how much memory the process has had.
#include <lambdapack/lambdapack.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

#include <sys/resource.h>

#include "samples.hpp"

namespace {

using Clock = std::chrono::steady_clock;

struct Nothing {
  static std::string type_name() { return "nothing"; }
  std::size_t byte_size() const { return 0; }
  void write_bytes(std::span<std::byte>) const {}
  static Nothing read_bytes(std::span<const std::byte>) { return {}; }
};

std::atomic<bool> begun{false};
Clock::time_point first_task;

const auto potrf = lp::make_kernel("potrf", [](lp::inout<Nothing>) {
  if (!begun.exchange(true)) first_task = Clock::now();
});
const auto trsm = lp::make_kernel("trsm", [](lp::in<Nothing>, lp::inout<Nothing>) {});
const auto syrk =
    lp::make_kernel("syrk", [](lp::inout<Nothing>, lp::in<Nothing>, lp::in<Nothing>) {});

void cholesky(lp::Integer n) {
  auto A = lp::temp<Nothing, 2>("A", lp::zero);
  for (auto k : lp::range(n)) {
    A(k, k) = potrf(A(k, k));
    for (auto i : lp::range(k + 1, n)) {
      A(i, k) = trsm(A(k, k), A(i, k));
      for (auto j : lp::range(k + 1, i + 1)) A(i, j) = syrk(A(i, j), A(i, k), A(j, k));
    }
  }
}

double megabytes() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

}  // namespace

int main(int argc, char** argv) {
  const int workers = argc > 1 ? std::atoi(argv[1]) : 2;
  const std::int64_t n = argc > 2 ? std::atoll(argv[2]) : 1817;
  const std::chrono::seconds limit(argc > 3 ? std::atoll(argv[3]) : 60);

  lp::compile(cholesky);  // kept for the run
  const double before = megabytes();
  const auto begin = Clock::now();
  lp::exec::Handle run = lp::start(lp::threads{workers}, cholesky, n);
  run.wait_for(limit);
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  const lp::exec::Progress far = run.progress();
  run.cancel();
  const double started = std::chrono::duration<double>(first_task - begin).count();
  bench::print_samples({seconds * 1e9 / static_cast<double>(far.done)},
                       ", \"megabytes\": " + std::to_string(megabytes()) +
                           ", \"megabytes before\": " + std::to_string(before) + ", \"started\": " +
                           std::to_string(started) + ", \"done\": " + std::to_string(far.done) +
                           ", \"total\": " + std::to_string(far.total));
}
