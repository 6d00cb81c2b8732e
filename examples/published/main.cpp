// Prints the task graphs of published algorithms as JSON.
//
//   published cholesky 8             every task and every edge at 8 x 8 tiles
//   published --counts cholesky 313  how many tasks and roots each statement has
#include <cstddef>
#include <cstdio>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <lambdapack/lambdapack.hpp>
#include <lambdapack/report/graph_json.hpp>

#include "counts_json.hpp"
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
  std::vector<lp::NamedSize> sizes;
  for (std::size_t k = 0; k < options.sizes.size(); ++k)
    sizes.emplace_back(options.program->sizes[k], options.sizes[k]);
  if (options.counts) {
    std::cout << '{' << lp::head_json(std::string(name), sizes) << ",\n";
    published::write_counts(std::cout, compiled.program(), graph);
  } else {
    std::cout << lp::graph_json(std::string(name), sizes, graph);
  }
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
