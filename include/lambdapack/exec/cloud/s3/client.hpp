// Requests to one bucket: signed, sent, and sent again where that may help.
#pragma once

#include <curl/curl.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/exec/cloud/net/credentials.hpp"
#include "lambdapack/exec/cloud/net/retry.hpp"
#include "lambdapack/exec/cloud/s3/trouble.hpp"

namespace lambdapack::exec::cloud::s3 {

/// A request for an object, or for the bucket if `key` is empty.
struct Ask {
  std::string method = "GET";
  std::string key{};
  std::vector<std::pair<std::string, std::string>> query{};
  net::Headers headers{};
  std::string_view body{};
  std::vector<int> expected{};  ///< statuses beyond 200, 204 and 206 that are answers too
  std::int64_t most_bytes = std::int64_t{16} << 20;
};

/// An answer, and whether the request may have been carried out before, unheard.
struct Answer {
  net::Response response;
  bool maybe_twice = false;
};

/// Asks a bucket. Safe from any thread.
class Client {
 public:
  Client(Place place, RetryPolicy retry, Timeouts timeouts)
      : place_(std::move(place)), retry_(retry), timeouts_(timeouts) {}

  const Place& place() const { return place_; }

  /// Throws `unavailable` if no attempt got an answer, and input_error or run_error, with what to
  /// do about it, if the answer is not among those expected.
  Answer ask(const Ask& ask) {
    const std::string payload =
        place_.sign_body ? net::hex(net::sha256(ask.body)) : "UNSIGNED-PAYLOAD";
    net::Attempts attempts(retry_);
    for (bool repeated = false, renewed = false, corrected = false;;) {
      const net::Credentials credentials = credentials_.get();
      net::Response response;
      try {
        response = http_->send(signed_request(ask, payload, credentials));
      } catch (const unavailable& e) {
        if (!attempts.again()) throw unavailable(tried(e.what(), attempts.made()));
        repeated = true;
        continue;
      }
      if (is_answer(ask, response)) {
        repeated = repeated || response.maybe_twice;
        return {std::move(response), repeated};
      }
      const Trouble trouble = read_trouble(response);
      if (is_expired(trouble) && !std::exchange(renewed, true)) {
        credentials_.forget(credentials);
        continue;
      }
      if (trouble.code == "RequestTimeTooSkewed" && !std::exchange(corrected, true) &&
          correct_clock(response))
        continue;
      if (may_pass(trouble) && attempts.again(wanted_wait(response))) {
        repeated = repeated || trouble.status >= 500;
        continue;
      }
      fail(ask, trouble, credentials.source, attempts.made());
    }
  }

 private:
  net::Request signed_request(const Ask& ask, const std::string& payload,
                              const net::Credentials& credentials) const {
    net::Request request;
    request.method = ask.method;
    request.origin = place_.origin();
    request.path = place_.path(ask.key);
    request.query = ask.query;
    request.headers = ask.headers;
    request.headers.push_back({"x-amz-content-sha256", payload});
    request.body = ask.body;
    request.most_bytes = ask.most_bytes;
    request.timeouts = timeouts_;
    const auto now = std::chrono::system_clock::now() + std::chrono::seconds(clock_is_late_.load());
    net::sign(request, credentials.key, {place_.region, "s3", false}, now, payload);
    return request;
  }

  // A missing object and a missing bucket are both 404.
  static bool is_answer(const Ask& ask, const net::Response& response) {
    const int s = response.status;
    if (s == 200 || s == 204 || s == 206) return true;
    if (std::find(ask.expected.begin(), ask.expected.end(), s) == ask.expected.end()) return false;
    return s != 404 || read_trouble(response).code != "NoSuchBucket";
  }

  static std::chrono::milliseconds wanted_wait(const net::Response& response) {
    const std::string seconds = response.header("Retry-After");
    return std::chrono::seconds(seconds.size() < 5 ? std::atoi(seconds.c_str()) : 0);
  }

  bool correct_clock(const net::Response& response) {
    const std::time_t theirs = curl_getdate(response.header("Date").c_str(), nullptr);
    if (theirs < 0) return false;
    const auto ours = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    clock_is_late_ = theirs - ours;
    return true;
  }

  static std::string tried(const std::string& why, int attempts) {
    return attempts < 2 ? why : text({why, " (tried ", attempts, " times)"});
  }

  [[noreturn]] void fail(const Ask& ask, const Trouble& trouble, const std::string& source,
                         int attempts) const {
    const std::string what = text({ask.method, " ", ask.key.empty() ? "the bucket" : ask.key});
    const std::string said = tried(sentence(trouble, what, place_, source), attempts);
    if (may_pass(trouble)) throw unavailable(said);
    if (trouble.status >= 300 && trouble.status < 500) throw input_error(said);
    throw run_error(said);
  }

  Place place_;
  RetryPolicy retry_;
  Timeouts timeouts_;
  std::shared_ptr<net::Http> http_ = std::make_shared<net::Http>();
  net::CredentialSource credentials_{http_};
  std::atomic<std::time_t> clock_is_late_ = 0;
};

}  // namespace lambdapack::exec::cloud::s3
