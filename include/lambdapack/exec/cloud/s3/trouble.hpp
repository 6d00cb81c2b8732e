// What S3 says when something is wrong, as a sentence that says what to do.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "lambdapack/exec/cloud/net/printable.hpp"
#include "lambdapack/exec/cloud/net/request.hpp"
#include "lambdapack/exec/cloud/s3/place.hpp"
#include "lambdapack/exec/cloud/s3/xml.hpp"

namespace lambdapack::exec::cloud::s3 {

/// An answer that is none of those that were hoped for. Of what the server says only code and
/// message are kept: the rest of it repeats the request, tokens included.
struct Trouble {
  int status = 0;
  std::string code{};
  std::string message{};
  std::string region{};  ///< the one that the server names
};

/// What an answer says is wrong.
inline Trouble read_trouble(const net::Response& answer) {
  Trouble result{answer.status};
  result.region = answer.header("x-amz-bucket-region");
  if (const auto document = read_xml(answer.body)) {
    result.code = net::printable(text_at(*document, "Error/Code"), 60);
    result.message = net::printable(text_at(*document, "Error/Message"), 200);
    if (result.region.empty()) result.region = text_at(*document, "Error/Region");
  }
  result.region = net::printable(result.region, 40);
  return result;
}

/// Whether the same request may well succeed a little later.
inline bool may_pass(const Trouble& trouble) {
  static constexpr std::array codes{"RequestTimeout",     "SlowDown",   "BadDigest",
                                    "OperationAborted",   "Throttling", "XAmzContentSHA256Mismatch",
                                    "ThrottlingException"};
  static constexpr std::array statuses{408, 409, 429, 500, 502, 503, 504};
  return std::find(codes.begin(), codes.end(), trouble.code) != codes.end() ||
         std::find(statuses.begin(), statuses.end(), trouble.status) != statuses.end();
}

/// Whether the server takes the credentials for outdated.
inline bool is_expired(const Trouble& trouble) {
  return trouble.code == "ExpiredToken" || trouble.code == "TokenRefreshRequired";
}

namespace detail {

/// What to do about it.
inline std::string advice(const Trouble& t, const Place& place, const std::string& source) {
  if (t.code == "NoSuchBucket")
    return text({"there is no bucket ", place.bucket,
                 " there; make it, or check its name, the endpoint and style=path"});
  if (t.code == "RequestTimeTooSkewed")
    return "the clocks of this machine and of the server are too far apart; set this one's";
  if (t.code == "InvalidAccessKeyId" || is_expired(t))
    return text({"the server does not know the access key, or no longer; it is from ", source});
  if (t.code == "SignatureDoesNotMatch")
    return text(
        {"the secret key does not belong to the access key, or a proxy changes requests; "
         "the credentials are from ",
         source});
  if (!t.region.empty() && t.region != place.region)
    return text({"the bucket is in the region ", t.region, " and not in ", place.region,
                 "; say region=", t.region});
  if (t.status == 403)
    return text({"the owner of the credentials from ", source,
                 " may not do this; check the policies of user and bucket"});
  if (t.status == 404) return "check bucket and endpoint, and whether the server speaks S3";
  if (may_pass(t)) return "the server is overloaded or being repaired; try later";
  return "check that the endpoint speaks S3 and does what is asked of it here";
}

}  // namespace detail

/// "lambdapack: PUT key in s3://...: the server answers 403 AccessDenied (...); ...".
inline std::string sentence(const Trouble& t, const std::string& what, const Place& place,
                            const std::string& source) {
  return text({"lambdapack: ", what, " in ", place.describe(), ": the server answers ", t.status,
               t.code.empty() ? "" : " ", t.code, t.message.empty() ? "" : " (", t.message,
               t.message.empty() ? "" : ")", "; ", detail::advice(t, place, source)});
}

}  // namespace lambdapack::exec::cloud::s3
