// What the library has to say about a program, as data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lambdapack/ir/location.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack {

/// An error refuses the program; a warning is most likely a mistake; a remark is about speed.
enum class Severity { error, warning, remark };

/// One finding about a program.
struct Diagnostic {
  std::string code;  ///< its number, "lp-E003"; docs/diagnostics/ has a page for each
  Severity severity = Severity::error;
  std::string message;       ///< a sentence: what, where, for which sizes, what to do
  ir::Location place = {};   ///< the line that is at fault; line 0 if there is none
  ir::Location second = {};  ///< the other end (the write for a read), if there is one
  std::string condition =
      {};                    ///< sizes under which it happens; empty if that takes too long to say
  std::string example = {};  ///< the smallest example; empty where sizes do not matter
  std::vector<std::int64_t> sizes = {};  ///< the sizes of the example, one for each parameter
  bool operator==(const Diagnostic&) const = default;
};

/// `error`, `warning` or `remark`.
inline const char* to_string(Severity severity) {
  static constexpr const char* names[] = {"error", "warning", "remark"};
  return names[static_cast<int>(severity)];
}

/// `cholesky.cpp:9: warning: ... [lp-W001]`, as compilers say it.
inline std::string to_string(const Diagnostic& d) {
  std::string text = ir::where(d.place);
  if (!text.empty()) text += ": ";
  return text + to_string(d.severity) + ": " + d.message + " [" + d.code + "]";
}

}  // namespace lambdapack
