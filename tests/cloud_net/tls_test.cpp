// TLS: a server is believed only if somebody vouches for it.
#include <catch2/catch.hpp>

#include "lambdapack/exec/cloud/net/http.hpp"
#include "service.hpp"
#include "support/folder.hpp"
#include "support/said.hpp"
#include "surroundings.hpp"

namespace tls_test {

namespace cloud = lambdapack::exec::cloud;
namespace net = lambdapack::exec::cloud::net;
using namespace cloud_net_test;
using Catch::Matchers::Contains;

TEST_CASE("a server's certificate is verified") {
  const test_support::Folder folder;
  Surroundings s;
  Service tls("tls-server", {folder.path()});
  net::Http http;
  net::Request request;
  request.origin = "https://localhost:" + tls.word(0);
  CHECK_THAT(test_support::said<cloud::unavailable>([&] { http.send(request); }),
             Contains("AWS_CA_BUNDLE"));
  s.set("AWS_CA_BUNDLE", folder.file("certificate.pem"));
  CHECK(http.send(request).status == 200);
  request.origin = "https://127.0.0.1:" + tls.word(0);
  CHECK_THROWS_AS(http.send(request), cloud::unavailable);
  s.set("AWS_CA_BUNDLE", folder.file("nothing.pem"));
  CHECK_THAT(test_support::said<cloud::unavailable>([&] { net::Http().send(request); }),
             Contains("AWS_CA_BUNDLE"));
}

}  // namespace tls_test
