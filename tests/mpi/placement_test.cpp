// Which rank runs which task, how it finds its own, and what is sent.
#include <catch2/catch.hpp>
#include <cstdint>
#include <lambdapack/algorithm/algorithm.hpp>
#include <lambdapack/exec/mpi/own_tasks.hpp>
#include <lambdapack/exec/mpi/placement.hpp>
#include <lambdapack/exec/mpi/predict.hpp>
#include <lambdapack/lambdapack.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace placement_test {

namespace {

using namespace lp::exec::distributed;
using lp::Distribution;
using lp::ProcessGrid;

/// A placement of a compiled program by the standard distributions.
Placement standard(const lp::Compiled& compiled, const lp::TaskGraph& graph, ProcessGrid grid) {
  std::vector<ArrayPlace> places;
  for (const auto& array : compiled.program().arrays)
    places.push_back(
        ArrayPlace::all_at(Distribution::standard(static_cast<std::size_t>(array.rank), grid)));
  return Placement(compiled.program(), graph, places, grid.size());
}

/// Every task is found by one rank, the one that runs it.
void check_walks(const lp::Compiled& compiled, std::vector<std::int64_t> sizes, ProcessGrid grid) {
  const lp::TaskGraph graph = compiled.graph(std::move(sizes));
  const Placement placement = standard(compiled, graph, grid);
  std::set<lp::Node> found;
  for (int rank = 0; rank < grid.size(); ++rank) {
    OwnTasks walk(compiled.program(), graph.parameters(), placement, rank);
    for (lp::Node node; walk.next(node);) {
      REQUIRE(graph.contains(node));
      REQUIRE(placement.rank_of(node) == rank);
      REQUIRE(found.insert(node).second);
    }
  }
  CHECK(static_cast<std::int64_t>(found.size()) == graph.size());
}

void for_each_grid(const lp::Compiled& compiled, const std::vector<std::int64_t>& sizes) {
  for (const ProcessGrid grid : {ProcessGrid{1, 1}, {1, 2}, {3, 1}, {2, 2}, {2, 3}, {3, 3}})
    check_walks(compiled, sizes, grid);
}

}  // namespace

TEST_CASE("ranks find their tasks of Cholesky, LU, QR and trees") {
  for (const std::int64_t n : {0, 1, 2, 5, 8}) {
    for_each_grid(lp::compile(lp::algorithm::cholesky<double>), {n, n});
    for_each_grid(lp::compile(lp::algorithm::lu<double>), {n, n, n});
  }
  for_each_grid(lp::compile(lp::algorithm::qr_flat<double>), {5, 3, 5, 3});
  for_each_grid(lp::compile(lp::algorithm::qr_tree<double>, std::int64_t{2}), {7, 3, 7, 3});
  for_each_grid(lp::compile(lp::algorithm::tsqr<double>, std::int64_t{2}), {11, 11});
  for_each_grid(lp::compile(lp::algorithm::apply_q_flat<double>, false), {5, 3, 5, 3, 5, 4});
}

TEST_CASE("a task runs where the tile lives that changes fastest") {
  const lp::Compiled qr = lp::compile(lp::algorithm::qr_flat<double>);
  const lp::TaskGraph graph = qr.graph({4, 4, 4, 4});
  const Placement placement = standard(qr, graph, {2, 2});
  for (int line = 0; line < graph.statements(); ++line) {
    if (graph.kernel(line) == "tsmqr_adjoint") CHECK(placement.slot(line) == 1);
    if (graph.kernel(line) == "geqrt") CHECK(placement.slot(line) == 0);
  }
}

TEST_CASE("a rule places tasks, and one that gives no rank is refused") {
  const lp::Compiled program = lp::compile(lp::algorithm::cholesky<double>);
  const lp::TaskGraph graph = program.graph({4, 4});
  const std::vector<ArrayPlace> places{ArrayPlace::all_at(Distribution::block_cyclic({1, 2}))};
  const Placement by_step(program.program(), graph, places, 2,
                          [](const lp::Node& node) { return int(node.indices[0] % 2); });
  std::int64_t found = 0;
  for (int rank = 0; rank < 2; ++rank) {
    OwnTasks walk(program.program(), graph.parameters(), by_step, rank);
    for (lp::Node node; walk.next(node); ++found) CHECK(node.indices[0] % 2 == rank);
  }
  CHECK(found == graph.size());
  const Placement wrong(program.program(), graph, places, 2, [](const lp::Node&) { return 7; });
  CHECK_THROWS_WITH(wrong.rank_of({0, {0}}),
                    Catch::Contains("rank 7") && Catch::Contains("2 ranks"));
}

