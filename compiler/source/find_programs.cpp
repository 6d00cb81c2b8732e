// Which functions of a file are programs.
#include <set>

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "source/language.hpp"
#include "source/programs.hpp"

namespace lambdapack::lpc {

namespace {

bool has_array(const clang::FunctionDecl& function) {
  for (const clang::ParmVarDecl* parameter : function.parameters())
    if (parameter_kind(parameter->getType()).kind == ParameterKind::Kind::array) return true;
  return false;
}

/// Whether a program can be run by itself: no parameter is a word of the language that only another
/// program could pass.
bool stands_alone(const clang::FunctionDecl& function) {
  for (const clang::ParmVarDecl* parameter : function.parameters()) {
    const clang::QualType type = parameter->getType();
    if (parameter_kind(type).kind != ParameterKind::Kind::constant) continue;
    const auto* record = type.getNonReferenceType()->getAsCXXRecordDecl();
    if (record != nullptr && is_ours(*record)) return false;
  }
  return true;
}

/// The class of lambdapack that a parameter of a template's pattern is an instance of: `InOut`.
std::string pattern_class(const clang::ParmVarDecl& parameter) {
  const auto* type =
      parameter.getType().getNonReferenceType()->getAs<clang::TemplateSpecializationType>();
  const clang::TemplateDecl* named =
      type != nullptr ? type->getTemplateName().getAsTemplateDecl() : nullptr;
  return named != nullptr && is_ours(*named) ? named->getName().str() : "";
}

bool is_tiles(const std::string& name) { return name == "Tiles" || name == "OutTiles"; }

/// Whether a template's pattern looks like a program: a parameter is written lp::In<T, ...>.
bool has_array_pattern(const clang::FunctionDecl& pattern) {
  for (const clang::ParmVarDecl* parameter : pattern.parameters()) {
    const std::string name = pattern_class(*parameter);
    if (name == "In" || name == "Out" || name == "InOut" || is_tiles(name)) return true;
  }
  return false;
}

class Finder : public clang::RecursiveASTVisitor<Finder> {
 public:
  Finder(const clang::ASTContext& context, bool in_library)
      : context_(context), in_library_(in_library) {}

  bool shouldVisitTemplateInstantiations() const { return false; }
  bool shouldVisitImplicitCode() const { return false; }

  // Headers of the system hold no programs, and are most of a file.
  bool TraverseDecl(clang::Decl* declaration) {
    if (declaration == nullptr) return true;
    const clang::SourceManager& sources = context_.getSourceManager();
    if (!llvm::isa<clang::TranslationUnitDecl>(declaration)) {
      if (sources.isInSystemHeader(declaration->getLocation())) return true;
      if (!in_library_ && llvm::isa<clang::NamespaceDecl>(declaration) && is_library(*declaration))
        return true;
    }
    return RecursiveASTVisitor::TraverseDecl(declaration);
  }

  bool VisitFunctionDecl(const clang::FunctionDecl* function) {
    if (function->isTemplated() && function->getDescribedFunctionTemplate() == nullptr) return true;
    if (const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(function);
        method != nullptr && method->isInstance()) {
      if (!method->getParent()->isLambda() && !llvm::isa<clang::CXXConstructorDecl>(method))
        add_member(*method);
      return true;
    }
    if (const auto* described = function->getDescribedFunctionTemplate()) {
      if (!function->getDeclContext()->isDependentContext()) add_instances(*described, *function);
      return true;
    }
    if (function->isThisDeclarationADefinition()) add(*function, *function);
    return true;
  }

  // The static functions of its instances.
  bool VisitClassTemplateDecl(const clang::ClassTemplateDecl* described) {
    if (!described->isThisDeclarationADefinition() ||
        described->getDeclContext()->isDependentContext())
      return true;
    for (const clang::CXXMethodDecl* pattern : described->getTemplatedDecl()->methods()) {
      if (!pattern->isStatic() || !has_array_pattern(*pattern) ||
          !pattern->getReturnType()->isVoidType())
        continue;
      bool any = false;
      for (const clang::ClassTemplateSpecializationDecl* instance : described->specializations())
        for (const clang::CXXMethodDecl* method : instance->methods()) {
          if (method->getInstantiatedFromMemberFunction() != pattern) continue;
          const clang::FunctionDecl* defined = method->getDefinition();
          any = any || defined != nullptr;
          if (defined != nullptr) add(*defined, *defined);
        }
      if (!any) found.templates.push_back(pattern);
    }
    return true;
  }

