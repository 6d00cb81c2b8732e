// Positions that travel through the library. The library knows files and lines, and shows the base
// name of a file; a reader of source knows columns and ranges too. So while a program is read and
// analysed, each location's file is `#17/cholesky.cpp`: its number leads back to the range.
#pragma once

#include <string>
#include <vector>

#include "clang/Basic/SourceManager.h"
#include "lambdapack/ir/program.hpp"
#include "source/source.hpp"

namespace lambdapack::lpc {

class Places {
 public:
  explicit Places(const clang::SourceManager& sources) : sources_(sources) {}

  /// A location for what stands at `range`, which begins at the line of `at`.
  ir::Location mark(clang::SourceRange range, clang::SourceLocation at);

  /// The same with the line of what was marked before.
  ir::Location mark(clang::SourceRange range, const ir::Location& like);

  /// What was marked; an invalid range and an empty location for what was not.
  clang::SourceRange range(const ir::Location& marked) const;
  ir::Location real(const ir::Location& marked) const;

  /// The program with real locations.
  ir::Program real(ir::Program marked) const;

  /// A range as lines and columns.
  Stretch stretch(clang::SourceRange range, const clang::LangOptions& language) const;

 private:
  struct Mark {
    clang::SourceRange range;
    ir::Location location;
  };

  ir::Location add(Mark mark);
  const Mark* find(const ir::Location& marked) const;

  const clang::SourceManager& sources_;
  std::vector<Mark> marks_;
};

}  // namespace lambdapack::lpc
