// Workers behind HTTP: each call lasts as long as its worker works.
#pragma once

#include <atomic>
#include <chrono>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "lambdapack/exec/cloud/function/message.hpp"
#include "lambdapack/exec/cloud/net/http.hpp"
#include "lambdapack/exec/cloud/net/profile_file.hpp"
#include "lambdapack/exec/cloud/starter.hpp"

namespace lambdapack::exec::cloud {

/// The variable that holds what a caller has to show. Both sides have it; it is in no URL.
inline constexpr const char* token_variable = "LAMBDAPACK_WORKER_TOKEN";

/// Calls `http://host/invoke`, or what path a platform gives it, once for each worker.
class HttpStarter final : public Starter {
 public:
  /// Throws input_error if it is no such URL, or there is no token.
  explicit HttpStarter(const std::string& url) {
    const net::Url parts = net::parse_url(url);
    if (!parts.user.empty() || !parts.password.empty() || parts.host.empty())
      throw input_error(text({"lambdapack: workers=", net::detail::without_user(url),
                              " is to be http://host/path, with the token in ", token_variable}));
    const auto token = net::environment(token_variable);
    if (!token)
      throw input_error(text({"lambdapack: ", token_variable,
                              " is not set; set it to the token that the workers at ",
                              parts.origin(), " were started with"}));
    request_.method = "POST";
    request_.origin = parts.origin();
    request_.path = parts.path.size() > 1 ? parts.path : "/invoke";
    for (const auto& [name, value] : parts.query) request_.query.emplace_back(name, value);
    request_.headers = {{"Authorization", "Bearer " + *token},
                        {"Content-Type", "application/json"}};
    request_.timeouts.stall = std::chrono::milliseconds(0);
    request_.cancelled = &cancelled_;
  }
  ~HttpStarter() override { end(); }

  void start(const std::string& url) override {
    reap();
    if (is_pausing()) return;
    calls_.emplace_back();
    Call& call = calls_.back();
    try {
      call.thread =
          std::thread([this, &call, message = call_message(url, "")] { make(call, message); });
    } catch (const std::system_error& e) {
      calls_.pop_back();
      fail(text({"this machine has no thread for the call: ", e.what()}), true);
    }
  }

  int running() override {
    reap();
    return static_cast<int>(calls_.size());
  }
  int failures() const override {
    const std::lock_guard lock(mutex_);
    return failures_;
  }
  std::string last_failure() const override {
    const std::lock_guard lock(mutex_);
    return last_failure_;
  }

  /// Workers see that the run is over, and answer; those that do not, soon, are not waited for.
  void end() override {
    const auto begin = Clock::now();
    while (running() > 0 && Clock::now() - begin < std::chrono::seconds(2))
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    cancelled_ = true;
    for (Call& call : calls_) call.thread.join();
    calls_.clear();
    cancelled_ = false;
  }

 private:
  using Clock = std::chrono::steady_clock;

  struct Call {
    std::thread thread;
    std::atomic<bool> over = false;
  };

  void make(Call& call, const std::string& message) {
    net::Request request = request_;
    request.body = message;
    try {
      const net::Response answer = http_.send(request);
      if (answer.status < 200 || answer.status > 299)
        fail(text({request.describe(), " answers ", answer.status, " (",
                   net::printable(answer.body, 200), ")", advice(answer.status)}),
             answer.status == 429 || answer.status == 503);
    } catch (const std::exception& e) {
      if (!cancelled_) fail(e.what(), false);
    }
    call.over = true;
  }

  static std::string advice(int status) {
    if (status == 401 || status == 403)
      return text({"; check that ", token_variable, " is the same here and there"});
    return "";
  }

  // A platform that has no machine left says so, and gets time: no worker has died of it.
  void fail(std::string why, bool is_full) {
    const std::lock_guard lock(mutex_);
    last_failure_ = std::move(why);
    if (is_full)
      pause_until_ = Clock::now() + std::chrono::seconds(1);
    else
      ++failures_;
  }

  bool is_pausing() const {
    const std::lock_guard lock(mutex_);
    return Clock::now() < pause_until_;
  }

  void reap() {
    std::erase_if(calls_, [](Call& call) {
      if (!call.over) return false;
      call.thread.join();
      return true;
    });
  }

  net::Request request_;
  net::Http http_;
  std::atomic<bool> cancelled_ = false;
  std::list<Call> calls_;
  mutable std::mutex mutex_;
  Clock::time_point pause_until_{};
  int failures_ = 0;
  std::string last_failure_;
};

}  // namespace lambdapack::exec::cloud
