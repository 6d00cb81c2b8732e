// Pictures of runs against their reports.
#include <catch2/catch.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/report/gantt_svg.hpp"
#include "report/support.hpp"
#include "support/programs.hpp"

namespace gantt_test {

using namespace report_tests;
namespace lp = lambdapack;

namespace {

lp::exec::Report report_of(const Case& c, int workers, std::int64_t events) {
  lp::exec::Report report;
  report.program = std::make_shared<const lp::ir::Program>(c.program);
  report.workers = workers;
  report.tasks = events;
  report.seconds = 1e-3 * static_cast<double>(events);
  auto tasks = c.graph.tasks();
  lp::Node node;
  for (std::int64_t e = 0; e < events && tasks.next(node); ++e)
    report.events.push_back({node, static_cast<int>(e % workers), 1e-3 * static_cast<double>(e),
                             1e-3 * static_cast<double>(e + 1)});
  return report;
}

}  // namespace

TEST_CASE("gantt_svg has one bar for each task of a run") {
  lp::TiledMatrix<double> A(60, 60, 10);
  const auto report =
      lp::run(lp::threads{.workers = 2, .record_events = true}, test_programs::cholesky, A);
  REQUIRE(report.events.size() == 56);
  auto found = elements(lp::gantt_svg(report));
  CHECK(found[std::pair("rect", "t")] == 56);
  CHECK(found[std::pair("title", "-")] == 57);
  CHECK(found[std::pair("text", "w")] == 4);
}

TEST_CASE("gantt_svg draws thousands of tasks") {
  const auto report = report_of(make_case(test_programs::cholesky, {32, 32}), 16, 5000);
  auto found = elements(lp::gantt_svg(report));
  CHECK(found[std::pair("rect", "t")] == 5000);
  CHECK(found[std::pair("text", "w")] == 32);
}

TEST_CASE("gantt_svg names tasks, times and shares") {
  const std::string svg =
      lp::gantt_svg(report_of(make_case(test_programs::cholesky, {3, 3}), 2, 10));
  CHECK_THAT(svg, Catch::Contains("<title>update2[k=0,i=2,j=1]&#10;programs.hpp:"));
  CHECK_THAT(svg, Catch::Contains("&#10;1 ms</title>"));
  CHECK_THAT(svg,
             Catch::Contains(
                 "10 tasks on 2 workers in 10 ms; the workers were busy for 50 % of the time"));
  CHECK_THAT(svg, Catch::Contains("update2 × 4, 4 ms (40 %)"));
}

TEST_CASE("gantt_svg without events says why there is nothing to see") {
  const std::string svg =
      lp::gantt_svg(report_of(make_case(test_programs::cholesky, {3, 3}), 2, 0));
  CHECK(elements(svg)[std::pair("rect", "t")] == 0);
  CHECK_THAT(svg, Catch::Contains("Nothing to show: the run had no tasks, or its executor was not "
                                  "asked to record_events."));
}

TEST_CASE("gantt_svg of an empty run is well-formed") {
  lp::TiledMatrix<double> A(0, 0, 10);
  const auto report =
      lp::run(lp::threads{.workers = 1, .record_events = true}, test_programs::cholesky, A);
  CHECK(elements(lp::gantt_svg(report))[std::pair("rect", "t")] == 0);
}

TEST_CASE("gantt_svg copes with events of no duration and of a worker beyond the report's") {
  auto report = report_of(make_case(test_programs::cholesky, {3, 3}), 1, 3);
  report.seconds = 0;
  for (auto& event : report.events) event.begin = event.end = 0;
  report.events.back().worker = 5;
  auto found = elements(lp::gantt_svg(report));
  CHECK(found[std::pair("rect", "t")] == 3);
  CHECK(found[std::pair("text", "w")] == 12);
}

TEST_CASE("gantt_svg escapes names") {
  const std::string svg = lp::gantt_svg(report_of(make_case(hostile, {3}), 1, 3));
  CHECK(elements(svg)[std::pair("rect", "t")] == 3);
  CHECK_THAT(svg, Catch::Contains("&lt;a &amp; &quot;b&quot; &#39;c&#39; \\ µ]]&gt;[i=2]"));
}

TEST_CASE("a run of too many tasks is refused") {
  const auto report = report_of(make_case(test_programs::cholesky, {3, 3}), 1, 10);
  CHECK_NOTHROW(lp::gantt_svg(report, {.max_events = 10}));
  CHECK_THROWS_WITH(lp::gantt_svg(report, {.max_events = 9}),
                    "lambdapack: the run of cholesky recorded 10 tasks, too many for a picture; "
                    "record a run on larger tiles, or raise GanttOptions::max_events");
}

TEST_CASE("a report without a program is refused") {
  CHECK_THROWS_WITH(lp::gantt_svg(lp::exec::Report{}),
                    "lambdapack: gantt_svg was given a report without a program; pass what wait() "
                    "or lp::run returned");
}

TEST_CASE("marks on a time axis are round and few") {
  using lp::report::detail::tick_step;
  CHECK(tick_step(42.0, 10) == Approx(5));
  CHECK(tick_step(0.0424, 10) == Approx(0.005));
  CHECK(tick_step(1.0, 10) == Approx(0.1));
  CHECK(tick_step(0.0, 10) == Approx(1));
  for (double length = 1e-9; length < 1e6; length *= 1.37) {
    CHECK(length / tick_step(length, 10) <= 10.000001);
    CHECK(length / tick_step(length, 10) >= 3.9);
  }
}

}  // namespace gantt_test
