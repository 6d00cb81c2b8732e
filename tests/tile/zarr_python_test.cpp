#include "support.hpp"

namespace zarr_python_test {

using namespace tile_test;
using lp::ZarrOptions;

namespace {

template <class T>
std::string dtype() {
  return lp::tile::detail::numpy_name<T>();
}

}  // namespace

TEMPLATE_TEST_CASE("zarr-python reads what we write", "", float, double, std::complex<float>,
                   std::complex<double>) {
  TempDir directory;
  std::string script;
  int number = 0;
  for (const ZarrOptions& options :
       {ZarrOptions{}, {.zstd = 3}, {.separator = '/'}, {.zstd = 9, .separator = '/'}})
    for (const Shape& s : shapes()) {
      const std::string name = std::to_string(number++);
      const auto a = matrix_values<TestType>(s[0], s[1], s[2], s[3]);
      lp::write_zarr(directory / name, a, options);
      script += "a = zarr.open('" + name + "', mode='r')\n" + "assert a.dtype.str == '" +
                dtype<TestType>() + "' and a.order == 'F' and a.shape == (" + std::to_string(s[0]) +
                ", " + std::to_string(s[1]) + ")\n" + "assert np.array_equal(a[:], (" +
                python_values<TestType>(s[0], s[1]) + ").astype(a.dtype))\n";
      if (options.separator == '.')
        script +=
            "assert a.nchunks_initialized == " + std::to_string(a.extents()[0] * a.extents()[1]) +
            "\n";
      if (options.zstd)
        script += "assert a.compressor == numcodecs.Zstd(" + std::to_string(*options.zstd) + ")\n";
    }
  python(directory, script);
}

TEMPLATE_TEST_CASE("we read and update what zarr-python writes, and it reads that", "", float,
                   double, std::complex<float>, std::complex<double>) {
  TempDir directory;
  std::string write, check;
  std::vector<std::pair<std::string, Shape>> arrays;
  std::size_t number = 0;
  for (const Shape& s : shapes())
    for (const std::size_t kind : {number % 8, (number + 5) % 8}) {
      const std::string name = std::to_string(number++);
      arrays.emplace_back(directory / name, s);
      const std::string values =
          "(" + python_values<TestType>(s[0], s[1]) + ").astype('" + dtype<TestType>() + "')";
      write += "zarr.array(" + values + ", store='" + name + "', chunks=(" + std::to_string(s[2]) +
               ", " + std::to_string(s[3]) +
               "), compressor=" + (kind & 1 ? "numcodecs.Zstd(5)" : "None") + ", order='" +
               (kind & 2 ? "C" : "F") + "', dimension_separator='" + (kind & 4 ? "/" : ".") +
               "')\n";
      check += "assert np.array_equal(zarr.open('" + name + "', mode='r')[:], -" + values + ")\n";
    }
  python(directory, write);
  for (const auto& [path, s] : arrays) {
    INFO(path << ": " << text(s));
    const auto a = lp::read_zarr<TestType>(path);
    REQUIRE((a.tile_rows() == s[2] && a.tile_cols() == s[3]));
    REQUIRE(same(a.to_dense(), dense_values<TestType>(s[0], s[1])));
    update_all<TestType>(*bind(lp::zarr<TestType>(path), 2), negate<TestType>);
  }
  python(directory, check);
}

TEST_CASE("a 1-D Zarr array is one column, and stays 1-D") {
  TempDir directory;
  python(directory,
         "zarr.array(np.arange(7) * 1000 + 0.5, store='v', chunks=3, compressor=None)\n"
         "zarr.array(np.arange(7) * 1000 + 0.5, store='z', chunks=3,\n"
         "           compressor=numcodecs.Zstd(1), dimension_separator='/')\n");
  for (const char* name : {"v", "z"}) {
    REQUIRE(same(lp::read_zarr<double>(directory / name).to_dense(), dense_values<double>(7, 1)));
    const auto store = bind(lp::zarr<double>(directory / name), 1);
    REQUIRE(store->extents() == std::vector<std::int64_t>{3});
    update_all<double>(*store, negate<double>);
  }
  python(directory,
         "for name in 'vz':\n"
         "  assert np.array_equal(zarr.open(name)[:], -(np.arange(7) * 1000 + 0.5))\n");
}

TEST_CASE("chunks that zarr-python leaves out are filled only when asked for") {
  TempDir directory;
  python(directory,
         "a = zarr.open('r', mode='w', shape=(4, 4), chunks=2, dtype='f8', compressor=None,\n"
         "              fill_value=2.5)\n"
         "a[0:2, 0:2] = 1\n"
         "a = zarr.open('c', mode='w', shape=(4, 4), chunks=2, dtype='c16', compressor=None,\n"
         "              fill_value=complex(np.nan, -np.inf))\n"
         "a[0:2, 0:2] = 1\n");
  const ZarrOptions fill = {.missing = lp::MissingChunk::fill};
  require_parts(refusal([&] { lp::read_zarr<double>(directory / "r"); }), {"r/1.0", "missing"});
  const auto r = lp::read_zarr<double>(directory / "r", fill);
  REQUIRE((r(1, 1) == 1 && r(3, 3) == 2.5));
  const auto c = lp::read_zarr<std::complex<double>>(directory / "c", fill);
  REQUIRE((c(1, 1) == 1.0 && std::isnan(c(3, 3).real()) && c(3, 3).imag() < 0));
  REQUIRE(std::isinf(c(3, 3).imag()));
}

TEST_CASE("the remedy for arrays that we do not read works") {
  TempDir directory;
  python(directory,
         "a = np.arange(12).reshape(4, 3) * 1.0\n"
         "zarr.array(a, store='blosc')\n"
         "zarr.array(a, store='filtered', compressor=None, filters=[numcodecs.Delta('<f8')])\n"
         "zarr.array(a.astype('f4'), store='single', compressor=None)\n");
  for (const char* name : {"blosc", "filtered", "single"}) {
    const std::string message = refusal([&] { lp::read_zarr<double>(directory / name); });
    const std::size_t from = message.find("old = zarr.open("), to = message.find(", or open", from);
    REQUIRE(from != std::string::npos);
    std::string remedy = message.substr(from, to - from);
    remedy = replaced(remedy, "OLD", "'" + std::string(name) + "'");
    remedy = replaced(remedy, "NEW", "'" + std::string(name) + "2'");
    python(directory, remedy);
    REQUIRE(lp::read_zarr<double>(directory / (name + std::string("2")))(3, 2) == 11);
  }
}

}  // namespace zarr_python_test
