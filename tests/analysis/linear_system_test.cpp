// What is said of linear constraints without isl is true of all their solutions.
#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "lambdapack/analysis/walk_bounds.hpp"
#include "support/choices.hpp"

namespace linear_system_test {

namespace {

using lambdapack::analysis::Lattice;
using lambdapack::analysis::LinearConstraints;
using lambdapack::analysis::LinearSum;
using lambdapack::analysis::LinearSystem;
using random_program::Choices;
using Point = std::vector<std::int64_t>;

constexpr std::size_t variables = 3;

struct Congruence {
  LinearSum sum;
  std::int64_t modulus;
};

std::int64_t value(const LinearSum& sum, const Point& at) {
  std::int64_t total = sum.constant;
  for (const LinearSum::Term& t : sum.terms) total += t.coefficient * at[t.variable];
  return total;
}

LinearSum some_sum(Choices& choices) {
  LinearSum sum = LinearSum::of(choices.pick(-6, 6));
  for (std::size_t v = 0; v < variables; ++v)
    if (choices.chance(70)) sum.add(v, choices.pick(-3, 3));
  return sum;
}

// All points with coordinates from -reach to reach.
template <class F>
void for_each_point(std::int64_t reach, F&& f) {
  for (std::int64_t x = -reach; x <= reach; ++x)
    for (std::int64_t y = -reach; y <= reach; ++y)
      for (std::int64_t z = -reach; z <= reach; ++z) f(Point{x, y, z});
}

bool meets(const LinearConstraints& rows, const Point& p) {
  for (const LinearSum& e : rows.equations)
    if (value(e, p) != 0) return false;
  for (const LinearSum& i : rows.inequalities)
    if (value(i, p) < 0) return false;
  return true;
}

bool meets(const std::vector<Congruence>& all, const Point& p) {
  for (const Congruence& c : all)
    if (value(c.sum, p) % c.modulus != 0) return false;
  return true;
}

LinearConstraints some_rows(Choices& choices) {
  LinearConstraints rows;
  for (int k = choices.pick(0, 2); k > 0; --k) rows.equations.push_back(some_sum(choices));
  for (int k = choices.pick(1, 5); k > 0; --k) rows.inequalities.push_back(some_sum(choices));
  return rows;
}

}  // namespace

TEST_CASE("a lattice of congruences is empty exactly where no point meets them") {
  int empty = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Choices choices(seed);
    Lattice lattice(variables);
    std::vector<Congruence> all;
    for (int k = choices.pick(1, 4); k > 0; --k) {
      all.push_back({some_sum(choices), choices.pick(2, 4)});
      lattice.add_congruence(all.back().sum, all.back().modulus);
    }
    bool found = false;
    for_each_point(6, [&](const Point& p) { found = found || meets(all, p); });  // a period of 12
    INFO("seed " << seed);
    REQUIRE(lattice.empty() == !found);
    empty += lattice.empty() ? 1 : 0;
  }
  CHECK(empty > 10);
}

TEST_CASE("what vanishes on a lattice is zero at all its points") {
  int vanishing = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Choices choices(seed);
    Lattice lattice(variables);
    LinearConstraints rows;
    for (int k = choices.pick(1, 2); k > 0; --k) {
      rows.equations.push_back(some_sum(choices));
      lattice.add_equation(rows.equations.back());
    }
    const std::vector<Congruence> congruent{{some_sum(choices), 2}};
    lattice.add_congruence(congruent[0].sum, 2);
    const LinearSum other =
        choices.chance(50) ? rows.equations[0].times(choices.pick(-2, 2)) : some_sum(choices);
    const bool vanishes = lattice.vanishes(other);
    vanishing += vanishes && !lattice.empty() ? 1 : 0;
    INFO("seed " << seed);
    bool right = true;
    for_each_point(6, [&](const Point& p) {
      if (!meets(rows, p) || !meets(congruent, p)) return;
      right = right && !lattice.empty() && (!vanishes || value(other, p) == 0);
    });
    REQUIRE(right);
  }
  CHECK(vanishing > 10);
}

