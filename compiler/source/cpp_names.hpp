// What generated code calls the functions and variables of a source file.
#pragma once

#include <string>

#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"

namespace lambdapack::lpc {

/// An expression for a function's address, or for a variable, that means the same anywhere behind
/// its declaration: `static_cast<void (*)(lambdapack::inout<double>)>(&::ns::f<double>)`. Empty for
/// what has no such name, as a local variable.
std::string cpp_name(const clang::NamedDecl& declaration, const clang::ASTContext& context);

/// The variable that an expression names; null if it is something else.
const clang::VarDecl* variable_of(const clang::Expr& expression);

}  // namespace lambdapack::lpc
