// Whole runs on servers: values on Ceph, state in Redis, and workers of three kinds. Results are
// those of lp::threads, to the bit.
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <future>
#include <lambdapack/algorithm/cholesky.hpp>
#include <lambdapack/cloud.hpp>
#include <lambdapack/exec/cloud/redis/connection.hpp>
#include <lambdapack/exec/cloud/redis/place.hpp>
#include <lambdapack/exec/cloud/s3/s3_store.hpp>
#include <lambdapack/lambdapack.hpp>
#include <string>
#include <thread>

#include "ceph.hpp"
#include "node_servers.hpp"
#include "small_lambda.hpp"
#include "small_s3.hpp"
#include "support/folder.hpp"

namespace servers_test {

namespace {

using namespace cloud_net_test;
using Catch::Matchers::Contains;

constexpr char token[] = "a-token-of-the-tests";

const auto copy_tile =
    lp::make_kernel("copy_tile", [](lp::inout<double> to, lp::in<double> from) { *to = *from; });

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
  std::string queue = "redis://127.0.0.1:" + redis.word(0);

  lp::cloud executor(const std::string& starter) const {
    return {.workers = 2,
            .store = ceph.url("e2e"),
            .queue = queue,
            .starter = starter,
            .idle = std::chrono::milliseconds(500),
            .keep = false};
  }
  /// Of the runs whose state Redis has.
  std::int64_t finished_tasks() const {
    lp::exec::cloud::redis::Connections connections(
        lp::exec::cloud::redis::parse_place("redis://127.0.0.1:" + redis.word(0)));
    const auto runs = connections.command({"KEYS", "lambdapack:*:run"});
    std::int64_t finished = 0;
    for (std::size_t k = 0; k < runs.size(); ++k) {
      const auto reply = connections.command({"HGET", runs[k].text(), "finished"});
      if (!reply.is_nothing()) finished += std::stoll(std::string(reply.text()));
    }
    return finished;
  }
  void check(const std::string& starter, std::int64_t n = 100) const {
    auto expected = positive(n, 16), L = expected;
    lp::cholesky(expected, lp::threads{1});
    const auto report = lp::cholesky(L, executor(starter));
    const std::int64_t t = (n + 15) / 16;
    CHECK(report.tasks == t * (t + 1) * (t + 2) / 6);
    const auto x = expected.to_dense(), y = L.to_dense();
    CHECK(std::memcmp(x.data(), y.data(), x.size() * sizeof(double)) == 0);
    CHECK(lp::exec::cloud::S3Store(ceph.url("e2e")).list("").empty());
  }
};

/// Tells another thread when this one is done, whatever happens.
struct Over {
  std::atomic<bool>& flag;
  ~Over() { flag = true; }
};

/// This program, as tools/package-lambda packs it.
struct Package {
  test_support::Folder folder;

  Package() {
    const std::string program = std::filesystem::read_symlink("/proc/self/exe");
    const std::string line = "'" LAMBDAPACK_SOURCE_DIR "/tools/package-lambda' '" + program +
                             "' '" + folder.file("worker") + "'";
    REQUIRE(std::system(line.c_str()) == 0);
  }
  std::string bootstrap() const { return folder.file("worker") + "/bootstrap"; }
};

}  // namespace

