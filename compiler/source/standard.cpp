// What is known of the standard library while a program is read: mathematical functions, texts, and
// sequences, which are the elements of an array; iterators are addresses of elements. What is
// constexpr and simple, such as std::array, std::pair and std::min, is read like any other code.
#include <algorithm>
#include <cmath>
#include <string_view>

#include "lambdapack/text.hpp"
#include "llvm/ADT/StringExtras.h"
#include "source/codes.hpp"
#include "source/interpreter.hpp"

namespace lambdapack::lpc {

namespace {

/// Of the GNU library, where it is not in namespace std.
bool is_iterator(std::string_view name) { return name == "__normal_iterator"; }

/// The class of the standard library that a type is, if it is one.
std::string_view standard_class(const clang::CXXRecordDecl* record) {
  if (record == nullptr || record->getIdentifier() == nullptr) return {};
  const std::string_view name(record->getName().data(), record->getName().size());
  return record->isInStdNamespace() || is_iterator(name) ? name : std::string_view();
}
std::string_view standard_class(clang::QualType type) {
  return standard_class(type.getNonReferenceType()->getAsCXXRecordDecl());
}

bool is_sequence(std::string_view name) { return name == "vector" || name == "initializer_list"; }
bool is_string(std::string_view name) {
  return name == "basic_string" || name == "basic_string_view";
}

std::int64_t size_of(const Elements& elements) {
  return static_cast<std::int64_t>(elements.cells.size());
}

}  // namespace

Cell Interpreter::standard(const clang::FunctionDecl& function, const clang::CallExpr& whole,
                           Arguments arguments) {
  // A function of C that the user has written is none of the library's.
  const bool is_of_c = function.isExternC() && function.getDefinition() == nullptr;
  const bool is_builtin = function.getBuiltinID() != 0 && (!function.isExternC() || is_of_c);
  const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(&function);
  const bool is_standard = method != nullptr ? !standard_class(method->getParent()).empty()
                                             : function.isInStdNamespace();
  const bool is_of_iterators = method == nullptr && function.getNumParams() > 0 &&
                               is_iterator(standard_class(function.getParamDecl(0)->getType()));
  if (!is_standard && !is_builtin && !is_of_c && !is_of_iterators) return nullptr;
  refuse_output(function, whole);
  if (arguments.empty() || (!is_standard && !is_builtin && !is_of_iterators)) return nullptr;
  const std::string_view of =
      method != nullptr && !method->isStatic() ? standard_class(method->getParent())
      : function.getNumParams() > 0            ? standard_class(function.getParamDecl(0)->getType())
                                               : std::string_view();
  if (method != nullptr && method->getOverloadedOperator() == clang::OO_Equal)
    return is_sequence(of) || is_string(of) ? put_in_place(whole, arguments) : nullptr;
  if (is_sequence(of) && method != nullptr) return of_sequence(function, arguments);
  if (is_iterator(of)) return of_iterator(function, whole, arguments);
  const bool ends_in_text = method == nullptr && function.getNumParams() == 2 &&
                            is_string(standard_class(function.getParamDecl(1)->getType()));
  if (is_string(of) || ends_in_text) return of_text(function, arguments);
  return method == nullptr ? computed(function, whole, arguments) : nullptr;
}

// Whatever prints does so when the text is read, not when its tasks run.
void Interpreter::refuse_output(const clang::FunctionDecl& function, const clang::CallExpr& whole) {
  static constexpr std::string_view printing[] = {"printf",  "fprintf", "puts",  "fputs",
                                                  "putchar", "fputc",   "fwrite"};
  const bool prints =
      function.getIdentifier() != nullptr
          ? std::find(std::begin(printing), std::end(printing),
                      std::string_view(function.getName().data(), function.getName().size())) !=
                std::end(printing)
          : standard_class(whole.getType()) == "basic_ostream";
  if (prints)
    refuse({codes::side_effect,
            "a program may not print: its text is read once, not run for each task; let a kernel "
            "print, or look at the report of a run",
            whole.getSourceRange()});
}

Cell Interpreter::computed(const clang::FunctionDecl& function, const clang::CallExpr& whole,
                           Arguments arguments) {
  if (function.getIdentifier() == nullptr) return nullptr;
  const llvm::StringRef name = function.getName();
  if (name == "to_string") {
    const Value given = value(arguments[0]);
    const llvm::APSInt* number = given.as<llvm::APSInt>();
    return number != nullptr ? cell(llvm::toString(*number, 10)) : nullptr;
  }
  if (name == "abs" && whole.getType()->isSignedIntegerType()) {
    const Value given = value(arguments[0]);
    const llvm::APSInt* number = given.as<llvm::APSInt>();
    return number != nullptr ? cell(number->isNegative() ? -*number : *number) : nullptr;
  }
  using Real = double (*)(double);
  static const std::pair<const char*, Real> functions[] = {
      {"sqrt", std::sqrt}, {"exp", std::exp},   {"log", std::log},   {"sin", std::sin},
      {"cos", std::cos},   {"fabs", std::fabs}, {"abs", std::fabs},  {"floor", std::floor},
      {"ceil", std::ceil}, {"log2", std::log2}, {"cbrt", std::cbrt}, {"tan", std::tan}};
  if (!whole.getType()->isRealFloatingType()) return nullptr;
  const Value x = converted(value(arguments[0]), context_.DoubleTy);
  if (x.as<double>() == nullptr) return nullptr;
  if (arguments.size() == 1)
    for (const auto& [known, compute] : functions)
      if (name == known) return cell(converted(compute(*x.as<double>()), whole.getType()));
  if (arguments.size() != 2 || name != "pow") return nullptr;
  const Value y = converted(value(arguments[1]), context_.DoubleTy);
  if (y.as<double>() == nullptr) return nullptr;
  return cell(converted(std::pow(*x.as<double>(), *y.as<double>()), whole.getType()));
}

Cell Interpreter::standard_object(const clang::CXXConstructExpr& whole) {
  const std::string_view of = standard_class(whole.getConstructor()->getParent());
  const unsigned given = whole.getNumArgs();
  if (is_string(of)) {
    if (given == 0) return cell(std::string());
    for (unsigned k = 1; k < given; ++k)  // all but an allocator
      if (!llvm::isa<clang::CXXDefaultArgExpr>(whole.getArg(k))) return nullptr;
    const Value first = value(whole.getArg(0));
    return first.as<std::string>() ? cell(first) : nullptr;
  }
  if (of == "complex") {
    double parts[] = {0, 0};
    for (unsigned k = 0; k < 2 && k < given; ++k) {
      const Value argument = value(whole.getArg(k));
      if (argument.as<std::complex<double>>()) return cell(argument);
      const Value part = converted(argument, context_.DoubleTy);
      if (is_symbolic(part))
        refuse({codes::construct,
                "this computes a complex number from an index, which has no value while the "
                "program is read; hand the index to the kernel, and compute there",
                whole.getArg(k)->getSourceRange()});
      if (part.as<double>() == nullptr) return nullptr;
      parts[k] = *part.as<double>();
    }
    return cell(std::complex<double>(parts[0], parts[1]));
  }
  if (of != "vector") return nullptr;
  if (given == 0) return cell(Elements{});
  refuse_copies(*whole.getConstructor()->getParent(), whole.getSourceRange());
  const Value first = value(whole.getArg(0));
  if (first.as<Elements>()) return cell(copy(first));
  const llvm::APSInt* size = first.as<llvm::APSInt>();
  if (size == nullptr || size->getExtValue() < 0 || size->getExtValue() > 10'000) return nullptr;
  const auto* type =
      llvm::cast<clang::ClassTemplateSpecializationDecl>(whole.getConstructor()->getParent());
  const bool has_value = given > 1 && !llvm::isa<clang::CXXDefaultArgExpr>(whole.getArg(1));
  Elements elements;
  for (std::int64_t k = 0; k < size->getExtValue(); ++k)
    elements.cells.push_back(
        has_value ? cell(copy(value(whole.getArg(1))))
                  : zero_of(type->getTemplateArgs()[0].getAsType(), whole.getSourceRange()));
  return cell(std::move(elements));
}

void Interpreter::refuse_move_to_itself(const clang::Expr& whole) {
  refuse({codes::construct,
          "this moves an object to itself, and C++ leaves open what it holds then; move it only "
          "where the two differ",
          whole.getSourceRange()});
}

Cell Interpreter::put_in_place(const clang::CallExpr& whole, Arguments arguments) {
  const Cell given = eval(arguments[1]);  // C++ does so first
  const Cell place = eval(arguments[0]);
  if (!given->as<Elements>() && !given->as<std::string>()) return nullptr;
  if (given->as<Elements>())
    refuse_copies(*arguments[0]->getType()->getAsCXXRecordDecl(), whole.getSourceRange());
  touch(*given, false);
  assign(place, copy(*given), arguments[0], &whole);
  if (arguments[1]->isXValue() && given == place) refuse_move_to_itself(whole);
  if (arguments[1]->isXValue())
    move_from(given, *place, arguments[1]->getType(), {arguments[1], &whole, true});
  return place;
}

Cell Interpreter::of_sequence(const clang::FunctionDecl& function, Arguments arguments) {
  const Cell list = eval(arguments[0]);
  Elements* elements = list->as<Elements>();
  if (elements == nullptr) return nullptr;
  touch_itself(*list, false);
  const std::int64_t size = size_of(*elements);
  const bool has_index = arguments.size() == 2 && arguments[1]->getType()->isIntegerType();
  if (function.getOverloadedOperator() == clang::OO_Subscript && has_index)
    return pointed(element_of(list, need<llvm::APSInt>(arguments[1], "an integer").getExtValue()),
                   arguments[1]);
  if (function.getIdentifier() == nullptr) return nullptr;
  const llvm::StringRef name = function.getName();
  if (name == "begin" || name == "cbegin" || name == "data") return cell(element_of(list, 0));
  if (name == "end" || name == "cend") return cell(element_of(list, size));
  if (name == "size") return cell(integer(size, 64, true));
  if (name == "empty") return cell(truth(size == 0));
  if (name == "front") return pointed(element_of(list, 0), arguments[0]);
  if (name == "back") return pointed(element_of(list, size - 1), arguments[0]);
  if (name == "at" && has_index)
    return pointed(element_of(list, need<llvm::APSInt>(arguments[1], "an integer").getExtValue()),
                   arguments[1]);
  if (name == "push_back" && arguments.size() == 2) {
    check_change(arguments[0], *list, arguments[0], Change::length);
    refuse_copies(*llvm::cast<clang::CXXMethodDecl>(function).getParent(),
                  arguments[1]->getSourceRange());
    const Cell given = eval(arguments[1]);
    const Cell added = cell(copy(known(*given, arguments[1])));
    touch(*given, false);
    if (arguments[1]->isXValue())
      move_from(given, *added, arguments[1]->getType(), {arguments[1], arguments[1], false});
    elements->cells.push_back(added);
    return cell(Nothing{});
  }
  return nullptr;
}

Cell Interpreter::of_iterator(const clang::FunctionDecl& function, const clang::CallExpr& whole,
                              Arguments arguments) {
  const Cell at = eval(arguments[0]);
  const Pointer* pointer = at->as<Pointer>();
  if (pointer == nullptr) return nullptr;
  touch(*at, false);
  const auto other = [&]() -> Value { return value(arguments[1]); };
  switch (function.getOverloadedOperator()) {
    case clang::OO_Star:
      return pointed(*at, &whole);
    case clang::OO_Arrow:
      return at;
    case clang::OO_PlusPlus:
    case clang::OO_MinusMinus: {
      const Pointer before = *pointer;
      assign(at, pointer->moved_by(function.getOverloadedOperator() == clang::OO_PlusPlus ? 1 : -1),
             arguments[0], &whole);
      return arguments.size() == 1 ? at : cell(before);
    }
    case clang::OO_EqualEqual:
    case clang::OO_ExclaimEqual: {
      const Value second = other();
      const Pointer* it = second.as<Pointer>();
      if (it == nullptr) return nullptr;
      const bool same = it->target == pointer->target && it->array == pointer->array &&
                        it->store == pointer->store && it->index == pointer->index;
      if (pointer->array && it->array &&
          (it->array != pointer->array || it->store != pointer->store))
        refuse({codes::construct,
                "these iterators are of two sequences, or another object has taken over the "
                "elements of one, so that lpc does not know whether they are equal; compare "
                "iterators of one sequence",
                whole.getSourceRange()});
      return cell(truth(same == (function.getOverloadedOperator() == clang::OO_EqualEqual)));
    }
    case clang::OO_Plus:
    case clang::OO_Minus:
    case clang::OO_Subscript: {
      const Value second = other();
      const bool minus = function.getOverloadedOperator() == clang::OO_Minus;
      if (const Pointer* it = second.as<Pointer>(); it != nullptr && minus)
        return cell(integer(pointer->index - it->index));
      const llvm::APSInt* by = second.as<llvm::APSInt>();
      if (by == nullptr) return nullptr;
      const Pointer there = pointer->moved_by(minus ? -by->getExtValue() : by->getExtValue());
      return function.getOverloadedOperator() == clang::OO_Subscript ? pointed(there, &whole)
                                                                     : cell(there);
    }
    default:
      return nullptr;
  }
}

Cell Interpreter::of_text(const clang::FunctionDecl& function, Arguments arguments) {
  const Cell first = eval(arguments[0]);
  const std::string* a = first->as<std::string>();
  if (a == nullptr) return nullptr;
  touch(*first, false);
  if (arguments.size() == 2) {
    touch(*eval(arguments[1]), false);
    const Value second = value(arguments[1]);
    const std::string* b = second.as<std::string>();
    if (b == nullptr) return nullptr;
    if (function.getOverloadedOperator() == clang::OO_Plus) return cell(*a + *b);
    if (function.getOverloadedOperator() == clang::OO_EqualEqual) return cell(truth(*a == *b));
    return nullptr;
  }
  if (function.getIdentifier() == nullptr) return nullptr;
  const llvm::StringRef name = function.getName();
  if (name == "c_str" || name == "data") return first;
  if (name == "size") return cell(integer(static_cast<std::int64_t>(a->size()), 64, true));
  if (name == "empty") return cell(truth(a->empty()));
  return nullptr;
}

}  // namespace lambdapack::lpc
