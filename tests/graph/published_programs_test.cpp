// The published programs as examples/published writes them, in the language: the task graphs are
// those of tests/support/published.hpp, and of the sizes that were published.
#include <catch2/catch.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "../../examples/published/programs.hpp"
#include "lambdapack/analysis/analyse.hpp"
#include "support/compare_graphs.hpp"
#include "support/published.hpp"

namespace published_programs_test {

namespace {

namespace ir = lambdapack::ir;
using lambdapack::Node;
using lambdapack::TaskGraph;
using Forms = std::shared_ptr<const lambdapack::form::ClosedForms>;
using Sizes = std::vector<std::int64_t>;

/// Nodes in the program's order, with their successors; nothing where the sizes are refused.
struct Unrolled {
  std::vector<Node> order;
  std::map<Node, std::set<Node>> successors;
  std::set<Node> roots;
  bool operator==(const Unrolled&) const = default;
};

std::optional<Unrolled> unrolled(const Forms& forms, const Sizes& sizes) {
  std::optional<TaskGraph> graph;
  try {
    graph.emplace(forms, sizes);
  } catch (const lambdapack::input_error&) {
    return std::nullopt;
  }
  Unrolled all;
  graph->for_each_task([&](const Node& node) {
    all.order.push_back(node);
    all.successors[node] = brute_force::set_of([&](auto f) { graph->successors(node, f); });
  });
  all.roots = brute_force::set_of([&](auto f) { graph->roots(f); });
  return all;
}

// Forms without a proof of them: the same programs are proved in the tests of the analysis.
Forms analysed(const ir::Program& program) {
  return std::make_shared<const lambdapack::form::ClosedForms>(
      lambdapack::analysis::analyse(program, {.verify = false}));
}

/// Compares the program in the language with the one that was written by hand at the sizes
/// `sizes_for(n)` for n from 0 to 9. `refused` of them are no sizes for it.
template <class F, class SizesFor>
void compare(F program, const ir::Program& by_hand, SizesFor sizes_for, int refused) {
  const Forms in_language = analysed(lambdapack::trace(program).program),
              expected = analysed(by_hand);
  int none = 0;
  for (std::int64_t n = 0; n <= 9; ++n) {
    const Sizes sizes = sizes_for(n);
    INFO("sizes " << Catch::StringMaker<Sizes>::convert(sizes));
    const auto graph = unrolled(in_language, sizes);
    const bool same = graph == unrolled(expected, sizes);
    CHECK(same);
    none += graph ? 0 : 1;
  }
  CHECK(none == refused);
}

/// The tasks that write to an array, by queries.
std::int64_t tasks_that_write(int array, const TaskGraph& graph, const ir::Program& program) {
  std::int64_t tasks = 0;
  for (int line = 0; line < graph.statements(); ++line)
    for (const ir::Access& write : program.statements[static_cast<std::size_t>(line)].writes)
      if (write.array == array) tasks += graph.size(line);
  return tasks;
}

std::int64_t roots(const TaskGraph& graph) {
  std::int64_t count = 0;
  graph.roots([&](const Node&) { ++count; });
  return count;
}

}  // namespace

TEST_CASE("published Cholesky in the language") {
  compare(
      programs::cholesky, published::cholesky(),
      [](std::int64_t n) { return Sizes{n, n, n, n, 0}; }, 1);
}

TEST_CASE("published Cholesky in the language without its last steps") {
  compare(
      programs::cholesky, published::cholesky(),
      [](std::int64_t n) { return Sizes{n, n, n, n, n / 2}; }, 1);
}

TEST_CASE("published GEMM in the language") {
  compare(
      programs::gemm_tree, published::gemm_tree(),
      [](std::int64_t n) { return Sizes{2, n, n, 3, 2, 3}; }, 0);
}

TEST_CASE("published TSQR in the language") {
  compare(programs::tsqr, published::tsqr(), [](std::int64_t n) { return Sizes{n, 1}; }, 0);
}

TEST_CASE("published QR in the language") {
  compare(programs::qr, published::qr(), [](std::int64_t n) { return Sizes{n, n}; }, 0);
}

TEST_CASE("published BDFAC in the language") {
  compare(programs::bdfac, published::bdfac(), [](std::int64_t n) { return Sizes{n, n, 0}; }, 0);
}

TEST_CASE("published counts of the programs in the language") {
  const ir::Program cholesky = lambdapack::trace(programs::cholesky).program;
  const Forms of_cholesky = analysed(cholesky);
  for (const std::int64_t n : {1, 2, 8, 313, 100'000})
    CHECK(TaskGraph(of_cholesky, {n, n, n, n, 0}).size() == n * (n + 1) * (n + 2) / 6);
  const TaskGraph of_313(of_cholesky, {313, 313, 313, 313, 0});
  CHECK(tasks_that_write(1, of_313, cholesky) == 49'141);
  CHECK(roots(of_313) == 1);

  const ir::Program qr = lambdapack::trace(programs::qr).program;
  const TaskGraph of_256(analysed(qr), {256, 256});
  CHECK(tasks_that_write(3, of_256, qr) == 98'945);
  CHECK(roots(of_256) == 256);
}

}  // namespace published_programs_test
