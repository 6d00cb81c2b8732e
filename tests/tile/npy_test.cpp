#include "lambdapack/tile/npy.hpp"

#include "support.hpp"

namespace npy_test {

using namespace tile_test;
using lp::tile::Use;

namespace {

using Index = std::vector<std::int64_t>;

template <class T>
std::string dtype() {
  return lp::tile::detail::numpy_name<T>();
}

/// A .npy file of version 1.0 with this dictionary and these bytes of elements.
std::string npy_text(const std::string& dictionary, std::size_t bytes) {
  const char length[2] = {static_cast<char>(dictionary.size() % 256),
                          static_cast<char>(dictionary.size() / 256)};
  return std::string("\x93NUMPY\x01\x00", 8) + std::string(length, 2) + dictionary +
         std::string(bytes, '\0');
}

std::string read_refusal(const std::string& path) {
  return refusal([&] { lp::read_npy<double>(path, 2); });
}

}  // namespace

TEMPLATE_TEST_CASE("what is written to a .npy file is read back", "", float, double,
                   std::complex<float>, std::complex<double>) {
  TempDir directory;
  const std::string path = directory / "a.npy";
  for (const Shape& s : shapes()) {
    INFO(text(s));
    lp::write_npy(path, matrix_values<TestType>(s[0], s[1], s[2], s[3]));
    REQUIRE(directory.list() == "a.npy");
    const auto back = lp::read_npy<TestType>(path, s[3], s[2]);
    REQUIRE((back.tile_rows() == s[3] && back.tile_cols() == s[2]));
    REQUIRE(same(back.to_dense(), dense_values<TestType>(s[0], s[1])));
    update_all<TestType>(*bind(lp::npy<TestType>(path, s[2], s[3]), 2), negate<TestType>);
    auto expected = dense_values<TestType>(s[0], s[1]);
    negate(expected);
    REQUIRE(same(lp::read_npy<TestType>(path, 3).to_dense(), expected));
  }
}

TEMPLATE_TEST_CASE("NumPy reads what we write", "", float, double, std::complex<float>,
                   std::complex<double>) {
  TempDir directory;
  std::string script;
  int number = 0;
  for (const Shape& s : shapes()) {
    const std::string name = std::to_string(number++) + ".npy";
    lp::write_npy(directory / name, matrix_values<TestType>(s[0], s[1], s[2], s[3]));
    script += "a = np.load('" + name + "')\nassert a.dtype.str == '" + dtype<TestType>() +
              "' and a.flags.f_contiguous\nassert np.array_equal(a, (" +
              python_values<TestType>(s[0], s[1]) + ").astype('" + dtype<TestType>() + "'))\n";
  }
  python(directory, script);
}

TEMPLATE_TEST_CASE("we read what NumPy writes", "", float, double, std::complex<float>,
                   std::complex<double>) {
  TempDir directory;
  std::string script;
  for (const Shape& s : shapes())
    for (const std::string order : {"C", "F"})
      for (const std::string version : {"1", "2"})
        script += "with open('" + text(s) + order + version + "', 'wb') as f:\n" +
                  "  np.lib.format.write_array(f, (" + python_values<TestType>(s[0], s[1]) +
                  ").astype('" + dtype<TestType>() + "', order='" + order + "'), (" + version +
                  ", 0))\n";
  python(directory, script);
  for (const Shape& s : shapes())
    for (const std::string order : {"C", "F"})
      for (const std::string version : {"1", "2"}) {
        INFO(text(s) << order << version);
        const std::string path = directory / (text(s) + order + version);
        REQUIRE(same(lp::read_npy<TestType>(path, s[2], s[3]).to_dense(),
                     dense_values<TestType>(s[0], s[1])));
        const auto store = bind(lp::npy<TestType>(path, s[2], s[3]), 2);
        store->begin(Use::update);
        store->commit();
        REQUIRE(same(lp::read_npy<TestType>(path, s[2], s[3]).to_dense(),
                     dense_values<TestType>(s[0], s[1])));
      }
}

TEST_CASE("a 1-D .npy array is one column, and stays 1-D") {
  TempDir directory;
  python(directory, "np.save('v.npy', np.arange(7) * 1000 + 0.5)");
  const std::string path = directory / "v.npy";
  REQUIRE(same(lp::read_npy<double>(path, 3).to_dense(), dense_values<double>(7, 1)));
  const auto store = bind(lp::npy<double>(path, 3), 1);
  REQUIRE(store->extents() == Index{3});
  update_all<double>(*store, negate<double>);
  python(directory, "assert np.array_equal(np.load('v.npy'), -(np.arange(7) * 1000 + 0.5))");
}

TEST_CASE("a run that makes a .npy file") {
  TempDir directory;
  const std::string path = directory / "out.npy";
  const auto out = lp::npy<double>(path, 5, 4, 2);
  const auto store = bind(out, 2);
  REQUIRE(store->describe() == path + " (5 x 4 float64 in tiles of 2 x 2)");
  require_parts(refusal([&] { store->begin(Use::read); }), {path, "No such file"});
  store->begin(Use::write);
  REQUIRE_FALSE(directory.list().find("out.npy.partial-") == std::string::npos);
  REQUIRE(directory.list().front() == '.');
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
  REQUIRE(directory.list() == "out.npy");
  lp::tile::Dense<double> expected = lp::tile::Dense<double>::zeros(5, 4);
  expected(4, 2) = value<double>(0, 0);
  expected(4, 3) = value<double>(0, 1);
  REQUIRE(same(lp::read_npy<double>(path, 3).to_dense(), expected));
  update_all<double>(*bind(out, 2), negate<double>);
  negate(expected);
  REQUIRE(same(lp::read_npy<double>(path, 3).to_dense(), expected));
}

TEST_CASE("a failed update leaves the .npy file as it was") {
  TempDir directory;
  const std::string path = directory / "a.npy";
  lp::write_npy(path, matrix_values<double>(5, 4, 2, 2));
  const std::string before = contents(path);
  {
    const auto store = bind(lp::npy<double>(path, 2), 2);
    store->begin(Use::update);
    store->save(Index{0, 0}, store->blank(Index{0, 0}));
    REQUIRE(contents(path) == before);
    REQUIRE(store->load(Index{0, 0}).get<lp::tile::Dense<double>>()(0, 0) == 0.5);
  }
  REQUIRE(contents(path) == before);
  REQUIRE(directory.list() == "a.npy");
}

TEST_CASE("a .npy file keeps its permissions, and is found through a link") {
  TempDir directory;
  lp::write_npy(directory / "a.npy", matrix_values<double>(3, 3, 2, 2));
  REQUIRE(::chmod((directory / "a.npy").c_str(), 0640) == 0);
  REQUIRE(::symlink("a.npy", (directory / "link.npy").c_str()) == 0);
  update_all<double>(*bind(lp::npy<double>(directory / "link.npy", 2), 2), negate<double>);
  REQUIRE(lp::read_npy<double>(directory / "a.npy", 2)(0, 0) == -0.5);
  struct ::stat status = {};
  REQUIRE(::lstat((directory / "link.npy").c_str(), &status) == 0);
  REQUIRE(S_ISLNK(status.st_mode));
  REQUIRE(::stat((directory / "a.npy").c_str(), &status) == 0);
  REQUIRE((status.st_mode & 0777) == 0640);
}

TEST_CASE("files that are not a matrix are refused") {
  TempDir directory;
  const std::string path = directory / "a.npy";
  require_parts(read_refusal(path), {"cannot open " + path, "No such file", "check the path"});
  require_parts(read_refusal(directory.path()), {directory.path(), "it is not a file"});
  put(path, "");
  require_parts(read_refusal(path), {path, "is not a .npy file", "numpy.save"});
  put(path, "this is a text and not an array");
  require_parts(read_refusal(path), {path, "is not a .npy file"});
  put(path, replaced(npy_text("{}", 0), "\x01", "\x03"));
  require_parts(read_refusal(path), {path, "version 3", "expected 1 or 2"});
}

TEST_CASE("damaged .npy headers are refused") {
  TempDir directory;
  const std::string path = directory / "a.npy";
  const std::string good = "{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }\n";
  put(path, npy_text(good, 48));
  REQUIRE(lp::read_npy<double>(path, 2).cols() == 3);
  put(path, npy_text("{\"shape\":(2,3L),'fortran_order':False,'descr':'<f8'}", 48));
  REQUIRE(lp::read_npy<double>(path, 2).cols() == 3);
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"{", ""},
                                                        {"}", ""},
                                                        {"'descr'", "'desc'"},
                                                        {"'descr': '<f8', ", ""},
                                                        {"'shape'", "'descr'"},
                                                        {"True", "Yes"},
                                                        {"(2, 3)", "(2, 3"},
                                                        {"(2, 3)", "(2 3)"},
                                                        {"(2, 3)", "(2, -3)"},
                                                        {"(2, 3)", "(2, x)"},
                                                        {"(2, 3)", "(2, 99999999999999999999)"},
                                                        {"(2, 3)", "[2, 3]"},
                                                        {"(2, 3)", "6"},
                                                        {"'<f8'", "'<f8"},
                                                        {", }", ", } trailing"}}) {
    INFO(from << " becomes " << to);
    put(path, npy_text(replaced(good, from, to), 48));
    require_parts(read_refusal(path), {path, "has a damaged header", "numpy.save"});
  }
  for (std::size_t size = 0; size + 1 < good.size() + 10 + 48; ++size) {
    put(path, npy_text(good, 48).substr(0, size));
    REQUIRE_FALSE(read_refusal(path).empty());
  }
  put(path, npy_text(good, 48).replace(9, 1, "\x7f"));
  require_parts(read_refusal(path), {"ends within its header"});
}

