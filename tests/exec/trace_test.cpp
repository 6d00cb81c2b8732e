// The trace that LAMBDAPACK_TRACE asks for.
#include <jansson.h>
#include <stdlib.h>
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include <lambdapack/lambdapack.hpp>

#include "lambdapack/report/trace.hpp"
#include "support/folder.hpp"
#include "support/programs.hpp"

namespace trace_test {

namespace {

namespace fs = std::filesystem;

struct Traced {
  std::map<std::string, int> bars;  // by kernel
  int workers = 0;
};

Traced read(const fs::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  json_t* json = json_loads(text.str().c_str(), 0, nullptr);
  REQUIRE(json != nullptr);
  Traced traced;
  std::size_t k = 0;
  json_t* event = nullptr;
  json_array_foreach(json_object_get(json, "traceEvents"), k, event) {
    const std::string phase = json_string_value(json_object_get(event, "ph"));
    const std::string name = json_string_value(json_object_get(event, "name"));
    if (name == "thread_name") ++traced.workers;
    if (phase != "X") continue;
    ++traced.bars[name];
    CHECK(json_number_value(json_object_get(event, "dur")) >= 0);
    const json_t* args = json_object_get(event, "args");
    CHECK(std::string(json_string_value(json_object_get(args, "source"))).find("programs.hpp:") !=
          std::string::npos);
    CHECK(std::string(json_string_value(json_object_get(args, "node"))).starts_with(name + "[k="));
  }
  json_decref(json);
  return traced;
}

}  // namespace

TEST_CASE("LAMBDAPACK_TRACE writes a trace of each run, from any executor") {
  const test_support::Folder folder;
  const std::string file = folder.file("run.json");
  setenv("LAMBDAPACK_TRACE", file.c_str(), 1);
  const auto run = [](const auto& executor) {
    lp::TiledMatrix<double> A(8, 8, 2);
    for (std::int64_t i = 0; i < 8; ++i)
      for (std::int64_t j = 0; j < 8; ++j) A(i, j) = i == j ? 9 : 1;
    return lp::run(executor, test_programs::cholesky, A).tasks;
  };
  CHECK(run(lp::threads{2}) == 20);
  CHECK(run(lp::sequential{}) == 20);
  setenv("LAMBDAPACK_TRACE", folder.file("no/such/folder.json").c_str(), 1);
  CHECK(run(lp::threads{1}) == 20);
  unsetenv("LAMBDAPACK_TRACE");

  int files = 0;
  for (const auto& entry : fs::directory_iterator(folder.path())) {
    ++files;
    const Traced traced = read(entry.path());
    CHECK(traced.workers >= 1);
    int bars = 0;
    for (const auto& [kernel, number] : traced.bars) bars += number;
    CHECK(bars == 20);
  }
  CHECK(files == 2);
}

TEST_CASE("LAMBDAPACK_TRACE writes a report where its name ends in .html") {
  const test_support::Folder folder;
  setenv("LAMBDAPACK_TRACE", folder.file("run.html").c_str(), 1);
  const auto run = [](const auto& executor) {
    lp::TiledMatrix<double> A(8, 8, 2);
    for (std::int64_t i = 0; i < 8; ++i)
      for (std::int64_t j = 0; j < 8; ++j) A(i, j) = i == j ? 9 : 1;
    lp::run(executor, test_programs::cholesky, A);
  };
  run(lp::threads{2});
  run(lp::sequential{});
  unsetenv("LAMBDAPACK_TRACE");
  run(lp::threads{2});

  int files = 0;
  for (const auto& entry : fs::directory_iterator(folder.path())) {
    ++files;
    std::ifstream in(entry.path());
    std::stringstream text;
    text << in.rdbuf();
    CHECK(entry.path().extension() == ".html");
    CHECK(text.str().starts_with("<!DOCTYPE html>"));
    CHECK(text.str().ends_with("</html>\n"));
    CHECK(text.str().find("<h1>cholesky</h1>\n<p>20 tasks on ") != std::string::npos);
  }
  CHECK(files == 2);
}

TEST_CASE("events tell how many operations their kernels did, if those count them") {
  const auto program = [](lp::In<double, 2> A, lp::InOut<double, 2> C) {
    const auto plain = lp::make_kernel("plain", [](lp::inout<double>) {});
    for (auto i : lp::range(C.extent(0))) {
      C(i, 0) = gemm(C(i, 0), A(i, 0), A(i, 0));
      C(i, 0) = plain(C(i, 0));
    }
  };
  const auto run = [&](const auto& executor) {
    lp::TiledMatrix<double> A(8, 4, 4), C(8, 4, 4);
    const lp::exec::Report report = lp::run(executor, program, A, C);
    CHECK(report.graph.has_value());
    CHECK(report.events.size() == 4);
    for (const lp::exec::Event& e : report.events)
      CHECK(e.operations == (e.node.line == 0 ? 128 : -1));
  };
  run(lp::threads{.workers = 2, .record_events = true});
  run(lp::sequential{.record_events = true});
}

}  // namespace trace_test
