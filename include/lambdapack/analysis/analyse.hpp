// The analysis as others see it: a program in, its closed forms out.
#pragma once

#include "lambdapack/api.hpp"
#include "lambdapack/form/closed_forms.hpp"
#include "lambdapack/ir/program.hpp"

// What `AnalysisOptions::verify` is by default; the compiler's command line may set it.
#ifndef LAMBDAPACK_VERIFY
#ifdef NDEBUG
#define LAMBDAPACK_VERIFY false
#else
#define LAMBDAPACK_VERIFY true
#endif
#endif

namespace lambdapack::analysis {

struct AnalysisOptions {
  /// Budget of isl operations; an analysis beyond it is a program_error instead of a hang.
  unsigned long max_operations = 60'000'000;
  /// Whether to derive formulas for the numbers of edges, which may take a quarter of the budget
  /// more; where there is no formula a task graph counts them.
  bool edge_formulas = true;
  /// Whether the compiled forms are proved right before anybody sees them (analysis/verify.hpp): in
  /// a debug build always, otherwise on request. It takes about as long as the analysis again, with
  /// trees, and with many guards and remainders in one nest, a few seconds. What cannot be proved in
  /// that time is printed with LAMBDAPACK_LOG=analysis; `verify` may be given more.
  bool verify = LAMBDAPACK_VERIFY;
};

/// Derives the closed forms of a program, for all sizes at once. Throws program_error where the
/// program is wrong, internal_error where a form is. With LAMBDAPACK_LOG=analysis in the
/// environment, each intermediate relation is printed to standard error in isl's notation.
LAMBDAPACK_API form::ClosedForms analyse(const ir::Program& program,
                                         const AnalysisOptions& options = {});

}  // namespace lambdapack::analysis

#ifndef LAMBDAPACK_SEPARATE
#include "lambdapack/analysis/pipeline.hpp"
#endif
