// The names of things in a task graph: nodes, tiles and values.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>

#include "lambdapack/error.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack {

/// A short tuple of integers without an allocation: the indices of a node or of a tile.
class Indices {
 public:
  Indices() = default;
  Indices(std::initializer_list<std::int64_t> values)
      : Indices(std::span<const std::int64_t>(values.begin(), values.size())) {}
  /// Throws input_error if there are more than eight.
  explicit Indices(std::span<const std::int64_t> values) : size_(static_cast<int>(values.size())) {
    if (values.size() > values_.size())
      throw input_error("lambdapack: a node or tile has at most 8 indices, but " +
                        std::to_string(values.size()) + " were given; check their number");
    for (std::size_t k = 0; k < values.size(); ++k) values_[k] = values[k];
  }

  // Only what is in use is copied, an integer at a time, as it was written. Of a loop, compilers
  // make a call that copies memory.
  Indices(const Indices& other) { *this = other; }
  Indices& operator=(const Indices& other) {
    size_ = other.size_;
    switch (size_) {
      case 8: values_[7] = other.values_[7]; [[fallthrough]];
      case 7: values_[6] = other.values_[6]; [[fallthrough]];
      case 6: values_[5] = other.values_[5]; [[fallthrough]];
      case 5: values_[4] = other.values_[4]; [[fallthrough]];
      case 4: values_[3] = other.values_[3]; [[fallthrough]];
      case 3: values_[2] = other.values_[2]; [[fallthrough]];
      case 2: values_[1] = other.values_[1]; [[fallthrough]];
      case 1: values_[0] = other.values_[0]; [[fallthrough]];
      default: static_assert(ir::max_depth == 8);
    }
    return *this;
  }

  std::size_t size() const { return static_cast<std::size_t>(size_); }
  std::int64_t operator[](std::size_t k) const { return values_[k]; }
  std::int64_t& operator[](std::size_t k) { return values_[k]; }
  std::int64_t* data() { return values_.data(); }
  /// New indices, if there are more than before, are not set.
  void resize(std::size_t size) { size_ = static_cast<int>(size); }
  const std::int64_t* begin() const { return values_.data(); }
  const std::int64_t* end() const { return values_.data() + size_; }
  operator std::span<const std::int64_t>() const { return {values_.data(), size()}; }

  friend bool operator==(const Indices& a, const Indices& b) {
    if (a.size_ != b.size_) return false;
    for (std::size_t k = 0; k < a.size(); ++k)
      if (a.values_[k] != b.values_[k]) return false;
    return true;
  }
  friend bool operator<(const Indices& a, const Indices& b) {
    for (std::size_t k = 0; k < a.size() && k < b.size(); ++k)
      if (a.values_[k] != b.values_[k]) return a.values_[k] < b.values_[k];
    return a.size_ < b.size_;
  }

 private:
  std::array<std::int64_t, ir::max_depth> values_;
  int size_ = 0;
};

/// A task: a statement's line (its position in the program, from 0) and its loop indices, from the
/// outermost loop in.
struct Node {
  int line = 0;
  Indices indices;
  friend bool operator==(const Node&, const Node&) = default;
  friend bool operator<(const Node& a, const Node& b) {
    return a.line != b.line ? a.line < b.line : a.indices < b.indices;
  }
};

/// Nodes of one statement in equal steps.
struct NodeRun {
  Node first;
  Indices step;  ///< from one to the next
  std::int64_t times = 1;

  /// The node at position k, from 0.
  Node at(std::int64_t k) const {
    Node node = first;
    for (std::size_t d = 0; d < step.size(); ++d) node.indices[d] += k * step[d];
    return node;
  }
};

/// A tile of an array, by the array's position in the program.
struct TileName {
  int array = 0;
  Indices indices;
  friend bool operator==(const TileName&, const TileName&) = default;
  friend bool operator<(const TileName& a, const TileName& b) {
    return a.array != b.array ? a.array < b.array : a.indices < b.indices;
  }
};

/// A value: what output `slot` of a node wrote, or the initial contents of a tile. In the second
/// case `line` is -1 - array and `indices` are the tile's.
struct Value {
  int line = 0;
  int slot = 0;
  Indices indices;

  static Value of(const Node& node, int slot) { return {node.line, slot, node.indices}; }
  static Value initial(const TileName& tile) { return {-1 - tile.array, 0, tile.indices}; }

  bool is_initial() const { return line < 0; }
  /// The node that made it; only for a value that is not initial.
  Node node() const { return {line, indices}; }
  /// The tile whose initial contents it is; only for one that is.
  TileName tile() const { return {-1 - line, indices}; }

  friend bool operator==(const Value&, const Value&) = default;
  friend bool operator<(const Value& a, const Value& b) {
    if (a.line != b.line) return a.line < b.line;
    return a.slot != b.slot ? a.slot < b.slot : a.indices < b.indices;
  }
};

namespace detail {
/// Mixes a name's integers; the finaliser is Stafford's variant 13 of splitmix64.
inline std::size_t hash_of(std::uint64_t seed, const Indices& indices) {
  std::uint64_t h = seed * 0x9e3779b97f4a7c15u;
  const auto mix = [&](std::uint64_t x) {
    h ^= x;
    h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9u;
    h = (h ^ (h >> 27)) * 0x94d049bb133111ebu;
    h ^= h >> 31;
  };
  for (std::int64_t x : indices) mix(static_cast<std::uint64_t>(x) + 0x9e3779b97f4a7c15u);
  mix(indices.size());
  return static_cast<std::size_t>(h);
}
}  // namespace detail

/// Hashes of names, for unordered containers.
struct NodeHash {
  std::size_t operator()(const Node& n) const {
    return detail::hash_of(static_cast<std::uint64_t>(n.line), n.indices);
  }
};
struct ValueHash {
  std::size_t operator()(const Value& v) const {
    return detail::hash_of(static_cast<std::uint64_t>(v.line * 16 + v.slot), v.indices);
  }
};

}  // namespace lambdapack
