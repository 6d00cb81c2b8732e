// The loops around tile kernels; ours and a peer's programs fill in the kernels.
#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>
#include <ctime>

#include "spd_matrix.hpp"

namespace bench {

/// Seconds of processor that this thread has had: unlike the time of day, it stands still while
/// somebody else has the core.
inline double processor_seconds() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

/// Times `apply(c)` on fresh copies of `c`, which it overwrites.
template <class Tile, class Apply>
void time_in_place(benchmark::State& state, const Tile& c, Apply&& apply) {
  for (auto _ : state) {
    Tile copy = c;
    const double begin = processor_seconds();
    apply(copy);
    state.SetIterationTime(processor_seconds() - begin);
    benchmark::DoNotOptimize(copy.data());
  }
}

/// Registers dgemm, dsyrk, dtrsm and dpotrf of a library for the usual tiles. Library::Tile is an
/// n x n column-major matrix with data(); the kernels are static functions of Library.
template <class Library>
void register_kernels() {
  using Tile = typename Library::Tile;
  const auto make = [](std::int64_t n) {
    Tile tile = Library::make(n);
    for (std::int64_t j = 0; j < n; ++j)
      for (std::int64_t i = 0; i < n; ++i) tile.data()[i + j * n] = spd_element(i, j, n);
    return tile;
  };
  const auto add = [&](const char* name, auto kernel) {
    const auto run = [=](benchmark::State& state) {
      const Tile a = make(state.range(0)), b = make(state.range(0));
      time_in_place(state, a, [&](Tile& c) { kernel(state.range(0), c, a, b); });
    };
    benchmark::RegisterBenchmark(name, run)->Arg(128)->Arg(256)->Arg(512)->UseManualTime();
  };
  using Size = std::int64_t;
  add("dgemm", [](Size n, Tile& c, const Tile& a, const Tile& b) { Library::gemm(n, c, a, b); });
  add("dsyrk", [](Size n, Tile& c, const Tile& a, const Tile&) { Library::syrk(n, c, a); });
  add("dtrsm", [](Size n, Tile& c, const Tile& a, const Tile&) { Library::trsm(n, a, c); });
  add("dpotrf", [](Size n, Tile& c, const Tile&, const Tile&) { Library::potrf(n, c); });
}

template <class Library>
int run_kernels(int argc, char** argv) {
  register_kernels<Library>();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

}  // namespace bench
