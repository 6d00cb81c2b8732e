// Where a generator of programs gets its choices from: a seed, or the bytes of a fuzzer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

namespace random_program {

/// A stream of choices, the same for the same seed or bytes. Where the bytes end, the choices go on
/// from a seed that is made of them, so that a few bytes are enough for a whole program.
class Choices {
 public:
  explicit Choices(std::uint64_t seed) : random_(seed) {}
  explicit Choices(std::span<const std::uint8_t> bytes) : random_(hash(bytes)), bytes_(bytes) {}

  /// A number from lo to hi; at most 256 of them.
  int pick(int lo, int hi) {
    const auto count = static_cast<std::uint64_t>(hi - lo + 1);
    return lo + static_cast<int>(next() % count);
  }

  bool chance(int percent) { return pick(0, 99) >= 100 - percent; }

  template <class T>
  const T& one_of(const std::vector<T>& all) {
    return all[static_cast<std::size_t>(pick(0, static_cast<int>(all.size()) - 1))];
  }

 private:
  std::uint64_t next() { return used_ < bytes_.size() ? bytes_[used_++] : random_(); }

  static std::uint64_t hash(std::span<const std::uint8_t> bytes) {
    std::uint64_t h = 14695981039346656037u;  // FNV-1a
    for (const std::uint8_t b : bytes) h = (h ^ b) * 1099511628211u;
    return h;
  }

  std::mt19937_64 random_;
  std::span<const std::uint8_t> bytes_;
  std::size_t used_ = 0;
};

}  // namespace random_program
