// S3 as Ceph does it: real signatures, conditions, uploads and listings.
#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "ceph.hpp"
#include "lambdapack/exec/cloud/s3/s3_store.hpp"
#include "support/said.hpp"

namespace s3_ceph_test {

namespace cloud = lambdapack::exec::cloud;
using namespace cloud_net_test;
using Catch::Matchers::Contains;

namespace {

std::string random_bytes(std::size_t n) {
  std::minstd_rand random(7);
  std::string bytes(n, '\0');
  for (char& c : bytes) c = static_cast<char>(random() >> 8);
  return bytes;
}

}  // namespace

TEST_CASE("objects on Ceph", "[servers]") {
  const Ceph ceph;
  cloud::S3Store store(ceph.url("a/run"));
  for (const std::string& key : store.list("")) store.remove(key);

  SECTION("come back as they were stored, whatever their size") {
    for (const std::size_t size : {0U, 1U, 1000U, 3000000U}) {
      const std::string bytes = random_bytes(size);
      store.put("values/1-2_x.tile", bytes);
      CHECK((store.get("values/1-2_x.tile") == bytes));
    }
    CHECK_FALSE(store.get("values/none"));
    CHECK_FALSE(store.get("values/none", 0, 1));
    store.remove("values/1-2_x.tile");
    store.remove("values/1-2_x.tile");
    CHECK_FALSE(store.get("values/1-2_x.tile"));
  }

  SECTION("come back in part") {
    store.put("a", "0123456789");
    CHECK(store.get("a", 2, 3) == "234");
    CHECK(store.get("a", 8, 100) == "89");
    CHECK(store.get("a", 10, 1) == "");
    CHECK(store.get("a", 3, 0) == "");
    store.put("empty", "");
    CHECK(store.get("empty", 0, 5) == "");
  }

  SECTION("move in pieces where they are large") {
    cloud::S3Options options;
    options.piece_bytes = 5 << 20;
    cloud::S3Store pieces(ceph.url("a/run"), options);
    const std::string bytes = random_bytes((std::size_t{12} << 20) + 345);
    pieces.put("large", bytes);
    CHECK((pieces.get("large") == bytes));
    CHECK((store.get("large") == bytes));
    CHECK((pieces.get("large", 5000000, 1000000) == bytes.substr(5000000, 1000000)));
  }

  SECTION("are listed by pages, sorted, and only those of the store") {
    cloud::S3Store other(ceph.url("a/running"));
    other.put("x", "");
    std::vector<std::string> keys;
    for (int k = 0; k < 1003; ++k) keys.push_back("k/" + std::to_string(k));
    std::atomic<std::size_t> next = 0;
    {
      std::vector<std::jthread> writers;
      for (int t = 0; t < 4; ++t)
        writers.emplace_back([&] {
          for (std::size_t k = next++; k < keys.size(); k = next++) store.put(keys[k], "v");
        });
    }
    std::sort(keys.begin(), keys.end());
    CHECK(store.list("k/") == keys);
    CHECK(store.list("k/99").size() == 11);
    CHECK(store.list("none").empty());
    CHECK(cloud::S3Store(ceph.url("")).list("a/run").size() == 1004);
  }

  SECTION("are new for one writer only") {
    std::atomic<int> first = 0;
    for (int round = 0; round < 20; ++round) {
      std::vector<std::jthread> writers;
      for (int t = 0; t < 4; ++t)
        writers.emplace_back([&, t] {
          first += store.put_if_absent("new" + std::to_string(round), std::to_string(t)) ? 1 : 0;
        });
    }
    CHECK(first == 20);
    CHECK(store.list("").size() == 20);
  }

  SECTION("are had without signed bodies too") {
    cloud::S3Store unsigned_bodies(ceph.url("a/run", "&body=unsigned"));
    unsigned_bodies.put("u", random_bytes(100000));
    CHECK((store.get("u") == random_bytes(100000)));
  }
}

TEST_CASE("Ceph's refusals become sentences", "[servers]") {
  Ceph ceph;
  const auto get = [](const std::string& url) {
    return test_support::said<lp::input_error>([&] { cloud::S3Store(url).get("a"); });
  };
  CHECK_THAT(get("s3://nothing?endpoint=" + ceph.endpoint), Contains("there is no bucket nothing"));
  ceph.set("AWS_SECRET_ACCESS_KEY", "hidden-secret");
  CHECK_THAT(get(ceph.url("")), Contains("403 SignatureDoesNotMatch") &&
                                    Contains("does not belong to the access key") &&
                                    !Contains("hidden"));
  ceph.set("AWS_ACCESS_KEY_ID", "NOBODY");
  CHECK_THAT(get(ceph.url("")), Contains("does not know the access key"));
}

}  // namespace s3_ceph_test
