// empty_task_tbb WORKERS N: as empty_task, with a oneTBB flow graph that is built and run.
#include <oneapi/tbb/flow_graph.h>
#include <oneapi/tbb/global_control.h>

#include <cstddef>
#include <cstdlib>
#include <deque>
#include <vector>

#include "samples.hpp"

namespace {

namespace flow = oneapi::tbb::flow;

constexpr int repetitions = 5;

/// Tasks in the program's order, with an edge from the last writer of each tile that one reads.
class CholeskyGraph {
 public:
  explicit CholeskyGraph(std::size_t n) : n_(n), last_writer_(n * n, nullptr) {
    for (std::size_t k = 0; k < n; ++k) {
      task(k, k, {});
      for (std::size_t i = k + 1; i < n; ++i) {
        task(i, k, {tile(k, k)});
        for (std::size_t j = k + 1; j < i; ++j) task(i, j, {tile(i, k), tile(j, k)});
        task(i, i, {tile(i, k)});
      }
    }
  }

  void run() {
    nodes_.front().try_put(flow::continue_msg());
    graph_.wait_for_all();
  }

 private:
  using Task = flow::continue_node<flow::continue_msg>;

  Task*& tile(std::size_t i, std::size_t j) { return last_writer_[i * n_ + j]; }

  void task(std::size_t i, std::size_t j, std::initializer_list<Task*> read) {
    Task& next = nodes_.emplace_back(graph_, [](const flow::continue_msg&) {});
    for (Task* writer : read) flow::make_edge(*writer, next);
    if (tile(i, j) != nullptr) flow::make_edge(*tile(i, j), next);
    tile(i, j) = &next;
  }

  std::size_t n_;
  flow::graph graph_;
  std::deque<Task> nodes_;
  std::vector<Task*> last_writer_;
};

}  // namespace

int main(int argc, char** argv) {
  const std::size_t workers = argc > 1 ? static_cast<std::size_t>(std::atoll(argv[1])) : 1;
  const std::size_t n = argc > 2 ? static_cast<std::size_t>(std::atoll(argv[2])) : 64;
  const oneapi::tbb::global_control limit(oneapi::tbb::global_control::max_allowed_parallelism,
                                          workers);
  const double tasks = static_cast<double>(n * (n + 1) * (n + 2) / 6);
  std::vector<double> samples;
  CholeskyGraph(n).run();
  for (int r = 0; r < repetitions; ++r)
    samples.push_back(bench::seconds([&] { CholeskyGraph(n).run(); }) * 1e9 / tasks);
  bench::print_samples(samples);
}
