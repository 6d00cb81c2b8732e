// Random programs, written as C++ source, are what lpc reads from it: in the language, and as
// ordinary functions over lp::Tiles.
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lpc/run_lpc.hpp"
#include "lpc/same_programs.hpp"
#include "support/program_text.hpp"
#include "support/random_program.hpp"
#include "support/random_tree_program.hpp"
#include "support/same_functions.hpp"

namespace {

using random_program::Choices;
using Generator = lp::ir::Program (*)(Choices);

/// Programs of all kinds; each loop has a name of its own.
std::vector<lp::ir::Program> some_programs(std::uint64_t of_each) {
  std::vector<lp::ir::Program> all;
  for (const Generator make : {random_program::affine, random_program::wild, random_program::tree})
    for (std::uint64_t seed = 0; seed < of_each; ++seed)
      all.push_back(program_text::with_plain_names(make(Choices(seed))));
  return all;
}

/// The program without what an ordinary function does not say: that the order of additions is free,
/// and what unwritten tiles of outputs hold.
lp::ir::Program plainly(lp::ir::Program program) {
  for (lp::ir::Statement& s : program.statements) s.reduction = false;
  for (lp::ir::Array& a : program.arrays)
    if (a.role == lp::ir::ArrayRole::out) a.unwritten.reset();
  return program;
}

/// Affine programs that an ordinary function can be.
std::vector<lp::ir::Program> plain_programs(std::size_t wanted) {
  std::vector<lp::ir::Program> all;
  for (std::uint64_t seed = 0; all.size() < wanted; ++seed) {
    lp::ir::Program program = plainly(random_program::affine(Choices(seed)));
    if (program_text::is_plain(program))
      all.push_back(program_text::with_plain_names(std::move(program)));
  }
  return all;
}

std::string space(std::size_t number) { return "random" + std::to_string(number); }

/// Reads a file of programs, each in a namespace of its own, and compares them with `programs`.
void check_read(const std::string& text, const std::vector<lp::ir::Program>& programs) {
  const lpc_test::Folder folder;
  lpc_test::SourceFile file(folder.write("random.cpp", text));
  for (std::size_t k = 0; k < programs.size(); ++k) {
    INFO(to_string(programs[k]));
    const lp::ir::Program read = same_functions::renumbered(file.program(space(k) + "::program"));
    const lp::ir::Program made = same_functions::renumbered(dsl_test::placeless(programs[k]));
    CHECK(to_string(read) == to_string(made));
    CHECK(read == made);
  }
}

}  // namespace

TEST_CASE("lpc reads random programs as they were written") {
  const std::vector<lp::ir::Program> programs = some_programs(200);
  program_text::File text;
  for (std::size_t k = 0; k < programs.size(); ++k) text.add(programs[k], space(k));
  check_read(text.text(), programs);
}

TEST_CASE("lpc reads random ordinary functions as the same programs in the language") {
  const std::vector<lp::ir::Program> programs = plain_programs(300);
  program_text::File text;
  for (std::size_t k = 0; k < programs.size(); ++k) text.add_plain(programs[k], space(k));
  check_read(text.text(), programs);
}
