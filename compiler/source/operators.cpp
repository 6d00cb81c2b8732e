// The operators of C++ on constants: conversions, arithmetic, and what may be changed.
#include <algorithm>
#include <array>
#include <cmath>

#include "lambdapack/text.hpp"
#include "source/codes.hpp"
#include "source/interpreter.hpp"
#include "source/language.hpp"

namespace lambdapack::lpc {

namespace {

bool is_single(clang::QualType type) {
  return type->isSpecificBuiltinType(clang::BuiltinType::Float);
}

bool is_integral(clang::QualType type) { return type->isIntegralOrEnumerationType(); }

/// While it lives, a condition holds, or does not.
class Assumed {
 public:
  Assumed(Meaning& meaning, const Value& condition, bool holds) : meaning_(meaning) {
    meaning_.assume(condition, holds);
  }
  Assumed(const Assumed&) = delete;
  Assumed& operator=(const Assumed&) = delete;
  ~Assumed() { meaning_.forget_assumed(); }

 private:
  Meaning& meaning_;
};

template <class T>
bool is_any(std::span<const Value> values) {
  return std::any_of(values.begin(), values.end(),
                     [](const Value& v) { return v.as<T>() != nullptr; });
}

/// Why an operator makes no index expression of indices, and what to write instead.
const char* instead_of(const clang::Expr& e, std::span<const Value> operands) {
  if (is_any<double>(operands))
    return "this computes a number with a fraction from an index, which has no value while the "
           "program is read; hand the index to the kernel, and compute there";
  if (is_any<Extreme>(operands))
    return "the least or the greatest of several indices is a bound of a loop, and is added to or "
           "compared; for more, choose with if";
  const auto* binary = llvm::dyn_cast<clang::BinaryOperator>(&e);
  switch (binary != nullptr ? binary->getOpcode() : clang::BO_Comma) {
    case clang::BO_Shl:
    case clang::BO_ShlAssign:
      return is_symbolic(operands[1])
                 ? "a power of two with an index for its exponent is lp::pow2(s), a word of the "
                   "language; write the algorithm in the language, or hand the power over as an "
                   "integer"
                 : "the bits of an index are not known while the program is read; multiply it by "
                   "a power of two, k * 2";
    case clang::BO_Shr:
    case clang::BO_ShrAssign:
      return "the bits of an index are not known while the program is read; divide it by a power "
             "of two, k / 2";
    case clang::BO_And:
    case clang::BO_AndAssign:
      return "the bits of an index are not known while the program is read; for the last ones, "
             "take the remainder by a power of two, k % 2";
    default:
      return "this is no index expression; write sums, products with constants, and / and % by "
             "positive constants";
  }
}

}  // namespace

Cell Interpreter::VisitCastExpr(const clang::CastExpr* e) {
  const clang::Expr* inner = e->getSubExpr();
  switch (e->getCastKind()) {
    case clang::CK_LValueToRValue: {
      const Cell place = eval(inner);
      touch(*place, false);
      return cell(copy(*place));
    }
    case clang::CK_NoOp:
      refuse_const_cast(*e);
      return eval(inner);
    case clang::CK_UserDefinedConversion:
    case clang::CK_ConstructorConversion:
    case clang::CK_FunctionToPointerDecay:
    case clang::CK_BuiltinFnToFnPtr:
    case clang::CK_AtomicToNonAtomic:
      return eval(inner);
    case clang::CK_ToVoid:
      eval(inner);
      return cell(Nothing{});
    case clang::CK_DerivedToBase:
    case clang::CK_UncheckedDerivedToBase: {
      if (!e->getType()->isPointerType()) return base(eval(inner), *e);
      const Value pointer = value(inner);
      const Pointer* it = pointer.as<Pointer>();
      return it != nullptr && (it->target || it->array)
                 ? cell(Pointer{base(pointed(pointer, e), *e), nullptr, 0})
                 : cell(pointer);
    }
    case clang::CK_ArrayToPointerDecay: {
      const Cell array = eval(inner);
      return array->as<Elements>() ? cell(element_of(array, 0)) : array;
    }
    case clang::CK_NullToPointer:
      return cell(Pointer{});
    case clang::CK_PointerToBoolean: {
      const Value pointer = value(inner);
      const Pointer* it = pointer.as<Pointer>();
      return cell(truth(it == nullptr || it->target || it->array));
    }
    case clang::CK_IntegralCast:
    case clang::CK_IntegralToBoolean:
    case clang::CK_IntegralToFloating:
    case clang::CK_FloatingToIntegral:
    case clang::CK_FloatingToBoolean:
    case clang::CK_FloatingCast:
    case clang::CK_BooleanToSignedIntegral: {
      const Cell given = eval(inner);
      refuse_digits(e);
      if (is_symbolic(*given))
        if (Cell known = meaning_.operate(*this, *e, std::array{*given})) return known;
      return cell(converted(*given, e->getType()));
    }
    default:
      return VisitExpr(e);
  }
}

Value Interpreter::converted(const Value& given, clang::QualType type) {
  if (const llvm::APSInt* number = given.as<llvm::APSInt>()) {
    if (type->isBooleanType()) return truth(!number->isZero());
    if (type->isRealFloatingType()) {
      llvm::APFloat real(is_single(type) ? llvm::APFloat::IEEEsingle()
                                         : llvm::APFloat::IEEEdouble());
      real.convertFromAPInt(*number, number->isSigned(), llvm::APFloat::rmNearestTiesToEven);
      return is_single(type) ? static_cast<double>(real.convertToFloat()) : real.convertToDouble();
    }
    if (is_integral(type)) {
      llvm::APSInt result = number->extOrTrunc(context_.getIntWidth(type));
      result.setIsUnsigned(type->isUnsignedIntegerOrEnumerationType());
      return result;
    }
  }
  if (const double* real = given.as<double>()) {
    if (type->isBooleanType()) return truth(*real != 0);
    if (is_single(type)) return static_cast<double>(static_cast<float>(*real));
    if (type->isRealFloatingType()) return *real;
    if (is_integral(type) && std::abs(*real) < 9.2e18)
      return integer(static_cast<std::int64_t>(*real), context_.getIntWidth(type),
                     type->isUnsignedIntegerOrEnumerationType());
  }
  return given;
}

Cell Interpreter::VisitUnaryOperator(const clang::UnaryOperator* e) {
  const clang::Expr* inner = e->getSubExpr();
  switch (e->getOpcode()) {
    case clang::UO_AddrOf:
      return address_of(inner);
    case clang::UO_Deref: {
      const Value pointer = value(inner);
      return pointer.as<Address>() ? cell(pointer) : pointed(pointer, e);
    }
    case clang::UO_PreInc:
    case clang::UO_PreDec:
    case clang::UO_PostInc:
    case clang::UO_PostDec: {
      const Cell place = eval(inner);
      check_change(inner, *place, e);
      const Value before = known(*place, inner);
      const std::int64_t step = e->isIncrementOp() ? 1 : -1;
      Value after = before;
      if (const llvm::APSInt* number = before.as<llvm::APSInt>()) {
        llvm::APSInt next = *number;
        if (step > 0)
          ++next;
        else
          --next;
        after = next;
      } else if (const double* real = before.as<double>()) {
        after = converted(*real + static_cast<double>(step), e->getType());
      } else if (const Pointer* pointer = before.as<Pointer>(); pointer && pointer->array) {
        after = pointer->moved_by(step);
      } else if (const Cell known = is_symbolic(before)
                                        ? meaning_.operate(*this, *e, std::array{before})
                                        : nullptr) {
        after = *known;
      } else {
        return beyond(e, std::array{before});
      }
      assign(place, std::move(after), inner, e);
      return e->isPrefix() ? place : cell(before);
    }
    case clang::UO_Plus:
    case clang::UO_Extension:
      return eval(inner);
    default:
      break;
  }
  const Value given = value(inner);
  if (is_symbolic(given))
    if (Cell known = meaning_.operate(*this, *e, std::array{given})) return known;
  if (const llvm::APSInt* number = given.as<llvm::APSInt>()) {
    if (e->getOpcode() == clang::UO_Minus) return cell(-*number);
    if (e->getOpcode() == clang::UO_Not) return cell(~*number);
    if (e->getOpcode() == clang::UO_LNot) return cell(truth(number->isZero()));
  }
  if (const double* real = given.as<double>())
    if (e->getOpcode() == clang::UO_Minus) return cell(-*real);
  return beyond(e, std::array{given});
}

// An element of an array is known by its number, so that its neighbours are found.
Cell Interpreter::address_of(const clang::Expr* inner) {
  const clang::Expr* named = inner->IgnoreParens();
  Value address;
  if (const auto* subscript = llvm::dyn_cast<clang::ArraySubscriptExpr>(named)) {
    address = element_address(*subscript);
    if (!address.as<Pointer>()) return VisitExpr(named);
  } else if (const auto* pointee = llvm::dyn_cast<clang::UnaryOperator>(named);
             pointee != nullptr && pointee->getOpcode() == clang::UO_Deref) {
    address = value(pointee->getSubExpr());
  }
  if (address.as<Pointer>()) {
    pointed(address, named);
    return cell(address);
  }
  const Cell target = eval(inner);
  return target->as<Address>() ? target : cell(Pointer{target, nullptr, 0});
}

// Whether two addresses are equal. They may be found in two ways: as that of an object, and as that
// of an element of an array.
bool Interpreter::is_same_place(const Pointer& a, const Pointer& b, const clang::Expr* where) {
  if (a.array && a.array == b.array && a.store == b.store) return a.index == b.index;
  const auto object_at = [&](const Pointer& p) -> Cell {
    if (!p.array) return p.target;
    const auto& cells = elements_at(p, where).cells;
    return p.index >= 0 && p.index < static_cast<std::int64_t>(cells.size())
               ? cells[static_cast<std::size_t>(p.index)]
               : nullptr;
  };
  const auto is_null = [](const Pointer& p) { return !p.target && !p.array; };
  if (is_null(a) || is_null(b)) return is_null(a) && is_null(b);
  const Cell x = object_at(a), y = object_at(b);
  if (x && y) return x == y;
  const auto has = [&](const Pointer& end, const Cell& object) {
    const auto& cells = elements_at(end, where).cells;
    return std::find(cells.begin(), cells.end(), object) != cells.end();
  };
  if ((x && has(b, x)) || (y && has(a, y))) return false;
  refuse({codes::construct,
          "this compares the end of one array with the address of another object, which C++ leaves "
          "open; compare addresses of one array",
          where->getSourceRange()});
}

// What is only read stays so.
void Interpreter::refuse_const_cast(const clang::CastExpr& cast) {
  clang::QualType from = cast.getSubExpr()->getType(), to = cast.getType();
  if (from->isPointerType() && to->isPointerType()) {
    from = from->getPointeeType();
    to = to->getPointeeType();
  } else if (!cast.isGLValue()) {
    return;
  }
  if (!from.isConstQualified() || to.isConstQualified() || !meaning_.speaks(to)) return;
  refuse({codes::construct,
          "this takes away a const that says what is only read; declare what it names without "
          "const, as in lp::Tiles<T>&",
          cast.getSourceRange()});
}

// An operator that neither numbers nor a Meaning know: a constant of Clang's, or it is refused.
Cell Interpreter::beyond(const clang::Expr* e, std::span<const Value> operands) {
  if (std::none_of(operands.begin(), operands.end(), is_symbolic)) return VisitExpr(e);
  refuse({codes::construct, instead_of(*e, operands), e->getSourceRange()});
}

Value Interpreter::arithmetic(clang::BinaryOperatorKind op, const Value& left, const Value& right,
                              const clang::BinaryOperator* e, clang::QualType type) {
  if (const llvm::APSInt* a = left.as<llvm::APSInt>(), *b = right.as<llvm::APSInt>(); a && b) {
    if (op == clang::BO_Shl || op == clang::BO_Shr) {
      const std::uint64_t by = b->getLimitedValue(1024);
      if (by >= a->getBitWidth()) return {};
      const auto shift = static_cast<unsigned>(by);
      return op == clang::BO_Shl ? *a << shift : *a >> shift;
    }
    llvm::APSInt x = *a, y = *b;
    const unsigned bits = std::max(x.getBitWidth(), y.getBitWidth());
    x = x.extOrTrunc(bits);
    y = y.extOrTrunc(bits);
    const bool is_unsigned = x.isUnsigned() || y.isUnsigned();
    x.setIsUnsigned(is_unsigned);
    y.setIsUnsigned(is_unsigned);
    switch (op) {
      case clang::BO_Add:
        return x + y;
      case clang::BO_Sub:
        return x - y;
      case clang::BO_Mul:
        return x * y;
      case clang::BO_Div:
      case clang::BO_Rem:
        if (y.isZero())
          refuse({codes::unknown_value, "this divides by zero; divide by another number",
                  e->getSourceRange()});
        return op == clang::BO_Div ? x / y : x % y;
      case clang::BO_And:
        return x & y;
      case clang::BO_Or:
        return x | y;
      case clang::BO_Xor:
        return x ^ y;
      case clang::BO_LT:
        return truth(x < y);
      case clang::BO_GT:
        return truth(x > y);
      case clang::BO_LE:
        return truth(x <= y);
      case clang::BO_GE:
        return truth(x >= y);
      case clang::BO_EQ:
        return truth(x == y);
      case clang::BO_NE:
        return truth(x != y);
      default:
        return {};
    }
  }
  if (const double* a = left.as<double>(), *b = right.as<double>(); a && b) {
    const auto rounded = [&](double x) {
      return is_single(type) ? static_cast<double>(static_cast<float>(x)) : x;
    };
    switch (op) {
      case clang::BO_Add:
        return rounded(*a + *b);
      case clang::BO_Sub:
        return rounded(*a - *b);
      case clang::BO_Mul:
        return rounded(*a * *b);
      case clang::BO_Div:
        return rounded(*a / *b);
      case clang::BO_LT:
        return truth(*a < *b);
      case clang::BO_GT:
        return truth(*a > *b);
      case clang::BO_LE:
        return truth(*a <= *b);
      case clang::BO_GE:
        return truth(*a >= *b);
      case clang::BO_EQ:
        return truth(*a == *b);
      case clang::BO_NE:
        return truth(*a != *b);
      default:
        return {};
    }
  }
  if (const Pointer* a = left.as<Pointer>()) {
    const Pointer* b = right.as<Pointer>();
    const llvm::APSInt* by = right.as<llvm::APSInt>();
    if (by != nullptr && a->array && op == clang::BO_Add) return a->moved_by(by->getExtValue());
    if (by != nullptr && a->array && op == clang::BO_Sub) return a->moved_by(-by->getExtValue());
    if (b == nullptr) return {};
    if (op == clang::BO_EQ) return truth(is_same_place(*a, *b, e));
    if (op == clang::BO_NE) return truth(!is_same_place(*a, *b, e));
    if (a->array && a->array == b->array) {
      if (op == clang::BO_Sub) return integer(a->index - b->index);
      if (op == clang::BO_LT) return truth(a->index < b->index);
    }
  }
  return {};
}

Cell Interpreter::VisitBinaryOperator(const clang::BinaryOperator* e) {
  const clang::BinaryOperatorKind op = e->getOpcode();
  if (op == clang::BO_Comma) {
    run_expression(*e->getLHS());
    return eval(e->getRHS());
  }
  if (op == clang::BO_LAnd || op == clang::BO_LOr) {
    const Value left = value(e->getLHS());
    if (const llvm::APSInt* known = left.as<llvm::APSInt>())
      return known->isZero() == (op == clang::BO_LAnd) ? cell(left) : eval(e->getRHS());
    const Perhaps is_perhaps(*this);
    const Assumed where(meaning_, left, op == clang::BO_LAnd);
    const Value right = value(e->getRHS());
    if (const llvm::APSInt* known = right.as<llvm::APSInt>())
      return cell(known->isZero() == (op == clang::BO_LAnd) ? right : left);
    const std::array sides{left, right};
    if (Cell both = meaning_.operate(*this, *e, sides)) return both;
    return beyond(e, sides);
  }
  if (op == clang::BO_Assign) {
    Value given = copy(*eval(e->getRHS()));
    const Cell place = eval(e->getLHS());
    assign(place, std::move(given), e->getLHS(), e);
    return place;
  }
  if (const auto* compound = llvm::dyn_cast<clang::CompoundAssignOperator>(e)) {
    const Value right = value(e->getRHS());
    const Cell place = eval(e->getLHS());
    check_change(e->getLHS(), *place, e);
    const Value left = converted(known(*place, e->getLHS()), compound->getComputationLHSType());
    const std::array sides{left, right};
    Value result = arithmetic(clang::BinaryOperator::getOpForCompoundAssignment(op), left, right, e,
                              compound->getComputationResultType());
    if (is_symbolic(left) || is_symbolic(right))
      if (const Cell known = meaning_.operate(*this, *e, sides)) result = *known;
    if (result.as<Nothing>()) return beyond(e, sides);
    assign(place, converted(result, e->getType()), e->getLHS(), e);
    return place;
  }
  const bool is_ordered = op == clang::BO_Shl || op == clang::BO_Shr || e->isPtrMemOp();
  const Once once(*this, std::array<const clang::Expr*, 2>{e->getLHS(), e->getRHS()},
                  is_ordered ? 2 : 0);
  const Cell left = eval(e->getLHS()), right = eval(e->getRHS());
  for (const Cell& side : {left, right})
    if (side->as<Unknown>() || side->as<Lost>()) return cell(*side);
  const std::array sides{*left, *right};
  if (is_symbolic(*left) || is_symbolic(*right))
    if (Cell known = meaning_.operate(*this, *e, sides)) return known;
  Value result = arithmetic(op, *left, *right, e, e->getType());
  if (result.as<Nothing>()) return beyond(e, sides);
  return cell(std::move(result));
}

// Text of a program may change nothing but the counter of an ordinary loop, in its head; ordinary
// code may change what it has made itself. `whole` is the change.
void Interpreter::check_change(const clang::Expr* target, const Value& before,
                               const clang::Expr* whole, Change change) {
  if (change == Change::length)
    touch_itself(before, true);
  else
    touch(before, true);
  if (const auto* call = llvm::dyn_cast<clang::CallExpr>(target->IgnoreParenImpCasts());
      change == Change::move && call != nullptr && call->getNumArgs() == 1)
    target = call->getArg(0);  // of std::move
  const auto* reference = llvm::dyn_cast<clang::DeclRefExpr>(target->IgnoreParenImpCasts());
  const clang::ValueDecl* named = reference != nullptr ? reference->getDecl() : nullptr;
  const auto* variable = llvm::dyn_cast_or_null<clang::VarDecl>(named);
  const bool is_global =
      (variable != nullptr && variable->hasGlobalStorage()) || before.birth.is_oldest();
  std::size_t ordinary = frames_.size();
  while (ordinary > 0 && !frames_[ordinary - 1].is_text) --ordinary;
  const bool is_ordinary = ordinary < frames_.size();
  const bool is_often = is_perhaps() && before.birth.time() <= perhaps_since_;
  if (!is_often && is_ordinary && before.birth.time() > frames_[ordinary].since) return;
  if (!is_often && !is_ordinary && is_advancing_ && !is_global) return;
  // Since the innermost loop or guard of the program began, each statement runs once.
  const std::int64_t begun = open_.empty() ? 0 : open_.back().since;
  const bool is_once = !is_often && !is_global && before.birth.time() > begun;
  if (is_once && (change == Change::move || (is_ordinary && frames_[ordinary].is_step))) return;

  const std::string name = named != nullptr ? named->getNameAsString() : "";
  const std::string what = name.empty() ? "an object" : text({"'", name, "'"});
  std::vector<Note> notes;
  if (named != nullptr)
    notes.push_back({text({what, " is declared here"}), named->getSourceRange()});
  const clang::SourceRange range = is_ordinary ? frames_[ordinary].call : whole->getSourceRange();
  if (is_global)
    refuse({codes::side_effect,
            text({"a program may not change ", what,
                  ", which is outside of it: its text is read once, and its tasks change nothing "
                  "but tiles; have a kernel write it to a tile"}),
            range,
            {},
            notes});
  if (is_often && is_ordinary)
    refuse({codes::mutable_local,
            text({what,
                  " is changed in a condition that depends on an index, which has no value "
                  "while the program is read; change it in a statement of its own"}),
            range,
            {},
            notes});
  if (change == Change::move)
    refuse({codes::mutable_local,
            text({what,
                  " was made before a loop or a condition in which its contents are moved away "
                  "here, so that they are there in some runs only; copy them, or make it where it "
                  "is moved from"}),
            range,
            {},
            notes});
  if (is_once)
    refuse({codes::mutable_local,
            text({"a program may not change ", what,
                  ": of what its text names only the counters of loops change; give each value a "
                  "const name of its own, or compute it in a function of numbers alone"}),
            range,
            {},
            notes});
  refuse({codes::mutable_local,
          text({"a program may not change ", what,
                ": it would have one value for all runs of a loop; give each value a const name of "
                "its own, or write an index expression of the loops around"}),
          range,
          {},
          notes});
}

void Interpreter::assign(const Cell& place, Value value, const clang::Expr* target,
                         const clang::Expr* whole) {
  check_change(target, *place, whole);
  const clang::FieldDecl* bits = target->getSourceBitField();
  put(*place, bits != nullptr ? stored(*bits, value, whole) : std::move(value));
}

// A value as a bit-field keeps it.
Value Interpreter::stored(const clang::FieldDecl& member, const Value& value,
                          const clang::Expr* where) {
  if (is_symbolic(value))
    refuse(
        {codes::construct,
         text({"'", member.getName().str(),
               "' is a bit-field, which keeps some bits of an index only; make it an int"}),
         where->getSourceRange(),
         {},
         {{text({"'", member.getName().str(), "' is declared here"}), member.getSourceRange()}}});
  const llvm::APSInt* number = value.as<llvm::APSInt>();
  if (number == nullptr) return value;
  const unsigned bits = std::min(member.getBitWidthValue(context_), number->getBitWidth());
  return number->trunc(bits).extend(number->getBitWidth());
}

// Numbers are computed with as doubles, or floats.
void Interpreter::refuse_digits(const clang::Expr* number) {
  const clang::QualType type = number->getType();
  if (type->isRealFloatingType() && !is_single(type) &&
      !type->isSpecificBuiltinType(clang::BuiltinType::Double))
    refuse({codes::construct,
            text({"this is a ", type.getUnqualifiedType().getAsString(context_.getPrintingPolicy()),
                  ", whose digits are not kept while the program is read; write a double"}),
            number->getSourceRange()});
}

}  // namespace lambdapack::lpc
