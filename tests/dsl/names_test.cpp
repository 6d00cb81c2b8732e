// Names and source lines, for people: they come from the source file.
#include <catch2/catch.hpp>
#include <vector>

#include "dsl/support.hpp"
#include "lambdapack/kernel/pivots.hpp"

namespace names_test {

using namespace dsl_test;  // NOLINT: the vocabulary of these tests

namespace names_test {

const auto join = lp::make_kernel(
    "join", [](lp::out<double>, lp::in_list<double>, lp::in_list<double>, lp::in_list<double>) {});

// clang-format off
constexpr int first_line = __LINE__;
template <class T>
void many(lp::InOut<T, 2> Matrix, const lp::In<std::complex<T>, 1>& values,
          lp::Integer trailing) {
  for (auto row : lp::range(Matrix.extent(0))) {
    Matrix(row, 0) =
        copy(Matrix(row, trailing));
    for (const auto column : lp::range(row,
                                       values.extent(0)))
      Matrix(row, column) = copy(Matrix(row, 0));
  }
}

constexpr int runs_line = __LINE__;
void runs(lp::In<double, 2> A, lp::Out<double, 1> y) {
  for (auto i : lp::range(y.extent(0)))
    y(i) = join(A(i, lp::range(0, i)),
                A(0, lp::range(0, i)),
                A(lp::range(0, i), i));
}
// clang-format on

template <class T>
void of_payloads(lp::In<T, 1> from, lp::Out<lp::Pivots, 1> to) {
  const auto find = lp::make_kernel("find", [](lp::out<lp::Pivots>, lp::in<T>) {});
  for (auto i : lp::range(from.extent(0))) to(i) = find(from(i));
}

std::vector<std::string> array_names(const lp::ir::Program& program) {
  std::vector<std::string> names;
  for (const lp::ir::Array& array : program.arrays) names.push_back(array.name);
  return names;
}

std::vector<std::string> parameter_names(const lp::ir::Program& program) {
  std::vector<std::string> names;
  for (const lp::ir::Parameter& parameter : program.parameters) names.push_back(parameter.name);
  return names;
}

const lp::ir::Loop& loop(const lp::ir::Program& program, std::size_t scope) {
  return std::get<lp::ir::Loop>(program.scopes[scope].what);
}

using Names = std::vector<std::string>;

}  // namespace names_test

using namespace names_test;  // NOLINT: named, since clang hides unnamed ones

TEST_CASE("a program, its arrays, integers and loops have the names of the source") {
  const lp::ir::Program program = lp::trace(many<double>).program;
  CHECK(program.name == "many");
  CHECK(array_names(program) == Names{"Matrix", "values"});
  CHECK(parameter_names(program) ==
        Names{"Matrix.extent(0)", "Matrix.extent(1)", "values.extent(0)", "trailing"});
  CHECK(loop(program, 0).index == "row");
  CHECK(loop(program, 1).index == "column");
}

TEST_CASE("a type of the library's among a program's parameters does not make it a lambda") {
  const lp::ir::Program p = lp::trace(of_payloads<double>).program;
  CHECK(p.name == "of_payloads");
  CHECK(array_names(p) == Names{"from", "to"});
}

TEST_CASE("scopes, statements and accesses know their lines") {
  const lp::ir::Program program = lp::trace(many<double>).program;
  CHECK(program.scopes[0].location == lp::ir::Location{__FILE__, first_line + 4});
  CHECK(program.scopes[1].location == lp::ir::Location{__FILE__, first_line + 7});
  CHECK(program.statements[0].location == lp::ir::Location{__FILE__, first_line + 5});
  CHECK(program.statements[0].reads[0].location == lp::ir::Location{__FILE__, first_line + 6});
  CHECK(program.statements[1].location == lp::ir::Location{__FILE__, first_line + 9});
}

TEST_CASE("a run of tiles knows its line, whichever of its indices is the range") {
  const lp::ir::Program program = lp::trace(runs).program;
  const auto& reads = program.statements[0].reads;
  REQUIRE(reads.size() == 3);
  for (int k = 0; k < 3; ++k) {
    const lp::ir::Access& read = reads[static_cast<std::size_t>(k)];
    CHECK(read.location == lp::ir::Location{__FILE__, runs_line + 3 + k});
  }
}

TEST_CASE("a lambda has no name, its parameters have") {
  const auto program = [](lp::In<double, 1> from, lp::Out<double, 1> to) {
    for (auto i : lp::range(to.extent(0))) to(i) = copy(from(i));
  };
  const lp::ir::Program traced = lp::trace(program).program;
  CHECK(traced.name == "program");
  CHECK(array_names(traced) == Names{"from", "to"});
  CHECK(loop(traced, 0).index == "i");
}

TEST_CASE("a temporary has the name that it is given") {
  const auto program = [](lp::Out<double, 1> y) {
    auto S = lp::temp<double, 1>("partial sums");
    y(0) = copy(S(0));
  };
  CHECK(array_names(lp::trace(program).program) == Names{"y", "partial sums"});
}

TEST_CASE("programs that differ in their places only are not equal") {
  const auto one = [](lp::InOut<double, 1> x) { x(0) = update(x(0)); };
  const auto two = [](lp::InOut<double, 1> x) { x(0) = update(x(0)); };
  CHECK(lp::trace(one).program != lp::trace(two).program);
  CHECK(placeless(lp::trace(one).program) == placeless(lp::trace(two).program));
}

}  // namespace names_test
