#include <catch2/catch.hpp>
#include <complex>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "lambdapack/ir/validate.hpp"
#include "support/programs_ir.hpp"

namespace validate_test {

using namespace lambdapack;

namespace {

/// What validate says of `program`, without the number that it ends with, or "" if it accepts it.
std::string fault_of(const ir::Program& program) {
  try {
    ir::validate(program);
  } catch (const program_error& fault) {
    const std::string text = fault.what(), end = " [" + std::string(fault.code()) + "]";
    REQUIRE(text.ends_with(end));
    CHECK((end == " [lp-E006]" || end == " [lp-E007]" || end == " [lp-E008]"));
    return text.substr(0, text.size() - end.size());
  }
  return "";
}

/// What validate says of Cholesky, or of the sampler, after `change`.
template <class Change>
std::string cholesky_fault(Change change) {
  ir::Program p = test::cholesky();
  change(p);
  return fault_of(p);
}

template <class Change>
std::string sampler_fault(Change change) {
  ir::Program p = test::sampler();
  change(p);
  return fault_of(p);
}

template <class Change>
std::string tree_fault(Change change) {
  ir::Program p = test::tree();
  change(p);
  return fault_of(p);
}

ir::Loop& loop_of(ir::Program& p, std::size_t scope) {
  return std::get<ir::Loop>(p.scopes[scope].what);
}

using P = ir::Program;

}  // namespace

TEST_CASE("valid programs pass", "[ir][validate]") {
  CHECK(fault_of(test::cholesky()).empty());
  CHECK(fault_of(test::sampler()).empty());
  CHECK(fault_of(test::tree()).empty());
  test::RandomProgram random(1);
  for (int i = 0; i < 300; ++i) CHECK(fault_of(random.make()).empty());
}

TEST_CASE("names must be there", "[ir][validate]") {
  CHECK(cholesky_fault([](P& p) { p.name = ""; }) ==
        "invalid program: name: found an empty name; expected a name");
  CHECK(cholesky_fault([](P& p) { p.parameters[1].name = ""; }) ==
        "invalid program: cholesky: parameters[1].name: found an empty name; expected a name");
  CHECK(cholesky_fault([](P& p) { p.arrays[0].name = "A\n"; }) ==
        "invalid program: cholesky: arrays[0].name: found control character 10; expected a name of "
        "printable characters");
  CHECK(cholesky_fault([](P& p) { p.arrays[0].element = ""; }) ==
        "invalid program: cholesky: arrays[0].element: found an empty name; expected a name");
  CHECK(cholesky_fault([](P& p) { p.kernels[2].name = ""; }) ==
        "invalid program: cholesky: kernels[2].name: found an empty name; expected a name");
  CHECK(cholesky_fault([](P& p) { p.kernels[2].parameters[1].element = ""; }) ==
        "invalid program: cholesky: kernels[2].parameters[1].element: found an empty name; "
        "expected a name");
  CHECK(cholesky_fault([](P& p) { loop_of(p, 1).index = ""; }) ==
        "invalid program: cholesky: cholesky.cpp:10: scopes[1].what.index: found an empty name; "
        "expected a name");
}

TEST_CASE("ranks and extents must fit", "[ir][validate]") {
  CHECK(cholesky_fault([](P& p) { p.arrays[0].rank = 9; }) ==
        "invalid program: cholesky: arrays[0].rank: found 9; expected a rank from 0 to 8");
  CHECK(cholesky_fault([](P& p) { p.arrays[0].rank = -1; }) ==
        "invalid program: cholesky: arrays[0].rank: found -1; expected a rank from 0 to 8");
  CHECK(cholesky_fault([](P& p) { p.arrays[0].extents.pop_back(); }) ==
        "invalid program: cholesky: arrays[0].extents: found 1 extent; expected one for each "
        "dimension: 2");
  CHECK(cholesky_fault([](P& p) { p.arrays[0].extents[1] = 2; }) ==
        "invalid program: cholesky: arrays[0].extents[1]: found 2; expected a parameter from 0 to "
        "1");
  CHECK(cholesky_fault([](P& p) { p.parameters.clear(); }) ==
        "invalid program: cholesky: arrays[0].extents[0]: found 0; expected a parameter, of which "
        "the program has none");
  CHECK(sampler_fault([](P& p) { p.arrays[4].extents = {0}; }) ==
        "invalid program: sampler: arrays[4].extents: found 1 extent; expected none: the tiles of "
        "a temp are unbounded");
}

TEST_CASE("scopes must nest, in the order of the text", "[ir][validate]") {
  CHECK(cholesky_fault([](P& p) { p.scopes[1].parent = 1; }) ==
        "invalid program: cholesky: cholesky.cpp:10: scopes[1].parent: found 1; expected -1 for "
        "the root, or an earlier scope than 1");
  CHECK(cholesky_fault([](P& p) { p.scopes[0].parent = -2; }) ==
        "invalid program: cholesky: cholesky.cpp:8: scopes[0].parent: found -2; expected -1 for "
        "the root, or an earlier scope than 0");
  CHECK(sampler_fault([](P& p) { p.scopes[4].parent = 2; }) ==
        "invalid program: sampler: scopes[4].parent: found 2, which is closed; expected scope 3 or "
        "one around it: scopes are listed in the order in which they open");
  CHECK(cholesky_fault([](P& p) { p.scopes[2].location.line = -5; }) ==
        "invalid program: cholesky: cholesky.cpp:-5: scopes[2].location.line: found -5; expected a "
        "line from 0, for unknown");
  CHECK(cholesky_fault([](P& p) {
          for (int s = 2; s < 8; ++s)
            p.scopes.push_back(
                test::loop(s, "deep" + std::to_string(s), test::constant(0), test::constant(1)));
        }) == "invalid program: cholesky: scopes[8]: found 9 nested loops; expected at most 8");
}

TEST_CASE("statements must be in the order of the text", "[ir][validate]") {
  const char* expected =
      "; expected a scope around the statement before, or a later one: statements are listed in "
      "textual order";
  CHECK(sampler_fault([](P& p) { p.statements[3] = p.statements[0]; }) ==
        std::string("invalid program: sampler: sampler.cpp:7: statements[3].scope: found scope 2, "
                    "which an earlier statement has closed") +
            expected);
  CHECK(cholesky_fault([](P& p) {
          p.statements.push_back(p.statements[0]);
          p.statements.push_back(p.statements[1]);
        }) == std::string("invalid program: cholesky: cholesky.cpp:11: statements[4].scope: found "
                          "scope 1, which an earlier statement has closed") +
                  expected);
  CHECK(cholesky_fault([](P& p) { p.statements.push_back(p.statements[1]); }).empty());
}

TEST_CASE("a statement that passes an empty scope by closes it", "[ir][validate]") {
  ir::Program p = test::sampler();
  p.statements.pop_back();
  p.statements.pop_back();
  p.statements.push_back(p.statements[2]);
  CHECK(fault_of(p).empty());
  p.statements.back().scope = 3;
  CHECK(fault_of(p).empty());
  p.statements.push_back(p.statements[2]);
  CHECK(fault_of(p).empty());
  p.statements.push_back(p.statements[3]);
  CHECK_THAT(fault_of(p), Catch::Contains("statements[5].scope: found scope 3"));
}

TEST_CASE("index expressions use symbols that are there", "[ir][validate]") {
  CHECK(cholesky_fault(
            [](P& p) { p.statements[2].reads[1].subscripts[0].at.terms[0].symbol.id = 3; }) ==
        "invalid program: cholesky: cholesky.cpp:13: "
        "statements[2].reads[1].subscripts[0].at.terms[0].symbol.id: found loop 3; expected one of "
        "the loops around this expression: 0, 1, 2");
  CHECK(cholesky_fault([](P& p) { loop_of(p, 0).upper = test::index_of(0); }) ==
        "invalid program: cholesky: cholesky.cpp:8: scopes[0].what.upper.terms[0].symbol.id: found "
        "loop 0; expected a parameter: there is no loop around this expression");
  CHECK(
      cholesky_fault([](P& p) { loop_of(p, 1).lower = test::index_of(1); }) ==
      "invalid program: cholesky: cholesky.cpp:10: scopes[1].what.lower.terms[0].symbol.id: found "
      "loop 1; expected one of the loops around this expression: 0");
  CHECK(
      cholesky_fault([](P& p) { loop_of(p, 1).lower = test::size(-1); }) ==
      "invalid program: cholesky: cholesky.cpp:10: scopes[1].what.lower.terms[0].symbol.id: found "
      "-1; expected a parameter from 0 to 1");
  CHECK_THAT(sampler_fault([](P& p) {
               std::get<ir::Condition>(p.scopes[1].what).any_of[0][1].right = test::index_of(1);
             }),
             Catch::Contains("scopes[1].what.any_of[0][1].right.terms[0].symbol.id: found loop 1"));
  CHECK_THAT(sampler_fault([](P& p) { p.statements[1].scalars[0] = test::index_of(4); }),
             Catch::Contains("statements[1].scalars[0].terms[0].symbol.id: found loop 4; expected "
                             "one of the loops around this expression: 0, 2"));
}

TEST_CASE("terms are sorted, without zeros or repeats", "[ir][validate]") {
  const ir::Term n{1, {ir::Symbol::Kind::parameter, 0}}, k{1, {ir::Symbol::Kind::loop, 0}},
      zero{0, {ir::Symbol::Kind::loop, 0}};
  const auto with_terms = [](std::vector<ir::Term> terms) {
    return cholesky_fault([&](P& p) { loop_of(p, 1).lower.terms = terms; });
  };
  const std::string place = "invalid program: cholesky: cholesky.cpp:10: scopes[1].what.lower.";
  CHECK(with_terms({n, k}).empty());
  CHECK(with_terms({k, n}) ==
        place +
            "terms[1].symbol: found a symbol that does not come after the one "
            "before; expected each symbol once: parameters, then loops, then "
            "functions, by rising id");
  CHECK_THAT(with_terms({k, k}), Catch::Contains("terms[1].symbol: found a symbol that"));
  CHECK(with_terms({zero}) == place +
                                  "terms[0].coefficient: found 0; expected terms with coefficients "
                                  "other than 0");
}

TEST_CASE("numbers are bounded, steps are not 0", "[ir][validate]") {
  const auto with_constant = [](std::int64_t c) {
    return cholesky_fault([&](P& p) { loop_of(p, 0).lower.constant = c; });
  };
  const auto with_coefficient = [](std::int64_t c) {
    return cholesky_fault([&](P& p) { loop_of(p, 0).upper.terms[0].coefficient = c; });
  };
  const auto with_step = [](std::int64_t s) {
    return cholesky_fault([&](P& p) { loop_of(p, 0).step = {s}; });
  };
  CHECK(with_constant(2147483648).empty());
  CHECK(with_constant(-2147483648).empty());
  CHECK(with_constant(2147483649) ==
        "invalid program: cholesky: cholesky.cpp:8: scopes[0].what.lower.constant: found "
        "2147483649; expected from -2147483648 to 2147483648");
  CHECK_FALSE(with_constant(std::numeric_limits<std::int64_t>::min()).empty());
  CHECK_FALSE(with_coefficient(std::numeric_limits<std::int64_t>::max()).empty());
  CHECK_FALSE(with_step(std::numeric_limits<std::int64_t>::min()).empty());
  CHECK(with_step(-2147483648).empty());
  CHECK(with_step(0) ==
        "invalid program: cholesky: cholesky.cpp:8: scopes[0].what.step: found 0; expected a step "
        "other than 0");
  CHECK_THAT(sampler_fault([](P& p) { p.statements[1].reads[0].subscripts[0].run->step = {0}; }),
             Catch::Contains("statements[1].reads[0].subscripts[0].run.step: found 0"));
}

TEST_CASE("statements name scopes, kernels and arrays that are there", "[ir][validate]") {
  CHECK(cholesky_fault([](P& p) { p.statements[1].scope = 3; }) ==
        "invalid program: cholesky: cholesky.cpp:11: statements[1].scope: found 3; expected -1 for "
        "the root, or a scope from 0 to 2");
  CHECK_FALSE(cholesky_fault([](P& p) { p.statements[1].scope = -2; }).empty());
  CHECK(cholesky_fault([](P& p) { p.statements[1].kernel = -1; }) ==
        "invalid program: cholesky: cholesky.cpp:11: statements[1].kernel: found -1; expected a "
        "kernel from 0 to 2");
  CHECK(cholesky_fault([](P& p) { p.statements[1].reads[0].array = 1; }) ==
        "invalid program: cholesky: cholesky.cpp:11: statements[1].reads[0].array: found 1; "
        "expected an array from 0 to 0");
}

TEST_CASE("arguments match the kernel's parameters", "[ir][validate]") {
  CHECK(cholesky_fault([](P& p) { p.statements[1].reads.pop_back(); }) ==
        "invalid program: cholesky: cholesky.cpp:11: statements[1].reads: found 1 argument; "
        "expected 2, the number of in, inout and in_list parameters of trsm");
  CHECK(cholesky_fault([](P& p) { p.statements[1].writes.clear(); }) ==
        "invalid program: cholesky: cholesky.cpp:11: statements[1].writes: found 0 arguments; "
        "expected 1, the number of out and inout parameters of trsm");
  CHECK(cholesky_fault([](P& p) { p.statements[1].scalars.push_back(2.0); }) ==
        "invalid program: cholesky: cholesky.cpp:11: statements[1].scalars: found 1 argument; "
        "expected 0, the number of scalar parameters of trsm");
  CHECK(cholesky_fault([](P& p) { p.statements[1].reads[1].subscripts.pop_back(); }) ==
        "invalid program: cholesky: cholesky.cpp:11: statements[1].reads[1].subscripts: found 1 "
        "subscript; expected 2, the rank of A");
  CHECK(cholesky_fault([](P& p) { p.kernels[1].parameters[0].element = "float32"; }) ==
        "invalid program: cholesky: cholesky.cpp:11: statements[1].reads[0].array: found A with "
        "tiles of float64; expected tiles of float32, as trsm takes");
}

TEST_CASE("constants fit the kernel's scalar parameters", "[ir][validate]") {
  CHECK(sampler_fault([](P& p) { p.statements[1].scalars[0] = 1.0; }) ==
        "invalid program: sampler: sampler.cpp:8: statements[1].scalars[0]: found a real constant; "
        "expected an index expression, for the int64 parameter of combine");
  CHECK(sampler_fault([](P& p) { p.statements[1].scalars[2] = std::complex<double>(1.0); }) ==
        "invalid program: sampler: sampler.cpp:8: statements[1].scalars[2]: found a complex "
        "constant; expected a real number, for the float64 parameter of combine");
  CHECK(sampler_fault([](P& p) { p.statements[1].scalars[1] = 1.0; }).empty());
  CHECK(sampler_fault([](P& p) { p.statements[1].scalars[1] = test::index_of(0); }).empty());
}

TEST_CASE("writes go to single tiles of arrays that may be written", "[ir][validate]") {
  CHECK(cholesky_fault([](P& p) { p.arrays[0].role = ir::ArrayRole::in; }) ==
        "invalid program: cholesky: cholesky.cpp:9: statements[0].writes[0].array: found a write "
        "to the in array A; expected an out, inout or temp array");
  CHECK(cholesky_fault([](P& p) {
          p.statements[0].writes[0].subscripts[1].run = ir::Run{test::size(0), ir::Expr{1}};
        }) ==
        "invalid program: cholesky: cholesky.cpp:9: statements[0].writes[0].subscripts[1]: found a "
        "run; expected one index: a statement writes single tiles");
}

TEST_CASE("runs go with in_list parameters", "[ir][validate]") {
  CHECK(cholesky_fault([](P& p) {
          p.statements[1].reads[0].subscripts[0].run = ir::Run{test::size(0), ir::Expr{1}};
        }) ==
        "invalid program: cholesky: cholesky.cpp:11: statements[1].reads[0].subscripts[0]: found a "
        "run; expected one index: only an in_list parameter takes a run of tiles");
  CHECK(
      sampler_fault([](P& p) { p.statements[1].reads[0].subscripts[0].run.reset(); }) ==
      "invalid program: sampler: sampler.cpp:8: statements[1].reads[0].subscripts: found a single "
      "tile; expected a run in one subscript or more, for the in_list parameter of combine");
}

TEST_CASE("functions have bases, and come before those that use them", "[ir][validate]") {
  CHECK(tree_fault([](P& p) { p.functions[0].base = 1; }) ==
        "invalid program: tree: functions[0].base: found 1; expected a base of at least 2");
  CHECK(tree_fault([](P& p) { p.functions[3].base = 1; }).empty());
  CHECK(tree_fault([](P& p) { p.functions[3].base = 0; }) ==
        "invalid program: tree: functions[3].base: found 0; expected a divisor of at least 1");
  CHECK_THAT(tree_fault([](P& p) { p.functions[3].base = INT64_MAX; }),
             Catch::Contains("functions[3].base: found 9223372036854775807; expected from"));
  CHECK(tree_fault([](P& p) { p.functions[3].argument = test::value(3); }) ==
        "invalid program: tree: functions[3].argument: found function 3; expected functions that "
        "come before this one");
  CHECK_THAT(tree_fault([](P& p) { p.functions[4].argument = test::value(-1); }),
             Catch::Contains("found function -1"));
  CHECK_THAT(tree_fault([](P& p) { p.functions[0].argument = test::size(2); }),
             Catch::Contains("functions[0].argument.terms[0].symbol.id: found 2"));
}

TEST_CASE("functions are used inside of their loops", "[ir][validate]") {
  CHECK(tree_fault([](P& p) { loop_of(p, 2).upper = test::value(2); }) ==
        "invalid program: tree: scopes[2].what.upper.terms[0].symbol.id: found a function of loop "
        "0; expected functions of parameters and of the loops around this expression");
  CHECK(tree_fault([](P& p) { loop_of(p, 1).upper = test::value(4); }) ==
        "invalid program: tree: scopes[1].what.upper.terms[0].symbol.id: found a function of loop "
        "1; expected functions of parameters and of the loops around this expression");
  CHECK(tree_fault([](P& p) { loop_of(p, 2).upper = test::value(6); }) ==
        "invalid program: tree: scopes[2].what.upper.terms[0].symbol.id: found 6; expected a "
        "function from 0 to 5");
}

TEST_CASE("a step is a constant or a multiple of one power", "[ir][validate]") {
  const auto with_step = [](ir::Expr step) {
    return tree_fault([&](P& p) { loop_of(p, 1).step = step; });
  };
  const std::string refused =
      "invalid program: tree: scopes[1].what.step: found a step that is not a constant; expected a "
      "constant, or a positive multiple of one power: pow2(level + 1)";
  CHECK(with_step(test::value(2)).empty());
  CHECK(with_step(test::constant(-2)).empty());
  CHECK(with_step(test::value(2, 0, -1)) == refused);
  CHECK(with_step(test::value(2, 1)) == refused);
  CHECK(with_step(test::value(0)) == refused);
  CHECK(with_step(test::size(1)) == refused);
  ir::Expr two = test::value(1);
  two.terms.push_back(test::value(2).terms[0]);
  CHECK(with_step(two) == refused);
  CHECK_THAT(tree_fault([](P& p) {
               p.statements[0].reads[0].subscripts[0].run->step = test::value(5);
             }),
             Catch::Contains("subscripts[0].run.step: found a step that is not a constant"));
}

TEST_CASE("rules for unwritten tiles", "[ir][validate]") {
  CHECK(tree_fault([](P& p) { p.arrays[0].unwritten = ir::Unwritten{}; }) ==
        "invalid program: tree: arrays[0].unwritten: found a rule for unwritten tiles of an in "
        "array; expected none: such an array has initial contents");
  CHECK(tree_fault([](P& p) { p.arrays[1].unwritten->kernel = 0; }) ==
        "invalid program: tree: arrays[1].unwritten.kernel: found add; expected a kernel whose "
        "only parameter is an out tile of float64");
  CHECK_THAT(tree_fault([](P& p) { p.arrays[1].unwritten->kernel = 4; }),
             Catch::Contains("arrays[1].unwritten.kernel: found 4"));
  CHECK_THAT(tree_fault([](P& p) { p.arrays[3].unwritten->kernel = 2; }),
             Catch::Contains("only parameter is an out tile of stop"));
}

TEST_CASE("reductions and stoppable statements", "[ir][validate]") {
  CHECK(tree_fault([](P& p) { p.statements[0].reduction = true; }) ==
        "invalid program: tree: statements[0].reduction: found kernel gather; expected a kernel "
        "whose first parameter is its only output, an lp::inout");
  CHECK(tree_fault([](P& p) { p.statements[1].reads[0] = p.statements[1].reads[1]; }) ==
        "invalid program: tree: statements[1].reads: found another tile than is written; expected "
        "the tile that is added to");
  CHECK(tree_fault([](P& p) { p.statements[2].reads[3] = p.statements[2].reads[1]; }) ==
        "invalid program: tree: statements[2].reads[3]: found another tile than write 0; expected "
        "the tile itself, whose value is handed on when the loop has stopped");
  CHECK_THAT(tree_fault([](P& p) { p.statements[2].reads.pop_back(); }),
             Catch::Contains("statements[2].reads: found 1 argument; expected 2"));
  CHECK_THAT(tree_fault([](P& p) { p.statements[2].reads.resize(1); }),
             Catch::Contains("expected the control tile and one for each write"));
  CHECK_THAT(tree_fault([](P& p) { p.statements[2].reads[2] = p.statements[2].reads[0]; }),
             Catch::Contains("tiles of stop"));
}

TEST_CASE("validate refuses or accepts whatever the numbers are", "[ir][validate]") {
  std::mt19937_64 random(5);
  const auto some = [&](int n) {
    return static_cast<std::size_t>(random()) % static_cast<std::size_t>(n);
  };
  const auto odd = [&] { return static_cast<int>(some(12)) - 3; };
  for (int i = 0; i < 5000; ++i) {
    ir::Program p = test::sampler();
    p.scopes[some(7)].parent = odd();
    p.statements[some(5)].scope = odd();
    p.statements[some(5)].kernel = odd();
    p.statements[some(5)].writes[0].array = odd();
    p.arrays[some(5)].rank = odd();
    fault_of(p);
  }
}

}  // namespace validate_test
