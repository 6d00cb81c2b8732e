// Requests to a service of AWS, or to one that speaks as it does: signed, sent, and sent again.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "lambdapack/exec/cloud/net/credentials.hpp"
#include "lambdapack/exec/cloud/net/json.hpp"
#include "lambdapack/exec/cloud/net/printable.hpp"
#include "lambdapack/exec/cloud/net/retry.hpp"

namespace lambdapack::exec::cloud::net {

/// Which service, where.
struct AwsPlace {
  std::string service;  ///< as requests to it are signed: lambda, sqs
  std::string region;
  std::string origin;  ///< `https://host:port`
};

/// The place of a service, from what a URL says, the environment and AWS's files. `variable` is
/// such as AWS_ENDPOINT_URL_SQS. Throws input_error if nothing says the region.
inline AwsPlace find_aws_place(const std::string& service, const Url& url, const char* variable) {
  const auto said = [&](const char* name) -> std::optional<std::string> {
    const auto at = url.query.find(name);
    if (at == url.query.end() || at->second.empty()) return std::nullopt;
    return at->second;
  };
  std::optional<std::string> endpoint = said("endpoint");
  if (!endpoint) endpoint = environment(variable);
  if (!endpoint) endpoint = environment("AWS_ENDPOINT_URL");
  std::optional<std::string> region = said("region");
  if (!region) region = default_region();
  if (!region && endpoint) region = "us-east-1";
  if (!region)
    throw input_error(text({"lambdapack: nothing says in which region of AWS ", service,
                            " is to be used; add region=... to its URL, or set AWS_REGION"}));
  if (!endpoint)
    return {service, *region, text({"https://", service, ".", *region, ".amazonaws.com"})};
  const Url parts = parse_url(*endpoint);
  if (parts.scheme != "http" && parts.scheme != "https")
    throw input_error(text({"lambdapack: the endpoint ", parts.origin(), " of ", service,
                            " is neither http nor https; expected is https://host:port"}));
  return {service, *region, parts.origin()};
}

/// What is wrong, as such services say it.
struct AwsTrouble {
  int status = 0;
  std::string code;
  std::string message;
};

inline AwsTrouble read_aws_trouble(const Response& answer) {
  AwsTrouble result{answer.status, answer.header("x-amzn-ErrorType"), ""};
  const Json body = read_json(answer.body);
  if (result.code.empty()) result.code = text_of(body.get(), "__type");
  if (result.code.empty()) result.code = text_of(body.get(), "code");
  result.code = result.code.substr(0, result.code.find(':'));
  if (const std::size_t hash = result.code.rfind('#'); hash != std::string::npos)
    result.code.erase(0, hash + 1);
  result.message = text_of(body.get(), "message");
  if (result.message.empty()) result.message = text_of(body.get(), "Message");
  result.code = printable(result.code, 80);
  result.message = printable(result.message, 200);
  return result;
}

/// A service says no, and will say it again.
class aws_refusal : public input_error {
 public:
  aws_refusal(const std::string& what, std::string kind)
      : input_error(what), kind_(std::move(kind)) {}

  /// The service's name for what is wrong.
  const std::string& kind() const { return kind_; }

 private:
  std::string kind_;
};

/// A service has all that it takes at once, as often as it is asked.
class aws_throttling : public unavailable {
 public:
  using unavailable::unavailable;
};

/// A service of AWS. Safe from any thread.
class AwsService {
 public:
  AwsService(AwsPlace place, RetryPolicy retry, Timeouts timeouts)
      : place_(std::move(place)), retry_(retry), timeouts_(timeouts) {}

  const AwsPlace& place() const { return place_; }

  /// The answer to a POST, if its status is 200 to 299. Throws `unavailable` if the service gives
  /// no answer, or is overloaded, as often as it is asked, and input_error with what to do about it
  /// if it says no.
  Response post(const std::string& path, const Headers& headers, std::string_view body) {
    Attempts attempts(retry_);
    for (bool renewed = false;;) {
      const Credentials credentials = credentials_.get();
      Response answer;
      try {
        answer = http_->send(signed_post(path, headers, body, credentials));
      } catch (const unavailable&) {
        if (!attempts.again()) throw;
        continue;
      }
      if (answer.status >= 200 && answer.status < 300) return answer;
      const AwsTrouble trouble = read_aws_trouble(answer);
      if (trouble.code.starts_with("ExpiredToken") && !std::exchange(renewed, true)) {
        credentials_.forget(credentials);
        continue;
      }
      if (!may_pass(trouble)) throw aws_refusal(sentence(path, trouble, credentials), trouble.code);
      if (attempts.again()) continue;
      if (is_throttling(trouble)) throw aws_throttling(sentence(path, trouble, credentials));
      throw unavailable(sentence(path, trouble, credentials));
    }
  }

 private:
  Request signed_post(const std::string& path, const Headers& headers, std::string_view body,
                      const Credentials& credentials) const {
    Request request;
    request.method = "POST";
    request.origin = place_.origin;
    request.path = path;
    request.headers = headers;
    request.body = body;
    request.timeouts = timeouts_;
    sign(request, credentials.key, {place_.region, place_.service, true},
         std::chrono::system_clock::now(), hex(sha256(body)));
    return request;
  }

  static bool is_throttling(const AwsTrouble& t) {
    return t.status == 429 || t.status == 503 || t.code.find("Throttl") != std::string::npos;
  }

  static bool may_pass(const AwsTrouble& t) {
    return is_throttling(t) || t.status >= 500 || t.code == "RequestTimeout";
  }

  std::string sentence(const std::string& path, const AwsTrouble& t,
                       const Credentials& credentials) const {
    std::string advice = "check the URL, and what the service's log says";
    if (t.status == 429)
      advice = "more is asked of it at once than it gives; raise the limit, or ask for less";
    else if (t.status >= 500)
      advice = "the service is overloaded or being repaired; try later";
    else if (t.status == 403 || t.code.find("Signature") != std::string::npos ||
             t.code.find("Token") != std::string::npos)
      advice = text({"check the credentials, from ", credentials.source,
                     ", what they may do, and this machine's clock"});
    else if (t.status == 404 || t.code.find("NonExistent") != std::string::npos)
      advice = text({"check its name and the region, ", place_.region});
    return text({"lambdapack: POST ", place_.origin, percent_encode(path, true), ": ",
                 place_.service, " answers ", t.status, t.code.empty() ? "" : " ", t.code,
                 t.message.empty() ? "" : " (", t.message, t.message.empty() ? "" : ")", "; ",
                 advice});
  }

  AwsPlace place_;
  RetryPolicy retry_;
  Timeouts timeouts_;
  std::shared_ptr<Http> http_ = std::make_shared<Http>();
  CredentialSource credentials_{http_};
};

}  // namespace lambdapack::exec::cloud::net
