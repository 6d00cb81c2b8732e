#include "source/language.hpp"

#include <algorithm>
#include <string_view>

#include "clang/AST/DeclTemplate.h"
#include "clang/Lex/Lexer.h"
#include "lambdapack/codes.hpp"
#include "lambdapack/error.hpp"
#include "lambdapack/text.hpp"
#include "source/codes.hpp"
#include "source/interpreter.hpp"

namespace lambdapack::lpc {

bool is_ours(const clang::Decl& declaration) {
  const clang::DeclContext* at = declaration.getDeclContext();
  while (at != nullptr && !at->isTranslationUnit()) {
    const auto* space = llvm::dyn_cast<clang::NamespaceDecl>(at);
    if (space != nullptr && space->getName() == "lambdapack" &&
        at->getParent()->isTranslationUnit())
      return true;
    at = at->getParent();
  }
  return false;
}

std::string plain_name(const clang::NamedDecl& declaration) {
  std::string name = declaration.getDeclName().getAsString();
  if (llvm::isa<clang::CXXConstructorDecl>(declaration)) name = "";
  for (const clang::DeclContext* at = declaration.getDeclContext(); !at->isTranslationUnit();
       at = at->getParent()) {
    const auto* space = llvm::dyn_cast<clang::NamespaceDecl>(at);
    if (space != nullptr && (space->isInline() || space->isAnonymousNamespace())) continue;
    if (const auto* named = llvm::dyn_cast<clang::NamedDecl>(at);
        named != nullptr && !llvm::isa<clang::FunctionDecl>(at))
      name = named->getName().str() + "::" + name;
  }
  return name;
}

std::string our_class(clang::QualType type) {
  const auto* record = type.getNonReferenceType()->getAsCXXRecordDecl();
  if (record == nullptr || !is_ours(*record)) return {};
  return plain_name(*record).substr(std::string_view("lambdapack::").size());
}

namespace {

/// Argument `k` of the template that a class is an instance of.
const clang::TemplateArgument* template_argument(clang::QualType type, unsigned k) {
  const auto* record = llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(
      type.getNonReferenceType()->getAsCXXRecordDecl());
  if (record == nullptr || record->getTemplateArgs().size() <= k) return nullptr;
  return &record->getTemplateArgs().get(k);
}

/// A second guard in place of an else, if the first is a plain `lp::when(condition)`.
std::vector<clang::FixItHint> opposite_guard(const clang::ASTContext& context,
                                             const clang::IfStmt& guarded) {
  const clang::Expr* init = guarded.getConditionVariable()->getInit();
  const auto* call = init != nullptr
                         ? llvm::dyn_cast<clang::CallExpr>(init->IgnoreUnlessSpelledInSource())
                         : nullptr;
  if (call == nullptr || call->getNumArgs() == 0 || guarded.getElseLoc().isMacroID()) return {};
  const llvm::StringRef condition = clang::Lexer::getSourceText(
      clang::CharSourceRange::getTokenRange(call->getArg(0)->getSourceRange()),
      context.getSourceManager(), context.getLangOpts());
  if (condition.empty()) return {};
  return {clang::FixItHint::CreateReplacement(
      guarded.getElseLoc(), text({"if (auto otherwise = lp::when(!(", condition.str(), ")))"}))};
}

}  // namespace

ParameterKind parameter_kind(clang::QualType type) {
  const std::string name = our_class(type);
  ParameterKind result;
  if (name == "Integer") result.kind = ParameterKind::Kind::integer;
  static const std::map<std::string, ir::ArrayRole, std::less<>> roles = {
      {"In", ir::ArrayRole::in},
      {"Out", ir::ArrayRole::out},
      {"InOut", ir::ArrayRole::inout},
      {"Tiles", ir::ArrayRole::inout},
      {"OutTiles", ir::ArrayRole::out}};
  const auto found = roles.find(name);
  if (found == roles.end()) return result;
  result.kind = ParameterKind::Kind::array;
  result.role = name == "Tiles" && type.getNonReferenceType().isConstQualified() ? ir::ArrayRole::in
                                                                                 : found->second;
  result.element = template_argument(type, 0)->getAsType();
  result.rank = static_cast<int>(template_argument(type, 1)->getAsIntegral().getExtValue());
  return result;
}

// The sentence is the library's, but for the line, which the caret shows.
void Language::refuse_as(Interpreter& reader, const clang::Expr& where, const char* otherwise,
                         const program_error& e) {
  std::string what = e.what();
  const std::string code = e.code().empty() ? otherwise : std::string(e.code());
  if (!e.code().empty()) what.resize(what.size() - e.code().size() - 3);
  for (const std::string part : {"lambdapack: ", " at line 0", "line 0 "})
    if (const std::size_t at = what.find(part); at != std::string::npos)
      what.replace(at, part.size(), part == "line 0 " ? "this " : "");
  reader.refuse({code, what, where.getSourceRange()});
}

struct Language::Words {
  static Handler handler(const std::string& name) {
    static const std::map<std::string, Handler, std::less<>> words = {
        {"operator+", &Language::binary},
        {"operator-", &Language::binary},
        {"operator*", &Language::binary},
        {"operator<", &Language::binary},
        {"operator<=", &Language::binary},
        {"operator==", &Language::binary},
        {"operator!=", &Language::binary},
        {"operator>=", &Language::binary},
        {"operator>", &Language::binary},
        {"operator||", &Language::binary},
        {"operator&&", &Language::binary},
        {"operator!", &Language::negate},
        {"operator/", &Language::function_of},
        {"operator%", &Language::function_of},
        {"pow", &Language::function_of},
        {"log_floor", &Language::function_of},
        {"log_ceil", &Language::function_of},
        {"pow2", &Language::function_of},
        {"log2_floor", &Language::function_of},
        {"log2_ceil", &Language::function_of},
        {"detail::BoundArray::extent", &Language::extent},
        {"Temp::extent", &Language::extent},
        {"detail::Accessible::operator()", &Language::tile},
        {"temp", &Language::temp},
        {"extents", &Language::extents},
        {"Out::unwritten", &Language::unwritten},
        {"range", &Language::range},
        {"Range::lower", &Language::range_part},
        {"Range::upper", &Language::range_part},
        {"Range::step", &Language::range_part},
        {"when", &Language::when},
        {"Guard::operator bool", &Language::truth_of},
        {"tie", &Language::tie},
        {"TileRef::operator=", &Language::assign},
        {"TileRef::operator+=", &Language::add},
        {"detail::Tie::operator=", &Language::assign},
        {"stop_if", &Language::stop_if},
        {"make_kernel", &Language::make_kernel},
        {"detail::word", &Language::word},
        {"KernelWord::operator()", &Language::call_kernel},
    };
    const auto found = words.find(name);
    return found == words.end() ? nullptr : found->second;
  }

