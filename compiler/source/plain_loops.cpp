// Functions over lp::Tiles: loops that count.
#include <algorithm>

#include "lambdapack/dsl/functions.hpp"
#include "lambdapack/text.hpp"
#include "source/codes.hpp"
#include "source/cpp_names.hpp"
#include "source/interpreter.hpp"
#include "source/plain.hpp"

namespace lambdapack::lpc {

namespace {

/// The index of the loop while its bounds are read, before it has a number.
constexpr ir::Symbol any_round{ir::Symbol::Kind::loop, 1 << 30};

constexpr const char* how_to_loop =
    "; write for (int k = 0; k < n; ++k), with a constant step and a comparison of the counter";

lambdapack::Expr expr(const ir::Symbol& symbol) { return lambdapack::Expr(symbol); }

/// Whether an expression holds a quotient or a remainder of the counter.
bool is_divided(const ir::Program& program, const ir::Expr& e) {
  return std::any_of(e.terms.begin(), e.terms.end(), [&](const ir::Term& t) {
    if (t.symbol.kind != ir::Symbol::Kind::function) return false;
    const ir::Expr& argument = program.functions[static_cast<std::size_t>(t.symbol.id)].argument;
    return is_divided(program, argument) ||
           std::any_of(argument.terms.begin(), argument.terms.end(),
                       [](const ir::Term& part) { return part.symbol == any_round; });
  });
}

/// The operands of `k = k + c` and of `k = c + k`, with c behind.
std::pair<const clang::VarDecl*, const clang::Expr*> in_order(const clang::BinaryOperator& sum) {
  if (const clang::VarDecl* left = variable_of(*sum.getLHS())) return {left, sum.getRHS()};
  return {variable_of(*sum.getRHS()), sum.getLHS()};
}

}  // namespace

Flow Plain::loop(Interpreter& reader, const clang::ForStmt& loop) {
  const Interpreter::Block whole(reader);
  const Counter counter = counter_of(reader, loop);
  if (llvm::isa_and_nonnull<clang::DeclStmt>(loop.getInit())) reader.run(loop.getInit());
  const Bounds bounds = bounds_of(reader, loop, counter);
  const clang::SourceRange range(loop.getForLoc(), loop.getRParenLoc());
  const int scope = checked(reader, *loop.getCond(), codes::construct, [&] {
    return recorder_.open_loop(bounds.lower.value, bounds.upper.value,
                               lambdapack::Expr(counter.step).value, {});
  });
  open(reader, scope, counter.variable, range);
  const lambdapack::Expr value(ir::Symbol{ir::Symbol::Kind::loop, scope});
  reader.set(*counter.variable, cell(value));
  if (!bounds.also.empty()) {
    lambdapack::Condition also;
    also.value.any_of.emplace_back();
    for (const ir::Comparison& c : bounds.also)
      also.value.any_of.front().push_back({substitute(c.left, any_round, value).value, c.relation,
                                           substitute(c.right, any_round, value).value});
    open_guard(reader, also, range);
  }
  const auto forget = [&] {
    reader.set(*counter.variable,
               cell(Unknown{text({"'", counter.variable->getName().str(),
                                  "' counts a loop that has ended, so it has no value here"})}));
  };
  try {
    reader.run(loop.getBody());
  } catch (...) {
    forget();
    throw;
  }
  forget();
  return Flow::next;
}

Plain::Counter Plain::counter_of(Interpreter& reader, const clang::ForStmt& loop) const {
  const clang::SourceRange head(loop.getForLoc(), loop.getRParenLoc());
  if (loop.getInit() == nullptr || loop.getCond() == nullptr || loop.getInc() == nullptr ||
      loop.getConditionVariable() != nullptr)
    reader.refuse({codes::endless_loop,
                   text({"this loop does not say from where to where it counts", how_to_loop}),
                   head});
  const clang::Expr* change = loop.getInc()->IgnoreParens();
  Counter counter;
  const clang::Expr* by = nullptr;
  std::int64_t sign = 1;
  if (const auto* unary = llvm::dyn_cast<clang::UnaryOperator>(change);
      unary != nullptr && unary->isIncrementDecrementOp()) {
    counter.variable = variable_of(*unary->getSubExpr());
    counter.step = unary->isIncrementOp() ? 1 : -1;
  } else if (const auto* binary = llvm::dyn_cast<clang::BinaryOperator>(change)) {
    const clang::BinaryOperatorKind op = binary->getOpcode();
    const auto* sum =
        op == clang::BO_Assign
            ? llvm::dyn_cast<clang::BinaryOperator>(binary->getRHS()->IgnoreParenImpCasts())
            : nullptr;
    if (op == clang::BO_AddAssign || op == clang::BO_SubAssign) {
      counter.variable = variable_of(*binary->getLHS());
      by = binary->getRHS();
      sign = op == clang::BO_AddAssign ? 1 : -1;
    } else if (sum != nullptr &&
               (sum->getOpcode() == clang::BO_Add || sum->getOpcode() == clang::BO_Sub)) {
      const auto [variable, rest] = in_order(*sum);
      if (variable != nullptr && variable == variable_of(*binary->getLHS())) {
        counter.variable = variable;
        by = rest;
        sign = sum->getOpcode() == clang::BO_Add ? 1 : -1;
      }
    }
  }
  if (by != nullptr) {
    const Value step = reader.value(by);
    if (const auto* number = step.as<llvm::APSInt>()) {
      if (number->isZero())
        reader.refuse({codes::endless_loop,
                       text({"the step of this loop is 0, so that it never ends", how_to_loop}),
                       change->getSourceRange()});
      counter.step = sign * small(reader, *number, by->getSourceRange());
    }
  }
  if (counter.variable == nullptr || counter.step == 0 ||
      !counter.variable->getType()->isIntegerType())
    reader.refuse({codes::construct, text({"the step of this loop is no constant", how_to_loop}),
                   change->getSourceRange()});

  const auto* assigned = llvm::dyn_cast<clang::BinaryOperator>(loop.getInit());
  const auto* declared = llvm::dyn_cast<clang::DeclStmt>(loop.getInit());
  if (assigned != nullptr && assigned->getOpcode() == clang::BO_Assign &&
      variable_of(*assigned->getLHS()) == counter.variable && counter.variable->isLocalVarDecl() &&
      !counter.variable->getType()->isReferenceType())
    counter.from = assigned->getRHS();
  if (declared != nullptr && std::find(declared->decl_begin(), declared->decl_end(),
                                       counter.variable) != declared->decl_end())
    counter.from = counter.variable->getInit();
  if (counter.from == nullptr)
    reader.refuse({codes::construct,
                   text({"the loop changes '", counter.variable->getName().str(),
                         "', which it does not begin with", how_to_loop}),
                   head});
  refuse_narrow(reader, counter.variable->getType(), "the counter of this loop is", head);
  for (const OpenScope& around : open_)
    if (around.counter == counter.variable)
      reader.refuse({codes::mutable_local,
                     text({"'", counter.variable->getName().str(),
                           "' counts a loop around this one; give each loop a counter of its own"}),
                     head});
  return counter;
}

Plain::Bounds Plain::bounds_of(Interpreter& reader, const clang::ForStmt& loop,
                               const Counter& counter) {
  Bounds bounds;
  bound_from_below(reader, counter, bounds);
  reader.set(*counter.variable, cell(expr(any_round)));
  const clang::Expr& written = *loop.getCond();
  const Interpreter::Perhaps in_each_round(reader);
  const Value found = reader.value(&written);
  if (const auto* known = found.as<llvm::APSInt>(); known != nullptr && known->isZero()) {
    bounds.upper = bounds.lower;
    return bounds;
  }
  const auto* condition = found.as<lambdapack::Condition>();
  if (condition == nullptr || condition->value.any_of.size() != 1)
    reader.refuse({codes::construct,
                   text({"this condition does not bound the loop's counter", how_to_loop}),
                   written.getSourceRange()});
  bool is_bounded = false;
  for (const ir::Comparison& comparison : condition->value.any_of.front())
    if (is_divided(recorder_.program(), comparison.left) ||
        is_divided(recorder_.program(), comparison.right))
      reader.refuse({codes::construct,
                     text({"the loop's counter stands under / or % here, and a loop ends for good "
                           "where its condition fails first; compare the counter itself, as in k < "
                           "n, and choose among its values with if in the loop's body"}),
                     written.getSourceRange()});
  for (const ir::Comparison& comparison : condition->value.any_of.front())
    add_bound(reader, written, counter, comparison, is_bounded, bounds);
  if (!is_bounded)
    reader.refuse({codes::endless_loop,
                   text({"this condition does not bound the loop's counter", how_to_loop}),
                   written.getSourceRange()});
  return bounds;
}

// A counter that goes up may begin at the greatest of several indices: it begins at one of them,
// and the others are conditions.
void Plain::bound_from_below(Interpreter& reader, const Counter& counter, Bounds& bounds) {
  const Value from = reader.value(counter.from);
  const auto* several = from.as<Extreme>();
  if (several == nullptr) {
    bounds.lower = index(reader, counter.from);
    return;
  }
  const bool up = counter.step > 0;
  if (several->least == up || (counter.step != 1 && counter.step != -1))
    reader.refuse(
        {codes::construct,
         "a loop up by 1 may begin at a std::max, and one down by 1 at a std::min; choose "
         "with if around other loops",
         counter.from->getSourceRange()});
  bounds.lower = several->of.front();
  for (const lambdapack::Expr& other : std::span(several->of).subspan(1))
    bounds.also.push_back({expr(any_round).value,
                           up ? ir::Relation::greater_equal : ir::Relation::less_equal,
                           other.value});
}

void Plain::add_bound(Interpreter& reader, const clang::Expr& condition, const Counter& counter,
                      const ir::Comparison& comparison, bool& is_bounded, Bounds& bounds) {
  const Bound bound = bound_of(comparison, any_round, counter.step);
  if (bound.kind == Bound::Kind::none)
    reader.refuse({codes::endless_loop,
                   text({"this condition does not end a loop whose counter goes ",
                         counter.step > 0 ? "up; write k < n" : "down; write k >= 0"}),
                   condition.getSourceRange()});
  const bool is_exact =
      bound.kind == Bound::Kind::bound && comparison.relation == ir::Relation::not_equal;
  if (is_exact && (is_bounded || !bounds.also.empty()))
    reader.refuse({codes::endless_loop,
                   "this loop ends where its counter is the bound exactly, which lpc follows only "
                   "where there is no other bound before it; write i < n, or i > n if it goes down",
                   condition.getSourceRange()});
  if (bound.kind == Bound::Kind::elsewhere || is_bounded) {
    bounds.also.push_back(comparison);
    return;
  }
  if (is_exact)
    oblige(Obligation::Kind::not_equal,
           as_extreme(counter.step > 0 ? bound.numerator - bounds.lower
                                       : bounds.lower - bound.numerator),
           condition.getSourceRange());
  is_bounded = true;
  lambdapack::Expr before = bound.numerator;
  if (bound.divisor != 1)
    before = detail::function_of(ir::Function::Kind::quotient,
                                 detail::IntegerConstant(bound.divisor, std::source_location()),
                                 before, "/");
  bounds.upper = before + bound.offset;
  if (counter.step < 0 && counter.variable->getType()->isUnsignedIntegerType())
    oblige(Obligation::Kind::is_unsigned, as_extreme(bounds.upper + (counter.step + 1)),
           condition.getSourceRange());
}

}  // namespace lambdapack::lpc
