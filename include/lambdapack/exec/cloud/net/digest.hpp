// Digests, by OpenSSL, and CRC-32C, by the processor where it can.
#pragma once

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "lambdapack/error.hpp"

namespace lambdapack::exec::cloud::net {

namespace detail {

inline std::string digest(const EVP_MD* kind, std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> result;
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), result.data(), &size, kind, nullptr) != 1)
    throw internal_error("OpenSSL computes no digest");
  return {reinterpret_cast<const char*>(result.data()), size};
}

}  // namespace detail

/// The bytes as hexadecimal digits, small letters.
inline std::string hex(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string result;
  result.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    result += digits[byte >> 4];
    result += digits[byte & 15];
  }
  return result;
}

/// The 32 bytes of SHA-256.
inline std::string sha256(std::string_view bytes) { return detail::digest(EVP_sha256(), bytes); }

/// The 20 bytes of SHA-1, by which Redis calls a script.
inline std::string sha1(std::string_view bytes) { return detail::digest(EVP_sha1(), bytes); }

/// The 16 bytes of MD5, which S3 calls an ETag.
inline std::string md5(std::string_view bytes) { return detail::digest(EVP_md5(), bytes); }

/// The 32 bytes of HMAC-SHA-256.
inline std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> result;
  unsigned int size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), result.data(),
           &size) == nullptr)
    throw internal_error("OpenSSL computes no HMAC");
  return {reinterpret_cast<const char*>(result.data()), size};
}

namespace detail {

inline std::uint32_t crc32c_by_table(std::uint32_t crc, std::string_view bytes) {
  static const std::array<std::uint32_t, 256> table = [] {
    std::array<std::uint32_t, 256> t{};
    for (std::uint32_t n = 0; n < 256; ++n) {
      std::uint32_t c = n;
      for (int bit = 0; bit < 8; ++bit) c = (c & 1) != 0 ? (c >> 1) ^ 0x82f63b78U : c >> 1;
      t[n] = c;
    }
    return t;
  }();
  for (const char c : bytes) crc = table[(crc ^ static_cast<unsigned char>(c)) & 255] ^ (crc >> 8);
  return crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) inline std::uint32_t crc32c_by_processor(std::uint32_t crc,
                                                                           std::string_view bytes) {
  std::uint64_t wide = crc;
  while (bytes.size() >= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), 8);
    wide = __builtin_ia32_crc32di(wide, word);
    bytes.remove_prefix(8);
  }
  crc = static_cast<std::uint32_t>(wide);
  for (const char c : bytes) crc = __builtin_ia32_crc32qi(crc, static_cast<unsigned char>(c));
  return crc;
}
#endif

}  // namespace detail

/// CRC-32C (Castagnoli) of the bytes.
inline std::uint32_t crc32c(std::string_view bytes) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("sse4.2")) return ~detail::crc32c_by_processor(~0U, bytes);
#endif
  return ~detail::crc32c_by_table(~0U, bytes);
}

}  // namespace lambdapack::exec::cloud::net
