// From what a user asks of lp::cloud to names, places and URLs.
#pragma once

#include <sys/random.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <string>
#include <thread>

#include "lambdapack/exec/cloud/encoding.hpp"
#include "lambdapack/exec/cloud/executor.hpp"
#include "lambdapack/exec/cloud/steward.hpp"
#include "lambdapack/exec/cloud/transports.hpp"
#include "lambdapack/exec/cloud/url.hpp"

namespace lambdapack::exec::cloud {

/// 8 hexadecimal digits by chance.
inline std::string random_name() {
  std::uint32_t random = 0;
  if (::getrandom(&random, sizeof random, 0) != sizeof random)
    random =
        static_cast<std::uint32_t>(std::chrono::steady_clock::now().time_since_epoch().count());
  return hexadecimal(random).substr(8);
}

/// "20240131-235959-1a2b3c4d": the time in UTC, and chance.
inline std::string new_run_name() {
  const std::time_t now = std::time(nullptr);
  std::tm utc = {};
  ::gmtime_r(&now, &utc);
  char time[32];
  std::strftime(time, sizeof time, "%Y%m%d-%H%M%S-", &utc);
  return time + random_name();
}

/// Where everything of a run is.
struct Place {
  std::string store;
  std::string queue;
};

/// The queue beside a store that is a directory, if none was named.
inline std::string queue_beside(const std::string& store) {
  const std::string scheme = detail::scheme_of(store);
  if (!scheme.empty() && scheme != "file")
    throw input_error(
        text({"lambdapack: lp::cloud was given the store ", net::detail::without_user(store),
              " and no queue; name one that all workers reach, such as "
              "redis://HOST"}));
  // Absolute, as workers may be elsewhere in the file system.
  return "sqlite:" +
         std::filesystem::absolute(scheme.empty() ? store : detail::path_of(store)).native() +
         "/ledgers";
}

/// How many workers there may be at once.
inline int most_workers(const lambdapack::cloud& options) {
  return options.workers > 0 ? options.workers
                             : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

inline Provision provision_of(const lambdapack::cloud& options) {
  return {options.least_workers, most_workers(options), options.scaling, options.cores,
          options.lease};
}

/// What a worker is started with, as work_at takes it.
inline Url worker_url(const lambdapack::cloud& options, const Place& place, const std::string& run,
                      const std::string& name) {
  Url url;
  url.set("store", place.store).set("queue", place.queue).set("run", run);
  url.set("name", name).set("cores", options.cores).set("lease", options.lease.count());
  // Who is to run another's straggler has to be there when its lease is over.
  const auto idle =
      options.stragglers > 0 ? std::max(options.idle, 4 * options.lease) : options.idle;
  url.set("idle", idle.count()).set("limit", options.worker_time_limit.count());
  url.set("cache", options.cache_bytes);
  if (options.stragglers > 0) url.set("stragglers", std::to_string(options.stragglers));
  // Of one build with this process: what one of them cannot work on none can.
  if (options.starter.empty() || options.starter == "processes") url.set("ends", 1);
  return url;
}

}  // namespace lambdapack::exec::cloud
