// cloud_sleepers ROWS WORKERS MILLISECONDS KILLED OPTIONS: seconds of a Cholesky of ROWS tile rows
// whose kernels sleep so long, by processes of lp::cloud, and the core-seconds that they were
// there. Where KILLED is above 0, so many of the workers are killed when half of the tasks have
// finished. OPTIONS are those of a cloud:// URL.
#include <signal.h>
#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <lambdapack/cloud.hpp>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "samples.hpp"

namespace {

void sleep_for(std::int64_t milliseconds) {
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

const auto sleep_as_potrf =
    lp::make_kernel("sleep_as_potrf", [](lp::inout<double>, std::int64_t ms) { sleep_for(ms); });
const auto sleep_as_trsm = lp::make_kernel(
    "sleep_as_trsm", [](lp::in<double>, lp::inout<double>, std::int64_t ms) { sleep_for(ms); });
const auto sleep_as_syrk = lp::make_kernel(
    "sleep_as_syrk",
    [](lp::inout<double>, lp::in<double>, lp::in<double>, std::int64_t ms) { sleep_for(ms); });

void sleeping_cholesky(lp::InOut<double, 2> A, std::int64_t ms) {
  const auto n = A.extent(0);
  for (auto k : lp::range(n)) {
    A(k, k) = sleep_as_potrf(A(k, k), ms);
    for (auto i : lp::range(k + 1, n)) {
      A(i, k) = sleep_as_trsm(A(k, k), A(i, k), ms);
      for (auto j : lp::range(k + 1, i + 1)) A(i, j) = sleep_as_syrk(A(i, j), A(i, k), A(j, k), ms);
    }
  }
}

// Kills so many of the children of this process, which are its workers.
void kill_workers(int count) {
  std::error_code gone;
  for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task", gone)) {
    std::ifstream children(thread.path() / "children");
    for (::pid_t child = 0; count > 0 && children >> child; --count) ::kill(child, SIGKILL);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (lp::cloud::is_worker()) return lp::cloud::work({lp::cloud::program(sleeping_cholesky)});
  if (argc < 6) return EXIT_FAILURE;
  const std::int64_t rows = std::atoll(argv[1]), milliseconds = std::atoll(argv[3]);
  int to_kill = std::atoi(argv[4]);

  lp::exec::CloudBill bill;
  lp::cloud workers = lp::cloud::at("cloud://?" + std::string(argv[5]));
  workers.workers = std::atoi(argv[2]);
  workers.on_bill = [&](const lp::exec::CloudBill& b) { bill = b; };
  workers.progress_every = std::chrono::milliseconds(20);
  workers.on_progress = [&](lp::exec::Progress progress) {
    if (2 * progress.done >= progress.total) kill_workers(std::exchange(to_kill, 0));
  };

  lp::TiledMatrix<double> A(rows, rows, 1);
  const double time = bench::seconds([&] { lp::run(workers, sleeping_cholesky, A, milliseconds); });
  bench::print_samples({time}, ", \"core_seconds\": " + std::to_string(bill.core_seconds) +
                                   ", \"workers\": " + std::to_string(bill.workers) +
                                   ", \"tasks\": " + std::to_string(bill.tasks) +
                                   ", \"attempts\": " + std::to_string(bill.attempts));
}
