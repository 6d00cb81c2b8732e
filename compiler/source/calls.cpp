// Calls of functions, and objects that are made.
#include <algorithm>

#include "clang/AST/DeclTemplate.h"
#include "lambdapack/text.hpp"
#include "llvm/ADT/ScopeExit.h"
#include "source/codes.hpp"
#include "source/interpreter.hpp"
#include "source/language.hpp"

namespace lambdapack::lpc {

namespace {

constexpr std::size_t deepest_call = 400;

std::string name_of(const clang::FunctionDecl& function) {
  return text({"'", function.getNameInfo().getAsString(), "'"});
}

/// From now on an object is one of those that the function under way has made.
void make_own(Value& made) {
  made.birth.be_newest();
  for_each_part(made, [](const Cell& part) { make_own(*part); });
}

/// Whether a move is of a variable that ends with its function, which only `return` moves from
/// without saying so.
bool is_ending(const clang::Expr& source) {
  const auto* named = llvm::dyn_cast<clang::DeclRefExpr>(source.IgnoreParenImpCasts());
  const auto* variable =
      named == nullptr ? nullptr : llvm::dyn_cast<clang::VarDecl>(named->getDecl());
  return variable != nullptr && variable->hasLocalStorage() &&
         !variable->getType()->isReferenceType() && !named->refersToEnclosingVariableOrCapture();
}

/// The first of a call's operands whose order C++ leaves open: an object comes before what its
/// member is called with, and operators have the order of the built-in ones.
std::size_t first_free(const clang::CallExpr& call, std::size_t operands) {
  if (llvm::isa<clang::CXXMemberCallExpr>(call)) return 1;
  const auto* operation = llvm::dyn_cast<clang::CXXOperatorCallExpr>(&call);
  if (operation == nullptr) return 0;
  switch (operation->getOperator()) {
    case clang::OO_Call:
      return 1;
    case clang::OO_Subscript:
    case clang::OO_LessLess:
    case clang::OO_GreaterGreater:
    case clang::OO_Comma:
    case clang::OO_AmpAmp:
    case clang::OO_PipePipe:
    case clang::OO_ArrowStar:
      return operands;
    default:
      return operation->isAssignmentOp() ? operands : 0;
  }
}

}  // namespace

// Nobody needs to be told where a system declares its functions.
std::vector<Note> Interpreter::declared_here(const clang::FunctionDecl& function) const {
  if (context_.getSourceManager().isInSystemHeader(function.getLocation())) return {};
  return {
      {text({name_of(function), " is declared here"}), function.getNameInfo().getSourceRange()}};
}

void Interpreter::run_program(const clang::FunctionDecl& function,
                              std::map<const clang::ValueDecl*, Cell> locals) {
  Frame frame(&function, function.getNameInfo().getSourceRange());
  frame.locals = std::move(locals);
  frames_.push_back(std::move(frame));
  try {
    run(function.getBody());
  } catch (const Refused&) {
  }
  frames_.pop_back();
}

Cell Interpreter::VisitCallExpr(const clang::CallExpr* e) {
  std::vector<const clang::Expr*> arguments;
  if (const auto* member = llvm::dyn_cast<clang::CXXMemberCallExpr>(e))
    if (member->getImplicitObjectArgument() != nullptr)
      arguments.push_back(member->getImplicitObjectArgument());
  arguments.insert(arguments.end(), e->arg_begin(), e->arg_end());
  if (const clang::FunctionDecl* function = e->getDirectCallee()) {
    refuse_virtual(*e, *function);
    if (const auto* named =
            llvm::dyn_cast<clang::MemberExpr>(e->getCallee()->IgnoreParenImpCasts()))
      if (!function->isCXXInstanceMember()) eval(named->getBase());  // of a static one
    return call_known(*function, *e, arguments);
  }
  if (llvm::isa<clang::CXXPseudoDestructorExpr>(e->getCallee()->IgnoreParens()))
    return cell(Nothing{});
  const Value callee = value(e->getCallee());
  if (const Address* address = callee.as<Address>())
    return call_known(*address->function, *e, arguments);
  refuse({codes::unknown_function,
          "it is not known which function this calls; call a function by its name",
          e->getSourceRange()});
}

// An object may be of a class that is derived from the one that the text names. Clang knows what it
// is where the text names the object itself.
void Interpreter::refuse_virtual(const clang::CallExpr& whole,
                                 const clang::FunctionDecl& function) {
  const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(&function);
  if (method == nullptr || !method->isVirtual() || constant(&whole)) return;
  const clang::Expr* object = nullptr;
  if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(whole.getCallee()->IgnoreParens())) {
    if (!member->performsVirtualDispatch(context_.getLangOpts())) return;
    object = member->getBase();
  } else if (llvm::isa<clang::CXXOperatorCallExpr>(whole)) {
    object = whole.getArg(0);
  }
  if (object != nullptr) {
    const clang::CXXMethodDecl* known = method->getDevirtualizedMethod(object, false);
    if (known != nullptr && known->getCanonicalDecl() == method->getCanonicalDecl()) return;
  }
  refuse({codes::unknown_function,
          text({"which function this calls depends on the object, which may be of a class derived "
                "from ",
                method->getParent()->getNameAsString(), "; name the function, as in object.",
                method->getParent()->getNameAsString(), "::", method->getNameAsString(),
                "(), or make it not virtual"}),
          whole.getSourceRange(),
          {},
          declared_here(*method)});
}

