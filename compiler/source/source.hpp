// From C++ source to programs: what lpc reads, and what it has to say about it. This header is all
// that the rest of the compiler sees of this room; Clang stays inside.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lambdapack/ir/diagnostic.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack::lpc {

/// A stretch of a source file; lines and columns count from 1, the end is behind the last
/// character.
struct Stretch {
  std::string file;
  int line = 0;
  int column = 0;
  int end_line = 0;
  int end_column = 0;
  bool operator==(const Stretch&) const = default;
};

/// Expressions of C++ for generated code that stands behind a source file.
struct GeneratedNames {
  std::string address;               ///< of a function
  std::vector<std::string> kernels;  ///< of its program, in order
};

/// A program found in a source file.
struct SourceProgram {
  std::string name;                 ///< as C++ names it: `ns::cholesky<double>`
  std::string file;                 ///< the main file, as the user named it
  ir::Program program;              ///< with names and locations
  std::vector<Stretch> statements;  ///< where each statement stands
  Stretch place;                    ///< where its name stands
  /// If it is a function over lp::Tiles: what generated code calls it.
  std::optional<GeneratedNames> names = {};
};

/// Something said about a source file, by Clang or by lpc.
struct Said {
  enum class Level { note, remark, warning, error };
  Level level = Level::error;
  std::string code;     ///< `lp-E103`; empty for what Clang itself says
  std::string message;  ///< without the code
  Stretch place;        ///< line 0: nowhere
  std::vector<Said> notes;
  /// What to put in place of a stretch.
  struct Fix {
    Stretch place;
    std::string text;
    bool operator==(const Fix&) const = default;
  };
  std::vector<Fix> fixes;
};

/// What is to be read, and how.
struct Reading {
  std::vector<std::string> files;
  std::vector<std::string> flags;                ///< of Clang, for all files; or:
  std::string build_dir;                         ///< where compile_commands.json is
  std::vector<std::string> first_flags;          ///< before those, in both cases
  std::vector<std::string> last_flags;           ///< behind them
  std::vector<std::string> programs;             ///< names; empty: all of the files
  std::map<std::string, std::string> constants;  ///< values of parameters that are not arrays
  bool print = true;                             ///< diagnostics go to standard error, as text
};

/// What was found.
struct Found {
  std::vector<SourceProgram> programs;  ///< those that nothing is wrong with
  std::vector<Said> said;               ///< in order, all of it
  bool is_wrong = false;                ///< there was an error
  bool flags_are_wrong = false;         ///< Clang could not make sense of its flags
  std::vector<std::string> names;       ///< of all programs that there are, right or wrong
  std::set<std::string> meant;          ///< of the names that were asked for, those of a program
  std::set<std::string> constants;      ///< of those that were asked for: what --constant sets
  std::set<std::string> unknown_flags;  ///< of a compilation database, which Clang does not know
  std::set<std::string> read_files;     ///< all that were read, with what they include; absolute
  std::size_t checked = 0;              ///< how many of them were read
};

/// What the analysis finds in a program. The locations in what it returns are those of the program
/// that it was handed.
using Analysis = std::function<std::vector<Diagnostic>(const ir::Program&)>;

/// Reads programs from source files, has each analysed, and says what is wrong where. Throws
/// input_error if a compilation database cannot be read, or a constant does not fit.
Found read(const Reading& reading, const Analysis& analysis);

}  // namespace lambdapack::lpc
