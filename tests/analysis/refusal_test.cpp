// What the analysis refuses, and how it says so.
#include <catch2/catch.hpp>

#include "lambdapack/analysis/analyse.hpp"
#include "lambdapack/graph/task_graph.hpp"
#include "support/programs.hpp"

namespace refusal_test {

namespace {

using lambdapack::In;
using lambdapack::InOut;
using lambdapack::Integer;
using lambdapack::Out;
using lambdapack::range;
using lambdapack::when;
using namespace test_programs;

template <class F>
void refused(F f, const std::string& a, const std::string& b = "") {
  CHECK_THROWS_AS(lambdapack::analysis::analyse(lambdapack::trace(f).program),
                  lambdapack::program_error);
  CHECK_THROWS_WITH(
      lambdapack::analysis::analyse(lambdapack::trace(f).program),
      Catch::Contains(a) && Catch::Contains(b) && Catch::Contains("refusal_test.cpp:"));
}

void reads_unwritten_temp(In<double, 1> A, Out<double, 1> B) {
  auto S = lambdapack::temp<double, 1>("S");
  for (auto i : range(A.extent(0) - 1)) S(i) = make(A(i));
  for (auto i : range(A.extent(0))) B(i) = make(S(i));
}

void reads_output_before_writing(Out<double, 1> B) {
  for (auto i : range(B.extent(0))) B(i) = update(B(i));
}

void index_past_the_end(InOut<double, 1> A) {
  for (auto i : range(A.extent(0))) A(i + 1) = update(A(i + 1));
}

void index_below_zero(InOut<double, 1> A) {
  for (auto i : range(A.extent(0))) A(i) = update1(A(i), A(i - 1));
}

void two_outputs_one_tile(InOut<double, 1> A) {
  for (auto i : range(A.extent(0) - 1)) lambdapack::tie(A(i), A(i)) = both(A(i), A(i + 1));
}

}  // namespace

TEST_CASE("a tile that is read before it is written") {
  refused(reads_unwritten_temp, "S(i) at refusal_test.cpp", "A.extent(0) = 1, B.extent(0) = 1");
  refused(reads_unwritten_temp, "make[i=0] reads S(0), which nothing has written");
  refused(reads_output_before_writing, "update[i=0] reads B(0)");
}

TEST_CASE("an index that leaves its array whatever the size") {
  refused(index_past_the_end, "A(i + 1)", "past the end");
  refused(index_below_zero, "A(i - 1)", "negative; change the loop's bounds");
}

TEST_CASE("two outputs that write one tile") {
  refused(two_outputs_one_tile, "outputs 0 and 1", "both[i=0]");
}

TEST_CASE("an index that leaves its array at some sizes asks for others") {
  const auto forms = std::make_shared<const lambdapack::form::ClosedForms>(
      lambdapack::analysis::analyse(lambdapack::trace([](InOut<double, 1> A, Integer n) {
                                      for (auto i : range(n)) A(i) = update(A(i));
                                    }).program));
  CHECK_NOTHROW(lambdapack::TaskGraph(forms, {5, 5}));
  CHECK_NOTHROW(lambdapack::TaskGraph(forms, {5, 0}));
  CHECK_THROWS_AS(lambdapack::TaskGraph(forms, {5, 6}), lambdapack::input_error);
}

TEST_CASE("the last tile asks for an array that is not empty") {
  const auto forms = std::make_shared<const lambdapack::form::ClosedForms>(
      lambdapack::analysis::analyse(lambdapack::trace([](In<double, 1> A, Out<double, 0> R) {
                                      R() = make(A(A.extent(0) - 1));
                                    }).program));
  CHECK_NOTHROW(lambdapack::TaskGraph(forms, {3}));
  CHECK_THROWS_AS(lambdapack::TaskGraph(forms, {0}), lambdapack::input_error);
}

TEST_CASE("more sizes than a closed form has room for") {
  lambdapack::ir::Program p;
  p.name = "many";
  for (int k = 0; k < 80; ++k) {
    p.parameters.push_back({"A" + std::to_string(k) + ".extent(0)"});
    p.arrays.push_back(
        {"A" + std::to_string(k), "float64", 1, lambdapack::ir::ArrayRole::inout, {k}});
  }
  p.kernels.push_back({"update", {{lambdapack::ir::ParameterRole::inout, "float64"}}});
  const lambdapack::ir::Access access{79, {{{0, {}}, {}}}, {"many.cpp", 1}};
  p.statements.push_back({-1, 0, {access}, {access}, {}, {"many.cpp", 1}});
  CHECK_THROWS_WITH(lambdapack::analysis::analyse(p),
                    Catch::Contains("registers; use fewer arrays"));
}

TEST_CASE("an analysis beyond its budget is a sentence, not a hang") {
  CHECK_THROWS_WITH(
      lambdapack::analysis::analyse(lambdapack::trace(cholesky).program, {.max_operations = 1000}),
      Catch::Contains("budget of isl operations"));
}

}  // namespace refusal_test
