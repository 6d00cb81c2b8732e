// The functions marked LAMBDAPACK_API, for programs compiled with LAMBDAPACK_SEPARATE (see api.hpp).
#ifndef LAMBDAPACK_SEPARATE
#define LAMBDAPACK_SEPARATE
#endif
#define LAMBDAPACK_DEFINE

#include "lambdapack/analysis/diagnosing.hpp"
#include "lambdapack/analysis/pipeline.hpp"
#include "lambdapack/compile.hpp"
#include "lambdapack/dsl/tracing.hpp"
#include "lambdapack/exec/sequential/sequential_run.hpp"
#include "lambdapack/exec/threads/threads_run.hpp"
