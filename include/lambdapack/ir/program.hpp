// What a program is: plain data, and what it means.
//
// A program is a list of statements in textual order. Each sits in a scope: a chain of loops and
// guards that leads to the root. A statement runs once for every combination of values of its
// loops for which all of its guards hold; that combination, from the outermost loop in, is the
// `indices` of a node `(line, indices)`, where `line` is the statement's position in the list.
//
// Order. Loops run one iteration after the other, statements of one scope in textual order. The
// order only says which write a read sees: a read of a tile sees the last write to that tile that
// comes before it in this order, or, if there is none, the tile's initial contents. A node reads
// all of its tiles before it writes any. Nothing else follows from the order.
//
// Versions. A tile may be written any number of times. Each write makes a new value; a value is
// named by the node and the output slot that wrote it, or by the input tile.
//
// Integers. Parameters (extents of arrays, counted in tiles, and the program's own integers) are
// non-negative and fixed before a run. A loop from `lower` with step s > 0 covers lower,
// lower + s, ... below `upper`; with s < 0 it covers those above `upper`. A loop may be empty; one
// whose step is a power that is 0 is.
//
// Unwritten tiles. Reading a tile that has no initial contents and that nothing has written is an
// error, unless the array says what such a tile holds (`Array::unwritten`).
#pragma once

#include <complex>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace lambdapack::ir {

/// Deepest nest of loops that a statement may sit in.
inline constexpr int max_depth = 8;

/// Highest rank of an array.
inline constexpr int max_rank = 8;

/// Most outputs that a statement may have.
inline constexpr int max_outputs = 16;

/// A line of the user's source. `line` is 0 where it is not known.
struct Location {
  std::string file;
  int line = 0;
  bool operator==(const Location&) const = default;
};

/// A name in an index expression: parameter `id`, the index of the loop that is scope `id`, or the
/// value of function `id`.
struct Symbol {
  enum class Kind { parameter, loop, function };
  Kind kind = Kind::parameter;
  int id = 0;
  auto operator<=>(const Symbol&) const = default;
};

/// coefficient * symbol.
struct Term {
  std::int64_t coefficient = 0;
  Symbol symbol;
  bool operator==(const Term&) const = default;
};

/// An affine expression: constant + sum of terms. Terms are sorted by symbol, without zeros.
struct Expr {
  std::int64_t constant = 0;
  std::vector<Term> terms = {};
  bool operator==(const Expr&) const = default;
};

/// A function of an index expression that is not affine; equal functions have one id. Its argument
/// may use functions with smaller ids, and only loops around the place where it is used.
struct Function {
  enum class Kind {
    quotient,   ///< floor(argument / base)
    remainder,  ///< argument - base * floor(argument / base), so from 0 to base - 1
    power,      ///< base to the power of the argument; 0 where the argument is negative
    log_floor,  ///< the largest e >= 0 with base^e <= argument; 0 where the argument is below 1
    log_ceil,   ///< the smallest e >= 0 with base^e >= argument
  };
  Kind kind = Kind::quotient;
  std::int64_t base = 2;  ///< at least 1 for quotient and remainder, at least 2 for the others
  Expr argument;
  bool operator==(const Function&) const = default;
};

enum class Relation { less, less_equal, equal, not_equal, greater_equal, greater };

/// left `relation` right.
struct Comparison {
  Expr left;
  Relation relation = Relation::less;
  Expr right;
  bool operator==(const Comparison&) const = default;
};

/// A disjunction of conjunctions: true where every comparison of at least one member holds.
struct Condition {
  std::vector<std::vector<Comparison>> any_of;
  bool operator==(const Condition&) const = default;
};

/// `for index = lower; index before upper; index += step`. The step is a constant other than 0, or a
/// positive multiple of one power.
struct Loop {
  std::string index;
  Expr lower;
  Expr upper;
  Expr step = {1};
  bool operator==(const Loop&) const = default;
};

/// A loop or a guard inside the scope `parent`, an earlier scope, or -1 for the root.
struct Scope {
  int parent = -1;
  std::variant<Loop, Condition> what;
  Location location;
  bool operator==(const Scope&) const = default;
};

/// An integer that is fixed before a run.
struct Parameter {
  std::string name;
  bool operator==(const Parameter&) const = default;
};

enum class ArrayRole { in, out, inout, temp };

