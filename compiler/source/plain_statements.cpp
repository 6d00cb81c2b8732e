// Functions over lp::Tiles: blocks, choices and declarations. plain_loops.cpp has the loops.
#include <algorithm>
#include <cassert>

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ParentMapContext.h"
#include "lambdapack/codes.hpp"
#include "lambdapack/text.hpp"
#include "source/codes.hpp"
#include "source/interpreter.hpp"
#include "source/plain.hpp"

namespace lambdapack::lpc {

namespace {

/// A statement without its attributes, such as [[likely]].
const clang::Stmt* unattributed(const clang::Stmt* statement) {
  while (const auto* attributed = llvm::dyn_cast_or_null<clang::AttributedStmt>(statement))
    statement = attributed->getSubStmt();
  return statement;
}

/// The jump that ends a branch, `continue` or `return`; null if none does.
const clang::Stmt* jump_at_end(const clang::Stmt* branch) {
  branch = unattributed(branch);
  if (const auto* block = llvm::dyn_cast_or_null<clang::CompoundStmt>(branch))
    branch = block->body_empty() ? nullptr : block->body_back();
  if (branch == nullptr) return nullptr;
  if (llvm::isa<clang::ContinueStmt>(branch)) return branch;
  const auto* leave = llvm::dyn_cast<clang::ReturnStmt>(branch);
  return leave != nullptr && leave->getRetValue() == nullptr ? branch : nullptr;
}

bool is_temp(const clang::Decl* declaration) {
  const auto* variable = llvm::dyn_cast<clang::VarDecl>(declaration);
  return variable != nullptr && !variable->getType()->isReferenceType() &&
         our_class(variable->getType()) == "TempTiles";
}

// How a temporary is made, also where its type is written again: `auto W = lp::TempTiles<T>(...)`.
const clang::CXXConstructExpr* construction_of(const clang::Expr* init) {
  if (init == nullptr) return nullptr;
  init = init->IgnoreImplicit();
  if (const auto* spelled = llvm::dyn_cast<clang::CXXFunctionalCastExpr>(init))
    init = spelled->getSubExpr()->IgnoreImplicit();
  return llvm::dyn_cast<clang::CXXConstructExpr>(init);
}

}  // namespace

std::optional<Flow> Plain::run(Interpreter& reader, const clang::Stmt& statement) {
  end_loans(reader.depth());
  if (!reader.frame().is_text || reader.frame().is_hidden) return std::nullopt;
  if (ends_what_ends(reader, statement)) {
    const auto* leave = llvm::dyn_cast<clang::ReturnStmt>(&statement);
    if (leave != nullptr && leave->getRetValue() != nullptr) reader.eval(leave->getRetValue());
    return Flow::next;
  }
  refuse_statement(reader, statement);
  if (const auto* it = llvm::dyn_cast<clang::CompoundStmt>(&statement)) return block(reader, *it);
  if (const auto* it = llvm::dyn_cast<clang::ForStmt>(&statement)) return loop(reader, *it);
  if (const auto* it = llvm::dyn_cast<clang::IfStmt>(&statement))
    if (!it->isConsteval()) return choose(reader, *it);
  if (const auto* it = llvm::dyn_cast<clang::DeclStmt>(&statement)) {
    if (std::none_of(it->decl_begin(), it->decl_end(), is_temp)) return std::nullopt;
    for (const clang::Decl* one : it->decls())
      if (is_temp(one))
        declare_temp(reader, llvm::cast<clang::VarDecl>(*one));
      else if (const auto* variable = llvm::dyn_cast<clang::VarDecl>(one))
        reader.declare(*variable);
    return Flow::next;
  }
  return std::nullopt;
}

// What no text for all sizes can contain, and jumps that skip more than a block's rest.
void Plain::refuse_statement(Interpreter& reader, const clang::Stmt& statement) const {
  if (llvm::isa<clang::WhileStmt, clang::DoStmt>(statement))
    reader.refuse({codes::while_loop,
                   text({"a function over lp::Tiles may not loop with ",
                         llvm::isa<clang::DoStmt>(statement) ? "do" : "while",
                         ": how often it does must show in its head; write for (int k = 0; k < n; "
                         "++k)"}),
                   {statement.getBeginLoc(), statement.getBeginLoc()}});
  if (const auto* loop = llvm::dyn_cast<clang::CXXForRangeStmt>(&statement);
      loop != nullptr && our_class(loop->getRangeInit()->getType()) == "Range")
    reader.refuse({codes::construct,
                   "a loop over lp::range belongs to the language, and does not run in a function "
                   "over lp::Tiles; write for (int k = 0; k < n; ++k)",
                   {loop->getForLoc(), loop->getRParenLoc()}});
  const auto* expression = llvm::dyn_cast<clang::Expr>(&statement);
  if (const auto* comma = llvm::dyn_cast_or_null<clang::BinaryOperator>(
          expression == nullptr ? nullptr : expression->IgnoreImplicit()->IgnoreParens());
      comma != nullptr && comma->getOpcode() == clang::BO_Comma)
    reader.refuse({codes::construct,
                   "a comma joins two calls here, which C++ then lends their tiles together; write "
                   "two statements",
                   comma->getSourceRange()});
  if (const auto* declared = llvm::dyn_cast<clang::DeclStmt>(&statement))
    for (const clang::Decl* one : declared->decls()) {
      const auto* variable = llvm::dyn_cast<clang::VarDecl>(one);
      if (variable != nullptr && our_class(variable->getType()).starts_with("plain::"))
        reader.refuse({codes::address,
                       "a tile is lent to the kernel that it is an argument of, and is not kept; "
                       "write A(i, j) where it is used",
                       variable->getSourceRange()});
    }
  if (llvm::isa<clang::BreakStmt>(statement)) refuse_jump(reader, statement, "break");
  if (llvm::isa<clang::ContinueStmt>(statement)) refuse_jump(reader, statement, "continue");
  if (llvm::isa<clang::ReturnStmt>(statement)) refuse_jump(reader, statement, "return");
}

// Whether it ends a round of a loop that is written out, or a switch, in which all is known.
bool Plain::stays_in_ordinary(Interpreter& reader, const clang::Stmt& jump) const {
  if (llvm::isa<clang::ReturnStmt>(jump) || reader.has_opened_in_loop()) return false;
  const clang::Stmt* at = &jump;
  while (at != nullptr && !llvm::isa<clang::ForStmt, clang::WhileStmt, clang::DoStmt,
                                     clang::CXXForRangeStmt, clang::SwitchStmt>(at)) {
    const auto parents = reader.context().getParents(*at);
    at = parents.empty() ? nullptr : parents[0].get<clang::Stmt>();
  }
  if (at == nullptr) return false;
  return llvm::isa<clang::CXXForRangeStmt>(at) ||
         (llvm::isa<clang::SwitchStmt>(at) && llvm::isa<clang::BreakStmt>(jump));
}

// Whether a jump stands where its function or its loop's round ends anyway, under conditions on
// indices.
bool Plain::ends_what_ends(Interpreter& reader, const clang::Stmt& jump) const {
  const bool leaves = llvm::isa<clang::ReturnStmt>(jump);
  if (!leaves && !llvm::isa<clang::ContinueStmt>(jump)) return false;
  if (leaves && !reader.frame().function->getReturnType()->isVoidType()) return false;
  if (open_.empty() || open_.back().function != reader.frame().function) return false;
  const clang::Stmt* at = &jump;
  while (at != reader.frame().function->getBody()) {
    const auto parents = reader.context().getParents(*at);
    const auto* around = parents.empty() ? nullptr : parents[0].get<clang::Stmt>();
    if (around == nullptr) return false;
    if (const auto* loop = llvm::dyn_cast<clang::ForStmt>(around))
      return !leaves && loop->getBody() == at;
    const auto* block = llvm::dyn_cast<clang::CompoundStmt>(around);
    if (block != nullptr ? block->body_back() != at
                         : !llvm::isa<clang::IfStmt, clang::AttributedStmt>(around))
      return false;
    at = around;
  }
  return leaves;
}

void Plain::refuse_jump(Interpreter& reader, const clang::Stmt& jump, const char* word) const {
  if (open_.empty() || open_.back().function != reader.frame().function) return;
  if (stays_in_ordinary(reader, jump)) return;
  reader.refuse(
      {codes::jump_out,
       text({"a function over lp::Tiles may not ", word,
             " here: it would leave statements out for some sizes only; put the condition "
             "into the head of the loop, or around the statements with if"}),
       jump.getSourceRange()});
}

void Plain::open(Interpreter& reader, int scope, const std::string& index, Cell counter,
                 clang::SourceRange range, std::int64_t since) {
  scopes_.push_back({scope, index, places_.mark(range, range.getBegin())});
  open_.push_back({scope, reader.frame().function, std::move(counter)});
  reader.open(scope, since);
  const auto loops = std::count_if(open_.begin(), open_.end(),
                                   [](const OpenScope& o) { return o.counter != nullptr; });
  if (open_.back().counter != nullptr && loops > ir::max_depth)
    reader.refuse({lambdapack::codes::ill_formed,
                   text({"loops of a program nest at most ", ir::max_depth,
                         " deep; take this one apart, or give an array one dimension less"}),
                   range});
}

void Plain::open_guard(Interpreter& reader, const lambdapack::Condition& condition,
                       clang::SourceRange range, std::int64_t since) {
  open(reader, recorder_.open_guard(condition.value, {}), "", nullptr, range, since);
}

Flow Plain::choose(Interpreter& reader, const clang::IfStmt& statement) {
  const Interpreter::Block whole(reader);
  reader.run(statement.getInit());
  if (const clang::DeclStmt* variable = statement.getConditionVariableDeclStmt())
    reader.run(variable);
  return choose(reader, statement, reader.value(statement.getCond()));
}

Flow Plain::choose(Interpreter& reader, const clang::IfStmt& statement, const Value& found) {
  if (const auto* known = found.as<llvm::APSInt>())
    return reader.run(known->isZero() ? statement.getElse() : statement.getThen());
  const auto condition = as_condition(found);
  if (!condition)
    reader.refuse({codes::unknown_value,
                   "this is no condition on indices and sizes, and nothing else is known before "
                   "tasks run; compare integers",
                   statement.getCond()->getSourceRange()});
  const clang::SourceRange range(statement.getIfLoc(), statement.getRParenLoc());
  {
    const Interpreter::Block branch(reader);
    open_guard(reader, *condition, range);
    reader.run(statement.getThen());
  }
  if (statement.getElse() != nullptr) {
    const Interpreter::Block branch(reader);
    open_guard(reader, opposite(reader, *condition, range),
               {statement.getElseLoc(), statement.getElseLoc()});
    reader.run(statement.getElse());
  }
  return Flow::next;
}

// A block, in which `if (condition) continue;` chooses what stands behind it in a loop's body, and
// `if (condition) return;` in a function's.
Flow Plain::block(Interpreter& reader, const clang::CompoundStmt& block) {
  const Interpreter::Block whole(reader);
  // The parameters of a function end with its body.
  const bool is_body = reader.frame().function->getBody() == &block;
  const std::int64_t begun = is_body ? reader.frame().since : Birth::now();
  bool is_refused = false;
  for (const clang::Stmt* statement : block.body()) {
    try {
      const auto* choice = llvm::dyn_cast<clang::IfStmt>(statement);
      const Flow flow = choice != nullptr && skips_rest(reader, *choice, block)
                            ? skip_rest(reader, *choice, begun)
                            : reader.run(statement);
      if (flow != Flow::next) return flow;
    } catch (const Refused&) {
      is_refused = true;  // what stands behind it may be wrong too
    }
  }
  if (is_refused) throw Refused{};
  return Flow::next;
}

bool Plain::skips_rest(Interpreter& reader, const clang::IfStmt& statement,
                       const clang::CompoundStmt& block) const {
  const clang::Stmt* jump = jump_at_end(statement.getThen());
  if (jump == nullptr || statement.getElse() != nullptr || statement.hasInitStorage() ||
      statement.hasVarStorage())
    return false;
  if (llvm::isa<clang::ReturnStmt>(jump)) return reader.frame().function->getBody() == &block;
  const auto parents = reader.context().getParents(block);
  return !parents.empty() && parents[0].get<clang::ForStmt>() != nullptr;
}

Flow Plain::skip_rest(Interpreter& reader, const clang::IfStmt& statement, std::int64_t since) {
  const Value found = reader.value(statement.getCond());
  const auto* known = found.as<llvm::APSInt>();
  if (known != nullptr && known->isZero()) return Flow::next;
  const auto condition = as_condition(found);
  if (!condition && known == nullptr) return choose(reader, statement, found);
  const clang::SourceRange range(statement.getIfLoc(), statement.getRParenLoc());
  const clang::Stmt* then = unattributed(statement.getThen());
  const auto* branch = llvm::dyn_cast<clang::CompoundStmt>(then);
  assert(branch != nullptr || then == jump_at_end(then));
  if (branch != nullptr && branch->size() > 1) {
    const Interpreter::Block inside(reader);
    if (condition) open_guard(reader, *condition, range);
    for (const clang::Stmt* one : branch->body()) {
      if (one == branch->body_back()) break;
      // One that is known to end the function does so.
      if (const Flow flow = reader.run(one); flow != Flow::next) return flow;
    }
  }
  if (known != nullptr)
    return llvm::isa<clang::ReturnStmt>(jump_at_end(statement.getThen())) ? Flow::leave_function
                                                                          : Flow::next_round;
  open_guard(reader, opposite(reader, *condition, range), range, since);
  return Flow::next;
}

// The counters of the loops that run around what is read next, in all functions that are under way.
std::vector<ir::Expr> Plain::rounds() const {
  std::vector<ir::Expr> counters;
  for (const OpenScope& scope : open_)
    if (scope.counter != nullptr)
      counters.push_back(lambdapack::Expr(ir::Symbol{ir::Symbol::Kind::loop, scope.scope}).value);
  return counters;
}

// Tiles that are made anew in each round of a loop are tiles of their own in each round.
void Plain::declare_temp(Interpreter& reader, const clang::VarDecl& variable) {
  std::vector<ir::Expr> sizes;
  bool is_zero = false;
  const clang::Expr* init = variable.getInit();
  reader.set(variable, cell(Lost{}));
  if (variable.hasGlobalStorage())
    reader.refuse({codes::construct,
                   "these tiles would live on from call to call, and those of a task graph are "
                   "made anew in each run; leave static out, or take an lp::Tiles parameter",
                   variable.getSourceRange()});
  const clang::CXXConstructExpr* made = construction_of(init);
  if (init != nullptr && made == nullptr)
    reader.refuse({codes::construct,
                   "how these tiles are made is not known while the program is read; declare them "
                   "as in lp::TempTiles<T, rank> W(lp::zero)",
                   variable.getSourceRange()});
  if (made != nullptr)
    for (const clang::Expr* argument : made->arguments()) {
      if (our_class(argument->getType()) == "Zero") {
        is_zero = true;
        continue;
      }
      for (const lambdapack::Expr& size : reader.need<Extents>(argument, "lp::extents").sizes)
        sizes.push_back(size.value);
    }
  const auto& arguments =
      llvm::cast<clang::ClassTemplateSpecializationDecl>(variable.getType()->getAsCXXRecordDecl())
          ->getTemplateArgs();
  const auto rank = static_cast<int>(arguments[1].getAsIntegral().getExtValue());
  Array array{0, rounds()};
  const auto around = static_cast<int>(array.rounds.size());
  const bool has_extents_in_loop = around > 0 && !sizes.empty();
  const bool is_too_deep = rank + around > ir::max_rank;
  if (has_extents_in_loop || is_too_deep) {
    sizes.clear();
    array.rounds.clear();
  }
  array.id = recorder_.declare_temp(variable.getName().str(),
                                    element_name(reader, arguments[0].getAsType(), init),
                                    rank + static_cast<int>(array.rounds.size()), std::move(sizes));
  if (is_zero) recorder_.set_unwritten(array.id, nullptr);
  reader.set(variable, cell(array));
  if (has_extents_in_loop)
    reader.refuse({codes::construct,
                   "tiles that are made anew in each round of a loop have no extents; declare the "
                   "lp::TempTiles before the loop, or leave lp::extents out and hand the sizes "
                   "over as integers",
                   variable.getSourceRange()});
  if (is_too_deep)
    reader.refuse({codes::construct,
                   text({"tiles of rank ", rank, " that are made anew in each round of ", around,
                         " loops would take ", rank + around, " indices, and there are at most ",
                         ir::max_rank, "; declare the lp::TempTiles before some of the loops"}),
                   variable.getSourceRange()});
}

}  // namespace lambdapack::lpc
