// The payload of control tiles: whether a loop that lp::stop_if may end has ended.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "lambdapack/error.hpp"
#include "lambdapack/tile/payload.hpp"

namespace lambdapack::tile {

/// Whether a loop has ended. One byte, 0 or 1.
struct Stop {
  bool value = false;

  static std::string type_name() { return "stop"; }
  std::size_t byte_size() const { return 1; }
  void write_bytes(std::span<std::byte> out) const { out[0] = std::byte{value}; }
  static Stop read_bytes(std::span<const std::byte> in) {
    if (in.size() != 1 || in[0] > std::byte{1})
      throw input_error("lambdapack: these " + std::to_string(in.size()) +
                        " bytes are not a control tile; expected one byte, 0 or 1");
    return {in[0] == std::byte{1}};
  }
};

}  // namespace lambdapack::tile
