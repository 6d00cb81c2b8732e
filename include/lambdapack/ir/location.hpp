// How a line of the user's source is named in messages.
#pragma once

#include <string>

#include "lambdapack/ir/program.hpp"

namespace lambdapack::ir {

/// `cholesky.cpp:9`: the file's base name and the line; without what is not known of the two.
inline std::string where(const Location& location) {
  const std::size_t slash = location.file.find_last_of('/');
  std::string text = slash == std::string::npos ? location.file : location.file.substr(slash + 1);
  if (location.line == 0) return text;
  text += text.empty() ? "line " : ":";
  return text + std::to_string(location.line);
}

}  // namespace lambdapack::ir