TEST_CASE("arrays of another type, shape or size are refused") {
  TempDir directory;
  const std::string path = directory / "a.npy";
  const auto with = [&](const std::string& descr, const std::string& shape, std::size_t bytes) {
    put(path,
        npy_text("{'descr': " + descr + ", 'fortran_order': True, 'shape': " + shape + "}", bytes));
    return read_refusal(path);
  };
  require_parts(with("'<f4'", "(2, 3)", 24),
                {path, "type <f4", "expected <f8 (float64)", ".astype('<f8')", "another scalar"});
  require_parts(with("'>f8'", "(2, 3)", 48), {"type >f8", ".astype('<f8')"});
  require_parts(with("'|O'", "(2, 3)", 48), {"type |O"});
  require_parts(with("[('a', '<f8'), ('b', '<i4', (2,))]", "(2,)", 24), {"type [('a', '<f8')"});
  require_parts(with("'<f8'", "(2, 3, 4)", 192), {"3 dimensions", "reshape"});
  require_parts(with("'<f8'", "()", 8), {"0 dimensions", "reshape"});
  require_parts(with("'<f8'", "(2, 3)", 47), {"47 bytes", "expected 48", "2 x 3", "truncated"});
  require_parts(with("'<f8'", "(2, 3)", 49), {"49 bytes", "expected 48", "not one array"});
  require_parts(with("'<f8'", "(4000000000, 4000000000)", 48), {"more than a file", "truncated"});
  require_parts(with("'<f8'", "(2000000000000000000,)", 48), {"more than a file", "truncated"});
}

