// Where a Redis is, and how one gets in.
#pragma once

#include <charconv>
#include <cstdlib>
#include <string>
#include <string_view>

#include "lambdapack/exec/cloud/net/profile_file.hpp"
#include "lambdapack/exec/cloud/net/url.hpp"

namespace lambdapack::exec::cloud::redis {

/// A database of a Redis server.
struct Place {
  std::string host;
  int port = 6379;
  int database = 0;
  std::string user{};      ///< empty: the server's default user
  std::string password{};  ///< never shown

  /// For messages.
  std::string describe() const {
    return text({"redis://", host, ":", port, database == 0 ? "" : "/",
                 database == 0 ? std::string() : std::to_string(database)});
  }
};

/// The place that `redis://user@host:port/database` names. The password is that of the environment
/// variable REDISCLI_AUTH, as for redis-cli; one in the URL is refused, as the URL is in the run's
/// description and in what its workers are started with. Throws input_error that says what is
/// wrong, without the password.
inline Place parse_place(std::string_view url) {
  const std::string shown = net::detail::without_user(url);
  const auto refuse = [&](std::string_view why) {
    throw input_error(text({"lambdapack: the queue ", shown, " cannot be used: ", why,
                            "; expected is redis://user@host:port/database, with the password in "
                            "REDISCLI_AUTH"}));
  };
  const net::Url parts = net::parse_url(url);
  if (parts.scheme == "rediss")
    refuse(
        "it is to be reached by TLS, which hiredis 0.14 does not speak (a tunnel such as "
        "stunnel does)");
  if (parts.scheme != "redis") refuse("it is not redis://");
  if (!parts.password.empty())
    refuse("it has a password, which whoever sees the URL or the run's description would see too");
  if (parts.host.empty()) refuse("it has no host");
  if (!parts.query.empty()) refuse("it has settings behind '?', which there are none of");
  Place place{parts.host, parts.port.value_or(6379), 0, parts.user,
              net::environment("REDISCLI_AUTH").value_or("")};
  if (place.host.front() == '[') place.host = place.host.substr(1, place.host.size() - 2);
  if (parts.path.size() > 1) {
    const char* const end = parts.path.data() + parts.path.size();
    const auto [rest, error] = std::from_chars(parts.path.data() + 1, end, place.database);
    if (error != std::errc() || rest != end || place.database < 0)
      refuse("its database is not a number from 0 on");
  }
  return place;
}

}  // namespace lambdapack::exec::cloud::redis
