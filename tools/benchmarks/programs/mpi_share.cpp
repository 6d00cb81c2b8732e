// bench_mpi_share TILES P Q SECONDS: what one rank of P x Q does of a Cholesky factorisation of
// TILES x TILES tiles before its first task, and how fast it then finds its tasks, and who reads
// what they make. Nothing runs and nothing is sent: MPI is never begun. Seconds, bytes of memory
// and rates as JSON.
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <lambdapack/exec/mpi/distributed_store.hpp>
#include <lambdapack/exec/mpi/site.hpp>
#include <lambdapack/lambdapack.hpp>
#include <memory>

#include "cholesky.hpp"
#include "samples.hpp"

namespace {

/// A matrix of which only the number of tiles is known.
class NoMatrix final : public lp::tile::Store {
 public:
  explicit NoMatrix(std::int64_t n) : extents_{n, n} {}
  const std::vector<std::int64_t>& extents() const override { return extents_; }
  const lp::tile::PayloadType& payload() const override {
    return lp::tile::payload_type<lp::tile::Dense<double>>();
  }
  std::string describe() const override { return "no matrix"; }
  void begin(lp::tile::Use) override {}
  lp::tile::Tile load(lp::tile::Index) override { return {}; }
  lp::tile::Tile blank(lp::tile::Index) override { return {}; }
  void save(lp::tile::Index, lp::tile::Tile) override {}
  void commit() override {}
  void abandon(const std::string&) noexcept override {}

 private:
  std::vector<std::int64_t> extents_;
};

std::int64_t resident_bytes() {
  std::int64_t total = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> total >> resident;
  return resident * ::sysconf(_SC_PAGESIZE);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace lp::exec::distributed;
  if (argc < 5) return EXIT_FAILURE;
  const std::int64_t n = std::atoll(argv[1]);
  const lp::ProcessGrid grid{std::atoi(argv[2]), std::atoi(argv[3])};
  const double limit = std::atof(argv[4]);
  const int rank = grid.size() * 2 / 5;

  const lp::Compiled program = lp::compile(bench::cholesky);
  const std::int64_t before = resident_bytes();
  const lp::exec::Job job = program.job({std::make_shared<NoMatrix>(n)}, {});
  std::unique_ptr<Placement> placement;
  std::unique_ptr<Site> site;
  const double begin = bench::seconds([&] {
    placement = std::make_unique<Placement>(
        *job.program, job.graph,
        std::vector{ArrayPlace::all_at(lp::Distribution::block_cyclic(grid))}, grid.size());
    site = std::make_unique<Site>(job, *placement, rank, 1, std::int64_t{1} << 30);
  });
  const std::int64_t started = resident_bytes();

  OwnTasks tasks(*job.program, job.graph.parameters(), *placement, rank);
  ReceiverFinder finder(job.graph, *placement);
  std::int64_t found = 0, readers = 0;
  double time = 0;
  lp::Node node;
  while (time < limit && tasks.next(node))
    time += bench::seconds([&] {
      const Receivers& to = finder.find(lp::Value::of(node, 0), rank);
      readers += static_cast<std::int64_t>(to.own.size()) + to.others;
      ++found;
    });
  std::printf(
      "{\"start_seconds\": %.6f, \"start_bytes\": %lld, \"tasks\": %lld, \"readers\": %lld, "
      "\"seconds\": %.3f, \"bytes_at_end\": %lld}\n",
      begin, static_cast<long long>(started - before), static_cast<long long>(found),
      static_cast<long long>(readers), time, static_cast<long long>(resident_bytes() - before));
}
