// Compiled forms are proved; broken ones are caught, each with a sentence.
#if defined(__SANITIZE_ADDRESS__)
#define UNDER_ADDRESS_SANITIZER
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNDER_ADDRESS_SANITIZER
#endif
#endif
#ifdef UNDER_ADDRESS_SANITIZER
#include <sanitizer/lsan_interface.h>
#endif

#include "lambdapack/analysis/deciding.hpp"
#include "lambdapack/analysis/verify.hpp"

#include <catch2/catch.hpp>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>

#include "lambdapack/analysis/analyse.hpp"
#include "lambdapack/form/assembler.hpp"
#include "lambdapack/ir/print.hpp"
#include "support/break_forms.hpp"
#include "support/brute_force.hpp"
#include "support/compare_graphs.hpp"
#include "support/programs.hpp"
#include "support/programs_ir.hpp"
#include "support/random_program.hpp"

namespace verify_test {

namespace {

using lambdapack::analysis::analyse;
using lambdapack::analysis::Verification;
using lambdapack::analysis::verify;
using lambdapack::form::Affine;
using lambdapack::form::Assembler;
using lambdapack::form::ClosedForms;
using lambdapack::form::Entry;
using lambdapack::form::Op;
using lambdapack::test::append;
using lambdapack::test::change;
using lambdapack::test::FormWords;
namespace ir = lambdapack::ir;

// An analysis or a proof that ends in the middle, out of budget, can leave objects of isl's behind.
struct IslMayLeak {
#ifdef UNDER_ADDRESS_SANITIZER
  const __lsan::ScopedDisabler off;
#endif
  IslMayLeak() {}
};

struct Analysed {
  ir::Program program;
  ClosedForms forms;
};

Analysed analysed(ir::Program program) {
  ClosedForms forms = analyse(program, {.verify = false});
  return {std::move(program), std::move(forms)};
}

template <auto f>
const Analysed& traced() {
  static const Analysed a = analysed(lambdapack::trace(f).program);
  return a;
}
const Analysed& cholesky() { return traced<&test_programs::cholesky>(); }
const Analysed& strides() { return traced<&test_programs::red_black>(); }
const Analysed& runs() { return traced<&test_programs::panels>(); }

void verifies(const Analysed& a) {
  INFO(ir::to_string(a.program));
  const Verification v = verify(a.program, a.forms);
  CHECK(v.not_proved == std::vector<std::string>{});
  CHECK(v.proved > 0);
}

// `how` breaks a copy of the forms; the message must hold both sentences.
template <class How>
void caught(const Analysed& a, How how, const std::string& form, const std::string& what) {
  ClosedForms forms = a.forms;
  how(forms);
  CHECK_THROWS_AS(verify(a.program, forms), lambdapack::internal_error);
  CHECK_THROWS_WITH(verify(a.program, forms), Catch::Contains(form) && Catch::Contains(what));
}

// Changes one form of each copy.
template <class Which, class How>
void caught(const Analysed& a, Which which, How how, const std::string& form,
            const std::string& what) {
  caught(
      a, [&](ClosedForms& f) { change(f, which(f), how); }, form, what);
}

// Reads past both ends of an output with a rule, and runs of a temporary with one.
void edges_of(lambdapack::In<double, 1> x, lambdapack::Out<double, 1> y) {
  y.unwritten(lambdapack::zero);
  auto S = lambdapack::temp<double, 1>("S", lambdapack::zero);
  const auto n = x.extent(0);
  for (auto i : lambdapack::range(0, n, 2)) S(i) = copy(x(i));
  for (auto i : lambdapack::range(n)) {
    y(i) = sum(S(lambdapack::range(i - 1, i + 2)));
    y(i) += add(y(i - 1));
    y(i) += add(y(i + 1));
  }
}

constexpr auto successors_of_trsm = [](ClosedForms& f) -> Entry& {
  return f.statements[1].successors;
};
constexpr auto instances_of_syrk = [](ClosedForms& f) -> Entry& {
  return f.statements[2].instances;
};

}  // namespace

TEST_CASE("forms of programs in the language are proved") {
  verifies(traced<&test_programs::cholesky>());
  verifies(traced<&test_programs::cholesky_single_assignment>());
  verifies(traced<&test_programs::lu>());
  verifies(traced<&test_programs::gemm>());
  verifies(traced<&test_programs::back_substitution>());
  verifies(traced<&test_programs::qr_flat>());
  verifies(traced<&test_programs::panels>());
  verifies(traced<&test_programs::stencil>());
  verifies(traced<&test_programs::red_black>());
  verifies(traced<&test_programs::nothing>());
}

TEST_CASE("forms of programs with rules for unwritten tiles are proved") {
  verifies(traced<&edges_of>());
  caught(
      traced<&edges_of>(), [](ClosedForms& f) { f.arrays[2].initial_readers = {}; },
      "initial readers of array S", "leaves out the node sum[");
  caught(
      traced<&edges_of>(),
      [](ClosedForms& f) { f.arrays[1].initial_readers = f.arrays[1].readers; },
      "initial readers of array y", "emits without cause the node");
}

TEST_CASE("forms of a program made by hand are proved") {
  verifies(analysed(lambdapack::test::cholesky()));
}

TEST_CASE("forms of random programs are proved") {
  const IslMayLeak off;
  int verified = 0, undecided = 0;
  for (std::uint64_t seed = 1; verified < 40; ++seed) {
    const ir::Program p = random_program::affine(random_program::Choices(seed));
    INFO("seed " << seed << "\n" << ir::to_string(p));
    ClosedForms forms;
    try {
      forms = analyse(p, {.max_operations = 300'000, .verify = false});
    } catch (const lambdapack::program_error&) {
      continue;
    }
    const Verification v = verify(p, forms, {.max_operations = 3'000'000});
    CHECK(v.proved > 0);
    undecided += static_cast<int>(v.not_proved.size());
    ++verified;
  }
  CHECK(undecided == 0);
}

TEST_CASE("a bound that is off by one") {
  const auto increase = [](int n) {
    return [n](FormWords& w) { ++w[w.affine(w.find(Op::set, n))]; };
  };
  caught(cholesky(), successors_of_trsm, increase(0),
         "successors of statement 1, update1 at programs.hpp", "leaves out the node update2[k=0");
  caught(cholesky(), successors_of_trsm, increase(1), "successors of statement 1",
         "emits without cause the node update2[k=0");
  caught(cholesky(), instances_of_syrk, increase(5), "instances of statement 2",
         "emits without cause the node update2[k=0,i=1,j=2] ((0, 1, 2) with tag 2): for "
         "A.extent(0) = 2, A.extent(1) = 2");
  caught(
      strides(), [](ClosedForms& f) -> Entry& { return f.statements[1].instances; }, increase(0),
      "instances of statement 1", "A.extent(0) = 2");
}

TEST_CASE("operands of an emit that are swapped") {
  caught(
      cholesky(), successors_of_trsm, [](FormWords& w) { w.swap_affines(w.find(Op::emit), 1, 2); },
      "successors of statement 1", "leaves out the node");
  caught(
      runs(), [](ClosedForms& f) -> Entry& { return f.statements[0].inputs[0].tiles; },
      [](FormWords& w) { w.swap_affines(w.find(Op::emit), 0, 1); },
      "tiles of input 0 of statement 0, gather", "leaves out the tuple");
}

TEST_CASE("a guard that is dropped") {
  const auto drop = [](int n) {
    return [n](FormWords& w) { w.make_constant(w.affine(w.find(Op::if_negative, n)), 0); };
  };
  caught(
      cholesky(), [](ClosedForms& f) -> Entry& { return f.statements[1].contains; }, drop(2),
      "contains of statement 1", "emits without cause its yes: for");
  caught(
      cholesky(), [](ClosedForms& f) -> Entry& { return f.statements[2].predecessors; }, drop(0),
      "predecessors of statement 2",
      "emits twice the node update1[k=0,i=1] ((0, 1) with tag 1): for A.extent(0) = 2");
  caught(
      strides(), [](ClosedForms& f) -> Entry& { return f.statements[0].successors; }, drop(0),
      "successors of statement 0", "emits without cause the node update1[i=1]");
}

TEST_CASE("a guard that jumps too far") {
  caught(
      cholesky(), [](ClosedForms& f) -> Entry& { return f.statements[0].inputs[0].source; },
      [](FormWords& w) {
        w[w.target_at(w.find(Op::if_nonzero))] =
            static_cast<lambdapack::form::Word>(w.find(Op::end));
      },
      "source of input 0 of statement 0", "leaves out output 0 of update2[k=0,i=1,j=1]");
}

TEST_CASE("a wrong register") {
  caught(
      cholesky(), successors_of_trsm, [](FormWords& w) { ++w[w.affine(w.find(Op::emit)) + 2]; },
      "successors of statement 1", "the node");
  caught(
      runs(), [](ClosedForms& f) -> Entry& { return f.statements[1].outputs[0].tile; },
      [](FormWords& w) { --w[w.affine(w.find(Op::emit)) + 2]; }, "tile of output 0 of statement 1",
      "the tuple");
}

TEST_CASE("a tag that is changed") {
  caught(
      cholesky(), successors_of_trsm, [](FormWords& w) { w[w.find(Op::emit) + 1] = 0; },
      "successors of statement 1", "emits without cause the node (0, ");
  caught(
      runs(), [](ClosedForms& f) -> Entry& { return f.statements[0].inputs[0].source; },
      [](FormWords& w) { ++w[w.find(Op::emit, 1) + 1]; }, "source of input 0 of statement 0",
      "leaves out output 0 of update1[k=0,i=1,j=1]");
}

TEST_CASE("a step that is changed") {
  caught(
      strides(), [](ClosedForms& f) -> Entry& { return f.statements[0].instances; },
      [](FormWords& w) { w[w.find(Op::loop) + 3] = w[w.find(Op::next) + 3] = 1; },
      "instances of statement 0", "emits without cause the node update[i=1]");
  caught(
      strides(), [](ClosedForms& f) -> Entry& { return f.statements[0].instances; },
      [](FormWords& w) { w[w.find(Op::loop) + 3] = 1; }, "instances of statement 0",
      "is broken: a loop begins and ends with different registers or steps");
  caught(
      strides(), [](ClosedForms& f) -> Entry& { return f.statements[1].contains; },
      [](FormWords& w) { w[w.find(Op::mod) + 3] = 3; }, "contains of statement 1", "its yes");
}

TEST_CASE("an emit that is doubled") {
  const auto twice = [](FormWords& w) { w = w.then(w); };
  caught(cholesky(), successors_of_trsm, twice, "successors of statement 1",
         "emits twice the node update2[k=0");
  caught(
      cholesky(), [](ClosedForms& f) -> Entry& { return f.statements[1].predecessors; }, twice,
      "predecessors of statement 1", "emits twice the node");
}

TEST_CASE("a loop that emits one node in two iterations") {
  caught(
      strides(),
      [](ClosedForms& f) {
        Assembler out(2);  // the size and the point
        const int var = out.scratch(), last = out.scratch();
        out.set(var, Affine::of(0));
        out.set(last, Affine::of(1));
        const Affine before = Affine::of_register(1).add(Affine::of(-1));
        out.loop(var, last, 1, [&] { out.emit(0, {before}); });
        out.end();
        f.statements[1].predecessors = append(f, out.finish());
      },
      "predecessors of statement 1", "emits twice the node update[i=0]");
}

TEST_CASE("a loop that is counted as a leaf and is none") {
  caught(
      cholesky(), instances_of_syrk, [](FormWords& w) { w[w.find(Op::loop) + 5] = 1; },
      "instances of statement 2", "marked as a leaf");
}

TEST_CASE("formulas for counts that are wrong") {
  const auto count = [](ClosedForms & f) -> auto& { return f.counts[2].pieces.at(0); };
  caught(
      cholesky(), [&](ClosedForms& f) { ++count(f).terms.at(0).coefficient; },
      "count of statement 2", "nodes");
  caught(
      cholesky(), [&](ClosedForms& f) { ++count(f).denominator; }, "count of statement 2",
      "but there are");
  caught(
      cholesky(), [&](ClosedForms& f) { f.counts[2].pieces.clear(); }, "count of statement 2",
      "for A.extent(0) = 2, A.extent(1) = 2 it is 0, but there are 1 nodes");
  // A term that vanishes at the sizes that are tried first.
  caught(
      cholesky(),
      [&](ClosedForms& f) {
        f.counts[0].pieces.at(0).terms.push_back({1, {3, 0}});
        f.counts[0].pieces.at(0).terms.push_back({-3, {2, 0}});
        f.counts[0].pieces.at(0).terms.push_back({2, {1, 0}});
      },
      "count of statement 0", "for A.extent(0) = 3, A.extent(1) = 3 it is 9");
}

TEST_CASE("formulas for numbers of edges that are wrong") {
  const auto family = [](ClosedForms& f, int from, int to) -> lambdapack::form::CountForm& {
    for (auto& e : f.edges)
      if (e.from == from && e.to == to) return e.count;
    throw std::logic_error("there are no such edges");
  };
  // From trsm to syrk; on the diagonal there is one where there are two elsewhere.
  caught(
      cholesky(), [&](ClosedForms& f) { ++family(f, 1, 2).pieces.at(0).terms.at(0).coefficient; },
      "count of edges from statement 1", "edges");
  caught(
      cholesky(), [&](ClosedForms& f) { family(f, 2, 0).pieces.clear(); },
      "count of edges from statement 2", "it is 0, but there are 1 edges");
  // Runs: an edge for each of their tiles.
  for (const auto& edges : runs().forms.edges) REQUIRE(edges.count.known);
  caught(
      runs(), [&](ClosedForms& f) { ++f.edges.at(0).count.pieces.at(0).denominator; },
      "count of edges from", "edges");
}

TEST_CASE("roots that are none") {
  caught(
      cholesky(), [](ClosedForms& f) { f.statements[0].roots = f.statements[0].instances; },
      "roots of statement 0",
      "emits without cause the node update[k=1] ((1) with tag 0): for A.extent(0) = 2");
  caught(
      cholesky(), [](ClosedForms& f) { f.statements[0].roots = {}; }, "roots of statement 0",
      "leaves out the node update[k=0]");
}

TEST_CASE("sinks that are none") {
  caught(
      cholesky(), [](ClosedForms& f) { f.statements[1].sinks = f.statements[1].instances; },
      "sinks of statement 1", "emits without cause the node update1[k=0,i=1]");
  caught(
      cholesky(), [](ClosedForms& f) { f.statements[0].sinks = {}; }, "sinks of statement 0",
      "leaves out the node update[k=0]");
}

TEST_CASE("a value that is final and does not say so, and the other way round") {
  caught(
      strides(), [](ClosedForms& f) { f.statements[1].outputs[0].final = {}; },
      "final of output 0 of statement 1", "leaves out its yes: for A.extent(0) = 2 at");
  caught(
      cholesky(),
      [](ClosedForms& f) { f.statements[2].outputs[0].final = f.statements[0].outputs[0].final; },
      "final of output 0 of statement 2", "emits without cause its yes");
}

TEST_CASE("forms that are exchanged") {
  caught(
      cholesky(),
      [](ClosedForms& f) { std::swap(f.statements[2].successors, f.statements[2].predecessors); },
      "successors of statement 2", "the node");
  caught(
      cholesky(), [](ClosedForms& f) { std::swap(f.arrays[0].readers, f.arrays[0].writers); },
      "readers of array A", "node");
  caught(
      cholesky(),
      [](ClosedForms& f) { std::swap(f.arrays[0].final_writer, f.arrays[0].initial_readers); },
      "final writer of array A", "");
}

TEST_CASE("sizes that are not asked for, or without need") {
  caught(
      cholesky(), [](ClosedForms& f) { f.requirements.clear(); },
      "requirements allow sizes that the program does not", "for A.extent(0) = 1, A.extent(1) = 0");
  caught(
      strides(),
      [](ClosedForms& f) {
        f.requirements.push_back({{}, "no"});
      },
      "requirements refuse sizes that the program allows", "A.extent(0) = 0");
}

TEST_CASE("tasks out of order") {
  caught(
      strides(),
      [](ClosedForms& f) {
        const auto of = [&](int l) {
          return FormWords(f.code, f.statements[static_cast<std::size_t>(l)].instances);
        };
        f.tasks = append(f, of(1).then(of(0)).then(of(2)).words());
      },
      "tasks", "in the wrong order: for A.extent(0) = 2");
}

TEST_CASE("a run of tiles backwards") {
  caught(
      runs(),
      [](ClosedForms& f) {
        Assembler out(4);  // three sizes and k
        const int var = out.scratch(), last = out.scratch();
        const Affine n = Affine::of_register(0), k = Affine::of_register(3);
        out.set(var, Affine::of(1).add(n, -1));
        out.set(last, Affine::of(0).add(k, -1));
        out.loop(var, last, 1, [&] {
          out.emit(0, {Affine::of(0).add(Affine::of_register(var), -1), k});
        });
        out.end();
        f.statements[0].inputs[0].tiles = append(f, out.finish());
      },
      "tiles of input 0 of statement 0",
      "in the wrong order: for A.extent(0) = 2, A.extent(1) = 2, P.extent(0) = 2 at gather[k=0]");
}

TEST_CASE("what forms say without code") {
  caught(
      cholesky(), [](ClosedForms& f) { f.edges.pop_back(); }, "differ in the families of edges",
      "");
  caught(
      cholesky(), [](ClosedForms& f) { f.statements[1].depth = 1; },
      "differ in the depth of statement 1", "");
  caught(
      runs(), [](ClosedForms& f) { f.statements[0].inputs[0].list = false; },
      "differ in input 0 of statement 0", "");
}

TEST_CASE("forms that are still proved after a random change are still right") {
  const Analysed& a = strides();
  std::mt19937_64 random(1);
  int caught = 0, undecided = 0, right = 0;
  for (int k = 0; k < 120; ++k) {
    ClosedForms forms = a.forms;
    const std::size_t at = random() % forms.code.size();
    random() % 2 == 0 ? ++forms.code[at] : --forms.code[at];
    INFO("word " << at << " changed to " << forms.code[at]);
    try {
      if (!verify(a.program, forms).not_proved.empty()) {
        ++undecided;
        continue;
      }
    } catch (const lambdapack::internal_error&) {
      ++caught;
      continue;
    }
    ++right;
    const auto shared = std::make_shared<const ClosedForms>(std::move(forms));
    for (const std::int64_t n : {0, 1, 2, 3, 6, 9})
      brute_force::compare(lambdapack::TaskGraph(shared, {n}),
                           brute_force::Interpreter::run(a.program, {n}), a.program);
  }
  CHECK(caught > 60);
  WARN(caught << " changes caught, " << undecided << " undecided, " << right << " without effect");
}

TEST_CASE("an operation that is not known is neither proved nor wrong") {
  ClosedForms forms = cholesky().forms;
  forms.statements[0].contains = append(forms, {99, 0, 0});
  const Verification v = verify(cholesky().program, forms);
  REQUIRE(v.not_proved.size() == 1);
  CHECK_THAT(v.not_proved[0], Catch::Contains("contains of statement 0") &&
                                  Catch::Contains("not decompilable: operation 99 is not known"));
  CHECK(v.proved == verify(cholesky().program, cholesky().forms).proved - 1);
}

TEST_CASE("code that is not structured is neither proved nor wrong") {
  ClosedForms forms = cholesky().forms;
  change(forms, forms.statements[0].instances,
         [](FormWords& w) { w[w.target_at(w.find(Op::loop))] = 0; });
  const Verification v = verify(cholesky().program, forms);
  // The instances, and what would be counted by them.
  REQUIRE(v.not_proved.size() == 3);
  CHECK_THAT(v.not_proved[0], Catch::Contains("instances of statement 0") &&
                                  Catch::Contains("not decompilable: it jumps backward"));
  CHECK_THAT(v.not_proved[1], Catch::Contains("count of statement 0"));
  CHECK_THAT(v.not_proved[2], Catch::Contains("count of edges from statement 2") &&
                                  Catch::Contains("to statement 0"));
}

TEST_CASE("a proof beyond its budget is neither proved nor wrong") {
  const Analysed& a = cholesky();
  const IslMayLeak off;
  const Verification v = verify(a.program, a.forms, {.max_operations = 2'000});
  CHECK_FALSE(v.not_proved.empty());
  CHECK_THAT(v.not_proved[0], Catch::Contains("beyond the budget"));
}

TEST_CASE("proofs behind one that is given up have half its budget") {
  const lambdapack::analysis::isl::Context ctx(8'000'000);
  lambdapack::analysis::Deciding deciding(ctx);
  const auto given_up = [] {
    throw lambdapack::program_error("too much", lambdapack::codes::too_large);
  };
  std::vector<unsigned long> budgets;
  for (int k = 0; k < 5; ++k) {
    budgets.push_back(isl_ctx_get_max_operations(ctx.get()));
    CHECK(deciding.decide("one that holds", [] {}));
    CHECK_FALSE(deciding.decide("one that takes long", given_up));
  }
  CHECK(budgets ==
        std::vector<unsigned long>{8'000'000, 4'000'000, 2'000'000, 1'000'000, 1'000'000});
}

TEST_CASE("the analysis verifies on request") {
  CHECK_NOTHROW(analyse(cholesky().program, {.verify = true}));
}

}  // namespace verify_test
