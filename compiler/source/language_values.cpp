// What the language computes with: index expressions and conditions, arrays and their tiles.
#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "clang/AST/DeclTemplate.h"
#include "lambdapack/codes.hpp"
#include "lambdapack/dsl/functions.hpp"
#include "lambdapack/text.hpp"
#include "llvm/ADT/StringExtras.h"
#include "source/codes.hpp"
#include "source/interpreter.hpp"
#include "source/language.hpp"

namespace lambdapack::lpc {

// Index expressions and conditions.

lambdapack::Expr Language::index(Interpreter& reader, const clang::Expr* e) {
  return index(reader, reader.value(e), e);
}

lambdapack::Expr Language::index(Interpreter& reader, const Value& found, const clang::Expr* e) {
  if (const auto* expr = found.as<lambdapack::Expr>()) return *expr;
  if (const auto* number = found.as<llvm::APSInt>())
    return small(reader, *number, e->getSourceRange());
  if (found.as<Extreme>())
    reader.refuse({lambdapack::codes::not_affine,
                   "the least or the greatest of several indices is not one index expression for "
                   "all sizes; loop up to it, or choose with if",
                   e->getSourceRange()});
  reader.refuse({codes::construct, "this is no index; write an integer or an index expression",
                 e->getSourceRange()});
}

std::int64_t Language::small(Interpreter& reader, const llvm::APSInt& number,
                             clang::SourceRange range) const {
  if (const auto fits = number.tryExtValue()) return *fits;
  reader.refuse({lambdapack::codes::too_large,
                 text({"the number ", llvm::toString(number, 10),
                       " is too large for an index, which has 64 bits and a sign; use a smaller "
                       "one"}),
                 range});
}

lambdapack::Condition Language::condition(Interpreter& reader, const clang::Expr* e) {
  return reader.need<lambdapack::Condition>(e, "a condition on indices");
}

namespace {

void check_alternatives(Interpreter& reader, double number, clang::SourceRange range) {
  constexpr int most = 1000;
  if (number > most)
    reader.refuse({lambdapack::codes::too_large,
                   text({"this condition has more than ", most,
                         " alternatives when it is multiplied out; put one condition inside of "
                         "another instead of joining them"}),
                   range});
}

}  // namespace

lambdapack::Condition Language::both(Interpreter& reader, const lambdapack::Condition& a,
                                     const lambdapack::Condition& b,
                                     clang::SourceRange range) const {
  check_alternatives(
      reader,
      static_cast<double>(a.value.any_of.size()) * static_cast<double>(b.value.any_of.size()),
      range);
  return a && b;
}

lambdapack::Condition Language::opposite(Interpreter& reader,
                                         const lambdapack::Condition& condition,
                                         clang::SourceRange range) const {
  double number = 1;
  for (const auto& all_of : condition.value.any_of) number *= static_cast<double>(all_of.size());
  check_alternatives(reader, number, range);
  return !condition;
}

Cell Language::binary(Interpreter& reader, const clang::FunctionDecl& function,
                      const clang::Expr& whole, Arguments arguments) {
  const clang::OverloadedOperatorKind op = function.getOverloadedOperator();
  if (op == clang::OO_AmpAmp)
    return cell(both(reader, condition(reader, arguments[0]), condition(reader, arguments[1]),
                     whole.getSourceRange()));
  if (op == clang::OO_PipePipe)
    return cell(condition(reader, arguments[0]) || condition(reader, arguments[1]));
  const lambdapack::Expr left = index(reader, arguments[0]);
  if (arguments.size() == 1) return cell(-left);
  const lambdapack::Expr right = index(reader, arguments[1]);
  switch (op) {
    case clang::OO_Plus:
      return cell(left + right);
    case clang::OO_Minus:
      return cell(left - right);
    case clang::OO_Star:
      return cell(ir::constant_of(left.value) ? detail::multiple(right, left.value.constant)
                                              : detail::multiple(left, right.value.constant));
    case clang::OO_Less:
      return cell(left < right);
    case clang::OO_LessEqual:
      return cell(left <= right);
    case clang::OO_EqualEqual:
      return cell(left == right);
    case clang::OO_ExclaimEqual:
      return cell(left != right);
    case clang::OO_GreaterEqual:
      return cell(left >= right);
    default:
      return cell(left > right);
  }
}

Cell Language::negate(Interpreter& reader, const clang::FunctionDecl&, const clang::Expr& whole,
                      Arguments arguments) {
  return cell(opposite(reader, condition(reader, arguments[0]), whole.getSourceRange()));
}

Cell Language::function_of(Interpreter& reader, const clang::FunctionDecl& function,
                           const clang::Expr& whole, Arguments arguments) {
  struct Word {
    std::string name;
    ir::Function::Kind kind;
    bool base_two;
  };
  static const Word words[] = {{"operator/", ir::Function::Kind::quotient, false},
                               {"operator%", ir::Function::Kind::remainder, false},
                               {"pow", ir::Function::Kind::power, false},
                               {"log_floor", ir::Function::Kind::log_floor, false},
                               {"log_ceil", ir::Function::Kind::log_ceil, false},
                               {"pow2", ir::Function::Kind::power, true},
                               {"log2_floor", ir::Function::Kind::log_floor, true},
                               {"log2_ceil", ir::Function::Kind::log_ceil, true}};
  const std::string name = function.getDeclName().getAsString();
  const Word* word = std::find_if(std::begin(words), std::end(words),
                                  [&](const Word& w) { return w.name == name; });
  const bool operation =
      word->kind == ir::Function::Kind::quotient || word->kind == ir::Function::Kind::remainder;
  std::int64_t base = 2;
  const clang::Expr* argument = arguments[0];
  if (!word->base_two) {
    base = index(reader, arguments[operation ? 1 : 0]).value.constant;
    argument = arguments[operation ? 0 : 1];
  }
  const lambdapack::Expr of = index(reader, argument);
  const std::string spelled = operation ? name.substr(8) : "lp::" + name;
  return cell(checked(reader, whole, "lp-E006", [&] {
    return detail::function_of(word->kind, detail::IntegerConstant(base, std::source_location()),
                               of, spelled.c_str());
  }));
}

Cell Language::truth_of(Interpreter& reader, const clang::FunctionDecl&, const clang::Expr&,
                        Arguments arguments) {
  reader.eval(arguments[0]);
  return cell(truth(true));
}

// Arrays and tiles.

Cell Language::extent(Interpreter& reader, const clang::FunctionDecl&, const clang::Expr& whole,
                      Arguments arguments) {
  const Array array = reader.need<Array>(arguments[0], "an array of the program");
  const auto dimension = reader.need<llvm::APSInt>(arguments[1], "an integer constant");
  lambdapack::Expr result;
  result.value = checked(reader, whole, codes::construct, [&] {
    return recorder_.extent(array.id, static_cast<int>(dimension.getExtValue()));
  });
  return cell(result);
}

Cell Language::tile(Interpreter& reader, const clang::FunctionDecl&, const clang::Expr& whole,
                    Arguments arguments) {
  const Array array = reader.need<Array>(arguments[0], "an array of the program");
  Tile tile{{array.id, {}, {}}};
  for (const ir::Expr& round : array.rounds)
    tile.access.subscripts.push_back({round, std::nullopt});
  clang::SourceLocation at = whole.getBeginLoc();
  for (const clang::Expr* argument : arguments.subspan(1)) {
    if (our_class(argument->getType()).empty() && argument->getType()->isRecordType())
      continue;  // a std::source_location
    const Value given = reader.value(argument);
    if (tile.access.subscripts.size() == array.rounds.size()) at = argument->getBeginLoc();
    if (const auto* subscript = given.as<Subscript>())
      tile.access.subscripts.push_back(subscript->value);
    else if (const auto* run = given.as<lambdapack::Range>())
      tile.access.subscripts.push_back(
          {run->lower().value, ir::Run{run->upper().value, run->step().value}});
    else
      tile.access.subscripts.push_back({index(reader, given, argument).value, std::nullopt});
  }
  tile.access.location = places_.mark(whole.getSourceRange(), at);
  return cell(std::move(tile));
}

Cell Language::temp(Interpreter& reader, const clang::FunctionDecl& function,
                    const clang::Expr& whole, Arguments arguments) {
  const clang::TemplateArgumentList* types = function.getTemplateSpecializationArgs();
  const auto name = reader.need<std::string>(arguments[0], "a name that is a constant");
  std::vector<ir::Expr> sizes;
  std::optional<Rule> rule;
  for (const clang::Expr* argument : arguments.subspan(1)) {
    const Value given = reader.value(argument);
    if (const auto* extents = given.as<Extents>())
      for (const lambdapack::Expr& size : extents->sizes) sizes.push_back(size.value);
    if (const auto* one = given.as<Rule>()) rule = *one;
  }
  const int id = recorder_.declare_temp(
      name, element_name(reader, types->get(0).getAsType(), &whole),
      static_cast<int>(types->get(1).getAsIntegral().getExtValue()), std::move(sizes));
  if (rule)
    checked(reader, whole, codes::construct, [&] { recorder_.set_unwritten(id, rule->kernel); });
  return cell(Array{id});
}

Cell Language::extents(Interpreter& reader, const clang::FunctionDecl&, const clang::Expr&,
                       Arguments arguments) {
  Extents result;
  for (const clang::Expr* argument : arguments) result.sizes.push_back(index(reader, argument));
  return cell(std::move(result));
}

Cell Language::unwritten(Interpreter& reader, const clang::FunctionDecl&, const clang::Expr& whole,
                         Arguments arguments) {
  const Array array = reader.need<Array>(arguments[0], "an array of the program");
  const Rule rule = reader.need<Rule>(arguments[1], "a rule for unwritten tiles");
  checked(reader, whole, codes::construct, [&] { recorder_.set_unwritten(array.id, rule.kernel); });
  return cell(Nothing{});
}

}  // namespace lambdapack::lpc
