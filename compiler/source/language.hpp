// What the words of lambdapack mean (include/lambdapack/dsl/): each does what it would do while the
// program is traced, to the same Recorder.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "clang/AST/Decl.h"
#include "lambdapack/dsl/recorder.hpp"
#include "lambdapack/error.hpp"
#include "source/meaning.hpp"
#include "source/places.hpp"

namespace lambdapack::lpc {

/// A parameter of a program, as its type says.
struct ParameterKind {
  enum class Kind { array, integer, constant };
  Kind kind = Kind::constant;
  ir::ArrayRole role = ir::ArrayRole::in;
  int rank = 0;
  clang::QualType element;
};

/// What a parameter of this type is in a program.
ParameterKind parameter_kind(clang::QualType type);

/// The class of lambdapack that a type is, if it is one: `InOut`, `detail::Subscript`.
std::string our_class(clang::QualType type);

/// `in`, `out`, `inout` or `in_list`, with the type of the tiles; nothing for a scalar.
std::optional<std::pair<kernel::Role, clang::QualType>> tile_parameter(clang::QualType type);

/// Whether a declaration is of lambdapack, or of `detail` in it.
bool is_ours(const clang::Decl& declaration);

/// A name with the names of the namespaces and classes around it, without template arguments.
std::string plain_name(const clang::NamedDecl& declaration);

class Language : public Meaning {
 public:
  Language(detail::Recorder& recorder, Places& places) : recorder_(recorder), places_(places) {}

  Cell call(Interpreter& reader, const clang::FunctionDecl& function, const clang::Expr& whole,
            std::span<const clang::Expr* const> arguments) override;
  Cell construct(Interpreter& reader, const clang::CXXConstructExpr& whole) override;
  std::optional<Flow> run(Interpreter& reader, const clang::Stmt& statement) override;
  void discard(Interpreter& reader, const clang::Expr& whole, const Value& value) override;
  bool speaks(clang::QualType type) const override;
  bool is_lasting(clang::QualType type) const override;
  std::size_t told() const override { return statements_.size(); }
  void close(int scope) override {
    if (!loops_.empty() && loops_.back() == scope) loops_.pop_back();
    recorder_.close(scope);
  }

  /// The name of an element type in metadata; refuses one that has none.
  std::string element_name(Interpreter& reader, clang::QualType type, const clang::Expr* where);

  /// Puts places and loops' names into the program that was recorded.
  void complete(ir::Program& program) const;

 protected:
  using Arguments = std::span<const clang::Expr* const>;
  struct Words;
  using Handler = Cell (Language::*)(Interpreter&, const clang::FunctionDecl&, const clang::Expr&,
                                     Arguments);
  using Maker = Cell (Language::*)(Interpreter&, const clang::CXXConstructExpr&);

  struct ScopeMark {
    int scope;
    std::string index;
    ir::Location place;
  };

  // Index expressions and conditions.
  Cell binary(Interpreter&, const clang::FunctionDecl&, const clang::Expr&, Arguments);
  Cell negate(Interpreter&, const clang::FunctionDecl&, const clang::Expr&, Arguments);
  Cell function_of(Interpreter&, const clang::FunctionDecl&, const clang::Expr&, Arguments);
  Cell truth_of(Interpreter&, const clang::FunctionDecl&, const clang::Expr&, Arguments);
  // Arrays and tiles.
  Cell extent(Interpreter&, const clang::FunctionDecl&, const clang::Expr&, Arguments);
  Cell tile(Interpreter&, const clang::FunctionDecl&, const clang::Expr&, Arguments);
  Cell temp(Interpreter&, const clang::FunctionDecl&, const clang::Expr&, Arguments);
  Cell extents(Interpreter&, const clang::FunctionDecl&, const clang::Expr&, Arguments);
  Cell unwritten(Interpreter&, const clang::FunctionDecl&, const clang::Expr&, Arguments);
  // Statements.
  Cell range(Interpreter&, const clang::FunctionDecl&, const clang::Expr&, Arguments);
  Cell range_part(Interpreter&, const clang::FunctionDecl&, const clang::Expr&, Arguments);
  Cell when(Interpreter&, const clang::FunctionDecl&, const clang::Expr&, Arguments);
  Cell tie(Interpreter&, const clang::FunctionDecl&, const clang::Expr&, Arguments);
  Cell assign(Interpreter&, const clang::FunctionDecl&, const clang::Expr&, Arguments);
  Cell add(Interpreter&, const clang::FunctionDecl&, const clang::Expr&, Arguments);
  Cell stop_if(Interpreter&, const clang::FunctionDecl&, const clang::Expr&, Arguments);
  // Kernels.
  Cell make_kernel(Interpreter&, const clang::FunctionDecl&, const clang::Expr&, Arguments);
  Cell word(Interpreter&, const clang::FunctionDecl&, const clang::Expr&, Arguments);
  Cell call_kernel(Interpreter&, const clang::FunctionDecl&, const clang::Expr&, Arguments);
  // Objects that are made.
  Cell make_expr(Interpreter&, const clang::CXXConstructExpr&);
  Cell make_array(Interpreter&, const clang::CXXConstructExpr&);
  Cell make_subscript(Interpreter&, const clang::CXXConstructExpr&);
  Cell make_rule(Interpreter&, const clang::CXXConstructExpr&);
  Cell make_range(Interpreter&, const clang::CXXConstructExpr&);
  Cell make_guard(Interpreter&, const clang::CXXConstructExpr&);

  lambdapack::Expr index(Interpreter& reader, const clang::Expr* e);
  /// The same of the value that was found for it.
  lambdapack::Expr index(Interpreter& reader, const Value& found, const clang::Expr* e);
  /// A constant as indices have it.
  std::int64_t small(Interpreter& reader, const llvm::APSInt& number,
                     clang::SourceRange range) const;
  lambdapack::Condition condition(Interpreter& reader, const clang::Expr* e);
  /// What is joined by && is multiplied out: refused where that takes too much.
  lambdapack::Condition both(Interpreter& reader, const lambdapack::Condition& a,
                             const lambdapack::Condition& b, clang::SourceRange range) const;
  lambdapack::Condition opposite(Interpreter& reader, const lambdapack::Condition& condition,
                                 clang::SourceRange range) const;
  ir::Scalar scalar(Interpreter& reader, const clang::Expr* e);
  std::shared_ptr<const kernel::Function> kernel_function(Interpreter& reader, std::string name,
                                                          clang::QualType callable,
                                                          const clang::Expr* where);
  Cell open_guard(Interpreter& reader, const lambdapack::Condition& condition,
                  const clang::Expr& whole);
  void add_statement(std::vector<ir::Access> writes, const Call& call, clang::SourceRange range,
                     bool reduction);

  /// Runs what may throw a program_error, and says that at `where`.
  template <class F>
  auto checked(Interpreter& reader, const clang::Expr& where, const char* otherwise, F f)
      -> decltype(f()) {
    try {
      return f();
    } catch (const program_error& e) {
      refuse_as(reader, where, otherwise, e);
    }
  }
  /// Says what the library says, with its number, or else `otherwise`.
  [[noreturn]] void refuse_as(Interpreter& reader, const clang::Expr& where, const char* otherwise,
                              const program_error& e);

  detail::Recorder& recorder_;
  Places& places_;
  std::map<const clang::FunctionDecl*, Handler> handlers_;
  std::map<const clang::FunctionDecl*, std::shared_ptr<const kernel::Function>> words_;
  std::vector<ScopeMark> scopes_;
  std::vector<int> loops_;  // that are open
  std::vector<ir::Location> statements_;
};

}  // namespace lambdapack::lpc
