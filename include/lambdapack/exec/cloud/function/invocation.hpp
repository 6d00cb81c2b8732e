// Workers that are functions: somebody calls them, on a machine that comes and goes.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace lambdapack::exec::cloud {

/// A call of a function.
struct Invocation {
  std::string id;    ///< the caller's name for the call; empty if it has none
  std::string body;  ///< {"lambdapack": "cloud://?..."}: the run to work on
  /// When the machine is taken away, if that is known.
  std::optional<std::chrono::system_clock::time_point> deadline{};
  /// Whether there is reason to take up anything more; false when the machine is about to go.
  std::function<bool()> goes_on = [] { return true; };
};

/// What a call has come to.
struct Result {
  std::string body = "{}";  ///< JSON
};

/// Does what a call asks for. What it throws is told to the caller.
using Handler = std::function<Result(const Invocation&)>;

/// A way in which calls come to a process.
struct FrontEnd {
  /// Whether this process was started to be called so.
  std::function<bool()> is_wanted;
  /// Answers calls until there are none; what main is to return.
  std::function<int(const Handler&)> serve;
};

/// Those of the process. To be added to before main asks whether it is a worker.
inline std::vector<FrontEnd>& front_ends() {
  static std::vector<FrontEnd> all;
  return all;
}

}  // namespace lambdapack::exec::cloud
