// The programs that an executable can work on. Kernels are C++, so a worker is the user's own
// executable, which says which programs it has; a run is worked on by one whose contents are equal.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lambdapack/ir/content_hash.hpp"
#include "lambdapack/ir/program.hpp"
#include "lambdapack/kernel/function.hpp"

namespace lambdapack::exec::cloud {

/// A program and its kernels, by the numbers that the program gives them.
struct KnownProgram {
  std::shared_ptr<const ir::Program> program;
  std::vector<std::shared_ptr<const kernel::Function>> kernels;
};

/// One program that an executable can work on, for constants as bytes; nothing if it does not take
/// such.
using Program =
    std::function<std::optional<KnownProgram>(const std::vector<std::string>& constants)>;

using Programs = std::vector<Program>;

/// That of the programs whose contents have this hash, or nothing.
inline std::optional<KnownProgram> find_program(const Programs& programs, const std::string& hash,
                                                const std::vector<std::string>& constants) {
  for (const Program& p : programs)
    if (std::optional<KnownProgram> known = p(constants);
        known && ir::content_hash(*known->program) == hash)
      return known;
  return std::nullopt;
}

}  // namespace lambdapack::exec::cloud
