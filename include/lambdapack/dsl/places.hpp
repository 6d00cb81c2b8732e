// Small words of a trace: where something stands, and what it is called until its name is found.
#pragma once

#include <cstddef>
#include <source_location>
#include <string>

#include "lambdapack/ir/program.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::detail {

inline ir::Location location(const std::source_location& at) {
  return {at.file_name(), static_cast<int>(at.line())};
}

inline std::string positional_name(std::size_t position) {
  std::string name(1, static_cast<char>('A' + position % 26));
  return position < 26 ? name : text({name, position / 26});
}

inline std::string extent_name(const std::string& array, std::size_t dimension) {
  return text({array, ".extent(", dimension, ")"});
}

}  // namespace lambdapack::detail
