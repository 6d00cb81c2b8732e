// Tiles as objects: bytes that say what they are and whether they are whole.
//
//   "LPVALUE2", length of the type's name, length of the payload (8 bytes each, little-endian), the
//   name, zeros up to byte 48 of 64, the payload as `write_bytes` writes it, the digest of all that
//   (8 bytes)
//
// The elements of a dense tile, which follow 16 bytes of its payload, are aligned to 64 bytes so.
// A value that is a tile of a result too is stored as that, and its own object says so:
//
//   "LPRESULT", the digest of the result's chunk, the digest of these two
//
// What comes back from a store is believed only as far as it can be checked.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/exec/cloud/content_digest.hpp"
#include "lambdapack/exec/cloud/objects.hpp"
#include "lambdapack/exec/cloud/scalars.hpp"
#include "lambdapack/text.hpp"
#include "lambdapack/tile/payload.hpp"

namespace lambdapack::exec::cloud {

namespace detail {

struct ValueHeader {
  char magic[8];
  std::uint64_t name = 0;
  std::uint64_t payload = 0;
};
struct ResultLink {
  char magic[8];
  std::uint64_t chunk = 0;
  std::uint64_t digest = 0;
};
static_assert(sizeof(ResultLink) == sizeof(ValueHeader));
inline constexpr char value_magic[] = "LPVALUE2";
inline constexpr char result_magic[] = "LPRESULT";

template <class T>
std::span<const std::byte> bytes_of(const T& object) {
  return std::as_bytes(std::span(&object, 1));
}
template <class T>
std::span<std::byte> room_of(T& object) {
  return std::as_writable_bytes(std::span(&object, 1));
}

/// Passes pieces on, and takes them in.
class DigestingPut {
 public:
  explicit DigestingPut(const tile::PutBytes& put) : put_(put) {}
  void operator()(std::span<const std::byte> bytes) {
    in_blocks(bytes, [&](std::span<const std::byte> block) {
      digest_.add(block);
      put_(block);
    });
  }
  std::uint64_t value() const { return digest_.value(); }

 private:
  const tile::PutBytes& put_;
  Digest digest_;
};

class DigestingGet {
 public:
  explicit DigestingGet(const tile::GetBytes& get) : get_(get) {}
  void operator()(std::span<std::byte> bytes) {
    in_blocks(bytes, [&](std::span<std::byte> block) {
      get_(block);
      digest_.add(block);
    });
  }
  std::uint64_t value() const { return digest_.value(); }

