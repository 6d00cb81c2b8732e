// One chunk of a Zarr array: a file of elements, compressed or not.
#pragma once

#include <zstd.h>

#include <algorithm>
#include <array>
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

/// Whether a file holds one frame of zstd of `bytes` bytes that is there to its end. Reads the
/// headers of the frame and of its blocks, and no contents.
inline bool is_whole_frame(const File& file, std::int64_t bytes) {
  const std::int64_t size = file.size();
  const auto read = [&](std::int64_t offset, std::span<std::byte> out) {
    if (size - offset < static_cast<std::int64_t>(out.size())) return false;
    file.read(out, offset);
    return true;
  };
  const auto number = [](std::byte byte) { return std::to_integer<unsigned>(byte); };
  std::array<std::byte, 18> head{};
  const auto begin = std::span(head).first(
      static_cast<std::size_t>(std::min<std::int64_t>(size, static_cast<int>(head.size()))));
  if (begin.size() < 5 || !read(0, begin)) return false;
  if (ZSTD_getFrameContentSize(begin.data(), begin.size()) !=
      static_cast<unsigned long long>(bytes))
    return false;
  // RFC 8878, 3.1.1: how long the header is follows from its first byte.
  const unsigned descriptor = number(head[4]);
  const bool is_single = (descriptor & 32) != 0, has_checksum = (descriptor & 4) != 0;
  constexpr std::int64_t name_bytes[] = {0, 1, 2, 4};
  const std::int64_t count_bytes[] = {is_single ? 1 : 0, 2, 4, 8};
  std::int64_t at =
      5 + (is_single ? 0 : 1) + name_bytes[descriptor & 3] + count_bytes[descriptor >> 6];
  for (bool is_last = false; !is_last;) {
    std::array<std::byte, 3> block{};
    if (!read(at, block)) return false;
    const unsigned header = number(block[0]) | number(block[1]) << 8 | number(block[2]) << 16;
    const bool repeats_one_byte = (header >> 1 & 3) == 1;
    is_last = (header & 1) != 0;
    at += 3 + (repeats_one_byte ? 1 : header >> 3);
  }
  return at + (has_checksum ? 4 : 0) == size;
}

/// Whether the file at `path` can be a whole chunk: by its size, or the headers in it.
inline bool is_whole_chunk(const std::string& path, const ZarrMetadata& metadata,
                           std::size_t element_size) {
  const std::int64_t bytes = metadata.chunk_bytes(element_size);
  const File file = File::open(path);
  return metadata.zstd_level ? is_whole_frame(file, bytes) : file.size() == bytes;
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
  constexpr std::size_t worth_it = std::size_t{256} << 10;
  if (bytes.size() >= worth_it) file.begin_sync();
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