/// What a read of a tile finds that has no initial contents and that nothing has written.
struct Unwritten {
  int kernel = -1;  ///< makes the tile: one out parameter and no other; -1: the payload's zero
  bool operator==(const Unwritten&) const = default;
};

/// An array of tiles. `element` names the payload ("float64", or a payload's own type name).
/// `extents` are parameter ids, one per dimension; a temp has none, its tiles are unbounded. Only
/// out and temp arrays have `unwritten`; without it, such a read is an error.
struct Array {
  std::string name;
  std::string element;
  int rank = 0;
  ArrayRole role = ArrayRole::in;
  std::vector<int> extents;
  std::optional<Unwritten> unwritten = {};
  bool operator==(const Array&) const = default;
};

enum class ParameterRole { in, out, inout, in_list, scalar };

/// A kernel's parameter; `element` is the payload's name, or the scalar's type.
struct KernelParameter {
  ParameterRole role = ParameterRole::in;
  std::string element;
  bool operator==(const KernelParameter&) const = default;
};

/// A kernel as a program sees it: a name and what it does to each of its parameters.
///
/// `shapes`, where it is not empty, says which tiles of matrices fit together: for each parameter
/// that is a tile, in order and with commas between them, a letter for its rows and one for its
/// columns. Equal letters are equal numbers: "mn,mk,kn" of C + A B. A '-' may be any number.
struct Kernel {
  std::string name;
  std::vector<KernelParameter> parameters;
  std::string shapes = {};
  bool operator==(const Kernel&) const = default;
};

/// The rest of a run of tiles: indices from `at` on, before `end`, by `step`.
struct Run {
  Expr end;
  Expr step = {1};
  bool operator==(const Run&) const = default;
};

/// One index of an access: the tile `at`, or a run of tiles that starts there.
struct Subscript {
  Expr at;
  std::optional<Run> run;
  bool operator==(const Subscript&) const = default;
};

/// A tile of `array`, or a list of tiles if a subscript is a run (first subscript slowest).
struct Access {
  int array = 0;
  std::vector<Subscript> subscripts;
  Location location;
  bool operator==(const Access&) const = default;
};

/// A scalar argument: an index expression or a constant.
using Scalar = std::variant<Expr, double, std::complex<double>>;

/// writes = kernel(reads..., scalars...). `reads` are the arguments of the kernel's in, inout and
/// in_list parameters in their order, `writes` its out and inout parameters in theirs, `scalars`
/// its scalar parameters in theirs.
///
/// A `reduction` is `tile += kernel(...)`: its first parameter is inout, its first read and its
/// only write name the same tile, and the order in which its instances add to a tile may be changed
/// (`reduce_by_tree`).
///
/// A `stoppable` statement sits in a loop that `lp::stop_if` may end. Behind the kernel's own reads
/// come one of a control tile, and one for each write, of that same tile: where the control tile
/// says that the loop has ended, the statement does not call its kernel but hands those on.
struct Statement {
  int scope = -1;
  int kernel = 0;
  std::vector<Access> writes;
  std::vector<Access> reads;
  std::vector<Scalar> scalars;
  Location location;
  bool reduction = false;
  bool stoppable = false;
  bool operator==(const Statement&) const = default;
};

/// A tiled algorithm. `validate` (ir/validate.hpp) says whether the ids in it hang together.
struct Program {
  std::string name;
  std::vector<Parameter> parameters;
  std::vector<Array> arrays;
  std::vector<Kernel> kernels;
  std::vector<Scope> scopes;
  std::vector<Statement> statements;
  std::vector<Function> functions = {};
  bool operator==(const Program&) const = default;
};

/// The value of an expression without symbols.
inline std::optional<std::int64_t> constant_of(const Expr& e) {
  return e.terms.empty() ? std::optional(e.constant) : std::nullopt;
}

/// Whether a loop or run with this step goes down.
inline bool goes_down(const Expr& step) { return step.terms.empty() && step.constant < 0; }

/// The loops around `scope`, as scope ids from the outermost in.
inline std::vector<int> loops_around(const Program& program, int scope) {
  std::vector<int> loops;
  for (; scope >= 0; scope = program.scopes[static_cast<std::size_t>(scope)].parent)
    if (std::holds_alternative<Loop>(program.scopes[static_cast<std::size_t>(scope)].what))
      loops.insert(loops.begin(), scope);
  return loops;
}

}  // namespace lambdapack::ir
