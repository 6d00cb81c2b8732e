// C++ as it runs while a program is traced, by walking its syntax tree: constants are computed,
// functions are entered, and what belongs to the language is left to its Meaning. Two kinds of code
// are told apart: text of a program, which stands for many runs and so may not change a variable,
// and ordinary code that computes constants, which may.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "clang/AST/ASTContext.h"
#include "clang/AST/StmtVisitor.h"
#include "source/meaning.hpp"
#include "source/reporter.hpp"
#include "source/value.hpp"

namespace lambdapack::lpc {

/// A function under way.
struct Frame {
  Frame(const clang::FunctionDecl* entered, clang::SourceRange at, bool text = true,
        bool hidden = false)
      : function(entered), call(at), is_text(text), is_hidden(hidden) {}

  const clang::FunctionDecl* function;
  clang::SourceRange call;
  bool is_text;
  bool is_hidden;                     ///< of a system header: nothing is said of what stands in it
  bool is_step = false;               ///< called by the step of an ordinary loop in a text
  std::int64_t since = Birth::now();  ///< what ordinary code may change was made after that
  Cell self = nullptr;
  Cell result = nullptr;
  std::map<const clang::ValueDecl*, Cell> locals = {};
};

class Interpreter : public clang::ConstStmtVisitor<Interpreter, Cell> {
 public:
  /// `define` makes the body of a function that is an instance of a template, if it can be made.
  Interpreter(clang::ASTContext& context, Reporter& reporter, Meaning& meaning,
              std::function<void(clang::FunctionDecl&)> define)
      : context_(context), reporter_(reporter), meaning_(meaning), define_(std::move(define)) {}

  /// Runs the body of a function whose parameters are bound.
  void run_program(const clang::FunctionDecl& function,
                   std::map<const clang::ValueDecl*, Cell> locals);

  /// Where the value of an expression is kept; never null. What does not work is refused.
  Cell eval(const clang::Expr* expression);
  /// The same; refuses a value that is not known.
  Value value(const clang::Expr* expression) {
    const Cell found = eval(expression);
    touch(*found, false);
    return known(*found, expression);
  }
  /// The value that was found for an expression; refuses one that is not known.
  Value known(const Value& found, const clang::Expr* expression);

  /// The value of an expression as one of a kind.
  template <class T>
  T need(const clang::Expr* expression, const char* what) {
    const Value found = value(expression);
    if (const T* result = found.as<T>()) return *result;
    refuse_kind(expression, found, what);
  }
  /// Whether a condition holds. One on indices is refused, with what to write instead.
  bool holds(const clang::Expr* condition, const char* instead);

  Flow run(const clang::Stmt* statement);

  /// Calls a function on cells.
  Cell call(const clang::FunctionDecl& function, const Cell& self, std::span<const Cell> arguments,
            clang::SourceRange whole);

  /// Gives a variable of the function under way its value.
  void set(const clang::VarDecl& variable, Cell value) {
    frames_.back().locals[&variable] = std::move(value);
  }

  /// Where the value of a variable is kept.
  Cell look_up(const clang::VarDecl& variable);

  /// A loop or guard that is open until the block around ends. What was made after `since` is gone
  /// by then.
  void open(int scope, std::int64_t since = Birth::now()) {
    open_.push_back({scope, frames_.size(), since});
  }

  /// Whether a loop or a guard of the program was opened in the innermost ordinary loop or switch.
  bool has_opened_in_loop() const { return loops_.empty() || open_.size() > loops_.back(); }

  /// The functions of programs that were entered, as they are declared first.
  const std::set<const clang::FunctionDecl*>& entered() const { return entered_; }

  [[noreturn]] void refuse(const Complaint& complaint);
  Reporter& reporter() { return reporter_; }
  clang::ASTContext& context() { return context_; }
  const Frame& frame() const { return frames_.back(); }
  /// How many functions are under way.
  std::size_t depth() const { return frames_.size(); }
  void define(const clang::FunctionDecl& function) {
    define_(const_cast<clang::FunctionDecl&>(function));
  }

  /// Closes what was opened since it was made.
  class Block {
   public:
    explicit Block(Interpreter& reader) : reader_(reader), mark_(reader.open_.size()) {}
    Block(const Block&) = delete;
    Block& operator=(const Block&) = delete;
    ~Block() { reader_.close_to(mark_); }

   private:
    Interpreter& reader_;
    std::size_t mark_;
  };

  /// While it lives, what is evaluated runs perhaps, or several times, when the function is called.
  class Perhaps {
   public:
    explicit Perhaps(Interpreter& reader)
        : reader_(reader), around_(std::exchange(reader.perhaps_since_, Birth::now())) {}
    Perhaps(const Perhaps&) = delete;
    Perhaps& operator=(const Perhaps&) = delete;
    ~Perhaps() { reader_.perhaps_since_ = around_; }

