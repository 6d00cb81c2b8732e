#include "lambdapack/tile/detail/directory.hpp"

#include "support.hpp"

namespace files_test {

using namespace tile_test;
using namespace lambdapack::tile::detail;

namespace {

void make_tree(const std::string& path, const std::string& text) {
  make_directory(path);
  make_directory(path + "/below");
  put(path + "/file", text);
  put(path + "/below/file", text + text);
}

}  // namespace

TEST_CASE("a directory replaces another, or nothing") {
  for (const auto& replace : {replace_directory, replace_by_renaming}) {
    TempDir directory;
    make_tree(directory / "fresh", "one");
    replace(directory / "fresh", directory / "place");
    REQUIRE(directory.list() == "place");
    make_tree(directory / "fresh", "two");
    replace(directory / "fresh", directory / "place");
    REQUIRE(directory.list() == "place");
    REQUIRE(contents(directory / "place/below/file") == "twotwo");
  }
}

TEST_CASE("a directory that cannot be replaced stays") {
  TempDir directory;
  make_tree(directory / "place", "one");
  for (const auto& replace : {replace_directory, replace_by_renaming}) {
    require_parts(refusal([&] { replace(directory / "none", directory / "place"); }),
                  {"cannot put the new array at", "place", "No such file"});
    REQUIRE(directory.list() == "place");
    REQUIRE(contents(directory / "place/file") == "one");
  }
}

TEST_CASE("carrying over keeps what is newer") {
  TempDir directory;
  make_tree(directory / "old", "old");
  make_directory(directory / "new");
  make_directory(directory / "new/below");
  put(directory / "new/below/file", "new");
  REQUIRE(::symlink("nowhere", (directory / "old/dangling").c_str()) == 0);
  carry_over(directory / "old", directory / "new");
  REQUIRE(directory.list("new") == "below dangling file");
  REQUIRE(contents(directory / "new/file") == "old");
  REQUIRE(contents(directory / "new/below/file") == "new");
  require_parts(refusal([&] { carry_over(directory / "none", directory / "new"); }),
                {"cannot read the directory", "none"});
}

TEST_CASE("files of several pieces are copied whole") {
  TempDir directory;
  for (const std::size_t size : {0u, 1u, 1u << 20, (1u << 20) + 1, 3u << 20}) {
    std::string text(size, 'a');
    for (std::size_t k = 0; k < size; k += 1000) text[k] = static_cast<char>('b' + k % 20);
    put(directory / "from", text);
    copy_file(directory / "from", directory / "to");
    REQUIRE(contents(directory / "to") == text);
  }
}

TEST_CASE("a file that becomes shorter while it is read is refused") {
  TempDir directory;
  put(directory / "file", "four");
  const File file = File::open(directory / "file");
  std::array<std::byte, 8> bytes = {};
  require_parts(refusal([&] { file.read(bytes, 0); }), {"file has become shorter"});
}

TEST_CASE("names of paths") {
  REQUIRE(parent_of("/a/b") == "/a");
  REQUIRE(parent_of("/a") == "/");
  REQUIRE(parent_of("a") == ".");
  REQUIRE(name_of("/a/b") == "b");
  REQUIRE(name_of("a") == "a");
  REQUIRE(resolved("/none/such//") == "/none/such");
  REQUIRE(resolved("/tmp/../") == "/");
  REQUIRE_THAT(partial_name("/a/b"), Catch::StartsWith("/a/.b.partial-"));
  REQUIRE(partial_name("b") != partial_name("b"));
}

TEST_CASE("a pipe or a device is not a file") {
  TempDir directory;
  REQUIRE(::mkfifo((directory / "pipe").c_str(), 0600) == 0);
  for (const std::string& path : {directory / "pipe", std::string("/dev/zero")})
    require_parts(refusal([&] { File::open(path); }), {path, "it is not a file"});
}

}  // namespace files_test
