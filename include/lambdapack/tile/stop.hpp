// Control tiles: whether a loop over steps has ended.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "lambdapack/tile/detail/message.hpp"
#include "lambdapack/tile/payload.hpp"

namespace lambdapack::tile {

/// What lp::stop_if writes at each step of its loop; a blank one says that the loop goes on.
struct Stop {
  bool value = false;

  static std::string type_name() { return "stop"; }
  std::size_t byte_size() const { return 1; }
  void write_bytes(std::span<std::byte> out) const { out[0] = std::byte{value}; }

  /// Throws input_error on anything but one byte that is 0 or 1.
  static Stop read_bytes(std::span<const std::byte> in) {
    if (in.size() != 1 || in[0] > std::byte{1})
      detail::refuse({"these ", in.size(),
                      " bytes are not a control tile, which is one byte, 0 or 1; the tile is "
                      "truncated or of another type"});
    return {in[0] == std::byte{1}};
  }
};

}  // namespace lambdapack::tile
