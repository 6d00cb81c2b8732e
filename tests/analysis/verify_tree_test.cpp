// Forms with powers and logarithms are proved for all sizes; broken ones are caught.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "lambdapack/analysis/analyse.hpp"
#include "lambdapack/analysis/function_levels.hpp"
#include "lambdapack/analysis/verify.hpp"
#include "lambdapack/form/code.hpp"
#include "support/break_forms.hpp"
#include "support/published.hpp"
#include "support/sanitizer.hpp"

namespace verify_tree_test {

namespace {

using lambdapack::analysis::analyse;
using lambdapack::analysis::Verification;
using lambdapack::analysis::verify;
using lambdapack::form::ClosedForms;
using lambdapack::form::Entry;
using lambdapack::form::Op;
using lambdapack::form::Word;
using lambdapack::test::change;
using lambdapack::test::FormWords;
namespace ir = lambdapack::ir;

struct Analysed {
  ir::Program program;
  ClosedForms forms;
};

Analysed analysed(ir::Program program) {
  ClosedForms forms = analyse(program, {.verify = false});
  return {std::move(program), std::move(forms)};
}
const Analysed& tsqr() {
  static const Analysed a = analysed(published::tsqr());
  return a;
}
const Analysed& in_place() {
  static const Analysed a = analysed(published::qr_in_place());
  return a;
}

// All that is left open is what is searched or filtered at run time.
void verifies(const Analysed& a, int proved, std::size_t at_run_time) {
  const Verification v = verify(a.program, a.forms);
  CHECK(v.proved == proved);
  CHECK(v.not_proved.size() == at_run_time);
  for (const std::string& s : v.not_proved) CHECK_THAT(s, Catch::Contains("at run time"));
}

// What verify says of forms broken by `how`.
template <class How>
std::string message(const Analysed& a, How how) {
  ClosedForms forms = a.forms;
  how(forms);
  try {
    verify(a.program, forms);
  } catch (const lambdapack::internal_error& e) {
    return e.what();
  }
  return "nothing";
}

// The same for one form of statement 1 of TSQR, qr2.
template <class Which, class How>
void caught(Which which, How how, const std::string& form, const std::string& what) {
  const std::string said =
      message(tsqr(), [&](ClosedForms& f) { change(f, which(f.statements[1]), how); });
  CHECK_THAT(said, Catch::Contains(form) && Catch::Contains(what));
}

using Forms = lambdapack::form::StatementForms;
constexpr auto contains = [](Forms& f) -> Entry& { return f.contains; };
constexpr auto instances = [](Forms& f) -> Entry& { return f.instances; };
constexpr auto successors = [](Forms& f) -> Entry& { return f.successors; };
constexpr auto predecessors = [](Forms& f) -> Entry& { return f.predecessors; };
constexpr auto source = [](Forms& f) -> Entry& { return f.inputs[1].source; };
constexpr auto tiles = [](Forms& f) -> Entry& { return f.inputs[1].tiles; };

void set_step(FormWords& w, Word reg) {
  w[w.find(Op::loop_by) + 3] = reg;
  w[w.find(Op::next_by) + 3] = reg;
}

}  // namespace

TEST_CASE("levels of powers and logarithms are what the interpreter computes") {
  using Kind = ir::Function::Kind;
  for (const std::int64_t base : {2, 3, 4, 10})
    for (const Kind kind : {Kind::power, Kind::log_floor, Kind::log_ceil})
      for (std::int64_t x = -3; x < 200; ++x) {
        int found = 0;
        std::int64_t value = -1;
        for (const auto& level : lambdapack::analysis::function_levels(kind, base)) {
          if ((level.from && x < *level.from) || (level.to && x > *level.to)) continue;
          ++found;
          value = level.value;
        }
        INFO("base " << base << ", argument " << x);
        CHECK(found == 1);
        CHECK(value == (kind == Kind::power       ? lambdapack::form::power(base, x)
                        : kind == Kind::log_floor ? lambdapack::form::log_floor(base, x)
                                                  : lambdapack::form::log_ceil(base, x)));
      }
}

TEST_CASE("forms of published trees are proved") {
  verifies(tsqr(), 49, 5);
  verifies(analysed(published::gemm_tree()), 68, 7);
  verifies(analysed(published::qr()), 208, 15);
  // The largest, and of the same kinds: minutes under a sanitizer.
  if (!sanitizer::slow_build) verifies(analysed(published::bdfac()), 374, 62);
}

TEST_CASE("candidates of a tree in place are proved") { verifies(in_place(), 174, 34); }

TEST_CASE("the analysis verifies trees on request") {
  CHECK_NOTHROW(analyse(published::tsqr(), {.verify = true}));
}

TEST_CASE("another base") {
  caught(
      instances, [](FormWords& w) { w[w.find(Op::power) + 3] = 3; }, "instances of statement 1",
      "for A.extent(0) = 3");
  caught(
      contains, [](FormWords& w) { w[w.find(Op::log_ceil) + 3] = 4; }, "contains of statement 1",
      "leaves out its yes");
  caught(
      contains, [](FormWords& w) { w[w.find(Op::power) + 3] = 1; }, "contains of statement 1",
      "is broken: it takes powers of 1");
}

TEST_CASE("another function") {
  const auto becomes = [](Op from, Op to) {
    return [from, to](FormWords& w) { w[w.find(from)] = static_cast<Word>(to); };
  };
  caught(instances, becomes(Op::log_ceil, Op::log_floor), "instances of statement 1",
         "leaves out the node qr2[l=1,j=0] ((1, 0) with tag 1): for A.extent(0) = 3");
  caught(tiles, becomes(Op::power, Op::log_ceil), "tiles of input 1 of statement 1",
         "leaves out the tuple ((0, 1) with tag 0): for A.extent(0) = 2");
}

TEST_CASE("a remainder that nobody asks for") {
  const auto drop = [](FormWords& w) { w.make_constant(w.affine(w.find(Op::if_nonzero)), 0); };
  caught(contains, drop, "contains of statement 1", "emits without cause its yes");
}

TEST_CASE("a level too far") {
  const auto up = [](Op op, int n, int k) {
    return [=](FormWords& w) { ++w[w.affine(w.find(op, n), k)]; };
  };
  caught(successors, up(Op::emit, 0, 0), "successors of statement 1",
         "leaves out the node qr2[l=1,j=0]");
  caught(predecessors, up(Op::emit, 2, 0), "predecessors of statement 1", "the node");
  caught(tiles, up(Op::emit, 0, 0), "tiles of input 1 of statement 1", "the tuple");
}

TEST_CASE("another step") {
  for (const Word reg : {Word{2}, Word{7}})  // l and l + 1
    caught(
        instances, [reg](FormWords& w) { set_step(w, reg); }, "instances of statement 1",
        "the node qr2");
  // One of the two, so that begin and end of the loop differ.
  caught(
      instances, [](FormWords& w) { w[w.find(Op::next_by) + 3] = 2; }, "instances of statement 1",
      "is broken: a loop begins and ends with different registers or steps");
}

TEST_CASE("a tree's loop bound that is off by one") {
  const auto increase = [](int n) {
    return [n](FormWords& w) { ++w[w.affine(w.find(Op::set, n))]; };
  };
  caught(instances, increase(1), "instances of statement 1", "emits without cause the node");
  caught(instances, increase(3), "instances of statement 1", "emits without cause the node");
}

TEST_CASE("a tree's tag that is changed") {
  caught(
      source, [](FormWords& w) { ++w[w.find(Op::emit, 1) + 1]; },
      "source of input 1 of statement 1", "leaves out output 2 of qr2[l=0,j=2]");
  caught(
      predecessors, [](FormWords& w) { w[w.find(Op::emit, 3) + 1] = 0; },
      "predecessors of statement 1", "leaves out the node qr2[l=0,j=2]");
}

TEST_CASE("candidates that are missing, or taken for the answer") {
  CHECK_THAT(
      message(in_place(), [](ClosedForms& f) { f.statements[0].inputs[0].candidates.pop_back(); }),
      Catch::Contains("candidates for source of input 0 of statement 0") &&
          Catch::Contains("leaves out"));
  CHECK_THAT(
      message(in_place(), [](ClosedForms& f) { f.statements[0].inputs[0].searched = false; }),
      Catch::Contains("source of input 0 of statement 0") &&
          Catch::Contains("is taken for the answer, although tiles of A"));
}

}  // namespace verify_tree_test
