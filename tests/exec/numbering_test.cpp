// Numbers of nodes and values, and the tables that are kept by them.
#include <atomic>
#include <catch2/catch.hpp>
#include <cstdint>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include "counted.hpp"
#include "lambdapack/exec/detail/table.hpp"
#include "lambdapack/exec/numbering.hpp"

namespace numbering_test {

namespace {

using test_exec::Counted;

const auto increment = lp::make_kernel("increment", [](lp::inout<Counted> x) { ++x->value; });
const auto pair = lp::make_kernel("pair", [](lp::out<Counted> a, lp::out<Counted> b) {
  a->value = 1;
  b->value = 2;
});
const auto add =
    lp::make_kernel("add", [](lp::inout<Counted> x, lp::in<Counted> y) { x->value += y->value; });

void down_and_below_zero(lp::InOut<Counted, 1> A, lp::Integer n) {
  auto S = lp::temp<Counted, 2>("S");
  auto T = lp::temp<Counted, 2>("T");
  for (auto i : lp::range(n - 1, -n - 1, -2))
    for (auto j : lp::range(i, i + 3)) lp::tie(S(i + n, j + n), T(i + n, j + n)) = pair();
  for (auto i : lp::range(n - 1, -n - 1, -2))
    for (auto j : lp::range(i, i + 3)) {
      A(0) = add(A(0), S(i + n, j + n));
      A(0) = add(A(0), T(i + n, j + n));
    }
}

// n steps spread over a box of n^3 places.
void diagonal(lp::InOut<Counted, 1> A, lp::Integer n) {
  for (auto i : lp::range(n))
    for (auto j : lp::range(n))
      for (auto k : lp::range(n))
        if (auto on = lp::when(i == j && j == k)) A(0) = increment(A(0));
}

void wide(lp::InOut<Counted, 1> A, lp::Integer n) {
  for (auto h : lp::range(n))
    for (auto i : lp::range(n))
      for (auto j : lp::range(n))
        for (auto k : lp::range(n))
          if (auto on = lp::when(h == i && i == j && j == k)) A(0) = increment(A(0));
}

template <class Program, class... Arrays>
lp::exec::Job job_of(Program program, std::vector<std::int64_t> integers, Arrays&... arrays) {
  return lp::compile(program).job({lp::bind(arrays, 1)...}, integers);
}

// Distinct names have distinct numbers, all below the numbers there are.
void check_numbers(const lp::exec::Job& job) {
  const lp::exec::Numbering numbering(job);
  std::set<std::int64_t> nodes, values;
  std::int64_t count = 0, written = 0;
  job.graph.for_each_task([&](const lp::Node& node) {
    ++count;
    nodes.insert(numbering.number(node));
    CHECK(numbering.node(numbering.number(node)) == node);
    for (int slot = 0; slot < job.graph.output_count(node.line); ++slot, ++written)
      values.insert(numbering.number(lp::Value::of(node, slot)));
  });
  for (std::size_t a = 0; a < job.arrays.size(); ++a) {
    if (!job.arrays[a]) continue;
    lp::tile::detail::for_each_tile(job.arrays[a]->extents(), [&](lp::tile::Index index) {
      ++written;
      values.insert(
          numbering.number(lp::Value::initial({static_cast<int>(a), lp::Indices(index)})));
    });
  }
  REQUIRE(count > 0);
  CHECK(static_cast<std::int64_t>(nodes.size()) == count);
  CHECK(static_cast<std::int64_t>(values.size()) == written);
  CHECK(*nodes.begin() >= 0);
  CHECK(*nodes.rbegin() < numbering.nodes());
  CHECK(*values.begin() >= 0);
  CHECK(*values.rbegin() < numbering.values());
}

}  // namespace

TEST_CASE("numbers of nodes and values are distinct") {
  lp::TileArray<Counted> A({1});
  for (const std::int64_t n : {1, 2, 5}) check_numbers(job_of(down_and_below_zero, {n}, A));
  check_numbers(job_of(diagonal, {4}, A));
}

TEST_CASE("the same bits from loops that go down and below zero") {
  for (const int workers : {1, 3}) {
    lp::TileArray<Counted> A({1});
    A(0).value = 0;
    lp::run(lp::threads{workers}, down_and_below_zero, A, 7);
    CHECK(A(0).value == 7 * 3 * 3);
  }
}

TEST_CASE("a graph that is spread too wide for arrays runs from hash tables") {
  for (const int workers : {1, 2}) {
    lp::TileArray<Counted> A({1});
    A(0).value = 0;
    CHECK(lp::run(lp::threads{workers}, diagonal, A, 400).tasks == 400);
    CHECK(A(0).value == 400);
  }
}

TEST_CASE("loops that span too many combinations are refused before anything runs") {
  lp::TileArray<Counted> A({1});
  A(0).value = 5;
  CHECK_THROWS_WITH(
      lp::run(lp::threads{2}, wide, A, std::int64_t{1} << 16),
      "lambdapack: the loops of wide span more than 2^62 combinations of indices at these sizes, "
      "which is more than an executor can tell apart; use larger tiles, or bounds of loops instead "
      "of guards");
  CHECK(A(0).value == 5);
}

TEST_CASE("a table gives every thread the same record, dense or hashed") {
  struct Record {
    std::atomic<int> count{0};
  };
  for (const std::int64_t numbers : {std::int64_t{10'000}, std::int64_t{1} << 50}) {
    lp::exec::detail::Table<Record> table(numbers);
    const std::int64_t step = numbers / 10'000;
    const auto add_all = [&] {
      for (std::int64_t k = 0; k < 10'000; ++k) ++table.at(k * step).count;
    };
    std::thread other(add_all);
    add_all();
    other.join();
    bool all = true;
    for (std::int64_t k = 0; k < 10'000; ++k) all = all && table.at(k * step).count == 2;
    CHECK(all);
    table.drop(0);
  }
}

}  // namespace numbering_test
