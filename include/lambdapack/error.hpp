// The four ways in which lambdapack says no, sorted by who can put it right.
#pragma once

#include <stdexcept>
#include <string>

namespace lambdapack {

/// Base of every exception that the library throws on purpose.
class error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The tiled program is wrong: the author of the program can put it right.
class program_error : public error {
 public:
  using error::error;
};

/// Data handed in is wrong (a shape, a file, a tile): whoever made the data can put it right.
class input_error : public error {
 public:
  using error::error;
};

/// A run ended early; the message names the node that ended it.
class run_error : public error {
 public:
  using error::error;
};

/// The library contradicts itself: please report it.
class internal_error : public error {
 public:
  explicit internal_error(const std::string& what)
      : error("lambdapack: internal error: " + what + "; please report this as a bug") {}
};

}  // namespace lambdapack

namespace lp = lambdapack;
