// lp::stop_if: the end of a loop over steps that depends on data.
#pragma once

#include <source_location>

#include "lambdapack/dsl/words.hpp"
#include "lambdapack/kernel/stop.hpp"

namespace lambdapack {

/// Ends the innermost loop around it after the step in which the tile says so: its element (0, 0)
/// is not 0, or, for a payload, its member `bool stop() const` says true. Statements of later steps
/// leave their tiles as they are. Throws program_error outside of a loop, in a guard, in a loop
/// whose step is a power, and where another stop_if ends the same loop, or one around or inside it.
template <StopFlag T, bool W>
void stop_if(const TileRef<T, W>& flag, std::source_location at = std::source_location::current()) {
  detail::Recorder::current("lp::stop_if")
      .stop_if(flag.access(), detail::word<&kernel::stop_if<T>>("stop_if").shared(), at);
}
template <class X>
void stop_if(const X&) {
  static_assert(
      detail::never<X>,
      "lambdapack: lp::stop_if takes a tile of float or double, which ends the loop where "
      "its element (0, 0) is not 0, or of a payload of your own with a member bool "
      "stop() const");
}

}  // namespace lambdapack
