// The graph of Cholesky: its analysis, its size, and who reads what a task wrote, asked of closed
// forms, of a hash table over the unrolled graph, and of isl.
#include <benchmark/benchmark.h>
#include <isl/ctx.h>
#include <isl/point.h>
#include <isl/set.h>
#include <isl/space.h>
#include <isl/union_map.h>
#include <isl/union_set.h>
#include <isl/val.h>

#include <lambdapack/analysis/analyse.hpp>

#include <cstdint>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "cholesky.hpp"

namespace {

using lambdapack::Node;
using lambdapack::TaskGraph;

constexpr int syrk_line = 2;
constexpr std::size_t asked_nodes = 4096;

const lambdapack::ir::Program& program() {
  static const auto traced = lambdapack::trace(bench::cholesky);
  return traced.program;
}

std::shared_ptr<const lambdapack::form::ClosedForms> forms() {
  static const auto forms = std::make_shared<const lambdapack::form::ClosedForms>(
      lambdapack::analysis::analyse(program()));
  return forms;
}

TaskGraph graph(std::int64_t n) { return {forms(), {n, n}}; }

/// Nodes syrk[k, i, j] with k < j < i, the same for everybody who is asked.
std::vector<Node> interior_nodes(std::int64_t n) {
  std::mt19937_64 random(1);
  const auto below = [&](std::int64_t from, std::int64_t to) {
    return std::uniform_int_distribution<std::int64_t>(from, to - 1)(random);
  };
  std::vector<Node> nodes;
  while (nodes.size() < asked_nodes) {
    const std::int64_t k = below(0, n - 2), j = below(k + 1, n - 1), i = below(j + 1, n);
    nodes.push_back({syrk_line, {k, i, j}});
  }
  return nodes;
}

/// Something of an answer that depends on all of it, to compare answers by.
std::int64_t digest(const Node& node) {
  std::int64_t sum = node.line;
  for (std::int64_t x : node.indices) sum = 31 * sum + x;
  return sum;
}

std::int64_t ask(const TaskGraph& graph, const Node& node) {
  std::int64_t sum = 0;
  graph.successors(node, [&](const Node& next) { sum += digest(next); });
  return sum;
}

/// Asks for the successors of all nodes in turn; one iteration is one query. An answer that is not
/// that of the closed form ends the benchmark with an error.
template <class Ask>
void time_queries(benchmark::State& state, Ask&& answer) {
  const auto nodes = interior_nodes(state.range(0));
  const TaskGraph truth = graph(state.range(0));
  for (const Node& node : nodes)
    if (answer(node) != ask(truth, node)) return state.SkipWithError("a wrong answer");
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(answer(nodes[next]));
    next = (next + 1) % asked_nodes;
  }
}

void successors_closed_form(benchmark::State& state) {
  const TaskGraph g = graph(state.range(0));
  time_queries(state, [&](const Node& node) { return ask(g, node); });
}

void successors_hash_table(benchmark::State& state) {
  const TaskGraph g = graph(state.range(0));
  std::unordered_map<Node, std::vector<Node>, lambdapack::NodeHash> table;
  g.for_each_task([&](const Node& node) {
    auto& readers = table[node];
    g.successors(node, [&](const Node& next) { readers.push_back(next); });
  });
  time_queries(state, [&](const Node& node) {
    std::int64_t sum = 0;
    for (const Node& next : table.find(node)->second) sum += digest(next);
    return sum;
  });
}

