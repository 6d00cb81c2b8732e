// What there is beyond this machine: stores, ledgers, and ways to start and to call workers.
#pragma once

#include <memory>
#include <string>

#include "lambdapack/exec/cloud/function/http_front_end.hpp"
#include "lambdapack/exec/cloud/function/http_starter.hpp"
#include "lambdapack/exec/cloud/function/lambda_runtime.hpp"
#include "lambdapack/exec/cloud/function/lambda_starter.hpp"
#include "lambdapack/exec/cloud/redis/redis_ledger.hpp"
#include "lambdapack/exec/cloud/s3/s3_store.hpp"
#include "lambdapack/exec/cloud/sqs/sqs_ledger.hpp"
#include "lambdapack/exec/cloud/transports.hpp"

namespace lambdapack::exec::cloud {

/// Adds s3://, redis://, sqs://, lambda:, http:// and https:// to what this process knows.
inline void add_servers() {
  Transports& transports = Transports::all();
  transports.stores["s3"] = [](const std::string& url) { return std::make_shared<S3Store>(url); };
  transports.ledgers["redis"] = [](const std::string& url, const Keys& keys, bool) {
    return std::make_shared<RedisLedger>(url, keys.run());
  };
  transports.ledgers["sqs"] = [](const std::string& url, const Keys& keys, bool) {
    return std::make_shared<SqsLedger>(url, keys.run());
  };
  starters()["lambda"] = [](const std::string& url) {
    return std::make_unique<LambdaStarter>(url);
  };
  for (const char* scheme : {"http", "https"})
    starters()[scheme] = [](const std::string& url) { return std::make_unique<HttpStarter>(url); };
  front_ends().push_back(lambda_front_end());
  front_ends().push_back(http_front_end());
}

}  // namespace lambdapack::exec::cloud
