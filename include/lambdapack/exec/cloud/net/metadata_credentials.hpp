// Credentials that a machine or a container is given: from a small server next to it.
#pragma once

#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "lambdapack/exec/cloud/net/http.hpp"
#include "lambdapack/exec/cloud/net/json.hpp"
#include "lambdapack/exec/cloud/net/profile_file.hpp"
#include "lambdapack/exec/cloud/net/sign.hpp"

namespace lambdapack::exec::cloud::net {

/// Credentials, where they are from, and until when they are good.
struct Credentials {
  SigningKey key;
  std::string source;
  std::optional<std::chrono::system_clock::time_point> expires{};
};

namespace detail {

/// "2030-01-02T03:04:05Z" as a time; nothing if it is something else.
inline std::optional<std::chrono::system_clock::time_point> utc_time(const std::string& text) {
  std::tm t{};
  if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d", &t.tm_year, &t.tm_mon, &t.tm_mday,
                  &t.tm_hour, &t.tm_min, &t.tm_sec) != 6)
    return std::nullopt;
  t.tm_year -= 1900;
  t.tm_mon -= 1;
  return std::chrono::system_clock::from_time_t(timegm(&t));
}

/// The credentials in the answer of such a server, whose text is never shown.
inline Credentials read_credentials(const Response& answer, const std::string& source) {
  const Json json = read_json(answer.body);
  const auto field = [&](const char* name) { return text_of(json.get(), name); };
  Credentials result{{field("AccessKeyId"), field("SecretAccessKey"), field("Token")},
                     source,
                     utc_time(field("Expiration"))};
  if (answer.status != 200 || result.key.key_id.empty() || result.key.secret.empty())
    throw unavailable(text({"lambdapack: ", source, " answers ", answer.status,
                            " without credentials; check that this machine or container has a "
                            "role"}));
  return result;
}

inline Request metadata_request(const std::string& method, const std::string& origin,
                                const std::string& path) {
  Request request;
  request.method = method;
  request.origin = origin;
  request.path = path;
  request.most_bytes = 1 << 20;
  request.timeouts = {std::chrono::seconds(1), std::chrono::seconds(2)};
  request.through_proxy = false;
  return request;
}

// A URL in the environment must not send the token in the open to just anybody.
inline bool may_have_token(const Url& url) {
  return url.scheme == "https" || url.host == "localhost" || url.host.starts_with("127.") ||
         url.host == "[::1]" || url.host == "169.254.170.2" || url.host == "169.254.170.23" ||
         url.host == "[fd00:ec2::23]";
}

inline std::optional<std::string> container_token() {
  if (auto path = environment("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")) {
    std::ifstream file(*path);
    std::string token{std::istreambuf_iterator<char>(file), {}};
    if (!file)
      throw input_error(text({"lambdapack: the file ", *path,
                              " that AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names cannot be read; "
                              "check its name and rights"}));
    return std::string(stripped(token.substr(0, token.find('\n'))));
  }
  return environment("AWS_CONTAINER_AUTHORIZATION_TOKEN");
}

}  // namespace detail

/// Those of the container that this runs in; nothing if the environment names no server for them.
inline std::optional<Credentials> container_credentials(Http& http) {
  Url url;
  if (auto path = environment("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")) {
    url = parse_url("http://169.254.170.2" + *path);
  } else if (auto full = environment("AWS_CONTAINER_CREDENTIALS_FULL_URI")) {
    url = parse_url(*full);
    if (!detail::may_have_token(url))
      throw input_error(text({"lambdapack: AWS_CONTAINER_CREDENTIALS_FULL_URI names ", url.host,
                              ", which is not of this machine; use https, or a loopback address"}));
  } else {
    return std::nullopt;
  }
  Request request = detail::metadata_request("GET", url.origin(), url.path);
  for (const auto& [name, value] : url.query) request.query.emplace_back(name, value);
  if (auto token = detail::container_token()) request.headers.push_back({"Authorization", *token});
  return detail::read_credentials(http.send(request), "the container's credentials endpoint");
}

/// Those of the virtual machine's role (metadata service, version 2); nothing if there is no such
/// service.
inline std::optional<Credentials> instance_credentials(Http& http) {
  if (environment("AWS_EC2_METADATA_DISABLED").value_or("false") == "true") return std::nullopt;
  const std::string origin =
      parse_url(environment("AWS_EC2_METADATA_SERVICE_ENDPOINT").value_or("http://169.254.169.254"))
          .origin();
  Request ask = detail::metadata_request("PUT", origin, "/latest/api/token");
  ask.headers.push_back({"X-aws-ec2-metadata-token-ttl-seconds", "21600"});
  Response token;
  try {
    token = http.send(ask);
  } catch (const unavailable&) {
    return std::nullopt;
  }
  if (token.status != 200) return std::nullopt;
  const std::string roles = "/latest/meta-data/iam/security-credentials/";
  Request role = detail::metadata_request("GET", origin, roles);
  role.headers.push_back({"X-aws-ec2-metadata-token", token.body});
  const Response name = http.send(role);
  if (name.status == 404) return std::nullopt;
  role.path = roles + name.body.substr(0, name.body.find('\n'));
  return detail::read_credentials(http.send(role), "the instance metadata service");
}

}  // namespace lambdapack::exec::cloud::net
