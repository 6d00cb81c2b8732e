// The memory of tiles.
#include <catch2/catch.hpp>

#include <cstdint>
#include <cstring>
#include <set>
#include <thread>
#include <vector>

#include <lambdapack/tile/detail/buffers.hpp>

namespace buffers_test {

using lambdapack::tile::detail::Buffers;

namespace {

bool is_aligned(const void* buffer) {
  return reinterpret_cast<std::uintptr_t>(buffer) % Buffers::alignment == 0;
}

}  // namespace

TEST_CASE("buffers of any size are aligned, and do not overlap") {
  Buffers buffers;
  std::vector<std::pair<char*, std::size_t>> taken;
  for (const std::size_t bytes : {1u, 64u, 65535u, 65536u, 65537u, 500'000u, 2u << 20, 5'000'000u})
    for (int k = 0; k < 9; ++k) {
      taken.emplace_back(static_cast<char*>(buffers.take(bytes)), bytes);
      CHECK(is_aligned(taken.back().first));
      std::memset(taken.back().first, static_cast<int>(taken.size()), bytes);
    }
  for (std::size_t k = 0; k < taken.size(); ++k) {
    const char mark = static_cast<char>(k + 1);
    CHECK(taken[k].first[0] == mark);
    CHECK(taken[k].first[taken[k].second - 1] == mark);
  }
  for (const auto& [buffer, bytes] : taken) buffers.give(buffer, bytes);
  CHECK(buffers.in_use() == 0);
}

TEST_CASE("a buffer that was given back is the next of its size") {
  Buffers buffers;
  void* const first = buffers.take(600'000);
  if (buffers.in_use() == 0) {  // an address sanitizer watches: all are the allocator's
    buffers.give(first, 600'000);
    return;
  }
  buffers.give(first, 600'000);
  void* const other = buffers.take(300'000);
  void* const again = buffers.take(600'000);
  CHECK(again == first);
  CHECK(other != first);
  buffers.give(other, 300'000);
  buffers.give(again, 600'000);
}

TEST_CASE("no more is kept than 64 MiB, or than is in use") {
  Buffers buffers;
  constexpr std::size_t bytes = std::size_t{3} << 20;
  std::vector<void*> all;
  for (int k = 0; k < 100; ++k) all.push_back(buffers.take(bytes));
  for (std::size_t k = 0; k < all.size(); ++k) {
    buffers.give(all[k], bytes);
    CHECK(buffers.kept() <= std::max(buffers.in_use() + bytes, std::size_t{64} << 20));
  }
}

TEST_CASE("any number of threads take and give") {
  Buffers buffers;
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 4; ++t)
    threads.emplace_back([&buffers, t] {
      std::vector<std::pair<char*, std::size_t>> own;
      for (unsigned k = 0; k < 400; ++k) {
        const std::size_t bytes = 60'000 + 10'000 * ((k * 7 + t) % 5);
        own.emplace_back(static_cast<char*>(buffers.take(bytes)), bytes);
        own.back().first[0] = static_cast<char>(t);
        own.back().first[bytes - 1] = static_cast<char>(t);
        if (k % 3 != 2) continue;
        const auto [buffer, size] = own[k % own.size()];
        own.erase(own.begin() + static_cast<std::ptrdiff_t>(k % own.size()));
        if (buffer[0] != static_cast<char>(t) || buffer[size - 1] != static_cast<char>(t))
          std::abort();
        buffers.give(buffer, size);
      }
      for (const auto& [buffer, size] : own) buffers.give(buffer, size);
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(buffers.in_use() == 0);
}

}  // namespace buffers_test
