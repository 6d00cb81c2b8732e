// Objects by key: where the values and the arrays of a run are.
//
// The names of this room are in exec::cloud, since lp::cloud is the executor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/exec/cloud/mapped.hpp"
#include "lambdapack/text.hpp"
#include "lambdapack/tile/payload.hpp"

namespace lambdapack::exec::cloud {

/// A server, a disk or a database did not do its part, and may do it if it is asked again. Whoever
/// uses a store or a ledger repeats its calls (`with_retries`); an error of any other type is
/// final.
class unavailable : public run_error {
 public:
  using run_error::run_error;
};

/// An object is not what was stored: a value is computed again. The message names the object and
/// says what is wrong with it.
class damaged_object : public input_error {
 public:
  using input_error::input_error;
};

namespace detail {

[[noreturn, gnu::cold]] inline void refuse_object(const std::string& key, const std::string& why) {
  throw damaged_object(text({"lambdapack: the object ", key, " is damaged: ", why,
                             "; remove it, or restore it from a copy"}));
}

[[noreturn, gnu::cold]] inline void refuse_missing(const std::string& key) {
  throw damaged_object(
      text({"lambdapack: the object ", key, " is missing; restore it from a copy"}));
}

}  // namespace detail

/// The contents of an object that is to be stored.
struct Content {
  std::size_t size = 0;
  /// write(put) calls put(piece) for one piece after the other, `size` bytes; it may be called
  /// again.
  std::function<void(const tile::PutBytes&)> write;
};

/// Takes an object in: it has `size` bytes, of which get(piece) gives the next. It may be called
/// again, and begins anew then.
using TakeIn = std::function<void(std::size_t size, const tile::GetBytes& get)>;

/// Objects by key, in a directory or on a server. Safe from any thread. Keys are of
/// [A-Za-z0-9/_.-]; others are refused with input_error. Every call may throw `unavailable`.
class ObjectStore {
 public:
  virtual ~ObjectStore() = default;
  /// For messages.
  virtual std::string describe() const = 0;
  /// The object, or nothing if there is none.
  virtual std::optional<std::string> get(const std::string& key) = 0;
  /// A part of it, shorter where the object ends.
  virtual std::optional<std::string> get(const std::string& key, std::int64_t offset,
                                         std::int64_t size) = 0;
  /// Puts an object in its place, whole or not at all, whatever was there.
  virtual void put(const std::string& key, std::string_view bytes) = 0;
  /// The same object, piece by piece: without a copy of all of it where the store can.
  virtual void put_pieces(const std::string& key, const Content& content) {
    std::string bytes;
    bytes.reserve(content.size);
    content.write([&](std::span<const std::byte> piece) {
      bytes.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    });
    put(key, bytes);
  }
  /// Calls take_in for the object, or gives false if there is none. To ask it for more bytes than
  /// the object has is damaged_object.
  virtual bool get_pieces(const std::string& key, const TakeIn& take_in) {
    const std::optional<std::string> bytes = get(key);
    if (!bytes) return false;
    std::string_view left = *bytes;
    take_in(left.size(), [&](std::span<std::byte> piece) {
      if (piece.size() > left.size()) detail::refuse_object(key, "it ends too early");
      if (!piece.empty()) std::memcpy(piece.data(), left.data(), piece.size());
      left.remove_prefix(piece.size());
    });
    return true;
  }
  /// The object as memory; nothing if there is none, or the store cannot do that.
  virtual std::optional<Mapped> map(const std::string&) { return std::nullopt; }
  /// `put_pieces`, and the same of what was put.
  virtual std::optional<Mapped> put_and_map(const std::string& key, const Content& content) {
    put_pieces(key, content);
    return std::nullopt;
  }
  /// As `put`, unless there was an object; then false.
  virtual bool put_if_absent(const std::string& key, std::string_view bytes) = 0;
  /// Does nothing if there is none.
  virtual void remove(const std::string& key) = 0;
  /// All keys that begin with `prefix`, sorted.
  virtual std::vector<std::string> list(const std::string& prefix) = 0;
};

/// Throws input_error unless all stores can have the key: parts of [A-Za-z0-9_.-] with a slash
/// between each two, none of them empty, "." or beginning
/// with "..".
inline void check_key(const std::string& key) {
  const auto refuse = [&](const char* why) {
    throw input_error(text({"lambdapack: \"", key, "\" cannot be the key of an object: ", why,
                            "; expected names of letters, digits, '_', '.' and '-' with a '/' "
                            "between each two"}));
  };
  if (key.size() > 900) refuse("it is longer than 900 characters");
  std::size_t begin = 0;
  for (std::size_t k = 0; k <= key.size(); ++k) {
    if (k < key.size() && key[k] != '/') {
      const char c = key[k];
      const bool allowed = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
      if (!allowed) refuse("it has a character that some stores do not take");
      continue;
    }
    const std::string_view part = std::string_view(key).substr(begin, k - begin);
    if (part.empty()) refuse("a name in it is empty");
    if (part == "." || part.starts_with(".."))
      refuse("a name in it is \".\" or begins with \"..\"");
    begin = k + 1;
  }
}

}  // namespace lambdapack::exec::cloud
