// The worker's side of lp::cloud: from the URL in its environment to a run.
#pragma once

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "lambdapack/exec/cloud/die.hpp"
#include "lambdapack/exec/cloud/executor.hpp"
#include "lambdapack/exec/cloud/function/invocation.hpp"
#include "lambdapack/exec/cloud/function/message.hpp"
#include "lambdapack/exec/cloud/patient_ledger.hpp"
#include "lambdapack/exec/cloud/site.hpp"
#include "lambdapack/exec/cloud/starter.hpp"
#include "lambdapack/exec/cloud/transports.hpp"
#include "lambdapack/exec/cloud/url.hpp"
#include "lambdapack/exec/cloud/worker.hpp"

namespace lambdapack {

namespace exec::cloud {

/// A worker takes and frees memory for whole tiles all the time: what it has it keeps, for giving
/// it back to the system and getting it again costs more than the rest of a small task.
inline void keep_memory() {
  ::mallopt(M_ARENA_MAX, 1);
  ::mallopt(M_MMAP_THRESHOLD, 32 << 20);  // the most that it takes
  ::mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
}

/// As open_site. What cannot be worked on is noted as the run's end if `ends`, when there is a run,
/// unless others can: tasks of it have finished.
inline std::unique_ptr<Site> open_site_or_end(const Programs& programs, const Keys& keys,
                                              const std::shared_ptr<MeteredObjects>& store,
                                              std::int64_t cache_bytes, Ledger& ledger, bool ends) {
  try {
    return open_site(programs, keys, store, cache_bytes);
  } catch (const input_error&) {
    const auto error = std::current_exception();
    for (int tries = 0; ends && ledger.status().phase == Phase::missing && tries < 1000; ++tries)
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    if (ends && ledger.status().finished == 0)
      ledger.end(Phase::failed, exec::detail::Fault::pack(error));
    throw;
  }
}

/// Works on the run at a URL: store, queue, run, name, cores, lease, stragglers, idle, cache,
/// limit, owner, ends.
inline void work_at(
    const Url& url, const Programs& programs,
    const std::function<bool()>& goes_on = [] { return true; }) {
  const Keys keys(url.get("run"));
  // A directory that only the run's client knows of.
  const auto owner = static_cast<::pid_t>(url.integer("owner", 0));
  const auto store = std::make_shared<MeteredObjects>(
      open_store(url.get("store"), owner != 0 ? Maps::yes : Maps::no));
  PatientLedger ledger(open_ledger(url.get("queue"), keys, false));
  const auto site =
      open_site_or_end(programs, keys, store, url.integer("cache", std::int64_t{1} << 30), ledger,
                       url.integer("ends", 0) != 0);

  Death death;
  WorkerOptions options;
  options.slot.worker = text({url.get("name", "worker"), "-", ::getpid()});
  options.slot.lease = std::chrono::milliseconds(url.integer("lease", 10000, 1));
  options.slot.at_step = [&death](const char* step) { death.at(step); };
  options.cores = static_cast<int>(std::min<std::int64_t>(url.integer("cores", 1, 1), 4096));
  options.tasks = 2 * options.cores;
  options.idle = std::chrono::milliseconds(url.integer("idle", 5000));
  options.time_limit = std::chrono::milliseconds(url.integer("limit", 0));
  options.stragglers = url.real("stragglers", 0);
  options.goes_on = goes_on;
  if (owner != 0) options.goes_on = [owner] { return ::getppid() == owner; };
  Worker(*site, ledger, options).run();

  // A run that only its client knows of ends with it.
  if (owner != 0 && ::getppid() != owner) {
    ledger.end(Phase::cancelled, {});
    std::error_code ignored;
    std::filesystem::remove_all(url.get("store"), ignored);
  }
}

/// Works on the run that a call of a function names, and lets go in time before the machine does.
inline Result work_for(const Invocation& call, const Programs& programs) {
  Url url(called_url(call.body));
  if (call.deadline) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        *call.deadline - std::chrono::system_clock::now());
    const auto usable =
        std::max<std::int64_t>(1, left.count() - std::min<std::int64_t>(left.count() / 4, 10000));
    const std::int64_t limit = url.integer("limit", 0);
    url.set("limit", limit == 0 ? usable : std::min(limit, usable));
  }
  work_at(url, programs, call.goes_on);
  return {};
}

/// How this process gets calls, if it was started for them.
inline const FrontEnd* wanted_front_end() {
  for (const FrontEnd& f : front_ends())
    if (f.is_wanted()) return &f;
  return nullptr;
}

}  // namespace exec::cloud

LAMBDAPACK_API bool cloud::is_worker() {
  exec::cloud::asked_for_worker() = true;
  return std::getenv(exec::cloud::worker_variable) != nullptr ||
         exec::cloud::wanted_front_end() != nullptr;
}

LAMBDAPACK_API int cloud::work(const std::vector<exec::cloud::Program>& programs) {
  try {
    const char* url = std::getenv(exec::cloud::worker_variable);
    const exec::cloud::FrontEnd* const front_end = exec::cloud::wanted_front_end();
    if (url == nullptr && front_end != nullptr) {
      exec::cloud::keep_memory();
      return front_end->serve([&](const exec::cloud::Invocation& call) {
        return exec::cloud::work_for(call, programs);
      });
    }
    if (url == nullptr)
      throw input_error(
          text({"lambdapack: lp::cloud::work was called in a process that is no "
                "worker; call it only if lp::cloud::is_worker()"}));
    exec::cloud::keep_memory();
    exec::cloud::work_at(exec::cloud::Url(url), programs);
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "lambdapack: worker %d: %s\n", static_cast<int>(::getpid()), error.what());
  }
  return EXIT_FAILURE;
}

}  // namespace lambdapack
