// Forms with powers and logarithms that are wrong at large sizes only are caught: proofs are for
// all sizes.
#include <catch2/catch.hpp>
#include <string>

#include "lambdapack/analysis/analyse.hpp"
#include "lambdapack/analysis/verify.hpp"
#include "lambdapack/form/code.hpp"
#include "support/break_forms.hpp"
#include "support/published.hpp"

namespace verify_large_test {

namespace {

using lambdapack::form::ClosedForms;
using lambdapack::form::Entry;
using lambdapack::form::Op;
using lambdapack::form::StatementForms;
using lambdapack::form::Word;
using lambdapack::test::change;
using lambdapack::test::FormWords;

struct Analysed {
  lambdapack::ir::Program program;
  ClosedForms forms;
};

const Analysed& tsqr() {
  static const Analysed a = [] {
    Analysed made{published::tsqr(), {}};
    made.forms = lambdapack::analysis::analyse(made.program, {.verify = false});
    return made;
  }();
  return a;
}

// What verify says of forms broken by `how`.
template <class How>
std::string message(How how) {
  ClosedForms forms = tsqr().forms;
  how(forms);
  try {
    lambdapack::analysis::verify(tsqr().program, forms);
  } catch (const lambdapack::internal_error& e) {
    return e.what();
  }
  return "nothing";
}

// What it says of one form of statement 1, qr2, that ends where constant + coefficient * register
// is negative. Registers: 0 and 1 are the extents, 2 is the level l, 3 the row j.
std::string ended(Entry StatementForms::* form, Word constant, int coefficient, int reg) {
  return message([&](ClosedForms& f) {
    change(f, f.statements[1].*form,
           [&](FormWords& w) { w = w.unless_negative(constant, coefficient, reg); });
  });
}

// The same of one that goes on with a copy of itself where that is not negative.
std::string repeated(Entry StatementForms::* form, Word constant, int coefficient, int reg) {
  return message([&](ClosedForms& f) {
    change(f, f.statements[1].*form,
           [&](FormWords& w) { w = w.then(w.unless_negative(constant, coefficient, reg)); });
  });
}

}  // namespace

TEST_CASE("nodes that are missing from 101 tiles on") {
  CHECK_THAT(ended(&StatementForms::instances, 100, -1, 0),
             Catch::Contains("instances of statement 1") && Catch::Contains("leaves out") &&
                 Catch::Contains("for A.extent(0) = 101"));
}

TEST_CASE("a level that is missing from the eighth on") {
  CHECK_THAT(ended(&StatementForms::contains, 6, -1, 2),
             Catch::Contains("contains of statement 1") && Catch::Contains("leaves out its yes") &&
                 Catch::Contains("for A.extent(0) = 129"));
}

TEST_CASE("successors that are missing on the highest levels") {
  CHECK_THAT(ended(&StatementForms::successors, 21, -1, 2),
             Catch::Contains("successors of statement 1") &&
                 Catch::Contains("leaves out the node qr2[l=23,j=0]") &&
                 Catch::Contains("for A.extent(0) = 8388609"));
}

TEST_CASE("predecessors that are missing in distant rows") {
  CHECK_THAT(ended(&StatementForms::predecessors, 20000, -1, 3),
             Catch::Contains("predecessors of statement 1") && Catch::Contains("leaves out") &&
                 Catch::Contains("j=20"));
}

TEST_CASE("nodes that come twice from 1000 tiles on") {
  CHECK_THAT(repeated(&StatementForms::instances, -1000, 1, 0),
             Catch::Contains("instances of statement 1") && Catch::Contains("emits twice") &&
                 Catch::Contains("for A.extent(0) = 1000"));
}

TEST_CASE("successors that come twice on the ninth level") {
  CHECK_THAT(repeated(&StatementForms::successors, -8, 1, 2),
             Catch::Contains("successors of statement 1") && Catch::Contains("emits twice") &&
                 Catch::Contains("[l=9,"));
}

TEST_CASE("sinks that are missing from 300 tiles on") {
  CHECK_THAT(ended(&StatementForms::sinks, 299, -1, 0),
             Catch::Contains("sinks of statement 1") && Catch::Contains("leaves out") &&
                 Catch::Contains("for A.extent(0) = 300"));
}

TEST_CASE("a tile that is missing in a distant row") {
  const std::string said = message([](ClosedForms& f) {
    change(f, f.statements[1].outputs[0].tile,
           [](FormWords& w) { w = w.unless_negative(4095, -1, 3); });
  });
  CHECK_THAT(said, Catch::Contains("tile of output 0 of statement 1") &&
                       Catch::Contains("leaves out the tuple") && Catch::Contains("j=4096"));
}

TEST_CASE("a source that is missing on the sixteenth level") {
  const std::string said = message([](ClosedForms& f) {
    change(f, f.statements[1].inputs[1].source,
           [](FormWords& w) { w = w.unless_negative(14, -1, 2); });
  });
  CHECK_THAT(said, Catch::Contains("source of input 1 of statement 1") &&
                       Catch::Contains("leaves out output 2 of qr2[l=14"));
}

TEST_CASE("tasks in another order from 200 tiles on") {
  const std::string said = message([](ClosedForms& f) {
    change(f, f.tasks, [&](FormWords& w) {
      const FormWords all = w;
      w = all.unless_negative(199, -1, 0);
      // Of statement 1 first, then of statement 0.
      const FormWords first(f.code, f.statements[1].instances);
      const FormWords second(f.code, f.statements[0].instances);
      w = w.then(first.unless_negative(-200, 1, 0)).then(second.unless_negative(-200, 1, 0));
    });
  });
  CHECK_THAT(said,
             Catch::Contains("the form tasks emits in the wrong order: for A.extent(0) = 200"));
}

TEST_CASE("requirements that are dropped") {
  CHECK_THAT(message([](ClosedForms& f) { f.requirements.clear(); }),
             Catch::Contains("the requirements allow sizes that the program does not"));
}

}  // namespace verify_large_test
