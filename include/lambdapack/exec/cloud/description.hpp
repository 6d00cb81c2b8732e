// What a run is, as an object that its workers read: the program, its closed forms, sizes,
// constants, and what its arrays look like. It does not change once it is there.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/exec/job.hpp"
#include "lambdapack/form/json.hpp"
#include "lambdapack/ir/content_hash.hpp"
#include "lambdapack/ir/json.hpp"
#include "lambdapack/text.hpp"
#include "lambdapack/tile/detail/grid.hpp"
#include "lambdapack/tile/detail/grid_store.hpp"

namespace lambdapack::exec::cloud {

/// A Zarr v2 array in the run's store, whose chunks are initial tiles.
struct StoredInput {
  std::string key;     ///< of the array: chunks are below it
  std::string zarray;  ///< the text of its .zarray
};

/// A store of an array that is in an object store, where the workers of lp::cloud read it.
class InObjects {
 public:
  virtual ~InObjects() = default;
  /// The array that is there; nothing if a run is to make it.
  virtual std::optional<StoredInput> input() const = 0;
  /// Asked before a run begins. Throws input_error if the array is in another store than this.
  virtual void require_in(const std::string& store) const = 0;
  /// The next run leaves its results in the store, and saves nothing here.
  virtual void leave_results() = 0;
};

/// What a worker has to know of an array. A matrix has a grid; of any other array of rank 1 or 2 it
/// is known where its rows and columns of tiles begin.
struct ArrayDescription {
  std::string name;     ///< of its results, as part of a key
  std::string title;    ///< in messages
  std::string payload;  ///< of its tiles
  std::vector<std::int64_t> extents;
  std::optional<tile::detail::Grid> grid;
  std::array<std::vector<std::int64_t>, 2> origins;
  std::optional<StoredInput> stored{};  ///< a matrix that nobody has to bring
};

/// A run, to be written or read.
struct Description {
  ir::Program program;
  std::string hash;  ///< of the program's contents
  std::vector<std::string> constants;
  std::string forms;  ///< JSON
  std::vector<std::int64_t> sizes;
  std::vector<std::optional<ArrayDescription>> arrays;  ///< nothing for a temp
  std::int64_t total = 0;
  std::string ledger;                      ///< where the run's ledger is
  std::chrono::milliseconds lease{10000};  ///< of its first workers
};

namespace detail {

inline constexpr const char* description_format = "lambdapack run";
inline constexpr int description_version = 1;
// Clocks count nanoseconds.
inline constexpr std::int64_t longest_lease = std::int64_t{1} << 40;

inline std::string hex_of(const std::string& bytes) {
  std::string hex;
  for (const char c : bytes) {
    hex += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
    hex += "0123456789abcdef"[static_cast<unsigned char>(c) & 15];
  }
  return hex;
}

inline std::string bytes_of_hex(const ir::detail::JsonValue& value) {
  const std::string hex = value.string();
  const auto digit = [&](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    value.refuse("an even number of hexadecimal digits");
  };
  if (hex.size() % 2 != 0) value.refuse("an even number of hexadecimal digits");
  std::string bytes;
  for (std::size_t k = 0; k < hex.size(); k += 2)
    bytes += static_cast<char>(digit(hex[k]) * 16 + digit(hex[k + 1]));
  return bytes;
}

/// The name of an array as a part of a key: its own if it can be one and no other array has it.
inline std::string key_name(const ir::Program& program, std::size_t a) {
  const std::string& name = program.arrays[a].name;
  bool good = !name.empty() && name.size() <= 100;
  for (const char c : name)
    good = good &&
           ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_');
  for (std::size_t b = 0; b < program.arrays.size(); ++b)
    good = good && (a == b || program.arrays[b].name != name);
  return good ? name : text({"array-", a});
}

template <class T>
bool describe_grid(const tile::Store& store, ArrayDescription& array) {
  const auto* matrix = dynamic_cast<const tile::detail::GridStore<T>*>(&store);
  if (matrix == nullptr) return false;
  array.grid = matrix->grid();
  array.title = array.title.substr(0, array.title.rfind(" ("));
  return true;
}

}  // namespace detail

/// Array `a` of a job as one that is in an object store; null if it is not.
inline InObjects* in_objects(const Job& job, std::size_t a) {
  return dynamic_cast<InObjects*>(job.arrays[a].get());
}

/// What is to be known of array `a` of a job, which has begun.
inline std::optional<ArrayDescription> describe_array(const Job& job, std::size_t a) {
  if (!job.arrays[a]) return std::nullopt;
  const tile::Store& store = *job.arrays[a];
  ArrayDescription array;
  array.name = detail::key_name(*job.program, a);
  array.title = store.describe();
  array.payload = store.payload().name;
  array.extents = store.extents();
  if (const InObjects* const there = in_objects(job, a)) array.stored = there->input();
  if (detail::describe_grid<double>(store, array) || detail::describe_grid<float>(store, array) ||
      detail::describe_grid<std::complex<double>>(store, array) ||
      detail::describe_grid<std::complex<float>>(store, array))
    return array;
  const std::size_t rank = array.extents.size();
  for (std::size_t d = 0; d < rank && rank <= 2; ++d)
    for (std::int64_t k = 0; k < array.extents[d]; ++k) {
      std::vector<std::int64_t> index(rank, 0);
      index[d] = k;
      if (array.extents[1 - d < rank ? 1 - d : d] == 0) break;
      const tile::Origin origin = store.origin(index);
      array.origins[d].push_back(d == 0 ? origin.row : origin.column);
    }
  return array;
}

/// The text of run.json.
inline std::string to_json(const Description& run) {
  using ir::detail::json_list;
  using ir::detail::json_quoted;
  const auto integers = [](const std::vector<std::int64_t>& all) {
    return json_list(all, [](std::int64_t i) { return std::to_string(i); });
  };
  const auto array = [&](const std::optional<ArrayDescription>& a) -> std::string {
    if (!a) return "null";
    ir::detail::JsonObject object;
    object.add("name", json_quoted(a->name));
    object.add("title", json_quoted(a->title));
    object.add("payload", json_quoted(a->payload));
    object.add("extents", integers(a->extents));
    if (a->grid)
      object.add("grid",
                 integers({a->grid->rows, a->grid->cols, a->grid->tile_rows, a->grid->tile_cols}));
    if (a->stored) {
      ir::detail::JsonObject stored;
      stored.add("key", json_quoted(a->stored->key));
      stored.add("zarray", json_quoted(a->stored->zarray));
      object.add("stored", stored.text());
    }
    object.add("rows", integers(a->origins[0]));
    object.add("columns", integers(a->origins[1]));
    return object.text();
  };
  ir::detail::JsonObject object;
  object.add("format", json_quoted(detail::description_format));
  object.add("version", detail::description_version);
  object.add("ledger", json_quoted(run.ledger));
  object.add("lease", std::min<std::int64_t>(run.lease.count(), detail::longest_lease));
  object.add("total", run.total);
  object.add("hash", json_quoted(run.hash));
  object.add("sizes", integers(run.sizes));
  object.add("constants", json_list(run.constants, [](const std::string& bytes) {
               return json_quoted(detail::hex_of(bytes));
             }));
  object.add("arrays", json_list(run.arrays, array));
  object.add("program", ir::to_json(run.program));
  object.add("forms", run.forms);
  return object.text();
}

/// Reads the text of a run.json with suspicion.
class DescriptionReader {
 public:
  /// Throws input_error if the text is no JSON.
  explicit DescriptionReader(const std::string& text) : document_(text, "run.json") {}

