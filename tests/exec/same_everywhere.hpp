// Runs one program through the analysis on all executors: results are the same to the bit.
#pragma once

#include <catch2/catch.hpp>
#include <cstdint>
#include <cstring>
#include <vector>

#include <lambdapack/lambdapack.hpp>

#include "support/tiled_matrices.hpp"

namespace test_exec {

/// Calls test(executor) for every executor and number of workers.
template <class Test>
void for_each_executor(Test test) {
  test(lp::sequential{});
  for (const int workers : {1, 2, 4}) test(lp::threads{workers});
}

inline std::vector<double> elements(const lp::TiledMatrix<double>& a) {
  std::vector<double> all;
  for (std::int64_t j = 0; j < a.cols(); ++j)
    for (std::int64_t i = 0; i < a.rows(); ++i) all.push_back(a(i, j));
  return all;
}

inline bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0);
}

/// What result(executor), a matrix, is on every executor.
template <class Result>
lp::TiledMatrix<double> same_everywhere(Result result) {
  lp::TiledMatrix<double> first = result(lp::sequential{});
  const std::vector<double> expected = elements(first);
  for_each_executor([&](auto executor) { CHECK(same_bits(elements(result(executor)), expected)); });
  return first;
}

using tiled_matrices::numbers;

}  // namespace test_exec
