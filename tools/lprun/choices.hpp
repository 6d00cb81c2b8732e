// Options that several algorithms have, and what their words stand for.
#pragma once

#include <lambdapack/kernel/options.hpp>

#include "command.hpp"

namespace lprun {

inline constexpr const char* all_ops = "none|transpose|adjoint";

inline constexpr Option alpha_option{"--alpha", Takes::number, "X", "1",
                                     "a factor; RE,IM if it is complex"};
inline constexpr Option beta_option{"--beta", Takes::number, "X", "0",
                                    "a factor of C, which is an input where it is not 0"};
inline constexpr Option part_option{"--part", Takes::word, "lower|upper", "lower",
                                    "the triangle that is read or written"};
inline constexpr Option side_option{"--side", Takes::word, "left|right", "left", "where A stands"};
inline constexpr Option diagonal_option{"--diagonal", Takes::word, "non_unit|unit", "non_unit",
                                        "unit: A has ones on its diagonal, which is not read"};

inline lp::Op op_of(const Command& command, const char* option) {
  return static_cast<lp::Op>(command.choice(option, {"none", "transpose", "adjoint"}));
}
inline lp::Side side_of(const Command& command) {
  return static_cast<lp::Side>(command.choice("--side", {"left", "right"}));
}
inline lp::Diagonal diagonal_of(const Command& command) {
  return static_cast<lp::Diagonal>(command.choice("--diagonal", {"non_unit", "unit"}));
}
inline lp::Part part_of(const Command& command) {
  return static_cast<lp::Part>(command.choice("--part", {"lower", "upper"}));
}

}  // namespace lprun
