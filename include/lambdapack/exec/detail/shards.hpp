// Records by numbers of which there are too many for an array.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "lambdapack/exec/detail/locks.hpp"
#include "lambdapack/exec/detail/page_index.hpp"

namespace lambdapack::exec::detail {

/// The records of so many numbers are kept in an array, where most of them are asked for.
inline constexpr std::int64_t most_dense = std::int64_t{1} << 25;

/// Whether those of so many are.
constexpr bool is_dense(std::int64_t numbers) { return numbers <= most_dense; }

/// Records in one page of a table, of neighbouring numbers.
inline constexpr std::int64_t records_in_page = 64;

/// Records by their numbers, default-constructed when they are first asked for, in pages in hash
/// tables, which are there while a record of theirs is. Safe from any thread.
template <class Record>
class Shards {
 public:
  Record& at(std::int64_t number) {
    const std::int64_t key = number / records_in_page;
    return shard(key).at(key, static_cast<std::size_t>(number % records_in_page));
  }

  /// Calls f(record) if there is one, which nobody drops meanwhile.
  template <class F>
  void look(std::int64_t number, F&& f) const {
    const std::int64_t key = number / records_in_page;
    shard(key).look(key, static_cast<std::size_t>(number % records_in_page), f);
  }

  /// Of a record that equals a default-constructed one.
  void drop(std::int64_t number) {
    const std::int64_t key = number / records_in_page;
    shard(key).drop(key, static_cast<std::size_t>(number % records_in_page));
  }

 private:
  // The pages of a shard that have records in use.
  class alignas(64) Shard {
   public:
    Record& at(std::int64_t key, std::size_t place) {
      const std::lock_guard lock(lock_);
      Page& page = pages_.at(key);
      page.in_use |= std::uint64_t{1} << place;
      return page.records[place];
    }

    template <class F>
    void look(std::int64_t key, std::size_t place, F&& f) const {
      const std::lock_guard lock(lock_);
      const Page* const page = pages_.find(key);
      if (page != nullptr && (page->in_use >> place & 1) != 0) f(page->records[place]);
    }

    void drop(std::int64_t key, std::size_t place) {
      const std::lock_guard lock(lock_);
      Page& page = pages_.at(key);
      page.in_use &= ~(std::uint64_t{1} << place);
      if (page.in_use == 0) pages_.remove(key);
    }

   private:
    struct Page {
      std::uint64_t in_use = 0;  // a bit for each record
      std::array<Record, records_in_page> records;
    };

    mutable SpinLock lock_;
    PageIndex<Page> pages_;
  };

  static constexpr int shard_bits = 8;

  // By other bits than PageIndex goes by.
  static std::size_t shard_of(std::int64_t key) {
    const auto h = static_cast<std::uint64_t>(key) * 0x9e3779b97f4a7c15u;
    return static_cast<std::size_t>(h >> (64 - shard_bits));
  }
  Shard& shard(std::int64_t key) { return shards_[shard_of(key)]; }
  const Shard& shard(std::int64_t key) const { return shards_[shard_of(key)]; }

  std::vector<Shard> shards_{std::size_t{1} << shard_bits};
};

}  // namespace lambdapack::exec::detail
