// Objects, read whole and checked, or in part.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "lambdapack/exec/cloud/s3/client.hpp"
#include "lambdapack/exec/cloud/s3/options.hpp"
#include "lambdapack/exec/cloud/s3/parallel.hpp"

namespace lambdapack::exec::cloud::s3 {

/// The header in which an object's CRC-32C is kept, as 8 hexadecimal digits.
inline constexpr char crc_header[] = "x-amz-meta-lambdapack-crc32c";

/// A CRC-32C as it is in that header.
inline std::string crc_text(std::string_view bytes) {
  const std::uint32_t crc = net::crc32c(bytes);
  const char big_endian[] = {static_cast<char>(crc >> 24), static_cast<char>(crc >> 16),
                             static_cast<char>(crc >> 8), static_cast<char>(crc)};
  return net::hex({big_endian, 4});
}

namespace detail {

/// "bytes 0-99/1234": where a part of an object begins, and how long the object is.
struct ContentRange {
  std::int64_t begin = 0;
  std::int64_t total = 0;
};

inline std::optional<ContentRange> read_content_range(const std::string& header) {
  ContentRange range;
  std::int64_t last = 0;
  const char* at = header.data();
  const char* const end = at + header.size();
  for (const auto& [before, number] :
       {std::pair<std::string_view, std::int64_t*>{"bytes ", &range.begin},
        {"-", &last},
        {"/", &range.total}}) {
    if (!std::string_view(at, end).starts_with(before)) return std::nullopt;
    const auto [stop, error] = std::from_chars(at + before.size(), end, *number);
    if (error != std::errc() || *number < 0) return std::nullopt;
    at = stop;
  }
  if (at != end || last < range.begin || last >= range.total) return std::nullopt;
  return range;
}

inline std::string range_header(std::int64_t begin, std::int64_t size) {
  return text({"bytes=", begin, "-", begin + size - 1});
}

}  // namespace detail

/// Reads objects of one bucket.
class Reading {
 public:
  Reading(Client& client, const S3Options& options) : client_(client), options_(options) {}

  /// The object with its bytes checked against what was noted when it was stored. A wrong one is
  /// read again; one that stays wrong is a corrupt_object.
  std::optional<std::string> whole(const std::string& key) {
    net::Attempts attempts(options_.retry);
    for (std::string before;;) {
      std::optional<Found> found = fetch(key);
      if (!found) return std::nullopt;
      if (!found->torn) {
        const std::string fault = fault_of(*found);
        if (fault.empty()) return std::move(found->bytes);
        // An ETag may be something else than an MD5; the same bytes twice then are the object.
        if (!found->crc && found->bytes == before) return std::move(found->bytes);
        before = std::move(found->bytes);
        if (!attempts.again()) corrupt(key, fault, attempts.made());
      } else if (!attempts.again()) {
        throw unavailable(text({"lambdapack: ", key, " in ", client_.place().describe(),
                                " changes while it is read, or comes in part (tried ",
                                attempts.made(), " times); read it when nobody writes it"}));
      }
    }
  }

  /// A part of it, which cannot be checked but for its size.
  std::optional<std::string> part(const std::string& key, std::int64_t offset, std::int64_t size) {
    if (offset < 0 || size < 0)
      throw input_error(text({"lambdapack: bytes ", offset, " to ", offset, " + ", size, " of ",
                              key, " are asked for; expected offset and size from 0 on"}));
    if (size == 0 || size > options_.most_bytes) return clipped(key, offset, size);
    for (net::Attempts attempts(options_.retry);;) {
      const Answer a = client_.ask({.key = key,
                                    .headers = {{"Range", detail::range_header(offset, size)}},
                                    .expected = {404, 416},
                                    .most_bytes = options_.most_bytes});
      if (a.response.status == 404) return std::nullopt;
      if (a.response.status == 416) return "";
      if (a.response.status == 200) return cut(a.response.body, offset, size);
      const auto range = detail::read_content_range(a.response.header("Content-Range"));
      if (!range || range->begin != offset) strange(key, a.response);
      if (std::ssize(a.response.body) == std::min(size, range->total - offset))
        return a.response.body;
      if (!attempts.again())
        throw unavailable(text({"lambdapack: ", a.response.body.size(), " bytes of ", key, " in ",
                                client_.place().describe(), " came where ", size,
                                " were asked for from ", offset, " on (tried ", attempts.made(),
                                " times); check what is between here and the server"}));
    }
  }

 private:
  struct Found {
    std::string bytes{};
    std::string etag{};
    std::optional<std::string> crc{};
    bool torn = false;  ///< pieces are of different versions, or not whole
  };

