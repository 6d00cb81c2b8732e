// Trees as users write them are accepted at all sizes at which they can run, and their graphs are
// their unrolling.
#include <catch2/catch.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "lambdapack/analysis/analyse.hpp"
#include "lambdapack/graph/task_graph.hpp"
#include "support/brute_force.hpp"
#include "support/compare_graphs.hpp"
#include "support/compare_order.hpp"
#include "support/tree_programs.hpp"

namespace tree_programs_test {

namespace {

namespace ir = lambdapack::ir;
using namespace tree_programs;
using Sizes = std::vector<std::int64_t>;

/// Some that are powers of 2, 3 or 5, some that are not.
const Sizes many{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 16, 17, 25, 27, 28};
const Sizes few{0, 1, 2, 3, 5, 8, 9};

void check_at(const std::shared_ptr<const lambdapack::form::ClosedForms>& forms,
              const ir::Program& p, const Sizes& sizes) {
  INFO(p.name << " at " << Catch::StringMaker<Sizes>::convert(sizes));
  std::optional<brute_force::Graph> truth;
  try {
    truth = brute_force::Interpreter::run(p, sizes);
  } catch (const brute_force::Violation&) {
    REQUIRE_THROWS_AS(lambdapack::TaskGraph(forms, sizes), lambdapack::input_error);
    return;
  }
  const lambdapack::TaskGraph graph(forms, sizes);
  brute_force::compare(graph, *truth, p);
  brute_force::compare_order_and_edges(graph, *truth);
}

/// Checks a program for each combination of these values of its sizes.
template <class Program>
void check(Program program, const std::vector<Sizes>& values) {
  const ir::Program p = lambdapack::trace(program).program;
  const auto forms = std::make_shared<const lambdapack::form::ClosedForms>(
      lambdapack::analysis::analyse(p, {.verify = false}));
  REQUIRE(values.size() == p.parameters.size());
  std::vector<Sizes> all{{}};
  for (const Sizes& of_one : values) {
    std::vector<Sizes> longer;
    for (const Sizes& begun : all)
      for (const std::int64_t value : of_one) {
        longer.push_back(begun);
        longer.back().push_back(value);
      }
    all = std::move(longer);
  }
  for (const Sizes& sizes : all) check_at(forms, p, sizes);
}

}  // namespace

TEST_CASE("tiles at powers below the array's size") {
  check(powers, {many, few});
  check(powers_floor, {many, few});
  check(powers5, {many, few});
  check(powers_shifted, {many, few, few});
  check(last_power, {many});
}

TEST_CASE("powers beside logarithms of another size") {
  check(zip, {many, many});
  check(below_ceil<3>, {many, many});
  check(below_ceil<5>, {many, many});
  check(up_to_floor<2>, {many, many});
  check(up_to_floor<4>, {many, many});
  check(pairs, {few, many});
  check(scatter, {many, few});
}

TEST_CASE("butterflies") {
  check(fold, {many});
  check(fft_in_place, {many});
  check(fft_floor, {many});
  check(floor_levels, {many});
  check(from_top, {many});
}

TEST_CASE("prefix sums") {
  check(hillis_steele, {few, few});
  check(hillis_in_place, {many});
  check(blelloch, {many});
  check(blelloch_temp, {few, few});
}

TEST_CASE("broadcasts and reductions") {
  check(broadcast, {many});
  check(base3, {many});
  check(base4, {many});
  check(base4_run, {many});
  check(two_trees, {many});
  check(up_and_down, {many});
  check(heap, {many});
  check(halves, {many});
  check(cyclic_reduction, {many});
}

TEST_CASE("trees of factorizations") {
  check(tslu, {many});
  check(calu, {few, few});
  check(tsqr_q, {many});
}

TEST_CASE("trees inside of loops") {
  check(triangular, {few, few, few});
  check(triangular_in_place, {few, few});
  check(in_range, {many, few});
  check(in_loop_in_place, {few, few});
}

TEST_CASE("reductions over loops with a step, as trees") {
  const auto every_third = [](lp::In<double, 2> A, lp::InOut<double, 1> C) {
    for (auto i : lp::range(C.extent(0)))
      for (auto k : lp::range(1, A.extent(1), 3)) C(i) += add(A(i, k));
  };
  check(lp::reduce_by_tree(every_third, {.base = 2}), {{2}, many, {0, 2}});
  check(lp::reduce_by_tree(every_third, {.base = 3}), {{2}, few, {2}});
}

}  // namespace tree_programs_test
