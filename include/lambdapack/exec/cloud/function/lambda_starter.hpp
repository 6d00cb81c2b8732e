// Workers as functions of AWS Lambda, called asynchronously.
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/exec/cloud/function/message.hpp"
#include "lambdapack/exec/cloud/net/aws.hpp"
#include "lambdapack/exec/cloud/starter.hpp"

namespace lambdapack::exec::cloud {

/// Calls the function of `lambda:NAME?region=...&endpoint=...`, whose executable is this program.
class LambdaStarter final : public Starter {
 public:
  using Clock = std::chrono::steady_clock;

  /// Throws input_error if it is no such URL.
  explicit LambdaStarter(const std::string& url, RetryPolicy retry = {.attempts = 4},
                         std::function<Clock::time_point()> clock = Clock::now)
      : LambdaStarter(parse(url), retry, std::move(clock)) {}

  /// Told that there are too many already, it starts none for a while.
  void start(const std::string& url) override {
    const auto now = clock_();
    if (now < pause_until_) return;
    try {
      service_.post("/2015-03-31/functions/" + function_ + "/invocations",
                    {{"X-Amz-Invocation-Type", "Event"}, {"Content-Type", "application/json"}},
                    call_message(url, "lambda-"));
      started_.push_back(now);
    } catch (const net::aws_throttling& e) {
      pause(e.what());
    } catch (const unavailable& e) {
      ++failures_;
      pause(e.what());
    }
  }

  /// Those that have not had time to tell the ledger that they are there; the ledger knows the
  /// others.
  int running() override {
    const auto now = clock_();
    std::erase_if(started_, [&](Clock::time_point at) { return now - at > to_come_up; });
    return static_cast<int>(started_.size());
  }
  int failures() const override { return failures_; }
  std::string last_failure() const override { return last_failure_; }
  void end() override {}

 private:
  static constexpr std::chrono::seconds to_come_up{5};

  struct Place {
    std::string function;
    net::AwsPlace aws;
  };

  LambdaStarter(Place place, RetryPolicy retry, std::function<Clock::time_point()> clock)
      : function_(std::move(place.function)),
        service_(std::move(place.aws), retry, {}),
        clock_(std::move(clock)) {}

  void pause(std::string why) {
    last_failure_ = std::move(why);
    pause_until_ = clock_() + std::chrono::seconds(1);
  }

  static Place parse(const std::string& url) {
    std::string rest = url.substr(url.find(':') + 1);
    while (rest.starts_with('/')) rest.erase(0, 1);
    const std::size_t question = std::min(rest.find('?'), rest.size());
    const std::string name = net::percent_decode(rest.substr(0, question)).value_or("");
    const bool good = !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
      return std::isalnum(c) || c == '-' || c == '_' || c == ':' || c == '$';
    });
    if (!url.starts_with("lambda:") || !good)
      throw input_error(text(
          {"lambdapack: workers=", net::detail::without_user(url),
           " does not name a function of AWS Lambda; expected is lambda:NAME?region=..., where "
           "NAME is the function's name or ARN"}));
    return {name, net::find_aws_place("lambda",
                                      net::parse_url("lambda://function" + rest.substr(question)),
                                      "AWS_ENDPOINT_URL_LAMBDA")};
  }

  std::string function_;
  net::AwsService service_;
  std::function<Clock::time_point()> clock_;
  std::vector<Clock::time_point> started_;
  Clock::time_point pause_until_{};
  int failures_ = 0;
  std::string last_failure_;
};

}  // namespace lambdapack::exec::cloud
