// The functions of lp::mpi marked LAMBDAPACK_API, as lambdapack.cpp has the others.
#ifndef LAMBDAPACK_SEPARATE
#define LAMBDAPACK_SEPARATE
#endif
#define LAMBDAPACK_DEFINE

#include "lambdapack/exec/mpi/mpi_run.hpp"
