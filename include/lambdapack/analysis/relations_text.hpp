// A program's relations as text in isl's notation, for isl's own tools and for other languages.
#pragma once

#include <string>
#include <vector>

#include "lambdapack/analysis/analyse.hpp"
#include "lambdapack/api.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack::analysis {

/// What things are called in isl's notation.
struct RelationNames {
  std::vector<std::string> parameters;          ///< p0, p1
  std::vector<std::string> statements;          ///< S0, S1
  std::vector<std::string> arrays;              ///< T0, T1
  std::vector<std::vector<std::string>> loops;  ///< per statement, from the outermost in: i0, i1

  /// By position: p0, S0, T0, i0.
  LAMBDAPACK_API static RelationNames by_position(const ir::Program& program);
  /// As the program calls them, as far as isl takes such names: A_extent_0, potrf, A, k. A kernel
  /// that several statements call gets the statement's line: gemm_4.
  LAMBDAPACK_API static RelationNames by_name(const ir::Program& program);
};

/// Where a statement runs, and which tiles it touches.
struct StatementRelations {
  std::string domain;               ///< S
  std::vector<std::string> writes;  ///< S -> T, one for each output
  std::vector<std::string> reads;   ///< S -> T, one for each input
};

/// Input `input` of statement `to` sees what output `output` of statement `from` wrote.
struct FlowRelation {
  int from = 0;  ///< -1 - array for a tile's initial contents, with output 0
  int output = 0;
  int to = 0;  ///< -1 - array for what a tile holds at the end, with input 0
  int input = 0;
  std::string nodes;  ///< S -> S, T -> S or S -> T
};

/// All edges between nodes of two statements.
struct EdgeRelation {
  int from = 0;
  int to = 0;
  std::string nodes;  ///< S -> S
  /// The same for people, without what holds for all nodes:
  /// `trsm[k, i] -> syrk[k' = k, i' = i, j = i]`.
  std::string family;
};

/// The relations of one program. Sizes are those in `sizes`; what only says so is left out of the
/// others.
///
/// A program with powers or logarithms is *lifted*: in its tuples the value of each function that
/// the statement needs is a dimension of its own, and one of sizes alone is a parameter. What is
/// said of these values is true but not all of the truth (a power is above its exponent), and
/// strides are not said: domains and accesses are too large, until the functions are computed. Flow
/// is there for arrays whose tiles are written once and only read afterwards, and has the same
/// gaps.
struct RelationsText {
  bool lifted = false;
  std::string sizes;                           ///< the sizes that the program takes
  std::vector<StatementRelations> statements;  ///< not restricted to `sizes`
  std::vector<FlowRelation> flow;
  std::vector<EdgeRelation> edges;     ///< none if lifted
  std::vector<std::string> schedule;   ///< S -> time, none if lifted: nodes run in this order
  std::vector<std::string> functions;  ///< if lifted: `f2 = pow2(level)`
  std::vector<int> without_flow;       ///< the arrays whose flow is not there, if lifted
};

/// The relations of a program, whose forms are `forms`. Throws program_error where the budget is
/// spent.
LAMBDAPACK_API RelationsText relations_text(const ir::Program& program,
                                            const form::ClosedForms& forms,
                                            const RelationNames& names,
                                            const AnalysisOptions& options = {});

}  // namespace lambdapack::analysis

#ifndef LAMBDAPACK_SEPARATE
#include "lambdapack/analysis/relations_text_write.hpp"
#endif
