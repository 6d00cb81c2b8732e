// Memory for the elements of tiles, used again instead of given back.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <unordered_map>
#include <utility>
#include <vector>

#ifdef __linux__
#include <sys/mman.h>
#endif

#if defined(__SANITIZE_ADDRESS__)
#define LAMBDAPACK_WATCHED_MEMORY
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LAMBDAPACK_WATCHED_MEMORY
#endif
#endif

namespace lambdapack::tile::detail {

/// Buffers of one process by their sizes, for any number of threads. Tiles come and go by the
/// thousand in a few sizes, so one that is given back is kept for the next of its size, as long as
/// no more is kept than is in use or 64 MiB. Large ones lie in huge pages where the system has
/// them: a kernel that walks over columns needs fewer translations of addresses.
///
/// Small ones are the standard allocator's, and so are all where a sanitizer watches addresses, or
/// where the system is not Linux.
class Buffers {
 public:
  static constexpr std::size_t alignment = 64;

  /// The pool that all tiles share. It outlives tiles in static objects.
  static Buffers& process() {
    static Buffers* const buffers = new Buffers;
    return *buffers;
  }

  Buffers() = default;
  Buffers(const Buffers&) = delete;
  Buffers& operator=(const Buffers&) = delete;
  ~Buffers() {
    for (auto& [begin, chunk] : chunks_) unmap(chunk->begin, chunk->bytes);
  }

  /// `bytes` of memory, aligned to 64 bytes, whose contents are not set. Throws std::bad_alloc.
  void* take(std::size_t bytes) {
    if (!is_pooled(bytes)) return ::operator new (bytes, std::align_val_t{alignment});
    const std::size_t block = rounded(bytes, page);
    const std::lock_guard lock(mutex_);
    std::vector<Chunk*>& open = open_[block];
    if (open.empty()) open.push_back(&add_chunk(block));
    Chunk& chunk = *open.back();
    if (chunk.is_idle()) leave_idle(chunk);
    char* const buffer = chunk.begin + block * chunk.free.back();
    chunk.free.pop_back();
    if (chunk.free.empty()) open.pop_back();
    in_use_ += block;
    kept_ -= block;
    return buffer;
  }

  /// Takes back what `take(bytes)` gave.
  void give(void* buffer, std::size_t bytes) noexcept {
    if (!is_pooled(bytes)) return ::operator delete (buffer, std::align_val_t{alignment});
    const std::size_t block = rounded(bytes, page);
    const std::lock_guard lock(mutex_);
    Chunk& chunk = *std::prev(chunks_.upper_bound(static_cast<char*>(buffer)))->second;
    if (chunk.free.empty()) open_[block].push_back(&chunk);
    chunk.free.push_back(static_cast<std::size_t>(static_cast<char*>(buffer) - chunk.begin) /
                         block);
    in_use_ -= block;
    kept_ += block;
    if (chunk.is_idle()) join_idle(chunk);
    while (kept_ > std::max(in_use_, always_kept) && !idle_.empty()) drop(*idle_.back());
  }

  /// Bytes of buffers that are in use, and that are kept for tiles to come; small ones apart.
  std::size_t in_use() const { return look(in_use_); }
  std::size_t kept() const { return look(kept_); }

 private:
  static constexpr std::size_t page = 4096;
  static constexpr std::size_t huge_page = std::size_t{2} << 20;
  static constexpr std::size_t smallest = std::size_t{64} << 10;
  static constexpr std::size_t always_kept = std::size_t{64} << 20;

  // A piece of the system's memory, for buffers of one size; a large one has it alone.
  struct Chunk {
    char* begin;
    std::size_t bytes;
    std::size_t block;
    std::size_t blocks;
    std::vector<std::size_t> free;  // room for all, so that giving back needs no memory
    std::size_t idle_at = 0;        // its place among the idle ones, if it is one

    bool is_idle() const { return free.size() == blocks; }
  };

  static bool is_pooled([[maybe_unused]] std::size_t bytes) {
#if defined(__linux__) && !defined(LAMBDAPACK_WATCHED_MEMORY)
    return bytes >= smallest;
#else
    return false;
#endif
  }

  static std::size_t rounded(std::size_t bytes, std::size_t unit) {
    return (bytes + unit - 1) / unit * unit;
  }

  std::size_t look(const std::size_t& number) const {
    const std::lock_guard lock(mutex_);
    return number;
  }

  Chunk& add_chunk(std::size_t block) {
    const std::size_t several = block > huge_page / 8 ? 4 * huge_page : huge_page;
    const std::size_t blocks = std::max<std::size_t>(1, several / block);
    const std::size_t bytes = blocks == 1 ? block : several;
    auto chunk = std::make_unique<Chunk>(Chunk{nullptr, bytes, block, blocks, {}, 0});
    for (std::size_t k = blocks; k-- > 0;) chunk->free.push_back(k);
    open_[block].reserve(chunks_.size() + 1);
    idle_.reserve(chunks_.size() + 1);
    chunk->begin = map(bytes);
    if (chunk->begin == nullptr) {
      while (!idle_.empty()) drop(*idle_.back());
      chunk->begin = map(bytes);
    }
    if (chunk->begin == nullptr) throw std::bad_alloc();
    kept_ += blocks * block;
    Chunk& added = *(chunks_[chunk->begin] = std::move(chunk));
    join_idle(added);
    return added;
  }

  void join_idle(Chunk& chunk) noexcept {
    chunk.idle_at = idle_.size();
    idle_.push_back(&chunk);
  }

  void leave_idle(Chunk& chunk) noexcept {
    idle_.back()->idle_at = chunk.idle_at;
    idle_[chunk.idle_at] = idle_.back();
    idle_.pop_back();
  }

  // All of a chunk's blocks are free.
  void drop(Chunk& chunk) noexcept {
    leave_idle(chunk);
    std::vector<Chunk*>& open = open_[chunk.block];
    open.erase(std::find(open.begin(), open.end(), &chunk));
    kept_ -= chunk.blocks * chunk.block;
    unmap(chunk.begin, chunk.bytes);
    chunks_.erase(chunk.begin);
  }

  // Null where the system has no more.
  static char* map([[maybe_unused]] std::size_t bytes) {
#ifdef __linux__
    const std::size_t more = bytes + huge_page;
    void* const found =
        mmap(nullptr, more, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (found == MAP_FAILED) return nullptr;
    char* const begin = static_cast<char*>(found);
    const std::size_t skip = rounded(reinterpret_cast<std::uintptr_t>(begin), huge_page) -
                             reinterpret_cast<std::uintptr_t>(begin);
    const std::size_t used = rounded(bytes, page);
    if (skip > 0) munmap(begin, skip);
    if (more > skip + used) munmap(begin + skip + used, more - skip - used);
    madvise(begin + skip, used, MADV_HUGEPAGE);
    return begin + skip;
#else
    return nullptr;
#endif
  }

  static void unmap([[maybe_unused]] char* begin, [[maybe_unused]] std::size_t bytes) noexcept {
#ifdef __linux__
    munmap(begin, rounded(bytes, page));
#endif
  }

  mutable std::mutex mutex_;
  std::map<char*, std::unique_ptr<Chunk>> chunks_;
  std::unordered_map<std::size_t, std::vector<Chunk*>> open_;  // with free blocks, by their size
  std::vector<Chunk*> idle_;                                   // with no buffer in use
  std::size_t in_use_ = 0;
  std::size_t kept_ = 0;
};

}  // namespace lambdapack::tile::detail
