// What ranks tell each other, as bytes: many small records in a packet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/exec/mpi/contiguous.hpp"
#include "lambdapack/graph/node.hpp"

namespace lambdapack::exec::distributed {

/// Says that a value is there. Its bytes are in the record if `tag` is 0, else in a message of
/// their own with that tag.
struct Announcement {
  Value value;
  Shape shape;
  int tag = 0;
  std::span<const std::byte> inside;
};

/// That the sender of a record stands still, or does no more, when it has fetched so many values
/// from its receiver.
struct Standstill {
  bool still = false;
  std::int64_t fetched = 0;
};

/// What a record is about: a value, that its sender has failed, or a Standstill.
enum class Record : std::int32_t { value, failure, standstill };

/// Appends records to a packet.
class PacketWriter {
 public:
  explicit PacketWriter(std::vector<std::byte>& packet) : packet_(packet) {}

  void announce(const Announcement& a) {
    put(Record::value);
    put(static_cast<std::int32_t>(a.value.line));
    put(static_cast<std::int32_t>(a.value.slot));
    put(static_cast<std::int32_t>(a.value.indices.size()));
    for (const std::int64_t x : a.value.indices) put(x);
    put(a.shape.rows);
    put(a.shape.cols);
    put(a.shape.bytes);
    put(static_cast<std::int32_t>(a.tag));
    if (a.tag == 0) append(a.inside);
  }

  void fail() { put(Record::failure); }

  void tell(const Standstill& s) {
    put(Record::standstill);
    put(static_cast<std::int32_t>(s.still));
    put(s.fetched);
  }

 private:
  template <class X>
  void put(X x) {
    append(std::as_bytes(std::span<const X>(&x, 1)));
  }
  void append(std::span<const std::byte> bytes) {
    packet_.insert(packet_.end(), bytes.begin(), bytes.end());
  }

  std::vector<std::byte>& packet_;
};

/// Takes a packet apart. Throws internal_error if it is no packet.
class PacketReader {
 public:
  explicit PacketReader(std::span<const std::byte> packet) : rest_(packet) {}

  bool done() const { return rest_.empty(); }
  Record kind() { return get<Record>(); }

  Announcement announcement() {
    Announcement a;
    a.value.line = get<std::int32_t>();
    a.value.slot = get<std::int32_t>();
    const auto count = get<std::int32_t>();
    if (count < 0 || count > ir::max_depth) damaged();
    a.value.indices.resize(static_cast<std::size_t>(count));
    for (int k = 0; k < count; ++k)
      a.value.indices[static_cast<std::size_t>(k)] = get<std::int64_t>();
    a.shape.rows = get<std::int64_t>();
    a.shape.cols = get<std::int64_t>();
    a.shape.bytes = get<std::int64_t>();
    a.tag = get<std::int32_t>();
    if (a.tag == 0) a.inside = take(a.shape.bytes);
    return a;
  }

  Standstill standstill() {
    const bool still = get<std::int32_t>() != 0;
    return {still, get<std::int64_t>()};
  }

 private:
  [[noreturn]] static void damaged() {
    throw internal_error("a packet from another rank cannot be read");
  }
  template <class X>
  X get() {
    X x;
    std::memcpy(&x, take(sizeof(X)).data(), sizeof(X));
    return x;
  }
  std::span<const std::byte> take(std::int64_t size) {
    if (size < 0 || static_cast<std::uint64_t>(size) > rest_.size()) damaged();
    const auto taken = rest_.first(static_cast<std::size_t>(size));
    rest_ = rest_.subspan(taken.size());
    return taken;
  }

  std::span<const std::byte> rest_;
};

}  // namespace lambdapack::exec::distributed
