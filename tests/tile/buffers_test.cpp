// The memory of tiles.
#include <sys/mman.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <set>
#include <span>
#include <thread>
#include <vector>

#include <lambdapack/tile/detail/buffers.hpp>

namespace buffers_test {

using lambdapack::tile::detail::Buffers;

namespace {

bool is_aligned(const void* buffer) {
  return reinterpret_cast<std::uintptr_t>(buffer) % Buffers::alignment == 0;
}

#ifdef __linux__
std::int64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::int64_t all = 0, resident = 0;
  file >> all >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}
#endif

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
  void* const again = buffers.take(600'000);
  void* const other = buffers.take(300'000);
  CHECK(again == first);
  CHECK(other != first);
  buffers.give(other, 300'000);
  buffers.give(again, 600'000);
}

TEST_CASE("memory that no buffer is in serves another size, but not a much smaller one") {
  Buffers buffers;
  constexpr std::size_t large = std::size_t{40} << 20;
  void* const first = buffers.take(large);
  const bool is_watched = buffers.in_use() == 0;  // an address sanitizer's: all are the allocator's
  buffers.give(first, large);
  if (is_watched) return;
  void* const half = buffers.take(large / 4);
  CHECK(half != first);
  void* const less = buffers.take(large - 5'000'000);
  CHECK(less == first);
  CHECK(buffers.kept() == 0);
  buffers.give(less, large - 5'000'000);
  void* const more = buffers.take(large);
  CHECK(more == first);
  CHECK(buffers.kept() == 0);
  buffers.give(more, large);
  buffers.give(half, large / 4);
  CHECK(buffers.in_use() == 0);
}

#ifdef __linux__
TEST_CASE("of memory that serves a smaller size the rest is given back") {
  Buffers buffers;
  constexpr std::size_t large = std::size_t{8} << 20, small = (std::size_t{4} << 20) + 4096;
  std::vector<void*> taken;
  for (int k = 0; k < 8; ++k) {
    taken.push_back(buffers.take(large));
    std::memset(taken.back(), 1, large);
  }
  if (buffers.in_use() > 0) {
    const std::int64_t before = resident_bytes();
    for (void*& buffer : taken) buffers.give(buffer, large);
    for (void*& buffer : taken) buffer = buffers.take(small);
    CHECK(before - resident_bytes() >= std::int64_t{8} << 20);
    for (void* buffer : taken) buffers.give(buffer, small);
  } else {
    for (void* buffer : taken) buffers.give(buffer, large);
  }
}
#endif

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

TEST_CASE("under a cap no more is kept than that, whatever the sizes") {
  Buffers buffers;
  std::vector<void*> small, large;
  for (int k = 0; k < 100; ++k) small.push_back(buffers.take(100'000));
  for (int k = 0; k < 40; ++k) large.push_back(buffers.take(std::size_t{3} << 20));
  // Those that are left are in as many pieces of the system's memory.
  for (int k = 0; k < 100; k += 2) buffers.give(small[static_cast<std::size_t>(k)], 100'000);
  for (int k = 0; k < 20; ++k)
    buffers.give(large[static_cast<std::size_t>(k)], std::size_t{3} << 20);
  constexpr std::size_t most = std::size_t{1} << 20;
  {
    const Buffers::Cap high(buffers, 2 * most), low(buffers, most);
    CHECK(buffers.kept() == 0);
    for (int k = 1; k < 100; k += 2) {
      std::memset(small[static_cast<std::size_t>(k)], 1, 100'000);
      buffers.give(small[static_cast<std::size_t>(k)], 100'000);
      CHECK(buffers.kept() <= most);
    }
    for (int k = 20; k < 40; ++k) {
      buffers.give(large[static_cast<std::size_t>(k)], std::size_t{3} << 20);
      CHECK(buffers.kept() <= most);
    }
    CHECK(buffers.in_use() == 0);
    for (int k = 0; k < 100; ++k) {
      small[static_cast<std::size_t>(k)] = buffers.take(100'000);
      std::memset(small[static_cast<std::size_t>(k)], 2, 100'000);
    }
    CHECK(buffers.kept() <= most);
  }
  for (void* const buffer : small) buffers.give(buffer, 100'000);
  CHECK(buffers.in_use() == 0);
}

#ifdef __linux__
TEST_CASE("memory that was adopted is unmapped when it is given back, and no buffer of the pool") {
  constexpr std::size_t size = std::size_t{1} << 20, offset = 4096 + 64;
  if (!Buffers::adopts(size)) return;
  Buffers buffers;
  void* const own = buffers.take(size);
  void* const begin =
      mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  REQUIRE(begin != MAP_FAILED);
  const std::span mapping(static_cast<std::byte*>(begin), size);
  CHECK_FALSE(buffers.adopt(mapping.data() + 8, size - 8, mapping));
  CHECK_FALSE(buffers.adopt(mapping.data(), 100, mapping));
  const std::size_t in_use = buffers.in_use();
  REQUIRE(buffers.adopt(mapping.data() + offset, size - offset, mapping));
  unsigned char resident = 0;
  CHECK(mincore(begin, 1, &resident) == 0);
  buffers.give(mapping.data() + offset, size - offset);
  CHECK(mincore(begin, 1, &resident) != 0);
  CHECK(buffers.in_use() == in_use);
  buffers.give(own, size);
  CHECK(buffers.in_use() == 0);
}
#endif

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
