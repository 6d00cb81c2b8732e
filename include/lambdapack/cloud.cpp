// The functions of lp::cloud marked LAMBDAPACK_API, as lambdapack.cpp has the others.
#ifndef LAMBDAPACK_SEPARATE
#define LAMBDAPACK_SEPARATE
#endif
#define LAMBDAPACK_DEFINE

#include "lambdapack/exec/cloud/attach.hpp"
#include "lambdapack/exec/cloud/cloud_run.hpp"
#include "lambdapack/exec/cloud/work.hpp"
