// The rows that a tournament for pivots has left, as the payload of a tile.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/tile/dense.hpp"

namespace lambdapack {

/// Rows of a panel that may become its pivots, the best first, and where they are from.
template <Scalar T>
struct Candidates {
  /// A row of the panel: a row of one of its tiles.
  struct Origin {
    std::int64_t tile = 0;
    std::int64_t row = 0;
  };

  tile::Dense<T> rows;
  std::vector<Origin> origins;

  static std::string type_name() { return std::string("candidates ") + tile::scalar_name<T>(); }
  std::size_t byte_size() const {
    return sizeof(std::int64_t) + origins.size() * sizeof(Origin) + rows.byte_size();
  }
  void write_bytes(std::span<std::byte> bytes) const {
    const auto count = static_cast<std::int64_t>(origins.size());
    std::memcpy(bytes.data(), &count, sizeof count);
    if (count > 0)
      std::memcpy(bytes.data() + sizeof count, origins.data(), origins.size() * sizeof(Origin));
    rows.write_bytes(bytes.subspan(sizeof count + origins.size() * sizeof(Origin)));
  }
  static Candidates read_bytes(std::span<const std::byte> bytes) {
    std::int64_t count = -1;
    if (bytes.size() >= sizeof count) std::memcpy(&count, bytes.data(), sizeof count);
    const std::span rest = bytes.subspan(count < 0 ? 0 : sizeof count);
    if (count < 0 || static_cast<std::uint64_t>(count) > rest.size() / sizeof(Origin)) refuse();
    Candidates result;
    result.origins.resize(static_cast<std::size_t>(count));
    const std::size_t size = result.origins.size() * sizeof(Origin);
    if (count > 0) std::memcpy(result.origins.data(), rest.data(), size);
    result.rows = tile::Dense<T>::read_bytes(rest.subspan(size));
    if (result.rows.rows() != count) refuse();
    for (const Origin& origin : result.origins)
      if (origin.tile < 0 || origin.row < 0) refuse();
    return result;
  }

 private:
  [[noreturn]] static void refuse() {
    throw input_error(
        "these bytes are not the candidates of a panel; they are truncated or of another type");
  }
};

}  // namespace lambdapack
