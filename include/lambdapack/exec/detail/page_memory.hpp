// Memory for the pages of a table.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "lambdapack/tile/detail/buffers.hpp"

namespace lambdapack::exec::detail {

/// Hands out room for pages of one type, which is given back all at once; destroying what is in it
/// is the user's. It comes from the pool of tiles' buffers: the heap of a thread that is not the
/// first grows by a call of the system for every few pages. For one thread at a time.
template <class Page>
class PageMemory {
 public:
  PageMemory() = default;
  PageMemory(const PageMemory&) = delete;
  PageMemory& operator=(const PageMemory&) = delete;
  ~PageMemory() {
    for (const auto& [block, bytes] : blocks_) tile::detail::Buffers::process().give(block, bytes);
  }

  /// A default-constructed page.
  Page* make() {
    if (std::align(alignof(Page), sizeof(Page), next_, left_) == nullptr) add();
    std::align(alignof(Page), sizeof(Page), next_, left_);
    Page* const made = std::construct_at(static_cast<Page*>(next_));
    next_ = static_cast<std::byte*>(next_) + sizeof(Page);
    left_ -= sizeof(Page);
    return made;
  }

 private:
  static constexpr std::size_t smallest = std::size_t{64} << 10;
  static constexpr std::size_t largest = std::size_t{2} << 20;
  static_assert(sizeof(Page) + alignof(Page) <= smallest);

  void add() {
    const std::size_t bytes =
        blocks_.empty() ? smallest : std::min(2 * blocks_.back().second, largest);
    blocks_.emplace_back(nullptr, bytes);
    try {
      blocks_.back().first = tile::detail::Buffers::process().take(bytes);
    } catch (...) {
      blocks_.pop_back();
      throw;
    }
    next_ = blocks_.back().first;
    left_ = bytes;
  }

  std::vector<std::pair<void*, std::size_t>> blocks_;
  void* next_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace lambdapack::exec::detail
