// What the tests of stores share: directories that go away, random shapes, Python, messages.
#pragma once

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <complex>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "lambdapack/tile/tile.hpp"

namespace tile_test {

/// A directory of its own for one test: below TMPDIR if that is set, else in memory where there is
/// such a place, for `commit` waits for the disk.
class TempDir {
 public:
  TempDir() {
    const char* place = std::getenv("TMPDIR");
    if (place == nullptr) place = ::access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp";
    path_ = std::string(place) + "/lambdapack-tile-XXXXXX";
    REQUIRE(::mkdtemp(path_.data()) != nullptr);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir() { lp::tile::detail::remove_tree(path_); }

  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

  /// Names in the directory, those that begin with a dot too, sorted and with a space between.
  std::string list(const std::string& below = "") const {
    std::vector<std::string> names;
    ::DIR* directory = ::opendir((path_ + "/" + below).c_str());
    REQUIRE(directory != nullptr);
    while (const ::dirent* entry = ::readdir(directory))
      if (const std::string name = entry->d_name; name != "." && name != "..")
        names.push_back(name);
    ::closedir(directory);
    std::sort(names.begin(), names.end());
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : " ") + name;
    return text;
  }

 private:
  std::string path_;
};

inline std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline void put(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  REQUIRE(file.flush());
}

/// `text` with the first `from` replaced by `to`.
inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

/// Runs a script in Debian's Python, with NumPy as np and Zarr as zarr, in `directory`.
inline void python(const TempDir& directory, const std::string& script) {
  put(directory / "script.py", "import numpy as np, zarr, numcodecs\n" + script);
  const std::string command = "cd " + directory.path() + " && /usr/bin/python3 script.py";
  INFO(script);
  REQUIRE(std::system(command.c_str()) == 0);
  std::remove((directory / "script.py").c_str());
}

/// What the input_error that `action` throws says, or "" if it throws none.
inline std::string refusal(const std::function<void()>& action) {
  try {
    action();
  } catch (const lp::input_error& error) {
    return error.what();
  }
  return "";
}

/// Each part occurs in `text`.
inline void require_parts(const std::string& text, const std::vector<std::string>& parts) {
  for (const std::string& part : parts) REQUIRE_THAT(text, Catch::Contains(part));
}

/// The value that the tests put at (i, j); Python: `i * 1000 + j + 0.5`, times (1 - 2j) if complex.
template <class T>
T value(std::int64_t i, std::int64_t j) {
  const double real = static_cast<double>(i * 1000 + j) + 0.5;
  if constexpr (std::is_floating_point_v<T>)
    return static_cast<T>(real);
  else
    return T(static_cast<typename T::value_type>(real),
             static_cast<typename T::value_type>(-2 * real));
}

/// The Python expression for the rows x cols array of `value`s.
template <class T>
std::string python_values(std::int64_t rows, std::int64_t cols) {
  return "(np.arange(" + std::to_string(rows) + ")[:, None] * 1000 + np.arange(" +
         std::to_string(cols) + ") + 0.5)" + (std::is_floating_point_v<T> ? "" : " * (1 - 2j)");
}

template <class T>
lp::tile::Dense<T> dense_values(std::int64_t rows, std::int64_t cols) {
  lp::tile::Dense<T> dense(rows, cols);
  for (std::int64_t j = 0; j < cols; ++j)
    for (std::int64_t i = 0; i < rows; ++i) dense(i, j) = value<T>(i, j);
  return dense;
}

template <class T>
lp::TiledMatrix<T> matrix_values(std::int64_t rows, std::int64_t cols, std::int64_t tile_rows,
                                 std::int64_t tile_cols) {
  const auto dense = dense_values<T>(rows, cols);
  return lp::TiledMatrix<T>::from(dense.data(), rows, cols, rows, tile_rows, tile_cols);
}

/// Whether two matrices have the same shape and elements.
template <class T>
bool same(const lp::tile::Dense<T>& a, const lp::tile::Dense<T>& b) {
  return a.rows() == b.rows() && a.cols() == b.cols() &&
         std::equal(a.data(), a.data() + a.size(), b.data());
}

/// rows, cols, tile rows, tile cols.
using Shape = std::array<std::int64_t, 4>;

/// Shapes with no rows or columns, one tile, tiles larger than the matrix, ragged ones, and 40
/// random ones of all kinds.
inline std::vector<Shape> shapes() {
  std::vector<Shape> all = {{0, 0, 1, 1}, {0, 5, 2, 2}, {5, 0, 2, 2}, {1, 1, 1, 1}, {4, 4, 4, 4},
                            {3, 5, 9, 9}, {3, 5, 2, 9}, {6, 4, 2, 2}, {7, 9, 3, 4}, {1, 8, 3, 3}};
  std::mt19937 random(20240117);
  std::uniform_int_distribution<std::int64_t> side(0, 24), tile(1, 11);
  for (int k = 0; k < 40; ++k)
    all.push_back({side(random), side(random), tile(random), tile(random)});
  return all;
}

inline std::string text(const Shape& s) {
  return std::to_string(s[0]) + " x " + std::to_string(s[1]) + " in " + std::to_string(s[2]) +
         " x " + std::to_string(s[3]);
}

/// Runs `change` on every tile through a store, as an executor would: taken, changed, saved.
template <class T>
void update_all(lp::tile::Store& store, const std::function<void(lp::tile::Dense<T>&)>& change) {
  store.begin(lp::tile::Use::update);
  lp::tile::detail::for_each_tile(store.extents(), [&](lp::tile::Index index) {
    lp::tile::Tile tile = store.take(index);
    if (!tile.unique()) tile = tile.clone();
    change(tile.get<lp::tile::Dense<T>>());
    store.save(index, tile);
  });
  store.commit();
}

template <class T>
void negate(lp::tile::Dense<T>& tile) {
  for (std::size_t k = 0; k < tile.size(); ++k) tile.data()[k] = -tile.data()[k];
}

}  // namespace tile_test
