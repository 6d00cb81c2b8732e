// One program's trial: the analysis against the oracle.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/analyse.hpp"
#include "lambdapack/ir/print.hpp"
#include "support/brute_force.hpp"
#include "support/compare_graphs.hpp"
#include "support/compare_order.hpp"
#include "support/require.hpp"
#include "support/sanitizer.hpp"

namespace random_program {

namespace ir = lambdapack::ir;

enum class Verdict {
  compared,     ///< the graph equals the unrolling, at all sizes that were tried
  refused,      ///< the analysis refused the program, and the oracle finds something wrong with it
  over_budget,  ///< the analysis gave up
  too_strict,   ///< it asks for more room in an array than a stride or level ever reaches
};

/// Whether the analysis may be too strict about the program: how far powers and logarithms reach
/// into an array is bounded from above.
inline bool has_levels(const ir::Program& p) {
  for (const ir::Function& f : p.functions)
    if (f.kind != ir::Function::Kind::quotient && f.kind != ir::Function::Kind::remainder)
      return true;
  return false;
}

/// n as its first parameter, m as its second, and every extent.
struct Sizes {
  std::int64_t n, m, extent;

  std::vector<std::int64_t> parameters(const ir::Program& p) const {
    std::vector<std::int64_t> values(p.parameters.size(), extent);
    values[0] = n;
    values[1] = m;
    return values;
  }
};

/// Larger than any index of a random program at the sizes that are tried.
inline constexpr std::int64_t ample = 1000;

/// Whether the oracle finds something wrong with the program, at small sizes with ample arrays.
inline bool is_wrong(const ir::Program& p) {
  for (const std::int64_t n : {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 17, 28})
    for (std::int64_t m = 0; m <= 9; ++m) try {
        brute_force::Interpreter::run(p, Sizes{n, m, ample}.parameters(p));
      } catch (const brute_force::Violation&) {
        return true;
      }
  return false;
}

/// Returns whether the graph could be made; it must be if the oracle finds nothing wrong, unless
/// the analysis may be too strict.
inline bool compare_at(const Sizes& sizes, const ir::Program& p,
                       const std::shared_ptr<const lambdapack::form::ClosedForms>& forms) {
  INFO("n = " << sizes.n << ", m = " << sizes.m << ", extents = " << sizes.extent);
  const auto values = sizes.parameters(p);
  std::optional<brute_force::Graph> truth;
  try {
    truth = brute_force::Interpreter::run(p, values);
  } catch (const brute_force::Violation&) {
    REQUIRE_THROWS_AS(lambdapack::TaskGraph(forms, values), lambdapack::input_error);
    return true;
  }
  std::optional<lambdapack::TaskGraph> graph;
  try {
    graph.emplace(forms, values);
  } catch (const lambdapack::input_error& e) {
    INFO(e.what());
    REQUIRE(has_levels(p));
    return false;
  }
  brute_force::compare(*graph, *truth, p);
  brute_force::compare_order_and_edges(*graph, *truth);
  return true;
}

/// Fails unless the analysis is right about the program.
inline Verdict judge(const ir::Program& p, const std::vector<Sizes>& all_sizes,
                     unsigned long max_operations) {
  INFO(ir::to_string(p));
  std::shared_ptr<const lambdapack::form::ClosedForms> forms;
  try {
    // An analysis that ends in the middle, out of budget, can leave objects of isl's behind; that
    // is not what this is after.
    const sanitizer::MayLeak off;
    forms = std::make_shared<const lambdapack::form::ClosedForms>(
        lambdapack::analysis::analyse(p, {.max_operations = max_operations, .verify = false}));
  } catch (const lambdapack::program_error& e) {
    INFO(e.what());
    const std::string why = e.what();
    if (why.find("budget") != std::string::npos) return Verdict::over_budget;
    if (is_wrong(p)) return Verdict::refused;
    REQUIRE((has_levels(p) && why.find("leaves the array") != std::string::npos));
    return Verdict::too_strict;
  }
  bool all = true;
  for (const Sizes& sizes : all_sizes) all = compare_at(sizes, p, forms) && all;
  return all ? Verdict::compared : Verdict::too_strict;
}

}  // namespace random_program
