// How much of a process's memory a run may use for tiles.
#pragma once

#include <unistd.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>

#include "lambdapack/error.hpp"
#include "lambdapack/exec/numbering.hpp"
#include "lambdapack/exec/streaming/task.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::exec::streaming {

/// What a run may use.
struct Room {
  std::int64_t bytes = 0;  ///< of tiles, or of all memory
  int workers = 1;
  std::string scratch;  ///< the folder for values that no array has; "" is that of temporary files
  bool is_of_process = false;  ///< `bytes` are the most that the process is to take
};

/// What buffers of tiles are kept at most while a run has a limit of the process's memory.
inline constexpr std::size_t kept_buffers = std::size_t{16} << 20;

/// The bytes of memory that this process takes; 0 where the system does not say.
inline std::int64_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::int64_t all = 0, resident = 0;
  if (!(statm >> all >> resident)) return 0;
  return resident * ::sysconf(_SC_PAGESIZE);
}

/// "3 MiB", "20 KiB" or "7 bytes".
inline std::string bytes_text(std::int64_t bytes) {
  constexpr std::int64_t kibi = 1 << 10, mebi = 1 << 20;
  if (bytes >= mebi) return text({bytes / mebi, " MiB"});
  if (bytes >= kibi) return text({bytes / kibi, " KiB"});
  return text({bytes, " bytes"});
}

/// A run that is to take little memory has a place for each node, and for each value, only if there
/// are no more than these; otherwise for those that are waited for, or are there.
inline constexpr std::int64_t most_dense = std::int64_t{1} << 16;

/// What the tables of a run come to take: for each node and value, if these are few, and for what
/// is alive, of which there is about as much as the arrays have tiles.
inline std::int64_t bytes_of_tables(const Job& job, const Numbering& numbering) {
  constexpr std::int64_t of_node = sizeof(std::uint32_t), of_value = sizeof(Cell);
  // In hash tables, and with room to grow.
  constexpr std::int64_t of_tile = 2 * (of_node + of_value) + sizeof(Resident) + 64;
  std::int64_t tiles = 0;
  for (const auto& array : job.arrays) {
    std::int64_t count = array ? 1 : 0;
    if (array)
      for (const std::int64_t extent : array->extents()) count *= extent;
    tiles += count;
  }
  return std::min(numbering.nodes(), most_dense) * of_node +
         std::min(numbering.values(), most_dense) * of_value + tiles * of_tile;
}

/// The room for tiles if the process is to take `memory` bytes at most: without what it takes now,
/// without `to_come` for results and tables, and without what kernels pack and tiles are read and
/// written through, of which the largest has `tile` bytes. Throws input_error if there is none.
inline std::int64_t room_below(std::int64_t memory, int workers, std::int64_t tile,
                               std::int64_t to_come) {
#ifdef __GLIBC__
  // What an earlier run has freed is not taken.
  ::malloc_trim(0);
#endif
  constexpr std::int64_t of_kernels = std::int64_t{16} << 20;
  const std::int64_t taken = resident_bytes();
  // A compressed tile, its elements as they lie in a file, and the tile.
  const std::int64_t kept_back = (1 + workers) * std::max(of_kernels, 3 * tile);
  const std::int64_t room = memory - taken - to_come - kept_back;
  if (room > 0) return room;
  throw input_error(text(
      {"lambdapack: a limit of ", bytes_text(memory),
       " of memory leaves none for tiles: the process takes ", bytes_text(taken), " already, ",
       bytes_text(to_come), " are for the run's tables and for results that stay in memory, and ",
       bytes_text(kept_back), " are kept for the kernels of ", workers,
       " workers and for reading and writing tiles of up to ", bytes_text(tile),
       "; give it some hundred tiles more than ", bytes_text(taken + to_come + kept_back),
       ", or fewer workers", 3 * tile > of_kernels ? ", or use smaller tiles" : ""}));
}

}  // namespace lambdapack::exec::streaming
