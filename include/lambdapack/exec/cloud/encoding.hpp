// Tiles as objects: bytes that say what they are and whether they are whole.
//
//   "LPVALUE1", length of the type's name, length of the payload, digest of all but this header
//   (8 bytes each, little-endian), the name, the payload as `write_bytes` writes it
//
// What comes back from a store is believed only as far as it can be checked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "lambdapack/error.hpp"
#include "lambdapack/exec/cloud/objects.hpp"
#include "lambdapack/text.hpp"
#include "lambdapack/tile/detail/hash.hpp"
#include "lambdapack/tile/payload.hpp"

namespace lambdapack::exec::cloud {

/// A number that changes with any byte. Words go round four lanes, as one multiplication waits for
/// another in a lane.
inline std::uint64_t digest(std::string_view bytes) {
  std::uint64_t lanes[4] = {1, 2, 3, 4};
  std::uint64_t words[4];
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= sizeof words; left -= sizeof words, at += sizeof words) {
    std::memcpy(words, at, sizeof words);
    for (int k = 0; k < 4; ++k) {
      const std::uint64_t mixed = (lanes[k] ^ words[k]) * 0x9e3779b97f4a7c15u;
      lanes[k] = mixed ^ mixed >> 32;
    }
  }
  tile::detail::Hash hash;
  hash.add(lanes, sizeof lanes);
  hash.add(at, left);
  hash.add(bytes.size());
  return hash.value();
}

/// 16 hexadecimal digits.
inline std::string hexadecimal(std::uint64_t number) {
  std::string digits;
  for (int shift = 60; shift >= 0; shift -= 4) digits += "0123456789abcdef"[number >> shift & 15];
  return digits;
}

namespace detail {

struct ValueHeader {
  char magic[8];
  std::uint64_t name = 0;
  std::uint64_t payload = 0;
  std::uint64_t digest = 0;
};
inline constexpr char value_magic[] = "LPVALUE1";

[[noreturn, gnu::cold]] inline void refuse_object(const std::string& key, const std::string& why) {
  throw damaged_object(text({"lambdapack: the object ", key, " is damaged: ", why,
                             "; remove it, or restore it from a copy"}));
}

[[noreturn, gnu::cold]] inline void refuse_missing(const std::string& key) {
  throw damaged_object(
      text({"lambdapack: the object ", key, " is missing; restore it from a copy"}));
}

}  // namespace detail

/// The object of a tile.
inline std::string encode(const tile::Tile& tile) {
  const std::string& name = tile.type().name;
  const std::size_t size = tile.byte_size();
  std::string bytes(sizeof(detail::ValueHeader) + name.size() + size, '\0');
  char* const rest = bytes.data() + sizeof(detail::ValueHeader);
  std::memcpy(rest, name.data(), name.size());
  tile.write_bytes(std::span<std::byte>(reinterpret_cast<std::byte*>(rest) + name.size(), size));
  detail::ValueHeader header;
  std::memcpy(header.magic, detail::value_magic, sizeof header.magic);
  header.name = name.size();
  header.payload = size;
  header.digest = digest(std::string_view(bytes).substr(sizeof header));
  std::memcpy(bytes.data(), &header, sizeof header);
  return bytes;
}

/// The tile of type `type` in the object `key`. Throws damaged_object if there is none in it.
inline tile::Tile decode(std::string_view bytes, const tile::PayloadType& type,
                         const std::string& key) {
  detail::ValueHeader header;
  if (bytes.size() < sizeof header)
    detail::refuse_object(key, text({"it has only ", bytes.size(), " bytes"}));
  std::memcpy(&header, bytes.data(), sizeof header);
  if (std::memcmp(header.magic, detail::value_magic, sizeof header.magic) != 0)
    detail::refuse_object(key, "it is no tile");
  const std::string_view rest = bytes.substr(sizeof header);
  if (header.name > rest.size() || header.payload != rest.size() - header.name)
    detail::refuse_object(key, text({"it has ", bytes.size(), " bytes, but says ",
                                     static_cast<std::int64_t>(header.payload), " for the tile"}));
  if (digest(rest) != header.digest) detail::refuse_object(key, "its checksum is wrong");
  if (rest.substr(0, header.name) != type.name)
    detail::refuse_object(key, text({"it holds ", rest.substr(0, header.name), ", not ",
                                     std::string_view(type.name)}));
  const std::string_view payload = rest.substr(header.name);
  try {
    return type.read({reinterpret_cast<const std::byte*>(payload.data()), payload.size()});
  } catch (const input_error& error) {
    detail::refuse_object(key, error.what());
  }
}

}  // namespace lambdapack::exec::cloud
