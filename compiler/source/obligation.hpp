// What must be shown of a function over lp::Tiles before its task graph is what C++ does.
#pragma once

#include <vector>

#include "clang/Basic/SourceLocation.h"
#include "lambdapack/ir/program.hpp"
#include "source/reporter.hpp"
#include "source/source.hpp"

namespace lambdapack::lpc {

/// Something that means in C++ what it means for integers only where an expression is not negative.
struct Obligation {
  enum class Kind { division, is_unsigned, not_equal };
  Kind kind = Kind::division;
  clang::SourceRange range;
  ir::Program probe;  ///< has a statement that runs where the expression is negative
};

/// What to say where it can be.
Complaint complaint_of(const Obligation& obligation);

/// What there is to say of a function over lp::Tiles besides its program.
struct PlainFunction {
  GeneratedNames names;
  std::vector<Obligation> obligations;
};

}  // namespace lambdapack::lpc