TEST_CASE("distributions that do not fit are refused") {
  const lp::Compiled program = lp::compile(lp::algorithm::cholesky<double>);
  const lp::TaskGraph graph = program.graph({4, 4});
  const auto place = [&](const Distribution& d, int ranks) {
    return Placement(program.program(), graph, {ArrayPlace::all_at(d)}, ranks);
  };
  CHECK_THROWS_WITH(place(Distribution::block_cyclic({2, 2}), 3), Catch::Contains("4 ranks"));
  CHECK_THROWS_WITH(place(Distribution::cyclic(2, 2), 3), Catch::Contains("dimension 2"));
}

TEST_CASE("receivers are those that a look at all readers finds") {
  const auto check = [](const lp::Compiled& program, std::vector<std::int64_t> sizes,
                        const std::vector<ArrayPlace>& places, int ranks) {
    const lp::TaskGraph graph = program.graph(std::move(sizes));
    const Placement placement(program.program(), graph, places, ranks);
    ReceiverFinder finder(graph, placement);
    const auto compare = [&](const lp::Value& value) {
      for (int me = 0; me < ranks; ++me) {
        std::set<int> expected;
        std::set<lp::Node> own;
        std::int64_t others = 0;
        graph.readers(value, [&](const lp::Node& reader) {
          expected.insert(placement.rank_of(reader));
          if (placement.rank_of(reader) == me)
            own.insert(reader);
          else
            ++others;
        });
        expected.insert(placement.source_of(value));
        if (graph.is_final(value.node(), value.slot))
          expected.insert(placement.keeper_of(graph.output(value.node(), value.slot)));
        const Receivers found = finder.find(value, me);
        REQUIRE(std::set<int>(found.ranks.begin(), found.ranks.end()) == expected);
        REQUIRE(found.ranks.size() == expected.size());
        REQUIRE(std::set<lp::Node>(found.own.begin(), found.own.end()) == own);
        REQUIRE(found.own.size() == own.size());
        REQUIRE(found.others == others);
      }
      // Each subtree's first reader.
      const std::vector<int> to = finder.find(value, -1).ranks;
      for (std::size_t top = 1; top < to.size(); ++top) {
        std::set<int> below;
        for (std::size_t at = top; at < to.size(); ++at)
          if (Receivers::is_below(at, top)) below.insert(to[at]);
        std::optional<lp::Node> first;
        graph.readers(value, [&](const lp::Node& reader) {
          if (below.contains(placement.rank_of(reader)) && (!first || graph.before(reader, *first)))
            first = reader;
        });
        REQUIRE(finder.place(value, to[top]) == (first ? *first : value.node()));
      }
    };
    graph.for_each_task([&](const lp::Node& node) {
      for (int slot = 0; slot < graph.output_count(node.line); ++slot)
        compare(lp::Value::of(node, slot));
    });
  };
  const auto everywhere = [&](const lp::Compiled& program, const std::vector<std::int64_t>& sizes) {
    const auto all = [&](const Distribution& d, int ranks) {
      std::vector<ArrayPlace> places;
      for (const auto& array : program.program().arrays)
        places.push_back(ArrayPlace::all_at(array.rank == 2 ? d : Distribution::cyclic(ranks)));
      check(program, sizes, places, ranks);
    };
    all(Distribution::block_cyclic({2, 3}), 6);
    all(Distribution::block_cyclic({2, 2}, {.row_block = 3, .first_col = 1}), 4);
    all(Distribution::cyclic(3, 1, 2), 3);
    all(Distribution::by([](lp::tile::Index at) { return int(at[0] * at[0] + at[1]) % 3; }), 3);
  };
  everywhere(lp::compile(lp::algorithm::cholesky<double>), {11, 11});
  everywhere(lp::compile(lp::algorithm::lu<double>), {7, 9, 7});
  everywhere(lp::compile(lp::algorithm::qr_flat<double>), {7, 5, 7, 5});
  everywhere(lp::compile(lp::algorithm::qr_tree<double>, std::int64_t{2}), {7, 3, 7, 3});
}

