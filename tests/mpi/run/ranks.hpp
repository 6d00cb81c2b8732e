// What the tests under mpirun have in common.
#pragma once

#include <mpi.h>

#include <catch2/catch.hpp>
#include <cstdint>
#include <lambdapack/algorithm/algorithm.hpp>
#include <lambdapack/mpi.hpp>
#include <string>
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

/// What a call on this rank is refused with, or fails with; nothing if it does not.
template <class F>
std::string failure_of(F&& f) {
  try {
    f();
  } catch (const lp::error& e) {
    return e.what();
  }
  return "";
}

/// All ranks call it: whether each has words that contain this.
inline bool all_contain(const std::string& words, const std::string& part) {
  int here = words.find(part) != std::string::npos ? 1 : 0, all = here;
  MPI_Allreduce(&here, &all, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
  return all == 1;
}

using tiled_matrices::numbers;
using tiled_matrices::positive;
using tiled_matrices::same_bits;

}  // namespace test_mpi
