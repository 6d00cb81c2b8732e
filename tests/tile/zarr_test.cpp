#include "lambdapack/tile/zarr.hpp"

#include "support.hpp"

namespace zarr_test {

using namespace tile_test;
using lp::MissingChunk;
using lp::ZarrOptions;
using lp::tile::Dense;
using lp::tile::Use;

namespace {

using Index = std::vector<std::int64_t>;

const std::vector<ZarrOptions> all_options = {
    {}, {.zstd = 1}, {.separator = '/'}, {.zstd = 19, .separator = '/'}};

std::string read_refusal(const std::string& path) {
  return refusal([&] { lp::read_zarr<double>(path); });
}

}  // namespace

TEMPLATE_TEST_CASE("what is written to a Zarr array is read back", "", float, double,
                   std::complex<float>, std::complex<double>) {
  std::size_t number = 0;
  for (const Shape& s : shapes())
    for (const std::size_t kind : {number % 4, (number + 1) % 4}) {
      const ZarrOptions& options = all_options[kind];
      ++number;
      INFO(text(s) << ", options " << kind);
      TempDir directory;
      const std::string path = directory / "a.zarr";
      lp::write_zarr(path, matrix_values<TestType>(s[0], s[1], s[2], s[3]), options);
      REQUIRE(directory.list() == "a.zarr");
      const auto back = lp::read_zarr<TestType>(path);
      REQUIRE(same(back.to_dense(), dense_values<TestType>(s[0], s[1])));
      REQUIRE(back.extents() == lp::TiledMatrix<TestType>(s[0], s[1], s[2], s[3]).extents());
      update_all<TestType>(*bind(lp::zarr<TestType>(path), 2), negate<TestType>);
      auto expected = dense_values<TestType>(s[0], s[1]);
      negate(expected);
      REQUIRE(same(lp::read_zarr<TestType>(path).to_dense(), expected));
      REQUIRE(directory.list() == "a.zarr");
    }
}

TEST_CASE("a tile larger than the matrix does not make a chunk that large") {
  TempDir directory;
  lp::write_zarr(directory / "a", matrix_values<double>(3, 2, 1 << 20, 1 << 20));
  REQUIRE(contents(directory / "a/0.0").size() == 6 * sizeof(double));
}

TEST_CASE("a run that makes a Zarr array") {
  TempDir directory;
  const std::string path = directory / "out.zarr/";
  for (const ZarrOptions& options : all_options) {
    const auto out = lp::zarr<double>(path, 5, 4, 2, options);
    const auto store = bind(out, 2);
    REQUIRE(store->describe() == path + " (5 x 4 float64 in tiles of 2 x 2)");
    require_parts(refusal([&] { store->begin(Use::read); }), {"no Zarr array at", "out.zarr"});
    store->begin(Use::write);
    REQUIRE_THAT(directory.list(), Catch::StartsWith(".out.zarr.partial-"));
    require_parts(refusal([&] {
                    store->load(Index{0, 0});
                  }),
                  {"tile (0, 0)", "no contents before the run"});
    store->save(Index{2, 1}, lp::tile::Tile::make(dense_values<double>(1, 2)));
    store->abandon("x");
    REQUIRE(directory.list().empty());
    REQUIRE_THROWS_AS(store->save(Index{0, 0}, store->blank(Index{0, 0})), lp::internal_error);
    store->begin(Use::write);
    store->save(Index{2, 1}, lp::tile::Tile::make(dense_values<double>(1, 2)));
    store->commit();
    REQUIRE(directory.list() == "out.zarr");
    auto expected = Dense<double>::zeros(5, 4);
    expected(4, 2) = value<double>(0, 0);
    expected(4, 3) = value<double>(0, 1);
    REQUIRE(same(lp::read_zarr<double>(path).to_dense(), expected));
    update_all<double>(*store, negate<double>);
    negate(expected);
    REQUIRE(same(lp::read_zarr<double>(path).to_dense(), expected));
    lp::tile::detail::remove_tree(directory / "out.zarr");
  }
}

TEST_CASE("a failed update leaves the Zarr array as it was") {
  TempDir directory;
  const std::string path = directory / "a.zarr";
  lp::write_zarr(path, matrix_values<double>(5, 4, 2, 2));
  {
    const auto store = bind(lp::zarr<double>(path), 2);
    store->begin(Use::update);
    store->save(Index{0, 0}, lp::tile::Tile::make(Dense<double>::zeros(2, 2)));
    REQUIRE(store->load(Index{0, 0}).get<Dense<double>>()(0, 0) == 0.5);
    REQUIRE(same(lp::read_zarr<double>(path).to_dense(), dense_values<double>(5, 4)));
  }
  REQUIRE(same(lp::read_zarr<double>(path).to_dense(), dense_values<double>(5, 4)));
  REQUIRE(directory.list() == "a.zarr");
}

TEST_CASE("an update keeps untouched chunks, attributes and permissions") {
  for (const ZarrOptions& options : all_options) {
    TempDir directory;
    const std::string path = directory / "a.zarr";
    lp::write_zarr(path, matrix_values<double>(5, 4, 2, 2), options);
    put(path + "/.zattrs", "{\"unit\": \"m\"}");
    REQUIRE(::chmod(path.c_str(), 0750) == 0);
    REQUIRE(::symlink("a.zarr", (directory / "link").c_str()) == 0);
    const auto store = bind(lp::zarr<double>(directory / "link"), 2);
    store->begin(Use::update);
    store->save(Index{1, 1}, lp::tile::Tile::make(Dense<double>::zeros(2, 2)));
    store->commit();
    auto expected = dense_values<double>(5, 4);
    for (std::int64_t i = 2; i < 4; ++i)
      for (std::int64_t j = 2; j < 4; ++j) expected(i, j) = 0;
    REQUIRE(same(lp::read_zarr<double>(path).to_dense(), expected));
    REQUIRE(contents(path + "/.zattrs") == "{\"unit\": \"m\"}");
    REQUIRE(directory.list() == "a.zarr link");
    struct ::stat status = {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    REQUIRE((status.st_mode & 0777) == 0750);
  }
}

TEST_CASE("a new Zarr array replaces an old one of another shape") {
  TempDir directory;
  const std::string path = directory / "a.zarr";
  lp::write_zarr(path, matrix_values<double>(9, 9, 2, 2));
  lp::write_zarr(path, matrix_values<float>(3, 2, 2, 2), {.zstd = 3});
  REQUIRE(same(lp::read_zarr<float>(path).to_dense(), dense_values<float>(3, 2)));
  REQUIRE(directory.list("a.zarr") == ".zarray 0.0 1.0");
  require_parts(refusal([&] { bind(lp::zarr<float>(path, 4, 4, 2), 2)->begin(Use::update); }),
                {path, "3 x 2", "expected", "4 x 4", "lp::zarr(path)"});
}

TEST_CASE("a missing chunk is refused unless it is to be filled") {
  TempDir directory;
  const std::string path = directory / "a.zarr";
  lp::write_zarr(path, matrix_values<double>(5, 4, 2, 2));
  REQUIRE(std::remove((path + "/1.0").c_str()) == 0);
  require_parts(read_refusal(path),
                {path + "/1.0", "tile (1, 0)", "is missing", "MissingChunk::fill"});
  const ZarrOptions fill = {.missing = MissingChunk::fill};
  auto a = lp::read_zarr<double>(path, fill);
  REQUIRE((a(2, 0) == 0 && a(4, 3) == value<double>(4, 3)));
  const std::string metadata = contents(path + "/.zarray");
  const auto filled_with = [&](const std::string& json) {
    put(path + "/.zarray", replaced(metadata, "\"fill_value\": 0.0", "\"fill_value\": " + json));
    return lp::read_zarr<double>(path, fill)(2, 0);
  };
  REQUIRE(filled_with("7") == 7);
  REQUIRE(filled_with("-1.5") == -1.5);
  REQUIRE(std::isnan(filled_with("\"NaN\"")));
  REQUIRE(std::isinf(filled_with("\"-Infinity\"")));
  require_parts(refusal([&] { filled_with("null"); }), {"1.0 is missing", "fill_value is null"});
  require_parts(refusal([&] { filled_with("\"zero\""); }), {"fill_value is \"zero\""});
}

TEST_CASE("damaged chunks are refused") {
  TempDir directory;
  const std::string raw = directory / "raw", packed = directory / "packed";
  lp::write_zarr(raw, matrix_values<double>(4, 4, 2, 2));
  lp::write_zarr(packed, matrix_values<double>(4, 4, 2, 2), {.zstd = 3});
  put(raw + "/1.1", contents(raw + "/1.1").substr(0, 31));
  require_parts(read_refusal(raw), {"raw/1.1", "holds 31 bytes", "expected 32", "restore"});
  put(raw + "/1.1", contents(raw + "/0.0") + "x");
  require_parts(read_refusal(raw), {"raw/1.1", "holds 33 bytes"});
  REQUIRE(std::remove((raw + "/1.1").c_str()) == 0);
  REQUIRE(::mkdir((raw + "/1.1").c_str(), 0777) == 0);
  require_parts(read_refusal(raw), {"raw/1.1", "not a file"});

  const std::string chunk = packed + "/0.1", good = contents(chunk);
  for (std::size_t size = 0; size < good.size(); ++size) {
    put(chunk, good.substr(0, size));
    require_parts(read_refusal(packed), {chunk, "expected 32 bytes", "restore"});
  }
  put(chunk, "");
  require_parts(read_refusal(packed), {"is empty"});
  put(chunk, std::string(32, 'x'));
  require_parts(read_refusal(packed), {"is not compressed with zstd"});
  put(chunk, good + good);
  require_parts(read_refusal(packed), {chunk});
  const auto frame_of = [](std::size_t bytes) {
    std::string data(bytes, '\0'), frame(ZSTD_compressBound(bytes), '\0');
    frame.resize(ZSTD_compress(frame.data(), frame.size(), data.data(), bytes, 1));
    return frame;
  };
  put(chunk, frame_of(40));
  require_parts(read_refusal(packed), {"decompresses to 40 bytes", "expected 32"});
  put(chunk, frame_of(32));
  REQUIRE(lp::read_zarr<double>(packed)(0, 2) == 0);
  std::string flipped = good;
  for (std::size_t k = 0; k < good.size(); ++k) {
    flipped[k] = static_cast<char>(flipped[k] ^ 0x55);
    put(chunk, flipped);
    read_refusal(packed);
    flipped[k] = good[k];
  }
}

TEST_CASE("what is not a Zarr array is refused") {
  TempDir directory;
  const std::string path = directory / "a";
  require_parts(read_refusal(path), {"no Zarr array at " + path, "check the path"});
  put(path, "text");
  require_parts(read_refusal(path), {path, "is not a directory"});
  REQUIRE(::mkdir((directory / "d").c_str(), 0777) == 0);
  require_parts(read_refusal(directory / "d"), {"not a Zarr array", ".zarray", "check the path"});
  put(directory / "d/.zgroup", "{}");
  require_parts(read_refusal(directory / "d"), {"it is a group", "name one of the arrays"});
  std::remove((directory / "d/.zgroup").c_str());
  put(directory / "d/zarr.json", "{}");
  require_parts(read_refusal(directory / "d"), {"Zarr v3", "zarr_format=2"});
}

TEST_CASE("metadata that does not fit is refused") {
  TempDir directory;
  const std::string path = directory / "a";
  lp::write_zarr(path, matrix_values<double>(5, 4, 2, 2));
  const std::string file = path + "/.zarray";
  put(file, R"({"zarr_format": 2, "shape": [5, 4], "chunks": [2, 2], "dtype": "<f8",
 "compressor": null, "fill_value": 0.0, "order": "F", "filters": null})");
  const std::string good = contents(file);
  REQUIRE(read_refusal(path).empty());
  const auto with = [&](const std::string& from, const std::string& to) {
    put(file, replaced(good, from, to));
    return read_refusal(path);
  };
  require_parts(with("[5, 4]", "[5, 4"), {file, "line 1, column", "restore"});
  require_parts(with("\"order\"", "\"shape\""), {file, "line 2", "duplicate"});
  require_parts(with("[5, 4]", "[5, 99999999999999999999]"), {"line 1", "too big"});
  put(file, "");
  require_parts(read_refusal(path), {file, "damaged"});
  put(file, "[1]");
  require_parts(read_refusal(path), {"the document is [1]", "an object"});
  put(file, std::string(2 << 20, ' '));
  require_parts(read_refusal(path), {"2097152 bytes long", "at most 1048576"});
  for (const char* name :
       {"zarr_format", "shape", "chunks", "dtype", "compressor", "fill_value", "order", "filters"})
    require_parts(with("\"" + std::string(name), "\"x" + std::string(name)),
                  {file + ": " + name + " is missing"});
  require_parts(with("2,", "3,"), {"zarr_format is 3", "expected 2"});
  require_parts(with("<f8", "<f4"),
                {"dtype is \"<f4\"", "expected \"<f8\"", "dtype='<f8'", "another scalar type"});
  require_parts(with("<f8", ">f8"), {"dtype is \">f8\"", "dtype='<f8'"});
  require_parts(with("\"<f8\"", "[[\"a\", \"<f8\"]]"), {"dtype is [["});
  require_parts(with("\"compressor\": null", "\"compressor\": {\"id\": \"blosc\"}"),
                {"compressor is {\"id\":\"blosc\"}", "zstd", "numcodecs.Zstd"});
  require_parts(with("\"compressor\": null", "\"compressor\": 7"), {"compressor is 7"});
  require_parts(with("\"filters\": null", "\"filters\": [{\"id\": \"delta\"}]"),
                {"filters is [{", "expected null", "filters=None"});
  REQUIRE(with("\"filters\": null", "\"filters\": []").empty());
  require_parts(with("\"F\"", "\"K\""), {"order is \"K\"", "\"C\" or \"F\""});
  require_parts(with("\"F\"", "\"F\", \"dimension_separator\": \"-\""), {"dimension_separator"});
  require_parts(with("[5, 4]", "[5, 4, 3]"), {"shape is [5,4,3]", "1 or 2 dimensions"});
  require_parts(with("[5, 4]", "[]"), {"shape is []"});
  require_parts(with("[5, 4]", "[5]"), {"chunks is [2,2]", "as many dimensions"});
  require_parts(with("[5, 4]", "[5, -4]"), {"shape is [5,-4]", "at least 0"});
  require_parts(with("[5, 4]", "[5, 4.0]"), {"shape is [5,4.0]"});
  require_parts(with("[5, 4]", "\"5 x 4\""), {"shape is \"5 x 4\""});
  require_parts(with("[2, 2]", "[2, 0]"), {"chunks is [2,0]", "at least 1"});
}

TEST_CASE("sizes in metadata are not trusted") {
  TempDir directory;
  const std::string path = directory / "a";
  lp::write_zarr(path, matrix_values<double>(4, 4, 2, 2));
  const std::string file = path + "/.zarray";
  const auto with = [&](const std::string& shape, const std::string& chunks, bool zstd,
                        MissingChunk missing = MissingChunk::refuse) {
    put(file, R"({"zarr_format": 2, "shape": )" + shape + R"(, "chunks": )" + chunks +
                  R"(, "dtype": "<f8", "compressor": )" +
                  (zstd ? R"({"id": "zstd", "level": 1})" : "null") +
                  R"(, "fill_value": 0.0, "order": "F", "filters": null})");
    return refusal([&] { lp::read_zarr<double>(path, {.missing = missing}); });
  };
  const std::string huge = "[1000000000000000000, 1000000000000000000]";
  require_parts(with(huge, "[2, 2]", false), {"shape is", "bytes can be counted"});
  require_parts(with("[4, 4]", huge, false), {"chunks is", "bytes can be counted"});
  require_parts(with("[4, 4]", "[1000000, 1000000]", false), {"a chunk of", "8000000000000 bytes"});
  require_parts(with("[1000000, 1000000]", "[2, 2]", false, MissingChunk::fill),
                {"8000000000000 bytes of memory"});
  require_parts(with("[2000000000000000000, 1]", "[1, 1]", false), {"bytes can be counted"});
  require_parts(with("[100000000000000000, 1]", "[1, 1]", false), {"bytes of memory"});
  require_parts(with("[4, 4]", "[10000, 10000]", false), {"0.0 holds 32 bytes"});
  put(path + "/0.0", std::string("\x28\xb5\x2f\xfd\x00\x58\x01\x00\x00", 9));
  require_parts(with("[4, 4]", "[10000, 10000]", true), {"0.0", "is only 9 bytes long"});
  const auto store = bind(lp::zarr<double>(path, 1000000000, 1000000000, 1), 2);
  REQUIRE(store->extents() == Index{1000000000, 1000000000});
}

TEST_CASE("places where no Zarr array can be written are refused when the run begins") {
  TempDir directory;
  const auto refuse = [](const std::string& path) {
    return refusal([&] { bind(lp::zarr<double>(path, 4, 4, 2), 2)->begin(Use::write); });
  };
  require_parts(refuse(directory / "none/a.zarr"), {"cannot write into", "No such file", "check"});
  require_parts(refuse("/proc/a.zarr"), {"/proc"});
  require_parts(refuse(""), {"a path is empty"});
  put(directory / "thesis.txt", "twenty years of work");
  REQUIRE(::mkdir((directory / "photos").c_str(), 0777) == 0);
  for (const char* name : {"thesis.txt", "photos"})
    require_parts(refuse(directory / name),
                  {"cannot write a Zarr array at", name, "something else is there"});
  require_parts(refuse(directory / "thesis.txt/a"), {"thesis.txt", "Not a directory"});
  REQUIRE(contents(directory / "thesis.txt") == "twenty years of work");
  REQUIRE(directory.list() == "photos thesis.txt");
  if (::geteuid() != 0) {
    REQUIRE(::chmod((directory / "photos").c_str(), 0555) == 0);
    require_parts(refuse(directory / "photos/a"), {"Permission denied", "permissions"});
  }
}

TEST_CASE("something that appears at the path during the run is not replaced") {
  TempDir directory;
  const std::string path = directory / "a.zarr";
  const auto store = bind(lp::zarr<double>(path, 2, 2, 2), 2);
  store->begin(Use::write);
  store->save(Index{0, 0}, store->blank(Index{0, 0}));
  put(path, "twenty years of work");
  require_parts(refusal([&] { store->commit(); }), {path, "something else is there"});
  store->abandon("x");
  REQUIRE(directory.list() == "a.zarr");
}

TEST_CASE("options that do not exist are refused") {
  require_parts(refusal([] { lp::zarr<double>("a", 4, 4, 2, {.zstd = 23}); }), {"level 23"});
  require_parts(refusal([] { lp::zarr<double>("a", 4, 4, 2, {.zstd = 0}); }), {"level 0"});
  require_parts(refusal([] { lp::zarr<double>("a", 4, 4, 2, {.separator = '-'}); }), {"'-'"});
  require_parts(refusal([] { lp::zarr<double>("a", 4, -4, 2); }), {"4 x -4"});
  require_parts(refusal([] { lp::zarr<double>("a", 4, 4, 0); }), {"0 x 0"});
}

TEST_CASE("a Zarr array of one column of chunks has rank 1, of one chunk rank 0") {
  TempDir directory;
  lp::write_zarr(directory / "column", matrix_values<double>(5, 2, 2, 2));
  lp::write_zarr(directory / "one", matrix_values<double>(2, 2, 2, 2));
  REQUIRE(bind(lp::zarr<double>(directory / "column"), 1)->extents() == Index{3});
  REQUIRE(bind(lp::zarr<double>(directory / "one"), 0)->extents().empty());
  REQUIRE_THROWS_AS(bind(lp::zarr<double>(directory / "column"), 0), lp::input_error);
}

}  // namespace zarr_test
