// The generators of random programs by themselves: what they make is valid, small, mostly correct,
// and covers the language.
#include <array>
#include <catch2/catch.hpp>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "lambdapack/ir/ir.hpp"
#include "support/brute_force.hpp"
#include "support/random_program.hpp"
#include "support/random_tree_program.hpp"

namespace generator_test {

namespace {

namespace ir = lambdapack::ir;
using random_program::Choices;

using Make = ir::Program (*)(Choices);
using Seen = std::map<std::string, int>;

void look(const ir::Program& p, Seen& seen) {
  for (const ir::Function& f : p.functions) ++seen[ir::to_string(f.kind)];
  for (const ir::Array& a : p.arrays)
    if (a.unwritten) ++seen[a.unwritten->kernel < 0 ? "zero" : "made"];
  for (const ir::Scope& s : p.scopes) {
    if (const auto* loop = std::get_if<ir::Loop>(&s.what)) {
      if (!loop->step.terms.empty()) ++seen["power step"];
      if (ir::goes_down(loop->step)) ++seen["downward"];
    } else if (std::get<ir::Condition>(s.what).any_of.size() > 1) {
      ++seen["or"];
    }
  }
  for (const ir::Statement& s : p.statements) {
    seen["reduction"] += s.reduction;
    seen["two outputs"] += s.writes.size() > 1;
    seen["scalar"] += !s.scalars.empty();
    for (const ir::Access& read : s.reads)
      for (const ir::Subscript& x : read.subscripts)
        if (x.run) ++seen[x.run->step.terms.empty() ? "run" : "power run"];
  }
}

// Whether the oracle runs the program at sizes up to 9 without a violation.
bool is_correct(const ir::Program& p) {
  for (const std::int64_t n : {0, 1, 2, 5, 9})
    for (const std::int64_t m : {0, 2, 5}) try {
        std::vector<std::int64_t> parameters(p.parameters.size(), 1000);
        parameters[0] = n;
        parameters[1] = m;
        const brute_force::Graph graph = brute_force::Interpreter::run(p, parameters);
        REQUIRE(graph.order.size() < 6000);
      } catch (const brute_force::Violation&) {
        return false;
      }
  return true;
}

Seen make_some(Make make) {
  const int count = 300;
  Seen seen;
  int correct = 0;
  for (std::uint64_t seed = 1; seed <= count; ++seed) {
    const ir::Program p = make(Choices(seed));
    INFO("seed " << seed << "\n" << ir::to_string(p));
    ir::validate(p);
    REQUIRE(ir::from_json(ir::to_json(p)) == p);
    REQUIRE(make(Choices(seed)) == p);
    look(p, seen);
    correct += is_correct(p);
  }
  CHECK(correct > count * 3 / 4);
  CHECK(correct < count);
  return seen;
}

void check_all(const Seen& seen, const std::vector<std::string>& wanted) {
  for (const std::string& what : wanted) {
    INFO(what);
    CHECK((seen.contains(what) && seen.at(what) > 0));
  }
}

}  // namespace

TEST_CASE("random programs of loops are valid and cover the language") {
  check_all(make_some(random_program::affine),
            {"quotient", "remainder", "zero", "made", "or", "downward", "run", "reduction",
             "two outputs", "scalar"});
  check_all(make_some(random_program::wild),
            {"power", "log_floor", "log_ceil", "power step", "quotient", "run"});
}

TEST_CASE("random trees are valid and cover the language") {
  check_all(make_some(random_program::tree),
            {"power", "log_floor", "log_ceil", "power step", "power run", "downward", "zero", "or",
             "reduction", "two outputs", "quotient", "remainder"});
}

TEST_CASE("any bytes make a valid program") {
  for (const Make make : {random_program::affine, random_program::wild, random_program::tree}) {
    ir::validate(make(Choices(std::span<const std::uint8_t>())));
    std::array<std::uint8_t, 64> bytes{};
    for (int value = 0; value < 256; ++value) {
      bytes.fill(static_cast<std::uint8_t>(value));
      bytes[static_cast<std::size_t>(value % 64)] = 7;
      ir::validate(make(Choices(bytes)));
    }
  }
}

}  // namespace generator_test
