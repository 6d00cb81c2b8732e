// What is sent to a function, and read by it: {"lambdapack": "cloud://?..."}.
#pragma once

#include <random>
#include <string>
#include <string_view>

#include "lambdapack/error.hpp"
#include "lambdapack/exec/cloud/net/json.hpp"
#include "lambdapack/exec/cloud/url.hpp"

namespace lambdapack::exec::cloud {

/// The message that asks a function to work on a run. On machines that all look the same, a worker
/// cannot find a name of its own: it is given one that begins with `prefix`.
inline std::string call_message(const std::string& url, const std::string& prefix) {
  std::random_device random;
  Url named(url);
  named.set("name", text({prefix, named.get("name", "worker"), "-", random(), random()}));
  return net::write_json({{"lambdapack", named.text_form()}});
}

/// The URL in such a message. Throws input_error if it is none, or of a run that only its client's
/// machine knows.
inline std::string called_url(std::string_view message) {
  const net::Json json = net::read_json(message);
  const std::string url = net::text_of(json.get(), "lambdapack");
  if (url.empty())
    throw input_error(
        "lambdapack: a call does not say what to work on; expected is the JSON "
        "{\"lambdapack\": \"cloud://?store=...&queue=...&run=...\"}, which lp::cloud sends");
  if (Url(url).get("owner", "0") != "0")
    throw input_error(
        "lambdapack: a call is for a run in a temporary directory of its client; give the run a "
        "store and a queue that all machines reach");
  return url;
}

}  // namespace lambdapack::exec::cloud
