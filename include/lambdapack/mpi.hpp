// The executor for many processes, and arrays that are spread over them. Not part of
// lambdapack.hpp: it needs MPI (CMake: lambdapack::mpi).
#pragma once

#include "lambdapack/exec/mpi/distributed_matrix.hpp"  // DistributedMatrix
#include "lambdapack/exec/mpi/distribution.hpp"        // Distribution, ProcessGrid
#include "lambdapack/exec/mpi/mpi.hpp"                 // lp::mpi
#include "lambdapack/exec/mpi/scalapack.hpp"           // scalapack
#include "lambdapack/lambdapack.hpp"
