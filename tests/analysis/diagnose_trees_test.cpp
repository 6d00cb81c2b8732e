// Each finding about a program with powers and logarithms: its sentence, sizes and example.
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "lambdapack/analysis/diagnose.hpp"
#include "lambdapack/codes.hpp"
#include "support/programs.hpp"
#include "support/programs_ir.hpp"
#include "support/sanitizer.hpp"

namespace diagnose_trees_test {

namespace {

namespace codes = lambdapack::codes;
using lambdapack::Diagnostic;
using lambdapack::In;
using lambdapack::InOut;
using lambdapack::log2_ceil;
using lambdapack::log2_floor;
using lambdapack::Out;
using lambdapack::pow2;
using lambdapack::range;
using namespace test_programs;

/// The first finding with this number.
template <class F>
Diagnostic first(F f, const char* code) {
  const sanitizer::MayLeak off;  // isl leaves objects behind where a condition is beyond its budget
  const std::vector<Diagnostic> found =
      lambdapack::analysis::diagnose(lambdapack::trace(f).program);
  for (const Diagnostic& d : found) UNSCOPED_INFO(to_string(d));
  const auto d =
      std::find_if(found.begin(), found.end(), [&](const Diagnostic& x) { return x.code == code; });
  REQUIRE(d != found.end());
  return *d;
}

/// A message with `#1` for the line of its place in this file.
std::string plain(std::string text, const Diagnostic& d) {
  const auto replace = [&](const std::string& what, const std::string& by) {
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos;)
      text.replace(at, what.size(), by);
  };
  replace("diagnose_trees_test.cpp:" + std::to_string(d.place.line), "#1");
  replace("line " + std::to_string(d.place.line), "line #1");
  return text;
}

// clang-format off
void read_too_early(In<double, 1> x, Out<double, 1> y) {
  auto S = lambdapack::temp<double, 1>("S");
  for (auto i : range(x.extent(0))) S(i + 1) = make(x(i));
  for (auto i : range(log2_floor(x.extent(0)))) y(i) = make(S(pow2(i) - 1));
}

void written_later(In<double, 1> x, Out<double, 1> y) {
  auto S = lambdapack::temp<double, 2>("S");
  for (auto i : range(x.extent(0))) S(0, i) = make(x(i));
  for (auto l : range(log2_ceil(x.extent(0))))
    for (auto i : range(0, x.extent(0), pow2(l + 1))) {
      y(l) = make(S(l + 1, i));
      S(l + 1, i) = make(S(l, i));
    }
}

void other_powers(InOut<double, 1> x) {
  auto S = lambdapack::temp<double, 1>("S");
  S(2) = make(x(0));
  for (auto l : range(log2_ceil(x.extent(0)))) S(lambdapack::pow(10, l + 1)) = make(S(lambdapack::pow(10, l)));
}

void powers_of_10(InOut<double, 1> x) {
  auto S = lambdapack::temp<double, 1>("S");
  S(1) = make(x(0));
  for (auto l : range(log2_ceil(x.extent(0)))) S(lambdapack::pow(10, l + 1)) = make(S(lambdapack::pow(10, l)));
}

void never_written(In<double, 1> x, Out<double, 1> y) {
  auto S = lambdapack::temp<double, 1>("S");
  for (auto i : range(log2_ceil(x.extent(0)))) y(i) = make(S(pow2(i)));
}

void not_in_full(Out<double, 1> y, In<double, 1> x) {
  for (auto i : range(log2_floor(y.extent(0)))) y(pow2(i)) = make(x(0));
}

void past_the_end(InOut<double, 1> x) {
  for (auto l : range(log2_ceil(x.extent(0))))
    for (auto j : range(0, x.extent(0) - pow2(l), pow2(l + 1)))
      x(j) = update1(x(j), x(j + pow2(l) + 1));
}

void one_tile_twice(InOut<double, 1> x) {
  for (auto l : range(log2_ceil(x.extent(0))))
    for (auto j : range(0, x.extent(0) - pow2(l), pow2(l + 1)))
      lambdapack::tie(x(j), x(j + pow2(l) - 1)) = both(x(j), x(j + pow2(l) - 1));
}

void unread(In<double, 1> x, Out<double, 0> y) {
  auto S = lambdapack::temp<double, 1>("S");
  for (auto l : range(log2_ceil(x.extent(0)))) S(l) = make(x(pow2(l)));
  y() = make(x(0));
}

void never_runs(InOut<double, 1> x) {
  for (auto l : range(log2_ceil(x.extent(0))))
    for (auto i : range(pow2(l), pow2(l))) x(i) = update(x(i));
}

void one_chain(InOut<double, 1> x) {
  for (auto l : range(log2_ceil(x.extent(0)))) x(0) = update1(x(0), x(pow2(l)));
}
// clang-format on

}  // namespace

