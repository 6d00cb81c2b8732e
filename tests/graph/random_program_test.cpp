#if defined(__SANITIZE_ADDRESS__)
#define UNDER_ADDRESS_SANITIZER
#elif defined(__SANITIZE_THREAD__)
#define UNDER_THREAD_SANITIZER
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNDER_ADDRESS_SANITIZER
#elif __has_feature(thread_sanitizer)
#define UNDER_THREAD_SANITIZER
#endif
#endif
#ifdef UNDER_ADDRESS_SANITIZER
#include <sanitizer/lsan_interface.h>
#endif

#include <catch2/catch.hpp>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

#include "lambdapack/analysis/analyse.hpp"
#include "lambdapack/ir/print.hpp"
#include "support/brute_force.hpp"
#include "support/compare_graphs.hpp"
#include "support/compare_order.hpp"
#include "support/random_program.hpp"

namespace {

namespace ir = lambdapack::ir;

// A sanitizer makes isl many times slower.
#if defined(UNDER_ADDRESS_SANITIZER) || defined(UNDER_THREAD_SANITIZER)
constexpr bool slow_build = true;
#else
constexpr bool slow_build = false;
#endif

// An analysis that ends in the middle, out of budget, can leave objects of isl's behind; that is
// not what this test is after. All other tests of the analysis look for leaks.
lambdapack::form::ClosedForms analyse_within_budget(const ir::Program& p) {
#ifdef UNDER_ADDRESS_SANITIZER
  const __lsan::ScopedDisabler off;
#endif
  return lambdapack::analysis::analyse(p, {.max_operations = 1'500'000, .verify = false});
}

// n and m as given, every extent `extent`.
std::vector<std::int64_t> parameters(const ir::Program& p, std::int64_t n, std::int64_t m,
                                     std::int64_t extent) {
  std::vector<std::int64_t> values(p.parameters.size(), extent);
  values[0] = n;
  values[1] = m;
  return values;
}

// Whether the oracle finds something wrong with the program at small sizes with ample arrays.
bool is_wrong(const ir::Program& p) {
  for (std::int64_t n = 0; n <= 9; ++n)
    for (std::int64_t m = 0; m <= 9; ++m) try {
        brute_force::Interpreter::run(p, parameters(p, n, m, 64));
      } catch (const brute_force::Violation&) {
        return true;
      }
  return false;
}

void compare_at_sizes(const ir::Program& p,
                      const std::shared_ptr<const lambdapack::form::ClosedForms>& forms) {
  for (const auto& [n, m] : {std::pair<int, int>{0, 0}, {1, 1}, {2, 1}, {3, 5}, {6, 4}})
    for (const std::int64_t extent : {2, 40}) {
      const auto values = parameters(p, n, m, extent);
      INFO("n = " << n << ", m = " << m << ", extents = " << extent);
      std::optional<brute_force::Graph> truth;
      try {
        truth = brute_force::Interpreter::run(p, values);
      } catch (const brute_force::Violation&) {
      }
      if (!truth) {
        REQUIRE_THROWS_AS(lambdapack::TaskGraph(forms, values), lambdapack::input_error);
        continue;
      }
      brute_force::compare(lambdapack::TaskGraph(forms, values), *truth, p);
      brute_force::compare_order_and_edges(lambdapack::TaskGraph(forms, values), *truth);
    }
}

// The border cases of formulas: all small sizes that the program allows.
void compare_formulas_at_sizes(const ir::Program& p,
                               const std::shared_ptr<const lambdapack::form::ClosedForms>& forms) {
  for (std::int64_t n = 0; n <= 5; ++n)
    for (std::int64_t m = 0; m <= 5; ++m) {
      INFO("n = " << n << ", m = " << m);
      std::optional<lambdapack::TaskGraph> graph;
      try {
        graph.emplace(forms, parameters(p, n, m, 64));
      } catch (const lambdapack::input_error&) {
        continue;
      }
      brute_force::compare_formulas(*graph);
    }
}

}  // namespace

TEST_CASE("graphs of random programs equal their unrolling") {
  const int wanted = slow_build ? 40 : 320;
  int accepted = 0, refused = 0, over_budget = 0;
  for (std::uint64_t seed = 1; accepted < wanted; ++seed) {
    const ir::Program p = random_program::Generator(seed).make();
    INFO("seed " << seed << "\n" << ir::to_string(p));
    std::shared_ptr<const lambdapack::form::ClosedForms> forms;
    try {
      forms = std::make_shared<const lambdapack::form::ClosedForms>(
          analyse_within_budget(p));
    } catch (const lambdapack::program_error& e) {
      INFO(e.what());
      if (std::string(e.what()).find("budget") != std::string::npos) {
        ++over_budget;
        continue;
      }
      REQUIRE(is_wrong(p));
      ++refused;
      continue;
    }
    compare_at_sizes(p, forms);
    compare_formulas_at_sizes(p, forms);
    ++accepted;
  }
  CHECK(refused > 0);
  CHECK(over_budget < accepted);
  WARN(accepted << " programs compared, " << refused << " refused with cause, " << over_budget
                << " beyond the test's budget");
}
