// URLs, taken apart.
#include <catch2/catch.hpp>

#include "lambdapack/exec/cloud/net/url.hpp"
#include "support/said.hpp"

namespace url_test {

namespace net = lambdapack::exec::cloud::net;
using Catch::Matchers::Contains;

TEST_CASE("the parts of a URL") {
  const net::Url url =
      net::parse_url("redis://Al:p%40ss@Host.Example:6380/3?a=b%20c&flag&x=1=2#rest");
  CHECK(url.scheme == "redis");
  CHECK(url.user == "Al");
  CHECK(url.password == "p@ss");
  CHECK(url.host == "host.example");
  CHECK(url.port == 6380);
  CHECK(url.path == "/3");
  CHECK(url.query == std::map<std::string, std::string>{{"a", "b c"}, {"flag", ""}, {"x", "1=2"}});
}

TEST_CASE("an origin leaves out the port that goes without saying") {
  CHECK(net::parse_url("http://h:80/").origin() == "http://h");
  CHECK(net::parse_url("https://h:443").origin() == "https://h");
  CHECK(net::parse_url("http://h:443").origin() == "http://h:443");
  CHECK(net::parse_url("http://[::1]:9/x").origin() == "http://[::1]:9");
}

TEST_CASE("a URL that is none is refused, without its password") {
  const auto said = [](const char* url) {
    return test_support::said<lp::input_error>([&] { net::parse_url(url); });
  };
  CHECK_THAT(said("bucket/key"), Contains("it has no scheme") && Contains("expected is scheme://"));
  CHECK_THAT(said("http://h:70000/"), Contains("its port is not a number between 1 and 65535"));
  CHECK_THAT(said("http://h/%zz"), Contains("% is not followed by two hexadecimal digits"));
  CHECK_THAT(said("http://h/a%0Ab"), Contains("control character"));
  const std::string secret = said("redis://me:hidden@h:x/");
  CHECK_THAT(secret, Contains("redis://...@h:x/"));
  CHECK_THAT(secret, !Contains("hidden"));
}

}  // namespace url_test
