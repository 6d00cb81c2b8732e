// Forms as compiled functions: what generated C++ offers beside the bytecode, for the same answers.
//
// A native form takes the parameters and the point that is asked about, and hands each tuple to a
// Sink, in the order of the bytecode. It allocates nothing and may run in any number of threads.
#pragma once

#include <cstdint>
#include <span>

namespace lambdapack::form {

/// Whom a native form hands its tuples to: it writes a tuple to `values`, where there is room for
/// max_tuple, and calls `emit` with the tag and the size.
struct Sink {
  std::int64_t* values;
  void (*emit)(Sink& self, int tag, int size);
};

/// One form; a member that nobody would call is null.
struct Native {
  void (*each)(const std::int64_t* parameters, const std::int64_t* point, Sink& to) = nullptr;
  /// The number of tuples; for a form that answers yes or no, 1 for yes.
  std::int64_t (*count)(const std::int64_t* parameters, const std::int64_t* point) = nullptr;
};

/// The compiled functions of a program, which outlive everything. They say what its bytecode says,
/// so that with or without them forms are equal.
struct Natives {
  std::span<const Native> all;
  friend bool operator==(const Natives&, const Natives&) { return true; }
};

/// A function that hands its arguments, a tag and a tuple, to a sink.
inline auto hand_to(Sink& to) {
  return [&to](int tag, auto... value) {
    std::int64_t* at = to.values;
    ((*at++ = value), ...);
    to.emit(to, tag, static_cast<int>(sizeof...(value)));
  };
}

}  // namespace lambdapack::form
