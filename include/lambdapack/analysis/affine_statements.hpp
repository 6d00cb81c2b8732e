// Statements that are affine though their program has powers and logarithms elsewhere: what isl
// alone can say of them, such as how many nodes they have.
#pragma once

#include <algorithm>
#include <cstddef>
#include <variant>
#include <vector>

#include "lambdapack/analysis/count.hpp"
#include "lambdapack/analysis/relations.hpp"

namespace lambdapack::analysis {

namespace detail {

/// Whether isl can express it: of functions, only quotients and remainders.
inline bool is_affine(const ir::Program& program, const ir::Expr& e) {
  return std::all_of(e.terms.begin(), e.terms.end(), [&](const ir::Term& t) {
    if (t.symbol.kind != ir::Symbol::Kind::function) return true;
    const ir::Function& f = program.functions[static_cast<std::size_t>(t.symbol.id)];
    return (f.kind == ir::Function::Kind::quotient || f.kind == ir::Function::Kind::remainder) &&
           is_affine(program, f.argument);
  });
}

inline bool is_affine(const ir::Program& program, const ir::Scope& scope) {
  if (const auto* loop = std::get_if<ir::Loop>(&scope.what))
    return is_affine(program, loop->lower) && is_affine(program, loop->upper) &&
           is_affine(program, loop->step);
  for (const auto& all_of : std::get<ir::Condition>(scope.what).any_of)
    for (const ir::Comparison& c : all_of)
      if (!is_affine(program, c.left) || !is_affine(program, c.right)) return false;
  return true;
}

}  // namespace detail

/// Whether no power or logarithm matters to where statement `line` runs.
inline bool runs_affinely(const ir::Program& program, std::size_t line) {
  for (int s = program.statements[line].scope; s >= 0;) {
    const ir::Scope& scope = program.scopes[static_cast<std::size_t>(s)];
    if (!detail::is_affine(program, scope)) return false;
    s = scope.parent;
  }
  return true;
}

/// The nodes of a statement that runs affinely, for all sizes.
inline isl::Set affine_domain(const isl::Context& ctx, const ir::Program& program,
                              std::size_t line) {
  const detail::IslText words(program);
  return isl::read_set(ctx, text({words.parameters(), "{ ", words.node("S", line), " : ",
                                  words.domain(line), " }"}));
}

/// All sizes that there are.
inline isl::Set all_sizes(const isl::Context& ctx, const ir::Program& program) {
  return isl::read_set(ctx, detail::IslText(program).context());
}

/// Formulas for the numbers of nodes of the statements that run affinely; of others nothing is
/// said.
inline std::vector<form::CountForm> affine_counts(const isl::Context& ctx,
                                                  const ir::Program& program, FormWriter& writer) {
  const isl::Set sizes = all_sizes(ctx, program);
  std::vector<form::CountForm> counts(program.statements.size());
  for (std::size_t l = 0; l < program.statements.size(); ++l)
    if (runs_affinely(program, l))
      counts[l] = count_form(
          program,
          isl::Set(ctx.get(),
                   isl_set_intersect_params(affine_domain(ctx, program, l).copy(), sizes.copy())),
          sizes, writer);
  return counts;
}

}  // namespace lambdapack::analysis
