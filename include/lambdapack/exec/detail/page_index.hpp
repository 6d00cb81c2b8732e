// Pages by key: a hash table that keeps what a lookup needs in one place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace lambdapack::exec::detail {

/// Pages by keys from 0 on, by open addressing with linear probing, half full at most. A page that
/// was removed is handed out again, with its memory and what is in it.
template <class Page>
class PageIndex {
 public:
  /// The page of a key, a default-constructed or a removed one if there was none.
  Page& at(std::int64_t key) {
    if (2 * (used_ + 1) > entries_.size()) grow();
    std::size_t k = home(key);
    for (; entries_[k].page; k = next(k))
      if (entries_[k].key == key) return *entries_[k].page;
    ++used_;
    entries_[k].key = key;
    entries_[k].page = spare_.empty() ? std::make_unique<Page>() : std::move(spare_.back());
    if (!spare_.empty()) spare_.pop_back();
    return *entries_[k].page;
  }

  /// The page of a key, or null.
  const Page* find(std::int64_t key) const {
    if (entries_.empty()) return nullptr;
    for (std::size_t k = home(key); entries_[k].page; k = next(k))
      if (entries_[k].key == key) return entries_[k].page.get();
    return nullptr;
  }

  /// The key must be there.
  void remove(std::int64_t key) {
    std::size_t hole = home(key);
    while (entries_[hole].key != key || !entries_[hole].page) hole = next(hole);
    if (spare_.size() < most_spare)
      spare_.push_back(std::move(entries_[hole].page));
    else
      entries_[hole].page.reset();
    --used_;
    // What was put behind the hole because its place was taken moves up.
    for (std::size_t k = next(hole); entries_[k].page; k = next(k)) {
      const std::size_t mask = entries_.size() - 1;
      if (((k - home(entries_[k].key)) & mask) < ((k - hole) & mask)) continue;
      entries_[hole] = std::move(entries_[k]);
      hole = k;
    }
  }

 private:
  struct Entry {
    std::int64_t key = 0;
    std::unique_ptr<Page> page;
  };

  static constexpr std::size_t most_spare = 8;

  // The upper half of the product: Fibonacci hashing (Knuth, vol. 3, 6.4).
  std::size_t home(std::int64_t key) const {
    const std::uint64_t h = static_cast<std::uint64_t>(key) * 0x9e3779b97f4a7c15u;
    return static_cast<std::size_t>(h >> 32) & (entries_.size() - 1);
  }
  std::size_t next(std::size_t k) const { return (k + 1) & (entries_.size() - 1); }

  void grow() {
    std::vector<Entry> old(entries_.empty() ? 8 : 2 * entries_.size());
    old.swap(entries_);
    for (Entry& e : old) {
      if (!e.page) continue;
      std::size_t k = home(e.key);
      while (entries_[k].page) k = next(k);
      entries_[k] = std::move(e);
    }
  }

  std::vector<Entry> entries_;  // a power of two of them
  std::size_t used_ = 0;
  std::vector<std::unique_ptr<Page>> spare_;
};

}  // namespace lambdapack::exec::detail
