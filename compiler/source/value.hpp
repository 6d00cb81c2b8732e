// What an expression is worth while a program is read: C++ values as far as they are known, and
// what the words of the language stand for.
#pragma once

#include <complex>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "clang/AST/DeclCXX.h"
#include "lambdapack/dsl/expr.hpp"
#include "lambdapack/dsl/range.hpp"
#include "lambdapack/kernel/function.hpp"
#include "llvm/ADT/APSInt.h"
#include "source/symbolic.hpp"

namespace lambdapack::lpc {

struct Value;

/// Where a value is kept: what a variable names, and what a reference shares.
using Cell = std::shared_ptr<Value>;

/// No value: what a function of type void returns.
struct Nothing {};

/// A value that is not known since something was wrong with it, and that was said.
struct Lost {};

/// A value that exists only when the user's program runs. `why` says so: "the value of x, which is
/// not const, ..."
struct Unknown {
  std::string why;
};

/// An object of a class of the user's, or a closure.
struct Object {
  const clang::CXXRecordDecl* type = nullptr;
  std::map<const clang::FieldDecl*, Cell> fields;
  std::map<const clang::CXXRecordDecl*, Cell> bases;
};

/// A number that no other contents have.
std::int64_t new_store();

/// The elements of a C array, or of a sequence of the standard library.
struct Elements {
  std::vector<Cell> cells;
  std::int64_t store = new_store();  ///< of the contents, which a move takes along
};

/// The address of `array`'s element `index`, or of `target` if there is no array; or null.
struct Pointer {
  Cell target;
  Cell array;
  std::int64_t index = 0;
  std::int64_t store = 0;  ///< of the contents that it is an address in

  Pointer moved_by(std::int64_t elements) const { return {target, array, index + elements, store}; }
};

/// The address of an element of an array that has elements now.
Pointer element_of(const Cell& array, std::int64_t index);

/// A function by its address.
struct Address {
  const clang::FunctionDecl* function = nullptr;
};

/// An array of the program.
struct Array {
  int id = 0;
  /// Indices before a tile's own: the counters of the loops that make the array anew in each round.
  std::vector<ir::Expr> rounds = {};
};
/// One index of a tile or a run.
struct Subscript {
  ir::Subscript value;
};
/// `A(i, j)`, or a run of tiles.
struct Tile {
  ir::Access access;
  int loan = 0;  ///< which evaluation of `A(i, j)` made it, in a function over lp::Tiles
};
/// A kernel, which `lp::make_kernel` made.
struct Word {
  std::shared_ptr<const kernel::Function> function;
  std::string shapes = {};  ///< as ir::Kernel has them
};
/// A call of a kernel that is still to be assigned; an update leaves out the tile it is added to.
struct Call {
  std::shared_ptr<const kernel::Function> function;
  int kernel = 0;
  std::vector<ir::Access> reads;
  std::vector<ir::Scalar> scalars;
  bool update = false;
};
/// `lp::tie(...)`.
struct Tie {
  std::vector<ir::Access> tiles;
};
/// `lp::extents(...)`.
struct Extents {
  std::vector<lambdapack::Expr> sizes;
};
/// What unwritten tiles hold: what a kernel makes, or zero if there is none.
struct Rule {
  std::shared_ptr<const kernel::Function> kernel;
};
/// A guard that is open.
struct OpenGuard {
  int scope = -1;
};

/// When a value was made; it keeps that when another is put in its place.
class Birth {
 public:
  Birth() = default;
  Birth(const Birth&) : time_(now()) {}
  Birth& operator=(const Birth&) { return *this; }

  std::int64_t time() const { return time_; }
  bool is_oldest() const { return time_ == 0; }
  void be_oldest() { time_ = 0; }
  void be_newest() { time_ = now(); }
  static std::int64_t now() {
    thread_local std::int64_t clock = 0;
    return ++clock;
  }

 private:
  std::int64_t time_ = now();
};

struct Value : std::variant<Nothing, Lost, Unknown, llvm::APSInt, double, std::complex<double>,
                            std::string, Object, Elements, Pointer, Address, lambdapack::Expr,
                            lambdapack::Condition, lambdapack::Range, Extreme, Array, Subscript,
                            Tile, Word, Call, Tie, Extents, Rule, OpenGuard> {
  using variant::variant;

  Birth birth;

  template <class T>
  const T* as() const {
    return std::get_if<T>(this);
  }
  template <class T>
  T* as() {
    return std::get_if<T>(this);
  }
};

/// Whether it is an index or a condition on indices, which only a Meaning can compute with.
inline bool is_symbolic(const Value& value) {
  return value.as<lambdapack::Expr>() || value.as<lambdapack::Condition>() || value.as<Extreme>();
}

/// A new cell that holds the value.
inline Cell cell(Value value) { return std::make_shared<Value>(std::move(value)); }

/// An integer as C++ has it: 64 bits and a sign unless said otherwise.
inline Value integer(std::int64_t value, unsigned bits = 64, bool is_unsigned = false) {
  llvm::APSInt number(bits, is_unsigned);
  number = llvm::APInt(bits, static_cast<std::uint64_t>(value), !is_unsigned);
  number.setIsUnsigned(is_unsigned);
  return number;
}

inline Value truth(bool value) { return llvm::APSInt(llvm::APInt(1, value ? 1 : 0), true); }

/// Calls `f` with each cell that is a part of an object itself: what its base classes and its
/// members hold that are no references, and its elements.
template <class V, class F>
void for_each_part(V& value, F f) {
  if (auto* object = value.template as<Object>()) {
    for (auto& [member, part] : object->fields)
      if (!member->getType()->isReferenceType()) f(part);
    for (auto& [base, part] : object->bases) f(part);
  }
  if (auto* elements = value.template as<Elements>())
    for (auto& element : elements->cells) f(element);
}

/// A copy that shares nothing but what references name.
Value copy(const Value& value);

/// Puts a value in a place. What names a part of the object there names the same part of the new.
void put(Value& place, Value value);

/// Whether a part of an object is the address of another part, or a reference to one.
bool holds_itself(const Cell& whole);

}  // namespace lambdapack::lpc
