// Each finding about a program: its number, sentence, places, sizes and example.
#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "lambdapack/analysis/diagnose.hpp"
#include "lambdapack/codes.hpp"
#include "lambdapack/error.hpp"
#include "lambdapack/graph/task_graph.hpp"
#include "support/programs.hpp"
#include "support/programs_ir.hpp"

namespace diagnose_test {

namespace {

namespace codes = lambdapack::codes;
namespace ir = lambdapack::ir;
using lambdapack::Diagnostic;
using lambdapack::In;
using lambdapack::InOut;
using lambdapack::Integer;
using lambdapack::Out;
using lambdapack::range;
using lambdapack::Severity;
using lambdapack::when;
using namespace test_programs;

template <class F>
std::vector<Diagnostic> diagnose(F f) {
  return lambdapack::analysis::diagnose(lambdapack::trace(f).program);
}

/// The only error of a program, which `analyse` must throw; without errors, the only finding.
template <class F>
Diagnostic only(F f) {
  const ir::Program program = lambdapack::trace(f).program;
  std::vector<Diagnostic> found = lambdapack::analysis::diagnose(program);
  const auto errors = std::count_if(found.begin(), found.end(), [](const Diagnostic& d) {
    return d.severity == Severity::error;
  });
  if (errors > 0) found.resize(static_cast<std::size_t>(errors));
  for (const Diagnostic& d : found) UNSCOPED_INFO(to_string(d));
  REQUIRE(found.size() == 1);
  std::string said, code;
  try {
    lambdapack::analysis::analyse(program);
  } catch (const lambdapack::program_error& e) {
    said = e.what();
    code = e.code();
  }
  if (found[0].severity == Severity::error) {
    CHECK(said == "lambdapack: " + found[0].message + " [" + found[0].code + "]");
    CHECK(code == found[0].code);
  } else {
    CHECK(said.empty());
  }
  return found[0];
}

/// A message with `#1` for line `place` and `#2` for line `second` of this file.
std::string plain(std::string text, const Diagnostic& d) {
  const auto replace = [&](const std::string& what, const std::string& by) {
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos;)
      text.replace(at, what.size(), by);
  };
  replace("diagnose_test.cpp:" + std::to_string(d.place.line), "#1");
  replace("diagnose_test.cpp:" + std::to_string(d.second.line), "#2");
  replace("line " + std::to_string(d.place.line), "line #1");
  replace("line " + std::to_string(d.second.line), "line #2");
  return text;
}

// clang-format off
void read_too_early(In<double, 1> x, Out<double, 1> y) {
  auto S = lambdapack::temp<double, 1>("S");
  for (auto i : range(y.extent(0))) {
    y(i) = make(S(i));
    S(i) = make(x(i));
  }
}

void reads_more_than_is_written(In<double, 1> x, Out<double, 1> y) {
  auto S = lambdapack::temp<double, 1>("S");
  for (auto i : range(y.extent(0) - 1)) S(i) = make(x(i));
  for (auto i : range(y.extent(0))) y(i) = make(S(i));
}

void no_result(In<double, 1>, Out<double, 1>) {}

void reads_temp_that_nothing_writes(Out<double, 1> y) {
  auto S = lambdapack::temp<double, 2>("S");
  for (auto i : range(y.extent(0))) y(i) = make(S(i, 0));
}

void lower_triangle(InOut<double, 2> A, Out<double, 2> L) {
  for (auto i : range(A.extent(0)))
    for (auto j : range(i + 1)) L(i, j) = make(A(i, j));
}

void past_the_end(InOut<double, 1> x) {
  for (auto i : range(x.extent(0))) x(i) = update1(x(i), x(i + 1));
}

void one_tile_twice(InOut<double, 1> x) {
  for (auto i : range(x.extent(0)))
    if (auto inside = when(i < 1)) lambdapack::tie(x(i), x(0)) = both(x(i), x(0));
}

void overwritten(InOut<double, 1> x) {
  for (auto i : range(x.extent(0))) x(i) = fill();
  for (auto i : range(x.extent(0))) x(i) = fill();
}

void last_not_needed(In<double, 1> x, Out<double, 1> y) {
  auto S = lambdapack::temp<double, 1>("S");
  for (auto i : range(y.extent(0))) S(i) = make(x(i));
  for (auto i : range(1, y.extent(0))) y(i) = make(S(i - 1));
  if (auto some = when(y.extent(0) > 0)) y(0) = make(x(0));
}

void never_runs(InOut<double, 1> x) {
  for (auto i : range(x.extent(0)))
    if (auto inside = when(i < 0)) x(i) = update(x(i));
}

void chain(InOut<double, 1> x, Integer steps) {
  for ([[maybe_unused]] auto t : range(steps))
    for (auto i : range(x.extent(0) - 1)) x(i + 1) = update1(x(i + 1), x(i));
}

void one_chain(InOut<double, 1> x) {
  for (auto i : range(x.extent(0) - 1, 0, -1)) x(i - 1) = update1(x(i - 1), x(i));
}
// clang-format on

}  // namespace

