// One chunk of a Zarr array: a file of elements, compressed or not.
#pragma once

#include <zstd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "lambdapack/tile/dense.hpp"
#include "lambdapack/tile/detail/block.hpp"
#include "lambdapack/tile/detail/file.hpp"
#include "lambdapack/tile/detail/message.hpp"
#include "lambdapack/tile/detail/zarr_metadata.hpp"

namespace lambdapack::tile::detail {

/// Throws input_error about the chunk `name`, which is to hold `bytes` bytes of elements.
[[noreturn]] inline void refuse_chunk(const std::string& name, const std::string& found,
                                      std::int64_t bytes) {
  refuse({"the chunk ", name, " ", found, "; expected ", bytes,
          " bytes of elements: it is damaged, restore it or write the array again"});
}

/// Checks that the frame of zstd of a chunk can hold `bytes` bytes, before any of them is
/// allocated.
inline void check_frame(std::span<const std::byte> frame, std::int64_t bytes,
                        const std::string& name) {
  // A block of zstd has at least 4 bytes and at most 128 KiB of contents.
  constexpr std::int64_t highest_ratio = 32768;
  const auto size = static_cast<std::int64_t>(frame.size());
  if (size == 0) refuse_chunk(name, "is empty", bytes);
  const unsigned long long contents = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (contents == ZSTD_CONTENTSIZE_ERROR) refuse_chunk(name, "is not compressed with zstd", bytes);
  const bool known = contents != ZSTD_CONTENTSIZE_UNKNOWN;
  if (known && contents != static_cast<unsigned long long>(bytes))
    refuse_chunk(name, "decompresses to " + std::to_string(contents) + " bytes", bytes);
  if (bytes / highest_ratio > size)
    refuse_chunk(name, "is only " + std::to_string(size) + " bytes long", bytes);
}

/// The elements in the frame of a chunk.
inline void decompress(std::span<const std::byte> frame, std::span<std::byte> out,
                       const std::string& name) {
  const auto bytes = static_cast<std::int64_t>(out.size());
  const std::size_t result = ZSTD_decompress(out.data(), out.size(), frame.data(), frame.size());
  if (ZSTD_isError(result))
    refuse_chunk(name, std::string("cannot be decompressed (") + ZSTD_getErrorName(result) + ")",
                 bytes);
  if (result != out.size())
    refuse_chunk(name, "decompresses to " + std::to_string(result) + " bytes", bytes);
}

/// The rows x cols elements in the upper left of a chunk, whose elements `unpack` writes to a span
/// that has room for all of its bytes.
template <Scalar T, class Unpack>
Dense<T> tile_of_chunk(const ZarrMetadata& metadata, std::int64_t rows, std::int64_t cols,
                       const Unpack& unpack) {
  const std::int64_t height = metadata.grid.tile_rows, width = metadata.grid.tile_cols;
  Dense<T> tile(rows, cols);
  if (metadata.by_columns && rows == height && cols == width) {
    unpack(std::as_writable_bytes(std::span(tile.data(), tile.size())));
    return tile;
  }
  Dense<T> chunk(metadata.by_columns ? height : width, metadata.by_columns ? width : height);
  unpack(std::as_writable_bytes(std::span(chunk.data(), chunk.size())));
  if (metadata.by_columns)
    copy_block(rows, cols, chunk.data(), height, tile.data(), rows);
  else
    copy_transposed(rows, cols, chunk.data(), width, tile.data(), rows);
  return tile;
}

/// The same, of the chunk in the file `path`. Throws input_error if it is not there, or damaged.
template <Scalar T>
Dense<T> read_chunk(const std::string& path, const ZarrMetadata& metadata, std::int64_t rows,
                    std::int64_t cols) {
  const std::int64_t bytes = metadata.chunk_bytes(sizeof(T));
  const File file = File::open(path);
  if (!metadata.zstd_level) {
    if (file.size() != bytes)
      refuse_chunk(path, "holds " + std::to_string(file.size()) + " bytes", bytes);
    return tile_of_chunk<T>(metadata, rows, cols,
                            [&](std::span<std::byte> out) { file.read(out, 0); });
  }
  require_memory(file.size(), path);
  const Bytes frame(file.size());
  file.read(frame.span(), 0);
  check_frame(frame.span(), bytes, path);
  return tile_of_chunk<T>(metadata, rows, cols,
                          [&](std::span<std::byte> out) { decompress(frame.span(), out, path); });
}

/// The same, of the chunk `name` whose bytes these are.
template <Scalar T>
Dense<T> parse_chunk(std::span<const std::byte> contents, const std::string& name,
                     const ZarrMetadata& metadata, std::int64_t rows, std::int64_t cols) {
  const std::int64_t bytes = metadata.chunk_bytes(sizeof(T));
  if (metadata.zstd_level)
    check_frame(contents, bytes, name);
  else if (std::cmp_not_equal(contents.size(), bytes))
    refuse_chunk(name, "holds " + std::to_string(contents.size()) + " bytes", bytes);
  return tile_of_chunk<T>(metadata, rows, cols, [&](std::span<std::byte> out) {
    if (metadata.zstd_level)
      decompress(contents, out, name);
    else
      std::copy(contents.begin(), contents.end(), out.begin());
  });
}

/// Writes a chunk's bytes to the file `path`, compressed if the array is.
inline void write_chunk_bytes(const std::string& path, const ZarrMetadata& metadata,
                              std::span<const std::byte> bytes) {
  File file = File::create(path);
  if (metadata.zstd_level) {
    const Bytes frame(static_cast<std::int64_t>(ZSTD_compressBound(bytes.size())));
    // A checksum, which every reader of zstd verifies: a damaged chunk is found, not computed with.
    const std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context(ZSTD_createCCtx(),
                                                                          &ZSTD_freeCCtx);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, *metadata.zstd_level);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
    const std::size_t size =
        ZSTD_compress2(context.get(), frame.data.get(), frame.size, bytes.data(), bytes.size());
    if (ZSTD_isError(size))
      detail::refuse({"cannot compress the chunk ", path, ": ", ZSTD_getErrorName(size),
                      "; free some memory, or write the array without compression"});
    file.write(frame.span().first(size), 0);
  } else {
    file.write(bytes, 0);
  }
  file.close();
}

