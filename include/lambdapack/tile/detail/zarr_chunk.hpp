// One chunk of a Zarr array: a file of elements, compressed or not.
#pragma once

#include <zstd.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "lambdapack/tile/dense.hpp"
#include "lambdapack/tile/detail/block.hpp"
#include "lambdapack/tile/detail/file.hpp"
#include "lambdapack/tile/detail/message.hpp"
#include "lambdapack/tile/detail/zarr_metadata.hpp"

namespace lambdapack::tile::detail {

/// A chunk's file, opened, and its size checked against what it must hold before any of that is
/// allocated.
class ZarrChunkFile {
 public:
  /// Throws input_error if the file cannot hold a chunk of `bytes` bytes.
  ZarrChunkFile(const std::string& path, bool compressed, std::int64_t bytes)
      : file_(File::open(path)), bytes_(bytes) {
    if (compressed)
      read_frame();
    else if (file_.size() != bytes)
      refuse("holds " + std::to_string(file_.size()) + " bytes");
  }

  /// Reads the chunk's elements into `out`, which has room for all of its bytes.
  void unpack(std::span<std::byte> out) const {
    if (frame_.size == 0) return file_.read(out, 0);
    const std::size_t result =
        ZSTD_decompress(out.data(), out.size(), frame_.data.get(), frame_.size);
    if (ZSTD_isError(result))
      refuse(std::string("cannot be decompressed (") + ZSTD_getErrorName(result) + ")");
    if (result != out.size()) refuse("decompresses to " + std::to_string(result) + " bytes");
  }

 private:
  /// A block of zstd has at least 4 bytes and at most 128 KiB of contents.
  static constexpr std::int64_t highest_ratio = 32768;

  void read_frame() {
    const std::int64_t size = file_.size();
    if (size == 0) refuse("is empty");
    require_memory(size, file_.path());
    frame_ = Bytes(size);
    file_.read(frame_.span(), 0);
    const unsigned long long contents = ZSTD_getFrameContentSize(frame_.data.get(), frame_.size);
    if (contents == ZSTD_CONTENTSIZE_ERROR) refuse("is not compressed with zstd");
    const bool known = contents != ZSTD_CONTENTSIZE_UNKNOWN;
    if (known && contents != static_cast<unsigned long long>(bytes_))
      refuse("decompresses to " + std::to_string(contents) + " bytes");
    if (bytes_ / highest_ratio > size) refuse("is only " + std::to_string(size) + " bytes long");
  }

  [[noreturn]] void refuse(const std::string& found) const {
    detail::refuse({"the chunk ", file_.path(), " ", found, "; expected ", bytes_,
                    " bytes of elements: the file is damaged, restore it or write the array "
                    "again"});
  }

  File file_;
  std::int64_t bytes_;
  Bytes frame_;
};

/// The rows x cols elements in the upper left of the chunk at `path`.
template <Scalar T>
Dense<T> read_chunk(const std::string& path, const ZarrMetadata& metadata, std::int64_t rows,
                    std::int64_t cols) {
  const std::int64_t bytes = metadata.chunk_bytes(sizeof(T));
  const ZarrChunkFile file(path, metadata.zstd_level.has_value(), bytes);
  const std::int64_t height = metadata.grid.tile_rows, width = metadata.grid.tile_cols;
  Dense<T> tile(rows, cols);
  if (metadata.by_columns && rows == height && cols == width) {
    file.unpack(std::as_writable_bytes(std::span(tile.data(), tile.size())));
    return tile;
  }
  Dense<T> chunk(metadata.by_columns ? height : width, metadata.by_columns ? width : height);
  file.unpack(std::as_writable_bytes(std::span(chunk.data(), chunk.size())));
  if (metadata.by_columns)
    copy_block(rows, cols, chunk.data(), height, tile.data(), rows);
  else
    copy_transposed(rows, cols, chunk.data(), width, tile.data(), rows);
  return tile;
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
