// The programs of these tests, and what they have in common.
#pragma once

#include <cstdint>
#include <lambdapack/cloud.hpp>
#include <string>
#include <vector>

#include "support/tiled_matrices.hpp"

namespace test_cloud {

/// All that the workers of these tests can work on.
lp::exec::cloud::Programs programs();

/// Newton's iteration for the square root of a, until it is close: ends when its data says so.
void root(lp::InOut<double, 0> x, lp::In<double, 0> a, lp::Integer most, double tolerance);
/// A sum of tiles by a tree, and zeros where nothing was written.
void tree_sum(lp::In<double, 1> A, lp::Out<double, 0> sum, lp::Out<double, 1> rest);
/// Tile 2 of A fails, at its row 3.
void fails(lp::InOut<double, 1> A);
/// The process that runs the task of tile 1 ends.
void kills_workers(lp::InOut<double, 1> A);
/// The process that runs the task of tile 1 ends by a fault of its own.
void crashes_workers(lp::InOut<double, 1> A);
/// Tile 1 fails with "the outer one", in which "the middle one" and "the inner one" are nested.
void fails_deeply(lp::InOut<double, 1> A);
/// Adds 1 to each tile `steps` times, which takes `ms` milliseconds each.
void sleeps(lp::InOut<double, 1> A, lp::Integer steps, std::int64_t ms);
/// The same without pause; but the last step of each tile waits for a gate, if there is one (the
/// file that LAMBDAPACK_TEST_GATE names).
void gated(lp::InOut<double, 1> A, lp::Integer steps);
/// Adds 1 to each of six tiles; the last waits until it has been begun a second time, which leaves
/// files in the folder that LAMBDAPACK_TEST_TWIN names.
void straggles(lp::InOut<double, 1> A);
/// What `work` is not given.
void unknown(lp::InOut<double, 1> A);

/// A payload that is no matrix.
struct Words {
  std::vector<std::string> words;

  static std::string type_name() { return "words"; }
  std::size_t byte_size() const;
  void write_bytes(std::span<std::byte> out) const;
  static Words read_bytes(std::span<const std::byte> in);
};
/// B(i) is the words of A(i), and those of A(i - 1).
void neighbours(lp::In<Words, 1> A, lp::Out<Words, 1> B);

/// A client to be killed: runs `gated` with 20 steps on what `client_input` gives, as the run
/// "orphan" of a store, until there is a file STORE.gate. Returns what main is to return.
int client(const char* store);
lp::TiledMatrix<double> client_input();

using tiled_matrices::numbers;
using tiled_matrices::positive;
using tiled_matrices::same_bits;

}  // namespace test_cloud
