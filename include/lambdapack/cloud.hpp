// The executor whose workers come, go and die. Not part of lambdapack.hpp: it needs SQLite (CMake:
// lambdapack::cloud).
#pragma once

#include "lambdapack/exec/cloud/cloud.hpp"  // lp::cloud
#include "lambdapack/lambdapack.hpp"
#include "lambdapack/worker_program.hpp"
