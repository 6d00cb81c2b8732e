// Runs one program on all executors, without the analysis.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include <lambdapack/lambdapack.hpp>

#include "support/unrolled.hpp"

namespace test_exec {

using Stores = std::vector<std::shared_ptr<lp::tile::Store>>;

/// Calls test(run) for every executor, where run(traced, sizes, arrays) runs a program; events are
/// recorded.
template <class Test>
void on_every_executor(Test test) {
  const auto runner = [](auto executor) {
    return [executor](lp::Traced traced, std::vector<std::int64_t> sizes, Stores arrays) {
      return executor
          .start(brute_force::unrolled_job(std::move(traced), std::move(sizes), std::move(arrays)))
          .wait();
    };
  };
  test(runner(lp::sequential{true}));
  for (const int workers : {1, 2, 4}) test(runner(lp::threads{workers, true}));
}

}  // namespace test_exec
