// Metadata documents: small, of their schema, and read back as they were written.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "compiler/emit/support.hpp"
#include "support/programs_ir.hpp"
#include "support/published.hpp"
#include "support/random_program.hpp"
#include "support/random_tree_program.hpp"
#include "support/sanitizer.hpp"
#include "support/schema.hpp"

namespace metadata_test {

using namespace lambdapack;

namespace {

/// Units of the first random programs that the analysis takes.
std::vector<lpc::Unit> random_units(ir::Program (*make)(random_program::Choices), std::size_t n) {
  std::vector<lpc::Unit> units;
  for (std::uint64_t seed = 1; units.size() < n; ++seed) {
    const ir::Program program = make(random_program::Choices(seed));
    try {
      units.push_back({program, analysis::analyse(program, {.max_operations = 2'000'000}), "", {}});
    } catch (const program_error&) {
    }
  }
  return units;
}

std::vector<lpc::Unit> units() {
  std::vector<lpc::Unit> all{
      emit_test::unit_of(test::cholesky()), emit_test::unit_of(published::cholesky()),
      emit_test::unit_of(published::tsqr()), emit_test::unit_of(published::gemm_tree()),
      emit_test::unit_of(published::qr_in_place())};
  all[0].ranges = {{"examples/cholesky.cpp", 9, 5, 9, 27},
                   {"examples/cholesky.cpp", 11, 7, 11, 38},
                   {"examples/cholesky.cpp", 13, 9, 13, 51}};
  const std::size_t n = sanitizer::slow_build ? 2 : 6;
  for (const auto make : {random_program::affine, random_program::tree})
    for (lpc::Unit& unit : random_units(make, n)) all.push_back(std::move(unit));
  return all;
}

}  // namespace

TEST_CASE("what metadata writes is read back as it was, and fits the schema") {
  std::vector<std::string> documents;
  for (const lpc::Unit& unit : units()) {
    const std::string text = lpc::metadata(unit);
    INFO(text);
    const lpc::Unit read = lpc::from_metadata(text);
    CHECK(read.program == unit.program);
    CHECK(read.forms == unit.forms);
    CHECK(read.source == unit.source);
    CHECK(read.ranges == unit.ranges);
    CHECK(lpc::metadata(read) == text);
    documents.push_back(text);
  }
  const std::vector<std::string> verdicts = test::schema_verdicts("metadata", documents);
  if (verdicts.empty()) WARN("skipped: /usr/bin/python3 has no jsonschema");
  for (std::size_t k = 0; k < verdicts.size(); ++k) {
    INFO(documents[k]);
    CHECK(verdicts[k] == "valid");
  }
}

TEST_CASE("the metadata of Cholesky takes at most 16 KB") {
  CHECK(lpc::metadata(emit_test::unit_of(test::cholesky())).size() <= 16 * 1024);
}

TEST_CASE("a graph that is read answers as the one that was written") {
  const lpc::Unit read =
      lpc::from_metadata(lpc::metadata(emit_test::unit_of(published::qr_in_place())));
  const TaskGraph graph = lpc::graph(read, {{"n", 5}});
  const Node last = [&] {
    Node node;
    graph.for_each_task([&](const Node& n) { node = n; });
    return node;
  }();
  CHECK(graph.contains(last));
  CHECK(graph.in_degree(last) > 0);
}

}  // namespace metadata_test
