// What a command line of lprun asks for, and the table of what it can ask for.
#pragma once

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace lprun {

/// The command line is wrong; the message says what to write instead.
class command_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A command line, read.
struct Command {
  std::vector<std::string> inputs;
  std::string output;
  bool sequential = false;
  int workers = 0;
  std::int64_t tile = 256;
};

/// What a run was, for the summary.
struct Summary {
  std::int64_t rows = 0, cols = 0;  ///< of the result
  std::int64_t tasks = 0;
  double seconds = 0;
  double operations = 0;  ///< real additions and multiplications
};

/// An algorithm by the name that the command line calls it.
struct Algorithm {
  const char* name;
  const char* does;
  const char* arguments;
  const char* example;
  std::size_t inputs;
  Summary (*run)(const Command& command, const std::string& type);
};

/// Writes L of A = L L^H. `type` is the element type, as NumPy writes it. Throws lp::error.
Summary run_cholesky(const Command& command, const std::string& type);
/// Writes A B; otherwise as run_cholesky.
Summary run_gemm(const Command& command, const std::string& type);

/// All algorithms.
std::span<const Algorithm> algorithms();

}  // namespace lprun
