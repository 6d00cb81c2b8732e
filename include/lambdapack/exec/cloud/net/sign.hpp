// Signature V4: how AWS, and who speaks like it, knows who asks.
#pragma once

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <ctime>
#include <map>
#include <string>
#include <string_view>

#include "lambdapack/exec/cloud/net/digest.hpp"
#include "lambdapack/exec/cloud/net/request.hpp"

namespace lambdapack::exec::cloud::net {

/// What a request is signed with.
struct SigningKey {
  std::string key_id;
  std::string secret;
  std::string session_token{};  ///< empty if there is none
};

/// For whom it is signed.
struct SigningScope {
  std::string region;
  std::string service;
  /// S3 signs the path as it is sent; the others encode it once more.
  bool encode_path_again = true;
};

namespace detail {

inline std::string utc(std::chrono::system_clock::time_point at, const char* format) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(at);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> result{};
  return {result.data(), std::strftime(result.data(), result.size(), format, &parts)};
}

/// A header's value without blanks around it, and with one in place of several.
inline std::string trimmed(std::string_view value) {
  std::string result;
  for (const char c : value)
    if (c != ' ' || (!result.empty() && result.back() != ' ')) result += c;
  if (!result.empty() && result.back() == ' ') result.pop_back();
  return result;
}

struct SignedHeaders {
  std::string lines;
  std::string names;
};

inline SignedHeaders signed_headers(const Request& request) {
  std::map<std::string, std::string> values;
  values["host"] = request.origin.substr(request.origin.find("://") + 3);
  for (const Header& h : request.headers) {
    std::string name = h.name;
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto [at, fresh] = values.try_emplace(name, trimmed(h.value));
    if (!fresh) at->second += "," + trimmed(h.value);
  }
  SignedHeaders result;
  for (const auto& [name, value] : values) {
    result.lines += text({name, ":", value, "\n"});
    result.names += (result.names.empty() ? "" : ";") + name;
  }
  return result;
}

}  // namespace detail

/// Adds the headers that sign a request, all of whose headers it covers. `payload` is the body's
/// SHA-256 in hexadecimal, or UNSIGNED-PAYLOAD.
inline void sign(Request& request, const SigningKey& key, const SigningScope& scope,
                 std::chrono::system_clock::time_point now, std::string_view payload) {
  const std::string time = detail::utc(now, "%Y%m%dT%H%M%SZ");
  const std::string date = time.substr(0, 8);
  request.headers.push_back({"X-Amz-Date", time});
  if (!key.session_token.empty())
    request.headers.push_back({"X-Amz-Security-Token", key.session_token});

  const std::string sent = percent_encode(request.path, true);
  const std::string path = scope.encode_path_again ? percent_encode(sent, true) : sent;
  const detail::SignedHeaders headers = detail::signed_headers(request);
  const std::string canonical = text({request.method, "\n", path, "\n", request.encoded_query(),
                                      "\n", headers.lines, "\n", headers.names, "\n", payload});
  const std::string within = text({date, "/", scope.region, "/", scope.service, "/aws4_request"});
  const std::string to_sign =
      text({"AWS4-HMAC-SHA256\n", time, "\n", within, "\n", hex(sha256(canonical))});

  std::string secret = hmac_sha256("AWS4" + key.secret, date);
  for (const std::string& part : {scope.region, scope.service, std::string("aws4_request")})
    secret = hmac_sha256(secret, part);
  request.headers.push_back(
      {"Authorization", text({"AWS4-HMAC-SHA256 Credential=", key.key_id, "/", within,
                              ", SignedHeaders=", headers.names,
                              ", Signature=", hex(hmac_sha256(secret, to_sign))})});
}

}  // namespace lambdapack::exec::cloud::net
