// How one dimension of a matrix is cut into tiles.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace lambdapack::tile::detail {

/// The sizes of the tiles along a dimension, -1 for one that nobody knows; or nothing is known.
class Cut {
 public:
  Cut() = default;
  explicit Cut(std::vector<std::int64_t> sizes) : sizes_(std::move(sizes)) {}
  static Cut unknown(std::int64_t tiles) {
    return Cut(std::vector<std::int64_t>(static_cast<std::size_t>(tiles), -1));
  }

  bool is_known() const { return sizes_.has_value(); }

  /// Whether both can be of one dimension.
  bool fits(const Cut& other) const {
    const auto same = [](std::int64_t a, std::int64_t b) { return a == b || a < 0 || b < 0; };
    return !sizes_ || !other.sizes_ || std::ranges::equal(*sizes_, *other.sizes_, same);
  }

  /// Whether all tiles are of one size, but for a last one that may be smaller.
  bool is_even() const {
    for (std::int64_t k = 1; k < tiles(); ++k) {
      const std::int64_t before = (*this)[k - 1], size = (*this)[k];
      if (before < 0 || size < 0) continue;
      if (k + 1 < tiles() ? size != before : size > before) return false;
    }
    return true;
  }

  /// Number of tiles that are known to be there.
  std::int64_t tiles() const { return sizes_ ? static_cast<std::int64_t>(sizes_->size()) : 0; }
  /// The size of tile k, or -1.
  std::int64_t operator[](std::int64_t k) const { return (*sizes_)[static_cast<std::size_t>(k)]; }
  /// Where tile k begins, as far as is known; tiles of unknown size count nothing.
  std::int64_t first(std::int64_t k) const {
    std::int64_t sum = 0;
    for (std::int64_t i = 0; i < std::min(k, tiles()); ++i)
      sum += std::max<std::int64_t>((*this)[i], 0);
    return sum;
  }
  /// The whole dimension, or -1.
  std::int64_t size() const {
    if (!sizes_ || std::ranges::count(*sizes_, -1) > 0) return -1;
    return first(tiles());
  }

  /// What one tile says of the size of tile k; the first that says it is believed.
  void say(std::int64_t k, std::int64_t size) {
    std::int64_t& known = (*sizes_)[static_cast<std::size_t>(k)];
    if (known < 0) known = size;
  }

  /// "2 + 2 + 1", for messages.
  std::string text() const {
    std::string sum;
    for (std::int64_t k = 0; k < std::min<std::int64_t>(tiles(), 8); ++k)
      sum += (k ? " + " : "") + ((*this)[k] < 0 ? "?" : std::to_string((*this)[k]));
    return sum + (tiles() > 8 ? " + ..." : "");
  }

 private:
  std::optional<std::vector<std::int64_t>> sizes_;
};

}  // namespace lambdapack::tile::detail