TEST_CASE("cholesky on Ceph and Redis") {
  Servers servers;

  SECTION("by processes") { servers.check("processes"); }

  SECTION("by processes, of a matrix that is in S3 and stays there") {
    const auto A = positive(100, 16);
    auto expected = A;
    lp::cholesky(expected, lp::threads{1});
    lp::exec::cloud::S3Store store(servers.ceph.url("e2e"));
    const test_support::Folder folder;
    lp::write_zarr(folder.file("A"), A);
    for (const auto& file : std::filesystem::directory_iterator(folder.file("A")))
      store.put("data/" + file.path().filename().string(),
                folder.read("A/" + file.path().filename().string()));
    auto executor = servers.executor("processes");
    executor.keep = true;
    executor.run = "in-place";
    auto there = lp::stored<double>(servers.ceph.url("e2e"), "data");
    lp::cholesky(there, executor);
    lp::TiledMatrix<double> L(100, 100, 16);
    lp::run(
        lp::threads{1},
        [](lp::In<double, 2> from, lp::InOut<double, 2> to) {
          for (auto i : lp::range(from.extent(0)))
            for (auto j : lp::range(from.extent(1))) to(i, j) = copy_tile(to(i, j), from(i, j));
        },
        lp::stored<double>(servers.ceph.url("e2e"), "runs/in-place/arrays/A"), L);
    const auto x = expected.to_dense(), y = L.to_dense();
    CHECK(std::memcmp(x.data(), y.data(), x.size() * sizeof(double)) == 0);

    // By threads, which leave their result beside it.
    auto streamed = there.into("streamed");
    lp::cholesky(streamed, lp::threads{.workers = 2, .memory = std::int64_t{1} << 30});
    for (const std::string& key : store.list("streamed/"))
      if (!key.ends_with(".zarray"))
        CHECK(store.get(key) ==
              store.get("runs/in-place/arrays/A/" + key.substr(std::string("streamed/").size())));
    CHECK(store.list("streamed/").size() == 7 * 7 + 1);
    for (const std::string& key : store.list("")) store.remove(key);
  }

  SECTION("by processes, while Redis is killed and comes back") {
    std::atomic<bool> is_over = false;
    auto kills = std::async(std::launch::async, [&] {
      int made = 0;
      for (const std::int64_t tasks : {100, 300}) {
        while (!is_over && servers.finished_tasks() < tasks)
          std::this_thread::sleep_for(std::chrono::milliseconds(50));
        if (is_over) break;
        servers.redis.tell("stop");
        servers.redis.tell("start");
        ++made;
      }
      return made;
    });
    {
      const Over over{is_over};
      servers.check("processes", 260);
    }
    CHECK(kills.get() > 0);
  }

#ifdef LAMBDAPACK_TEST_NODE
  SECTION("by processes, with the queue in SQS") {
    if (!has_node_servers()) return;
    Service sqs("sqs", {LAMBDAPACK_TEST_NODE});
    servers.queue =
        "sqs://tiles?state=" + servers.queue + "&endpoint=http://127.0.0.1:" + sqs.word(0);
    servers.check("processes");
  }
#endif

  SECTION("by functions of Lambda") {
    SmallLambda lambda(2);
    servers.check(lambda.starter());
    CHECK(lambda.errors() == "");
  }

  SECTION("by the package that is deployed to Lambda") {
    const Package package;
    SmallLambda lambda(2, package.bootstrap());
    servers.check(lambda.starter());
    CHECK(lambda.errors() == "");
  }

#ifdef LAMBDAPACK_TEST_NODE
  SECTION("by the package, in @vercel/fun, which freezes instances between two calls") {
    if (!has_node_servers()) return;
    const Package package;
    Service fun("fun", {LAMBDAPACK_TEST_NODE, package.folder.file("worker")});
    servers.check("lambda:tiles?region=test-1&endpoint=http://127.0.0.1:" + fun.word(0));
    servers.check("lambda:tiles?region=test-1&endpoint=http://127.0.0.1:" + fun.word(0));
    fun.tell("failures");
    CHECK(fun.word(0) == "0");
  }
#endif

  SECTION("by a function behind HTTP") {
    servers.ceph.set("LAMBDAPACK_WORKER_TOKEN", token);
    const test_support::Folder folder;
    const std::string said = "lambdapack: worker listens on port ";
    Child worker({{"PORT", "0"}}, "/proc/self/exe", folder.file("said"));
    std::string line;
    while (!line.ends_with('\n') && worker.is_alive()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      line = folder.has("said") ? folder.read("said") : "";
    }
    INFO(line);
    REQUIRE(worker.is_alive());
    REQUIRE(line.starts_with(said));
    servers.check("http://127.0.0.1:" + std::to_string(std::stoi(line.substr(said.size()))));
    const int status = worker.end(SIGTERM);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
  }
}

TEST_CASE("values that rot in S3 are computed again") {
  Surroundings s;
  s.credentials("KEY", "secret");
  const test_support::Folder folder;
  // How often each was stored: they rot the first time.
  std::map<std::string, int> rotten;
  int read = 0;
  SmallS3 s3({}, [&](const Asked& asked, int, Answer& a) {
    const std::string key = asked.path();
    if (asked.method == "PUT" && key.find("/values/") != std::string::npos &&
        (rotten.size() < 5 || rotten.contains(key)))
      ++rotten[key];
    const auto at = rotten.find(key);
    if (asked.method != "GET" || at == rotten.end() || at->second > 1 || a.body.empty()) return;
    a.body.back() = static_cast<char>(a.body.back() ^ 1);
    ++read;
  });
  s3.page = 1000;
  auto expected = positive(130, 16), L = expected;
  lp::cholesky(expected, lp::threads{1});
  lp::cholesky(L, lp::cloud{.workers = 2,
                            .store = s3.url("rot"),
                            .queue = "sqlite:" + folder.file("ledgers"),
                            .cache_bytes = 1,
                            .keep = false});
  const auto x = expected.to_dense(), y = L.to_dense();
  CHECK(std::memcmp(x.data(), y.data(), x.size() * sizeof(double)) == 0);
  CHECK(read > 0);
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

TEST_CASE("a program that takes no calls is not packed") {
  const test_support::Folder folder;
  const auto run = [&](const std::string& arguments) {
    const std::string line = "'" LAMBDAPACK_SOURCE_DIR "/tools/package-lambda' " + arguments +
                             " > '" + folder.file("said") + "' 2>&1";
    return WEXITSTATUS(std::system(line.c_str())) == 0 ? "" : folder.read("said");
  };
  CHECK_THAT(run("/bin/true '" + folder.file("a.zip") + "'"),
             Contains("does not take calls of Lambda") && Contains("lp::cloud::is_worker()"));
  CHECK_FALSE(folder.has("a.zip"));
  CHECK_THAT(run("/nonexistent '" + folder.file("a.zip") + "'"), Contains("build it first"));
  CHECK_THAT(run("/bin/true '" + folder.path() + "'"), Contains("is there already"));
}

}  // namespace servers_test
