// The expressions of C++ that compute constants and name things.
#include <array>
#include <cmath>

#include "lambdapack/text.hpp"
#include "source/codes.hpp"
#include "source/interpreter.hpp"
#include "source/language.hpp"

namespace lambdapack::lpc {

namespace {

/// How a construct is called in a sentence.
std::string name_of(const clang::Expr* e) {
  if (llvm::isa<clang::CXXDynamicCastExpr>(e)) return "a dynamic_cast";
  if (llvm::isa<clang::CXXReinterpretCastExpr>(e)) return "a reinterpret_cast";
  if (llvm::isa<clang::CXXTypeidExpr>(e)) return "typeid";
  if (llvm::isa<clang::CoroutineSuspendExpr>(e)) return "a coroutine's suspension";
  if (llvm::isa<clang::StmtExpr>(e)) return "a statement in an expression";
  if (llvm::isa<clang::VAArgExpr>(e)) return "va_arg";
  return text({"this expression (Clang calls it ", e->getStmtClassName(), ")"});
}

bool is_single(clang::QualType type) {
  return type->isSpecificBuiltinType(clang::BuiltinType::Float);
}

/// Whether only a Meaning can compute with it.
bool is_symbolic(const Value& value) {
  return value.as<lambdapack::Expr>() || value.as<lambdapack::Condition>() || value.as<Extreme>();
}

bool is_integral(clang::QualType type) { return type->isIntegralOrEnumerationType(); }

}  // namespace

// What stands in a header of the system is nothing that a user could change: the call is at fault.
// What is refused in lambdapack's own headers is a mistake in what was handed to them.
void Interpreter::refuse(const Complaint& complaint) {
  const auto is_others = [](const Frame& frame) {
    return frame.is_hidden || (frame.function != nullptr && is_ours(*frame.function));
  };
  std::size_t entered = frames_.size();
  while (entered > 0 && is_others(frames_[entered - 1])) --entered;
  if (entered == frames_.size()) reporter_.refuse(complaint);
  Complaint moved = complaint;
  moved.range = frames_[entered].call;
  moved.fixes.clear();
  if (frames_[entered].is_hidden) {
    moved.code = codes::unknown_function;
    moved.text = text({"what '", frames_[entered].function->getNameInfo().getAsString(),
                       "' does is not known while the program is read; use numbers, index "
                       "expressions, arrays, and functions that are defined in this file"});
  }
  reporter_.refuse(moved);
}

Cell Interpreter::eval(const clang::Expr* expression) {
  constexpr int deepest = 2000;
  if (depth_ >= deepest)
    refuse({codes::construct, "this expression nests too deep; give parts of it names",
            expression->getSourceRange()});
  ++depth_;
  try {
    Cell result = Visit(expression);
    --depth_;
    return result;
  } catch (...) {
    --depth_;
    throw;
  }
}

Value Interpreter::value(const clang::Expr* expression) {
  Value found = *eval(expression);
  if (found.as<Lost>()) throw Refused{};
  if (const Unknown* unknown = found.as<Unknown>())
    refuse({codes::unknown_value,
            text({unknown->why,
                  "; a program is read without being run: take a constant that stands in the "
                  "source, or a parameter of the program"}),
            expression->getSourceRange()});
  return found;
}

void Interpreter::refuse_kind(const clang::Expr* expression, const char* what) {
  refuse({codes::construct, text({"this is not ", what, "; write one"}),
          expression->getSourceRange()});
}

Cell Interpreter::constant(const clang::Expr* expression) {
  if (expression->isValueDependent()) return nullptr;
  const clang::QualType type = expression->getType();
  if (!type->isArithmeticType() && !type->isEnumeralType()) return nullptr;
  clang::Expr::EvalResult result;
  if (!expression->EvaluateAsRValue(result, context_) || result.HasSideEffects) return nullptr;
  if (result.Val.isInt()) return cell(result.Val.getInt());
  if (result.Val.isFloat()) {
    llvm::APFloat number = result.Val.getFloat();
    bool loses = false;
    number.convert(llvm::APFloat::IEEEdouble(), llvm::APFloat::rmNearestTiesToEven, &loses);
    return cell(number.convertToDouble());
  }
  return nullptr;
}

Cell Interpreter::VisitExpr(const clang::Expr* e) {
  if (Cell known = constant(e)) return known;
  refuse({codes::construct,
          text({"a program may not contain ", name_of(e),
                "; write index expressions, tiles and kernel calls"}),
          e->getSourceRange()});
}

Cell Interpreter::VisitIntegerLiteral(const clang::IntegerLiteral* e) {
  return cell(llvm::APSInt(e->getValue(), e->getType()->isUnsignedIntegerType()));
}
Cell Interpreter::VisitCXXBoolLiteralExpr(const clang::CXXBoolLiteralExpr* e) {
  return cell(truth(e->getValue()));
}
Cell Interpreter::VisitFloatingLiteral(const clang::FloatingLiteral* e) {
  return cell(e->getValueAsApproximateDouble());
}
Cell Interpreter::VisitStringLiteral(const clang::StringLiteral* e) {
  return cell(e->getCharByteWidth() == 1 ? e->getString().str() : std::string());
}

Cell Interpreter::VisitDeclRefExpr(const clang::DeclRefExpr* e) {
  const clang::ValueDecl* named = e->getDecl();
  if (const auto* variable = llvm::dyn_cast<clang::VarDecl>(named)) return look_up(*variable);
  if (const auto* function = llvm::dyn_cast<clang::FunctionDecl>(named))
    return cell(Address{function});
  if (const auto* one = llvm::dyn_cast<clang::EnumConstantDecl>(named))
    return cell(one->getInitVal());
  if (const auto* part = llvm::dyn_cast<clang::BindingDecl>(named)) return eval(part->getBinding());
  return VisitExpr(e);
}

Cell Interpreter::look_up(const clang::VarDecl& variable) {
  if (!frames_.empty()) {
    const auto& locals = frames_.back().locals;
    if (const auto found = locals.find(&variable); found != locals.end()) return found->second;
  }
  const auto found = outside_.find(&variable);
  return found != outside_.end() ? found->second : outside_[&variable] = outside(variable);
}

// A variable of the file, or of a function around a lambda: its initialiser, unless it may change.
Cell Interpreter::outside(const clang::VarDecl& declared) {
  const clang::VarDecl* initialised = nullptr;
  const clang::Expr* init = declared.getAnyInitializer(initialised);
  const clang::QualType type = declared.getType();
  const auto* record = type->getAsCXXRecordDecl();
  const bool is_fixed = type.isConstQualified() || declared.isConstexpr() ||
                        type->isReferenceType() || (record != nullptr && record->isLambda()) ||
                        meaning_.speaks(type);
  const std::string name = declared.getName().str();
  if (llvm::isa<clang::ParmVarDecl>(declared))
    return cell(Unknown{text({"'", name, "' is a parameter of another function"})});
  if (!is_fixed)
    return cell(Unknown{text({"the value of '", name, "', which is not const, may change"})});
  if (init == nullptr)
    return cell(Unknown{text({"'", name, "' is given its value in another file"})});
  outside_[&declared] = cell(Unknown{text({"'", name, "' is made from itself"})});
  frames_.emplace_back(nullptr, declared.getSourceRange());
  Cell result;
  try {
    result = eval(init);
  } catch (...) {
    frames_.pop_back();
    outside_[&declared] = cell(Lost{});
    throw;
  }
  frames_.pop_back();
  return result;
}

Cell Interpreter::VisitMemberExpr(const clang::MemberExpr* e) {
  const clang::ValueDecl* member = e->getMemberDecl();
  if (const auto* variable = llvm::dyn_cast<clang::VarDecl>(member)) return look_up(*variable);
  if (const auto* function = llvm::dyn_cast<clang::FunctionDecl>(member))
    return cell(Address{function});
  const auto* wanted = llvm::dyn_cast<clang::FieldDecl>(member);
  if (wanted == nullptr) return VisitExpr(e);
  const Cell object = e->isArrow() ? pointed(value(e->getBase()), e) : eval(e->getBase());
  if (Cell found = field(object, *wanted)) return found;
  if (object->as<Lost>() || object->as<Unknown>()) return object;
  return VisitExpr(e);
}

Cell Interpreter::field(const Cell& object, const clang::FieldDecl& member) {
  Object* whole = object->as<Object>();
  if (whole == nullptr) return nullptr;
  if (const auto found = whole->fields.find(&member); found != whole->fields.end())
    return found->second;
  for (const auto& [type, part] : whole->bases)
    if (Cell found = field(part, member)) return found;
  return nullptr;
}

Cell Interpreter::VisitCXXThisExpr(const clang::CXXThisExpr* e) {
  if (frames_.back().self == nullptr) return VisitExpr(e);
  return cell(Pointer{frames_.back().self, nullptr, 0});
}

Cell Interpreter::pointed(const Value& pointer, const clang::Expr* where) {
  if (const Pointer* it = pointer.as<Pointer>()) {
    if (it->target) return it->target;
    if (it->array) {
      const auto& cells = it->array->as<Elements>()->cells;
      if (it->index >= 0 && it->index < static_cast<std::int64_t>(cells.size()))
        return cells[static_cast<std::size_t>(it->index)];
    }
  }
  refuse({codes::construct,
          "this address leads nowhere while the program is read; name the object itself",
          where->getSourceRange()});
}

Cell Interpreter::base(const Cell& object, const clang::CastExpr& cast) {
  Cell at = object;
  for (const clang::CXXBaseSpecifier* step : cast.path()) {
    Object* whole = at->as<Object>();
    if (whole == nullptr) return at;
    const auto found = whole->bases.find(step->getType()->getAsCXXRecordDecl());
    if (found == whole->bases.end()) return at;
    at = found->second;
  }
  return at;
}

Cell Interpreter::VisitCastExpr(const clang::CastExpr* e) {
  const clang::Expr* inner = e->getSubExpr();
  switch (e->getCastKind()) {
    case clang::CK_LValueToRValue:
      return cell(copy(*eval(inner)));
    case clang::CK_NoOp:
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
      return it != nullptr && it->target ? cell(Pointer{base(it->target, *e), nullptr, 0})
                                         : cell(pointer);
    }
    case clang::CK_ArrayToPointerDecay: {
      const Cell array = eval(inner);
      return array->as<Elements>() ? cell(Pointer{nullptr, array, 0}) : array;
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
      if (is_symbolic(*given))
        if (Cell known = meaning_.operate(*this, *e, std::array{*given})) return known;
      return cell(converted(*given, e->getType(), e));
    }
    default:
      return VisitExpr(e);
  }
}

