// A small S3 in memory, which does to a request what a test wants done to it.
#pragma once

#include <cstdio>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "lambdapack/exec/cloud/net/digest.hpp"
#include "lambdapack/exec/cloud/net/url.hpp"
#include "server.hpp"

namespace cloud_net_test {

/// The bucket `tiles`, in the path. It believes every signature.
class SmallS3 {
 public:
  /// Told each request and its number, from 0 on, may answer in the server's place.
  using Fault = std::function<std::optional<Answer>(const Asked&, int n)>;
  /// May change an answer before it is sent.
  using Twist = std::function<void(const Asked&, int n, Answer&)>;

  struct Object {
    std::string bytes;
    std::map<std::string, std::string> notes{};
    std::string etag{};
  };

  explicit SmallS3(Fault fault = {}, Twist twist = {})
      : fault_(std::move(fault)),
        twist_(std::move(twist)),
        server_([this](const Asked& asked) { return answer(asked); }) {}

  std::string url(const std::string& prefix = "run") const {
    return "s3://tiles/" + prefix + "?region=test-1&endpoint=" + server_.url();
  }
  Server& server() { return server_; }
  /// The objects by their whole keys.
  std::map<std::string, Object> objects() const {
    const std::lock_guard lock(mutex_);
    return objects_;
  }
  void put(const std::string& key, Object object) {
    const std::lock_guard lock(mutex_);
    objects_[key] = std::move(object);
  }

  bool heeds_if_none_match = true;
  std::size_t page = 2;  ///< keys on a page of a listing

  static Answer error(int status, const std::string& code, const std::string& more = "") {
    return {.status = status,
            .headers = {{"Content-Type", "application/xml"}},
            .body = "<?xml version=\"1.0\"?>\n<Error><Code>" + code +
                    "</Code><Message>said the test</Message>" + more + "</Error>"};
  }

 private:
  Answer answer(const Asked& asked) {
    const std::lock_guard lock(mutex_);
    const int n = count_++;
    Answer a;
    const std::optional<Answer> fault = fault_ ? fault_(asked, n) : std::nullopt;
    if (fault)
      a = *fault;
    else
      a = serve(asked);
    if (twist_) twist_(asked, n, a);
    a.no_body = asked.method == "HEAD";
    return a;
  }

  Answer serve(const Asked& asked) {
    const auto url = lp::exec::cloud::net::parse_url("http://h" + asked.target);
    if (url.path == "/tiles") return list(url);
    if (!url.path.starts_with("/tiles/")) return error(404, "NoSuchBucket");
    const std::string key = url.path.substr(7);
    if (asked.method == "PUT" && url.query.contains("uploadId")) return put_piece(url, asked);
    if (asked.method == "PUT") return put_whole(key, asked);
    if (asked.method == "POST" && url.query.contains("uploads")) return begin(asked);
    if (asked.method == "POST") return finish(key, url);
    if (asked.method == "DELETE") {
      if (url.query.contains("uploadId"))
        uploads_.erase(url.query.at("uploadId"));
      else
        objects_.erase(key);
      return {.status = 204};
    }
    return get(key, asked);
  }

  static std::string quoted_md5(const std::string& bytes) {
    namespace net = lp::exec::cloud::net;
    return '"' + net::hex(net::md5(bytes)) + '"';
  }

  static std::map<std::string, std::string> notes_of(const Asked& asked) {
    std::map<std::string, std::string> notes;
    for (const auto& [name, value] : asked.headers)
      if (name.starts_with("x-amz-meta-")) notes[name] = value;
    return notes;
  }

  Answer put_whole(const std::string& key, const Asked& asked) {
    if (heeds_if_none_match && asked.header("if-none-match") == "*" && objects_.contains(key))
      return error(412, "PreconditionFailed");
    const std::string etag = quoted_md5(asked.body);
    objects_[key] = {asked.body, notes_of(asked), etag};
    return {.headers = {{"ETag", etag}}};
  }

  Answer get(const std::string& key, const Asked& asked) {
    const auto at = objects_.find(key);
    if (at == objects_.end()) return error(404, "NoSuchKey");
    const auto& [bytes, notes, etag] = at->second;
    Answer a{.headers = {{"ETag", etag}}, .body = bytes};
    for (const auto& note : notes) a.headers.push_back(note);
    long long begin = 0, last = 0;
    if (std::sscanf(asked.header("range").c_str(), "bytes=%lld-%lld", &begin, &last) != 2) return a;
    const auto total = static_cast<long long>(bytes.size());
    if (begin >= total) return error(416, "InvalidRange");
    last = std::min(last, total - 1);
    a.status = 206;
    a.body =
        bytes.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(last - begin + 1));
    a.headers.emplace_back("Content-Range", "bytes " + std::to_string(begin) + "-" +
                                                std::to_string(last) + "/" + std::to_string(total));
    return a;
  }

  Answer list(const lp::exec::cloud::net::Url& url) {
    const auto query = [&](const char* name) {
      const auto at = url.query.find(name);
      return at == url.query.end() ? std::string() : at->second;
    };
    std::string keys;
    std::size_t n = 0;
    std::string last;
    bool more = false;
    for (const auto& [key, object] : objects_) {
      if (!key.starts_with(query("prefix")) || key <= query("continuation-token")) continue;
      if (n == page) {
        more = true;
        break;
      }
      ++n;
      last = key;
      keys += "<Contents><Key>" + lp::exec::cloud::net::percent_encode(key, true) +
              "</Key><Size>1</Size></Contents>";
    }
    return {.body = "<ListBucketResult xmlns=\"http://s3\"><IsTruncated>" +
                    std::string(more ? "true" : "false") + "</IsTruncated>" +
                    (more ? "<NextContinuationToken>" + last + "</NextContinuationToken>" : "") +
                    keys + "</ListBucketResult>"};
  }

  Answer begin(const Asked& asked) {
    const std::string id = "upload-" + std::to_string(uploads_.size());
    uploads_[id].notes = notes_of(asked);
    return {.body = "<InitiateMultipartUploadResult><UploadId>" + id +
                    "</UploadId></InitiateMultipartUploadResult>"};
  }

  Answer put_piece(const lp::exec::cloud::net::Url& url, const Asked& asked) {
    const auto at = uploads_.find(url.query.at("uploadId"));
    if (at == uploads_.end()) return error(404, "NoSuchUpload");
    at->second.pieces[std::stoi(url.query.at("partNumber"))] = asked.body;
    return {.headers = {{"ETag", quoted_md5(asked.body)}}};
  }

  Answer finish(const std::string& key, const lp::exec::cloud::net::Url& url) {
    const auto at = uploads_.find(url.query.at("uploadId"));
    if (at == uploads_.end()) return error(404, "NoSuchUpload");
    Object object{"", at->second.notes,
                  "\"many-" + std::to_string(at->second.pieces.size()) + "\""};
    for (const auto& [number, bytes] : at->second.pieces) object.bytes += bytes;
    objects_[key] = object;
    uploads_.erase(at);
    return {.body = "<CompleteMultipartUploadResult><Key>k</Key></CompleteMultipartUploadResult>"};
  }

  struct Upload {
    std::map<std::string, std::string> notes;
    std::map<int, std::string> pieces;
  };

  Fault fault_;
  Twist twist_;
  mutable std::mutex mutex_;
  std::map<std::string, Object> objects_;
  std::map<std::string, Upload> uploads_;
  int count_ = 0;
  Server server_;
};

}  // namespace cloud_net_test