   private:
    Interpreter& reader_;
    std::int64_t around_;
  };
  bool is_perhaps() const { return perhaps_since_ > 0; }

  /// While it lives, what is evaluated is a constant expression.
  class Constant {
   public:
    explicit Constant(Interpreter& reader, bool is_constant = true)
        : reader_(reader),
          around_(std::exchange(reader.is_constant_, reader.is_constant_ || is_constant)) {}
    Constant(const Constant&) = delete;
    Constant& operator=(const Constant&) = delete;
    ~Constant() { reader_.is_constant_ = around_; }

   private:
    Interpreter& reader_;
    bool around_;
  };

  /// The operands of an expression: while it lives, each is evaluated once, by whoever asks first.
  /// Of those from `first_free` on, whose order C++ leaves open, only one may call kernels, and
  /// none may change what another looks at.
  class Once {
   public:
    Once(Interpreter& reader, std::span<const clang::Expr* const> operands, std::size_t first_free)
        : reader_(reader) {
      Operands& own = reader_.operands_.emplace_back();
      for (std::size_t k = 0; k < operands.size(); ++k)
        own.known.emplace_back(operands[k], Operand{nullptr, k >= first_free});
      own.free = operands.size() - std::min(first_free, operands.size());
    }
    Once(const Once&) = delete;
    Once& operator=(const Once&) = delete;
    ~Once() { reader_.operands_.pop_back(); }

   private:
    Interpreter& reader_;
  };

  /// The value of an expression that stands outside of all functions: of `variable`, if it is its
  /// initialiser.
  Cell eval_outside(const clang::Expr* expression, clang::SourceRange range,
                    const clang::VarDecl* variable = nullptr);

  /// What is known of an expression without symbols, by Clang; null if it is nothing.
  Cell constant(const clang::Expr* expression);

  // Expressions.
  Cell VisitExpr(const clang::Expr* e);
  Cell VisitParenExpr(const clang::ParenExpr* e) { return eval(e->getSubExpr()); }
  Cell VisitConstantExpr(const clang::ConstantExpr* e) {
    const Constant is_constant(*this);
    return eval(e->getSubExpr());
  }
  Cell VisitFullExpr(const clang::FullExpr* e) { return eval(e->getSubExpr()); }
  Cell VisitMaterializeTemporaryExpr(const clang::MaterializeTemporaryExpr* e) {
    return eval(e->getSubExpr());
  }
  Cell VisitCXXBindTemporaryExpr(const clang::CXXBindTemporaryExpr* e);
  Cell VisitSubstNonTypeTemplateParmExpr(const clang::SubstNonTypeTemplateParmExpr* e) {
    return eval(e->getReplacement());
  }
  Cell VisitCXXDefaultArgExpr(const clang::CXXDefaultArgExpr* e);
  Cell VisitCXXDefaultInitExpr(const clang::CXXDefaultInitExpr* e);
  Cell VisitCXXRewrittenBinaryOperator(const clang::CXXRewrittenBinaryOperator* e) {
    return eval(e->getSemanticForm());
  }
  Cell VisitCXXStdInitializerListExpr(const clang::CXXStdInitializerListExpr* e) {
    return eval(e->getSubExpr());
  }
  Cell VisitIntegerLiteral(const clang::IntegerLiteral* e);
  Cell VisitCXXBoolLiteralExpr(const clang::CXXBoolLiteralExpr* e);
  Cell VisitFloatingLiteral(const clang::FloatingLiteral* e);
  Cell VisitStringLiteral(const clang::StringLiteral* e);
  Cell VisitCXXNullPtrLiteralExpr(const clang::CXXNullPtrLiteralExpr*) { return cell(Pointer{}); }
  Cell VisitDeclRefExpr(const clang::DeclRefExpr* e);
  Cell VisitMemberExpr(const clang::MemberExpr* e);
  Cell VisitCXXThisExpr(const clang::CXXThisExpr* e);
  Cell VisitCastExpr(const clang::CastExpr* e);
  Cell VisitUnaryOperator(const clang::UnaryOperator* e);
  Cell VisitBinaryOperator(const clang::BinaryOperator* e);
  Cell VisitAbstractConditionalOperator(const clang::AbstractConditionalOperator* e);
  Cell VisitArrayInitLoopExpr(const clang::ArrayInitLoopExpr* e);
  Cell VisitArrayInitIndexExpr(const clang::ArrayInitIndexExpr* e);
  Cell VisitOpaqueValueExpr(const clang::OpaqueValueExpr* e);
  Cell VisitArraySubscriptExpr(const clang::ArraySubscriptExpr* e);
  Cell VisitCallExpr(const clang::CallExpr* e);
  Cell VisitCXXConstructExpr(const clang::CXXConstructExpr* e);
  Cell VisitInitListExpr(const clang::InitListExpr* e);
  Cell VisitImplicitValueInitExpr(const clang::ImplicitValueInitExpr* e);
  Cell VisitCXXScalarValueInitExpr(const clang::CXXScalarValueInitExpr* e);
  Cell VisitLambdaExpr(const clang::LambdaExpr* e);
  Cell VisitCXXThrowExpr(const clang::CXXThrowExpr* e);
  Cell VisitCXXNewExpr(const clang::CXXNewExpr* e);
  Cell VisitCXXDeleteExpr(const clang::CXXDeleteExpr* e);

