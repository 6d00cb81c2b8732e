// Misuses that only the running program shows. Those that the compiler shows are in
// tests/compile_errors.
#include <catch2/catch.hpp>
#include <optional>
#include <stdexcept>

#include "dsl/support.hpp"

namespace misuse_test {

using namespace dsl_test;  // NOLINT: the vocabulary of these tests
using Catch::Contains;

namespace {

/// Whether the language believes that a program is being traced.
bool is_tracing() { return lp::detail::Recorder::current_or_null() != nullptr; }

const char* const left_loop =
    "lambdapack: a loop was left by break, return or an exception; let every loop run to its end "
    "and choose with lp::when [lp-E007]";

std::string outside(const std::string& word) {
  return "lambdapack: " + word +
         " was used outside of a program; write it in a function and hand that function to "
         "lp::run, lp::start or lp::trace [lp-E007]";
}

}  // namespace

TEST_CASE("a loop outside of a program") {
  CHECK(refusal([] {
          for (auto i : lp::range(3)) static_cast<void>(i);
        }) == outside("lp::range"));
}

TEST_CASE("a guard outside of a program") {
  CHECK(refusal([] {
          if (auto inside = lp::when(lp::Expr(0) < lp::Expr(1))) static_cast<void>(inside);
        }) == outside("lp::when"));
}

TEST_CASE("a temporary outside of a program") {
  CHECK(refusal([] { lp::temp<double, 1>("S"); }) == outside("lp::temp"));
}

TEST_CASE("a tile and a kernel outside of a program") {
  using Tile = lp::TileRef<double, true>;
  std::optional<lp::InOut<double, 1>> array;
  std::optional<Tile> tile;
  lp::trace([&](lp::InOut<double, 1> x) {
    array.emplace(x);
    tile.emplace(x(0));
  });
  CHECK(refusal([&] { (*array)(0); }) == outside("a tile"));
  CHECK(refusal([&] { *tile = update(*tile); }) == outside("update"));
}

TEST_CASE("break out of a loop") {
  CHECK(refusal([] {
          lp::trace([](lp::InOut<double, 1> x) {
            for (auto i : lp::range(x.extent(0))) {
              x(i) = update(x(i));
              break;
            }
            x(0) = update(x(0));
          });
        }) == left_loop);
}

TEST_CASE("return inside a loop") {
  const auto program = [](lp::InOut<double, 1> x, bool stop) {
    for (auto i : lp::range(x.extent(0)))
      for (auto j : lp::range(i)) {
        x(j) = update(x(i));
        if (stop) return;
      }
  };
  CHECK(refusal([&] { lp::trace(program, true); }) == left_loop);
  CHECK(refusal([&] { lp::trace(program, false); }).empty());
  CHECK_FALSE(is_tracing());
}

TEST_CASE("a loop with step 0") {
  constexpr int line = __LINE__ + 2;
  const auto program = [](lp::InOut<double, 1> x) {
    for (auto i : lp::range(0, x.extent(0), 0)) x(i) = update(x(i));
  };
  CHECK(refusal([&] { lp::trace(program); }) == "lambdapack: the lp::range at line " +
                                                    std::to_string(line) +
                                                    " has step 0; give it a step that is not 0 [lp-E007]");
}

TEST_CASE("the extent of a dimension that does not exist") {
  const auto program = [](lp::InOut<double, 2> A, int d) { A(0, 0) = update(A(A.extent(d), 0)); };
  CHECK(refusal([&] { lp::trace(program, 2); }) ==
        "lambdapack: extent(2) of an array of rank 2; dimensions count from 0, give "
        "one that it has [lp-E008]");
  CHECK(refusal([&] { lp::trace(program, -1); }) ==
        "lambdapack: extent(-1) of an array of rank 2; dimensions count from 0, give "
        "one that it has [lp-E008]");
  CHECK(refusal([&] { lp::trace(program, 1); }).empty());
}

TEST_CASE("an index that is used after its loop") {
  const auto program = [](lp::InOut<double, 1> x) {
    lp::Expr last;
    for (auto i : lp::range(x.extent(0))) last = i;
    x(last) = update(x(last));
  };
  CHECK_THAT(refusal([&] { lp::ir::validate(lp::trace(program).program); }),
             Contains("there is no loop around this expression"));
}

TEST_CASE("an exception thrown inside a program passes, and no trace is left behind") {
  const auto program = [](lp::InOut<double, 1> x) {
    for (auto i : lp::range(x.extent(0)))
      if (auto inside = lp::when(i > 0)) throw std::domain_error("mine");
  };
  CHECK_THROWS_AS(lp::trace(program), std::domain_error);
  CHECK_FALSE(is_tracing());

  const auto next = [](lp::InOut<double, 1> x) { x(0) = update(x(0)); };
  CHECK(text(lp::trace(next)) == "program(inout x: float64[x.extent(0)])\n  x(0) = update(x(0))\n");
}

TEST_CASE("an exception of a trace inside a trace leaves the outer one going") {
  const auto inner = [](lp::InOut<double, 1> x) {
    for (auto i : lp::range(x.extent(0))) {
      x(i) = update(x(i));
      throw std::domain_error("mine");
    }
  };
  const auto outer = [&](lp::InOut<double, 1> x) {
    for (auto i : lp::range(x.extent(0))) {
      CHECK_THROWS_AS(lp::trace(inner), std::domain_error);
      CHECK(is_tracing());
      x(i) = update(x(i));
    }
  };
  CHECK(lp::trace(outer).program.statements.size() == 1);
  CHECK_FALSE(is_tracing());
}

TEST_CASE("continue ends a body early, as in any loop") {
  const auto program = [](lp::InOut<double, 1> x, bool all) {
    for (auto i : lp::range(x.extent(0))) {
      x(i) = update(x(i));
      if (!all) continue;
      x(i) = update(x(i));
    }
  };
  CHECK(lp::trace(program, true).program.statements.size() == 2);
  CHECK(lp::trace(program, false).program.statements.size() == 1);
}

}  // namespace misuse_test
