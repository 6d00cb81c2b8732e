// Where objects are: a bucket on a server that speaks S3, and a prefix in it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lambdapack/exec/cloud/net/profile_file.hpp"
#include "lambdapack/exec/cloud/net/url.hpp"
#include "lambdapack/exec/cloud/objects.hpp"

namespace lambdapack::exec::cloud::s3 {

/// A bucket and a prefix, on a server.
struct Place {
  std::string bucket;
  std::string prefix;         ///< empty, or with a `/` at its end
  std::string endpoint;       ///< `https://host:port`, without the bucket
  std::string region;         ///< for which requests are signed
  bool virtual_host = false;  ///< the bucket is in the host's name, not in the path
  bool sign_body = true;      ///< if not, TLS alone protects what is stored on its way

  /// `https://host:port` with the bucket, if it belongs there.
  std::string origin() const {
    if (!virtual_host) return endpoint;
    const std::size_t host = endpoint.find("://") + 3;
    return text({endpoint.substr(0, host), bucket, ".", endpoint.substr(host)});
  }

  /// The path of an object, or of the bucket if `key` is empty.
  std::string path(const std::string& key) const {
    if (virtual_host) return "/" + key;
    return text({"/", bucket, key.empty() ? "" : "/", key});
  }

  /// For messages.
  std::string describe() const { return text({"s3://", bucket, "/", prefix, " at ", endpoint}); }
};

namespace detail {

[[noreturn]] inline void refuse_place(std::string_view url, std::string_view why) {
  throw input_error(
      text({"lambdapack: the store ", url, " cannot be used: ", why,
            "; expected is s3://bucket/prefix?endpoint=https://host:port&region=...&style=path"}));
}

inline void check_bucket(std::string_view url, const std::string& bucket) {
  bool good = bucket.size() >= 3 && bucket.size() <= 63;
  for (const char c : bucket)
    good = good &&
           ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_');
  if (!good)
    refuse_place(url, "the name of a bucket has 3 to 63 small letters, digits, '.' and '-'");
}

inline std::string choose(std::string_view url, const net::Url& parts, const std::string& name,
                          std::string_view one, std::string_view other,
                          const std::string& otherwise) {
  const auto at = parts.query.find(name);
  if (at == parts.query.end()) return otherwise;
  if (at->second != one && at->second != other)
    refuse_place(url, text({name, " is neither ", one, " nor ", other}));
  return at->second;
}

inline std::string prefix_of(const net::Url& parts) {
  std::string prefix = parts.path;
  while (!prefix.empty() && prefix.front() == '/') prefix.erase(0, 1);
  while (!prefix.empty() && prefix.back() == '/') prefix.pop_back();
  return prefix;
}

// The endpoint of the URL, of the environment, or else AWS's.
inline std::optional<std::string> endpoint_of(const net::Url& parts) {
  if (const auto at = parts.query.find("endpoint"); at != parts.query.end()) return at->second;
  if (auto url = net::environment("AWS_ENDPOINT_URL_S3")) return url;
  return net::environment("AWS_ENDPOINT_URL");
}

inline void set_endpoint(std::string_view url, const net::Url& parts, Place& place) {
  const std::optional<std::string> said = endpoint_of(parts);
  const auto region = parts.query.find("region");
  const std::optional<std::string> known =
      region != parts.query.end() ? region->second : net::default_region();
  if (!said && !known)
    refuse_place(url, "nothing says in which region the bucket is; add region=, or set AWS_REGION");
  place.region = known.value_or("us-east-1");
  for (const char c : place.region)
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'))
      refuse_place(url, "a region's name has letters, digits and '-'");
  if (!said) {
    place.endpoint = text({"https://s3.", place.region, ".amazonaws.com"});
    return;
  }
  const net::Url endpoint = net::parse_url(*said);
  if (endpoint.scheme != "http" && endpoint.scheme != "https")
    refuse_place(url, "its endpoint is neither http nor https");
  if (endpoint.host.empty() || !endpoint.user.empty() || endpoint.path.size() > 1)
    refuse_place(url, "its endpoint is more, or less, than scheme://host:port");
  place.endpoint = endpoint.origin();
}

}  // namespace detail

/// The place that a URL names: `s3://bucket/prefix`, with `endpoint`, `region`, `style` (path or
/// virtual) and `body` (signed or unsigned) in its query. Without `endpoint` it is the one of
/// AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL, or AWS itself. Bodies are signed unless TLS protects
/// them. Throws input_error that says what is wrong.
inline Place parse_place(std::string_view url) {
  const net::Url parts = net::parse_url(url);
  const std::string shown = net::detail::without_user(url);
  if (parts.scheme != "s3") detail::refuse_place(shown, "it is not s3://");
  if (!parts.user.empty() || !parts.password.empty())
    detail::refuse_place(shown,
                         "it has a user, and credentials are only taken from the environment, "
                         "AWS's files, and the endpoints of containers and instances");
  for (const auto& [name, value] : parts.query)
    if (name != "endpoint" && name != "region" && name != "style" && name != "body")
      detail::refuse_place(shown, text({"it has a setting ", name, ", which there is not"}));
  Place place;
  place.bucket = parts.host;
  detail::check_bucket(shown, place.bucket);
  place.prefix = detail::prefix_of(parts);
  if (!place.prefix.empty()) {
    check_key(place.prefix);
    place.prefix += '/';
  }
  detail::set_endpoint(shown, parts, place);
  const bool dotted = place.bucket.find('.') != std::string::npos;
  const bool own = place.endpoint.ends_with(".amazonaws.com");
  place.virtual_host = detail::choose(shown, parts, "style", "path", "virtual",
                                      own && !dotted ? "virtual" : "path") == "virtual";
  const bool tls = place.endpoint.starts_with("https://");
  place.sign_body = detail::choose(shown, parts, "body", "signed", "unsigned",
                                   tls ? "unsigned" : "signed") == "signed";
  return place;
}

}  // namespace lambdapack::exec::cloud::s3
