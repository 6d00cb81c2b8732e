// SHA-256 (FIPS 180-4), for names of contents.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace lambdapack::ir::detail {

/// Takes in 64 bytes at a time.
class Sha256 {
 public:
  /// The digest of `bytes` in hexadecimal, 64 digits.
  static std::string of(std::string_view bytes) {
    Sha256 digest;
    std::string all(bytes);
    all += '\x80';
    all.resize((all.size() + 8 + 63) / 64 * 64, '\0');
    for (std::size_t k = 0; k < 8; ++k)
      all[all.size() - 1 - k] =
          static_cast<char>(static_cast<std::uint64_t>(bytes.size()) * 8 >> (8 * k) & 255);
    for (std::size_t at = 0; at < all.size(); at += 64) digest.block(all.data() + at);
    return digest.hex();
  }

 private:
  using Word = std::uint32_t;

  void block(const char* bytes) {
    std::array<Word, 64> w{};
    for (std::size_t k = 0; k < 64; ++k)
      w[k / 4 % 16] = w[k / 4 % 16] << 8 | static_cast<unsigned char>(bytes[k]);
    for (std::size_t k = 16; k < 64; ++k)
      w[k] = w[k - 16] + w[k - 7] +
             (std::rotr(w[k - 15], 7) ^ std::rotr(w[k - 15], 18) ^ w[k - 15] >> 3) +
             (std::rotr(w[k - 2], 17) ^ std::rotr(w[k - 2], 19) ^ w[k - 2] >> 10);
    std::array<Word, 8> s = state_;
    for (std::size_t k = 0; k < 64; ++k) {
      const Word e = s[4], a = s[0];
      const Word t = s[7] + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) +
                     ((e & s[5]) ^ (~e & s[6])) + round[k] + w[k];
      const Word u = (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) +
                     ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
      std::rotate(s.begin(), s.end() - 1, s.end());
      s[4] += t;
      s[0] = t + u;
    }
    for (std::size_t k = 0; k < 8; ++k) state_[k] += s[k];
  }

  std::string hex() const {
    std::string digits;
    for (const Word w : state_)
      for (int shift = 28; shift >= 0; shift -= 4) digits += "0123456789abcdef"[w >> shift & 15];
    return digits;
  }

  static constexpr std::array<Word, 64> round = {
      0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
      0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
      0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
      0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
      0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
      0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
      0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
      0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
      0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
      0xc67178f2};

  std::array<Word, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
};

}  // namespace lambdapack::ir::detail
