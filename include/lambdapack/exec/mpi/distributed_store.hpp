// What an array that is spread over ranks tells an executor.
#pragma once

#include "lambdapack/exec/mpi/distribution.hpp"

namespace lambdapack {

/// A store that holds only the tiles which its distribution gives to this rank is one of these too.
/// Others' tiles are never asked of it, but `blank`, `zero` and `origin` must answer for all.
class Distributed {
 public:
  virtual ~Distributed() = default;
  virtual const Distribution& distribution() const = 0;
};

}  // namespace lambdapack
