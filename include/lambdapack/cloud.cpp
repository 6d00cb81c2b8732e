// The functions of lp::cloud marked LAMBDAPACK_API, as lambdapack.cpp has the others.
#ifndef LAMBDAPACK_SEPARATE
#define LAMBDAPACK_SEPARATE
#endif
#define LAMBDAPACK_DEFINE

#include "lambdapack/exec/cloud/directory_objects.hpp"
#include "lambdapack/exec/cloud/sqlite_ledger.hpp"
