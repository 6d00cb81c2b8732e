// The published programs are what was published: numbers that are known without a task graph.
#include <catch2/catch.hpp>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "lambdapack/ir/ir.hpp"
#include "support/brute_force.hpp"
#include "support/published.hpp"

namespace published_test {

namespace {

namespace ir = lambdapack::ir;
using brute_force::Interpreter;

std::int64_t sum(const std::vector<std::int64_t>& values) {
  return std::accumulate(values.begin(), values.end(), std::int64_t{0});
}

std::size_t roots(const brute_force::Graph& graph) {
  std::size_t count = 0;
  for (const lambdapack::Node& n : graph.order) count += graph.is_root(n);
  return count;
}

// The tasks that write to the array of this name.
std::int64_t tasks_that_write(const std::string& array, ir::Program p,
                              const std::vector<std::int64_t>& parameters) {
  std::erase_if(p.statements, [&](const ir::Statement& s) {
    for (const ir::Access& w : s.writes)
      if (p.arrays[static_cast<std::size_t>(w.array)].name == array) return false;
    return true;
  });
  return sum(Interpreter::count(p, parameters));
}

}  // namespace

TEST_CASE("published Cholesky has a task for each block of each step, and one root") {
  const ir::Program p = published::cholesky();
  for (std::int64_t n = 1; n <= 8; ++n) {
    const brute_force::Graph graph = Interpreter::run(p, {n, n, n, n, 0});
    CHECK(graph.order.size() == static_cast<std::size_t>(n * (n + 1) * (n + 2) / 6));
    CHECK(roots(graph) == 1);
  }
  CHECK(tasks_that_write("O", p, {313, 313, 313, 313, 0}) == 49'141);
}

TEST_CASE("published GEMM adds four at a time") {
  const ir::Program p = published::gemm_tree();
  const auto counts = Interpreter::count(p, {2, 17, 17, 3, 2, 3});
  CHECK(counts == std::vector<std::int64_t>{2 * 3 * 17, 2 * 3 * (5 + 2 + 1), 2 * 3});
  CHECK(roots(Interpreter::run(p, {2, 17, 17, 3, 2, 3})) == 2 * 3 * 17);
}

TEST_CASE("published TSQR is a tree over its rows") {
  const ir::Program p = published::tsqr();
  for (std::int64_t n = 1; n <= 9; ++n)
    CHECK(roots(Interpreter::run(p, {n, 1})) == static_cast<std::size_t>(n));
  CHECK(Interpreter::count(p, {8, 1}) == std::vector<std::int64_t>{8, 7});
  CHECK(Interpreter::count(p, {5, 1}) == std::vector<std::int64_t>{5, 3 + 2 + 1});
}

TEST_CASE("published QR has a root for each row") {
  const ir::Program p = published::qr();
  for (std::int64_t n = 1; n <= 8; ++n)
    CHECK(roots(Interpreter::run(p, {n, n})) == static_cast<std::size_t>(n));
  CHECK(tasks_that_write("R", p, {256, 256}) == 98'945);
}

TEST_CASE("published BDFAC reads what its steps wrote") {
  const ir::Program p = published::bdfac();
  REQUIRE(p.statements.size() == 17);
  for (std::int64_t n = 2; n <= 7; ++n) {
    const brute_force::Graph graph = Interpreter::run(p, {n, n, 0});
    CHECK(roots(graph) == static_cast<std::size_t>(n));
    const lambdapack::Node last{16, {}};
    REQUIRE(graph.order.back() == last);
    const auto& before = graph.predecessors.at(last);
    CHECK(before.size() == 1);
  }
}

TEST_CASE("tree QR in place writes each tile of the upper triangle") {
  const ir::Program p = published::qr_in_place();
  for (std::int64_t n = 0; n <= 7; ++n) {
    const brute_force::Graph graph = Interpreter::run(p, {n, n});
    CHECK(graph.final_writer.size() == static_cast<std::size_t>(n * n));
  }
}

TEST_CASE("published programs hang together and survive JSON") {
  for (const ir::Program& p : {published::cholesky(), published::gemm_tree(), published::tsqr(),
                               published::qr(), published::bdfac(), published::qr_in_place()}) {
    ir::validate(p);
    INFO(ir::to_string(p));
    CHECK(ir::from_json(ir::to_json(p)) == p);
  }
}

}  // namespace published_test
