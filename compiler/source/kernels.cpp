// Kernels in the source: what their parameters' types say, and calls of them.
#include "clang/AST/DeclTemplate.h"
#include "lambdapack/codes.hpp"
#include "lambdapack/dsl/folding.hpp"
#include "lambdapack/dsl/library_shapes.hpp"
#include "lambdapack/text.hpp"
#include "lambdapack/tile/stop.hpp"
#include "llvm/ADT/StringExtras.h"
#include "source/codes.hpp"
#include "source/interpreter.hpp"
#include "source/language.hpp"

namespace lambdapack::lpc {

namespace {

/// The parameters of something that can be called with spelled-out types; null if it cannot.
const clang::FunctionProtoType* prototype_of(clang::QualType callable) {
  clang::QualType type = callable.getNonReferenceType().getCanonicalType().getUnqualifiedType();
  if (type->isFunctionPointerType()) type = type->getPointeeType();
  if (const auto* function = type->getAs<clang::FunctionProtoType>()) return function;
  const auto* record = type->getAsCXXRecordDecl();
  if (record == nullptr) return nullptr;
  for (const clang::CXXMethodDecl* method : record->methods())
    if (method->getOverloadedOperator() == clang::OO_Call)
      return method->getType()->getAs<clang::FunctionProtoType>();
  return nullptr;
}

}  // namespace

std::optional<std::pair<kernel::Role, clang::QualType>> tile_parameter(clang::QualType type) {
  const auto* record = llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(
      type.getNonReferenceType()->getAsCXXRecordDecl());
  if (record == nullptr || !is_ours(*record)) return std::nullopt;
  static const std::pair<const char*, kernel::Role> roles[] = {{"in", kernel::Role::in},
                                                               {"out", kernel::Role::out},
                                                               {"inout", kernel::Role::inout},
                                                               {"in_list", kernel::Role::in_list}};
  for (const auto& [name, role] : roles)
    if (record->getName() == name) return std::pair(role, record->getTemplateArgs()[0].getAsType());
  return std::nullopt;
}

namespace {

/// What may be handed to a kernel: a tile, or a number.
bool is_kernel_parameter(clang::QualType type) {
  if (tile_parameter(type) || type->isIntegralOrEnumerationType() || type->isRealFloatingType())
    return true;
  const auto* record = type->getAsCXXRecordDecl();
  return record != nullptr && record->isInStdNamespace() && record->getName() == "complex";
}

std::string scalar_name(clang::QualType type) {
  const clang::QualType bare = type.getNonReferenceType();
  if (bare->isIntegralOrEnumerationType()) return "int64";
  return bare->isRealFloatingType() ? "float64" : "complex128";
}

}  // namespace

std::string Language::element_name(Interpreter& reader, clang::QualType type,
                                   const clang::Expr* where) {
  const clang::QualType bare = type.getCanonicalType().getUnqualifiedType();
  clang::ASTContext& context = reader.context();
  if (context.hasSameType(bare, context.FloatTy)) return "float32";
  if (context.hasSameType(bare, context.DoubleTy)) return "float64";
  const clang::CXXRecordDecl* record = bare->getAsCXXRecordDecl();
  const auto* instance = llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(record);
  if (instance != nullptr && instance->getName() == "complex" && instance->isInStdNamespace())
    return context.hasSameType(instance->getTemplateArgs()[0].getAsType(), context.FloatTy)
               ? "complex64"
               : "complex128";
  const clang::SourceRange range =
      where != nullptr ? where->getSourceRange() : clang::SourceRange();
  if (record != nullptr && record->hasDefinition())
    for (const clang::CXXMethodDecl* method : record->getDefinition()->methods())
      if (method->getDeclName().isIdentifier() && method->getName() == "type_name" &&
          method->getNumParams() == 0) {
        const Cell name = reader.call(*method, nullptr, {}, range);
        if (const std::string* text = name->as<std::string>()) return *text;
      }
  reader.refuse({codes::unknown_value,
                 text({"the name of the payload ", bare.getAsString(),
                       " is not known while the program is read; let its type_name() return a "
                       "string literal"}),
                 range});
}

std::shared_ptr<const kernel::Function> Language::kernel_function(Interpreter& reader,
                                                                  std::string name,
                                                                  clang::QualType callable,
                                                                  const clang::Expr* where) {
  const clang::FunctionProtoType* prototype = prototype_of(callable);
  if (prototype == nullptr)
    reader.refuse({codes::construct,
                   "this is no kernel; make one of a function or lambda whose parameter types are "
                   "spelled out",
                   where->getSourceRange()});
  if (prototype->isVariadic())
    reader.refuse({codes::construct,
                   "this kernel takes any arguments behind its parameters, which a task does not "
                   "hand over; give it a parameter for each",
                   where->getSourceRange()});
  auto function = std::make_shared<kernel::Function>();
  function->name = std::move(name);
  for (const clang::QualType parameter : prototype->param_types()) {
    if (parameter->isReferenceType() || !is_kernel_parameter(parameter))
      reader.refuse({codes::construct,
                     text({"a parameter of this kernel is a '",
                           parameter.getAsString(reader.context().getPrintingPolicy()),
                           "'; a kernel takes lp::in<T>, lp::out<T>, lp::inout<T>, lp::in_list<T> "
                           "and numbers, all by value"}),
                     where->getSourceRange()});
    if (const auto tile = tile_parameter(parameter))
      function->parameters.push_back(
          {tile->first, element_name(reader, tile->second, where), nullptr, nullptr});
    else
      function->parameters.push_back(
          {kernel::Role::scalar, scalar_name(parameter), nullptr, nullptr});
  }
  return function;
}

Cell Language::make_kernel(Interpreter& reader, const clang::FunctionDecl& function,
                           const clang::Expr& whole, Arguments arguments) {
  const auto name = reader.need<std::string>(arguments[0], "a name that is a constant");
  const auto shapes = reader.need<std::string>(arguments[2], "shapes that are a constant");
  return cell(
      Word{kernel_function(reader, name, function.getParamDecl(1)->getType(), &whole), shapes});
}

// The library's own kernels: one word for each function, however it is called.
Cell Language::word(Interpreter& reader, const clang::FunctionDecl& function,
                    const clang::Expr& whole, Arguments arguments) {
  const auto* kernel = llvm::dyn_cast<clang::FunctionDecl>(
      function.getTemplateSpecializationArgs()->get(0).getAsDecl());
  auto& known = words_[kernel->getCanonicalDecl()];
  if (!known)
    known = kernel_function(reader, reader.need<std::string>(arguments[0], "a name"),
                            kernel->getType(), &whole);
  return cell(Word{known, std::string(lambdapack::detail::library_shapes(known->name))});
}

ir::Scalar Language::scalar(Interpreter& reader, const clang::Expr* e) {
  const Value given = reader.value(e);
  if (const double* real = given.as<double>()) return *real;
  if (const auto* z = given.as<std::complex<double>>()) return *z;
  if (const auto* number = given.as<llvm::APSInt>()) {
    constexpr std::int64_t most = lambdapack::detail::largest_index_constant;
    if (const auto fits = number->tryExtValue(); !fits || *fits < -most || *fits > most)
      reader.refuse({lambdapack::codes::too_large,
                     text({"the number ", llvm::toString(*number, 10),
                           " is too large for a kernel's integer, which is from -2147483648 to "
                           "2147483648; hand it over as a double"}),
                     e->getSourceRange()});
  }
  return index(reader, given, e).value;
}

Cell Language::call_kernel(Interpreter& reader, const clang::FunctionDecl&, const clang::Expr&,
                           Arguments arguments) {
  Call call;
  const Word word = reader.need<Word>(arguments[0], "a kernel of lp::make_kernel");
  call.function = word.function;
  call.kernel = recorder_.add_kernel(call.function, word.shapes);
  const Arguments given = arguments.subspan(1);
  std::size_t wanted = 0;
  for (const kernel::Parameter& p : call.function->parameters)
    wanted += p.role != kernel::Role::out ? 1 : 0;
  call.update = given.size() + 1 == wanted;
  std::size_t next = 0;
  bool skip = call.update;
  for (const kernel::Parameter& parameter : call.function->parameters) {
    if (parameter.role == kernel::Role::out) continue;
    if (std::exchange(skip, false)) continue;
    if (next == given.size()) break;
    const clang::Expr* argument = given[next++];
    if (parameter.role == kernel::Role::scalar)
      call.scalars.push_back(scalar(reader, argument));
    else
      call.reads.push_back(reader.need<Tile>(argument, "a tile").access);
  }
  return cell(std::move(call));
}

Cell Language::stop_if(Interpreter& reader, const clang::FunctionDecl& function,
                       const clang::Expr& whole, Arguments arguments) {
  const Tile flag = reader.need<Tile>(arguments[0], "a tile");
  auto& known = words_[function.getCanonicalDecl()];
  if (!known) {
    const std::string element =
        element_name(reader, function.getTemplateSpecializationArgs()->get(0).getAsType(), &whole);
    known = std::make_shared<const kernel::Function>(
        kernel::Function{"stop_if",
                         {{kernel::Role::in, element, nullptr, nullptr},
                          {kernel::Role::in, tile::Stop::type_name(), nullptr, nullptr},
                          {kernel::Role::out, tile::Stop::type_name(), nullptr, nullptr}},
                         {}});
  }
  checked(reader, whole, codes::misplaced_stop,
          [&] { recorder_.stop_if(flag.access, known, std::source_location()); });
  statements_.push_back(places_.mark(whole.getSourceRange(), whole.getBeginLoc()));
  return cell(Nothing{});
}

}  // namespace lambdapack::lpc