Cell Interpreter::call_known(const clang::FunctionDecl& function, const clang::CallExpr& whole,
                             std::span<const clang::Expr* const> arguments) {
  const Once once(*this, arguments, first_free(whole, arguments.size()));
  if (llvm::isa<clang::CXXMemberCallExpr>(whole) && !arguments.empty() &&
      arguments[0]->getType()->isPointerType())
    operands_.back().find(arguments[0])->cell = pointed(value(arguments[0]), arguments[0]);
  if (Cell word = meaning_.call(*this, function, whole, arguments)) return word;
  if (Cell known = standard(function, whole, arguments)) return known;
  if (Cell known = constant(&whole)) return known;

  const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(&function);
  const bool has_object = method != nullptr && !method->isStatic() && !arguments.empty();
  Cell self;
  if (const auto* operation = llvm::dyn_cast<clang::CXXOperatorCallExpr>(&whole))
    if (operation->isAssignmentOp()) eval(arguments[1]);  // C++ does so first
  if (has_object) {
    self = eval(arguments[0]);
    if (self->as<Lost>()) throw Refused{};
    if ((method->isDefaulted() || method->isImplicit()) &&
        (method->isCopyAssignmentOperator() || method->isMoveAssignmentOperator())) {
      refuse_copies(*method->getParent(), whole.getSourceRange());
      const Cell given = eval(arguments[1]);
      touch(*given, false);
      assign(self, copy(*given), arguments[0], &whole);
      const bool moves = method->isMoveAssignmentOperator() && arguments[1]->isXValue();
      if (moves && given == self && !method->isTrivial()) refuse_move_to_itself(whole);
      if (moves && given != self)
        move_from(given, *self, arguments[1]->getType(), {arguments[1], &whole, true});
      return self;
    }
  }
  std::vector<Cell> cells;
  for (const clang::Expr* argument : arguments.subspan(has_object ? 1 : 0))
    cells.push_back(eval(argument));
  return call(function, self, cells, whole.getSourceRange());
}

bool Interpreter::is_hidden(const clang::FunctionDecl& function) const {
  return context_.getSourceManager().isInSystemHeader(function.getLocation()) && !is_ours(function);
}

// Whether an object holds what a program is made of.
bool Interpreter::holds_words(const clang::CXXRecordDecl& record) const {
  return std::any_of(record.field_begin(), record.field_end(),
                     [&](const clang::FieldDecl* f) { return meaning_.speaks(f->getType()); }) ||
         std::any_of(record.bases_begin(), record.bases_end(),
                     [&](const clang::CXXBaseSpecifier& base) {
                       const auto* of = base.getType()->getAsCXXRecordDecl();
                       return of != nullptr && of->hasDefinition() && holds_words(*of);
                     });
}

