// The edges of a task graph as people write them by hand: plain data, and what it means.
//
// An edge family is a rule, as PaRSEC's JDF has them: for each node of one statement, where its
// results go (`out`, JDF's `->`), or where its inputs come from (`in`, JDF's `<-`). The end that
// the rule is about names its loop indices, from the outermost in; the other end has affine
// expressions of them. A rule is about nodes that exist: those of its statement's loops and guards,
// as far as `when` holds too. What stands at the other end need not exist; lint says so.
//
// Texts are affine expressions and conditions in C's grammar and with C's arithmetic (`/` rounds
// to zero), over indices, names of parameters and their aliases. docs/lint.md has the rules.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace lambdapack::ir {

/// Another name for a parameter: `n` for `A.extent(0)`.
struct SizeAlias {
  std::string name;
  std::string parameter;
  bool operator==(const SizeAlias&) const = default;
};

/// A name for the statement at position `line` of the program, from 0.
struct StatementName {
  std::string name;
  int line = 0;
  bool operator==(const StatementName&) const = default;
};

/// One end of an edge: a statement, by its line or by a name of HandGraph::statements, and a name
/// or an expression for each of its loops, from the outermost in.
struct EdgeEnd {
  std::variant<int, std::string> statement;
  std::vector<std::string> indices;
  bool operator==(const EdgeEnd&) const = default;
};

/// A further index: `from`, `from` + step, ... up to and with `to`. None if `to` is below `from`.
struct EdgeRange {
  std::string index;
  std::string from;
  std::string to;
  std::int64_t step = 1;
  bool operator==(const EdgeRange&) const = default;
};

/// A rule for edges. In HandGraph::out the indices of `from` are names and those of `to` are
/// expressions, in HandGraph::in the other way round. An empty `when` always holds. Without `value`
/// (the writer's output slot) or `input` (the reader's input slot) an edge stands for all of them.
struct EdgeFamily {
  EdgeEnd from;
  std::string when;
  std::vector<EdgeRange> ranges;
  EdgeEnd to;
  std::optional<int> value;
  std::optional<int> input;
  bool operator==(const EdgeFamily&) const = default;
};

/// Which end of an edge a family is about: its writer's (`out`) or its reader's (`in`).
enum class EdgeDirection { out, in };

/// All edges between the nodes of a program, once or twice. A direction that is absent says
/// nothing; one that is there and empty says that there are no edges.
struct HandGraph {
  std::vector<SizeAlias> sizes;
  std::vector<StatementName> statements;
  std::optional<std::vector<EdgeFamily>> out;
  std::optional<std::vector<EdgeFamily>> in;
  bool operator==(const HandGraph&) const = default;
};

}  // namespace lambdapack::ir
