// The statements of C++, as far as they may stand in a program.
#include "clang/AST/StmtOpenMP.h"
#include "lambdapack/text.hpp"
#include "llvm/ADT/ScopeExit.h"
#include "source/codes.hpp"
#include "source/interpreter.hpp"

namespace lambdapack::lpc {

namespace {

/// More than any ordinary code computes for a program, and than any program unrolls.
constexpr std::int64_t most_steps = 1'000'000, most_rounds = 10'000;

/// What to write instead of a loop of ordinary code whose end depends on sizes.
constexpr const char* loop_elsewhere =
    "a function of integers is one expression of them: write the loop in the function over "
    "lp::Tiles";

/// How a construct is called in a sentence.
std::string name_of(const clang::Stmt& statement) {
  if (llvm::isa<clang::AsmStmt>(statement)) return "assembly language";
  if (llvm::isa<clang::CoroutineBodyStmt, clang::CoreturnStmt>(statement)) return "a coroutine";
  if (llvm::isa<clang::OMPExecutableDirective>(statement)) return "a directive of OpenMP";
  return "this statement";
}

}  // namespace

void Interpreter::count_step(clang::SourceRange range) {
  if (++steps_ > most_steps)
    refuse({codes::endless_loop,
            "this takes more than a million steps while the program is read, or never ends; "
            "compute less in C++, or end the loop",
            range});
}

// Before its elements are made one by one.
void Interpreter::refuse_large(const clang::ConstantArrayType& array, clang::SourceRange where) {
  const std::uint64_t size = context_.getConstantArrayElementCount(&array);
  if (size > most_steps)
    refuse({codes::endless_loop,
            text({"this array has ", size,
                  " elements, and at most a million are made while the program is read; make it "
                  "smaller, or compute in kernels"}),
            where});
}

void Interpreter::count_round(clang::SourceRange range) {
  count_step(range);
  if (frame().is_text && ++rounds_ > most_rounds)
    refuse({codes::endless_loop,
            "ordinary loops are written out, and this one has more than ten thousand rounds, or "
            "never ends; write a loop of the program, for (auto i : lp::range(n))",
            range});
}

void Interpreter::close_to(std::size_t mark) {
  while (open_.size() > mark) {
    meaning_.close(open_.back().scope);
    open_.pop_back();
  }
}

Flow Interpreter::run(const clang::Stmt* statement) {
  if (statement == nullptr) return Flow::next;
  if (const auto* it = llvm::dyn_cast<clang::DeclStmt>(statement)) lose(*it);
  if (const auto flow = meaning_.run(*this, *statement)) return *flow;
  if (const auto* block = llvm::dyn_cast<clang::CompoundStmt>(statement)) return run_block(*block);
  if (const auto* it = llvm::dyn_cast<clang::DeclStmt>(statement)) return run_declarations(*it);
  if (const auto* it = llvm::dyn_cast<clang::Expr>(statement)) return run_expression(*it);
  if (const auto* it = llvm::dyn_cast<clang::IfStmt>(statement)) return run_if(*it);
  if (const auto* it = llvm::dyn_cast<clang::CXXForRangeStmt>(statement)) return run_range_for(*it);
  if (const auto* it = llvm::dyn_cast<clang::ForStmt>(statement)) return run_for(*it);
  if (const auto* it = llvm::dyn_cast<clang::WhileStmt>(statement))
    return run_while(*it, it->getCond(), it->getBody(), false);
  if (const auto* it = llvm::dyn_cast<clang::DoStmt>(statement))
    return run_while(*it, it->getCond(), it->getBody(), true);
  if (const auto* it = llvm::dyn_cast<clang::SwitchStmt>(statement)) return run_switch(*it);
  if (const auto* it = llvm::dyn_cast<clang::ReturnStmt>(statement)) return run_return(*it);
  if (llvm::isa<clang::BreakStmt>(statement))
    return run_jump(*statement, Flow::leave_loop, "break");
  if (llvm::isa<clang::ContinueStmt>(statement))
    return run_jump(*statement, Flow::next_round, "continue");
  if (llvm::isa<clang::NullStmt>(statement)) return Flow::next;
  if (const auto* it = llvm::dyn_cast<clang::AttributedStmt>(statement))
    return run(it->getSubStmt());
  if (const auto* it = llvm::dyn_cast<clang::SwitchCase>(statement)) return run(it->getSubStmt());
  if (const auto* it = llvm::dyn_cast<clang::CXXTryStmt>(statement)) return run_try(*it);
  if (const auto* it = llvm::dyn_cast<clang::LabelStmt>(statement)) return run(it->getSubStmt());
  if (llvm::isa<clang::GotoStmt, clang::IndirectGotoStmt>(statement))
    refuse({codes::jump,
            "a program may not jump with goto; write its statements in the order in which they are "
            "to be, in loops and under conditions",
            statement->getSourceRange()});
  refuse({codes::construct,
          text({"a program may not contain ", name_of(*statement),
                "; write loops over lp::range, guards of lp::when, and tile = kernel(...)"}),
          statement->getSourceRange()});
}

Flow Interpreter::run_try(const clang::CXXTryStmt& statement) {
  if (frame().is_text)
    refuse({codes::construct,
            "a program may not catch exceptions: what its kernels throw ends the run, and reaches "
            "whoever started it; write try around the run",
            {statement.getTryLoc(), statement.getTryLoc()}});
  return run(statement.getTryBlock());
}

Flow Interpreter::run_block(const clang::CompoundStmt& block) {
  const Block guard(*this);
  bool is_refused = false;
  for (const clang::Stmt* statement : block.body()) {
    count_step(statement->getSourceRange());
    try {
      const Flow flow = run(statement);
      if (flow != Flow::next) return flow;
    } catch (const Refused&) {
      if (!frame().is_text) throw;
      is_refused = true;  // what stands behind it may be wrong too
    }
  }
  if (is_refused && frames_.size() > 1) throw Refused{};
  return Flow::next;
}

// Of a variable whose declaration is refused nothing more is said.
void Interpreter::lose(const clang::DeclStmt& declarations) {
  for (const clang::Decl* declaration : declarations.decls())
    if (const auto* variable = llvm::dyn_cast<clang::VarDecl>(declaration))
      if (!variable->hasGlobalStorage()) frames_.back().locals[variable] = cell(Lost{});
}

Flow Interpreter::run_declarations(const clang::DeclStmt& declarations) {
  for (const clang::Decl* declaration : declarations.decls())
    if (const auto* variable = llvm::dyn_cast<clang::VarDecl>(declaration)) {
      if (variable->hasGlobalStorage())
        declare_static(*variable);
      else
        declare(*variable);
    }
  return Flow::next;
}

// It is made in the first call alone, which nobody would notice of a value only.
void Interpreter::declare_static(const clang::VarDecl& variable) {
  if (!variable.hasInit() || variable.hasConstantInitialization()) return;
  const std::size_t told = meaning_.told();
  if (look_up(variable)->as<Unknown>()) eval_outside(variable.getInit(), variable.getSourceRange());
  if (meaning_.told() > told)
    refuse({codes::side_effect,
            text({"'", variable.getName().str(),
                  "' is static, so that what it is made with calls kernels in the first call "
                  "only; leave static out, or call them in a statement"}),
            variable.getSourceRange()});
}

void Interpreter::declare(const clang::VarDecl& variable) {
  Cell& kept = frames_.back().locals[&variable];
  kept = cell(Lost{});
  refuse_destructor(variable.getType(), variable.getSourceRange());
  if (!variable.hasInit()) {
    kept = unset(variable.getType(), text({"'", variable.getName().str(), "'"}),
                 variable.getSourceRange());
    return;
  }
  Cell made = initial(variable, variable.getInit());
  frames_.back().locals[&variable] = std::move(made);
  if (const auto* whole = llvm::dyn_cast<clang::DecompositionDecl>(&variable))
    declare_parts(*whole);
}

// Of a std::pair and its like each name has a variable of its own, which get<k> gives its value.
void Interpreter::declare_parts(const clang::DecompositionDecl& whole) {
  for (const clang::BindingDecl* part : whole.bindings())
    if (const clang::VarDecl* kept = part->getHoldingVar()) declare(*kept);
}

Flow Interpreter::run_if(const clang::IfStmt& statement) {
  const Block guard(*this);
  run(statement.getInit());
  if (statement.isConsteval())
    return run(statement.isNegatedConsteval() != is_constant_ ? statement.getThen()
                                                              : statement.getElse());
  if (const clang::DeclStmt* variable = statement.getConditionVariableDeclStmt())
    run_declarations(*variable);
  const bool chosen =
      holds(statement.getCond(),
            "a function of integers is one expression of them: take std::min or std::max, or "
            "choose with if in the function over lp::Tiles, between calls of kernels");
  return run(chosen ? statement.getThen() : statement.getElse());
}

bool Interpreter::holds(const clang::Expr* condition, const char* instead) {
  const Value found = value(condition);
  if (const llvm::APSInt* number = found.as<llvm::APSInt>()) return !number->isZero();
  if (found.as<lambdapack::Condition>()) refuse_choice(condition, instead);
  refuse_kind(condition, found, "a condition that is known while the program is read");
}

void Interpreter::advance(const clang::Expr* increment) {
  if (increment == nullptr) return;
  const bool before = std::exchange(is_advancing_, true);
  const auto leave = llvm::make_scope_exit([&] { is_advancing_ = before; });
  eval(increment);
}

Flow Interpreter::run_for(const clang::ForStmt& loop) {
  const Block guard(*this);
  run(loop.getInit());
  loops_.push_back(open_.size());
  const auto leave = llvm::make_scope_exit([&] { loops_.pop_back(); });
  Flow flow = Flow::next;
  while (true) {
    count_round({loop.getForLoc(), loop.getRParenLoc()});
    if (const clang::DeclStmt* variable = loop.getConditionVariableDeclStmt())
      run_declarations(*variable);
    if (loop.getCond() != nullptr && !holds(loop.getCond(), loop_elsewhere)) break;
    flow = run(loop.getBody());
    if (flow == Flow::leave_loop || flow == Flow::leave_function) break;
    advance(loop.getInc());
  }
  return flow == Flow::leave_function ? flow : Flow::next;
}

Flow Interpreter::run_range_for(const clang::CXXForRangeStmt& loop) {
  const Block guard(*this);
  run(loop.getInit());
  run(loop.getRangeStmt());
  run(loop.getBeginStmt());
  run(loop.getEndStmt());
  loops_.push_back(open_.size());
  const auto leave = llvm::make_scope_exit([&] { loops_.pop_back(); });
  Flow flow = Flow::next;
  while (holds(loop.getCond(), loop_elsewhere)) {
    count_round({loop.getForLoc(), loop.getRParenLoc()});
    run(loop.getLoopVarStmt());
    flow = run(loop.getBody());
    if (flow == Flow::leave_loop || flow == Flow::leave_function) break;
    advance(loop.getInc());
  }
  return flow == Flow::leave_function ? flow : Flow::next;
}

Flow Interpreter::run_while(const clang::Stmt& loop, const clang::Expr* condition,
                            const clang::Stmt* body, bool body_first) {
  if (frame().is_text)
    refuse({codes::while_loop,
            text({"a program may not loop with ", body_first ? "do" : "while",
                  ", since its text is read once for all sizes; write for (auto i : lp::range(n)), "
                  "and lp::stop_if where a tile ends the loop early"}),
            {loop.getBeginLoc(), loop.getBeginLoc()}});
  const auto* in_head = llvm::dyn_cast<clang::WhileStmt>(&loop);
  const clang::DeclStmt* variable =
      in_head != nullptr ? in_head->getConditionVariableDeclStmt() : nullptr;
  for (bool first = body_first; true; first = false) {
    if (variable != nullptr) run_declarations(*variable);
    if (!first && !holds(condition, loop_elsewhere)) break;
    count_step(condition->getSourceRange());
    const Flow flow = run(body);
    if (flow == Flow::leave_function) return flow;
    if (flow == Flow::leave_loop) break;
  }
  return Flow::next;
}

// A label in a block of its own would be jumped to, past what stands before it there.
void Interpreter::refuse_inner_labels(const clang::SwitchStmt& statement,
                                      std::span<const clang::Stmt* const> children) {
  std::set<const clang::SwitchCase*> own;
  for (const clang::Stmt* child : children)
    while (const auto* label = llvm::dyn_cast<clang::SwitchCase>(child)) {
      own.insert(label);
      child = label->getSubStmt();
    }
  for (const clang::SwitchCase* label = statement.getSwitchCaseList(); label != nullptr;
       label = label->getNextSwitchCase())
    if (!own.contains(label))
      refuse({codes::jump,
              "this label stands in a statement inside of the switch, which the switch would jump "
              "into; write the labels of a switch in its own block",
              {label->getKeywordLoc(), label->getColonLoc()}});
}

Flow Interpreter::run_switch(const clang::SwitchStmt& statement) {
  const Block guard(*this);
  run(statement.getInit());
  if (const clang::DeclStmt* variable = statement.getConditionVariableDeclStmt())
    run_declarations(*variable);
  const Value given = value(statement.getCond());
  if (given.as<lambdapack::Expr>() || given.as<Extreme>())
    refuse({codes::unknown_value,
            "an index has no value while the program is read, and switch takes one; write if (k == "
            "0) ... else if (k == 1) ..., in the function over lp::Tiles",
            statement.getCond()->getSourceRange()});
  const llvm::APSInt* number = given.as<llvm::APSInt>();
  if (number == nullptr) refuse_kind(statement.getCond(), given, "an integer constant");
  const clang::Stmt* body = statement.getBody();
  std::vector<const clang::Stmt*> children{body};
  if (const auto* block = llvm::dyn_cast<clang::CompoundStmt>(body))
    children.assign(block->body_begin(), block->body_end());
  refuse_inner_labels(statement, children);

  const auto labelled = [&](auto is_wanted) {
    return std::find_if(children.begin(), children.end(), [&](const clang::Stmt* child) {
      for (const auto* label = llvm::dyn_cast<clang::SwitchCase>(child); label != nullptr;
           label = llvm::dyn_cast<clang::SwitchCase>(label->getSubStmt()))
        if (is_wanted(*label)) return true;
      return false;
    });
  };
  auto from = labelled([&](const clang::SwitchCase& label) {
    const auto* one = llvm::dyn_cast<clang::CaseStmt>(&label);
    if (one == nullptr) return false;
    const clang::Expr* last = one->getRHS() != nullptr ? one->getRHS() : one->getLHS();
    const llvm::APSInt first = one->getLHS()->EvaluateKnownConstInt(context_);
    return llvm::APSInt::compareValues(first, *number) <= 0 &&
           llvm::APSInt::compareValues(*number, last->EvaluateKnownConstInt(context_)) <= 0;
  });
  if (from == children.end())
    from = labelled(
        [](const clang::SwitchCase& label) { return llvm::isa<clang::DefaultStmt>(label); });
  loops_.push_back(open_.size());
  const auto leave = llvm::make_scope_exit([&] { loops_.pop_back(); });
  Flow flow = Flow::next;
  for (; from != children.end() && flow == Flow::next; ++from) {
    const clang::Stmt* child = *from;
    while (const auto* label = llvm::dyn_cast<clang::SwitchCase>(child))
      child = label->getSubStmt();
    flow = run(child);
  }
  return flow == Flow::leave_loop ? Flow::next : flow;
}

// A variable that is returned by its name may be made where the result is, without a copy.
void Interpreter::refuse_open_copy(const clang::ReturnStmt& statement) {
  const clang::VarDecl* variable = statement.getNRVOCandidate();
  if (variable == nullptr) return;
  refuse_own_address(look_up(*variable), statement.getRetValue()->getSourceRange());
  const auto* made =
      llvm::dyn_cast<clang::CXXConstructExpr>(statement.getRetValue()->IgnoreImplicit());
  if (made == nullptr || !made->getConstructor()->isUserProvided()) return;
  refuse({codes::construct,
          text({"whether '", variable->getName().str(),
                "' is copied or moved here, by code of its own, C++ leaves open; return what it is "
                "made of, as in return ",
                made->getConstructor()->getParent()->getName().str(),
                "(...), or leave that code out"}),
          statement.getRetValue()->getSourceRange(),
          {},
          {{"the code is declared here", made->getConstructor()->getNameInfo().getSourceRange()}}});
}

Flow Interpreter::run_return(const clang::ReturnStmt& statement) {
  if (const clang::Expr* returned = statement.getRetValue()) {
    refuse_open_copy(statement);
    frames_.back().result = eval(returned);
    const auto* record = returned->getType()->getAsCXXRecordDecl();
    if (record != nullptr && returned->isPRValue() && record->isTriviallyCopyable())
      refuse_own_address(frames_.back().result, returned->getSourceRange());
  }
  return run_jump(statement, Flow::leave_function, "return");
}

// A jump may leave ordinary loops, but no loop or guard of the program: the text of those stands
// for many runs, of which only some would jump.
Flow Interpreter::run_jump(const clang::Stmt& statement, Flow flow, const char* word) {
  std::size_t around = 0;
  if (flow != Flow::leave_function && !loops_.empty()) around = loops_.back();
  for (std::size_t k = open_.size(); k-- > around;)
    if (open_[k].frame == frames_.size())
      refuse({codes::jump_out,
              text({"a program may not ", word,
                    " out of a loop over lp::range or a guard, whose text stands for many runs; "
                    "let it run to its end, and choose statements with if (auto x = "
                    "lp::when(condition))"}),
              statement.getSourceRange()});
  return flow;
}

Flow Interpreter::run_expression(const clang::Expr& expression) {
  const Block guard(*this);
  const Cell result = eval(&expression);
  if (frame().is_text && !frame().is_hidden) meaning_.discard(*this, expression, *result);
  return Flow::next;
}

}  // namespace lambdapack::lpc
