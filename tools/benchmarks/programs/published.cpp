// The published algorithms of tests/support/published.hpp, most of them with trees: their analysis,
// the size of their graphs, and queries of Cholesky, tree QR and BDFAC by bytecode and by generated
// functions. Benchmarks are named QUESTION/PROGRAM or QUESTION/PROGRAM/TILE_ROWS.
#include <benchmark/benchmark.h>

#include <lambdapack/analysis/analyse.hpp>
#include <lambdapack/form/registered.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "generated_published.hpp"
#include "queries.hpp"
#include "support/published.hpp"

namespace {

using lambdapack::Node;
using lambdapack::TaskGraph;
namespace ir = lambdapack::ir;

using Forms = std::shared_ptr<const lambdapack::form::ClosedForms>;

/// Uniform, from `from` to below `to`.
using Below = std::int64_t (*)(std::int64_t from, std::int64_t to);

std::int64_t log2_ceil(std::int64_t n) {
  std::int64_t e = 0;
  while ((std::int64_t{1} << e) < n) ++e;
  return e;
}

/// syrk[i, j, k], i + 1 < k < j: a chain in the middle of the trailing matrix.
Node interior_of_cholesky(std::int64_t n, Below below) {
  const std::int64_t i = below(1, n - 4), k = below(i + 2, n - 1);
  return {5, {i, below(k + 1, n), k}};
}

/// tpmqrt[i, k, l, j]: rows j and j + 2^l of column k in step i, both of which exist.
Node interior_of_qr(std::int64_t n, Below below) {
  const std::int64_t i = below(1, n - 2), k = below(i + 2, n), l = below(0, log2_ceil(n - i));
  const std::int64_t pairs = (n - i - (std::int64_t{1} << l) - 1) / (std::int64_t{2} << l) + 1;
  return {8, {i, k, l, i + below(0, pairs) * (std::int64_t{2} << l)}};
}

/// tpmqrt[i, l, j, k]: rows j and j + 2^(l - 1) of column k in step i, both of which exist.
Node interior_of_bdfac(std::int64_t n, Below below) {
  const std::int64_t i = below(1, n - 2), k = below(i + 2, n), l = below(1, log2_ceil(n - i) + 1);
  const std::int64_t pairs =
      (n - i - (std::int64_t{1} << (l - 1)) - 1) / (std::int64_t{1} << l) + 1;
  return {11, {i, l, i + below(0, pairs) * (std::int64_t{1} << l), k}};
}

/// The same questions to a generated function, called by its name.
std::int64_t ask_cholesky(const std::int64_t* sizes, const Node& at) {
  std::int64_t sum = 0;
  lambdapack::compiled::cholesky::successors_5_syrk(
      sizes, at.indices[0], at.indices[1], at.indices[2],
      [&](int line, auto... index) { sum += bench::digest(line, index...); });
  return sum;
}
std::int64_t ask_qr(const std::int64_t* sizes, const Node& at) {
  std::int64_t sum = 0;
  lambdapack::compiled::qr::successors_8_tpmqrt(
      sizes, at.indices[0], at.indices[1], at.indices[2], at.indices[3],
      [&](int line, auto... index) { sum += bench::digest(line, index...); });
  return sum;
}
std::int64_t ask_bdfac(const std::int64_t* sizes, const Node& at) {
  std::int64_t sum = 0;
  lambdapack::compiled::bdfac::successors_11_tpmqrt(
      sizes, at.indices[0], at.indices[1], at.indices[2], at.indices[3],
      [&](int line, auto... index) { sum += bench::digest(line, index...); });
  return sum;
}

/// How the queries of a program are timed.
struct Queries {
  std::vector<std::int64_t> (*sizes)(std::int64_t n);
  Node (*interior)(std::int64_t n, Below below);
  std::int64_t (*function)(const std::int64_t* sizes, const Node& at);
};

struct Subject {
  std::string name;
  ir::Program program;
  std::optional<Queries> queries = std::nullopt;
};

const std::vector<Subject>& subjects() {
  static const std::vector<Subject> all{
      {"cholesky", published::cholesky(),
       Queries{[](std::int64_t n) { return std::vector{n, n, n, n, std::int64_t{0}}; },
               interior_of_cholesky, ask_cholesky}},
      {"tsqr", published::tsqr()},
      {"gemm_tree", published::gemm_tree()},
      {"tree_qr", published::qr(),
       Queries{[](std::int64_t n) { return std::vector{n, n}; }, interior_of_qr, ask_qr}},
      {"bdfac", published::bdfac(),
       Queries{[](std::int64_t n) { return std::vector{n, n, std::int64_t{0}}; }, interior_of_bdfac,
               ask_bdfac}},
      {"tree_qr_in_place", published::qr_in_place()}};
  return all;
}

/// Analysed once, whatever is asked.
const Forms& forms(const Subject& subject) {
  static std::map<std::string, Forms> known;
  Forms& entry = known[subject.name];
  if (!entry)
    entry = std::make_shared<const lambdapack::form::ClosedForms>(
        lambdapack::analysis::analyse(subject.program));
  return entry;
}

TaskGraph graph(const Subject& subject, std::int64_t n) {
  return {forms(subject), subject.queries->sizes(n)};
}

std::vector<Node> interior_nodes(const Subject& subject, std::int64_t n) {
  static std::mt19937_64 random;
  random.seed(1);
  std::vector<Node> nodes;
  while (nodes.size() < bench::asked_nodes)
    nodes.push_back(subject.queries->interior(n, [](std::int64_t from, std::int64_t to) {
      return std::uniform_int_distribution<std::int64_t>(from, to - 1)(random);
    }));
  return nodes;
}

void analysis(benchmark::State& state, const Subject& subject) {
  for (auto _ : state) benchmark::DoNotOptimize(lambdapack::analysis::analyse(subject.program));
}

/// The counter `formula_bytes`; what is timed is nothing.
void bytes(benchmark::State& state, const Subject& subject) {
  const TaskGraph g(forms(subject),
                    std::vector<std::int64_t>(subject.program.parameters.size(), 8));
  for (auto _ : state) benchmark::DoNotOptimize(g.formula_bytes());
  state.counters["formula_bytes"] = static_cast<double>(g.formula_bytes());
}

void successors(benchmark::State& state, const Subject& subject, std::int64_t n) {
  const TaskGraph g = graph(subject, n);
  const auto nodes = interior_nodes(subject, n);
  if (!std::all_of(nodes.begin(), nodes.end(), [&](const Node& x) { return g.contains(x); }))
    return state.SkipWithError("a node that does not exist");
  bench::time_each(state, nodes, [&](const Node& node) { return bench::ask(g, node); });
}

/// The graph that a program compiled with lpc's header has.
void generated(benchmark::State& state, const Subject& subject, std::int64_t n) {
  const TaskGraph g(std::make_shared<const lambdapack::form::ClosedForms>(
                        lambdapack::form::registered(subject.program).value()),
                    subject.queries->sizes(n));
  bench::time_successors(state, graph(subject, n), interior_nodes(subject, n),
                         [&](const Node& node) { return bench::ask(g, node); });
}

void function(benchmark::State& state, const Subject& subject, std::int64_t n) {
  const auto sizes = subject.queries->sizes(n);
  bench::time_successors(
      state, graph(subject, n), interior_nodes(subject, n),
      [&](const Node& node) { return subject.queries->function(sizes.data(), node); });
}

void hash_table(benchmark::State& state, const Subject& subject, std::int64_t n) {
  bench::time_hash_table(state, graph(subject, n), interior_nodes(subject, n));
}

void in_degree(benchmark::State& state, const Subject& subject, std::int64_t n) {
  const TaskGraph g = graph(subject, n);
  bench::time_each(state, interior_nodes(subject, n),
                   [&](const Node& node) { return g.in_degree(node); });
}

void add_all() {
  const auto add = [](const std::string& name, auto function) {
    benchmark::RegisterBenchmark(name.c_str(), function);
  };
  for (const Subject& s : subjects()) {
    add("analysis/" + s.name, [&s](benchmark::State& state) { analysis(state, s); });
    add("bytes/" + s.name, [&s](benchmark::State& state) { bytes(state, s); });
    if (!s.queries) continue;
    for (const std::int64_t n : {10, 64, 1'000, 100'000, 10'000'000}) {
      const std::string suffix = "/" + s.name + "/" + std::to_string(n);
      add("successors" + suffix, [&s, n](benchmark::State& state) { successors(state, s, n); });
      add("generated" + suffix, [&s, n](benchmark::State& state) { generated(state, s, n); });
      add("function" + suffix, [&s, n](benchmark::State& state) { function(state, s, n); });
      add("in_degree" + suffix, [&s, n](benchmark::State& state) { in_degree(state, s, n); });
      if (n <= 64)
        add("hash_table" + suffix, [&s, n](benchmark::State& state) { hash_table(state, s, n); });
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  add_all();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
