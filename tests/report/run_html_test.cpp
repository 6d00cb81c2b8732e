// Pages of runs against their reports.
#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <utility>

#include "lambdapack/report/run_html.hpp"
#include "report/hand_made.hpp"

namespace run_html_test {

using namespace report_tests;
namespace lp = lambdapack;

namespace {

int count_of(const std::string& text, const std::string& part) {
  int n = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++n;
  return n;
}

}  // namespace

TEST_CASE("report_html is well-formed and needs nothing else") {
  const std::string page = lp::report_html(hand_made());
  auto found = elements(page);
  CHECK(found[std::pair("canvas", "-")] == 1);
  CHECK(found[std::pair("script", "-")] == 2);
  CHECK(found[std::pair("svg", "ready")] == 1);
  CHECK(found[std::pair("svg", "running")] == 1);
  CHECK(found[std::pair("tr", "-")] == 5 + 4);
  CHECK(count_of(page, "</script>") == 2);
  CHECK(found[std::pair("link", "-")] + found[std::pair("img", "-")] == 0);
  CHECK(count_of(page, " src=") + count_of(page, "@import") + count_of(page, "url(") == 0);
  CHECK(count_of(page, "http") == count_of(page, "http://www.w3.org/"));
}

TEST_CASE("report_html escapes names") {
  const std::string page = lp::report_html(hand_made());
  CHECK_THAT(page, Catch::Contains("po&lt;trf&gt; &amp; &quot;&lt;/script&gt;&quot;</span>"));
  CHECK_THAT(page,
             Catch::Contains(
                 R"("po\u003ctrf\u003e \u0026 \u0022\u003c/script\u003e\u0022","trsm","syrk")"));
  lp::exec::Report report = hand_made();
  lp::ir::Program program = *report.program;
  program.name = "<b>\xff\x01";
  report.program = std::make_shared<const lp::ir::Program>(program);
  CHECK_THAT(lp::report_html(report), Catch::Contains("<title>&lt;b&gt;?"
                                                      "?</title>"));
}

TEST_CASE("report_html tells times, widths, speeds and causes") {
  const std::string page = lp::report_html(hand_made());
  CHECK_THAT(page, Catch::Contains("6 tasks on 2 workers in 10 s; the workers were busy for 40 % "
                                   "of the time; 0.5 GF/s of counted operations"));
  CHECK_THAT(page, Catch::Contains("Tasks ready, not begun: at most 3, 0.8 on average"));
  CHECK_THAT(page, Catch::Contains("Tasks running: at most 2, 0.8 on average"));
  CHECK_THAT(page, Catch::Contains("</td><td>1</td><td>1 s</td><td>1 s</td><td>12.5 %</td><td>–"));
  CHECK_THAT(page, Catch::Contains(
                       "trsm</td><td>2</td><td>3 s</td><td>1.5 s</td><td>37.5 %</td><td>0.67<"));
  CHECK_THAT(page, Catch::Contains(
                       "<td>all</td><td>6</td><td>8 s</td><td>1.33 s</td><td>100 %</td><td>0.71<"));
  CHECK_THAT(page, Catch::Contains("<td>1</td><td>2</td><td>2 s (20 %)</td><td>2 s (20 %)</td>"
                                   "<td>3 s (30 %)</td><td>1 s (10 %)</td><td>2 s (20 %)</td>"));
  CHECK_THAT(page, Catch::Contains("\"nanoseconds\":10000000000"));
  CHECK_THAT(page, Catch::Contains("[0,1000000000,1000000000,0,-1,0,0],"
                                   "[1,2000000000,2000000000,2000000000,1e+09,0,0,1],"));
  CHECK_THAT(page, Catch::Contains("\"loops\":[\"k\",\"i\",\"j\"]"));
  CHECK_THAT(page, Catch::Contains("\"source\":\"hand_made.hpp:"));
}

TEST_CASE("report_html without events says why there is nothing to see") {
  lp::exec::Report report = hand_made();
  report.events.clear();
  const std::string page = lp::report_html(report);
  CHECK(elements(page)[std::pair("canvas", "-")] == 0);
  CHECK_THAT(page, Catch::Contains("Nothing to show"));
  lp::TiledMatrix<double> A(0, 0, 10);
  CHECK_NOTHROW(elements(lp::report_html(
      lp::run(lp::threads{.workers = 1, .record_events = true}, test_programs::cholesky, A))));
}

TEST_CASE("report_html without a graph shows no ready tasks") {
  lp::exec::Report report = hand_made();
  report.graph.reset();
  const std::string page = lp::report_html(report);
  CHECK(elements(page)[std::pair("svg", "ready")] == 0);
  CHECK_THAT(page, Catch::Contains("The report has no graph"));
}

TEST_CASE("report_html copes with events of no duration and of a worker beyond the report's") {
  lp::exec::Report report = hand_made();
  report.seconds = 0;
  for (auto& event : report.events) event.begin = event.end = 0;
  report.events.back().worker = 5;
  CHECK(elements(lp::report_html(report))[std::pair("tr", "-")] == 5 + 8);
}

TEST_CASE("report_html merges short neighbours of many tasks") {
  const Case c = make_case(test_programs::cholesky, {84, 84});
  lp::exec::Report report;
  report.program = std::make_shared<const lp::ir::Program>(c.program);
  report.graph = c.graph;
  report.workers = 8;
  auto tasks = c.graph.tasks();
  lp::Node node;
  for (std::int64_t e = 0; tasks.next(node); ++e)
    report.events.push_back({node, static_cast<int>(e % 8), 1e-6 * static_cast<double>(e / 8),
                             1e-6 * static_cast<double>(e / 8 + 1)});
  report.tasks = static_cast<std::int64_t>(report.events.size());
  REQUIRE(report.tasks > 100'000);
  report.seconds = report.events.back().end;
  const std::string all = lp::report_html(report), few = lp::report_html(report, {.max_bars = 500});
  CHECK(all.size() < 8'000'000);
  CHECK(few.size() < 100'000);
  CHECK(count_of(few, "],[") <= 500);
  CHECK_THAT(few, Catch::Contains("short ones that are neighbours share a bar"));
  CHECK(elements(few)[std::pair("svg", "running")] == 1);
}

TEST_CASE("report_html refuses a report without a program") {
  CHECK_THROWS_WITH(lp::report_html(lp::exec::Report{}),
                    "lambdapack: report_html was given a report without a program; pass what "
                    "wait() or lp::run returned");
}

}  // namespace run_html_test
