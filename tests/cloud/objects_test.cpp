// Objects in a directory, their keys, and tiles as objects.
#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <lambdapack/exec/cloud/directory_objects.hpp>
#include <lambdapack/exec/cloud/encoding.hpp>
#include <lambdapack/exec/cloud/metered_objects.hpp>
#include <lambdapack/exec/cloud/tile_cache.hpp>
#include <lambdapack/lambdapack.hpp>
#include <string>
#include <thread>
#include <vector>

#include "support/folder.hpp"

namespace objects_test {

namespace {

namespace cloud = lp::exec::cloud;
using Catch::Contains;
using test_support::Folder;

}  // namespace

TEST_CASE("an object is what was put last") {
  const Folder folder;
  const cloud::Sync sync = GENERATE(cloud::Sync::no, cloud::Sync::yes);
  cloud::DirectoryObjects objects(folder.file("store"), sync);
  CHECK_FALSE(objects.get("a/b"));
  objects.put("a/b", "one");
  objects.put("a/b", std::string("two\0three", 9));
  CHECK(objects.get("a/b") == std::string("two\0three", 9));
  CHECK(objects.get("a/b", 4, 3) == "thr");
  CHECK(objects.get("a/b", 4, 100) == "three");
  CHECK(objects.get("a/b", 100, 1) == "");
  CHECK_FALSE(objects.put_if_absent("a/b", "four"));
  CHECK(objects.put_if_absent("a/c", ""));
  CHECK(objects.get("a/c") == "");
  CHECK_FALSE(objects.get("a"));
  CHECK_FALSE(objects.get("a/b/c"));
}

TEST_CASE("objects are listed by prefix, in order, and leave nothing when they go") {
  const Folder folder;
  cloud::DirectoryObjects objects(folder.file("store"));
  for (const char* key : {"runs/b/2", "runs/a/10", "runs/a/1", "runs/ab", "other"})
    objects.put(key, key);
  CHECK(objects.list("runs/a") == std::vector<std::string>{"runs/a/1", "runs/a/10", "runs/ab"});
  CHECK(objects.list("runs/a/") == std::vector<std::string>{"runs/a/1", "runs/a/10"});
  CHECK(objects.list("none/").empty());
  CHECK(objects.list("").size() == 5);
  for (const std::string& key : objects.list("")) objects.remove(key);
  objects.remove("runs/a/1");
  CHECK(std::filesystem::is_empty(folder.file("store")));
}

TEST_CASE("folders that come and go take nothing else from a list") {
  const Folder folder;
  cloud::DirectoryObjects objects(folder.file("store"));
  for (int k = 0; k < 20; ++k) objects.put("a" + std::to_string(k) + "/stays", "");
  std::jthread other([&](const std::stop_token& over) {
    while (!over.stop_requested())
      for (const char* key : {"a3/b/c", "b/c", "a15/d"}) {
        objects.put(key, "");
        objects.remove(key);
      }
  });
  for (int times = 0; times < 1000; ++times) {
    const auto keys = objects.list("");
    CHECK(std::count_if(keys.begin(), keys.end(),
                        [](const std::string& key) { return key.ends_with("/stays"); }) == 20);
  }
}

TEST_CASE("of many that put an object if it is absent one does") {
  const Folder folder;
  cloud::DirectoryObjects objects(folder.file("store"));
  for (int round = 0; round < 50; ++round) {
    const std::string key = "directory/" + std::to_string(round);
    std::atomic<int> winners{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&, t] {
        if (objects.put_if_absent(key, std::to_string(t))) ++winners;
        if (t == 0) objects.remove("directory/" + std::to_string(round - 1));
      });
    for (std::thread& t : threads) t.join();
    CHECK(winners == 1);
  }
}

TEST_CASE("keys that some store cannot have are refused") {
  const Folder folder;
  cloud::DirectoryObjects objects(folder.file("store"));
  for (const std::string key :
       {"", "/a", "a/", "a//b", "../a", "a/../b", "a/./b", "a b", "a\nb", "a%2e", "ä", "..a"}) {
    CAPTURE(key);
    CHECK_THROWS_WITH(objects.put(key, "x"), Contains("cannot be the key of an object"));
    CHECK_THROWS_AS(objects.get(key), lp::input_error);
    CHECK_THROWS_AS(objects.remove(key), lp::input_error);
  }
  CHECK_THROWS_AS(objects.put(std::string(901, 'a'), "x"), lp::input_error);
  objects.put("A-z_0.9/.zarray", "x");
}

TEST_CASE("a store where there is a file is refused with its path") {
  const Folder folder;
  folder.write("file", "x");
  CHECK_THROWS_WITH(cloud::DirectoryObjects(folder.file("file")),
                    Contains("file") && Contains("cannot look into") && Contains("ot a directory"));
}

TEST_CASE("a directory that is only read is not made") {
  const Folder folder;
  cloud::DirectoryObjects objects(folder.file("deep/store"));
  CHECK_FALSE(objects.get("a/b"));
  CHECK(objects.list("").empty());
  objects.remove("a/b");
  CHECK_FALSE(folder.has("deep"));
  const std::string before = objects.describe();
  objects.put("a/b", "x");
  CHECK(objects.get("a/b") == "x");
  CHECK(cloud::DirectoryObjects(folder.file("deep/store/")).describe() == before);
  CHECK_THROWS_WITH(cloud::DirectoryObjects("/proc/nowhere").put("a", "x"),
                    Contains("cannot make the directory /proc/nowhere"));
}

