// The row interchanges of one panel of an LU factorization, as the payload of a tile.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack {

/// What a panel of an LU factorization did to its rows, and what they do to those of other columns.
/// Rows count from the panel's first.
class Pivots {
 public:
  Pivots() = default;

  /// A panel of `rows` rows in tiles of `tile_rows`: row s was exchanged with row swaps[s] >= s,
  /// one after the other. `zero` is the first column whose pivot is exactly zero, or -1.
  Pivots(std::int64_t rows, std::int64_t tile_rows, std::vector<std::int64_t> swaps,
         std::int64_t zero)
      : rows_(rows), tile_rows_(tile_rows), zero_(zero), swaps_(std::move(swaps)) {
    std::vector<std::int64_t> source(static_cast<std::size_t>(rows));
    std::iota(source.begin(), source.end(), std::int64_t{0});
    apply(source, 0);
    top_.assign(source.begin(), source.begin() + count());
    moved_.assign(swaps_.begin(), swaps_.end());
    std::erase_if(moved_, [this](std::int64_t row) { return row < count(); });
    std::sort(moved_.begin(), moved_.end());
    moved_.erase(std::unique(moved_.begin(), moved_.end()), moved_.end());
    for (const std::int64_t row : moved_)
      moved_from_.push_back(source[static_cast<std::size_t>(row)]);
  }

  std::int64_t rows() const { return rows_; }
  std::int64_t tile_rows() const { return tile_rows_; }
  std::int64_t zero() const { return zero_; }
  /// How many rows were chosen: the smaller of the panel's rows and columns.
  std::int64_t count() const { return static_cast<std::int64_t>(swaps_.size()); }
  const std::vector<std::int64_t>& swaps() const { return swaps_; }

  /// The rows that come to rows 0 to count() - 1.
  const std::vector<std::int64_t>& top() const { return top_; }
  /// The rows below those that get another one, in order, and which it is: one of the first ones.
  const std::vector<std::int64_t>& moved() const { return moved_; }
  const std::vector<std::int64_t>& moved_from() const { return moved_from_; }

  /// Exchanges elements of a list whose element `first` belongs to the panel's first row.
  void apply(std::vector<std::int64_t>& list, std::int64_t first) const {
    for (std::int64_t s = 0; s < count(); ++s)
      std::swap(list[static_cast<std::size_t>(first + s)],
                list[static_cast<std::size_t>(first + swaps_[static_cast<std::size_t>(s)])]);
  }

  static std::string type_name() { return "pivots"; }
  std::size_t byte_size() const { return (header + swaps_.size()) * sizeof(std::int64_t); }
  void write_bytes(std::span<std::byte> bytes) const {
    const std::int64_t numbers[header] = {rows_, tile_rows_, zero_};
    std::memcpy(bytes.data(), numbers, sizeof numbers);
    if (!swaps_.empty())
      std::memcpy(bytes.data() + sizeof numbers, swaps_.data(), byte_size() - sizeof numbers);
  }
  static Pivots read_bytes(std::span<const std::byte> bytes) {
    std::int64_t numbers[header] = {};
    if (bytes.size() < sizeof numbers || bytes.size() % sizeof(std::int64_t) != 0) refuse();
    std::memcpy(numbers, bytes.data(), sizeof numbers);
    std::vector<std::int64_t> swaps(bytes.size() / sizeof(std::int64_t) - header);
    if (!swaps.empty())
      std::memcpy(swaps.data(), bytes.data() + sizeof numbers, bytes.size() - sizeof numbers);
    const auto count = static_cast<std::int64_t>(swaps.size());
    const bool possible = numbers[0] >= count && numbers[0] <= most_rows && numbers[1] >= 0 &&
                          (numbers[1] > 0 || numbers[0] == 0) && numbers[2] >= -1 &&
                          numbers[2] < std::max<std::int64_t>(count, 1);
    if (!possible) refuse();
    for (std::int64_t s = 0; s < count; ++s)
      if (swaps[static_cast<std::size_t>(s)] < s ||
          swaps[static_cast<std::size_t>(s)] >= numbers[0])
        refuse();
    return Pivots(numbers[0], numbers[1], std::move(swaps), numbers[2]);
  }

 private:
  static constexpr std::size_t header = 3;
  // LAPACK counts rows with 32 bits, and a list of them must fit memory.
  static constexpr std::int64_t most_rows = std::int64_t{1} << 31;

  [[noreturn]] static void refuse() {
    throw input_error(
        "these bytes are not the pivots of a panel; they are truncated or of another "
        "type");
  }

  std::int64_t rows_ = 0, tile_rows_ = 0, zero_ = -1;
  std::vector<std::int64_t> swaps_, top_, moved_, moved_from_;
};

}  // namespace lambdapack
