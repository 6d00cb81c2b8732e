// Records by number, for any number of threads.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "lambdapack/exec/detail/locks.hpp"
#include "lambdapack/exec/detail/page_index.hpp"

namespace lambdapack::exec::detail {

/// Whether so many records are kept in an array.
constexpr bool is_dense(std::int64_t numbers) { return numbers <= std::int64_t{1} << 25; }

/// Records of numbers below `numbers`, each default-constructed when it is first asked for. A
/// record stays where it is until it is dropped, which only who has made it equal to a
/// default-constructed one may do. Few numbers are an array in pages, of which those are made that
/// are touched; many are pages in hash tables, which are there while a record of theirs is.
/// Neighbours in a page tend to be asked for one soon after the other.
template <class Record>
class Table {
 public:
  explicit Table(std::int64_t numbers)
      : pages_(is_dense(numbers) ? static_cast<std::size_t>((numbers + page - 1) / page) : 0),
        shards_(is_dense(numbers) ? 0 : shards) {}
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;
  ~Table() {
    for (const auto& p : pages_) delete p.load(std::memory_order_relaxed);
  }

  Record& at(std::int64_t number) {
    const std::int64_t key = number / page;
    const auto place = static_cast<std::size_t>(number % page);
    if (!shards_.empty()) return shard(key).at(key, place);
    std::atomic<Page*>& there = pages_[static_cast<std::size_t>(key)];
    Page* p = there.load(std::memory_order_acquire);
    if (p == nullptr) p = make(there);
    return (*p)[place];
  }

  /// Nobody will ask for this record any more.
  void drop(std::int64_t number) {
    if (shards_.empty()) return;
    const std::int64_t key = number / page;
    shard(key).drop(key, static_cast<std::size_t>(number % page));
  }

 private:
  static constexpr std::int64_t page = 64;
  static constexpr int shard_bits = 8;
  static constexpr std::size_t shards = std::size_t{1} << shard_bits;

  using Page = std::array<Record, page>;

  // The pages of a shard that have records in use.
  class alignas(64) Shard {
   public:
    Record& at(std::int64_t key, std::size_t place) {
      const std::lock_guard lock(lock_);
      Used& page = pages_.at(key);
      page.in_use |= std::uint64_t{1} << place;
      return page.records[place];
    }

    void drop(std::int64_t key, std::size_t place) {
      const std::lock_guard lock(lock_);
      Used& page = pages_.at(key);
      page.in_use &= ~(std::uint64_t{1} << place);
      if (page.in_use == 0) pages_.remove(key);
    }

   private:
    struct Used {
      std::uint64_t in_use = 0;  // a bit for each record
      Page records;
    };

    SpinLock lock_;
    PageIndex<Used> pages_;
  };

  static Page* make(std::atomic<Page*>& place) {
    auto fresh = std::make_unique<Page>();
    Page* there = nullptr;
    if (place.compare_exchange_strong(there, fresh.get(), std::memory_order_acq_rel))
      return fresh.release();
    return there;
  }

  // By other bits than PageIndex goes by.
  Shard& shard(std::int64_t key) {
    const auto h = static_cast<std::uint64_t>(key) * 0x9e3779b97f4a7c15u;
    return shards_[static_cast<std::size_t>(h >> (64 - shard_bits))];
  }

  std::vector<std::atomic<Page*>> pages_;
  std::vector<Shard> shards_;
};

}  // namespace lambdapack::exec::detail
