// The graph that lpc finds in a function over lp::Tiles is that of the same algorithm in the
// language, task by task and edge by edge.
#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include <lambdapack/lambdapack.hpp>

#include "support/brute_force.hpp"
#include "support/plain_forms_in_language.hpp"
#include "support/plain_in_language.hpp"
#include "support/plain_programs.hpp"

namespace {

using Sizes = std::vector<std::int64_t>;

/// All sizes from 0 to `most` for each of `n` parameters.
std::vector<Sizes> sizes_to(std::int64_t most, std::size_t n) {
  std::vector<Sizes> all(1);
  for (std::size_t p = 0; p < n; ++p) {
    std::vector<Sizes> longer;
    for (const Sizes& begun : all)
      for (std::int64_t k = 0; k <= most; ++k) {
        longer.push_back(begun);
        longer.back().push_back(k);
      }
    all = std::move(longer);
  }
  return all;
}

/// The names of the kernels of the statements, one after the other.
std::vector<std::string> kernels_of(const lp::ir::Program& program) {
  std::vector<std::string> names;
  for (const lp::ir::Statement& s : program.statements)
    names.push_back(program.kernels[static_cast<std::size_t>(s.kernel)].name);
  return names;
}

/// A graph, or what is wrong with the sizes.
struct Unrolled {
  brute_force::Graph graph;
  bool is_refused = false;
};
Unrolled unroll(const lp::ir::Program& program, const Sizes& sizes) {
  try {
    return {brute_force::Interpreter::run(program, sizes), false};
  } catch (const brute_force::Violation&) {
    return {{}, true};
  }
}

/// Compares two programs at all small sizes; returns at how many they run.
template <class Plain, class Language>
int same_graphs(Plain plain, Language language, std::int64_t most) {
  const lp::ir::Program a = lp::compile(plain).program();
  const lp::ir::Program b = lp::trace(language).program;
  REQUIRE(a.arrays.size() == b.arrays.size());
  for (std::size_t k = 0; k < a.arrays.size(); ++k) {
    CHECK(a.arrays[k].role == b.arrays[k].role);
    CHECK(a.arrays[k].element == b.arrays[k].element);
    CHECK(a.arrays[k].rank == b.arrays[k].rank);
    CHECK(a.arrays[k].unwritten == b.arrays[k].unwritten);
  }
  REQUIRE(a.parameters.size() == b.parameters.size());
  CHECK(kernels_of(a) == kernels_of(b));
  int runs = 0;
  for (const Sizes& sizes : sizes_to(most, a.parameters.size())) {
    const Unrolled x = unroll(a, sizes), y = unroll(b, sizes);
    REQUIRE(x.is_refused == y.is_refused);
    REQUIRE(x.graph.order == y.graph.order);
    REQUIRE(x.graph.successors == y.graph.successors);
    REQUIRE(x.graph.inputs == y.graph.inputs);
    REQUIRE(x.graph.outputs == y.graph.outputs);
    runs += x.is_refused ? 0 : 1;
  }
  return runs;
}

}  // namespace

TEST_CASE("textbook functions have the graphs of the same algorithms in the language") {
  CHECK(same_graphs(plain_programs::cholesky, plain_in_language::cholesky, 7) > 7);
  CHECK(same_graphs(plain_programs::lu, plain_in_language::lu, 6) > 6);
  CHECK(same_graphs(plain_programs::qr, plain_in_language::qr, 4) > 4);
  CHECK(same_graphs(plain_programs::multiply, plain_in_language::multiply, 2) > 2);
}

TEST_CASE("counting loops have the graphs of ranges") {
  CHECK(same_graphs(plain_forms::counters, plain_forms_in_language::counters, 9) > 8);
  CHECK(same_graphs(plain_forms::old_counters, plain_forms_in_language::old_counters, 6) > 6);
  CHECK(same_graphs(plain_forms::band, plain_forms_in_language::band, 5) > 20);
}

TEST_CASE("conditions have the graphs of guards") {
  CHECK(same_graphs(plain_forms::choices, plain_forms_in_language::choices, 6) > 6);
  CHECK(same_graphs(plain_forms::jumps, plain_forms_in_language::jumps, 5) > 5);
}

TEST_CASE("index expressions and scalars are the same") {
  CHECK(same_graphs(plain_forms::indices, plain_forms_in_language::indices, 9) > 20);
  const lp::ir::Program a = lp::compile(plain_forms::indices).program();
  const lp::ir::Program b = lp::trace(plain_forms_in_language::indices).program;
  REQUIRE(a.statements.size() == b.statements.size());
  for (std::size_t s = 0; s < a.statements.size(); ++s)
    CHECK(a.statements[s].scalars == b.statements[s].scalars);
}

TEST_CASE("calls have the graphs of what they do") {
  CHECK(same_graphs(plain_forms::calls, plain_forms_in_language::calls, 5) > 20);
  CHECK(same_graphs(plain_forms::kernels<double>, plain_forms_in_language::kernels, 6) > 5);
}

TEST_CASE("outputs, temporaries and runs have the same graphs") {
  CHECK(same_graphs(plain_forms::outputs, plain_forms_in_language::outputs, 5) > 20);
  CHECK(same_graphs(plain_forms::temporaries, plain_forms_in_language::temporaries, 6) > 5);
  CHECK(same_graphs(plain_forms::rounds, plain_forms_in_language::rounds, 6) > 5);
  CHECK(same_graphs(plain_forms::runs, plain_forms_in_language::runs, 5) > 5);
}

TEST_CASE("names and places of a function over tiles are its author's") {
  const lp::ir::Program program = lp::compile(plain_programs::cholesky).program();
  CHECK(program.name == "cholesky");
  CHECK(program.arrays[0].name == "A");
  CHECK(program.parameters[0].name == "A.extent(0)");
  CHECK(std::get<lp::ir::Loop>(program.scopes[1].what).index == "m");
  CHECK(program.statements[1].location.file.ends_with("plain_programs.hpp"));
  CHECK(program.statements[1].location.line > program.statements[0].location.line);
}
