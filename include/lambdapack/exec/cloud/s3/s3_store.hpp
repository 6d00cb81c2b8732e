// Objects on a server that speaks S3: AWS's own, Ceph's, and others.
#pragma once

#include <cstdio>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lambdapack/exec/cloud/objects.hpp"
#include "lambdapack/exec/cloud/s3/listing.hpp"
#include "lambdapack/exec/cloud/s3/writing.hpp"

namespace lambdapack::exec::cloud {

/// Objects in a bucket. An object is stored with its CRC-32C, and checked when it is read; one of
/// somebody else is checked by its ETag where that is an MD5. Large ones move in pieces, several
/// at once.
class S3Store final : public ObjectStore {
 public:
  /// A store at the place of a URL; see s3::parse_place. Nothing is asked of the server yet.
  explicit S3Store(const std::string& url, S3Options options = {})
      : options_(std::move(options)),
        client_(s3::parse_place(url), options_.retry, options_.timeouts) {}

  std::string describe() const override { return client_.place().describe(); }

  std::optional<std::string> get(const std::string& key) override {
    return s3::Reading(client_, options_).whole(full(key));
  }

  std::optional<std::string> get(const std::string& key, std::int64_t offset,
                                 std::int64_t size) override {
    return s3::Reading(client_, options_).part(full(key), offset, size);
  }

  void put(const std::string& key, std::string_view bytes) override {
    s3::Writing(client_, options_).put(full(key), bytes);
  }

  bool put_if_absent(const std::string& key, std::string_view bytes) override {
    using Outcome = s3::Writing::Outcome;
    s3::Writing writing(client_, options_);
    const std::string name = full(key);
    if (has_conditional_put()) return writing.put_new(name, bytes) == Outcome::written;
    if (s3::Reading(client_, options_).part(name, 0, 1)) return false;
    writing.put(name, bytes);
    return true;
  }

  void remove(const std::string& key) override { s3::Writing(client_, options_).remove(full(key)); }

  std::vector<std::string> list(const std::string& prefix) override {
    std::vector<std::string> keys = s3::list_keys(client_, client_.place().prefix + prefix);
    for (std::string& key : keys) key.erase(0, client_.place().prefix.size());
    return keys;
  }

 private:
  std::string full(const std::string& key) const {
    check_key(key);
    return client_.place().prefix + key;
  }

  // Some servers refuse If-None-Match, and some take no notice of it: an object that is written
  // twice tells, under a name that nobody else uses.
  bool has_conditional_put() {
    const std::lock_guard lock(mutex_);
    if (conditional_) return *conditional_;
    using Outcome = s3::Writing::Outcome;
    s3::Writing writing(client_, options_);
    const std::string probe =
        text({client_.place().prefix, "lambdapack-probe-", s3::unique_name()});
    const bool works = writing.put_new(probe, "probe") == Outcome::written &&
                       writing.put_new(probe, "probe") == Outcome::was_there;
    writing.remove(probe);
    if (!works) notice();
    conditional_ = works;
    return works;
  }

  void notice() const {
    const std::string said = text(
        {"lambdapack: ", describe(),
         " has no conditional PUT (If-None-Match): two workers that store the same new object at "
         "the same moment both take themselves for the first; a server that has it does not need "
         "this warning"});
    if (options_.on_notice)
      options_.on_notice(said);
    else
      std::fprintf(stderr, "%s\n", said.c_str());
  }

  S3Options options_;
  s3::Client client_;
  std::mutex mutex_;
  std::optional<bool> conditional_;
};

}  // namespace lambdapack::exec::cloud
