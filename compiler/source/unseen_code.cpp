// Copies, moves and destructors of the parts of an object are code too, and run where nothing in
// the text says so.
#include <set>

#include "clang/AST/DeclTemplate.h"
#include "lambdapack/text.hpp"
#include "source/codes.hpp"
#include "source/interpreter.hpp"
#include "source/language.hpp"

namespace lambdapack::lpc {

namespace {

bool is_of_system(const clang::CXXRecordDecl& record) {
  return record.getASTContext().getSourceManager().isInSystemHeader(record.getLocation());
}

/// Walks through what an object is made of, to code of the user's that a class of it has.
class UnseenCode {
 public:
  /// `harmless` tells of a class that it and its parts have no such code; `own` finds that of a
  /// class without its parts, or is null.
  UnseenCode(bool (*harmless)(const clang::CXXRecordDecl&),
             const clang::NamedDecl* (*own)(const clang::CXXRecordDecl&))
      : harmless_(harmless), own_(own) {}

  /// Of an object of this type.
  const clang::NamedDecl* of(clang::QualType type) {
    if (type->isReferenceType()) return nullptr;
    const auto* record = type->getBaseElementTypeUnsafe()->getAsCXXRecordDecl();
    if (record == nullptr || !record->hasDefinition() || !seen_.insert(record).second)
      return nullptr;
    record = record->getDefinition();
    if (is_ours(*record) || harmless_(*record)) return nullptr;
    if (!is_of_system(*record))
      if (const clang::NamedDecl* code = own_(*record)) return code;
    return of_parts(*record);
  }

  /// Of the parts of an object of this class: of a container or the like, of its elements.
  const clang::NamedDecl* of_parts(const clang::CXXRecordDecl& record) {
    if (is_of_system(record)) return of_arguments(record);
    for (const clang::CXXBaseSpecifier& base : record.bases())
      if (const clang::NamedDecl* code = of(base.getType())) return code;
    for (const clang::FieldDecl* member : record.fields())
      if (const clang::NamedDecl* code = of(member->getType())) return code;
    return nullptr;
  }

 private:
  const clang::NamedDecl* of_arguments(const clang::CXXRecordDecl& record) {
    const auto* instance = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(&record);
    if (instance == nullptr) return nullptr;
    for (const clang::TemplateArgument& argument : instance->getTemplateArgs().asArray()) {
      llvm::ArrayRef<clang::TemplateArgument> types = argument;
      if (argument.getKind() == clang::TemplateArgument::Pack) types = argument.getPackAsArray();
      for (const clang::TemplateArgument& one : types)
        if (one.getKind() == clang::TemplateArgument::Type)
          if (const clang::NamedDecl* code = of(one.getAsType())) return code;
    }
    return nullptr;
  }

  bool (*harmless_)(const clang::CXXRecordDecl&);
  const clang::NamedDecl* (*own_)(const clang::CXXRecordDecl&);
  std::set<const clang::CXXRecordDecl*> seen_;
};

bool copies(const clang::CXXMethodDecl& method) {
  const auto* constructor = llvm::dyn_cast<clang::CXXConstructorDecl>(&method);
  return constructor != nullptr
             ? constructor->isCopyOrMoveConstructor()
             : method.isCopyAssignmentOperator() || method.isMoveAssignmentOperator();
}

/// Whether a template of a class takes over moves that the class itself leaves to copies: it fits
/// them better.
bool takes_over_moves(const clang::CXXRecordDecl& record, const clang::FunctionDecl& pattern) {
  const bool is_constructor = llvm::isa<clang::CXXConstructorDecl>(pattern);
  if (!is_constructor && pattern.getOverloadedOperator() != clang::OO_Equal) return false;
  if (is_constructor ? record.hasMoveConstructor() : record.hasMoveAssignment()) return false;
  return pattern.getNumParams() > 0 && pattern.getMinRequiredArguments() <= 1 &&
         pattern.getParamDecl(0)->getType().getNonPackExpansionType()->isRValueReferenceType();
}

/// The user's constructor or operator that copies or moves an object of a class, if it does
/// anything but that.
const clang::NamedDecl* code_of_copies(const clang::CXXRecordDecl& record) {
  for (const clang::CXXMethodDecl* method : record.methods())
    if (copies(*method) && method->isUserProvided()) return method;
  for (const clang::Decl* member : record.decls()) {
    // Brought in by a using declaration.
    if (const auto* shadow = llvm::dyn_cast<clang::UsingShadowDecl>(member);
        shadow != nullptr && !llvm::isa<clang::ConstructorUsingShadowDecl>(shadow))
      member = shadow->getTargetDecl();
    if (const auto* described = llvm::dyn_cast<clang::FunctionTemplateDecl>(member))
      if (takes_over_moves(record, *described->getTemplatedDecl())) return described;
  }
  return nullptr;
}

/// The destructor of the user's, if it does something.
const clang::NamedDecl* code_at_end(const clang::CXXRecordDecl& record) {
  const clang::CXXDestructorDecl* own = record.getDestructor();
  if (own == nullptr || !own->isUserProvided()) return nullptr;
  const auto* body = llvm::dyn_cast_or_null<clang::CompoundStmt>(own->getBody());
  return body != nullptr && body->body_empty() ? nullptr : own;
}

std::string class_of(const clang::NamedDecl& member) {
  return llvm::cast<clang::CXXRecordDecl>(member.getDeclContext())->getNameAsString();
}

}  // namespace

void Interpreter::refuse_copies(const clang::CXXRecordDecl& whole, clang::SourceRange where) {
  if (whole.isTriviallyCopyable()) return;
  // Even where a class is copied like bytes, a template of it may take over moves.
  UnseenCode search([](const clang::CXXRecordDecl&) { return false; }, code_of_copies);
  const clang::NamedDecl* code = search.of_parts(whole);
  if (code == nullptr) return;
  refuse({codes::construct,
          text({"what is copied or moved here has parts of class ", class_of(*code),
                ", which does so by code of its own, and lpc does not follow that here; leave that "
                "code out, or copy the parts by themselves"}),
          where,
          {},
          {{"the code is declared here", code->getLocation()}}});
}

void Interpreter::refuse_destructor(clang::QualType type, clang::SourceRange where) {
  UnseenCode search(
      [](const clang::CXXRecordDecl& record) { return record.hasTrivialDestructor(); },
      code_at_end);
  const clang::NamedDecl* code = search.of(type);
  if (code == nullptr) return;
  refuse({codes::construct,
          text({"the destructor of ", class_of(*code),
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
