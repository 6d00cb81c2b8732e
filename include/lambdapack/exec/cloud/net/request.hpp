// What is asked of a server over HTTP, and what it answers.
#pragma once

#include <algorithm>
#include <atomic>
#include <cctype>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lambdapack/exec/cloud/net/url.hpp"

namespace lambdapack::exec::cloud {

/// When a server is given up. 0 waits for ever.
struct Timeouts {
  /// For a connection to come about.
  std::chrono::milliseconds connect{5000};
  /// With not a byte moving in either direction; counted in seconds.
  std::chrono::milliseconds stall{30000};
};

namespace net {

struct Header {
  std::string name;
  std::string value;
};

using Headers = std::vector<Header>;

/// Whether two names of headers are the same.
inline bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

/// The value of the header `name`, if it is there.
inline std::optional<std::string> find(const Headers& headers, std::string_view name) {
  for (const Header& h : headers)
    if (same_name(h.name, name)) return h.value;
  return std::nullopt;
}

/// A request. Path and query are as they are meant: they are percent-encoded when it is sent.
struct Request {
  std::string method = "GET";
  std::string origin{};  ///< `https://host:port`
  std::string path = "/";
  std::vector<std::pair<std::string, std::string>> query{};
  Headers headers{};
  std::string_view body{};
  std::int64_t most_bytes = std::int64_t{64} << 20;  ///< an answer with more is refused
  Timeouts timeouts{};
  bool through_proxy = true;  ///< through the proxy of the environment, if there is one
  const std::atomic<bool>* cancelled =
      nullptr;  ///< given up, within a second, when it becomes true

  /// `name=value&...`, encoded, in the order of Signature V4.
  std::string encoded_query() const {
    std::vector<std::pair<std::string, std::string>> encoded;
    for (const auto& [name, value] : query)
      encoded.emplace_back(percent_encode(name, false), percent_encode(value, false));
    std::sort(encoded.begin(), encoded.end());
    std::string result;
    for (const auto& [name, value] : encoded)
      result += text({result.empty() ? "" : "&", name, "=", value});
    return result;
  }

  /// The whole URL.
  std::string url() const {
    const std::string encoded = encoded_query();
    return text({origin, percent_encode(path, true), encoded.empty() ? "" : "?", encoded});
  }

  /// "GET https://host/path", for messages.
  std::string describe() const { return text({method, " ", origin, percent_encode(path, true)}); }
};

/// An answer.
struct Response {
  int status = 0;
  Headers headers{};
  std::string body{};
  /// The request may have arrived twice: a connection was made for it, perhaps in place of one that
  /// died with it.
  bool maybe_twice = false;

  /// The value of a header; empty if it is not there.
  std::string header(std::string_view name) const { return find(headers, name).value_or(""); }
};

}  // namespace net

}  // namespace lambdapack::exec::cloud
