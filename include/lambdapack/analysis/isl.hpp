// isl behind one wall: owners for its objects, a context with a budget, and errors as exceptions.
// Nothing outside analysis/ includes isl.
#pragma once

#include <isl/aff.h>
#include <isl/ast.h>
#include <isl/ast_build.h>
#include <isl/constraint.h>
#include <isl/ctx.h>
#include <isl/flow.h>
#include <isl/id.h>
#include <isl/ilp.h>
#include <isl/local_space.h>
#include <isl/map.h>
#include <isl/options.h>
#include <isl/point.h>
#include <isl/set.h>
#include <isl/space.h>
#include <isl/union_map.h>
#include <isl/union_set.h>
#include <isl/val.h>

#include <cstdlib>
#include <string>
#include <utility>

#include "lambdapack/codes.hpp"
#include "lambdapack/error.hpp"

namespace lambdapack::analysis::isl {

/// An isl_ctx that counts operations and gives up when the budget is spent.
class Context {
 public:
  explicit Context(unsigned long max_operations) : ctx_(isl_ctx_alloc()) {
    isl_options_set_on_error(ctx_, ISL_ON_ERROR_CONTINUE);
    isl_ctx_set_max_operations(ctx_, max_operations);
  }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { isl_ctx_free(ctx_); }

  isl_ctx* get() const { return ctx_; }

  /// A fresh budget for what comes next.
  void grant(unsigned long max_operations) const {
    isl_ctx_reset_operations(ctx_);
    isl_ctx_set_max_operations(ctx_, max_operations);
  }

 private:
  isl_ctx* ctx_;
};

/// The budget of isl operations is used up.
class BudgetSpent : public program_error {
 public:
  using program_error::program_error;
};

/// While this lives, the context's budget is not enforced.
class WithoutBudget {
 public:
  explicit WithoutBudget(isl_ctx* ctx) : ctx_(ctx), budget_(isl_ctx_get_max_operations(ctx)) {
    isl_ctx_set_max_operations(ctx_, 0);
  }
  WithoutBudget(const WithoutBudget&) = delete;
  WithoutBudget& operator=(const WithoutBudget&) = delete;
  ~WithoutBudget() { isl_ctx_set_max_operations(ctx_, budget_); }

 private:
  isl_ctx* ctx_;
  unsigned long budget_;
};

/// While this lives, there is another budget; then there is again the one before, unspent.
class WithBudget {
 public:
  WithBudget(isl_ctx* ctx, unsigned long max_operations)
      : ctx_(ctx), budget_(isl_ctx_get_max_operations(ctx)) {
    isl_ctx_reset_operations(ctx_);
    isl_ctx_set_max_operations(ctx_, max_operations);
  }
  WithBudget(const WithBudget&) = delete;
  WithBudget& operator=(const WithBudget&) = delete;
  ~WithBudget() {
    isl_ctx_reset_operations(ctx_);
    isl_ctx_reset_error(ctx_);
    isl_ctx_set_max_operations(ctx_, budget_);
  }

 private:
  isl_ctx* ctx_;
  unsigned long budget_;
};

/// Throws what the context's last error means. isl's parser reports a spent budget as a syntax
/// error; what it is given here is generated, and has none.
[[noreturn]] inline void fail(isl_ctx* ctx) {
  const char* said = ctx != nullptr ? isl_ctx_last_error_msg(ctx) : nullptr;
  const std::string message = said != nullptr ? said : "unknown error";
  if ((ctx != nullptr && isl_ctx_last_error(ctx) == isl_error_quota) || message == "syntax error")
    throw BudgetSpent(
        "lambdapack: the analysis used up its budget of isl operations; simplify the index "
        "expressions or guards (lambdapack::analysis::analyse can be given a larger budget)",
        codes::too_large);
  throw internal_error("isl: " + message);
}

/// The result of f. isl goes on when its budget is spent, and has no answers from then on: what
/// comes of that, a result or a failure, is not to be believed, and BudgetSpent is thrown instead.
template <class F>
auto within_budget(isl_ctx* ctx, F&& f) {
  const auto spent = [&] { return isl_ctx_last_error(ctx) == isl_error_quota; };
  try {
    auto result = f();
    if (!spent()) return result;
  } catch (const internal_error&) {
    if (!spent()) throw;
  }
  fail(ctx);
}

/// Owner of an isl object. `copy()` gives away a reference, for isl's __isl_take parameters;
/// `get()` lends one, for __isl_keep.
template <class T, T* (*Copy)(T*), T* (*Free)(T*), isl_ctx* (*Ctx)(T*)>
class Owner {
 public:
  Owner() = default;

