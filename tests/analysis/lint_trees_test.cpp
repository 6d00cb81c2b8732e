// Hand-written edges of a tree, compared at given sizes.
#include <catch2/catch.hpp>
#include <cstdint>
#include <string>

#include "lambdapack/analysis/lint.hpp"
#include "lambdapack/ir/hand_graph_json.hpp"
#include "lambdapack/lambdapack.hpp"

namespace lint_trees_test {

namespace {

namespace ir = lambdapack::ir;

void sum_by_tree(lp::In<double, 1> x, lp::Out<double, 0> sum) {
  const auto n = x.extent(0);
  auto S = lp::temp<double, 2>("S", lp::zero);
  for (auto i : lp::range(n)) S(0, i) = copy(x(i));
  for (auto level : lp::range(lp::log2_ceil(n)))
    for (auto i : lp::range(0, n, lp::pow2(level + 1))) {
      const auto other = i + lp::pow2(level);
      if (auto pair = lp::when(other < n)) S(level + 1, i) = add(S(level, i), S(level, other));
      if (auto single = lp::when(other >= n)) S(level + 1, i) = copy(S(level, i));
    }
  sum() = copy(S(lp::log2_ceil(n), 0));
}

/// The edges into a task, family by family.
const std::string edges = R"json({
"format": "lambdapack-hand-graph", "version": 1,
"sizes": {"n": "x.extent(0)"},
"statements": [{"name": "leaf", "line": 0}, {"name": "pair", "line": 1},
               {"name": "single", "line": 2}, {"name": "top", "line": 3}],
"in": [
  {"to": {"statement": "pair", "indices": ["l", "i"]}, "when": "l == 0",
   "from": {"statement": "leaf", "indices": ["i"]}, "input": 0},
  {"to": {"statement": "pair", "indices": ["l", "i"]}, "when": "l > 0",
   "from": {"statement": "pair", "indices": ["l - 1", "i"]}, "input": 0},
  {"to": {"statement": "pair", "indices": ["l", "i"]}, "when": "l == 0",
   "from": {"statement": "leaf", "indices": ["i + pow2(l)"]}, "input": 1},
  {"to": {"statement": "pair", "indices": ["l", "i"]},
   "when": "l > 0 && i + pow2(l) + pow2(l - 1) < n",
   "from": {"statement": "pair", "indices": ["l - 1", "i + pow2(l)"]}, "input": 1},
  {"to": {"statement": "pair", "indices": ["l", "i"]},
   "when": "l > 0 && i + pow(2, l) + pow2(l - 1) >= n",
   "from": {"statement": "single", "indices": ["l - 1", "i + pow2(l)"]}, "input": 1},
  {"to": {"statement": "single", "indices": ["l", "i"]}, "when": "l == 0",
   "from": {"statement": "leaf", "indices": ["i"]}},
  {"to": {"statement": "single", "indices": ["l", "i"]}, "when": "l > 0 && i + pow2(l - 1) < n",
   "from": {"statement": "pair", "indices": ["l - 1", "i"]}},
  {"to": {"statement": "single", "indices": ["l", "i"]}, "when": "l > 0 && i + pow2(l - 1) >= n",
   "from": {"statement": "single", "indices": ["l - 1", "i"]}},
  {"to": {"statement": "top", "indices": []}, "when": "n == 1",
   "from": {"statement": "leaf", "indices": ["0"]}},
  {"to": {"statement": "top", "indices": []}, "when": "n > 1",
   "from": {"statement": "pair", "indices": ["log2_ceil(n) - 1", "0"]}}
]})json";

lambdapack::LintReport lint(const std::string& json, std::int64_t n) {
  return lambdapack::lint_at(lp::trace(sum_by_tree).program, ir::hand_graph_from_json(json), {n});
}

std::string edges_with(const std::string& part, const std::string& instead) {
  std::string changed = edges;
  const std::size_t at = changed.find(part);
  REQUIRE(at != std::string::npos);
  return changed.replace(at, part.size(), instead);
}

}  // namespace

TEST_CASE("the right edges of a tree are clean at each size") {
  for (std::int64_t n = 0; n <= 17; ++n) {
    INFO("n = " << n);
    CHECK(lint(edges, n).text() == "");
  }
}

TEST_CASE("wrong edges of a tree are found at the sizes that show them") {
  const std::string far =
      edges_with("\"l - 1\", \"i + pow2(l)\"", "\"l - 1\", \"i + pow2(l - 1)\"");
  CHECK(lint(far, 2).clean());
  CHECK(lint(far, 4).text() ==
        "/in: for n = 4: missing: pair[level=0,i=2] -> pair[level=1,i=0], input 1; all of them: "
        "pair[level = 0, i = 2] -> pair[level' = 1, i' = 0]\n"
        "/in/3: for n = 4: superfluous: pair[level=0,i=1] -> pair[level=1,i=0], input 1; there is "
        "no node pair[level=0,i=1]; that input comes from pair[level=0,i=2]; all of them: "
        "pair[level = 0, i = 1] -> pair[level' = 1, i' = 0]\n");
  const std::string low = edges_with("log2_ceil(n) - 1", "log2_floor(n) - 1");
  CHECK(lint(low, 8).clean());
  CHECK_FALSE(lint(low, 9).clean());
  CHECK_FALSE(lint(edges_with("\"when\": \"l == 0\"", "\"when\": \"l == 1\""), 5).clean());
}

TEST_CASE("powers in edges are read as the language has them, where sizes are given") {
  const auto refusal = [](const std::string& text) {
    try {
      lint(edges_with("i + pow2(l) + pow2(l - 1) < n", text), 5);
    } catch (const lambdapack::input_error& e) {
      return std::string(e.what());
    }
    return std::string("no refusal");
  };
  CHECK(refusal("i + pow(2, l) + pow2(l) / 2 < n") == "no refusal");
  CHECK_THAT(refusal("pow2 l < n"), Catch::Contains("expected ( and what the function is of"));
  CHECK_THAT(refusal("pow(l, 2) < n"), Catch::Contains("expected a constant base of at least 2"));
  CHECK_THAT(refusal("pow(2) < n"), Catch::Contains("expected , behind the base"));
  CHECK_THAT(refusal("pow2(l < n"), Catch::Contains("expected an operator or )"));
  CHECK_THROWS_WITH(
      lambdapack::lint_at(lp::trace(sum_by_tree).program, ir::hand_graph_from_json(edges), {1, 2}),
      Catch::Contains("has 1 sizes, and 2 are given"));
}

}  // namespace lint_trees_test
