// Functions over lp::Tiles: loops that count.
#include <algorithm>
#include <cassert>

#include "lambdapack/dsl/functions.hpp"
#include "lambdapack/text.hpp"
#include "llvm/ADT/ScopeExit.h"
#include "source/codes.hpp"
#include "source/cpp_names.hpp"
#include "source/interpreter.hpp"
#include "source/plain.hpp"

namespace lambdapack::lpc {

namespace {

constexpr const char* how_to_loop =
    "; write for (int k = 0; k < n; ++k), with a constant step and a comparison of the counter";

lambdapack::Expr expr(const ir::Symbol& symbol) { return lambdapack::Expr(symbol); }

ir::Comparison with(const ir::Comparison& c, const lambdapack::Expr& round) {
  return {substitute(c.left, any_round, round).value, c.relation,
          substitute(c.right, any_round, round).value};
}

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

/// The operands of `k = k + c`, of `k = k - c` and of `k = c + k`, with c behind.
std::pair<const clang::VarDecl*, const clang::Expr*> in_order(const clang::BinaryOperator& sum) {
  const clang::VarDecl* left = variable_of(*sum.getLHS());
  if (left != nullptr || sum.getOpcode() == clang::BO_Sub) return {left, sum.getRHS()};
  return {variable_of(*sum.getRHS()), sum.getLHS()};
}

}  // namespace

Flow Plain::loop(Interpreter& reader, const clang::ForStmt& loop) {
  const Interpreter::Block whole(reader);
  Counter counter = counter_of(reader, loop);
  begin(reader, loop, counter);
  const std::string name = counter.variable->getName().str();
  const struct Forget {
    const Counter& counter;
    const std::string& name;
    ~Forget() {
      *counter.place =
          Unknown{text({"'", name, "' counts a loop that has ended, so it has no value here"})};
    }
  } forget{counter, name};
  const Bounds bounds = bounds_of(reader, loop, counter);
  const clang::SourceRange range(loop.getForLoc(), loop.getRParenLoc());
  const int scope = checked(reader, *loop.getCond(), codes::construct, [&] {
    return recorder_.open_loop(bounds.lower.value, bounds.upper.value,
                               lambdapack::Expr(counter.step).value, {});
  });
  open(reader, scope, name, counter.place, range);
  const lambdapack::Expr value(ir::Symbol{ir::Symbol::Kind::loop, scope});
  *counter.place = value;
  if (!bounds.also.empty()) {
    lambdapack::Condition also;
    also.value.any_of.emplace_back();
    for (const ir::Comparison& c : bounds.also) also.value.any_of.front().push_back(with(c, value));
    open_guard(reader, also, range);
  }
  [[maybe_unused]] const Flow flow = reader.run(loop.getBody());
  assert(flow == Flow::next || flow == Flow::next_round);
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
      counter.by = binary->getRHS();
      counter.step = op == clang::BO_AddAssign ? 1 : -1;
    } else if (sum != nullptr &&
               (sum->getOpcode() == clang::BO_Add || sum->getOpcode() == clang::BO_Sub)) {
      const auto [variable, rest] = in_order(*sum);
      if (variable != nullptr && variable == variable_of(*binary->getLHS())) {
        counter.variable = variable;
        counter.by = rest;
        counter.step = sum->getOpcode() == clang::BO_Add ? 1 : -1;
      }
    }
  }
  if (counter.variable == nullptr || !counter.variable->getType()->isIntegerType())
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
  return counter;
}

// The beginning is read once, and the counter is where references to it look.
void Plain::begin(Interpreter& reader, const clang::ForStmt& loop, Counter& counter) {
  const bool is_declared = llvm::isa<clang::DeclStmt>(loop.getInit());
  if (is_declared) reader.run(loop.getInit());
  counter.begin = is_declared ? reader.known(*reader.look_up(*counter.variable), counter.from)
                              : reader.value(counter.from);
  counter.place = reader.look_up(*counter.variable);
  for (const OpenScope& around : open_)
    if (around.counter == counter.place)
      reader.refuse({codes::mutable_local,
                     text({"'", counter.variable->getName().str(),
                           "' counts a loop around this one; give each loop a counter of its own"}),
                     {loop.getForLoc(), loop.getRParenLoc()}});
}

