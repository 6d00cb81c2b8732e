// The programs of a source file: which functions they are, and each as an ir::Program.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "clang/AST/ASTContext.h"
#include "source/obligation.hpp"
#include "source/places.hpp"
#include "source/reporter.hpp"

namespace lambdapack::lpc {

/// A function that is a program.
struct Candidate {
  const clang::FunctionDecl* function = nullptr;
  const clang::NamedDecl* named = nullptr;  ///< the function, or the variable that holds a lambda
  std::string name;                         ///< as C++ names it: `ns::cholesky<double>`
};

/// All programs of the file and of the user's headers, in their order; templates of programs, and
/// members of class templates, that nothing instantiates; and what would be a program if it had a
/// name, or needed no object. Those may yet be parts of programs.
struct Candidates {
  std::vector<Candidate> programs;
  std::vector<const clang::FunctionDecl*> templates;
  std::vector<const clang::CXXMethodDecl*> members;
};

/// Whether a function, or a template's pattern, takes lp::Tiles: it is no text of the language, but
/// plain C++.
bool is_plain(const clang::FunctionDecl& function);

Candidates find_programs(const clang::ASTContext& context, bool in_library);

/// A program that was read. Locations are marks of `Places`.
struct Read {
  ir::Program program;
  bool is_wrong = false;                    ///< and that was said
  std::optional<PlainFunction> plain = {};  ///< if it is a function over lp::Tiles
  /// The functions of programs that it calls, as they are declared first; of instances of templates
  /// the templates, too.
  std::set<const clang::FunctionDecl*> calls = {};
};

/// The parameters whose values `constants` of `read_program` gives.
std::set<std::string> constants_of(const Candidate& candidate);

/// Reads a program. `constants` gives values of parameters that are neither arrays nor integers;
/// nothing is returned, after that was said, where one is missing.
std::optional<Read> read_program(clang::ASTContext& context, const Candidate& candidate,
                                 const std::map<std::string, std::string>& constants,
                                 Places& places, Reporter& reporter,
                                 const std::function<void(clang::FunctionDecl&)>& define);

}  // namespace lambdapack::lpc
