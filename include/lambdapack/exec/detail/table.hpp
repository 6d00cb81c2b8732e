// Records by number, for any number of threads.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>
#include <vector>

#include "lambdapack/exec/detail/locks.hpp"
#include "lambdapack/exec/detail/page_memory.hpp"
#include "lambdapack/exec/detail/shards.hpp"

namespace lambdapack::exec::detail {

/// Records of numbers below `numbers`, each default-constructed when it is first asked for. A
/// record stays where it is until it is dropped, which only who has made it equal to a
/// default-constructed one may do. Few numbers are an array in pages, of which those are made that
/// are touched, and stay; many are in shards. Neighbours in a page tend to be asked for one soon
/// after the other.
template <class Record>
class Table {
 public:
  /// Up to `most` numbers are few.
  explicit Table(std::int64_t numbers, std::int64_t most = most_dense) {
    if (numbers <= most)
      pages_ = std::vector<std::atomic<Page*>>(
          static_cast<std::size_t>((numbers + records_in_page - 1) / records_in_page));
    else
      shards_.emplace();
  }
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;
  ~Table() {
    if constexpr (!std::is_trivially_destructible_v<Page>)
      for (const auto& p : pages_)
        if (Page* page = p.load(std::memory_order_relaxed)) std::destroy_at(page);
  }

  Record& at(std::int64_t number) {
    if (shards_) return shards_->at(number);
    std::atomic<Page*>& there = pages_[static_cast<std::size_t>(number / records_in_page)];
    Page* p = there.load(std::memory_order_acquire);
    if (p == nullptr) p = make(there);
    return (*p)[static_cast<std::size_t>(number % records_in_page)];
  }

  /// Calls f(record) if it is there, which is not made for that.
  template <class F>
  void look(std::int64_t number, F&& f) const {
    if (shards_) return shards_->look(number, f);
    const Page* p =
        pages_[static_cast<std::size_t>(number / records_in_page)].load(std::memory_order_acquire);
    if (p != nullptr) f((*p)[static_cast<std::size_t>(number % records_in_page)]);
  }

  /// The record will be asked for soon: brings it near the core, if it is in an array.
  void fetch(std::int64_t number) const {
    if (shards_) return;
    const Page* p =
        pages_[static_cast<std::size_t>(number / records_in_page)].load(std::memory_order_acquire);
    if (p != nullptr)
      __builtin_prefetch(&(*p)[static_cast<std::size_t>(number % records_in_page)], 1);
  }

  /// Nobody will ask for this record any more.
  void drop(std::int64_t number) {
    if (shards_) shards_->drop(number);
  }

 private:
  using Page = std::array<Record, records_in_page>;

  Page* make(std::atomic<Page*>& place) {
    const std::lock_guard lock(making_);
    Page* there = place.load(std::memory_order_relaxed);
    if (there == nullptr) {
      there = memory_.make();
      place.store(there, std::memory_order_release);
    }
    return there;
  }

  SpinLock making_;
  PageMemory<Page> memory_;
  std::vector<std::atomic<Page*>> pages_;
  std::optional<Shards<Record>> shards_;
};

}  // namespace lambdapack::exec::detail
