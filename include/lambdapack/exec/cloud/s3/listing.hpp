// The keys of a bucket, page by page.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "lambdapack/exec/cloud/s3/client.hpp"

namespace lambdapack::exec::cloud::s3 {

/// All keys that begin with `prefix`, sorted.
inline std::vector<std::string> list_keys(Client& client, const std::string& prefix) {
  const auto strange = [&](const char* why) {
    return run_error(text({"lambdapack: the listing of ", client.place().describe(), " ", why,
                           "; check that the endpoint speaks S3 (list-type=2)"}));
  };
  std::vector<std::string> keys;
  for (std::string token;;) {
    Ask ask{.query = {{"list-type", "2"}, {"prefix", prefix}, {"encoding-type", "url"}}};
    if (!token.empty()) ask.query.emplace_back("continuation-token", token);
    const auto document = read_xml(client.ask(ask).response.body);
    if (!document || document->back().path != "ListBucketResult")
      throw strange("is not what S3 answers");
    for (const XmlText& t : *document) {
      if (t.path != "ListBucketResult/Contents/Key") continue;
      const auto key = net::percent_decode(t.text);
      if (!key || !key->starts_with(prefix)) throw strange("has a key that was not asked for");
      keys.push_back(*key);
    }
    if (text_at(*document, "ListBucketResult/IsTruncated") != "true") break;
    const std::string next = text_at(*document, "ListBucketResult/NextContinuationToken");
    if (next.empty() || next == token) throw strange("does not say how it goes on");
    token = next;
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

}  // namespace lambdapack::exec::cloud::s3