TEST_CASE("a rank finds its readers among 10^9 without a look at the others") {
  const lp::Compiled program = lp::compile(lp::algorithm::cholesky<double>);
  const std::int64_t n = 1000000000;
  const lp::TaskGraph graph = program.graph({n, n});
  const Placement placement = standard(program, graph, {1000, 1000});
  ReceiverFinder finder(graph, placement);
  // potrf(0, 0) is read by the column below it, of which rank (5, 7) has nothing.
  const Receivers& none = finder.find({0, 0, {0}}, 5007);
  CHECK(none.own.empty());
  CHECK(none.others == n - 1);
  CHECK(none.ranks.size() == 1000);
  // And rank (5, 0) a thousandth.
  const Receivers& some = finder.find({0, 0, {0}}, 5000);
  CHECK(some.own.size() == n / 1000);
  CHECK(some.own.front() == lp::Node{1, {0, 5}});
  CHECK(some.others == n - 1 - n / 1000);
  CHECK(finder.place({0, 0, {0}}, 5000) == lp::Node{1, {0, 5}});
}

TEST_CASE("a binomial tree reaches every position once") {
  for (std::size_t size = 1; size < 40; ++size) {
    std::vector<int> reached(size);
    for (std::size_t at = 0; at < size; ++at)
      for_each_child(at, size, [&](std::size_t child) {
        REQUIRE(child > at);
        ++reached[child];
      });
    for (std::size_t at = 1; at < size; ++at) REQUIRE(reached[at] == 1);
  }
}

TEST_CASE("a value is predicted to go once to each rank that reads it") {
  const lp::Compiled program = lp::compile(lp::algorithm::cholesky<double>);
  const lp::TaskGraph graph = program.graph({6, 6});
  for (const ProcessGrid grid : {ProcessGrid{1, 1}, {1, 3}, {2, 2}, {2, 3}}) {
    const Placement placement = standard(program, graph, grid);
    std::set<std::pair<lp::Value, int>> pairs;
    graph.for_each_task([&](const lp::Node& node) {
      for (int slot = 0; slot < graph.output_count(node.line); ++slot)
        graph.readers(lp::Value::of(node, slot), [&](const lp::Node& reader) {
          if (placement.rank_of(reader) != placement.rank_of(node))
            pairs.insert({lp::Value::of(node, slot), placement.rank_of(reader)});
        });
    });
    const auto traffic =
        predict_traffic(graph, placement, {{6, 6}}, [](const lp::TileName&) { return 10; });
    RankTraffic sum;
    for (const RankTraffic& t : traffic) {
      sum.tasks += t.tasks;
      sum.values_sent += t.values_sent;
      sum.bytes_sent += t.bytes_sent;
      sum.values_received += t.values_received;
    }
    CHECK(sum.tasks == graph.size());
    CHECK(sum.values_sent == static_cast<std::int64_t>(pairs.size()));
    CHECK(sum.values_received == sum.values_sent);
    CHECK(sum.bytes_sent == 10 * sum.values_sent);
  }
}

TEST_CASE("one rank's share of a graph of 10^17 tasks begins at once") {
  const lp::Compiled program = lp::compile(lp::algorithm::cholesky<double>);
  const std::int64_t n = 1000000;
  const lp::TaskGraph graph = program.graph({n, n});
  const Placement placement = standard(program, graph, {100, 100});
  OwnTasks walk(program.program(), graph.parameters(), placement, 4217);
  lp::Node node;
  for (int k = 0; k < 100000; ++k) {
    REQUIRE(walk.next(node));
    REQUIRE(placement.rank_of(node) == 4217);
  }
}

}  // namespace placement_test
