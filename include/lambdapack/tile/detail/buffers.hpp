// Memory for the elements of tiles, used again instead of given back.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <span>
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
/// no more is kept than is in use or 64 MiB. A piece of memory with no buffer in use serves another
/// size too, for pages that the system gives anew cost it as much as a product of their elements.
/// Large buffers lie in huge pages where the system has them: a kernel that walks over columns
/// needs fewer translations of addresses.
///
/// While a run has a limit of memory (`Cap`), less is kept, and of what cannot be given back as a
/// piece the pages are.
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
    for (auto& [begin, mapping] : adopted_) unmap(mapping.data(), mapping.size());
  }

  /// `bytes` of memory, aligned to 64 bytes, whose contents are not set. Throws std::bad_alloc.
  void* take(std::size_t bytes) {
    if (!is_pooled(bytes)) return ::operator new (bytes, std::align_val_t{alignment});
    const std::size_t block = rounded(bytes, page);
    const std::lock_guard lock(mutex_);
    std::vector<Chunk*>& open = open_[block];
    if (open.empty()) {
      Chunk* const idle = carve_idle(block);
      open.push_back(idle != nullptr ? idle : &add_chunk(block));
    }
    Chunk& chunk = *open.back();
    if (chunk.is_idle()) leave_idle(chunk);
    const Free free = chunk.free.back();
    chunk.free.pop_back();
    if (chunk.free.empty()) open.pop_back();
    in_use_ += block;
    if (free.has_pages) kept_ -= block;
    return chunk.begin + block * free.place;
  }

  /// Takes back what `take(bytes)` gave.
  void give(void* buffer, std::size_t bytes) noexcept {
    if (!is_pooled(bytes)) return ::operator delete (buffer, std::align_val_t{alignment});
    const std::size_t block = rounded(bytes, page);
    std::unique_lock lock(mutex_);
    if (!adopted_.empty()) {
      if (const auto adopted = adopted_.extract(static_cast<char*>(buffer))) {
        lock.unlock();
        return unmap(adopted.mapped().data(), adopted.mapped().size());
      }
    }
    Chunk& chunk = *std::prev(chunks_.upper_bound(static_cast<char*>(buffer)))->second;
    if (chunk.free.empty()) open_[block].push_back(&chunk);
    chunk.free.push_back(
        {static_cast<std::size_t>(static_cast<char*>(buffer) - chunk.begin) / block, true});
    in_use_ -= block;
    kept_ += block;
    if (chunk.is_idle()) join_idle(chunk);
    const std::size_t most = caps_.empty() ? std::max(in_use_, always_kept)
                                           : *std::min_element(caps_.begin(), caps_.end());
    while (kept_ > most && !idle_.empty()) drop(*idle_.back());
    // Its chunk is still there, for other buffers in it are in use.
    if (kept_ > most && !caps_.empty() && give_pages_back(chunk, chunk.free.back()))
      std::rotate(chunk.free.begin(), std::prev(chunk.free.end()), chunk.free.end());
  }

  /// Whether `adopt` can take buffers of so many bytes.
  static bool adopts(std::size_t bytes) { return is_pooled(bytes); }

  /// From now on `give(buffer, bytes)` takes this memory too, and unmaps the mapping that it is in.
  /// False, and no change, where it does not adopt buffers of that size, or at such an address.
  /// Throws std::bad_alloc.
  bool adopt(void* buffer, std::size_t bytes, std::span<std::byte> mapping) {
    if (!adopts(bytes) || reinterpret_cast<std::uintptr_t>(buffer) % alignment != 0) return false;
    const std::lock_guard lock(mutex_);
    adopted_[static_cast<char*>(buffer)] = {reinterpret_cast<char*>(mapping.data()),
                                            mapping.size()};
    return true;
  }

  /// While there is one, no more than `bytes` are kept, and at its beginning nothing is. Of several
  /// the lowest holds.
  class Cap {
   public:
    Cap(Buffers& buffers, std::size_t bytes) : buffers_(buffers), bytes_(bytes) {
      const std::lock_guard lock(buffers_.mutex_);
      buffers_.caps_.push_back(bytes);
      buffers_.keep_nothing();
    }
    Cap(const Cap&) = delete;
    Cap& operator=(const Cap&) = delete;
    ~Cap() {
      const std::lock_guard lock(buffers_.mutex_);
      buffers_.caps_.erase(std::find(buffers_.caps_.begin(), buffers_.caps_.end(), bytes_));
    }

   private:
    Buffers& buffers_;
    const std::size_t bytes_;
  };

  /// Bytes of buffers that are in use, and that are kept for tiles to come; small ones apart.
  std::size_t in_use() const { return look(in_use_); }
  std::size_t kept() const { return look(kept_); }

 private:
  static constexpr std::size_t page = 4096;
  static constexpr std::size_t huge_page = std::size_t{2} << 20;
  static constexpr std::size_t smallest = std::size_t{64} << 10;
  static constexpr std::size_t always_kept = std::size_t{64} << 20;

  // A buffer that is not in use.
  struct Free {
    std::size_t place;  // in its chunk
    bool has_pages;     // that count as kept
  };

  // A piece of the system's memory, for buffers of one size; a large one has it alone.
  struct Chunk {
    char* begin;
    std::size_t bytes;
    std::size_t block;
    std::size_t blocks;
    std::vector<Free> free;   // those with pages last; room for all, so that giving needs no memory
    std::size_t idle_at = 0;  // its place among the idle ones, if it is one

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

  // What a chunk of such blocks has.
  static std::size_t chunk_bytes(std::size_t block) {
    const std::size_t several = block > huge_page / 8 ? 4 * huge_page : huge_page;
    return std::max(several / block > 1 ? several : 0, block);
  }

  Chunk& add_chunk(std::size_t block) {
    const std::size_t bytes = chunk_bytes(block), blocks = bytes / block;
    auto chunk = std::make_unique<Chunk>(Chunk{nullptr, bytes, block, blocks, {}, 0});
    // The system gives pages when they are touched, which under a cap is the time to count them.
    const bool has_pages = caps_.empty();
    for (std::size_t k = blocks; k-- > 0;) chunk->free.push_back({k, has_pages});
    open_[block].reserve(chunks_.size() + 1);
    idle_.reserve(chunks_.size() + 1);
    chunk->begin = map(bytes);
    if (chunk->begin == nullptr) {
      while (!idle_.empty()) drop(*idle_.back());
      chunk->begin = map(bytes);
    }
    if (chunk->begin == nullptr) throw std::bad_alloc();
    if (has_pages) kept_ += blocks * block;
    Chunk& added = *(chunks_[chunk->begin] = std::move(chunk));
    join_idle(added);
    return added;
  }

  // One of the latest idle chunks, in blocks of this size, if it is large enough and at most twice
  // as large; else null. Under a cap each byte counts, and none is kept for long.
  Chunk* carve_idle(std::size_t block) {
    constexpr std::size_t latest = 32;
    if (!caps_.empty()) return nullptr;
    const std::size_t bytes = chunk_bytes(block);
    for (std::size_t k = idle_.size(); k-- > idle_.size() - std::min(latest, idle_.size());) {
      Chunk& chunk = *idle_[k];
      if (chunk.bytes < bytes || chunk.bytes / 2 > bytes) continue;
      const std::size_t blocks = chunk.bytes / block;
      open_[block].reserve(chunks_.size() + 1);
      chunk.free.reserve(blocks);
      forget_free(chunk);
      chunk.block = block;
      chunk.blocks = blocks;
      for (std::size_t place = blocks; place-- > 0;) chunk.free.push_back({place, true});
      kept_ += blocks * block;
      give_tail_back(chunk);
      return &chunk;
    }
    return nullptr;
  }

  // What is behind a chunk's blocks belongs to no count; the pages there go, but those of the last
  // huge page that is in use.
  static void give_tail_back([[maybe_unused]] const Chunk& chunk) noexcept {
#ifdef __linux__
    const std::size_t used = rounded(chunk.blocks * chunk.block, huge_page);
    if (used < chunk.bytes) madvise(chunk.begin + used, chunk.bytes - used, MADV_DONTNEED);
#endif
  }

  // An idle chunk has no blocks any more.
  void forget_free(Chunk& chunk) noexcept {
    std::vector<Chunk*>& open = open_[chunk.block];
    open.erase(std::find(open.begin(), open.end(), &chunk));
    for (const Free& free : chunk.free)
      if (free.has_pages) kept_ -= chunk.block;
    chunk.free.clear();
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
    forget_free(chunk);
    unmap(chunk.begin, chunk.bytes);
    chunks_.erase(chunk.begin);
  }

  void keep_nothing() noexcept {
    while (!idle_.empty()) drop(*idle_.back());
    for (auto& [begin, chunk] : chunks_)
      for (Free& free : chunk->free) give_pages_back(*chunk, free);
  }

  // False where the system does not take them.
  bool give_pages_back(Chunk& chunk, Free& free) noexcept {
    if (!free.has_pages) return true;
#ifdef __linux__
    if (madvise(chunk.begin + chunk.block * free.place, chunk.block, MADV_DONTNEED) != 0)
      return false;
#endif
    free.has_pages = false;
    kept_ -= chunk.block;
    return true;
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
  std::unordered_map<char*, std::span<char>> adopted_;         // what they unmap
  std::unordered_map<std::size_t, std::vector<Chunk*>> open_;  // with free blocks, by their size
  std::vector<Chunk*> idle_;                                   // with no buffer in use
  std::size_t in_use_ = 0;
  std::size_t kept_ = 0;
  std::vector<std::size_t> caps_;
};

}  // namespace lambdapack::tile::detail
