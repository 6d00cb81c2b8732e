// The four ways in which lambdapack says no, sorted by who can put it right.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace lambdapack {

/// Base of every exception that the library throws on purpose.
class error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;

  /// An error with a number of codes.hpp, which `what()` ends with: `... [lp-E003]`.
  error(const std::string& what, std::string_view code)
      : std::runtime_error(what + " [" + std::string(code) + "]") {}

  /// The number at the end of `what()`, such as `lp-E003`; docs/diagnostics/ has a page for each.
  /// Empty if there is none. It lives as long as the exception.
  std::string_view code() const noexcept {
    const std::string_view text = what();
    const std::size_t open = text.rfind(" [lp-");
    if (open == std::string_view::npos || text.back() != ']') return {};
    return text.substr(open + 2, text.size() - open - 3);
  }
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
