// How a matrix is cut into tiles: extents, shapes, origins, and the texts that describe them.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/tile/detail/message.hpp"
#include "lambdapack/tile/store.hpp"

namespace lambdapack::tile::detail {

/// "3 x 4".
inline std::string shape_text(std::int64_t rows, std::int64_t cols) {
  return message({rows, " x ", cols});
}

/// A rows x cols matrix in tiles of tile_rows x tile_cols; the last ones are what is left over.
struct Grid {
  std::int64_t rows = 0;
  std::int64_t cols = 0;
  std::int64_t tile_rows = 1;
  std::int64_t tile_cols = 1;

  bool operator==(const Grid&) const = default;

  std::int64_t tiles_down() const { return rows / tile_rows + (rows % tile_rows != 0); }
  std::int64_t tiles_across() const { return cols / tile_cols + (cols % tile_cols != 0); }
  std::size_t tile_count() const {
    return static_cast<std::size_t>(tiles_down()) * static_cast<std::size_t>(tiles_across());
  }

  /// Whether the grid has a tile (i, j).
  bool has(std::int64_t i, std::int64_t j) const {
    return i >= 0 && j >= 0 && i < tiles_down() && j < tiles_across();
  }
  /// Position of tile (i, j) in a list of all tiles, column by column.
  std::size_t place(std::int64_t i, std::int64_t j) const {
    return static_cast<std::size_t>(i + j * tiles_down());
  }

  /// First row of tile row i, and number of rows in it; the same for columns.
  std::int64_t first_row(std::int64_t i) const { return i * tile_rows; }
  std::int64_t first_col(std::int64_t j) const { return j * tile_cols; }
  std::int64_t rows_at(std::int64_t i) const { return std::min(tile_rows, rows - first_row(i)); }
  std::int64_t cols_at(std::int64_t j) const { return std::min(tile_cols, cols - first_col(j)); }

  /// "name (3000 x 3000 float64 in tiles of 256 x 256)".
  std::string describe(const std::string& name, const char* element) const {
    return message({name, " (", rows, " x ", cols, " ", element, " in tiles of ", tile_rows, " x ",
                    tile_cols, ")"});
  }
};

/// Bytes in rows x cols elements of `element_size` bytes, or -1 if no 63 bits can count them.
inline std::int64_t byte_count(std::int64_t rows, std::int64_t cols, std::size_t element_size) {
  std::int64_t bytes = 0;
  if (__builtin_mul_overflow(rows, cols, &bytes) ||
      __builtin_mul_overflow(bytes, static_cast<std::int64_t>(element_size), &bytes))
    return -1;
  return bytes;
}

/// A checked grid. Throws input_error on a negative shape, a tile smaller than 1 x 1, and a matrix
/// whose bytes cannot be counted.
inline Grid make_grid(std::int64_t rows, std::int64_t cols, std::int64_t tile_rows,
                      std::int64_t tile_cols, std::size_t element_size) {
  if (rows < 0 || cols < 0)
    refuse({"a matrix cannot be ", shape_text(rows, cols), "; give it a shape of at least 0 x 0"});
  if (tile_rows < 1 || tile_cols < 1)
    refuse({"a tile cannot be ", shape_text(tile_rows, tile_cols),
            "; give it a shape of at least 1 x 1 (256 or 512 suit most machines)"});
  if (byte_count(rows, cols, element_size) < 0)
    refuse({"a matrix of ", shape_text(rows, cols), " elements of ", element_size,
            " bytes does not fit any memory; check the shape"});
  return {rows, cols, tile_rows, tile_cols};
}

/// Throws input_error if `bytes` exceed this machine's memory; `what` is what needs them.
inline void require_memory(std::int64_t bytes, const std::string& what) {
  static const std::int64_t memory = static_cast<std::int64_t>(::sysconf(_SC_PHYS_PAGES)) *
                                     static_cast<std::int64_t>(::sysconf(_SC_PAGESIZE));
  if (bytes > memory)
    refuse({what, " takes ", bytes,
            " bytes of memory, and this "
            "machine has ",
            memory, "; check that the shape is right, or use a larger machine"});
}

/// Position of a tile in a list of all tiles, first index fastest, or -1 if there is no such tile.
inline std::int64_t position_in(const std::vector<std::int64_t>& extents, Index index) {
  if (index.size() != extents.size()) return -1;
  std::int64_t position = 0;
  for (std::size_t d = extents.size(); d-- > 0;) {
    if (index[d] < 0 || index[d] >= extents[d]) return -1;
    position = position * extents[d] + index[d];
  }
  return position;
}

/// Calls `f(Index)` for each tile of an array with these extents, first index fastest.
template <class F>
void for_each_tile(const std::vector<std::int64_t>& extents, F f) {
  if (std::any_of(extents.begin(), extents.end(), [](std::int64_t e) { return e == 0; })) return;
  std::vector<std::int64_t> index(extents.size(), 0);
  for (std::size_t d = 0;;) {
    f(Index(index));
    for (d = 0; d < index.size() && ++index[d] == extents[d]; ++d) index[d] = 0;
    if (d == index.size()) return;
  }
}

/// Calls work(), and abandons a store that has begun if it throws.
template <class Work>
void or_abandon(Store& store, const Work& work) {
  try {
    work();
  } catch (const std::exception& failure) {
    store.abandon(failure.what());
    throw;
  }
}

/// Runs `from` and `to` through a whole run that copies every tile. `to` is abandoned on failure.
inline void copy_tiles(Store& from, Store& to) {
  from.begin(Use::read);
  or_abandon(from, [&] {
    to.begin(Use::write);
    or_abandon(to, [&] {
      for_each_tile(to.extents(), [&](Index index) { to.save(index, from.load(index)); });
      to.commit();
    });
  });
  from.commit();
}

}  // namespace lambdapack::tile::detail
