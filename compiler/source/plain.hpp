// What ordinary functions over lp::Tiles mean (include/lambdapack/plain/): C++'s own loops and
// conditions, on integers that have no value while the function is read, and kernels that are
// called on tiles in place. What it reads becomes the program that the same text in the language
// is.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "source/language.hpp"
#include "source/obligation.hpp"
#include "source/symbolic.hpp"

namespace lambdapack::lpc {

/// A condition on indices, or whether an index, such as a parameter that is a bool, is not zero.
std::optional<lambdapack::Condition> as_condition(const Value& value);

/// The index of a loop while its head is read, before it has a number.
inline constexpr ir::Symbol any_round{ir::Symbol::Kind::loop, 1 << 30};

class Plain final : public Language {
 public:
  using Language::Language;

  Cell call(Interpreter& reader, const clang::FunctionDecl& function, const clang::Expr& whole,
            std::span<const clang::Expr* const> arguments) override;
  Cell construct(Interpreter& reader, const clang::CXXConstructExpr& whole) override;
  std::optional<Flow> run(Interpreter& reader, const clang::Stmt& statement) override;
  void discard(Interpreter& reader, const clang::Expr& whole, const Value& value) override;
  void close(int scope) override;
  Cell operate(Interpreter& reader, const clang::Expr& whole,
               std::span<const Value> operands) override;

  void assume(const Value& condition, bool holds) override;
  void forget_assumed() override { assumed_.pop_back(); }

  const std::vector<Obligation>& obligations() const { return obligations_; }

  /// What generated code calls a kernel; `function` is one of those that were recorded.
  const std::string& name_of(const kernel::Function& function) const {
    return names_.at(&function);
  }

 private:
  /// The variable that a loop changes, where it is kept, and by how much it is changed.
  struct Counter {
    const clang::VarDecl* variable = nullptr;
    const clang::Expr* from = nullptr;
    const clang::Expr* by = nullptr;  ///< null where it is ++ or --
    std::int64_t step = 0;            ///< the sign alone until `by` is read
    Cell place = nullptr;
    Value begin = {};
  };
  /// What a loop runs from and to: `lower`, and before `upper`, where all of `also` hold.
  struct Bounds {
    lambdapack::Expr lower;
    lambdapack::Expr upper;
    std::vector<ir::Comparison> also;
    std::size_t begins = 0;  ///< how many of them hold from the beginning
  };
  struct OpenScope {
    int scope;
    const clang::FunctionDecl* function;
    Cell counter;  ///< null where it is no loop
  };
  /// What must be shown for each value that a loop's condition is looked at with.
  struct Pending {
    Obligation::Kind kind;
    clang::SourceRange range;
    lambdapack::Expr value;
    std::vector<ir::Comparison> where;  ///< they hold where it must be shown
  };

  // Statements.
  Flow loop(Interpreter& reader, const clang::ForStmt& loop);
  Counter counter_of(Interpreter& reader, const clang::ForStmt& loop) const;
  void begin(Interpreter& reader, const clang::ForStmt& loop, Counter& counter);
  void read_step(Interpreter& reader, const clang::ForStmt& loop, Counter& counter);
  void oblige_head(const Counter& counter, const Bounds& bounds,
                   const std::vector<Pending>& pending);
  Bounds bounds_of(Interpreter& reader, const clang::ForStmt& loop, Counter& counter);
  Value read_head(Interpreter& reader, const clang::Expr& condition, std::vector<Pending>& pending);
  void bound_from_below(Interpreter& reader, const Counter& counter, Bounds& bounds);
  void add_bound(Interpreter& reader, const clang::Expr& condition, const Counter& counter,
                 const ir::Comparison& comparison, bool& is_bounded, Bounds& bounds);
  Flow choose(Interpreter& reader, const clang::IfStmt& statement);
  Flow choose(Interpreter& reader, const clang::IfStmt& statement, const Value& found);
  Flow block(Interpreter& reader, const clang::CompoundStmt& block);
  bool skips_rest(Interpreter& reader, const clang::IfStmt& statement,
                  const clang::CompoundStmt& block) const;
  Flow skip_rest(Interpreter& reader, const clang::IfStmt& statement, std::int64_t since);
  std::vector<ir::Expr> rounds() const;
  void declare_temp(Interpreter& reader, const clang::VarDecl& variable);
  bool stays_in_ordinary(Interpreter& reader, const clang::Stmt& jump) const;
  bool ends_what_ends(Interpreter& reader, const clang::Stmt& jump) const;
  void refuse_jump(Interpreter& reader, const clang::Stmt& jump, const char* word) const;
  void refuse_statement(Interpreter& reader, const clang::Stmt& statement) const;
  void open(Interpreter& reader, int scope, const std::string& index, Cell counter,
            clang::SourceRange range, std::int64_t since = Birth::now());
  void open_guard(Interpreter& reader, const lambdapack::Condition& condition,
                  clang::SourceRange range, std::int64_t since = Birth::now());

  /// A tile that C++ lends from where `A(i, j)` is evaluated to the end of the whole expression.
  struct Loan {
    int number = 0;
    std::size_t depth = 0;  ///< of the function that it ends in
    bool is_used = false;
  };

  // Loans.
  Cell lend(Interpreter& reader, const Cell& made);
  void end_loans(std::size_t depth);
  void use_loan(Interpreter& reader, const Tile& tile, const clang::Expr& where);
  void check_alone(Interpreter& reader, const std::set<int>& own, const clang::Expr& whole);

  // Calls.
  Cell member(Interpreter& reader, const clang::CXXMethodDecl& method, const clang::Expr& whole,
              Arguments arguments);
  Cell extreme(Interpreter& reader, bool least, Arguments arguments);
  void call_kernel_in_place(Interpreter& reader, const clang::Expr& whole, const Word& kernel,
                            Arguments arguments);
  Word kernel(Interpreter& reader, const clang::FunctionDecl& function, const clang::Expr& whole,
              Arguments arguments);
  Word kernel_word(Interpreter& reader, const clang::Expr& whole, const clang::Expr& word);

  // Arithmetic.
  Cell cast(Interpreter& reader, const clang::CastExpr& cast, const Value& given);
  Cell unary(Interpreter& reader, const clang::UnaryOperator& e, const Value& given);
  Cell binary(Interpreter& reader, const clang::BinaryOperator& e, const Value& left,
              const Value& right);
  Cell scaled(Interpreter& reader, const clang::BinaryOperator& e, const lambdapack::Expr& left,
              const lambdapack::Expr& right);
  Cell divided(Interpreter& reader, const clang::BinaryOperator& e, const lambdapack::Expr& left,
               const lambdapack::Expr& right);
  void refuse_narrow(Interpreter& reader, clang::QualType type, const std::string& what,
                     clang::SourceRange range) const;
  void oblige(Obligation::Kind kind, const Extreme& value, clang::SourceRange range);
  void oblige(const ir::Program& program, int scope, Obligation::Kind kind,
              const lambdapack::Expr& value, clang::SourceRange range,
              const std::vector<ir::Comparison>& where);

  std::vector<OpenScope> open_;
  std::vector<Loan> lent_;
  int last_loan_ = 0;
  int among_arguments_ = 0;  // of calls of kernels with several
  std::vector<lambdapack::Condition> assumed_;
  std::vector<Obligation> obligations_;
  std::vector<Pending>* pending_ = nullptr;  // of the loop whose condition is read
  std::map<const clang::Decl*, Word> kernels_;
  std::map<const kernel::Function*, std::string> names_;
};

}  // namespace lambdapack::lpc
