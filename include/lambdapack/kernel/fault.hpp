// How a kernel reports trouble with the numbers in a tile.
#pragma once

#include <cstdint>
#include <string>

#include "lambdapack/error.hpp"

namespace lambdapack {

/// Thrown by a kernel when the numbers in its (first) output tile make no sense from some row on.
/// The executor that runs the kernel adds the node, the tile and the row of the whole matrix.
class tile_fault : public run_error {
 public:
  /// `row` counts from 0 within the tile; `what` is a sentence without the place.
  tile_fault(std::int64_t row, const std::string& what) : run_error(what), row_(row) {}
  std::int64_t row() const { return row_; }

 private:
  std::int64_t row_;
};

}  // namespace lambdapack
