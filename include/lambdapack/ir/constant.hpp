// What a program was traced with besides its arrays and sizes.
#pragma once

#include <optional>
#include <string>

namespace lambdapack::ir {

/// The value of a parameter of the program that was fixed when it was traced, for executors whose
/// workers are other processes and for runs that go on from an earlier one: its bytes, if a copy of
/// them is a copy of the value. Equal bytes are equal values, not the other way round.
struct Constant {
  std::string type;  ///< as the compiler calls it, for messages
  std::optional<std::string> bytes;
};

}  // namespace lambdapack::ir
