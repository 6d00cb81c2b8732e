// Runs in one line.
#include <catch2/catch.hpp>
#include <lambdapack/cloud.hpp>
#include <lambdapack/exec/cloud/transports.hpp>
#include <lambdapack/exec/cloud/url.hpp>
#include <string>

#include "support/folder.hpp"

namespace url_test {

namespace {
namespace cloud = lp::exec::cloud;
using Catch::Contains;
}  // namespace

TEST_CASE("a URL says what lp::cloud is to do") {
  const lp::cloud c = lp::cloud::at(
      "cloud://?store=/tmp/a%20b&queue=sqlite:/tmp/"
      "q&workers=3&cores=2&lease=1500&scaling=0.5&stragglers=0.9&"
      "run=r1&idle=7&keep=0");
  CHECK(c.store == "/tmp/a b");
  CHECK(c.queue == "sqlite:/tmp/q");
  CHECK(c.workers == 3);
  CHECK(c.cores == 2);
  CHECK(c.lease == std::chrono::milliseconds(1500));
  CHECK(c.scaling == 0.5);
  CHECK(c.stragglers == 0.9);
  CHECK(c.run == "r1");
  CHECK_FALSE(c.keep);
  CHECK(lp::cloud::at("cloud://").workers == 0);
  CHECK(lp::cloud::at("cloud://?workers=none").starter == "none");
}

TEST_CASE("a URL comes back from its text") {
  cloud::Url url;
  url.set("store", "/a b/%&=ä+").set("workers", 12);
  const cloud::Url back(url.text_form());
  CHECK(back.get("store") == "/a b/%&=ä+");
  CHECK(back.integer("workers", 0) == 12);
}

TEST_CASE("URLs that say nothing sensible are refused") {
  const auto refused = [](const std::string& url, const std::string& why) {
    CAPTURE(url);
    CHECK_THROWS_WITH(lp::cloud::at(url), Contains("lambdapack: ") && Contains(why));
    CHECK_THROWS_AS(lp::cloud::at(url), lp::input_error);
  };
  refused("cloud:/x", "does not begin with cloud://");
  refused("cloud://x", "no '?'");
  refused("cloud://?store", "\"store\" is not NAME=VALUE");
  refused("cloud://?=x", "is not NAME=VALUE");
  refused("cloud://?store=%4", "two hexadecimal digits");
  refused("cloud://?store=%zz", "two hexadecimal digits");
  refused("cloud://?shop=x", "has no shop");
  refused("cloud://?lease=0", "expected an integer of at least 1");
  refused("cloud://?lease=5s", "expected an integer");
  refused("cloud://?scaling=much", "expected a number from 0 on");
  refused("cloud://?scaling=0", "expected a number above 0");
  refused("cloud://?stragglers=-1", "expected a number from 0 on");
}

TEST_CASE("stores and queues of an unknown kind are refused with those that are known") {
  const cloud::Keys keys("r");
  CHECK_THROWS_WITH(cloud::open_store("gopher://x"), Contains("expected a directory"));
  CHECK_THROWS_WITH(cloud::open_store(""), Contains("is empty"));
  CHECK_THROWS_WITH(cloud::open_ledger("gopher://x", keys, false),
                    Contains("expected sqlite:DIRECTORY"));
  CHECK_THROWS_WITH(cloud::open_ledger("/tmp", keys, false), Contains("sqlite:DIRECTORY"));
  CHECK_THROWS_WITH(cloud::Keys("a/b"), Contains("cannot be the name of a run"));
  CHECK_THROWS_WITH(cloud::Keys(".."), Contains("cannot be the name of a run"));
}

}  // namespace url_test
