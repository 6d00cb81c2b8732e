// All the closed forms of one program: what the analysis produces and a task graph answers from.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lambdapack/form/code.hpp"
#include "lambdapack/form/native.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack::form {

/// Nodes of statement `line` among which an answer is looked for, in or against the order of the
/// program (graph/search.hpp). `round` says which come first: larger rounds are nearer in time.
struct Candidates {
  int line = 0;
  int slot = 0;  ///< of the reader's input, or the writer's output
  int round = 0;
  Entry nodes;
  bool operator==(const Candidates&) const = default;
};

/// An output of a statement. A value is named by the node and the position of its output.
struct Output {
  int array = 0;
  Entry tile;     ///< (node) -> the tile written
  Entry readers;  ///< (node) -> every node that reads this value; tag = line
  Entry final;    ///< (node) -> yes, if no later write to the tile follows
  bool searched = false;               ///< `readers` is replaced by:
  std::vector<Candidates> candidates;  ///< (node) -> nodes that read the tile later on
  bool operator==(const Output&) const = default;
};

/// A read of a statement. A list's tiles come in the order of the run.
struct Input {
  int array = 0;
  bool list = false;
  Entry tiles;  ///< (node) -> the tiles read
  Entry
      source;  ///< (node), or (node, tile) for a list -> the value seen: tag = `source_tag` of its
               ///< writer and the writer's indices; the tile itself with tag -1, or nothing, if
               ///< it is initial
  Entry includes;         ///< (node, tile) -> yes, if the tile is among those read; tree programs
  bool searched = false;  ///< `source` is replaced by:
  std::vector<Candidates> candidates;  ///< as `source`, nodes that write the tile earlier, last first
  bool operator==(const Input&) const = default;
};

/// A scalar argument: computed from the indices if `value` is a form, else the constant.
struct ScalarForm {
  Entry value;
  double real = 0;
  double imaginary = 0;
  bool operator==(const ScalarForm&) const = default;
};

/// Where a loop around a statement stands in the program's text, and which way it runs.
struct LoopPosition {
  int first_line = 0;  ///< the first statement in the loop
  bool down = false;
  bool operator==(const LoopPosition&) const = default;
};

/// A statement's forms, over (parameters, indices) unless said otherwise.
struct StatementForms {
  std::string kernel;
  int depth = 0;
  Entry contains;      ///< (node) -> yes, if the node exists
  Entry instances;     ///< () -> all nodes of the statement
  Entry roots;         ///< () -> the nodes that wait for nobody
  Entry successors;    ///< (node) -> the distinct nodes that read a value of it; tag = line
  Entry predecessors;  ///< (node) -> the distinct nodes that it reads a value of; tag = line
  std::vector<Output> outputs;
  std::vector<Input> inputs;
  std::vector<ScalarForm> scalars;
  Entry sinks;                      ///< () -> the nodes that no node reads a value of
  std::vector<LoopPosition> loops;  ///< from the outermost in: what program order goes by
  bool searched_successors = false;    ///< from the readers of all outputs
  bool searched_predecessors = false;  ///< from the sources of all inputs
  bool filtered_roots = false;         ///< `roots` has nodes that wait
  bool filtered_sinks = false;         ///< `sinks` has nodes with readers
  bool operator==(const StatementForms&) const = default;
};

/// An array's forms, over (parameters, tile).
struct ArrayForms {
  std::string name;
  int rank = 0;
  std::vector<int> extents;  ///< parameters; empty for a temp
  Entry initial_readers;     ///< (tile) -> the nodes that read the initial contents; tag = line
  Entry readers;             ///< (tile) -> the nodes that read any value of it; tag = line
  Entry writers;             ///< (tile) -> the nodes that write it; tag = source_tag
  Entry final_writer;        ///< (tile) -> the last of them; tag = source_tag
  bool bound = false;        ///< whether it is the caller's, and no temp
  bool searched = false;     ///< `initial_readers` and `final_writer` are replaced by:
  std::vector<Candidates> first_readers;  ///< (tile) -> nodes that read it, first ones first
  std::vector<Candidates> last_writers;   ///< (tile) -> nodes that write it, last ones first
  bool filtered_readers = false;          ///< `readers` is replaced by `first_readers`
  bool operator==(const ArrayForms&) const = default;
};

/// A condition on the parameters that a run must meet, with a sentence for when it does not.
struct Requirement {
  Entry holds;  ///< () -> yes
  std::string otherwise;
  bool operator==(const Requirement&) const = default;
};

/// A term of a polynomial: coefficient * product of parameter p to the power exponents[p].
struct Monomial {
  std::int64_t coefficient = 0;
  std::vector<std::uint8_t> exponents;
  bool operator==(const Monomial&) const = default;
};

/// A count for the parameters where `applies` says yes: the sum of terms over `denominator`.
struct CountPiece {
  Entry applies;
  std::int64_t denominator = 1;
  std::vector<Monomial> terms;
  std::string condition;  ///< `applies` for people; empty where it is always yes
  bool operator==(const CountPiece&) const = default;
};

/// A number of nodes or edges: the pieces that apply, added up, if there is a formula.
struct CountForm {
  bool known = false;
  std::vector<CountPiece> pieces;
  bool operator==(const CountForm&) const = default;
};

/// All edges from nodes of one statement to nodes of another, or of the same: pairs of nodes of
/// which the second reads a value of the first.
struct EdgeFamily {
  int from = 0;
  int to = 0;
  CountForm count;  ///< of distinct pairs
  bool operator==(const EdgeFamily&) const = default;
};

/// Plain data, read by any number of threads.
struct ClosedForms {
  std::string program;
  std::vector<std::string> parameters;
  std::vector<StatementForms> statements;
  std::vector<ArrayForms> arrays;
  std::vector<Requirement> requirements;
  std::vector<CountForm> counts;  ///< per statement
  Entry tasks;                    ///< () -> all nodes in the program's own order; tag = line
  std::vector<Word> code;
  std::vector<EdgeFamily> edges;  ///< those that have edges at some sizes, by `from`, then `to`
  Natives natives;                ///< what Entry::native leads to
  bool operator==(const ClosedForms&) const = default;
};

/// Writer and output slot in one tag.
constexpr int source_tag(int line, int slot) { return line * ir::max_outputs + slot; }
constexpr int source_line(int tag) { return tag / ir::max_outputs; }
constexpr int source_slot(int tag) { return tag % ir::max_outputs; }

}  // namespace lambdapack::form
