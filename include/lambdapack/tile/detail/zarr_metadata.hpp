// The file .zarray of a Zarr v2 array: what of it lambdapack understands, read and written.
#pragma once

#include <jansson.h>

#include <complex>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/tile/detail/file.hpp"
#include "lambdapack/tile/detail/grid.hpp"
#include "lambdapack/tile/detail/message.hpp"

namespace lambdapack::tile::detail {

/// A Zarr array of one or two dimensions (one dimension is one column) in chunks; the grid's tiles
/// are the chunks.
struct ZarrMetadata {
  Grid grid;
  int dimensions = 2;
  bool by_columns = true;
  std::optional<int> zstd_level;
  char separator = '.';
  std::optional<std::complex<double>> fill = 0.0;

  /// The chunk's file, below the array's directory.
  std::string chunk_name(std::int64_t i, std::int64_t j) const {
    if (dimensions == 1) return std::to_string(i);
    return std::to_string(i) + separator + std::to_string(j);
  }
  /// What chunks of equal grids must have in common to be of one array, for a file's name: the
  /// order of their elements, whether they are compressed, and how they are called.
  std::string layout() const {
    return std::string(by_columns ? "f" : "c") + (zstd_level ? "z" : "") +
           (dimensions == 1    ? "1"
            : separator == '/' ? "d"
                               : "");
  }
  std::int64_t chunk_bytes(std::size_t element_size) const {
    return byte_count(grid.tile_rows, grid.tile_cols, element_size);
  }
};

struct JsonRelease {
  void operator()(json_t* value) const { json_decref(value); }
};
using Json = std::unique_ptr<json_t, JsonRelease>;

/// Reads the text of a .zarray file for an array of the element `dtype` ("<f8"). Everything that
/// does not fit is refused with the member's name, what was found and what was expected.
class ZarrMetadataReader {
 public:
  ZarrMetadataReader(std::string path, const std::string& text, std::string dtype,
                     std::size_t element_size)
      : path_(std::move(path)), dtype_(std::move(dtype)), element_size_(element_size) {
    json_error_t error;
    document_.reset(json_loadb(text.data(), text.size(), JSON_REJECT_DUPLICATES, &error));
    if (!document_)
      detail::refuse({path_, " is damaged at line ", error.line, ", column ", error.column, ": ",
                      error.text, "; expected the JSON that Zarr v2 writes: restore the file"});
    if (!json_is_object(document_.get()))
      refuse("the document", document_.get(), "an object", "restore the file");
  }

  ZarrMetadata read() const {
    ZarrMetadata metadata;
    require_format();
    require_element();
    require_no_filters();
    const std::vector<std::int64_t> shape = integers("shape", 0);
    const std::vector<std::int64_t> chunks = integers("chunks", 1);
    if (shape.empty() || shape.size() > 2)
      refuse("shape", member("shape"), "1 or 2 dimensions", "reshape the array in Python");
    if (chunks.size() != shape.size())
      refuse("chunks", member("chunks"), "as many dimensions as in shape", "restore the file");
    metadata.dimensions = static_cast<int>(shape.size());
    const bool matrix = shape.size() == 2;
    metadata.grid = {shape[0], matrix ? shape[1] : 1, chunks[0], matrix ? chunks[1] : 1};
    require_countable(metadata);
    metadata.by_columns = choice("order", "C", "F") == 'F';
    if (json_object_get(document_.get(), "dimension_separator"))
      metadata.separator = choice("dimension_separator", ".", "/");
    metadata.zstd_level = compression();
    metadata.fill = fill();
    return metadata;
  }

 private:
  [[noreturn]] void refuse(const std::string& what, const json_t* found,
                           const std::string& expected, const std::string& advice) const {
    const std::unique_ptr<char, void (*)(void*)> text(
        json_dumps(found, JSON_COMPACT | JSON_ENCODE_ANY), std::free);
    detail::refuse({path_, ": ", what, " is ",
                    text ? std::string(text.get()).substr(0, 120) : "missing", "; expected ",
                    expected, ": ", advice});
  }

  static std::string save_again(const std::string& how) {
    return "save it again from Python with old = zarr.open(OLD); zarr.array(old[:], store=NEW, "
           "chunks=old.chunks, " +
           how + ")";
  }

  const json_t* member(const char* name) const {
    const json_t* value = json_object_get(document_.get(), name);
    if (!value)
      detail::refuse({path_, ": ", name,
                      " is missing; expected the members that Zarr v2 writes: restore the file"});
    return value;
  }

  std::string text(const json_t* value) const {
    return json_is_string(value) ? json_string_value(value) : "";
  }

  void require_format() const {
    const json_t* format = member("zarr_format");
    if (!json_is_integer(format) || json_integer_value(format) != 2)
      refuse("zarr_format", format, "2", save_again("zarr_format=2"));
  }

  void require_element() const {
    const json_t* found = member("dtype");
    if (text(found) == dtype_) return;
    std::string advice = save_again("dtype='" + dtype_ + "', compressor=None");
    for (const char* other : {"<f4", "<f8", "<c8", "<c16"})
      if (text(found) == other) advice += ", or open it as another scalar type";
    refuse("dtype", found, '"' + dtype_ + '"', advice);
  }

  void require_no_filters() const {
    const json_t* filters = member("filters");
    if (json_is_null(filters) || (json_is_array(filters) && json_array_size(filters) == 0)) return;
    refuse("filters", filters, "null", save_again("filters=None, compressor=None"));
  }

