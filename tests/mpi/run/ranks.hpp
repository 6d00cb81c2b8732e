// What the tests under mpirun have in common.
#pragma once

#include <mpi.h>

#include <catch2/catch.hpp>
#include <cstdint>
#include <lambdapack/algorithm/algorithm.hpp>
#include <lambdapack/mpi.hpp>
#include <vector>

#include "support/tiled_matrices.hpp"

namespace test_mpi {

inline int rank() {
  int r = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &r);
  return r;
}
inline int ranks() {
  int n = 0;
  MPI_Comm_size(MPI_COMM_WORLD, &n);
  return n;
}

/// All grids of all ranks: p x q for every p that divides their number.
inline std::vector<lp::ProcessGrid> grids() {
  std::vector<lp::ProcessGrid> all;
  for (int p = 1; p <= ranks(); ++p)
    if (ranks() % p == 0) all.push_back({p, ranks() / p});
  return all;
}

using tiled_matrices::numbers;
using tiled_matrices::positive;
using tiled_matrices::same_bits;

}  // namespace test_mpi
