// Whole runs on servers: values on Ceph, state in Redis, and workers of three kinds. Results are
// those of lp::threads, to the bit.
#include <catch2/catch.hpp>
#include <chrono>
#include <lambdapack/algorithm/cholesky.hpp>
#include <lambdapack/cloud.hpp>
#include <lambdapack/exec/cloud/s3/s3_store.hpp>
#include <lambdapack/lambdapack.hpp>
#include <string>
#include <thread>

#include "ceph.hpp"
#include "small_lambda.hpp"

namespace {

using namespace cloud_net_test;
using Catch::Matchers::Contains;

constexpr char token[] = "a-token-of-the-tests";

/// A symmetric matrix that is positive definite.
lp::TiledMatrix<double> positive(std::int64_t n, std::int64_t tile) {
  lp::TiledMatrix<double> a(n, n, tile);
  for (std::int64_t j = 0; j < n; ++j)
    for (std::int64_t i = 0; i < n; ++i)
      a(i, j) = i == j ? static_cast<double>(n) : 1.0 / static_cast<double>(i + j + 1);
  return a;
}

struct Servers {
  Ceph ceph;
  Service redis{"redis"};

  lp::cloud executor(const std::string& starter) const {
    return {.workers = 2,
            .store = ceph.url("e2e"),
            .queue = "redis://127.0.0.1:" + redis.word(0),
            .starter = starter,
            .idle = std::chrono::milliseconds(500),
            .keep = false};
  }
  void check(const std::string& starter) const {
    auto expected = positive(100, 16), L = expected;
    lp::cholesky(expected, lp::threads{1});
    const auto report = lp::cholesky(L, executor(starter));
    CHECK(report.tasks == 84);
    const auto x = expected.to_dense(), y = L.to_dense();
    CHECK(std::memcmp(x.data(), y.data(), x.size() * sizeof(double)) == 0);
    CHECK(lp::exec::cloud::S3Store(ceph.url("e2e")).list("").empty());
  }
};

}  // namespace

TEST_CASE("cholesky on Ceph and Redis") {
  Servers servers;

  SECTION("by processes") { servers.check("processes"); }

  SECTION("by functions of Lambda") {
    SmallLambda lambda(2);
    servers.check(lambda.starter());
    CHECK(lambda.errors() == "");
  }

  SECTION("by a function behind HTTP") {
    servers.ceph.set("LAMBDAPACK_WORKER_TOKEN", token);
    const int port = [] {
      Server free([](const Asked&) { return Answer{}; });
      return free.port();
    }();
    Child worker({{"PORT", std::to_string(port)}});
    lp::exec::cloud::net::Http http;
    lp::exec::cloud::net::Request request;
    request.origin = "http://127.0.0.1:" + std::to_string(port);
    for (bool there = false; !there;) try {
        there = http.send(request).status == 200;
      } catch (const lp::exec::cloud::unavailable&) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      }
    servers.check("http://127.0.0.1:" + std::to_string(port));
    const int status = worker.end(SIGTERM);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
  }
}

TEST_CASE("servers that are not there end a run with a sentence") {
  Surroundings s;
  s.credentials("KEY", "hidden-secret");
  auto A = positive(16, 16);
  const auto said = [&](const std::string& store, const std::string& queue) {
    try {
      lp::cholesky(A, lp::cloud{.workers = 1, .store = store, .queue = queue});
    } catch (const lp::error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  const std::string dead = "127.0.0.1:1";
  CHECK_THAT(said("s3://tiles?endpoint=http://" + dead, "redis://" + dead),
             Contains("check that the server runs") && !Contains("hidden"));
  CHECK_THAT(said("s4://tiles", "redis://" + dead), Contains("s3://..."));
}
