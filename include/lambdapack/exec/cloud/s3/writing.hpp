// Objects, written whole: in one request, or in several where one would be long.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "lambdapack/exec/cloud/s3/reading.hpp"

namespace lambdapack::exec::cloud::s3 {

/// A name that nobody else has made.
inline std::string unique_name() {
  std::random_device random;
  std::string result;
  for (int k = 0; k < 4; ++k) {
    const std::uint32_t word = random();
    result += net::hex({reinterpret_cast<const char*>(&word), sizeof word});
  }
  return result;
}

/// Writes objects of one bucket.
class Writing {
 public:
  Writing(Client& client, const S3Options& options) : client_(client), options_(options) {}

  /// Stores an object in place of what was there.
  void put(const std::string& key, std::string_view bytes) {
    if (std::ssize(bytes) > options_.piece_bytes)
      put_in_pieces(key, bytes);
    else
      client_.ask({.method = "PUT", .key = key, .headers = noted(bytes), .body = bytes});
  }

  /// What came of writing an object that must not be there.
  enum class Outcome { written, was_there, not_offered };

  /// Stores an object if there is none. An answer may be lost after the object was stored: then it
  /// is there when it is sent again, and its writer's name tells whether it is ours.
  Outcome put_new(const std::string& key, std::string_view bytes) {
    const std::string writer = unique_name();
    Ask ask{.method = "PUT",
            .key = key,
            .headers = noted(bytes),
            .body = bytes,
            .expected = {412, 501}};
    ask.headers.push_back({"If-None-Match", "*"});
    ask.headers.push_back({writer_header, writer});
    const Answer a = client_.ask(ask);
    if (a.response.status == 501) return Outcome::not_offered;
    if (a.response.status != 412) return Outcome::written;
    const bool ours = a.maybe_twice && head(key, writer_header) == writer;
    return ours ? Outcome::written : Outcome::was_there;
  }

  /// A header of an object; nothing if there is no such object or header.
  std::optional<std::string> head(const std::string& key, const char* header) {
    const Answer a = client_.ask({.method = "HEAD", .key = key, .expected = {404}});
    if (a.response.status == 404) return std::nullopt;
    return net::find(a.response.headers, header);
  }

  void remove(const std::string& key) {
    client_.ask({.method = "DELETE", .key = key, .expected = {404}});
  }

 private:
  static constexpr char writer_header[] = "x-amz-meta-lambdapack-writer";

  static net::Headers noted(std::string_view bytes) {
    return {{"Content-Type", "application/octet-stream"}, {crc_header, crc_text(bytes)}};
  }

  void put_in_pieces(const std::string& key, std::string_view bytes) {
    const net::Headers notes = noted(bytes);
    const std::string upload = begin_upload(key, notes);
    try {
      finish_upload(key, upload, notes, send_pieces(key, upload, bytes));
    } catch (...) {
      abort_upload(key, upload);
      throw;
    }
  }

  std::string begin_upload(const std::string& key, const net::Headers& notes) {
    const Answer a =
        client_.ask({.method = "POST", .key = key, .query = {{"uploads", ""}}, .headers = notes});
    const auto document = read_xml(a.response.body);
    const std::string id =
        document ? text_at(*document, "InitiateMultipartUploadResult/UploadId") : "";
    if (id.empty())
      throw run_error(text({"lambdapack: POST ", key, " in ", client_.place().describe(),
                            ": the answer names no upload; check that the endpoint speaks S3, or "
                            "make S3Options::piece_bytes larger than the objects"}));
    return id;
  }

  std::vector<std::string> send_pieces(const std::string& key, const std::string& upload,
                                       std::string_view bytes) {
    const std::int64_t piece = options_.piece_bytes, total = std::ssize(bytes);
    std::vector<std::string> etags(static_cast<std::size_t>((total + piece - 1) / piece));
    for_each_piece(std::ssize(etags), options_.parallel, [&](std::int64_t k) {
      const Answer a =
          client_.ask({.method = "PUT",
                       .key = key,
                       .query = {{"partNumber", std::to_string(k + 1)}, {"uploadId", upload}},
                       .body = bytes.substr(static_cast<std::size_t>(k * piece),
                                            static_cast<std::size_t>(piece))});
      etags[static_cast<std::size_t>(k)] = a.response.header("ETag");
    });
    return etags;
  }

  // The answer to the end of an upload may be 200 and yet an error.
  void finish_upload(const std::string& key, const std::string& upload, const net::Headers& notes,
                     const std::vector<std::string>& etags) {
    std::string list = "<CompleteMultipartUpload>";
    for (std::size_t k = 0; k < etags.size(); ++k)
      list += text({"<Part><PartNumber>", k + 1, "</PartNumber><ETag>", escaped(etags[k]),
                    "</ETag></Part>"});
    list += "</CompleteMultipartUpload>";
    net::Attempts attempts(options_.retry);
    while (true) {
      const Answer a = client_.ask({.method = "POST",
                                    .key = key,
                                    .query = {{"uploadId", upload}},
                                    .headers = {{"Content-Type", "application/xml"}},
                                    .body = list,
                                    .expected = {404}});
      const Trouble trouble = read_trouble(a.response);
      if (a.response.status == 200 && trouble.code.empty()) return;
      // An end whose answer was lost is found out by the object itself.
      if (a.response.status == 404 && (a.maybe_twice || attempts.made() > 1) &&
          head(key, crc_header) == notes.back().value)
        return;
      const bool passing = a.response.status == 200;
      if (!passing || !attempts.again())
        throw unavailable(sentence(trouble, "the end of the upload of " + key, client_.place(),
                                   "the usual places"));
    }
  }

  // What is left of an upload costs money; that it cannot be removed is not what went wrong.
  void abort_upload(const std::string& key, const std::string& upload) noexcept {
    try {
      client_.ask(
          {.method = "DELETE", .key = key, .query = {{"uploadId", upload}}, .expected = {404}});
    } catch (...) {
    }
  }

  static std::string escaped(std::string_view etag) {
    std::string result;
    for (const char c : etag) {
      if (c == '<' || c == '&')
        result += c == '<' ? "&lt;" : "&amp;";
      else
        result += c;
    }
    return result;
  }

  Client& client_;
  const S3Options& options_;
};

}  // namespace lambdapack::exec::cloud::s3
