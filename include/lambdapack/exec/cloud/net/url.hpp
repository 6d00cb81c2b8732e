// URLs: taken apart, and percent-encoded as Signature V4 wants it.
#pragma once

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "lambdapack/error.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::exec::cloud::net {

/// `text` with everything but A-Z a-z 0-9 - . _ ~ (and `/`, unless told otherwise) as %XX.
inline std::string percent_encode(std::string_view text, bool keep_slash) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
                       (byte >= '0' && byte <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
    if (plain || (keep_slash && c == '/')) {
      result += c;
    } else {
      result += '%';
      result += digits[byte >> 4];
      result += digits[byte & 15];
    }
  }
  return result;
}

/// `text` with its %XX taken back; nothing if one is broken.
inline std::optional<std::string> percent_decode(std::string_view text) {
  const auto value = [](char c) -> int {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  };
  std::string result;
  for (std::size_t k = 0; k < text.size(); ++k) {
    if (text[k] != '%') {
      result += text[k];
      continue;
    }
    if (k + 2 >= text.size()) return std::nullopt;
    const int high = value(text[k + 1]), low = value(text[k + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    result += static_cast<char>(high * 16 + low);
    k += 2;
  }
  return result;
}

/// A URL in its parts. Everything but `origin()` is decoded.
struct Url {
  std::string scheme;
  std::string user;                          ///< before `:` of what is before `@`
  std::string password;                      ///< behind it
  std::string host;                          ///< in small letters; a v6 address has its brackets
  std::optional<int> port;                   ///< where one is named
  std::string path;                          ///< with its leading `/`, if there is one
  std::map<std::string, std::string> query;  ///< the last of several wins

  /// `scheme://host:port`, without a port that goes without saying.
  std::string origin() const {
    const bool said =
        port && !(scheme == "http" && *port == 80) && !(scheme == "https" && *port == 443);
    const std::string name = text({scheme, "://", host});
    return said ? text({name, ":", *port}) : name;
  }
};

namespace detail {

/// Errors about URLs leave out what could be a password.
inline std::string without_user(std::string_view url) {
  const std::size_t begin = url.find("://");
  const std::size_t at = url.rfind('@');
  if (begin == std::string_view::npos || at == std::string_view::npos || at < begin)
    return std::string(url);
  return text({url.substr(0, begin + 3), "...", url.substr(at)});
}

[[noreturn]] inline void refuse_url(std::string_view url, std::string_view why) {
  throw input_error(
      text({"lambdapack: the URL ", without_user(url), " cannot be read: ", why,
            "; expected is scheme://host:port/path?name=value, with other characters as %XX"}));
}

inline std::string decoded(std::string_view url, std::string_view part) {
  std::optional<std::string> result = percent_decode(part);
  if (!result) refuse_url(url, "a % is not followed by two hexadecimal digits");
  if (std::any_of(result->begin(), result->end(),
                  [](char c) { return static_cast<unsigned char>(c) < 32 || c == 127; }))
    refuse_url(url, "it holds a control character");
  return *result;
}

inline int read_port(std::string_view url, std::string_view digits) {
  int port = 0;
  for (const char c : digits)
    port = c >= '0' && c <= '9' && port < 65536 ? port * 10 + (c - '0') : 65536;
  if (digits.empty() || port < 1 || port > 65535)
    refuse_url(url, "its port is not a number between 1 and 65535");
  return port;
}

inline void read_authority(std::string_view url, std::string_view authority, Url& result) {
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    const std::string_view user = authority.substr(0, at);
    const std::size_t colon = user.find(':');
    result.user = decoded(url, user.substr(0, colon));
    if (colon != std::string_view::npos) result.password = decoded(url, user.substr(colon + 1));
    authority.remove_prefix(at + 1);
  }
  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.rfind(':');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    result.port = read_port(url, authority.substr(colon + 1));
    authority = authority.substr(0, colon);
  }
  result.host = decoded(url, authority);
  std::transform(result.host.begin(), result.host.end(), result.host.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (result.host.find_first_of("/\\?#@ ") != std::string::npos)
    refuse_url(url, "its host has a character that no host has");
}

inline void read_query(std::string_view url, std::string_view query, Url& result) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string_view value = pair.substr(std::min(equals + 1, pair.size()));
    if (!pair.empty()) result.query[decoded(url, pair.substr(0, equals))] = decoded(url, value);
    query.remove_prefix(std::min(end + 1, query.size()));
  }
}

}  // namespace detail

/// The parts of a URL. Throws input_error, without what may be a password, if it has none.
inline Url parse_url(std::string_view url) {
  const std::size_t colon = url.find("://");
  if (colon == std::string_view::npos || colon == 0) detail::refuse_url(url, "it has no scheme");
  Url result;
  result.scheme = std::string(url.substr(0, colon));
  std::string_view rest = url.substr(colon + 3);
  rest = rest.substr(0, rest.find('#'));
  const std::size_t question = std::min(rest.find('?'), rest.size());
  if (question < rest.size()) detail::read_query(url, rest.substr(question + 1), result);
  rest = rest.substr(0, question);
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  result.path = detail::decoded(url, rest.substr(slash));
  detail::read_authority(url, rest.substr(0, slash), result);
  return result;
}

}  // namespace lambdapack::exec::cloud::net
