// What `diagnose` says of random programs with trees, against their unrolling.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "lambdapack/analysis/diagnose.hpp"
#include "lambdapack/codes.hpp"
#include "lambdapack/ir/print.hpp"
#include "support/findings.hpp"
#include "support/random_tree_program.hpp"
#include "support/sanitizer.hpp"

namespace diagnose_random_trees_test {

namespace {

namespace ir = lambdapack::ir;
namespace codes = lambdapack::codes;
using brute_force::Chains;
using brute_force::lines_of;
using brute_force::unread;
using brute_force::unrolled;
using lambdapack::Diagnostic;
using lambdapack::Severity;
using Sizes = std::vector<std::int64_t>;

std::vector<Diagnostic> diagnose(const ir::Program& p) {
  const sanitizer::MayLeak off;  // an analysis that ends in the middle can leave objects behind
  return lambdapack::analysis::diagnose(p, {.max_operations = 500'000});
}

bool has(const std::vector<Diagnostic>& found, const char* code) {
  return std::any_of(found.begin(), found.end(),
                     [&](const Diagnostic& d) { return d.code == code; });
}

bool has_error(const std::vector<Diagnostic>& found) {
  return std::any_of(found.begin(), found.end(),
                     [](const Diagnostic& d) { return d.severity == Severity::error; });
}

// What the unrollings at small n and m, in arrays with room, have in common.
struct Unrollings {
  std::set<int> dead, runs;
  Chains chains;

  explicit Unrollings(const ir::Program& p) {
    for (std::int64_t n = 0; n <= 9; ++n)
      for (std::int64_t m = 0; m <= 4; ++m) {
        Sizes sizes(p.parameters.size(), 1000);
        sizes[0] = n;
        sizes[1] = m;
        const auto graph = unrolled(p, sizes);
        if (!graph) continue;
        dead.merge(unread(*graph));
        chains.add(*graph);
        for (const lambdapack::Node& node : graph->order) runs.insert(100 * node.line + 99);
      }
  }
};

// The program does what the error says at the sizes of its example.
void check_errors(const ir::Program& p, const std::vector<Diagnostic>& found) {
  for (const Diagnostic& d : found) {
    if (d.severity != Severity::error) continue;
    INFO(to_string(d));
    REQUIRE(d.sizes.size() == p.parameters.size());
    REQUIRE_FALSE(unrolled(p, d.sizes));
  }
}

void check_warnings(const ir::Program& p, const std::vector<Diagnostic>& found) {
  const Unrollings all(p);
  for (const int line : all.dead) {
    INFO("line " << line << " is not warned of");
    REQUIRE(lines_of(found, codes::never_read).contains(line));
  }
  for (const Diagnostic& d : found) {
    INFO(to_string(d));
    if (d.code != codes::never_read) continue;
    const auto graph = unrolled(p, d.sizes);
    REQUIRE(graph);
    REQUIRE(unread(*graph).contains(d.place.line));
  }
  for (const int line : lines_of(found, codes::never_runs)) {
    INFO("line " << line << " runs");
    REQUIRE_FALSE(all.runs.contains(line));
  }
  for (std::size_t s = 0; s < p.statements.size(); ++s) {
    const int line = 100 * static_cast<int>(s) + 99;
    INFO("line " << line << " never runs");
    REQUIRE(all.runs.contains(line) != lines_of(found, codes::never_runs).contains(line));
  }
  for (const Diagnostic& d : found) {
    INFO(to_string(d));
    if (d.code == codes::chain) REQUIRE_FALSE(all.chains.broken.contains(d.place.line / 100));
  }
}

}  // namespace

TEST_CASE("findings about random trees are those of their unrolling") {
  const int wanted = sanitizer::slow_build ? 4 : 24;
  std::map<std::string, int> seen;
  int decided = 0;
  for (std::uint64_t seed = 1; decided < wanted; ++seed) {
    const ir::Program p =
        brute_force::with_places(random_program::tree(random_program::Choices(seed)));
    INFO("seed " << seed << "\n" << ir::to_string(p));
    const std::vector<Diagnostic> found = diagnose(p);
    if (has(found, codes::too_large)) continue;
    for (const Diagnostic& d : found) ++seen[d.code];
    ++decided;
    check_errors(p, found);
    if (!has_error(found) && !has(found, codes::incomplete)) check_warnings(p, found);
  }
  if (sanitizer::slow_build) return;
  CHECK(seen[codes::never_read] > 0);
}

}  // namespace diagnose_random_trees_test