  /// All but the forms. Throws input_error, with the place as a JSON pointer, for what is not of
  /// the format or does not hang together.
  Description read() const {
    const Value root = document_.root();
    const Value format = root.member("format");
    if (format.string() != detail::description_format)
      format.refuse(text({"\"", detail::description_format, "\""}));
    root.member("version").integer(detail::description_version, detail::description_version);
    Description run;
    run.ledger = root.member("ledger").string();
    if (root.has("lease"))
      run.lease = std::chrono::milliseconds(root.member("lease").integer(1, detail::longest_lease));
    run.total = root.member("total").integer(0, most);
    run.hash = root.member("hash").string();
    run.sizes = integers(root.member("sizes"), 0);
    run.constants = ir::detail::list_of(root.member("constants"), detail::bytes_of_hex);
    run.program = ir::from_json(root.member("program"));
    const Value arrays = root.member("arrays");
    arrays.expect_size(run.program.arrays.size(), "a description of each array of the program");
    for (std::size_t a = 0; a < arrays.size(); ++a)
      run.arrays.push_back(array(arrays[a], run.program.arrays[a]));
    return run;
  }

  /// The forms, for the program that the run's is equal to.
  form::ClosedForms forms(const ir::Program& program) const {
    return form::from_json(program, document_.root().member("forms"));
  }

 private:
  using Value = ir::detail::JsonValue;
  static constexpr std::int64_t most = std::int64_t{1} << 62;

  static std::vector<std::int64_t> integers(const Value& list, std::int64_t least) {
    return ir::detail::list_of(list, [&](const Value& v) { return v.integer(least, most); });
  }

  static std::optional<ArrayDescription> array(const Value& value, const ir::Array& declared) {
    if (value.is_null() && declared.role == ir::ArrayRole::temp) return std::nullopt;
    value.expect_only({"name", "title", "payload", "extents", "grid", "stored", "rows", "columns"});
    ArrayDescription array;
    array.name = value.member("name").string();
    array.title = value.member("title").string();
    array.payload = value.member("payload").string();
    if (array.payload != declared.element)
      value.member("payload").refuse(text({"\"", std::string_view(declared.element), "\""}));
    array.extents = integers(value.member("extents"), 0);
    value.member("extents").expect_size(static_cast<std::size_t>(declared.rank),
                                        "an extent for each dimension");
    array.origins = {integers(value.member("rows"), 0), integers(value.member("columns"), 0)};
    if (!value.has("grid")) return array;
    const std::vector<std::int64_t> grid = integers(value.member("grid"), 0);
    if (grid.size() != 4 || grid[2] < 1 || grid[3] < 1)
      value.member("grid").refuse("[rows, columns, rows of a tile, columns of a tile]");
    array.grid = tile::detail::Grid{grid[0], grid[1], grid[2], grid[3]};
    if (value.has("stored")) {
      const Value stored = value.member("stored");
      array.stored = {stored.member("key").string(), stored.member("zarray").string()};
    }
    return array;
  }

  ir::detail::JsonDocument document_;
};

}  // namespace lambdapack::exec::cloud
