// The body of `analyse`: a program in, its closed forms out.
#pragma once

#include "lambdapack/analysis/analyse.hpp"
#include "lambdapack/analysis/checks.hpp"
#include "lambdapack/analysis/count.hpp"
#include "lambdapack/analysis/coverage.hpp"
#include "lambdapack/analysis/flow.hpp"
#include "lambdapack/analysis/forms.hpp"
#include "lambdapack/analysis/log.hpp"
#include "lambdapack/analysis/read_before_write.hpp"
#include "lambdapack/analysis/relations.hpp"
#include "lambdapack/form/closed_forms.hpp"
#include "lambdapack/ir/validate.hpp"

namespace lambdapack::analysis {

LAMBDAPACK_API form::ClosedForms analyse(const ir::Program& program,
                                         const AnalysisOptions& options) {
  ir::validate(program);
  const isl::Context ctx(options.max_operations);
  Relations relations = analysis::relations(ctx, program);
  log("reads", relations.all_reads);
  log("writes", relations.all_writes);
  log("schedule", relations.schedule);

  ValidSizes valid = check_extents(ctx, program, relations);
  restrict_sizes(relations, valid.sizes);
  check_outputs_differ(program, relations);
  const Flow flow = analysis::flow(relations);
  log("flow", flow.full);
  log("no source", flow.no_source);
  check_written_before_read(program, relations, flow);
  check_outputs_written(program, relations, valid);

  FormCompiler compiler(program, relations, flow);
  form::ClosedForms forms = compiler.compile(valid.conditions);
  forms.counts = counts(relations, compiler.writer());
  forms.code = compiler.writer().take_code();
  return forms;
}

}  // namespace lambdapack::analysis