TEST_CASE("a read before the write names both ends") {
  const Diagnostic d = only(read_too_early);
  CHECK(d.code == "lp-E001");
  CHECK(d.severity == Severity::error);
  CHECK(d.second.line == d.place.line + 1);
  CHECK(plain(d.message, d) ==
        "S(i) at #1 is read before it is written when y.extent(0) > 0: for x.extent(0) = 1, "
        "y.extent(0) = 1 the node make[i=0] reads S(0), which nothing has written by then "
        "(make[i=0] at #2 is the first to write it); write the tile first, or guard the read with "
        "lp::when");
  CHECK(d.condition == "y.extent(0) > 0");
  CHECK(plain(d.example, d) ==
        "for x.extent(0) = 1, y.extent(0) = 1: S(0) is read at line #1 by make[i=0], but the first "
        "write is line #2");
  CHECK(d.sizes == std::vector<std::int64_t>{1, 1});
  CHECK(to_string(d).starts_with("diagnose_test.cpp:" + std::to_string(d.place.line) +
                                 ": error: S(i) at "));
}

TEST_CASE("a read that no write comes for") {
  const Diagnostic d = only(reads_more_than_is_written);
  CHECK(d.code == "lp-E001");
  CHECK(d.second.line == 0);
  CHECK(plain(d.example, d) ==
        "for x.extent(0) = 0, y.extent(0) = 1: S(0) is read at line #1 by make[i=0], but nothing "
        "writes it");
}

TEST_CASE("an output that nothing writes") {
  const Diagnostic d = only(no_result);
  CHECK(d.code == "lp-E002");
  CHECK(d.message ==
        "nothing ever writes the output B of program when B.extent(0) > 0: for A.extent(0) = 0, "
        "B.extent(0) = 1 its tile B(0) is left out; write its tiles, or say what unwritten tiles "
        "hold with B.unwritten(lp::zero), or, in a function over lp::Tiles, take it as "
        "lp::Tiles<T>&, "
        "whose tiles hold something before");
}

TEST_CASE("a temporary that nothing writes") {
  const Diagnostic d = only(reads_temp_that_nothing_writes);
  CHECK(d.code == "lp-E002");
  CHECK(plain(d.message, d) ==
        "S(i, 0) at #1 is read, but nothing ever writes S when y.extent(0) > 0: for y.extent(0) = "
        "1 the node make[i=0] reads S(0, 0); write the tile first, or say what unwritten tiles "
        "hold with lp::temp<T, 2>(\"S\", lp::zero)");
}

TEST_CASE("an output of which a part is written") {
  const Diagnostic d = only(lower_triangle);
  CHECK(d.code == "lp-E003");
  CHECK(plain(d.message, d) ==
        "the output L, written at #1, is not written in full when A.extent(0) >= 2: for "
        "A.extent(0) = 2, A.extent(1) = 2, L.extent(0) = 2, L.extent(1) = 2 nothing writes L(0, "
        "1); write the tile, or say what unwritten tiles hold with L.unwritten(lp::zero), or, in a "
        "function over lp::Tiles, take it as lp::Tiles<T>&, whose tiles hold something before");
  CHECK(d.sizes.size() == 4);
}

