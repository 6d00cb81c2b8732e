// Algorithms on ranks of which each holds its share of the matrices only: those are Zarr arrays, of
// which a rank reads and writes the tiles that it needs.
#pragma once

#include <cstdint>
#include <lambdapack/lambdapack.hpp>
#include <memory>
#include <string>

#include "run.hpp"

namespace lprun {

/// Whether an algorithm that can is to go about it so: with --backend mpi, and without --residual,
/// which reads whole matrices.
bool is_spread(const Run& run);

/// A Zarr array beside a result that all ranks work on. It goes when it is not published.
class SharedArray {
 public:
  /// All ranks make it together, beside the file that `option` names; its name is free then, and
  /// nothing is there.
  explicit SharedArray(const Run& run, const char* option = "-o");
  SharedArray(const SharedArray&) = delete;
  SharedArray& operator=(const SharedArray&) = delete;
  ~SharedArray();

  const std::string& path() const { return path_; }
  /// Whether there has been one: where all ranks fail, the first one needs time to remove it.
  static bool was_made() { return was_made_; }
  /// All ranks call it when all have written: it takes the place of `target`, a Zarr array.
  void publish(const std::string& target);

 private:
  static inline bool was_made_ = false;
  std::string path_;
};

/// The shape of input k, in tiles of --tile.
template <lp::Scalar T>
lp::tile::detail::Grid grid_of_input(const Run& run, std::size_t k);

/// All ranks call it: copies input k, in tiles of --tile.
template <lp::Scalar T>
std::unique_ptr<SharedArray> shared_copy(Run& run, std::size_t k);

/// Input k in tiles of --tile, where it is or in a copy, for who only reads it.
template <lp::Scalar T>
class SharedInput {
 public:
  SharedInput(Run& run, std::size_t k);
  auto matrix() const { return lp::zarr<T>(path_); }

 private:
  std::unique_ptr<SharedArray> copy_;
  std::string path_;
};

/// All ranks call it: writes the result to the file that `option` names, and gives the array up.
template <lp::Scalar T>
void write_shared(Run& run, const char* option, std::unique_ptr<SharedArray> array);

}  // namespace lprun
