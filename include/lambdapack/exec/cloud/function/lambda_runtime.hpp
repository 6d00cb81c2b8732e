// A custom runtime of AWS Lambda: the process asks for calls, and answers them.
#pragma once

#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>
#include <string>
#include <utility>

#include "lambdapack/exec/cloud/function/invocation.hpp"
#include "lambdapack/exec/cloud/net/http.hpp"
#include "lambdapack/exec/cloud/net/json.hpp"
#include "lambdapack/exec/cloud/net/profile_file.hpp"
#include "lambdapack/exec/cloud/net/retry.hpp"

namespace lambdapack::exec::cloud {

/// The Runtime API at `host:port`, which Lambda names in AWS_LAMBDA_RUNTIME_API.
class LambdaRuntime {
 public:
  explicit LambdaRuntime(const std::string& api) : origin_("http://" + api) {
    net::parse_url(origin_);
  }

  /// Answers calls, one after the other, until the API says that it is over or cannot be reached;
  /// throws run_error then. Between two calls the machine may stand still for hours.
  [[noreturn]] void serve(const Handler& handler) {
    for (;;) answer(next(), handler);
  }

  /// Tells why no call can be taken.
  void fail_init(const std::string& why) {
    post("/runtime/init/error", error_body(why), {{error_type, "lambdapack.Init"}});
  }

 private:
  static constexpr char error_type[] = "Lambda-Runtime-Function-Error-Type";

  Invocation next() {
    net::Request request = to("/runtime/invocation/next");
    request.timeouts = {std::chrono::seconds(5), std::chrono::milliseconds(0)};
    const net::Response call = send(request);
    Invocation invocation{call.header("Lambda-Runtime-Aws-Request-Id"), call.body,
                          deadline(call.header("Lambda-Runtime-Deadline-Ms"))};
    if (call.status != 200 || invocation.id.empty())
      throw run_error(
          text({"lambdapack: the Runtime API at ", origin_, " answers ", call.status,
                " and no call; the function's machine is given up, and Lambda starts another"}));
    const std::string trace = call.header("Lambda-Runtime-Trace-Id");
    if (!trace.empty()) setenv("_X_AMZN_TRACE_ID", trace.c_str(), 1);
    return invocation;
  }

  void answer(const Invocation& call, const Handler& handler) {
    std::string failure;
    try {
      const Result result = handler(call);
      const int status = post("/runtime/invocation/" + call.id + "/response", result.body, {});
      if (status != 413) return;
      failure = "lambdapack: the answer to a call is longer than Lambda takes";
    } catch (const std::exception& e) {
      failure = e.what();
    }
    std::fprintf(stderr, "%s\n", failure.c_str());
    post("/runtime/invocation/" + call.id + "/error", error_body(failure),
         {{error_type, "lambdapack.Error"}});
  }

  // One that has passed already is a mistake of whoever says it.
  static std::optional<std::chrono::system_clock::time_point> deadline(const std::string& text) {
    std::int64_t ms = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), ms);
    const std::chrono::system_clock::time_point at{std::chrono::milliseconds(ms)};
    if (error != std::errc() || at <= std::chrono::system_clock::now()) return std::nullopt;
    return at;
  }

  static std::string error_body(const std::string& why) {
    const net::Json json =
        net::read_json(net::write_json({{"errorMessage", why}, {"errorType", "lambdapack.Error"}}));
    json_object_set_new(json.get(), "stackTrace", json_array());
    return net::write_json(json);
  }

  net::Request to(const std::string& path) const {
    net::Request request;
    request.origin = origin_;
    request.path = "/2018-06-01" + path;
    request.through_proxy = false;
    return request;
  }

  int post(const std::string& path, const std::string& body, net::Headers headers) {
    net::Request request = to(path);
    request.method = "POST";
    request.body = body;
    request.headers = std::move(headers);
    request.headers.push_back({"Content-Type", "application/json"});
    const int status = send(request).status;
    if (status >= 500)
      throw run_error(text({"lambdapack: the Runtime API at ", origin_, " answers ", status,
                            "; the function's machine is given up, and Lambda starts another"}));
    return status;
  }

  net::Response send(const net::Request& request) {
    for (net::Attempts attempts({.attempts = 3});;) {
      try {
        return http_.send(request);
      } catch (const unavailable&) {
        if (!attempts.again()) throw;
      }
    }
  }

  std::string origin_;
  net::Http http_;
};

/// Lambda as a front end: wanted where AWS_LAMBDA_RUNTIME_API is set.
inline FrontEnd lambda_front_end() {
  return {[] { return net::environment("AWS_LAMBDA_RUNTIME_API").has_value(); },
          [](const Handler& handler) -> int {
            try {
              LambdaRuntime(net::environment("AWS_LAMBDA_RUNTIME_API").value()).serve(handler);
            } catch (const std::exception& e) {
              std::fprintf(stderr, "%s\n", e.what());
              return EXIT_FAILURE;
            }
          }};
}

}  // namespace lambdapack::exec::cloud
