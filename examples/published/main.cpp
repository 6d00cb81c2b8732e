// Prints the task graphs of published algorithms as JSON.
//
//   published cholesky 8             every task and every edge at 8 x 8 tiles
//   published --counts cholesky 313  how many tasks and roots each statement has
#include <cstdio>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <lambdapack/lambdapack.hpp>

#include "graph_json.hpp"
#include "options.hpp"
#include "programs.hpp"

namespace {

lp::Compiled compile(std::string_view name) {
  if (name == "cholesky") return lp::compile(programs::cholesky);
  if (name == "gemm") return lp::compile(programs::gemm_tree);
  if (name == "tsqr") return lp::compile(programs::tsqr);
  if (name == "qr") return lp::compile(programs::qr);
  return lp::compile(programs::bdfac);
}

/// The extents of the program's arrays and its integers, in the order of its parameters.
std::vector<std::int64_t> extents(std::string_view name, const std::vector<std::int64_t>& sizes) {
  const std::int64_t n = sizes[0];
  if (name == "cholesky") return {n, n, n, n, sizes[1]};
  if (name == "gemm") return {n, sizes[2], sizes[2], sizes[1], n, sizes[1]};
  if (name == "tsqr") return {n, 1};
  if (name == "qr") return {n, n};
  return {n, n, sizes[1]};
}

void run(const published::Options& options) {
  const std::string_view name = options.program->name;
  const lp::Compiled compiled = compile(name);
  const lp::TaskGraph graph = compiled.graph(extents(name, options.sizes));
  published::write_head(std::cout, name, options.program->sizes, options.sizes);
  if (options.counts)
    published::write_counts(std::cout, compiled.program(), graph);
  else
    published::write_unrolled(std::cout, graph);
  if (!std::cout.flush())
    throw std::runtime_error("the graph cannot be written to standard output; check its disk");
}

}  // namespace

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  try {
    const published::Options options = published::parse(argc, argv);
    if (options.help)
      std::fputs(published::usage, stdout);
    else
      run(options);
    return 0;
  } catch (const published::usage_error& e) {
    std::fprintf(stderr, "published: %s\n%s", e.what(), published::usage);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "published: %s\n", e.what());
  }
  return 1;
}