  std::optional<Found> fetch(const std::string& key) {
    const std::int64_t piece = options_.piece_bytes;
    const Answer first = client_.ask({.key = key,
                                      .headers = {{"Range", detail::range_header(0, piece)}},
                                      .expected = {404, 416},
                                      .most_bytes = options_.most_bytes});
    const net::Response& r = first.response;
    if (r.status == 404) return std::nullopt;
    if (r.status == 416) return fetch_empty(key);
    Found found{{}, r.header("ETag"), net::find(r.headers, crc_header)};
    const auto range = detail::read_content_range(r.header("Content-Range"));
    if (r.status == 200 || (range && range->begin == 0 && range->total == std::ssize(r.body))) {
      found.bytes = r.body;
      return found;
    }
    if (!range || range->begin != 0) strange(key, r);
    found.torn = std::ssize(r.body) != std::min(piece, range->total);
    if (found.torn) return found;
    if (range->total > options_.most_bytes)
      throw input_error(
          text({"lambdapack: ", key, " in ", client_.place().describe(), " has ", range->total,
                " bytes; at most ", options_.most_bytes, " are read (S3Options::most_bytes)"}));
    found.bytes.resize(static_cast<std::size_t>(range->total));
    std::copy(r.body.begin(), r.body.end(), found.bytes.begin());
    fetch_rest(key, found);
    return found;
  }

  // Of an object without bytes no range can be had.
  std::optional<Found> fetch_empty(const std::string& key) {
    const Answer a =
        client_.ask({.key = key, .expected = {404}, .most_bytes = options_.most_bytes});
    if (a.response.status == 404) return std::nullopt;
    return Found{a.response.body, a.response.header("ETag"),
                 net::find(a.response.headers, crc_header)};
  }

  void fetch_rest(const std::string& key, Found& found) {
    const std::int64_t piece = options_.piece_bytes, total = std::ssize(found.bytes);
    std::atomic<bool> torn = false;
    for_each_piece((total - 1) / piece, options_.parallel, [&](std::int64_t k) {
      const std::int64_t begin = (k + 1) * piece, size = std::min(piece, total - begin);
      const Answer a = client_.ask({.key = key,
                                    .headers = {{"Range", detail::range_header(begin, size)}},
                                    .expected = {404, 416},
                                    .most_bytes = size});
      const auto range = detail::read_content_range(a.response.header("Content-Range"));
      const bool same = a.response.status == 206 && range && range->begin == begin &&
                        range->total == total && std::ssize(a.response.body) == size &&
                        a.response.header("ETag") == found.etag;
      if (same)
        std::memcpy(found.bytes.data() + begin, a.response.body.data(), a.response.body.size());
      else
        torn = true;
    });
    found.torn = torn;
  }

  /// What is wrong with an object's bytes; empty if nothing is.
  static std::string fault_of(const Found& found) {
    if (found.crc) {
      const std::string crc = crc_text(found.bytes);
      if (crc == *found.crc) return "";
      return text({"its CRC-32C is ", crc, " where ", net::printable(*found.crc, 20),
                   " was noted when it was stored"});
    }
    std::string etag = found.etag;
    std::erase(etag, '"');
    if (etag.size() != 32) return "";
    return etag == net::hex(net::md5(found.bytes)) ? "" : "its MD5 is not its ETag";
  }

  [[noreturn]] void corrupt(const std::string& key, const std::string& fault, int attempts) {
    throw corrupt_object(text({"lambdapack: the object ", key, " in ", client_.place().describe(),
                               " is corrupt: ", fault, " (read ", attempts,
                               " times); remove it, and what wrote it will be run again"}));
  }

  [[noreturn]] void strange(const std::string& key, const net::Response& r) {
    throw run_error(
        text({"lambdapack: GET ", key, " in ", client_.place().describe(), ": the server answers ",
              r.status, " with ", r.body.size(), " bytes and Content-Range \"",
              net::printable(r.header("Content-Range"), 60),
              "\", which is not what was asked for; check that the endpoint speaks "
              "S3"}));
  }

  std::optional<std::string> clipped(const std::string& key, std::int64_t offset,
                                     std::int64_t size) {
    std::optional<std::string> all = whole(key);
    if (!all) return std::nullopt;
    return cut(*all, offset, size);
  }

  static std::string cut(const std::string& all, std::int64_t offset, std::int64_t size) {
    if (offset >= std::ssize(all)) return "";
    return all.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(size));
  }

  Client& client_;
  const S3Options& options_;
};

}  // namespace lambdapack::exec::cloud::s3