TEST_CASE("a point of a lattice is found where equations have one") {
  Lattice lattice(2);  // 6 x + 10 y = 8, and x is odd
  lattice.add_equation(LinearSum{-8, {{0, 6}, {1, 10}}});
  lattice.add_congruence(LinearSum{1, {{0, 1}}}, 2);
  CHECK_FALSE(lattice.empty());
  lattice.add_congruence(LinearSum{0, {{1, 1}}}, 2);  // then y is odd
  CHECK(lattice.empty());
}

TEST_CASE("what a system of constraints implies holds at all its points") {
  int empty = 0, implied = 0, bounded = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    Choices choices(seed);
    const LinearConstraints rows = some_rows(choices);
    const std::vector<Congruence> congruent{{some_sum(choices), choices.pick(2, 3)}};
    LinearSystem system(variables, rows);
    system.add_congruence(congruent[0].sum, congruent[0].modulus);
    system.narrow();
    const LinearSum other =
        choices.chance(50) ? rows.inequalities[0].plus(choices.pick(-1, 3)) : some_sum(choices);
    const bool implies = system.implies(other), vanishes = system.vanishes(other);
    const auto least = system.at_least(other), most = system.at_most(other);
    empty += system.empty() ? 1 : 0;
    implied += implies && !system.empty() ? 1 : 0;
    bounded += least || most ? 1 : 0;
    INFO("seed " << seed);
    bool right = true;
    for_each_point(6, [&](const Point& p) {
      if (!meets(rows, p) || !meets(congruent, p)) return;
      const std::int64_t x = value(other, p);
      right = right && !system.empty() && (!implies || x >= 0) && (!least || x >= *least) &&
              (!most || x <= *most) && (!vanishes || x == 0);
    });
    REQUIRE(right);
  }
  CHECK(empty > 10);
  CHECK(implied > 10);
  CHECK(bounded > 10);
}

TEST_CASE("without one variable, constraints keep all points") {
  namespace analysis = lambdapack::analysis;
  const analysis::isl::Context ctx(1'000'000);
  const analysis::Redundancy redundancy(ctx.get(), variables);
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Choices choices(seed);
    const LinearConstraints all = some_rows(choices);
    LinearConstraints rest = all;
    const LinearConstraints on_it = analysis::detail::take_involving(rest, 1);
    analysis::eliminate(rest, on_it, 1, redundancy);
    INFO("seed " << seed);
    for (const auto* rows : {&rest.equations, &rest.inequalities})
      for (const LinearSum& row : *rows) REQUIRE(row.coefficient(1) == 0);
    bool kept = true;
    for_each_point(4, [&](const Point& p) { kept = kept && (!meets(all, p) || meets(rest, p)); });
    REQUIRE(kept);
  }
}

TEST_CASE("a pair of bounds is what remains of the variable between them") {
  namespace analysis = lambdapack::analysis;
  const analysis::isl::Context ctx(1'000'000);
  LinearConstraints rest;  // x <= y <= z - 2
  const LinearConstraints on_it{{}, {{0, {{1, 1}, {0, -1}}}, {-2, {{2, 1}, {1, -1}}}}};
  analysis::eliminate(rest, on_it, 1, analysis::Redundancy(ctx.get(), variables));
  REQUIRE(rest.inequalities.size() == 1);
  for_each_point(4, [&](const Point& p) { REQUIRE(meets(rest, p) == (p[0] <= p[2] - 2)); });
}

TEST_CASE("sums are combined term by term, zero terms too") {
  namespace detail = lambdapack::analysis::detail;
  const LinearSum a{1, {{0, 2}, {1, 0}}}, b{3, {{1, 5}, {2, -1}}};
  const LinearSum c = detail::combined(a, 2, b, -1);
  CHECK(c.constant == -1);
  CHECK(c.coefficient(0) == 4);
  CHECK(c.coefficient(1) == -5);
  CHECK(c.coefficient(2) == 1);
  CHECK_THROWS_AS(detail::combined(a, INT64_MAX, b, 1), lambdapack::program_error);
}

}  // namespace linear_system_test