bool Interpreter::is_text(const clang::FunctionDecl& function) const {
  const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(&function);
  if (method != nullptr) {
    if (holds_words(*method->getParent())) return true;
    if (method->getParent()->isLambda()) return frame().is_text;
  }
  return meaning_.speaks(function.getReturnType()) ||
         std::any_of(function.param_begin(), function.param_end(),
                     [&](const clang::ParmVarDecl* p) { return meaning_.speaks(p->getType()); });
}

Cell Interpreter::call(const clang::FunctionDecl& called, const Cell& self,
                       std::span<const Cell> arguments, clang::SourceRange whole) {
  const clang::FunctionDecl* function = called.getDefinition();
  if (function == nullptr || !function->hasBody()) {
    define(called);
    function = called.getDefinition();
  }
  const bool is_standard = called.isInStdNamespace();
  if (function == nullptr || !function->hasBody() || (is_standard && !called.isConstexpr()))
    refuse({codes::unknown_function,
            text({"a program may not call ", name_of(called), ", ",
                  is_standard ? "of the standard library" : "whose body is not in this file",
                  ": what it does is not known while the program is read; call kernels, and "
                  "functions of arrays and indices that are defined here"}),
            whole,
            {},
            declared_here(called)});
  const bool as_text = is_text(*function);
  if (as_text) {
    entered_.insert(function->getCanonicalDecl());
    if (const auto* described = function->getPrimaryTemplate())
      entered_.insert(described->getTemplatedDecl()->getCanonicalDecl());
  }
  for (const Frame& frame : frames_)
    if (as_text && frame.function == function)
      refuse({codes::recursion,
              text({"a program may not call itself, as ", name_of(called),
                    " does: its text would have no end; write a loop"}),
              whole,
              {},
              {{text({name_of(called), " was entered here"}), frame.call}}});
  if (frames_.size() >= deepest_call)
    refuse({codes::recursion, "calls nest too deep here, or without end; write a loop", whole});

  Frame frame(function, whole, as_text, is_hidden(called));
  bind(frame, *function, self, arguments);
  return run_frame(std::move(frame));
}

void Interpreter::bind(Frame& frame, const clang::FunctionDecl& function, const Cell& self,
                       std::span<const Cell> arguments) {
  frame.self = self;
  for (std::size_t k = 0; k < arguments.size() && k < function.getNumParams(); ++k) {
    const clang::ParmVarDecl* parameter = function.getParamDecl(static_cast<unsigned>(k));
    const clang::QualType type = parameter->getType();
    frame.locals[parameter] = type->isArithmeticType() ? cell(copy(*arguments[k])) : arguments[k];
    if (type->isReferenceType()) continue;
    make_own(*frame.locals[parameter]);
    if (const auto* record = type->getAsCXXRecordDecl();
        record != nullptr && record->isTriviallyCopyable())
      refuse_own_address(arguments[k], frame.call);
  }
  const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(&function);
  if (method == nullptr || !method->getParent()->isLambda() || !self) return;
  const Object* closure = self->as<Object>();
  if (closure == nullptr) return;
  llvm::DenseMap<const clang::ValueDecl*, clang::FieldDecl*> captures;
  clang::FieldDecl* this_field = nullptr;
  method->getParent()->getCaptureFields(captures, this_field);
  for (const auto& [variable, member] : captures)
    if (const auto found = closure->fields.find(member); found != closure->fields.end())
      frame.locals[variable] = found->second;
  if (this_field == nullptr) return;
  const Cell& captured = closure->fields.at(this_field);
  const Pointer* pointer = captured->as<Pointer>();
  frame.self = pointer != nullptr ? pointer->target : captured;
}

Cell Interpreter::run_frame(Frame frame) {
  const clang::FunctionDecl* function = frame.function;
  const Block guard(*this);
  std::vector<std::size_t> loops;
  std::swap(loops, loops_);
  const bool advancing = std::exchange(is_advancing_, false);  // there is a frame then
  const Cell made = std::exchange(made_, nullptr);
  frame.is_step = advancing && frames_.back().is_text;
  frames_.push_back(std::move(frame));
  const auto leave = llvm::make_scope_exit([&] {
    frames_.pop_back();
    std::swap(loops, loops_);
    made_ = made;
    is_advancing_ = advancing;
  });
  if (const auto* constructor = llvm::dyn_cast<clang::CXXConstructorDecl>(function))
    initialise(*constructor);
  count_step(frames_.back().call);
  run(function->getBody());
  const Cell result = frames_.back().result;
  return result ? result : cell(Nothing{});
}

