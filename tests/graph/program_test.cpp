#include <catch2/catch.hpp>
#include <memory>
#include <vector>

#include "lambdapack/analysis/analyse.hpp"
#include "support/brute_force.hpp"
#include "support/compare_graphs.hpp"
#include "support/programs.hpp"

namespace program_test {

namespace {

using lambdapack::Node;
using lambdapack::TaskGraph;

struct Analysed {
  lambdapack::ir::Program program;
  std::shared_ptr<const lambdapack::form::ClosedForms> forms;
};

template <class F>
Analysed analysed(F f) {
  auto program = lambdapack::trace(f).program;
  auto forms =
      std::make_shared<const lambdapack::form::ClosedForms>(lambdapack::analysis::analyse(program));
  return {std::move(program), std::move(forms)};
}

void compare_at(const Analysed& a, const std::vector<std::vector<std::int64_t>>& sizes) {
  for (const auto& parameters : sizes) {
    INFO("parameters " << Catch::StringMaker<std::vector<std::int64_t>>::convert(parameters));
    brute_force::compare(TaskGraph(a.forms, parameters),
                         brute_force::Interpreter::run(a.program, parameters), a.program);
  }
}

}  // namespace

TEST_CASE("Cholesky in place") {
  compare_at(analysed(test_programs::cholesky),
             {{0, 0}, {0, 3}, {1, 1}, {2, 2}, {3, 3}, {5, 5}, {7, 9}, {8, 8}});
}

TEST_CASE("Cholesky of single assignment") {
  compare_at(analysed(test_programs::cholesky_single_assignment), {{0, 0, 0, 0, 0},
                                                                   {1, 1, 1, 1, 0},
                                                                   {2, 2, 2, 2, 0},
                                                                   {5, 5, 5, 5, 0},
                                                                   {8, 8, 8, 8, 0},
                                                                   {5, 5, 5, 5, 2},
                                                                   {6, 6, 6, 6, 6},
                                                                   {3, 3, 3, 3, 7}});
}

TEST_CASE("LU without pivoting, square, tall and wide") {
  compare_at(analysed(test_programs::lu),
             {{0, 0}, {1, 1}, {2, 2}, {5, 5}, {6, 3}, {3, 6}, {0, 4}, {4, 0}, {1, 5}});
}

TEST_CASE("matrix product") {
  compare_at(analysed(test_programs::gemm),
             {{0, 0, 0, 0, 0, 0}, {1, 1, 1, 1, 1, 1}, {2, 3, 3, 4, 2, 4}, {3, 0, 0, 2, 3, 2}});
}

TEST_CASE("back substitution with loops that count down") {
  compare_at(analysed(test_programs::back_substitution),
             {{0, 0, 0}, {1, 1, 1}, {2, 2, 2}, {5, 5, 5}, {8, 8, 7}});
}

TEST_CASE("QR by a flat tree, several outputs in one statement") {
  compare_at(analysed(test_programs::qr_flat),
             {{0, 0, 0, 0}, {1, 1, 1, 1}, {2, 2, 2, 2}, {5, 3, 5, 3}, {3, 5, 3, 5}, {4, 4, 4, 4}});
}

TEST_CASE("panels read as runs of tiles") {
  compare_at(analysed(test_programs::panels),
             {{0, 0, 0}, {1, 1, 1}, {2, 2, 2}, {5, 5, 5}, {7, 7, 7}});
}

TEST_CASE("a stencil over time, with guards") {
  compare_at(analysed(test_programs::stencil),
             {{0, 0, 0}, {1, 1, 3}, {2, 2, 2}, {5, 5, 4}, {6, 6, 0}});
}

TEST_CASE("steps of two and sweeps in both directions") {
  compare_at(analysed(test_programs::red_black), {{0}, {1}, {2}, {3}, {6}, {9}});
}

TEST_CASE("a program without statements") {
  const Analysed a = analysed(test_programs::nothing);
  const TaskGraph graph(a.forms, {3, 3});
  CHECK(graph.size() == 0);
  int roots = 0;
  graph.roots([&](const Node&) { ++roots; });
  CHECK(roots == 0);
}

TEST_CASE("published counts of Cholesky") {
  const Analysed a = analysed(test_programs::cholesky_single_assignment);
  const TaskGraph graph(a.forms, {313, 313, 313, 313, 0});
  std::int64_t writes_o = 0;
  for (int line = 0; line < graph.statements(); ++line)
    if (a.program.statements[static_cast<std::size_t>(line)].writes[0].array == 1)
      writes_o += graph.size(line);
  CHECK(writes_o == 49141);
  CHECK(graph.size() == std::int64_t{313} * 314 * 315 / 6);
  int roots = 0;
  graph.roots([&](const Node&) { ++roots; });
  CHECK(roots == 1);
}

TEST_CASE("a graph is small, the same for any size, and answers at any size") {
  const Analysed a = analysed(test_programs::cholesky);
  const TaskGraph small(a.forms, {8, 8});
  const TaskGraph large(a.forms, {100'000, 100'000});
  CHECK(small.formula_bytes() == large.formula_bytes());
  CHECK(small.formula_bytes() <= 8 * 1024);
  const std::int64_t n = 100'000;
  CHECK(large.size() == n * (n + 1) * (n + 2) / 6);
  CHECK(large.in_degree({2, {70'000, 90'000, 80'000}}) == 3);
  std::vector<Node> next;
  large.successors({2, {70'000, 90'000, 80'000}}, [&](const Node& x) { next.push_back(x); });
  CHECK(next == std::vector<Node>{{2, {70'001, 90'000, 80'000}}});
  CHECK_FALSE(large.contains({2, {70'000, 80'000, 90'000}}));
  CHECK_FALSE(large.contains({3, {0}}));
  CHECK_FALSE(large.contains({2, {1, 2}}));
}

TEST_CASE("sizes that do not fit are refused with a sentence") {
  const Analysed a = analysed(test_programs::cholesky);
  CHECK_THROWS_WITH(TaskGraph(a.forms, {5, 3}), Catch::Contains("A.extent(1) >= A.extent(0)") &&
                                                    Catch::Contains("programs.hpp"));
  CHECK_THROWS_WITH(TaskGraph(a.forms, {5}), Catch::Contains("2 sizes"));
  CHECK_THROWS_WITH(TaskGraph(a.forms, {-1, 5}), Catch::Contains("is -1"));
  CHECK_THROWS_AS(TaskGraph(a.forms, {1'000'000'000, 1'000'000'000}).size(),
                  lambdapack::input_error);
}

}  // namespace program_test
