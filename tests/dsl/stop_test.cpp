// lp::stop_if: what it is traced to, and what then depends on what.
#include <catch2/catch.hpp>
#include <set>
#include <vector>

#include "dsl/support.hpp"
#include "support/brute_force.hpp"

namespace stop_test {

using namespace dsl_test;  // NOLINT: the vocabulary of these tests

namespace stop_test {

/// A payload that says itself whether to stop.
struct Verdict {
  bool done = false;
  bool stop() const { return done; }
  static std::string type_name() { return "verdict"; }
  std::size_t byte_size() const { return 1; }
  void write_bytes(std::span<std::byte>) const {}
  static Verdict read_bytes(std::span<const std::byte>) { return {}; }
};

const auto step = lp::make_kernel("step", [](lp::inout<double>, lp::in<double>) {});
const auto norm = lp::make_kernel("norm", [](lp::out<double>, lp::in<double>) {});
const auto judge = lp::make_kernel("judge", [](lp::out<Verdict>, lp::in<double>) {});

void relax(lp::InOut<double, 1> x, lp::Integer steps) {
  auto flag = lp::temp<double, 1>("flag");
  for (auto t : lp::range(steps)) {
    for (auto i : lp::range(x.extent(0) - 1)) x(i) = step(x(i), x(i + 1));
    flag(t) = norm(x(0));
    lp::stop_if(flag(t));
    x(0) = step(x(0), flag(t));
  }
  x(0) = update(x(0));
}

void outer_loops(lp::InOut<double, 2> x, lp::Out<Verdict, 2> verdict, lp::Integer steps) {
  verdict.unwritten(lp::zero);
  for (auto k : lp::range(x.extent(0)))
    if (auto some = lp::when(k > 0))
      for (auto t : lp::range(steps, 0, -2)) {
        lp::stop_if(verdict(k, t + 2));
        x(k, 0) += add(x(k, 1));
        lp::tie(verdict(k, t)) = judge(x(k, 0));
      }
}

const char* const relaxed =
    "relax(inout x: float64[x.extent(0)], int steps)\n"
    "  temp flag: float64[*] unwritten zero\n"
    "  temp stop: stop[*] unwritten zero\n"
    "  for t in range(0, steps)\n"
    "    for i in range(0, x.extent(0) - 1)\n"
    "      x(i) = step(x(i), x(i + 1))\n"
    "    flag(t) = norm(x(0))\n"
    "    stop(t) = stop_if(flag(t), stop(t - 1))\n"
    "    x(0) = step(x(0), flag(t))\n"
    "  x(0) = update(x(0))\n";

std::string access(const lp::ir::Program& p, std::size_t statement, std::size_t read) {
  return to_string(p, p.statements[statement].reads[read]);
}

}  // namespace stop_test

using namespace stop_test;  // NOLINT: named, since clang hides unnamed ones
using brute_force::Indices;
using brute_force::Node;

TEST_CASE("stop_if becomes a chain of control tiles") {
  const lp::Traced traced = lp::trace(relax);
  const lp::ir::Program& p = traced.program;
  CHECK(text(traced) == relaxed);
  REQUIRE(p.statements.size() == 5);
  const std::vector<bool> stoppable{true, true, false, true, false};
  for (std::size_t s = 0; s < 5; ++s) CHECK(p.statements[s].stoppable == stoppable[s]);

  REQUIRE(p.statements[0].reads.size() == 4);
  CHECK(access(p, 0, 2) == "stop(t - 1)");
  CHECK(access(p, 0, 3) == "x(i)");
  REQUIRE(p.statements[1].reads.size() == 3);
  CHECK(access(p, 1, 1) == "stop(t - 1)");
  CHECK(access(p, 1, 2) == "flag(t)");
  CHECK(p.statements[2].reads.size() == 2);
  CHECK(access(p, 3, 2) == "stop(t - 1)");
  CHECK(p.statements[4].reads.size() == 1);

  const lp::kernel::Function& kernel = *traced.kernels[2];
  CHECK(kernel.name == "stop_if");
  CHECK(kernel.parameters[1].element == "stop");
}

TEST_CASE("a loop inside others, downwards, with a payload for its flag") {
  const lp::Traced traced = lp::trace(outer_loops);
  CHECK(text(traced) ==
        "outer_loops(inout x: float64[x.extent(0), x.extent(1)], out verdict: "
        "verdict[verdict.extent(0), verdict.extent(1)] unwritten zero, int steps)\n"
        "  temp stop: stop[*, *] unwritten zero\n"
        "  for k in range(0, x.extent(0))\n"
        "    when k > 0\n"
        "      for t in range(steps, 0, -2)\n"
        "        stop(k, t) = stop_if(verdict(k, t + 2), stop(k, t + 2))\n"
        "        x(k, 0) += add(x(k, 1))\n"
        "        verdict(k, t) = judge(x(k, 0))\n");
  CHECK(traced.program.statements[1].reduction);
  CHECK(access(traced.program, 1, 2) == "stop(k, t + 2)");
  CHECK(access(traced.program, 1, 3) == "x(k, 0)");
}

TEST_CASE("tasks of a step wait for the verdict on the one before") {
  const lp::ir::Program p = lp::trace(relax).program;
  const auto graph = brute_force::Interpreter::run(p, {3, 4});
  CHECK(graph.order.size() == 4 * 5 + 1);
  for (std::int64_t t = 0; t < 4; ++t) {
    const Node verdict{2, Indices(std::vector{t})};
    std::set<Node> expected;
    if (t < 3)
      expected = {Node{0, Indices(std::vector{t + 1, std::int64_t{0}})},
                  Node{0, Indices(std::vector{t + 1, std::int64_t{1}})},
                  Node{1, Indices(std::vector{t + 1})}, Node{2, Indices(std::vector{t + 1})},
                  Node{3, Indices(std::vector{t + 1})}};
    const auto found = graph.successors.find(verdict);
    CHECK((found == graph.successors.end() ? std::set<Node>{} : found->second) == expected);
  }
  const Node first{2, Indices(std::vector{std::int64_t{0}})};
  CHECK(graph.predecessors.at(first) == std::set<Node>{{1, Indices(std::vector{std::int64_t{0}})}});
}

TEST_CASE("a temporary that is changed in place keeps its check for unwritten tiles") {
  const auto program = [](lp::In<double, 1> x, lp::Integer steps) {
    auto S = lp::temp<double, 0>("S");
    S() = copy(x(0));
    for (auto t : lp::range(steps)) {
      S() = update(S());
      lp::stop_if(S());
    }
  };
  CHECK_FALSE(lp::trace(program).program.arrays[1].unwritten);
}

TEST_CASE("two loops, one after the other, are ended each by its own") {
  const auto program = [](lp::InOut<double, 1> x, lp::Integer steps) {
    for (auto s : lp::range(steps)) {
      for (auto t : lp::range(steps)) {
        x(0) = update(x(0));
        lp::stop_if(x(0));
      }
      for (auto t : lp::range(steps)) {
        x(s) = update(x(s));
        lp::stop_if(x(1));
      }
    }
  };
  CHECK(text(lp::trace(program)) ==
        "program(inout x: float64[x.extent(0)], int steps)\n"
        "  temp stop: stop[*, *] unwritten zero\n"
        "  temp stop: stop[*, *] unwritten zero\n"
        "  for s in range(0, steps)\n"
        "    for t in range(0, steps)\n"
        "      x(0) = update(x(0))\n"
        "      stop(s, t) = stop_if(x(0), stop(s, t - 1))\n"
        "    for t in range(0, steps)\n"
        "      x(s) = update(x(s))\n"
        "      stop(s, t) = stop_if(x(1), stop(s, t - 1))\n");
  const lp::ir::Program p = lp::trace(program).program;
  CHECK(p.statements[0].reads[1].array == 1);
  CHECK(p.statements[2].reads[1].array == 2);
}

TEST_CASE("where a loop cannot be stopped") {
  const auto program = [](lp::InOut<double, 1> x, lp::Integer n, int where) {
    if (where == 1) lp::stop_if(x(0));
    for (auto t : lp::range(n)) {
      if (where == 3)
        if (auto even = lp::when(t % 2 == 0)) lp::stop_if(x(0));
      for (auto s : lp::range(0, n, lp::pow2(where == 6 ? t : 0))) {
        if (where == 6) lp::stop_if(x(s));
        if (where == 7 || where == 10) lp::stop_if(x(0));
        if (where == 7) lp::stop_if(x(1));
        x(s) = update(x(s));
      }
      if (where == 10) lp::stop_if(x(0));
    }
  };
  constexpr int first = __LINE__ - 13;
  const auto says = [&](int where, int offset, const std::string& what) {
    CHECK(refusal([&] { lp::trace(program, where); }) ==
          "lambdapack: the lp::stop_if at line " + std::to_string(first + offset) + " " + what);
  };
  says(1, 0, "is in no loop; write it in the loop over steps that it ends");
  says(3, 3,
       "is in a guard, and in steps that the guard leaves out nothing would tell whether the loop "
       "has ended; write it in the loop itself, and let the flag's kernel decide");
  says(6, 5, "is in a loop whose step is a power; give the loop a constant step");
  says(7, 7, "is the second one of its loop; let one flag say all");
  says(10, 10, "is in a loop around or inside another loop with an lp::stop_if; keep one of them");
  CHECK(refusal([&] { lp::trace(program, 0); }).empty());
}

TEST_CASE("a stop_if inside a loop that has one") {
  const auto program = [](lp::InOut<double, 1> x, lp::Integer n) {
    for (auto t : lp::range(n)) {
      lp::stop_if(x(t));
      for (auto s : lp::range(n)) lp::stop_if(x(s));
    }
  };
  CHECK_THAT(refusal([&] { lp::trace(program); }),
             Catch::Contains("is in a loop around or inside another loop with an lp::stop_if"));
}

}  // namespace stop_test
