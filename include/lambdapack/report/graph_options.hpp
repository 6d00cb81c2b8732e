// What the pictures of task graphs have in common: their options.
#pragma once

#include <cstdint>

namespace lambdapack {

/// How a task graph is drawn.
struct GraphOptions {
  /// A graph of more tasks than this is refused: nobody could read the picture.
  std::int64_t max_tasks = 2000;
  /// Whether each node of an SVG shows the line of the source that it comes from.
  bool source_lines = false;
};

}  // namespace lambdapack