Cell Interpreter::VisitCXXConstructExpr(const clang::CXXConstructExpr* e) {
  const std::vector<const clang::Expr*> given(e->arg_begin(), e->arg_end());
  const Once once(*this, given, e->isListInitialization() ? given.size() : 0);
  if (Cell word = meaning_.construct(*this, *e)) return word;
  const clang::CXXConstructorDecl* constructor = e->getConstructor();
  if (e->getNumArgs() >= 1 && (constructor->isCopyOrMoveConstructor())) {
    const Cell original = eval(e->getArg(0));
    if (constructor->isDefaulted() || constructor->isImplicit() || !original->as<Object>()) {
      touch(*original, false);
      if (original->as<Object>() || original->as<Elements>())
        refuse_copies(*constructor->getParent(), e->getSourceRange());
      const Cell made = cell(copy(*original));
      if (constructor->isMoveConstructor() && e->getArg(0)->isXValue())
        move_from(original, *made, e->getArg(0)->getType(), {e->getArg(0), e, false});
      return made;
    }
  }
  if (Cell known = standard_object(*e)) return known;
  std::vector<Cell> arguments;
  for (const clang::Expr* argument : e->arguments()) arguments.push_back(eval(argument));
  return construct(*constructor, arguments, *e);
}

// What an object of the standard library has taken over from another is no longer there. A vector
// takes the elements themselves, and what names them. `taker` is a copy so far.
void Interpreter::move_from(const Cell& original, Value& taker, clang::QualType type,
                            const Move& move) {
  if (type.isConstQualified()) return;  // that is copied
  if (const auto* array = context_.getAsConstantArrayType(type)) {
    const Elements *from = original->as<Elements>(), *to = taker.as<Elements>();
    if (from == nullptr || to == nullptr) return;
    for (std::size_t k = 0; k < from->cells.size(); ++k)
      move_from(from->cells[k], *to->cells[k], array->getElementType(), move);
    return;
  }
  const auto* record = type->getAsCXXRecordDecl();
  if (record == nullptr || !record->hasDefinition()) return;
  if (record->isInStdNamespace() && (original->as<Elements>() || original->as<std::string>())) {
    if (record->getName() == "array" || record->getName() == "initializer_list") return;
    if (!is_ending(*move.source)) check_change(move.source, *original, move.whole, Change::move);
    taker = *original;
    make_own(taker);
    *original = Unknown{"another object has taken this one's contents over, by std::move"};
    return;
  }
  const Object *from = original->as<Object>(), *to = taker.as<Object>();
  if (from == nullptr || to == nullptr) return;
  // What has no move of its own is copied.
  if (!(move.is_assignment ? record->hasMoveAssignment() : record->hasMoveConstructor())) return;
  for (const auto& [member, part] : from->fields)
    if (const auto found = to->fields.find(member);
        found != to->fields.end() && !member->getType()->isReferenceType())
      move_from(part, *found->second, member->getType(), move);
  for (const auto& [base, part] : from->bases)
    if (const auto found = to->bases.find(base); found != to->bases.end())
      move_from(part, *found->second, context_.getTypeDeclType(base), move);
}

void Interpreter::refuse_own_address(const Cell& made, clang::SourceRange where) {
  if (made->as<Object>() == nullptr || !holds_itself(made)) return;
  refuse({codes::construct,
          "this object holds the address of a part of itself, and C++ leaves open whether it is "
          "copied here, to another address; hand it over by reference, or keep an index instead of "
          "the address",
          where});
}

