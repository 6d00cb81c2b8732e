// What a user asks of lpc on its command line.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "emit/emit.hpp"
#include "lambdapack/analysis/analyse.hpp"
#include "source/source.hpp"

namespace lambdapack::lpc {

/// What lpc is to do with the programs that it reads.
enum class Task { help, version, check, emit, query, lint };

/// The command, as it was given.
struct Options {
  Task task = Task::emit;
  std::string what = "metadata";  ///< of emit: the kind; of query: which
  std::string subject;            ///< of query: the tile or the node; of lint: the file
  Sizes sizes;
  Reading reading;
  analysis::AnalysisOptions analysis;
  std::string output;        ///< a file; empty: standard output
  std::string dependencies;  ///< a file for the names of all that was read; empty: none
  bool sarif = false;
};

/// Reads a command line. Throws input_error, which says what to write instead.
Options parse(const std::vector<std::string>& arguments);

/// What `lpc --help` prints.
std::string help();

}  // namespace lambdapack::lpc