  /// Takes over what an isl function returned; throws if it is null.
  Owner(isl_ctx* ctx, T* object) : object_(object) {
    if (object_ == nullptr) fail(ctx);
  }
  Owner(const Owner& other) : object_(Copy(other.object_)) {}
  Owner(Owner&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Owner& operator=(Owner other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~Owner() { Free(object_); }

  T* get() const { return object_; }
  T* copy() const { return Copy(object_); }
  isl_ctx* ctx() const { return Ctx(object_); }
  explicit operator bool() const { return object_ != nullptr; }

 private:
  T* object_ = nullptr;
};

using Set = Owner<isl_set, isl_set_copy, isl_set_free, isl_set_get_ctx>;
using BasicSet =
    Owner<isl_basic_set, isl_basic_set_copy, isl_basic_set_free, isl_basic_set_get_ctx>;
using Map = Owner<isl_map, isl_map_copy, isl_map_free, isl_map_get_ctx>;
using UnionMap =
    Owner<isl_union_map, isl_union_map_copy, isl_union_map_free, isl_union_map_get_ctx>;
using UnionSet =
    Owner<isl_union_set, isl_union_set_copy, isl_union_set_free, isl_union_set_get_ctx>;
using AstNode = Owner<isl_ast_node, isl_ast_node_copy, isl_ast_node_free, isl_ast_node_get_ctx>;
using AstExpr = Owner<isl_ast_expr, isl_ast_expr_copy, isl_ast_expr_free, isl_ast_expr_get_ctx>;
using AstBuild =
    Owner<isl_ast_build, isl_ast_build_copy, isl_ast_build_free, isl_ast_build_get_ctx>;
using PwAff = Owner<isl_pw_aff, isl_pw_aff_copy, isl_pw_aff_free, isl_pw_aff_get_ctx>;
using Aff = Owner<isl_aff, isl_aff_copy, isl_aff_free, isl_aff_get_ctx>;

inline Set read_set(const Context& c, const std::string& text) {
  return Set(c.get(), isl_set_read_from_str(c.get(), text.c_str()));
}
inline Map read_map(const Context& c, const std::string& text) {
  return Map(c.get(), isl_map_read_from_str(c.get(), text.c_str()));
}

/// The C string as a std::string; frees it.
inline std::string take_string(char* text) {
  std::string s = text != nullptr ? text : "";
  std::free(text);
  return s;
}

inline bool is_empty(const Set& s) { return isl_set_is_empty(s.get()) == isl_bool_true; }
inline bool is_empty(const Map& m) { return isl_map_is_empty(m.get()) == isl_bool_true; }

/// The answer to a yes-or-no question; throws if isl has none.
inline bool decide(isl_ctx* ctx, isl_bool answer) {
  if (answer == isl_bool_error) fail(ctx);
  return answer == isl_bool_true;
}

/// The value as a 64-bit integer; throws program_error if it is larger.
inline std::int64_t take_integer(isl_ctx* ctx, isl_val* v) {
  if (v == nullptr) fail(ctx);
  const bool fits = isl_val_is_int(v) == isl_bool_true && isl_val_n_abs_num_chunks(v, 8) <= 1;
  const std::int64_t value = fits ? isl_val_get_num_si(v) : 0;
  isl_val_free(v);
  if (!fits)
    throw program_error("lambdapack: a constant in an index expression exceeds 64 bits",
                        codes::too_large);
  return value;
}

/// Calls f(Map) for each map of a union; an exception in f ends the walk and goes on to the caller.
template <class F>
void for_each_map(const UnionMap& u, F&& f) {
  isl_map_list* list = isl_union_map_get_map_list(u.get());
  if (list == nullptr) fail(u.ctx());
  struct Free {
    isl_map_list* list;
    ~Free() { isl_map_list_free(list); }
  } const free{list};
  const int n = isl_map_list_n_map(list);
  for (int k = 0; k < n; ++k) f(Map(u.ctx(), isl_map_list_get_map(list, k)));
}

/// Calls f(isl_constraint*) for each constraint of a convex set, which goes on owning it.
template <class F>
void for_each_constraint(const BasicSet& set, F&& f) {
  struct List {
    isl_constraint_list* list;
    ~List() { isl_constraint_list_free(list); }
  } const constraints{isl_basic_set_get_constraint_list(set.get())};
  if (constraints.list == nullptr) fail(set.ctx());
  struct Constraint {
    isl_constraint* constraint;
    ~Constraint() { isl_constraint_free(constraint); }
  };
  for (int k = 0; k < isl_constraint_list_n_constraint(constraints.list); ++k) {
    const Constraint c{isl_constraint_list_get_constraint(constraints.list, k)};
    f(c.constraint);
  }
}

/// Calls f(Set) for each of some disjoint convex pieces that make up the set.
template <class F>
void for_each_piece(const Set& set, F&& f) {
  const Set pieces(set.ctx(), isl_set_make_disjoint(isl_set_coalesce(set.copy())));
  isl_basic_set_list* list = isl_set_get_basic_set_list(pieces.get());
  if (list == nullptr) fail(set.ctx());
  struct Free {
    isl_basic_set_list* list;
    ~Free() { isl_basic_set_list_free(list); }
  } const free{list};
  const int n = isl_basic_set_list_n_basic_set(list);
  for (int k = 0; k < n; ++k)
    f(Set(set.ctx(), isl_set_from_basic_set(isl_basic_set_list_get_basic_set(list, k))));
}

}  // namespace lambdapack::analysis::isl
