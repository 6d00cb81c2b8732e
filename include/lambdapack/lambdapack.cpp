// The functions marked LAMBDAPACK_API, for programs compiled with LAMBDAPACK_SEPARATE (see
// api.hpp).
#ifndef LAMBDAPACK_SEPARATE
#define LAMBDAPACK_SEPARATE
#endif
#define LAMBDAPACK_DEFINE

#ifndef LAMBDAPACK_COMPILED
#include "lambdapack/analysis/diagnosing.hpp"
#include "lambdapack/analysis/in_degree_count.hpp"
#include "lambdapack/analysis/lint_compare.hpp"
#include "lambdapack/analysis/pipeline.hpp"
#include "lambdapack/analysis/relations_text_write.hpp"
#include "lambdapack/analysis/verify_run.hpp"
#endif

#include "lambdapack/compile.hpp"
#include "lambdapack/dsl/folding.hpp"
#include "lambdapack/dsl/reducing.hpp"
#include "lambdapack/dsl/tracing.hpp"
#include "lambdapack/exec/sequential/sequential_run.hpp"
#include "lambdapack/exec/threads/threads_run.hpp"
#include "lambdapack/form/count_text_write.hpp"
#include "lambdapack/plain/registering.hpp"
#include "lambdapack/report/explain_text.hpp"
#include "lambdapack/report/run_html_page.hpp"
#include "lambdapack/report/trace.hpp"
