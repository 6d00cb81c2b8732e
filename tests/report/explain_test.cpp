// Why a task waits, in words.
#include <catch2/catch.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/analyse.hpp"
#include "lambdapack/ir/print.hpp"
#include "lambdapack/report/explain.hpp"
#include "support/brute_force.hpp"
#include "support/compare_graphs.hpp"
#include "support/programs.hpp"
#include "support/programs_ir.hpp"

namespace explain_test {

namespace {

using lambdapack::explain;
using lambdapack::Node;
using lambdapack::TaskGraph;
namespace ir = lambdapack::ir;

TaskGraph graph_of(const ir::Program& program, std::vector<std::int64_t> parameters) {
  return {
      std::make_shared<const lambdapack::form::ClosedForms>(lambdapack::analysis::analyse(program)),
      std::move(parameters)};
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

std::string tile_text(const ir::Program& program, const lambdapack::TileName& tile) {
  std::string s = program.arrays[static_cast<std::size_t>(tile.array)].name + "(";
  for (std::size_t k = 0; k < tile.indices.size(); ++k)
    s += (k > 0 ? ", " : "") + std::to_string(tile.indices[k]);
  return s + ")";
}

}  // namespace

TEST_CASE("explain: a task in the middle of Cholesky") {
  const ir::Program program = lambdapack::test::cholesky();
  const TaskGraph graph = graph_of(program, {12, 12});
  CHECK(explain(program, graph, {2, {3, 9, 7}}) ==
        "syrk[k=3,i=9,j=7] at cholesky.cpp:13: A(i, j) = syrk(A(i, j), A(i, k), A(j, k))\n"
        "It waits for 3 tasks and reads\n"
        "  A(9, 7), written by syrk[k=2,i=9,j=7] at cholesky.cpp:13\n"
        "  A(9, 3), written by trsm[k=3,i=9] at cholesky.cpp:11\n"
        "  A(7, 3), written by trsm[k=3,i=7] at cholesky.cpp:11\n"
        "It writes A(9, 7), to be written again, at last by trsm[k=7,i=9] at cholesky.cpp:11; "
        "1 task waits for it\n"
        "  syrk[k=4,i=9,j=7] at cholesky.cpp:13\n");
}

TEST_CASE("explain: the first task and the last, and a tile that is read twice") {
  const ir::Program program = lambdapack::test::cholesky();
  const TaskGraph graph = graph_of(program, {2, 2});
  CHECK(explain(program, graph, {0, {0}}) ==
        "potrf[k=0] at cholesky.cpp:9: A(k, k) = potrf(A(k, k))\n"
        "It waits for no task and reads\n"
        "  A(0, 0), its initial tile\n"
        "It writes A(0, 0), which is final; 1 task waits for it\n"
        "  trsm[k=0,i=1] at cholesky.cpp:11\n");
  CHECK(explain(program, graph, {0, {1}}) ==
        "potrf[k=1] at cholesky.cpp:9: A(k, k) = potrf(A(k, k))\n"
        "It waits for 1 task and reads\n"
        "  A(1, 1), written by syrk[k=0,i=1,j=1] at cholesky.cpp:13\n"
        "It writes A(1, 1), which is final; no task waits for it\n");
  CHECK(count(explain(program, graph, {2, {0, 1, 1}}), "written by trsm[k=0,i=1]") == 1);
}

TEST_CASE("explain: long lists are cut, at any size") {
  const ir::Program program = lambdapack::test::cholesky();
  const std::int64_t n = 100'000;
  const TaskGraph graph = graph_of(program, {n, n});
  const std::string text = explain(program, graph, {0, {0}}, {.max_lines = 3});
  CHECK(text.find("; 99,999 tasks wait for it\n  trsm[k=0,i=1] at cholesky.cpp:11\n") !=
        std::string::npos);
  CHECK(text.find("  trsm[k=0,i=3] at cholesky.cpp:11\n  and 99,996 tasks more\n") !=
        std::string::npos);
  CHECK(count(text, "trsm") == 3);

  const auto panels = lambdapack::trace(test_programs::panels).program;
  CHECK(explain(panels, graph_of(panels, {9, 9, 9}), {0, {0}}, {.max_lines = 4})
            .find("  A(3, 0), its initial tile\n  and 5 tiles more\n") != std::string::npos);
}

TEST_CASE("explain: every task of several programs, with all that it reads and all who wait") {
  using Case = std::pair<ir::Program, std::vector<std::int64_t>>;
  for (const auto& [program, sizes] :
       {Case{lambdapack::trace(test_programs::qr_flat).program, {4, 3, 4, 3}},
        Case{lambdapack::trace(test_programs::panels).program, {5, 5, 5}},
        Case{lambdapack::trace(test_programs::stencil).program, {4, 4, 3}}}) {
    const TaskGraph graph = graph_of(program, sizes);
    const auto truth = brute_force::Interpreter::run(program, sizes);
    const auto name = [&, &p = program](const Node& n) {
      const ir::Statement& s = p.statements[static_cast<std::size_t>(n.line)];
      return ir::node_name(p, n.line, n.indices) + " at " + ir::where(s.location);
    };
    for (const Node& node : truth.order) {
      const std::string text = explain(program, graph, node, {.max_lines = 1000});
      INFO(text);
      REQUIRE(text.rfind(name(node) + ": ", 0) == 0);
      for (int slot = 0; slot < graph.input_count(node.line); ++slot)
        for (const auto& seen : truth.inputs.at({node, slot}))
          REQUIRE(count(text, "  " + tile_text(program, seen.tile) + ", " +
                                  (seen.value.is_initial()
                                       ? "its initial tile\n"
                                       : "written by " + name(seen.value.node()) + "\n")) == 1);
      for (const Node& next : brute_force::at_or_empty(truth.successors, node))
        REQUIRE(count(text, "\n  " + name(next) + "\n") >= 1);
      std::size_t final = 0;
      for (int slot = 0; slot < graph.output_count(node.line); ++slot) {
        const auto last = truth.final_writer.find(truth.outputs.at({node, slot}));
        final +=
            last != truth.final_writer.end() && last->second == lambdapack::Value::of(node, slot)
                ? 1
                : 0;
      }
      REQUIRE(count(text, ", which is final;") == final);
    }
  }
}

TEST_CASE("explain: a tile that nothing has written and that has a rule for it") {
  const auto program_of = [](const lambdapack::Out<double, 1>& y, const auto& rule) {
    const auto S = lambdapack::temp<double, 1>("S", rule);
    const auto n = y.extent(0);
    for (auto i : lambdapack::range(n)) {
      S(i) = test_programs::make(S(i - 1));
      y(i) = test_programs::make(S(i));
    }
  };
  const ir::Program zeros = lambdapack::trace([&](lambdapack::Out<double, 1> y) {
                              program_of(y, lambdapack::zero);
                            }).program;
  const std::string none = "It waits for no task and reads\n  S(-1), which nothing has written ";
  CHECK(explain(zeros, graph_of(zeros, {3}), {0, {0}}).find(none + "before: it reads as zero\n") !=
        std::string::npos);
  CHECK(explain(zeros, graph_of(zeros, {3}), {0, {1}}).find("  S(0), written by make[i=0]") !=
        std::string::npos);

  const auto fill = lambdapack::make_kernel("fill", [](lambdapack::out<double>) {});
  const ir::Program filled =
      lambdapack::trace([&](lambdapack::Out<double, 1> y) { program_of(y, fill); }).program;
  CHECK(explain(filled, graph_of(filled, {3}), {0, {0}})
            .find(none + "before: it holds what fill makes\n") != std::string::npos);
}

TEST_CASE("explain: a task that does not exist, and another program's graph") {
  const ir::Program program = lambdapack::test::cholesky();
  const TaskGraph graph = graph_of(program, {5, 5});
  CHECK_THROWS_WITH(explain(program, graph, {2, {0, 2, 3}}),
                    Catch::Contains("cholesky has no task syrk[0,2,3] at these sizes"));
  CHECK_THROWS_AS(explain(program, graph, {2, {0}}), lambdapack::input_error);
  CHECK_THROWS_AS(explain(program, graph, {7, {}}), lambdapack::input_error);
  CHECK_THROWS_AS(explain(lambdapack::trace(test_programs::panels).program, graph, {0, {0}}),
                  lambdapack::input_error);
}

}  // namespace explain_test
