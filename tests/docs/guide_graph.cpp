// The code of docs/guide.md: runs, reports, the task graph, and errors.
#include <lambdapack/graph/measure.hpp>
#include <lambdapack/ir/print.hpp>
#include <lambdapack/lambdapack.hpp>
#include <lambdapack/report/explain.hpp>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <iostream>
#include <sstream>
#include <string>

#include "docs/support.hpp"
#include "support/folder.hpp"

using docs_test::Printed;
using docs_test::said;
using docs_test::shown;

namespace guide_graph_programs {

// clang-format off
template <class T>
void cholesky(lp::InOut<T, 2> A) {
  const auto n = A.extent(0);
  for (auto k : lp::range(n)) {
    A(k, k) = potrf(A(k, k));
    for (auto i : lp::range(k + 1, n)) {
      A(i, k) = trsm(A(k, k), A(i, k));
      for (auto j : lp::range(k + 1, i + 1))
        A(i, j) = syrk(A(i, j), A(i, k), A(j, k));
    }
  }
}

void shift(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0)))
    x(i) = copy(x(i + 1));
}

void shift_within(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0) - 1))
    x(i) = copy(x(i + 1));
}

void prefix_sums(lp::In<double, 1> x, lp::Out<double, 1> y) {
  auto S = lp::temp<double, 1>("S");
  for (auto i : lp::range(x.extent(0))) {
    S(i) = add(S(i - 1), x(i));
    y(i) = copy(S(i));
  }
}
// clang-format on

lp::TiledMatrix<double> identity(int n, int tile) {
  lp::TiledMatrix<double> A(n, n, tile);
  for (int i = 0; i < n; ++i) A(i, i) = 1;
  return A;
}

}  // namespace guide_graph_programs

