// How objects are moved to and from a server.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "lambdapack/exec/cloud/net/request.hpp"
#include "lambdapack/exec/cloud/net/retry.hpp"
#include "lambdapack/exec/cloud/objects.hpp"

namespace lambdapack::exec::cloud {

/// How an S3Store goes about it.
struct S3Options {
  /// How often a request is sent, and what is waited in between. Whoever uses the store tries
  /// again too.
  RetryPolicy retry{.attempts = 3};
  /// When the server is given up.
  Timeouts timeouts{};
  /// Larger objects are read and written in pieces of this many bytes; S3 wants 5 MiB or more.
  std::int64_t piece_bytes = std::int64_t{16} << 20;
  /// How many pieces of one object are on their way at once.
  int parallel = 4;
  /// An object with more bytes is refused.
  std::int64_t most_bytes = std::int64_t{64} << 30;
  /// Told a sentence when the server cannot do what is wanted and something weaker is done instead;
  /// nothing prints it on the standard error.
  std::function<void(const std::string&)> on_notice{};
};

/// An object's bytes are not those that were stored, as often as it was read.
class corrupt_object : public damaged_object {
 public:
  using damaged_object::damaged_object;
};

}  // namespace lambdapack::exec::cloud
