// Functions over lp::Tiles: integers that have no value while the function is read.
#include "lambdapack/codes.hpp"
#include "lambdapack/dsl/functions.hpp"
#include "lambdapack/text.hpp"
#include "source/codes.hpp"
#include "source/interpreter.hpp"
#include "source/plain.hpp"

namespace lambdapack::lpc {

namespace {

std::optional<lambdapack::Expr> as_index(const Value& value) {
  if (const auto* e = value.as<lambdapack::Expr>()) return *e;
  if (const auto* number = value.as<llvm::APSInt>())
    if (const auto fits = number->tryExtValue()) return lambdapack::Expr(*fits);
  return std::nullopt;
}

std::optional<Extreme> as_bound(const Value& value) {
  if (const auto* several = value.as<Extreme>()) return *several;
  if (const auto e = as_index(value)) return as_extreme(*e);
  return std::nullopt;
}

std::optional<ir::Relation> relation_of(clang::BinaryOperatorKind op) {
  switch (op) {
    case clang::BO_LT:
      return ir::Relation::less;
    case clang::BO_LE:
      return ir::Relation::less_equal;
    case clang::BO_GT:
      return ir::Relation::greater;
    case clang::BO_GE:
      return ir::Relation::greater_equal;
    case clang::BO_EQ:
      return ir::Relation::equal;
    case clang::BO_NE:
      return ir::Relation::not_equal;
    default:
      return std::nullopt;
  }
}

lambdapack::Condition is_not_zero(const lambdapack::Expr& e) {
  return detail::compare(e, ir::Relation::not_equal, 0);
}

/// A program with one statement, which runs at `scope` of another where `e` is negative.
ir::Program probe_of(const ir::Program& program, const ir::Expr& e, int scope) {
  ir::Program probe;
  probe.name = program.name;
  probe.parameters = program.parameters;
  probe.scopes = program.scopes;
  probe.functions = program.functions;
  probe.arrays = {{"probe", "float64", 0, ir::ArrayRole::temp, {}, {}}};
  probe.kernels = {{"probe", {{ir::ParameterRole::out, "float64"}}}};
  probe.scopes.push_back({scope, ir::Condition{{{{e, ir::Relation::less, ir::Expr{0, {}}}}}}, {}});
  probe.statements = {
      {static_cast<int>(probe.scopes.size()) - 1, 0, {ir::Access{0, {}, {}}}, {}, {}, {}}};
  return probe;
}

}  // namespace

std::optional<lambdapack::Condition> as_condition(const Value& value) {
  if (const auto* condition = value.as<lambdapack::Condition>()) return *condition;
  if (const auto* e = value.as<lambdapack::Expr>()) return is_not_zero(*e);
  return std::nullopt;
}

Complaint complaint_of(const Obligation& obligation) {
  if (obligation.kind == Obligation::Kind::not_equal)
    return {
        codes::endless_loop,
        "this loop ends where its counter is the bound exactly, and for some sizes it may begin "
        "beyond it, and not end; write i < n, or i > n if it goes down",
        obligation.range};
  if (obligation.kind == Obligation::Kind::division)
    return {codes::negative,
            "what is divided here may be negative, where C++ rounds up and the remainder is "
            "negative, unlike in the task graph; guard it with if, or write it so that it is not",
            obligation.range};
  return {codes::negative,
          "this may be below 0, where an unsigned integer becomes a very large one; use int",
          obligation.range};
}

Cell Plain::operate(Interpreter& reader, const clang::Expr& whole,
                    std::span<const Value> operands) {
  if (const auto* e = llvm::dyn_cast<clang::CastExpr>(&whole)) return cast(reader, *e, operands[0]);
  if (const auto* e = llvm::dyn_cast<clang::UnaryOperator>(&whole))
    return unary(reader, *e, operands[0]);
  if (const auto* e = llvm::dyn_cast<clang::BinaryOperator>(&whole))
    return binary(reader, *e, operands[0], operands[1]);
  return nullptr;
}

Cell Plain::cast(Interpreter& reader, const clang::CastExpr& cast, const Value& given) {
  const clang::QualType to = cast.getType(), from = cast.getSubExpr()->getType();
  if (to->isBooleanType()) {
    if (given.as<lambdapack::Condition>()) return cell(given);
    if (const auto e = as_index(given)) return cell(is_not_zero(*e));
  } else if (given.as<lambdapack::Condition>()) {
    reader.refuse({codes::construct, "a condition on indices is no number here; choose with if",
                   cast.getSubExpr()->getSourceRange()});
  }
  if (from->isRealFloatingType())
    reader.refuse({codes::construct,
                   "this is an index that was made a number with a fraction, and may have been "
                   "rounded; keep it an integer",
                   cast.getSourceRange()});
  refuse_narrow(reader, to, "this index is made", cast.getSourceRange());
  if (to->isUnsignedIntegerType() && !from->isUnsignedIntegerType())
    if (const auto bound = as_bound(given))
      oblige(Obligation::Kind::is_unsigned, *bound, cast.getSubExpr()->getSourceRange());
  return cell(given);
}

// A type that is smaller than int keeps the last bits of an index.
void Plain::refuse_narrow(Interpreter& reader, clang::QualType type, const std::string& what,
                          clang::SourceRange range) const {
  const clang::ASTContext& context = reader.context();
  if (!type->isIntegralOrEnumerationType() || type->isBooleanType() ||
      context.getIntWidth(type) >= context.getIntWidth(context.IntTy))
    return;
  reader.refuse(
      {codes::construct,
       text({what, " a ", type.getUnqualifiedType().getAsString(context.getPrintingPolicy()),
             ", which is smaller than an int and does not hold all indices; use int or "
             "std::int64_t"}),
       range});
}

Cell Plain::unary(Interpreter& reader, const clang::UnaryOperator& e, const Value& given) {
  if (e.getType()->isRealFloatingType()) return nullptr;
  if (e.getOpcode() == clang::UO_Plus) return cell(given);
  if (e.getOpcode() == clang::UO_LNot) {
    if (const auto* condition = given.as<lambdapack::Condition>())
      return cell(opposite(reader, *condition, e.getSourceRange()));
    if (const auto index = as_index(given)) return cell(!is_not_zero(*index));
  }
  if (e.isIncrementDecrementOp())
    if (const auto bound = as_bound(given)) {
      const Extreme next = *sum(*bound, as_extreme(1), e.isIncrementOp() ? 1 : -1);
      if (e.isDecrementOp() && e.getType()->isUnsignedIntegerType())
        oblige(Obligation::Kind::is_unsigned, next, e.getSourceRange());
      return next.of.size() == 1 ? cell(next.of.front()) : cell(next);
    }
  if (e.getOpcode() == clang::UO_Minus)
    if (const auto bound = as_bound(given)) {
      const Extreme negative = *sum(as_extreme(0), *bound, -1);
      if (e.getType()->isUnsignedIntegerType())
        oblige(Obligation::Kind::is_unsigned, negative, e.getSourceRange());
      return negative.of.size() == 1 ? cell(negative.of.front()) : cell(negative);
    }
  return nullptr;
}

namespace {

// A negative constant that was made unsigned takes the sum around, whatever the other operand is.
void refuse_turned(Interpreter& reader, const clang::Expr& operand, const Value& value) {
  const auto* number = value.as<llvm::APSInt>();
  if (number == nullptr || !number->isUnsigned() || !number->isSignBitSet() ||
      !operand.getType()->isUnsignedIntegerType())
    return;
  reader.refuse({codes::negative,
                 "this constant is as large as only a negative one that was made unsigned, and the "
                 "result would turn around; use int",
                 operand.getSourceRange()});
}

}  // namespace

Cell Plain::binary(Interpreter& reader, const clang::BinaryOperator& e, const Value& left,
                   const Value& right) {
  const clang::BinaryOperatorKind op =
      e.isCompoundAssignmentOp() ? clang::BinaryOperator::getOpForCompoundAssignment(e.getOpcode())
                                 : e.getOpcode();
  if (op == clang::BO_LAnd || op == clang::BO_LOr) {
    const auto a = as_condition(left), b = as_condition(right);
    if (!a || !b) return nullptr;
    return cell(op == clang::BO_LAnd ? both(reader, *a, *b, e.getSourceRange()) : *a || *b);
  }
  if (op == clang::BO_Add || op == clang::BO_Sub || op == clang::BO_Mul) {
    refuse_turned(reader, *e.getLHS(), left);
    refuse_turned(reader, *e.getRHS(), right);
  }
  if (const auto* number = left.as<llvm::APSInt>())
    small(reader, *number, e.getLHS()->getSourceRange());
  if (const auto* number = right.as<llvm::APSInt>())
    small(reader, *number, e.getRHS()->getSourceRange());
  const auto a = as_bound(left), b = as_bound(right);
  if (!a || !b || e.getLHS()->getType()->isRealFloatingType() ||
      e.getRHS()->getType()->isRealFloatingType())
    return nullptr;
  if (e.isCompoundAssignmentOp())
    refuse_narrow(reader, e.getType(), "this index is made", e.getSourceRange());
  if (const auto relation = relation_of(op)) {
    if (auto condition = compare(*a, *relation, *b)) return cell(*condition);
    reader.refuse({lambdapack::codes::not_affine,
                   "this compares the least or the greatest of several indices in a way that takes "
                   "a choice; choose with if",
                   e.getSourceRange()});
  }
  if (op == clang::BO_Add || op == clang::BO_Sub) {
    const auto result = sum(*a, *b, op == clang::BO_Add ? 1 : -1);
    if (!result) return nullptr;
    if (e.getType()->isUnsignedIntegerType())
      oblige(Obligation::Kind::is_unsigned, *result, e.getSourceRange());
    return result->of.size() == 1 ? cell(result->of.front()) : cell(*result);
  }
  if (a->of.size() > 1 || b->of.size() > 1) return nullptr;
  switch (op) {
    case clang::BO_Mul:
      return scaled(reader, e, a->of.front(), b->of.front());
    case clang::BO_Div:
    case clang::BO_Rem:
      return divided(reader, e, a->of.front(), b->of.front());
    default:
      return nullptr;
  }
}

Cell Plain::scaled(Interpreter& reader, const clang::BinaryOperator& e,
                   const lambdapack::Expr& left, const lambdapack::Expr& right) {
  if (const auto factor = ir::constant_of(left.value))
    return cell(detail::multiple(right, *factor));
  if (const auto factor = ir::constant_of(right.value))
    return cell(detail::multiple(left, *factor));
  reader.refuse({lambdapack::codes::not_affine,
                 "a product of two indices is not affine; multiply an index by a constant only, or "
                 "give the array one more dimension",
                 e.getSourceRange()});
}

Cell Plain::divided(Interpreter& reader, const clang::BinaryOperator& e,
                    const lambdapack::Expr& left, const lambdapack::Expr& right) {
  const auto divisor = ir::constant_of(right.value);
  if (!divisor || *divisor < 1)
    reader.refuse({lambdapack::codes::not_affine,
                   "an index is divided by a positive constant only; take the divisor from a "
                   "constant of the source",
                   e.getRHS()->getSourceRange()});
  oblige(Obligation::Kind::division, as_extreme(left), e.getLHS()->getSourceRange());
  const bool is_quotient = e.getOpcode() == clang::BO_Div || e.getOpcode() == clang::BO_DivAssign;
  return cell(checked(reader, e, lambdapack::codes::not_affine, [&] {
    return detail::function_of(
        is_quotient ? ir::Function::Kind::quotient : ir::Function::Kind::remainder,
        detail::IntegerConstant(*divisor, std::source_location()), left, is_quotient ? "/" : "%");
  }));
}

void Plain::oblige(Obligation::Kind kind, const Extreme& value, clang::SourceRange range) {
  const ir::Program& program = recorder_.program();
  for (const lambdapack::Expr& e : value.of)
    if (!is_never_negative(program, e.value))
      obligations_.push_back(
          {kind, range, probe_of(program, e.value, open_.empty() ? -1 : open_.back().scope)});
}

}  // namespace lambdapack::lpc
