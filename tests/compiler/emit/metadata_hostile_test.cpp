// Metadata from anybody: what is not of the format is refused with the place, and nothing else
// happens.
#include <cstddef>
#include <string>
#include <vector>

#include "compiler/emit/support.hpp"
#include "lambdapack/ir/content_hash.hpp"
#include "support/mutator.hpp"
#include "support/programs_ir.hpp"
#include "support/published.hpp"
#include "support/sanitizer.hpp"

namespace metadata_hostile_test {

using namespace lambdapack;
using Catch::Matchers::Contains;

namespace {

const std::string& cholesky() {
  static const std::string text = lpc::metadata(emit_test::unit_of(test::cholesky()));
  return text;
}

const std::string& qr_in_place() {
  static const std::string text = lpc::metadata(emit_test::unit_of(published::qr_in_place()));
  return text;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

/// The text with the number behind `before` exchanged.
std::string with_number(const std::string& text, const std::string& before, const std::string& to) {
  const std::size_t begin = text.find(before);
  REQUIRE(begin != std::string::npos);
  const std::size_t number = begin + before.size();
  return text.substr(0, number) + to + text.substr(text.find_first_not_of("0123456789-", number));
}

void refused(const std::string& text, const std::string& message) {
  INFO(text);
  CHECK_THROWS_WITH(lpc::from_metadata(text), Contains(message));
  CHECK_THROWS_AS(lpc::from_metadata(text), input_error);
}

}  // namespace

TEST_CASE("a document of another kind is refused") {
  refused("", "program metadata is not JSON: line 1");
  refused("[]", "the document: expected an object, found an array");
  refused(replaced(cholesky(), "lambdapack-metadata", "lambdapack-program"),
          "/format: expected \"lambdapack-metadata\", found \"lambdapack-program\"");
  refused(
      replaced(cholesky(), "\"version\":1", "\"version\":2"),
      "/version: expected version 1, which this lpc reads (for another version, use the lpc that "
      "wrote it, or compile the program again), found 2");
  refused(replaced(cholesky(), "\"source\"", "\"sources\""), "/sources: expected none but");
}

TEST_CASE("a program that was changed is refused") {
  refused(with_number(cholesky(),
                      "\"index\":\"i\",\"lower\":{\"terms\":[[1,\"loop\",0]],\"constant\":", "2"),
          "the hash of the program that follows, found \"");
  refused(replaced(cholesky(), "\"rank\":2", "\"rank\":9"),
          "/program/arrays/0/rank: expected an integer from 0 to 8, found 9");
  refused(replaced(cholesky(), "\"extents\":[0,1]", "\"extents\":[0]"), "arrays[0].extents");
}

TEST_CASE("tables that do not fit the program are refused") {
  refused(replaced(cholesky(), "\"ranges\":[]", "\"ranges\":[1]"), "/ranges: expected no ranges");
  refused(replaced(cholesky(), "\"initial\":0", "\"initial\":1"),
          "/relations/flow/0/initial: expected an integer from 0 to 0, found 1");
  refused(replaced(cholesky(), "\"arrays\":[\n  {\"initial_readers\"",
                   "\"arrays\":[{},\n  {\"initial_readers\""),
          "/forms/arrays: expected a list of the forms of each array, found 2 elements");
  refused(replaced(cholesky(), "\"scalars\":[]}", "\"scalars\":[null]}"),
          "/forms/statements/0/scalars: expected a list of the forms of each scalar");
  refused(replaced(cholesky(), "\"terms\":[[1,1,0]]", "\"terms\":[[1,1]]"),
          "/forms/counts/0/pieces/0/terms/0: expected a coefficient and an exponent for each");
  refused(replaced(cholesky(), "\"denominator\":1", "\"denominator\":0"),
          "/forms/counts/0/pieces/0/denominator: expected an integer from 1");
}

TEST_CASE("forms that are not in the code, or emit something else, are refused") {
  refused(with_number(cholesky(), "\"contains\":", "1"),
          "/forms/statements/0/contains: expected the offset of a form in the code, found 1");
  refused(with_number(cholesky(), "\"contains\":", "100000"),
          "/forms/statements/0/contains: expected the offset of a form in the code, found 100000");
  const std::string instances = "\"contains\":0,\"instances\":";
  const std::size_t at = cholesky().find(instances) + instances.size();
  const std::string offset = cholesky().substr(at, cholesky().find(',', at) - at);
  refused(with_number(cholesky(), "\"tasks\":", "0"),
          "/forms/tasks: expected the offset of a form of 2 integers (this one takes 3), found 0");
  refused(
      with_number(cholesky(), "{\"tile\":", offset),
      "/forms/statements/0/outputs/0/tile: expected the offset of a form that emits tiles of its "
      "array (this one emits the tag 0 with 1 value), found " +
          offset);
}

TEST_CASE("code that could leave itself is refused") {
  refused(replaced(cholesky(), "\"code\":[6,", "\"code\":[60,"),
          "/forms/code: expected bytecode (word 0: operation 60; the operations are 0 to 20)");
  refused(replaced(cholesky(), "\"code\":[", "\"code\":[65536,"),
          "/forms/code/0: expected an integer from -32768 to 32767, found 65536");
}

TEST_CASE("damaged metadata is refused, or can be written again") {
  const std::size_t rounds = sanitizer::slow_build ? 300 : 4000;
  test::Mutator mutator(29);
  int accepted = 0;
  std::string again;
  for (std::size_t k = 0; k < rounds; ++k) {
    const std::string& whole = k % 4 == 0 ? qr_in_place() : cholesky();
    const std::size_t forms = whole.find("\"ranges\"");
    const std::string text =
        whole.substr(0, forms) + mutator.damaged(whole.substr(forms), cholesky());
    try {
      const lpc::Unit unit = lpc::from_metadata(text);
      if (accepted++ % 50 == 0) again = lpc::metadata(unit);
    } catch (const input_error&) {
    }
  }
  CHECK(accepted > 10);
  CHECK_NOTHROW(lpc::from_metadata(again));
}

TEST_CASE("a damaged program within metadata is refused") {
  const std::size_t rounds = sanitizer::slow_build ? 100 : 1000;
  test::Mutator mutator(31);
  const std::size_t program = cholesky().find("\"program\""), end = cholesky().find("\"ranges\"");
  for (std::size_t k = 0; k < rounds; ++k) {
    const std::string text =
        cholesky().substr(0, program) +
        mutator.damaged(cholesky().substr(program, end - program), cholesky()) +
        cholesky().substr(end);
    try {
      const lpc::Unit unit = lpc::from_metadata(text);
      CHECK(ir::content_hash(unit.program) == ir::content_hash(test::cholesky()));
    } catch (const input_error&) {
    }
  }
}

}  // namespace metadata_hostile_test