// What a step does would be done after each round.
void Plain::read_step(Interpreter& reader, const clang::ForStmt& loop, Counter& counter) {
  if (counter.by == nullptr) return;
  const Value step = reader.value(counter.by);
  const clang::SourceRange change = loop.getInc()->getSourceRange();
  const auto* number = step.as<llvm::APSInt>();
  if (number != nullptr && number->isZero())
    reader.refuse({codes::endless_loop,
                   text({"the step of this loop is 0, so that it never ends", how_to_loop}),
                   change});
  // One that is larger turns the counter around, which is a step back.
  const unsigned bits = reader.context().getIntWidth(counter.variable->getType());
  if (number == nullptr ||
      (number->isUnsigned() ? number->getActiveBits() + 1 : number->getSignificantBits()) > bits)
    reader.refuse(
        {codes::construct, text({"the step of this loop is no constant", how_to_loop}), change});
  counter.step *= small(reader, *number, counter.by->getSourceRange());
}

Plain::Bounds Plain::bounds_of(Interpreter& reader, const clang::ForStmt& loop, Counter& counter) {
  Bounds bounds;
  *counter.place = expr(any_round);
  const clang::Expr& written = *loop.getCond();
  const Interpreter::Perhaps in_each_round(reader);
  read_step(reader, loop, counter);
  bound_from_below(reader, counter, bounds);
  std::vector<Pending> pending;
  const Value found = read_head(reader, written, pending);
  if (const auto* known = found.as<llvm::APSInt>(); known != nullptr && known->isZero()) {
    bounds.upper = bounds.lower;
    oblige_head(counter, bounds, pending);
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
  oblige_head(counter, bounds, pending);
  return bounds;
}

Value Plain::read_head(Interpreter& reader, const clang::Expr& condition,
                       std::vector<Pending>& pending) {
  std::vector<Pending>* const around = std::exchange(pending_, &pending);
  const auto leave = llvm::make_scope_exit([&] { pending_ = around; });
  return reader.value(&condition);
}

// The condition is looked at with the counter's first value, in each round, and with the value that
// ends the loop: the counters of a loop that goes on for one step more, and the first.
void Plain::oblige_head(const Counter& counter, const Bounds& bounds,
                        const std::vector<Pending>& pending) {
  const std::span begins(bounds.also.data(), bounds.begins);
  const ir::Program& program = recorder_.program();
  const int scope = open_.empty() ? -1 : open_.back().scope;
  for (const Pending& p : pending) {
    std::vector<lambdapack::Expr> first{bounds.lower};
    for (const ir::Comparison& other : begins) {
      first.emplace_back();
      first.back().value = other.right;
    }
    for (const lambdapack::Expr& begin : first) {
      std::vector<ir::Comparison> where;
      for (const ir::Comparison& other : begins) where.push_back(with(other, begin));
      for (const ir::Comparison& known : p.where) where.push_back(with(known, begin));
      oblige(program, scope, p.kind, substitute(p.value.value, any_round, begin), p.range, where);
    }
    ir::Program longer = program;
    const lambdapack::Expr round(
        ir::Symbol{ir::Symbol::Kind::loop, static_cast<int>(longer.scopes.size())});
    longer.scopes.push_back(
        {scope,
         ir::Loop{"round", bounds.lower.value, (bounds.upper + counter.step).value,
                  lambdapack::Expr(counter.step).value},
         {}});
    std::vector<ir::Comparison> where;
    for (const ir::Comparison& other : begins) where.push_back(with(other, round));
    for (const ir::Comparison& known : p.where) where.push_back(with(known, round));
    oblige(longer, static_cast<int>(longer.scopes.size()) - 1, p.kind,
           substitute(p.value.value, any_round, round), p.range, where);
  }
}

// A counter that goes up may begin at the greatest of several indices: it begins at one of them,
// and the others are conditions.
void Plain::bound_from_below(Interpreter& reader, const Counter& counter, Bounds& bounds) {
  const auto* several = counter.begin.as<Extreme>();
  if (several == nullptr) {
    bounds.lower = index(reader, counter.begin, counter.from);
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
  bounds.begins = bounds.also.size();
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