 private:
  const tile::GetBytes& get_;
  Digest digest_;
};

// Where the payload of an object begins whose type has a name of so many characters.
constexpr std::size_t payload_begin(std::size_t name) {
  constexpr std::size_t unit = 64, place = 48;
  return (sizeof(ValueHeader) + name + unit - place - 1) / unit * unit + place;
}

// Of an object of `size` bytes. Throws damaged_object if it cannot be that of a tile.
inline void check_header(const ValueHeader& header, std::size_t size, const std::string& key) {
  if (std::memcmp(header.magic, value_magic, sizeof header.magic) != 0)
    refuse_object(key, "it is no tile");
  constexpr std::size_t digest = sizeof(std::uint64_t);
  if (header.name > size || size < payload_begin(header.name) + digest ||
      header.payload != size - payload_begin(header.name) - digest)
    refuse_object(key, text({"it has ", size, " bytes, but says ",
                             static_cast<std::int64_t>(header.payload), " for the tile"}));
}

inline void check_digest(std::uint64_t digest, std::uint64_t expected, const std::string& key) {
  if (digest != expected) refuse_object(key, "its checksum is wrong");
}

inline void check_type(std::string_view name, const tile::PayloadType& type,
                       const std::string& key) {
  if (name != type.name)
    refuse_object(key, text({"it holds ", name, ", not ", std::string_view(type.name)}));
}

inline ResultLink link_to(std::uint64_t chunk) {
  ResultLink link;
  std::memcpy(link.magic, result_magic, sizeof link.magic);
  link.chunk = chunk;
  link.digest = digest_of(bytes_of(link).first(offsetof(ResultLink, digest)));
  return link;
}

}  // namespace detail

/// The same contents, whose digest is left in `digest` when they have been written.
inline Content with_digest(Content content, std::uint64_t& digest) {
  return {content.size, [&digest, write = std::move(content.write)](const tile::PutBytes& put) {
            detail::DigestingPut digesting(put);
            write([&](std::span<const std::byte> bytes) { digesting(bytes); });
            digest = digesting.value();
          }};
}

/// The object of a tile.
inline Content content_of(tile::Tile tile) {
  const std::string& name = tile.type().name;
  const std::size_t size =
      detail::payload_begin(name.size()) + tile.byte_size() + sizeof(std::uint64_t);
  return {size, [tile = std::move(tile)](const tile::PutBytes& put) {
            const std::string& name = tile.type().name;
            detail::DigestingPut digesting(put);
            detail::ValueHeader header;
            std::memcpy(header.magic, detail::value_magic, sizeof header.magic);
            header.name = name.size();
            header.payload = tile.byte_size();
            digesting(detail::bytes_of(header));
            std::string padded = name;
            padded.resize(detail::payload_begin(name.size()) - sizeof header);
            digesting(std::as_bytes(std::span(padded)));
            tile.write_pieces([&](std::span<const std::byte> piece) { digesting(piece); });
            put(detail::bytes_of(digesting.value()));
          }};
}

/// The object of a value that is stored as a chunk of a result, which has this digest.
inline Content content_of_link(std::uint64_t chunk) {
  return {sizeof(detail::ResultLink), [link = detail::link_to(chunk)](const tile::PutBytes& put) {
            put(detail::bytes_of(link));
          }};
}

/// What an object says that a value is: a tile, or the digest of the chunk that has it.
using Decoded = std::variant<tile::Tile, std::uint64_t>;

/// The value of type `type` in the object `key`, which has `size` bytes, of which get(piece) gives
/// the next. Throws damaged_object if there is none in it.
inline Decoded decode(std::size_t size, const tile::GetBytes& get, const tile::PayloadType& type,
                      const std::string& key) {
  detail::DigestingGet digesting(get);
  detail::ValueHeader header;
  if (size < sizeof header) detail::refuse_object(key, text({"it has only ", size, " bytes"}));
  digesting(detail::room_of(header));
  if (std::memcmp(header.magic, detail::result_magic, sizeof header.magic) == 0) {
    const auto link = std::bit_cast<detail::ResultLink>(header);
    if (size != sizeof link) detail::refuse_object(key, text({"it has ", size, " bytes"}));
    detail::check_digest(link.digest, detail::link_to(link.chunk).digest, key);
    return link.chunk;
  }
  detail::check_header(header, size, key);
  std::string name(detail::payload_begin(header.name) - sizeof header, '\0');
  digesting(std::as_writable_bytes(std::span(name)));
  name.resize(header.name);
  const auto check = [&] {
    const std::uint64_t digest = digesting.value();
    std::uint64_t expected = 0;
    get(detail::room_of(expected));
    detail::check_digest(digest, expected, key);
    detail::check_type(name, type, key);
  };
  try {
    if (type.in_pieces && name == type.name) {
      tile::Tile tile =
          type.read_pieces(header.payload, [&](std::span<std::byte> piece) { digesting(piece); });
      check();
      return tile;
    }
    // A type that wants all of its bytes at once gets them when they have been checked.
    std::vector<std::byte> payload(header.payload);
    digesting(std::span(payload));
    check();
    return type.read(payload);
  } catch (const damaged_object&) {
    throw;
  } catch (const input_error& error) {
    detail::refuse_object(key, error.what());
  }
}

/// The matrix of type `type` in the object `key`, without a copy of it; none where the object is
/// none of a matrix, or cannot be its memory. Throws damaged_object if it is not `known` to be what
/// was stored, and is something else.
inline tile::Tile decode_mapped(Mapped object, const tile::PayloadType& type,
                                const std::string& key, bool is_known) {
  const std::span<const std::byte> bytes = object.bytes();
  detail::ValueHeader header;
  if (!detail::is_scalar(type.name) || bytes.size() < sizeof header) return {};
  std::memcpy(&header, bytes.data(), sizeof header);
  detail::check_header(header, bytes.size(), key);
  const auto checked = bytes.first(bytes.size() - sizeof(std::uint64_t));
  if (!is_known) {
    std::uint64_t expected = 0;
    std::memcpy(&expected, bytes.data() + checked.size(), sizeof expected);
    detail::check_digest(digest_of(checked), expected, key);
  }
  const auto name = bytes.subspan(sizeof header, header.name);
  detail::check_type({reinterpret_cast<const char*>(name.data()), name.size()}, type, key);
  const auto payload = checked.subspan(detail::payload_begin(header.name));
  std::int64_t shape[2] = {-1, -1}, elements = 0;
  if (payload.size() >= sizeof shape) std::memcpy(shape, payload.data(), sizeof shape);
  return detail::with_scalar(type.name, [&]<class T>(T) {
    if (shape[0] < 0 || shape[1] < 0 || __builtin_mul_overflow(shape[0], shape[1], &elements) ||
        payload.size() - sizeof shape != static_cast<std::size_t>(elements) * sizeof(T))
      return tile::Tile();
    auto matrix = object.matrix<T>(
        bytes.size() - sizeof(std::uint64_t) - payload.size() + sizeof shape, shape[0], shape[1]);
    return matrix ? tile::Tile::make(*std::move(matrix)) : tile::Tile();
  });
}

/// The tile, where nothing else can be meant.
inline tile::Tile tile_in(Decoded decoded, const std::string& key) {
  if (auto* const tile = std::get_if<tile::Tile>(&decoded)) return std::move(*tile);
  detail::refuse_object(key, "it is no tile");
}

}  // namespace lambdapack::exec::cloud
