// Variables from outside of what is read: those of the file, static ones, and those of a function
// around a lambda. What they hold while a program is read is what they are initialised with, where
// nothing can change that and the order of initialisation is known.
#include "lambdapack/text.hpp"
#include "llvm/ADT/ScopeExit.h"
#include "source/interpreter.hpp"

namespace lambdapack::lpc {

namespace {

/// Whether what a variable of this type holds may change where the variable itself is const, a
/// reference or a closure: a part of it is mutable or volatile, or has only this reference for a
/// name.
bool may_change_inside(clang::QualType type) {
  const clang::QualType held = type.getNonReferenceType();
  if (held.isVolatileQualified()) return true;
  const auto* record = held->getBaseElementTypeUnsafe()->getAsCXXRecordDecl();
  const bool is_closure = record != nullptr && record->isLambda();
  if (type->isRValueReferenceType() && !held.isConstQualified() && !is_closure) return true;
  if (record == nullptr || !record->hasDefinition()) return false;
  return record->hasMutableFields() || (is_closure && !record->getLambdaCallOperator()->isConst());
}

}  // namespace

Cell Interpreter::look_up(const clang::VarDecl& variable) {
  if (!frames_.empty()) {
    const auto& locals = frames_.back().locals;
    if (const auto found = locals.find(&variable); found != locals.end()) return found->second;
  }
  if (const std::string why = order_of(variable); !why.empty()) return cell(Unknown{why});
  const auto found = outside_.find(&variable);
  if (found != outside_.end()) return found->second;
  const Cell kept = outside(variable);
  kept->birth.be_oldest();  // whoever looks at it first has not made it
  return outside_[&variable] = kept;
}

namespace {

/// Whether a variable that lasts is initialised by code: one of the file before main, in the order
/// of the file, one of a function when that is called first.
bool is_initialised_by_run(const clang::VarDecl& variable) {
  return variable.hasGlobalStorage() && variable.hasInit() &&
         !variable.getInit()->isValueDependent() && !variable.hasConstantInitialization();
}

/// Whether a variable names an object that may be initialised at another time.
bool names_another(const clang::VarDecl& variable) {
  const clang::QualType type = variable.getType();
  return type->isReferenceType() ||
         (type->isPointerType() && !type->getPointeeType()->isAnyCharacterType());
}

/// Whether C++ leaves open when a variable is initialised: one of a template.
bool has_open_order(const clang::VarDecl& variable) {
  return clang::isTemplateInstantiation(variable.getTemplateSpecializationKind());
}

}  // namespace

// Why a variable may not be initialised yet where another one is being initialised; empty if it is.
std::string Interpreter::order_of(const clang::VarDecl& variable) const {
  if (initialising_.empty() || !variable.hasGlobalStorage()) return {};
  const clang::VarDecl& now = *initialising_.back();
  const std::string name = variable.getName().str(), made_of_it = now.getName().str();
  if (&variable != &now && names_another(variable))
    return text({"'", name, "' may name what is initialised after '", made_of_it,
                 "', which is made of it"});
  const clang::VarDecl* made = nullptr;
  if (variable.getAnyInitializer(made) == nullptr || !is_initialised_by_run(*made) || made == &now)
    return {};
  if (made->isStaticLocal()) return {};  // by the call that looks at it, if by none before
  if (now.isStaticLocal())
    return text({"'", made_of_it, "' may be initialised before '", name, "', which it is made of"});
  const bool is_before =
      !has_open_order(*made) && !has_open_order(now) &&
      context_.getSourceManager().isBeforeInTranslationUnit(made->getLocation(), now.getLocation());
  return is_before
             ? std::string()
             : text({"'", name, "' is initialised after '", made_of_it, "', which is made of it"});
}

// A variable of the file, or of a function around a lambda: its initialiser, unless it may change.
Cell Interpreter::outside(const clang::VarDecl& declared) {
  const clang::VarDecl* initialised = nullptr;
  const clang::Expr* init = declared.getAnyInitializer(initialised);
  const clang::QualType type = declared.getType();
  const auto* record = type->getAsCXXRecordDecl();
  const bool is_mutable = may_change_inside(type);
  const bool is_fixed =
      !is_mutable &&
      (type.isConstQualified() || declared.isConstexpr() || type->isReferenceType() ||
       (record != nullptr && record->isLambda()) || meaning_.is_lasting(type));
  const std::string name = declared.getName().str();
  const auto is_under_way = [&](const Frame& frame) {
    return frame.function != nullptr && frame.function == declared.getParentFunctionOrMethod();
  };
  if (llvm::isa<clang::ParmVarDecl>(declared) &&
      std::any_of(frames_.begin(), frames_.end(), is_under_way))
    return cell(Unknown{text({"'", name,
                              "' is another one in each call, and a static variable is made of it "
                              "in the first call only"})});
  if (llvm::isa<clang::ParmVarDecl>(declared))
    return cell(Unknown{text({"'", name, "' is a parameter of another function"})});
  if (!is_fixed)
    return cell(
        Unknown{text({"the value of '", name, "', ",
                      type.getNonReferenceType().isVolatileQualified() ? "which is volatile"
                      : is_mutable && !type->isReferenceType() ? "a part of which is mutable"
                                                               : "which is not const",
                      ", may change"})});
  if (init == nullptr)
    return cell(Unknown{text({"'", name, "' is given its value in another file"})});
  outside_[&declared] = cell(Unknown{text({"'", name, "' is made from itself"})});
  try {
    return eval_outside(init, declared.getSourceRange(), initialised);
  } catch (...) {
    outside_[&declared] = cell(Lost{});
    throw;
  }
}

Cell Interpreter::eval_outside(const clang::Expr* expression, clang::SourceRange range,
                               const clang::VarDecl* variable) {
  const bool is_by_run = variable != nullptr && is_initialised_by_run(*variable);
  frames_.emplace_back(nullptr, range);
  if (is_by_run) initialising_.push_back(variable);
  const auto leave = llvm::make_scope_exit([&] {
    frames_.pop_back();
    if (is_by_run) initialising_.pop_back();
  });
  return variable != nullptr ? initial(*variable, expression) : eval(expression);
}

// What C++ computes while it compiles may be another value than what it would compute when it runs.
Cell Interpreter::initial(const clang::VarDecl& variable, const clang::Expr* init) {
  const bool is_constant = variable.hasConstantInitialization();
  const clang::APValue* known = is_constant ? variable.evaluateValue() : nullptr;
  if (known != nullptr && known->isInt()) return cell(known->getInt());
  const bool is_double = variable.getType()->isSpecificBuiltinType(clang::BuiltinType::Double);
  if (known != nullptr && known->isFloat() && is_double)
    return cell(known->getFloat().convertToDouble());
  const Constant context(*this, is_constant);
  return eval(init);
}

}  // namespace lambdapack::lpc