Value Interpreter::converted(const Value& given, clang::QualType type, const clang::Expr*) {
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
    case clang::UO_AddrOf: {
      const Cell target = eval(inner);
      return target->as<Address>() ? target : cell(Pointer{target, nullptr, 0});
    }
    case clang::UO_Deref: {
      const Value pointer = value(inner);
      return pointer.as<Address>() ? cell(pointer) : pointed(pointer, e);
    }
    case clang::UO_PreInc:
    case clang::UO_PreDec:
    case clang::UO_PostInc:
    case clang::UO_PostDec: {
      check_change(inner, *eval(inner), e);
      const Value before = value(inner);
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
        after = *real + static_cast<double>(step);
      } else if (const Pointer* pointer = before.as<Pointer>(); pointer && pointer->array) {
        after = Pointer{nullptr, pointer->array, pointer->index + step};
      } else if (!is_symbolic(before)) {
        return VisitExpr(e);
      }
      assign(inner, std::move(after), e);
      return e->isPrefix() ? eval(inner) : cell(before);
    }
    case clang::UO_Plus:
    case clang::UO_Extension:
    case clang::UO_Real:
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
  return VisitExpr(e);
}

Value Interpreter::arithmetic(clang::BinaryOperatorKind op, const Value& left, const Value& right,
                              const clang::BinaryOperator* e, clang::QualType type) {
  if (const llvm::APSInt *a = left.as<llvm::APSInt>(), *b = right.as<llvm::APSInt>(); a && b) {
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
  if (const double *a = left.as<double>(), *b = right.as<double>(); a && b) {
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
    if (by != nullptr && a->array && op == clang::BO_Add)
      return Pointer{nullptr, a->array, a->index + by->getExtValue()};
    if (by != nullptr && a->array && op == clang::BO_Sub)
      return Pointer{nullptr, a->array, a->index - by->getExtValue()};
    if (b == nullptr) return {};
    const bool same = a->target == b->target && a->array == b->array && a->index == b->index;
    if (op == clang::BO_EQ) return truth(same);
    if (op == clang::BO_NE) return truth(!same);
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
    const Value right = value(e->getRHS());
    if (const llvm::APSInt* known = right.as<llvm::APSInt>())
      return cell(known->isZero() == (op == clang::BO_LAnd) ? right : left);
    Cell both = meaning_.operate(*this, *e, std::array{left, right});
    return both ? both : VisitExpr(e);
  }
  if (op == clang::BO_Assign) {
    assign(e->getLHS(), copy(*eval(e->getRHS())), e);
    return eval(e->getLHS());
  }
  if (const auto* compound = llvm::dyn_cast<clang::CompoundAssignOperator>(e)) {
    check_change(e->getLHS(), *eval(e->getLHS()), e);
    const Value left = converted(value(e->getLHS()), compound->getComputationLHSType(), e);
    const Value result = arithmetic(clang::BinaryOperator::getOpForCompoundAssignment(op), left,
                                    value(e->getRHS()), e, compound->getComputationResultType());
    if (result.as<Nothing>()) return VisitExpr(e);
    assign(e->getLHS(), converted(result, e->getType(), e), e);
    return eval(e->getLHS());
  }
  const Cell left = eval(e->getLHS()), right = eval(e->getRHS());
  for (const Cell& side : {left, right})
    if (side->as<Unknown>() || side->as<Lost>()) return cell(*side);
  if (is_symbolic(*left) || is_symbolic(*right))
    if (Cell known = meaning_.operate(*this, *e, std::array{*left, *right})) return known;
  Value result = arithmetic(op, *left, *right, e, e->getType());
  return result.as<Nothing>() ? VisitExpr(e) : cell(std::move(result));
}

// Text of a program may change nothing but the counter of an ordinary loop, in its head; ordinary
// code may change what it has made itself. `whole` is the change.
void Interpreter::check_change(const clang::Expr* target, const Value& before,
                               const clang::Expr* whole) {
  const auto* reference = llvm::dyn_cast<clang::DeclRefExpr>(target->IgnoreParenImpCasts());
  const auto* variable =
      reference != nullptr ? llvm::dyn_cast<clang::VarDecl>(reference->getDecl()) : nullptr;
  const bool is_global = variable != nullptr && variable->hasGlobalStorage();
  std::size_t ordinary = frames_.size();
  while (ordinary > 0 && !frames_[ordinary - 1].is_text) --ordinary;
  const bool is_ordinary = ordinary < frames_.size();
  if (is_ordinary && before.birth.time() > frames_[ordinary].since) return;
  if (!is_ordinary && is_advancing_ && !is_global) return;

  const std::string name = variable != nullptr ? variable->getName().str() : "";
  const std::string what = name.empty() ? "an object" : text({"'", name, "'"});
  std::vector<Note> notes;
  if (variable != nullptr)
    notes.push_back({text({what, " is declared here"}), variable->getSourceRange()});
  const clang::SourceRange range = is_ordinary ? frames_[ordinary].call : whole->getSourceRange();
  if (is_global)
    refuse({codes::side_effect,
            text({"a program may not change ", what,
                  ", which is outside of it: its text is read once, and its tasks change nothing "
                  "but tiles; have a kernel write it to a tile"}),
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

void Interpreter::assign(const clang::Expr* target, Value value, const clang::Expr* whole) {
  const Cell kept = eval(target);
  check_change(target, *kept, whole);
  *kept = std::move(value);
}

Cell Interpreter::VisitAbstractConditionalOperator(const clang::AbstractConditionalOperator* e) {
  return eval(holds(e->getCond()) ? e->getTrueExpr() : e->getFalseExpr());
}

Cell Interpreter::VisitArraySubscriptExpr(const clang::ArraySubscriptExpr* e) {
  const Value array = value(e->getBase());
  const auto index = need<llvm::APSInt>(e->getIdx(), "an integer constant");
  if (const Pointer* pointer = array.as<Pointer>(); pointer && pointer->array)
    return pointed(Pointer{nullptr, pointer->array, pointer->index + index.getExtValue()}, e);
  return VisitExpr(e);
}

Cell Interpreter::zero_of(clang::QualType type) {
  if (is_integral(type))
    return cell(integer(0, context_.getIntWidth(type), type->isUnsignedIntegerOrEnumerationType()));
  if (type->isRealFloatingType()) return cell(0.0);
  if (type->isPointerType()) return cell(Pointer{});
  if (const auto* array = context_.getAsConstantArrayType(type)) {
    Elements elements;
    for (std::uint64_t k = 0; k < array->getSize().getLimitedValue(1 << 20); ++k)
      elements.cells.push_back(zero_of(array->getElementType()));
    return cell(std::move(elements));
  }
  return cell(Nothing{});
}

Cell Interpreter::VisitImplicitValueInitExpr(const clang::ImplicitValueInitExpr* e) {
  return zero_of(e->getType());
}
Cell Interpreter::VisitCXXScalarValueInitExpr(const clang::CXXScalarValueInitExpr* e) {
  return zero_of(e->getType());
}

Cell Interpreter::VisitInitListExpr(const clang::InitListExpr* list) {
  const clang::InitListExpr* e =
      list->isSemanticForm() || list->getSemanticForm() == nullptr ? list : list->getSemanticForm();
  if (e->isTransparent() || (e->getType()->isScalarType() && e->getNumInits() == 1))
    return eval(e->getInit(0));
  if (const auto* array = context_.getAsConstantArrayType(e->getType())) {
    Elements elements;
    const std::uint64_t size = array->getSize().getLimitedValue(1 << 20);
    for (unsigned k = 0; k < size; ++k) {
      count_step(e->getSourceRange());
      elements.cells.push_back(k < e->getNumInits()  ? eval(e->getInit(k))
                               : e->getArrayFiller() ? eval(e->getArrayFiller())
                                                     : zero_of(array->getElementType()));
    }
    return cell(std::move(elements));
  }
  const auto* record = e->getType()->getAsCXXRecordDecl();
  if (record == nullptr || record->isUnion()) return VisitExpr(e);
  Object object{record, {}, {}};
  unsigned next = 0;
  for (const clang::CXXBaseSpecifier& base : record->bases())
    if (next < e->getNumInits())
      object.bases[base.getType()->getAsCXXRecordDecl()] = eval(e->getInit(next++));
  for (const clang::FieldDecl* member : record->fields())
    if (!member->isUnnamedBitField() && next < e->getNumInits())
      object.fields[member] = eval(e->getInit(next++));
  return cell(std::move(object));
}

Cell Interpreter::VisitLambdaExpr(const clang::LambdaExpr* e) {
  Object closure{e->getLambdaClass(), {}, {}};
  auto init = e->capture_init_begin();
  for (const clang::FieldDecl* member : e->getLambdaClass()->fields())
    closure.fields[member] = eval(*init++);
  return cell(std::move(closure));
}

Cell Interpreter::VisitCXXThrowExpr(const clang::CXXThrowExpr* e) {
  refuse({codes::side_effect,
          "a program may not throw: its text is read, not run; let a kernel throw, which ends the "
          "run with the name of its task",
          e->getSourceRange()});
}
Cell Interpreter::VisitCXXNewExpr(const clang::CXXNewExpr* e) {
  refuse({codes::side_effect,
          "a program may not allocate memory; tiles of lp::temp<T, rank>(\"S\") are there for what "
          "tasks hand on",
          e->getSourceRange()});
}
Cell Interpreter::VisitCXXDeleteExpr(const clang::CXXDeleteExpr* e) {
  refuse({codes::side_effect,
          "a program may not free memory; tiles of lp::temp<T, rank>(\"S\") live as long as a run "
          "needs them",
          e->getSourceRange()});
}

}  // namespace lambdapack::lpc
