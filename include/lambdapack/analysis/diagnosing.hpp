// The body of `diagnose`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lambdapack/analysis/checks.hpp"
#include "lambdapack/analysis/count.hpp"
#include "lambdapack/analysis/coverage.hpp"
#include "lambdapack/analysis/diagnose.hpp"
#include "lambdapack/analysis/flow.hpp"
#include "lambdapack/analysis/forms.hpp"
#include "lambdapack/analysis/joint_chains.hpp"
#include "lambdapack/analysis/read_before_write.hpp"
#include "lambdapack/analysis/relations.hpp"
#include "lambdapack/analysis/shapes.hpp"
#include "lambdapack/analysis/tree_chains.hpp"
#include "lambdapack/analysis/tree_checks.hpp"
#include "lambdapack/analysis/tree_unread.hpp"
#include "lambdapack/analysis/warnings.hpp"
#include "lambdapack/ir/validate.hpp"

namespace lambdapack::analysis {

namespace detail {

/// The findings about a program with powers or logarithms.
inline void diagnose_trees(const ir::Program& program, const AnalysisOptions& options,
                           const Report& collect, const std::vector<Diagnostic>& found,
                           bool& all_errors_found) {
  const isl::Context ctx(options.max_operations);
  Lifted lifted = lift(ctx, program);
  TreeChecker checker(program, lifted, collect);
  checker.check_extents();
  checker.check_outputs_differ();
  const TreeFlow flow(program, lifted);
  checker.check_written_before_read(flow);
  // Who reads a value is not known where tiles are not what their reader means.
  const bool flow_is_meant = found.empty();
  checker.check_outputs_written();
  all_errors_found = true;
  if (flow_is_meant) find_unread_values(ctx, program, lifted, flow, collect);
  checker.find_idle_statements();
  find_chains(ctx, program, lifted, flow, collect);
}

/// What an exception says, as a finding.
inline Diagnostic finding(const program_error& e) {
  constexpr std::string_view prefix = "lambdapack: ";
  std::string_view message = e.what();
  if (!e.code().empty()) message.remove_suffix(e.code().size() + 3);
  if (message.starts_with(prefix)) message.remove_prefix(prefix.size());
  Diagnostic d;
  d.code = e.code();
  d.message = message;
  return d;
}

/// The remark for an analysis that ended when all errors were found: what ended it is no error.
inline Diagnostic incomplete(const Diagnostic& cause) {
  Diagnostic d;
  d.code = codes::incomplete;
  d.severity = Severity::remark;
  d.message =
      text({"all errors were looked for, but not all warnings and remarks: ", cause.message});
  return d;
}

}  // namespace detail

LAMBDAPACK_API std::vector<Diagnostic> diagnose(const ir::Program& program,
                                                const AnalysisOptions& options) {
  std::vector<Diagnostic> found;
  bool all_errors_found = false;
  const Report collect = [&](const Diagnostic& d) { found.push_back(d); };
  try {
    ir::validate(program);
    if (has_trees(program)) {
      detail::diagnose_trees(program, options, collect, found, all_errors_found);
      return found;
    }
    const isl::Context ctx(options.max_operations);
    Relations relations = analysis::relations(ctx, program);
    ValidSizes valid = check_extents(ctx, program, relations, collect);
    restrict_sizes(relations, valid.sizes);
    check_outputs_differ(program, relations, collect);
    const Flow flow = analysis::flow(relations);
    check_written_before_read(program, relations, flow, collect);
    const bool flow_is_meant = found.empty();
    check_outputs_written(program, relations, valid, collect);
    if (found.empty()) {
      FormCompiler compiler(program, relations, flow);
      compiler.compile(valid.conditions);
      counts(program, relations, compiler.writer());
    }
    all_errors_found = true;
    if (flow_is_meant) find_unread_values(program, relations, flow, collect);
    find_idle_statements(program, relations, collect);
    find_shape_mismatches(ctx, program, relations, collect);
    find_chains(program, relations, flow, collect);
    find_joint_chains(program, relations, flow, collect);
  } catch (const program_error& e) {
    found.push_back(detail::finding(e));
    if (all_errors_found) found.back() = detail::incomplete(found.back());
  }
  return found;
}

}  // namespace lambdapack::analysis
