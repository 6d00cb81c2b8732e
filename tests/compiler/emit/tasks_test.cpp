// --emit=tasks against an unrolling.
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "compiler/emit/support.hpp"
#include "lambdapack/dsl/dsl.hpp"
#include "lambdapack/ir/detail/json_value.hpp"
#include "support/brute_force.hpp"
#include "support/programs.hpp"
#include "support/published.hpp"

namespace tasks_test {

using namespace lambdapack;
using ir::detail::JsonDocument;
using ir::detail::JsonValue;

namespace {

std::int64_t integer(const JsonValue& value) { return value.integer(0, INT64_MAX); }

std::vector<std::int64_t> integers(const JsonValue& value) {
  return ir::detail::list_of(value,
                             [](const JsonValue& x) { return x.integer(INT64_MIN, INT64_MAX); });
}

/// What the JSON says is what an unrolling says: tasks in the program's order, distinct edges.
void compare(const lpc::Unit& unit, const lpc::Sizes& sizes) {
  const std::string text = lpc::tasks(unit, sizes);
  INFO(text);
  const JsonDocument document(text, "tasks");
  const JsonValue root = document.root();
  root.expect_only({"program", "parameters", "tasks", "edges", "roots"});
  CHECK(root.member("program").string() == unit.program.name);

  const std::vector<std::int64_t> values = lpc::parameters(unit, sizes);
  for (std::size_t p = 0; p < values.size(); ++p)
    CHECK(integer(root.member("parameters").member(unit.program.parameters[p].name.c_str())) ==
          values[p]);

  const brute_force::Graph truth = brute_force::Interpreter::run(unit.program, values);
  const JsonValue tasks = root.member("tasks");
  REQUIRE(tasks.size() == truth.order.size());
  std::map<Node, std::int64_t> numbers;
  std::vector<std::int64_t> roots;
  for (std::size_t k = 0; k < truth.order.size(); ++k) {
    const Node& node = truth.order[k];
    const ir::Statement& statement = unit.program.statements[static_cast<std::size_t>(node.line)];
    tasks[k].expect_only({"line", "kernel", "indices"});
    CHECK(integer(tasks[k].member("line")) == node.line);
    CHECK(tasks[k].member("kernel").string() ==
          unit.program.kernels[static_cast<std::size_t>(statement.kernel)].name);
    CHECK(integers(tasks[k].member("indices")) ==
          std::vector<std::int64_t>(node.indices.begin(), node.indices.end()));
    numbers[node] = static_cast<std::int64_t>(k);
    if (truth.is_root(node)) roots.push_back(static_cast<std::int64_t>(k));
  }
  CHECK(integers(root.member("roots")) == roots);

  std::set<std::vector<std::int64_t>> edges, expected;
  for (std::size_t e = 0; e < root.member("edges").size(); ++e)
    CHECK(edges.insert(integers(root.member("edges")[e])).second);
  for (const auto& [from, readers] : truth.successors)
    for (const Node& to : readers) expected.insert({numbers.at(from), numbers.at(to)});
  CHECK(edges == expected);
}

}  // namespace

TEST_CASE("the unrolled graph of programs in the language") {
  compare(emit_test::unit_of(trace(test_programs::cholesky).program), {{"n", 5}});
  compare(emit_test::unit_of(trace(test_programs::qr_flat).program), {{"n", 3}});
  compare(emit_test::unit_of(trace(test_programs::panels).program), {{"n", 4}});
  compare(emit_test::unit_of(trace(test_programs::stencil).program), {{"n", 4}});
  compare(emit_test::unit_of(trace(test_programs::red_black).program), {{"n", 6}});
  compare(emit_test::unit_of(trace(test_programs::nothing).program), {{"n", 2}});
}

TEST_CASE("the unrolled graph of published programs") {
  compare(emit_test::unit_of(published::cholesky()), {{"n", 4}, {"t", 0}});
  compare(emit_test::unit_of(published::tsqr()), {{"A.extent(0)", 7}, {"A.extent(1)", 1}});
}

TEST_CASE("an empty graph has members all the same") {
  const lpc::Unit unit = emit_test::unit_of(published::tsqr());
  CHECK(lpc::tasks(unit, {{"A.extent(0)", 0}, {"A.extent(1)", 1}})
            .find("\"tasks\": [],\n \"edges\": [],\n \"roots\": []}") != std::string::npos);
}

TEST_CASE("a graph that is too large to write is refused with its size") {
  const lpc::Unit unit = emit_test::unit_of(trace(test_programs::cholesky).program);
  CHECK_THROWS_WITH(lpc::tasks(unit, {{"n", 1000}}),
                    Catch::Contains("cholesky has 167167000 tasks") &&
                        Catch::Contains("at most 10000000"));
}

}  // namespace tasks_test
