// A number for contents, quickly made. Not for names that somebody might forge.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace lambdapack::tile::detail {

/// Takes in bytes, 8 at a time, by multiplication and a fold.
class Hash {
 public:
  void add(const void* bytes, std::size_t size) {
    const auto* at = static_cast<const unsigned char*>(bytes);
    add_word(size);
    for (; size >= 8; size -= 8, at += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, at, 8);
      add_word(word);
    }
    std::uint64_t rest = 0;
    std::memcpy(&rest, at, size);
    add_word(rest);
  }
  template <class Integer>
  requires std::is_integral_v<Integer>
  void add(Integer number) { add_word(static_cast<std::uint64_t>(number)); }

  /// Never 0.
  std::uint64_t value() const { return state_ | 1; }

 private:
  void add_word(std::uint64_t word) {
    const std::uint64_t mixed = (state_ ^ word) * 0x9e3779b97f4a7c15u;
    state_ = mixed ^ mixed >> 32;
  }

  std::uint64_t state_ = 0x243f6a8885a308d3u;
};

}  // namespace lambdapack::tile::detail