  /// Declares a variable, with the value that it is initialised with.
  void declare(const clang::VarDecl& variable);

 private:
  struct Open {
    int scope;
    std::size_t frame;
    std::int64_t since;  // what was made after that is gone when it closes
  };

  /// What ordinary code looked at, and whether it changed that. A value has its birth for a name.
  using Touched = std::map<std::int64_t, bool>;
  struct Operand {
    Cell cell;
    bool is_free = false;  // C++ leaves open when it is evaluated
    Touched touched = {};
  };
  struct Operands {
    std::vector<std::pair<const clang::Expr*, Operand>> known;  // in the order of the text
    const clang::Expr* caller = nullptr;                        // of kernels, the first free one
    std::size_t free = 0;                                       // how many are

    Operand* find(const clang::Expr* expression) {
      for (auto& [operand, own] : known)
        if (operand == expression) return &own;
      return nullptr;
    }
  };
  /// What is done to an object: it is given another value, another object takes over what it holds,
  /// or elements are added to it.
  enum class Change { value, move, length };

  [[noreturn]] void refuse_kind(const clang::Expr* expression, const Value& found,
                                const char* what);
  [[noreturn]] void refuse_choice(const clang::Expr* condition, const char* instead);
  /// Refuses an object whose end runs code of the user's.
  void refuse_destructor(clang::QualType type, clang::SourceRange where);
  /// Refuses a copy, or a move, that runs code of the user's for a part of such an object.
  void refuse_copies(const clang::CXXRecordDecl& whole, clang::SourceRange where);
  void refuse_virtual(const clang::CallExpr& whole, const clang::FunctionDecl& function);
  /// Refuses an object that holds its own address where C++ leaves open whether it is copied.
  void refuse_own_address(const Cell& made, clang::SourceRange where);
  void refuse_large(const clang::ConstantArrayType& array, clang::SourceRange where);
  void refuse_open_order(const clang::Expr& first, const clang::Expr& second);
  void touch_itself(const Value& value, bool is_change);
  void touch(const Value& value, bool is_change);
  void check_touched(const Operands& all, const Operand& own, const clang::Expr& expression);
  void count_step(clang::SourceRange range);
  void count_round(clang::SourceRange range);

  Cell initial(const clang::VarDecl& variable, const clang::Expr* init);
  Cell kept(const clang::FieldDecl& member, const clang::Expr* init);
  Value stored(const clang::FieldDecl& member, const Value& value, const clang::Expr* where);
  void refuse_digits(const clang::Expr* number);
  Cell outside(const clang::VarDecl& variable);
  std::string order_of(const clang::VarDecl& variable) const;
  Cell zero_of(clang::QualType type, clang::SourceRange where);
  /// A new object whose parts have no values yet, or are zero.
  Cell unset(clang::QualType type, const std::string& name, clang::SourceRange where,
             bool is_zero = false);
  /// A new array, whose elements `make` makes of their numbers.
  Cell elements(const clang::ConstantArrayType& array, clang::SourceRange where,
                const std::function<Cell(std::uint64_t)>& make);
  Cell field(const Cell& object, const clang::FieldDecl& member);
  Cell base(const Cell& object, const clang::CastExpr& cast);
  const Elements& elements_at(const Pointer& pointer, const clang::Expr* where);
  [[noreturn]] void refuse_move_to_itself(const clang::Expr& whole);
  Cell pointed(const Value& pointer, const clang::Expr* where);
  Value element_address(const clang::ArraySubscriptExpr& e);
  Cell address_of(const clang::Expr* inner);
  bool is_same_place(const Pointer& a, const Pointer& b, const clang::Expr* where);
  Cell beyond(const clang::Expr* e, std::span<const Value> operands);
  Value arithmetic(clang::BinaryOperatorKind op, const Value& left, const Value& right,
                   const clang::BinaryOperator* e, clang::QualType type);
  Value converted(const Value& value, clang::QualType type);
  void check_change(const clang::Expr* target, const Value& before, const clang::Expr* whole,
                    Change change = Change::value);
  void refuse_const_cast(const clang::CastExpr& cast);
  void assign(const Cell& place, Value value, const clang::Expr* target, const clang::Expr* whole);

