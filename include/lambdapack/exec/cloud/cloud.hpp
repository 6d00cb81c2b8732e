// The executor whose workers come, go and die.
#pragma once

#include "lambdapack/exec/cloud/executor.hpp"
#include "lambdapack/exec/cloud/stored_matrix.hpp"  // lp::stored

#ifndef LAMBDAPACK_SEPARATE
#include "lambdapack/exec/cloud/cloud_run.hpp"
#include "lambdapack/exec/cloud/work.hpp"
#endif
