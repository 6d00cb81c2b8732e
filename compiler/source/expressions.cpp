// The expressions of C++ that are constants or name things; operators.cpp computes with them.
#include <algorithm>

#include "lambdapack/text.hpp"
#include "llvm/ADT/ScopeExit.h"
#include "source/codes.hpp"
#include "source/interpreter.hpp"
#include "source/language.hpp"

namespace lambdapack::lpc {

namespace {

/// How a construct is called in a sentence.
std::string name_of(const clang::Expr* e) {
  if (const auto* it = llvm::dyn_cast<clang::UnaryOperator>(e))
    return text({"the operator ", clang::UnaryOperator::getOpcodeStr(it->getOpcode()).str(),
                 " on this operand"});
  if (const auto* it = llvm::dyn_cast<clang::BinaryOperator>(e))
    return text({"the operator ", it->getOpcodeStr().str(), " on these operands"});
  if (const auto* it = llvm::dyn_cast<clang::DeclRefExpr>(e))
    return text({"'", it->getNameInfo().getAsString(), "' here"});
  if (const auto* it = llvm::dyn_cast<clang::MemberExpr>(e))
    return text({"the member '", it->getMemberNameInfo().getAsString(), "' of this object"});
  if (llvm::isa<clang::CXXDynamicCastExpr>(e)) return "a dynamic_cast";
  if (llvm::isa<clang::CXXReinterpretCastExpr>(e)) return "a reinterpret_cast";
  if (const auto* it = llvm::dyn_cast<clang::CastExpr>(e);
      it != nullptr && it->getCastKind() == clang::CK_BaseToDerived)
    return "a conversion to a derived class";
  if (llvm::isa<clang::CastExpr>(e))
    return text({"a conversion to '", e->getType().getAsString(), "'"});
  if (llvm::isa<clang::StringLiteral>(e)) return "a text of wide characters";
  if (llvm::isa<clang::ArraySubscriptExpr>(e)) return "a subscript of this object";
  if (llvm::isa<clang::InitListExpr>(e)) return "a value of this type made with braces";
  if (llvm::isa<clang::CXXParenListInitExpr>(e)) return "an aggregate made with parentheses";
  if (llvm::isa<clang::CompoundLiteralExpr>(e)) return "a compound literal of C";
  if (llvm::isa<clang::ImaginaryLiteral>(e)) return "an imaginary number of C";
  if (llvm::isa<clang::CXXThisExpr>(e)) return "'this'";
  if (llvm::isa<clang::CXXTypeidExpr>(e)) return "typeid";
  if (llvm::isa<clang::CXXInheritedCtorInitExpr>(e)) return "a constructor of a base class";
  if (llvm::isa<clang::CoroutineSuspendExpr>(e)) return "a coroutine's suspension";
  if (llvm::isa<clang::StmtExpr>(e)) return "a statement in an expression";
  if (llvm::isa<clang::VAArgExpr>(e)) return "va_arg";
  if (llvm::isa<clang::AtomicExpr>(e)) return "an atomic operation";
  if (llvm::isa<clang::AddrLabelExpr>(e)) return "the address of a label";
  if (llvm::isa<clang::PredefinedExpr>(e)) return "the name of the function around";
  return "this expression";
}

/// Whether an object of this type may be made without running any code.
bool is_plain_data(clang::QualType type) {
  if (type->isReferenceType()) return false;
  const auto* record = type->getBaseElementTypeUnsafe()->getAsCXXRecordDecl();
  return record == nullptr ||
         (record->hasDefinition() && !record->isUnion() && record->hasTrivialDefaultConstructor());
}

}  // namespace

// What stands in a header of the system is nothing that a user could change: the call is at fault.
// What is refused in lambdapack's own headers is a mistake in what was handed to them.
void Interpreter::refuse(const Complaint& complaint) {
  const auto is_others = [](const Frame& frame) {
    return frame.is_hidden || (frame.function != nullptr && is_ours(*frame.function));
  };
  std::size_t entered = frames_.size();
  while (entered > 0 && is_others(frames_[entered - 1])) --entered;
  Complaint moved = complaint;
  const clang::SourceManager& sources = context_.getSourceManager();
  if (entered == frames_.size()) {
    if (default_arg_ != nullptr && sources.isInSystemHeader(moved.range.getBegin()))
      moved.range = default_arg_->getUsedLocation();
    if (frames_.size() > 1 && frames_.back().function != nullptr)
      moved.notes.push_back(
          {text({"in this call of '", frames_.back().function->getNameInfo().getAsString(), "'"}),
           frames_.back().call});
    reporter_.refuse(moved);
  }
  moved.range = frames_[entered].call;
  if (default_arg_ != nullptr && sources.isInSystemHeader(moved.range.getBegin()))
    moved.range = default_arg_->getUsedLocation();
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
  const std::size_t around = operands_.size();
  const Operand* operand = around > 0 ? operands_.back().find(expression) : nullptr;
  const bool is_operand = operand != nullptr;
  if (is_operand && operand->cell) return operand->cell;
  const bool is_watched = is_operand && operands_.back().free > 1 && operand->is_free;
  const std::size_t told = meaning_.told();
  ++depth_;
  if (is_watched) watches_.emplace_back();
  const auto leave = llvm::make_scope_exit([&] {
    --depth_;
    if (!is_watched) return;
    const Touched seen = std::move(watches_.back());
    watches_.pop_back();
    if (watches_.empty()) return;
    for (const auto& [value, is_change] : seen) {
      bool& is_changed = watches_.back()[value];
      is_changed = is_changed || is_change;
    }
  });
  Cell result = Visit(expression);
  if (!is_operand) return result;
  Operands& all = operands_[around - 1];
  Operand& own = *all.find(expression);
  own.cell = result;
  if (own.is_free && meaning_.told() > told) {
    if (all.caller != nullptr) refuse_open_order(*all.caller, *expression);
    all.caller = expression;
  }
  if (is_watched) {
    own.touched = watches_.back();
    check_touched(all, own, *expression);
  }
  return result;
}

void Interpreter::touch_itself(const Value& value, bool is_change) {
  if (watches_.empty()) return;
  bool& is_changed = watches_.back()[value.birth.time()];
  is_changed = is_changed || is_change;
}

void Interpreter::touch(const Value& value, bool is_change) {
  if (watches_.empty()) return;
  touch_itself(value, is_change);
  for_each_part(value, [&](const Cell& part) { touch(*part, is_change); });
}

// Refuses an operand that changes what another one of open order looks at, or looks at what that
// changes.
void Interpreter::check_touched(const Operands& all, const Operand& own,
                                const clang::Expr& expression) {
  for (const auto& [other, operand] : all.known) {
    if (&operand == &own) continue;
    for (const auto& [value, is_change] : operand.touched)
      if (const auto found = own.touched.find(value);
          found != own.touched.end() && (is_change || found->second))
        refuse({codes::construct,
                "one operand of an expression changes here what another looks at, in an order that "
                "C++ leaves open; compute them in statements of their own",
                expression.getSourceRange(),
                {},
                {{"the other operand is here", other->getSourceRange()}}});
  }
}

void Interpreter::refuse_open_order(const clang::Expr& first, const clang::Expr& second) {
  refuse({codes::construct,
          "two operands of one expression call kernels, in an order that C++ leaves open; call "
          "them in statements of their own",
          second.getSourceRange(),
          {},
          {{"this operand calls one too", first.getSourceRange()}}});
}

Value Interpreter::known(const Value& found, const clang::Expr* expression) {
  if (found.as<Lost>()) throw Refused{};
  if (const Unknown* unknown = found.as<Unknown>())
    refuse({codes::unknown_value,
            text({unknown->why,
                  "; a program is read without being run: take a constant that stands in the "
                  "source, or a parameter of the program"}),
            expression->getSourceRange()});
  return found;
}

void Interpreter::refuse_kind(const clang::Expr* expression, const Value& found, const char* what) {
  refuse({codes::construct,
          is_symbolic(found)
              ? text({"this is an index, which has no value while the program is read, and not ",
                      what, "; write one"})
              : text({"this is not ", what, "; write one"}),
          expression->getSourceRange()});
}

void Interpreter::refuse_choice(const clang::Expr* condition, const char* instead) {
  refuse({codes::unknown_value,
          text({"this condition on indices has no value while the program is read; ", instead}),
          condition->getSourceRange()});
}

Cell Interpreter::constant(const clang::Expr* expression) {
  if (expression->isValueDependent()) return nullptr;
  const clang::QualType type = expression->getType();
  if (!type->isArithmeticType() && !type->isEnumeralType()) return nullptr;
  clang::Expr::EvalResult result;
  if (!expression->EvaluateAsRValue(result, context_, is_constant_) || result.HasSideEffects)
    return nullptr;
  if (result.Val.isInt()) return cell(result.Val.getInt());
  if (result.Val.isFloat()) {
    refuse_digits(expression);
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
  refuse_digits(e);
  return cell(e->getValueAsApproximateDouble());
}
Cell Interpreter::VisitStringLiteral(const clang::StringLiteral* e) {
  if (e->getCharByteWidth() != 1) return VisitExpr(e);
  const std::string all = e->getString().str();
  return cell(all.substr(0, all.find('\0')));  // a text ends there
}

Cell Interpreter::VisitDeclRefExpr(const clang::DeclRefExpr* e) {
  const clang::ValueDecl* named = e->getDecl();
  if (const auto* variable = llvm::dyn_cast<clang::VarDecl>(named)) return look_up(*variable);
  if (const auto* function = llvm::dyn_cast<clang::FunctionDecl>(named))
    return cell(Address{function});
  if (const auto* one = llvm::dyn_cast<clang::EnumConstantDecl>(named))
    return cell(one->getInitVal());
  if (const auto* part = llvm::dyn_cast<clang::BindingDecl>(named)) {
    const auto& locals = frames_.back().locals;
    const auto captured = locals.find(part);
    return captured != locals.end() ? captured->second : eval(part->getBinding());
  }
  return VisitExpr(e);
}

Cell Interpreter::VisitMemberExpr(const clang::MemberExpr* e) {
  const clang::ValueDecl* member = e->getMemberDecl();
  if (!member->isCXXInstanceMember()) eval(e->getBase());  // what is not needed may call kernels
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
  const auto found = whole->fields.find(&member);
  return found != whole->fields.end() ? found->second : nullptr;
}

Cell Interpreter::VisitCXXThisExpr(const clang::CXXThisExpr* e) {
  if (frames_.back().self == nullptr) return VisitExpr(e);
  return cell(Pointer{frames_.back().self, nullptr, 0});
}

const Elements& Interpreter::elements_at(const Pointer& pointer, const clang::Expr* where) {
  const Elements* elements = pointer.array->as<Elements>();
  if (elements == nullptr || elements->store != pointer.store)
    refuse({codes::construct,
            "another object has taken over the elements that this address was taken of; take the "
            "address anew",
            where->getSourceRange()});
  return *elements;
}

Cell Interpreter::pointed(const Value& pointer, const clang::Expr* where) {
  if (const Pointer* it = pointer.as<Pointer>()) {
    if (it->target) return it->target;
    if (it->array) {
      const auto& cells = elements_at(*it, where).cells;
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
    if (whole == nullptr) return at;  // a word of a language has no parts
    const auto found = whole->bases.find(step->getType()->getAsCXXRecordDecl());
    if (found == whole->bases.end())
      refuse({codes::construct,
              text({"the base class ", step->getType()->getAsCXXRecordDecl()->getName().str(),
                    " of this object is not known while the program is read; name a member of the "
                    "object itself"}),
              cast.getSourceRange()});
    at = found->second;
  }
  return at;
}

Cell Interpreter::VisitAbstractConditionalOperator(const clang::AbstractConditionalOperator* e) {
  const bool chosen = holds(
      e->getCond(),
      e->getType()->isVoidType()
          ? "choose between calls of kernels with if; what must hold of sizes in all cases is "
            "asserted before the function is called"
          : "an index is one expression for all sizes: take std::min or std::max of two, or "
            "choose between calls of kernels with if");
  return eval(chosen ? e->getTrueExpr() : e->getFalseExpr());
}

// An array that is copied as a whole, element by element.
Cell Interpreter::VisitArrayInitLoopExpr(const clang::ArrayInitLoopExpr* e) {
  const auto* array = context_.getAsConstantArrayType(e->getType());
  if (array == nullptr) return VisitExpr(e);
  const clang::OpaqueValueExpr* common = e->getCommonExpr();
  const Cell original = eval(common->getSourceExpr());
  const Cell around = std::exchange(opaque_[common], original);
  copied_.push_back(0);
  const auto leave = llvm::make_scope_exit([&] {
    opaque_[common] = around;
    copied_.pop_back();
  });
  return elements(*array, e->getSourceRange(), [&](std::uint64_t k) {
    copied_.back() = k;
    return eval(e->getSubExpr());
  });
}

Cell Interpreter::VisitArrayInitIndexExpr(const clang::ArrayInitIndexExpr* e) {
  if (copied_.empty()) return VisitExpr(e);
  return cell(integer(static_cast<std::int64_t>(copied_.back()), context_.getIntWidth(e->getType()),
                      e->getType()->isUnsignedIntegerType()));
}

Cell Interpreter::VisitOpaqueValueExpr(const clang::OpaqueValueExpr* e) {
  const auto found = opaque_.find(e);
  return found != opaque_.end() && found->second ? found->second : VisitExpr(e);
}

// The address of an element; Nothing if what it is of is no array.
Value Interpreter::element_address(const clang::ArraySubscriptExpr& e) {
  const Value array = value(e.getBase());
  const auto index = need<llvm::APSInt>(e.getIdx(), "an integer constant");
  const Pointer* pointer = array.as<Pointer>();
  if (pointer == nullptr || !pointer->array) return Nothing{};
  return pointer->moved_by(index.getExtValue());
}

Cell Interpreter::VisitArraySubscriptExpr(const clang::ArraySubscriptExpr* e) {
  const Value address = element_address(*e);
  return address.as<Pointer>() ? pointed(address, e) : VisitExpr(e);
}

Cell Interpreter::elements(const clang::ConstantArrayType& array, clang::SourceRange where,
                           const std::function<Cell(std::uint64_t)>& make) {
  refuse_large(array, where);
  Elements all;
  for (std::uint64_t k = 0; k < array.getSize().getZExtValue(); ++k) {
    count_step(where);
    all.cells.push_back(make(k));
  }
  return cell(std::move(all));
}

Cell Interpreter::zero_of(clang::QualType type, clang::SourceRange where) {
  if (type->isIntegralOrEnumerationType())
    return cell(integer(0, context_.getIntWidth(type), type->isUnsignedIntegerOrEnumerationType()));
  if (type->isRealFloatingType()) return cell(0.0);
  if (type->isPointerType()) return cell(Pointer{});
  if (const auto* array = context_.getAsConstantArrayType(type))
    return elements(*array, where,
                    [&](std::uint64_t) { return zero_of(array->getElementType(), where); });
  return cell(Nothing{});
}

Cell Interpreter::unset(clang::QualType type, const std::string& name, clang::SourceRange where,
                        bool is_zero) {
  if (const auto* array = context_.getAsConstantArrayType(type))
    return elements(*array, where, [&](std::uint64_t) {
      return unset(array->getElementType(), name, where, is_zero);
    });
  const auto* record = type->getAsCXXRecordDecl();
  if (record != nullptr && record->hasDefinition() && !record->isUnion()) {
    Object object{record, {}, {}};
    for (const clang::CXXBaseSpecifier& base : record->bases())
      if (base.getType()->getAsCXXRecordDecl()->hasTrivialDefaultConstructor())
        object.bases[base.getType()->getAsCXXRecordDecl()] =
            unset(base.getType(), name, where, is_zero);
    for (const clang::FieldDecl* member : record->fields())
      if (is_plain_data(member->getType()))
        object.fields[member] =
            unset(member->getType(), text({"'", member->getName().str(), "'"}), where, is_zero);
    return cell(std::move(object));
  }
  return is_zero ? zero_of(type, where) : cell(Unknown{text({name, " has no value here"})});
}

Cell Interpreter::VisitImplicitValueInitExpr(const clang::ImplicitValueInitExpr* e) {
  return zero_of(e->getType(), frame().call);
}
Cell Interpreter::VisitCXXScalarValueInitExpr(const clang::CXXScalarValueInitExpr* e) {
  return zero_of(e->getType(), e->getSourceRange());
}

Cell Interpreter::VisitInitListExpr(const clang::InitListExpr* list) {
  const clang::InitListExpr* e =
      list->isSemanticForm() || list->getSemanticForm() == nullptr ? list : list->getSemanticForm();
  if (e->isTransparent() || (e->getType()->isScalarType() && e->getNumInits() == 1))
    return eval(e->getInit(0));
  if (const auto* array = context_.getAsConstantArrayType(e->getType()))
    return elements(*array, e->getSourceRange(), [&](std::uint64_t k) {
      if (k < e->getNumInits()) return eval(e->getInit(static_cast<unsigned>(k)));
      return e->getArrayFiller() ? eval(e->getArrayFiller())
                                 : zero_of(array->getElementType(), e->getSourceRange());
    });
  const auto* record = e->getType()->getAsCXXRecordDecl();
  if (record == nullptr || record->isUnion()) return VisitExpr(e);
  const Cell made = cell(Object{record, {}, {}});
  const auto eval_for = [&](const auto& part) {
    const Cell around = std::exchange(made_, made);
    const auto leave = llvm::make_scope_exit([&] { made_ = around; });
    return part();
  };
  unsigned next = 0;
  for (const clang::CXXBaseSpecifier& base : record->bases())
    if (next < e->getNumInits()) {
      const Cell part = eval_for([&] { return eval(e->getInit(next++)); });
      made->as<Object>()->bases[base.getType()->getAsCXXRecordDecl()] = part;
    }
  for (const clang::FieldDecl* member : record->fields())
    if (!member->isUnnamedBitField() && next < e->getNumInits()) {
      const Cell part = eval_for([&] { return kept(*member, e->getInit(next++)); });
      made->as<Object>()->fields[member] = part;
    }
  return made;
}

namespace {

/// Whether an expression tells where in the source it stands, as std::source_location does.
bool tells_place(const clang::Stmt* part) {
  if (part == nullptr) return false;
  if (llvm::isa<clang::SourceLocExpr>(part)) return true;
  if (const auto* given = llvm::dyn_cast<clang::CXXDefaultArgExpr>(part))
    return tells_place(given->getExpr());
  return std::any_of(part->child_begin(), part->child_end(), tells_place);
}

}  // namespace

// In a default argument a place is that of the call, which Clang knows.
Cell Interpreter::VisitCXXDefaultArgExpr(const clang::CXXDefaultArgExpr* e) {
  if (tells_place(e->getExpr())) {
    if (Cell known = constant(e)) return known;
    refuse({codes::unknown_value,
            "a default argument tells here where in the source this call stands, which is not "
            "known while the program is read; hand the argument over",
            e->getUsedLocation()});
  }
  const clang::CXXDefaultArgExpr* around = std::exchange(default_arg_, e);
  const auto leave = llvm::make_scope_exit([&] { default_arg_ = around; });
  return eval(e->getExpr());
}

// It speaks of the object that is being made: an aggregate, or the one whose constructor runs.
Cell Interpreter::VisitCXXDefaultInitExpr(const clang::CXXDefaultInitExpr* e) {
  if (tells_place(e->getExpr()))
    refuse({codes::unknown_value,
            text({"'", e->getField()->getName().str(),
                  "' is made of the place in the source where the object is made, which is not "
                  "known while the program is read; hand a number over"}),
            e->getUsedLocation()});
  const Object* aggregate = made_ ? made_->as<Object>() : nullptr;
  if (aggregate == nullptr || aggregate->type != e->getField()->getParent())
    return eval(e->getExpr());
  const Cell around = std::exchange(frames_.back().self, made_);
  const std::size_t frame = frames_.size() - 1;
  const auto leave = llvm::make_scope_exit([&] { frames_[frame].self = around; });
  return eval(e->getExpr());
}

Cell Interpreter::kept(const clang::FieldDecl& member, const clang::Expr* init) {
  const Cell made = eval(init);
  return member.isBitField() ? cell(stored(member, *made, init)) : made;
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
