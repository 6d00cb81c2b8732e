// A closed form as a tree of statements, as a person would write them: what its bytecode becomes on
// the way to C++.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <variant>
#include <vector>

#include "lambdapack/form/assembler.hpp"
#include "lambdapack/form/closed_forms.hpp"

namespace lambdapack::lpc {

/// A sum of variables. Variables count from 0: the parameters of the program, the coordinates of
/// the point that is asked about, and then those that the form makes; each has one value.
using Sum = form::Affine;
using Variable = int;

/// What can be computed but by sums. `by` is the divisor, the factor or the base.
enum class Operation {
  floor_div,     ///< floor(of / by)
  modulo,        ///< of - by * floor(of / by); of itself where by < 1
  modulo_power,  ///< the same where by is a power of two, or 0
  smaller,
  larger,
  multiply,
  power,      ///< by^of, up to form::max_power; 0 where of < 0
  log_floor,  ///< the largest e >= 0 with by^e <= of; 0 where of < 1
  log_ceil,   ///< the smallest e >= 0 with by^e >= of
};

/// How a sum compares with zero.
enum class Sign { negative, not_negative, zero, not_zero };

/// A condition: a test of a sum, or all, or any, of several; or one of two by a third.
struct Condition {
  enum class Kind { constant, test, all, any, choice };
  Kind kind = Kind::constant;
  bool value = true;             ///< of a constant
  Sum sum;                       ///< of a test
  Sign sign = Sign::zero;        ///< of a test
  std::vector<Condition> parts;  ///< of the others; of a choice: if, then, otherwise

  bool is(bool constant) const { return kind == Kind::constant && value == constant; }
};

struct Statement;
using Block = std::vector<Statement>;

/// A new variable, computed once.
struct Let {
  Variable variable = 0;
  Operation operation = Operation::floor_div;
  Sum of, by;
};

/// A new variable that statements further down set, once on each way.
struct Declare {
  Variable variable = 0;
};

struct Assign {
  Variable variable = 0;
  Sum value;
};

struct If {
  Condition condition;
  Block then, otherwise;
};

/// For each of first, first + step, ... that is not beyond last, with the new variable as its name.
/// The step is positive.
struct For {
  Variable variable = 0;
  Sum first, last, step;
  Block body;
};

/// One tuple.
struct Emit {
  int tag = 0;
  std::vector<Sum> values;
};

struct Statement {
  std::variant<Let, Declare, Assign, If, For, Emit> what;
};

/// A form over `inputs` variables, the parameters and the point, and `variables` in all.
struct FormTree {
  int inputs = 0;
  int variables = 0;
  Block body;
};

/// Why bytecode has no tree.
struct Unstructured : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The tree of a form that is not empty. Throws Unstructured for code that no form compiler of
/// lambdapack writes.
FormTree form_tree(const std::vector<form::Word>& code, form::Entry entry, int inputs);

}  // namespace lambdapack::lpc
