// What an array that is spread over ranks tells an executor.
#pragma once

#include <mpi.h>

#include "lambdapack/exec/mpi/distribution.hpp"

namespace lambdapack {

/// A store that holds only the tiles which its distribution gives to this rank is one of these too.
/// Others' tiles are never asked of it, but `blank`, `zero` and `origin` must answer for all. Its
/// `stamp` is of this rank's tiles, and the sum over all ranks is that of the array.
class Distributed {
 public:
  virtual ~Distributed() = default;
  virtual const Distribution& distribution() const = 0;
  /// The communicator whose ranks the distribution means; MPI_COMM_NULL for those of any run.
  virtual MPI_Comm comm() const { return MPI_COMM_NULL; }
};

}  // namespace lambdapack
