// Arithmetic of C++'s integers where they have no value while a program is read: index expressions,
// conditions on them, and the bounds that a condition sets to a loop's counter. No Clang here.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "lambdapack/dsl/expr.hpp"

namespace lambdapack::lpc {

/// The least or the greatest of several index expressions: std::min, std::max.
struct Extreme {
  bool least = true;
  std::vector<lambdapack::Expr> of;
};

/// An index expression, or an extreme of several.
Extreme as_extreme(const lambdapack::Expr& e);

/// a + sign * b; nothing where that is no extreme, such as the least less the least.
std::optional<Extreme> sum(const Extreme& a, const Extreme& b, int sign);

/// a `relation` b; nothing where it takes more than comparisons of all or of any.
std::optional<lambdapack::Condition> compare(const Extreme& a, ir::Relation relation,
                                             const Extreme& b);

/// How `comparison` bounds a counter, the symbol `counter`, that goes up, or down.
struct Bound {
  enum class Kind {
    bound,      ///< the counter stays before `before`
    elsewhere,  ///< it says nothing of the counter
    none        ///< it does not bound it, or not in this direction
  };
  Kind kind = Kind::none;
  /// The bound is `quotient(numerator, divisor) + offset`, which is a number of the program's.
  lambdapack::Expr numerator;
  std::int64_t divisor = 1;
  std::int64_t offset = 0;
};
Bound bound_of(const ir::Comparison& comparison, const ir::Symbol& counter, std::int64_t step);

/// The expression with an expression in place of a symbol.
lambdapack::Expr substitute(const ir::Expr& e, const ir::Symbol& symbol,
                            const lambdapack::Expr& by);

/// The expression's value cannot be negative, as far as bounds of loops tell.
bool is_never_negative(const ir::Program& program, ir::Expr expression);

}  // namespace lambdapack::lpc
