// Objects in a directory, their keys, and tiles as objects.
#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <lambdapack/exec/cloud/directory_objects.hpp>
#include <lambdapack/exec/cloud/encoding.hpp>
#include <lambdapack/exec/cloud/metered_objects.hpp>
#include <lambdapack/exec/cloud/tile_cache.hpp>
#include <lambdapack/lambdapack.hpp>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "support/folder.hpp"

namespace objects_test {

namespace {

namespace cloud = lp::exec::cloud;
using Catch::Contains;
using test_support::Folder;

// Where a sanitizer watches addresses all elements are in the allocator's own memory.
const bool maps_files = lp::tile::detail::Buffers::adopts(std::size_t{1} << 20);

// A payload that is no matrix.
struct Note {
  std::string text;

  static std::string type_name() { return "note"; }
  std::size_t byte_size() const { return text.size(); }
  void write_bytes(std::span<std::byte> out) const {
    std::memcpy(out.data(), text.data(), text.size());
  }
  static Note read_bytes(std::span<const std::byte> in) {
    if (in.size() != 13 || in.front() != std::byte{'t'}) std::abort();
    return {std::string(reinterpret_cast<const char*>(in.data()), in.size())};
  }
};

struct LongName {
  std::int64_t number = 0;

  static std::string type_name() { return std::string(70, 'n'); }
  static std::size_t byte_size() { return sizeof(std::int64_t); }
  void write_bytes(std::span<std::byte> out) const {
    std::memcpy(out.data(), &number, sizeof number);
  }
  static LongName read_bytes(std::span<const std::byte> in) {
    LongName read;
    std::memcpy(&read.number, in.data(), sizeof read.number);
    return read;
  }
};

cloud::Content content_of_pieces(std::vector<std::string> pieces) {
  std::size_t size = 0;
  for (const std::string& piece : pieces) size += piece.size();
  return {size, [pieces = std::move(pieces)](const lp::tile::PutBytes& put) {
            for (const std::string& piece : pieces) put(std::as_bytes(std::span(piece)));
          }};
}

std::string bytes_of(const cloud::Content& content) {
  std::string bytes;
  content.write([&](std::span<const std::byte> piece) {
    bytes.append(reinterpret_cast<const char*>(piece.data()), piece.size());
  });
  CHECK(bytes.size() == content.size);
  return bytes;
}

cloud::Decoded decode_bytes(const std::string& bytes, const lp::tile::PayloadType& type,
                            const std::string& key) {
  std::size_t at = 0;
  const auto get = [&](std::span<std::byte> piece) {
    if (piece.size() > bytes.size() - at) cloud::detail::refuse_object(key, "it ends too early");
    std::copy_n(reinterpret_cast<const std::byte*>(bytes.data()) + at, piece.size(), piece.begin());
    at += piece.size();
  };
  return cloud::decode(bytes.size(), get, type, key);
}

lp::tile::Tile tile_of_bytes(const std::string& bytes, const lp::tile::PayloadType& type,
                             const std::string& key) {
  return cloud::tile_in(decode_bytes(bytes, type, key), key);
}

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

TEST_CASE("an object in pieces is the same object") {
  const Folder folder;
  cloud::DirectoryObjects directory(folder.file("store"));
  // A store that has no pieces of its own.
  struct Plain final : cloud::ObjectStore {
    std::string bytes;
    std::string describe() const override { return "plain"; }
    std::optional<std::string> get(const std::string& key) override {
      return key == "a/b" ? std::optional(bytes) : std::nullopt;
    }
    std::optional<std::string> get(const std::string&, std::int64_t, std::int64_t) override {
      return "";
    }
    void put(const std::string&, std::string_view put) override { bytes = put; }
    bool put_if_absent(const std::string&, std::string_view) override { return true; }
    void remove(const std::string&) override {}
    std::vector<std::string> list(const std::string&) override { return {}; }
  } plain;
  for (cloud::ObjectStore* const objects :
       {static_cast<cloud::ObjectStore*>(&directory), static_cast<cloud::ObjectStore*>(&plain)}) {
    CAPTURE(objects->describe());
    CHECK_FALSE(objects->get_pieces("a/none", [](std::size_t, const lp::tile::GetBytes&) {}));
    objects->put_pieces("a/b", content_of_pieces({"one", "", "two"}));
    CHECK(objects->get("a/b") == "onetwo");
    std::string first(2, ' '), rest(4, ' ');
    CHECK(objects->get_pieces("a/b", [&](std::size_t size, const lp::tile::GetBytes& get) {
      CHECK(size == 6);
      get(std::as_writable_bytes(std::span(first)));
      get(std::as_writable_bytes(std::span(rest)));
      get({});
      CHECK_THROWS_WITH(get(std::as_writable_bytes(std::span(first).first(1))),
                        Contains("a/b") && Contains("it ends too early"));
    }));
    CHECK(first + rest == "onetwo");
  }
}

TEST_CASE("an object whose contents fail is not stored, and leaves nothing") {
  const Folder folder;
  cloud::DirectoryObjects objects(folder.file("store"));
  objects.put("a/b", "before");
  const cloud::Content failing{6, [](const lp::tile::PutBytes& put) {
                                 put(std::as_bytes(std::span("one", 3)));
                                 throw lp::run_error("lambdapack: no more; try again");
                               }};
  CHECK_THROWS_WITH(objects.put_pieces("a/b", failing), Contains("no more"));
  CHECK(objects.get("a/b") == "before");
  CHECK(std::distance(std::filesystem::directory_iterator(folder.file("store/a")), {}) == 1);
}

TEST_CASE("a digest is that of the bytes, however they are cut, and of each of them") {
  std::vector<std::byte> bytes(400);
  for (std::size_t k = 0; k < bytes.size(); ++k) bytes[k] = static_cast<std::byte>(k * 7 + k / 64);
  const std::uint64_t whole = cloud::digest_of(bytes);
  for (std::size_t step = 1; step < 200; ++step) {
    CAPTURE(step);
    cloud::Digest digest;
    for (std::size_t at = 0; at < bytes.size(); at += step)
      digest.add(std::span(bytes).subspan(at, std::min(step, bytes.size() - at)));
    CHECK(digest.value() == whole);
  }
  for (std::byte& byte : bytes) {
    byte ^= std::byte{1};
    CHECK(cloud::digest_of(bytes) != whole);
    byte ^= std::byte{1};
  }
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK(cloud::digest_of(std::span(bytes).first(size)) != whole);
  std::vector<std::byte> zeros(200);
  std::set<std::uint64_t> digests;
  for (std::size_t size = 0; size <= zeros.size(); ++size)
    digests.insert(cloud::digest_of(std::span(zeros).first(size)));
  CHECK(digests.size() == zeros.size() + 1);
}

TEST_CASE("a tile comes back from its object") {
  lp::tile::Dense<double> dense(3, 2);
  for (int k = 0; k < 6; ++k) dense.data()[k] = k + 0.5;
  const auto tile = lp::tile::Tile::make(dense);
  const auto back = tile_of_bytes(bytes_of(cloud::content_of(tile)), tile.type(), "k");
  const auto& d = back.get<lp::tile::Dense<double>>();
  CHECK(d.rows() == 3);
  CHECK(d.cols() == 2);
  CHECK(std::equal(d.data(), d.data() + 6, dense.data()));
  const auto empty = lp::tile::Tile::make(lp::tile::Dense<float>());
  CHECK(tile_of_bytes(bytes_of(cloud::content_of(empty)), empty.type(), "k").byte_size() == 16);
}

TEST_CASE("a payload that wants all of its bytes at once comes back from its object") {
  const auto tile = lp::tile::Tile::make(Note{"thirteen long"});
  REQUIRE_FALSE(tile.type().in_pieces);
  const std::string bytes = bytes_of(cloud::content_of(tile));
  CHECK(tile_of_bytes(bytes, tile.type(), "k").get<Note>().text == "thirteen long");
  // It is not shown bytes that are not its own.
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    CHECK_THROWS_AS(tile_of_bytes(changed, tile.type(), "k"), cloud::damaged_object);
  }
}

TEST_CASE("a payload whose type has a long name comes back from its object") {
  const auto tile = lp::tile::Tile::make(LongName{7});
  const std::string bytes = bytes_of(cloud::content_of(tile));
  CHECK(tile_of_bytes(bytes, tile.type(), "k").get<LongName>().number == 7);
}

TEST_CASE("an object that is not what was stored is found out") {
  lp::tile::Dense<double> dense(3, 2);
  std::fill_n(dense.data(), 6, 1.0);
  const auto tile = lp::tile::Tile::make(dense);
  const auto read = [&](const std::string& b) {
    return cloud::tile_in(decode_bytes(b, tile.type(), "runs/r/x"), "runs/r/x");
  };
  for (const std::string& bytes :
       {bytes_of(cloud::content_of(tile)), bytes_of(cloud::content_of_link(0x123456789abcdef))}) {
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
  }
  CHECK_THROWS_WITH(read("not a tile, but long enough to be the header of one"),
                    Contains("runs/r/x") && Contains("it is no tile"));
  CHECK_THROWS_WITH(tile_of_bytes(bytes_of(cloud::content_of(tile)),
                                  lp::tile::payload_type<lp::tile::Dense<float>>(), "runs/r/x"),
                    Contains("it holds float64, not float32"));
}

TEST_CASE("the link to a chunk says its digest") {
  const std::string bytes = bytes_of(cloud::content_of_link(0x123456789abcdef));
  const auto decoded =
      decode_bytes(bytes, lp::tile::payload_type<lp::tile::Dense<double>>(), "runs/r/x");
  CHECK(std::get<std::uint64_t>(decoded) == 0x123456789abcdef);
}

TEST_CASE("a matrix is read where its object is, and changes nothing there") {
  const Folder folder;
  cloud::DirectoryObjects objects(folder.file("store"), cloud::Sync::no, cloud::Maps::yes);
  const auto stored = GENERATE(std::string("read"), std::string("just put"));
  CAPTURE(stored);
  lp::tile::Dense<double> dense(220, 180);
  for (std::size_t k = 0; k < dense.size(); ++k) dense.data()[k] = static_cast<double>(k) + 0.5;
  const auto tile = lp::tile::Tile::make(dense);
  std::optional<cloud::Mapped> mapped = objects.put_and_map("a/b", cloud::content_of(tile));
  if (stored == "read") mapped = objects.map("a/b");
  REQUIRE(mapped.has_value() == maps_files);
  if (!maps_files) return;
  const std::string before = objects.get("a/b").value();
  lp::tile::Tile back = cloud::decode_mapped(*std::move(mapped), tile.type(), "a/b", false);
  REQUIRE(back);
  auto& d = back.get<lp::tile::Dense<double>>();
  CHECK(reinterpret_cast<std::uintptr_t>(d.data()) % 64 == 0);
  REQUIRE(d.rows() == 220);
  REQUIRE(d.cols() == 180);
  CHECK(std::equal(d.data(), d.data() + d.size(), dense.data()));
  d(3, 4) = -1;
  CHECK(objects.get("a/b") == before);
  objects.remove("a/b");
  CHECK(d(4, 4) == dense(4, 4));
  const auto copy = d;
  back = {};
  CHECK(copy(3, 4) == -1);
}

TEST_CASE("a mapped object that is not what was stored is found out") {
  if (!maps_files) return;
  const Folder folder;
  cloud::DirectoryObjects objects(folder.file("store"), cloud::Sync::no, cloud::Maps::yes);
  const auto tile = lp::tile::Tile::make(lp::tile::Dense<float>::zeros(310, 250));
  const std::string bytes = bytes_of(cloud::content_of(tile));
  const auto read = [&](const std::string& b) {
    objects.put("a/b", b);
    return cloud::decode_mapped(objects.map("a/b").value(), tile.type(), "a/b", false);
  };
  for (std::size_t at = 0; at < bytes.size(); at += at < 128 ? 1 : 4099) {
    CAPTURE(at);
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    CHECK_THROWS_AS(read(changed), cloud::damaged_object);
    if (at >= cloud::Mapped::smallest)
      CHECK_THROWS_AS(read(bytes.substr(0, at)), cloud::damaged_object);
  }
  CHECK_THROWS_WITH(
      cloud::decode_mapped(objects.map("a/b").value(),
                           lp::tile::payload_type<lp::tile::Dense<double>>(), "a/b", true),
      Contains("a/b") && Contains("damaged"));
  // Objects that are too small for the pool of buffers are read.
  objects.put("a/empty", "");
  objects.put("a/link", bytes_of(cloud::content_of_link(7)));
  CHECK_FALSE(objects.map("a/link"));
  CHECK_FALSE(objects.map("a/empty"));
  CHECK_FALSE(objects.map("a/none"));
  CHECK_FALSE(cloud::DirectoryObjects(folder.file("store")).map("a/b"));
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
