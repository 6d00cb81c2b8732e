// An object whose bytes are memory, without a copy of them.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "lambdapack/tile/dense.hpp"

namespace lambdapack::exec::cloud {

/// The memory that a file was mapped to, private to this process: what is written to it stays here.
class Mapped {
 public:
  static constexpr std::size_t smallest = std::size_t{256} << 10;

  /// The whole file, whose size this is; nothing if the system refuses, or it is too small to be
  /// worth it: a process has a limited number of mappings.
  static std::optional<Mapped> file(int descriptor, std::size_t size) {
    if (size < smallest || !tile::detail::Buffers::adopts(size)) return std::nullopt;
    void* const begin = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, descriptor, 0);
    if (begin == MAP_FAILED) return std::nullopt;
#ifdef MADV_POPULATE_READ
    // One call for all pages; where the kernel does not know it they come one by one.
    ::madvise(begin, size, MADV_POPULATE_READ);
#endif
    return Mapped({static_cast<std::byte*>(begin), size});
  }

  Mapped(Mapped&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  Mapped& operator=(Mapped&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~Mapped() {
    if (!bytes_.empty()) ::munmap(bytes_.data(), bytes_.size());
  }

  std::span<const std::byte> bytes() const { return bytes_; }

  /// The matrix of rows x cols elements that begin at `offset`, which keeps the memory; nothing,
  /// and no change, where a matrix cannot have such memory.
  template <Scalar T>
  std::optional<tile::Dense<T>> matrix(std::size_t offset, std::int64_t rows, std::int64_t cols) {
    auto* const data = reinterpret_cast<T*>(bytes_.data() + offset);
    const std::size_t size = static_cast<std::size_t>(rows * cols) * sizeof(T);
    if (!tile::detail::Buffers::process().adopt(data, size, bytes_)) return std::nullopt;
    bytes_ = {};
    return tile::Dense<T>::over(data, rows, cols);
  }

 private:
  explicit Mapped(std::span<std::byte> bytes) : bytes_(bytes) {}

  std::span<std::byte> bytes_;
};

}  // namespace lambdapack::exec::cloud
