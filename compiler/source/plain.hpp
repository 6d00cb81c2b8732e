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

class Plain final : public Language {
 public:
  using Language::Language;

  Cell call(Interpreter& reader, const clang::FunctionDecl& function, const clang::Expr& whole,
            std::span<const clang::Expr* const> arguments) override;
  std::optional<Flow> run(Interpreter& reader, const clang::Stmt& statement) override;
  void discard(Interpreter& reader, const clang::Expr& whole, const Value& value) override;
  void close(int scope) override;
  Cell operate(Interpreter& reader, const clang::Expr& whole,
               std::span<const Value> operands) override;

  const std::vector<Obligation>& obligations() const { return obligations_; }

  /// What generated code calls a kernel; `function` is one of those that were recorded.
  const std::string& name_of(const kernel::Function& function) const {
    return names_.at(&function);
  }

 private:
  /// The variable that a loop changes, and by how much.
  struct Counter {
    const clang::VarDecl* variable = nullptr;
    const clang::Expr* from = nullptr;
    std::int64_t step = 0;
  };
  /// What a loop runs from and to: `lower`, and before `upper`, where all of `also` hold.
  struct Bounds {
    lambdapack::Expr lower;
    lambdapack::Expr upper;
    std::vector<ir::Comparison> also;
  };
  struct OpenScope {
    int scope;
    const clang::FunctionDecl* function;
    const clang::VarDecl* counter;
  };

  // Statements.
  Flow loop(Interpreter& reader, const clang::ForStmt& loop);
  Counter counter_of(Interpreter& reader, const clang::ForStmt& loop) const;
  Bounds bounds_of(Interpreter& reader, const clang::ForStmt& loop, const Counter& counter);
  void bound_from_below(Interpreter& reader, const Counter& counter, Bounds& bounds);
  void add_bound(Interpreter& reader, const clang::Expr& condition, const Counter& counter,
                 const ir::Comparison& comparison, bool& is_bounded, Bounds& bounds);
  Flow choose(Interpreter& reader, const clang::IfStmt& statement);
  Flow block(Interpreter& reader, const clang::CompoundStmt& block);
  bool skips_rest(Interpreter& reader, const clang::IfStmt& statement,
                  const clang::CompoundStmt& block) const;
  Flow skip_rest(Interpreter& reader, const clang::IfStmt& statement);
  std::vector<ir::Expr> rounds() const;
  void declare_temp(Interpreter& reader, const clang::VarDecl& variable);
  bool stays_in_ordinary(Interpreter& reader, const clang::Stmt& jump) const;
  void refuse_jump(Interpreter& reader, const clang::Stmt& jump, const char* word) const;
  void refuse_statement(Interpreter& reader, const clang::Stmt& statement) const;
  void open(Interpreter& reader, int scope, const clang::VarDecl* counter,
            clang::SourceRange range);
  void open_guard(Interpreter& reader, const lambdapack::Condition& condition,
                  clang::SourceRange range);

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

  std::vector<OpenScope> open_;
  std::vector<Loan> lent_;
  int last_loan_ = 0;
  int among_arguments_ = 0;  // of calls of kernels with several
  std::vector<Obligation> obligations_;
  std::map<const clang::Decl*, Word> kernels_;
  std::map<const kernel::Function*, std::string> names_;
};

}  // namespace lambdapack::lpc