  bool VisitVarDecl(const clang::VarDecl* variable) {
    const auto* record = variable->getType().getNonReferenceType()->getAsCXXRecordDecl();
    if (record == nullptr || !record->isLambda() || llvm::isa<clang::ParmVarDecl>(variable) ||
        record->isGenericLambda() || record->isDependentContext())
      return true;
    if (const clang::CXXMethodDecl* body = record->getLambdaCallOperator()) {
      // What captures has no address, and is read where a function calls it.
      if (is_plain(*body) && record->capture_size() > 0) return true;
      named_.insert(record);
      add(*body, *variable);
    }
    return true;
  }

  // Behind the variable that it initialises, if there is one.
  bool VisitLambdaExpr(const clang::LambdaExpr* lambda) {
    const clang::CXXRecordDecl* type = lambda->getLambdaClass();
    if (named_.contains(type) || type->isDependentContext()) return true;
    const clang::CXXMethodDecl* body = lambda->getCallOperator();
    if (!lambda->isGenericLambda())
      add_member(*body);
    else if (has_array_pattern(*body))
      found.members.push_back(body);
    return true;
  }

  Candidates found;

 private:
  // lambdapack's own headers, where a user includes them from.
  bool is_library(const clang::Decl& declaration) const {
    const auto& space = llvm::cast<clang::NamespaceDecl>(declaration);
    if (space.getName() != "lambdapack" || !space.getParent()->isTranslationUnit()) return false;
    return context_.getSourceManager()
        .getFilename(context_.getSourceManager().getExpansionLoc(space.getLocation()))
        .contains("include/lambdapack/");
  }

  static bool is_program(const clang::FunctionDecl& function) {
    return function.getReturnType()->isVoidType() && function.hasBody() &&
           !function.isInvalidDecl() && has_array(function) && stands_alone(function);
  }

  void add_member(const clang::CXXMethodDecl& method) {
    if (method.isThisDeclarationADefinition() && is_program(method))
      found.members.push_back(&method);
  }

  void add(const clang::FunctionDecl& function, const clang::NamedDecl& named) {
    if (!is_program(function)) return;
    std::string name;
    llvm::raw_string_ostream out(name);
    named.getNameForDiagnostic(out, context_.getPrintingPolicy(), true);
    const std::string unnamed = "(anonymous namespace)::";
    for (std::size_t at = name.find(unnamed); at != std::string::npos; at = name.find(unnamed))
      name.erase(at, unnamed.size());
    found.programs.push_back({&function, &named, name});
  }

  void add_instances(const clang::FunctionTemplateDecl& described,
                     const clang::FunctionDecl& pattern) {
    if (!described.isThisDeclarationADefinition()) return;
    bool any = false;
    for (const clang::FunctionDecl* instance : described.specializations()) {
      any = true;
      if (const clang::FunctionDecl* defined = instance->getDefinition()) add(*defined, *defined);
    }
    if (!any && has_array_pattern(pattern) && pattern.getReturnType()->isVoidType())
      found.templates.push_back(&pattern);
  }

  const clang::ASTContext& context_;
  bool in_library_;
  std::set<const clang::CXXRecordDecl*> named_;  // the lambdas that variables hold
};

}  // namespace

bool is_plain(const clang::FunctionDecl& function) {
  for (const clang::ParmVarDecl* parameter : function.parameters())
    if (is_tiles(our_class(parameter->getType())) || is_tiles(pattern_class(*parameter)))
      return true;
  return false;
}

Candidates find_programs(const clang::ASTContext& context, bool in_library) {
  Finder finder(context, in_library);
  finder.TraverseDecl(context.getTranslationUnitDecl());
  return std::move(finder.found);
}

}  // namespace lambdapack::lpc
