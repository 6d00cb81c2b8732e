// Ceph, for tests that need a real S3.
#pragma once

#include <string>

#include "lambdapack/exec/cloud/s3/client.hpp"
#include "service.hpp"
#include "surroundings.hpp"

namespace cloud_net_test {

/// Ceph with the bucket `tiles`, and an environment with the keys to it.
struct Ceph : Surroundings {
  Service& service = started();
  std::string endpoint = "http://127.0.0.1:" + service.word(0);

  Ceph() {
    credentials("TILESACCESSKEY", "TILESSECRETKEY0123456789");
    lambdapack::exec::cloud::s3::Client client(lambdapack::exec::cloud::s3::parse_place(url("")),
                                               {}, {});
    client.ask({.method = "PUT"});
  }
  // It takes seconds, and serves all of a program's tests.
  static Service& started() {
    static Service service("ceph");
    return service;
  }
  std::string url(const std::string& prefix, const std::string& more = "") const {
    return "s3://tiles/" + prefix + "?endpoint=" + endpoint + more;
  }
};

}  // namespace cloud_net_test
