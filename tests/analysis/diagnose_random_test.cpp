// Everything that `diagnose` says of random programs, against their unrolling.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/analyse.hpp"
#include "lambdapack/analysis/diagnose.hpp"
#include "lambdapack/codes.hpp"
#include "lambdapack/graph/task_graph.hpp"
#include "lambdapack/ir/print.hpp"
#include "support/brute_force.hpp"
#include "support/findings.hpp"
#include "support/random_program.hpp"
#include "support/sanitizer.hpp"

namespace diagnose_random_test {

namespace {

namespace ir = lambdapack::ir;
namespace codes = lambdapack::codes;
using brute_force::Chains;
using brute_force::Interpreter;
using brute_force::JointChains;
using brute_force::lines_of;
using brute_force::unread;
using brute_force::unrolled;
using brute_force::with_places;
using lambdapack::Diagnostic;
using lambdapack::Severity;
using Sizes = std::vector<std::int64_t>;

constexpr lambdapack::analysis::AnalysisOptions small_budget{.max_operations = 300'000};

/// The program without rules for unwritten tiles.
ir::Program without_rules(ir::Program p) {
  for (ir::Array& a : p.arrays) a.unwritten.reset();
  return p;
}

/// Whether each out array has one.
bool has_rules(const ir::Program& p) {
  return std::all_of(p.arrays.begin(), p.arrays.end(), [](const ir::Array& a) {
    return a.role != ir::ArrayRole::out || a.unwritten;
  });
}

std::vector<Diagnostic> diagnose(const ir::Program& p) {
  const sanitizer::MayLeak off;  // an analysis that ends in the middle can leave objects behind
  return lambdapack::analysis::diagnose(p, small_budget);
}

bool has(const std::vector<Diagnostic>& found, const std::string& code) {
  return std::any_of(found.begin(), found.end(),
                     [&](const Diagnostic& d) { return d.code == code; });
}

bool has_error(const std::vector<Diagnostic>& found) {
  return std::any_of(found.begin(), found.end(),
                     [](const Diagnostic& d) { return d.severity == Severity::error; });
}

std::string violation(const ir::Program& p, const Sizes& sizes) {
  try {
    Interpreter::run(p, sizes);
  } catch (const brute_force::Violation& v) {
    return v.what();
  }
  return "";
}

/// Small sizes: n and m, extents of out arrays from 0 to 3, and others of 2 or plenty.
template <class F>
void for_small_sizes(const ir::Program& p, F&& f) {
  std::vector<int> own;
  for (const ir::Array& a : p.arrays)
    if (a.role == ir::ArrayRole::out) own = a.extents;
  for (const auto& [n, m] : {std::pair<int, int>{0, 0}, {1, 1}, {2, 1}, {3, 2}, {3, 4}, {2, 3}})
    for (const std::int64_t extent : {2, 30}) {
      Sizes sizes(p.parameters.size(), extent);
      sizes[0] = n;
      sizes[1] = m;
      const int combinations = own.empty() ? 1 : own.size() == 1 ? 4 : 16;
      for (int c = 0; c < combinations; ++c) {
        for (std::size_t d = 0, rest = static_cast<std::size_t>(c); d < own.size(); ++d, rest /= 4)
          sizes[static_cast<std::size_t>(own[d])] = static_cast<std::int64_t>(rest % 4);
        f(sizes);
      }
    }
}

/// What each error promises for the sizes of its example.
void check_errors(const ir::Program& p, const std::vector<Diagnostic>& found) {
  const std::map<std::string, std::string> expected{
      {codes::read_before_write, "read before written"},
      {codes::not_fully_written, "output not fully written"},
      {codes::index_out_of_extent, "index out of extent"},
      {codes::outputs_collide, "two outputs write one tile"}};
  std::set<std::string> alone;
  for (const Diagnostic& d : found)
    if (d.severity == Severity::error) alone.insert(d.code);
  for (const Diagnostic& d : found) {
    if (d.severity != Severity::error) continue;
    INFO(to_string(d));
    REQUIRE(d.sizes.size() == p.parameters.size());
    const std::string said = violation(p, d.sizes);
    REQUIRE_FALSE(said.empty());
    if (alone.size() == 1 && expected.contains(d.code)) REQUIRE(said == expected.at(d.code));
  }
}

void check_warnings(const ir::Program& p, const std::vector<Diagnostic>& found) {
  std::set<int> dead, runs;
  Chains chains;
  JointChains joint(p);
  for (std::int64_t n = 0; n <= 7; ++n)
    for (std::int64_t m = 0; m <= 7; ++m) {
      Sizes sizes(p.parameters.size(), 40);
      sizes[0] = n;
      sizes[1] = m;
      const auto graph = unrolled(p, sizes);
      if (!graph) continue;
      dead.merge(unread(*graph));
      chains.add(*graph);
      joint.add(*graph);
      for (const lambdapack::Node& node : graph->order) runs.insert(100 * node.line + 99);
    }
  const std::set<int> warned = lines_of(found, codes::never_read);
  for (const int line : dead) {
    INFO("line " << line << " is not warned of");
    REQUIRE(warned.contains(line));
  }
  for (const Diagnostic& d : found) {
    INFO(to_string(d));
    if (d.code == codes::never_read) {
      const auto graph = unrolled(p, d.sizes);
      REQUIRE(graph);
      REQUIRE(unread(*graph).contains(d.place.line));
    }
  }
  std::set<int> idle;
  for (std::size_t s = 0; s < p.statements.size(); ++s)
    if (!runs.contains(100 * static_cast<int>(s) + 99)) idle.insert(100 * static_cast<int>(s) + 99);
  REQUIRE(lines_of(found, codes::never_runs) == idle);

  std::set<int> expected, said, together;
  for (const int line : chains.linked)
    if (!chains.broken.contains(line)) expected.insert(line);
  for (const Diagnostic& d : found)
    if (d.code == codes::chain)
      (d.place.line % 100 == 99 ? together : said).insert(d.place.line / 100);
  REQUIRE(said == expected);
  REQUIRE(together == joint.first_statements());
}

}  // namespace

TEST_CASE("errors of random programs are those of their unrolling") {
  const int wanted = sanitizer::slow_build ? 6 : 60;
  std::map<std::string, int> seen;
  int accepted = 0, asking = 0;
  for (std::uint64_t seed = 1; accepted < wanted; ++seed) {
    const ir::Program p =
        without_rules(with_places(random_program::affine(random_program::Choices(seed))));
    INFO("seed " << seed << "\n" << ir::to_string(p));
    const std::vector<Diagnostic> found = diagnose(p);
    for (const Diagnostic& d : found) ++seen[d.code];
    if (has(found, codes::too_large)) continue;
    check_errors(p, found);
    if (has_error(found)) continue;
    const auto forms = std::make_shared<const lambdapack::form::ClosedForms>(
        lambdapack::analysis::analyse(p, {.verify = false}));  // within budget, since diagnose was
    asking += forms->requirements.empty() ? 0 : 1;
    for_small_sizes(p, [&](const Sizes& sizes) {
      INFO("sizes " << Catch::StringMaker<Sizes>::convert(sizes));
      bool refused = false;
      try {
        static_cast<void>(lambdapack::TaskGraph(forms, sizes));
      } catch (const lambdapack::input_error& e) {
        INFO(e.what());
        refused = true;
        REQUIRE_FALSE(violation(p, sizes).empty());
      }
      if (!refused) REQUIRE(violation(p, sizes).empty());
    });
    ++accepted;
  }
  if (sanitizer::slow_build) return;
  for (const char* code :
       {codes::read_before_write, codes::not_fully_written, codes::outputs_collide}) {
    INFO(code);
    CHECK(seen[code] > 0);
  }
  CHECK(asking > 0);
}

TEST_CASE("warnings and remarks about random programs are those of their unrolling") {
  const int wanted = sanitizer::slow_build ? 6 : 60;
  std::map<std::string, int> seen;
  int compared = 0;
  for (std::uint64_t seed = 1; compared < wanted; ++seed) {
    const ir::Program p = with_places(random_program::affine(random_program::Choices(seed)));
    if (!has_rules(p)) continue;
    INFO("seed " << seed << "\n" << ir::to_string(p));
    const std::vector<Diagnostic> found = diagnose(p);
    if (has_error(found) || has(found, codes::incomplete)) continue;
    for (const Diagnostic& d : found) ++seen[d.code];
    check_warnings(p, found);
    ++compared;
  }
  if (sanitizer::slow_build) return;
  for (const char* code : {codes::never_read, codes::never_runs}) {
    INFO(code);
    CHECK(seen[code] > 0);
  }
}

}  // namespace diagnose_random_test