/// Writes a tile as the chunk `path`; what a chunk at the edge has beyond the tile is zero.
template <Scalar T>
void write_chunk(const std::string& path, const ZarrMetadata& metadata, const Dense<T>& tile) {
  const std::int64_t height = metadata.grid.tile_rows, width = metadata.grid.tile_cols;
  const auto write = [&](const Dense<T>& chunk) {
    write_chunk_bytes(path, metadata, std::as_bytes(std::span(chunk.data(), chunk.size())));
  };
  if (metadata.by_columns && tile.rows() == height && tile.cols() == width) return write(tile);
  Dense<T> chunk =
      metadata.by_columns ? Dense<T>::zeros(height, width) : Dense<T>::zeros(width, height);
  if (metadata.by_columns)
    copy_block(tile.rows(), tile.cols(), tile.data(), tile.rows(), chunk.data(), height);
  else
    copy_transposed(tile.cols(), tile.rows(), tile.data(), tile.rows(), chunk.data(), width);
  write(chunk);
}

/// Writes a chunk of zeros; without compression it takes no space.
template <Scalar T>
void write_zero_chunk(const std::string& path, const ZarrMetadata& metadata) {
  if (metadata.zstd_level)
    return write_chunk(path, metadata,
                       Dense<T>::zeros(metadata.grid.tile_rows, metadata.grid.tile_cols));
  File file = File::create(path);
  file.resize(metadata.chunk_bytes(sizeof(T)));
  file.close();
}

}  // namespace lambdapack::tile::detail