TEST_CASE("an index past the end") {
  const Diagnostic d = only(past_the_end);
  CHECK(d.code == "lp-E004");
  CHECK(plain(d.message, d) ==
        "x(i + 1) at #1 leaves the array when x.extent(0) > 0: for x.extent(0) = 1 the node "
        "update1[i=0] takes an index of dimension 0 that is past the end; change the loop's "
        "bounds, or guard the statement with lp::when");
}

TEST_CASE("two outputs, one tile") {
  const Diagnostic d = only(one_tile_twice);
  CHECK(d.code == "lp-E005");
  CHECK(plain(d.message, d) ==
        "outputs 0 and 1 of the statement at #1 write the same tile when x.extent(0) > 0: for "
        "x.extent(0) = 1 in both[i=0]; give each output a tile of its own");
}

TEST_CASE("a value that is overwritten unread") {
  const Diagnostic d = only(overwritten);
  CHECK(d.code == "lp-W001");
  CHECK(d.severity == Severity::warning);
  CHECK(plain(d.message, d) ==
        "x(i) at #1 is written and not read when x.extent(0) > 0: for x.extent(0) = 1 nothing "
        "reads what fill[i=0] writes to x(0) before fill[i=0] at #2 overwrites it; leave the "
        "statement out there, or read the tile");
  CHECK(d.second.line == d.place.line + 1);
}

TEST_CASE("a temporary tile that nothing reads") {
  const Diagnostic d = only(last_not_needed);
  CHECK(d.code == "lp-W001");
  CHECK(plain(d.example, d) ==
        "for x.extent(0) = 1, y.extent(0) = 1: S(0) is written at line #1 by make[i=0], but "
        "nothing reads it");
}

TEST_CASE("a statement that never runs") {
  const Diagnostic d = only(never_runs);
  CHECK(d.code == "lp-W002");
  CHECK(plain(d.message, d) ==
        "x(i) = update(x(i)) at #1 never runs: its loops and guards leave it no index at any size "
        "that the program can run at; change them, or leave the statement out");
}

TEST_CASE("a chain of tasks") {
  const Diagnostic d = only(one_chain);
  CHECK(d.code == "lp-R001");
  CHECK(d.severity == Severity::remark);
  CHECK(plain(d.message, d) ==
        "the tasks of x(i - 1) = update1(x(i - 1), x(i)) at #1 form one chain when x.extent(0) >= "
        "3: each reads what the one before it writes, for x.extent(0) = 3 update1[i=1] what "
        "update1[i=2] writes, so no two of them run at once; give independent iterations tiles of "
        "their own");
  CHECK(diagnose(chain).empty());
  CHECK(diagnose(cholesky).empty());
}

TEST_CASE("a chain of the tasks of two statements") {
  const auto to_and_fro = [](InOut<double, 1> x, Integer steps) {
    auto S = lambdapack::temp<double, 0>("S");
    for (auto t : range(steps)) {
      S() = copy(x(0));
      x(0) = copy(S());
    }
  };
  const Diagnostic d = only(to_and_fro);
  CHECK(d.code == "lp-R001");
  CHECK(
      plain(d.message, d) ==
      "the tasks of S() = copy(x(0)) at #1 and x(0) = copy(S()) at #2 form one chain when "
      "x.extent(0) > 0 and steps > 0: each reads what the one before it writes, for x.extent(0) = "
      "1, steps = 1 copy[t=0] at #2 what copy[t=0] at #1 writes, so no two of them run at once; "
      "give independent iterations tiles of their own");
  CHECK(diagnose([](InOut<double, 1> x, Integer steps) {
          auto S = lambdapack::temp<double, 0>("S");
          for (auto t : range(steps)) {
            S() = copy(x(0));
            x(0) = copy(S());
            x(1) = copy(S());
          }
        }).size() == 2);
  CHECK(diagnose([](InOut<double, 1> x, Integer steps) {
          for (auto t : range(steps))
            for (auto i : range(x.extent(0))) {
              x(i) = lambdapack::add(x(i), x(i));
              x(i) = lambdapack::scale(x(i), 0.5);
            }
        }).empty());
}

