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
#include <vector>

#include "cholesky.hpp"
#include "queries.hpp"

namespace {

using bench::digest;
using lambdapack::Node;
using lambdapack::TaskGraph;

constexpr int syrk_line = 2;

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
  while (nodes.size() < bench::asked_nodes) {
    const std::int64_t k = below(0, n - 2), j = below(k + 1, n - 1), i = below(j + 1, n);
    nodes.push_back({syrk_line, {k, i, j}});
  }
  return nodes;
}

void successors_closed_form(benchmark::State& state) {
  const TaskGraph g = graph(state.range(0));
  bench::time_successors(state, g, interior_nodes(state.range(0)),
                         [&](const Node& node) { return bench::ask(g, node); });
}

void successors_hash_table(benchmark::State& state) {
  bench::time_hash_table(state, graph(state.range(0)), interior_nodes(state.range(0)));
}

void in_degree(benchmark::State& state) {
  const TaskGraph g = graph(state.range(0));
  bench::time_each(state, interior_nodes(state.range(0)),
                   [&](const Node& node) { return g.in_degree(node); });
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
  bench::time_successors(state, graph(state.range(0)), interior_nodes(state.range(0)),
                         [&](const Node& node) { return flow.ask(node); });
}

void analysis(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(lambdapack::analysis::analyse(program()));
}

void analysis_with_proof(benchmark::State& state) {
  for (auto _ : state)
    benchmark::DoNotOptimize(lambdapack::analysis::analyse(program(), {.verify = true}));
}

/// All tasks with their in-degrees, in one thread.
void enumeration(benchmark::State& state) {
  const TaskGraph g = graph(state.range(0));
  std::int64_t tasks = 0, edges = 0;
  for (auto _ : state) {
    tasks = edges = 0;
    g.for_each_task([&](const Node& node) {
      ++tasks;
      edges += g.in_degree(node);
    });
  }
  if (tasks != g.size() || edges != g.edges()) state.SkipWithError("wrong numbers");
  state.counters["tasks"] = static_cast<double>(tasks);
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
BENCHMARK(in_degree)->Arg(10)->Arg(1'000)->Arg(100'000)->Arg(10'000'000);
BENCHMARK(analysis);
BENCHMARK(analysis_with_proof);
BENCHMARK(enumeration)->Arg(256);
BENCHMARK(ready)->Arg(8)->Arg(100'000);

}  // namespace

BENCHMARK_MAIN();
