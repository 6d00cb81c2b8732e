// potrf of a tile that knows which one it is, so that a failure can be traced to a row of the
// matrix.
#pragma once

#include <cstdint>

#include "lambdapack/kernel/dense.hpp"
#include "lambdapack/kernel/fault.hpp"

namespace lambdapack {

/// A not_positive_definite of diagonal tile `block`.
class block_not_positive_definite : public not_positive_definite {
 public:
  block_not_positive_definite(const not_positive_definite& fault, std::int64_t block)
      : not_positive_definite(fault), block_(block) {}
  std::int64_t block() const { return block_; }

 private:
  std::int64_t block_;
};

namespace kernel {

/// potrf of diagonal tile `block`. Throws as potrf does, with the block.
template <Scalar T>
void potrf_block(inout<T> a, std::int64_t block) {
  try {
    potrf(a);
  } catch (const not_positive_definite& fault) {
    throw block_not_positive_definite(fault, block);
  }
}

}  // namespace kernel

}  // namespace lambdapack
