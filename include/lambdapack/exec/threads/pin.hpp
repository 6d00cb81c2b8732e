// Keeps a thread on one core.
#pragma once

#include <cstddef>

#ifdef __linux__
#include <sched.h>
#include <unistd.h>
#endif

namespace lambdapack::exec {

/// Keeps this thread on the core of that number among those that the process may use, counted
/// round. Does nothing where the system does not let it.
inline void pin_to_core([[maybe_unused]] std::size_t number) {
#ifdef __linux__
  cpu_set_t allowed;
  // A thread that a pinned one starts may use that one's core alone.
  if (sched_getaffinity(getpid(), sizeof allowed, &allowed) != 0) return;
  std::size_t skip = number % static_cast<std::size_t>(CPU_COUNT(&allowed));
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(static_cast<std::size_t>(cpu), &allowed) || skip-- > 0) continue;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<std::size_t>(cpu), &one);
    sched_setaffinity(0, sizeof one, &one);
    return;
  }
#endif
}

}  // namespace lambdapack::exec
