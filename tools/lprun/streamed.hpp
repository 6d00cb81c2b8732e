// Algorithms on Zarr arrays that need not fit into memory.
#pragma once

#include <cstdint>
#include <lambdapack/lambdapack.hpp>
#include <string>

#include "run.hpp"

namespace lprun {

inline constexpr Option memory_option{"--memory", Takes::text, "SIZE", "",
                                      "take no more than this, as 500M or 2G: work on Zarr arrays "
                                      "tile by tile, their chunks as tiles"};

/// The bytes that --memory allows. Throws command_error if that is no size, or another option does
/// not go with it.
std::int64_t memory_of(const Run& run);

/// What runs an algorithm within them.
Chosen executor_within_memory(Run& run);

/// The Zarr array that input k is. Throws command_error if it is a .npy file.
std::string streamed_input(const Run& run, std::size_t k);
/// The Zarr array for the result. Throws command_error if it is to be a .npy file.
std::string streamed_output(const Run& run);

/// A copy of a Zarr array beside `target`, which takes its place when it is finished.
class WorkingCopy {
 public:
  /// Throws lp::input_error if it cannot be made.
  WorkingCopy(const std::string& from, const std::string& target);
  WorkingCopy(const WorkingCopy&) = delete;
  WorkingCopy& operator=(const WorkingCopy&) = delete;
  ~WorkingCopy();

  const std::string& path() const { return path_; }
  void publish();

 private:
  std::string target_;
  std::string path_;
};

}  // namespace lprun
