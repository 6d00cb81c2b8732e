// Copies and moves of parts of an object are code too, and run where nothing in the text says so.
#include <set>

#include "clang/AST/DeclTemplate.h"
#include "lambdapack/text.hpp"
#include "source/codes.hpp"
#include "source/interpreter.hpp"
#include "source/language.hpp"

namespace lambdapack::lpc {

namespace {

using Records = std::set<const clang::CXXRecordDecl*>;

const clang::CXXMethodDecl* code_in_parts(const clang::CXXRecordDecl& record, Records& seen);

bool copies(const clang::CXXMethodDecl& method) {
  const auto* constructor = llvm::dyn_cast<clang::CXXConstructorDecl>(&method);
  return constructor != nullptr
             ? constructor->isCopyOrMoveConstructor()
             : method.isCopyAssignmentOperator() || method.isMoveAssignmentOperator();
}

bool is_of_system(const clang::CXXRecordDecl& record) {
  return record.getASTContext().getSourceManager().isInSystemHeader(record.getLocation());
}

/// The user's constructor or operator that copies or moves an object of this type, or a part of
/// one; null if none does anything but that.
const clang::CXXMethodDecl* code_of_copies(clang::QualType type, Records& seen) {
  if (type->isReferenceType()) return nullptr;
  const auto* record = type->getBaseElementTypeUnsafe()->getAsCXXRecordDecl();
  if (record == nullptr || !record->hasDefinition() || !seen.insert(record).second) return nullptr;
  record = record->getDefinition();
  if (is_ours(*record) || record->isTriviallyCopyable()) return nullptr;
  if (!is_of_system(*record))
    for (const clang::CXXMethodDecl* method : record->methods())
      if (copies(*method) && method->isUserProvided()) return method;
  return code_in_parts(*record, seen);
}

/// Of a container or the like, what copies of its elements do.
const clang::CXXMethodDecl* copies_of_arguments(const clang::CXXRecordDecl& record, Records& seen) {
  const auto* instance = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(&record);
  if (instance == nullptr) return nullptr;
  for (const clang::TemplateArgument& argument : instance->getTemplateArgs().asArray()) {
    llvm::ArrayRef<clang::TemplateArgument> types = argument;
    if (argument.getKind() == clang::TemplateArgument::Pack) types = argument.getPackAsArray();
    for (const clang::TemplateArgument& one : types)
      if (one.getKind() == clang::TemplateArgument::Type)
        if (const auto* code = code_of_copies(one.getAsType(), seen)) return code;
  }
  return nullptr;
}

const clang::CXXMethodDecl* code_in_parts(const clang::CXXRecordDecl& record, Records& seen) {
  if (is_of_system(record)) return copies_of_arguments(record, seen);
  for (const clang::CXXBaseSpecifier& base : record.bases())
    if (const auto* code = code_of_copies(base.getType(), seen)) return code;
  for (const clang::FieldDecl* member : record.fields())
    if (const auto* code = code_of_copies(member->getType(), seen)) return code;
  return nullptr;
}

}  // namespace

void Interpreter::refuse_copies(const clang::CXXRecordDecl& whole, clang::SourceRange where) {
  if (whole.isTriviallyCopyable()) return;
  Records seen;
  const clang::CXXMethodDecl* code = code_in_parts(whole, seen);
  if (code == nullptr) return;
  refuse({codes::construct,
          text({"what is copied or moved here has parts of class ",
                code->getParent()->getNameAsString(),
                ", which does so by code of its own, and lpc does not follow that here; leave that "
                "code out, or copy the parts by themselves"}),
          where,
          {},
          {{"the code is declared here", code->getNameInfo().getSourceRange()}}});
}

}  // namespace lambdapack::lpc
