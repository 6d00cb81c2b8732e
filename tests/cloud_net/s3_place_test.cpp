// URLs of stores.
#include <catch2/catch.hpp>

#include "lambdapack/exec/cloud/s3/s3_store.hpp"
#include "support/folder.hpp"
#include "support/said.hpp"
#include "surroundings.hpp"

namespace s3_place_test {

namespace cloud = lambdapack::exec::cloud;
using cloud::s3::parse_place;
using namespace cloud_net_test;
using Catch::Matchers::Contains;

TEST_CASE("a bucket on AWS is in the host's name, unless it has a dot") {
  const Surroundings none;
  const auto place = parse_place("s3://tiles/a/b/?region=eu-north-1");
  CHECK(place.origin() == "https://tiles.s3.eu-north-1.amazonaws.com");
  CHECK(place.path("k") == "/k");
  CHECK(place.prefix == "a/b/");
  CHECK_FALSE(place.sign_body);
  const auto dotted = parse_place("s3://my.tiles?region=eu-north-1");
  CHECK(dotted.origin() == "https://s3.eu-north-1.amazonaws.com");
  CHECK(dotted.path("k") == "/my.tiles/k");
  CHECK(dotted.path("") == "/my.tiles");
}

TEST_CASE("a bucket on another server is in the path, unless it is told otherwise") {
  const Surroundings none;
  const auto place = parse_place("s3://tiles?endpoint=http://h:8000");
  CHECK(place.origin() == "http://h:8000");
  CHECK(place.path("k") == "/tiles/k");
  CHECK(place.region == "us-east-1");
  CHECK(place.sign_body);
  const auto virtually =
      parse_place("s3://tiles?endpoint=http://h:8000&style=virtual&body=unsigned");
  CHECK(virtually.origin() == "http://tiles.h:8000");
  CHECK_FALSE(virtually.sign_body);
}

TEST_CASE("region and endpoint come from the environment and AWS's files too") {
  const test_support::Folder folder;
  Surroundings s;
  s.set("AWS_CONFIG_FILE", folder.write("config", "[default]\nregion = from-file\n"));
  CHECK(parse_place("s3://tiles").region == "from-file");
  s.set("AWS_REGION", "from-variable");
  CHECK(parse_place("s3://tiles").region == "from-variable");
  CHECK(parse_place("s3://tiles?region=said").region == "said");
  s.set("AWS_ENDPOINT_URL", "http://all:1");
  CHECK(parse_place("s3://tiles").endpoint == "http://all:1");
  s.set("AWS_ENDPOINT_URL_S3", "http://s3:1/");
  CHECK(parse_place("s3://tiles").endpoint == "http://s3:1");
}

TEST_CASE("a URL that names no store is refused with a sentence") {
  const Surroundings none;
  const auto said = [](const std::string& url) {
    return test_support::said<lp::input_error>([&] { cloud::S3Store store(url); });
  };
  CHECK_THAT(said("http://tiles"), Contains("it is not s3://"));
  CHECK_THAT(said("s3://tiles"), Contains("add region=, or set AWS_REGION"));
  CHECK_THAT(said("s3://T?region=r"), Contains("3 to 63 small letters"));
  CHECK_THAT(said("s3://tiles?region=a/b"), Contains("a region's name has letters"));
  CHECK_THAT(said("s3://tiles?region=r&styl=path"), Contains("a setting styl, which there is not"));
  CHECK_THAT(said("s3://tiles?region=r&style=odd"), Contains("style is neither path nor virtual"));
  CHECK_THAT(said("s3://tiles?endpoint=ftp://h"), Contains("neither http nor https"));
  CHECK_THAT(said("s3://tiles?endpoint=http://h/path"), Contains("more, or less, than"));
  CHECK_THAT(said("s3://tiles/a//b?region=r"), Contains("cannot be the key of an object"));
  CHECK_THAT(said("s3://key:hidden@tiles?region=r"),
             Contains("credentials are only taken from the environment") && !Contains("hidden"));
}

TEST_CASE("keys that not every store takes are refused") {
  const Surroundings none;
  cloud::S3Store store("s3://tiles?region=r");
  for (const char* key : {"", "/a", "a//b", "../a", "a b", "a?b", "a\nb"}) {
    CHECK_THROWS_AS(store.get(key), lp::input_error);
    CHECK_THROWS_AS(store.put(key, ""), lp::input_error);
    CHECK_THROWS_AS(store.put_if_absent(key, ""), lp::input_error);
    CHECK_THROWS_AS(store.remove(key), lp::input_error);
    CHECK_THROWS_AS(store.get(key, 0, 1), lp::input_error);
  }
  CHECK_THROWS_AS(store.get("a", -1, 1), lp::input_error);
}

}  // namespace s3_place_test