/// The flow of Cholesky as an isl map, for one size, and queries of it.
class IslFlow {
 public:
  explicit IslFlow(std::int64_t n) : ctx_(isl_ctx_alloc()) {
    isl_union_map* all = isl_union_map_read_from_str(
        ctx_,
        "[n] -> { S0[k] -> S1[k, i] : 0 <= k < i < n; "
        "S1[k, i] -> S2[k, i, j] : 0 <= k < j <= i < n; "
        "S1[k, j] -> S2[k, i, j] : 0 <= k < j <= i < n; "
        "S2[k, i, j] -> S2[k + 1, i, j] : 0 <= k and k + 2 <= j <= i < n; "
        "S2[k, i, j] -> S1[k + 1, i] : 0 <= k and j = k + 1 and j < i < n; "
        "S2[k, i, j] -> S0[k + 1] : 0 <= k and i = k + 1 and j = i and i < n }");
    isl_set* size =
        isl_set_read_from_str(ctx_, ("[n] -> { : n = " + std::to_string(n) + " }").c_str());
    flow_ =
        isl_union_map_project_out(isl_union_map_intersect_params(all, size), isl_dim_param, 0, 1);
    isl_set* syrk = isl_set_read_from_str(ctx_, "{ S2[k, i, j] }");
    space_ = isl_set_get_space(syrk);
    isl_set_free(syrk);
  }
  IslFlow(const IslFlow&) = delete;
  IslFlow& operator=(const IslFlow&) = delete;
  ~IslFlow() {
    isl_space_free(space_);
    isl_union_map_free(flow_);
    isl_ctx_free(ctx_);
  }

  std::int64_t ask(const Node& node) const {
    isl_point* point = isl_point_zero(isl_space_copy(space_));
    int position = 0;
    for (std::int64_t x : node.indices)
      point = isl_point_set_coordinate_val(point, isl_dim_set, position++,
                                           isl_val_int_from_si(ctx_, x));
    isl_union_set* readers =
        isl_union_set_apply(isl_union_set_from_point(point), isl_union_map_copy(flow_));
    std::int64_t sum = 0;
    isl_union_set_foreach_point(readers, add, &sum);
    isl_union_set_free(readers);
    return sum;
  }

 private:
  static isl_stat add(isl_point* point, void* sum) {
    isl_set* set = isl_set_from_point(isl_point_copy(point));
    Node node{isl_set_get_tuple_name(set)[1] - '0', {}};
    std::vector<std::int64_t> indices;
    const int depth = static_cast<int>(isl_set_dim(set, isl_dim_set));
    for (int d = 0; d < depth; ++d) {
      isl_val* x = isl_point_get_coordinate_val(point, isl_dim_set, d);
      indices.push_back(isl_val_get_num_si(x));
      isl_val_free(x);
    }
    isl_set_free(set);
    isl_point_free(point);
    node.indices = lambdapack::Indices(std::span<const std::int64_t>(indices));
    *static_cast<std::int64_t*>(sum) += digest(node);
    return isl_stat_ok;
  }

  isl_ctx* ctx_;
  isl_union_map* flow_;
  isl_space* space_;
};

void successors_isl(benchmark::State& state) {
  const IslFlow flow(state.range(0));
  time_queries(state, [&](const Node& node) { return flow.ask(node); });
}

void analysis(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(lambdapack::analysis::analyse(program()));
}

/// From closed forms to a graph that knows its size and its first task.
void ready(benchmark::State& state) {
  const auto all = forms();
  const std::int64_t n = state.range(0);
  for (auto _ : state) {
    const TaskGraph g(all, {n, n});
    Node root;
    benchmark::DoNotOptimize(g.size());
    benchmark::DoNotOptimize(g.roots(0).next(root));
  }
  state.counters["formula_bytes"] = static_cast<double>(graph(n).formula_bytes());
}

BENCHMARK(successors_closed_form)->Arg(10)->Arg(64)->Arg(1'000)->Arg(100'000)->Arg(10'000'000);
BENCHMARK(successors_hash_table)->Arg(10)->Arg(64);
BENCHMARK(successors_isl)->Arg(10)->Arg(64)->Arg(1'000)->Arg(100'000)->Arg(10'000'000);
BENCHMARK(analysis);
BENCHMARK(ready)->Arg(8)->Arg(100'000);

}  // namespace

BENCHMARK_MAIN();
