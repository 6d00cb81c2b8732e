// The body of `analyse`: a program in, its closed forms out.
#pragma once

#include "lambdapack/analysis/affine_edges.hpp"
#include "lambdapack/analysis/affine_statements.hpp"
#include "lambdapack/analysis/analyse.hpp"
#include "lambdapack/analysis/checks.hpp"
#include "lambdapack/analysis/count.hpp"
#include "lambdapack/analysis/coverage.hpp"
#include "lambdapack/analysis/flow.hpp"
#include "lambdapack/analysis/forms.hpp"
#include "lambdapack/analysis/log.hpp"
#include "lambdapack/analysis/magnitude.hpp"
#include "lambdapack/analysis/read_before_write.hpp"
#include "lambdapack/analysis/relations.hpp"
#include "lambdapack/analysis/tree_checks.hpp"
#include "lambdapack/analysis/tree_forms.hpp"
#include "lambdapack/analysis/verify.hpp"
#include "lambdapack/form/closed_forms.hpp"
#include "lambdapack/ir/validate.hpp"

namespace lambdapack::analysis {

namespace detail {

/// The same for a program whose loops or indices use powers or logarithms.
inline form::ClosedForms analyse_trees(const isl::Context& ctx, const ir::Program& program,
                                       const AnalysisOptions& options) {
  Lifted lifted = lift(ctx, program);
  TreeChecker checker(program, lifted);
  checker.check_extents();
  checker.check_outputs_differ();
  const TreeFlow flow(program, lifted);
  checker.check_written_before_read(flow);
  checker.check_outputs_written();

  TreeFormCompiler compiler(program, lifted, flow, checker.always_waits(flow));
  form::ClosedForms forms = compiler.compile();
  forms.counts = affine_counts(ctx, program, compiler.form_writer());
  for (const SizeCondition& c : checker.take_conditions())
    forms.requirements.push_back({compiler.writer().holds(c.holds, c.among), c.otherwise});
  if (options.edge_formulas) {
    ctx.grant(options.max_operations / 4);
    add_affine_edges(ctx, program, lifted, flow, compiler.form_writer(), forms.edges);
  }
  forms.code = compiler.take_code();
  return forms;
}

/// The same for one that uses none.
inline form::ClosedForms analyse_loops(const isl::Context& ctx, const ir::Program& program,
                                       const AnalysisOptions& options) {
  Relations relations = analysis::relations(ctx, program);
  log("reads", relations.all_reads);
  log("writes", relations.all_writes);
  log("schedule", relations.schedule);

  ValidSizes valid = check_extents(ctx, program, relations);
  ask_for_small_indices(program, form::max_size, valid.sizes, valid.conditions);
  restrict_sizes(relations, valid.sizes);
  check_outputs_differ(program, relations);
  const Flow flow = analysis::flow(relations);
  log("flow", flow.full);
  log("no source", flow.no_source);
  check_written_before_read(program, relations, flow);
  check_outputs_written(program, relations, valid);

  FormCompiler compiler(program, relations, flow);
  form::ClosedForms forms = compiler.compile(valid.conditions);
  forms.counts = counts(program, relations, compiler.writer());
  const std::vector<NodePairs> pairs = compiler.node_pairs();
  ctx.grant(options.max_operations / 4);
  forms.edges =
      edge_families(program, pairs, relations.context, compiler.writer(), options.edge_formulas);
  forms.code = compiler.writer().take_code();
  return forms;
}

/// What a verification that comes with an analysis may cost. Proofs about affine programs that take
/// more than a second or two are left to those who ask for them.
inline VerifyOptions verified_with_it(const ir::Program& program) {
  VerifyOptions options;
  if (!has_trees(program)) options.max_operations = 4'000'000;
  return options;
}

}  // namespace detail

LAMBDAPACK_API form::ClosedForms analyse(const ir::Program& program,
                                         const AnalysisOptions& options) {
  ir::validate(program);
  const isl::Context ctx(options.max_operations);
  form::ClosedForms forms = isl::within_budget(ctx.get(), [&] {
    return has_trees(program) ? detail::analyse_trees(ctx, program, options)
                              : detail::analyse_loops(ctx, program, options);
  });
  if (options.verify) log(verify(program, forms, detail::verified_with_it(program)));
  return forms;
}

}  // namespace lambdapack::analysis