TEST_CASE("calls are repeated while the store is unavailable, and counted") {
  struct Flaky final : cloud::ObjectStore {
    int failures = 0;
    void fail() {
      if (failures-- > 0) throw cloud::unavailable("lambdapack: not now; try again");
    }
    std::string describe() const override { return "flaky"; }
    std::optional<std::string> get(const std::string&) override { return fail(), "abc"; }
    std::optional<std::string> get(const std::string&, std::int64_t, std::int64_t) override {
      return fail(), "b";
    }
    void put(const std::string&, std::string_view) override { fail(); }
    bool put_if_absent(const std::string&, std::string_view) override { return fail(), true; }
    void remove(const std::string&) override { fail(); }
    std::vector<std::string> list(const std::string&) override {
      return fail(), std::vector<std::string>{};
    }
  };
  const auto flaky = std::make_shared<Flaky>();
  const cloud::Patience patience{4, std::chrono::milliseconds(1), std::chrono::milliseconds(2)};
  cloud::MeteredObjects objects(flaky, patience);
  flaky->failures = 3;
  CHECK(objects.get("a") == "abc");
  flaky->failures = 2;
  objects.put("a", "12345");
  CHECK(objects.meter().gets == 4);
  CHECK(objects.meter().puts == 3);
  CHECK(objects.meter().bytes_read == 3);
  flaky->failures = 4;
  CHECK_THROWS_WITH(objects.remove("a"), Contains("not now") && Contains("given up after 4 tries"));
}

TEST_CASE("a tile comes back from its object") {
  lp::tile::Dense<double> dense(3, 2);
  for (int k = 0; k < 6; ++k) dense.data()[k] = k + 0.5;
  const auto tile = lp::tile::Tile::make(dense);
  const std::string bytes = cloud::encode(tile);
  const auto back = cloud::decode(bytes, tile.type(), "k");
  const auto& d = back.get<lp::tile::Dense<double>>();
  CHECK(d.rows() == 3);
  CHECK(d.cols() == 2);
  CHECK(std::equal(d.data(), d.data() + 6, dense.data()));
  const auto empty = lp::tile::Tile::make(lp::tile::Dense<float>());
  CHECK(cloud::decode(cloud::encode(empty), empty.type(), "k").byte_size() == 16);
}

TEST_CASE("an object that is not what was stored is found out") {
  lp::tile::Dense<double> dense(3, 2);
  std::fill_n(dense.data(), 6, 1.0);
  const auto tile = lp::tile::Tile::make(dense);
  const std::string bytes = cloud::encode(tile);
  const auto read = [&](const std::string& b) { return cloud::decode(b, tile.type(), "runs/r/x"); };
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CAPTURE(size);
    CHECK_THROWS_AS(read(bytes.substr(0, size)), cloud::damaged_object);
  }
  for (std::size_t at = 0; at < bytes.size(); ++at)
    for (const int bit : {0, 3, 7}) {
      CAPTURE(at, bit);
      std::string changed = bytes;
      changed[at] = static_cast<char>(changed[at] ^ (1 << bit));
      CHECK_THROWS_AS(read(changed), cloud::damaged_object);
    }
  CHECK_THROWS_AS(read(bytes + "x"), cloud::damaged_object);
  CHECK_THROWS_WITH(read("not a tile, but long enough to be the header of one"),
                    Contains("runs/r/x") && Contains("it is no tile"));
  CHECK_THROWS_WITH(
      cloud::decode(bytes, lp::tile::payload_type<lp::tile::Dense<float>>(), "runs/r/x"),
      Contains("it holds float64, not float32"));
}

TEST_CASE("a cache counts a tile once, whether it is put, loaded or both at the same time") {
  const auto tile = lp::tile::Tile::make(lp::tile::Dense<double>(4, 4));
  const auto size = static_cast<std::int64_t>(tile.byte_size());
  cloud::TileCache cache(2 * size);
  const auto load = [&] {
    cache.put(1, tile);
    return tile;
  };
  cache.get(1, load);
  CHECK(cache.bytes() == size);
  cache.drop(1);
  CHECK(cache.bytes() == 0);
  const auto fail = [&]() -> lp::tile::Tile {
    cache.put(1, tile);
    throw lp::run_error("lambdapack: no; try again");
  };
  CHECK_THROWS_AS(cache.get(1, fail), lp::run_error);
  CHECK(cache.holds(1));
  CHECK(cache.bytes() == size);
  for (int number = 2; number < 6; ++number) cache.put(number, tile);
  CHECK(cache.bytes() == 2 * size);
  CHECK_FALSE(cache.holds(1));

  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 2; ++t)
      threads.emplace_back([&, t] {
        for (int k = 0; k < 20000; ++k) {
          const int number = k * (3 + t) % 5;
          if ((k + t) % 2 == 0)
            cache.put(number, tile);
          else
            cache.get(number, [&] { return tile; });
          if (k % 7 == 0) cache.drop(number);
        }
      });
  }
  for (int number = 0; number < 10; ++number) cache.drop(number);
  CHECK(cache.bytes() == 0);
}

}  // namespace objects_test
