// Widths and idle times of runs whose times are known.
#include <catch2/catch.hpp>
#include <cstdint>
#include <memory>
#include <vector>

#include "lambdapack/report/timeline.hpp"
#include "report/hand_made.hpp"

namespace timeline_test {

using namespace report_tests;
namespace lp = lambdapack;

TEST_CASE("a timeline tells why each worker was idle") {
  const lp::Timeline t = lp::timeline(hand_made());
  REQUIRE(t.knows_ready);
  CHECK(t.seconds == 10);
  // potrf(0) from 1 to 2; trsm(1,0) from 2 to 4; trsm(2,0) from 3 to 4 ...
  CHECK(t.ready == std::vector<double>{0, 2, 2, 4, 4, 4});
  REQUIRE(t.workers.size() == 2);
  const lp::WorkerTime& a = t.workers[0];
  const lp::WorkerTime& b = t.workers[1];
  CHECK(a.tasks == 4);
  CHECK(a.busy == Approx(6));
  CHECK(a.begin == Approx(1));
  CHECK(a.end == Approx(2));
  CHECK(a.scheduling == Approx(1));
  CHECK(a.dependences == Approx(0).margin(1e-12));
  CHECK(b.tasks == 2);
  CHECK(b.busy == Approx(2));
  CHECK(b.begin == Approx(1));
  CHECK(b.end == Approx(2));
  CHECK(b.scheduling == Approx(3));
  CHECK(b.dependences == Approx(2));
}

TEST_CASE("a timeline tells how many tasks were ready, and how many ran") {
  const std::vector<lp::RunWidth> expected = {{0, 1, 0}, {1, 0, 1}, {2, 1, 1}, {3, 0, 2}, {4, 3, 0},
                                              {5, 2, 1}, {6, 1, 2}, {7, 0, 1}, {8, 0, 0}};
  const lp::Timeline t = lp::timeline(hand_made());
  REQUIRE(t.widths.size() == expected.size());
  for (std::size_t k = 0; k < expected.size(); ++k) {
    INFO("width " << k);
    CHECK(t.widths[k].time == expected[k].time);
    CHECK(t.widths[k].ready == expected[k].ready);
    CHECK(t.widths[k].running == expected[k].running);
  }
}

TEST_CASE("the time of idle workers is divided as tasks are ready") {
  lp::exec::Report report = hand_made();
  report.workers = 4;
  const lp::Timeline t = lp::timeline(report);
  // From 2 to 3 one task is ready, and three workers are idle; from 4 to 5 three and four.
  CHECK(t.workers[3].tasks == 0);
  CHECK(t.workers[3].scheduling == Approx(1.0 / 3 + 3.0 / 4 + 2.0 / 3 + 1.0 / 2));
  CHECK(t.workers[3].begin == Approx(1));
  CHECK(t.workers[3].end == Approx(2));
}

TEST_CASE("of each worker every second is accounted for") {
  for (const int workers : {1, 2, 3}) {
    lp::TiledMatrix<double> A(120, 120, 10);
    const lp::exec::Report report =
        lp::run(lp::threads{.workers = workers, .record_events = true}, test_programs::cholesky, A);
    const lp::Timeline t = lp::timeline(report);
    REQUIRE(t.knows_ready);
    std::int64_t tasks = 0;
    for (const lp::WorkerTime& w : t.workers) {
      CHECK(w.busy + w.dependences + w.scheduling + w.begin + w.end == Approx(t.seconds));
      tasks += w.tasks;
    }
    CHECK(tasks == report.tasks);
    CHECK(t.widths.back().ready == 0);
    CHECK(t.widths.back().running == 0);
    for (std::size_t k = 0; k < report.events.size(); ++k)
      CHECK(t.ready[k] <= report.events[k].begin);
    for (const lp::RunWidth& w : t.widths) CHECK((w.ready >= 0 && w.running <= workers));
  }
}

TEST_CASE("a timeline without a graph, or without events") {
  lp::exec::Report report = hand_made();
  report.graph.reset();
  const lp::Timeline without = lp::timeline(report);
  CHECK_FALSE(without.knows_ready);
  CHECK(without.ready.empty());
  CHECK(without.workers[1].scheduling == 0);
  CHECK(without.workers[1].dependences == Approx(5));
  for (const lp::RunWidth& w : without.widths) CHECK(w.ready == 0);

  const lp::Timeline empty = lp::timeline(lp::exec::Report{});
  CHECK(empty.workers.empty());
  CHECK(empty.widths.size() == 1);
}

}  // namespace timeline_test
