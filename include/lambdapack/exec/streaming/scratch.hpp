// Where values wait that no array has, while there is no memory for them.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <utility>

#include "lambdapack/tile/detail/file.hpp"
#include "lambdapack/tile/detail/temporary_directory.hpp"
#include "lambdapack/tile/payload.hpp"

namespace lambdapack::exec::streaming {

/// A directory of values by their numbers, made when the first is put there, and gone with the run.
class Scratch {
 public:
  /// In `folder`; if that is empty, where TMPDIR says, or in /var/tmp.
  explicit Scratch(std::string folder)
      : folder_(folder.empty() ? tile::detail::disk_for_temporary_files() : std::move(folder)) {}

  /// Throws input_error if the disk does not take it.
  void put(std::int64_t number, const tile::Tile& tile) {
    tile::detail::File file = tile::detail::File::create(place(number));
    std::int64_t at = 0;
    tile.write_pieces([&](std::span<const std::byte> piece) {
      file.write(piece, at);
      at += static_cast<std::int64_t>(piece.size());
    });
    file.close();
    written_.fetch_add(at, std::memory_order_relaxed);
  }

  /// A value that was put here, of a payload of this type.
  tile::Tile get(std::int64_t number, const tile::PayloadType& type) {
    const tile::detail::File file = tile::detail::File::open(place(number));
    std::int64_t at = 0;
    return type.read_pieces(static_cast<std::size_t>(file.size()), [&](std::span<std::byte> piece) {
      file.read(piece, at);
      at += static_cast<std::int64_t>(piece.size());
    });
  }

  void remove(std::int64_t number) noexcept {
    std::error_code ignored;
    std::filesystem::remove(place(number), ignored);
  }

  /// Bytes that were put here.
  std::int64_t written() const { return written_.load(std::memory_order_relaxed); }

 private:
  std::string place(std::int64_t number) {
    const std::lock_guard lock(mutex_);
    if (!made_) made_.emplace(folder_);
    return made_->path() + "/" + std::to_string(number);
  }

  std::mutex mutex_;
  const std::string folder_;
  std::optional<tile::detail::TemporaryDirectory> made_;
  std::atomic<std::int64_t> written_{0};
};

}  // namespace lambdapack::exec::streaming
