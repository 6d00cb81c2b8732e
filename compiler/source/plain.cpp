// Functions over lp::Tiles: what is called in them.
#include "source/plain.hpp"

#include <algorithm>
#include <cassert>
#include <vector>

#include "clang/AST/DeclTemplate.h"
#include "lambdapack/codes.hpp"
#include "lambdapack/dsl/library_shapes.hpp"
#include "lambdapack/text.hpp"
#include "llvm/ADT/ScopeExit.h"
#include "source/codes.hpp"
#include "source/cpp_names.hpp"
#include "source/interpreter.hpp"

namespace lambdapack::lpc {

namespace {

/// Words of the language that mean nothing in a function that also runs as it stands, and what to
/// write instead.
const char* instead_of(const std::string& word) {
  static const std::map<std::string, const char*, std::less<>> words = {
      {"lambdapack::when", "write if (condition)"},
      {"lambdapack::temp", "declare lp::TempTiles<T, rank> W"},
      {"lambdapack::tie", "call the kernel with all of its tiles, in the order of its parameters"},
      {"lambdapack::stop_if", "write the algorithm in the language to end a loop early"},
  };
  const auto found = words.find(word);
  return found == words.end() ? nullptr : found->second;
}

bool is_class_of_tiles(const clang::CXXRecordDecl& record) {
  const llvm::StringRef name = record.getName();
  return name == "Tiles" || name == "OutTiles" || name == "TempTiles";
}

/// Whether a function tells what a tile holds: a member of what A(i, j) is in C++.
bool looks_at_tile(const clang::CXXMethodDecl& method) {
  const std::string name = our_class(method.getThisType()->getPointeeType());
  return !llvm::isa<clang::CXXConstructorDecl>(method) &&
         (name.starts_with("plain::") || name == "detail::Argument" || name == "in_list");
}

bool is_kernel(const clang::FunctionDecl& function) {
  for (const clang::ParmVarDecl* parameter : function.parameters())
    if (tile_parameter(parameter->getType())) return true;
  return false;
}

}  // namespace

Cell Plain::call(Interpreter& reader, const clang::FunctionDecl& function, const clang::Expr& whole,
                 std::span<const clang::Expr* const> arguments) {
  const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(&function);
  if (is_ours(function)) {
    const std::string name = plain_name(function);
    if (const char* instead = instead_of(name))
      reader.refuse({codes::construct,
                     text({"lp::", function.getName().str(),
                           " is a word of the language, which a function over lp::Tiles is not "
                           "written in; ",
                           instead}),
                     whole.getSourceRange()});
    if (method != nullptr && method->isInstance() && looks_at_tile(*method))
      reader.refuse(
          {codes::unknown_value,
           "what a tile holds is not known before tasks run, and which of them run cannot "
           "depend on it; look at it in a kernel, and end loops early in the language, "
           "with lp::stop_if",
           whole.getSourceRange()});
    if (method != nullptr && is_class_of_tiles(*method->getParent()))
      return member(reader, *method, whole, arguments);
    if (name == "lambdapack::KernelWord::operator()") {
      call_kernel_in_place(reader, whole, kernel_word(reader, whole, *arguments[0]),
                           arguments.subspan(1));
      return cell(Nothing{});
    }
  }
  if (is_kernel(function)) {
    const bool has_object = method != nullptr && !method->isStatic();
    call_kernel_in_place(reader, whole, kernel(reader, function, whole, arguments),
                         arguments.subspan(has_object ? 1 : 0));
    return cell(Nothing{});
  }
  if (function.isInStdNamespace() && function.getDeclName().isIdentifier() &&
      arguments.size() == 2 && (function.getName() == "min" || function.getName() == "max"))
    if (Cell found = extreme(reader, function.getName() == "min", arguments)) return found;
  return Language::call(reader, function, whole, arguments);
}

// A temporary that is declared is made in declare_temp.
Cell Plain::construct(Interpreter& reader, const clang::CXXConstructExpr& whole) {
  const clang::CXXRecordDecl& made = *whole.getConstructor()->getParent();
  if (is_ours(made) && made.getName() == "TempTiles")
    reader.refuse({codes::construct,
                   "lp::TempTiles are made here that are no variable by themselves; declare them "
                   "as a local, as in lp::TempTiles<T, rank> W, and use that",
                   whole.getSourceRange()});
  return Language::construct(reader, whole);
}

Cell Plain::member(Interpreter& reader, const clang::CXXMethodDecl& method,
                   const clang::Expr& whole, Arguments arguments) {
  if (llvm::isa<clang::CXXConversionDecl>(method)) return reader.eval(arguments[0]);
  if (method.getOverloadedOperator() == clang::OO_Call) {
    for (const clang::Expr* argument : arguments.subspan(1))
      if (reader.value(argument).as<Extreme>())
        reader.refuse({lambdapack::codes::not_affine,
                       "the least or the greatest of several indices is no index of a tile; loop "
                       "up to it, or choose with if",
                       argument->getSourceRange()});
    return lend(reader, tile(reader, method, whole, arguments));
  }
  const llvm::StringRef name = method.getName();
  if (name == "extent") return extent(reader, method, whole, arguments);
  const Array array = reader.need<Array>(arguments[0], "lp::Tiles");
  lambdapack::Expr result;
  result.value = checked(reader, whole, codes::construct,
                         [&] { return recorder_.extent(array.id, name == "cols" ? 1 : 0); });
  return cell(result);
}

Cell Plain::extreme(Interpreter& reader, bool least, Arguments arguments) {
  Extreme result{least, {}};
  bool is_known = true;
  for (const clang::Expr* argument : arguments) reader.eval(argument);  // one may change another
  for (const clang::Expr* argument : arguments) {
    const Value given = reader.value(argument);
    is_known = is_known && given.as<llvm::APSInt>() != nullptr;
    if (const auto* several = given.as<Extreme>()) {
      if (several->least != least)
        reader.refuse({lambdapack::codes::not_affine,
                       "the least of greatest indices, or the greatest of least ones, is no bound "
                       "of a loop; choose with if",
                       argument->getSourceRange()});
      result.of.insert(result.of.end(), several->of.begin(), several->of.end());
    } else if (given.as<llvm::APSInt>() || given.as<lambdapack::Expr>()) {
      result.of.push_back(index(reader, given, argument));
    } else {
      return nullptr;
    }
  }
  return is_known ? nullptr : cell(std::move(result));
}

Word Plain::kernel(Interpreter& reader, const clang::FunctionDecl& function,
                   const clang::Expr& whole, Arguments arguments) {
  const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(&function);
  const bool is_closure = method != nullptr && method->getParent()->isLambda();
  if (method != nullptr && method->isInstance() && !is_closure)
    reader.refuse({codes::construct,
                   "this kernel is a member of an object, whose values generated code would "
                   "not know; make it a function, or a lambda in a variable of a namespace",
                   whole.getSourceRange()});
  const clang::NamedDecl* named = &function;
  if (is_closure) named = variable_of(*arguments[0]);
  // Closures of one type may hold different values.
  auto& word = kernels_[named != nullptr ? named->getCanonicalDecl() : nullptr];
  auto& known = word.function;
  if (known) return word;
  const std::string address = named != nullptr ? cpp_name(*named, reader.context()) : "";
  if (address.empty())
    reader.refuse({codes::construct,
                   "this kernel cannot be named outside of the function that calls it, as the "
                   "generated code must; make it a function or a variable of a namespace",
                   whole.getSourceRange()});
  const std::string name =
      is_closure ? named->getName().str() : function.getDeclName().getAsString();
  known = kernel_function(reader, name, function.getType(), &whole);
  if (is_ours(function)) word.shapes = lambdapack::detail::library_shapes(name);
  names_[known.get()] = address;
  return word;
}

Word Plain::kernel_word(Interpreter& reader, const clang::Expr& whole, const clang::Expr& word) {
  const Word kernel = reader.need<Word>(&word, "a kernel of lp::make_kernel");
  const clang::NamedDecl* named = variable_of(word);
  const std::string name = named != nullptr ? cpp_name(*named, reader.context()) : "";
  if (name.empty())
    reader.refuse({codes::construct,
                   "this kernel cannot be named outside of the function that calls it, as the "
                   "generated code must; keep what lp::make_kernel makes in a variable of a "
                   "namespace",
                   whole.getSourceRange()});
  names_[kernel.function.get()] = name;
  return kernel;
}

void Plain::call_kernel_in_place(Interpreter& reader, const clang::Expr& whole, const Word& kernel,
                                 Arguments arguments) {
  const auto& function = kernel.function;
  if (!whole.getType()->isVoidType())
    reader.refuse({codes::unknown_value,
                   text({"'", function->name,
                         "' computes a value from a tile, which is there only when tasks run; let "
                         "the kernel write to a tile, and return void"}),
                   whole.getSourceRange()});
  if (reader.is_perhaps())
    reader.refuse(
        {codes::construct,
         text({"whether '", function->name,
               "' is called is decided inside of an expression here; write if (condition) "
               "before a statement that calls it"}),
         whole.getSourceRange()});
  if (among_arguments_ > 0)
    reader.refuse({codes::construct,
                   text({"'", function->name,
                         "' is called while the arguments of another kernel are computed, in an "
                         "order that C++ leaves open; call it in a statement before"}),
                   whole.getSourceRange()});
  Call call;
  call.function = function;
  std::vector<ir::Access> writes;
  std::set<int> own;
  const int before = among_arguments_;
  among_arguments_ += arguments.size() > 1 ? 1 : 0;
  const auto leave = llvm::make_scope_exit([&] { among_arguments_ = before; });
  assert(arguments.size() == function->parameters.size());
  for (std::size_t k = 0; k < arguments.size(); ++k) {
    const kernel::Role role = function->parameters[k].role;
    if (role == kernel::Role::scalar) {
      call.scalars.push_back(scalar(reader, arguments[k]));
      continue;
    }
    const auto tile = reader.need<Tile>(arguments[k], "a tile");
    use_loan(reader, tile, *arguments[k]);
    own.insert(tile.loan);
    const ir::Access& access = tile.access;
    if (role != kernel::Role::out) call.reads.push_back(access);
    if (role == kernel::Role::out || role == kernel::Role::inout) writes.push_back(access);
  }
  check_alone(reader, own, whole);
  if (writes.empty())
    reader.refuse({codes::construct,
                   text({"'", function->name,
                         "' writes no tile, so its task would do nothing that another sees; give "
                         "it an lp::out or lp::inout parameter"}),
                   whole.getSourceRange()});
  call.kernel = recorder_.add_kernel(call.function, kernel.shapes);
  add_statement(std::move(writes), call, whole.getSourceRange(), false);
}

Cell Plain::lend(Interpreter& reader, const Cell& made) {
  if (Tile* tile = made->as<Tile>()) {
    tile->loan = ++last_loan_;
    lent_.push_back({tile->loan, reader.depth()});
  }
  return made;
}

// At the next statement of a function all expressions of those before have ended.
void Plain::end_loans(std::size_t depth) {
  std::erase_if(lent_, [&](const Loan& loan) { return loan.depth >= depth; });
}

// What a call writes to a lent tile is seen when the loan ends: another call would see it as it
// was.
void Plain::use_loan(Interpreter& reader, const Tile& tile, const clang::Expr& where) {
  const auto loan = std::find_if(lent_.begin(), lent_.end(),
                                 [&](const Loan& l) { return l.number == tile.loan; });
  if (loan == lent_.end() || loan->is_used)
    reader.refuse({codes::address,
                   "this tile was lent to another call or is kept, and C++ takes it back only "
                   "when that ends; hand over the array and the indices, and write A(i, j) where "
                   "the kernel is called",
                   where.getSourceRange()});
  loan->is_used = true;
  loan->depth = std::min(loan->depth, reader.depth());
}

void Plain::check_alone(Interpreter& reader, const std::set<int>& own, const clang::Expr& whole) {
  const bool is_alone = std::all_of(lent_.begin(), lent_.end(), [&](const Loan& loan) {
    return own.contains(loan.number) || loan.depth > reader.depth();
  });
  if (!is_alone)
    reader.refuse({codes::construct,
                   "another tile of the expression around is still lent here, which C++ takes back "
                   "only at its end; write two statements",
                   whole.getSourceRange()});
}

void Plain::discard(Interpreter& reader, const clang::Expr& whole, const Value& value) {
  if (value.as<Tile>())
    reader.refuse({codes::discarded,
                   "this names a tile and does nothing with it; call a kernel on it, as in "
                   "potrf(A(k, k))",
                   whole.getSourceRange()});
  Language::discard(reader, whole, value);
}

void Plain::close(int scope) {
  open_.pop_back();
  Language::close(scope);
}

}  // namespace lambdapack::lpc