TEST_CASE("all errors of a program are found, not only the first") {
  const auto found = diagnose([](In<double, 1> x, Out<double, 1> y, Out<double, 1>) {
    auto S = lambdapack::temp<double, 1>("S");
    for (auto i : range(y.extent(0))) y(i) = make2(x(i), S(i));
    for (auto i : range(y.extent(0))) y(i) = update1(y(i), y(i + 1));
  });
  std::vector<std::string> found_codes;
  for (const Diagnostic& d : found)
    if (d.severity == Severity::error) found_codes.push_back(d.code);
  CHECK(found_codes == std::vector<std::string>{"lp-E004", "lp-E002", "lp-E002"});
}

TEST_CASE("an array that is only too large is a matter of the sizes") {
  const ir::Program p = lambdapack::trace([](In<double, 1> x, Out<double, 1> y) {
                          for (auto i : range(x.extent(0))) y(i) = make(x(i));
                        }).program;
  CHECK(lambdapack::analysis::diagnose(p).empty());
  const auto forms =
      std::make_shared<const lambdapack::form::ClosedForms>(lambdapack::analysis::analyse(p));
  CHECK_NOTHROW(lambdapack::TaskGraph(forms, {3, 3}));
  CHECK_THROWS_WITH(lambdapack::TaskGraph(forms, {3, 4}),
                    Catch::Contains("writing all of the output y at diagnose_test.cpp:") &&
                        Catch::Contains("needs y.extent(0) = x.extent(0)") &&
                        Catch::Contains("[lp-E010]"));
}

TEST_CASE("programs that are out of reach of the analysis are findings too") {
  ir::Program p = lambdapack::trace(cholesky).program;
  const auto over = lambdapack::analysis::diagnose(p, {.max_operations = 1000});
  REQUIRE(over.size() == 1);
  CHECK(over[0].code == codes::too_large);
  CHECK_THAT(over[0].message, Catch::StartsWith("the analysis used up its budget"));
  p.statements[0].kernel = 99;
  const auto broken = lambdapack::analysis::diagnose(p);
  REQUIRE(broken.size() == 1);
  CHECK(broken[0].code == codes::ill_formed);
  CHECK_THAT(broken[0].message, Catch::StartsWith("invalid program: cholesky: "));
}

TEST_CASE("errors of a program with powers") {
  const auto powers = [](In<double, 1> x, Out<double, 1> y, bool at_zero) {
    auto S = lambdapack::temp<double, 1>("S");
    for (auto i : range(x.extent(0))) S(at_zero ? i : i + 1) = copy(x(i));
    for (auto i : range(0, lambdapack::log2_floor(x.extent(0))))
      y(i) = copy(S(lambdapack::pow2(i) - 1));
  };
  const auto unread = lambdapack::analysis::diagnose(lambdapack::trace(powers, true).program);
  REQUIRE(unread.size() == 1);  // S(2), for one
  CHECK(unread[0].code == codes::never_read);
  const auto found = lambdapack::analysis::diagnose(lambdapack::trace(powers, false).program);
  // What is unread is not asked where tiles are not what their reader means.
  REQUIRE(found.size() == 1);
  CHECK(found[0].code == codes::read_before_write);
  CHECK_THAT(found[0].message,
             Catch::Contains("is read before it is written when x.extent(0) >= 2 and "
                             "y.extent(0) > 0: for x.extent(0) = 2") &&
                 Catch::Contains("reads S(0)"));
}

}  // namespace diagnose_test
