// Hand-written edges compared with the exact ones, for all sizes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lambdapack/analysis/analyse.hpp"
#include "lambdapack/api.hpp"
#include "lambdapack/ir/hand_graph.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack {

/// Some edges that are wrong for one reason.
struct LintFinding {
  enum class Kind {
    missing,       ///< edges of the program that no family declares
    superfluous,   ///< declared edges between nodes that do not depend on each other so
    outside,       ///< declared edges whose other end is no node
    stale,         ///< declared edges whose reader gets that tile from a later write
    disagreement,  ///< declared edges that no family of the other direction declares
  };

  /// An edge that is among them, at the smallest sizes that have one.
  struct Example {
    std::vector<std::int64_t> sizes;  ///< one for each parameter of the program
    std::vector<std::int64_t> from;   ///< the writer's indices
    std::vector<std::int64_t> to;     ///< the reader's indices
  };

  Kind kind = Kind::missing;
  ir::EdgeDirection direction = ir::EdgeDirection::out;
  /// The family's position in its list; none for missing edges, which are nobody's.
  std::optional<std::size_t> family;
  int from = 0;  ///< the writer's line
  int to = 0;    ///< the reader's line
  /// The slots that are compared; none where an edge stands for all of them.
  std::optional<int> value;
  std::optional<int> input;
  /// All of these edges, of nodes that exist and of sizes that the program allows:
  /// `trsm[k, i] -> syrk[k' = k, i' = i, j = i]`.
  std::string edges = {};
  Example example = {};
  /// Where the example's reader gets its tile from instead, if that is known:
  /// `syrk[k=0,i=2,j=1]`, `the initial contents of A(2, 1)`.
  std::string source = {};
  /// All of it in one line, with the example.
  std::string message = {};
};

/// What is wrong with hand-written edges.
struct LintReport {
  std::vector<LintFinding> findings;

  /// Whether the edges are those of the program.
  bool clean() const { return findings.empty(); }
  /// The messages, each ended by a newline.
  std::string text() const {
    std::string all;
    for (const LintFinding& finding : findings) all += finding.message + '\n';
    return all;
  }
};

/// Compares the edges of `graph` with the exact ones of `program`, for all sizes at once. Throws
/// program_error where the program is wrong, has powers or logarithms, or where the comparison is
/// too large, and input_error, with the place as a JSON pointer, where the edges do not make sense
/// for the program.
LAMBDAPACK_API LintReport lint(const ir::Program& program, const ir::HandGraph& graph,
                               const analysis::AnalysisOptions& options = {});

/// The same at given sizes, one for each parameter, for a program of any kind; the texts of `graph`
/// may have powers and logarithms then, as the language spells them: `j + pow2(level)`. Throws
/// input_error too where the program cannot run at these sizes.
LAMBDAPACK_API LintReport lint_at(const ir::Program& program, const ir::HandGraph& graph,
                                  const std::vector<std::int64_t>& sizes,
                                  const analysis::AnalysisOptions& options = {});

/// "missing", "superfluous", "outside", "stale" or "disagreement".
inline const char* to_string(LintFinding::Kind kind) {
  static constexpr const char* names[] = {"missing", "superfluous", "outside", "stale",
                                          "disagreement"};
  return names[static_cast<int>(kind)];
}

}  // namespace lambdapack

#ifndef LAMBDAPACK_SEPARATE
#include "lambdapack/analysis/lint_compare.hpp"
#endif