TEST_CASE("a tree that reads a tile before it is written") {
  const Diagnostic d = first(read_too_early, codes::read_before_write);
  CHECK(plain(d.message, d) ==
        "S(pow2(i) - 1) at #1 is read before it is written when x.extent(0) >= 2 and y.extent(0) > "
        "0: for x.extent(0) = 2, y.extent(0) = 1 the node make[i=0] reads S(0), which nothing has "
        "written by then; write the tile first, guard the read with lp::when, or say what "
        "unwritten tiles hold");
  CHECK(d.condition == "x.extent(0) >= 2 and y.extent(0) > 0");
  CHECK(plain(d.example, d) ==
        "for x.extent(0) = 2, y.extent(0) = 1: S(0) is read at line #1 by make[i=0], but nothing "
        "writes it");
  CHECK(d.second == lambdapack::ir::Location{});  // at this size only S(1) and S(2) are written
}

TEST_CASE("a tree's read before the write names the statement that writes this very tile") {
  const Diagnostic later = first(written_later, codes::read_before_write);
  CHECK(later.second.line == later.place.line + 1);
  CHECK(later.message.find("the node make[l=0,i=0] reads S(1, 0),") != std::string::npos);
  CHECK(first(other_powers, codes::read_before_write).second == lambdapack::ir::Location{});
  for (const Diagnostic& d :
       lambdapack::analysis::diagnose(lambdapack::trace(powers_of_10).program))
    if (d.code == codes::read_before_write) CHECK(d.second == lambdapack::ir::Location{});
}

TEST_CASE("a tree that reads what nothing writes") {
  const Diagnostic d = first(never_written, codes::never_written);
  CHECK(plain(d.message, d) ==
        "S(pow2(i)) at #1 is read, but nothing ever writes it when x.extent(0) >= 2 and "
        "y.extent(0) > 0: for x.extent(0) = 2, y.extent(0) = 1 the node make[i=0] reads S(1), "
        "which nothing has written by then; write the tile first, guard the read with lp::when, or "
        "say what unwritten tiles hold");
  CHECK(d.condition == "x.extent(0) >= 2 and y.extent(0) > 0");
}

TEST_CASE("an output of which powers are written") {
  const Diagnostic d = first(not_in_full, codes::not_fully_written);
  CHECK(plain(d.message, d) ==
        "the output y, written at #1, is not written in full when y.extent(0) = 1, and at other "
        "sizes: for y.extent(0) = 1, x.extent(0) = 0 nothing writes y(0); write the tile, or say "
        "what unwritten tiles hold with y.unwritten(lp::zero), or, in a function over lp::Tiles, "
        "take it as lp::Tiles<T>&, "
        "whose tiles hold something before");
  CHECK(d.condition == "y.extent(0) = 1, and at other sizes");
}

TEST_CASE("a tree that goes past the end") {
  const Diagnostic d = first(past_the_end, codes::index_out_of_extent);
  CHECK(plain(d.example, d) ==
        "for x.extent(0) = 2: update1[l=0,j=0] takes an index of dimension 0 that is past the end");
  CHECK(plain(d.message, d) ==
        "x(j + pow2(l) + 1) at #1 leaves the array: for x.extent(0) = 2 the "
        "node update1[l=0,j=0] takes an index of dimension 0 that is past the end; change the "
        "loop's bounds, or guard the statement with lp::when");
}

TEST_CASE("a tree with two outputs in one tile") {
  const Diagnostic d = first(one_tile_twice, codes::outputs_collide);
  CHECK(plain(d.message, d) ==
        "outputs 0 and 1 of the statement at #1 write the same tile when x.extent(0) >= 2: for "
        "x.extent(0) = 2 in both[l=0,j=0]; give each output a tile of its own");
  CHECK(d.condition == "x.extent(0) >= 2");
}

TEST_CASE("a tile for each level that nothing reads") {
  const Diagnostic d = first(unread, codes::never_read);
  CHECK(plain(d.message, d) ==
        "S(l) at #1 is written and not read when x.extent(0) >= 2: for x.extent(0) = 2 nothing "
        "reads what make[l=0] writes to S(0); leave the statement out there, or read the tile");
}

TEST_CASE("a level of a tree that never runs") {
  const Diagnostic d = first(never_runs, codes::never_runs);
  CHECK(plain(d.message, d) ==
        "x(i) = update(x(i)) at #1 never runs: its loops and guards leave it no index at any size "
        "that the program can run at; change them, or leave the statement out");
  CHECK(d.condition == "at all sizes");
}

TEST_CASE("levels of a tree that are one chain") {
  const Diagnostic d = first(one_chain, codes::chain);
  CHECK(plain(d.message, d) ==
        "the tasks of x(0) = update1(x(0), x(pow2(l))) at #1 form one chain when x.extent(0) >= 3: "
        "each reads what the one before it writes, for x.extent(0) = 3 update1[l=1] what "
        "update1[l=0] writes, so no two of them run at once; give independent iterations tiles of "
        "their own");
}

}  // namespace diagnose_trees_test