namespace guide_graph_tests {

using namespace guide_graph_programs;  // NOLINT: named, since clang hides unnamed ones

TEST_CASE("guide: the report") {
  lp::TiledMatrix<double> A = identity(256, 64);
  const Printed printed;
  // clang-format off
  const lp::exec::Report report =
      lp::run(lp::threads{.workers = 2, .record_events = true}, cholesky<double>, A);
  std::cout << report.tasks << " tasks on " << report.workers << " threads in "
            << report.seconds << " s, from a graph of " << report.formula_bytes << " bytes\n";
  for (const lp::exec::Event& e : report.events)
    std::cout << lp::ir::node_name(*report.program, e.node.line, e.node.indices)
              << " on thread " << e.worker << " from " << e.begin << " s to " << e.end << " s\n";
  // clang-format on
  CHECK(report.tasks == 20);
  CHECK(report.events.size() == 20);
  CHECK(printed.text().find("syrk[k=0,i=2,j=1] on thread ") != std::string::npos);
}

TEST_CASE("guide: a run that one watches") {
  const Printed printed(std::cerr);
  lp::TiledMatrix<double> A = identity(256, 64);
  // clang-format off
  lp::exec::Handle handle = lp::start(lp::threads{}, cholesky<double>, A);
  while (!handle.wait_for(std::chrono::milliseconds(200))) {
    const lp::exec::Progress p = handle.progress();
    std::cerr << p.done << " of " << p.total << "\n";
  }
  const lp::exec::Report report = handle.wait();        // throws what ended the run, if it failed
  // clang-format on
  CHECK(report.tasks == 20);
}

TEST_CASE("guide: limits, listeners and pools") {
  const Printed printed(std::cerr);
  lp::TiledMatrix<double> A = identity(256, 64);
  // clang-format off
using namespace std::chrono_literals;
lp::run(lp::threads{.time_limit = 10min,          // no task begins after that: the run fails
                    .on_progress = [](lp::exec::Progress p) {
                      std::cerr << p.done << " of " << p.total << "\n";
                    }},                           // every .progress_every = 200ms, and at the end
        cholesky<double>, A);
  // clang-format on
  CHECK(printed.text().ends_with("20 of 20\n"));
  A = identity(256, 64);
  // clang-format off
const lp::Pool pool(2, true);                     // two threads, each pinned to a core
lp::run(lp::threads{.pool = pool}, cholesky<double>, A);
  // clang-format on
  CHECK(A.is_complete());
}

TEST_CASE("guide: a run that goes on") {
  const test_support::Folder folder;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  lp::write_zarr("L.zarr", identity(12, 4));
  // clang-format off
auto L = lp::zarr<double>("L.zarr", {.resume = true});
const lp::exec::Report report = lp::run(lp::threads{}, cholesky<double>, L);
if (report.resumed) std::cout << "only " << report.tasks << " tasks were left to do\n";
  // clang-format on
  std::filesystem::current_path(before);
  CHECK(report.tasks == 10);
}

TEST_CASE("guide: the sequential executor") {
  lp::TiledMatrix<double> A = identity(100, 32), B = A;
  // clang-format off
  lp::run(lp::sequential{}, cholesky<double>, A);
  // clang-format on
  lp::run(lp::threads{}, cholesky<double>, B);
  for (int i = 0; i < 100; ++i)
    for (int j = 0; j <= i; ++j) REQUIRE(A(i, j) == B(i, j));
}

namespace {

void formulas(const lp::TaskGraph& graph) {
  const Printed printed;
  // clang-format off
  std::cout << graph.kernel(2) << ": " << graph.count_formula(2) << "\n";
  for (const auto& family : graph.edge_families())
    std::cout << graph.kernel(family.from) << " -> " << graph.kernel(family.to) << ": "
              << graph.edge_formula(family) << "\n";
  // clang-format on
  CHECK(shown(printed.text()) == shown(R"(
syrk: (A.extent(0)^3 - A.extent(0))/6
potrf -> trsm: (A.extent(0)^2 - A.extent(0))/2
trsm -> syrk: (2*A.extent(0)^3 - 3*A.extent(0)^2 + A.extent(0))/6
syrk -> potrf: A.extent(0) - 1 if A.extent(0) >= 2
syrk -> trsm: (A.extent(0)^2 - 3*A.extent(0) + 2)/2 if A.extent(0) >= 3
syrk -> syrk: (A.extent(0)^3 - 3*A.extent(0)^2 + 2*A.extent(0))/6
)"));
}

void explanation(const lp::Compiled& compiled, const lp::TaskGraph& graph, const lp::Node& syrk) {
  const Printed printed;
  // clang-format off
  std::cout << lp::explain(compiled.program(), graph, syrk);
  // clang-format on
  CHECK(shown(printed.text()) == shown(R"(
syrk[k=3,i=9,j=7] at cholesky.cpp:13: A(i, j) = syrk(A(i, j), A(i, k), A(j, k))
It waits for 3 tasks and reads
  A(9, 7), written by syrk[k=2,i=9,j=7] at cholesky.cpp:13
  A(9, 3), written by trsm[k=3,i=9] at cholesky.cpp:11
  A(7, 3), written by trsm[k=3,i=7] at cholesky.cpp:11
It writes A(9, 7), to be written again, at last by trsm[k=7,i=9] at cholesky.cpp:11; 1 task waits for it
  syrk[k=4,i=9,j=7] at cholesky.cpp:13
)"));
}

}  // namespace

TEST_CASE("guide: questions to the graph") {
  const Printed printed;
  // clang-format off
  const lp::Compiled compiled = lp::compile(cholesky<double>);
  const lp::TaskGraph graph = compiled.graph({100'000, 100'000});   // tiles down and across
  std::cout << graph.size() << " tasks\n";

  const auto name = [&](const lp::Node& node) {
    return lp::ir::node_name(compiled.program(), node.line, node.indices);
  };
  const lp::Node syrk{2, {3, 9, 7}};          // statement 2, k = 3, i = 9, j = 7
  std::cout << name(syrk) << " waits for " << graph.in_degree(syrk) << ":";
  graph.predecessors(syrk, [&](const lp::Node& p) { std::cout << " " << name(p); });
  std::cout << "\nand is waited for by:";
  graph.successors(syrk, [&](const lp::Node& s) { std::cout << " " << name(s); });

  const lp::TileName tile{0, {9, 7}};         // array 0, tile (9, 7)
  std::cout << "\nthe last to write A(9, 7): " << name(graph.writer(tile)->node());
  std::cout << "\nits first readers:";
  graph.readers(lp::Value::initial(tile), [&](const lp::Node& r) { std::cout << " " << name(r); });
  std::cout << "\nready at once:";
  graph.roots([&](const lp::Node& r) { std::cout << " " << name(r); });
  std::cout << "\n";
  // clang-format on
  CHECK(shown(printed.text()) == shown(R"(
166671666700000 tasks
syrk[k=3,i=9,j=7] waits for 3: trsm[k=3,i=9] trsm[k=3,i=7] syrk[k=2,i=9,j=7]
and is waited for by: syrk[k=4,i=9,j=7]
the last to write A(9, 7): trsm[k=7,i=9]
its first readers: syrk[k=0,i=9,j=7]
ready at once: potrf[k=0]
)"));
  formulas(graph);
  explanation(compiled, graph, syrk);
  CHECK(graph.contains(syrk));
  CHECK_FALSE(graph.contains({2, {9, 3, 7}}));
  CHECK(graph.formula_bytes() < 8192);
  CHECK(graph.formula_bytes() == compiled.graph({8, 8}).formula_bytes());
}

TEST_CASE("guide: measurements of a graph") {
  const Printed printed;
  const lp::Compiled compiled = lp::compile(cholesky<double>);
  // clang-format off
  const lp::TaskGraph some = compiled.graph({40, 40});
  const auto work = [&](const lp::Node& node) {         // in thirds of a tile's n^3
    return node.line == 0 ? 1.0 : node.line == 1 ? 3.0 : 6.0;
  };
  const lp::CriticalPath path = lp::critical_path(some, work);
  double total = 0;
  some.for_each_task([&](const lp::Node& node) { total += work(node); });
  std::cout << "at best " << total / path.length << " times as fast as one worker, by a chain of "
            << path.nodes.size() << " tasks\n";

  std::int64_t widest = 0;
  for (const lp::Running& step : lp::width_profile(some)) widest = std::max(widest, step.running);
  std::cout << "at most " << widest << " tasks in one step\n";

  const auto bytes = [](int) { return std::int64_t{256 * 256 * 8}; };   // of any array's tiles
  const lp::Traffic traffic = lp::traffic(some, bytes);
  for (const lp::Transfer& t : traffic.between_tasks)
    std::cout << some.kernel(t.from) << " -> " << some.kernel(t.to) << ": " << t.values
              << " tiles\n";
  std::cout << "and " << traffic.bytes_initial / (1 << 20) << " MiB of initial tiles\n";
  const lp::PeakLive peak = lp::peak_live(some, bytes);
  std::cout << peak.tiles << " tiles at once in the program's order\n";
  // clang-format on
  CHECK(shown(printed.text()) == shown(R"(
at best 169.668 times as fast as one worker, by a chain of 118 tasks
at most 780 tasks in one step
potrf -> trsm: 780 tiles
trsm -> syrk: 20540 tiles
syrk -> potrf: 39 tiles
syrk -> trsm: 741 tiles
syrk -> syrk: 9880 tiles
and 410 MiB of initial tiles
821 tiles at once in the program's order
)"));
}

TEST_CASE("guide: all tasks of a small graph") {
  const Printed printed;
  const lp::Compiled compiled = lp::compile(cholesky<double>);
  // clang-format off
  compiled.graph({2, 2}).for_each_task([&](const lp::Node& node) {
    std::cout << lp::ir::node_name(compiled.program(), node.line, node.indices) << "\n";
  });
  // clang-format on
  CHECK(shown(printed.text()) == shown("potrf[k=0] trsm[k=0,i=1] syrk[k=0,i=1,j=1] potrf[k=1]"));
}

TEST_CASE("guide: an index that leaves its array") {
  CHECK(shown(said<lp::program_error>([] { lp::compile(shift); })) == shown(R"(
lambdapack: x(i + 1) at shift.cpp:5 leaves the array when x.extent(0) > 0: for x.extent(0) = 1
the node copy[i=0] takes an index of dimension 0 that is past the end; change the loop's bounds,
or guard the statement with lp::when [lp-E004]
)"));
  CHECK(said<lp::program_error>([] { lp::compile(shift_within); }).empty());
}

TEST_CASE("guide: a tile that is read before it is written") {
  CHECK(shown(said<lp::program_error>([] { lp::compile(prefix_sums); })) == shown(R"(
lambdapack: S(i - 1) at sums.cpp:7 is read before it is written when x.extent(0) > 0: for
x.extent(0) = 1, y.extent(0) = 1 the node add[i=0] reads S(-1), which nothing has written by then;
write the tile first, or guard the read with lp::when [lp-E001]
)"));
}

TEST_CASE("guide: a matrix of the wrong shape") {
  const Printed printed(std::cerr);
  // clang-format off
  lp::TiledMatrix<double> A(100, 50, 10);
  try {
    lp::run(lp::threads{}, cholesky<double>, A);
  } catch (const lp::input_error& e) {
    std::cerr << e.what() << "\n";
  }
  // clang-format on
  CHECK(shown(said<lp::input_error>([&] { lp::run(lp::threads{}, cholesky<double>, A); })) ==
        shown(R"(
lambdapack: cholesky cannot run at these sizes (A.extent(0) = 10, A.extent(1) = 5): A(k, k) at
cholesky.cpp:9 needs A.extent(1) >= A.extent(0); check the shapes of its arrays [lp-E010]
)"));
}

TEST_CASE("guide: a kernel that fails") {
  lp::TiledMatrix<double> A = identity(8, 4);
  A(5, 5) = -1;
  CHECK(shown(said<lp::run_error>([&] { lp::run(lp::threads{}, cholesky<double>, A); })) ==
        shown(R"(
lambdapack: potrf[k=1] (cholesky.cpp:9) failed on A(1, 1) at global row 5: the matrix is not
positive definite: the pivot is -1; check that it should be (a Gram or covariance matrix may be
singular), that it is symmetric or Hermitian and its lower triangle is filled in, or add a
multiple of the identity
)"));
  CHECK_FALSE(A.is_complete());
  CHECK_THROWS_AS(A(0, 0), lp::input_error);
}

TEST_CASE("guide: what the kernel threw") {
  lp::TiledMatrix<double> A = identity(8, 4);
  A(5, 5) = -1;
  double pivot = 0;
  // clang-format off
  try {
    lp::run(lp::threads{}, cholesky<double>, A);
  } catch (const lp::run_error& e) {
    try {
      std::rethrow_if_nested(e);
    } catch (const lp::not_positive_definite& cause) {
      pivot = cause.pivot();
    }
  }
  // clang-format on
  CHECK(pivot == -1);
}

}  // namespace guide_graph_tests