TEST_CASE("a huge sparse .npy file does not fit the memory, and says so") {
  TempDir directory;
  const std::string path = directory / "a.npy";
  put(path, npy_text("{'descr': '<f8', 'fortran_order': True, 'shape': (1000000, 1000000)}", 0));
  const auto header = static_cast<::off_t>(contents(path).size());
  REQUIRE(::truncate(path.c_str(), header + 8000000000000) == 0);
  require_parts(read_refusal(path), {path, "takes 8000000000000 bytes of memory", "machine has"});
  const auto store = bind(lp::npy<double>(path, 1000), 2);
  REQUIRE(store->extents() == Index{1000, 1000});
  REQUIRE(store->load(Index{999, 999}).get<lp::tile::Dense<double>>()(999, 999) == 0);
}

TEST_CASE("places where no .npy file can be written are refused when the run begins") {
  TempDir directory;
  const auto refuse = [](const std::string& path) {
    return refusal([&] { bind(lp::npy<double>(path, 4, 4, 2), 2)->begin(Use::write); });
  };
  require_parts(refuse(directory / "none/a.npy"), {"cannot create", "No such file", "check"});
  require_parts(refuse("/proc/a.npy"), {"cannot create"});
  require_parts(refuse(""), {"a path is empty"});
  REQUIRE(::mkdir((directory / "d.npy").c_str(), 0777) == 0);
  require_parts(refuse(directory / "d.npy"), {"d.npy", "it is not a file"});
  put(directory / "thesis.txt", "twenty years of work");
  require_parts(refuse(directory / "thesis.txt"), {"thesis.txt is not a .npy file"});
  put(directory / "empty", "");
  REQUIRE(refuse(directory / "empty").empty());
  REQUIRE(contents(directory / "thesis.txt") == "twenty years of work");
  REQUIRE(directory.list() == "d.npy empty thesis.txt");
}

TEST_CASE("a .npy file that is not of the shape it is bound with is refused") {
  TempDir directory;
  const std::string path = directory / "a.npy";
  lp::write_npy(path, matrix_values<double>(3, 3, 2, 2));
  require_parts(refusal([&] { bind(lp::npy<double>(path, 4, 3, 2), 2)->begin(Use::update); }),
                {path, "3 x 3", "4 x 3", "lp::npy(path, tile)"});
  require_parts(refusal([&] { lp::npy<double>(path, -4, 3, 2); }), {"cannot be -4 x 3"});
  require_parts(refusal([&] { bind(lp::npy<double>(path, 0), 2); }), {"a tile cannot be 0 x 0"});
}

}  // namespace npy_test
