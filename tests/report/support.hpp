// What the tests of the pictures share.
#pragma once

#include <catch2/catch.hpp>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include "lambdapack/lambdapack.hpp"

namespace report_tests {

/// A folder that is gone when the object is.
class Folder {
 public:
  Folder() {
    char name[] = "/tmp/lambdapack-report-XXXXXX";
    REQUIRE(::mkdtemp(name) != nullptr);
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { [[maybe_unused]] const int status = std::system(("rm -rf " + path_).c_str()); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline void write(const std::string& path, const std::string& content) {
  std::ofstream out(path, std::ios::binary);
  out << content << std::flush;
  REQUIRE(out.good());
}

inline std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in.good());
  std::ostringstream content;
  content << in.rdbuf();
  return content.str();
}

/// The exit status of a shell command and what it wrote to stdout.
inline std::pair<int, std::string> shell(const std::string& command) {
  std::FILE* pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string output;
  char buffer[4096];
  for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;)
    output.append(buffer, n);
  const int status = ::pclose(pipe);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, output};
}

/// The number of elements for each tag and first class of well-formed XML: {"rect", "t"} -> 364.
inline std::map<std::pair<std::string, std::string>, std::int64_t> elements(
    const std::string& xml) {
  const Folder folder;
  write(folder.path() + "/picture.svg", xml);
  const auto [status, output] =
      shell("/usr/bin/python3 " LAMBDAPACK_SOURCE_DIR "/tests/report/count_elements.py " +
            folder.path() + "/picture.svg 2>&1");
  INFO(output);
  REQUIRE(status == 0);
  std::map<std::pair<std::string, std::string>, std::int64_t> counts;
  std::istringstream lines(output);
  std::string tag, name;
  for (std::int64_t count; lines >> tag >> name >> count;) counts[{tag, name}] = count;
  return counts;
}

/// A program and its graph at some sizes.
struct Case {
  lambdapack::ir::Program program;
  lambdapack::TaskGraph graph;
};

template <class F>
Case make_case(F&& program, std::vector<std::int64_t> sizes) {
  const lambdapack::Compiled compiled = lambdapack::compile(program);
  return {compiled.program(), compiled.graph(std::move(sizes))};
}

inline std::int64_t edge_count(const lambdapack::TaskGraph& graph) {
  std::int64_t n = 0;
  graph.for_each_task([&](const lambdapack::Node& node) { n += graph.in_degree(node); });
  return n;
}

/// A kernel whose name XML and DOT cannot take as it is.
inline const std::string hostile_name = "<a & \"b\" 'c' \\ µ]]>";

inline void hostile(lambdapack::InOut<double, 1> A) {
  static const auto kernel =
      lambdapack::make_kernel(hostile_name, [](lambdapack::inout<double>) {});
  for (auto i : lambdapack::range(A.extent(0))) A(i) = kernel(A(i));
}

}  // namespace report_tests
