// Every form of many programs as a tree: it says what its bytecode says, wherever it is asked.
#include "emit/form_tree.hpp"

#include <catch2/catch.hpp>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "compiler/emit/run_tree.hpp"
#include "lambdapack/analysis/analyse.hpp"
#include "lambdapack/dsl/dsl.hpp"
#include "lambdapack/form/assembler.hpp"
#include "support/programs.hpp"
#include "support/published.hpp"
#include "support/random_program.hpp"
#include "support/random_tree_program.hpp"
#include "support/sanitizer.hpp"

namespace form_tree_test {

namespace {

namespace ir = lambdapack::ir;
namespace form = lambdapack::form;
namespace lpc = lambdapack::lpc;
using tree_run::Tuple;

std::vector<Tuple> tuples(const form::ClosedForms& forms, form::Entry entry,
                          const std::vector<std::int64_t>& inputs) {
  form::Cursor c(forms.code.data(), entry, inputs);
  std::vector<Tuple> all;
  int tag = 0, size = 0;
  std::int64_t values[form::max_tuple];
  while (c.next(tag, size, values)) all.push_back({tag, {values, values + size}});
  return all;
}

/// Compares each form that it is shown, at random sizes and points.
class Compare {
 public:
  explicit Compare(const form::ClosedForms& forms) : forms_(forms) {}
  int compared = 0;

  void operator()(form::Entry entry, int point) {
    if (entry.offset < 0) return;
    const int inputs = static_cast<int>(forms_.parameters.size()) + point;
    const lpc::FormTree tree = lpc::form_tree(forms_.code, entry, inputs);
    for (int trial = 0; trial < 25; ++trial) {
      std::vector<std::int64_t> at;
      for (int k = 0; k < inputs; ++k) at.push_back(static_cast<std::int64_t>(random_() % 9));
      REQUIRE(tree_run::TreeRun(tree, at).tuples() == tuples(forms_, entry, at));
    }
    ++compared;
  }
  void operator()(const std::vector<form::Candidates>& all, int point) {
    for (const form::Candidates& c : all) (*this)(c.nodes, point);
  }

 private:
  const form::ClosedForms& forms_;
  std::mt19937_64 random_{5};
};

int compare_all(const ir::Program& program, const form::ClosedForms& forms) {
  Compare compare(forms);
  compare(forms.tasks, 0);
  for (const form::Requirement& r : forms.requirements) compare(r.holds, 0);
  for (const form::StatementForms& s : forms.statements) {
    for (const form::Entry e : {s.instances, s.roots, s.sinks}) compare(e, 0);
    for (const form::Entry e : {s.contains, s.successors, s.predecessors}) compare(e, s.depth);
    for (const form::Output& o : s.outputs) {
      for (const form::Entry e : {o.tile, o.readers, o.final}) compare(e, s.depth);
      compare(o.candidates, s.depth);
    }
    for (const form::Input& i : s.inputs) {
      const int rank = program.arrays[static_cast<std::size_t>(i.array)].rank;
      compare(i.tiles, s.depth);
      compare(i.source, s.depth + (i.list ? rank : 0));
      compare(i.includes, s.depth + rank);
      compare(i.candidates, s.depth + (i.list ? rank : 0));
    }
    for (const form::ScalarForm& x : s.scalars) compare(x.value, s.depth);
  }
  for (const form::ArrayForms& a : forms.arrays) {
    for (const form::Entry e : {a.initial_readers, a.readers, a.writers, a.final_writer})
      compare(e, a.rank);
    compare(a.first_readers, a.rank);
    compare(a.last_writers, a.rank);
  }
  return compare.compared;
}

void compare_program(const ir::Program& p) {
  INFO(p.name);
  CHECK(compare_all(p, lambdapack::analysis::analyse(p, {.verify = false})) > 0);
}

/// Of `count` random programs those that are right and cheap.
void compare_random(ir::Program (*make)(random_program::Choices), int count,
                    unsigned long max_operations) {
  const sanitizer::MayLeak beyond_the_budget;
  if (sanitizer::slow_build) count = 3;
  int compared = 0;
  for (std::uint64_t seed = 80'000; seed < 80'000 + static_cast<std::uint64_t>(count); ++seed) try {
      const ir::Program p = make(random_program::Choices(seed));
      INFO("seed " << seed);
      const form::ClosedForms forms = lambdapack::analysis::analyse(
          p, {.max_operations = max_operations, .edge_formulas = false, .verify = false});
      compare_all(p, forms);
      ++compared;
    } catch (const lambdapack::program_error&) {
    }
  CHECK(compared > 0);
}

}  // namespace

TEST_CASE("trees of the forms of programs of loops say what the bytecode says") {
  using lambdapack::trace;
  compare_program(trace(test_programs::cholesky).program);
  compare_program(trace(test_programs::cholesky_single_assignment).program);
  compare_program(trace(test_programs::lu).program);
  compare_program(trace(test_programs::back_substitution).program);
  compare_program(trace(test_programs::qr_flat).program);
  compare_program(trace(test_programs::panels).program);
  compare_program(trace(test_programs::stencil).program);
  compare_program(trace(test_programs::red_black).program);
}

TEST_CASE("trees of the forms of published programs say what the bytecode says") {
  compare_program(published::gemm_tree());
  compare_program(published::tsqr());
  compare_program(published::qr());
  compare_program(published::bdfac());
}

TEST_CASE("trees of the forms of random programs say what the bytecode says") {
  compare_random(random_program::affine, 150, 300'000);
  compare_random(random_program::wild, 60, 600'000);
  compare_random(random_program::tree, 6, 3'000'000);
}

TEST_CASE("code that no form compiler writes has no tree") {
  form::Assembler out(1);
  const int x = out.scratch();
  const auto skip = out.label(), end = out.label();
  const form::Affine n = form::Affine::of_register(0);
  out.if_negative(n, skip);
  out.set(x, form::Affine::of(1));
  out.if_nonzero(n, end);
  out.emit(0, {form::Affine::of_register(x)});
  out.place(skip);
  out.emit(1, {n});
  out.place(end);
  out.end();
  CHECK_THROWS_AS(lpc::form_tree(out.finish(), form::Entry{0}, 1), lpc::Unstructured);
}

TEST_CASE("a value that two ways set is one variable of the tree") {
  form::Assembler out(1);
  const int x = out.scratch();
  const auto otherwise = out.label(), end = out.label();
  const form::Affine n = form::Affine::of_register(0);
  out.if_negative(n, otherwise);
  out.set(x, form::Affine::of(7));
  out.jump(end);
  out.place(otherwise);
  out.set(x, form::Affine::of(1).add(n, -1));
  out.place(end);
  out.emit(0, {form::Affine::of_register(x)});
  out.end();
  const lpc::FormTree tree = lpc::form_tree(out.finish(), form::Entry{0}, 1);
  for (const std::int64_t at : {-3, 5})
    CHECK(tree_run::TreeRun(tree, {&at, 1}).tuples() == std::vector<Tuple>{{0, {at < 0 ? 1 - at : 7}}});
}

}  // namespace form_tree_test