  Cell call_known(const clang::FunctionDecl& function, const clang::CallExpr& whole,
                  std::span<const clang::Expr* const> arguments);
  /// Makes an object, of `made` if there is one already.
  Cell construct(const clang::CXXConstructorDecl& constructor, std::span<const Cell> arguments,
                 const clang::Expr& whole, Cell made = nullptr);
  void delegate(const clang::Expr& init);
  /// A move: who moves to whom, and what the text says of that.
  struct Move {
    const clang::Expr* source;
    const clang::Expr* whole;
    bool is_assignment;
  };
  void move_from(const Cell& original, Value& taker, clang::QualType type, const Move& move);
  void bind(Frame& frame, const clang::FunctionDecl& function, const Cell& self,
            std::span<const Cell> arguments);
  void initialise(const clang::CXXConstructorDecl& constructor);
  Cell run_frame(Frame frame);
  std::vector<Note> declared_here(const clang::FunctionDecl& function) const;
  bool holds_words(const clang::CXXRecordDecl& record) const;
  bool is_text(const clang::FunctionDecl& function) const;
  bool is_hidden(const clang::FunctionDecl& function) const;
  using Arguments = std::span<const clang::Expr* const>;
  Cell standard(const clang::FunctionDecl& function, const clang::CallExpr& whole,
                Arguments arguments);
  Cell standard_object(const clang::CXXConstructExpr& whole);
  Cell computed(const clang::FunctionDecl& function, const clang::CallExpr& whole,
                Arguments arguments);
  Cell put_in_place(const clang::CallExpr& whole, Arguments arguments);
  Cell of_sequence(const clang::FunctionDecl& function, Arguments arguments);
  Cell of_iterator(const clang::FunctionDecl& function, const clang::CallExpr& whole,
                   Arguments arguments);
  Cell of_text(const clang::FunctionDecl& function, Arguments arguments);
  void refuse_output(const clang::FunctionDecl& function, const clang::CallExpr& whole);

  Flow run_try(const clang::CXXTryStmt& statement);
  Flow run_block(const clang::CompoundStmt& block);
  void lose(const clang::DeclStmt& declarations);
  Flow run_declarations(const clang::DeclStmt& declarations);
  void declare_static(const clang::VarDecl& variable);
  void declare_parts(const clang::DecompositionDecl& whole);
  Flow run_if(const clang::IfStmt& statement);
  Flow run_for(const clang::ForStmt& loop);
  Flow run_range_for(const clang::CXXForRangeStmt& loop);
  Flow run_while(const clang::Stmt& loop, const clang::Expr* condition, const clang::Stmt* body,
                 bool body_first);
  void refuse_inner_labels(const clang::SwitchStmt& statement,
                           std::span<const clang::Stmt* const> children);
  Flow run_switch(const clang::SwitchStmt& statement);
  void refuse_open_copy(const clang::ReturnStmt& statement);
  Flow run_return(const clang::ReturnStmt& statement);
  Flow run_jump(const clang::Stmt& statement, Flow flow, const char* word);
  Flow run_expression(const clang::Expr& expression);
  void advance(const clang::Expr* increment);

  void close_to(std::size_t mark);

  clang::ASTContext& context_;
  Reporter& reporter_;
  Meaning& meaning_;
  std::function<void(clang::FunctionDecl&)> define_;
  std::vector<Frame> frames_;
  std::vector<Open> open_;
  std::vector<Operands> operands_;  // of the calls and operators under way
  std::vector<Touched> watches_;    // of the operands under way whose order C++ leaves open
  std::map<const clang::VarDecl*, Cell> outside_;
  std::vector<const clang::VarDecl*> initialising_;  // variables of the file, as the run starts
  std::map<const clang::OpaqueValueExpr*, Cell> opaque_;   // arrays whose elements are copied
  std::vector<std::uint64_t> copied_;                      // the numbers of those elements
  const clang::CXXDefaultArgExpr* default_arg_ = nullptr;  // that is being evaluated
  std::vector<std::size_t> loops_;  // how much was open where each ordinary loop began
  std::set<const clang::FunctionDecl*> entered_;
  int depth_ = 0;  // of the expression under way
  bool is_advancing_ = false;
  Cell made_;                       // the aggregate whose members are being initialised
  std::int64_t perhaps_since_ = 0;  // what was made after that may be changed; 0: all of it
  bool is_constant_ = false;
  std::int64_t steps_ = 0;
  std::int64_t rounds_ = 0;
};

}  // namespace lambdapack::lpc
