#include "source/cpp_names.hpp"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/Expr.h"
#include "clang/AST/PrettyPrinter.h"
#include "lambdapack/text.hpp"

namespace lambdapack::lpc {

namespace {

/// Whether all that is around a declaration can be named: namespaces, and classes whose members
/// are public.
bool is_reachable(const clang::Decl& declaration) {
  const clang::Decl* inner = &declaration;
  for (const clang::DeclContext* at = declaration.getDeclContext(); !at->isTranslationUnit();
       at = at->getParent()) {
    if (!at->isNamespace() && !at->isRecord()) {
      if (llvm::isa<clang::LinkageSpecDecl>(at)) continue;
      return false;
    }
    if (at->isRecord() && inner->getAccess() != clang::AS_public) return false;
    inner = llvm::cast<clang::Decl>(at);
  }
  return true;
}

}  // namespace

std::string cpp_name(const clang::NamedDecl& declaration, const clang::ASTContext& context) {
  if (!is_reachable(declaration)) return {};
  clang::PrintingPolicy policy = context.getPrintingPolicy();
  policy.SuppressUnwrittenScope = true;
  policy.SuppressTagKeyword = true;
  std::string name;
  llvm::raw_string_ostream out(name);
  declaration.getNameForDiagnostic(out, policy, true);
  const auto* function = llvm::dyn_cast<clang::FunctionDecl>(&declaration);
  if (function == nullptr) return "::" + name;
  const clang::QualType pointer =
      context.getPointerType(context.getCanonicalType(function->getType()));
  return text({"static_cast<", pointer.getAsString(policy), ">(&::", name, ")"});
}

const clang::VarDecl* variable_of(const clang::Expr& expression) {
  const auto* reference = llvm::dyn_cast<clang::DeclRefExpr>(expression.IgnoreParenImpCasts());
  return reference != nullptr ? llvm::dyn_cast<clang::VarDecl>(reference->getDecl()) : nullptr;
}

}  // namespace lambdapack::lpc