Cell Interpreter::construct(const clang::CXXConstructorDecl& declared,
                            std::span<const Cell> arguments, const clang::Expr& whole, Cell made) {
  if (declared.getParent()->getNumVBases() > 0)
    refuse({codes::construct,
            text({"the class ", declared.getParent()->getName().str(),
                  " has virtual base classes, which lpc does not follow; derive from them without "
                  "virtual"}),
            whole.getSourceRange(),
            {},
            declared.getParent()->isLambda()
                ? std::vector<Note>()
                : std::vector<Note>{
                      {text({"'", declared.getParent()->getName().str(), "' is declared here"}),
                       declared.getParent()->getLocation()}}});
  if (!declared.hasBody()) define(declared);
  const clang::FunctionDecl* defined = declared.getDefinition();
  const auto* constructor = llvm::dyn_cast_or_null<clang::CXXConstructorDecl>(defined);
  const auto* made_by = llvm::dyn_cast<clang::CXXConstructExpr>(&whole);
  const bool is_zero = made_by != nullptr && made_by->requiresZeroInitialization();
  if (made == nullptr)
    made = unset(context_.getTypeDeclType(declared.getParent()), "a member", whole.getSourceRange(),
                 is_zero);
  if (constructor == nullptr || !constructor->hasBody()) {
    if (declared.isTrivial() || declared.isDefaultConstructor()) return made;
    refuse({codes::unknown_function,
            text({"a program may not make a ", declared.getParent()->getName().str(),
                  ", whose constructor is not known while the program is read; make it of numbers, "
                  "index expressions and arrays"}),
            whole.getSourceRange()});
  }
  if (declared.isInStdNamespace() && !declared.isConstexpr())
    refuse({codes::unknown_function,
            text({"a program may not make a ", declared.getParent()->getName().str(),
                  " of another library, whose contents are not known while the program is read; "
                  "use numbers, index expressions and arrays"}),
            whole.getSourceRange()});
  Frame frame(constructor, whole.getSourceRange(), is_text(*constructor), is_hidden(declared));
  make_own(*made);
  bind(frame, *constructor, made, arguments);
  run_frame(std::move(frame));
  return made;
}

void Interpreter::initialise(const clang::CXXConstructorDecl& constructor) {
  const Cell self = frame().self;
  // Members of a class are made where they are: who makes one may tell others its address.
  for (const clang::CXXCtorInitializer* init : constructor.inits())
    if (const clang::FieldDecl* member = init->getMember();
        member != nullptr && member->getType()->getBaseElementTypeUnsafe()->isRecordType())
      self->as<Object>()->fields.erase(member);
  for (const clang::CXXCtorInitializer* init : constructor.inits()) {
    if (init->isDelegatingInitializer()) {
      delegate(*init->getInit());
      continue;
    }
    const clang::FieldDecl* member = init->getMember();
    const Cell made = member != nullptr ? kept(*member, init->getInit()) : eval(init->getInit());
    if (init->isBaseInitializer())
      self->as<Object>()->bases[init->getBaseClass()->getAsCXXRecordDecl()] = made;
    if (member == nullptr) continue;
    // Its address may be known already.
    Cell& place = self->as<Object>()->fields[member];
    if (place == nullptr || member->getType()->isReferenceType() || holds_itself(made))
      place = made;
    else
      put(*place, *made);
  }
}

// Another constructor makes the object, at the address that it has.
void Interpreter::delegate(const clang::Expr& init) {
  const Cell self = frame().self;
  const clang::Expr* made_by = init.IgnoreImplicit();
  while (const auto* named = llvm::dyn_cast<clang::CXXFunctionalCastExpr>(made_by))
    made_by = named->getSubExpr()->IgnoreImplicit();
  const auto* other = llvm::dyn_cast<clang::CXXConstructExpr>(made_by);
  if (other == nullptr || other->getConstructor()->isCopyOrMoveConstructor())
    refuse({codes::construct,
            "here another object is made and copied, or made in place of this one, which compilers "
            "do in different ways; write the arguments of the constructor that makes this one",
            init.getSourceRange()});
  const std::vector<const clang::Expr*> given(other->arg_begin(), other->arg_end());
  const Once once(*this, given, other->isListInitialization() ? given.size() : 0);
  std::vector<Cell> arguments;
  for (const clang::Expr* argument : given) arguments.push_back(eval(argument));
  construct(*other->getConstructor(), arguments, *other, self);
}

}  // namespace lambdapack::lpc
