// A number for the contents of an object, of which every byte has a part.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

#include "lambdapack/tile/detail/hash.hpp"

namespace lambdapack::exec::cloud {

/// Takes in bytes, in pieces of any size. Words go round several lanes, as one multiplication waits
/// for another in a lane. Not for contents that somebody might forge.
class Digest {
 public:
  void add(std::span<const std::byte> bytes) {
    size_ += bytes.size();
    if (kept_ > 0) {
      const std::size_t more = std::min(bytes.size(), sizeof rest_ - kept_);
      keep(bytes.first(more));
      bytes = bytes.subspan(more);
      if (kept_ < sizeof rest_) return;
      add_words(rest_);
      kept_ = 0;
    }
    const std::size_t whole = bytes.size() / sizeof rest_ * sizeof rest_;
    add_words(bytes.first(whole));
    keep(bytes.subspan(whole));
  }

  std::uint64_t value() const {
    tile::detail::Hash hash;
    hash.add(lanes_, sizeof lanes_);
    hash.add(rest_, kept_);
    hash.add(size_);
    return hash.value();
  }

 private:
  void keep(std::span<const std::byte> bytes) {
    if (bytes.empty()) return;
    std::memcpy(rest_ + kept_, bytes.data(), bytes.size());
    kept_ += bytes.size();
  }

  void add_words(std::span<const std::byte> bytes) {
    std::uint64_t lanes[lane_count], words[lane_count];
    std::copy_n(lanes_, lane_count, lanes);
    for (const std::byte* at = bytes.data(); at != bytes.data() + bytes.size();
         at += sizeof words) {
      std::memcpy(words, at, sizeof words);
      for (int k = 0; k < lane_count; ++k) {
        const std::uint64_t mixed = (lanes[k] ^ words[k]) * 0x9e3779b97f4a7c15u;
        lanes[k] = mixed ^ mixed >> 32;
      }
    }
    std::copy_n(lanes, lane_count, lanes_);
  }

  static constexpr int lane_count = 8;
  std::uint64_t lanes_[lane_count] = {1, 2, 3, 4, 5, 6, 7, 8};
  std::byte rest_[lane_count * sizeof(std::uint64_t)];
  std::size_t kept_ = 0;
  std::size_t size_ = 0;
};

/// The digest of all of them.
inline std::uint64_t digest_of(std::span<const std::byte> bytes) {
  Digest digest;
  digest.add(bytes);
  return digest.value();
}

/// 16 hexadecimal digits.
inline std::string hexadecimal(std::uint64_t number) {
  std::string digits;
  for (int shift = 60; shift >= 0; shift -= 4) digits += "0123456789abcdef"[number >> shift & 15];
  return digits;
}

/// Calls f(block) for parts of `bytes` one after the other, each so small that what f does with it
/// a second time finds it in the caches.
template <class Byte, class F>
void in_blocks(std::span<Byte> bytes, F&& f) {
  constexpr std::size_t block = 128 << 10;
  for (; !bytes.empty(); bytes = bytes.subspan(std::min(block, bytes.size())))
    f(bytes.first(std::min(block, bytes.size())));
}

}  // namespace lambdapack::exec::cloud
