// What `lpc --emit` can write, by name.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emit/emit.hpp"

namespace lambdapack::lpc {

/// Whether sizes have a say in an output.
enum class Sized { never, optional, always };

/// How the outputs of several programs become one text. `together`: they are written as one.
enum class Several { list, one_after_the_other, refused, together };

struct Output {
  const char* name;
  const char* what;  ///< for people
  Sized sized;
  Several several;
  std::string (*write)(const Unit&, const Sizes&);
  std::string (*write_together)(const std::vector<Unit>&) = nullptr;  ///< instead of `write`
};

/// The output of this name, or null.
const Output* output_named(std::string_view name);

/// All names, with commas.
std::string output_names();

/// All of them, a line each, for --help.
std::string output_help();

/// A question about one tile or task: `--who-reads` and the like.
struct Query {
  const char* name;
  const char* subject;  ///< what it asks about: TILE or TASK
  const char* what;     ///< for people
  std::string (*answer)(const Unit&, const Sizes&, const std::string& subject);
};

/// The query of this name, or null.
const Query* query_named(std::string_view name);

/// All of them, a line each, for --help.
std::string query_help();

}  // namespace lambdapack::lpc