  std::vector<std::int64_t> integers(const char* name, std::int64_t least) const {
    const json_t* list = member(name);
    const std::string expected = "a list of integers of at least " + std::to_string(least);
    if (!json_is_array(list)) refuse(name, list, expected, "restore the file");
    std::vector<std::int64_t> values;
    for (std::size_t k = 0; k < json_array_size(list); ++k) {
      const json_t* value = json_array_get(list, k);
      if (!json_is_integer(value) || json_integer_value(value) < least)
        refuse(name, list, expected, "restore the file");
      values.push_back(json_integer_value(value));
    }
    return values;
  }

  void require_countable(const ZarrMetadata& metadata) const {
    if (byte_count(metadata.grid.rows, metadata.grid.cols, element_size_) < 0)
      refuse("shape", member("shape"), "an array whose bytes can be counted", "restore the file");
    if (metadata.chunk_bytes(element_size_) < 0)
      refuse("chunks", member("chunks"), "chunks whose bytes can be counted", "restore the file");
    require_memory(metadata.chunk_bytes(element_size_), "a chunk of " + path_);
  }

  char choice(const char* name, const char* one, const char* other) const {
    const json_t* value = member(name);
    const std::string found = text(value);
    if (found != one && found != other)
      refuse(name, value, '"' + std::string(one) + "\" or \"" + other + '"', "restore the file");
    return found[0];
  }

  std::optional<int> compression() const {
    const json_t* compressor = member("compressor");
    if (json_is_null(compressor)) return std::nullopt;
    const json_t* level = json_object_get(compressor, "level");
    if (text(json_object_get(compressor, "id")) != "zstd" || (level && !json_is_integer(level)))
      refuse("compressor", compressor, "null or {\"id\": \"zstd\", \"level\": 3}",
             save_again("compressor=numcodecs.Zstd(3)"));
    const json_int_t value = level ? json_integer_value(level) : 3;
    return static_cast<int>(value < -7 ? -7 : value > 22 ? 22 : value);
  }

  std::optional<std::complex<double>> fill() const {
    const json_t* value = member("fill_value");
    if (json_is_null(value)) return std::nullopt;
    if (json_is_array(value) && json_array_size(value) == 2)
      return std::complex<double>(real(json_array_get(value, 0)), real(json_array_get(value, 1)));
    return real(value);
  }

  double real(const json_t* value) const {
    if (json_is_number(value)) return json_number_value(value);
    const std::string name = text(value);
    if (name == "NaN") return std::numeric_limits<double>::quiet_NaN();
    if (name == "Infinity") return std::numeric_limits<double>::infinity();
    if (name == "-Infinity") return -std::numeric_limits<double>::infinity();
    refuse("fill_value", value, "a number", "restore the file");
  }

  std::string path_;
  std::string dtype_;
  std::size_t element_size_;
  Json document_;
};

/// The metadata of the array in the directory `path`. Throws input_error if there is no Zarr v2
/// array of `dtype`, or one that lambdapack does not read.
inline ZarrMetadata read_zarr_metadata(const std::string& path, const std::string& dtype,
                                       std::size_t element_size) {
  const Kind kind = kind_of(path);
  if (kind == Kind::nothing)
    detail::refuse({"there is no Zarr array at ", path,
                    "; check the path, or make one with lp::zarr(path, rows, cols, tile)"});
  if (kind != Kind::directory)
    detail::refuse({path,
                    " is not a directory; expected the directory of a Zarr v2 array: "
                    "check the path"});
  const std::string file_name = path + "/.zarray";
  if (kind_of(file_name) == Kind::nothing) {
    std::string advice = "check the path";
    if (kind_of(path + "/zarr.json") != Kind::nothing)
      advice = "it is Zarr v3: save it again from Python with zarr_format=2";
    if (kind_of(path + "/.zgroup") != Kind::nothing)
      advice = "it is a group: name one of the arrays in it";
    detail::refuse({path, " is not a Zarr array (it holds no file .zarray); ", advice});
  }
  const File file = File::open(file_name);
  constexpr std::int64_t limit = 1 << 20;
  if (file.size() > limit)
    detail::refuse({file_name, " is ", file.size(), " bytes long; expected at most ", limit,
                    ": restore the file"});
  std::string text(static_cast<std::size_t>(file.size()), '\0');
  file.read(std::as_writable_bytes(std::span(text)), 0);
  return ZarrMetadataReader(file_name, text, dtype, element_size).read();
}

/// The text of a .zarray file for a new array of two dimensions. `complex` is for the fill value.
inline std::string zarr_metadata_text(const ZarrMetadata& metadata, const std::string& dtype,
                                      bool complex) {
  const auto side = [](std::int64_t n) { return static_cast<json_int_t>(n); };
  const Grid& grid = metadata.grid;
  json_t* compressor = metadata.zstd_level
                           ? json_pack("{s:s, s:i}", "id", "zstd", "level", *metadata.zstd_level)
                           : json_null();
  json_t* fill = complex ? json_pack("[f, f]", 0.0, 0.0) : json_real(0.0);
  const char separator[2] = {metadata.separator, '\0'};
  const Json document(json_pack(
      "{s:i, s:[I, I], s:[I, I], s:s, s:o, s:o, s:s, s:n, s:s}", "zarr_format", 2, "shape",
      side(grid.rows), side(grid.cols), "chunks", side(grid.tile_rows), side(grid.tile_cols),
      "dtype", dtype.c_str(), "compressor", compressor, "fill_value", fill, "order",
      metadata.by_columns ? "F" : "C", "filters", "dimension_separator", separator));
  const std::unique_ptr<char, void (*)(void*)> text(
      document ? json_dumps(document.get(), JSON_INDENT(4)) : nullptr, std::free);
  if (!text) contradict({"the metadata of a Zarr array could not be written"});
  return text.get();
}

}  // namespace lambdapack::tile::detail
