// Records by number, for any number of threads.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "lambdapack/exec/detail/locks.hpp"

namespace lambdapack::exec::detail {

/// Records of numbers below `numbers`, each default-constructed when it is first asked for. A
/// record stays where it is until it is dropped. Few numbers are an array in pages, of which those
/// are made that are touched; many are hash tables, whose size follows the records there are.
template <class Record>
class Table {
 public:
  explicit Table(std::int64_t numbers)
      : pages_(numbers > most_dense ? 0 : static_cast<std::size_t>((numbers + page - 1) / page)),
        shards_(numbers > most_dense ? shards : 0) {}
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;
  ~Table() {
    for (const auto& p : pages_) delete p.load(std::memory_order_relaxed);
  }

  Record& at(std::int64_t number) {
    if (shards_.empty()) {
      std::atomic<Page*>& place = pages_[static_cast<std::size_t>(number / page)];
      Page* p = place.load(std::memory_order_acquire);
      if (p == nullptr) p = make(place);
      return (*p)[static_cast<std::size_t>(number % page)];
    }
    Shard& s = shard(number);
    const std::lock_guard lock(s.lock);
    return s.records[number];
  }

  /// Nobody will ask for this record any more.
  void drop(std::int64_t number) {
    if (shards_.empty()) return;
    Shard& s = shard(number);
    const std::lock_guard lock(s.lock);
    s.records.erase(number);
  }

 private:
  static constexpr std::int64_t most_dense = std::int64_t{1} << 25;
  static constexpr std::int64_t page = 256;
  static constexpr std::size_t shards = 256;

  using Page = std::array<Record, page>;

  struct Hash {
    std::size_t operator()(std::int64_t number) const {
      const auto h = static_cast<std::uint64_t>(number) * 0x9e3779b97f4a7c15u;
      return static_cast<std::size_t>(h ^ (h >> 32));
    }
  };
  struct alignas(64) Shard {
    SpinLock lock;
    std::unordered_map<std::int64_t, Record, Hash> records;
  };

  static Page* make(std::atomic<Page*>& place) {
    auto fresh = std::make_unique<Page>();
    Page* there = nullptr;
    if (place.compare_exchange_strong(there, fresh.get(), std::memory_order_acq_rel))
      return fresh.release();
    return there;
  }

  Shard& shard(std::int64_t number) { return shards_[Hash{}(number) % shards]; }

  std::vector<std::atomic<Page*>> pages_;
  std::vector<Shard> shards_;
};

}  // namespace lambdapack::exec::detail
