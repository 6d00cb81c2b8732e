// Between C++ and the words of a language: the interpreter knows what C++ means and nothing of
// tiles; a Meaning knows what its words mean, and nothing of how C++ came to them.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "clang/AST/Decl.h"
#include "clang/AST/ExprCXX.h"
#include "source/value.hpp"

namespace lambdapack::lpc {

class Interpreter;

/// How a statement ends.
enum class Flow { next, leave_loop, next_round, leave_function };

class Meaning {
 public:
  Meaning() = default;
  Meaning(const Meaning&) = delete;
  Meaning& operator=(const Meaning&) = delete;
  virtual ~Meaning() = default;

  /// What a call of `function` is worth, or null if it is no word of this language. A member
  /// function's object comes first in `arguments`, which the callee evaluates as it needs them.
  virtual Cell call(Interpreter& reader, const clang::FunctionDecl& function,
                    const clang::Expr& whole, std::span<const clang::Expr* const> arguments) = 0;

  /// The same for an object that is made.
  virtual Cell construct(Interpreter& reader, const clang::CXXConstructExpr& whole) = 0;

  /// Runs a statement that means something of its own, or returns nothing.
  virtual std::optional<Flow> run(Interpreter& reader, const clang::Stmt& statement) = 0;

  /// Looks at the value of an expression that is a statement. Refuses one that is lost so.
  virtual void discard(Interpreter& reader, const clang::Expr& whole, const Value& value) = 0;

  /// Whether text that handles values of this type is text of a program, which tells what is to be
  /// done, and no ordinary code, which computes a constant.
  virtual bool speaks(clang::QualType type) const = 0;

  /// Whether a variable of this type holds what it was made with though it is not const: a kernel.
  virtual bool is_lasting(clang::QualType type) const = 0;

  /// Ends a loop or a guard.
  virtual void close(int scope) = 0;

  /// What an operator or a conversion of C++ is worth of values that C++ has not; null if nothing.
  virtual Cell operate(Interpreter&, const clang::Expr&, std::span<const Value>) { return nullptr; }

  /// How many tasks have been told so far: calls of kernels, each counted once.
  virtual std::size_t told() const = 0;

  /// What is evaluated next, until `forget_assumed`, is evaluated only where a condition holds, or
  /// does not.
  virtual void assume(const Value&, bool) {}
  virtual void forget_assumed() {}
};

}  // namespace lambdapack::lpc
