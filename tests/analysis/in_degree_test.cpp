// Formulas for in-degrees, against the unrolling.
#include <catch2/catch.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lambdapack/analysis/in_degree_count.hpp"
#include "support/brute_force.hpp"
#include "support/choices.hpp"
#include "support/programs_ir.hpp"
#include "support/published.hpp"
#include "support/random_program.hpp"
#include "support/sanitizer.hpp"

namespace in_degree_test {

namespace {

namespace analysis = lambdapack::analysis;
namespace ir = lambdapack::ir;
using analysis::PolynomialPiece;
using analysis::Rational;

/// Whether `set` holds for these values of its parameters.
bool holds(const analysis::isl::Set& set, const std::vector<std::int64_t>& values) {
  isl_set* s = set.copy();
  for (std::size_t k = 0; k < values.size(); ++k)
    s = isl_set_fix_val(s, isl_dim_param, static_cast<unsigned>(k),
                        isl_val_int_from_si(set.ctx(), values[k]));
  return !analysis::isl::is_empty(analysis::isl::Set(set.ctx(), s));
}

std::int64_t value(const analysis::Polynomial& p, const std::vector<std::int64_t>& values) {
  Rational sum;
  for (const auto& [exponents, coefficient] : p.terms) {
    Rational term = coefficient;
    for (std::size_t k = 0; k < exponents.size(); ++k)
      for (int e = 0; e < exponents[k]; ++e) term = term * Rational{values[k], 1};
    sum = sum + term;
  }
  REQUIRE(sum.denominator == 1);
  return sum.numerator;
}

/// Compares the formulas with the unrolling at sizes up to `largest`; returns how many nodes there
/// were with a formula.
int compare(const ir::Program& program, std::int64_t largest, std::int64_t extent) {
  const analysis::isl::Context ctx(60'000'000);
  const analysis::detail::PredecessorCounter counter(ctx, program);
  std::vector<std::optional<std::vector<PolynomialPiece>>> formulas;
  for (std::size_t l = 0; l < program.statements.size(); ++l)
    formulas.push_back(counter.count(l, {}));
  int compared = 0;
  for (std::int64_t n = 0; n <= largest; ++n)
    for (std::int64_t m = 0; m <= largest; ++m) {
      std::vector<std::int64_t> sizes(program.parameters.size(), extent);
      for (std::size_t p = 0; p < sizes.size() && p < 2; ++p) sizes[p] = p == 0 ? n : m;
      brute_force::Graph graph;
      try {
        graph = brute_force::Interpreter::run(program, sizes);
      } catch (const brute_force::Violation&) {
        continue;
      }
      for (const lambdapack::Node& node : graph.order) {
        const auto& formula = formulas[static_cast<std::size_t>(node.line)];
        if (!formula) continue;
        std::vector<std::int64_t> values = sizes;
        values.insert(values.end(), node.indices.begin(), node.indices.end());
        std::int64_t found = 0, apply = 0;
        for (const PolynomialPiece& piece : *formula)
          if (holds(piece.where, values)) {
            found += value(piece.value, values);
            ++apply;
          }
        const auto predecessors = graph.predecessors.find(node);
        const auto expected =
            predecessors == graph.predecessors.end() ? std::size_t{0} : predecessors->second.size();
        INFO(ir::node_name(program, node.line, node.indices));
        REQUIRE(apply <= 1);
        REQUIRE(found == static_cast<std::int64_t>(expected));
        ++compared;
      }
    }
  return compared;
}

}  // namespace

TEST_CASE("in-degrees of Cholesky are their formulas") {
  CHECK(compare(lambdapack::test::cholesky(), 5, 5) > 100);
  const auto degrees = analysis::in_degrees(lambdapack::test::cholesky());
  REQUIRE(degrees.size() == 3);
  CHECK(to_string(degrees[0]) == "1 if k > 0, 0 otherwise");
  CHECK(to_string(degrees[1]) == "2 if k > 0, 1 otherwise");
}

TEST_CASE("in-degrees of random programs are their formulas") {
  const std::uint64_t seeds = sanitizer::slow_build ? 4 : 40;
  int compared = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const ir::Program p = random_program::affine(random_program::Choices(seed));
    INFO("seed " << seed << "\n" << ir::to_string(p));
    try {
      compared += compare(p, 4, 40);
    } catch (const lambdapack::program_error&) {
    }
  }
  CHECK(compared > static_cast<int>(20 * seeds));
}

TEST_CASE("of trees there is no formula for in-degrees") {
  for (const analysis::InDegree& d : analysis::in_degrees(published::tsqr()))
    CHECK(to_string(d) == "no formula");
}

}  // namespace in_degree_test
