// Formulas for the numbers of edges between statements that are affine though their program has
// powers and logarithms elsewhere.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

#include "lambdapack/analysis/affine_statements.hpp"
#include "lambdapack/analysis/lifted.hpp"
#include "lambdapack/analysis/tree_flow.hpp"
#include "lambdapack/analysis/tree_sizes.hpp"

namespace lambdapack::analysis {

/// Tells which families of edges are affine relations, and which.
class AffineEdges {
 public:
  AffineEdges(const isl::Context& ctx, const ir::Program& program, const Lifted& lifted,
              const TreeFlow& flow)
      : ctx_(ctx), program_(program), lifted_(lifted), flow_(flow) {}

  /// The pairs of nodes of which the second reads a value of the first; nothing where powers or
  /// logarithms matter to that, or tiles are written more than once.
  std::optional<isl::Map> between(std::size_t from, std::size_t to) const {
    if (!has_loops_only(from) || !has_loops_only(to)) return std::nullopt;
    std::optional<isl::Map> all;
    for (const TreePair& p : flow_.pairs()) {
      if (p.writer != from || p.reader != to) continue;
      const bool in_step = lifted_.statements[to].reads[p.read].strides.empty();
      const auto pairs = flow_.exact(p.array) && in_step ? for_all_functions(p.map) : std::nullopt;
      if (!pairs) return std::nullopt;
      all = all ? isl::Map(ctx_.get(), isl_map_union(all->copy(), pairs->copy())) : *pairs;
    }
    if (!all) return std::nullopt;
    isl_map* there =
        isl_map_intersect_domain(all->copy(), affine_domain(ctx_, program_, from).copy());
    return isl::Map(ctx_.get(),
                    isl_map_intersect_range(there, affine_domain(ctx_, program_, to).copy()));
  }

 private:
  bool has_loops_only(std::size_t line) const {
    const std::vector<LiftedDim>& dims = lifted_.statements[line].dims;
    return runs_affinely(program_, line) &&
           std::all_of(dims.begin(), dims.end(), [](const LiftedDim& d) { return d.is_loop; });
  }

  // The map without functions of sizes, if they do not matter to it.
  std::optional<isl::Map> for_all_functions(const isl::Map& map) const {
    const auto sizes = static_cast<unsigned>(program_.parameters.size());
    const auto all = static_cast<unsigned>(isl_map_dim(map.get(), isl_dim_param));
    const isl::Map free(ctx_.get(),
                        isl_map_project_out(map.copy(), isl_dim_param, sizes, all - sizes));
    const isl::Map allowed(ctx_.get(),
                           isl_map_intersect_params(free.copy(), lifted_.context.copy()));
    if (!isl::decide(ctx_.get(), isl_map_is_equal(map.get(), allowed.get()))) return std::nullopt;
    return free;
  }

  const isl::Context& ctx_;
  const ir::Program& program_;
  const Lifted& lifted_;
  const TreeFlow& flow_;
};

/// Adds formulas for the numbers of edges, where there are any and as far as the budget of isl
/// operations goes.
inline void add_affine_edges(const isl::Context& ctx, const ir::Program& program,
                             const Lifted& lifted, const TreeFlow& flow, FormWriter& writer,
                             std::vector<form::EdgeFamily>& families) {
  const AffineEdges edges(ctx, program, lifted, flow);
  const isl::Set sizes = allowed_sizes(program, lifted);
  try {
    for (form::EdgeFamily& f : families) {
      const auto pairs =
          edges.between(static_cast<std::size_t>(f.from), static_cast<std::size_t>(f.to));
      if (!pairs) continue;
      const isl::Set readers_first(ctx.get(), isl_map_wrap(isl_map_reverse(pairs->copy())));
      f.count = isl::within_budget(
          ctx.get(), [&] { return count_form(program, readers_first, sizes, writer); });
    }
  } catch (const isl::BudgetSpent&) {
    isl_ctx_reset_error(ctx.get());
  }
}

}  // namespace lambdapack::analysis
