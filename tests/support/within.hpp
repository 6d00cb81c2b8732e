// An executor with room for few tiles.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "lambdapack/exec/streaming/streaming_run.hpp"
#include "lambdapack/lambdapack.hpp"

namespace test_support {

/// Runs with room for so many bytes of tiles, whatever the process takes.
struct Within {
  std::int64_t bytes;
  int workers = 2;
  std::string scratch{};
  lp::Pool pool{4};

  lp::exec::Handle start(lp::exec::Job job) const {
    return lp::exec::Handle(std::make_unique<lp::exec::streaming::StreamingRun>(
        std::move(job), pool.crew(), lp::exec::streaming::Room{bytes, workers, scratch},
        lp::threads{workers}));
  }
};

}  // namespace test_support