  static Maker maker(const std::string& name) {
    static const std::map<std::string, Maker, std::less<>> makers = {
        {"Expr", &Language::make_expr},
        {"Integer", &Language::make_expr},
        {"detail::IntegerConstant", &Language::make_expr},
        {"In", &Language::make_array},
        {"Out", &Language::make_array},
        {"InOut", &Language::make_array},
        {"detail::Subscript", &Language::make_subscript},
        {"detail::UnwrittenRule", &Language::make_rule},
        {"Range", &Language::make_range},
        {"Guard", &Language::make_guard},
    };
    const auto found = makers.find(name);
    return found == makers.end() ? nullptr : found->second;
  }
};

Cell Language::call(Interpreter& reader, const clang::FunctionDecl& function,
                    const clang::Expr& whole, Arguments arguments) {
  const clang::FunctionDecl* key = function.getCanonicalDecl();
  auto found = handlers_.find(key);
  if (found == handlers_.end()) {
    Handler handler = nullptr;
    if (is_ours(function)) {
      const std::string name = plain_name(function);
      handler = Words::handler(name.substr(std::string_view("lambdapack::").size()));
    }
    found = handlers_.emplace(key, handler).first;
  }
  return found->second == nullptr ? nullptr
                                  : (this->*found->second)(reader, function, whole, arguments);
}

Cell Language::construct(Interpreter& reader, const clang::CXXConstructExpr& whole) {
  const std::string name = our_class(whole.getType());
  if (name.empty()) return nullptr;
  const clang::CXXConstructorDecl* constructor = whole.getConstructor();
  const bool copies = constructor->isCopyOrMoveConstructor() ||
                      (whole.getNumArgs() >= 1 && our_class(whole.getArg(0)->getType()) == name);
  if (copies && whole.getNumArgs() >= 1) return cell(copy(*reader.eval(whole.getArg(0))));
  const Maker maker = Words::maker(name);
  return maker == nullptr ? nullptr : (this->*maker)(reader, whole);
}

bool Language::speaks(clang::QualType type) const {
  clang::QualType bare = type.getNonReferenceType();
  while (bare->isPointerType() || bare->isArrayType())
    bare = bare->isPointerType() ? bare->getPointeeType()
                                 : bare->castAsArrayTypeUnsafe()->getElementType();
  return !our_class(bare).empty();
}

bool Language::is_lasting(clang::QualType type) const { return our_class(type) == "KernelWord"; }

std::optional<Flow> Language::run(Interpreter& reader, const clang::Stmt& statement) {
  if (const auto* guarded = llvm::dyn_cast<clang::IfStmt>(&statement)) {
    const clang::VarDecl* variable = guarded->getConditionVariable();
    if (variable != nullptr && guarded->getElse() != nullptr &&
        our_class(variable->getType()) == "Guard")
      reader.reporter().say(
          Reporter::Level::Error,
          {codes::else_of_guard,
           "the else of a guard never runs, since a guard is true while a program is traced; write "
           "a second guard with the opposite condition, if (auto otherwise = lp::when(!(...)))",
           {guarded->getElseLoc(), guarded->getElseLoc()},
           opposite_guard(reader.context(), *guarded)});
    return std::nullopt;
  }
  const auto* loop = llvm::dyn_cast<clang::CXXForRangeStmt>(&statement);
  if (loop == nullptr || our_class(loop->getRangeInit()->getType()) != "Range") return std::nullopt;

  const Interpreter::Block block(reader);
  reader.run(loop->getInit());
  const clang::Expr* init = loop->getRangeInit();
  const auto range = reader.need<lambdapack::Range>(init, "an lp::range");
  const ir::Expr &lower = range.lower().value, &upper = range.upper().value,
                 &step = range.step().value;
  if (loops_.size() >= ir::max_depth)
    reader.refuse({lambdapack::codes::ill_formed,
                   text({"loops of a program nest at most ", ir::max_depth,
                         " deep; take this one apart, or give an array one dimension less"}),
                   {loop->getForLoc(), loop->getRParenLoc()}});
  const int scope = checked(reader, *init, codes::construct,
                            [&] { return recorder_.open_loop(lower, upper, step, {}); });
  loops_.push_back(scope);
  const clang::VarDecl* variable = loop->getLoopVariable();
  scopes_.push_back({scope, variable->getName().str(),
                     places_.mark({loop->getForLoc(), loop->getRParenLoc()}, init->getBeginLoc())});
  reader.open(scope);
  reader.set(*variable, cell(lambdapack::Expr(ir::Symbol{ir::Symbol::Kind::loop, scope})));
  reader.run(loop->getBody());
  return Flow::next;
}

void Language::discard(Interpreter& reader, const clang::Expr& whole, const Value& value) {
  const clang::SourceRange range = whole.getSourceRange();
  if (const Call* call = value.as<Call>()) {
    const std::string name = call->function->name;
    reader.refuse({codes::discarded,
                   call->update ? text({"nothing is done with what ", name,
                                        " adds; add it to a tile, C(i, j) += ", name, "(...)"})
                                : text({"nothing is done with what ", name,
                                        " makes; assign it to a tile, A(i, j) = ", name,
                                        "(...), or to several with lp::tie"}),
                   range});
  }
  if (value.as<Tile>())
    reader.refuse({codes::discarded,
                   "this names a tile and does nothing with it; write A(i, j) = kernel(...)",
                   range});
  if (value.as<OpenGuard>())
    reader.refuse({codes::loose_guard,
                   "this guard ends before anything stands in it; write if (auto inside = "
                   "lp::when(condition)) { ... }",
                   range});
}

void Language::complete(ir::Program& program) const {
  for (const ScopeMark& mark : scopes_) {
    ir::Scope& scope = program.scopes[static_cast<std::size_t>(mark.scope)];
    scope.location = mark.place;
    if (ir::Loop* loop = std::get_if<ir::Loop>(&scope.what); loop && !mark.index.empty())
      loop->index = mark.index;
  }
  for (std::size_t s = 0; s < program.statements.size(); ++s) {
    ir::Statement& statement = program.statements[s];
    statement.location = statements_[s];
    for (std::vector<ir::Access>* accesses : {&statement.writes, &statement.reads})
      for (ir::Access& access : *accesses)
        if (access.location == ir::Location{}) access.location = statements_[s];
  }
}

// Statements.

Cell Language::range(Interpreter& reader, const clang::FunctionDecl& function,
                     const clang::Expr& whole, Arguments arguments) {
  // The last parameter is the place.
  const std::size_t bounds = function.getNumParams() - 1;
  const lambdapack::Expr first = index(reader, arguments[0]);
  const lambdapack::Expr lower = bounds == 1 ? lambdapack::Expr(0) : first;
  const lambdapack::Expr upper = bounds == 1 ? first : index(reader, arguments[1]);
  const lambdapack::Expr step = bounds == 3 ? index(reader, arguments[2]) : lambdapack::Expr(1);
  return cell(checked(reader, whole, codes::construct, [&] {
    return lambdapack::Range(lower, upper, step, std::source_location());
  }));
}

Cell Language::range_part(Interpreter& reader, const clang::FunctionDecl& function,
                          const clang::Expr&, Arguments arguments) {
  const auto range = reader.need<lambdapack::Range>(arguments[0], "an lp::range");
  const llvm::StringRef name = function.getName();
  return cell(name == "lower" ? range.lower() : name == "upper" ? range.upper() : range.step());
}

Cell Language::open_guard(Interpreter& reader, const lambdapack::Condition& condition,
                          const clang::Expr& whole) {
  const int scope = recorder_.open_guard(condition.value, {});
  scopes_.push_back({scope, "", places_.mark(whole.getSourceRange(), whole.getBeginLoc())});
  reader.open(scope);
  return cell(OpenGuard{scope});
}

Cell Language::when(Interpreter& reader, const clang::FunctionDecl&, const clang::Expr& whole,
                    Arguments arguments) {
  return open_guard(reader, condition(reader, arguments[0]), whole);
}

Cell Language::tie(Interpreter& reader, const clang::FunctionDecl&, const clang::Expr&,
                   Arguments arguments) {
  Tie result;
  for (const clang::Expr* argument : arguments)
    result.tiles.push_back(reader.need<Tile>(argument, "a tile").access);
  return cell(std::move(result));
}

void Language::add_statement(std::vector<ir::Access> writes, const Call& call,
                             clang::SourceRange range, bool reduction) {
  statements_.push_back(places_.mark(range, writes.front().location));
  std::vector<ir::Access> reads = call.reads;
  if (reduction) reads.insert(reads.begin(), writes.front());
  recorder_.add_statement(std::move(writes), call.kernel, std::move(reads), call.scalars,
                          reduction);
}

Cell Language::assign(Interpreter& reader, const clang::FunctionDecl&, const clang::Expr& whole,
                      Arguments arguments) {
  const Call call = reader.need<Call>(arguments[1], "what a kernel makes");
  const Value target = reader.value(arguments[0]);
  if (const auto* tile = target.as<Tile>())
    add_statement({tile->access}, call, whole.getSourceRange(), false);
  else if (const auto* tie = target.as<Tie>())
    add_statement(tie->tiles, call, whole.getSourceRange(), false);
  return cell(Nothing{});
}

Cell Language::add(Interpreter& reader, const clang::FunctionDecl&, const clang::Expr& whole,
                   Arguments arguments) {
  const Call call = reader.need<Call>(arguments[1], "what a kernel adds");
  add_statement({reader.need<Tile>(arguments[0], "a tile").access}, call, whole.getSourceRange(),
                true);
  return cell(Nothing{});
}

// Objects that are made.

Cell Language::make_expr(Interpreter& reader, const clang::CXXConstructExpr& whole) {
  return cell(whole.getNumArgs() == 0 ? lambdapack::Expr(0) : index(reader, whole.getArg(0)));
}

Cell Language::make_array(Interpreter& reader, const clang::CXXConstructExpr& whole) {
  const Array array = reader.need<Array>(whole.getArg(0), "an array of the program");
  if (our_class(whole.getArg(0)->getType()) == "Temp")
    checked(reader, whole, codes::construct,
            [&] { recorder_.hand_over(array.id, std::source_location()); });
  return cell(array);
}

Cell Language::make_subscript(Interpreter& reader, const clang::CXXConstructExpr& whole) {
  return cell(Subscript{{index(reader, whole.getArg(0)).value, std::nullopt}});
}

Cell Language::make_rule(Interpreter& reader, const clang::CXXConstructExpr& whole) {
  if (our_class(whole.getArg(0)->getType()) == "Zero") return cell(Rule{});
  return cell(Rule{reader.need<Word>(whole.getArg(0), "a kernel of lp::make_kernel").function});
}

Cell Language::make_range(Interpreter& reader, const clang::CXXConstructExpr& whole) {
  const lambdapack::Expr lower = index(reader, whole.getArg(0)),
                         upper = index(reader, whole.getArg(1)),
                         step = index(reader, whole.getArg(2));
  return cell(checked(reader, whole, codes::construct, [&] {
    return lambdapack::Range(lower, upper, step, std::source_location());
  }));
}

Cell Language::make_guard(Interpreter& reader, const clang::CXXConstructExpr& whole) {
  return open_guard(reader, condition(reader, whole.getArg(0)), whole);
}

}  // namespace lambdapack::lpc
