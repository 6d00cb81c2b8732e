// Destructors are code too, and run where nothing in the text says so.
#include <set>

#include "clang/AST/DeclTemplate.h"
#include "lambdapack/text.hpp"
#include "source/codes.hpp"
#include "source/interpreter.hpp"
#include "source/language.hpp"

namespace lambdapack::lpc {

namespace {

using Records = std::set<const clang::CXXRecordDecl*>;

const clang::CXXDestructorDecl* code_at_end(clang::QualType type, Records& seen);

/// Of a container or the like, what its elements' destructors do.
const clang::CXXDestructorDecl* code_of_arguments(const clang::CXXRecordDecl& record,
                                                  Records& seen) {
  const auto* instance = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(&record);
  if (instance == nullptr) return nullptr;
  for (const clang::TemplateArgument& argument : instance->getTemplateArgs().asArray()) {
    llvm::ArrayRef<clang::TemplateArgument> types = argument;
    if (argument.getKind() == clang::TemplateArgument::Pack) types = argument.getPackAsArray();
    for (const clang::TemplateArgument& one : types)
      if (one.getKind() == clang::TemplateArgument::Type)
        if (const auto* code = code_at_end(one.getAsType(), seen)) return code;
  }
  return nullptr;
}

/// The destructor of the user's that does something when an object of this type ends, or null.
const clang::CXXDestructorDecl* code_at_end(clang::QualType type, Records& seen) {
  if (type->isReferenceType()) return nullptr;
  const auto* record = type->getBaseElementTypeUnsafe()->getAsCXXRecordDecl();
  if (record == nullptr || !record->hasDefinition() || !seen.insert(record).second) return nullptr;
  record = record->getDefinition();
  if (record->hasTrivialDestructor() || is_ours(*record)) return nullptr;
  if (record->isInStdNamespace() ||
      record->getASTContext().getSourceManager().isInSystemHeader(record->getLocation()))
    return code_of_arguments(*record, seen);
  if (const clang::CXXDestructorDecl* own = record->getDestructor();
      own != nullptr && own->isUserProvided()) {
    const auto* body = llvm::dyn_cast_or_null<clang::CompoundStmt>(own->getBody());
    if (body == nullptr || !body->body_empty()) return own;
  }
  for (const clang::CXXBaseSpecifier& base : record->bases())
    if (const auto* code = code_at_end(base.getType(), seen)) return code;
  for (const clang::FieldDecl* member : record->fields())
    if (const auto* code = code_at_end(member->getType(), seen)) return code;
  return nullptr;
}

}  // namespace

void Interpreter::refuse_destructor(clang::QualType type, clang::SourceRange where) {
  Records seen;
  const clang::CXXDestructorDecl* code = code_at_end(type, seen);
  if (code == nullptr) return;
  refuse({codes::construct,
          text({"the destructor of ", code->getParent()->getNameAsString(),
                " runs where this object ends, which lpc does not follow; write what it does as a "
                "statement there, and leave the destructor out"}),
          where,
          {},
          {{"the destructor is declared here", code->getLocation()}}});
}

Cell Interpreter::VisitCXXBindTemporaryExpr(const clang::CXXBindTemporaryExpr* e) {
  refuse_destructor(e->getType(), e->getSourceRange());
  return eval(e->getSubExpr());
}

}  // namespace lambdapack::lpc
